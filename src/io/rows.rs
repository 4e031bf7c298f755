//! A table of text cut into its rows, in bounded memory whatever stands in it.
//!
//! Only what decides where a row ends is looked at here: a line end inside a quoted cell does not end it. The cells are
//! cut on another thread, by [`cells`].

use std::borrow::Cow;
use std::io::{self, BufRead};

use super::Reason;
use super::peek::Reader;

/// Cuts a table into rows.
pub(super) struct Cutter {
    reader: Reader,
    delimiter: u8,
    /// The most bytes that a row may have.
    limit: usize,
    /// The line of the next row, from 1.
    line: u64,
    /// The first byte of the next row.
    offset: u64,
}

/// A row as it stands in the file, without its line end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// Its first line, from 1.
    pub(super) line: u64,
    /// Its first byte.
    pub(super) offset: u64,
    /// Its bytes, or why there are none.
    pub(super) bytes: Result<Vec<u8>, Reason>,
}

/// Where in a row the cutter is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// At the first byte of a cell.
    Start,
    /// In a cell without quotes.
    Plain,
    /// In a cell with quotes.
    Quoted,
    /// After a quote in a cell with quotes: its end, or the first of two that stand for one.
    Closing,
}

impl Cutter {
    /// The rows of what is left of `reader`, `offset` bytes into its file.
    pub(super) fn new(reader: Reader, delimiter: u8, offset: u64, limit: usize) -> Self {
        Self { reader, delimiter, limit, line: 1, offset }
    }

    /// The next row that is not blank. A row that cannot be used is passed over to its end.
    fn cut(&mut self) -> Option<Row> {
        loop {
            let (line, offset) = (self.line, self.offset);
            let mut bytes = Vec::new();
            let whole = self.read_row(&mut bytes);
            let size = self.offset - offset;
            let bytes = match whole {
                Err(error) => {
                    // What follows cannot be reached; an empty reader ends the table here.
                    self.reader = Box::new(io::empty());
                    Err(Reason::Unreadable(error.to_string()))
                }
                Ok(_) if size == 0 => return None,
                Ok(false) => Err(Reason::OpenQuote),
                Ok(true) if size > self.limit as u64 => Err(Reason::TooLong { limit: self.limit as u64 }),
                Ok(true) => {
                    let end = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
                    let length = end.strip_suffix(b"\r").unwrap_or(end).len();
                    bytes.truncate(length);
                    Ok(bytes)
                }
            };
            if !matches!(&bytes, Ok(bytes) if bytes.is_empty()) {
                return Some(Row { line, offset, bytes });
            }
        }
    }

    /// Reads a row with its end, keeping no more of it than the limit; gives whether its last quote was closed.
    fn read_row(&mut self, bytes: &mut Vec<u8>) -> io::Result<bool> {
        let mut state = State::Start;
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                return Ok(state != State::Quoted);
            }
            let end = scan(buffer, self.delimiter, &mut state);
            let used = end.map_or(buffer, |end| buffer.get(..end).unwrap_or(buffer));
            let room = self.limit.saturating_sub(bytes.len()).min(used.len());
            bytes.extend_from_slice(used.get(..room).unwrap_or(used));
            self.line += memchr::memchr_iter(b'\n', used).count() as u64;
            let used = used.len();
            self.offset += used as u64;
            self.reader.consume(used);
            if end.is_some() {
                return Ok(true);
            }
        }
    }
}

impl Iterator for Cutter {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        self.cut()
    }
}

/// Goes on through a row from `state`; gives where the next row begins, where this one ends in `buffer`.
///
/// A quote ends a quoted cell only where a delimiter or a line end follows, so that a stray quote inside of it does not
/// throw the rows after it out of step; [`cells`] refuses the row.
fn scan(buffer: &[u8], delimiter: u8, state: &mut State) -> Option<usize> {
    let mut at = 0;
    loop {
        let rest = buffer.get(at..)?;
        // The first byte that can change the state.
        let next = match state {
            State::Plain => memchr::memchr2(delimiter, b'\n', rest)?,
            State::Quoted => memchr::memchr(b'"', rest)?,
            State::Start | State::Closing => 0,
        };
        let byte = *rest.get(next)?;
        at += next + 1;
        *state = match (*state, byte) {
            (State::Quoted, _) => State::Closing,
            (State::Start | State::Closing, b'"') => State::Quoted,
            (_, b'\n') => return Some(at),
            (_, byte) if byte == delimiter => State::Start,
            (State::Closing, b'\r') => State::Closing,
            (State::Closing, _) => State::Quoted,
            (State::Start | State::Plain, _) => State::Plain,
        };
    }
}

/// The cells of a row, quotes taken off.
///
/// # Errors
/// Where something other than a delimiter follows the end of a quoted cell; no cell comes after that.
pub(super) fn cells(row: &str, delimiter: u8) -> Cells<'_> {
    Cells { rest: Some(row), delimiter }
}

/// The cells of a row.
pub(super) struct Cells<'r> {
    rest: Option<&'r str>,
    delimiter: u8,
}

impl<'r> Iterator for Cells<'r> {
    type Item = Result<Cow<'r, str>, Reason>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.rest.take()?;
        if let Some(quoted) = rest.strip_prefix('"') {
            return Some(self.quoted(quoted));
        }
        let Some(end) = memchr::memchr(self.delimiter, rest.as_bytes()) else { return Some(Ok(rest.into())) };
        self.rest = rest.get(end + 1..);
        Some(Ok(rest.get(..end).unwrap_or(rest).into()))
    }
}

impl<'r> Cells<'r> {
    /// The cell whose opening quote stands before `body`.
    fn quoted(&mut self, body: &'r str) -> Result<Cow<'r, str>, Reason> {
        let mut from = 0;
        loop {
            let rest = body.as_bytes().get(from..).unwrap_or_default();
            let end = from + memchr::memchr(b'"', rest).ok_or(Reason::OpenQuote)?;
            match body.as_bytes().get(end + 1) {
                Some(b'"') => from = end + 2,
                Some(byte) if *byte != self.delimiter => return Err(Reason::BrokenQuote),
                after => {
                    self.rest = after.and_then(|_| body.get(end + 2..));
                    let cell = body.get(..end).unwrap_or(body);
                    return Ok(if from == 0 { cell.into() } else { cell.replace("\"\"", "\"").into() });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Rows = Vec<(u64, u64, Result<String, &'static str>)>;

    /// The rows of a table that comes in pieces of `piece` bytes.
    fn rows(text: &[u8], limit: usize, piece: usize) -> Rows {
        let reader = io::BufReader::with_capacity(piece, io::Cursor::new(text.to_vec()));
        let cutter = Cutter::new(Box::new(reader), b',', 0, limit);
        let told = |row: Row| match row.bytes {
            Ok(bytes) => (row.line, row.offset, Ok(String::from_utf8(bytes).unwrap())),
            Err(reason) => (row.line, row.offset, Err(reason.name())),
        };
        cutter.map(told).collect()
    }

    #[test]
    fn rows_end_where_no_quote_is_open() {
        let row = |line, offset, text: &str| (line, offset, Ok(text.to_owned()));
        let cases: &[(&str, Rows)] = &[
            ("", vec![]),
            ("\n\r\n", vec![]),
            ("a,b\nc", vec![row(1, 0, "a,b"), row(2, 4, "c")]),
            ("a\r\n\r\nb\r\n", vec![row(1, 0, "a"), row(3, 5, "b")]),
            ("\"a\nb\",c\nd\n", vec![row(1, 0, "\"a\nb\",c"), row(3, 8, "d")]),
            ("\"a\"\"\n\",c\r\nd\n", vec![row(1, 0, "\"a\"\"\n\",c"), row(3, 10, "d")]),
            (
                "\"\"\nx,\"\"\r\n\"\"\"\"\n",
                vec![row(1, 0, "\"\""), row(2, 3, "x,\"\""), row(3, 9, "\"\"\"\"")],
            ),
            // A quote inside a cell without quotes is a letter.
            ("5\" disc,x\ny", vec![row(1, 0, "5\" disc,x"), row(2, 10, "y")]),
            // A quote that is not doubled does not end its cell.
            ("\"a \"b\" c\n\",d\ne", vec![row(1, 0, "\"a \"b\" c\n\",d"), row(3, 13, "e")]),
            ("a\nb,\"c\nd\ne", vec![row(1, 0, "a"), (2, 2, Err("broken_quote"))]),
            (",,\n\n", vec![row(1, 0, ",,")]),
        ];
        for (text, expected) in cases {
            for piece in [1, 2, 3, 100] {
                assert_eq!(&rows(text.as_bytes(), 100, piece), expected, "{text:?} by {piece}");
            }
        }
    }

    #[test]
    fn a_long_row_is_passed_over_in_bounded_memory() {
        let text = format!("a\n\"{}\"\nb\n\"{}", "x\n".repeat(50_000), "y\n".repeat(50_000));
        let expected = [
            (1, 0, Ok("a".to_owned())),
            (2, 2, Err("too_long")),
            (50_003, 100_005, Ok("b".to_owned())),
            (50_004, 100_007, Err("broken_quote")),
        ];
        assert_eq!(rows(text.as_bytes(), 1000, 64), expected);
        let mut cutter = Cutter::new(Box::new(io::Cursor::new(text.into_bytes())), b',', 0, 1000);
        let mut bytes = Vec::new();
        cutter.read_row(&mut bytes).unwrap();
        bytes.clear();
        cutter.read_row(&mut bytes).unwrap();
        assert_eq!(bytes.len(), 1000);
    }

    #[test]
    fn cells_are_taken_out_of_their_quotes() {
        let cases: &[(&str, Result<&[&str], Reason>)] = &[
            ("", Ok(&[""])),
            ("a,b", Ok(&["a", "b"])),
            (",", Ok(&["", ""])),
            ("\"a,b\",c", Ok(&["a,b", "c"])),
            ("\"\",\"\"\"\"", Ok(&["", "\""])),
            ("\"a\"\"b\"\"\"", Ok(&["a\"b\""])),
            ("5\" disc,ä", Ok(&["5\" disc", "ä"])),
            ("\"a\" b,c", Err(Reason::BrokenQuote)),
            ("a,\"b", Err(Reason::OpenQuote)),
            ("\"ä\",\"–\n\"", Ok(&["ä", "–\n"])),
        ];
        for (row, expected) in cases {
            let found: Result<Vec<_>, Reason> = cells(row, b',').collect();
            let expected = expected.clone().map(|cells| cells.iter().map(|&cell| Cow::from(cell)).collect());
            assert_eq!(found, expected, "{row}");
        }
    }
}
