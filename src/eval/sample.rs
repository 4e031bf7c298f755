//! Notes and audits built by hand, for the tests of this module.

use smallvec::smallvec;

use crate::model::{Audit, Evidence, Finding, FindingKind, NoteType, Role, Severity, Side, Status};
use crate::text::Span;

use super::gold::GoldNote;

/// A finding from `kind level side severity status`, `-` for what is not said.
pub(super) fn finding(words: &str) -> Finding {
    let w: Vec<&str> = words.split(' ').collect();
    Finding {
        level: (w[1] != "-").then(|| w[1].parse().unwrap()),
        side: Side::ALL.iter().copied().find(|s| s.name() == w[2]),
        severity: Severity::ALL.iter().copied().find(|s| s.name() == w[3]),
        status: *Status::ALL.iter().find(|s| s.name() == w[4]).unwrap(),
        ..Finding::of(*FindingKind::ALL.iter().find(|k| k.name() == w[0]).unwrap())
    }
}

/// A finding with its anchor at a place of the note.
pub(super) fn proven(words: &str, start: u32, end: u32) -> Finding {
    let evidence = smallvec![Evidence { role: Role::Anchor, span: Span::new(start, end) }];
    Finding { evidence, ..finding(words) }
}

/// A clinic note with these gold findings; each is its own quote.
pub(super) fn note(text: &str, findings: &[&str]) -> GoldNote {
    GoldNote {
        note_id: "n1".to_owned(),
        note_type: NoteType::Clinic,
        source: "s".to_owned(),
        file: "g.jsonl".to_owned(),
        text: text.to_owned(),
        findings: findings.iter().map(|f| finding(f)).collect(),
        finding_quotes: findings.iter().map(|f| (*f).to_owned()).collect(),
        radiculopathies: Vec::new(),
        radiculopathy_quotes: Vec::new(),
        procedures: Vec::new(),
        procedure_quotes: Vec::new(),
        correlation: None,
        correlation_told: false,
        conservative_care: None,
        contradictions: Vec::new(),
    }
}

/// An audit with these findings alone.
pub(super) fn audit(findings: Vec<Finding>) -> Audit {
    Audit { findings, ..Audit::empty(NoteType::Clinic) }
}
