//! The folded view of a note, which all matching reads.
//!
//! Lower case; one blank for every run of white space, line ends among them; plain dashes and quotes;
//! ligatures and full-width forms spelt out; a dash between two letters is a blank ("disc-osteophyte"), a
//! word broken by a dash at a line end is whole again. A map leads every place back to the note.
//!
//! ```
//! use foramen::text::{FoldSpan, Folded};
//! let folded = Folded::new("Neural\u{a0} FORAMINA – patent");
//! assert_eq!(folded.text(), "neural foramina - patent");
//! assert_eq!(folded.note_text(FoldSpan::new(7, 15)), "FORAMINA");
//! ```

use std::borrow::Cow;

use super::folder::fold;
use super::{FoldSpan, Span};

/// A place where a line of the note ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Break {
    /// Where the next line's first character stands in the folded view.
    pub next: u32,
    /// Whether one or more empty lines lie between.
    pub blank_line: bool,
    /// White space before the next line's first character, in characters.
    pub indent: u16,
    /// Length of the line that ends, in bytes of the note.
    pub line_length: u32,
    /// Whether a broken word was joined here.
    pub joined: bool,
}

/// A note and its folded view.
#[derive(Clone, Debug)]
pub struct Folded<'n> {
    note: Cow<'n, str>,
    text: String,
    /// Places where the distance between view and note changes: (offset in the view, offset in the note).
    map: Vec<(u32, u32)>,
    /// For each stretch of [`STRETCH`] bytes of the view, the last place of the map at or before its start.
    index: Vec<u32>,
    breaks: Vec<Break>,
}

/// Bytes of the view for which the map is looked up once.
const STRETCH: u32 = 64;

/// The index of a map over a view of `length` bytes.
fn index(map: &[(u32, u32)], length: usize) -> Vec<u32> {
    let mut index = Vec::with_capacity(length / STRETCH as usize + 1);
    let mut place = 0;
    for start in (0..=length as u32).step_by(STRETCH as usize) {
        while map.get(place + 1).is_some_and(|&(view, _)| view <= start) {
            place += 1;
        }
        index.push(place as u32);
    }
    index
}

impl<'n> Folded<'n> {
    /// Folds a note of less than 4 GiB.
    pub fn new(note: impl Into<Cow<'n, str>>) -> Self {
        let note = note.into();
        let (out, map, breaks) = fold(&note);
        // Every branch writes whole characters, so this cannot fail; an empty view is the safe answer.
        let text = String::from_utf8(out).unwrap_or_default();
        let index = index(&map, text.len());
        Self { note, text, map, index, breaks }
    }

    /// A view with `replacements` (place in this view, new words) made, in order and apart from each other;
    /// every place still leads back to the same words of the note.
    #[must_use]
    pub fn with_replacements(&self, replacements: &[(FoldSpan, &str)]) -> Self {
        let mut text = String::with_capacity(self.text.len() + 8);
        let mut map = Vec::with_capacity(self.map.len() + 2 * replacements.len());
        let mut breaks = self.breaks.clone();
        let mut first_break = 0;
        let mut done = 0;
        let mut points = self.map.iter().copied().peekable();
        // How far the view has moved by now; it wraps where words became shorter.
        let mut shift = 0_u32;
        let moved = |at: u32, shift: u32| at.wrapping_add(shift);
        for &(span, words) in replacements {
            while let Some(b) = breaks.get_mut(first_break).filter(|b| b.next <= span.start) {
                b.next = moved(b.next, shift);
                first_break += 1;
            }
            while let Some(&(view, note)) = points.peek() {
                if view > span.start {
                    break;
                }
                map.push((moved(view, shift), note));
                points.next();
            }
            while points.next_if(|&(view, _)| view < span.end).is_some() {}
            text.push_str(&self.text[done..span.start as usize]);
            let start = self.note_offset(span.start);
            // Every byte of the new words stands for the first of the old, so that no place inside them
            // leads beyond.
            map.extend((0..words.len() as u32).map(|i| (text.len() as u32 + i, start)));
            text.push_str(words);
            shift = (text.len() as u32).wrapping_sub(span.end);
            map.push((text.len() as u32, self.note_offset(span.end)));
            done = span.end as usize;
        }
        for b in &mut breaks[first_break..] {
            b.next = moved(b.next, shift);
        }
        map.extend(points.map(|(view, note)| (view.wrapping_add(shift), note)));
        text.push_str(&self.text[done..]);
        let index = index(&map, text.len());
        Self { note: self.note.clone(), text, map, index, breaks }
    }

    /// The folded view.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The view as bytes.
    pub fn bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// The note as it came in.
    pub fn note(&self) -> &str {
        &self.note
    }

    /// The line ends, in order.
    pub fn breaks(&self) -> &[Break] {
        &self.breaks
    }

    /// The folded words at a place of the view.
    pub fn slice(&self, span: FoldSpan) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// The words of the note at a place of the view.
    pub fn note_text(&self, span: FoldSpan) -> &str {
        self.to_note(span).of(&self.note)
    }

    /// Where a place of the view stands in the note, widened to whole characters.
    pub fn to_note(&self, span: FoldSpan) -> Span {
        let mut start = self.note_offset(span.start).min(self.note.len() as u32);
        while !self.note.is_char_boundary(start as usize) {
            start -= 1;
        }
        let mut end = self.note_offset(span.end).min(self.note.len() as u32);
        while !self.note.is_char_boundary(end as usize) {
            end += 1;
        }
        Span::new(start, end.max(start))
    }

    /// Where a place of the note stands in the view.
    pub fn to_view(&self, span: Span) -> FoldSpan {
        // Offsets of the note rise with those of the view, so that the first to reach one can be searched for.
        let reaching = |note: u32| {
            let (mut low, mut high) = (0, self.text.len() as u32);
            while low < high {
                let middle = low + (high - low) / 2;
                if self.note_offset(middle) >= note { high = middle } else { low = middle + 1 }
            }
            low
        };
        FoldSpan::new(reaching(span.start), reaching(span.end))
    }

    /// The note offset of one offset of the view.
    pub fn note_offset(&self, at: u32) -> u32 {
        let stretch = (at / STRETCH) as usize;
        let mut place = self.index.get(stretch).or(self.index.last()).map_or(0, |&place| place as usize);
        while self.map.get(place + 1).is_some_and(|&(view, _)| view <= at) {
            place += 1;
        }
        let (view, note) = self.map[place];
        note + (at - view)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(note: &str) -> String {
        Folded::new(note).text().to_owned()
    }

    #[test]
    fn case_blanks_and_dashes() {
        let cases = [
            ("L4\u{2013}L5", "l4-l5"),
            ("Disc-Osteophyte  complex", "disc osteophyte complex"),
            ("  lead\r\n\r\n trail  ", "lead trail"),
            ("moder-\nately", "moderately"),
            ("MODER-\nATELY", "moderately"),
            ("mild-\nto-moderate", "mild- to moderate"),
            ("L4-\nL5", "l4- l5"),
            ("patient\u{2019}s", "patient's"),
            ("a\u{200b}b\u{ad}c\u{feff}", "abc"),
            (" \n ", ""),
        ];
        for (note, folded) in cases {
            assert_eq!(view(note), folded, "{note:?}");
        }
    }

    #[test]
    fn places_lead_back_to_the_note() {
        let note = "Ｌ４\u{2013}L5:  ﬁne\n\nneuro\u{a0}\u{a0}foramen \u{2265} moder-\n  ately";
        let folded = Folded::new(note);
        for (word, original) in [
            ("l4-l5", "Ｌ４\u{2013}L5"),
            ("fine", "ﬁne"),
            ("neuro foramen", "neuro\u{a0}\u{a0}foramen"),
            (">=", "\u{2265}"),
            ("moderately", "moder-\n  ately"),
        ] {
            let start = folded.text().find(word).unwrap() as u32;
            let span = FoldSpan::new(start, start + word.len() as u32);
            assert_eq!(folded.note_text(span), original);
            assert_eq!(folded.to_view(folded.to_note(span)), span);
        }
    }

    #[test]
    fn breaks_tell_lines_from_paragraphs() {
        let folded = Folded::new("a\n  b\n\nc");
        let breaks = folded.breaks().iter().map(|b| (b.next, b.blank_line, b.indent));
        assert!(breaks.eq([(2, false, 2), (4, true, 0)]));
    }

    #[test]
    fn replaced_words_lead_to_the_words_they_replace() {
        let folded = Folded::new("the  thercal sac,\nnerev roots");
        let mended =
            folded.with_replacements(&[(FoldSpan::new(4, 11), "thecal"), (FoldSpan::new(17, 22), "nerve")]);
        assert_eq!(mended.text(), "the thecal sac, nerve roots");
        assert_eq!(mended.note_text(FoldSpan::new(4, 10)), "thercal");
        assert_eq!(mended.note_text(FoldSpan::new(4, 14)), "thercal sac");
        assert_eq!(mended.note_text(FoldSpan::new(16, 27)), "nerev roots");
        assert_eq!(mended.to_view(mended.to_note(FoldSpan::new(16, 27))), FoldSpan::new(16, 27));
        assert_eq!(mended.breaks()[0].next, 16);
    }
}
