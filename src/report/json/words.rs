//! Places and ids, as they are printed.

use serde::{Serialize, Serializer};

use super::AuditJson;
use crate::model::{Evidence, Role};
use crate::text::Span;

/// Position of a finding, written as `f1`, `f2`, ….
pub(super) struct FindingId(pub(super) usize);

/// Position of a procedure, written as `p1`, `p2`, ….
pub(super) struct ProcedureId(pub(super) usize);

/// Position of a query, written as `q1`, `q2`, ….
pub(super) struct QueryId(pub(super) usize);

impl Serialize for QueryId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("q{}", self.0 + 1))
    }
}

impl Serialize for FindingId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("f{}", self.0 + 1))
    }
}

impl Serialize for ProcedureId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("p{}", self.0 + 1))
    }
}

/// Evidence with its words, where words are put out.
pub(super) struct EvidenceRows<'a> {
    pub(super) of: AuditJson<'a>,
    pub(super) evidence: &'a [Evidence],
}

impl Serialize for EvidenceRows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(
            self.evidence.iter().map(|e| EvidenceRow { role: e.role, words: Words::new(self.of, e.span) }),
        )
    }
}

/// Words of the note, and what they prove.
#[derive(Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "serve", schema(as = Evidence))]
pub(super) struct EvidenceRow<'a> {
    role: Role,
    #[serde(flatten)]
    words: Words<'a>,
}

/// A place of the note, with its words where words are put out.
#[derive(Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub(super) struct Words<'a> {
    start: u32,
    end: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
}

impl<'a> Words<'a> {
    pub(super) fn new(of: AuditJson<'a>, span: Span) -> Self {
        let (start, end) = of.place(span);
        Self { start, end, text: of.words().map(|note| span.of(note)) }
    }
}
