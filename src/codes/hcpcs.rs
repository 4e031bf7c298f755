//! HCPCS level II codes: drugs with the size of their unit, and modifiers.

use super::lookup::{Certainty, dated};
use super::reader::{CodesError, read_sorted};
use crate::model::{Date, Substance};

/// A HCPCS level II code over one stretch of time.
#[derive(Clone, Debug, PartialEq)]
pub struct Hcpcs {
    /// The code.
    pub code: String,
    /// What it is for, in our own words.
    pub label: String,
    /// The substance that it bills; `None` for one that notes here do not use.
    pub substance: Option<Substance>,
    /// Size of a unit in mg; `None` where units are not counted in mg.
    pub unit_mg: Option<f64>,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
    /// How sure the row is.
    pub certainty: Certainty,
    /// How sure its days are.
    pub dates: Certainty,
    /// On whose word.
    pub source: String,
}

/// A modifier, of CPT or of HCPCS, over one stretch of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Modifier {
    /// Its two characters.
    pub code: String,
    /// What it says, in our own words.
    pub label: String,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
    /// How sure the row is.
    pub certainty: Certainty,
    /// On whose word.
    pub source: String,
}

dated!(Hcpcs, Modifier);

const COLUMNS: &[&str] = &[
    "code",
    "label",
    "substance",
    "unit_mg",
    "effective_from",
    "effective_to",
    "certainty",
    "dates",
    "source",
];

const MODIFIER_COLUMNS: &[&str] = &["code", "label", "effective_from", "effective_to", "certainty", "source"];

pub(super) fn read(text: &str) -> Result<Vec<Hcpcs>, CodesError> {
    read_sorted("hcpcs.csv", text, COLUMNS, |row| {
        Ok(Hcpcs {
            code: row.text(),
            label: row.text(),
            substance: row.optional()?,
            unit_mg: row.number()?,
            from: row.day()?,
            to: row.day()?,
            certainty: row.value()?,
            dates: row.value()?,
            source: row.text(),
        })
    })
}

pub(super) fn read_modifiers(text: &str) -> Result<Vec<Modifier>, CodesError> {
    read_sorted("modifiers.csv", text, MODIFIER_COLUMNS, |row| {
        Ok(Modifier {
            code: row.text(),
            label: row.text(),
            from: row.day()?,
            to: row.day()?,
            certainty: row.value()?,
            source: row.text(),
        })
    })
}
