//! What a run can write, and in which formats.

use arrow::datatypes::SchemaRef;

use crate::model::names;
use crate::text::Unit;

use super::{
    FindingColumns, FlagColumns, GapColumns, NoteColumns, NoteNlpColumns, ProcedureColumns, RsnaColumns,
};

/// Name and version of the tables' columns. A column that is renamed, taken away or given another type or meaning
/// raises it; a new one does not.
pub const SCHEMA: &str = "foramen.tables/1";

/// Something that a run writes, a file or a folder of parts by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Output {
    /// One row a note.
    Notes,
    /// One row a finding.
    Findings,
    /// One row a procedure.
    Procedures,
    /// One row a missing element.
    Gaps,
    /// One row a statement that disagrees with another or with a rule.
    Flags,
    /// One JSON object a note: what `foramen extract` prints.
    Audits,
    /// `NOTE_NLP` of the OMOP Common Data Model 5.4.
    NoteNlp,
    /// Resources of FHIR R4, one a line.
    Fhir,
    /// The labels of the RSNA 2024 lumbar challenge, as reports give them.
    RsnaLabels,
}

names!(Output {
    Notes = "notes",
    Findings = "findings",
    Procedures = "procedures",
    Gaps = "gaps",
    Flags = "flags",
    Audits = "audits",
    NoteNlp = "note_nlp",
    Fhir = "fhir",
    RsnaLabels = "rsna_labels",
});

/// How tables are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Apache Parquet, compressed with zstd.
    #[default]
    Parquet,
    /// One JSON object a row.
    Jsonl,
    /// Comma-separated, with a header (RFC 4180).
    Csv,
}

names!(Format { Parquet = "parquet", Jsonl = "jsonl", Csv = "csv" });

impl Output {
    /// The tables that every run writes.
    pub const TABLES: [Self; 5] = [Self::Notes, Self::Findings, Self::Procedures, Self::Gaps, Self::Flags];

    /// The columns with their types and documentation; `None` for what is written as JSON alone.
    pub fn schema(self) -> Option<SchemaRef> {
        match self {
            Self::Notes => Some(NoteColumns::schema()),
            Self::Findings => Some(FindingColumns::schema()),
            Self::Procedures => Some(ProcedureColumns::schema()),
            Self::Gaps => Some(GapColumns::schema()),
            Self::Flags => Some(FlagColumns::schema()),
            Self::NoteNlp => Some(NoteNlpColumns::schema()),
            Self::RsnaLabels => Some(RsnaColumns::schema()),
            Self::Audits | Self::Fhir => None,
        }
    }
}

/// What a run writes, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outputs {
    /// How tables are written.
    pub tables: Format,
    /// What is written beside [`Output::TABLES`].
    pub also: Vec<Output>,
    /// Whether words of the notes may appear.
    pub text: bool,
    /// What offsets in `findings`, `procedures` and `flags` count.
    pub unit: Unit,
}

impl Default for Outputs {
    fn default() -> Self {
        Self { tables: Format::default(), also: Vec::new(), text: true, unit: Unit::default() }
    }
}

impl Outputs {
    /// All that is written, each once.
    pub fn all(&self) -> impl Iterator<Item = Output> {
        let is_written = |output: &Output| Output::TABLES.contains(output) || self.also.contains(output);
        Output::ALL.iter().copied().filter(is_written)
    }

    /// How `output` is written: what is no table is JSON Lines always.
    pub fn format(&self, output: Output) -> Format {
        if output.schema().is_some() { self.tables } else { Format::Jsonl }
    }

    /// The ending of the names of its files; that of FHIR is the one of its bulk exports.
    pub fn ending(&self, output: Output) -> &'static str {
        if output == Output::Fhir { "ndjson" } else { self.format(output).name() }
    }
}
