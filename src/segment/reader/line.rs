//! What is met within a line: ends of sentences, list marks, headings, the cells of a table.

use super::Reader;
use crate::lexicon::{Concept, Word};
use crate::segment::Cell;
use crate::segment::columns::AlignedRow;
use crate::segment::heading::{self, Position};
use crate::segment::lines::{ListMark, list_mark, trimmed};
use crate::segment::stops::{Case, ascii_word_at, ends_sentence};
use crate::segment::table::{Row, cells, parts_cells};
use crate::text::FoldSpan;

impl Reader<'_, '_> {
    /// Reads the line `start..end` from `at` on.
    pub(super) fn line(&mut self, start: usize, mut at: usize, end: usize) {
        if let Some(row) = self.columns.row(self.folded, start, end) {
            self.aligned_row(&row);
            return;
        }
        let mut in_table = false;
        while at < end {
            let limit = self.next_mark(at).min(end);
            let event = self.events.at_or_after(at);
            let stop = event.min(limit);
            if self.open.is_none() {
                self.open = self.text[at..stop].iter().position(|&b| starts_words(b)).map(|i| at + i);
            }
            at = if stop == end {
                end
            } else if event >= limit {
                self.at_mark(limit, end)
            } else if self.text[event] != b'|' {
                self.event(event, end)
            } else if parts_cells(self.text, event, FoldSpan::new(start as u32, end as u32)) {
                in_table = true;
                self.row(start, end);
                end
            } else {
                event + 1
            };
        }
        if !in_table {
            self.table.close();
        }
    }

    /// Reads a row of a table whose columns stand under one another.
    fn aligned_row(&mut self, row: &AlignedRow) {
        self.cut(row.level.start as usize);
        self.new_line();
        self.push(row.level, Some(Cell { header: FoldSpan::default(), row: row.level }));
        for &(words, header) in &row.cells {
            self.push(words, Some(Cell { header, row: row.level }));
        }
    }

    /// Reads the table row at `start..end`, with all that was read of the line taken back.
    fn row(&mut self, start: usize, end: usize) {
        if self.open.is_some_and(|open| open < start) {
            self.cut(start);
        }
        self.open = None;
        while self.layout.sentences.last().is_some_and(|s| s.span.start as usize >= start) {
            self.layout.sentences.pop();
        }
        // A heading at the line's start is no cell, and a sentence that a broken word brought here from the line before
        // keeps its words.
        let body = self.layout.sections.last().map_or(0, |section| section.body.start);
        let start = self.layout.sentences.last().map_or(0, |s| s.span.end).max(start as u32).max(body);
        let line = FoldSpan::new(start, trimmed(self.text, end).len() as u32);
        let next = &self.text[end..];
        let rule = next.iter().take_while(|b| matches!(b, b'|' | b'-' | b':' | b'+' | b'=' | b' ')).count();
        self.new_line();
        match self.table.row(self.text, line, rule > 2) {
            Row::Rule => {}
            Row::Headers => self.push(line, None),
            Row::Cells => {
                // Every cell is read with both.
                let Some(row) = cells(self.text, line).next().map(|row| self.first_part(row)) else { return };
                for (column, span) in cells(self.text, line).enumerate() {
                    if !span.is_empty() {
                        let header = self.first_part(self.table.header(column));
                        self.push(span, Some(Cell { header, row }));
                    }
                }
            }
        }
    }

    /// Where the next mark at `at` or behind it starts.
    pub(super) fn next_mark(&mut self, at: usize) -> usize {
        while self.marks.get(self.mark).is_some_and(|m| (m.span.start as usize) < at) {
            self.mark += 1;
        }
        self.marks.get(self.mark).map_or(usize::MAX, |m| m.span.start as usize)
    }

    /// Reads the byte at `at`, one of [`super::Events`]; gives where reading goes on.
    fn event(&mut self, at: usize, end: usize) -> usize {
        let text = self.text;
        match text[at] {
            b'.' | b')' if self.inline_item(at, end) => self.skip_marks(at + 1, end),
            b'.' | b'!' | b'?' => {
                if self.open.is_some() && ends_sentence(self.folded, at) {
                    let close = at
                        + 1
                        + self.text[at + 1..end]
                            .iter()
                            .take_while(|&&b| b != b' ' && !b.is_ascii_alphanumeric())
                            .count();
                    self.cut(close);
                    return self.skip_marks(close, end);
                }
                if self.open.is_none() && self.text[at] != b'.' {
                    self.open = Some(at);
                }
                at + 1
            }
            b'/' if self.text.get(at + 1) == Some(&b'/') && at > 0 && self.text[at - 1] != b':' => {
                self.cut(at);
                self.new_line();
                let slashes = self.text[at..end].iter().take_while(|&&b| b == b'/').count();
                self.skip_marks(at + slashes, end)
            }
            b'*' if at > 0 && self.text[at - 1] == b' ' && self.text.get(at + 1) == Some(&b' ') => {
                let number = |b: Option<&u8>| b.is_some_and(u8::is_ascii_digit);
                if !(at > 1 && number(self.text.get(at - 2)) && number(self.text.get(at + 2))) {
                    self.cut(at);
                    self.new_line();
                }
                at + 1
            }
            _ => at + 1,
        }
    }

    /// Whether the dot or bracket at `at` closes the number of a list item that starts within a line. If so,
    /// what came before it is cut off.
    fn inline_item(&mut self, at: usize, end: usize) -> bool {
        let digits = self.text[..at].iter().rev().take(3).take_while(|b| b.is_ascii_digit()).count();
        let start = at - digits;
        let spaced = start == 0 || matches!(self.text[start - 1], b' ' | b':' | b'[');
        if !(1..=2).contains(&digits) || !spaced || self.text.get(at + 1) != Some(&b' ') {
            return false;
        }
        let number = self.text[start..at].iter().fold(0, |n, b| n * 10 + u32::from(b - b'0'));
        let opens = self.open == Some(start);
        let next_is_word = self.text.get(at + 2).is_some_and(|b| b.is_ascii_alphabetic() || *b == b'[');
        if at + 2 >= end || !(opens || self.item > 0 && number == self.item + 1 && next_is_word) {
            return false;
        }
        if !opens {
            self.cut(start);
        }
        self.open = None;
        if number == 1 || number == self.item + 1 {
            self.item = number;
        }
        self.new_line();
        true
    }

    /// Reads the mark at `at`, a heading phrase or a stop said aloud; gives where reading goes on.
    fn at_mark(&mut self, at: usize, end: usize) -> usize {
        let mark = self.marks[self.mark];
        if matches!(mark.concept, Concept::Word(Word::Stop)) {
            self.mark += 1;
            let after = mark.span.end as usize;
            if self.open.is_some_and(|open| open < at) && self.is_said_stop(mark.span, end) {
                self.cut(at);
                return self.skip_marks(after, end);
            }
            return after;
        }
        let place = if self.open.is_none() || self.open == Some(at) {
            Position::SentenceStart
        } else {
            Position::Inside
        };
        let here = self.marks[self.mark..].iter().take_while(|m| m.span.start as usize == at);
        let next = self.mark + here.clone().count();
        let may_head = here.into_iter().any(|m| heading::may_head_within(self.text, m.span.end as usize));
        if let Some(heading) = if may_head { self.known_heading(at, end, place) } else { None } {
            self.cut(at);
            self.enter(heading, at);
            return self.skip_marks(heading.body, end);
        }
        // None of the phrases that start here is a heading.
        self.mark = next;
        at
    }

    /// Whether "period" and the like are said for a full stop: a new sentence or the line's end follows.
    fn is_said_stop(&self, span: FoldSpan, line_end: usize) -> bool {
        let after = span.end as usize;
        if span.start == 0 || self.text[span.start as usize - 1] != b' ' {
            return false;
        }
        match self.text.get(after..line_end).unwrap_or_default() {
            [] | [b' '] => true,
            [b' ', ..] => matches!(Case::at(self.folded, after + 1), Case::Title | Case::Upper),
            _ => false,
        }
    }

    /// Past blanks, brackets and list marks before the words of a sentence.
    pub(super) fn skip_marks(&mut self, at: usize, end: usize) -> usize {
        let rest = self.text.get(at..end).unwrap_or_default();
        let at = at + ornaments(rest);
        let line = self.text.get(at..end).unwrap_or_default();
        let may_be_mark = !starts_with_letters(line) && ascii_word_at(line, 0).len() <= 2;
        let mark = if may_be_mark { list_mark(line) } else { None };
        match mark.filter(|m| m.width < line.len()) {
            Some(ListMark { width, number }) => {
                if number.is_some_and(|n| n == 1 || n == self.item + 1) {
                    self.item = number.unwrap_or_default();
                }
                self.new_line();
                at + width
            }
            None => at,
        }
    }
}

/// Whether a sentence may start with this byte.
fn starts_words(b: u8) -> bool {
    b.is_ascii_alphanumeric()
        || b >= 0x80
        || matches!(b, b'(' | b'<' | b'>' | b'"' | b'\'' | b'=' | b'+' | b'#' | b'[')
}

/// How many bytes of blanks, brackets and emphasis stand before the words of a line. The bracket of a box to tick
/// is one of its words.
pub(super) fn ornaments(line: &[u8]) -> usize {
    let is_ornament = |i: usize, b: u8| match b {
        b'[' => !matches!(line.get(i + 1..), Some([b'x' | b' ', b']', ..] | [b']', ..])),
        _ => matches!(b, b' ' | b'*' | b'_' | b'{' | b']' | b'}'),
    };
    line.iter().enumerate().take_while(|&(i, &b)| is_ornament(i, b)).count()
}

/// Whether a line starts with a word of three letters or more: no list mark does.
pub(super) fn starts_with_letters(line: &[u8]) -> bool {
    line.len() >= 3 && line[..3].iter().all(u8::is_ascii_alphabetic)
}
