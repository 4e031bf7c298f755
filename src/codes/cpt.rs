//! CPT codes: numbers with our own plain words, and what decides whether they fit a procedure.

use serde::Deserialize;

use super::lookup::{Certainty, dated};
use super::reader::{CodesError, read_sorted};
use crate::model::{Date, ProcedureFamily};

/// The part of the spine that a CPT code is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CptRegion {
    /// Cervical or thoracic, T12-L1 included.
    CervicalThoracic,
    /// Lumbar or sacral.
    LumbarSacral,
    /// Cervical.
    Cervical,
    /// Thoracic.
    Thoracic,
    /// Lumbar.
    Lumbar,
    /// Sacroiliac joint.
    Sacroiliac,
    /// Any.
    Any,
}

/// What one unit of a CPT code counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A region and session.
    Region,
    /// A level on one side.
    Level,
    /// A facet joint on one side.
    Joint,
    /// An interspace.
    Interspace,
    /// A vertebral segment.
    Segment,
    /// A side.
    Side,
    /// The service as a whole.
    Service,
}

/// Whether image guidance is part of a CPT code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Imaging {
    /// Part of it.
    Included,
    /// The code is for the service without.
    Without,
    /// Neither.
    NotApplicable,
}

/// Medicare's bilateral indicator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub enum Bilateral {
    /// 0: no bilateral payment.
    #[serde(rename = "0")]
    None,
    /// 1: one-sided code, modifier 50 valid.
    #[serde(rename = "1")]
    OneSided,
    /// 2: already one- or two-sided.
    #[serde(rename = "2")]
    Either,
    /// 9: the idea does not apply.
    #[serde(rename = "9")]
    NotApplicable,
}

/// A CPT code over one stretch of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cpt {
    /// The number.
    pub code: String,
    /// Our own words for it, or the words of a user who has a licence.
    pub label: String,
    /// The families that it reports; empty for guidance and the like.
    pub families: Vec<ProcedureFamily>,
    /// Where.
    pub region: CptRegion,
    /// What a unit counts.
    pub unit: Unit,
    /// The codes any of which it is an add-on to; empty for a code that stands alone.
    pub primaries: Vec<String>,
    /// Image guidance.
    pub imaging: Imaging,
    /// The bilateral indicator, where known.
    pub bilateral: Option<Bilateral>,
    /// First day; `None` where it is before all that is looked up.
    pub from: Option<Date>,
    /// Last day; `None` while it holds.
    pub to: Option<Date>,
    /// How sure the row is.
    pub certainty: Certainty,
    /// How sure its days are.
    pub dates: Certainty,
    /// On whose word.
    pub source: String,
}

dated!(Cpt);

const COLUMNS: &[&str] = &[
    "code",
    "label",
    "families",
    "region",
    "unit",
    "primaries",
    "imaging",
    "bilateral",
    "effective_from",
    "effective_to",
    "certainty",
    "dates",
    "source",
];

pub(super) fn read(text: &str) -> Result<Vec<Cpt>, CodesError> {
    read_sorted("cpt.csv", text, COLUMNS, |row| {
        Ok(Cpt {
            code: row.text(),
            label: row.text(),
            families: row.list()?,
            region: row.value()?,
            unit: row.value()?,
            primaries: row.list()?,
            imaging: row.value()?,
            bilateral: row.optional()?,
            from: row.day()?,
            to: row.day()?,
            certainty: row.value()?,
            dates: row.value()?,
            source: row.text(),
        })
    })
}
