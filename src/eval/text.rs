//! Figures and errors as text for a terminal.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::assertion::AssertionFigures;
use super::counts::Counts;
use super::errors::{Mark, NoteErrors};
use super::score::{Confusion, Evaluation, Figures};

/// Writes the figures: all notes in full, then a line for each part.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_figures(out: &mut impl Write, evaluation: &Evaluation) -> io::Result<()> {
    let all = &evaluation.all;
    writeln!(out, "{} notes; strict: kind, level, side, severity and status agree\n", all.notes)?;
    header(out)?;
    for (kind, &counts) in &all.findings.by_kind {
        row(out, kind.name(), counts)?;
        for (status, &counts) in all.by_kind_and_status.get(kind).into_iter().flatten() {
            row(out, &format!("  {status}"), counts)?;
        }
    }
    row(out, "all findings", all.findings.overall)?;
    writeln!(out)?;
    for (aspect, by_kind) in &all.aspects {
        row(out, &format!("kind+{}", aspect.name().replace('_', "+")), by_kind.overall)?;
    }
    writeln!(out)?;
    for (family, &counts) in &all.procedures.by_kind {
        row(out, family.name(), counts)?;
    }
    row(out, "all procedures", all.procedures.overall)?;
    writeln!(out)?;
    row(out, "gaps", all.gaps)?;
    row(out, "roots", all.radiculopathies)?;
    row(out, "contradictions", all.contradictions)?;
    writeln!(out)?;
    confusion(out, "correlation", &all.correlation)?;
    confusion(out, "conservative care", &all.conservative_care)?;
    for (title, parts) in [
        ("source", &evaluation.by_source),
        ("file", &evaluation.by_file),
        ("note type", &evaluation.by_note_type),
    ] {
        writeln!(out, "\nfindings by {title}")?;
        parts_table(out, parts)?;
    }
    Ok(())
}

fn parts_table(out: &mut impl Write, parts: &BTreeMap<String, Figures>) -> io::Result<()> {
    for (name, figures) in parts {
        row(out, &format!("{name} ({})", figures.notes), figures.findings.overall)?;
    }
    Ok(())
}

fn header(out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{:<28}{:>7}{:>7}{:>7}{:>6}{:>6}{:>6}", "", "P", "R", "F1", "tp", "fp", "fn")
}

fn row(out: &mut impl Write, name: &str, c: Counts) -> io::Result<()> {
    writeln!(
        out,
        "{name:<28}{:>7}{:>7}{:>7}{:>6}{:>6}{:>6}",
        rate(c.precision()),
        rate(c.recall()),
        rate(c.f1()),
        c.tp,
        c.fp,
        c.fn_
    )
}

/// A rate to three decimals; a dash where there is none.
pub(super) fn rate(rate: Option<f64>) -> String {
    rate.map_or_else(|| "-".to_owned(), |r| format!("{r:.3}"))
}

fn confusion(out: &mut impl Write, name: &str, c: &Confusion) -> io::Result<()> {
    writeln!(out, "{name}: {} right of {} ({})", c.correct, c.labelled, rate(c.accuracy))?;
    for (gold, row) in &c.matrix {
        let cells: Vec<String> = row.iter().map(|(audit, n)| format!("{audit} {n}")).collect();
        writeln!(out, "  gold {gold:<10} audit: {}", cells.join(", "))?;
    }
    Ok(())
}

/// Writes how well the context stage reads labelled sentences, and at most `limit` of those that it misreads.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_assertion(
    out: &mut impl Write,
    figures: &AssertionFigures,
    limit: Option<usize>,
    with_text: bool,
) -> io::Result<()> {
    writeln!(
        out,
        "{} sentences; {} do not hold their condition and count as read plainly\n",
        figures.sentences, figures.unplaced
    )?;
    header(out)?;
    for (label, &counts) in &figures.labels {
        row(out, label, counts)?;
    }
    writeln!(out)?;
    for misread in figures.misread.iter().take(limit.unwrap_or(usize::MAX)) {
        let mark = if misread.due { "FN" } else { "FP" };
        let sentence = if with_text { misread.sentence.as_str() } else { "" };
        writeln!(out, "{mark} {} line {} {sentence}", misread.label, misread.line)?;
    }
    Ok(())
}

/// Writes what is wrong, one fault a line under its note.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_errors(out: &mut impl Write, errors: &[NoteErrors]) -> io::Result<()> {
    for note in errors {
        writeln!(out, "\n{} ({})", note.note_id, note.file)?;
        for fault in &note.faults {
            let mark = match fault.mark {
                Mark::Missing => "FN",
                Mark::Spurious => "FP",
                Mark::Other => "!=",
            };
            write!(out, "  {mark} {} {}", fault.topic, fault.fact)?;
            if !fault.differs.is_empty() {
                write!(out, " \u{2260}{}", fault.differs.join(","))?;
            }
            if let Some((line, column)) = fault.place {
                write!(out, " | {line}:{column}")?;
            }
            if let Some(words) = &fault.words {
                write!(out, " | {words}")?;
            }
            writeln!(out)?;
        }
    }
    Ok(())
}
