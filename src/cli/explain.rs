//! `foramen explain`: a note through the eyes of each stage, and the words behind each fact.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::{Context as _, anyhow};
use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::Engine;
use crate::lexicon::Concept;
use crate::model::{Audit, Context, Evidence, Finding, Mention, Procedure, StatedCode};
use crate::pipeline::Analysis;
use crate::text::{FoldSpan, LineIndex, Span};

use super::encounter::encounter_words;
use super::input::{Way, told};
use super::settings::SettingsArgs;
use super::{Lexicons, OK};

/// Show what each stage makes of a note, and the words behind each fact
///
/// Of an input with many notes the first is shown.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  foramen explain note.txt
  foramen explain note.txt --stage relate
  foramen explain note.txt --stage matching --format json | jq -r '.[].seen[].what' | sort | uniq -c")]
pub(super) struct Explain {
    /// The note: a file, or - for standard input
    note: PathBuf,
    #[command(flatten)]
    way: Way,
    /// Show this stage alone
    #[arg(long, value_enum)]
    stage: Option<Stage>,
    /// Lines for a person, or JSON
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    settings: SettingsArgs,
}

/// The stages, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
enum Stage {
    /// The folded view that all matching reads
    Text,
    /// Sections and sentences
    Segment,
    /// Phrases of the lexicon, and levels
    Matching,
    /// Cues that deny, hedge, date or condition
    Context,
    /// Facts, with the words that prove them
    Relate,
    /// What is missing, and what disagrees
    Checks,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// What a stage sees.
#[derive(Debug, Serialize)]
struct View<'n> {
    stage: Stage,
    seen: Vec<Seen<'n>>,
}

/// Something that a stage sees.
#[derive(Debug, Serialize)]
struct Seen<'n> {
    /// What it is.
    what: String,
    /// Where it stands; none for what is said of the whole note.
    #[serde(flatten)]
    place: Option<Place<'n>>,
    /// What it was read from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    why: Vec<Seen<'n>>,
}

/// Words of the note.
#[derive(Debug, Serialize)]
struct Place<'n> {
    /// First byte of the decoded text.
    start: u32,
    /// One past the last.
    end: u32,
    /// The words.
    words: &'n str,
}

impl Explain {
    pub(super) fn run(self, lexicons: &Lexicons) -> anyhow::Result<u8> {
        let mut source = self.way.reading(&self.settings)?.open(vec![self.note])?;
        let refused = |reject| anyhow!(told(&reject));
        let record = source.next().context("the input has no note")?.map_err(refused)?;
        let note = record.notes().into_iter().next().context("the input has no note")?.map_err(refused)?;
        let (engine, of_all) = self.settings.engine(lexicons)?;
        let context = note.context(&of_all);
        let mut views = engine
            .guarded(|_| Viewer { note: &note.text, engine: &engine }.views(&context))
            .context(note.place.to_string())?;
        if let Some(stage) = self.stage {
            views.retain(|view| view.stage == stage);
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

/// Makes the views of one note.
struct Viewer<'n> {
    note: &'n str,
    engine: &'n Engine,
}

impl<'n> Viewer<'n> {
    fn views(&self, context: &Context) -> Vec<View<'n>> {
        let stages = self.engine.analyse(self.note);
        let audit = self.engine.audit(self.note, context);
        [
            (Stage::Text, self.text(&stages)),
            (Stage::Segment, self.segments(&stages)),
            (Stage::Matching, self.matches(&stages)),
            (Stage::Context, self.mentions(&stages, &stages.cues)),
            (Stage::Relate, self.facts(&audit)),
            (Stage::Checks, self.checks(&audit)),
        ]
        .map(|(stage, seen)| View { stage, seen })
        .into()
    }

    fn text(&self, stages: &Analysis<'_>) -> Vec<Seen<'n>> {
        let text = stages.folded().text();
        vec![self.at(text.to_owned(), stages.folded().to_note(FoldSpan::new(0, text.len() as u32)))]
    }

    fn segments(&self, stages: &Analysis<'_>) -> Vec<Seen<'n>> {
        let folded = stages.folded();
        let sentences = |section: usize| {
            let of_section = stages.layout.sentences.iter().filter(move |s| s.section as usize == section);
            of_section.map(|s| self.at("sentence".to_owned(), folded.to_note(s.span))).collect()
        };
        let sections = stages.layout.sections.iter().enumerate();
        sections
            .map(|(i, section)| {
                let heading = (!section.heading.is_empty()).then(|| folded.to_note(section.heading));
                Seen {
                    what: format!("section {}", section.kind),
                    place: heading.map(|span| self.place(span)),
                    why: sentences(i),
                }
            })
            .collect()
    }

    fn matches(&self, stages: &Analysis<'_>) -> Vec<Seen<'n>> {
        // All layers but the cues, which the next stage shows.
        let layers = [
            &stages.mentions,
            &stages.clinical,
            &stages.care,
            &stages.acts,
            &stages.details,
            &stages.coding,
            &stages.note,
        ];
        let mut seen: Vec<_> =
            layers.into_iter().flat_map(|mentions| self.mentions(stages, mentions)).collect();
        let levels = stages.levels.iter();
        seen.extend(levels.map(|level| self.at("level".to_owned(), stages.folded().to_note(level.span))));
        seen.sort_by_key(|seen| seen.place.as_ref().map(|place| (place.start, place.end)));
        seen
    }

    fn mentions(&self, stages: &Analysis<'_>, mentions: &[Mention<Concept>]) -> Vec<Seen<'n>> {
        let name = |m: &Mention<Concept>| self.engine.lexicon().concept_name(m.concept);
        mentions.iter().map(|m| self.at(name(m), stages.folded().to_note(m.span))).collect()
    }

    fn facts(&self, audit: &Audit) -> Vec<Seen<'n>> {
        let mut seen: Vec<_> = audit
            .findings
            .iter()
            .enumerate()
            .map(|(i, finding)| {
                self.because(format!("f{}: {}", i + 1, finding_words(finding)), &finding.evidence)
            })
            .collect();
        for found in &audit.radiculopathies {
            let mut words = vec!["root".to_owned()];
            words.extend(found.root.map(|root| root.to_string()));
            words.extend(found.side.map(|side| side.to_string()));
            words.push(found.status.to_string());
            seen.push(self.because(words.join(" "), &found.evidence));
        }
        if let Some(found) = &audit.correlation {
            seen.push(
                self.because(
                    format!("correlation: {}, {}", found.status, found.concordance),
                    &found.evidence,
                ),
            );
        }
        if let Some(care) = &audit.conservative_care {
            let documented = if care.documented { "documented" } else { "not documented" };
            seen.push(self.because(format!("conservative care: {documented}"), &care.evidence));
        }
        for (i, procedure) in audit.procedures.iter().enumerate() {
            seen.push(
                self.because(format!("p{}: {}", i + 1, procedure_words(procedure)), &procedure.evidence),
            );
        }
        seen.extend(encounter_words(&audit.encounter).into_iter().map(|(what, span)| self.at(what, span)));
        seen.extend(audit.codes.iter().map(|code| self.at(code_words(code), code.span)));
        seen.extend(audit.service.map(|service| Seen {
            what: format!("day of service: {}, {}", service.day, service.origin),
            place: None,
            why: Vec::new(),
        }));
        seen
    }

    fn checks(&self, audit: &Audit) -> Vec<Seen<'n>> {
        let title = |code: &str| {
            self.engine.rules().get(code).map_or_else(String::new, |rule| format!(": {}", rule.title))
        };
        let gaps = audit.gaps.iter().map(|gap| {
            let finding = gap.finding.map(|i| format!("f{}", i + 1));
            let procedure = gap.procedure.map(|i| format!("p{}", i + 1));
            let what = finding.or(procedure).unwrap_or_else(|| "the note".to_owned());
            Seen {
                what: format!("{} {what} lacks {}{}", gap.rule, gap.element, title(gap.rule)),
                place: None,
                why: Vec::new(),
            }
        });
        let flags = audit.flags.iter().map(|flag| {
            self.because(format!("{} {}{}", flag.rule, flag.level, title(flag.rule)), &flag.evidence)
        });
        let score = format!("{} of {} required elements", audit.score.documented, audit.score.required);
        gaps.chain(flags).chain([Seen { what: score, place: None, why: Vec::new() }]).collect()
    }

    fn because(&self, what: String, evidence: &[Evidence]) -> Seen<'n> {
        let why = evidence.iter().map(|e| self.at(e.role.to_string(), e.span)).collect();
        Seen { what, place: None, why }
    }

    fn at(&self, what: String, span: Span) -> Seen<'n> {
        Seen { what, place: Some(self.place(span)), why: Vec::new() }
    }

    fn place(&self, span: Span) -> Place<'n> {
        Place { start: span.start, end: span.end, words: span.of(self.note) }
    }
}

/// A procedure in one line.
fn procedure_words(procedure: &Procedure) -> String {
    let mut words = vec![procedure.family.to_string()];
    words.extend(procedure.level.map(|value| value.to_string()));
    words.extend(procedure.side.map(|value| value.to_string()));
    words.push(procedure.status.to_string());
    words.push(format!("in {}", procedure.section));
    words.join(" ")
}

/// A stated code in one line.
fn code_words(code: &StatedCode) -> String {
    let mut words = vec![code.system.to_string(), code.code.clone()];
    words.extend(code.modifiers.iter().cloned());
    words.extend(code.units.map(|units| format!("x {units}")));
    words.join(" ")
}

/// A finding in one line: what is known of it, in the words of the output.
fn finding_words(finding: &Finding) -> String {
    let mut words = vec![finding.kind.to_string()];
    words.extend(finding.subtype.map(|value| value.to_string()));
    words.extend(finding.level.map(|value| value.to_string()));
    words.extend(finding.side.map(|value| value.to_string()));
    words.extend(finding.severity.map(|value| value.to_string()));
    words.push(finding.status.to_string());
    words.extend(finding.root.map(|root| format!("root {root}")));
    words.push(format!("in {}", finding.section));
    words.join(" ")
}

/// Prints the views, a line for each thing seen.
fn print(out: &mut impl Write, note: &str, views: &[View<'_>]) -> io::Result<()> {
    let bold = anstyle::Style::new().bold();
    let index = LineIndex::new(note);
    for (i, view) in views.iter().enumerate() {
        let name = view.stage.to_possible_value();
        let gap = if i > 0 { "\n" } else { "" };
        writeln!(out, "{gap}{bold}{}{bold:#}", name.as_ref().map_or("", |name| name.get_name()))?;
        view.seen.iter().try_for_each(|seen| line(out, &index, 1, seen))?;
    }
    Ok(())
}

fn line(out: &mut impl Write, index: &LineIndex<'_>, depth: usize, seen: &Seen<'_>) -> io::Result<()> {
    let dim = anstyle::Style::new().dimmed();
    write!(out, "{:1$}{2}", "", depth * 2, seen.what)?;
    if let Some(place) = &seen.place {
        let at = index.line_column(place.start);
        let words = place.words.split_whitespace().collect::<Vec<_>>().join(" ");
        write!(out, " {dim}{}:{}{dim:#} {words:?}", at.line, at.column)?;
    }
    writeln!(out)?;
    seen.why.iter().try_for_each(|why| line(out, index, depth + 1, why))
}
