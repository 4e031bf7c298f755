//! Sections and sentences of a note.

use crate::lexicon::Concept;
use crate::model::{Mention, SectionKind};
use crate::text::{FoldSpan, Folded};

/// A section: its heading and what stands under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    /// What it is for.
    pub kind: SectionKind,
    /// The heading's words; empty where the section has none.
    pub heading: FoldSpan,
    /// What stands under it, to the next heading.
    pub body: FoldSpan,
}

/// A cell of a table: its words are read under its column's heading, at its row's first cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The heading of the column.
    pub header: FoldSpan,
    /// The first cell of the row.
    pub row: FoldSpan,
}

/// A sentence, or what stands for one: a list item, a cell, a line without a full stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Its words, without list marks at the start.
    pub span: FoldSpan,
    /// Index of its section.
    pub section: u32,
    /// Logical line: a paragraph, list item or row; hard-wrapped lines count as one.
    pub line: u32,
    /// Whether it is the first of its logical line.
    pub starts_line: bool,
    /// The table cell that it fills.
    pub cell: Option<Cell>,
}

/// Sections and sentences, in order.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// The sections; their headings and bodies cover the note.
    pub sections: Vec<Section>,
    /// The sentences.
    pub sentences: Vec<Sentence>,
}

/// Finds sections and sentences. `headings` are the mentions of [`Concept::Section`], in order of their start.
pub fn segment(folded: &Folded<'_>, headings: &[Mention<Concept>]) -> Layout {
    let _ = (folded, headings);
    Layout::default()
}
