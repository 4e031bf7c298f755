//! `foramen check`: what a note lacks, for the person who wrote it.

use std::io::{self, Write};

use anstyle::AnsiColor;
use clap::Args;
use terminal_size::terminal_size;

use crate::Engine;
use crate::io::{Note, Reason, Record, Reject};
use crate::model::Audit;
use crate::pipeline::Defect;
use crate::report::Diagnostics;

use super::input::{Input, told};
use super::settings::SettingsArgs;
use super::{FAILED, Lexicons, OK, complain};

/// Some note lacks something, or contradicts itself.
const INCOMPLETE: u8 = 1;

/// Columns where there is no terminal.
const WIDTH: usize = 100;

/// Show what notes lack, with their words and the query to send; quiet on complete notes
#[derive(Debug, Args)]
#[command(after_help = "\
Exit codes: 0 all notes are complete, 1 something is missing or contradicts itself, 2 a note could not be read
or the command failed.

Examples:
  foramen check note.txt
  foramen check note.txt --pack lcd-esi --contractor cgs --service-date 2024-03-10
  pbpaste | foramen check -")]
pub(super) struct Check {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    settings: SettingsArgs,
}

impl Check {
    pub(super) fn run(self, lexicons: &Lexicons) -> anyhow::Result<u8> {
        let source = self.input.source(&self.settings)?;
        let (engine, of_all) = self.settings.engine(lexicons)?;
        let mut out = anstream::stdout().lock();
        let mut worst = OK;
        for record in source {
            let notes = record.as_ref().map_or_else(|reject| vec![Err(reject.clone())], Record::notes);
            for note in notes {
                let audited = note.and_then(|note| {
                    let audit = engine.guarded(|engine| engine.audit(&note.text, &note.context(&of_all)));
                    match audit {
                        Ok(audit) => Ok((note, audit)),
                        Err(Defect) => Err(Reject { place: note.place, reason: Reason::Internal }),
                    }
                });
                let code = match audited {
                    Ok((note, audit)) => show(&mut out, &engine, &note, &audit)?,
                    Err(reject) => {
                        complain("error", AnsiColor::Red, &told(&reject));
                        FAILED
                    }
                };
                worst = worst.max(code);
            }
        }
        out.flush()?;
        Ok(worst)
    }
}

/// Prints what a note lacks; gives its exit code.
fn show(out: &mut impl Write, engine: &Engine, note: &Note<'_>, audit: &Audit) -> io::Result<u8> {
    if audit.gaps.is_empty() && audit.flags.is_empty() {
        return Ok(OK);
    }
    print(out, engine, note, audit)?;
    Ok(INCOMPLETE)
}

fn print(out: &mut impl Write, engine: &Engine, note: &Note<'_>, audit: &Audit) -> io::Result<()> {
    let width = terminal_size().map_or(WIDTH, |(width, _)| usize::from(width.0));
    let diagnostics = Diagnostics {
        rules: engine.rules(),
        name: &note.place.to_string(),
        note: &note.text,
        audit,
        width,
        // The stream takes colours out where they do not belong.
        colour: true,
    };
    out.write_all(diagnostics.render().as_bytes())
}
