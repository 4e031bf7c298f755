//! Earlier services of a patient, as examples and cases write them: `2025-03-01 transforaminal_esi L4-L5 left`.

use foramen::model::{EarlierService, Level, ProcedureFamily, Side};

/// An earlier service from its day, family, level and side.
pub(crate) fn earlier(facts: &str) -> EarlierService {
    let words = || facts.split(' ');
    let level: Option<Level> = words().find_map(|word| word.parse().ok());
    EarlierService {
        day: words().next().unwrap().parse().unwrap(),
        family: *ProcedureFamily::ALL.iter().find(|f| words().any(|word| word == f.name())).unwrap(),
        region: level.map(|level| level.upper().region()),
        level,
        side: Side::ALL.iter().copied().find(|side| words().any(|word| word == side.name())),
        is_diagnostic: None,
    }
}
