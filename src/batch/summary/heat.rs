//! Present findings by kind, level, side and severity: the cells of a heat map.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::model::{Finding, FindingKind, Level, Severity, Side, Status};

use super::counts::add_all;

/// A cell of the heat map; what a finding does not state is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Cell {
    /// What is found.
    pub kind: FindingKind,
    /// Where.
    pub level: Option<Level>,
    /// On which side.
    pub side: Option<Side>,
    /// How bad.
    pub severity: Option<Severity>,
}

/// How many present findings there are in each cell. There are no more cells than values that a finding can take.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeatMap(BTreeMap<Cell, u64>);

impl HeatMap {
    /// The cells that hold a finding, and how many, by kind and then from the neck down; `None` comes first.
    pub fn cells(&self) -> impl Iterator<Item = (Cell, u64)> {
        self.0.iter().map(|(&cell, &present)| (cell, present))
    }

    /// Counts a finding, if it is present.
    pub(super) fn add(&mut self, finding: &Finding) {
        if finding.status == Status::Present {
            let Finding { kind, level, side, severity, .. } = *finding;
            *self.0.entry(Cell { kind, level, side, severity }).or_default() += 1;
        }
    }

    /// Adds the cells of other notes.
    pub(super) fn merge(&mut self, other: Self) {
        add_all(&mut self.0, other.0);
    }
}

/// A cell as a row: a list of these is JSON, which knows no keys but texts.
#[derive(Serialize, Deserialize)]
struct Row {
    #[serde(flatten)]
    cell: Cell,
    present: u64,
}

impl Serialize for HeatMap {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.cells().map(|(cell, present)| Row { cell, present }))
    }
}

impl<'de> Deserialize<'de> for HeatMap {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let rows = Vec::<Row>::deserialize(deserializer)?;
        Ok(Self(rows.into_iter().map(|row| (row.cell, row.present)).collect()))
    }
}
