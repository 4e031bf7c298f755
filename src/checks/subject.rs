//! What a query is about, and the words of the note that it cites for it.

use super::completeness::is_owing;
use super::describe::{describe, describe_procedure};
use crate::model::{Audit, Element, Evidence, Finding, Gap, Moment, Role, Status};
use crate::text::Span;

/// What a gap is a gap of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// A finding, by its index.
    Finding(usize),
    /// A procedure, by its index.
    Procedure(usize),
    /// The note as a whole.
    Note,
}

impl About {
    pub(super) fn of(gap: &Gap) -> Self {
        match (gap.finding, gap.procedure) {
            (Some(finding), _) => Self::Finding(finding),
            (None, Some(procedure)) => Self::Procedure(procedure),
            (None, None) => Self::Note,
        }
    }

    pub(super) const fn finding(self) -> Option<usize> {
        if let Self::Finding(index) = self { Some(index) } else { None }
    }

    pub(super) const fn procedure(self) -> Option<usize> {
        if let Self::Procedure(index) = self { Some(index) } else { None }
    }
}

/// What a query is about: its facts in the contract's values, and their words.
pub(super) struct Subject {
    pub(super) about: About,
    pub(super) described: Vec<String>,
    /// In the note's order.
    pub(super) evidence: Vec<Evidence>,
}

impl Subject {
    /// What a query for these elements is about.
    pub(super) fn of(audit: &Audit, about: About, elements: &[Element]) -> Self {
        let (described, mut evidence) = match about {
            About::Finding(index) => {
                let finding: Vec<&Finding> = audit.findings.get(index).into_iter().collect();
                (described(&finding), evidence_of(&finding))
            }
            About::Procedure(index) => procedure(audit, index, elements),
            About::Note => note(audit),
        };
        evidence.sort_unstable_by_key(|e| (e.span.start, e.span.end, e.role));
        evidence.dedup();
        Self { about, described, evidence }
    }
}

/// The note as a whole: its foraminal findings, what its correlation points to, and its radiculopathies where
/// that is no symptom.
fn note(audit: &Audit) -> (Vec<String>, Vec<Evidence>) {
    let findings: Vec<&Finding> = audit.findings.iter().filter(|f| is_owing(f)).collect();
    let mut evidence = evidence_of(&findings);
    evidence.extend(audit.correlation.iter().flat_map(|c| c.evidence.iter().copied()));
    if !evidence.iter().any(|e| e.role == Role::Symptom) {
        evidence.extend(radiculopathies(audit));
    }
    (described(&findings), evidence)
}

/// A procedure, and what the note tells of the elements that are asked for.
fn procedure(audit: &Audit, index: usize, elements: &[Element]) -> (Vec<String>, Vec<Evidence>) {
    let Some(procedure) = audit.procedures.get(index) else { return (Vec::new(), Vec::new()) };
    let mut evidence = procedure.evidence.to_vec();
    for &element in elements {
        evidence.extend(told_of(audit, element));
    }
    (vec![describe_procedure(procedure)], evidence)
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

fn described(findings: &[&Finding]) -> Vec<String> {
    findings.iter().map(|finding| describe(finding, |_| true)).collect()
}

fn evidence_of(findings: &[&Finding]) -> Vec<Evidence> {
    findings.iter().flat_map(|f| f.evidence.iter().copied()).collect()
}
