//! `foramen audit`: many notes to tables and a summary.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use anstyle::AnsiColor;
use anyhow::Context as _;
use clap::{Args, ValueEnum};

use crate::Engine;
use crate::batch::{
    AuditError, Begin, Bound, Folder, Format, Limits, Options, Output, Outputs, PartSize, Step, audit,
};
use crate::model::Context;

use super::input::{Input, RejectLog, exit_code};
use super::progress::Progress;
use super::settings::SettingsArgs;
use super::{Lexicons, OK, REJECTS, STOPPED, complain, summary};

/// Audit many notes: facts, gaps and flags as tables, and a summary
///
/// Writes into the folder of -o: a folder of files for each of the tables notes, findings, procedures, gaps and flags
/// and for what --also names, one file for each part of the input; when all is done rejects.jsonl (what could not be
/// read, with its place and reason) and summary.json. Without -o only the summary is printed.
///
/// Notes come out in the order in which they went in, the same on any number of threads. Notes of JSON Lines that
/// name a patient and a day of service are counted together by the coverage packs.
///
/// A run that was interrupted goes on with --resume, from the last part that was finished, and ends with the same
/// results.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[command(after_help = "\
Exit codes: 0 all notes read, 2 the command failed, 3 some inputs were rejected (listed in
rejects.jsonl, or on standard error without -o), 130 stopped by Ctrl-C.

Examples:
  foramen audit corpora -o out
  foramen audit notes.jsonl --text-field report --id-field accession -o out --format csv
  foramen audit notes.jsonl --pack lcd-esi,lcd-facet --contractor novitas -o out
  foramen audit notes.jsonl -o out --resume
  zcat notes.jsonl.gz | foramen audit - --threads 8 -o out")]
pub(super) struct Audit {
    #[command(flatten)]
    input: Input,
    /// The folder for the results; made where there is none
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Go on with the run in the folder of -o, if there is one that was interrupted; the inputs and all else that the
    /// results depend on must be as they were
    #[arg(long, requires = "output")]
    resume: bool,
    /// Throw away the run that the folder of -o holds
    #[arg(long, requires = "output", conflicts_with = "resume")]
    overwrite: bool,
    /// How tables are written
    #[arg(long, value_enum, default_value_t = TableFormat::Parquet)]
    format: TableFormat,
    /// What is written beside the tables
    #[arg(long, value_enum, value_delimiter = ',', value_name = "OUTPUT")]
    also: Vec<Further>,
    /// How many threads work; as many as the machine runs at once where it is not given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Stop when more than N records cannot be read
    #[arg(long, value_name = "N")]
    max_rejects: Option<u64>,
    /// Show no progress
    #[arg(short, long)]
    quiet: bool,
    /// Records of a part; for tests, which cannot wait for parts of the usual size
    #[arg(long, hide = true, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    part_records: Option<u64>,
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
        let mut folder = self.folder(&engine, &of_all, lexicons)?;
        if folder.is_finished() {
            complain("note", AnsiColor::Cyan, "the run is finished already: nothing to do");
            return Ok(if folder.rejects() == 0 { OK } else { REJECTS });
        }
        let mut options = self.input.options(&engine, of_all, self.threads.map(usize::from))?;
        options.text = !self.no_text;
        let mut rejects = RejectLog::default();
        let tells_rejects = self.output.is_none() || self.max_rejects.is_some();
        let mut progress = Progress::new(self.size(&folder), self.quiet);
        let stop = stop_on_signals()?;
        let limits = Limits { stop: &stop, max_rejects: self.max_rejects, part: self.part() };
        let start = Instant::now();
        let done = audit(&engine, &mut source, &options, &mut folder, limits, |step| {
            progress.add(&step);
            if let Step::Audited(audited) = step
                && tells_rejects
            {
                audited.rejects.iter().for_each(|reject| progress.aside(|| rejects.add(reject)));
            }
        });
        progress.finish();
        rejects.finish();
        let summary = match done {
            Err(AuditError::Stopped { parts }) => {
                self.tell_stopped(parts);
                return Ok(STOPPED);
            }
            done => done?,
        };
        let out = &mut anstream::stdout().lock();
        summary::print(out, &summary, engine.rules(), start.elapsed(), self.output.as_deref())?;
        Ok(exit_code(&summary))
    }

    /// The folder of the results, or one that goes with the run.
    fn folder(&self, engine: &Engine, of_all: &Context, lexicons: &Lexicons) -> anyhow::Result<Folder> {
        let options =
            Options { columns: self.input.columns(), context: of_all.clone(), ..Options::default() };
        let outputs = self.outputs();
        let bound = Bound::new(engine, &options, &outputs, self.part())
            .with("cpt_labels", lexicons.label_text()?.map(|labels| Bound::print(labels.as_bytes())));
        let Some(path) = &self.output else { return Ok(Folder::temporary(bound, &self.input.paths)?) };
        let begin = match (self.resume, self.overwrite) {
            (true, _) => Begin::Resume,
            (_, true) => Begin::Overwrite,
            _ => Begin::New,
        };
        Ok(Folder::open(path, begin, outputs, bound, &self.input.paths)?)
    }

    fn part(&self) -> PartSize {
        let usual = PartSize::default();
        PartSize { records: self.part_records.unwrap_or(usual.records), ..usual }
    }

    /// Bytes of all inputs, where they are known before they are read.
    fn size(&self, folder: &Folder) -> Option<u64> {
        let has_stdin = self.input.paths.iter().any(|path| path.as_os_str() == "-");
        (!has_stdin).then(|| folder.input_bytes())
    }

    fn tell_stopped(&self, parts: usize) {
        let how = match parts {
            _ if self.output.is_none() => "nothing was written".to_owned(),
            0 => "no part was finished; the same command with --resume begins anew".to_owned(),
            1 => "one part is finished; the same command with --resume goes on".to_owned(),
            _ => format!("{parts} parts are finished; the same command with --resume goes on"),
        };
        complain("stopped", AnsiColor::Yellow, &how);
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

/// A sign that is set when the process is to end. Where it was set already, the process ends at once: what is not
/// entered in the manifest is thrown away by --resume.
fn stop_on_signals() -> anyhow::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let sign = Arc::clone(&stop);
    #[expect(clippy::exit, reason = "who asks twice wants no more work done")]
    let stop_or_exit = move || {
        if sign.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(STOPPED));
        }
    };
    ctrlc::set_handler(stop_or_exit).context("cannot listen for Ctrl-C")?;
    Ok(stop)
}
