//! Mentions and words handed out sentence by sentence, in the order of the note, so that each is met once.

use crate::lexicon::{Concept, Measure, Sense};
use crate::matching::{FunctionWords, Token, may_begin_quantity};
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

/// The words that are still to come.
pub(super) struct Words<'a> {
    pub(super) text: &'a [u8],
    pub(super) words: &'a FunctionWords,
    pub(super) rest: &'a [Token],
}

/// What the words of a sentence may tell.
pub(super) struct Told {
    /// A quantity.
    pub(super) counts: bool,
    /// A length of time.
    pub(super) tells_time: bool,
    /// "since"
    pub(super) tells_since: bool,
}

impl Words<'_> {
    /// What the words may tell of a sentence that lies behind the one before.
    pub(super) fn told(&mut self, span: FoldSpan) -> Told {
        let first = self.rest.iter().take_while(|token| token.end <= span.start).count();
        self.rest = &self.rest[first..];
        let words = self.rest.iter().take_while(|token| token.start < span.end);
        let mut told = Told { counts: false, tells_time: false, tells_since: false };
        for token in words.clone() {
            told.counts |= may_begin_quantity(self.text, token);
            told.tells_time |= token.class.measure.is_some_and(is_time);
            told.tells_since |= token.class.sense == Some(Sense::Since);
        }
        told.tells_time |= told.counts && words.clone().any(|token| self.joins_time(token));
        told
    }

    /// Whether a unit of time is joined to a number: "x5wk", "10h".
    fn joins_time(&self, token: &Token) -> bool {
        let word = self.text.get(token.start as usize..token.end as usize).unwrap_or_default();
        let mut units = word.split(u8::is_ascii_digit).filter(|letters| !letters.is_empty());
        token.has_digit(self.text)
            && units.any(|letters| self.words.class(letters).measure.is_some_and(is_time))
    }
}

const fn is_time(measure: Measure) -> bool {
    matches!(
        measure,
        Measure::Minute | Measure::Hour | Measure::Day | Measure::Week | Measure::Month | Measure::Year
    )
}
