//! The rows of notes, and the files that they go to.

use std::fs::File;
use std::io::{self, BufWriter, Write};

use crate::checks::Rules;
use crate::io::Note;
use crate::model::Audit;

use super::facts::audit_line;
use super::tables::{self, FINDINGS, FLAGS, GAPS, NOTES, PROCEDURES, Style};

/// The rows of some notes, as bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    audits: Vec<u8>,
    notes: Vec<u8>,
    findings: Vec<u8>,
    procedures: Vec<u8>,
    gaps: Vec<u8>,
    flags: Vec<u8>,
}

impl Rows {
    /// Adds a note.
    pub fn add(&mut self, style: Style, rules: &Rules, note: &Note<'_>, audit: &Audit) {
        audit_line(&mut self.audits, rules, note, audit, style.text);
        // Writing to memory cannot fail.
        let _ = tables::note(&mut self.notes, style, note, audit);
        let _ = tables::findings(&mut self.findings, style, note, audit);
        let _ = tables::procedures(&mut self.procedures, style, note, audit);
        let _ = tables::gaps(&mut self.gaps, style, rules, note, audit);
        let _ = tables::flags(&mut self.flags, style, note, audit);
    }
}

/// The outputs of a run with the endings of their files.
pub(super) fn names(outputs: Option<Style>) -> impl Iterator<Item = (&'static str, &'static str)> {
    outputs.into_iter().flat_map(|style| {
        let ending = style.format.ending();
        let tables = [NOTES.name, FINDINGS.name, PROCEDURES.name, GAPS.name, FLAGS.name];
        tables.map(|name| (name, ending)).into_iter().chain([("audits", "jsonl")])
    })
}

/// Every output that a run can have.
pub(super) const ALL: [&str; 6] = ["notes", "findings", "procedures", "gaps", "flags", "audits"];

/// A file of one output.
pub(super) struct OutputFile {
    name: &'static str,
    file: BufWriter<File>,
}

impl OutputFile {
    pub(super) fn create(file: File, name: &'static str, outputs: Option<Style>) -> io::Result<Self> {
        let mut file = BufWriter::with_capacity(128 << 10, file);
        if let Some(style) = outputs {
            match name {
                "notes" => NOTES.header(&mut file, style.format)?,
                "findings" => FINDINGS.header(&mut file, style.format)?,
                "procedures" => PROCEDURES.header(&mut file, style.format)?,
                "gaps" => GAPS.header(&mut file, style.format)?,
                "flags" => FLAGS.header(&mut file, style.format)?,
                _ => {}
            }
        }
        Ok(Self { name, file })
    }

    pub(super) fn write(&mut self, rows: &Rows) -> io::Result<()> {
        self.file.write_all(match self.name {
            "notes" => &rows.notes,
            "findings" => &rows.findings,
            "procedures" => &rows.procedures,
            "gaps" => &rows.gaps,
            "flags" => &rows.flags,
            _ => &rows.audits,
        })
    }

    pub(super) fn finish(self) -> io::Result<File> {
        self.file.into_inner().map_err(io::IntoInnerError::into_error)
    }
}
