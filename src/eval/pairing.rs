//! Which missed finding goes with which made-up one: most often they are one statement, read with one value
//! wrong.

use crate::model::{Finding, Side};

use super::facts::{Fact, Stated};

/// A fact that gold or the audit has alone, and the record that states it.
///
/// Left and right of one record that speaks of both sides are one such fact again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Alone {
    pub(super) fact: Fact,
    pub(super) record: usize,
}

/// The facts of `alone` with their records.
pub(super) fn with_records(alone: &[Fact], stated: &Stated<Fact>, records: &[Finding]) -> Vec<Alone> {
    let record_of = |fact: &Fact| stated.get(fact).copied();
    let whole = |fact: &Fact, twin: Side| {
        let other = Fact { side: Some(twin), ..*fact };
        let record = record_of(fact);
        alone.contains(&other)
            && record_of(&other) == record
            && record.and_then(|r| records.get(r)).is_some_and(|r| r.side == Some(Side::Bilateral))
    };
    let mut found = Vec::new();
    for fact in alone {
        let side = match fact.side {
            Some(Side::Right) if whole(fact, Side::Left) => continue,
            Some(Side::Left) if whole(fact, Side::Right) => Some(Side::Bilateral),
            side => side,
        };
        if let Some(record) = record_of(fact) {
            found.push(Alone { fact: Fact { side, ..*fact }, record });
        }
    }
    found
}

/// The names of the values in which two facts differ.
pub(super) fn differences(a: Fact, b: Fact) -> Vec<&'static str> {
    let values = [
        ("level", a.level != b.level),
        ("side", a.side != b.side),
        ("severity", a.severity != b.severity),
        ("status", a.status != b.status),
    ];
    values.into_iter().filter(|&(_, differs)| differs).map(|(name, _)| name).collect()
}

/// Pairs each missing fact with the nearest spurious one of its kind: (index of missing, index of spurious).
///
/// Near is one value apart, or two where the level agrees.
pub(super) fn pairs(missing: &[Alone], spurious: &[Alone]) -> Vec<(usize, usize)> {
    let mut candidates = Vec::new();
    for (m, a) in missing.iter().enumerate() {
        for (s, b) in spurious.iter().enumerate().filter(|(_, b)| b.fact.kind == a.fact.kind) {
            let differences = differences(a.fact, b.fact);
            if differences.len() <= 1 || differences.len() == 2 && !differences.contains(&"level") {
                candidates.push((differences.len(), m, s));
            }
        }
    }
    candidates.sort_unstable();
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (_, m, s) in candidates {
        if pairs.iter().all(|&(pm, ps)| pm != m && ps != s) {
            pairs.push((m, s));
        }
    }
    pairs
}
