//! Tables whose columns stand under one another: rows that a level opens, under a line of headings.
//!
//! ```text
//!            Canal         Foramen (R)     Foramen (L)
//! L3-L4      no stenosis   mild            moderate stenosis
//! ```
//!
//! What parts cells is blank space of two characters or more in the note, or the place where a heading starts. Each cell
//! stands under a heading of its own.

use smallvec::SmallVec;

use super::lines::{opens_with_level, trimmed};
use crate::text::{FoldSpan, Folded};

/// A cell, and the column of the note at which it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Placed {
    words: FoldSpan,
    column: u32,
}

/// The cells of a line.
type Line = SmallVec<[Placed; 12]>;

/// The headings of the table that is being read; none where no table is.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    headers: Line,
}

/// A row: the cell that names the level, and the others with the headings that they stand under.
pub(super) struct AlignedRow {
    pub(super) level: FoldSpan,
    pub(super) cells: SmallVec<[(FoldSpan, FoldSpan); 12]>,
}

impl Columns {
    /// Reads the line `start..end` as a row; `None` where it is none, which ends a table.
    pub(super) fn row(&mut self, folded: &Folded<'_>, start: usize, end: usize) -> Option<AlignedRow> {
        if !opens_with_level(folded.bytes(), start) {
            self.headers.clear();
            return None;
        }
        let row = self.read(folded, start, end);
        if row.is_none() {
            self.headers.clear();
        }
        row
    }

    /// Reads a line that a level opens.
    fn read(&mut self, folded: &Folded<'_>, start: usize, end: usize) -> Option<AlignedRow> {
        let line = FoldSpan::new(start as u32, trimmed(folded.bytes(), end).len() as u32);
        let cells = placed(folded, line, &[]);
        if cells.len() < 3 {
            return self.slashed(folded, start, line);
        }
        if self.headers.is_empty() {
            self.headers = headers(folded, start)?;
        }
        let mut cells = placed(folded, line, &self.headers).into_iter();
        let level = cells.next()?.words;
        let mut headers = self.headers.iter();
        // Prose has wide blanks, too, after full stops: they stand under nothing.
        let mut under = |cell: Placed| {
            let header = headers.find(|header| header.column.abs_diff(cell.column) <= 1)?;
            Some((cell.words, header.words))
        };
        Some(AlignedRow { level, cells: cells.map(&mut under).collect::<Option<_>>()? })
    }

    /// Reads a line whose cells are parted by slashes with blanks around them, as many as there are headings above it.
    fn slashed(&mut self, folded: &Folded<'_>, start: usize, line: FoldSpan) -> Option<AlignedRow> {
        if !folded.bytes().get(line.range())?.contains(&b'/') {
            return None;
        }
        let mut cells = by_slash(folded, line);
        if cells.len() < 3 {
            return None;
        }
        if self.headers.is_empty() {
            let above = line_above(folded, start);
            self.headers = by_slash(folded, above);
            self.headers.truncate(if opens_with_level(folded.bytes(), above.start as usize) {
                0
            } else {
                12
            });
        }
        if self.headers.len() != cells.len() {
            return None;
        }
        let level = cells.remove(0).words;
        let headers = self.headers.iter().skip(1).map(|header| header.words);
        Some(AlignedRow { level, cells: cells.iter().map(|cell| cell.words).zip(headers).collect() })
    }
}

/// The cells of a line that slashes part, blanks on both sides of each.
fn by_slash(folded: &Folded<'_>, line: FoldSpan) -> Line {
    let text = folded.bytes().get(line.range()).unwrap_or_default();
    let mut cells = Line::new();
    let mut from = 0;
    let mut push = |from: usize, to: usize| {
        let words = FoldSpan::new(line.start + from as u32, line.start + to as u32);
        cells.push(Placed { words, column: 0 });
    };
    for (at, _) in text.windows(3).enumerate().filter(|(_, letters)| *letters == b" / ") {
        push(from, at.max(from));
        from = at + 3;
    }
    push(from, text.len().max(from));
    cells
}

/// The line above the one at `start`.
fn line_above(folded: &Folded<'_>, start: usize) -> FoldSpan {
    let breaks = folded.breaks();
    let above = breaks.partition_point(|b| (b.next as usize) < start);
    let from = above.checked_sub(1).and_then(|i| breaks.get(i)).map_or(0, |b| b.next);
    FoldSpan::new(from, trimmed(folded.bytes(), start).len() as u32)
}

/// The headings above the line at `start`: two or more cells, the first of which names no level.
fn headers(folded: &Folded<'_>, start: usize) -> Option<Line> {
    let line = line_above(folded, start);
    let headers = placed(folded, line, &[]);
    let is_table = headers.len() > 1 && !opens_with_level(folded.bytes(), line.start as usize);
    is_table.then_some(headers)
}

/// The cells of a line: parted by wide blanks, and where a heading starts.
fn placed(folded: &Folded<'_>, line: FoldSpan, headers: &[Placed]) -> Line {
    let breaks = folded.breaks();
    let own = breaks.partition_point(|b| b.next <= line.start).checked_sub(1).and_then(|i| breaks.get(i));
    let indent = own.filter(|b| b.next == line.start).map_or(0, |b| u32::from(b.indent));
    let first = folded.note_offset(line.start);
    let column = |at: u32| folded.note_offset(at) - first + indent;
    let mut cells = Line::new();
    let mut from = line.start;
    let text = folded.bytes().get(line.range()).unwrap_or_default();
    for (at, _) in (line.start..).zip(text).filter(|(_, byte)| **byte == b' ') {
        let next = column(at + 1);
        if next - column(at) > 1 || headers.iter().any(|header| header.column == next) {
            cells.push(Placed { words: FoldSpan::new(from, at), column: column(from) });
            from = at + 1;
        }
    }
    if from < line.end {
        cells.push(Placed { words: FoldSpan::new(from, line.end), column: column(from) });
    }
    cells
}
