//! The words of a note around its evidence, bounded in bytes.

use serde::{Deserialize, Serialize};

use crate::text::Span;

/// Bytes of context on either side of evidence.
const CONTEXT: usize = 90;

/// Passages no further apart than this are one.
const APART: usize = 24;

/// The most bytes of all passages of a note.
const PASSAGE_BYTES: usize = 1_500;

/// Words of a note, and the evidence in them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// Where the words begin, in bytes of the note.
    pub start: u32,
    /// The words, as they stand in the note.
    pub text: String,
    /// The evidence, in bytes of the note, in order and apart.
    pub marks: Vec<Span>,
}

/// The passages around `evidence`, in the order of the note, as many as there is room for. Spans that are no words of
/// the note are left out.
pub(super) fn passages(note: &str, mut evidence: Vec<Span>) -> Vec<Passage> {
    evidence.retain(|span| !span.of(note).is_empty());
    evidence.sort_unstable();
    let mut windows: Vec<Window> = Vec::new();
    let mut bytes = 0;
    for span in evidence {
        let Span { start, end } = around(note, span);
        match windows.last_mut() {
            Some(last) if (start as usize) <= last.shown.end as usize + APART => {
                let grown = last.shown.union(Span::new(last.shown.start, end));
                bytes += (grown.len() - last.shown.len()) as usize;
                if bytes > PASSAGE_BYTES {
                    break;
                }
                last.shown = grown;
                last.mark(span);
            }
            _ => {
                bytes += (end - start) as usize;
                if bytes > PASSAGE_BYTES {
                    break;
                }
                windows.push(Window { shown: Span::new(start, end), marks: vec![span] });
            }
        }
    }
    windows.into_iter().map(|window| window.passage(note)).collect()
}

/// A stretch of the note, and the evidence in it.
struct Window {
    shown: Span,
    marks: Vec<Span>,
}

impl Window {
    /// Marks evidence that begins no earlier than what is marked already.
    fn mark(&mut self, span: Span) {
        match self.marks.last_mut() {
            Some(last) if span.start < last.end => *last = last.union(span),
            _ => self.marks.push(span),
        }
    }

    fn passage(self, note: &str) -> Passage {
        Passage { start: self.shown.start, text: self.shown.of(note).to_owned(), marks: self.marks }
    }
}

/// The stretch around evidence: up to [`CONTEXT`] bytes on each side, cut at a blank where there is one.
fn around(note: &str, span: Span) -> Span {
    let (start, end) = (span.start as usize, span.end as usize);
    let first = note.ceil_char_boundary(start.saturating_sub(CONTEXT));
    let last = note.floor_char_boundary((end + CONTEXT).min(note.len()));
    let before = note.get(first..start).unwrap_or_default();
    let after = note.get(end..last).unwrap_or_default();
    let skipped = if first == 0 { Some(0) } else { before.find(char::is_whitespace) };
    let kept = if last == note.len() { Some(after.len()) } else { after.rfind(char::is_whitespace) };
    let skipped = skipped.map_or(0, |at| before.len() - before[at..].trim_start().len());
    let kept = after[..kept.unwrap_or(after.len())].trim_end().len();
    Span::new((first + skipped) as u32, (end + kept) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(note: &str, words: &[&str]) -> Vec<(String, Vec<String>)> {
        let span = |word: &&str| {
            let at = note.find(word).unwrap() as u32;
            Span::new(at, at + word.len() as u32)
        };
        let passages = passages(note, words.iter().map(span).collect());
        let marked = |p: &Passage| p.marks.iter().map(|mark| mark.of(note).to_owned()).collect();
        passages.iter().map(|p| (p.text.clone(), marked(p))).collect()
    }

    #[test]
    fn a_short_note_is_one_passage() {
        let note = "  L4-5: narrowing\r\nof the foramen ";
        let marks = vec!["L4-5".to_owned(), "foramen".to_owned()];
        assert_eq!(of(note, &["foramen", "L4-5"]), [(note.trim().to_owned(), marks)]);
    }

    #[test]
    fn far_evidence_has_a_passage_of_its_own_cut_between_words() {
        let filler = "lorem ipsum ".repeat(30);
        let note = format!("{filler}left {filler}right {filler}");
        let found = of(&note, &["right", "left"]);
        assert_eq!(found.len(), 2);
        for ((text, marks), word) in found.iter().zip(["left", "right"]) {
            assert_eq!(marks, &[word]);
            assert!(text.starts_with("lorem ") || text.starts_with("ipsum "), "{text}");
            assert!(text.ends_with(" lorem") || text.ends_with(" ipsum"), "{text}");
            assert!(text.len() <= 2 * CONTEXT + word.len());
        }
    }

    #[test]
    fn evidence_that_overlaps_is_marked_once() {
        let found = of("the foraminal stenosis", &["foraminal", "foraminal stenosis", "nal stenosis"]);
        assert_eq!(found[0].1, ["foraminal stenosis"]);
    }

    proptest::proptest! {
        #[test]
        fn passages_are_bounded_and_marks_lie_in_them(
            note in "[a-cé \\n骨]{0,3000}", ranges in proptest::collection::vec((0..9000_u32, 0..200_u32), 0..60),
        ) {
            let spans = ranges.iter().map(|&(at, len)| Span::new(at, at + len)).collect();
            let passages = passages(&note, spans);
            proptest::prop_assert!(passages.iter().map(|p| p.text.len()).sum::<usize>() <= PASSAGE_BYTES);
            let mut last = 0;
            for passage in &passages {
                let whole = Span::new(passage.start, passage.start + passage.text.len() as u32);
                proptest::prop_assert_eq!(whole.of(&note), &passage.text);
                for &mark in &passage.marks {
                    proptest::prop_assert!(whole.contains(mark) && last <= mark.start && !mark.is_empty());
                    last = mark.end;
                }
            }
        }
    }
}
