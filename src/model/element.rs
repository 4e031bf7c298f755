//! What a note has to state.

use serde::{Deserialize, Serialize};

use super::values::names;

/// A required element of documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Element {
    /// The level.
    Level,
    /// The side.
    Laterality,
    /// The severity.
    Severity,
    /// Imaging joined to symptoms.
    Correlation,
}

names!(Element {
    Level = "level",
    Laterality = "laterality",
    Severity = "severity",
    Correlation = "correlation",
});
