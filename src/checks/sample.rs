//! Facts for tests, written as words.

use crate::model::{Evidence, EvidenceList, Finding, FindingKind, Role, SectionKind, Severity, Side, Status};
use crate::text::Span;

/// A finding from the names of its kind, level, side, severity and status, in any order.
pub(crate) fn finding(facts: &str) -> Finding {
    let mut finding = Finding {
        kind: FindingKind::ForaminalStenosis,
        subtype: None,
        level: None,
        side: None,
        severity: None,
        status: Status::Present,
        root: None,
        grade: None,
        section: SectionKind::Findings,
        evidence: EvidenceList::new(),
    };
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
