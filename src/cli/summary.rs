//! The summary of a run, printed for a person.

use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use comfy_table::presets::UTF8_BORDERS_ONLY;
use comfy_table::{Cell, CellAlignment, Table};
use indicatif::{HumanBytes, HumanCount};

use crate::batch::Summary;
use crate::model::{Element, Status};

/// Statuses with a column of their own.
const STATUSES: &[Status] =
    &[Status::Present, Status::Absent, Status::Possible, Status::Historical, Status::Hypothetical];

/// Levels that are listed.
const WORST: usize = 8;

/// Prints the summary; `output` is where the results are.
pub(super) fn print(summary: &Summary, time: Duration, output: Option<&Path>) -> io::Result<()> {
    let mut text = run_line(summary, time);
    for table in [findings(summary), gaps(summary), levels(summary), flags(summary)].into_iter().flatten() {
        text += &format!("\n{table}\n");
    }
    if let Some(line) = score_line(summary) {
        text += &format!("\n{line}\n");
    }
    text += &attention(summary);
    if let Some(folder) = output {
        text += &format!("\nResults are in {}\n", folder.display());
    }
    anstream::stdout().write_all(text.as_bytes())
}

fn run_line(summary: &Summary, time: Duration) -> String {
    let seconds = time.as_secs_f64().max(1e-9);
    let rate = HumanCount((summary.notes as f64 / seconds) as u64);
    let megabytes = summary.bytes as f64 / 1e6 / seconds;
    let types: Vec<_> =
        summary.note_types.iter().map(|(kind, &count)| format!("{kind} {}", HumanCount(count))).collect();
    let mut line = format!(
        "{} notes, {}, in {seconds:.2} s: {rate} notes/s, {megabytes:.1} MB/s\n",
        HumanCount(summary.notes),
        HumanBytes(summary.bytes),
    );
    if !types.is_empty() {
        line += &format!("{}\n", types.join(" · "));
    }
    line
}

fn findings(summary: &Summary) -> Option<Table> {
    let mut table = table(["Findings"].into_iter().chain(STATUSES.iter().map(|s| s.name())));
    for (kind, counts) in &summary.findings {
        let counts = STATUSES.iter().map(|status| counts.get(status).copied().unwrap_or_default());
        table.add_row([words(kind.name())].into_iter().chain(counts.map(count)));
    }
    (!summary.findings.is_empty()).then_some(table)
}

fn gaps(summary: &Summary) -> Option<Table> {
    let scored = summary.score.scored_notes;
    let mut table = table(["Missing", "gaps", "notes", "of notes"]);
    for &element in Element::ALL {
        let counts = summary.gaps.get(&element).copied().unwrap_or_default();
        table.add_row([
            words(element.name()),
            count(counts.gaps),
            count(counts.notes),
            rate(counts.notes, scored),
        ]);
    }
    (scored > 0).then_some(table)
}

/// The levels with the most gaps.
fn levels(summary: &Summary) -> Option<Table> {
    let mut worst: Vec<_> = summary.levels.iter().filter(|(_, counts)| counts.gaps > 0).collect();
    worst.sort_by_key(|(_, counts)| std::cmp::Reverse(counts.gaps));
    let mut table = table(["Worst levels", "gaps", "present findings"]);
    for (level, counts) in worst.iter().take(WORST) {
        let level = level.map_or_else(|| "not stated".to_owned(), |level| level.to_string());
        table.add_row([Cell::new(level), count(counts.gaps), count(counts.present)]);
    }
    (!worst.is_empty()).then_some(table)
}

fn flags(summary: &Summary) -> Option<Table> {
    let mut most: Vec<_> = summary.flags.iter().collect();
    most.sort_by_key(|&(_, &flags)| std::cmp::Reverse(flags));
    let mut table = table(["Flags", "notes"]);
    for (rule, flags) in most.iter().copied() {
        table.add_row([Cell::new(rule), count(*flags)]);
    }
    (!most.is_empty()).then_some(table)
}

fn score_line(summary: &Summary) -> Option<String> {
    let score = summary.score;
    Some(format!(
        "Completeness {:.1}%: {} of {} required elements; {} of {} notes with requirements lack nothing",
        score.percent()?,
        HumanCount(score.documented),
        HumanCount(score.required),
        HumanCount(score.complete_notes),
        HumanCount(score.scored_notes),
    ))
}

/// What somebody should look at before trusting the figures.
fn attention(summary: &Summary) -> String {
    let rejects: Vec<_> =
        summary.rejects.iter().map(|(kind, n)| format!("{} {n}", kind.replace('_', " "))).collect();
    let lines = [
        (summary.rejected(), format!("rejected: {}", rejects.join(", "))),
        (summary.duplicate_ids, "notes with an id that an earlier note has".to_owned()),
        (summary.empty_notes, "notes without a word".to_owned()),
        (summary.skipped_files, "files in folders passed over: not .txt, .jsonl or .ndjson".to_owned()),
    ];
    let lines = lines.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{} {what}\n", HumanCount(*n)));
    let text: String = lines.collect();
    if text.is_empty() { text } else { format!("\n{text}") }
}

fn table<'h>(header: impl IntoIterator<Item = &'h str>) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_BORDERS_ONLY).set_header(header);
    table
}

/// A name of the output in words.
fn words(name: &str) -> Cell {
    Cell::new(name.replace('_', " "))
}

fn count(n: u64) -> Cell {
    Cell::new(HumanCount(n)).set_alignment(CellAlignment::Right)
}

fn rate(part: u64, whole: u64) -> Cell {
    Cell::new(format!("{:.1}%", part as f64 * 100.0 / whole.max(1) as f64))
        .set_alignment(CellAlignment::Right)
}
