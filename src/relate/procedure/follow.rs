//! What the note of a visit says of doing the same once more, where no report tells what was done.
//!
//! ```text
//! We did left L3, L4 and L5 RFA in June. The right side followed in July.    on the right, before
//! Left L5 TFESI in May helped. Plan: repeat injection.                       left L5, planned
//! Left L5 TFESI in May helped. Plan: repeat TFESI.                           left L5, planned
//! ```

use crate::lexicon::{Act, Concept, Sense, Word};
use crate::model::{ProcedureFamily, ProcedureStatus, SectionKind, Side};
use crate::relate::layers::Layers;
use crate::segment::Sentence;

use super::acts::{Acts, Kinds};
use super::echo::{again, earlier, may_tell, other_side};
use super::label::with_label;
use super::outline::Part;
use super::place::Site;
use super::record::{Draft, distinct, kin};
use super::sentence::ProcedureSentence;
use super::within_acts;

/// Within how many sentences a side or a repetition belongs to what was named last.
const REACH: usize = 3;

/// Adds what the note of a visit tells of the other side, or of the same again.
pub(super) fn complete(layers: &Layers<'_, '_>, acts: &Acts, of_spine: bool, drafts: &mut Vec<Draft>) {
    if drafts.is_empty() || drafts.iter().any(|d| d.is_report) {
        return;
    }
    let mut in_order = drafts.clone();
    in_order.sort_by_key(|d| d.sentence);
    let only = distinct(only_treatment(&in_order).iter());
    let mut rest = &in_order[..];
    let mut last: &[Draft] = &[];
    for (index, sentence) in layers.layout.sentences.iter().enumerate() {
        let kinds = acts.at(index);
        let (here, later) = rest.split_at(rest.partition_point(|d| d.sentence <= index));
        rest = later;
        if !here.is_empty() {
            // "Blocks of the same nerves were positive; the SI joints were injected"
            let is_other = here.iter().all(|d| !last.iter().any(|of| kin(d.family, of.family)));
            let is_near = last.first().is_some_and(|d| index - d.sentence <= REACH);
            if is_other && is_near && kinds.has(Kinds::SAME) && points_back(layers, sentence) {
                drafts.extend(told(layers, kinds, of_spine, (index, sentence), last, &only));
            }
            last = here;
            continue;
        }
        let near = if last.first().is_some_and(|d| index - d.sentence <= REACH) { last } else { &[] };
        drafts.extend(told(layers, kinds, of_spine, (index, sentence), near, &only));
    }
}

/// Whether a sentence points to what was done before it.
fn points_back(layers: &Layers<'_, '_>, sentence: &Sentence) -> bool {
    within_acts(layers, sentence.span).any(|m| m.concept == Concept::Act(Act::Same))
}

/// What a sentence that names no procedure tells of those before it; `kinds` are those of its words.
fn told(
    layers: &Layers<'_, '_>,
    kinds: Kinds,
    of_spine: bool,
    (index, sentence): (usize, &Sentence),
    near: &[Draft],
    only: &[Draft],
) -> Vec<Draft> {
    let mut words = kinds.has(Kinds::SAME.or(Kinds::AGAIN)).then(|| within_acts(layers, sentence.span));
    let echo = words.iter_mut().flatten().find_map(|m| match m.concept {
        Concept::Act(act @ (Act::Same | Act::Again)) => Some(act),
        _ => None,
    });
    let is_plan = layers.section(sentence) == SectionKind::Plan;
    // "we might think of repeating the block", far from where it was told: only its family is known.
    let is_far = near.is_empty() && !is_plan;
    let of =
        if near.is_empty() && (is_plan && echo.is_some() || echo == Some(Act::Again)) { only } else { near };
    let Some(first) = of.first().filter(|first| of.iter().all(|d| kin(d.family, first.family))) else {
        return Vec::new();
    };
    let read = || ProcedureSentence::read(layers, &with_label(layers, index, sentence), of_spine);
    if echo.is_none() && !may_tell(layers, kinds, index, of) {
        debug_assert!(other_side(&read(), index, echo, of).is_empty());
        debug_assert!(earlier(&read(), index, of).is_empty());
        return Vec::new();
    }
    let statement = read();
    let told = if near.is_empty() { Vec::new() } else { other_side(&statement, index, echo, of) };
    if !told.is_empty() {
        return told;
    }
    match echo {
        Some(echo) if is_by_needle(first.family) => {
            let mut told = again(&statement, index, echo, of);
            if is_far {
                told.truncate(1);
                for draft in &mut told {
                    draft.site = Site::default();
                }
            }
            told
        }
        Some(_) => Vec::new(),
        None => earlier(&statement, index, of),
    }
}

/// Gives what is to be repeated, by its name alone, the place where the note says that it was done.
pub(super) fn repeated(layers: &Layers<'_, '_>, drafts: &mut Vec<Draft>) {
    let is_bare = |d: &Draft| {
        matches!(d.status, ProcedureStatus::Planned | ProcedureStatus::Considered)
            && is_by_needle(d.family)
            && d.site.level.is_none()
            && is_repeated(layers, d)
    };
    if !drafts.iter().any(is_bare) {
        return;
    }
    let is_done = |d: &&Draft| {
        matches!(d.status, ProcedureStatus::Performed | ProcedureStatus::Historical)
            && is_by_needle(d.family)
            && (d.site.level.is_some() || d.site.side.is_some())
            && d.part != Part::Narrative
    };
    let mut done: Vec<Done> = Vec::new();
    for draft in drafts.iter().filter(is_done) {
        match done.iter_mut().find(|known| known.family == draft.family) {
            Some(known) => known.add(draft),
            None => done.push(Done {
                family: draft.family,
                sentence: Some(draft.sentence),
                sites: vec![draft.site],
            }),
        }
    }
    let mut placed = Vec::with_capacity(drafts.len());
    for draft in drafts.drain(..) {
        let known = done.iter().find(|known| known.family == draft.family && known.sentence.is_some());
        match known.filter(|_| is_bare(&draft)) {
            Some(known) => placed.extend(known.again_on(&draft)),
            None => placed.push(draft),
        }
    }
    *drafts = placed;
}

/// Where a note says that procedures of a family were done.
struct Done {
    family: ProcedureFamily,
    /// The sentence that tells of it; none where several do.
    sentence: Option<usize>,
    /// Its places, each once.
    sites: Vec<Site>,
}

impl Done {
    fn add(&mut self, draft: &Draft) {
        self.sentence = self.sentence.filter(|&at| at == draft.sentence);
        let place = |site: &Site| (site.level, site.side.map(|(side, _)| side));
        if !self.sites.iter().any(|known| place(known) == place(&draft.site)) {
            self.sites.push(draft.site);
        }
    }
}

impl Done {
    /// A draft that repeats it, at each of its places; "repeat the RFA, left side first" is of the left.
    fn again_on(&self, draft: &Draft) -> Vec<Draft> {
        let own = draft.site.side;
        let fits = |site: &&Site| match (own, site.side) {
            (Some((own, _)), Some((side, _))) => own == side || side == Side::Bilateral,
            _ => true,
        };
        let at = |site: &Site| Draft { site: Site { side: own.or(site.side), ..*site }, ..*draft };
        let placed: Vec<Draft> = self.sites.iter().filter(fits).map(at).collect();
        if placed.is_empty() { vec![*draft] } else { placed }
    }
}

/// "ESI #2, same level", after an interlaminar one at that level: what is to be repeated without its way has the way of what
/// was done there.
pub(super) fn same_way(layers: &Layers<'_, '_>, drafts: &mut [Draft]) {
    let is_open =
        |d: &Draft| {
            d.family == ProcedureFamily::EsiUnspecified
                && matches!(d.status, ProcedureStatus::Planned | ProcedureStatus::Considered)
                && layers.layout.sentences.get(d.sentence).is_some_and(|s| {
                    within_acts(layers, s.span).any(|m| m.concept == Concept::Act(Act::Same))
                })
        };
    let is_known = |d: &&Draft| {
        d.family.is_epidural()
            && d.family != ProcedureFamily::EsiUnspecified
            && matches!(d.status, ProcedureStatus::Performed | ProcedureStatus::Historical)
    };
    if !drafts.iter().any(is_open) {
        return;
    }
    let known = distinct(drafts.iter().filter(is_known));
    for draft in drafts.iter_mut().filter(|d| is_open(d)) {
        let mut there = known.iter().filter(|d| d.site.level == draft.site.level).map(|d| d.family);
        if let Some(way) = there.next()
            && there.all(|other| other == way)
        {
            draft.family = way;
        }
    }
}

/// Whether a procedure that is known is to be done again: "repeat the TFESI", "having her facet injections again". A
/// "repeat TFESI" may be one elsewhere.
fn is_repeated(layers: &Layers<'_, '_>, draft: &Draft) -> bool {
    let next = layers.tokens.partition_point(|token| token.start < draft.name.start);
    let after = layers.tokens.partition_point(|token| token.start < draft.name.end);
    let word = |at: Option<usize>| at.and_then(|at| layers.tokens.get(at)).map(|word| word.class);
    let has = |at, sense| word(at).is_some_and(|class| class.sense == Some(sense));
    let is_known = word(next.checked_sub(1))
        .is_some_and(|class| class.word == Some(Word::Filler) && class.sense != Some(Sense::Article));
    is_known && (has(next.checked_sub(2), Sense::Repeat) || has(Some(after), Sense::Again))
}

/// The treatment with a needle that the note tells of, where it tells of one alone.
fn only_treatment(in_order: &[Draft]) -> &[Draft] {
    let is_past = |d: &Draft| d.status == ProcedureStatus::Historical && is_by_needle(d.family);
    let Some(first) = in_order.iter().find(|d| is_past(d)) else { return &[] };
    if in_order.iter().any(|d| is_by_needle(d.family) && d.sentence != first.sentence) {
        return &[];
    }
    let start = in_order.partition_point(|d| d.sentence < first.sentence);
    let end = in_order.partition_point(|d| d.sentence <= first.sentence);
    in_order.get(start..end).unwrap_or_default()
}

fn is_by_needle(family: ProcedureFamily) -> bool {
    family.is_injection() || family == ProcedureFamily::RadiofrequencyAblation
}
