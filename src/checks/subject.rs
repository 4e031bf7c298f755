//! What a query is about, and the words of the note that it cites for it.

use super::completeness::is_owing;
use super::describe::describe_fact;
use crate::model::{Audit, Element, Evidence, Fact, Moment, Role, Status};
use crate::text::Span;

/// What a query is about: its facts in the contract's values, and their words.
pub(super) struct Subject {
    pub(super) described: Vec<String>,
    /// In the note's order.
    pub(super) evidence: Vec<Evidence>,
}

impl Subject {
    /// What a query for these elements is about: of the note as a whole its foraminal findings, what its correlation
    /// points to, and its radiculopathies where that is no symptom.
    pub(super) fn of(audit: &Audit, fact: Fact<'_>, elements: &[Element]) -> Self {
        let facts: Vec<Fact<'_>> = match fact {
            Fact::Finding(_) | Fact::Procedure(_) => vec![fact],
            Fact::Note => audit.findings.iter().filter(|f| is_owing(f)).map(Fact::Finding).collect(),
        };
        let mut evidence: Vec<Evidence> = facts.iter().flat_map(|fact| fact.evidence()).copied().collect();
        match fact {
            Fact::Finding(_) => {}
            Fact::Procedure(_) => evidence.extend(elements.iter().flat_map(|&of| told_of(audit, of))),
            Fact::Note => {
                evidence.extend(audit.correlation.iter().flat_map(|c| c.evidence.iter().copied()));
                if !evidence.iter().any(|e| e.role == Role::Symptom) {
                    evidence.extend(radiculopathies(audit));
                }
            }
        }
        evidence.sort_unstable_by_key(|e| (e.span.start, e.span.end, e.role));
        evidence.dedup();
        Self { described: facts.into_iter().filter_map(describe_fact).collect(), evidence }
    }
}

/// The note's words around an element that it lacks: relief whose length is not told, scores before where those
/// after are missing.
fn told_of(audit: &Audit, element: Element) -> Vec<Evidence> {
    let encounter = &audit.encounter;
    let at = |role: Role, span: Span| Evidence { role, span };
    match element {
        Element::Correlation | Element::ImagingFinding => audit
            .correlation
            .iter()
            .flat_map(|c| c.evidence.iter().copied())
            .chain(radiculopathies(audit))
            .collect(),
        Element::SymptomDuration => {
            let present = encounter.complaints.iter().filter(|(_, status)| *status == Status::Present);
            present.map(|(complaint, _)| at(Role::Symptom, complaint.span)).collect()
        }
        Element::CareDuration => {
            audit.conservative_care.iter().flat_map(|c| c.evidence.iter().copied()).collect()
        }
        Element::ScoreAfter => {
            let before = encounter.pain_scores.iter().filter(|score| score.moment == Moment::Before);
            before.map(|score| at(Role::Symptom, score.span)).collect()
        }
        Element::ReliefPercent | Element::ReliefDuration | Element::DiagnosticBlocks => {
            let before = encounter.reliefs.iter().filter(|relief| relief.moment == Moment::Before);
            before.map(|relief| at(Role::Treatment, relief.span)).collect()
        }
        Element::Contrast | Element::Images => {
            encounter.guidance.iter().map(|guidance| at(Role::Imaging, guidance.span)).collect()
        }
        _ => Vec::new(),
    }
}

fn radiculopathies(audit: &Audit) -> impl Iterator<Item = Evidence> {
    let present = audit.radiculopathies.iter().filter(|r| r.status == Status::Present);
    present.flat_map(|r| r.evidence.iter().copied())
}
