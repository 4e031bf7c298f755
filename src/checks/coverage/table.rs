//! Small tables of plain comma-separated fields, without quotes, under a line of their names.

use std::str::FromStr;

/// A table is not as it must be.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {reason}")]
pub struct TableError {
    /// Name of the file.
    pub file: &'static str,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub reason: String,
}

/// A row of a table.
pub(super) struct Row<'t> {
    file: &'static str,
    line: usize,
    fields: Vec<&'t str>,
}

/// The rows of a table with these columns.
pub(super) fn read<'t, const N: usize>(
    file: &'static str,
    text: &'t str,
    columns: [&str; N],
) -> Result<Vec<Row<'t>>, TableError> {
    let mut rows = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let row = Row { file, line: at + 1, fields: line.split(',').map(str::trim).collect() };
        if at == 0 && row.fields != columns {
            return Err(row.error(&format!("the columns must be {}", columns.join(", "))));
        }
        if row.fields.len() != N {
            return Err(row.error(&format!("{N} fields are expected: {}", columns.join(", "))));
        }
        rows.push(row);
    }
    Ok(rows.split_off(rows.len().min(1)))
}

impl<'t> Row<'t> {
    /// A field; empty beyond the last.
    pub(super) fn field(&self, at: usize) -> &'t str {
        self.fields.get(at).copied().unwrap_or_default()
    }

    /// A field as a value.
    pub(super) fn parse<T: FromStr>(&self, at: usize, wanted: &str) -> Result<T, TableError> {
        let field = self.field(at);
        field.parse().map_err(|_| self.error(&format!("`{field}` is not {wanted}")))
    }

    /// A field as a value; `None` where it is empty.
    pub(super) fn optional<T: FromStr>(&self, at: usize, wanted: &str) -> Result<Option<T>, TableError> {
        if self.field(at).is_empty() { Ok(None) } else { self.parse(at, wanted).map(Some) }
    }

    /// What is wrong with the row.
    pub(super) fn error(&self, reason: &str) -> TableError {
        TableError { file: self.file, line: self.line, reason: reason.to_owned() }
    }
}
