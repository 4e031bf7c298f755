//! How many levels, joints or interspaces a note documents, in the units that CPT counts.
//!
//! Medial branch nerves are counted into joints: each lumbar facet joint has two, so that blocks of the L3, L4 and L5
//! nerves are two joints. A count is a range where the words leave it open: "L4 and L5" laminectomy is one segment
//! or two.

use crate::codes::Unit;
use crate::model::{Level, Procedure, Region, Side, Vertebra};

/// How many units are documented on one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Count {
    /// At the least.
    pub(super) least: u32,
    /// At the most.
    pub(super) most: u32,
    /// On how many sides at the most.
    pub(super) most_sides: u32,
    /// Whether joints were counted from their nerves.
    pub(super) from_nerves: Option<u32>,
}

impl Count {
    /// Counts procedures of one family group; `None` where a level is missing, or the words do not say what to count.
    pub(super) fn of(unit: Unit, procedures: &[&Procedure]) -> Option<Self> {
        let mut levels: Vec<Level> = procedures.iter().map(|p| p.level).collect::<Option<_>>()?;
        levels.sort_unstable();
        levels.dedup();
        let spaces = levels.iter().filter(|level| level.is_interspace()).count();
        let (all_spaces, no_spaces) = (spaces == levels.len(), spaces == 0);
        let number = levels.len() as u32;
        let (least, most, from_nerves) = match unit {
            _ if levels.is_empty() => return None,
            Unit::Level => (foramina(&levels), number, None),
            Unit::Joint | Unit::Interspace if all_spaces => (number, number, None),
            Unit::Joint if no_spaces => {
                let (least, most) = joints(&levels);
                (least, most, Some(number))
            }
            // Decompression of an interspace is told of one segment or of both that bound it.
            Unit::Segment if all_spaces => (number, number + 1, None),
            Unit::Segment if no_spaces => (number.saturating_sub(1).max(1), number, None),
            _ => return None,
        };
        let may_be_both = procedures.iter().any(|p| matches!(p.side, None | Some(Side::Bilateral)))
            || levels.iter().any(|level| has_both_sides(procedures, *level));
        Some(Self { least, most, most_sides: if may_be_both { 2 } else { 1 }, from_nerves })
    }
}

fn has_both_sides(procedures: &[&Procedure], level: Level) -> bool {
    let at_level = |side| procedures.iter().any(|p| p.level == Some(level) && p.side == Some(side));
    at_level(Side::Left) && at_level(Side::Right)
}

/// The number of foramina that interspaces and roots name together: the L5 root leaves through L5-S1.
fn foramina(levels: &[Level]) -> u32 {
    let mut foramina: Vec<Level> = levels.iter().map(|&level| foramen(level)).collect();
    foramina.sort_unstable();
    foramina.dedup();
    foramina.len() as u32
}

/// The foramen of a level: a cervical root leaves above its vertebra, the others below (ICD-10-CM, inclusion terms
/// under M50.1; textbook below the neck). Sacral roots leave through foramina of their own.
fn foramen(level: Level) -> Level {
    if level.is_interspace() {
        return level;
    }
    let root = level.upper();
    let space = match (root.region(), root.number()) {
        (Region::Sacral, _) => None,
        (Region::Cervical, 8) => "C7-T1".parse().ok(),
        (Region::Cervical, _) => root.above().and_then(|above| Level::interspace(above, root)),
        _ => root.below().and_then(|below| Level::interspace(root, below)),
    };
    space.unwrap_or(level)
}

/// The joints that nerves belong to: neighbours make a joint. A nerve alone leaves open whether its joint was meant,
/// and so does a run that ends at C2, C3 (the third occipital nerve serves C2-3 alone) or at the sacrum.
fn joints(nerves: &[Level]) -> (u32, u32) {
    let mut nerves: Vec<Vertebra> = nerves.iter().map(|level| level.upper()).collect();
    nerves.sort_unstable();
    let (mut least, mut most) = (0, 0);
    for run in nerves.chunk_by(|upper, lower| upper.adjoins(*lower)) {
        let number = run.len() as u32;
        let is_open = number == 1
            || run
                .iter()
                .any(|v| v.region() == Region::Sacral || v.region() == Region::Cervical && v.number() <= 3);
        least += number.saturating_sub(if is_open && number > 2 { 2 } else { 1 });
        most += if is_open { number } else { number - 1 };
    }
    (least, most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{EvidenceList, ProcedureFamily, ProcedureStatus, SectionKind};

    fn procedures(facts: &str) -> Vec<Procedure> {
        let procedure = |fact: &str| {
            let (level, side) = fact.split_once(' ').unwrap_or((fact, ""));
            Procedure {
                family: ProcedureFamily::TransforaminalEsi,
                level: level.parse().ok(),
                side: Side::ALL.iter().copied().find(|s| s.name() == side),
                status: ProcedureStatus::Performed,
                section: SectionKind::Procedure,
                evidence: EvidenceList::new(),
            }
        };
        facts.split(", ").map(procedure).collect()
    }

    #[test]
    fn levels_joints_and_interspaces_are_counted_as_cpt_counts_them() {
        for (unit, facts, expected) in [
            (Unit::Level, "L4-L5 left", Some((1, 1))),
            (Unit::Level, "L4-L5 left, L4-L5 right", Some((1, 1))),
            (Unit::Level, "L4 left, L5 left", Some((2, 2))),
            // One foramen told twice, by its interspace and by its root.
            (Unit::Level, "L5-S1 left, L5 left", Some((1, 2))),
            (Unit::Level, "C5-C6 left, C6 left", Some((1, 2))),
            (Unit::Level, "S1 left, L5-S1 left", Some((2, 2))),
            (Unit::Level, "x left", None),
            (Unit::Joint, "L4-L5 left, L5-S1 left", Some((2, 2))),
            (Unit::Joint, "L3 left, L4 left, L5 left", Some((2, 2))),
            (Unit::Joint, "L2 left, L3 left, L4 left, L5 left", Some((3, 3))),
            (Unit::Joint, "C4 left, C5 left, C6 left", Some((2, 2))),
            (Unit::Joint, "C3 left, C4 left", Some((1, 2))),
            (Unit::Joint, "T12 left, L1 left", Some((1, 1))),
            (Unit::Joint, "L3 left, L4 left, L5 left, S1 left", Some((2, 4))),
            (Unit::Joint, "L4 left", Some((0, 1))),
            (Unit::Joint, "L4 left, L4-L5 left", None),
            (Unit::Interspace, "C5-C6, C6-C7", Some((2, 2))),
            (Unit::Interspace, "C5, C6", None),
            (Unit::Segment, "L3-L4, L4-L5", Some((2, 3))),
            (Unit::Segment, "L3, L4", Some((1, 2))),
            (Unit::Region, "L4-L5", None),
        ] {
            let procedures = procedures(facts);
            let count = Count::of(unit, &procedures.iter().collect::<Vec<_>>());
            assert_eq!(count.map(|c| (c.least, c.most)), expected, "{unit:?} {facts}");
        }
    }

    #[test]
    fn a_side_that_is_not_stated_may_be_both() {
        for (facts, expected) in [
            ("L4-L5 left", false),
            ("L4-L5 left, L5-S1 right", false),
            ("L4-L5 left, L4-L5 right", true),
            ("L4-L5 bilateral", true),
            ("L4-L5", true),
        ] {
            let procedures = procedures(facts);
            let count = Count::of(Unit::Level, &procedures.iter().collect::<Vec<_>>()).unwrap();
            assert_eq!(count.most_sides == 2, expected, "{facts}");
        }
    }
}
