//! The figures that a summary is made of, each of which can be added to another of its kind.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

use crate::model::{Audit, Element};

/// Gaps of one element.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GapCounts {
    /// How many.
    pub gaps: u64,
    /// Notes that have one.
    pub notes: u64,
}

/// Completeness over many notes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct ScoreCounts {
    /// Required elements that are there.
    pub documented: u64,
    /// Required elements.
    pub required: u64,
    /// Notes of which something is required.
    pub scored_notes: u64,
    /// Notes of them that lack nothing.
    pub complete_notes: u64,
}

/// What stands at one level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelCounts {
    /// Present findings.
    pub present: u64,
    /// Gaps of findings.
    pub gaps: u64,
}

/// The figures of notes that have something in common: a type, a provider, a month.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// How many notes.
    pub notes: u64,
    /// Their gaps by element.
    pub gaps: BTreeMap<Element, GapCounts>,
    /// Their flags.
    pub flags: u64,
    /// Their completeness.
    pub score: ScoreCounts,
}

impl Group {
    /// The figures of one note.
    pub(super) fn of(audit: &Audit) -> Self {
        let mut gaps: BTreeMap<Element, GapCounts> = BTreeMap::new();
        for gap in &audit.gaps {
            let counts = gaps.entry(gap.element).or_default();
            *counts = GapCounts { gaps: counts.gaps + 1, notes: 1 };
        }
        let scored = audit.score.required > 0;
        let score = ScoreCounts {
            documented: audit.score.documented.into(),
            required: audit.score.required.into(),
            scored_notes: scored.into(),
            complete_notes: (scored && audit.score.documented >= audit.score.required).into(),
        };
        Self { notes: 1, gaps, flags: audit.flags.len() as u64, score }
    }

    /// Adds the figures of other notes.
    pub(super) fn add(&mut self, other: &Self) {
        self.notes += other.notes;
        self.flags += other.flags;
        self.score += other.score;
        for (&element, &counts) in &other.gaps {
            *self.gaps.entry(element).or_default() += counts;
        }
    }
}

impl ScoreCounts {
    /// Documented over required in percent, to one decimal; `None` where nothing is required.
    pub fn percent(self) -> Option<f64> {
        percent(self.documented, self.required)
    }
}

impl AddAssign for GapCounts {
    fn add_assign(&mut self, other: Self) {
        self.gaps += other.gaps;
        self.notes += other.notes;
    }
}

impl AddAssign for LevelCounts {
    fn add_assign(&mut self, other: Self) {
        self.present += other.present;
        self.gaps += other.gaps;
    }
}

impl AddAssign for ScoreCounts {
    fn add_assign(&mut self, other: Self) {
        self.documented += other.documented;
        self.required += other.required;
        self.scored_notes += other.scored_notes;
        self.complete_notes += other.complete_notes;
    }
}

impl Serialize for ScoreCounts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Score", 5)?;
        object.serialize_field("documented", &self.documented)?;
        object.serialize_field("required", &self.required)?;
        object.serialize_field("percent", &self.percent())?;
        object.serialize_field("scored_notes", &self.scored_notes)?;
        object.serialize_field("complete_notes", &self.complete_notes)?;
        object.end()
    }
}

/// Part of a whole in percent, to one decimal; `None` where the whole is nothing.
// Counts stay far below 2^52, from where on they would not be exact.
#[expect(clippy::cast_precision_loss)]
pub(crate) fn percent(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| (part as f64 * 1000.0 / whole as f64).round() / 10.0)
}

/// Adds each value of a table to the one under the same key.
pub(super) fn add_all<K: Ord, V: AddAssign + Default>(into: &mut BTreeMap<K, V>, from: BTreeMap<K, V>) {
    for (key, value) in from {
        *into.entry(key).or_default() += value;
    }
}
