//! What rules run and what is known of the notes: from flags, and from a `foramen.toml`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use serde::Deserialize;

use crate::Engine;
use crate::checks::{Limit, Settings};
use crate::model::{Context, Date, NoteType, Payer, Setting};
use crate::text::LineIndex;

use super::Lexicons;
use super::columns::ColumnNames;

/// The file that is read where none is named.
const FILE: &str = "foramen.toml";

/// Rules, and what is known of the notes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Rules")]
pub(super) struct SettingsArgs {
    /// A file of settings; foramen.toml of the current folder where it is not given. Flags win over it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Run the rules of this pack, in place of the default packs; may be repeated (`foramen rules` lists packs)
    #[arg(long, value_name = "PACK", value_delimiter = ',')]
    pack: Vec<String>,
    /// Run these rules alone, of whichever pack: codes, or their beginnings (NF, MOD)
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    select: Vec<String>,
    /// Do not run these rules: codes, or their beginnings
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    ignore: Vec<String>,
    /// Who bills: the clinician, a surgical centre, a hospital's outpatient department
    #[arg(long, value_parser = PossibleValuesParser::new(names(Setting::ALL, |s| s.name())).try_map(setting))]
    setting: Option<Setting>,
    /// Who pays
    #[arg(long, value_parser = PossibleValuesParser::new(names(Payer::ALL, |p| p.name())).try_map(payer))]
    payer: Option<Payer>,
    /// The Medicare contractor whose coverage policies apply, such as cgs or novitas
    #[arg(long, value_name = "KEY")]
    contractor: Option<String>,
    /// The day of service of notes that come without one
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    service_date: Option<Date>,
}

/// What a file of settings may hold.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    packs: Option<Vec<String>>,
    #[serde(default)]
    select: Vec<String>,
    #[serde(default)]
    ignore: Vec<String>,
    setting: Option<Setting>,
    payer: Option<Payer>,
    contractor: Option<String>,
    correlation_owed_by: Option<Vec<NoteType>>,
    #[serde(default)]
    implicit_correlation_counts: bool,
    #[serde(default)]
    limits: BTreeMap<Limit, u32>,
    #[serde(default)]
    columns: ColumnNames,
}

impl SettingsArgs {
    /// The engine of these settings, and what is known of all notes.
    pub(super) fn engine(&self, lexicons: &Lexicons) -> anyhow::Result<(Engine, Context)> {
        let file = self.file()?;
        let context = Context {
            service_date: self.service_date,
            // The only look at the clock: the engine has none.
            today: Some(jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()),
            setting: self.setting.or(file.setting),
            payer: self.payer.or(file.payer),
            contractor: self.contractor.clone().or_else(|| file.contractor.clone()),
            ..Context::default()
        };
        let engine = lexicons.engine(self.settings(file))?;
        if let Some(key) = &context.contractor {
            engine.rules().contractors().check(key)?;
        }
        Ok((engine, context))
    }

    /// The names of columns that the file gives.
    pub(super) fn columns(&self) -> anyhow::Result<ColumnNames> {
        Ok(self.file()?.columns)
    }

    fn settings(&self, file: File) -> Settings {
        let default = Settings::default();
        let flags_or = |flags: &Vec<String>, file| if flags.is_empty() { file } else { flags.clone() };
        Settings {
            correlation_owed_by: file.correlation_owed_by.unwrap_or(default.correlation_owed_by),
            implicit_counts: file.implicit_correlation_counts,
            packs: if self.pack.is_empty() { file.packs } else { Some(self.pack.clone()) },
            select: flags_or(&self.select, file.select),
            ignore: flags_or(&self.ignore, file.ignore),
            limits: file.limits,
        }
    }

    fn file(&self) -> anyhow::Result<File> {
        match &self.config {
            Some(path) => read(path),
            None if Path::new(FILE).is_file() => read(Path::new(FILE)),
            None => Ok(File::default()),
        }
    }
}

fn read(path: &Path) -> anyhow::Result<File> {
    let name = path.display();
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
    toml::from_str(&text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        let at = LineIndex::new(&text).line_column(start as u32);
        anyhow::anyhow!("{name}:{}:{}: {}", at.line, at.column, error.message())
    })
}

fn names<T: Copy>(values: &[T], name: impl Fn(T) -> &'static str) -> Vec<&'static str> {
    values.iter().map(|value| name(*value)).collect()
}

fn setting(name: String) -> Result<Setting, String> {
    Setting::ALL.iter().copied().find(|s| s.name() == name).ok_or(name)
}

fn payer(name: String) -> Result<Payer, String> {
    Payer::ALL.iter().copied().find(|p| p.name() == name).ok_or(name)
}

fn day(text: &str) -> Result<Date, &'static str> {
    text.parse().map_err(|_| "write a day of the calendar as YYYY-MM-DD")
}
