//! Which notes a command reads, and what it says of those that it cannot read.

use std::path::PathBuf;

use anstyle::AnsiColor;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};

use crate::Engine;
use crate::batch::{Histories, Options, Summary};
use crate::checks::counts_services;
use crate::io::{Format, Reading, Reason, Reject, Source};
use crate::model::Context;

use super::columns::ColumnNames;
use super::settings::SettingsArgs;
use super::{OK, REJECTS, complain};

/// Rejects that are told one by one; the rest are counted.
const TOLD: u64 = 10;

/// The notes to read.
#[derive(Debug, Args)]
pub(super) struct Input {
    /// Files of text, JSON Lines, CSV, Parquet, FHIR, HL7, C-CDA, HTML or RTF, also as gzip or zstd; folders of them;
    /// patterns such as 'notes/**/*.csv.gz'; - for standard input
    #[arg(required = true, value_name = "INPUT")]
    pub(super) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) way: Way,
}

/// How the notes are read.
#[derive(Debug, Args)]
pub(super) struct Way {
    /// What the inputs are, where their names and first bytes do not tell; folders are read whole then
    #[arg(id = "input-format", long = "input-format", value_name = "FORMAT")]
    #[arg(value_parser = PossibleValuesParser::new(formats()).try_map(format))]
    format: Option<Format>,
    #[command(flatten)]
    columns: ColumnNames,
}

impl Way {
    /// What the library is told of it.
    pub(super) fn reading(&self, settings: &SettingsArgs) -> anyhow::Result<Reading> {
        Ok(Reading { format: self.format, columns: self.columns.over(&settings.columns()?) })
    }
}

impl Input {
    /// The records of the inputs.
    pub(super) fn source(&self, settings: &SettingsArgs) -> anyhow::Result<Source> {
        Ok(self.way.reading(settings)?.open(self.paths.clone())?)
    }

    /// How to run over these notes with what is known of all of them. Where rules count a patient's services, the
    /// notes are read for these first.
    pub(super) fn options(
        &self,
        engine: &Engine,
        settings: &SettingsArgs,
        context: Context,
        threads: Option<usize>,
    ) -> anyhow::Result<Options> {
        let mut options = Options { threads, context, ..Options::default() };
        if counts_services(engine.rules()) {
            if self.paths.iter().any(|path| path.as_os_str() == "-") {
                let told =
                    "standard input is read once, so no patient's earlier notes are counted: name a file";
                complain("warning", AnsiColor::Yellow, told);
            } else {
                options.histories = Histories::gather(engine, &mut self.source(settings)?, &options);
            }
        }
        Ok(options)
    }
}

fn formats() -> Vec<&'static str> {
    Format::ALL.iter().map(|format| format.name()).collect()
}

fn format(name: String) -> Result<Format, String> {
    Format::named(&name).ok_or(name)
}

/// What is told of a reject, with the flags that mend it.
pub(super) fn told(reject: &Reject) -> String {
    match flags(&reject.reason) {
        Some(flags) => format!("{reject} ({flags})"),
        None => reject.to_string(),
    }
}

/// The flags by which what `reason` asks for is done.
fn flags(reason: &Reason) -> Option<&'static str> {
    match reason {
        Reason::Mismatch { .. } => Some("--input-format"),
        Reason::MissingField(_) => Some("--text-field"),
        Reason::NoColumn { .. } => Some("--text-field and its like"),
        Reason::At { reason, .. } => flags(reason),
        _ => None,
    }
}

/// Tells of records that could not be read, the first few by name.
#[derive(Debug, Default)]
pub(super) struct RejectLog {
    rejects: u64,
}

impl RejectLog {
    /// Tells of a reject.
    pub(super) fn add(&mut self, reject: &Reject) {
        self.rejects += 1;
        if self.rejects <= TOLD {
            complain("rejected", AnsiColor::Yellow, &told(reject));
        }
    }

    /// Tells how many were not told.
    pub(super) fn finish(&self) {
        if self.rejects > TOLD {
            let more = self.rejects - TOLD;
            complain("rejected", AnsiColor::Yellow, &format!("{more} more records"));
        }
    }
}

/// The exit code of a run.
pub(super) fn exit_code(summary: &Summary) -> u8 {
    if summary.rejected() == 0 { OK } else { REJECTS }
}
