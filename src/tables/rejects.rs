//! The table of what could not be read.

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;

use super::column::{Long, Maybe, Shown, Text, table};
use crate::io::{Reason, Reject};

table! {
    /// One row a record that could not be read.
    RejectColumns of RejectRow {
        /// The file that the record stands in.
        file: Text,
        /// Which record of the file it is, counted from 1.
        record: Maybe<Long>,
        /// Where the record begins in the file, in bytes.
        offset: Maybe<Long>,
        /// A short name of the reason.
        kind: Text,
        /// Why, without words of the note.
        reason: Shown<Reason>,
    }
}

/// The columns of [`reject_rows`].
pub fn reject_schema() -> SchemaRef {
    RejectColumns::schema()
}

/// Rejects as rows, with the names that they have in `rejects.jsonl`.
///
/// # Errors
/// None in practice: rows are pushed whole, so that all columns have the same length.
pub fn reject_rows(rejects: impl IntoIterator<Item = Reject>) -> Result<RecordBatch, ArrowError> {
    let mut columns = RejectColumns::new();
    for Reject { place, reason } in rejects {
        columns.push(RejectRow {
            file: &place.file,
            record: place.record.and_then(|record| record.try_into().ok()),
            offset: place.offset.and_then(|offset| offset.try_into().ok()),
            kind: reason.name(),
            reason,
        });
    }
    columns.finish()
}
