//! A table as bytes: named columns, typed cells, CSV or JSON Lines.
//!
//! A spreadsheet takes a cell that starts with `=`, `+`, `-` or `@` for a formula, and runs it. Text cells of
//! CSV that start so get a `'` before them, which a spreadsheet does not show (OWASP, *CSV Injection*).

use std::borrow::Cow;
use std::io::{self, Write};

use serde::ser::{Serialize, SerializeMap, Serializer};

/// How tables are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TableFormat {
    /// One JSON object a row.
    #[default]
    Jsonl,
    /// Comma-separated, with a header (RFC 4180).
    Csv,
}

impl TableFormat {
    /// The ending of file names.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
        }
    }
}

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell<'c> {
    /// Nothing is known.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A count or an offset.
    Int(u64),
    /// A rate.
    Float(f64),
    /// Words.
    Text(Cow<'c, str>),
}

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Int(value) => serializer.serialize_u64(*value),
            Self::Float(value) => serializer.serialize_f64(*value),
            Self::Text(value) => serializer.serialize_str(value),
        }
    }
}

macro_rules! cell_from {
    ($($type:ty, $value:ident => $cell:expr);+ $(;)?) => {
        $(impl<'c> From<$type> for Cell<'c> {
            fn from($value: $type) -> Self {
                $cell
            }
        })+
    };
}

cell_from! {
    bool, value => Self::Bool(value);
    u32, value => Self::Int(value.into());
    u64, value => Self::Int(value);
    usize, value => Self::Int(value as u64);
    f64, value => Self::Float(value);
    &'c str, value => Self::Text(value.into());
    String, value => Self::Text(value.into());
}

impl<'c, T: Into<Cell<'c>>> From<Option<T>> for Cell<'c> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Cell::Null, Into::into)
    }
}

impl Cell<'_> {
    /// The cell as CSV, safe to open in a spreadsheet.
    fn csv(&self) -> Cow<'_, str> {
        match self {
            Self::Null => "".into(),
            Self::Bool(value) => if *value { "true" } else { "false" }.into(),
            Self::Int(value) => value.to_string().into(),
            Self::Float(value) => value.to_string().into(),
            Self::Text(text)
                if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) =>
            {
                format!("'{text}").into()
            }
            Self::Text(text) => text.as_ref().into(),
        }
    }
}

/// The columns of a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Table<const N: usize> {
    /// The name, also of its file.
    pub(super) name: &'static str,
    /// The names of the columns.
    pub(super) columns: [&'static str; N],
}

struct Row<'t, 'c, const N: usize>(&'t [&'static str; N], &'t [Cell<'c>; N]);

impl<const N: usize> Serialize for Row<'_, '_, N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(N))?;
        for (column, cell) in self.0.iter().zip(self.1) {
            map.serialize_entry(column, cell)?;
        }
        map.end()
    }
}

impl<const N: usize> Table<N> {
    /// The header, which only CSV has.
    pub(super) fn header(&self, out: &mut impl Write, format: TableFormat) -> io::Result<()> {
        match format {
            TableFormat::Jsonl => Ok(()),
            TableFormat::Csv => record(out, self.columns.iter().map(|&name| name.into())),
        }
    }

    /// A row.
    pub(super) fn row(
        &self,
        out: &mut impl Write,
        format: TableFormat,
        cells: &[Cell<'_>; N],
    ) -> io::Result<()> {
        match format {
            TableFormat::Jsonl => {
                serde_json::to_writer(&mut *out, &Row(&self.columns, cells))?;
                out.write_all(b"\n")
            }
            TableFormat::Csv => record(out, cells.iter().map(Cell::csv)),
        }
    }
}

fn record<'c>(out: &mut impl Write, cells: impl Iterator<Item = Cow<'c, str>>) -> io::Result<()> {
    let mut writer = csv::WriterBuilder::new().buffer_capacity(512).from_writer(out);
    for cell in cells {
        writer.write_field(cell.as_bytes())?;
    }
    writer.write_record(None::<&[u8]>)?;
    writer.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: Table<3> = Table { name: "t", columns: ["a", "b", "c"] };

    fn written(format: TableFormat, cells: &[Cell<'_>; 3]) -> String {
        let mut out = Vec::new();
        TABLE.row(&mut out, format, cells).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn cells_are_typed_in_json_and_quoted_in_csv() {
        let cells = ["x, \"y\"\n".into(), Cell::Null, 87.5.into()];
        assert_eq!(
            written(TableFormat::Jsonl, &cells),
            "{\"a\":\"x, \\\"y\\\"\\n\",\"b\":null,\"c\":87.5}\n"
        );
        assert_eq!(written(TableFormat::Csv, &cells), "\"x, \"\"y\"\"\n\",,87.5\n");
        let mut header = Vec::new();
        TABLE.header(&mut header, TableFormat::Csv).unwrap();
        assert_eq!(header, b"a,b,c\n");
    }

    #[test]
    fn formulas_do_not_reach_a_spreadsheet() {
        for formula in ["=cmd|' /C calc'!A0", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"] {
            let line = written(TableFormat::Csv, &[formula.into(), 1_u64.into(), "a=b".into()]);
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(line.as_bytes());
            let row = reader.records().next().unwrap().unwrap();
            assert_eq!(row.iter().collect::<Vec<_>>(), [&format!("'{formula}"), "1", "a=b"]);
        }
        // JSON is no spreadsheet.
        assert!(written(TableFormat::Jsonl, &["=1".into(), Cell::Null, Cell::Null]).contains("\"=1\""));
    }
}
