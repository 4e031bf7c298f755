//! The update of a live session as one JSON object: the audit, what to ask, what has changed.

use serde::Serialize;
use serde::ser::Serializer;

use super::AuditJson;
#[cfg(feature = "serve")]
use super::words::EvidenceRow;
use super::words::{EvidenceRows, FindingId, ProcedureId, QueryId};
use crate::checks::{Choice, Query, queries_for};
use crate::model::{Changes, ClosedGap, Element, LeftOpen};

/// The update of a live session, to be serialized; nothing is copied before that. Findings and queries are named by
/// their ids in this update, gaps by their position in the audit.
#[derive(Clone, Copy, Debug)]
pub struct UpdateJson<'a> {
    /// The audit of the draft.
    pub audit: AuditJson<'a>,
    /// What to ask.
    pub queries: &'a [Query],
    /// What has changed.
    pub changes: &'a Changes,
    /// What is not asked again.
    pub left_open: &'a [LeftOpen],
}

/// What an edit of a draft gives.
#[derive(Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema), schema(as = Update))]
struct UpdateRow<'a> {
    audit: AuditJson<'a>,
    queries: Vec<QueryRow<'a>>,
    changes: ChangesRow<'a>,
    left_open: Vec<LeftOpenRow<'a>>,
}

/// What to ask, with the answers.
#[derive(Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema), schema(as = LiveQuery))]
struct QueryRow<'a> {
    id: QueryId,
    finding: Option<FindingId>,
    procedure: Option<ProcedureId>,
    /// Positions in the audit's `gaps`.
    gaps: &'a [usize],
    text: &'a str,
    indicators: &'a [String],
    #[cfg_attr(feature = "serve", schema(value_type = Vec<EvidenceRow<'a>>))]
    evidence: EvidenceRows<'a>,
    choices: Vec<ChoiceRow<'a>>,
}

/// An element that is asked for, and what may be answered.
#[derive(Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema), schema(as = Choice))]
struct ChoiceRow<'a> {
    element: Element,
    rule: Option<&'static str>,
    options: &'a [String],
}

/// What differs from the update before.
#[derive(Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema), schema(as = Changes))]
struct ChangesRow<'a> {
    findings: FindingChanges,
    gaps: GapChanges<'a>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
struct FindingChanges {
    added: Vec<FindingId>,
    removed: usize,
}

#[derive(Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
struct GapChanges<'a> {
    opened: &'a [usize],
    closed: Vec<ClosedRow>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema), schema(as = ClosedGap))]
struct ClosedRow {
    rule: &'static str,
    element: Element,
}

/// A gap that was answered without words that close it.
#[derive(Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema), schema(as = LeftOpen))]
struct LeftOpenRow<'a> {
    gap: usize,
    answer: &'a str,
}

impl Serialize for UpdateJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let wordless = (!self.audit.text).then(|| self.wordless());
        let queries = wordless.as_deref().unwrap_or(self.queries).iter().enumerate();
        let left = self.left_open.iter().map(|left| LeftOpenRow { gap: left.gap, answer: &left.answer });
        UpdateRow {
            audit: self.audit,
            queries: queries.map(|(index, query)| self.query(index, query)).collect(),
            changes: ChangesRow::from(self.changes),
            left_open: left.collect(),
        }
        .serialize(serializer)
    }
}

/// What the object looks like, for descriptions of interfaces.
#[cfg(feature = "serve")]
impl utoipa::PartialSchema for UpdateJson<'_> {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        UpdateRow::schema()
    }
}

#[cfg(feature = "serve")]
impl utoipa::ToSchema for UpdateJson<'_> {
    fn name() -> std::borrow::Cow<'static, str> {
        UpdateRow::name()
    }

    fn schemas(schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>)>) {
        UpdateRow::schemas(schemas);
    }
}

impl<'a> UpdateJson<'a> {
    /// The queries without words of the note.
    fn wordless(&self) -> Vec<Query> {
        let AuditJson { rules, audit, .. } = self.audit;
        queries_for(rules, audit, "", |gap| self.queries.iter().any(|query| query.gaps.contains(&gap)))
    }

    fn query<'q>(&self, index: usize, query: &'q Query) -> QueryRow<'q>
    where
        'a: 'q,
    {
        QueryRow {
            id: QueryId(index),
            finding: query.finding.map(FindingId),
            procedure: query.procedure.map(ProcedureId),
            gaps: &query.gaps,
            text: &query.text,
            indicators: &query.indicators,
            evidence: self.audit.evidence(&query.evidence),
            choices: self.choices(query),
        }
    }

    /// The choices, each with the rule of the gap that it answers.
    fn choices<'q>(&self, query: &'q Query) -> Vec<ChoiceRow<'q>> {
        let mut gaps = query.gaps.iter().filter_map(|&gap| self.audit.audit.gaps.get(gap));
        let row = |choice: &'q Choice| ChoiceRow {
            element: choice.element,
            rule: gaps.find(|gap| gap.element == choice.element).map(|gap| gap.rule),
            options: &choice.options,
        };
        query.choices.iter().map(row).collect()
    }
}

impl<'a> From<&'a Changes> for ChangesRow<'a> {
    fn from(changes: &'a Changes) -> Self {
        let closed = changes.closed.iter().map(|&ClosedGap { rule, element }| ClosedRow { rule, element });
        Self {
            findings: FindingChanges {
                added: changes.added.iter().copied().map(FindingId).collect(),
                removed: changes.removed,
            },
            gaps: GapChanges { opened: &changes.opened, closed: closed.collect() },
        }
    }
}
