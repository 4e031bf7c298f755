//! The rows that notes give in all outputs of a run, built on any thread.

use std::io;

use arrow::array::RecordBatch;

use crate::checks::Rules;
use crate::io::Note;
use crate::model::Audit;
use crate::tables::{
    FindingColumns, FlagColumns, Format, GapColumns, NoteColumns, Output, Outputs, ProcedureColumns,
    csv_rows, json_rows,
};

use super::facts::audit_line;

/// The rows of some notes that follow each other.
#[derive(Debug)]
pub struct Rows {
    format: Format,
    text: bool,
    notes: NoteColumns,
    findings: FindingColumns,
    procedures: ProcedureColumns,
    gaps: GapColumns,
    flags: FlagColumns,
    audits: Option<Vec<u8>>,
}

impl Rows {
    /// No rows.
    pub fn new(outputs: &Outputs) -> Self {
        Self {
            format: outputs.tables,
            text: outputs.text,
            notes: NoteColumns::new(),
            findings: FindingColumns::new(),
            procedures: ProcedureColumns::new(),
            gaps: GapColumns::new(),
            flags: FlagColumns::new(),
            audits: outputs.also.contains(&Output::Audits).then(Vec::new),
        }
    }

    /// Adds a note.
    pub fn add(&mut self, rules: &Rules, note: &Note<'_>, audit: &Audit) {
        let text = self.text.then_some(&*note.text);
        self.notes.add(note, audit);
        self.findings.add(&note.id, text, audit);
        self.procedures.add(&note.id, text, audit);
        self.gaps.add(rules, &note.id, text, audit);
        self.flags.add(&note.id, audit);
        if let Some(audits) = &mut self.audits {
            audit_line(audits, rules, note, audit, self.text);
        }
    }

    /// The rows, ready to be written.
    ///
    /// # Errors
    /// When rows cannot be put into their format.
    pub fn finish(self) -> io::Result<Chunks> {
        let tables = [
            (Output::Notes, self.notes.finish()),
            (Output::Findings, self.findings.finish()),
            (Output::Procedures, self.procedures.finish()),
            (Output::Gaps, self.gaps.finish()),
            (Output::Flags, self.flags.finish()),
        ];
        let mut chunks = Vec::new();
        for (output, rows) in tables {
            let rows = rows.map_err(io::Error::other)?;
            if rows.num_rows() > 0 {
                chunks.push((output, Chunk::new(rows, self.format)?));
            }
        }
        chunks.extend(self.audits.map(|lines| (Output::Audits, Chunk::Bytes(lines))));
        Ok(Chunks(chunks))
    }
}

/// Rows of some notes for each output.
#[derive(Debug)]
pub struct Chunks(Vec<(Output, Chunk)>);

impl Chunks {
    /// The rows for one output; `None` where the notes gave none.
    pub(super) fn of(&self, output: Output) -> Option<&Chunk> {
        self.0.iter().find(|(other, _)| *other == output).map(|(_, chunk)| chunk)
    }
}

/// Rows for one output.
#[derive(Debug)]
pub(super) enum Chunk {
    /// Columns, to be written as Parquet, which has no rows of its own.
    Columns(RecordBatch),
    /// What is to stand in the file.
    Bytes(Vec<u8>),
}

impl Chunk {
    fn new(rows: RecordBatch, format: Format) -> io::Result<Self> {
        let bytes = match format {
            Format::Parquet => return Ok(Self::Columns(rows)),
            Format::Jsonl => json_rows(&rows),
            Format::Csv => csv_rows(&rows),
        };
        Ok(Self::Bytes(bytes.map_err(io::Error::other)?))
    }
}
