//! Times that a sentence tells, in numbers and without: what may be how long something lasted.
//!
//! `6 weeks` · `over 2 years` · `for a year` · `the past several months` · `for years`

use smallvec::SmallVec;

use super::passage::Passage;
use crate::lexicon::{Measure, Telling};
use crate::matching::{Quantity, Unit, word_at};
use crate::model::Lasting;
use crate::text::FoldSpan;

/// A time and where it is told.
#[derive(Clone, Copy, Debug)]
pub(super) struct Time {
    pub(super) lasting: Lasting,
    pub(super) span: FoldSpan,
}

/// The times of a sentence, in order.
pub(super) type Times = SmallVec<[Time; 4]>;

/// The times of a stretch of a sentence.
pub(super) fn times(passage: &Passage<'_, '_>, stretch: FoldSpan) -> Times {
    let quantities = passage.quantities(stretch);
    let numbered = quantities.iter().filter(|q| q.unit == Unit::Days).filter_map(|q| numbered(passage, q));
    let mut found: Times = numbered.collect();
    let text = passage.text();
    let mut at = stretch.start;
    while at < stretch.end {
        let word = word_at(text, at as usize);
        let span = FoldSpan::new(at, at + word.len() as u32);
        let is_free = !quantities.iter().any(|q| q.span.overlaps(span));
        if let Some(days) = days_of(passage, word).filter(|_| is_free) {
            found.extend(unnumbered(passage, span, days));
        }
        at = span.end + 1;
    }
    found.sort_unstable_by_key(|time| time.span.start);
    found
}

/// The lower end of a range, since more is not said.
#[expect(clippy::cast_sign_loss, reason = "no quantity is negative")]
fn numbered(passage: &Passage<'_, '_>, duration: &Quantity) -> Option<Time> {
    let days = duration.low.clamp(0.0, f64::from(u32::MAX)) as u32;
    let lasting = Lasting { days: Some(days), or_longer: is_least(passage, duration.span) };
    (duration.high > 0.0).then_some(Time { lasting, span: duration.span })
}

/// "a year", "several months"; a plural alone where a word leads to it: "for years".
fn unnumbered(passage: &Passage<'_, '_>, unit: FoldSpan, days: u32) -> Option<Time> {
    let before = passage.word_before(unit.start);
    let word = passage.between(before.start, before.end);
    let from = |start: u32| FoldSpan::new(start, unit.end);
    let untold = Lasting { days: None, or_longer: true };
    if matches!(word, b"a" | b"an") {
        let span = from(before.start);
        // "twice a week" is how often.
        let follows = passage.telling(Telling::Effect).any(|effect| effect.end + 1 == before.start);
        let is_length =
            follows || passage.measure_before(before.start).is_some() || leads_on(passage, unit.end);
        let and_half = passage.between(unit.end, unit.end + 4) == b" and";
        let or_longer = and_half || is_least(passage, span);
        return is_length.then_some(Time { lasting: Lasting { days: Some(days), or_longer }, span });
    }
    let is_several = |span: FoldSpan| {
        let word = passage.between(span.start, span.end);
        passage.words().class(word).measure == Some(Measure::Several)
    };
    if is_several(before) {
        return Some(Time { lasting: untold, span: from(before.start) });
    }
    let earlier = passage.word_before(before.start);
    if word == b"of" && is_several(earlier) {
        return Some(Time { lasting: untold, span: from(earlier.start) });
    }
    let is_plural = passage.between(unit.end - 1, unit.end) == b"s";
    let is_led = matches!(passage.measure_before(unit.start), Some((Measure::Lasting, _)));
    (is_plural && is_led).then_some(Time { lasting: untold, span: unit })
}

fn leads_on(passage: &Passage<'_, '_>, end: u32) -> bool {
    passage.between(end, end + 4) == b" of "
}

/// Whether a word before a time says that it may have been longer: "over 2 years"; so does "over the past 3 weeks",
/// which tells of a change.
fn is_least(passage: &Passage<'_, '_>, time: FoldSpan) -> bool {
    let mut at = time.start;
    for _ in 0..3 {
        let span = passage.word_before(at);
        match passage.words().class(passage.between(span.start, span.end)).measure {
            Some(Measure::More) => return true,
            Some(Measure::Filler | Measure::Past) => at = span.start,
            _ => break,
        }
    }
    let beside = passage.between(time.start.saturating_sub(2).max(passage.span.start), time.start);
    beside.contains(&b'>') || passage.between(time.end, time.end + 1) == b"+"
}

/// The days of a unit of weeks or more; shorter times are told in numbers.
fn days_of(passage: &Passage<'_, '_>, word: &[u8]) -> Option<u32> {
    match passage.words().class(word).measure {
        Some(Measure::Week) => Some(7),
        Some(Measure::Month) => Some(30),
        Some(Measure::Year) => Some(365),
        _ => None,
    }
}
