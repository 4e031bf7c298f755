//! The pass over the note that cuts sections and sentences.

mod events;
mod line;

use super::columns::Columns;
use super::heading::{self, Heading, Position};
use super::lines::{self, Block, list_mark, parted, small_o, trimmed};
use super::stops::Case;
use super::table::Table;
use super::{Cell, Layout, Section, Sentence};
use crate::lexicon::Concept;
use crate::model::{Mention, SectionKind};
use crate::text::{FoldSpan, Folded};
use events::Events;
use line::{ornaments, starts_with_letters};

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
    events: Events<'f>,
    /// What a key to grades interrupts: an empty line ends it.
    before_key: SectionKind,
    /// Whether an empty line has ended the one line of an indication.
    is_apart: bool,
}

impl<'f, 'n> Reader<'f, 'n> {
    pub(super) fn new(folded: &'f Folded<'n>, marks: &'f [Mention<Concept>]) -> Self {
        // Prose has a sentence every eighty bytes, lists more of them; a page has a few sections.
        let length = folded.bytes().len();
        let sentences = Vec::with_capacity(length / 40 + 4);
        let mut layout = Layout { sections: Vec::with_capacity(length / 256 + 4), sentences };
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
            events: Events::new(folded.bytes()),
            before_key: SectionKind::Unknown,
            is_apart: false,
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
                if b.blank_line && !continues && self.tells_reason(previous, start) {
                    self.cut(start);
                    self.is_apart = true;
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

    /// Whether the line from `start` to `end` is the reason for a study behind its heading.
    fn tells_reason(&self, start: usize, end: usize) -> bool {
        self.layout.sections.last().is_some_and(|section| {
            let told = self.text.get(section.body.start as usize..end).unwrap_or_default();
            section.kind == SectionKind::Indication
                && !section.heading.is_empty()
                && section.heading.start as usize >= start
                && !told.trim_ascii_end().is_empty()
        })
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
        let is_worded = starts_with_letters(line);
        let mark = if is_worded { None } else { list_mark(line) };
        let mark = mark.or_else(|| small_o(line, || Case::at(self.folded, start)));
        let after_dash = start > 1 && self.text[start - 2] == b'-' && self.text[start - 1] == b' ';
        let mark = mark.filter(|_| !(continues && after_dash));
        let at = start + mark.map_or(0, |m| m.width);
        let at = at + ornaments(&self.text[at..end]);
        let ended = !continues || mark.is_some() || self.open.is_none();
        let place = if ended { Position::LineStart } else { Position::LineStartInside };
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
    fn known_heading(&mut self, at: usize, line_end: usize, place: Position) -> Option<Heading> {
        if self.next_mark(at) != at {
            return None;
        }
        let rest = self.marks.get(self.mark..).unwrap_or_default();
        let here = || rest.iter().take_while(|m| m.span.start as usize == at);
        let mut longest: Option<Heading> = None;
        let mut read = |mark: &Mention<Concept>| {
            let heading = heading::known(self.folded, mark, place, line_end);
            let is_longer = |h: &Heading| longest.is_none_or(|longest| h.words.end >= longest.words.end);
            longest = heading.filter(is_longer).or(longest);
        };
        here().filter_map(|m| heading::joined(self.folded, m, rest)).for_each(|joined| read(&joined));
        here().for_each(read);
        longest
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
        self.is_apart = false;
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
            let (line, starts_line, is_apart) = (self.line, self.starts_line, self.is_apart);
            self.layout.sentences.push(Sentence { span: part, section, line, starts_line, is_apart, cell });
            self.starts_line = false;
            if part.end == span.end {
                return;
            }
            span.start = part.end + u32::from(self.text[part.end as usize] == b' ');
        }
    }

    /// The first part of a span, which is no longer than a sentence can be.
    fn first_part(&self, span: FoldSpan) -> FoldSpan {
        FoldSpan::new(span.start, span.start + parted(&self.text[span.range()]) as u32)
    }
}
