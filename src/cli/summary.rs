//! The summary of a run, printed for a person.

use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use comfy_table::presets::UTF8_BORDERS_ONLY;
use comfy_table::{Cell, CellAlignment, Table};
use indicatif::{DecimalBytes, HumanCount};

use crate::batch::{Summary, Work, percent};
use crate::checks::{self, Rules};
use crate::model::{Element, Status};

/// Statuses with a column of their own.
const STATUSES: &[Status] =
    &[Status::Present, Status::Absent, Status::Possible, Status::Historical, Status::Hypothetical];

/// Levels that are listed.
const WORST: usize = 8;

/// Prints the summary of a run; `work` is what this process did of it, and in which time, `output` where the results are.
pub(super) fn print(
    out: &mut impl Write,
    summary: &Summary,
    rules: &Rules,
    work: (Work, Duration),
    output: Option<&Path>,
) -> io::Result<()> {
    writeln!(out, "{}", run_line(summary, work))?;
    if !summary.note_types.is_empty() {
        let types = summary.note_types.iter().map(|(kind, of)| format!("{kind} {}", HumanCount(of.notes)));
        writeln!(out, "{}", types.collect::<Vec<_>>().join(" · "))?;
    }
    for table in
        [findings(summary), gaps(summary), levels(summary), flags(summary, rules)].into_iter().flatten()
    {
        writeln!(out, "\n{table}")?;
    }
    if let Some(line) = score_line(summary) {
        writeln!(out, "\n{line}")?;
    }
    attention(out, summary)?;
    if let Some(folder) = output {
        writeln!(out, "\nResults are in {}", folder.display())?;
    }
    Ok(())
}

fn run_line(summary: &Summary, (work, time): (Work, Duration)) -> String {
    let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX).max(1);
    let is_resumed = work.notes < summary.notes;
    format!(
        "{} notes, {}{}, in {:.2} s: {} notes/s, {}/s",
        HumanCount(summary.notes),
        DecimalBytes(summary.bytes),
        if is_resumed { format!("; {} of them now", HumanCount(work.notes)) } else { String::new() },
        time.as_secs_f64(),
        HumanCount(work.notes.saturating_mul(1000) / millis),
        DecimalBytes(work.bytes.saturating_mul(1000) / millis),
    )
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

fn flags(summary: &Summary, rules: &Rules) -> Option<Table> {
    let mut most: Vec<_> = summary.flags.iter().collect();
    most.sort_by_key(|&(_, &flags)| std::cmp::Reverse(flags));
    let mut table = table(["Flags", "", "count"]);
    for (rule, flags) in most.iter().copied() {
        let title = rules.get(rule).map_or("", |rule| rule.title.as_str());
        table.add_row([Cell::new(rule), Cell::new(title), count(*flags)]);
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
fn attention(out: &mut impl Write, summary: &Summary) -> io::Result<()> {
    let rejects = summary.rejects.iter().map(|(kind, n)| format!("{} {n}", checks::words(kind)));
    let rejects = format!("rejected ({})", rejects.collect::<Vec<_>>().join(", "));
    let points = [
        (summary.rejected(), rejects.as_str()),
        (summary.duplicate_ids, "notes with an id that an earlier note has"),
        (summary.duplicate_texts, "notes with a text that an earlier note has, to the letter"),
        (summary.empty_notes, "notes without a word"),
        (summary.skipped_files, "files in folders passed over: their endings name no format that is read"),
    ];
    let mut points = points.iter().filter(|(n, _)| *n > 0).peekable();
    if points.peek().is_some() {
        writeln!(out)?;
    }
    points.try_for_each(|(n, what)| writeln!(out, "{what}: {}", HumanCount(*n)))
}

fn table<'h>(header: impl IntoIterator<Item = &'h str>) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_BORDERS_ONLY).set_header(header);
    table
}

/// A name of the output in words.
fn words(name: &str) -> Cell {
    Cell::new(checks::words(name))
}

fn count(n: u64) -> Cell {
    Cell::new(HumanCount(n)).set_alignment(CellAlignment::Right)
}

fn rate(part: u64, whole: u64) -> Cell {
    let text = percent(part, whole).map_or_else(String::new, |rate| format!("{rate:.1}%"));
    Cell::new(text).set_alignment(CellAlignment::Right)
}
