//! Times that a sentence tells, in numbers and without: what may be how long something lasted.
//!
//! `6 weeks` · `over 2 years` · `for a year` · `the past several months` · `for years`

use smallvec::SmallVec;

use super::passage::Passage;
use crate::lexicon::{Measure, Sense, Telling, Word};
use crate::matching::{Quantity, Token, Unit, WordClass};
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
    if passage.span.contains(stretch) && !passage.numbers().tells_time() {
        debug_assert!(read(passage, stretch).is_empty());
        return Times::new();
    }
    read(passage, stretch)
}

fn read(passage: &Passage<'_, '_>, stretch: FoldSpan) -> Times {
    let quantities = passage.quantities(stretch);
    let numbered = quantities.iter().filter(|q| q.unit == Unit::Days).filter_map(|q| numbered(passage, q));
    let mut found: Times = numbered.collect();
    for unit in passage.layers.tokens_within(stretch) {
        let span = FoldSpan::new(unit.start, unit.end);
        let Some(days) = unit.class.measure.and_then(days_of) else { continue };
        // "2 weeks' time" is none of these.
        let is_owner = passage.between(span.end, span.end + 1) == b"'";
        if !is_owner && !quantities.iter().any(|q| q.span.overlaps(span)) {
            found.extend(unnumbered(passage, unit, days));
        }
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
fn unnumbered(passage: &Passage<'_, '_>, unit: &Token, days: u32) -> Option<Time> {
    let before = passage.word_before(unit.start);
    let lead = passage.class(before);
    let from = |start: u32| FoldSpan::new(start, unit.end);
    let untold = Lasting { days: None, or_longer: true };
    if lead.sense == Some(Sense::Article) {
        let span = from(before.start);
        // "twice a week" is how often.
        let follows = passage.telling(Telling::Effect).any(|effect| effect.end + 1 == before.start);
        let leads_on = || passage.has_next(unit.end, Sense::Whole);
        let is_length = follows || passage.measure_before(before.start).is_some() || leads_on();
        let and_half = passage.next(unit.end).is_some_and(|next| next.class.word == Some(Word::And));
        let or_longer = and_half || is_least(passage, span);
        return is_length.then_some(Time { lasting: Lasting { days: Some(days), or_longer }, span });
    }
    let is_several = |class: WordClass| class.measure == Some(Measure::Several);
    if is_several(lead) {
        return Some(Time { lasting: untold, span: from(before.start) });
    }
    let earlier = passage.word_before(before.start);
    if lead.sense == Some(Sense::Whole) && is_several(passage.class(earlier)) {
        return Some(Time { lasting: untold, span: from(earlier.start) });
    }
    let is_plural = unit.class.sense == Some(Sense::Plural);
    let is_led = matches!(passage.measure_before(unit.start), Some((Measure::Lasting, _)));
    (is_plural && is_led).then_some(Time { lasting: untold, span: from(unit.start) })
}

/// Whether a word before a time says that it may have been longer: "over 2 years"; so does "over the past 3 weeks",
/// which tells of a change.
fn is_least(passage: &Passage<'_, '_>, time: FoldSpan) -> bool {
    let mut at = time.start;
    for _ in 0..3 {
        let span = passage.word_before(at);
        match passage.class(span).measure {
            Some(Measure::More) => return true,
            Some(Measure::Filler | Measure::Past) => at = span.start,
            _ => break,
        }
    }
    let beside = passage.between(time.start.saturating_sub(2).max(passage.span.start), time.start);
    beside.contains(&b'>') || passage.between(time.end, time.end + 1) == b"+"
}

/// The days of a unit of weeks or more; shorter times are told in numbers.
const fn days_of(unit: Measure) -> Option<u32> {
    match unit {
        Measure::Week => Some(7),
        Measure::Month => Some(30),
        Measure::Year => Some(365),
        _ => None,
    }
}
