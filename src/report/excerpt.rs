//! The lines of a note around its evidence, short enough to be shown.
//!
//! A long line (notes of one line run to many kilobytes) is cut to windows around its evidence, with `…` for what
//! is left out; everything else is shown as it stands. Characters are what a reader takes for one (grapheme clusters),
//! so that no cut parts a letter from its accents.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::text::{LineIndex, Span};

/// Least characters of context on either side of evidence in a line that is cut.
const LEAST_CONTEXT: usize = 16;

/// Stands for what is left out.
const ELLIPSIS: &str = " … ";

/// Some lines of a note, and where the evidence stands in them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// The lines, each ended by a line feed.
    pub(super) text: String,
    /// Number of the first line in the note, from 1.
    pub(super) first_line: u32,
    /// The pieces of evidence that lie within one line each: index of the span, and bytes of `text`.
    pub(super) pieces: Vec<(usize, Range<usize>)>,
}

/// The lines from the first of `spans` to the last. Spans that are not stretches of the note are left out; one that
/// runs over a line end becomes a piece for each line. Lines of more than `width` characters are cut.
pub(super) fn excerpt(note: &str, index: &LineIndex<'_>, spans: &[Span], width: usize) -> Excerpt {
    let pieces = pieces(note, index, spans);
    let lines = pieces.iter().map(|p| p.line);
    let (Some(first), Some(last)) = (lines.clone().min(), lines.max()) else { return Excerpt::default() };
    let mut excerpt = Excerpt { first_line: first, ..Excerpt::default() };
    for number in first..=last {
        let line = index.line(number);
        let here: Vec<&Piece> = pieces.iter().filter(|p| p.line == number).collect();
        let windows = windows(line, &here, width);
        for (nth, window) in windows.iter().enumerate() {
            match (nth, window.start) {
                (0, 0) => {}
                (0, _) => excerpt.text.push_str(ELLIPSIS.trim_start()),
                _ => excerpt.text.push_str(ELLIPSIS),
            }
            excerpt.append(line, window, &here);
        }
        if windows.last().is_some_and(|window| window.end < line.len()) {
            excerpt.text.push_str(ELLIPSIS.trim_end());
        }
        excerpt.text.push('\n');
    }
    excerpt
}

impl Excerpt {
    /// Number of the last line in the note, from 1.
    pub(super) fn last_line(&self) -> u32 {
        self.first_line + (self.text.matches('\n').count() as u32).saturating_sub(1)
    }

    /// Appends a window of `line` with the pieces in it.
    fn append(&mut self, line: &str, window: &Range<usize>, pieces: &[&Piece]) {
        let at = self.text.len();
        self.text.push_str(line.get(window.clone()).unwrap_or_default());
        for piece in pieces.iter().filter(|p| window.start <= p.bytes.start && p.bytes.end <= window.end) {
            let shifted = |byte: usize| at + byte - window.start;
            self.pieces.push((piece.span, shifted(piece.bytes.start)..shifted(piece.bytes.end)));
        }
    }
}

/// The part of a span that lies in one line.
struct Piece {
    /// Index of the span.
    span: usize,
    /// The line, from 1.
    line: u32,
    /// Bytes of the line.
    bytes: Range<usize>,
}

fn pieces(note: &str, index: &LineIndex<'_>, spans: &[Span]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (number, &span) in spans.iter().enumerate() {
        if span.is_empty() || note.get(span.range()).is_none() {
            continue;
        }
        let (first, last) = (index.line_column(span.start).line, index.line_column(span.end - 1).line);
        for line in first..=last {
            let (at, text) = (index.start(line), index.line(line));
            let indent = text.len() - text.trim_start().len();
            let start = if line == first { (span.start - at) as usize } else { indent };
            let end = ((span.end - at) as usize).min(text.len());
            if start < end {
                pieces.push(Piece { span: number, line, bytes: start..end });
            }
        }
    }
    pieces
}

/// The stretches of a line to show: all of it, or the surroundings of its pieces, in order and apart. Together
/// they have about `width` characters, more only where the pieces themselves are many.
fn windows(line: &str, pieces: &[&Piece], width: usize) -> Vec<Range<usize>> {
    if line.graphemes(true).nth(width).is_none() {
        return std::iter::once(0..line.len()).collect();
    }
    if pieces.is_empty() {
        return std::iter::once(0..after(line, 0, width)).collect();
    }
    let evidence: usize = pieces.iter().map(|p| p.bytes.len() + 2 * ELLIPSIS.len()).sum();
    let context = (width.saturating_sub(evidence) / (2 * pieces.len())).max(LEAST_CONTEXT);
    let around = |p: &&Piece| before(line, p.bytes.start, context)..after(line, p.bytes.end, context);
    let mut around: Vec<Range<usize>> = pieces.iter().map(around).collect();
    around.sort_unstable_by_key(|r| (r.start, r.end));
    let mut windows: Vec<Range<usize>> = Vec::new();
    for next in around {
        match windows.last_mut() {
            Some(last) if next.start <= last.end + ELLIPSIS.len() => last.end = last.end.max(next.end),
            _ => windows.push(next),
        }
    }
    windows
}

/// Start of the first word that begins at most `context` characters before `byte`.
fn before(line: &str, byte: usize, context: usize) -> usize {
    let left = line.get(..byte).unwrap_or_default();
    match left.grapheme_indices(true).rev().nth(context) {
        None => 0,
        Some((cut, _)) => left[cut..].find(' ').map_or(cut, |blank| cut + blank + 1),
    }
}

/// End of the last word that ends at most `context` characters after `byte`.
fn after(line: &str, byte: usize, context: usize) -> usize {
    let right = line.get(byte..).unwrap_or_default();
    match right.grapheme_indices(true).nth(context) {
        None => line.len(),
        Some((cut, _)) => byte + right[..cut].rfind(' ').unwrap_or(cut),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::sample::evidence;

    fn shown(note: &str, pieces: &[&str], width: usize) -> (Excerpt, Vec<String>) {
        let spans: Vec<Span> = evidence(note, pieces).iter().map(|e| e.span).collect();
        let excerpt = excerpt(note, &LineIndex::new(note), &spans, width);
        let words = excerpt.pieces.iter().map(|(_, bytes)| excerpt.text[bytes.clone()].to_owned()).collect();
        (excerpt, words)
    }

    #[test]
    fn short_lines_are_shown_as_they_stand() {
        let (excerpt, words) =
            shown("a\n  L4-5: mild\r\nx\nnarrow y\nz", &["anchor narrow", "level L4-5"], 40);
        assert_eq!(excerpt.text, "  L4-5: mild\nx\nnarrow y\n");
        assert_eq!((excerpt.first_line, excerpt.last_line()), (2, 4));
        assert_eq!(words, ["L4-5", "narrow"]);
    }

    #[test]
    fn long_lines_are_cut_around_their_evidence() {
        let filler = "lorem ipsum ".repeat(30);
        let note = format!("{filler}left {filler}right {filler}");
        let (excerpt, words) = shown(&note, &["side left", "side right"], 100);
        assert_eq!(excerpt.text, "… lorem ipsum left lorem ipsum … lorem ipsum right lorem ipsum …\n");
        assert_eq!(words, ["left", "right"]);
    }

    #[test]
    fn a_cut_parts_no_letter_from_its_accents() {
        let letter = "e\u{323}\u{301}";
        let filler = letter.repeat(60);
        let (excerpt, _) = shown(&format!("{filler}left{filler}"), &["side left"], 40);
        assert_eq!(excerpt.text, format!("… {0}e\u{323}\u{301}left{0} …\n", letter.repeat(16)));
    }

    #[test]
    fn evidence_over_a_line_end_is_a_piece_in_each_line() {
        let (excerpt, words) =
            shown("of the foraminal\n   stenosis, mild", &["anchor foraminal\n   stenosis"], 40);
        assert_eq!(words, ["foraminal", "stenosis"]);
        assert_eq!(excerpt.pieces.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [0, 0]);
    }

    proptest::proptest! {
        #[test]
        fn pieces_are_the_notes_own_words(
            note in "[a-cé \\n\\r…骨]{0,200}", ranges in proptest::collection::vec((0..400_u32, 1..9_u32), 0..4),
            width in 1..60_usize,
        ) {
            let spans: Vec<Span> = ranges.iter().map(|&(at, len)| Span::new(at, at + len)).collect();
            let index = LineIndex::new(&note);
            let excerpt = excerpt(&note, &index, &spans, width);
            for (at, bytes) in &excerpt.pieces {
                let words = &excerpt.text[bytes.clone()];
                proptest::prop_assert!(spans[*at].of(&note).contains(words));
                proptest::prop_assert!(!words.is_empty());
            }
        }
    }
}
