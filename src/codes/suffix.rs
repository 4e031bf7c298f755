//! What follows a code: modifiers and units.
//!
//! ```text
//! 64483-RT   64483 RT   64483 -59 -RT   64493-50 x 1   64484 x2   j1100 x 10 units   99213-25   64483 modifier 50
//! ```

use super::reading::Reading;
use super::scan::run_end;
use crate::lexicon::{Coding, Measure};
use crate::text::FoldSpan;

/// Modifiers and units, and where they end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Suffix {
    pub(super) modifiers: Vec<String>,
    pub(super) units: Option<u32>,
    pub(super) end: usize,
}

/// Reads what follows a code that ends at `at`.
pub(super) fn read(reading: &Reading<'_>, at: usize) -> Suffix {
    let mut suffix = Suffix { modifiers: Vec::new(), units: None, end: at };
    while let Some((modifier, end)) = modifier(reading, suffix.end, !suffix.modifiers.is_empty()) {
        suffix.modifiers.push(modifier);
        suffix.end = end;
    }
    if let Some((units, end)) = units(reading, suffix.end) {
        suffix.units = Some(units);
        suffix.end = end;
    }
    suffix
}

/// A modifier at `at`, and where it ends.
fn modifier(reading: &Reading<'_>, at: usize, is_further: bool) -> Option<(String, usize)> {
    let text = reading.folded.bytes();
    let mut start = blanks(text, at);
    let is_joined = start == at;
    let mark = text.get(start).copied().unwrap_or_default();
    if matches!(mark, b'-' | b',' | b'/' | b'(' | b':') {
        start = blanks(text, start + 1);
    }
    let word = reading.cue_at(start, Coding::Modifier);
    if let Some(word) = word {
        start = blanks(text, word.end as usize);
        if matches!(text.get(start), Some(b'-' | b':')) {
            start = blanks(text, start + 1);
        }
    }
    let end = run_end(text, start);
    let span = FoldSpan::new(start as u32, end as u32);
    if end - start != 2 || text.get(end) == Some(&b'.') && text.get(end + 1).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let written = reading.folded.note_text(span);
    let is_number = written.bytes().all(|b| b.is_ascii_digit());
    let is_capital = written.bytes().all(|b| b.is_ascii_uppercase());
    let code = written.to_ascii_uppercase();
    let is_known = reading.tables.has_modifier(&code);
    let is_one = match mark {
        _ if word.is_some() => is_known,
        b'-' if is_joined => is_known || is_number || is_capital,
        b'-' => is_known && (is_number || is_capital),
        b'(' => is_known && text.get(end) == Some(&b')'),
        b':' => false,
        _ => is_known && (is_capital || is_further),
    };
    let end = if mark == b'(' { end + 1 } else { end };
    is_one.then_some((code, end))
}

/// The units at `at`, and where they end: "x 2", "x2", "times two", "units: 2", "2 units".
fn units(reading: &Reading<'_>, at: usize) -> Option<(u32, usize)> {
    let text = reading.folded.bytes();
    let mut start = blanks(text, at);
    if matches!(text.get(start), Some(b',' | b'(' | b'-' | b':' | b';')) {
        start = blanks(text, start + 1);
    }
    let (number, is_marked) = match text.get(start..)? {
        [b'x' | b'*', ..] => (blanks(text, start + 1), true),
        // Folding leaves a mark for the sign of multiplication.
        [b'~', ..] if reading.folded.note_text(FoldSpan::new(start as u32, start as u32 + 1)) == "\u{d7}" => {
            (blanks(text, start + 1), true)
        }
        _ => match reading.cue_at(start, Coding::Units) {
            Some(word) => {
                let after = blanks(text, word.end as usize);
                let is_pointed = matches!(text.get(after), Some(b':' | b'='));
                (if is_pointed { blanks(text, after + 1) } else { after }, true)
            }
            None => (start, false),
        },
    };
    let end = run_end(text, number);
    let digits = text.get(number..end)?;
    let value = match reading.words.class(digits).number() {
        Some(spelt) => u32::from(spelt),
        None if digits.len() <= 3 => std::str::from_utf8(digits).ok()?.parse().ok()?,
        None => return None,
    };
    if matches!(text.get(end..), Some([b'.' | b'/' | b'-' | b':', digit, ..]) if digit.is_ascii_digit()) {
        return None;
    }
    let next = blanks(text, end);
    if let Some(word) = reading.cue_at(next, Coding::Units) {
        return Some((value, word.end as usize));
    }
    (is_marked && !is_measured(reading, end)).then_some((value, end))
}

/// Whether a measure follows the number that ends at `at`.
pub(super) fn is_measured(reading: &Reading<'_>, at: usize) -> bool {
    let text = reading.folded.bytes();
    let next = blanks(text, at);
    let word = text.get(next..run_end(text, next)).unwrap_or_default();
    reading.words.class(word).measure.is_some_and(Measure::is_unit) || text.get(next) == Some(&b'%')
}

/// Where the blanks from `at` end.
fn blanks(text: &[u8], at: usize) -> usize {
    at + text.get(at..).unwrap_or_default().iter().take_while(|&&b| b == b' ').count()
}
