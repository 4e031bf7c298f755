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
    /// The imaging finding that is treated, with its level and side.
    ImagingFinding,
    /// How long the symptoms have lasted.
    SymptomDuration,
    /// Conservative care.
    ConservativeCare,
    /// How long conservative care was tried.
    CareDuration,
    /// A score of pain or function before the procedure.
    ScoreBefore,
    /// A score of pain or function after it.
    ScoreAfter,
    /// By how much an earlier procedure relieved.
    ReliefPercent,
    /// How long that relief lasted.
    ReliefDuration,
    /// The diagnostic blocks before, with their relief.
    DiagnosticBlocks,
    /// How the needle was guided.
    Guidance,
    /// Contrast, or why there was none.
    Contrast,
    /// Images that were kept.
    Images,
}

names!(Element {
    Level = "level",
    Laterality = "laterality",
    Severity = "severity",
    Correlation = "correlation",
    ImagingFinding = "imaging_finding",
    SymptomDuration = "symptom_duration",
    ConservativeCare = "conservative_care",
    CareDuration = "care_duration",
    ScoreBefore = "score_before",
    ScoreAfter = "score_after",
    ReliefPercent = "relief_percent",
    ReliefDuration = "relief_duration",
    DiagnosticBlocks = "diagnostic_blocks",
    Guidance = "guidance",
    Contrast = "contrast",
    Images = "images",
});
