//! Codes that a note states, as written.

use serde::{Deserialize, Serialize};

use super::SectionKind;
use super::values::names;
use crate::text::Span;

/// The system a code is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum CodeSystem {
    /// Current Procedural Terminology (HCPCS level I).
    #[serde(rename = "CPT")]
    Cpt,
    /// HCPCS level II.
    #[serde(rename = "HCPCS")]
    Hcpcs,
    /// ICD-10-CM.
    #[serde(rename = "ICD-10-CM")]
    Icd10Cm,
}

names!(CodeSystem { Cpt = "CPT", Hcpcs = "HCPCS", Icd10Cm = "ICD-10-CM" });

/// A code that the note states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedCode {
    /// Its system.
    pub system: CodeSystem,
    /// The code in upper case, with the dot of ICD-10-CM: `64483`, `J1100`, `M54.16`.
    pub code: String,
    /// Its modifiers in the order of the note: `RT`, `50`.
    pub modifiers: Vec<String>,
    /// Units billed, where the note gives them.
    pub units: Option<u32>,
    /// Whether what stands where its units do is no whole number above 0.
    pub has_broken_units: bool,
    /// Whether the words around it tell of an earlier service.
    pub is_past: bool,
    /// The section it stands in.
    pub section: SectionKind,
    /// Where it stands, modifiers and units included.
    pub span: Span,
}
