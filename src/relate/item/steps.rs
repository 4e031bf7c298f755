//! Steps that read the items of a sentence again, each item in the light of its neighbours. In most sentences most steps
//! have nothing to do, so each says what it needs, and is not taken where that is missing.

use smallvec::SmallVec;

use super::{Items, Kinds};
use crate::matching::{LevelMention, Token};
use crate::model::Side;
use crate::text::FoldSpan;

/// The items of a sentence while steps change them.
#[derive(Debug, PartialEq)]
pub struct Draft<'a> {
    /// The items.
    pub items: &'a mut Items,
    /// The folded note.
    pub text: &'a [u8],
    /// Its words, and what stands between them.
    pub tokens: &'a [Token],
    /// Its level mentions.
    pub levels: &'a [LevelMention],
    /// The only side named so far on the line.
    pub named: Option<Side>,
    /// Cues that take back words, or are read as grades: they deny nothing.
    pub taken_back: SmallVec<[FoldSpan; 1]>,
}

/// A step. It leaves everything as it is, unless all of one of `needs` are among the items.
pub struct Step {
    /// What must be there.
    pub needs: &'static [Kinds],
    /// What it does then.
    pub take: fn(&mut Draft<'_>),
}

impl Draft<'_> {
    /// Takes some steps, one after the other, and gives the kinds of the items that are there in the end.
    pub fn take(&mut self, steps: &[Step]) -> Kinds {
        let mut kinds = Kinds::of(self.items);
        for step in steps {
            if step.needs.iter().any(|&all| kinds.has(all)) {
                (step.take)(self);
                kinds = Kinds::of(self.items);
            } else {
                debug_assert!(self.is_left_by(step), "a step needs less than it says");
            }
        }
        kinds
    }

    /// Whether a step leaves everything as it is.
    fn is_left_by(&self, step: &Step) -> bool {
        let (mut items, taken_back) = (self.items.clone(), self.taken_back.clone());
        let mut after = Draft { items: &mut items, taken_back, ..*self };
        (step.take)(&mut after);
        after == *self
    }
}
