//! `foramen eval`: how well the engine reads notes with known facts.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::Engine;
use crate::eval::{self, ErrorFilter, Evaluation, NoteErrors, TOPICS};
use crate::model::{Context, FindingKind};

/// Compare audits with gold facts: precision, recall, F1, and a list of what is wrong.
#[derive(Debug, Args)]
pub struct EvalArgs {
    /// Gold records: JSONL files, or folders that hold *.jsonl.
    #[arg(required = true, value_name = "GOLD")]
    gold: Vec<PathBuf>,
    /// How to print.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// How many errors to list, or `all`.
    #[arg(long, value_name = "N", default_value = "20", value_parser = limit)]
    errors: Limit,
    /// List errors of this kind alone; may be repeated.
    #[arg(long, value_parser = PossibleValuesParser::new(FindingKind::ALL.iter().map(|k| k.name()).chain(TOPICS)))]
    kind: Vec<String>,
    /// List errors of this note alone; may be repeated.
    #[arg(long, value_name = "NOTE_ID")]
    note: Vec<String>,
    /// List errors without words of the notes.
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
struct Output<'e> {
    schema: &'static str,
    version: &'static str,
    #[serde(flatten)]
    evaluation: &'e Evaluation,
    errors: &'e [NoteErrors],
}

/// Runs the command.
///
/// # Errors
/// When gold cannot be read, or standard output cannot be written.
pub fn run(args: EvalArgs, engine: &Engine) -> Result<u8> {
    let notes = eval::read(&args.gold)?;
    let scored =
        eval::score(notes, |note| engine.audit(&note.text, &Context { note_type: Some(note.note_type) }));
    let evaluation = Evaluation::of(&scored);
    let filter =
        ErrorFilter { topics: args.kind, notes: args.note, limit: args.errors.0, no_text: args.no_text };
    let errors = eval::errors(&scored, &filter);
    let mut out = io::BufWriter::new(io::stdout().lock());
    match args.format {
        Format::Text => {
            eval::write_figures(&mut out, &evaluation)?;
            eval::write_errors(&mut out, &errors)?;
        }
        Format::Json => {
            let output = Output {
                schema: "foramen.eval/1",
                version: env!("CARGO_PKG_VERSION"),
                evaluation: &evaluation,
                errors: &errors,
            };
            serde_json::to_writer_pretty(&mut out, &output)?;
            writeln!(out)?;
        }
    }
    out.flush().context("cannot write to standard output")?;
    Ok(0)
}
