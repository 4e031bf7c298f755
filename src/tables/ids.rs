//! The ids that facts have within their note, the same as in the JSON of the audit, and the words that make a fact.

use std::fmt;

use crate::model::{EvidenceList, Role};
use crate::text::Span;

/// Position of a finding, written as `f1`, `f2`, ….
#[derive(Clone, Copy, Debug)]
pub(super) struct FindingId(pub(super) usize);

/// Position of a procedure, written as `p1`, `p2`, ….
#[derive(Clone, Copy, Debug)]
pub(super) struct ProcedureId(pub(super) usize);

impl fmt::Display for FindingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "f{}", self.0 + 1)
    }
}

impl fmt::Display for ProcedureId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "p{}", self.0 + 1)
    }
}

/// The words that make the fact; the first evidence where none is marked as such.
pub(super) fn anchor(evidence: &EvidenceList) -> Option<Span> {
    let anchor = evidence.iter().find(|e| e.role == Role::Anchor);
    anchor.or_else(|| evidence.first()).map(|e| e.span)
}

/// An offset or a count as a cell: a note has 256 MiB at most, so that none is cut.
pub(super) fn int(number: impl TryInto<i32>) -> i32 {
    number.try_into().unwrap_or(i32::MAX)
}
