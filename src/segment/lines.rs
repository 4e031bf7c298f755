//! Lines of the note: list marks at their start, and whether a line end is one that the writer meant.

use super::stops::{Case, ascii_word_at};
use super::words::{List, Lists, WORDS};
use crate::text::{Break, Folded};

/// Longest sentence, in bytes.
pub(super) const LONGEST: usize = 2000;
/// Lines longer than this, in bytes, were not wrapped at a margin.
const WIDEST: u32 = 160;
/// Text narrower than this, in bytes, is a list of short statements and not wrapped.
const NARROWEST: u32 = 40;
/// Lines looked at, at most, to learn the width of a paragraph.
const LOOK_AHEAD: usize = 100;

/// The lines between two empty ones: how wide they are, and whether they look like wrapped prose.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Block {
    /// Index of the first break that it does not speak of.
    pub(super) end: usize,
    width: u32,
    is_prose: bool,
    /// Whether a line ends within a sentence.
    is_wrapped: bool,
}

impl Block {
    /// Reads the block that the line before `breaks[first]` starts.
    pub(super) fn read(folded: &Folded<'_>, first: usize) -> Self {
        let breaks = folded.breaks();
        let mut end = first;
        let mut width = 0;
        let mut is_wrapped = false;
        while let Some(b) = breaks.get(end).filter(|_| end - first < LOOK_AHEAD) {
            width = width.max(if b.line_length <= WIDEST { b.line_length } else { 0 });
            end += 1;
            if b.blank_line {
                break;
            }
            is_wrapped |= !ends_with_stop(trimmed(folded.bytes(), b.next as usize));
        }
        if let Some(last) = breaks.last().filter(|b| end == breaks.len() && !b.blank_line) {
            let length = folded.note_offset(folded.bytes().len() as u32) - folded.note_offset(last.next);
            width = width.max(if length <= WIDEST { length } else { 0 });
        }
        let wide =
            breaks[first..end].iter().filter(|b| (width - width / 8..=WIDEST).contains(&b.line_length));
        let close = match breaks.get(end.wrapping_sub(1)) {
            Some(b) if b.blank_line || end < breaks.len() => b.next as usize,
            _ => folded.bytes().len(),
        };
        let closed = ends_with_stop(trimmed(folded.bytes(), close));
        Self { end, width, is_prose: width >= NARROWEST && (closed || wide.count() > 1), is_wrapped }
    }

    /// Whether the next line's first word would not have fitted on the line that ends: the margin ended it.
    fn is_full(self, line_length: u32, next_word: usize) -> bool {
        self.is_prose
            && line_length <= WIDEST
            && line_length + 1 + next_word as u32 > self.width - self.width / 8
    }
}

/// Whether the line that starts at `b.next` goes on with the statement or paragraph before it. `previous` is
/// where that line starts. List marks and headings are judged elsewhere.
pub(super) fn continues(folded: &Folded<'_>, b: Break, previous: usize, block: Block) -> bool {
    if b.joined {
        return true;
    }
    let text = folded.bytes();
    let next = b.next as usize;
    let before = trimmed(text, next);
    let Some(&last) = before.last() else { return false };
    let case = || Case::at(folded, next);
    if b.blank_line {
        // Only double-spaced prose goes on over an empty line.
        return (NARROWEST..=WIDEST).contains(&b.line_length)
            && case() == Case::Lower
            && (last == b','
                || [List::Dangling, List::Leaning].iter().any(|&list| last_word(before).has(list)));
    }
    let full = || block.is_full(b.line_length, ascii_word_at(text, next).len());
    if last == b':' {
        // What is a line of its own ends where the writer wanted: "Findings:", "L4-5:".
        return full() && case() == Case::Lower;
    }
    let word = last_word(before);
    match last {
        b'-' | b'/' | b'+' | b'&' | b'(' if before.len() > previous + 1 => true,
        b',' => case() != Case::Title || full(),
        b'.' | b'!' | b'?' if !word.has(List::Dangling) => {
            block.is_wrapped && full() && !starts_with_label(&text[next..])
        }
        _ if word.has(List::Dangling) && before.len() > previous => true,
        // "L3-4: right mild⏎L4-5: right moderate", "l4 5 bulge⏎l5 s1 protrusion": a list of levels.
        _ if opens_with_interspace(text, next)
            && (starts_with_label(&text[next..]) || opens_with_interspace(text, previous)) =>
        {
            false
        }
        // "compressing⏎thecal sac": a verb in -ing waits for its object.
        _ if before.ends_with(WORDS.verb_ending.as_bytes()) && case() == Case::Lower => true,
        _ => (full() || word.has(List::Leaning)) && case() != Case::Title,
    }
}

fn ends_with_stop(text: &[u8]) -> bool {
    matches!(text.last(), Some(b'.' | b'!' | b'?' | b':'))
}

/// The lists that the last word of a text is in, its dot taken off.
fn last_word(text: &[u8]) -> Lists {
    let text = text.strip_suffix(b".").unwrap_or(text);
    let tail = &text[text.len().saturating_sub(12)..];
    let start = tail.iter().rposition(|&b| b == b' ' || b == b'(').map_or(0, |at| at + 1);
    WORDS.lists(&tail[start..])
}

/// Whether a line starts with the name of a vertebra: a letter and a digit.
pub(super) fn opens_with_level(text: &[u8], start: usize) -> bool {
    matches!(text.get(start..), Some([b'c' | b't' | b'l' | b's', digit, ..]) if digit.is_ascii_digit())
}

/// Whether a line starts with the name of an interspace: "L4-5", "c5 6", "L5/S1".
fn opens_with_interspace(text: &[u8], start: usize) -> bool {
    let name = text.get(start + 1..).unwrap_or_default();
    let digits = name.iter().take(2).take_while(|b| b.is_ascii_digit()).count();
    let Some([b'-' | b'/' | b'_' | b' ', lower @ ..]) = name.get(digits..) else { return false };
    let lower = if opens_with_level(lower, 0) { &lower[1..] } else { lower };
    opens_with_level(text, start) && lower.first().is_some_and(u8::is_ascii_digit)
}

/// "L4-L5: ", "Canal: ".
fn starts_with_label(text: &[u8]) -> bool {
    text.iter().take(20).find(|b| matches!(b, b' ' | b':')) == Some(&b':')
}

/// `text` up to `end`, without blanks at its end.
pub(super) fn trimmed(text: &[u8], end: usize) -> &[u8] {
    text.get(..end).unwrap_or(text).trim_ascii_end()
}

/// How many of the first bytes of `words` make a sentence that is no longer than [`LONGEST`]: up to the last blank,
/// else up to the end of a word ("mild,mild,…"), else of a character.
pub(super) fn parted(words: &[u8]) -> usize {
    let Some(head) = words.get(..LONGEST).filter(|head| head.len() < words.len()) else { return words.len() };
    let blank = head.iter().rposition(|&b| b == b' ').filter(|&at| at > 0);
    let ends_word = |&b: &u8| !b.is_ascii_alphanumeric() && b.is_ascii();
    let between = || head.iter().rposition(ends_word).map(|at| at + 1);
    let is_inside = |at: usize| words.get(at).is_some_and(|b| b & 0b1100_0000 == 0b1000_0000);
    let character = || (1..=LONGEST).rev().find(|&at| !is_inside(at));
    blank.or_else(between).or_else(character).unwrap_or(LONGEST)
}

/// A list mark: how many bytes it takes with the blanks after it, and its number where it has one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ListMark {
    pub(super) width: usize,
    pub(super) number: Option<u32>,
}

/// The list mark at the start of `line`, but for [`small_o`].
pub(super) fn list_mark(line: &[u8]) -> Option<ListMark> {
    let &first = line.first()?;
    let bullet = match first {
        b'-' | b'*' | b'~' | b'>' | b'=' | b'_' | b'#' | b'+' => {
            let run = line.iter().take_while(|&&b| b == first || b == b'>').count();
            match line.get(run) {
                None | Some(b' ') => run,
                Some(b) if b.is_ascii_digit() && first == b'#' => return numbered(line, run),
                // "-5 mm", "+2", ">3" and "=1" are quantities.
                Some(b) if b.is_ascii_digit() => 0,
                Some(_) => run,
            }
        }
        b'(' => return numbered(line, 1),
        _ => return numbered(line, 0),
    };
    (bullet > 0).then(|| ListMark { width: bullet + blanks(line, bullet), number: None })
}

/// The letter that is written for a bullet at the start of `line`, an original line that starts with `case`.
pub(super) fn small_o(line: &[u8], case: impl FnOnce() -> Case) -> Option<ListMark> {
    let is_bullet = line.starts_with(b"o ") && case() == Case::Lower;
    is_bullet.then(|| ListMark { width: 1 + blanks(line, 1), number: None })
}

/// "1.", "1)", "(1)", "#1", "a.", "ii)" at `line[open..]`; `open` counts what stands before the number.
fn numbered(line: &[u8], open: usize) -> Option<ListMark> {
    let word = ascii_word_at(line, open);
    let close = line.get(open + word.len()).copied();
    let after = line.get(open + word.len() + 1).copied();
    let is_number = (1..=2).contains(&word.len()) && word.iter().all(u8::is_ascii_digit);
    let is_letter =
        matches!(word, [b'a'..=b'i' | b'v'] | [b'i', b'i' | b'v'] | [b'i', b'i', b'i'] | [b'v', b'i']);
    if !is_number && !is_letter {
        return None;
    }
    let hash = open > 0 && line[0] == b'#';
    let spaced = matches!(after, None | Some(b' '));
    let closed = match close {
        Some(b')') => is_number || spaced,
        Some(b'.') => open == 0 && (spaced || is_number && after.is_some_and(|b| b.is_ascii_alphabetic())),
        Some(b':') => spaced && is_number,
        Some(b'-') => open == 0 && spaced && is_number,
        Some(b' ') => hash,
        _ => false,
    };
    if !closed {
        return None;
    }
    let width = open + word.len() + usize::from(close != Some(b' '));
    let number =
        word.iter().try_fold(0, |n: u32, b| b.is_ascii_digit().then(|| n * 10 + u32::from(b - b'0')));
    Some(ListMark { width: width + blanks(line, width), number })
}

fn blanks(line: &[u8], from: usize) -> usize {
    line.get(from..).map_or(0, |rest| rest.iter().take_while(|&&b| b == b' ').count())
}
