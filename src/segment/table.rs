//! Tables written with pipes: a row is a line, a cell a sentence under its column's heading.

use smallvec::SmallVec;

use super::lines::trimmed;
use crate::text::FoldSpan;

/// The columns' headings of the table that is being read.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    headers: SmallVec<[FoldSpan; 12]>,
    is_open: bool,
}

/// What a line with pipes is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Row {
    /// The columns' headings.
    Headers,
    /// Only dashes.
    Rule,
    /// Cells with words.
    Cells,
}

impl Table {
    /// Whether the line before was a row.
    pub(super) const fn is_open(&self) -> bool {
        self.is_open
    }

    /// A line without pipes ends the table.
    pub(super) fn close(&mut self) {
        self.is_open = false;
        self.headers.clear();
    }

    /// Takes the row at `line`. The first row holds the headings if `rule_follows`, or if its first cell names
    /// no level.
    pub(super) fn row(&mut self, text: &[u8], line: FoldSpan, rule_follows: bool) -> Row {
        let bytes = &text[line.range()];
        if bytes.iter().all(|b| matches!(b, b'|' | b'-' | b':' | b'+' | b'=' | b' ')) {
            return Row::Rule;
        }
        let is_first = !std::mem::replace(&mut self.is_open, true);
        let names_level =
            cells(text, line).next().is_some_and(|c| text[c.range()].iter().any(u8::is_ascii_digit));
        if is_first && (rule_follows || !names_level) {
            self.headers.extend(cells(text, line));
            return Row::Headers;
        }
        Row::Cells
    }

    /// The heading of a column; empty where there is none.
    pub(super) fn header(&self, column: usize) -> FoldSpan {
        self.headers.get(column).copied().unwrap_or_default()
    }
}

/// The cells of a row, trimmed; empty ones too, so that columns count right.
pub(super) fn cells(text: &[u8], line: FoldSpan) -> impl Iterator<Item = FoldSpan> + '_ {
    let bytes = &text[line.range()];
    let opened = usize::from(bytes.first() == Some(&b'|'));
    let closed = bytes.len() - usize::from(bytes.len() > opened && bytes.last() == Some(&b'|'));
    let mut at = line.start + opened as u32;
    bytes[opened..closed].split(|&b| b == b'|').map(move |cell| {
        let start = at + cell.iter().take_while(|&&b| b == b' ').count().min(cell.len()) as u32;
        let end = trimmed(text, at as usize + cell.len()).len() as u32;
        at += cell.len() as u32 + 1;
        FoldSpan::new(start, end.max(start))
    })
}

/// Whether the pipe at `at` parts cells: blanks or rules stand on both sides of it, or the line that starts at
/// `start` is framed by pipes.
pub(super) fn parts_cells(text: &[u8], at: usize, line: FoldSpan) -> bool {
    let blank = |b: Option<&u8>| b.is_none_or(|b| matches!(b, b' ' | b'|' | b'-'));
    let before = at.checked_sub(1).and_then(|i| text.get(i));
    let framed = || {
        let words = trimmed(text, line.end as usize).get(line.start as usize..).unwrap_or_default();
        at == line.start as usize && words.len() > 2 && words.ends_with(b"|")
    };
    blank(before) && blank(text.get(at + 1)) || framed()
}
