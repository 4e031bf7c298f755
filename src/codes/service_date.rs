//! The day of service as a note gives it, after words such as "date of service".
//!
//! ```text
//! 03/14/2024   3-14-24   2024-03-14   20240314   March 14, 2024   14 Mar 2024   14-Mar-2024
//! ```

use super::reading::Reading;
use crate::lexicon::{Coding, Concept, Sense};
use crate::model::{Context, Date, DateOrigin, ServiceDate};
use crate::text::{FoldSpan, Span};

/// A day as a note gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateRead {
    /// A day, and where it stands.
    Day(Date, Span),
    /// What is written there is no day of the calendar: 02/30/2024.
    Impossible(Span),
}

/// The day by whose rules a note is judged: the given one, else the note's, else today.
pub fn service_date(context: &Context, read: Option<DateRead>) -> Option<ServiceDate> {
    let of_note = match read {
        Some(DateRead::Day(day, _)) => Some(day),
        Some(DateRead::Impossible(_)) | None => None,
    };
    let known = |day: Option<Date>, origin| day.map(|day| ServiceDate { day, origin });
    known(context.service_date, DateOrigin::Given)
        .or_else(|| known(of_note, DateOrigin::Note))
        .or_else(|| known(context.today, DateOrigin::Assumed))
}

/// The first day of service that a note gives, else the first day of its procedure. An impossible one is told only
/// where there is no other.
pub fn read_date(reading: &Reading<'_>) -> Option<DateRead> {
    let mut impossible = None;
    for kind in [Coding::ServiceDate, Coding::ProcedureDate] {
        for cue in reading.cues.iter().filter(|cue| cue.concept == Concept::Coding(kind)) {
            match day_at(reading, cue.span.end as usize) {
                Some(DateRead::Impossible(span)) => impossible = impossible.or(Some(span)),
                Some(day) => return Some(day),
                None => {}
            }
        }
    }
    impossible.map(DateRead::Impossible)
}

/// The months, in their order.
const MONTHS: [Sense; 12] = [
    Sense::January,
    Sense::February,
    Sense::March,
    Sense::April,
    Sense::May,
    Sense::June,
    Sense::July,
    Sense::August,
    Sense::September,
    Sense::October,
    Sense::November,
    Sense::December,
];

/// A part of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// A number and how many digits it has.
    Number(u16, usize),
    /// The name of a month.
    Month(u16),
}

/// The date after a cue that ends at `at`.
fn day_at(reading: &Reading<'_>, at: usize) -> Option<DateRead> {
    let text = reading.folded.text();
    let mut start = skip(text, at, " :.-=*)(#");
    if start == at {
        return None;
    }
    let weekday = word_end(text, start);
    if sense(reading, text.get(start..weekday)?) == Some(Sense::Weekday) {
        start = skip(text, weekday, " ,");
    }
    if let Some((written, end)) = compact(text, start) {
        return Some(read(reading, written, start, end));
    }
    let (first, after_first) = part(reading, start)?;
    let (second, after_second) = part(reading, skip(text, after_first, " ,./-"))?;
    let (third, end) = part(reading, skip(text, after_second, " ,./-"))?;
    let mark = |at: usize| text.as_bytes().get(at).filter(|byte| b"/-.".contains(byte));
    let is_numeric = [first, second, third].iter().all(|part| matches!(part, Part::Number(..)));
    // Between numbers the marks are alike: "3/14 10:30" is a day and a time.
    if is_numeric && (mark(after_first).is_none() || mark(after_first) != mark(after_second)) {
        return None;
    }
    Some(read(reading, ordered([first, second, third])?, start, end))
}

/// A date that is written from one place to another.
fn read(reading: &Reading<'_>, written: (u16, usize, u16, u16), start: usize, end: usize) -> DateRead {
    let span = reading.folded.to_note(FoldSpan::new(start as u32, end as u32));
    calendar(written).map_or(DateRead::Impossible(span), |day| DateRead::Day(day, span))
}

/// Eight digits at `at` that begin with a year, and where they end: "20240314".
fn compact(text: &str, at: usize) -> Option<((u16, usize, u16, u16), usize)> {
    let rest = text.get(at..)?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let number = |from: usize, to: usize| rest.get(from..to)?.parse::<u16>().ok();
    let written = (number(0, 4)?, 4, number(4, 6)?, number(6, 8)?);
    (digits == 8 && (1900..2100).contains(&written.0)).then_some((written, at + digits))
}

/// Year, its digits, month and day, in the order in which three parts give them; `None` where they are no date.
fn ordered(parts: [Part; 3]) -> Option<(u16, usize, u16, u16)> {
    use Part::{Month, Number};
    match parts {
        [Number(year, 4), Number(month, 1..=2) | Month(month), Number(day, 1..=2)] => {
            Some((year, 4, month, day))
        }
        // A month above twelve is the day of a note that puts the day first.
        [Number(day @ 13.., 1..=2), Number(month @ ..=12, 1..=2), Number(year, digits)]
        | [Number(month, 1..=2) | Month(month), Number(day, 1..=2), Number(year, digits)]
        | [Number(day, 1..=2), Month(month), Number(year, digits)] => Some((year, digits, month, day)),
        _ => None,
    }
}

/// The day of the calendar; two digits of a year are of this century.
fn calendar((year, digits, month, day): (u16, usize, u16, u16)) -> Option<Date> {
    let year = match digits {
        4 if (1900..2100).contains(&year) => year,
        2 => 2000 + year,
        _ => return None,
    };
    let small = |value: u16| i8::try_from(value).ok();
    Date::new(i16::try_from(year).ok()?, small(month)?, small(day)?).ok()
}

/// The part of a date at `at`, and where it ends.
fn part(reading: &Reading<'_>, at: usize) -> Option<(Part, usize)> {
    let text = reading.folded.text();
    let rest = text.get(at..)?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 {
        let number = rest.get(..digits)?.parse().ok()?;
        let after = at + digits;
        let suffix = word_end(text, after);
        let is_ordinal = sense(reading, text.get(after..suffix)?) == Some(Sense::Ordinal);
        return Some((Part::Number(number, digits), if is_ordinal { suffix } else { after }));
    }
    let end = word_end(text, at);
    let named = sense(reading, text.get(at..end)?)?;
    let month = MONTHS.iter().position(|&month| month == named)?;
    let end = if text.get(end..)?.starts_with('.') { end + 1 } else { end };
    Some((Part::Month(month as u16 + 1), end))
}

fn sense(reading: &Reading<'_>, word: &str) -> Option<Sense> {
    reading.words.class(word.as_bytes()).sense
}

/// Where the letters from `at` end.
fn word_end(text: &str, at: usize) -> usize {
    at + text.get(at..).unwrap_or_default().bytes().take_while(u8::is_ascii_alphabetic).count()
}

/// Where bytes of a set end that start at `at`.
fn skip(text: &str, at: usize, set: &str) -> usize {
    at + text.get(at..).unwrap_or_default().bytes().take_while(|b| set.as_bytes().contains(b)).count()
}
