//! For how long: symptoms, conservative care, relief.
//!
//! A duration belongs to what it leads to ("6 weeks of physical therapy", "a two-month history of leg pain") or else to
//! the nearest of a symptom, a treatment or relief before it ("leg pain for 3 months", "therapy x 8 wk").

use smallvec::SmallVec;

use super::passage::{Passage, Passages};
use super::times::{Time, times};
use crate::lexicon::{Care, Concept, Detail, Measure, Sense, Symptom, Telling};
use crate::matching::Token;
use crate::model::{Lasting, SectionKind, Stated, Status};
use crate::relate::care::was_had;
use crate::text::FoldSpan;

/// What a duration is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    Symptom,
    Care,
    Relief,
    /// A procedure, or another thing that is no symptom.
    Other,
}

/// What of a sentence a duration could be of, with its places.
type Owners = SmallVec<[(Owner, FoldSpan); 8]>;

/// For how long symptoms and conservative care have lasted.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Durations {
    pub(super) symptom: Option<Stated<Lasting>>,
    pub(super) care: Option<Stated<Lasting>>,
}

/// How far a duration may stand from what it is of, in words.
const REACH: usize = 17;

/// How far what is relieved may stand after "relief", in words: "relief of her left leg pain".
const RELIEVED: usize = 3;

/// How far what began may stand after "developed", in words.
const BEGUN: usize = 5;

/// How far from a duration a word that names it may stand, in words: "6 weeks of duration".
const LEADS: usize = 1;

/// Most marks between a thing and its duration.
const MARKS: usize = 3;

/// For how long symptoms have lasted, as first told, and care, the longest that was had.
pub(super) fn durations(passages: &Passages<'_, '_>) -> Durations {
    let mut found = Durations::default();
    let told = passages.all.iter().filter(|p| tells_how_long(p.section));
    let told = told.filter(|p| names_owner(p) || p.tells(Telling::Injury));
    for passage in told.filter(|p| may_tell_how_long(p)) {
        let owners = owners(passage);
        let is_of = |(owner, _): &(Owner, FoldSpan)| matches!(owner, Owner::Care | Owner::Symptom);
        if !owners.iter().any(is_of) && !passage.tells(Telling::Injury) {
            continue;
        }
        let times = times(passage, passage.span);
        for &time in &times {
            let stated = Stated { value: time.lasting, span: passage.place(time.span) };
            if time.lasting.days == Some(0) || passage.status(time.span) == Status::Hypothetical {
                continue;
            }
            match owner_of(passage, &owners, &time) {
                Some((Owner::Symptom, of))
                    if is_fuller(found.symptom, time) && is_felt(passage, of, &time) =>
                {
                    found.symptom = Some(stated);
                }
                Some((Owner::Care, of))
                    if found.care.is_none_or(|c| c.value.days < time.lasting.days)
                        && (was_had(passage.layers, of) || is_told_before(passage, of, &time)) =>
                {
                    found.care = Some(stated);
                }
                _ => {}
            }
        }
        if found.symptom.is_none() {
            found.symptom = since(passage, &owners, &times);
        }
    }
    found
}

/// Whether anything that tells a duration or a beginning stands in a sentence.
fn may_tell_how_long(passage: &Passage<'_, '_>) -> bool {
    let numbers = passage.numbers();
    numbers.tells_time() || numbers.tells_since || passage.tells(Telling::Since)
}

/// Whether a symptom or care stands in a sentence, of which a duration could be.
fn names_owner(passage: &Passage<'_, '_>) -> bool {
    passage.clinical.iter().any(|m| is_symptom(m.concept)) || passage.care.iter().any(|m| is_care(m.concept))
}

const fn is_symptom(concept: Concept) -> bool {
    matches!(concept, Concept::Symptom(Symptom::Complaint | Symptom::Radicular | Symptom::Picture))
}

const fn is_care(concept: Concept) -> bool {
    matches!(concept, Concept::Care(Care::Treatment | Care::Drug))
}

/// Whether a time tells more than what is known: the first that is told counts, unless it leaves open how long.
fn is_fuller(known: Option<Stated<Lasting>>, time: Time) -> bool {
    known.is_none_or(|known| known.value.or_longer && known.value.days < time.lasting.days)
}

/// Whether a symptom is there now. Counted back to its beginning it may be told as of the past, and so may all that
/// the word "history" leads to.
fn is_felt(passage: &Passage<'_, '_>, symptom: FoldSpan, time: &Time) -> bool {
    passage.is_so(symptom)
        || passage.status(symptom) == Status::Historical
            && (is_ago(passage, time) || passage.opens_with_cue_of(symptom))
}

/// Whether a report tells how long care was tried, before it tells what was done: "8 weeks of therapy".
fn is_told_before(passage: &Passage<'_, '_>, care: FoldSpan, time: &Time) -> bool {
    passage.is_account && passage.status(care) == Status::Present && time.span.end < care.start
}

/// Since when a symptom has lasted: "leg pain since March", "neck pain, rear-ended 14 months ago". How long that is,
/// or whether it hurt at once, is not told.
fn since(passage: &Passage<'_, '_>, owners: &[(Owner, FoldSpan)], times: &[Time]) -> Option<Stated<Lasting>> {
    let felt = |since: &FoldSpan| {
        let mut symptoms = owners.iter().filter(|(owner, _)| *owner == Owner::Symptom);
        symptoms
            .any(|&(_, at)| at.end <= since.start && passage.apart(at, *since) <= REACH && passage.is_so(at))
    };
    let told = passage.telling(Telling::Since).chain(since_year(passage)).find(felt);
    let hurt = || {
        let mut injuries = passage.telling(Telling::Injury).peekable();
        injuries.peek()?;
        let ago = times.iter().find(|time| is_ago(passage, time))?;
        let injury = injuries.find(|injury| injury.end <= ago.span.start)?;
        Some(injury.union(ago.span))
    };
    let span = passage.place(told.or_else(hurt)?);
    Some(Stated { value: Lasting { days: None, or_longer: true }, span })
}

/// "since 2019"
fn since_year<'p>(passage: &'p Passage<'_, '_>) -> impl Iterator<Item = FoldSpan> + 'p {
    let mut before: Option<&Token> = None;
    let words = passage.numbers().tells_since.then(|| passage.layers.tokens_within(passage.span));
    words.into_iter().flatten().filter_map(move |token| {
        let since = before.replace(token).filter(|word| word.class.sense == Some(Sense::Since))?;
        let year = passage.between(token.start, token.end);
        let is_year = year.len() == 4 && (year.starts_with(b"19") || year.starts_with(b"20"));
        is_year.then(|| FoldSpan::new(since.start, token.end))
    })
}

fn is_ago(passage: &Passage<'_, '_>, time: &Time) -> bool {
    passage.measure_after(time.span.end).is_some_and(|(measure, _)| measure == Measure::Ago)
}

const fn tells_how_long(section: SectionKind) -> bool {
    matches!(
        section,
        SectionKind::Unknown
            | SectionKind::Indication
            | SectionKind::History
            | SectionKind::Impression
            | SectionKind::Procedure
            | SectionKind::Plan
            | SectionKind::Medications
            | SectionKind::Other
    )
}

/// What of a sentence a duration could be of, in order.
pub(super) fn owners(passage: &Passage<'_, '_>) -> Owners {
    let symptoms = passage.clinical.iter().filter(|m| is_symptom(m.concept));
    let symptoms = symptoms.map(|m| (Owner::Symptom, m.span));
    let care = passage.care.iter().filter_map(|m| match m.concept {
        concept if is_care(concept) => Some((Owner::Care, m.span)),
        Concept::Care(Care::Injection) => Some((Owner::Other, m.span)),
        _ => None,
    });
    let acts = passage.acts.iter().filter_map(|m| match m.concept {
        Concept::Act(act) if act.is_name() => Some((Owner::Other, m.span)),
        _ => None,
    });
    let relief = passage.details().filter_map(|(detail, span)| match detail {
        Detail::Telling(Telling::Relief | Telling::FullRelief | Telling::NoRelief) => {
            Some((Owner::Relief, span))
        }
        _ => None,
    });
    let mut all: Owners = symptoms.chain(care).chain(acts).chain(relief).collect();
    // "pain relief" is relief, "physical therapy" no symptom of the word inside it.
    all.sort_by_key(|&(owner, span)| (span.start, std::cmp::Reverse(span.end), owner != Owner::Relief));
    let reliefs: SmallVec<[FoldSpan; 4]> =
        all.iter().filter(|(o, _)| *o == Owner::Relief).map(|&(_, span)| span).collect();
    // What is relieved has not lasted as long as its relief: "relief of leg pain for 3 months".
    let is_relieved = |span: FoldSpan| {
        let gap = |&relief: &FoldSpan| relief.end <= span.start && passage.apart(relief, span) <= RELIEVED;
        reliefs.iter().any(|relief| relief.overlaps(span) || gap(relief))
    };
    all.retain(|&mut (owner, span)| owner != Owner::Symptom || !is_relieved(span));
    all
}

/// What a duration is of.
pub(super) fn owner_of(
    passage: &Passage<'_, '_>,
    owners: &[(Owner, FoldSpan)],
    duration: &Time,
) -> Option<(Owner, FoldSpan)> {
    let span = duration.span;
    let lead = passage.measure_before(span.start);
    if matches!(lead, Some((Measure::Timing | Measure::Until | Measure::Before | Measure::After, _))) {
        return None;
    }
    let is_near = |&&(_, owner): &&(Owner, FoldSpan)| passage.apart(owner, span) <= REACH;
    let before = owners.iter().rev().filter(|(_, owner)| owner.end <= span.start).find(is_near);
    let after = owners.iter().filter(|(_, owner)| owner.start >= span.end).find(is_near);
    let next = passage.measure_after(span.end).map(|(measure, _)| measure);
    if next == Some(Measure::Ago) {
        let began = passage.telling(Telling::Onset).any(|onset| onset.end <= span.start);
        // "Seven months ago, while lifting, he developed back pain": then what began is told last.
        let begins = passage.telling(Telling::Onset).find(|onset| onset.start >= span.end);
        if let Some(onset) = begins.filter(|_| !began) {
            let is_begun = |owner: FoldSpan| owner.start >= onset.end && passage.apart(onset, owner) <= BEGUN;
            return owners.iter().find(|(owner, at)| *owner == Owner::Symptom && is_begun(*at)).copied();
        }
        return before.or(after).filter(|(owner, _)| began && *owner == Owner::Symptom).copied();
    }
    if leads_on(passage, span) {
        return after.copied();
    }
    let is_led = passage.word_before(span.start).start >= passage.span.start
        && (matches!(lead, Some((Measure::Lasting, _)))
            || is_recent(passage, span)
            || is_times(passage, span)
            || passage.telling(Telling::Duration).any(|told| passage.apart(told, span) <= LEADS)
            || follows_at_once(passage, before, span));
    before.filter(|_| is_led).copied()
}

/// "over the past 3 weeks", "in the last year"
fn is_recent(passage: &Passage<'_, '_>, span: FoldSpan) -> bool {
    passage.class(passage.word_before(span.start)).measure == Some(Measure::Past)
}

/// Whether a letter that stands for "times" leads to a number in one word with it: "x5 months".
fn is_times(passage: &Passage<'_, '_>, span: FoldSpan) -> bool {
    let word = passage.next(span.start);
    let text = word.map(|word| passage.between(word.start, word.end)).unwrap_or_default();
    text.first().is_some_and(u8::is_ascii_alphabetic) && text.iter().any(u8::is_ascii_digit)
}

/// Whether the words after a duration lead to what it is of: "6 weeks of", "a 3 month history of".
fn leads_on(passage: &Passage<'_, '_>, span: FoldSpan) -> bool {
    let at = span.end + u32::from(passage.text().get(span.end as usize) == Some(&b'\''));
    let leads = |told: FoldSpan| told.start >= at && passage.layers.steps(at, told.start) <= LEADS;
    let is_of = passage.has_next(at, Sense::Whole);
    passage.telling(Telling::HistoryOf).any(leads) || is_of && !passage.telling(Telling::Duration).any(leads)
}

/// Whether only marks stand between a thing and the duration: "PT (6 weeks)", "Left leg pain, 4 months".
fn follows_at_once(passage: &Passage<'_, '_>, before: Option<&(Owner, FoldSpan)>, span: FoldSpan) -> bool {
    before.is_some_and(|(_, owner)| {
        let gap = passage.between(owner.end, span.start);
        !gap.iter().any(u8::is_ascii_alphanumeric) && passage.apart(*owner, span) <= MARKS
    })
}
