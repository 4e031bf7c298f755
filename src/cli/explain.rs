//! `foramen explain`: a note through the eyes of each stage.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::Engine;
use crate::io::{Fields, Source};
use crate::lexicon::Concept;
use crate::matching::{Automaton, Speed};
use crate::segment::segment;
use crate::text::{FoldSpan, Folded, LineIndex};

use super::{Lexicons, OK};

/// Show what each stage makes of a note
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  foramen explain note.txt
  foramen explain note.txt --stage matching --format json | jq -r '.[].concept' | sort | uniq -c")]
pub(super) struct Explain {
    /// The note: a file, or - for standard input
    note: PathBuf,
    /// Show this stage alone
    #[arg(long, value_enum)]
    stage: Option<Stage>,
    /// Lines for a person, or JSON
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Stage {
    /// The folded view that all matching reads
    Text,
    /// Sections and sentences
    Segment,
    /// Phrases of the lexicon
    Matching,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// A stage's view: what it sees, and where.
#[derive(Debug, Serialize)]
struct View<'n> {
    stage: &'static str,
    seen: Vec<Seen<'n>>,
}

/// Something that a stage sees at a place of the note.
#[derive(Debug, Serialize)]
struct Seen<'n> {
    /// What it is.
    what: String,
    /// First byte of the decoded text.
    start: u32,
    /// One past the last.
    end: u32,
    /// The words of the note.
    words: &'n str,
}

impl Explain {
    pub(super) fn run(self, lexicons: &Lexicons) -> anyhow::Result<u8> {
        let record =
            Source::open(std::slice::from_ref(&self.note))?.next().context("the input has no note")??;
        let note = record.note(&Fields::default()).with_context(|| record.place().to_string())?;
        let engine = lexicons.engine(Speed::QuickStart)?;
        let folded = Folded::new(&note.text);
        let mut views = views(&folded, &engine)?;
        if let Some(stage) = self.stage {
            views.retain(|view| view.stage == stage.name());
        }
        let mut out = Vec::new();
        match self.format {
            Format::Json => {
                serde_json::to_writer_pretty(&mut out, &views)?;
                out.push(b'\n');
            }
            Format::Text => print(&mut out, &note.text, &views)?,
        }
        anstream::stdout().write_all(&out)?;
        Ok(OK)
    }
}

impl Stage {
    const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Segment => "segment",
            Self::Matching => "matching",
        }
    }
}

/// The views of all stages, in their order.
fn views<'n>(folded: &Folded<'n>, engine: &Engine) -> anyhow::Result<Vec<View<'n>>> {
    let seen = |what: String, span: FoldSpan| {
        let place = folded.to_note(span);
        Seen { what, start: place.start, end: place.end, words: folded.note_text(span) }
    };
    let whole = FoldSpan::new(0, folded.text().len() as u32);
    let text = vec![seen(folded.text().to_owned(), whole)];

    let mut mentions = Vec::new();
    Automaton::new(engine.lexicon(), Speed::QuickStart)?.find(folded, &mut mentions);
    let matching = mentions.iter().map(|m| seen(m.concept.to_string(), m.span)).collect();

    let mut headings = mentions;
    headings.retain(|m| matches!(m.concept, Concept::Section(_)));
    headings.sort_by_key(|m| m.span.start);
    let layout = segment(folded, &headings);
    let sections =
        layout.sections.iter().map(|s| seen(format!("section {}", s.kind), s.heading.union(s.body)));
    let sentences =
        layout.sentences.iter().map(|s| seen(format!("sentence of section {}", s.section), s.span));

    Ok(vec![
        View { stage: Stage::Text.name(), seen: text },
        View { stage: Stage::Matching.name(), seen: matching },
        View { stage: Stage::Segment.name(), seen: sections.chain(sentences).collect() },
    ])
}

/// Prints the views, a line for each thing seen.
fn print(out: &mut impl Write, note: &str, views: &[View<'_>]) -> io::Result<()> {
    let bold = anstyle::Style::new().bold();
    let index = LineIndex::new(note);
    for view in views {
        writeln!(out, "{bold}{}{bold:#}", view.stage)?;
        for Seen { what, start, words, .. } in &view.seen {
            let place = index.line_column(*start);
            let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
            writeln!(out, "  {:>5}:{:<4} {what}  {words:?}", place.line, place.column)?;
        }
    }
    Ok(())
}
