//! What makes a finding, a procedure or a gap the same one before and after an edit: its facts, not its place.

use crate::model::{
    Audit, Element, Fact, Finding, FindingKind, Gap, Level, ProcedureFamily, ProcedureStatus, Severity, Side,
    Status, Subtype, Vertebra,
};

/// The facts of a finding. Its section is not among them: a heading typed above makes no other finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct FindingFacts {
    kind: FindingKind,
    subtype: Option<Subtype>,
    pub(super) level: Option<Level>,
    pub(super) side: Option<Side>,
    pub(super) severity: Option<Severity>,
    status: Status,
    root: Option<Vertebra>,
    scale: Option<u8>,
}

impl From<&Finding> for FindingFacts {
    fn from(finding: &Finding) -> Self {
        Self {
            kind: finding.kind,
            subtype: finding.subtype,
            level: finding.level,
            side: finding.side,
            severity: finding.severity,
            status: finding.status,
            root: finding.root,
            scale: finding.grade.map(|grade| grade.scale),
        }
    }
}

/// What a gap is a gap of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Subject {
    /// A finding.
    Finding(FindingFacts),
    /// A procedure.
    Procedure(ProcedureFamily, Option<Level>, Option<Side>, ProcedureStatus),
    /// The note as a whole.
    Note,
}

/// A gap by its facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct GapFacts {
    pub(super) rule: &'static str,
    pub(super) element: Element,
    pub(super) subject: Subject,
}

impl GapFacts {
    /// The facts of one of the audit's gaps.
    pub(super) fn of(audit: &Audit, gap: &Gap) -> Self {
        let subject = match audit.fact(gap.finding, gap.procedure) {
            Fact::Finding(finding) => Subject::Finding(finding.into()),
            Fact::Procedure(p) => Subject::Procedure(p.family, p.level, p.side, p.status),
            Fact::Note => Subject::Note,
        };
        Self { rule: gap.rule, element: gap.element, subject }
    }

    /// Whether it can be the gap `other` after something was added to what both are gaps of, or taken from it.
    pub(super) fn agrees(&self, other: &Self) -> bool {
        if (self.rule, self.element) != (other.rule, other.element) {
            return false;
        }
        match (&self.subject, &other.subject) {
            (Subject::Finding(one), Subject::Finding(other)) => one.agrees(other),
            (Subject::Procedure(family, level, side, status), Subject::Procedure(f, l, s, t)) => {
                (family, status) == (f, t) && no_other(*level, *l) && no_other(*side, *s)
            }
            (one, other) => one == other,
        }
    }
}

impl FindingFacts {
    fn agrees(&self, other: &Self) -> bool {
        (self.kind, self.status) == (other.kind, other.status)
            && no_other(self.level, other.level)
            && no_other(self.side, other.side)
            && no_other(self.severity, other.severity)
    }
}

/// Whether two values do not differ where both are known.
fn no_other<T: PartialEq + Copy>(one: Option<T>, other: Option<T>) -> bool {
    one.is_none() || other.is_none() || one == other
}

impl FindingFacts {
    /// The facts with one more, as an answer says it; `None` where the answer is no value of the element.
    pub(super) fn with(mut self, element: Element, answer: &str) -> Option<Self> {
        let name = answer.replace(' ', "_");
        match element {
            Element::Level => self.level = Some(answer.parse().ok()?),
            Element::Laterality => self.side = Some(*Side::ALL.iter().find(|side| side.name() == name)?),
            Element::Severity => {
                self.severity = Some(*Severity::ALL.iter().find(|grade| grade.name() == name)?);
            }
            _ => return None,
        }
        Some(self)
    }
}

/// The facts of the procedures, in the order of the note.
pub(super) fn procedures(
    audit: &Audit,
) -> Vec<(ProcedureFamily, Option<Level>, Option<Side>, ProcedureStatus)> {
    audit.procedures.iter().map(|p| (p.family, p.level, p.side, p.status)).collect()
}
