//! Concepts in words, with the code of SNOMED CT where it is sure.

use std::sync::LazyLock;

use serde::Deserialize;

use super::types::{CodeableConcept, Coding};

/// The codes, as data. A test holds that it can be read.
static SNOMED: LazyLock<Snomed> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../lexicons/outputs/snomed.toml")).unwrap_or_default()
});

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Snomed {
    system: String,
    concept: Vec<Concept>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Concept {
    attribute: String,
    value: String,
    code: String,
    display: String,
}

/// A value of an attribute: `severity`, `mild`.
pub(super) fn concept(attribute: &str, value: &'static str) -> CodeableConcept<'static> {
    let is_it = |concept: &&Concept| concept.attribute == attribute && concept.value == value;
    let coding = SNOMED.concept.iter().find(is_it).map(|concept| {
        [Coding { system: &SNOMED.system, code: &concept.code, display: Some(&concept.display) }]
    });
    CodeableConcept { coding, ..words(value) }
}

/// A name of ours in words.
pub(super) fn words(name: &str) -> CodeableConcept<'static> {
    CodeableConcept { coding: None, text: crate::checks::words(name).into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Severity, Side, Status};

    #[test]
    fn codes_are_of_values_that_there_are() {
        let snomed: Snomed = toml::from_str(include_str!("../../../lexicons/outputs/snomed.toml")).unwrap();
        let names = |attribute: &str| -> Vec<&str> {
            match attribute {
                "severity" => Severity::ALL.iter().map(|value| value.name()).collect(),
                "laterality" => Side::ALL.iter().map(|value| value.name()).collect(),
                "status" => Status::ALL.iter().map(|value| value.name()).collect(),
                _ => Vec::new(),
            }
        };
        for concept in &snomed.concept {
            assert!(names(&concept.attribute).contains(&concept.value.as_str()), "{}", concept.value);
        }
        assert!(concept("severity", "mild").coding.is_some());
        assert!(concept("severity", "mild_to_moderate").coding.is_none());
    }
}
