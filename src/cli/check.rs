//! `foramen check`: what a note lacks, for the person who wrote it.

use std::io::Write;

use clap::Args;

use crate::io::Note;
use crate::matching::Speed;
use crate::model::{Audit, Context};

use super::input::Input;
use super::{FAILED, Lexicons, OK, complain};

/// Some note lacks something, or contradicts itself.
const INCOMPLETE: u8 = 1;

/// Show what notes lack, with their words and the query to send; quiet on complete notes
#[derive(Debug, Args)]
#[command(after_help = "\
Exit codes: 0 all notes are complete, 1 something is missing or contradicts itself, 2 a note could not be read
or the command failed.

Examples:
  foramen check note.txt
  pbpaste | foramen check -")]
pub(super) struct Check {
    #[command(flatten)]
    input: Input,
}

impl Check {
    pub(super) fn run(self, lexicons: &Lexicons) -> anyhow::Result<u8> {
        let fields = self.input.fields();
        let source = self.input.source()?;
        let engine = lexicons.engine(Speed::QuickStart)?;
        let mut out = anstream::stdout().lock();
        let mut code = OK;
        for record in source {
            let record = match record {
                Ok(record) => record,
                Err(reject) => {
                    complain("error", anstyle::AnsiColor::Red, &reject.to_string());
                    code = FAILED;
                    continue;
                }
            };
            let note = match record.note(&fields) {
                Ok(note) => note,
                Err(reason) => {
                    complain("error", anstyle::AnsiColor::Red, &format!("{}: {reason}", record.place()));
                    code = FAILED;
                    continue;
                }
            };
            let audit = engine.audit(&note.text, &Context { note_type: note.note_type });
            if !audit.gaps.is_empty() || !audit.flags.is_empty() {
                code = code.max(INCOMPLETE);
                print(&mut out, &note, &audit)?;
            }
        }
        Ok(code)
    }
}

fn print(out: &mut impl Write, note: &Note<'_>, audit: &Audit) -> std::io::Result<()> {
    for gap in &audit.gaps {
        writeln!(out, "{}: {}: {} is missing", note.place, gap.rule, gap.element)?;
    }
    Ok(())
}
