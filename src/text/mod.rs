//! Positions and characters; no clinical knowledge.
//!
//! [`Folded`] is the view of a note that everything else reads: lower case, one blank between words, plain
//! quotes and dashes, with a map back to the note.

mod chars;
mod eight;
mod fold;
mod folder;
mod line_index;
mod moved;
mod offsets;
mod span;

pub(crate) use eight::{CHUNK, ONES, TOPS, word_bytes};
pub use fold::{Break, Folded};
pub use line_index::{LineColumn, LineIndex};
pub use moved::Moved;
pub use offsets::{Offsets, Unit};
pub use span::{FoldSpan, Span};
