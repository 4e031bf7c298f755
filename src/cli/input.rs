//! Which notes a command reads, and what it says of those that it cannot read.

use std::path::PathBuf;

use anstyle::AnsiColor;
use clap::Args;

use crate::Engine;
use crate::batch::{Histories, Options, Summary};
use crate::checks::counts_services;
use crate::io::{Columns, Reject, Source};
use crate::model::Context;

use super::{OK, REJECTS, complain};

/// Rejects that are told one by one; the rest are counted.
const TOLD: u64 = 10;

/// The notes to read.
#[derive(Debug, Args)]
pub(super) struct Input {
    /// Files of text, JSON Lines (.jsonl, .ndjson), folders of both, or - for standard input
    #[arg(required = true, value_name = "INPUT")]
    pub(super) paths: Vec<PathBuf>,
    /// The field of JSON Lines that holds the note
    #[arg(long, value_name = "NAME", default_value_t = Columns::default().text)]
    text_field: String,
    /// The field of JSON Lines that holds the note's id
    #[arg(long, value_name = "NAME", default_value_t = Columns::default().id)]
    id_field: String,
    /// The field that holds the patient's id; notes of one patient are counted together
    #[arg(long, value_name = "NAME", default_value_t = Columns::default().patient_id)]
    patient_field: String,
    /// The field that holds who wrote the note, for rates by provider
    #[arg(long, value_name = "NAME", default_value_t = Columns::default().provider)]
    provider_field: String,
    /// The field that holds where the note was written, for rates by facility
    #[arg(long, value_name = "NAME", default_value_t = Columns::default().facility)]
    facility_field: String,
    /// The field that holds the day of service
    #[arg(long, value_name = "NAME", default_value_t = Columns::default().service_date)]
    service_date_field: String,
    /// The field that holds the setting: professional, asc or hopd
    #[arg(long, value_name = "NAME", default_value_t = Columns::default().setting)]
    setting_field: String,
    /// The field that holds the payer: medicare or commercial
    #[arg(long, value_name = "NAME", default_value_t = Columns::default().payer)]
    payer_field: String,
}

impl Input {
    /// The records of the inputs.
    pub(super) fn source(&self) -> anyhow::Result<Source> {
        Ok(Source::open(self.paths.clone())?)
    }

    /// The fields of JSON Lines.
    pub(super) fn columns(&self) -> Columns {
        Columns {
            text: self.text_field.clone(),
            id: self.id_field.clone(),
            patient_id: self.patient_field.clone(),
            provider: self.provider_field.clone(),
            facility: self.facility_field.clone(),
            service_date: self.service_date_field.clone(),
            setting: self.setting_field.clone(),
            payer: self.payer_field.clone(),
            ..Columns::default()
        }
    }

    /// How to run over these notes with what is known of all of them. Where rules count a patient's services, the
    /// notes are read for these first.
    pub(super) fn options(
        &self,
        engine: &Engine,
        context: Context,
        threads: Option<usize>,
    ) -> anyhow::Result<Options> {
        let mut options = Options { threads, columns: self.columns(), context, ..Options::default() };
        if counts_services(engine.rules()) {
            if self.paths.iter().any(|path| path.as_os_str() == "-") {
                let told =
                    "standard input is read once, so no patient's earlier notes are counted: name a file";
                complain("warning", AnsiColor::Yellow, told);
            } else {
                options.histories = Histories::gather(engine, &mut self.source()?, &options)?;
            }
        }
        Ok(options)
    }

    /// Bytes of all inputs, where they are files.
    pub(super) fn size(&self) -> Option<u64> {
        let size = |path: &PathBuf| path.metadata().ok().filter(std::fs::Metadata::is_file).map(|m| m.len());
        self.paths.iter().map(size).sum()
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
            complain("rejected", AnsiColor::Yellow, &reject.to_string());
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
