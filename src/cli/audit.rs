//! `foramen audit`: many notes to tables and a summary.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use anstyle::AnsiColor;
use anyhow::Context as _;
use clap::{Args, ValueEnum};

use crate::Engine;
use crate::batch::{
    AuditError, Begin, Bound, Folder, Limits, PartSize, RunFacts, Step, Summary, Work, audit, write_page,
};
use crate::io::Source;
use crate::model::Context;
use crate::tables::{Format, Output, Outputs};

use super::input::{Input, RejectLog, exit_code};
use super::progress::Progress;
use super::settings::SettingsArgs;
use super::summary;
use super::{Lexicons, OK, REJECTS, STOPPED, complain};

/// Audit many notes: facts, gaps and flags as tables, and a summary
///
/// Writes into the folder of -o: a folder of files for each of the tables notes, findings, procedures, gaps and flags
/// and for what --also names, one file for each part of the input; when all is done rejects.jsonl (what could not be
/// read, with its place and reason), summary.json, and report.html, a page of its figures for any browser. Without -o
/// only the summary is printed.
///
/// Notes come out in the order in which they went in, the same on any number of threads. Notes that name a patient and
/// a day of service are counted together by the coverage packs.
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
  foramen audit 'exports/**/*.csv.gz' --threads 8 -o out")]
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
    /// The table `NOTE_NLP` of the OMOP Common Data Model 5.4
    NoteNlp,
    /// FHIR R4: an Observation a finding, a `DetectedIssue` a gap or a flag, as NDJSON
    Fhir,
    /// The 25 labels of the RSNA 2024 lumbar challenge
    RsnaLabels,
}

impl Audit {
    pub(super) fn run(self, lexicons: &Lexicons) -> anyhow::Result<u8> {
        let reading = self.input.way.reading(&self.settings)?;
        let mut source = reading.clone().open(self.input.paths.clone())?;
        let (engine, of_all) = self.settings.engine(lexicons)?;
        let bound = Bound::new(&engine, &reading, &of_all, &self.outputs(), self.part());
        let mut folder = self.folder(bound, &source, lexicons)?;
        if folder.is_finished() {
            complain("note", AnsiColor::Cyan, "the run is finished already: nothing to do");
            return Ok(if folder.rejects() == 0 { OK } else { REJECTS });
        }
        let threads = self.threads.map(usize::from);
        let mut options = self.input.options(&engine, &self.settings, of_all, threads)?;
        options.text = !self.no_text;
        let mut rejects = RejectLog::default();
        let tells_rejects = self.output.is_none() || self.max_rejects.is_some();
        let mut progress = Progress::new(self.size(&folder), source.meter(), self.quiet);
        let stop = stop_on_signals()?;
        let limits = Limits { stop: &stop, max_rejects: self.max_rejects, part: self.part() };
        let facts = self.facts(&engine, &options.context);
        let (start, mut work) = (Instant::now(), Work::default());
        let page = |summary: &Summary, done: Work, file: &mut dyn Write| {
            work = done;
            let facts = RunFacts { seconds: start.elapsed().as_secs_f64(), work, ..facts };
            write_page(summary, engine.rules(), &facts, file)
        };
        let watch = |step: Step<'_>| {
            progress.add(&step);
            let Step::Audited(audited) = step else { return };
            if tells_rejects {
                audited.rejects.iter().for_each(|reject| progress.aside(|| rejects.add(reject)));
            }
        };
        let done = audit(&engine, &mut source, options, &mut folder, limits, watch, page);
        let time = start.elapsed();
        progress.finish();
        rejects.finish();
        let summary = match done {
            Err(AuditError::Stopped { parts }) => {
                self.tell_stopped(parts);
                return Ok(STOPPED);
            }
            done => done.map_err(failed)?,
        };
        let out = &mut anstream::stdout().lock();
        summary::print(out, &summary, engine.rules(), (work, time), self.output.as_deref())?;
        Ok(exit_code(&summary))
    }

    /// The folder of the results, or one that goes with the run.
    fn folder(&self, bound: Bound, source: &Source, lexicons: &Lexicons) -> anyhow::Result<Folder> {
        let labels = lexicons.label_text()?.map(|labels| Bound::print(labels.as_bytes()));
        let bound = bound.with("cpt_labels", labels);
        let Some(path) = &self.output else { return Folder::temporary(bound, source).map_err(failed) };
        let begin = match (self.resume, self.overwrite) {
            (true, _) => Begin::Resume,
            (_, true) => Begin::Overwrite,
            _ => Begin::New,
        };
        Folder::open(path, begin, self.outputs(), bound, source).map_err(failed)
    }

    fn part(&self) -> PartSize {
        let usual = PartSize::default();
        PartSize { records: self.part_records.unwrap_or(usual.records), ..usual }
    }

    /// Bytes of all inputs as they stand on the disk, where they are known before they are read.
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
            Further::NoteNlp => Output::NoteNlp,
            Further::Fhir => Output::Fhir,
            Further::RsnaLabels => Output::RsnaLabels,
        };
        Outputs {
            tables,
            also: self.also.iter().map(further).collect(),
            text: !self.no_text,
            ..Outputs::default()
        }
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
            work: Work::default(),
            threads: self.threads.map_or_else(available_threads, usize::from),
        }
    }
}

/// Why a run ended without its results, with the flags that mend it.
fn failed(error: AuditError) -> anyhow::Error {
    let flags = match error {
        AuditError::Finished { .. }
        | AuditError::Changed { .. }
        | AuditError::Input { .. }
        | AuditError::Missing { .. }
        | AuditError::Manifest { .. } => "--overwrite",
        AuditError::Unfinished { .. } => "--resume, --overwrite",
        AuditError::Write(_) => "--resume",
        AuditError::Rejects { .. } => "--resume, --max-rejects",
        AuditError::Foreign { .. }
        | AuditError::Busy { .. }
        | AuditError::Folder { .. }
        | AuditError::Stopped { .. } => return error.into(),
    };
    let told = format!("{error} ({flags})");
    match error {
        AuditError::Write(cause) => anyhow::Error::new(cause).context(told),
        _ => anyhow::Error::msg(told),
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

fn available_threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
