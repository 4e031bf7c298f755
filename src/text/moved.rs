//! Where places of a text are after an edit.
//!
//! ```
//! use foramen::text::{FoldSpan, Moved};
//! // "mild stenosis" becomes "moderate stenosis".
//! let edit = Moved { start: 0, old_end: 4, new_end: 8 };
//! assert_eq!(edit.span(FoldSpan::new(5, 13)), Some(FoldSpan::new(9, 17)));
//! assert_eq!(edit.span(FoldSpan::new(0, 4)), None);
//! ```

use std::ops::Range;

use super::{FoldSpan, Span};

/// An edit as places see it: `start..old_end` became `start..new_end`, what stands before stays, what stands after moves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// Where it starts, in both texts.
    pub start: u32,
    /// Where it ends in the text before.
    pub old_end: u32,
    /// Where it ends in the text after.
    pub new_end: u32,
}

impl Moved {
    /// The edit that leads from one text to another, where `touched` was edited at least: what the two begin and end
    /// with alike beside it is left alone.
    pub fn between(before: &[u8], after: &[u8], touched: Self) -> Self {
        let most = before.len().min(after.len()).min(touched.start as usize);
        let start = alike(most, |at| before.get(at.clone()) == after.get(at));
        let most = (before.len().min(after.len()) - start)
            .min(before.len().saturating_sub(touched.old_end as usize))
            .min(after.len().saturating_sub(touched.new_end as usize));
        let last = |bytes: &[u8], at: &Range<usize>| bytes.len() - at.end..bytes.len() - at.start;
        let end = alike(most, |at| before.get(last(before, &at)) == after.get(last(after, &at)));
        Self {
            start: start as u32,
            old_end: (before.len() - end) as u32,
            new_end: (after.len() - end) as u32,
        }
    }

    /// This edit and then another, as one.
    #[must_use]
    pub fn then(self, next: Self) -> Self {
        // What both leave alone at the end was moved by the one, and then by the other.
        let (added, removed) = (next.new_end - next.start, next.old_end - next.start);
        let end = self.new_end.max(next.old_end);
        Self {
            start: self.start.min(next.start),
            old_end: self.old_end + (end - self.new_end),
            new_end: end - removed + added,
        }
    }

    /// Where a place is that does not lie within the edit; the start of what follows moves with it.
    pub const fn at(self, place: u32) -> u32 {
        if place >= self.old_end { place - self.old_end + self.new_end } else { place }
    }

    /// Where a stretch of the folded view is; `None` where the edit reaches into it, or touches it.
    pub const fn span(self, span: FoldSpan) -> Option<FoldSpan> {
        if span.end < self.start {
            Some(span)
        } else if span.start > self.old_end {
            Some(FoldSpan::new(self.at(span.start), self.at(span.end)))
        } else {
            None
        }
    }

    /// Where a stretch of the note is that the edit does not reach into, or that holds the whole of it.
    pub const fn of_note(self, span: Span) -> Span {
        Span::new(self.at(span.start), self.end_at(span.end))
    }

    /// Where a stretch of the folded view is that the edit does not reach into, or that holds the whole of it.
    pub const fn of_view(self, span: FoldSpan) -> FoldSpan {
        FoldSpan::new(self.at(span.start), self.end_at(span.end))
    }

    /// Where the end of a stretch is; the end of what precedes stays.
    const fn end_at(self, end: u32) -> u32 {
        if end <= self.start { end } else { self.at(end) }
    }
}

/// Bytes that are compared at once.
const CHUNK: usize = 64;

/// How many of at most `most` bytes are alike from their first on; `are_alike` compares a stretch of them.
fn alike(most: usize, are_alike: impl Fn(Range<usize>) -> bool) -> usize {
    let mut at = 0;
    while at + CHUNK <= most && are_alike(at..at + CHUNK) {
        at += CHUNK;
    }
    while at < most && are_alike(at..at + 1) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(start: u32, old_end: u32, new_end: u32) -> Moved {
        Moved { start, old_end, new_end }
    }

    #[test]
    fn an_edit_is_what_two_texts_differ_in() {
        let nowhere = moved(u32::MAX, 0, 0);
        for (before, after, touched, expected) in [
            ("", "", nowhere, moved(0, 0, 0)),
            ("abc", "abc", nowhere, moved(3, 3, 3)),
            ("abc", "axc", nowhere, moved(1, 2, 2)),
            ("aa", "aaa", nowhere, moved(2, 2, 3)),
            ("abcdef", "abcdef", moved(2, 3, 3), moved(2, 3, 3)),
            (&"x".repeat(200), &"x".repeat(199), nowhere, moved(199, 200, 199)),
        ] {
            assert_eq!(
                Moved::between(before.as_bytes(), after.as_bytes(), touched),
                expected,
                "{before} {after}"
            );
        }
    }

    #[test]
    fn edits_one_after_the_other_are_one() {
        for (text, one, other) in [
            ("0123456789", (2..4, "ab"), (3..5, "")),
            ("0123456789", (2..4, "abcdef"), (0..1, "xy")),
            ("0123456789", (5..5, "q"), (9..11, "")),
            ("0123456789", (0..10, ""), (0..0, "z")),
        ] {
            let edit = |(range, words): &(Range<usize>, &str)| {
                moved(range.start as u32, range.end as u32, (range.start + words.len()) as u32)
            };
            let both = edit(&one).then(edit(&other));
            let mut after = text.to_owned();
            after.replace_range(one.0, one.1);
            after.replace_range(other.0, other.1);
            assert_eq!(text.as_bytes()[..both.start as usize], after.as_bytes()[..both.start as usize]);
            assert_eq!(
                text.as_bytes()[both.old_end as usize..],
                after.as_bytes()[both.new_end as usize..],
                "{text}"
            );
        }
    }
}
