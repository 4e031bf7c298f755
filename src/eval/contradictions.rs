//! Contradictions that gold names against those of an audit.
//!
//! Gold gives one level; where two statements disagree about the level itself, either of the two will do.
//! Contradictions of anything but findings are left out: an audit holds none.

use crate::model::{Audit, Between, Finding, FindingKind, Level};

use super::counts::Matched;
use super::gold::GoldContradiction;

/// A contradiction as it is scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Disagreement {
    /// The kind of the findings.
    pub kind: FindingKind,
    /// What they disagree about.
    pub between: Between,
    /// The level: gold's, or the first finding's.
    pub level: Option<Level>,
}

/// Compares the contradictions of an audit with gold's.
pub(super) fn contradictions(gold: &[GoldContradiction], audit: &Audit) -> Matched<Disagreement> {
    let gold: Vec<Disagreement> = gold.iter().filter_map(of_gold).collect();
    let found = audit.contradictions.iter().filter_map(|c| {
        let (first, second) = (audit.findings.get(c.first)?, audit.findings.get(c.second)?);
        let [one, other] = [first, second].map(|f: &Finding| Disagreement {
            kind: first.kind,
            between: c.between,
            level: f.level,
        });
        let named_by_second = !gold.contains(&one) && gold.contains(&other);
        Some(if named_by_second { other } else { one })
    });
    Matched::of(gold.iter().copied(), found)
}

fn of_gold(gold: &GoldContradiction) -> Option<Disagreement> {
    let kind = FindingKind::ALL.iter().copied().find(|k| k.name() == gold.kind)?;
    Some(Disagreement { kind, between: gold.between, level: gold.level })
}
