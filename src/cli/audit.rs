//! `foramen audit`: many notes to tables and a summary.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::Context as _;
use clap::{Args, ValueEnum};

use crate::batch::{Format, Output, OutputFolder, Outputs, Rows, run};

use super::Lexicons;
use super::input::{Input, RejectLog, exit_code};
use super::progress::Progress;
use super::settings::SettingsArgs;
use super::summary;

/// Audit many notes: facts, gaps and flags as tables, and a summary
///
/// Writes into the folder of -o: the tables notes, findings, procedures, gaps and flags, what --also names,
/// rejects.jsonl (what could not be read, with its place and reason) and summary.json. Files appear under their names
/// only when the run is done. Without -o only the summary is printed.
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
    #[arg(long, value_enum, default_value_t = TableFormat::Parquet)]
    format: TableFormat,
    /// What is written beside the tables
    #[arg(long, value_enum, value_delimiter = ',', value_name = "OUTPUT")]
    also: Vec<Further>,
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
enum TableFormat {
    Parquet,
    Jsonl,
    Csv,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Further {
    /// What `foramen extract` prints, as JSON Lines
    Audits,
}

impl Audit {
    pub(super) fn run(self, lexicons: &Lexicons) -> anyhow::Result<u8> {
        let mut source = self.input.source()?;
        let (engine, of_all) = self.settings.engine(lexicons)?;
        let outputs = self.outputs();
        let create = |folder: &PathBuf| {
            OutputFolder::create(folder, &outputs)
                .with_context(|| format!("cannot write to {}", folder.display()))
        };
        let mut output = self.output.as_ref().map(create).transpose()?;
        let has_output = output.is_some();
        let mut options = self.input.options(&engine, of_all, self.threads.map(usize::from))?;
        options.text = !self.no_text;
        let mut rejects = RejectLog::default();
        let mut progress = Progress::new(self.input.size());
        let start = Instant::now();
        let mut summary = run(
            &engine,
            &mut source,
            &options,
            |rows: &mut Option<Rows>, note, audit| {
                if has_output {
                    rows.get_or_insert_with(|| Rows::new(&outputs)).add(engine.rules(), note, audit);
                }
            },
            |part| {
                progress.add(&part);
                if let Some(output) = &mut output {
                    let rows = part.rows.unwrap_or_else(|| Rows::new(&outputs));
                    return output.write(&rows.finish()?, &part.rejects);
                }
                part.rejects.iter().for_each(|reject| progress.aside(|| rejects.add(reject)));
                Ok(())
            },
        )?;
        progress.finish();
        rejects.finish();
        summary.skipped_files = source.skipped();
        if let Some(output) = output {
            output.finish(&summary).context("cannot put the results in their places")?;
        }
        let out = &mut anstream::stdout().lock();
        summary::print(out, &summary, engine.rules(), start.elapsed(), self.output.as_deref())?;
        Ok(exit_code(&summary))
    }

    fn outputs(&self) -> Outputs {
        let tables = match self.format {
            TableFormat::Parquet => Format::Parquet,
            TableFormat::Jsonl => Format::Jsonl,
            TableFormat::Csv => Format::Csv,
        };
        let further = |further: &Further| match further {
            Further::Audits => Output::Audits,
        };
        Outputs { tables, also: self.also.iter().map(further).collect(), text: !self.no_text }
    }
}
