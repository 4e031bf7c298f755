//! `foramen extract`: the facts of notes as JSON.

use std::io::{self, Write};

use clap::{Args, ValueEnum};

use crate::batch::{audit_line, run};

use super::Lexicons;
use super::input::{Input, RejectLog, exit_code};
use super::settings::SettingsArgs;

/// Print what notes state and lack as JSON, one object a note
///
/// Offsets count bytes of the decoded text of the note: the file itself for UTF-8, the value of the text column for
/// tables and JSON Lines. Where decoding changed the bytes (a byte order mark, UTF-16, Windows-1252), "encoding" says so.
/// The keys: findings, procedures (with guidance and drugs), encounter, radiculopathies, correlation,
/// `conservative_care`, codes, gaps (with the query for each), flags, contradictions, score; what is not known is null.
/// `foramen rule CODE` explains the rule of a gap or a flag.
#[derive(Debug, Args)]
#[command(after_help = "\
Exit codes: 0 all notes read, 2 the command failed, 3 some inputs were rejected (told on standard error).

Examples:
  foramen extract note.txt
  foramen extract notes/ more.jsonl --no-text > facts.jsonl
  foramen extract notes/ | jq -c '.note_id as $id | .procedures[] | [$id, .family, .level, .drugs]'
  pbpaste | foramen extract - --format json | jq '.[0].gaps'")]
pub(super) struct Extract {
    #[command(flatten)]
    input: Input,
    /// One object a line, or one list of them all
    #[arg(long, value_enum, default_value_t = Format::Jsonl)]
    format: Format,
    /// Leave out all words of the notes; offsets stay
    #[arg(long)]
    no_text: bool,
    #[command(flatten)]
    settings: SettingsArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Jsonl,
    Json,
}

impl Extract {
    pub(super) fn run(self, lexicons: &Lexicons) -> anyhow::Result<u8> {
        let mut source = self.input.source(&self.settings)?;
        let (engine, of_all) = self.settings.engine(lexicons)?;
        let options = self.input.options(&engine, &self.settings, of_all, None)?;
        let mut rejects = RejectLog::default();
        let mut out = List { out: io::stdout(), format: self.format, empty: true };
        let summary = run(
            &engine,
            &mut source,
            &options,
            |lines: &mut Vec<u8>, note, audit| audit_line(lines, engine.rules(), note, audit, !self.no_text),
            |rows, audited| {
                audited.rejects.iter().for_each(|reject| rejects.add(reject));
                out.write(&rows)
            },
        )?;
        out.finish()?;
        rejects.finish();
        Ok(exit_code(&summary))
    }
}

/// Lines of JSON, printed as they are or as the elements of a list.
struct List<W> {
    out: W,
    format: Format,
    empty: bool,
}

impl<W: Write> List<W> {
    fn write(&mut self, lines: &[u8]) -> io::Result<()> {
        if self.format == Format::Jsonl {
            return self.out.write_all(lines);
        }
        for line in lines.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
            self.out.write_all(if self.empty { b"[\n" } else { b",\n" })?;
            self.out.write_all(line)?;
            self.empty = false;
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        if self.format == Format::Json {
            self.out.write_all(if self.empty { b"[]\n" } else { b"\n]\n" })?;
        }
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_json_whatever_its_length() {
        for (parts, expected) in [
            (&[][..], "[]\n"),
            (&["{}\n"], "[\n{}\n]\n"),
            (&["{}\n{}\n", "", "{}\n"], "[\n{},\n{},\n{}\n]\n"),
        ] {
            let mut list = List { out: Vec::new(), format: Format::Json, empty: true };
            for part in parts {
                list.write(part.as_bytes()).unwrap();
            }
            list.finish().unwrap();
            assert_eq!(String::from_utf8(list.out).unwrap(), expected);
        }
    }
}
