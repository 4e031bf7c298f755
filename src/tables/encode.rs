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

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(cells: &[Option<&str>]) -> RecordBatch {
        let column: ArrayRef = Arc::new(StringArray::from_iter(cells));
        RecordBatch::try_from_iter_with_nullable([("a", Arc::clone(&column), true), ("b", column, true)])
            .unwrap()
    }

    fn written(bytes: Result<Vec<u8>, ArrowError>) -> String {
        String::from_utf8(bytes.unwrap()).unwrap()
    }

    #[test]
    fn cells_are_quoted_in_csv_and_null_in_json() {
        let rows = rows(&[Some("x, \"y\"\n"), None]);
        assert_eq!(written(csv_header(&rows.schema())), "a,b\n");
        assert_eq!(written(csv_rows(&rows)), "\"x, \"\"y\"\"\n\",\"x, \"\"y\"\"\n\"\n,\n");
        assert_eq!(
            written(json_rows(&rows)),
            "{\"a\":\"x, \\\"y\\\"\\n\",\"b\":\"x, \\\"y\\\"\\n\"}\n{\"a\":null,\"b\":null}\n"
        );
    }

    #[test]
    fn formulas_do_not_reach_a_spreadsheet() {
        let formulas = ["=cmd|' /C calc'!A0", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"];
        for formula in formulas {
            let rows = rows(&[Some(formula), Some("a=b"), None]);
            let text = written(csv_rows(&rows));
            let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
            let cells: Vec<_> = reader.records().map(|row| row.unwrap()[0].to_owned()).collect();
            assert_eq!(cells, [&format!("'{formula}"), "a=b", ""]);
            // JSON is no spreadsheet.
            assert!(!written(json_rows(&rows)).contains("\"'"), "{formula}");
        }
    }
}
