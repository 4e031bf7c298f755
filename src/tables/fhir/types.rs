//! The data types of FHIR R4 that the resources are made of, as far as these use them.

use std::borrow::Cow;

use serde::Serialize;

use crate::model::Evidence;

/// A code of a system.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Coding<'a> {
    pub(super) system: &'a str,
    pub(super) code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) display: Option<&'a str>,
}

/// A concept in words, with its code where that is sure.
#[derive(Clone, Debug, Serialize)]
pub(super) struct CodeableConcept<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) coding: Option<[Coding<'a>; 1]>,
    pub(super) text: Cow<'a, str>,
}

/// A resource that stands elsewhere, by its id among these or by an identifier of its own.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Reference<'a> {
    #[serde(rename = "reference", skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    identifier: Option<Identifier<'a>>,
}

#[derive(Clone, Debug, Serialize)]
struct Identifier<'a> {
    value: Cow<'a, str>,
}

impl<'a> Reference<'a> {
    /// By an identifier; `None` where that is empty, which FHIR has no place for.
    pub(super) fn identified(kind: &'static str, id: &'a str) -> Option<Self> {
        let identifier = Identifier { value: text(id)? };
        Some(Self { id: None, kind, identifier: Some(identifier) })
    }

    /// By the id of a resource of ours.
    pub(super) fn to(kind: &'static str, id: &str) -> Self {
        Self { id: Some(format!("{kind}/{id}")), kind, identifier: None }
    }
}

/// What our extensions are named by.
const EVIDENCE: &str = "urn:foramen:evidence";

/// The words that prove a fact: their part in it, and where they stand, in bytes of the decoded text.
#[derive(Clone, Debug, Serialize)]
pub(super) struct EvidenceExtension<'a> {
    url: &'static str,
    extension: Vec<Part<'a>>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Part<'a> {
    url: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_unsigned_int: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_string: Option<Cow<'a, str>>,
}

/// Evidence as extensions; `note` is the text where its words may appear.
pub(super) fn evidence<'a>(note: Option<&'a str>, evidence: &[Evidence]) -> Vec<EvidenceExtension<'a>> {
    let part = |url| Part { url, value_code: None, value_unsigned_int: None, value_string: None };
    let extension = |e: &Evidence| {
        let mut extension = vec![
            Part { value_code: Some(e.role.name()), ..part("role") },
            Part { value_unsigned_int: Some(e.span.start), ..part("start") },
            Part { value_unsigned_int: Some(e.span.end), ..part("end") },
        ];
        let words = note.and_then(|note| text(e.span.of(note)));
        extension.extend(words.map(|words| Part { value_string: Some(words), ..part("text") }));
        EvidenceExtension { url: EVIDENCE, extension }
    };
    evidence.iter().map(extension).collect()
}

/// A string as FHIR has it: never empty, and without control characters other than tabs and line ends.
pub(super) fn text(text: &str) -> Option<Cow<'_, str>> {
    let is_barred = |c: char| c.is_control() && !matches!(c, '\t' | '\r' | '\n');
    if text.trim().is_empty() {
        return None;
    }
    Some(if text.contains(is_barred) { text.replace(is_barred, "\u{fffd}").into() } else { text.into() })
}
