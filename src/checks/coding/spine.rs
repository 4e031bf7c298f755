//! Where a level lies, as codes divide the spine.

use crate::codes::{CodeTables, CptRegion};
use crate::model::{Level, Region};

/// The two halves that epidural, facet and ablation codes divide the spine into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Half {
    /// Cervical or thoracic, T12-L1 included.
    Upper,
    /// Lumbar or sacral.
    Lower,
}

/// The half that a level lies in.
pub(super) fn half(level: Level) -> Half {
    match level.upper().region() {
        Region::Cervical | Region::Thoracic => Half::Upper,
        Region::Lumbar | Region::Sacral => Half::Lower,
    }
}

/// Whether a level lies between the halves, so that which one it is coded to is convention.
pub(super) fn is_edge(level: Level) -> bool {
    level.upper().region() == Region::Thoracic
        && level.lower().is_some_and(|lower| lower.region() == Region::Lumbar)
}

/// Whether the region of a CPT code may hold a level; a level that the tables do not have may be anywhere.
pub(super) fn serves(tables: &CodeTables, region: CptRegion, level: Level) -> bool {
    tables.cpt_fits(region, level).unwrap_or(true)
}

/// Whether an ICD-10-CM code may stand for a level, or for either vertebra of it: coders put L5-S1 under lumbar as
/// well as under lumbosacral. `None` where the code names no region.
pub(super) fn diagnosis_may_fit(tables: &CodeTables, code: &str, level: Level) -> Option<bool> {
    let parts = [Some(level), Some(Level::single(level.upper())), level.lower().map(Level::single)];
    let fits = parts.into_iter().flatten().map(|part| tables.icd10_fits(code, part));
    fits.flatten().reduce(|one, other| one || other)
}
