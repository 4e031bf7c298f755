//! An edit inside a word of which nothing is read.
//!
//! ```text
//! The patqient has left leg pain.      "patqient" becomes "patqiient": only places are others
//! ```
//!
//! A reading asks of a word its phrases, its class, its sense, its digits and its case, and counts how many words lie
//! between two others; it never asks for its letters, nor how long it is. So where a word has none of these before an edit
//! and none after it, or is mended to what it was, all that was read stays, and moves.

use super::scan::Scan;
use crate::matching::{WordClass, is_word_byte};
use crate::text::{FoldSpan, Folded, Moved, Span};

/// Letters of a word at least: fewer may be a level, or a part of one.
const SHORTEST: u32 = 4;

/// A free word of a note: where it stands, and how it is printed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    view: FoldSpan,
    note: Span,
    /// Whether it begins with a capital, and whether it goes on in capitals.
    shape: (bool, bool),
    /// Whether no phrase has it where it stands, and no grammar asks for it.
    is_unread: bool,
}

/// The edit of a word of which nothing is read: from its start to its ends before and after.
#[derive(Clone, Copy, Debug)]
pub(super) struct Inside {
    /// In the view.
    pub(super) view: Moved,
    /// In the note.
    pub(super) note: Moved,
}

impl Word {
    /// The one word that holds a stretch of the note, if it stands free, between blanks or before a stop, and is printed
    /// in letters of one case, but for the first.
    pub(super) fn around(scan: &Scan<'_>, start: u32, end: u32) -> Option<Self> {
        let view = free_word(scan.folded.bytes(), scan.folded.to_view(Span::new(start, end)))?;
        let tokens = &scan.hits.tokens;
        let token = tokens.get(tokens.partition_point(|token| token.end <= view.start))?;
        let is_one = (token.start, token.end) == (view.start, view.end);
        let is_unread = token.class == WordClass::default()
            && !scan.hits.phrases.iter().any(|hit| hit.mention.span.overlaps(view));
        let note = scan.folded.to_note(view);
        let holds = note.start <= start && end <= note.end;
        (is_one && holds).then_some(Self { view, note, shape: shape(&scan.folded, view)?, is_unread })
    }

    /// The edit that leads from this word to another, where nothing else is another; `edit` is as the view sees it.
    pub(super) fn becomes(self, is: Self, edit: Moved) -> Option<Inside> {
        let is_same = edit.start == edit.old_end && edit.start == edit.new_end;
        let is_within =
            self.view.start <= edit.start && edit.old_end <= self.view.end && edit.new_end <= is.view.end;
        let is_unread = self.is_unread && is.is_unread && is_within || is_same && self.view == is.view;
        let starts = self.view.start == is.view.start && self.note.start == is.note.start;
        (is_unread && starts && self.shape == is.shape).then_some(Inside {
            view: Moved { start: self.view.start, old_end: self.view.end, new_end: is.view.end },
            note: Moved { start: self.note.start, old_end: self.note.end, new_end: is.note.end },
        })
    }
}

/// The word that holds a stretch of a view, of letters alone and between blanks or before a stop.
fn free_word(text: &[u8], stretch: FoldSpan) -> Option<FoldSpan> {
    let (head, tail) = (text.get(..stretch.start as usize)?, text.get(stretch.end as usize..)?);
    let before = head.iter().rev().take_while(|byte| is_word_byte(**byte)).count();
    let after = tail.iter().take_while(|byte| is_word_byte(**byte)).count();
    let is_free = matches!(head.iter().nth_back(before), None | Some(b' ' | b'('))
        && matches!(tail.get(after), None | Some(b' ' | b')' | b',' | b';' | b':' | b'.'));
    let word = FoldSpan::new(stretch.start - before as u32, stretch.end + after as u32);
    let is_letters = text.get(word.range())?.iter().all(u8::is_ascii_lowercase);
    (is_free && is_letters && word.len() >= SHORTEST).then_some(word)
}

/// Whether a word begins with a capital, and whether it goes on in capitals; `None` where it goes on in both.
fn shape(view: &Folded<'_>, word: FoldSpan) -> Option<(bool, bool)> {
    let printed = view.note_text(word).as_bytes();
    let (first, rest) = printed.split_first()?;
    let (small, large) = (rest.iter().all(u8::is_ascii_lowercase), rest.iter().all(u8::is_ascii_uppercase));
    (first.is_ascii_alphabetic() && small != large).then(|| (first.is_ascii_uppercase(), large))
}
