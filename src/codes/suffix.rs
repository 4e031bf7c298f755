//! What follows a code: modifiers and units.
//!
//! ```text
//! 64483-RT   64483 RT   64483 -59 -RT   64493-50 x 1   64484 x2   j1100 x 10 units   99213-25   64483 modifier 50
//! ```
//!
//! What stands where units do and is no whole number above 0 is told as such: `x 0`, `x 1.5`, `x -1`, `x abc`.

use super::reading::Reading;
use super::scan::{CPT, run_end};
use crate::lexicon::{Coding, Measure};
use crate::text::FoldSpan;

/// Modifiers and units, and where they end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Suffix {
    pub(super) modifiers: Vec<String>,
    pub(super) units: Option<u32>,
    /// Whether what stands where units do is no whole number above 0.
    pub(super) has_broken_units: bool,
    pub(super) end: usize,
}

/// Reads what follows a code that ends at `at`; `code` is the code.
pub(super) fn read(reading: &Reading<'_>, code: &str, at: usize) -> Suffix {
    let mut suffix = Suffix { end: at, ..Suffix::default() };
    suffix.modifiers(reading, code);
    match units(reading, suffix.end) {
        Some((Units::Whole(units), end)) => (suffix.units, suffix.end) = (Some(units), end),
        Some((Units::Broken, end)) => (suffix.has_broken_units, suffix.end) = (true, end),
        None => return suffix,
    }
    // "64483 x1 LT"
    suffix.modifiers(reading, code);
    suffix
}

impl Suffix {
    /// Takes the modifiers that stand next.
    fn modifiers(&mut self, reading: &Reading<'_>, code: &str) {
        while let Some((modifier, end)) = modifier(reading, self.end, !self.modifiers.is_empty()) {
            // "64483-84" is the code and the one after it.
            let other = code.get(..3).map(|start| format!("{start}{modifier}"));
            let is_known = reading.tables.has_modifier(&modifier);
            if !is_known && other.is_some_and(|other| reading.tables.has_cpt(&other)) {
                return;
            }
            self.modifiers.push(modifier);
            self.end = end;
        }
    }
}

/// What stands where units do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Units {
    /// A whole number above 0.
    Whole(u32),
    /// Anything else.
    Broken,
}

/// A modifier at `at`, and where it ends.
fn modifier(reading: &Reading<'_>, at: usize, is_further: bool) -> Option<(String, usize)> {
    let text = reading.folded.bytes();
    let mut start = blanks(text, at);
    // Folding makes a blank of a dash between letters: "64483-LT-KX".
    let is_dashed =
        start == at + 1 && reading.folded.note_text(FoldSpan::new(at as u32, start as u32)) == "-";
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
        _ if is_dashed => is_known || is_number || is_capital,
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
fn units(reading: &Reading<'_>, at: usize) -> Option<(Units, usize)> {
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
        None => match whole(digits) {
            Some(value) => value,
            None => return broken(reading, number, is_marked),
        },
    };
    if matches!(text.get(end..), Some([b'.' | b'/' | b'-' | b':', digit, ..]) if digit.is_ascii_digit()) {
        return broken(reading, number, is_marked);
    }
    let units = if value == 0 { Units::Broken } else { Units::Whole(value) };
    let next = blanks(text, end);
    if let Some(word) = reading.cue_at(next, Coding::Units) {
        return Some((units, word.end as usize));
    }
    (is_marked && !is_measured(reading, end)).then_some((units, end))
}

/// The most digits of a number of units.
const UNITS: usize = 3;

/// A number of units in digits, which a "u" may follow: "10", "10u".
fn whole(written: &[u8]) -> Option<u32> {
    let digits = written.strip_suffix(b"u").unwrap_or(written);
    if digits.len() > UNITS || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// What stands at a place where units are marked, if it can be nothing else: a number below 0, one with a fraction, one
/// of more digits than units ever have, or a word that nothing goes on after.
fn broken(reading: &Reading<'_>, at: usize, is_marked: bool) -> Option<(Units, usize)> {
    let text = reading.folded.bytes();
    let is_negative = text.get(at) == Some(&b'-');
    let end = run_end(text, at + usize::from(is_negative));
    let written = text.get(at + usize::from(is_negative)..end).filter(|written| !written.is_empty())?;
    let is_number = written.iter().all(u8::is_ascii_digit);
    let is_word = written.iter().all(u8::is_ascii_alphabetic);
    let fraction = match text.get(end..) {
        Some([b'.', digit, ..]) if is_number && digit.is_ascii_digit() => run_end(text, end + 1),
        _ => end,
    };
    let next = text.get(fraction).copied().unwrap_or(b'\n');
    let ends = match next {
        b' ' => is_number && !is_measured(reading, fraction),
        other => matches!(other, b'\n' | b',' | b';' | b'.' | b')'),
    };
    let is_broken = if is_number {
        // Five digits may be the next code: "64483 units-64484".
        let may_be_code = fraction == end && written.len() == CPT;
        !may_be_code && (is_negative || fraction > end || written.len() > UNITS + 1)
    } else {
        let modifier =
            std::str::from_utf8(written).is_ok_and(|w| reading.tables.has_modifier(&w.to_ascii_uppercase()));
        is_word && !is_negative && !modifier && written.len() > 1
    };
    (is_marked && ends && is_broken).then_some((Units::Broken, fraction))
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
