//! The tables of `lexicons/codes`, read once, and the questions that rules put to them.
//!
//! ```
//! use foramen::codes::{CodeTables, Lookup};
//! let tables = CodeTables::embedded()?;
//! let day = "2025-03-14".parse()?;
//! assert!(matches!(tables.cpt("64483", day), Lookup::Valid(row) if row.unit == foramen::codes::Unit::Level));
//! assert!(matches!(tables.hcpcs("J1030", day), Lookup::Ended(_)));
//! assert!(matches!(tables.icd10("M48.06", day), Lookup::Valid(row) if !row.billable));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use super::anatomy::{self, LevelRegions, Root};
use super::cpt::{self, Cpt, CptRegion};
use super::hcpcs::{self, Hcpcs, Modifier};
use super::icd10::{self, Excludes1, Icd10, IcdRegion};
use super::lookup::{Lookup, look_up, rows_of};
use super::reader::{CodesError, read_table};
use crate::model::{CodeSystem, Date, Level, Vertebra};

/// A file of `lexicons/codes`.
macro_rules! table {
    ($name:literal) => {
        include_str!(concat!("../../lexicons/codes/", $name))
    };
}

/// The category of ICD-10-CM with region digits of its own.
const BIOMECHANICAL: &str = "M99";

/// A stretch of codes of which the table has every one.
#[derive(Clone, Debug)]
struct Covered {
    system: CodeSystem,
    first: String,
    last: String,
}

/// The code tables.
#[derive(Clone, Debug, Default)]
pub struct CodeTables {
    cpt: Vec<Cpt>,
    hcpcs: Vec<Hcpcs>,
    modifiers: Vec<Modifier>,
    icd10: Vec<Icd10>,
    excludes: Vec<Excludes1>,
    levels: Vec<LevelRegions>,
    roots: Vec<Root>,
    covered: Vec<Covered>,
}

impl CodeTables {
    /// The tables that the library carries.
    ///
    /// # Errors
    /// When a table is broken, which the project's tests rule out.
    pub fn embedded() -> Result<Self, CodesError> {
        let columns = &["system", "first", "last", "source"];
        Ok(Self {
            cpt: cpt::read(table!("cpt.csv"))?,
            hcpcs: hcpcs::read(table!("hcpcs.csv"))?,
            modifiers: hcpcs::read_modifiers(table!("modifiers.csv"))?,
            icd10: icd10::read(table!("icd10cm.csv"))?,
            excludes: icd10::read_excludes(table!("excludes1.csv"))?,
            levels: anatomy::read_levels(table!("levels.csv"))?,
            roots: anatomy::read_roots(table!("roots.csv"))?,
            covered: read_table("coverage.csv", table!("coverage.csv"), columns, |row| {
                Ok(Covered { system: row.value()?, first: row.text(), last: row.text() })
            })?,
        })
    }

    /// Lays a licensed user's own labels over those of the CPT codes: a table of `code,label`. Codes that the
    /// table does not have are passed over.
    ///
    /// # Errors
    /// When the text is no such table, with file and line; the labels are then as they were.
    pub fn load_labels(&mut self, file: &str, text: &str) -> Result<(), CodesError> {
        let labels = read_table(file, text, &["code", "label"], |row| {
            let (code, label) = (row.text(), row.text());
            if code.is_empty() || label.is_empty() {
                return Err("write a code and its label".to_owned());
            }
            Ok((code, label))
        })?;
        for (code, label) in labels {
            for row in self.cpt.iter_mut().filter(|row| row.code == code) {
                row.label.clone_from(&label);
            }
        }
        Ok(())
    }

    /// What is known of a CPT code on a day of service.
    pub fn cpt(&self, code: &str, day: Date) -> Lookup<&Cpt> {
        look_up(&self.cpt, code, day).unwrap_or_else(|| self.absent(CodeSystem::Cpt, code))
    }

    /// What is known of a HCPCS level II code on a day of service.
    pub fn hcpcs(&self, code: &str, day: Date) -> Lookup<&Hcpcs> {
        look_up(&self.hcpcs, code, day).unwrap_or_else(|| self.absent(CodeSystem::Hcpcs, code))
    }

    /// What is known of an ICD-10-CM code, with its dot, on a day of service.
    pub fn icd10(&self, code: &str, day: Date) -> Lookup<&Icd10> {
        look_up(&self.icd10, code, day).unwrap_or_else(|| self.absent(CodeSystem::Icd10Cm, code))
    }

    /// What is known of a modifier on a day of service; the table does not have all that exist.
    pub fn modifier(&self, code: &str, day: Date) -> Lookup<&Modifier> {
        look_up(&self.modifiers, code, day).unwrap_or(Lookup::NotCovered)
    }

    /// Whether the tabular list of that day forbids the two together in one region (Excludes1).
    pub fn excludes1(&self, one: &str, other: &str, day: Date) -> bool {
        self.excludes.iter().any(|pair| pair.forbids(one, other, day))
    }

    /// The region that an ICD-10-CM code names, on whatever day.
    pub fn icd10_region(&self, code: &str) -> Option<IcdRegion> {
        rows_of(&self.icd10, code).first().and_then(|row| row.region)
    }

    /// The interspaces that an ICD-10-CM code is for; empty where it names a region at most.
    pub fn icd10_levels(&self, code: &str) -> &[Level] {
        rows_of(&self.icd10, code).first().map_or(&[], |row| &row.levels)
    }

    /// Whether an ICD-10-CM code can stand for a level; `None` where the code names no region.
    pub fn icd10_fits(&self, code: &str, level: Level) -> Option<bool> {
        let levels = self.icd10_levels(code);
        if !levels.is_empty() {
            return Some(levels.iter().any(|&coded| coded == level || touches(coded, level)));
        }
        let region = self.icd10_region(code)?;
        if matches!(region, IcdRegion::Multiple | IcdRegion::Unspecified) {
            return None;
        }
        let regions = self.level(level)?;
        let regions = if code.starts_with(BIOMECHANICAL) { &regions.m99 } else { &regions.icd10 };
        Some(regions.contains(&region))
    }

    /// Whether the region of a CPT code holds a level; `None` for a level that is not in the table.
    pub fn cpt_fits(&self, region: CptRegion, level: Level) -> Option<bool> {
        if region == CptRegion::Any {
            return Some(true);
        }
        self.level(level).map(|regions| regions.cpt.contains(&region))
    }

    /// Where a level may be coded to.
    pub fn level(&self, level: Level) -> Option<&LevelRegions> {
        let at = self.levels.binary_search_by_key(&level, |row| row.level).ok()?;
        self.levels.get(at)
    }

    /// What a root feels and moves, and where it leaves the canal.
    pub fn root(&self, root: Vertebra) -> Option<&Root> {
        let at = self.roots.binary_search_by_key(&root, |row| row.root).ok()?;
        self.roots.get(at)
    }

    /// The root that leaves by the foramen of an interspace.
    pub fn exiting_root(&self, interspace: Level) -> Option<Vertebra> {
        self.roots.iter().find(|row| row.exits == Some(interspace)).map(|row| row.root)
    }

    /// Whether the table has a CPT code that a slip of the pen could have made into this one: it begins with the same
    /// three digits, or two digits beside each other changed places.
    pub fn has_cpt_beside(&self, code: &str) -> bool {
        let start = code.get(..3).unwrap_or(code);
        let at = self.cpt.partition_point(|row| row.code.as_str() < start);
        let swapped = |i: usize| {
            let mut bytes = code.as_bytes().to_vec();
            bytes.swap(i - 1, i);
            std::str::from_utf8(&bytes).is_ok_and(|code| self.has_cpt(code))
        };
        self.cpt.get(at).is_some_and(|row| row.code.starts_with(start)) || (1..code.len()).any(swapped)
    }

    /// Whether the table has a CPT code on any day.
    pub(super) fn has_cpt(&self, code: &str) -> bool {
        !rows_of(&self.cpt, code).is_empty()
    }

    /// Whether the table has a HCPCS code on any day.
    pub(super) fn has_hcpcs(&self, code: &str) -> bool {
        !rows_of(&self.hcpcs, code).is_empty()
    }

    /// Whether the table has a modifier on any day.
    pub(super) fn has_modifier(&self, code: &str) -> bool {
        !rows_of(&self.modifiers, code).is_empty()
    }

    /// Whether an ICD-10-CM code is of a category that the table has whole.
    pub(super) fn covers_icd10(&self, code: &str) -> bool {
        self.absent::<()>(CodeSystem::Icd10Cm, code) == Lookup::Unknown
    }

    /// Whether an ICD-10-CM code could be billed on any day.
    pub(super) fn is_ever_billable(&self, code: &str) -> bool {
        rows_of(&self.icd10, code).iter().any(|row| row.billable)
    }

    /// What to say of a code that is in no row.
    fn absent<T>(&self, system: CodeSystem, code: &str) -> Lookup<T> {
        let is_within = |covered: &Covered| {
            let start = code.get(..covered.last.len()).unwrap_or_default();
            covered.system == system && covered.first.as_str() <= start && start <= covered.last.as_str()
        };
        if self.covered.iter().any(is_within) { Lookup::Unknown } else { Lookup::NotCovered }
    }
}

/// Whether a lone vertebra or root is one of the two of an interspace.
fn touches(interspace: Level, single: Level) -> bool {
    !single.is_interspace()
        && (interspace.upper() == single.upper() || interspace.lower() == Some(single.upper()))
}
