//! Sections and sentences of a note.
//!
//! One pass over the folded view, linear in its length. The note's own line ends count only where they are
//! meant: a line that was wrapped at the margin goes on, a short line or a list item ends a statement even
//! without a full stop.
//!
//! ```
//! use foramen::segment::segment;
//! use foramen::text::Folded;
//! let note = "1. Bulge at L4-5, approx. 3 mm\n2. No stenosis. Roots are\nfree";
//! let folded = Folded::new(note);
//! let layout = segment(&folded, &[]);
//! let sentences: Vec<_> = layout.sentences.iter().map(|s| folded.note_text(s.span)).collect();
//! assert_eq!(sentences, ["Bulge at L4-5, approx. 3 mm", "No stenosis.", "Roots are\nfree"]);
//! ```

mod again;
mod columns;
mod heading;
mod lines;
mod reader;
mod stops;
mod table;
#[cfg(test)]
mod tests;
mod words;

pub use again::segment_again;

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
    /// The heading of the column; empty where the table has none.
    pub header: FoldSpan,
    /// The first cell of the row.
    pub row: FoldSpan,
}

/// A sentence, or what stands for one: a list item, a cell, a line without a full stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Its words, without list marks and opening brackets at the start.
    pub span: FoldSpan,
    /// Index of its section.
    pub section: u32,
    /// Logical line: a paragraph, list item or row; hard-wrapped lines count as one.
    pub line: u32,
    /// Whether it is the first of its logical line.
    pub starts_line: bool,
    /// Whether an empty line parts it from the one line of an indication: "Indication: leg pain", and then what was seen, in
    /// reports that set it under no heading.
    pub is_apart: bool,
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

impl Layout {
    /// The last sentence that starts at a place of the folded view or before it, in bytes, with its number; the place may
    /// lie behind its end. `None` before the first.
    pub fn sentence_at(&self, at: u32) -> Option<(usize, &Sentence)> {
        let index = self.sentences.partition_point(|sentence| sentence.span.start <= at).checked_sub(1)?;
        Some((index, self.sentences.get(index)?))
    }
}

/// Finds sections and sentences. `marks` are the mentions of [`Concept::Section`] and
/// [`crate::lexicon::Word::Stop`], in order of their start; where several start at one place, the longest that
/// fits is taken.
pub fn segment(folded: &Folded<'_>, marks: &[Mention<Concept>]) -> Layout {
    reader::Reader::new(folded, marks).read()
}
