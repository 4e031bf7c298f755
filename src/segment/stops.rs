//! Which dots, question marks and exclamation marks end a sentence.

use super::words::{List, WORDS};
use crate::text::Folded;

/// Whether the mark at `dot` ends a sentence.
pub(super) fn ends_sentence(folded: &Folded<'_>, dot: usize) -> bool {
    let text = folded.bytes();
    let mut after = dot + 1;
    while matches!(text.get(after), Some(b'"' | b')' | b']' | b'}' | b'\'' | b'*' | b'_')) {
        after += 1;
    }
    let next = text.get(after).copied();
    match (text[dot], next) {
        (_, None) | (b'!', Some(b' ')) => true,
        (b'.', Some(b' ')) => dot_ends(folded, dot, after + 1),
        // "noted.No": a blank was forgotten, unless the dot is of an abbreviation or a name.
        (b'.', Some(b)) if b.is_ascii_alphabetic() && after == dot + 1 => {
            let word = word_before(text, dot);
            let lists = WORDS.lists(word);
            word.len() >= 3
                && word.iter().all(u8::is_ascii_alphabetic)
                && ascii_word_at(text, after).len() >= 2
                && ![List::LeadsOn, List::Shortened, List::Units].iter().any(|&list| lists.has(list))
        }
        (b'?', Some(b' ')) => dot > 0 && text[dot - 1] != b' ',
        _ => false,
    }
}

/// Whether the dot at `dot` ends a sentence, if a blank and then `next` follow.
fn dot_ends(folded: &Folded<'_>, dot: usize, next: usize) -> bool {
    let text = folded.bytes();
    let word = word_before(text, dot);
    let lists = WORDS.lists(word);
    let next_word = || ascii_word_at(text, next);
    match word {
        _ if lists.has(List::Numbers) => !text.get(next).is_some_and(u8::is_ascii_digit),
        _ if lists.has(List::LeadsOn) => false,
        // "L. foramen" starts a statement; "on the L. The" and "R > L. Relief" end one.
        b"l" | b"r" => {
            let before = text[..dot - 1].trim_ascii_end().last();
            let starts = matches!(before, None | Some(b'.' | b':' | b';' | b','));
            // "L > R. C6-7: …"
            let is_compared = matches!(before, Some(b'>' | b'<')) && is_level(next_word());
            WORDS.lists(next_word()).has(List::Starters)
                || is_compared
                || !starts && Case::at(folded, next) == Case::Title
        }
        [letter] if letter.is_ascii_alphabetic() => Case::at(folded, next) != Case::Lower,
        _ if lists.has(List::Units) => Case::at(folded, next) != Case::Lower,
        // "Mod. L foraminal": a letter is a side here.
        _ if lists.has(List::Shortened)
            && matches!(next_word(), b"l" | b"r")
            && text.get(next + 1) == Some(&b' ')
            && Case::at(folded, next + 2) == Case::Lower =>
        {
            false
        }
        _ if word.len() <= 5 && (lists.has(List::Shortened) || is_dotted(word)) => {
            // "effaced bilat. NF: patent"
            let is_label = next_word().len() > 1 && text.get(next + next_word().len()) == Some(&b':');
            is_label
                || Case::at(folded, next) == Case::Title
                || is_level(next_word())
                || WORDS.lists(next_word()).has(List::Studies)
        }
        _ => true,
    }
}

/// "L4": after a shortened word the next level opens a statement, "mild bilat. L5-S1: …".
fn is_level(word: &[u8]) -> bool {
    matches!(word, [b'c' | b't' | b'l' | b's', b'0'..=b'9', ..])
}

/// "M.D", "U.S".
fn is_dotted(word: &[u8]) -> bool {
    word.len() >= 3
        && word.len() % 2 == 1
        && word.iter().enumerate().all(|(i, b)| (i % 2 == 1) == (*b == b'.'))
}

/// The letters, digits and inner dots that end at `end`.
fn word_before(text: &[u8], end: usize) -> &[u8] {
    // A word longer than this is no abbreviation.
    let from = end.saturating_sub(12);
    let head = &text[from..end];
    let start = head.iter().rposition(|b| !(b.is_ascii_alphanumeric() || *b == b'.')).map_or(0, |i| i + 1);
    &head[start..]
}

/// The plain letters and digits that start at `start`: no word of the lists has an accent or an apostrophe.
pub(super) fn ascii_word_at(text: &[u8], start: usize) -> &[u8] {
    let rest = text.get(start..).unwrap_or_default();
    &rest[..rest.iter().position(|b| !b.is_ascii_alphanumeric()).unwrap_or(rest.len())]
}

/// How a word is written in the note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    /// Starts with a small letter.
    Lower,
    /// A capital and then small letters, or a capital alone: "Mild", "R".
    Title,
    /// Capitals, or a capital with digits: "MILD", "L4".
    Upper,
    /// No letter.
    None,
}

impl Case {
    /// The case of the word at `at` of the view.
    pub(super) fn at(folded: &Folded<'_>, at: usize) -> Self {
        let note = folded.note().as_bytes().get(folded.note_offset(at as u32) as usize..).unwrap_or_default();
        match note {
            [a, ..] if a.is_ascii_lowercase() => Self::Lower,
            [a, b, ..] if a.is_ascii_uppercase() && (b.is_ascii_uppercase() || b.is_ascii_digit()) => {
                Self::Upper
            }
            [a, ..] if a.is_ascii_uppercase() => Self::Title,
            _ => Self::None,
        }
    }
}
