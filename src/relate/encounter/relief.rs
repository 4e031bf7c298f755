//! Relief after a procedure: how much, for how long, after which.

use super::durations::{Owner, days, owner_of, owners};
use super::passage::Passage;
use crate::lexicon::{Act, Concept, Detail, Telling};
use crate::matching::{Quantity, Unit};
use crate::model::{Moment, ProcedureFamily, Relief, SectionKind, Status};
use crate::relate::layers::within;
use crate::text::FoldSpan;

/// How far a percentage may stand from the relief that it measures, in bytes.
const PERCENT_REACH: u32 = 48;

/// How far apart two percentages stand that are told together, in bytes: "90 % and 85 %".
const PAIR_GAP: u32 = 6;

/// The relief that a note tells, in its order. A statement without figure or denial tells none.
pub(super) fn reliefs(passages: &[Passage<'_, '_>]) -> Vec<Relief> {
    let mut found = Vec::new();
    for passage in passages {
        if matches!(
            passage.section,
            SectionKind::Consent | SectionKind::FamilyHistory | SectionKind::Key | SectionKind::Exam
        ) {
            continue;
        }
        let told = passage.details().filter_map(|(detail, span)| match detail {
            Detail::Telling(Telling::Relief) => Some((span, false)),
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
        if used.is_empty() {
            found.extend(terse(passage));
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
    let distance = |q: &Quantity| {
        if q.span.end <= span.start { span.start - q.span.end } else { q.span.start.saturating_sub(span.end) }
    };
    let is_free = |q: &&Quantity| !used.contains(&q.span) && !is_concentration(passage, q);
    let percent = near
        .iter()
        .filter(|q| q.unit == Unit::Percent && q.low <= 100.0 && distance(q) <= PERCENT_REACH)
        .filter(is_free)
        .min_by_key(|q| distance(q));
    if is_none && percent.is_some_and(|q| q.span.start < span.start) {
        return None;
    }
    let owners = owners(passage);
    let lasted = near.iter().filter(|q| q.unit == Unit::Days && is_free(q)).find(|q| {
        let owner = owner_of(passage, &owners, q);
        owner == Some((Owner::Relief, span)) && days(q) < 36_500
    });
    let ongoing = passage.telling(Telling::Ongoing).any(|o| passage.around(span).contains(o));
    if !is_none && percent.is_none() && lasted.is_none() {
        return None;
    }
    used.push(span);
    used.extend(percent.iter().chain(&lasted).map(|q| q.span));
    // A hedge of the lasting alone ("no relief beyond a week") is no denial of relief.
    let denied = is_none && lasted.is_none();
    Some(Relief {
        percent: percent.map(whole).or(denied.then_some(0)),
        days: lasted.map(days).filter(|_| !denied),
        ongoing,
        times: times(passage, &near, percent),
        after: family(passage, span),
        moment: moment(passage, span),
        span: passage.place(percent.iter().chain(&lasted).fold(span, |all, q| all.union(q.span))),
    })
}

/// "L5-S1 transforaminal epidural 11/2: 60% x 10 wks", "… 60% 8 wk": a percentage and how long, after a procedure and no other word.
fn terse(passage: &Passage<'_, '_>) -> Option<Relief> {
    let act = within(passage.layers.acts, passage.span).iter().find(|m| family_of(m.concept).is_some())?;
    let near = passage.quantities(FoldSpan::new(act.span.end, passage.around(act.span).end));
    let at = near.iter().position(|q| q.unit == Unit::Percent && q.low <= 100.0)?;
    let (percent, lasted) = (near.get(at)?, near.get(at + 1).filter(|q| q.unit == Unit::Days)?);
    let words = passage.between(percent.span.end, lasted.span.start).trim_ascii();
    let is_lasting =
        passage.words().class(words).measure == Some(crate::lexicon::Measure::Lasting) || words.is_empty();
    let is_told = is_lasting && passage.status(percent.span) != Status::Hypothetical;
    is_told.then(|| Relief {
        percent: Some(whole(percent)),
        days: Some(days(lasted)),
        ongoing: false,
        times: 1,
        after: family_of(act.concept),
        moment: Moment::Before,
        span: passage.place(percent.span.union(lasted.span)),
    })
}

/// Of how many procedures relief is told: two where words say so, or where two percentages stand side by side.
fn times(passage: &Passage<'_, '_>, near: &[Quantity], percent: Option<&Quantity>) -> u8 {
    let is_pair = percent.is_some_and(|told| {
        near.iter().any(|q| {
            let gap = told.span.start.checked_sub(q.span.end);
            q.unit == Unit::Percent && q.low >= 5.0 && gap.is_some_and(|gap| gap <= PAIR_GAP)
        })
    });
    if is_pair || passage.tells(Telling::Twice) { 2 } else { 1 }
}

/// Whether a percentage is the strength of a drug: "relief with 0.25% bupivacaine".
fn is_concentration(passage: &Passage<'_, '_>, percent: &Quantity) -> bool {
    percent.low < 5.0
        || passage.details().any(|(detail, span)| {
            matches!(detail, Detail::Substance(_))
                && span.start >= percent.span.end
                && span.start - percent.span.end <= 2
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
    let acts = within(passage.layers.acts, passage.span);
    let mut named = acts.iter().filter_map(|m| Some((family_of(m.concept)?, m.span)));
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
