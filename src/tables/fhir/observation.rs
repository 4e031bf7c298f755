//! A finding as an Observation.

use serde::Serialize;

use super::Source;
use super::codes::{concept, words};
use super::types::{CodeableConcept, Coding, EvidenceExtension, Reference, evidence};
use crate::model::{Finding, NoteType, Severity, Side, Status, Subtype};

/// Where an Observation of an imaging study belongs (HL7, code system observation-category).
const CATEGORY: (&str, &str) = ("http://terminology.hl7.org/CodeSystem/observation-category", "imaging");

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Observation<'a> {
    resource_type: &'static str,
    id: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    extension: Vec<EvidenceExtension<'a>>,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<[CodeableConcept<'a>; 1]>,
    code: CodeableConcept<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<Reference<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    effective_date_time: Option<String>,
    value_codeable_concept: CodeableConcept<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body_site: Option<CodeableConcept<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    derived_from: Option<[Reference<'a>; 1]>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    component: Vec<Component<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Component<'a> {
    code: CodeableConcept<'a>,
    value_codeable_concept: CodeableConcept<'a>,
}

/// Whether a finding was observed at all, be it that it is not there.
pub(super) const fn is_observed(finding: &Finding) -> bool {
    !matches!(finding.status, Status::Hypothetical | Status::Family)
}

/// The Observation of a finding.
pub(super) fn observation<'a>(source: &Source<'a>, index: usize, finding: &Finding) -> Observation<'a> {
    let (system, code) = CATEGORY;
    let imaging =
        || [CodeableConcept { coding: Some([Coding { system, code, display: None }]), text: code.into() }];
    Observation {
        resource_type: "Observation",
        id: source.id('f', index),
        extension: evidence(source.words(), &finding.evidence),
        status: "preliminary",
        category: (source.audit.note_type == NoteType::Radiology).then(imaging),
        code: words(finding.kind.name()),
        subject: source.patient(),
        effective_date_time: source.day.map(|day| day.to_string()),
        value_codeable_concept: concept("status", finding.status.name()),
        body_site: body_site(finding),
        derived_from: source.document().map(|note| [note]),
        component: components(finding),
    }
}

/// Level and side in words: `L4-L5, left`.
fn body_site(finding: &Finding) -> Option<CodeableConcept<'static>> {
    let level = finding.level.map(|level| level.to_string());
    let parts: Vec<_> = level.as_deref().into_iter().chain(finding.side.map(Side::name)).collect();
    (!parts.is_empty()).then(|| CodeableConcept { coding: None, text: parts.join(", ").into() })
}

fn components(finding: &Finding) -> Vec<Component<'static>> {
    let part = |name: &str, value| Component { code: words(name), value_codeable_concept: value };
    let mut components = Vec::new();
    components
        .extend(finding.severity.map(|value| part("severity", concept("severity", Severity::name(value)))));
    components.extend(finding.side.map(|value| part("laterality", concept("laterality", Side::name(value)))));
    components.extend(finding.subtype.map(|value| part("subtype", words(Subtype::name(value)))));
    components.extend(finding.root.map(|value| part("root", words(&value.to_string()))));
    components
}
