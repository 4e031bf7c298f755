//! The rows that notes give in all outputs of a run, built on any thread.

use std::io;

use arrow::array::RecordBatch;

use crate::checks::Rules;
use crate::io::Note;
use crate::model::Audit;
use crate::tables::{
    FindingColumns, FlagColumns, Format, GapColumns, NoteColumns, NoteNlpColumns, Output, Outputs,
    ProcedureColumns, RsnaColumns, csv_rows, fhir_lines, json_rows,
};
use crate::text::{Offsets, Unit};

use super::facts::audit_line;

/// The rows of some notes that follow each other.
#[derive(Debug)]
pub struct Rows {
    format: Format,
    text: bool,
    unit: Unit,
    notes: NoteColumns,
    findings: FindingColumns,
    procedures: ProcedureColumns,
    gaps: GapColumns,
    flags: FlagColumns,
    audits: Option<Vec<u8>>,
    note_nlp: Option<NoteNlpColumns>,
    fhir: Option<Vec<u8>>,
    rsna_labels: Option<RsnaColumns>,
}

impl Rows {
    /// No rows.
    pub fn new(outputs: &Outputs) -> Self {
        let is_wanted = |output| outputs.also.contains(&output);
        Self {
            format: outputs.tables,
            text: outputs.text,
            unit: outputs.unit,
            notes: NoteColumns::new(),
            findings: FindingColumns::new(),
            procedures: ProcedureColumns::new(),
            gaps: GapColumns::new(),
            flags: FlagColumns::new(),
            audits: is_wanted(Output::Audits).then(Vec::new),
            note_nlp: is_wanted(Output::NoteNlp).then(NoteNlpColumns::new),
            fhir: is_wanted(Output::Fhir).then(Vec::new),
            rsna_labels: is_wanted(Output::RsnaLabels).then(RsnaColumns::new),
        }
    }

    /// Adds a note.
    pub fn add(&mut self, rules: &Rules, note: &Note<'_>, audit: &Audit) {
        let text = self.text.then_some(&*note.text);
        self.notes.add(note, audit);
        let offsets = Offsets::new(&note.text, self.unit);
        self.findings.add(&note.id, text, audit, &offsets);
        self.procedures.add(&note.id, text, audit, &offsets);
        self.gaps.add(rules, &note.id, text, audit);
        self.flags.add(&note.id, audit, &offsets);
        if let Some(audits) = &mut self.audits {
            audit_line(audits, rules, note, audit, self.text);
        }
        if let Some(terms) = &mut self.note_nlp {
            terms.add(note, self.text, audit);
        }
        if let Some(resources) = &mut self.fhir {
            fhir_lines(resources, rules, note, audit, self.text);
        }
        if let Some(labels) = &mut self.rsna_labels {
            labels.add(&note.id, audit);
        }
    }

    /// The rows, ready to be written.
    ///
    /// # Errors
    /// When rows cannot be put into their format.
    pub fn finish(self) -> io::Result<Chunks> {
        let standing = [
            (Output::Notes, self.notes.finish()),
            (Output::Findings, self.findings.finish()),
            (Output::Procedures, self.procedures.finish()),
            (Output::Gaps, self.gaps.finish()),
            (Output::Flags, self.flags.finish()),
        ];
        let further = [
            self.note_nlp.map(|terms| (Output::NoteNlp, terms.finish())),
            self.rsna_labels.map(|labels| (Output::RsnaLabels, labels.finish())),
        ];
        let mut chunks = Vec::new();
        for (output, rows) in standing.into_iter().chain(further.into_iter().flatten()) {
            let rows = rows.map_err(io::Error::other)?;
            if rows.num_rows() > 0 {
                chunks.push((output, Chunk::new(rows, self.format)?));
            }
        }
        chunks.extend(self.audits.map(|lines| (Output::Audits, Chunk::Bytes(lines))));
        chunks.extend(self.fhir.map(|lines| (Output::Fhir, Chunk::Bytes(lines))));
        Ok(Chunks(chunks))
    }
}

/// Rows of some notes for each output.
#[derive(Debug)]
pub struct Chunks(Vec<(Output, Chunk)>);

impl Chunks {
    /// The rows of a table, where they are wanted as columns; `None` where the notes gave none.
    pub fn columns(&self, output: Output) -> Option<&RecordBatch> {
        match self.of(output)? {
            Chunk::Columns(rows) => Some(rows),
            Chunk::Bytes(_) => None,
        }
    }

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
