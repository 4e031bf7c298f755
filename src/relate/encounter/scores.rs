//! Scores of pain and function.
//!
//! ```text
//! pain 8/10    NRS 7 -> 2    pre-procedure pain score 7/10, post-procedure 2/10    ODI 42%
//! ```
//!
//! "7/10" is a pain score only where pain or a pain scale stands near; so no date and no strength is taken for one.

use smallvec::SmallVec;

use super::kinds::Kinds;
use super::passage::{Passage, Passages};
use crate::lexicon::{Concept, Detail, Imaging, Measure, Symptom, Telling, Word};
use crate::matching::{Quantity, Unit};
use crate::model::{FunctionScore, Mention, Moment, PainScore, SectionKind, Status};
use crate::text::FoldSpan;

/// How far pain may stand from its score, in words.
const PAIN_REACH: usize = 18;

/// How far a score may stand after the name of its scale, in words.
const SCALE_REACH: usize = 7;

/// How far from a score an arrow may stand that leads to it or from it, in words.
const ARROW_REACH: usize = 3;

/// What stands beside a score of pain.
const OF_PAIN: Kinds = Kinds::tellings([Telling::OutOfTen, Telling::PainScale]);

/// Scores of one sentence, each with the place where it stands.
type Scores = SmallVec<[Quantity; 4]>;

/// The pain scores of a note, in its order.
pub(super) fn pain_scores(passages: &Passages<'_, '_>) -> Vec<PainScore> {
    let mut found = Vec::new();
    for passage in &passages.all {
        if matches!(passage.section, SectionKind::Consent | SectionKind::FamilyHistory | SectionKind::Key) {
            continue;
        }
        let has_scale = passage.has(OF_PAIN) || passage.is_headed(Telling::PainScale);
        let mut scores = if has_scale { scores(passage) } else { Scores::new() };
        if scores.is_empty()
            && passage.is_account
            && passage.clinical.iter().any(is_felt)
            && let Some(fall) = pain_fell(passage)
        {
            scores.extend(fall);
        }
        for (at, score) in scores.iter().enumerate() {
            let moment = moment(passage, &scores, at);
            found.push(PainScore { value: score.high, moment, span: passage.place(score.span) });
        }
    }
    found
}

/// How far the first of two scores may stand after pain, in words: "pain went from 6 to 1".
const FALL_REACH: usize = 4;

/// Two bare numbers after pain, the second lower: "arm pain 8 -> 0", "pain from 7 to 1", "pain 7 then 4". Only where the
/// procedure is told, for nothing else in so few words makes pain fall.
fn pain_fell(passage: &Passage<'_, '_>) -> Option<[Quantity; 2]> {
    if !passage.is_account {
        return None;
    }
    let mut pains = passage.clinical.iter().filter(|m| is_felt(m));
    pains.find_map(|pain| {
        if !passage.numbers().counts {
            return None;
        }
        let numbers = passage.quantities(FoldSpan::new(pain.span.end, passage.around(pain.span).end));
        let [from, to, ..] = numbers.as_slice() else { return None };
        let bare = |q: &Quantity| q.unit == Unit::Bare && q.high <= 10.0;
        let is_pair = is_arrow(passage, from, to) || falls(passage, from, to);
        let is_near = passage.apart(pain.span, from.span) <= FALL_REACH;
        let is_plain =
            !passage.between(pain.span.end, from.span.start).iter().any(|b| matches!(b, b'.' | b';'));
        (bare(from) && bare(to) && to.high < from.high && is_pair && is_near && is_plain)
            .then_some([*from, *to])
    })
}

/// Whether a mention is of pain, or of what comes with it.
const fn is_felt(mention: &Mention<Concept>) -> bool {
    matches!(mention.concept, Concept::Symptom(Symptom::Complaint | Symptom::Radicular | Symptom::Picture))
}

/// The pain scores of a sentence: those out of ten, and those that follow the name of a scale.
fn scores(passage: &Passage<'_, '_>) -> Scores {
    let mut scales: SmallVec<[FoldSpan; 4]> = passage.telling(Telling::PainScale).collect();
    if passage.is_headed(Telling::PainScale) {
        scales.push(FoldSpan::new(passage.span.start, passage.span.start));
    }
    let anchors = scales.iter().copied().chain(passage.telling(Telling::OutOfTen));
    let stretch = anchors.map(|span| passage.around(span)).reduce(FoldSpan::union);
    let all = stretch.map(|stretch| passage.quantities(stretch)).unwrap_or_default();
    let mut found = Scores::new();
    for (at, q) in all.iter().enumerate() {
        let is_score = match q.unit {
            _ if q.high > 10.0 || matches!(passage.status(q.span), Status::Hypothetical | Status::Family) => {
                false
            }
            Unit::OutOfTen => {
                // "7/10 before, 2/10 at half an hour"
                let follows = found.last().is_some_and(|last| passage.apart(last.span, q.span) <= PAIN_REACH);
                !is_day(passage, q) && (follows || is_pain(passage, q, &scales))
            }
            Unit::Bare => follows_scale(passage, q, &scales) || at > 0 && follows_score(passage, &found, q),
            _ => false,
        };
        // "A scale of 0 to 10": the ends of a scale are no scores.
        let is_scale =
            q.low < 0.5 && all.get(at + 1).is_some_and(|n| n.high > 9.5 && is_range(passage, q, n));
        // "8 -> 2/10": the first has its scale from the second.
        let next =
            all.get(at + 1).filter(|n| n.unit == Unit::OutOfTen && q.unit == Unit::Bare && q.high <= 10.0);
        let leads = next.is_some_and(|n| is_arrow(passage, q, n) && is_pain(passage, n, &scales));
        if (is_score || leads) && !is_scale {
            found.push(*q);
        }
    }
    found
}

/// Whether what looks like a score out of ten is a day of October: "on 7/10", "MRI 7/10".
fn is_day(passage: &Passage<'_, '_>, score: &Quantity) -> bool {
    let lead = passage.class(passage.word_before(score.span.start)).measure;
    lead == Some(Measure::Dated)
        || passage.clinical.iter().any(|m| {
            m.concept == Concept::Imaging(Imaging::Study) && score.span.start.wrapping_sub(m.span.end) <= 1
        })
}

/// Whether a score out of ten is one of pain: pain or a pain scale near it.
fn is_pain(passage: &Passage<'_, '_>, score: &Quantity, scales: &[FoldSpan]) -> bool {
    let near = |span: FoldSpan| passage.apart(span, score.span) <= PAIN_REACH;
    let beside = passage.reach(score.span, ARROW_REACH, ARROW_REACH);
    let is_arrow = passage.between(beside.start, beside.end).iter().any(|&byte| matches!(byte, b'~' | b'>'));
    let mut nearest = passage.clinical.iter().filter(|m| near(m.span)).peekable();
    let is_sign = matches!(passage.section, SectionKind::Exam)
        && nearest.peek().is_some_and(|m| m.concept == Concept::Symptom(Symptom::Sign));
    let is_symptom = |concept| {
        matches!(concept, Concept::Symptom(Symptom::Complaint | Symptom::Radicular | Symptom::Picture))
    };
    !is_sign
        && (scales.iter().any(|&span| near(span))
            || nearest.any(|m| is_symptom(m.concept))
            || is_arrow
            || passage.measure_after(score.span.end).is_some_and(|(measure, _)| told(measure).is_some())
            || passage.details().any(|(d, span)| {
                matches!(d, Detail::Telling(Telling::Before | Telling::After | Telling::Relief)) && near(span)
            }))
}

/// Whether a bare number follows the name of a scale: "VAS 6", "pain score: 7", "NRS pain today is 5".
fn follows_scale(passage: &Passage<'_, '_>, score: &Quantity, scales: &[FoldSpan]) -> bool {
    let before = scales.iter().rfind(|scale| scale.end <= score.span.start);
    before.is_some_and(|scale| {
        // "VAS 15 min: 1"
        let start = time_after(passage, *scale, score.span).map_or(scale.end, |time| time.end);
        let gap = passage.between(start, score.span.start);
        !gap.iter().any(|b| b.is_ascii_digit() || matches!(b, b',' | b';' | b'.' | b'/'))
            && passage.layers.steps(start, score.span.start) <= SCALE_REACH
    })
}

/// The time of minutes or hours between the name of a scale and its score, at which it was taken.
fn time_after(passage: &Passage<'_, '_>, scale: FoldSpan, score: FoldSpan) -> Option<FoldSpan> {
    let between = passage.quantities(FoldSpan::new(scale.end, score.start));
    between.iter().find(|q| q.unit == Unit::Days && q.high < 1.0).map(|q| q.span)
}

/// Whether a bare number is the second of a pair: "NRS 7 -> 2", "NRS 7 before and 1 after".
fn follows_score(passage: &Passage<'_, '_>, found: &Scores, score: &Quantity) -> bool {
    found.last().is_some_and(|last| is_arrow(passage, last, score) || is_pair(passage, last, score))
}

/// How far the second score of a pair may stand from the first, in words: "7 before the procedure and 2".
const PAIR_REACH: usize = 6;

/// Whether of two numbers the first is said to be of before and the second of after: "7 before and 1 after", "pre 8,
/// post 2".
fn is_pair(passage: &Passage<'_, '_>, from: &Quantity, to: &Quantity) -> bool {
    let is_near = from.span.end <= to.span.start && passage.apart(from.span, to.span) <= PAIR_REACH;
    is_near
        && to.high <= 10.0
        && beside(passage, from.span) == Some(Moment::Before)
        && beside(passage, to.span) == Some(Moment::After)
}

/// Before or after, as the words right behind a number say, or else those right before it.
fn beside(passage: &Passage<'_, '_>, score: FoldSpan) -> Option<Moment> {
    let words = || {
        passage.details().filter_map(|(detail, span)| match detail {
            Detail::Telling(Telling::Before) => Some((Moment::Before, span)),
            Detail::Telling(Telling::After) => Some((Moment::After, span)),
            _ => None,
        })
    };
    let behind = words().find(|(_, span)| span.start >= score.end && passage.apart(score, *span) == 0);
    let ahead = words().find(|(_, span)| span.end <= score.start && passage.apart(score, *span) <= 1);
    let single = |found: Option<(Measure, FoldSpan)>| found.and_then(|(measure, _)| told(measure));
    behind
        .map(|(moment, _)| moment)
        .or_else(|| single(passage.measure_after(score.end)))
        .or_else(|| ahead.map(|(moment, _)| moment))
        .or_else(|| single(passage.measure_before(score.start)))
}

/// Whether an arrow leads from one number to another.
fn is_arrow(passage: &Passage<'_, '_>, from: &Quantity, to: &Quantity) -> bool {
    let gap = passage.between(from.span.end, to.span.start).trim_ascii();
    !gap.is_empty() && gap.iter().all(|b| matches!(b, b'-' | b'>' | b'~' | b'=' | b' '))
}

/// Whether a score is of before or after the procedure of this note.
fn moment(passage: &Passage<'_, '_>, scores: &Scores, at: usize) -> Moment {
    let Some(score) = scores.get(at).filter(|_| passage.is_account) else { return Moment::Before };
    let scale = passage.telling(Telling::PainScale).filter(|scale| scale.end <= score.span.start).last();
    if scale.is_some_and(|scale| time_after(passage, scale, score.span).is_some()) {
        return Moment::After;
    }
    let behind = passage.measure_after(score.span.end).and_then(|(measure, _)| told(measure));
    let next = |span: FoldSpan| span.start >= score.span.end && span.start - score.span.end <= 1;
    let before = |span: FoldSpan| span.end <= score.span.start;
    let named = |by: &dyn Fn(FoldSpan) -> bool| {
        let words = passage.details().filter_map(|(detail, span)| match detail {
            Detail::Telling(Telling::Before) => Some((Moment::Before, span)),
            Detail::Telling(Telling::After) => Some((Moment::After, span)),
            _ => None,
        });
        words.filter(|&(_, span)| by(span)).last().map(|(moment, _)| moment)
    };
    let lead = passage.measure_before(score.span.start).and_then(|(measure, _)| told(measure));
    let earlier = at.checked_sub(1).and_then(|i| scores.get(i));
    let is_first = scores.get(at + 1).is_some_and(|n| {
        is_arrow(passage, score, n) || falls(passage, score, n) || is_pair(passage, score, n)
    });
    let is_after = named(&|_| true) == Some(Moment::After);
    if earlier.is_some_and(|e| {
        let is_told = is_after || is_fall(passage, e) || passage.tells(Telling::Fell);
        is_arrow(passage, e, score) || is_pair(passage, e, score) || is_told && falls(passage, e, score)
    }) {
        return Moment::After;
    }
    if is_first {
        return Moment::Before;
    }
    // "pre 6/10 post 1/10": words lead to scores here, and do not follow them.
    let told_before =
        |score: &Quantity| passage.class(passage.word_before(score.span.start)).measure.and_then(told);
    if scores.first().is_some_and(|first| told_before(first).is_some())
        && let Some(moment) = told_before(score)
    {
        return moment;
    }
    // "7/10 before, 2/10 at half an hour"
    let beside_earlier =
        earlier.and_then(|e| passage.measure_after(e.span.end)).and_then(|(measure, _)| told(measure));
    if beside_earlier == Some(Moment::Before) {
        return Moment::After;
    }
    let headed = passage.is_headed(Telling::After).then_some(Moment::After);
    behind.or_else(|| named(&next)).or(lead).or_else(|| named(&before)).or(headed).unwrap_or(Moment::Before)
}

/// Whether pain fell from one score to another: "from 7/10 to 2/10", "7 then 4".
fn falls(passage: &Passage<'_, '_>, from: &Quantity, to: &Quantity) -> bool {
    let gap = passage.between(from.span.end, to.span.start);
    let is_then = passage.words().class(gap.trim_ascii()).measure == Some(Measure::Then);
    (is_then || is_range(passage, from, to)) && to.high < from.high
}

/// Whether nothing but "to" stands between two numbers.
fn is_range(passage: &Passage<'_, '_>, from: &Quantity, to: &Quantity) -> bool {
    let gap = passage.next(from.span.end);
    passage.apart(from.span, to.span) == 1 && gap.is_some_and(|word| word.class.word == Some(Word::To))
}

/// Whether a score is the first of two that stand beside pain with no scale.
fn is_fall(passage: &Passage<'_, '_>, from: &Quantity) -> bool {
    from.unit == Unit::Bare && pain_fell(passage).is_some_and(|[first, _]| first.span == from.span)
}

const fn told(measure: Measure) -> Option<Moment> {
    match measure {
        Measure::Before => Some(Moment::Before),
        Measure::After => Some(Moment::After),
        _ => None,
    }
}

/// The scores of function, in the order of the note; a scale named again without a score adds nothing.
pub(super) fn function_scores(passages: &Passages<'_, '_>) -> Vec<FunctionScore> {
    let mut found: Vec<FunctionScore> = Vec::new();
    for passage in passages.with(Kinds::telling(Telling::FunctionScale)) {
        let mut done = 0;
        for scale in passage.telling(Telling::FunctionScale) {
            let is_so = matches!(passage.status(scale), Status::Present | Status::Historical);
            if scale.start < done || !is_so || passage.section == SectionKind::Consent {
                continue;
            }
            let end = passage.reach(scale, 0, SCALE_REACH).end;
            let next = passage.telling(Telling::FunctionScale).find(|s| s.start >= scale.end);
            let end = next.map_or(end, |next| end.min(next.start));
            let near = passage.quantities(FoldSpan::new(scale.end, end));
            let score = near.iter().find(|q| matches!(q.unit, Unit::Bare | Unit::Percent | Unit::OutOfTen));
            let fraction = || fraction(passage, FoldSpan::new(scale.end, end));
            let (value, span) = match score.map(|q| (q.high, q.span)).or_else(fraction) {
                Some((value, span)) => (Some(value), scale.union(span)),
                None => (None, scale),
            };
            done = span.end;
            let is_after =
                passage.is_account && (passage.tells(Telling::After) || passage.is_headed(Telling::After));
            let moment = if is_after { Moment::After } else { Moment::Before };
            found.push(FunctionScore { value, moment, span: passage.place(span) });
        }
    }
    let has_score = found.iter().any(|score| score.value.is_some());
    found.retain(|score| score.value.is_some() || !has_score);
    found
}

/// The upper number of a fraction: "NDI 28/50".
fn fraction(passage: &Passage<'_, '_>, stretch: FoldSpan) -> Option<(f64, FoldSpan)> {
    let text = passage.between(stretch.start, stretch.end);
    let slash = text.iter().position(|&b| b == b'/')?;
    let digits = text[..slash].iter().rev().take_while(|b| b.is_ascii_digit()).count();
    let below = text[slash + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
    let is_score =
        (1..=3).contains(&digits) && (2..=3).contains(&below) && text.get(slash + 1 + below) != Some(&b'/');
    let value = std::str::from_utf8(&text[slash - digits..slash]).ok()?.parse().ok()?;
    let end = stretch.start + (slash + 1 + below) as u32;
    is_score.then(|| (value, FoldSpan::new(stretch.start + (slash - digits) as u32, end)))
}
