//! Present findings as heat maps: a row a level, a column a severity on a side.

use std::collections::BTreeMap;

use crate::batch::{Cell, HeatMap};
use crate::checks::words;
use crate::model::{FindingKind, Level, Severity, Side};

use super::format::{compact, count, heading};

/// Shades of the map, the palest 1; no finding has shade 0.
const SHADES: f64 = 7.0;

/// The map of one kind of finding.
#[derive(Debug)]
pub(super) struct Map {
    pub(super) title: String,
    pub(super) total: String,
    pub(super) sides: Vec<String>,
    pub(super) severities: Vec<String>,
    pub(super) rows: Vec<MapRow>,
}

/// A level.
#[derive(Debug)]
pub(super) struct MapRow {
    pub(super) level: String,
    pub(super) cells: Vec<Shaded>,
    pub(super) total: String,
}

/// A number and its shade.
#[derive(Debug)]
pub(super) struct Shaded {
    pub(super) shade: u8,
    pub(super) shown: String,
    /// The number in full, where it is shortened.
    pub(super) exact: Option<String>,
    /// Whether a side begins here.
    pub(super) is_first: bool,
}

/// The maps of the kinds that are found, each from the neck down and at last what names no level.
pub(super) fn maps(heat: &HeatMap) -> Vec<Map> {
    FindingKind::ALL.iter().filter_map(|&kind| map(heat, kind)).collect()
}

fn map(heat: &HeatMap, kind: FindingKind) -> Option<Map> {
    let cells: BTreeMap<Cell, u64> = heat.cells().filter(|(cell, _)| cell.kind == kind).collect();
    let most = cells.values().copied().max()?;
    let has = |wanted: &dyn Fn(&Cell) -> bool| cells.keys().any(wanted);
    let sides: Vec<Option<Side>> =
        options(Side::ALL).filter(|side| has(&|cell| cell.side == *side)).collect();
    let severities: Vec<Option<Severity>> =
        options(Severity::ALL).filter(|severity| has(&|cell| cell.severity == *severity)).collect();
    let mut levels: Vec<Option<Level>> = cells.keys().map(|cell| cell.level).collect();
    levels.dedup();
    // What names no level comes first in the order of the cells, and last on the page.
    levels.sort_by_key(Option::is_none);
    let row = |&level: &Option<Level>| {
        let numbers = sides.iter().flat_map(|&side| {
            let severities = severities.iter().enumerate();
            severities.map(move |(at, &severity)| (Cell { kind, level, side, severity }, at == 0))
        });
        let of = |cell| cells.get(&cell).copied().unwrap_or(0);
        MapRow {
            level: level.map_or_else(|| "Not stated".to_owned(), |level| level.to_string()),
            total: count(numbers.clone().map(|(cell, _)| of(cell)).sum()),
            cells: numbers.map(|(cell, is_first)| shaded(of(cell), most, is_first)).collect(),
        }
    };
    Some(Map {
        title: heading(kind.name()),
        total: count(cells.values().sum()),
        rows: levels.iter().map(row).collect(),
        sides: sides
            .iter()
            .map(|side| side.map_or("Side not stated".to_owned(), |s| heading(s.name())))
            .collect(),
        severities: severities
            .iter()
            .map(|severity| severity.map_or("not stated".to_owned(), |s| words(s.name())))
            .collect(),
    })
}

fn options<T: Copy>(all: &[T]) -> impl Iterator<Item = Option<T>> {
    all.iter().map(|&value| Some(value)).chain(std::iter::once(None))
}

/// Shades grow with the square root, so that the few are told from the none beside the many.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a shade is a whole number from 0 to 7"
)]
fn shaded(n: u64, most: u64, is_first: bool) -> Shaded {
    let shown = if n == 0 { "·".to_owned() } else { compact(n) };
    let exact = (n > 0 && shown != n.to_string()).then(|| count(n));
    let shade = (SHADES * (n as f64 / most.max(1) as f64).sqrt()).ceil() as u8;
    Shaded { shade, shown, exact, is_first }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shades_rise_with_the_number() {
        let shades = [0, 1, 2_500, 10_000].map(|n| shaded(n, 10_000, false).shade);
        assert_eq!(shades, [0, 1, 4, 7]);
        let most = shaded(10_000, 10_000, true);
        assert_eq!((&*most.shown, most.exact.as_deref()), ("10k", Some("10,000")));
    }

    #[test]
    fn a_map_has_the_rows_and_columns_that_hold_something() {
        let cells = serde_json::json!([
            {"kind": "disc_displacement", "level": null, "side": null, "severity": null, "present": 2},
            {"kind": "disc_displacement", "level": "C5-C6", "side": null, "severity": "mild", "present": 1},
            {"kind": "disc_displacement", "level": "L4-L5", "side": "left", "severity": "severe", "present": 4},
        ]);
        let maps = maps(&serde_json::from_value(cells).unwrap());
        assert_eq!(maps.len(), 1);
        assert_eq!(maps[0].sides, ["Left", "Side not stated"]);
        assert_eq!(maps[0].severities, ["mild", "severe", "not stated"]);
        let rows: Vec<String> = maps[0]
            .rows
            .iter()
            .map(|row| {
                let cells: Vec<&str> = row.cells.iter().map(|cell| &*cell.shown).collect();
                format!("{}: {} = {}", row.level, cells.join(" "), row.total)
            })
            .collect();
        assert_eq!(rows, ["C5-C6: · · · 1 · · = 1", "L4-L5: · 4 · · · · = 4", "Not stated: · · · · · 2 = 2"]);
    }
}
