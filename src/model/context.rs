//! What is known of a note from outside its text.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::values::names;
use super::{Level, NoteType, ProcedureFamily, Region, Side};

/// Where the service was given and who bills for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Setting {
    /// The clinician's own claim, wherever the service was given.
    Professional,
    /// The claim of an ambulatory surgical centre.
    Asc,
    /// The claim of a hospital's outpatient department.
    Hopd,
}

/// Who pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Payer {
    /// Original Medicare.
    Medicare,
    /// Any other.
    Commercial,
}

names!(Setting { Professional = "professional", Asc = "asc", Hopd = "hopd" });
names!(Payer { Medicare = "medicare", Commercial = "commercial" });

/// The halves of the spine that coverage policies count sessions by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SpineHalf {
    /// Neck and chest.
    CervicalThoracic,
    /// Below.
    LumbarSacral,
}

names!(SpineHalf { CervicalThoracic = "cervical_thoracic", LumbarSacral = "lumbar_sacral" });

impl From<Region> for SpineHalf {
    fn from(region: Region) -> Self {
        match region {
            Region::Cervical | Region::Thoracic => Self::CervicalThoracic,
            Region::Lumbar | Region::Sacral => Self::LumbarSacral,
        }
    }
}

/// A procedure that an earlier note of the same patient reports as performed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EarlierService {
    /// The day of service.
    pub day: Date,
    /// What was done.
    pub family: ProcedureFamily,
    /// In which part of the spine.
    pub region: Option<Region>,
    /// At which level.
    pub level: Option<Level>,
    /// On which side.
    pub side: Option<Side>,
    /// Whether it was diagnostic, where that is stated.
    pub is_diagnostic: Option<bool>,
}

/// A rule that somebody does not want applied to a note, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IgnoredRule {
    /// The rule's code.
    pub rule: String,
    /// Why.
    pub reason: String,
}

/// What is known of a note from outside its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// What the note was written for; read from the text where it is not given.
    pub note_type: Option<NoteType>,
    /// The day of service; read from the text where it is not given.
    pub service_date: Option<Date>,
    /// The day that stands in for a day of service that neither is given nor stands in the note.
    pub today: Option<Date>,
    /// Where the service was given.
    pub setting: Option<Setting>,
    /// Who pays.
    pub payer: Option<Payer>,
    /// The Medicare contractor whose coverage rules apply, by its key in the table of contractors.
    pub contractor: Option<String>,
    /// What earlier notes of the same patient report, in the order of their days.
    pub earlier: Vec<EarlierService>,
    /// Rules that are not applied to this note, beside those that it names itself.
    pub ignore: Vec<IgnoredRule>,
}

/// Where the day of service comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrigin {
    /// From outside the note.
    Given,
    /// From the note's text.
    Note,
    /// Neither: today stands in for it.
    Assumed,
}

names!(DateOrigin { Given = "given", Note = "note", Assumed = "assumed" });

/// The day by whose rules a note is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServiceDate {
    /// The day.
    pub day: Date,
    /// Where it comes from.
    pub origin: DateOrigin,
}
