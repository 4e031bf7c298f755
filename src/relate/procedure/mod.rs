//! Procedures: which family, where, on which side, and whether it was done (annotation guide, section 2).
//!
//! ```text
//! PROCEDURE: Right L4-5 TFESI.              title: performed
//! HISTORY: s/p L4-S1 fusion in 2019.        historical, at L4-L5 and L5-S1
//! PLAN: if no better, L4-5 laminectomy.     considered
//! ```
//!
//! Each sentence with a name of a procedure is read by itself ([`sentence`]): what it names ([`family`]), where
//! ([`place`]) and when ([`status`], [`doubt`], [`outline`]). Then the records of the note are made one fact one record
//! ([`record`], [`repeat`]), with what the narrative adds to a title ([`detail`]), the levels that are only pointed to
//! ([`pointed`]) or gone on to ([`extend`]), what the note takes back ([`correction`]), and what is to be done again ([`echo`], [`follow`]).

mod acts;
mod boxes;
mod chosen;
mod correction;
mod detail;
mod doubt;
mod echo;
mod extend;
mod family;
mod follow;
mod items;
mod label;
mod labour;
mod listing;
mod narrative;
mod none;
mod noun;
mod outline;
mod place;
mod pointed;
mod reach;
mod record;
mod repeat;
mod row;
mod sentence;
mod share;
mod status;
mod turned;

use crate::lexicon::{Act, Concept, Direction, Structure, Symptom};
use crate::matching::LevelMention;
use crate::model::{
    Level, Mention, NoteType, Procedure, ProcedureFamily, ProcedureStatus, Region, SectionKind,
};

use super::layers::{Layers, within};
use crate::segment::Sentence;
use crate::text::FoldSpan;
use acts::Acts;
use outline::Outline;
use record::Draft;
use sentence::ProcedureSentence;
use status::Said;

/// The procedures of a note, one fact one record, in the order of the note.
pub fn procedures(layers: &Layers<'_, '_>, note_type: NoteType) -> Vec<Procedure> {
    let is_read = |m: &Mention<Concept>| names(m) || note_type != NoteType::Radiology && is_joint(m);
    let Some(first) = layers.acts.iter().position(is_read) else { return Vec::new() };
    let of_spine = layers.levels.iter().any(is_of_spine_level)
        || layers.acts.iter().any(is_of_spine_alone)
        || layers.clinical.iter().any(|m| m.concept == Concept::Symptom(Symptom::Radicular))
        || is_epidural_for_pain(layers);
    let mut outline = Outline::new(layers, note_type);
    let mut drafts: Vec<Draft> = Vec::new();
    let mut done = 0;
    for act in layers
        .acts
        .iter()
        .skip(first)
        .filter(|m| is_read(m) || matches!(m.concept, Concept::Act(Act::Construct)))
    {
        // It stands in the sentence that was read last, or in its label.
        if act.span.end <= done {
            continue;
        }
        let Some((index, sentence)) = sentence_of(layers, act.span) else { continue };
        if sentence.span.start < done {
            continue;
        }
        done = sentence.span.end;
        let statement = ProcedureSentence::read(layers, &sentence, of_spine);
        let named = statement.heads.iter().any(|head| !head.families.is_empty());
        if named || statement.section == SectionKind::Procedure {
            draft(index, &statement, &mut outline, &mut drafts);
        }
    }
    let acts = Acts::read(layers);
    labour::drop_epidurals(layers, &acts, &mut drafts);
    let is_bare = |drafts: &[Draft]| drafts.iter().all(|d| d.status != ProcedureStatus::Performed);
    if is_bare(&drafts) && note_type == NoteType::Procedure {
        tell_today(&mut drafts);
    }
    if is_bare(&drafts) && note_type == NoteType::Procedure {
        drafts.extend(detail::unnamed(layers));
    }
    if drafts.is_empty() {
        return Vec::new();
    }
    pointed::complete(layers, &mut drafts);
    extend::complete(layers, &mut drafts);
    chosen::complete(layers, &acts, &mut drafts);
    detail::complete(layers, &acts, &mut drafts);
    listing::complete(layers, of_spine, &mut drafts);
    detail::complete_levels(layers, &mut drafts);
    row::complete(layers, of_spine, &mut drafts);
    correction::complete(layers, &acts, of_spine, &mut drafts);
    echo::complete(layers, &acts, of_spine, &mut drafts);
    follow::complete(layers, &acts, of_spine, &mut drafts);
    follow::repeated(layers, &mut drafts);
    follow::same_way(layers, &mut drafts);
    record::one_record(layers, drafts)
}

/// What a report of a procedure names with no word of when, and where nothing else is told as done, it reports: "INDICATIONS:
/// … After consent … was delivered as a transforaminal epidural."
fn tell_today(drafts: &mut [Draft]) {
    let by_needle =
        |family: ProcedureFamily| family.is_injection() || family == ProcedureFamily::RadiofrequencyAblation;
    let is_told = |d: &&mut Draft| {
        let is_past =
            matches!(d.section, SectionKind::History | SectionKind::PastHistory | SectionKind::Imaging);
        d.status == ProcedureStatus::Historical && d.said == Said::Nothing && by_needle(d.family) && !is_past
    };
    for draft in drafts.iter_mut().filter(is_told) {
        draft.status = ProcedureStatus::Performed;
        draft.part = outline::Part::Narrative;
    }
}

/// The sentence that a word on procedures stands in, with its number; its label belongs to it where that alone names
/// the procedure.
fn sentence_of(layers: &Layers<'_, '_>, act: FoldSpan) -> Option<(usize, Sentence)> {
    let before = layers.layout.sentence_at(act.start).map(|(index, sentence)| (index, *sentence));
    let holds = before.is_some_and(|(_, sentence)| act.end <= sentence.span.end);
    if holds { before } else { label::labelled(layers, act).or(before) }
}

/// The words on procedures within a stretch.
fn within_acts<'a>(layers: &Layers<'a, '_>, span: FoldSpan) -> impl Iterator<Item = &'a Mention<Concept>> {
    within(layers.acts, span).iter()
}

/// Whether a procedure can come of a mention.
fn names(mention: &Mention<Concept>) -> bool {
    matches!(mention.concept, Concept::Act(act) if act.names())
}

/// Whether a joint is named that may stand for its injection: "Prior: right SIJ 2021".
fn is_joint(mention: &Mention<Concept>) -> bool {
    matches!(mention.concept, Concept::Act(Act::Target(ProcedureFamily::SiJointInjection)))
}

/// Whether a mention of anatomy is one of the spine; a herniation or a nerve can be another's.
const fn is_of_spine(concept: Concept) -> bool {
    matches!(
        concept,
        Concept::Structure(
            Structure::Disc | Structure::Facet | Structure::Foramen | Structure::Sac | Structure::Spine
        )
    )
}

/// Whether levels are those of a spine: an interspace, or several vertebrae. "S1, S2" may be sounds of the heart.
fn is_of_spine_level(mention: &LevelMention) -> bool {
    let first = mention.levels.first().map(|level| level.upper().region());
    !mention.single || mention.levels.len() > 1 && matches!(first, Some(Region::Cervical | Region::Lumbar))
}

/// Whether a note that names no level tells of an epidural and a complaint, and of no labour, anaesthesia or other part.
fn is_epidural_for_pain(layers: &Layers<'_, '_>) -> bool {
    let is_epidural = |m: &Mention<Concept>| {
        matches!(m.concept, Concept::Act(Act::Spinal(ProcedureFamily::EsiUnspecified)))
            && m.span.len() > SHORT
    };
    let is_elsewhere = |m: &Mention<Concept>| matches!(m.concept, Concept::Act(Act::Elsewhere));
    layers.acts.iter().any(is_epidural)
        && !layers.acts.iter().any(is_elsewhere)
        && layers.clinical.iter().any(|m| matches!(m.concept, Concept::Symptom(_)))
}

/// Whether a word on procedures is said of the spine alone; two letters may stand for anything.
fn is_of_spine_alone(mention: &Mention<Concept>) -> bool {
    match mention.concept {
        Concept::Act(Act::Family(_) | Act::Both(..)) => true,
        Concept::Act(Act::Target(ProcedureFamily::MedialBranchBlock)) => mention.span.len() > SHORT,
        _ => false,
    }
}

/// The length of an abbreviation, in bytes.
const SHORT: u32 = 3;

/// What the next sentence of the line says of the procedure that this one only names: "Thoracic epidural. Not indicated."
fn verdict(index: usize, statement: &ProcedureSentence<'_, '_>) -> Option<(ProcedureStatus, FoldSpan)> {
    let (layers, sentence) = (statement.layers, &statement.sentence);
    let next = layers.layout.sentences.get(index + 1)?;
    let is_near = next.section == sentence.section && next.line == sentence.line;
    let is_long = || layers.steps(next.span.start, next.span.end) > LONGEST_VERDICT;
    if !is_near || next.starts_line || statement.has_verb() || is_long() {
        return None;
    }
    let first = within_acts(layers, next.span).next().filter(|m| m.span.start == next.span.start)?;
    match first.concept {
        Concept::Act(Act::Status(
            status @ (ProcedureStatus::Planned | ProcedureStatus::Considered),
            Direction::Backward | Direction::Both,
        )) => Some((status, first.span)),
        _ => None,
    }
}

/// A verdict is no longer than this, in words.
const LONGEST_VERDICT: usize = 10;

/// Adds what a sentence tells of procedures.
fn draft(
    index: usize,
    statement: &ProcedureSentence<'_, '_>,
    outline: &mut Outline,
    drafts: &mut Vec<Draft>,
) {
    let part = outline.part(index, statement);
    let scopes = statement.layers.scopes(&statement.sentence);
    let sites = statement.sites();
    for (head, sites) in statement.heads.iter().zip(&sites) {
        let Some(act) = statement.act(head.item) else { continue };
        let Some((status, said)) = outline::status(statement, head.item, part, &scopes, outline) else {
            continue;
        };
        let verdict = if said == Said::Nothing { verdict(index, statement) } else { None };
        let (status, said) =
            verdict.map_or((status, said), |(status, at)| (status, Said::Status(status, Some(at))));
        if !place::has_level(sites) && statement.is_policy() {
            continue;
        }
        let nowhere = [place::Site::default()];
        let sites = if sites.is_empty() { &nowhere[..] } else { sites };
        let fusion = [ProcedureFamily::Fusion];
        let families = if act == Act::Construct { &fusion[..] } else { &head.families[..] };
        let joined = place::joined(&head.families, sites);
        let sites = joined.as_slice();
        let is_other = |level: FoldSpan| match said {
            Said::Status(ProcedureStatus::Considered, Some(cue)) => {
                statement.stands_before_denial(level, cue, head.item)
            }
            _ => false,
        };
        let at = |family, site: place::Site| {
            let is_placed = |level: Level, at: FoldSpan| {
                detail::needs_level(family) || level.is_interspace() && statement.names_lead(head.item, at)
            };
            let level = site.level.zip(site.level_span);
            let level = level.filter(|&(level, at)| is_placed(level, at) && !is_other(at));
            // "discography by a right posterolateral approach": a disc has no side.
            let side = site.side.filter(|_| family != ProcedureFamily::Discography);
            place::Site { level: level.map(|l| l.0), level_span: level.map(|l| l.1), side }
        };
        for (&family, &site) in families.iter().flat_map(|f| sites.iter().map(move |s| (f, s))) {
            drafts.push(Draft {
                family,
                site: at(family, site),
                status,
                said,
                part,
                act,
                name: statement.items[head.item].span,
                section: statement.section,
                sentence: index,
                is_report: outline.is_report,
            });
        }
    }
}
