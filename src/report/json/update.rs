//! The update of a live session as one JSON object: the audit, what to ask, what has changed.

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

use super::AuditJson;
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

#[derive(Serialize)]
struct QueryRow<'a> {
    id: QueryId,
    finding: Option<FindingId>,
    procedure: Option<ProcedureId>,
    gaps: &'a [usize],
    text: &'a str,
    indicators: &'a [String],
    evidence: EvidenceRows<'a>,
    choices: Vec<ChoiceRow<'a>>,
}

#[derive(Serialize)]
struct ChoiceRow<'a> {
    element: Element,
    rule: Option<&'static str>,
    options: &'a [String],
}

#[derive(Serialize)]
struct ChangesRow<'a> {
    findings: FindingChanges,
    gaps: GapChanges<'a>,
}

#[derive(Serialize)]
struct FindingChanges {
    added: Vec<FindingId>,
    removed: usize,
}

#[derive(Serialize)]
struct GapChanges<'a> {
    opened: &'a [usize],
    closed: Vec<ClosedRow>,
}

#[derive(Serialize)]
struct ClosedRow {
    rule: &'static str,
    element: Element,
}

#[derive(Serialize)]
struct LeftOpenRow<'a> {
    gap: usize,
    answer: &'a str,
}

impl Serialize for UpdateJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let wordless = (!self.audit.text).then(|| self.wordless());
        let queries = wordless.as_deref().unwrap_or(self.queries).iter().enumerate();
        let queries: Vec<_> = queries.map(|(index, query)| self.query(index, query)).collect();
        let left = self.left_open.iter().map(|left| LeftOpenRow { gap: left.gap, answer: &left.answer });
        let mut object = serializer.serialize_struct("Update", 4)?;
        object.serialize_field("audit", &self.audit)?;
        object.serialize_field("queries", &queries)?;
        object.serialize_field("changes", &ChangesRow::from(self.changes))?;
        object.serialize_field("left_open", &left.collect::<Vec<_>>())?;
        object.end()
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
