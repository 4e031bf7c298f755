//! Counts of what was found, made up and missed, and the rates that follow.
//!
//! ```
//! use foramen::eval::Counts;
//! let counts = Counts { tp: 3, fp: 1, fn_: 1 };
//! assert_eq!(counts.precision(), Some(0.75));
//! assert_eq!(Counts::default().f1(), None);
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::ops::AddAssign;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

/// True positives, false positives, false negatives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// In gold and in the audit.
    pub tp: u32,
    /// In the audit alone.
    pub fp: u32,
    /// In gold alone.
    pub fn_: u32,
}

impl Counts {
    /// The part of the audit's facts that are right; `None` where it has none.
    pub fn precision(self) -> Option<f64> {
        rate(self.tp, self.tp + self.fp)
    }

    /// The part of the gold facts that were found; `None` where there are none.
    pub fn recall(self) -> Option<f64> {
        rate(self.tp, self.tp + self.fn_)
    }

    /// The harmonic mean of both; `None` where there is nothing to find and nothing was found.
    pub fn f1(self) -> Option<f64> {
        rate(2 * self.tp, 2 * self.tp + self.fp + self.fn_)
    }
}

/// `part` of `whole`, to four decimals; `None` for nothing of nothing.
pub(super) fn rate(part: u32, whole: u32) -> Option<f64> {
    (whole > 0).then(|| (f64::from(part) / f64::from(whole) * 10_000.0).round() / 10_000.0)
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.tp += other.tp;
        self.fp += other.fp;
        self.fn_ += other.fn_;
    }
}

impl Serialize for Counts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Counts", 6)?;
        out.serialize_field("tp", &self.tp)?;
        out.serialize_field("fp", &self.fp)?;
        out.serialize_field("fn", &self.fn_)?;
        out.serialize_field("precision", &self.precision())?;
        out.serialize_field("recall", &self.recall())?;
        out.serialize_field("f1", &self.f1())?;
        out.end()
    }
}

/// Gold and audit as sets of the same facts, compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matched<K> {
    /// In both.
    pub hit: Vec<K>,
    /// In gold alone.
    pub missing: Vec<K>,
    /// In the audit alone.
    pub spurious: Vec<K>,
}

impl<K: Ord + Copy> Matched<K> {
    /// Compares two sets; what is given twice counts once.
    pub fn of(gold: impl IntoIterator<Item = K>, audit: impl IntoIterator<Item = K>) -> Self {
        let (gold, audit): (BTreeSet<K>, BTreeSet<K>) =
            (gold.into_iter().collect(), audit.into_iter().collect());
        Self {
            hit: gold.intersection(&audit).copied().collect(),
            missing: gold.difference(&audit).copied().collect(),
            spurious: audit.difference(&gold).copied().collect(),
        }
    }

    /// The counts as a whole.
    pub fn counts(&self) -> Counts {
        Counts { tp: self.hit.len() as u32, fp: self.spurious.len() as u32, fn_: self.missing.len() as u32 }
    }

    /// Adds the counts by a key of the facts to `totals`.
    pub fn count_by<G: Ord>(&self, group: impl Fn(&K) -> G, totals: &mut BTreeMap<G, Counts>) {
        for key in &self.hit {
            totals.entry(group(key)).or_default().tp += 1;
        }
        for key in &self.spurious {
            totals.entry(group(key)).or_default().fp += 1;
        }
        for key in &self.missing {
            totals.entry(group(key)).or_default().fn_ += 1;
        }
    }
}

/// Counts as a whole and for each kind of fact.
#[derive(Clone, Debug, Serialize)]
pub struct ByKind<G: Ord> {
    /// All kinds.
    pub overall: Counts,
    /// Each kind that occurs.
    pub by_kind: BTreeMap<G, Counts>,
}

impl<G: Ord> Default for ByKind<G> {
    fn default() -> Self {
        Self { overall: Counts::default(), by_kind: BTreeMap::new() }
    }
}

impl<G: Ord> ByKind<G> {
    /// Adds facts that were compared.
    pub fn add<K: Ord + Copy>(&mut self, matched: &Matched<K>, kind: impl Fn(&K) -> G) {
        self.overall += matched.counts();
        matched.count_by(kind, &mut self.by_kind);
    }
}
