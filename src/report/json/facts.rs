//! Findings, roots, correlation, gaps and flags, as they are printed.

use serde::Serialize;

use super::AuditJson;
#[cfg(feature = "serve")]
use super::words::EvidenceRow;
use super::words::{EvidenceRows, FindingId, ProcedureId, Words};
use crate::checks::query;
use crate::model::{
    Between, Concordance, Contradiction, Correlation, CorrelationStatus, Element, Evidence, Finding,
    FindingKind, Flag, FlagLevel, Gap, Ignored, Issue, Level, Policy, Radiculopathy, Score, SectionKind,
    Severity, Side, Status, Subtype, Vertebra,
};
use crate::text::Span;

#[derive(Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub(super) struct FindingRow<'a> {
    id: FindingId,
    kind: FindingKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    subtype: Option<Subtype>,
    level: Option<Level>,
    side: Option<Side>,
    severity: Option<Severity>,
    status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    root: Option<Vertebra>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grade: Option<Words<'a>>,
    section: SectionKind,
    #[cfg_attr(feature = "serve", schema(value_type = Vec<EvidenceRow<'a>>))]
    evidence: EvidenceRows<'a>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub(super) struct RadiculopathyRow<'a> {
    root: Option<Vertebra>,
    side: Option<Side>,
    status: Status,
    #[cfg_attr(feature = "serve", schema(value_type = Vec<EvidenceRow<'a>>))]
    evidence: EvidenceRows<'a>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub(super) struct CorrelationRow<'a> {
    status: CorrelationStatus,
    concordance: Concordance,
    #[cfg_attr(feature = "serve", schema(value_type = Vec<EvidenceRow<'a>>))]
    evidence: EvidenceRows<'a>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub(super) struct GapRow {
    rule: &'static str,
    element: Element,
    kind: Option<FindingKind>,
    level: Option<Level>,
    side: Option<Side>,
    finding: Option<FindingId>,
    procedure: Option<ProcedureId>,
    query: Option<QueryRow>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub(super) struct QueryRow {
    text: String,
    indicators: Vec<String>,
    options: Vec<String>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub(super) struct FlagRow<'a> {
    rule: &'static str,
    severity: FlagLevel,
    message: &'a str,
    #[cfg_attr(feature = "serve", schema(value_type = Vec<EvidenceRow<'a>>))]
    evidence: EvidenceRows<'a>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub(super) struct ContradictionRow {
    kind: FindingKind,
    level: Option<Level>,
    between: Between,
    findings: [FindingId; 2],
}

#[derive(Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub(super) struct IgnoredRow<'a> {
    rule: &'static str,
    element: Option<Element>,
    finding: Option<FindingId>,
    procedure: Option<ProcedureId>,
    message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub(super) struct PolicyRow<'a> {
    pack: &'static str,
    contractor: &'a str,
    lcd: &'a str,
    article: Option<&'a str>,
    effective_from: String,
}

impl<'a> From<&'a Policy> for PolicyRow<'a> {
    fn from(policy: &'a Policy) -> Self {
        Self {
            pack: policy.pack,
            contractor: &policy.contractor,
            lcd: &policy.number,
            article: policy.article.as_deref(),
            effective_from: policy.from.to_string(),
        }
    }
}

#[derive(Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub(super) struct ScoreRow {
    documented: u32,
    required: u32,
    percent: Option<f64>,
}

impl From<Score> for ScoreRow {
    fn from(score: Score) -> Self {
        Self { documented: score.documented, required: score.required, percent: score.percent() }
    }
}

impl<'a> AuditJson<'a> {
    pub(super) fn words(&self) -> Option<&'a str> {
        self.text.then_some(self.note)
    }

    /// Start and end of a span, in the unit that the reader counts in.
    pub(super) fn place(&self, span: Span) -> (u32, u32) {
        self.offsets.map_or((span.start, span.end), |offsets| (offsets.of(span.start), offsets.of(span.end)))
    }

    pub(super) fn evidence(&self, evidence: &'a [Evidence]) -> EvidenceRows<'a> {
        EvidenceRows { of: *self, evidence }
    }

    pub(super) fn finding(&self, index: usize, finding: &'a Finding) -> FindingRow<'a> {
        FindingRow {
            id: FindingId(index),
            kind: finding.kind,
            subtype: finding.subtype,
            level: finding.level,
            side: finding.side,
            severity: finding.severity,
            status: finding.status,
            root: finding.root,
            grade: finding.grade.map(|grade| Words::new(*self, grade.span)),
            section: finding.section,
            evidence: self.evidence(&finding.evidence),
        }
    }

    pub(super) fn radiculopathy(&self, found: &'a Radiculopathy) -> RadiculopathyRow<'a> {
        RadiculopathyRow {
            root: found.root,
            side: found.side,
            status: found.status,
            evidence: self.evidence(&found.evidence),
        }
    }

    pub(super) fn correlation(&self, found: &'a Correlation) -> CorrelationRow<'a> {
        CorrelationRow {
            status: found.status,
            concordance: found.concordance,
            evidence: self.evidence(&found.evidence),
        }
    }

    pub(super) fn gap(&self, index: usize, gap: &Gap) -> GapRow {
        let fact = self.audit.fact(gap.finding, gap.procedure);
        let asked = query(self.rules, self.audit, self.words().unwrap_or_default(), index);
        GapRow {
            rule: gap.rule,
            element: gap.element,
            kind: fact.finding().map(|f| f.kind),
            level: fact.level(),
            side: fact.side(),
            finding: gap.finding.map(FindingId),
            procedure: gap.procedure.map(ProcedureId),
            query: asked.map(|asked| QueryRow {
                text: asked.text,
                indicators: asked.indicators,
                options: asked.choices.into_iter().flat_map(|choice| choice.options).collect(),
            }),
        }
    }

    pub(super) fn flag(&self, flag: &'a Flag) -> FlagRow<'a> {
        FlagRow {
            rule: flag.rule,
            severity: flag.level,
            message: &flag.message,
            evidence: self.evidence(&flag.evidence),
        }
    }

    pub(super) fn ignored(&self, ignored: &'a Ignored) -> IgnoredRow<'a> {
        let reason = self.text.then_some(ignored.reason.as_str());
        match &ignored.issue {
            Issue::Gap(gap) => IgnoredRow {
                rule: gap.rule,
                element: Some(gap.element),
                finding: gap.finding.map(FindingId),
                procedure: gap.procedure.map(ProcedureId),
                message: None,
                reason,
            },
            Issue::Flag(flag) => IgnoredRow {
                rule: flag.rule,
                element: None,
                finding: None,
                procedure: None,
                message: Some(&flag.message),
                reason,
            },
        }
    }

    pub(super) fn contradiction(&self, found: &Contradiction) -> Option<ContradictionRow> {
        let (first, second) = (self.audit.findings.get(found.first)?, self.audit.findings.get(found.second)?);
        Some(ContradictionRow {
            kind: first.kind,
            level: first.level.or(second.level),
            between: found.between,
            findings: [FindingId(found.first), FindingId(found.second)],
        })
    }
}
