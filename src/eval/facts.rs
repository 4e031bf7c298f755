//! Facts as sets of tuples: what is compared.
//!
//! A side that stands for both counts as left and right, so that one statement over both sides and two
//! statements, one for each, are the same facts. Evidence, sections and forms of a disc take no part.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::model::{
    Element, Finding, FindingKind, Gap, Level, Procedure, ProcedureFamily, ProcedureStatus, Radiculopathy,
    Severity, Side, Status, Subtype, Vertebra, names,
};

/// A finding as it is scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fact {
    /// What it is.
    pub kind: FindingKind,
    /// Where.
    pub level: Option<Level>,
    /// On which side: left, right or not said.
    pub side: Option<Side>,
    /// How bad.
    pub severity: Option<Severity>,
    /// What the note says of it.
    pub status: Status,
}

/// A procedure as it is scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProcedureFact {
    /// What it is.
    pub family: ProcedureFamily,
    /// Where.
    pub level: Option<Level>,
    /// On which side: left, right or not said.
    pub side: Option<Side>,
    /// Whether and when it is done.
    pub status: ProcedureStatus,
}

/// A radiculopathy as it is scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RootFact {
    /// The root.
    pub root: Option<Vertebra>,
    /// On which side: left, right or not said.
    pub side: Option<Side>,
    /// What the note says of it.
    pub status: Status,
}

/// A gap as it is scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GapFact {
    /// What is missing.
    pub element: Element,
    /// The kind of the finding that lacks it; `None` for the note as a whole.
    pub kind: Option<FindingKind>,
    /// Where that finding is.
    pub level: Option<Level>,
    /// On which side it is.
    pub side: Option<Side>,
}

/// Facts, and for each the first record that states it, as an index.
pub(super) type Stated<K> = BTreeMap<K, usize>;

fn sides(side: Option<Side>) -> &'static [Option<Side>] {
    match side {
        None => &[None],
        Some(Side::Left) => &[Some(Side::Left)],
        Some(Side::Right) => &[Some(Side::Right)],
        Some(Side::Bilateral) => &[Some(Side::Left), Some(Side::Right)],
    }
}

/// The facts of findings.
pub(super) fn findings(records: &[Finding]) -> Stated<Fact> {
    stated(
        records,
        |r| r.side,
        |r, side| Fact { kind: r.kind, level: r.level, side, severity: r.severity, status: r.status },
    )
}

/// The facts of procedures.
pub(super) fn procedures(records: &[Procedure]) -> Stated<ProcedureFact> {
    stated(
        records,
        |r| r.side,
        |r, side| ProcedureFact { family: r.family, level: r.level, side, status: r.status },
    )
}

/// The facts of radiculopathies.
pub(super) fn radiculopathies(records: &[Radiculopathy]) -> Stated<RootFact> {
    stated(records, |r| r.side, |r, side| RootFact { root: r.root, side, status: r.status })
}

/// The facts of gaps of these findings.
pub(super) fn gaps(records: &[Gap], of: &[Finding]) -> Stated<GapFact> {
    let finding = |gap: &Gap| gap.finding.and_then(|index| of.get(index));
    stated(
        records,
        |r| finding(r).and_then(|f| f.side),
        |r, side| GapFact {
            element: r.element,
            kind: finding(r).map(|f| f.kind),
            level: finding(r).and_then(|f| f.level),
            side,
        },
    )
}

fn stated<R, K: Ord>(
    records: &[R],
    side: impl Fn(&R) -> Option<Side>,
    fact: impl Fn(&R, Option<Side>) -> K,
) -> Stated<K> {
    let mut facts = Stated::new();
    for (index, record) in records.iter().enumerate() {
        for &side in sides(side(record)) {
            facts.entry(fact(record, side)).or_insert(index);
        }
    }
    facts
}

/// A looser comparison of findings: some of their values, the others left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// Kind and level.
    Level,
    /// Kind, level and side.
    LevelSide,
    /// Kind, level and severity.
    LevelSeverity,
    /// Kind, level and status.
    LevelStatus,
    /// Level and form, of displaced discs.
    LevelSubtype,
}

/// The values that a looser comparison keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Loose {
    /// What it is.
    pub kind: FindingKind,
    level: Option<Level>,
    side: Option<Side>,
    severity: Option<Severity>,
    status: Option<Status>,
    subtype: Option<Subtype>,
}

names!(Aspect {
    Level = "level",
    LevelSide = "level_side",
    LevelSeverity = "level_severity",
    LevelStatus = "level_status",
    LevelSubtype = "level_subtype",
});

impl Aspect {
    /// The values of these findings that this comparison keeps.
    pub fn of(self, records: &[Finding]) -> BTreeSet<Loose> {
        records
            .iter()
            .filter(|r| self != Self::LevelSubtype || r.kind == FindingKind::DiscDisplacement)
            .flat_map(|r| {
                sides(r.side).iter().map(move |side| Loose {
                    kind: r.kind,
                    level: r.level,
                    side: side.filter(|_| self == Self::LevelSide),
                    severity: r.severity.filter(|_| self == Self::LevelSeverity),
                    status: (self == Self::LevelStatus).then_some(r.status),
                    subtype: r.subtype.filter(|_| self == Self::LevelSubtype),
                })
            })
            .collect()
    }
}
