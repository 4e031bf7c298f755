//! `foramen explain`: a note through the eyes of each stage.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::Engine;
use crate::io::{Fields, Source};
use crate::lexicon::Lexicon;
use crate::matching::{Automaton, FunctionWords, Hits, Speed};
use crate::segment::{Layout, segment};
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

impl<'n> Seen<'n> {
    fn new(folded: &Folded<'n>, what: String, span: FoldSpan) -> Self {
        let place = folded.to_note(span);
        Self { what, start: place.start, end: place.end, words: folded.note_text(span) }
    }
}

impl Explain {
    pub(super) fn run(self, lexicons: &Lexicons) -> anyhow::Result<u8> {
        let record = Source::open(vec![self.note])?.next().context("the input has no note")??;
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
    let words = FunctionWords::new(engine.lexicon());
    let mut hits = Hits::default();
    Automaton::new(engine.lexicon(), &words, Speed::QuickStart)?.find(folded, &mut hits);
    hits.headings.sort_by_key(|m| m.span.start);
    let layout = segment(folded, &hits.headings);
    Ok(vec![text_view(folded), matching_view(folded, engine.lexicon(), &hits), segment_view(folded, &layout)])
}

fn text_view<'n>(folded: &Folded<'n>) -> View<'n> {
    let whole = FoldSpan::new(0, folded.text().len() as u32);
    View { stage: Stage::Text.name(), seen: vec![Seen::new(folded, folded.text().to_owned(), whole)] }
}

fn matching_view<'n>(folded: &Folded<'n>, lexicon: &Lexicon, hits: &Hits) -> View<'n> {
    let mentions = hits.mentions.iter().chain(&hits.headings);
    let mentions = mentions.map(|m| Seen::new(folded, lexicon.concept_name(m.concept), m.span));
    let vertebrae =
        hits.vertebrae.iter().map(|v| Seen::new(folded, format!("vertebra {}", v.vertebra), v.span));
    let mut seen: Vec<_> = mentions.chain(vertebrae).collect();
    seen.sort_by_key(|seen| (seen.start, seen.end));
    View { stage: Stage::Matching.name(), seen }
}

fn segment_view<'n>(folded: &Folded<'n>, layout: &Layout) -> View<'n> {
    let sections = layout.sections.iter().map(|s| {
        let words = if s.heading.is_empty() { s.body } else { s.heading };
        Seen::new(folded, format!("section {}", s.kind), words)
    });
    let sentences = layout.sentences.iter().map(|s| {
        let kind = layout.sections.get(s.section as usize).map_or_else(String::new, |s| s.kind.to_string());
        Seen::new(folded, format!("sentence of {kind}"), s.span)
    });
    View { stage: Stage::Segment.name(), seen: sections.chain(sentences).collect() }
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
