//! Levels and roots: where codes put a level, and what a root does.

use super::cpt::CptRegion;
use super::icd10::IcdRegion;
use super::lookup::Certainty;
use super::reader::{CodesError, read_table};
use crate::model::{Level, Vertebra};

/// Where a level or root may be coded to. A lone vertebra or root may lie in the regions on both sides of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelRegions {
    /// The level.
    pub level: Level,
    /// Regions of ICD-10-CM.
    pub icd10: Vec<IcdRegion>,
    /// Regions of category M99, which has no junctions.
    pub m99: Vec<IcdRegion>,
    /// Regions of CPT.
    pub cpt: Vec<CptRegion>,
    /// How sure the row is.
    pub certainty: Certainty,
    /// On whose word.
    pub source: String,
}

/// A nerve root. Neighbouring roots overlap: what it does not list is no proof against it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// The root.
    pub root: Vertebra,
    /// The interspace by whose foramen it leaves; sacral roots leave by foramina of the sacrum.
    pub exits: Option<Level>,
    /// Where it feels.
    pub sensory: String,
    /// What it moves.
    pub motor: String,
    /// Its reflexes.
    pub reflex: String,
    /// How sure the row is.
    pub certainty: Certainty,
    /// On whose word.
    pub source: String,
}

const LEVEL_COLUMNS: &[&str] = &["level", "icd10", "m99", "cpt", "certainty", "source"];
const ROOT_COLUMNS: &[&str] = &["root", "exits", "sensory", "motor", "reflex", "certainty", "source"];

pub(super) fn read_levels(text: &str) -> Result<Vec<LevelRegions>, CodesError> {
    let mut rows = read_table("levels.csv", text, LEVEL_COLUMNS, |row| {
        Ok(LevelRegions {
            level: row.value()?,
            icd10: row.list()?,
            m99: row.list()?,
            cpt: row.list()?,
            certainty: row.value()?,
            source: row.text(),
        })
    })?;
    rows.sort_by_key(|row| row.level);
    Ok(rows)
}

pub(super) fn read_roots(text: &str) -> Result<Vec<Root>, CodesError> {
    let mut rows = read_table("roots.csv", text, ROOT_COLUMNS, |row| {
        Ok(Root {
            root: row.value()?,
            exits: row.optional()?,
            sensory: row.text(),
            motor: row.text(),
            reflex: row.text(),
            certainty: row.value()?,
            source: row.text(),
        })
    })?;
    rows.sort_by_key(|row| row.root);
    Ok(rows)
}
