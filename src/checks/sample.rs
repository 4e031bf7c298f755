//! Facts for tests, written as words.

use crate::model::{
    Evidence, EvidenceList, Finding, FindingKind, Procedure, ProcedureFamily, ProcedureStatus, Role,
    SectionKind, Severity, Side, Status,
};
use crate::text::Span;

/// A finding from the names of its kind, level, side, severity and status, in any order.
pub(crate) fn finding(facts: &str) -> Finding {
    let stenosis = Finding::of(FindingKind::ForaminalStenosis);
    let mut finding = Finding { section: SectionKind::Findings, ..stenosis };
    for fact in facts.split_whitespace() {
        let known = |names: &[&str]| names.contains(&fact);
        if let Some(&kind) = FindingKind::ALL.iter().find(|k| known(&[k.name()])) {
            finding.kind = kind;
        } else if let Some(&side) = Side::ALL.iter().find(|s| known(&[s.name()])) {
            finding.side = Some(side);
        } else if let Some(&severity) = Severity::ALL.iter().find(|s| known(&[s.name()])) {
            finding.severity = Some(severity);
        } else if let Some(&status) = Status::ALL.iter().find(|s| known(&[s.name()])) {
            finding.status = status;
        } else {
            finding.level = Some(fact.parse().expect("a level"));
        }
    }
    finding
}

/// Evidence from "role words", where the words first stand in `note`.
pub(crate) fn evidence(note: &str, pieces: &[&str]) -> Vec<Evidence> {
    let piece = |piece: &&str| {
        let (role, words) = piece.split_once(' ').expect("a role and words");
        let role = *Role::ALL.iter().find(|r| r.name() == role).expect("a role");
        let start = note.find(words).expect("words of the note");
        Evidence { role, span: Span::new(start as u32, (start + words.len()) as u32) }
    };
    pieces.iter().map(piece).collect()
}

/// A finding with its evidence.
pub(crate) fn finding_in(note: &str, facts: &str, pieces: &[&str]) -> Finding {
    Finding { evidence: evidence(note, pieces).into_iter().collect(), ..finding(facts) }
}

/// A procedure from the names of its family, level, side and status, in any order; performed where none is named.
pub(crate) fn procedure(facts: &str) -> Procedure {
    let mut procedure = Procedure {
        family: ProcedureFamily::EsiUnspecified,
        level: None,
        side: None,
        status: ProcedureStatus::Performed,
        section: SectionKind::Procedure,
        evidence: EvidenceList::new(),
    };
    for fact in facts.split_whitespace() {
        if let Some(&family) = ProcedureFamily::ALL.iter().find(|f| f.name() == fact) {
            procedure.family = family;
        } else if let Some(&side) = Side::ALL.iter().find(|s| s.name() == fact) {
            procedure.side = Some(side);
        } else if let Some(&status) = ProcedureStatus::ALL.iter().find(|s| s.name() == fact) {
            procedure.status = status;
        } else {
            procedure.level = Some(fact.parse().expect("a level"));
        }
    }
    procedure
}

/// A procedure with its evidence.
pub(crate) fn procedure_in(note: &str, facts: &str, pieces: &[&str]) -> Procedure {
    Procedure { evidence: evidence(note, pieces).into_iter().collect(), ..procedure(facts) }
}
