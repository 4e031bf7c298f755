//! Figures by what notes have in common: their type, who wrote them, where, and when.

use std::cmp::Reverse;
use std::io;

use crate::batch::summary::MOST_KEYS;
use crate::batch::{Group, Keyed, Summary, percent};
use crate::model::Element;

use super::charts::{Chart, Line, lines};
use super::format::{count, heading, rate, visible};
use super::gaps::by_frequency;

/// Elements with a column of their own.
const ELEMENTS: usize = 4;

/// Rows that are shown at once, and those that are shown where somebody asks for more.
const SHOWN: usize = 20;
const MORE: usize = 180;

/// Months of the chart.
const MONTHS: usize = 36;

/// A table of groups.
#[derive(Debug)]
pub(super) struct Groups {
    /// Its place in the page.
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    /// What a row is.
    pub(super) key: &'static str,
    /// How the rows are ordered.
    pub(super) order: &'static str,
    /// The elements with a column.
    pub(super) elements: Vec<String>,
    pub(super) rows: Vec<Row>,
    pub(super) more: Vec<Row>,
    /// How many are left out.
    pub(super) left: Option<String>,
    pub(super) chart: Option<Chart>,
}

/// A group.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) key: String,
    /// Whether the key is the notes' own, and not a word of ours.
    pub(super) is_key: bool,
    pub(super) notes: String,
    pub(super) completeness: String,
    /// The same without the sign, for the bar behind it.
    pub(super) percent: Option<f64>,
    pub(super) complete_notes: String,
    pub(super) missing: String,
    /// The share of notes that lack each element.
    pub(super) lacking: Vec<String>,
    pub(super) flags: String,
}

/// The tables that the notes have keys for.
pub(super) fn groups(summary: &Summary) -> io::Result<Vec<Groups>> {
    let elements: Vec<Element> = by_frequency(summary).into_iter().take(ELEMENTS).collect();
    let types = summary.note_types.iter();
    let types = types.map(|(name, group)| row(&heading(name.name()), true, group, &elements)).collect();
    let mut tables = vec![table("types", "By type of note", "Type of note", "", types, &elements)];
    for (id, title, key, keyed) in [
        ("providers", "By provider", "Provider", &summary.providers),
        ("facilities", "By facility", "Facility", &summary.facilities),
    ] {
        if !keyed.keys.is_empty() {
            let order = "Those with the most missing elements stand first.";
            tables.push(table(id, title, key, order, worst_first(keyed, &elements), &elements));
        }
    }
    if !summary.months.keys.is_empty() {
        let months = latest_first(&summary.months, &elements);
        let order = "The latest month stands first.";
        let months = table("months", "By month of service", "Month", order, months, &elements);
        tables.push(Groups { chart: over_time(&summary.months)?, ..months });
    }
    Ok(tables)
}

/// What is known of none of the notes, in words.
pub(super) fn unknown(summary: &Summary) -> Vec<&'static str> {
    let keys = [
        ("provider", &summary.providers),
        ("facility", &summary.facilities),
        ("month of service", &summary.months),
    ];
    keys.into_iter().filter(|(_, keyed)| keyed.keys.is_empty()).map(|(name, _)| name).collect()
}

fn table(
    id: &'static str,
    title: &'static str,
    key: &'static str,
    order: &'static str,
    mut rows: Vec<Row>,
    elements: &[Element],
) -> Groups {
    let mut more = rows.split_off(rows.len().min(SHOWN));
    let left = more.split_off(more.len().min(MORE)).len();
    let left = (left > 0).then(|| count(left as u64));
    let elements = elements.iter().map(|element| heading(element.name())).collect();
    Groups { id, title, key, order, elements, rows, more, left, chart: None }
}

fn worst_first(keyed: &Keyed, elements: &[Element]) -> Vec<Row> {
    let mut keys: Vec<_> = keyed.keys.iter().collect();
    keys.sort_by_key(|(_, group)| Reverse(missing(group)));
    let rows = keys.into_iter().map(|(key, group)| row(key, true, group, elements));
    unnamed(keyed, elements).into_iter().chain(rows).collect()
}

fn latest_first(keyed: &Keyed, elements: &[Element]) -> Vec<Row> {
    let rows = keyed.keys.iter().rev().map(|(key, group)| row(key, true, group, elements));
    unnamed(keyed, elements).into_iter().chain(rows).collect()
}

/// The notes that have no row of their own.
fn unnamed(keyed: &Keyed, elements: &[Element]) -> Vec<Row> {
    let beyond = format!("All beyond the first {}", count(MOST_KEYS as u64));
    let groups = [("Not stated", &keyed.unstated), (&beyond, &keyed.others)];
    let groups = groups.into_iter().filter(|(_, group)| group.notes > 0);
    groups.map(|(name, group)| row(name, false, group, elements)).collect()
}

fn row(key: &str, is_key: bool, group: &Group, elements: &[Element]) -> Row {
    let lacking = elements.iter().map(|element| {
        let notes = group.gaps.get(element).map_or(0, |counts| counts.notes);
        rate(percent(notes, group.score.scored_notes))
    });
    Row {
        key: visible(key),
        is_key,
        notes: count(group.notes),
        completeness: rate(group.score.percent()),
        percent: group.score.percent(),
        complete_notes: rate(percent(group.score.complete_notes, group.score.scored_notes)),
        missing: count(missing(group)),
        lacking: lacking.collect(),
        flags: count(group.flags),
    }
}

const fn missing(group: &Group) -> u64 {
    group.score.required.saturating_sub(group.score.documented)
}

/// Completeness over the latest months, those without a note among them; `None` where one month is all there is.
fn over_time(months: &Keyed) -> io::Result<Option<Chart>> {
    let known: Vec<&String> = months.keys.keys().collect();
    let (Some(first), Some(last)) = (known.first(), known.last()) else { return Ok(None) };
    let mut times = vec![(*last).clone()];
    while times.len() < MONTHS
        && let Some(before) = times.last().and_then(|month| month_before(month))
        && before >= **first
    {
        times.push(before);
    }
    times.reverse();
    if times.len() < 2 {
        return Ok(None);
    }
    let of = |value: fn(&Group) -> Option<f64>| -> Vec<Option<f32>> {
        times
            .iter()
            .map(|month| months.keys.get(month).and_then(value).map(|percent| percent as f32))
            .collect()
    };
    let elements = Line { name: "Elements documented", values: of(|group| group.score.percent()) };
    let complete = |group: &Group| percent(group.score.complete_notes, group.score.scored_notes);
    let notes = Line { name: "Complete notes", values: of(complete) };
    lines(&times, &elements, &notes).map(Some)
}

/// `2023-12` before `2024-01`; `None` where the text is no month.
fn month_before(month: &str) -> Option<String> {
    let (year, month) = month.rsplit_once('-')?;
    let (year, month): (i32, u32) = (year.parse().ok()?, month.parse().ok()?);
    Some(if month > 1 { format!("{year:04}-{:02}", month - 1) } else { format!("{:04}-12", year - 1) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keyed(keys: &[(&str, u64)]) -> Keyed {
        let group = |required: u64| Group {
            notes: 1,
            score: crate::batch::ScoreCounts { documented: 1, required, scored_notes: 1, complete_notes: 0 },
            ..Group::default()
        };
        let keys = keys.iter().map(|&(key, required)| (key.to_owned(), group(required)));
        Keyed { keys: keys.collect(), ..Keyed::default() }
    }

    #[test]
    fn the_chart_goes_through_months_without_notes() {
        let chart = over_time(&keyed(&[("2023-11", 2), ("2024-02", 2)])).unwrap().unwrap();
        for month in ["2023-11", "2023-12", "2024-01", "2024-02"] {
            assert!(chart.wide.contains(month), "{month}");
        }
        assert!(over_time(&keyed(&[("2023-11", 2)])).unwrap().is_none());
        let decades = over_time(&keyed(&[("1990-01", 2), ("2024-02", 2)])).unwrap().unwrap();
        assert!(decades.wide.contains("2021-03") && !decades.wide.contains("2021-02"));
    }

    #[test]
    fn rows_stand_in_the_order_that_helps() {
        let mut by = keyed(&[("a", 2), ("b", 9), ("c", 2)]);
        by.unstated.notes = 3;
        let order = |rows: Vec<Row>| rows.into_iter().map(|row| row.key).collect::<Vec<_>>();
        assert_eq!(order(worst_first(&by, &[])), ["Not stated", "b", "a", "c"]);
        assert_eq!(order(latest_first(&by, &[])), ["Not stated", "c", "b", "a"]);
    }
}
