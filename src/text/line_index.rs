//! From byte offsets to lines and columns, which people speak.
//!
//! ```
//! use foramen::text::LineIndex;
//! let index = LineIndex::new("ab\ncé d");
//! let place = index.line_column(7);
//! assert_eq!((place.line, place.column), (2, 4));
//! ```

/// A place for a person: both count from 1, columns in code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// The line.
    pub line: u32,
    /// The code point within the line.
    pub column: u32,
}

/// The line starts of a text.
#[derive(Clone, Debug)]
pub struct LineIndex<'t> {
    text: &'t str,
    starts: Vec<u32>,
}

impl<'t> LineIndex<'t> {
    /// Reads the lines of `text`.
    pub fn new(text: &'t str) -> Self {
        let ends = text.bytes().enumerate().filter(|&(_, b)| b == b'\n').map(|(i, _)| i as u32 + 1);
        Self { text, starts: std::iter::once(0).chain(ends).collect() }
    }

    /// Line and column of a byte offset; offsets past the end count as the end.
    pub fn line_column(&self, offset: u32) -> LineColumn {
        let line = self.starts.partition_point(|&start| start <= offset);
        let start = self.starts[line - 1] as usize;
        let end = (offset as usize).min(self.text.len());
        let column = self.text.get(start..end).map_or(0, |t| t.chars().count());
        LineColumn { line: line as u32, column: column as u32 + 1 }
    }

    /// The byte at which a line counted from 1 starts; the end of the text for lines that it does not have.
    pub fn start(&self, line: u32) -> u32 {
        let start = line.checked_sub(1).and_then(|i| self.starts.get(i as usize));
        start.copied().unwrap_or(self.text.len() as u32)
    }

    /// The text of a line counted from 1, without its line end.
    pub fn line(&self, line: u32) -> &'t str {
        let Some(&start) = line.checked_sub(1).and_then(|i| self.starts.get(i as usize)) else { return "" };
        let end = self.starts.get(line as usize).map_or(self.text.len(), |&e| e as usize);
        self.text[start as usize..end].trim_end_matches(['\n', '\r'])
    }
}
