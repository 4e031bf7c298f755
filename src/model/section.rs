//! The kinds of section that a note has.

use serde::{Deserialize, Serialize};

use super::values::names;

/// What a section is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SectionKind {
    /// Before any heading, or under one that the lexicon does not know.
    #[default]
    Unknown,
    /// Why the study or procedure was asked for.
    Indication,
    /// History of the present illness, clinical history.
    History,
    /// What was before: past medical or surgical history.
    PastHistory,
    /// Relatives.
    FamilyHistory,
    /// How the study was made.
    Technique,
    /// Earlier studies.
    Comparison,
    /// What is seen.
    Findings,
    /// What it amounts to: impression, assessment, diagnosis.
    Impression,
    /// Physical examination.
    Exam,
    /// Imaging quoted in a clinical note.
    Imaging,
    /// What was done.
    Procedure,
    /// What will be done.
    Plan,
    /// Consent, risks.
    Consent,
    /// Medication lists.
    Medications,
    /// Review of systems.
    ReviewOfSystems,
    /// A key to the grades used below it.
    Key,
    /// A correction or addition after the fact.
    Addendum,
    /// Anything else with a heading of its own.
    Other,
}

names!(SectionKind {
    Unknown = "unknown",
    Indication = "indication",
    History = "history",
    PastHistory = "past_history",
    FamilyHistory = "family_history",
    Technique = "technique",
    Comparison = "comparison",
    Findings = "findings",
    Impression = "impression",
    Exam = "exam",
    Imaging = "imaging",
    Procedure = "procedure",
    Plan = "plan",
    Consent = "consent",
    Medications = "medications",
    ReviewOfSystems = "review_of_systems",
    Key = "key",
    Addendum = "addendum",
    Other = "other",
});
