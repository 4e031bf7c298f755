//! The tables of `lexicons/codes`, read once.

use crate::model::{Date, ProcedureFamily, Substance};

/// How sure a row is; only a verified one may make a flag an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// Read in the source itself.
    Verified,
    /// Read in a secondary source.
    Secondary,
    /// Known, and not found in a source.
    Known,
}

/// The part of the spine that a CPT code is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Imaging {
    /// Part of it.
    Included,
    /// The code is for the service without.
    Without,
    /// Neither.
    NotApplicable,
}

/// Medicare's bilateral indicator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bilateral {
    /// 0: no bilateral payment.
    None,
    /// 1: one-sided code, modifier 50 valid.
    OneSided,
    /// 2: already one- or two-sided.
    Either,
    /// 9: the idea does not apply.
    NotApplicable,
}

/// A CPT code over one stretch of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cpt {
    /// The number.
    pub code: String,
    /// Our own words for it.
    pub label: String,
    /// The families that it reports; empty for guidance and the like.
    pub families: Vec<ProcedureFamily>,
    /// Where.
    pub region: CptRegion,
    /// What a unit counts.
    pub unit: Unit,
    /// The codes that it is an add-on to; empty for a code that stands alone.
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
    /// On whose word.
    pub source: String,
}

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
    /// On whose word.
    pub source: String,
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
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
}

/// What a table says of a code on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookup<T> {
    /// It holds.
    Valid(T),
    /// It starts later: the row of its first day.
    NotYet(T),
    /// It has ended: the row of its last day.
    Ended(T),
    /// The table has the family of codes, and not this one.
    Unknown,
    /// The table does not cover such codes.
    NotCovered,
}

/// A table is not as it must be.
#[derive(Debug, thiserror::Error)]
#[error("{file}:{line}: {reason}")]
pub struct CodesError {
    /// Name of the file.
    pub file: &'static str,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong, and how to mend it.
    pub reason: String,
}

/// The code tables.
#[derive(Clone, Debug, Default)]
pub struct CodeTables {}

impl CodeTables {
    /// The tables that the library carries.
    ///
    /// # Errors
    /// When a table is broken, which the project's tests rule out.
    pub fn embedded() -> Result<Self, CodesError> {
        Ok(Self {})
    }

    /// What is known of a CPT code on a day of service.
    pub fn cpt(&self, _code: &str, _day: Date) -> Lookup<&Cpt> {
        Lookup::NotCovered
    }

    /// What is known of a HCPCS level II code on a day of service.
    pub fn hcpcs(&self, _code: &str, _day: Date) -> Lookup<&Hcpcs> {
        Lookup::NotCovered
    }

    /// What is known of an ICD-10-CM code on a day of service.
    pub fn icd10(&self, _code: &str, _day: Date) -> Lookup<&Icd10> {
        Lookup::NotCovered
    }

    /// Whether the tabular list of that day forbids the two together in one region (Excludes1).
    pub fn excludes1(&self, _one: &str, _other: &str, _day: Date) -> bool {
        false
    }
}
