//! Relief after a procedure: how much, for how long, after which.

use super::durations::{Owner, owner_of, owners};
use super::kinds::Kinds;
use super::passage::{Passage, Passages};
use super::times::{Time, times};
use crate::lexicon::{Act, Concept, Detail, Measure, Sense, Telling};
use crate::matching::{Quantity, Unit};
use crate::model::{Lasting, Moment, ProcedureFamily, Relief, SectionKind, Status};
use crate::relate::layers::within;
use crate::text::FoldSpan;

/// How far a percentage may stand from the relief that it measures, in words.
const PERCENT_REACH: usize = 11;

/// How far apart two percentages stand that are told together, in words: "90 % and 85 %", "90% / 85%".
const PAIR_GAP: usize = 2;

/// How far after "lasted" its time may stand, in words: "gave her about".
const EFFECT_REACH: usize = 4;

/// Longer than anything lasts, in days.
const LONGEST: u32 = 36_500;

/// Words for relief.
pub(super) const RELIEFS: Kinds = Kinds::tellings([Telling::Relief, Telling::FullRelief, Telling::NoRelief]);

/// The relief that a note tells, in its order. A statement without figure or denial tells none.
pub(super) fn reliefs(passages: &Passages<'_, '_>) -> Vec<Relief> {
    let mut found = Vec::new();
    let tells_effect = passages.has(Kinds::telling(Telling::Effect));
    // The procedure that the sentence before names last: "it", where this one begins with that word.
    let mut before = None;
    for passage in &passages.all {
        let mut spoken_of = None;
        if tells_effect {
            let last = last_act(passage, passage.span.end);
            let last = last.or_else(|| before.filter(|_| begins_with_it(passage)));
            spoken_of = std::mem::replace(&mut before, last);
        }
        if matches!(
            passage.section,
            SectionKind::Consent | SectionKind::FamilyHistory | SectionKind::Key | SectionKind::Exam
        ) {
            continue;
        }
        let details = passage.has(RELIEFS).then(|| passage.details());
        let told = details.into_iter().flatten().filter_map(|(detail, span)| match detail {
            Detail::Telling(Telling::Relief | Telling::FullRelief) => Some((span, false)),
            Detail::Telling(Telling::NoRelief) => Some((span, true)),
            _ => None,
        });
        let mut used = Vec::new();
        for (span, is_none) in told {
            if matches!(passage.status(span), Status::Hypothetical | Status::Family) {
                continue;
            }
            found.extend(relief(passage, span, is_none, &mut used));
        }
        if used.is_empty()
            && let Some(terse) = terse(passage)
        {
            found.push(terse);
            continue;
        }
        if passage.tells(Telling::Effect) {
            found.extend(effect(passage, spoken_of, &used));
        }
    }
    found
}

fn relief(
    passage: &Passage<'_, '_>,
    span: FoldSpan,
    is_none: bool,
    used: &mut Vec<FoldSpan>,
) -> Option<Relief> {
    let near = passage.quantities(passage.around(span));
    let distance = |q: &Quantity| passage.apart(q.span, span);
    let is_free = |q: &&Quantity| !used.contains(&q.span) && !is_concentration(passage, q);
    let percent = near
        .iter()
        .filter(|q| q.unit == Unit::Percent && q.low <= 100.0 && distance(q) <= PERCENT_REACH)
        .filter(is_free)
        .min_by_key(|q| distance(q));
    if is_none && percent.is_some_and(|q| q.span.start < span.start) {
        return None;
    }
    let is_full = passage.telling(Telling::FullRelief).any(|full| full == span);
    let owners = owners(passage);
    let is_free = |time: &Time| !used.contains(&time.span);
    let lasted = times(passage, passage.around(span)).into_iter().filter(is_free).find(|time| {
        owner_of(passage, &owners, time) == Some((Owner::Relief, span))
            && time.lasting.days.is_none_or(|days| days < LONGEST)
    });
    let lasted = lasted.or_else(|| ended(passage, percent.map_or(span, |q| q.span.union(span))));
    let ongoing = passage.telling(Telling::Ongoing).any(|o| passage.around(span).contains(o));
    if !is_none && !is_full && percent.is_none() && lasted.is_none() {
        return None;
    }
    let parts: Vec<FoldSpan> =
        percent.map(|q| q.span).into_iter().chain(lasted.map(|time| time.span)).collect();
    used.push(span);
    used.extend(&parts);
    // A hedge of the lasting alone ("no relief beyond a week") is no denial of relief.
    let denied = is_none && lasted.is_none();
    Some(Relief {
        percent: percent.map(whole).or(denied.then_some(0)).or(is_full.then_some(100)),
        lasted: lasted.map(|time| time.lasting),
        ongoing,
        times: how_many(passage, &near, percent),
        after: family(passage, span),
        moment: moment(passage, span),
        span: passage.place(parts.into_iter().fold(span, FoldSpan::union)),
    })
}

/// "70 % better until April": relief that ended, after how long is not told.
fn ended(passage: &Passage<'_, '_>, relief: FoldSpan) -> Option<Time> {
    let (measure, span) = passage.measure_after(relief.end)?;
    let lasting = Lasting { days: None, or_longer: true };
    (measure == Measure::Until).then_some(Time { lasting, span })
}

/// "RFA in 2022, which lasted 14 months", "it worked for a few weeks": how long an earlier procedure helped, in words
/// that name no relief.
fn effect(
    passage: &Passage<'_, '_>,
    spoken_of: Option<ProcedureFamily>,
    used: &[FoldSpan],
) -> Option<Relief> {
    let owners = owners(passage);
    passage.telling(Telling::Effect).find_map(|told| {
        let it = spoken_of.filter(|_| begins_with_it(passage));
        let after = last_act(passage, told.start).or(it)?;
        let time = times(passage, passage.span).into_iter().find(|time| time.span.start >= told.start)?;
        let between = FoldSpan::new(told.end.min(time.span.start), time.span.start);
        let is_plain = passage.layers.steps(between.start, between.end) <= EFFECT_REACH
            && !passage.between(between.start, between.end).iter().any(|b| matches!(b, b'.' | b';' | b':'))
            && !owners.iter().any(|(owner, at)| *owner == Owner::Symptom && at.overlaps(between));
        let is_so = !matches!(passage.status(told), Status::Hypothetical | Status::Family | Status::Absent);
        let is_free = !used.contains(&time.span);
        (is_plain && is_so && is_free && time.lasting.days.is_none_or(|days| days < LONGEST)).then(|| {
            Relief {
                percent: None,
                lasted: Some(time.lasting),
                ongoing: false,
                times: 1,
                after: Some(after),
                moment: Moment::Before,
                span: passage.place(told.union(time.span)),
            }
        })
    })
}

/// The injection that is named last before a place, as treatments of the past are named: "his last caudal".
fn last_act(passage: &Passage<'_, '_>, before: u32) -> Option<ProcedureFamily> {
    let acts = passage.acts.iter().filter(|act| act.span.end <= before);
    acts.rev().find_map(|act| match act.concept {
        Concept::Act(Act::Bare(family) | Act::Approach(family)) => Some(family),
        concept => family_of(concept),
    })
}

fn begins_with_it(passage: &Passage<'_, '_>) -> bool {
    passage.has_next(passage.span.start, Sense::Pronoun)
}

/// "L5-S1 transforaminal epidural 11/2: 60% x 10 wks", "… 60% 8 wk", "2 sets of MBB (90%, 85%)": a percentage and how
/// long, or two of them, after a procedure and no other word.
fn terse(passage: &Passage<'_, '_>) -> Option<Relief> {
    let is_labelled = passage.label != passage.span.start;
    let label = FoldSpan::new(passage.label, passage.span.end);
    let acts = if is_labelled { within(passage.layers.acts, label) } else { passage.acts };
    let act = acts.iter().find(|m| family_of(m.concept).is_some())?;
    if passage.span.contains(act.span) && !passage.numbers().tells_percent() {
        return None;
    }
    let near = passage.quantities(FoldSpan::new(act.span.end, passage.around(act.span).end));
    let at = near.iter().position(|q| q.unit == Unit::Percent && q.low <= 100.0)?;
    let percent = near.get(at)?;
    let all = times(passage, FoldSpan::new(percent.span.end, passage.around(act.span).end));
    let lasted = all.into_iter().next().filter(|time| {
        let words = passage.between(percent.span.end, time.span.start).trim_ascii();
        words.is_empty() || passage.words().class(words).measure == Some(Measure::Lasting)
    });
    let second = near.get(at + 1).filter(|q| are_beside(passage, percent, q));
    let is_told = passage.status(percent.span) != Status::Hypothetical;
    (is_told && (lasted.is_some() || second.is_some())).then(|| Relief {
        percent: Some(second.map_or(whole(percent), |second| whole(second).min(whole(percent)))),
        lasted: lasted.map(|time| time.lasting),
        ongoing: false,
        times: if second.is_some() { 2 } else { 1 },
        after: family_of(act.concept),
        moment: Moment::Before,
        span: passage.place(lasted.map_or(percent.span, |time| percent.span.union(time.span))),
    })
}

/// Whether two percentages stand side by side, and are none of strengths: "90 % and 85 %", "90% / 90%".
fn are_beside(passage: &Passage<'_, '_>, one: &Quantity, other: &Quantity) -> bool {
    other.unit == Unit::Percent
        && one.unit == Unit::Percent
        && one.low >= 5.0
        && other.low >= 5.0
        && one.span.end <= other.span.start
        && passage.apart(one.span, other.span) <= PAIR_GAP
}

/// Of how many procedures relief is told: two where words say so, or where two percentages stand side by side.
fn how_many(passage: &Passage<'_, '_>, near: &[Quantity], percent: Option<&Quantity>) -> u8 {
    let is_pair =
        |told: &Quantity| near.iter().any(|q| are_beside(passage, q, told) || are_beside(passage, told, q));
    if percent.is_some_and(is_pair) || passage.tells(Telling::Twice) { 2 } else { 1 }
}

/// Whether a percentage is the strength of a drug: "relief with 0.25% bupivacaine".
fn is_concentration(passage: &Passage<'_, '_>, percent: &Quantity) -> bool {
    percent.low < 5.0
        || passage.details().any(|(detail, span)| {
            matches!(detail, Detail::Substance(_))
                && span.start >= percent.span.end
                && passage.apart(percent.span, span) == 0
        })
}

/// Whole percent; the lower end of a range.
#[expect(clippy::cast_sign_loss, reason = "no quantity is negative")]
const fn whole(percent: &Quantity) -> u8 {
    percent.low as u8
}

const fn family_of(concept: Concept) -> Option<ProcedureFamily> {
    match concept {
        Concept::Act(Act::Family(family) | Act::Spinal(family)) => Some(family),
        _ => None,
    }
}

/// The procedure that a sentence says relief followed: the nearest before it, else the first after it.
fn family(passage: &Passage<'_, '_>, span: FoldSpan) -> Option<ProcedureFamily> {
    let mut named = passage.acts.iter().filter_map(|m| Some((family_of(m.concept)?, m.span)));
    let before = named.clone().rfind(|(_, act)| act.end <= span.start);
    before.or_else(|| named.find(|(_, act)| act.start >= span.end)).map(|(family, _)| family)
}

/// Relief of the procedure of this note is told where that is told, with words that put it after.
fn moment(passage: &Passage<'_, '_>, span: FoldSpan) -> Moment {
    let is_after = passage.tells(Telling::After) || passage.is_headed(Telling::After);
    if passage.is_account && is_after && passage.status(span) != Status::Historical {
        Moment::After
    } else {
        Moment::Before
    }
}
