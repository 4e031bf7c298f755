//! CSV and its kin: a header, then rows whose cells are parted by commas, tabs, semicolons or bars.
//!
//! Rows are cut on the reading thread ([`rows`](super::rows)); their cells are decoded here, on any.

use std::borrow::Cow;
use std::sync::Arc;

use super::decode::{UTF8_BOM, decode_line};
use super::fields::{Fields, Scalar};
use super::peek::Peeked;
use super::record::{Layout, MAX_RECORD};
use super::rows::{Cutter, Row, cells};
use super::{Column, Columns, Format, Note, Place, Reason, Record, Reject};

/// What may part cells; the first wins where none is more frequent.
const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// What is known of all rows of a table.
#[derive(Debug)]
pub(super) struct Table {
    columns: Arc<Columns>,
    delimiter: u8,
    /// How many cells a row has.
    width: usize,
    /// The cells that count.
    places: Vec<(usize, Column)>,
}

impl Table {
    fn new(header: &[u8], delimiter: u8, format: Format, columns: &Arc<Columns>) -> Result<Self, Reason> {
        let header = names(header, delimiter)?;
        let places = columns.places(&header, format == Format::Omop)?;
        Ok(Self { columns: columns.clone(), delimiter, width: header.len(), places })
    }

    /// Reads the note of a row.
    pub(super) fn read<'r>(&self, record: &'r Record) -> Result<Note<'r>, Reason> {
        let decoded = decode_line(&record.bytes);
        let fields = match &decoded.text {
            Cow::Borrowed(row) => self.fields(row)?,
            Cow::Owned(row) => self.fields(row)?.into_owned(),
        };
        fields.note(record, &self.columns, decoded.encoding)
    }

    fn fields<'t>(&self, row: &'t str) -> Result<Fields<'t>, Reason> {
        let mut fields = Fields::default();
        let mut found = 0;
        for cell in cells(row, self.delimiter) {
            let cell = cell?;
            if let Some((_, column)) = self.places.iter().find(|(at, _)| *at == found) {
                fields.set(*column, Scalar::Text(cell));
            }
            found += 1;
        }
        if found != self.width {
            return Err(Reason::Ragged { found, wanted: self.width });
        }
        Ok(fields)
    }
}

/// The records of a table.
pub(super) struct Rows {
    cutter: Cutter,
    table: Arc<Table>,
    file: Arc<str>,
    name: Arc<str>,
}

impl Rows {
    /// The rows of a file, whose header is read first; `name` starts the ids of those that have none. A table without
    /// a byte has no header and no rows.
    ///
    /// # Errors
    /// Where the header lacks a column that is needed, or cannot be read.
    pub(super) fn open(
        mut reader: Peeked,
        format: Format,
        columns: &Arc<Columns>,
        file: Arc<str>,
        name: Arc<str>,
    ) -> Result<Option<Self>, Reject> {
        let mark = reader.pass(UTF8_BOM);
        let has_tab = first_line(reader.head()).contains(&b'\t');
        let delimiter = if format == Format::Tsv && has_tab { b'\t' } else { delimiter(reader.head()) };
        let mut cutter = Cutter::new(Box::new(reader), delimiter, mark, MAX_RECORD as usize);
        let Some(Row { line, offset, bytes }) = cutter.next() else { return Ok(None) };
        let table = bytes.and_then(|header| Table::new(&header, delimiter, format, columns));
        let place = || Place { file: file.clone(), record: Some(line), offset: Some(offset) };
        let table = table.map_err(|reason| Reject { place: place(), reason })?;
        Ok(Some(Self { cutter, table: table.into(), file, name }))
    }
}

impl Iterator for Rows {
    type Item = Result<Record, Reject>;

    fn next(&mut self) -> Option<Self::Item> {
        let Row { line, offset, bytes } = self.cutter.next()?;
        let place = Place { file: self.file.clone(), record: Some(line), offset: Some(offset) };
        Some(match bytes {
            Ok(bytes) => {
                Ok(Record { place, name: self.name.clone(), layout: Layout::Row(self.table.clone()), bytes })
            }
            Err(reason) => Err(Reject { place, reason }),
        })
    }
}

/// Whether the first bytes of a file are those of a table with a column for the note, and another.
pub(super) fn is_table(head: &[u8], columns: &Columns) -> bool {
    let head = head.strip_prefix(UTF8_BOM).unwrap_or(head);
    let header = first_line(head);
    let header = names(header.strip_suffix(b"\r").unwrap_or(header), delimiter(head)).unwrap_or_default();
    header.len() > 1 && columns.places(&header, false).is_ok()
}

/// The names of a header, without the blanks around them.
fn names(header: &[u8], delimiter: u8) -> Result<Vec<String>, Reason> {
    let header = decode_line(header).text;
    cells(&header, delimiter).map(|name| name.map(|name| name.trim().to_owned())).collect()
}

/// What parts the names of the header that a file begins with: the most frequent candidate outside of quotes.
fn delimiter(head: &[u8]) -> u8 {
    let mut counts = [0_usize; DELIMITERS.len()];
    let mut in_quotes = false;
    for &byte in first_line(head) {
        in_quotes ^= byte == b'"';
        let places = DELIMITERS.iter().zip(&mut counts).filter(|(d, _)| **d == byte && !in_quotes);
        places.for_each(|(_, count)| *count += 1);
    }
    // The last of equals is the greatest, so they are asked from the back.
    let most = DELIMITERS.iter().zip(counts).rev().max_by_key(|(_, count)| *count);
    most.map_or(b',', |(delimiter, _)| *delimiter)
}

/// The bytes before the first line end outside of quotes.
fn first_line(head: &[u8]) -> &[u8] {
    let mut in_quotes = false;
    let end = head.iter().position(|&byte| {
        in_quotes ^= byte == b'"';
        byte == b'\n' && !in_quotes
    });
    end.and_then(|end| head.get(..end)).unwrap_or(head)
}

#[cfg(test)]
mod tests {
    use super::super::Encoding;
    use super::*;

    /// What is made of a table: ids and texts, or the place of a reject and its words.
    fn read(bytes: &[u8], format: Format) -> Vec<String> {
        let reader = Peeked::new(Box::new(std::io::Cursor::new(bytes.to_vec())));
        let columns = Arc::new(Columns::default());
        let told =
            |Reject { place, reason }: Reject| format!("{place}@{}: {reason}", place.offset.unwrap_or(99));
        let rows = match Rows::open(reader, format, &columns, "t.csv".into(), "t".into()) {
            Ok(rows) => rows,
            Err(reject) => return vec![told(reject)],
        };
        let mut found = Vec::new();
        for item in rows.into_iter().flatten() {
            match item.and_then(|record| {
                let note = record.notes().remove(0)?;
                found.push(format!("{} {:?} {}", note.id, note.text, note.encoding.name()));
                Ok(())
            }) {
                Ok(()) => {}
                Err(reject) => found.push(told(reject)),
            }
        }
        found
    }

    #[test]
    fn tables_of_any_dialect_are_read() {
        for table in [
            "note_id,text\nn1,\"a, b\"\n",
            "note_id,text\r\nn1,\"a, b\"\r\n",
            "\"note_id\",\"text\"\n\"n1\",\"a, b\"",
            "note_id\ttext\nn1\ta, b\n",
            "note_id;text\nn1;a, b\n",
            " note_id | text \nn1|a, b\n",
            "\u{feff}note_id;\"a,b,c\";text\nn1;;a, b\n",
        ] {
            assert_eq!(read(table.as_bytes(), Format::Csv), ["n1 \"a, b\" utf-8"], "{table:?}");
        }
        for table in [&b"note_id\ttext\tx,y,z\nn1\ta, b\t\n"[..], b"note_id;text\nn1;a, b\n"] {
            assert_eq!(read(table, Format::Tsv), ["n1 \"a, b\" utf-8"]);
        }
        let omop = b"note_id,person_id,note_text,x\n7,8,\"a\n\nb\",\n";
        assert_eq!(read(omop, Format::Omop), ["7 \"a\\n\\nb\" utf-8"]);
    }

    #[test]
    fn a_bad_row_is_one_reject_and_the_others_go_on() {
        let table =
            b"note_id,text\n1,a\n2,a,b\n3\n4,\"L4\x96L5\"\n,five\n6,\"SECRET \"x\" \"\n7,a\0b\n8,\"open\nend";
        assert_eq!(
            read(table, Format::Csv),
            [
                "1 \"a\" utf-8",
                "t.csv:3@17: a row of 3 cells under a header of 2: put cells that hold the separator or a line end in quotes",
                "t.csv:4@23: a row of 1 cells under a header of 2: put cells that hold the separator or a line end in quotes",
                "4 \"L4–L5\" windows-1252",
                "t:6 \"five\" utf-8",
                "t.csv:7@41: text after the closing quote of a cell: a quote inside a quoted cell is written twice",
                "7 \"a\\0b\" utf-8",
                "t.csv:9@63: a quote that opens here is never closed: all that follows would be one cell",
            ]
        );
    }

    #[test]
    fn a_header_that_cannot_be_used_is_one_reject() {
        for (table, told) in [
            (&b""[..], None),
            (b"\n\n", None),
            (b"note_id,text\n", None),
            (
                b"note_id,report\n1,a\n2,b\n",
                Some("t.csv:1@0: no column `text`; there are `note_id`, `report`: "),
            ),
            (b"text,note_id,text\na,1,b\n", Some("t.csv:1@0: the column `text` stands twice")),
            (b"\n\"text,note_id\na,1\n", Some("t.csv:2@1: a quote that opens here is never closed")),
        ] {
            let found = read(table, Format::Csv);
            assert!(found.len() == usize::from(told.is_some()), "{found:?}");
            assert!(found.iter().all(|found| told.is_some_and(|told| found.starts_with(told))), "{found:?}");
        }
    }

    #[test]
    fn what_is_known_of_a_note_stands_in_its_cells() {
        let header =
            "TEXT,note_id,note_type,patient_id,provider,facility,service_date,setting,payer,ignore\n";
        let row = "a,1,clinic,p,dr,site,2024-03-10 08:30,asc,medicare,\"[{\"\"rule\"\":\"\"NF003\"\",\"\"reason\"\":\"\"r\"\"}]\"\n";
        let empty = "b,,,,,,,,,\n";
        let reader = Peeked::new(Box::new(std::io::Cursor::new([header, row, empty].concat().into_bytes())));
        let columns = Arc::new(Columns::default());
        let rows = Rows::open(reader, Format::Csv, &columns, "t".into(), "t".into()).unwrap().unwrap();
        let records: Vec<Record> = rows.map(Result::unwrap).collect();
        let note = records[0].notes().remove(0).unwrap();
        let known = (note.patient_id.as_deref(), note.provider.as_deref(), note.facility.as_deref());
        assert_eq!(known, (Some("p"), Some("dr"), Some("site")));
        assert_eq!(note.service_date.unwrap().to_string(), "2024-03-10");
        assert_eq!(note.note_type.unwrap().name(), "clinic");
        assert_eq!((note.setting.unwrap().name(), note.payer.unwrap().name()), ("asc", "medicare"));
        assert_eq!(note.ignore[0].rule, "NF003");
        let place = records[1].place.clone();
        let bare = Note::of_text("t:3".into(), "b".into(), Encoding::Utf8, place);
        assert_eq!(records[1].notes().remove(0).unwrap(), bare);
    }
}
