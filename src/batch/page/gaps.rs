//! What is missing, by element.

use std::io;

use crate::batch::{Summary, percent};
use crate::model::Element;

use super::charts::{Chart, bars};
use super::format::{count, heading, rate};

/// The elements that are missing somewhere, the most frequent first.
#[derive(Debug)]
pub(super) struct Gaps {
    pub(super) rows: Vec<GapRow>,
    pub(super) chart: Chart,
}

/// An element that is missing.
#[derive(Debug)]
pub(super) struct GapRow {
    pub(super) element: String,
    pub(super) gaps: String,
    pub(super) notes: String,
    pub(super) share: String,
}

/// The elements that are missing; `None` where nothing is.
pub(super) fn gaps(summary: &Summary) -> io::Result<Option<Gaps>> {
    let elements = by_frequency(summary);
    if elements.is_empty() {
        return Ok(None);
    }
    let share = |element| {
        let notes = summary.gaps.get(&element).map_or(0, |counts| counts.notes);
        percent(notes, summary.score.scored_notes)
    };
    let lengths: Vec<_> = elements.iter().map(|&e| (heading(e.name()), share(e).unwrap_or(0.0))).collect();
    let rows = elements.iter().map(|&element| {
        let counts = summary.gaps.get(&element).copied().unwrap_or_default();
        GapRow {
            element: heading(element.name()),
            gaps: count(counts.gaps),
            notes: count(counts.notes),
            share: rate(share(element)),
        }
    });
    Ok(Some(Gaps { rows: rows.collect(), chart: bars(&lengths)? }))
}

/// The elements that are missing somewhere, the one that most notes lack first.
pub(super) fn by_frequency(summary: &Summary) -> Vec<Element> {
    let mut elements: Vec<_> = summary.gaps.iter().filter(|(_, counts)| counts.notes > 0).collect();
    elements.sort_by_key(|(_, counts)| std::cmp::Reverse(counts.notes));
    elements.into_iter().map(|(element, _)| *element).collect()
}
