//! A concept at a place of the folded view.

use crate::text::FoldSpan;

/// An occurrence of a concept. Its type is open so that `model` need not know the lexicon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mention<C> {
    /// What it stands for.
    pub concept: C,
    /// Where it stands in the folded view.
    pub span: FoldSpan,
}
