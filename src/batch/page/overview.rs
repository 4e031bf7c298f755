//! The run at a glance: its totals, and what to look at before trusting them.

use crate::batch::summary::MOST_KEYS;
use crate::batch::{Summary, percent};
use crate::checks::words;
use crate::model::Status;

use super::facts::Fact;
use super::format::{bytes, count, heading, plural, rate, visible};

/// Statuses with a column of their own.
const STATUSES: &[Status] =
    &[Status::Present, Status::Absent, Status::Possible, Status::Historical, Status::Hypothetical];

/// A figure of the first row.
#[derive(Debug)]
pub(super) struct Tile {
    pub(super) name: &'static str,
    pub(super) value: String,
    pub(super) note: String,
}

/// What the notes state: a row a kind, a column a status.
#[derive(Debug)]
pub(super) struct Findings {
    pub(super) statuses: Vec<String>,
    pub(super) rows: Vec<(String, Vec<String>)>,
}

/// The totals.
pub(super) fn tiles(summary: &Summary) -> Vec<Tile> {
    let score = summary.score;
    let gaps: u64 = summary.gaps.values().map(|counts| counts.gaps).sum();
    let flags: u64 = summary.flags.values().sum();
    let rules = summary.flags.len() as u64;
    let lacking = score.scored_notes.saturating_sub(score.complete_notes);
    let tile = |name, value, note| Tile { name, value, note };
    vec![
        tile("Notes", count(summary.notes), format!("{} of text", bytes(summary.bytes))),
        tile(
            "Elements documented",
            rate(score.percent()),
            format!("{} of {} that are required", count(score.documented), count(score.required)),
        ),
        tile(
            "Complete notes",
            rate(percent(score.complete_notes, score.scored_notes)),
            format!("{} of {} with requirements", count(score.complete_notes), count(score.scored_notes)),
        ),
        tile("Gaps", count(gaps), format!("in {} note{}", count(lacking), plural(lacking))),
        tile("Flags", count(flags), format!("of {} rule{}", count(rules), plural(rules))),
        tile("Not read", count(summary.rejected()), "records rejected".to_owned()),
    ]
}

/// What somebody should look at before trusting the figures.
pub(super) fn attention(summary: &Summary) -> Vec<String> {
    let (providers, facilities) = (&summary.providers.others, &summary.facilities.others);
    let beyond =
        |what| format!("of {what} beyond the first {}, which are counted together", count(MOST_KEYS as u64));
    let (of_providers, of_facilities) = (beyond("providers"), beyond("facilities"));
    let points = [
        (summary.rejected(), "left out of all figures: rejects.jsonl tells where and why", "record"),
        (summary.duplicate_ids, "with an id that an earlier note has", "note"),
        (summary.duplicate_texts, "with the very text of an earlier note", "note"),
        (summary.empty_notes, "without a word", "note"),
        (summary.skipped_files, "in folders passed over for their ending", "file"),
        (providers.notes, &of_providers, "note"),
        (facilities.notes, &of_facilities, "note"),
    ];
    let points = points.iter().filter(|(n, ..)| *n > 0);
    points.map(|&(n, what, unit)| format!("{} {unit}{} {what}", count(n), plural(n))).collect()
}

/// The findings.
pub(super) fn findings(summary: &Summary) -> Findings {
    let rows = summary.findings.iter().map(|(kind, counts)| {
        let counts = STATUSES.iter().map(|status| count(counts.get(status).copied().unwrap_or_default()));
        (heading(kind.name()), counts.collect())
    });
    Findings {
        statuses: STATUSES.iter().map(|status| heading(status.name())).collect(),
        rows: rows.collect(),
    }
}

/// The records that could not be read, the most frequent reason first.
pub(super) fn rejects(summary: &Summary) -> Vec<Fact> {
    let mut reasons: Vec<_> = summary.rejects.iter().collect();
    reasons.sort_by_key(|&(_, &n)| std::cmp::Reverse(n));
    let fact = |(reason, &n): (&std::borrow::Cow<'_, str>, &u64)| Fact {
        name: visible(&words(reason)),
        value: count(n),
    };
    reasons.into_iter().map(fact).collect()
}

/// Notes that an earlier note had in part.
pub(super) fn copies(summary: &Summary) -> Vec<Fact> {
    let copies = [("Its id", summary.duplicate_ids), ("Its text, word for word", summary.duplicate_texts)];
    copies.into_iter().map(|(name, n)| Fact { name: name.to_owned(), value: count(n) }).collect()
}
