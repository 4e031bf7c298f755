//! What the rest of a note adds to a record: the approach, level and side that its narrative tells of a title, the
//! level of the heading above a statement, and that the patient agreed.

use std::cell::LazyCell;

use rustc_hash::FxHashSet;
use smallvec::SmallVec;

use crate::context::Scope;
use crate::lexicon::{Act, Concept, Sense, Word};
use crate::matching::Token;
use crate::model::{Level, ProcedureFamily, ProcedureStatus, SectionKind, Status};
use crate::relate::layers::{Layers, within};
use crate::segment::Sentence;
use crate::text::FoldSpan;

use super::acts::{Acts, Kinds};
use super::narrative::{approach, enters_foramen, has_way, only_level, side, side_before, way};
use super::outline::Part;
use super::place::Site;
use super::record::{Draft, kin};
use super::status::Said;

/// How far into a sentence the level that leads it may stand, in words: "at L4-5", "2. L4-5".
const LEADING: usize = 2;
/// Within how many sentences the patient agrees to what was explained.
const AGREED_REACH: usize = 5;
const AGREED_NEAR: usize = 3;

/// The sentence of a draft, what it names, and its status.
type Named = (usize, ProcedureFamily, ProcedureStatus);

/// Completes the drafts of a note.
pub(super) fn complete(layers: &Layers<'_, '_>, acts: &Acts, drafts: &mut [Draft]) {
    if acts.has(Kinds::AGREED) {
        plan_agreed(layers, drafts);
    }
    for draft in drafts.iter_mut() {
        govern(layers, draft);
    }
    cancel(layers, acts, drafts);
    reopen(drafts);
    entitle(drafts);
    tell_approach(layers, drafts);
}

/// Plans what the patient agrees to.
fn plan_agreed(layers: &Layers<'_, '_>, drafts: &mut [Draft]) {
    let mut named: SmallVec<[Named; 8]> = drafts.iter().map(|d| (d.sentence, d.family, d.status)).collect();
    named.sort_unstable();
    named.dedup();
    let plans = drafts.iter().any(|d| d.status == ProcedureStatus::Planned);
    for draft in drafts.iter_mut() {
        agree(layers, draft, &named, plans);
    }
}

/// "Foraminotomies at C4-5 were made": what is done to the roots at levels that the account names is told beside a title
/// that names no such thing, unless the disc was reached from the front, where it is a step (annotation guide, section 2).
fn entitle(drafts: &mut [Draft]) {
    let is_done = |d: &&Draft| d.is_report && d.status == ProcedureStatus::Performed;
    let mut titles = drafts.iter().filter(is_done).filter(|d| d.part == Part::Title).peekable();
    let from_front = Act::Both(ProcedureFamily::Discectomy, ProcedureFamily::Fusion);
    let is_other = |d: &Draft| {
        d.family != ProcedureFamily::Foraminotomy
            && !d.family.is_injection()
            && !matches!(d.act, Act::Anterior)
            && d.act != from_front
    };
    if titles.peek().is_none() || !titles.all(is_other) {
        return;
    }
    let is_told = |d: &&mut Draft| {
        d.family == ProcedureFamily::Foraminotomy && d.part == Part::Narrative && d.site.level.is_some()
    };
    for draft in drafts.iter_mut().filter(is_told).filter(|d| is_done(&&**d)) {
        draft.part = Part::Title;
    }
}

/// What an operation at one level finds of an earlier one was done there: "the edges of the old laminotomy".
fn reopen(drafts: &mut [Draft]) {
    let is_done = |d: &&Draft| {
        d.status == ProcedureStatus::Performed && d.part == Part::Title && !d.family.is_injection()
    };
    let mut levels = drafts.iter().filter(is_done).map(|d| d.site);
    let Some(site) = levels.next().filter(|site| site.level.is_some()) else { return };
    if levels.any(|other| other.level != site.level) {
        return;
    }
    let done: FxHashSet<ProcedureFamily> = drafts.iter().filter(is_done).map(|d| d.family).collect();
    for draft in
        drafts.iter_mut().filter(|d| d.part == Part::Narrative && d.status == ProcedureStatus::Historical)
    {
        if draft.site.level.is_none()
            && !done.contains(&draft.family)
            && needs_level(draft.family)
            && !draft.family.is_injection()
        {
            draft.site = Site { level: site.level, level_span: site.level_span, ..draft.site };
        }
    }
}

/// The part of the note that tells what was done: its titles, or its account alone where it has none.
fn telling_part(drafts: &[Draft]) -> Part {
    let is_title = |d: &Draft| d.status == ProcedureStatus::Performed && d.part == Part::Title;
    if drafts.iter().any(is_title) { Part::Title } else { Part::Narrative }
}

/// Whether a draft is of what a report says was done, in the part that tells it.
fn is_done(draft: &Draft, part: Part) -> bool {
    draft.status == ProcedureStatus::Performed && draft.part == part && draft.is_report
}

/// The sentences that may tell how it was done.
fn narrative<'a>(layers: &Layers<'a, '_>) -> Vec<&'a Sentence> {
    let has_summary = layers.layout.sections.iter().any(|s| s.kind == SectionKind::Impression);
    let tells = |s: &&Sentence| match layers.section(s) {
        SectionKind::Procedure | SectionKind::Technique | SectionKind::Other | SectionKind::Unknown => true,
        // "DESCRIPTION" is a heading of findings, and in a report of the account.
        SectionKind::Findings => !has_summary || has_way(layers, s) || enters_foramen(layers, s),
        _ => false,
    };
    layers.layout.sentences.iter().filter(tells).collect()
}

/// Gives an epidural of no way the one that the narrative tells.
fn tell_approach(layers: &Layers<'_, '_>, drafts: &mut [Draft]) {
    let part = telling_part(drafts);
    let is_open = |d: &Draft| is_done(d, part) && d.family == ProcedureFamily::EsiUnspecified;
    if !drafts.iter().any(is_open) {
        return;
    }
    let Some(approach) = approach(layers, &narrative(layers)) else { return };
    for draft in drafts.iter_mut().filter(|d| is_open(d)) {
        draft.family = approach;
    }
}

/// Gives what was done the level and side that the narrative alone names, where nothing lists them.
pub(super) fn complete_levels(layers: &Layers<'_, '_>, drafts: &mut [Draft]) {
    let part = telling_part(drafts);
    let done = |d: &Draft| is_done(d, part);
    let lacks_level = |d: &Draft| d.site.level.is_none() && needs_level(d.family);
    let lacks_side = |d: &Draft| {
        d.site.side.is_none() && (has_sides_alone(d.family) || d.family == ProcedureFamily::InterlaminarEsi)
    };
    if !drafts.iter().any(|d| done(d) && (lacks_level(d) || lacks_side(d))) {
        return;
    }
    let narrative = narrative(layers);
    let gives_reason =
        |s: &&Sentence| matches!(layers.section(s), SectionKind::Impression | SectionKind::Findings);
    let is_bare = !drafts.iter().any(|d| done(d) && d.site.level.is_some());
    let is_operation = |d: &Draft| {
        !d.family.is_injection()
            && d.family != ProcedureFamily::RadiofrequencyAblation
            && d.family != ProcedureFamily::Discography
    };
    // Each is read once, and only if it is asked for.
    let near = LazyCell::new(|| -> Vec<&Sentence> {
        narrative.iter().filter(|s| has_way(layers, s)).copied().collect()
    });
    let of_way = LazyCell::new(|| only_level(layers, &near));
    let of_all = LazyCell::new(|| only_level(layers, &narrative));
    let of_reason = LazyCell::new(|| {
        let reason: Vec<&Sentence> = layers.layout.sentences.iter().filter(gives_reason).collect();
        only_level(layers, &reason)
    });
    for draft in drafts.iter_mut().filter(|d| done(d) && lacks_level(d)) {
        let led = if draft.family.is_epidural() { *of_way } else { None };
        // What an operation is for is where it is done.
        let meant = || if is_bare && is_operation(draft) { *of_reason } else { None };
        if let Some((level, span)) = led.or_else(|| *of_all).or_else(meant) {
            draft.site.level = Some(level);
            draft.site.level_span = Some(span);
            draft.site.side = draft.site.side.or_else(|| side_before(layers, span));
        }
    }
    let titled: FxHashSet<u32> =
        drafts.iter().filter_map(|d| layers.layout.sentences.get(d.sentence)).map(|s| s.span.start).collect();
    let side_of_account = LazyCell::new(|| {
        let account: Vec<&Sentence> =
            narrative.iter().filter(|s| !titled.contains(&s.span.start)).copied().collect();
        side(layers, &account)
    });
    let side_of_all = LazyCell::new(|| side(layers, &narrative));
    let side_of_way = LazyCell::new(|| near.iter().find_map(|sentence| way(layers, sentence)));
    for draft in drafts.iter_mut().filter(|d| done(d) && lacks_side(d)) {
        draft.site.side = match draft.family {
            ProcedureFamily::TriggerPointInjection => *side_of_account,
            ProcedureFamily::InterlaminarEsi => *side_of_way,
            _ => *side_of_all,
        };
    }
}

/// The patient wants what was explained or discussed: it is planned. `named` are the sentences of all drafts, in order,
/// with what they name: who agrees to one procedure by its name agrees to no other. Where the note plans one (`plans`), agreement
/// farther off is to that.
fn agree(layers: &Layers<'_, '_>, draft: &mut Draft, named: &[Named], plans: bool) {
    let explained = matches!(draft.said, Said::Talk(_)) || draft.status == ProcedureStatus::Considered;
    let Some(sentence) = layers.layout.sentences.get(draft.sentence) else { return };
    let before = FoldSpan::new(sentence.span.start, draft.name.start.max(sentence.span.start));
    // "She would like to be put forward for the nerve root block"
    let is_wanted = draft.said == Said::Nothing && !draft.is_report && agrees(layers, before);
    if is_wanted {
        draft.status = ProcedureStatus::Planned;
    }
    if !explained
        || draft.section == SectionKind::Indication
        || is_refused(layers, draft, sentence)
        || is_alternative(draft, named)
    {
        return;
    }
    let reach = if plans { AGREED_NEAR } else { AGREED_REACH };
    let near = layers.layout.sentences.iter().enumerate().skip(draft.sentence).take(reach);
    let agreed = near
        .take_while(|(_, s)| s.section == sentence.section)
        .filter(|(_, s)| agrees(layers, s.span))
        .any(|(index, _)| {
            let first = named.partition_point(|&(at, ..)| at < index);
            let last = named.partition_point(|&(at, ..)| at <= index);
            let there = named.get(first..last).unwrap_or_default();
            index == draft.sentence || there.is_empty() || there.iter().any(|&(_, f, _)| kin(f, draft.family))
        });
    if agreed {
        draft.status = ProcedureStatus::Planned;
    }
}

/// Whether a sentence says that what it names is not wanted, or not fit: "… was mentioned, but he does not want it".
fn is_refused(layers: &Layers<'_, '_>, draft: &Draft, sentence: &Sentence) -> bool {
    let scopes = layers.scopes(sentence);
    let denies = |scope: &Scope| scope.status == Status::Absent && scope.cue.start >= draft.name.end;
    scopes.assess(draft.name).status == Status::Absent || scopes.all().iter().any(denies)
}

/// Whether something else was planned just before, so that the patient agrees to that: "Recommend A. Alternatives: B."
fn is_alternative(draft: &Draft, named: &[Named]) -> bool {
    let first = named.partition_point(|(at, ..)| at + AGREED_NEAR <= draft.sentence);
    let before = named.iter().skip(first).take_while(|(at, ..)| *at < draft.sentence);
    before
        .into_iter()
        .any(|&(_, family, status)| status == ProcedureStatus::Planned && !kin(family, draft.family))
}

fn agrees(layers: &Layers<'_, '_>, span: FoldSpan) -> bool {
    within(layers.acts, span).iter().any(|m| m.concept == Concept::Act(Act::Agreed))
}

/// "L4-5: left L5 hemilaminectomy", "At L4-5, the patient is status post laminectomy": a statement without a level, or
/// with a vertebra alone, is at the interspace that leads its sentence, or in a report of imaging its line.
fn govern(layers: &Layers<'_, '_>, draft: &mut Draft) {
    let is_spaced = draft.site.level.is_some_and(Level::is_interspace);
    // "L5-S1 extrusion. Nerve root block S1": a needle's root or nerve keeps its own level.
    let is_of_nerve = draft.site.level.is_some() && has_needles(draft.family);
    if draft.status != ProcedureStatus::Historical || is_spaced || is_of_nerve || !needs_level(draft.family) {
        return;
    }
    let by_line = matches!(
        draft.section,
        SectionKind::Findings | SectionKind::Impression | SectionKind::Imaging | SectionKind::Unknown
    );
    let reach = if by_line { 8 } else { 1 };
    let Some((level, span)) = heading_level(layers, draft.sentence, reach) else { return };
    let fits = match draft.site.level {
        Some(own) => level.upper() == own.upper() || level.lower() == Some(own.upper()),
        None => true,
    };
    let Some(sentence) = layers.layout.sentences.get(draft.sentence) else { return };
    let lead = FoldSpan::new(sentence.span.start.min(span.start), span.start);
    let is_at = layers.tokens_within(lead).next().is_some_and(|word| word.class.word == Some(Word::At));
    let rest = layers.folded.slice(FoldSpan::new(span.end, sentence.span.end.max(span.end)));
    let leads = is_at || rest.starts_with([':', ',', '.']) || rest.starts_with(" -");
    if !by_line && !leads {
        return;
    }
    let is_beside =
        span.end <= draft.name.start && names_neighbour(layers, FoldSpan::new(span.end, draft.name.start));
    if fits && span.end <= draft.name.start && !is_beside {
        draft.site.level = Some(level);
        draft.site.level_span = Some(span);
    }
}

/// Whether words before a name make the level before them one beside it: "L2-3 above the fusion".
pub(super) fn names_neighbour(layers: &Layers<'_, '_>, between: FoldSpan) -> bool {
    let mut before = None;
    layers.tokens_within(between).any(|token| {
        let adjoins = before == Some(Sense::Adjoining) && token.class.word == Some(Word::To);
        before = token.class.sense;
        adjoins || before == Some(Sense::Neighbour)
    })
}

/// The interspace that leads a sentence, or the one before it on the same line.
fn heading_level(layers: &Layers<'_, '_>, index: usize, reach: usize) -> Option<(Level, FoldSpan)> {
    let sentence = layers.layout.sentences.get(index)?;
    let same_line = |s: &&Sentence| s.section == sentence.section && s.line == sentence.line;
    let before = layers.layout.sentences.get(..=index)?.iter().rev().take_while(same_line);
    before.take(reach).find_map(|s| {
        let first = layers.levels.partition_point(|l| l.span.start < s.span.start);
        let mention = layers.levels.get(first).filter(|l| !l.single && leads(layers, s, l.span))?;
        match mention.levels.as_slice() {
            [level] => Some((*level, mention.span)),
            _ => None,
        }
    })
}

/// Whether nothing but "at" and marks stand before the level that a sentence has first.
fn leads(layers: &Layers<'_, '_>, sentence: &Sentence, level: FoldSpan) -> bool {
    let lead = FoldSpan::new(sentence.span.start, level.start);
    let is_mark = |token: &Token| {
        let first = layers.folded.bytes().get(token.start as usize);
        token.class.word == Some(Word::At) || !first.is_some_and(u8::is_ascii_alphabetic)
    };
    layers.steps(lead.start, lead.end) <= LEADING && layers.tokens_within(lead).all(is_mark)
}

/// An epidural that a report tells without a name: a needle between the laminae, up to a loss of resistance.
pub(super) fn unnamed(layers: &Layers<'_, '_>) -> Option<Draft> {
    let way = Concept::Act(Act::Approach(ProcedureFamily::InterlaminarEsi));
    let space = Concept::Act(Act::Target(ProcedureFamily::EsiUnspecified));
    let tells = |s: &&Sentence| {
        matches!(
            layers.section(s),
            SectionKind::Procedure | SectionKind::Technique | SectionKind::Other | SectionKind::Unknown
        )
    };
    let narrative: Vec<&Sentence> = layers.layout.sentences.iter().filter(tells).collect();
    let first = |concept| {
        let of =
            |s: &&Sentence| within(layers.acts, s.span).iter().find(|m| m.concept == concept).map(|m| m.span);
        narrative.iter().find_map(of)
    };
    let (name, _) = (first(way)?, first(space)?);
    let (level, span) = only_level(layers, &narrative)?;
    let (sentence, told) = layers.layout.sentence_at(name.start)?;
    let section = layers.section(told);
    Some(Draft {
        family: ProcedureFamily::InterlaminarEsi,
        site: Site { level: Some(level), level_span: Some(span), side: None },
        status: ProcedureStatus::Performed,
        said: Said::Nothing,
        part: Part::Narrative,
        act: Act::Approach(ProcedureFamily::InterlaminarEsi),
        name,
        section,
        sentence,
        is_report: true,
    })
}

/// What a report is titled by, and says was not done after all, is planned still.
fn cancel(layers: &Layers<'_, '_>, acts: &Acts, drafts: &mut [Draft]) {
    let tells = |s: &Sentence| {
        !matches!(layers.section(s), SectionKind::History | SectionKind::PastHistory | SectionKind::Plan)
            && within(layers.acts, s.span).iter().any(|m| m.concept == Concept::Act(Act::Cancelled))
    };
    let mut sentences = acts.with(Kinds::CANCELLED).filter_map(|index| layers.layout.sentences.get(index));
    if !sentences.any(tells) {
        return;
    }
    for draft in drafts.iter_mut().filter(|d| d.is_report && d.status == ProcedureStatus::Performed) {
        draft.status = ProcedureStatus::Planned;
    }
}

/// Families that are done through a needle at each place.
const fn has_needles(family: ProcedureFamily) -> bool {
    family.is_injection() || matches!(family, ProcedureFamily::RadiofrequencyAblation)
}

/// Families that are done at a level.
pub(super) const fn needs_level(family: ProcedureFamily) -> bool {
    !matches!(
        family,
        ProcedureFamily::CaudalEsi
            | ProcedureFamily::TriggerPointInjection
            | ProcedureFamily::SiJointInjection
            | ProcedureFamily::SpinalCordStimulator
    )
}

/// Families whose side the narrative tells more surely than the title.
pub(super) const fn has_sides_alone(family: ProcedureFamily) -> bool {
    matches!(family, ProcedureFamily::TriggerPointInjection | ProcedureFamily::VertebralAugmentation)
}
