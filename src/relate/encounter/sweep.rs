//! Mentions handed out sentence by sentence, in the order of the note, so that each is met once.

use crate::lexicon::Concept;
use crate::model::Mention;
use crate::text::FoldSpan;

/// The mentions of a layer that are still to come.
pub(super) struct Sweep<'a>(pub(super) &'a [Mention<Concept>]);

impl<'a> Sweep<'a> {
    /// The mentions within a stretch that lies behind the one before.
    pub(super) fn within(&mut self, span: FoldSpan) -> &'a [Mention<Concept>] {
        let before = self.0.iter().take_while(|m| m.span.start < span.start).count();
        let rest = &self.0[before..];
        let count = rest.iter().take_while(|m| m.span.end <= span.end).count();
        let (within, after) = rest.split_at(count);
        self.0 = after;
        within
    }
}
