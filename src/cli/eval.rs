//! `foramen eval`: how well the engine reads notes with known facts.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::Engine;
use crate::checks::Settings;
use crate::eval::{self, AssertionFigures, ErrorFilter, Evaluation, NoteErrors, Scored, TOPICS};
use crate::model::{Context, FindingKind};

use super::{Lexicons, OK};

/// Compare audits with gold facts: precision, recall, F1, and a list of what is wrong
///
/// In the list FN is a gold fact that the audit lacks, FP a fact of the audit that gold lacks, != another label
/// than gold's; what follows the sign for unequal is wherein the nearest counterpart of the other side differs.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  foramen eval corpora
  foramen eval corpora --kind gap --errors all
  foramen eval corpora --format json --no-text | jq .all.gaps.f1
  foramen eval corpora --report docs/accuracy.md
  foramen eval --assertion sentences.tsv")]
pub(super) struct EvalArgs {
    /// Gold records: JSONL files, or folders that hold *.jsonl
    #[arg(required_unless_present = "assertion", value_name = "GOLD")]
    gold: Vec<PathBuf>,
    /// Labelled sentences (tab-separated) to measure the reading of negation, history, hypothesis and
    /// experiencer alone
    #[arg(long, value_name = "FILE")]
    assertion: Option<PathBuf>,
    /// Write the figures, and what is wrong by note and kind, as a Markdown page without words of the notes
    #[arg(long, value_name = "FILE", requires = "gold")]
    report: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// How many errors to list, or `all`
    #[arg(long, value_name = "N", default_value = "20", value_parser = limit)]
    errors: Limit,
    /// List errors of this kind alone; may be repeated
    #[arg(long, value_parser = PossibleValuesParser::new(FindingKind::ALL.iter().map(|k| k.name()).chain(TOPICS)))]
    kind: Vec<String>,
    /// List errors of this note alone; may be repeated
    #[arg(long, value_name = "NOTE_ID")]
    note: Vec<String>,
    /// List errors without words of the notes
    #[arg(long)]
    no_text: bool,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// Tables for a terminal.
    #[default]
    Text,
    /// One JSON object.
    Json,
}

/// At most so many; `None` is all. An alias would be read by clap as an optional argument.
#[derive(Clone, Copy, Debug)]
struct Limit(Option<usize>);

fn limit(text: &str) -> Result<Limit, String> {
    if text == "all" {
        return Ok(Limit(None));
    }
    text.parse().map(|n| Limit(Some(n))).map_err(|_| "write a number, or `all`".to_owned())
}

#[derive(Serialize)]
struct Output<'o> {
    schema: &'static str,
    version: &'static str,
    #[serde(flatten)]
    notes: Option<Notes<'o>>,
    #[serde(flatten)]
    assertion: Option<&'o AssertionFigures>,
}

#[derive(Serialize)]
struct Notes<'o> {
    #[serde(flatten)]
    evaluation: &'o Evaluation,
    errors: &'o [NoteErrors],
}

impl EvalArgs {
    pub(super) fn run(&self, lexicons: &Lexicons) -> Result<u8> {
        let engine = lexicons.engine(Settings::default())?;
        let assertion = self.assertion.as_deref().map(|path| assertion(&engine, path)).transpose()?;
        let scored = if self.gold.is_empty() { None } else { Some(score(&engine, &self.gold)?) };
        let evaluation = scored.as_deref().map(Evaluation::of);
        if let (Some(path), Some(scored), Some(evaluation)) = (&self.report, &scored, &evaluation) {
            let mut page = String::new();
            let errors = eval::errors(scored, &ErrorFilter::default());
            eval::write_report(&mut page, evaluation, assertion.as_ref(), &errors)?;
            write_whole(path, &page).with_context(|| format!("cannot write {}", path.display()))?;
        }
        let filter = ErrorFilter {
            topics: self.kind.clone(),
            notes: self.note.clone(),
            limit: self.errors.0,
            no_text: self.no_text,
        };
        let errors = scored.as_deref().map(|scored| eval::errors(scored, &filter)).unwrap_or_default();
        let mut out = io::BufWriter::new(io::stdout().lock());
        match self.format {
            Format::Text => {
                if let Some(evaluation) = &evaluation {
                    eval::write_figures(&mut out, evaluation)?;
                    eval::write_errors(&mut out, &errors)?;
                }
                if let Some(figures) = &assertion {
                    eval::write_assertion(&mut out, figures, self.errors.0, !self.no_text)?;
                }
            }
            Format::Json => {
                let output = Output {
                    schema: "foramen.eval/1",
                    version: env!("CARGO_PKG_VERSION"),
                    notes: evaluation.as_ref().map(|evaluation| Notes { evaluation, errors: &errors }),
                    assertion: assertion.as_ref(),
                };
                serde_json::to_writer_pretty(&mut out, &output)?;
                writeln!(out)?;
            }
        }
        out.flush().context("cannot write to standard output")?;
        Ok(OK)
    }
}

fn score(engine: &Engine, gold: &[PathBuf]) -> Result<Vec<Scored>> {
    let notes = eval::read(gold)?;
    Ok(eval::score(notes, |note| {
        engine.audit(&note.text, &Context { note_type: Some(note.note_type), ..Context::default() })
    }))
}

fn assertion(engine: &Engine, path: &Path) -> Result<AssertionFigures> {
    let sentences = eval::read_sentences(path)?;
    Ok(eval::score_sentences(&sentences, |sentence, target| engine.analyse(sentence).assess(target).status))
}

/// Writes a file beside its place, then renames it, so that no half of it is ever seen.
fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.persist(path)?;
    Ok(())
}
