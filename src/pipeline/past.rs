//! Which of the codes that a note states are of an earlier service.
//!
//! `Had a C5-6 transforaminal (64479) last year` · `prior 64483 in 2020`: such a code is quoted, and nobody bills it
//! today.

use crate::lexicon::{Act, Concept, Direction};
use crate::model::{CodeSystem, Procedure, ProcedureStatus, StatedCode, Status};
use crate::text::FoldSpan;

use super::Analysis;

/// Marks the codes that the words around them put before this encounter.
pub(super) fn mark(analysis: &Analysis<'_>, procedures: &[Procedure], codes: &mut [StatedCode]) {
    for code in codes {
        let is_service = code.system != CodeSystem::Icd10Cm;
        let at = analysis.folded().to_view(code.span);
        let is_history = analysis.assess_at(at).status == Status::Historical;
        code.is_past = is_history || is_service && is_of_earlier_service(analysis, procedures, at);
    }
}

/// Whether the sentence of a code tells of earlier procedures alone; where it names none, whether a word puts the code
/// into the past.
fn is_of_earlier_service(analysis: &Analysis<'_>, procedures: &[Procedure], at: FoldSpan) -> bool {
    let Some((_, sentence)) = analysis.layout.sentence_at(at.start) else { return false };
    let place = analysis.folded().to_note(sentence.span);
    let acts = analysis.acts.iter().filter(|act| sentence.span.contains(act.span));
    let mut words = acts.filter_map(|mention| match mention.concept {
        Concept::Act(act) => Some((act, mention.span)),
        _ => None,
    });
    let mut told = procedures.iter().filter(|p| p.evidence.iter().any(|e| place.overlaps(e.span))).peekable();
    if told.peek().is_some() {
        // A list of services that says nothing of time is no history.
        return words.any(|(act, _)| act.is_past() || act == Act::After)
            && told.all(|p| p.status == ProcedureStatus::Historical);
    }
    words.any(|(act, word)| match act {
        Act::Status(ProcedureStatus::Historical, Direction::Forward) => word.end <= at.start,
        Act::Status(ProcedureStatus::Historical, Direction::Backward) => word.start >= at.end,
        Act::Status(ProcedureStatus::Historical, Direction::Both) => true,
        _ => false,
    })
}
