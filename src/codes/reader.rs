//! Tables of `lexicons/codes`: comma-separated, a header, one row a line.

use csv::{ReaderBuilder, StringRecord};
use serde::Deserialize;
use serde::de::value::{BorrowedStrDeserializer, Error as ValueError};

use super::lookup::Dated;
use crate::model::Date;

/// A table is not as it must be.
#[derive(Debug, thiserror::Error)]
#[error("{file}:{line}: {reason}")]
pub struct CodesError {
    /// Name of the file.
    pub file: String,
    /// The line, counted from 1.
    pub line: u64,
    /// What is wrong, and how to mend it.
    pub reason: String,
}

/// Reads a table of these columns, each row by `read`, which takes the cells from left to right.
pub(super) fn read_table<T>(
    file: &str,
    text: &str,
    columns: &[&str],
    mut read: impl FnMut(&mut Row<'_>) -> Result<T, String>,
) -> Result<Vec<T>, CodesError> {
    let fault = |line, reason| CodesError { file: file.to_owned(), line, reason };
    let mut reader = ReaderBuilder::new().from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| fault(1, error.to_string()))?;
    if header != columns {
        return Err(fault(1, format!("the header must be {}", columns.join(","))));
    }
    let mut rows = Vec::with_capacity(text.len() / SHORT_ROW);
    let mut record = StringRecord::new();
    loop {
        let more = reader.read_record(&mut record);
        let line = record.position().map_or(1, csv::Position::line);
        match more {
            Ok(true) => {}
            Ok(false) => return Ok(rows),
            Err(error) => {
                let line = error.position().map_or(line, csv::Position::line);
                return Err(fault(line, error.to_string()));
            }
        }
        rows.push(read(&mut Row { cells: record.iter() }).map_err(|reason| fault(line, reason))?);
    }
}

/// Bytes of a short row, to guess their number.
const SHORT_ROW: usize = 64;

/// Reads a table whose rows must be sorted by code, then by day.
pub(super) fn read_sorted<T: Dated>(
    file: &str,
    text: &str,
    columns: &[&str],
    read: impl FnMut(&mut Row<'_>) -> Result<T, String>,
) -> Result<Vec<T>, CodesError> {
    let rows = read_table(file, text, columns, read)?;
    let key = |at: usize| rows.get(at).map(|row| (row.code(), row.from()));
    match (1..rows.len()).find(|&at| key(at - 1) >= key(at)) {
        None => Ok(rows),
        Some(at) => {
            let code = key(at).map_or("", |(code, _)| code);
            let reason = format!("{code} is out of order: sort the rows by code, then by first day");
            Err(CodesError { file: file.to_owned(), line: at as u64 + 2, reason })
        }
    }
}

/// The cells of a row, taken from left to right.
pub(super) struct Row<'r> {
    cells: csv::StringRecordIter<'r>,
}

impl<'r> Row<'r> {
    fn cell(&mut self) -> &'r str {
        self.cells.next().unwrap_or_default()
    }

    /// The text of the next cell.
    pub(super) fn text(&mut self) -> String {
        self.cell().to_owned()
    }

    /// The value that the next cell names.
    pub(super) fn value<T: Deserialize<'r>>(&mut self) -> Result<T, String> {
        value(self.cell())
    }

    /// The value that the next cell names, if it is not empty.
    pub(super) fn optional<T: Deserialize<'r>>(&mut self) -> Result<Option<T>, String> {
        match self.cell() {
            "" => Ok(None),
            cell => value(cell).map(Some),
        }
    }

    /// The values that the next cell names, with blanks between them.
    pub(super) fn list<T: Deserialize<'r>>(&mut self) -> Result<Vec<T>, String> {
        self.cell().split_ascii_whitespace().map(value).collect()
    }

    /// The number in the next cell, if it is not empty.
    pub(super) fn number(&mut self) -> Result<Option<f64>, String> {
        match self.cell() {
            "" => Ok(None),
            cell => cell.parse().map(Some).map_err(|_| format!("`{cell}` is no number")),
        }
    }

    /// Whether the next cell says 1 and not 0.
    pub(super) fn flag(&mut self) -> Result<bool, String> {
        match self.cell() {
            "1" => Ok(true),
            "0" => Ok(false),
            cell => Err(format!("`{cell}` must be 0 or 1")),
        }
    }

    /// The day in the next cell, if it is not empty.
    pub(super) fn day(&mut self) -> Result<Option<Date>, String> {
        match self.cell() {
            "" => Ok(None),
            cell => cell.parse().map(Some).map_err(|_| format!("`{cell}` is no day: write YYYY-MM-DD")),
        }
    }
}

fn value<'r, T: Deserialize<'r>>(cell: &'r str) -> Result<T, String> {
    let named = BorrowedStrDeserializer::<ValueError>::new(cell);
    T::deserialize(named).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::super::cpt;

    const HEADER: &str = "code,label,families,region,unit,primaries,imaging,bilateral,effective_from,effective_to,\
                          certainty,dates,source\n";

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let good = "22551,a,fusion,cervical,interspace,,not_applicable,0,,,verified,known,RVU26\n";
        assert_eq!(cpt::read(&format!("{HEADER}{good}")).map(|rows| rows.len()).ok(), Some(1));
        for (from, to, expected) in [
            ("fusion", "fuson", "cpt.csv:3: unknown variant `fuson`"),
            (",0,", ",7,", "cpt.csv:3: unknown variant `7`"),
            (",,,verified", ",2024-02-30,,verified", "cpt.csv:3: `2024-02-30` is no day: write YYYY-MM-DD"),
            (",RVU26", "", "cpt.csv:3: "),
            ("22551", "22551", "cpt.csv:3: 22551 is out of order"),
            ("22551", "22550", "cpt.csv:3: 22550 is out of order"),
        ] {
            let text = format!("{HEADER}{good}{}", good.replace(from, to));
            let error = cpt::read(&text).map(|rows| rows.len()).map_err(|error| error.to_string());
            assert!(error.as_ref().is_err_and(|error| error.starts_with(expected)), "{to}: {error:?}");
        }
    }
}
