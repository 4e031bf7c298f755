//! The ids that facts have within their note, the same as in the JSON of the audit, and the words that make a fact.

use std::fmt;

use uuid::Uuid;

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

/// An offset or a count as a cell: a note has 8 MiB at most, so that none is cut.
pub(super) fn int(number: impl TryInto<i32>) -> i32 {
    number.try_into().unwrap_or(i32::MAX)
}

/// The namespace of our keys (RFC 9562, version 5): drawn once, never changed.
const NAMESPACE: Uuid = Uuid::from_u128(0x8f1c_2d5e_4b7a_4e0f_9a36_57c1_d2e8_b04f);

/// A key made of a name: the same in every run, on every machine.
pub(super) fn key(name: &str) -> Uuid {
    Uuid::new_v5(&NAMESPACE, name.as_bytes())
}
