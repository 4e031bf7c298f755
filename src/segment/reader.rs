//! The pass over the note that cuts sections and sentences.

use super::columns::{AlignedRow, Columns};
use super::heading::{self, Heading, Place};
use super::lines::{self, Block, ListMark, list_mark, parted, trimmed};
use super::stops::{Case, ends_sentence, word_at};
use super::table::{Row, Table, cells, parts_cells};
use super::{Cell, Layout, Section, Sentence};
use crate::lexicon::{Concept, Word};
use crate::model::{Mention, SectionKind};
use crate::text::{FoldSpan, Folded};

/// Bytes that may end a sentence or start a list item.
const EVENTS: [bool; 256] = {
    let mut events = [false; 256];
    let bytes = b".!?|/*)";
    let mut i = 0;
    while i < bytes.len() {
        events[bytes[i] as usize] = true;
        i += 1;
    }
    events
};

pub(super) struct Reader<'f, 'n> {
    folded: &'f Folded<'n>,
    text: &'f [u8],
    marks: &'f [Mention<Concept>],
    /// Index of the next mark.
    mark: usize,
    layout: Layout,
    /// Where the sentence being read starts; `None` before its first word.
    open: Option<usize>,
    line: u32,
    starts_line: bool,
    /// The number of the list item being read.
    item: u32,
    table: Table,
    columns: Columns,
    /// What a key to grades interrupts: an empty line ends it.
    before_key: SectionKind,
}

impl<'f, 'n> Reader<'f, 'n> {
    pub(super) fn new(folded: &'f Folded<'n>, marks: &'f [Mention<Concept>]) -> Self {
        // Prose has a sentence every eighty bytes.
        let sentences = Vec::with_capacity(folded.bytes().len() / 64 + 4);
        let mut layout = Layout { sections: Vec::new(), sentences };
        layout.sections.push(Section {
            kind: SectionKind::Unknown,
            heading: FoldSpan::default(),
            body: FoldSpan::default(),
        });
        Self {
            folded,
            text: folded.bytes(),
            marks,
            mark: 0,
            layout,
            open: None,
            line: 0,
            starts_line: true,
            item: 0,
            table: Table::default(),
            columns: Columns::default(),
            before_key: SectionKind::Unknown,
        }
    }

    /// A reader that goes on after what was read, before a line that opens a section.
    pub(super) fn after(folded: &'f Folded<'n>, marks: &'f [Mention<Concept>], read: Layout) -> Self {
        let line = read.sentences.last().map_or(0, |sentence| sentence.line + 1);
        Self { line, layout: read, ..Self::new(folded, marks) }
    }

    pub(super) fn read(self) -> Layout {
        self.read_until(0, |_, _| false)
    }

    /// Reads the lines from one on, until `is_read` has seen to the rest.
    pub(super) fn read_until(
        mut self,
        first: usize,
        mut is_read: impl FnMut(&mut Self, usize) -> bool,
    ) -> Layout {
        let breaks = self.folded.breaks();
        let mut block = Block::default();
        let mut start = first.checked_sub(1).and_then(|i| breaks.get(i)).map_or(0, |b| b.next as usize);
        for index in first..=breaks.len() {
            if is_read(&mut self, index) {
                return self.layout;
            }
            let end = breaks.get(index).map_or(self.text.len(), |b| (b.next as usize).min(self.text.len()));
            let before = index.checked_sub(1).and_then(|i| breaks.get(i));
            if let Some(b) = before {
                if index > block.end || block.end == 0 {
                    block = Block::read(self.folded, index - 1);
                }
                let previous =
                    index.checked_sub(2).and_then(|i| breaks.get(i)).map_or(0, |b| b.next as usize);
                let continues = !self.table.is_open() && lines::continues(self.folded, *b, previous, block);
                if b.blank_line && self.kind() == SectionKind::Key && !continues {
                    self.cut(start);
                    self.open_section(self.before_key, FoldSpan::new(start as u32, start as u32), start);
                }
                let at = if b.joined { start } else { self.line_start(start, end, continues) };
                self.line(start, at, end);
            } else {
                let at = self.line_start(start, end, false);
                self.line(start, at, end);
            }
            start = end;
        }
        self.close(self.text.len());
        self.layout
    }

    pub(super) const fn folded(&self) -> &'f Folded<'n> {
        self.folded
    }

    /// What was read, to be added to, and the number of the next line.
    pub(super) const fn layout_mut(&mut self) -> (&mut Layout, u32) {
        (&mut self.layout, self.line + 1)
    }

    /// Ends the sentence and the section being read.
    pub(super) fn close(&mut self, end: usize) {
        self.cut(end);
        self.close_section(end);
    }

    /// The kind of the section being read.
    pub(super) fn kind(&self) -> SectionKind {
        self.layout.sections.last().map_or(SectionKind::Unknown, |s| s.kind)
    }

    /// Judges the start of a line: list mark, heading, new line or the old one going on. Gives where reading
    /// goes on.
    fn line_start(&mut self, start: usize, end: usize, continues: bool) -> usize {
        let line = &self.text[start..end];
        let mark =
            if starts_with_letters(line) { None } else { list_mark(line, Case::at(self.folded, start)) };
        let after_dash = start > 1 && self.text[start - 2] == b'-' && self.text[start - 1] == b' ';
        let mark = mark.filter(|_| !(continues && after_dash));
        let at = start + mark.map_or(0, |m| m.width);
        let at = at + ornaments(&self.text[at..end]);
        let ended = !continues || mark.is_some() || self.open.is_none();
        let place = if ended { Place::LineStart } else { Place::LineStartInside };
        let heading = self.known_heading(at, end, place).or_else(|| {
            (ended && self.takes_other_headings()).then(|| heading::unknown(self.folded, at, end)).flatten()
        });
        if let Some(heading) = heading {
            self.cut(start);
            self.enter(heading, start);
            return self.skip_marks(heading.body, end);
        }
        if mark.is_some() || !continues {
            self.cut(start);
            self.new_line();
            self.item = mark.and_then(|m| m.number).unwrap_or(if mark.is_some() { 0 } else { self.item });
            return at;
        }
        start
    }

    /// Whether words in capitals before a colon open a section here. Where a study or an examination is told,
    /// they head statements.
    fn takes_other_headings(&self) -> bool {
        use SectionKind as K;
        !matches!(
            self.kind(),
            K::Unknown
                | K::Findings
                | K::Exam
                | K::ReviewOfSystems
                | K::Imaging
                | K::Impression
                | K::Plan
                | K::Other
        )
    }

    /// The longest heading phrase at `at` that is a heading there.
    fn known_heading(&mut self, at: usize, line_end: usize, place: Place) -> Option<Heading> {
        while self.marks.get(self.mark).is_some_and(|m| (m.span.start as usize) < at) {
            self.mark += 1;
        }
        let here = self.marks[self.mark..].iter().take_while(|m| m.span.start as usize == at);
        here.filter_map(|m| heading::known(self.folded, m, place, line_end)).max_by_key(|h| h.words.end)
    }

    /// Opens the section of a heading whose line or mark starts at `start`.
    fn enter(&mut self, heading: Heading, start: usize) {
        if heading.kind == SectionKind::Key && self.kind() != SectionKind::Key {
            self.before_key = self.kind();
        }
        self.open_section(heading.kind, heading.words, start);
        if let Some(section) = self.layout.sections.last_mut() {
            section.body.start = heading.body as u32;
        }
        self.item = 0;
        self.new_line();
    }

    fn open_section(&mut self, kind: SectionKind, heading: FoldSpan, start: usize) {
        self.close_section(start);
        let body = FoldSpan::new(start as u32, start as u32);
        self.layout.sections.push(Section { kind, heading, body });
    }

    /// Ends the section being read; one that nothing stands in is no section.
    fn close_section(&mut self, end: usize) {
        if let Some(section) = self.layout.sections.last_mut() {
            section.body.end = (end as u32).max(section.body.start);
            if section.heading.is_empty() && section.body.is_empty() {
                self.layout.sections.pop();
            }
        }
    }

    fn new_line(&mut self) {
        self.line += 1;
        self.starts_line = true;
    }

    /// Reads the line `start..end` from `at` on.
    fn line(&mut self, start: usize, mut at: usize, end: usize) {
        if let Some(row) = self.columns.row(self.folded, start, end) {
            self.aligned_row(&row);
            return;
        }
        let mut in_table = false;
        while at < end {
            let limit = self.next_mark(at).min(end);
            let run = self.text[at..limit].iter().position(|&b| EVENTS[b as usize]);
            if self.open.is_none() {
                let stop = run.map_or(limit, |r| at + r);
                self.open = self.text[at..stop].iter().position(|&b| starts_words(b)).map(|i| at + i);
            }
            at = match run {
                Some(run) if self.text[at + run] == b'|' => {
                    if parts_cells(self.text, at + run, FoldSpan::new(start as u32, end as u32)) {
                        in_table = true;
                        self.row(start, end);
                        end
                    } else {
                        at + run + 1
                    }
                }
                Some(run) => self.event(at + run, end),
                None if limit < end => self.at_mark(limit, end),
                None => end,
            };
        }
        if !in_table {
            self.table.close();
        }
    }

    fn next_mark(&mut self, at: usize) -> usize {
        while self.marks.get(self.mark).is_some_and(|m| (m.span.start as usize) < at) {
            self.mark += 1;
        }
        self.marks.get(self.mark).map_or(usize::MAX, |m| m.span.start as usize)
    }

    /// Reads the byte at `at`, one of [`EVENTS`]; gives where reading goes on.
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
        if mark.concept == Concept::Word(Word::Stop) {
            self.mark += 1;
            let after = mark.span.end as usize;
            if self.open.is_some_and(|open| open < at) && self.is_said_stop(mark.span, end) {
                self.cut(at);
                return self.skip_marks(after, end);
            }
            return after;
        }
        let place =
            if self.open.is_none() || self.open == Some(at) { Place::SentenceStart } else { Place::Inside };
        if let Some(heading) = self.known_heading(at, end, place) {
            self.cut(at);
            self.enter(heading, at);
            return self.skip_marks(heading.body, end);
        }
        // Other phrases that start here are no headings either.
        while self.marks.get(self.mark).is_some_and(|m| m.span.start as usize == at) {
            self.mark += 1;
        }
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
    fn skip_marks(&mut self, at: usize, end: usize) -> usize {
        let rest = self.text.get(at..end).unwrap_or_default();
        let at = at + ornaments(rest);
        let line = self.text.get(at..end).unwrap_or_default();
        let is_mark = !starts_with_letters(line) && word_at(line, 0).len() <= 2;
        match list_mark(line, Case::None).filter(|m| is_mark && m.width < line.len()) {
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

    /// Ends the sentence being read at `end`.
    fn cut(&mut self, end: usize) {
        if let Some(open) = self.open.take() {
            let end = trimmed(self.text, end).len();
            let words = self.text.get(open..end).unwrap_or_default();
            if words.iter().any(u8::is_ascii_alphanumeric) {
                self.push(FoldSpan::new(open as u32, end as u32), None);
            }
        }
    }

    /// Adds a sentence. What goes on for more than [`lines::LONGEST`] bytes is none, and is parted, so that the stages that look
    /// at pairs of words within a sentence stay linear in the note.
    fn push(&mut self, mut span: FoldSpan, cell: Option<Cell>) {
        let section = self.layout.sections.len().saturating_sub(1) as u32;
        loop {
            let part = self.first_part(span);
            let (line, starts_line) = (self.line, self.starts_line);
            self.layout.sentences.push(Sentence { span: part, section, line, starts_line, cell });
            self.starts_line = false;
            if part.end == span.end {
                return;
            }
            span.start = part.end + u32::from(self.text[part.end as usize] == b' ');
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

    /// The first part of a span, which is no longer than a sentence can be.
    fn first_part(&self, span: FoldSpan) -> FoldSpan {
        FoldSpan::new(span.start, span.start + parted(&self.text[span.range()]) as u32)
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
}

/// Whether a line starts with a word of three letters or more: no list mark does.
fn starts_with_letters(line: &[u8]) -> bool {
    line.len() >= 3 && line[..3].iter().all(u8::is_ascii_alphabetic)
}

/// Whether a sentence may start with this byte.
fn starts_words(b: u8) -> bool {
    b.is_ascii_alphanumeric()
        || b >= 0x80
        || matches!(b, b'(' | b'<' | b'>' | b'"' | b'\'' | b'=' | b'+' | b'#' | b'[')
}

/// How many bytes of blanks, brackets and emphasis stand before the words of a line. The bracket of a box to tick
/// is one of its words.
fn ornaments(line: &[u8]) -> usize {
    let is_ornament = |i: usize, b: u8| match b {
        b'[' => !matches!(line.get(i + 1..), Some([b'x' | b' ', b']', ..] | [b']', ..])),
        _ => matches!(b, b' ' | b'*' | b'_' | b'{' | b']' | b'}'),
    };
    line.iter().enumerate().take_while(|&(i, &b)| is_ornament(i, b)).count()
}
