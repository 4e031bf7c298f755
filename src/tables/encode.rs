//! Rows as bytes: Parquet, JSON Lines, CSV.
//!
//! A spreadsheet takes a cell that starts with `=`, `+`, `-` or `@` for a formula, and runs it. Text cells of
//! CSV that start so get a `'` before them, which a spreadsheet does not show (OWASP, *CSV Injection*).

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use arrow::csv;
use arrow::datatypes::{DataType, Schema};
use arrow::error::ArrowError;
use arrow::json;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;

/// Rows of a group: what a thread of `DuckDB` reads at a time, and little enough to be kept until it is written.
const GROUP_ROWS: usize = 122_880;

/// How Parquet is written: zstd at its quickest, statistics for every page, the schema's version among the file's own
/// metadata, where tools that do not know Arrow find it too.
pub(crate) fn parquet_properties(schema: &Schema) -> WriterProperties {
    let mut metadata: Vec<_> =
        schema.metadata().iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone())).collect();
    metadata.sort_by(|a, b| a.key.cmp(&b.key));
    WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        .set_key_value_metadata(Some(metadata))
        .build()
}

/// Rows as JSON Lines; what is not known is `null`.
pub(crate) fn json_rows(rows: &RecordBatch) -> Result<Vec<u8>, ArrowError> {
    let builder = json::WriterBuilder::new().with_explicit_nulls(true);
    let mut writer = builder.build::<_, json::writer::LineDelimited>(Vec::new());
    writer.write(rows)?;
    writer.finish()?;
    Ok(writer.into_inner())
}

/// The header of a CSV file.
pub(crate) fn csv_header(schema: &Arc<Schema>) -> Result<Vec<u8>, ArrowError> {
    csv(&RecordBatch::new_empty(Arc::clone(schema)), true)
}

/// Rows as CSV, safe to open in a spreadsheet.
pub(crate) fn csv_rows(rows: &RecordBatch) -> Result<Vec<u8>, ArrowError> {
    let columns = rows.columns().iter().map(disarmed).collect();
    csv(&RecordBatch::try_new(rows.schema(), columns)?, false)
}

fn csv(rows: &RecordBatch, header: bool) -> Result<Vec<u8>, ArrowError> {
    let mut writer = csv::WriterBuilder::new().with_header(header).build(Vec::new());
    writer.write(rows)?;
    Ok(writer.into_inner())
}

/// The column without cells that a spreadsheet would run; the column itself where there are none.
fn disarmed(column: &ArrayRef) -> ArrayRef {
    if *column.data_type() != DataType::Utf8 || !column.as_string::<i32>().iter().flatten().any(is_formula) {
        return Arc::clone(column);
    }
    let cells = column.as_string::<i32>().iter();
    let cells = cells.map(|cell| {
        cell.map(|text| if is_formula(text) { format!("'{text}").into() } else { Cow::from(text) })
    });
    Arc::new(cells.collect::<StringArray>())
}

fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}
