//! ICD-10-CM codes of the categories that spine notes use, and which exclude each other.

use serde::Deserialize;

use super::lookup::{Certainty, dated, holds};
use super::reader::{CodesError, read_sorted, read_table};
use crate::model::{Date, Level};

/// The part of the spine that an ICD-10-CM code names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IcdRegion {
    /// Occiput to axis.
    OccipitoAtlantoAxial,
    /// Cervical.
    Cervical,
    /// C7-T1.
    Cervicothoracic,
    /// Thoracic.
    Thoracic,
    /// T12-L1.
    Thoracolumbar,
    /// Lumbar.
    Lumbar,
    /// L5-S1.
    Lumbosacral,
    /// Sacral and sacrococcygeal.
    Sacral,
    /// Multiple sites.
    Multiple,
    /// The code says that the site is not specified.
    Unspecified,
}

/// An ICD-10-CM code over one stretch of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Icd10 {
    /// The code with its dot.
    pub code: String,
    /// Its title in the tabular list.
    pub title: String,
    /// Whether it can be billed; a header needs more digits.
    pub billable: bool,
    /// The region of its title; `None` where it names none.
    pub region: Option<IcdRegion>,
    /// The interspaces that it is for, where it is for less than a region.
    pub levels: Vec<Level>,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
    /// How sure the row is.
    pub certainty: Certainty,
    /// How sure its days are.
    pub dates: Certainty,
    /// The newest release that has it.
    pub source: String,
}

dated!(Icd10);

/// A code, with all below it, and those that may not stand beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Excludes1 {
    code: String,
    first: String,
    last: String,
    from: Option<Date>,
    to: Option<Date>,
}

impl Excludes1 {
    /// Whether the note forbids the two together on a day.
    pub(super) fn forbids(&self, one: &str, other: &str, day: Date) -> bool {
        let excludes = |code: &str, other: &str| {
            let within = |end: &str| other.get(..end.len().min(other.len())).unwrap_or_default();
            code.starts_with(&self.code)
                && other.len() >= self.first.len()
                && self.first.as_str() <= other
                && within(&self.last) <= self.last.as_str()
        };
        holds(self.from, self.to, day) && (excludes(one, other) || excludes(other, one))
    }
}

const COLUMNS: &[&str] = &[
    "code",
    "title",
    "billable",
    "region",
    "levels",
    "effective_from",
    "effective_to",
    "certainty",
    "dates",
    "source",
];

const EXCLUDES_COLUMNS: &[&str] =
    &["code", "first", "last", "effective_from", "effective_to", "certainty", "source"];

pub(super) fn read(text: &str) -> Result<Vec<Icd10>, CodesError> {
    read_sorted("icd10cm.csv", text, COLUMNS, |row| {
        Ok(Icd10 {
            code: row.text(),
            title: row.text(),
            billable: row.flag()?,
            region: row.optional()?,
            levels: row.list()?,
            from: row.day()?,
            to: row.day()?,
            certainty: row.value()?,
            dates: row.value()?,
            source: row.text(),
        })
    })
}

pub(super) fn read_excludes(text: &str) -> Result<Vec<Excludes1>, CodesError> {
    read_table("excludes1.csv", text, EXCLUDES_COLUMNS, |row| {
        Ok(Excludes1 {
            code: row.text(),
            first: row.text(),
            last: row.text(),
            from: row.day()?,
            to: row.day()?,
        })
    })
}
