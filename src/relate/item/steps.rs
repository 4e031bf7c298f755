//! Steps that read the items of a sentence again, each item in the light of its neighbours. In most sentences most steps
//! have nothing to do, so each says what it needs, and is not taken where that is missing.

use smallvec::SmallVec;

use super::join::JOINING;
use super::unfilled::{CHOOSING, Template};
use super::{Items, Kinds};
use crate::matching::{LevelMention, Token};
use crate::model::Side;
use crate::text::FoldSpan;

/// The items of a sentence while steps change them.
#[derive(Debug)]
pub struct Draft<'a> {
    /// The items.
    pub items: &'a mut Items,
    /// Their kinds when they were read, and those that steps may have added.
    kinds: Kinds,
    /// Whether a step was taken since they were read.
    is_changed: bool,
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

/// A step. It leaves everything as it is, unless all of `all` and one of `any` are among the items.
pub(in crate::relate) struct Step {
    /// What must be there.
    pub(in crate::relate) all: Kinds,
    /// Of what something must be there.
    pub(in crate::relate) any: Kinds,
    /// What it may add: what it takes away is still looked for by the steps after it, which costs less than looking again
    /// what there is.
    pub(in crate::relate) adds: Kinds,
    /// What it does then.
    pub(in crate::relate) take: fn(&mut Draft<'_>),
}

impl<'a> Draft<'a> {
    /// The items as they were read, of a note of this text and these words.
    pub fn new(items: &'a mut Items, text: &'a [u8], tokens: &'a [Token]) -> Self {
        let kinds = Kinds::of(items);
        Self {
            items,
            kinds,
            is_changed: false,
            text,
            tokens,
            levels: &[],
            named: None,
            taken_back: SmallVec::new(),
        }
    }

    /// The kinds of the items.
    pub fn kinds(&self) -> Kinds {
        if self.is_changed { Kinds::of(self.items) } else { self.kinds }
    }

    /// Reads the items in the light of what the note is a template of: without what nobody chose or filled in. The sentence
    /// begins at `start`.
    pub fn fill_in(&mut self, template: Template, start: u32) {
        self.take(CHOOSING);
        if template.is_any() {
            template.fill(self.items, self.text);
            template.tick(self.items, self.text, start);
            self.kinds = Kinds::of(self.items);
        }
    }

    /// Joins the items that are one, and parts those that are two.
    pub fn join(&mut self) {
        self.take(JOINING);
    }

    /// Takes some steps, one after the other.
    pub(in crate::relate) fn take(&mut self, steps: &[Step]) {
        for step in steps {
            let kinds = self.kinds.or(Kinds::SIDE_BEFORE.when(self.named.is_some()));
            if kinds.has_all(step.all) && kinds.has(step.any) {
                (step.take)(self);
                self.kinds = self.kinds.or(step.adds);
                self.is_changed = true;
                debug_assert!(self.kinds.has_all(Kinds::of(self.items)), "a step adds more than it says");
            } else {
                debug_assert!(self.is_left_by(step), "a step needs less than it says");
            }
        }
    }

    /// Whether a step leaves everything as it is.
    fn is_left_by(&self, step: &Step) -> bool {
        let (mut items, taken_back) = (self.items.clone(), self.taken_back.clone());
        let mut after = Draft { items: &mut items, taken_back, ..*self };
        (step.take)(&mut after);
        // Not the whole note's words, which no step changes.
        *after.items == *self.items && after.named == self.named && after.taken_back == self.taken_back
    }
}
