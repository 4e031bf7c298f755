//! Charts, drawn as SVG by a library.
//!
//! Each is drawn at the width of a desk and at that of a phone, so that its letters have the size of those around it; the
//! style shows one of the two. The colours are no colours but names, which the style gives a colour of its own in
//! daylight, in the dark and on paper.

use std::io;

use charts_rs::{Box as Margin, Color, FontConfig, HorizontalBarChart, LineChart, Series, Symbol};

/// Widths in CSS pixels.
const WIDE: f32 = 760.0;
const NARROW: f32 = 330.0;

/// Size of letters in CSS pixels.
const LETTERS: f32 = 13.0;

/// Letters and axes.
const INK: (u8, u8, u8) = (1, 1, 1);
/// Lines of the grid.
const GRID: (u8, u8, u8) = (2, 2, 2);
/// The first series.
const FIRST: (u8, u8, u8) = (3, 3, 3);
/// The second series.
const SECOND: (u8, u8, u8) = (4, 4, 4);

/// A chart, safe to stand in a page as it is.
#[derive(Debug)]
pub(super) struct Chart {
    /// For wide pages.
    pub(super) wide: String,
    /// For narrow ones.
    pub(super) narrow: String,
}

/// A row for each of `values`, from the top, each a name and a percentage.
pub(super) fn bars(values: &[(String, f64)]) -> io::Result<Chart> {
    let names: Vec<String> = values.iter().rev().map(|(name, _)| name.clone()).collect();
    let lengths: Vec<f32> = values.iter().rev().map(|(_, value)| *value as f32).collect();
    let draw = |width| {
        let mut series = Series::new(String::new(), lengths.clone());
        series.label_show = true;
        let mut chart = HorizontalBarChart::new(vec![series], names.clone());
        #[expect(clippy::cast_precision_loss, reason = "a page has some dozens of rows")]
        let height = 40.0 + 34.0 * values.len() as f32;
        plain(&mut chart.base, width, height);
        chart.base.margin = Margin { right: 36.0, ..Margin::default() };
        chart.base.legend.show = Some(false);
        "{c}%".clone_into(&mut chart.base.series.label.formatter);
        for axis in &mut chart.y_axis_configs {
            axis.font = font();
            axis.formatter = Some("{c}%".to_owned());
            axis.split_number = 4;
        }
        chart.svg()
    };
    both(draw)
}

/// Two percentages over time, by the names of the points in time; `None` where nothing is known.
pub(super) fn lines(times: &[String], first: &Line<'_>, second: &Line<'_>) -> io::Result<Chart> {
    let draw = |width| {
        let mut solid = Series::new_nullable(first.name.to_owned(), first.values.clone());
        solid.symbol = Some(Symbol::Circle(3.5, Some(FIRST.into())));
        let mut dashed = Series::new_nullable(second.name.to_owned(), second.values.clone());
        dashed.symbol = Some(Symbol::Diamond(4.5, Some(SECOND.into())));
        dashed.stroke_dash_array = Some("5 4".to_owned());
        let mut chart = LineChart::new(vec![solid, dashed], times.to_vec());
        plain(&mut chart.base, width, 260.0);
        chart.base.margin = Margin { right: 12.0, ..Margin::default() };
        for axis in &mut chart.y_axis_configs {
            axis.font = font();
            axis.formatter = Some("{c}%".to_owned());
            (axis.min, axis.max, axis.split_number) = (Some(0.0), Some(100.0), 4);
        }
        chart.svg()
    };
    both(draw)
}

/// One of the lines of a chart.
#[derive(Debug)]
pub(super) struct Line<'n> {
    /// What it shows.
    pub(super) name: &'n str,
    /// The percentages.
    pub(super) values: Vec<Option<f32>>,
}

fn both(draw: impl Fn(f32) -> charts_rs::Result<String>) -> io::Result<Chart> {
    let svg = |width| draw(width).map_err(io::Error::other);
    Ok(Chart { wide: svg(WIDE)?, narrow: svg(NARROW)? })
}

fn font() -> FontConfig {
    FontConfig { size: LETTERS, color: INK.into(), weight: None }
}

/// Size, and the names in place of colours.
fn plain(chart: &mut charts_rs::ChartBase, width: f32, height: f32) {
    chart.width = width;
    chart.height = height;
    chart.compact = true;
    chart.background_color = Color::transparent();
    chart.series.colors = vec![FIRST.into(), SECOND.into()];
    chart.series.label.font = font();
    chart.legend.font = font();
    chart.x_axis.font = font();
    chart.x_axis.stroke_color = GRID.into();
    chart.grid.stroke_color = GRID.into();
}
