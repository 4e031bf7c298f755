//! The facts of audits as tables: one row a note, a finding, a procedure, a gap, a flag, all keyed by `note_id`.
//!
//! Rows are built in the layout of Apache Arrow, which data tools share. Each table is declared in a file of its own:
//! a column's name, type and documentation stand in one place, and `docs/tables.md` is written from there.
//!
//! ```
//! use foramen::tables::{Output, SCHEMA};
//! let schema = Output::Findings.schema().unwrap();
//! assert_eq!(schema.metadata()["foramen.schema"], SCHEMA);
//! assert!(schema.field_with_name("severity").unwrap().is_nullable());
//! ```

mod column;
mod encode;
mod fhir;
mod findings;
mod flags;
mod gaps;
mod ids;
mod note_nlp;
mod notes;
mod output;
mod procedures;
mod rejects;
mod rsna;

pub(crate) use encode::{csv_header, csv_rows, json_rows, parquet_properties};
pub(crate) use fhir::fhir_lines;
pub(crate) use findings::FindingColumns;
pub(crate) use flags::FlagColumns;
pub(crate) use gaps::GapColumns;
pub(crate) use note_nlp::NoteNlpColumns;
pub(crate) use notes::NoteColumns;
pub(crate) use procedures::ProcedureColumns;
pub(crate) use rsna::RsnaColumns;

pub use output::{Format, Output, Outputs, SCHEMA};
pub use rejects::{reject_rows, reject_schema};
