//! The lines of a file as records, in bounded memory whatever the length of a line.

use std::io::{self, BufRead, Read};
use std::sync::Arc;

use super::record::{Layout, MAX_RECORD};
use super::{Place, Reason, Record, Reject};

/// The records of a file that has one on each line.
pub(super) struct Lines {
    reader: Box<dyn BufRead + Send>,
    file: Arc<str>,
    name: Arc<str>,
    layout: Layout,
    line: u64,
    offset: u64,
    limit: u64,
}

impl Lines {
    /// The records of what is left of `reader`, `place.offset` bytes into its file, each of this layout; `name`
    /// starts the ids of those that have none.
    pub(super) fn new(
        reader: Box<dyn BufRead + Send>,
        place: &Place,
        name: Arc<str>,
        layout: Layout,
    ) -> Self {
        let offset = place.offset.unwrap_or_default();
        Self { reader, file: place.file.clone(), name, layout, line: 0, offset, limit: MAX_RECORD }
    }

    /// Reads a line with its end, at most one byte beyond the limit; gives how many bytes it has in all.
    fn read_line(&mut self, bytes: &mut Vec<u8>) -> io::Result<u64> {
        let mut total = (&mut self.reader).take(self.limit + 1).read_until(b'\n', bytes)? as u64;
        let mut over = total > self.limit && bytes.last() != Some(&b'\n');
        while over {
            let buffer = self.reader.fill_buf()?;
            let end = memchr::memchr(b'\n', buffer);
            let used = end.map_or(buffer.len(), |i| i + 1);
            over = end.is_none() && used > 0;
            self.reader.consume(used);
            total += used as u64;
        }
        Ok(total)
    }
}

impl Iterator for Lines {
    type Item = Result<Record, Reject>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let mut bytes = Vec::new();
            let read = self.read_line(&mut bytes);
            self.line += 1;
            let place = Place { file: self.file.clone(), record: Some(self.line), offset: Some(self.offset) };
            let total = match read {
                Ok(0) => return None,
                Ok(total) => total,
                Err(error) => {
                    // What follows cannot be reached; an empty reader ends the file here.
                    self.reader = Box::new(io::empty());
                    return Some(Err(Reject { place, reason: Reason::Unreadable(error.to_string()) }));
                }
            };
            self.offset += total;
            if total > self.limit {
                return Some(Err(Reject { place, reason: Reason::TooLong { limit: self.limit } }));
            }
            if !bytes.trim_ascii().is_empty() {
                let (name, layout) = (self.name.clone(), self.layout.clone());
                return Some(Ok(Record { place, name, layout, bytes }));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &'static str, limit: u64) -> Vec<(u64, u64, Result<usize, &'static str>)> {
        let place = Place { file: "f".into(), record: None, offset: None };
        let mut lines = Lines::new(Box::new(text.as_bytes()), &place, "f".into(), Layout::Text);
        lines.limit = limit;
        lines
            .map(|item| {
                let (place, what) = match item {
                    Ok(record) => (record.place.clone(), Ok(record.size())),
                    Err(reject) => (reject.place, Err(reject.reason.name())),
                };
                (place.record.unwrap(), place.offset.unwrap(), what)
            })
            .collect()
    }

    #[test]
    fn lines_know_their_place() {
        assert_eq!(places("{}\n\n \r\n{1}\r\n{22}", 100), [(1, 0, Ok(3)), (4, 7, Ok(5)), (5, 12, Ok(4))]);
        assert_eq!(places("", 100), []);
    }

    #[test]
    fn a_long_line_is_one_reject_and_the_next_goes_on() {
        let expected = [(1, 0, Ok(3)), (2, 3, Err("too_long")), (3, 13, Ok(2))];
        assert_eq!(places("ab\n123456789\nx\n", 5), expected);
        assert_eq!(places("123456789", 5), [(1, 0, Err("too_long"))]);
    }
}
