//! What a note takes back of its own: the side or level that an addendum corrects, the plan that it changes, the level
//! that was left out after all.
//!
//! ```text
//! PROCEDURE: Right L5 TFESI.   ADDENDUM: correction, left, not right.       on the left
//! PLAN: L4-S1 fusion.          ADDENDUM: plan changed to L4-5 laminectomy.  the laminectomy alone
//! Levels: L3-4, L4-5.          L3-4 could not be entered.                   at L4-L5 alone
//! ```

use smallvec::SmallVec;

use crate::lexicon::{Act, Concept, Sense};
use crate::model::{Level, ProcedureStatus, SectionKind, Side};
use crate::relate::layers::{Layers, within};
use crate::text::FoldSpan;

use super::acts::{Acts, Kinds};
use super::outline::Part;
use super::record::Draft;
use super::sentence::{ProcedureSentence, side_of};
use super::status::Said;

/// A note has no more sentences that correct it than this; what follows is read as any other.
const MOST: usize = 24;

/// Corrects the drafts of a note by what it says of them later.
pub(super) fn complete(layers: &Layers<'_, '_>, acts: &Acts, of_spine: bool, drafts: &mut Vec<Draft>) {
    let has_addendum = layers.layout.sections.iter().any(|s| s.kind == SectionKind::Addendum);
    if has_addendum {
        revise(layers, drafts);
    }
    if acts.has(Kinds::LEFT_OUT) {
        leave_out(layers, drafts);
    }
    if !has_addendum && !acts.has(Kinds::CORRECTED) {
        return;
    }
    let mut read = 0;
    for (index, sentence) in layers.layout.sentences.iter().enumerate() {
        let is_addendum = layers.section(sentence) == SectionKind::Addendum;
        let near = index.saturating_sub(usize::from(is_addendum))..=index;
        let corrects = near.clone().any(|at| {
            let beside = layers.layout.sentences.get(at).filter(|s| s.section == sentence.section);
            beside.is_some_and(|s| has(layers, s.span, Act::Corrected))
        });
        let is_read = (is_addendum || corrects) && read < MOST;
        read += usize::from(is_read);
        if is_read && !drafts.iter().any(|d| d.sentence == index) {
            correct(&ProcedureSentence::read(layers, sentence, of_spine), index, corrects, drafts);
        }
    }
}

fn has(layers: &Layers<'_, '_>, span: FoldSpan, act: Act) -> bool {
    within(layers.acts, span).iter().any(|m| m.concept == Concept::Act(act))
}

/// "Plan changed to L4-5 laminectomy", in an addendum: the operations, or the injections, planned before are no more.
fn revise(layers: &Layers<'_, '_>, drafts: &mut Vec<Draft>) {
    let is_new = |d: &&Draft| {
        let Said::Status(ProcedureStatus::Planned, Some(cue)) = d.said else { return false };
        d.section == SectionKind::Addendum
            && layers.tokens_within(cue).any(|word| word.class.sense == Some(Sense::Changed))
    };
    let new: SmallVec<[Draft; 4]> = drafts.iter().filter(is_new).copied().collect();
    drafts.retain(|d| {
        let is_old = d.status == ProcedureStatus::Planned && d.section != SectionKind::Addendum;
        !(is_old && new.iter().any(|n| n.family.is_injection() == d.family.is_injection()))
    });
}

/// "L5-S1 could not be entered": a level of the title where nothing was done after all.
fn leave_out(layers: &Layers<'_, '_>, drafts: &mut Vec<Draft>) {
    let mut left: SmallVec<[Level; 4]> = SmallVec::new();
    for word in layers.acts.iter().filter(|m| m.concept == Concept::Act(Act::LeftOut)) {
        let Some((level, at)) = level_of_line(layers, word.span) else { continue };
        // "left L5-S1 omitted", of a joint that was done on the right
        let is_other =
            |d: &Draft, side: Side| d.site.level == Some(level) && d.site.side.is_some_and(|s| s.0 != side);
        let is_of_other_side =
            side_at(layers, at).is_some_and(|side| drafts.iter().any(|d| is_other(d, side)));
        if !left.contains(&level) && !is_of_other_side {
            left.push(level);
        }
    }
    let is_done = |d: &Draft| d.status == ProcedureStatus::Performed && d.is_report && d.part == Part::Title;
    let is_left = |d: &Draft| d.site.level.is_some_and(|level| left.contains(&level));
    if drafts.iter().any(|d| is_done(d) && d.site.level.is_some() && !is_left(d)) {
        drafts.retain(|d| !(is_done(d) && is_left(d)));
    }
}

/// The one level that stands before a word on its line, after the end of another sentence or row.
fn level_of_line(layers: &Layers<'_, '_>, word: FoldSpan) -> Option<(Level, FoldSpan)> {
    let (_, own) = layers.layout.sentence_at(word.start)?;
    let next = layers.levels.partition_point(|l| l.span.start < word.start);
    let mention = layers.levels.get(next.checked_sub(1)?)?;
    let (_, of) = layers.layout.sentence_at(mention.span.start)?;
    let is_beside = of.line == own.line && of.section == own.section;
    let is_same = of.span == own.span || of.cell.is_some() && own.cell.is_some();
    match mention.levels.as_slice() {
        [level] if is_beside && is_same => Some((*level, mention.span)),
        _ => None,
    }
}

/// The side right before a level: "left L5-S1".
fn side_at(layers: &Layers<'_, '_>, level: FoldSpan) -> Option<Side> {
    let next = layers.mentions.partition_point(|m| m.span.end + 1 < level.start);
    let before = layers.mentions.get(next)?;
    match before.concept {
        Concept::Side(side, _) if before.span.end + 1 == level.start => Some(side),
        _ => None,
    }
}

/// "The side is in error: left, not right"; "level should read L4-5".
fn correct(statement: &ProcedureSentence<'_, '_>, index: usize, corrects: bool, drafts: &mut [Draft]) {
    let is_report = drafts.iter().any(|d| d.is_report);
    let is_meant = |d: &Draft| {
        d.sentence < index
            && if is_report {
                d.status == ProcedureStatus::Performed && d.part == Part::Title
            } else {
                d.status == ProcedureStatus::Planned
            }
    };
    let taken_back: SmallVec<[usize; 4]> = (0..statement.items.len())
        .filter(|&at| statement.is_site(at) && is_taken_back(statement, at))
        .collect();
    if !corrects && taken_back.is_empty() {
        return;
    }
    let own: SmallVec<[usize; 8]> =
        (0..statement.items.len()).filter(|at| statement.is_site(*at) && !taken_back.contains(at)).collect();
    let Some(family) = drafts.iter().find(|d| is_meant(d)).map(|d| d.family) else { return };
    let sites = statement.own_sites(&[family], &own);
    let mut stated =
        own.iter().filter_map(|&at| Some((side_of(&statement.items[at])?.0, statement.items[at].span)));
    let side =
        stated.next().filter(|(side, _)| *side != Side::Bilateral && stated.all(|other| other.0 == *side));
    let new: SmallVec<[(Level, FoldSpan); 4]> =
        sites.iter().filter_map(|site| site.level.zip(site.level_span)).collect();
    let first = drafts.iter().find(|d| is_meant(d)).map(|d| d.site.level);
    let has_one = drafts.iter().filter(|d| is_meant(d)).all(|d| Some(d.site.level) == first);
    let is_among = |level: Level| drafts.iter().any(|d| is_meant(d) && d.site.level == Some(level));
    let named: SmallVec<[Level; 4]> = new.iter().map(|n| n.0).filter(|&level| is_among(level)).collect();
    let moves = match new.as_slice() {
        [one] if has_one && named.is_empty() => Some(*one),
        _ => None,
    };
    if moves.is_none() && named.len() < new.len() {
        return;
    }
    for draft in drafts.iter_mut().filter(|d| is_meant(d)) {
        if let Some((level, span)) = moves {
            draft.site.level = Some(level);
            draft.site.level_span = Some(span);
        }
        let is_named = named.is_empty() || draft.site.level.is_some_and(|level| named.contains(&level));
        let is_one_sided = draft.site.side.is_some_and(|(old, _)| old != Side::Bilateral);
        if is_named && is_one_sided {
            draft.site.side = side.or(draft.site.side);
        }
    }
}

/// Whether what a level or side is said instead of stands right before it: "not right", "changed from L3-4".
fn is_taken_back(statement: &ProcedureSentence<'_, '_>, at: usize) -> bool {
    let before = at.checked_sub(1).map_or(statement.sentence.span.start, |one| statement.items[one].span.end);
    let between = FoldSpan::new(before, statement.items[at].span.start.max(before));
    let mut senses = statement.layers.tokens_within(between).filter_map(|word| word.class.sense);
    senses.any(|sense| matches!(sense, Sense::Instead | Sense::From))
}
