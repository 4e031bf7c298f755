//! A gap or a flag as a `DetectedIssue`.

use std::borrow::Cow;

use serde::Serialize;

use super::Source;
use super::observation::is_observed;
use super::types::{CodeableConcept, Coding, EvidenceExtension, Reference, evidence, text};
use crate::checks::query;
use crate::model::{Flag, FlagLevel, Gap};

/// What our rules are named by.
const RULES: &str = "urn:foramen:rules";

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DetectedIssue<'a> {
    resource_type: &'static str,
    id: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    extension: Vec<EvidenceExtension<'a>>,
    status: &'static str,
    code: CodeableConcept<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    patient: Option<Reference<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    implicated: Vec<Reference<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<Cow<'a, str>>,
}

/// The issue of a missing element, its query as the detail.
pub(super) fn of_gap<'a>(source: &Source<'a>, index: usize, gap: &Gap) -> DetectedIssue<'a> {
    let asked = query(source.rules, source.audit, source.words().unwrap_or_default(), index);
    let observed = gap.finding.filter(|&i| source.audit.findings.get(i).is_some_and(is_observed));
    let observed = observed.map(|i| Reference::to("Observation", &source.id('f', i)));
    let detail = asked.and_then(|asked| Some(Cow::Owned(text(&asked.text)?.into_owned())));
    issue(source, source.id('g', index), gap.rule, observed, detail)
}

/// The issue of a statement that disagrees.
pub(super) fn of_flag<'a>(source: &Source<'a>, index: usize, flag: &'a Flag) -> DetectedIssue<'a> {
    let severity = match flag.level {
        FlagLevel::Error => "high",
        FlagLevel::Warning => "moderate",
        FlagLevel::Info => "low",
    };
    DetectedIssue {
        extension: evidence(source.words(), &flag.evidence),
        severity: Some(severity),
        ..issue(source, source.id('i', index), flag.rule, None, text(&flag.message))
    }
}

fn issue<'a>(
    source: &Source<'a>,
    id: String,
    rule: &'static str,
    observed: Option<Reference<'a>>,
    detail: Option<Cow<'a, str>>,
) -> DetectedIssue<'a> {
    let title = source.rules.get(rule).map_or(rule, |rule| &rule.title);
    DetectedIssue {
        resource_type: "DetectedIssue",
        id,
        extension: Vec::new(),
        status: "preliminary",
        code: CodeableConcept {
            coding: Some([Coding { system: RULES, code: rule, display: None }]),
            text: title.into(),
        },
        severity: None,
        patient: source.patient(),
        implicated: source.document().into_iter().chain(observed).collect(),
        detail,
    }
}
