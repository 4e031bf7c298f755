//! `foramen audit`: many notes to tables and a summary.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::Context as _;
use clap::{Args, ValueEnum};

use crate::Engine;
use crate::batch::{OutputFolder, Rows, RunFacts, Style, TableFormat, run};
use crate::model::Context;

use super::Lexicons;
use super::input::{Input, RejectLog, exit_code};
use super::progress::Progress;
use super::settings::SettingsArgs;
use super::summary;

/// Audit many notes: facts, gaps and flags as tables, and a summary
///
/// Writes into the folder of -o: audits.jsonl (what `foramen extract` prints), the tables notes, findings, gaps
/// and flags, rejects.jsonl (what could not be read, with its place and reason), summary.json, and report.html, a
/// page of its figures for any browser. Files appear under their names only when the run is done. Without -o only the
/// summary is printed.
///
/// Notes come out in the order in which they went in, the same on any number of threads. Notes of JSON Lines that
/// name a patient and a day of service are counted together by the coverage packs.
#[derive(Debug, Args)]
#[command(after_help = "\
Exit codes: 0 all notes read, 2 the command failed, 3 some inputs were rejected (listed in
rejects.jsonl, or on standard error without -o).

Examples:
  foramen audit corpora -o out
  foramen audit notes.jsonl --text-field report --id-field accession -o out --format csv
  foramen audit notes.jsonl --pack lcd-esi,lcd-facet --contractor novitas -o out
  zcat notes.jsonl.gz | foramen audit - --threads 8 -o out")]
pub(super) struct Audit {
    #[command(flatten)]
    input: Input,
    /// The folder for the results; made where there is none
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// How tables are written
    #[arg(long, value_enum, default_value_t = Format::Jsonl)]
    format: Format,
    /// How many threads work; as many as the machine runs at once where it is not given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Leave out all words of the notes; offsets stay
    #[arg(long)]
    no_text: bool,
    #[command(flatten)]
    settings: SettingsArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Jsonl,
    Csv,
}

impl Audit {
    pub(super) fn run(self, lexicons: &Lexicons) -> anyhow::Result<u8> {
        let mut source = self.input.source()?;
        let (engine, of_all) = self.settings.engine(lexicons)?;
        let format = match self.format {
            Format::Jsonl => TableFormat::Jsonl,
            Format::Csv => TableFormat::Csv,
        };
        let style = Style { format, text: !self.no_text };
        let create = |folder: &PathBuf| {
            OutputFolder::create(folder, format)
                .with_context(|| format!("cannot write to {}", folder.display()))
        };
        let mut output = self.output.as_ref().map(create).transpose()?;
        let has_output = output.is_some();
        let mut options = self.input.options(&engine, of_all, self.threads.map(usize::from))?;
        options.text = !self.no_text;
        let mut rejects = RejectLog::default();
        let mut progress = Progress::new(self.input.size());
        let mut facts = self.facts(&engine, &options.context);
        let start = Instant::now();
        let mut summary = run(
            &engine,
            &mut source,
            &options,
            |rows: &mut Rows, note, audit| {
                if has_output {
                    rows.add(style, engine.rules(), note, audit);
                }
            },
            |part| {
                progress.add(&part);
                if let Some(output) = &mut output {
                    return output.write(&part.rows, &part.rejects);
                }
                part.rejects.iter().for_each(|reject| progress.aside(|| rejects.add(reject)));
                Ok(())
            },
        )?;
        progress.finish();
        rejects.finish();
        summary.skipped_files = source.skipped();
        facts.seconds = start.elapsed().as_secs_f64();
        if let Some(output) = output {
            output
                .finish(&summary, engine.rules(), &facts)
                .context("cannot put the results in their places")?;
        }
        let out = &mut anstream::stdout().lock();
        summary::print(out, &summary, engine.rules(), start.elapsed(), self.output.as_deref())?;
        Ok(exit_code(&summary))
    }

    /// What the page tells of this run.
    fn facts(&self, engine: &Engine, of_all: &Context) -> RunFacts {
        let given = [
            ("Setting", of_all.setting.map(|setting| setting.to_string())),
            ("Payer", of_all.payer.map(|payer| payer.to_string())),
            ("Contractor", of_all.contractor.clone()),
            ("Day of service where a note has none", of_all.service_date.map(|day| day.to_string())),
        ];
        RunFacts {
            lexicon: engine.lexicon().fingerprint(),
            inputs: self.input.paths.iter().map(|path| path.display().to_string()).collect(),
            settings: given.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect(),
            text: !self.no_text,
            started: jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M UTC").to_string(),
            seconds: 0.0,
            threads: self.threads.map_or_else(available_threads, usize::from),
        }
    }
}

fn available_threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
