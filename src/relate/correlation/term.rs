//! What stands on either side of a link: a symptom, what imaging shows, or a word for what was told before.

use smallvec::SmallVec;

use super::link::LinkSentence;
use crate::context::Scopes;
use crate::lexicon::{ChangeClass, Concept, Form, Imaging, LevelWord, Sense, Structure};
use crate::matching::{Token, is_word_byte};
use crate::model::{Mention, Status};
use crate::relate::layers::within;
use crate::segment::Sentence;
use crate::text::FoldSpan;

/// How many words may stand for what the sentence before says: "all of this explains …".
const LONGEST_PRONOUN: usize = 3;

/// What the words on one side of a link speak of: of each the mention nearest to the link.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Term {
    pub(super) symptom: Option<FoldSpan>,
    pub(super) imaging: Option<FoldSpan>,
    pub(super) study: Option<FoldSpan>,
    /// Whether it is told in the sentences before, since nothing follows the link.
    pub(super) is_told: bool,
}

impl Term {
    fn put(&mut self, mention: &Mention<Concept>) {
        let slot = match mention.concept {
            Concept::Symptom(_) => &mut self.symptom,
            Concept::Imaging(Imaging::Study) => &mut self.study,
            Concept::Imaging(_) => &mut self.imaging,
            _ => return,
        };
        *slot = Some(mention.span);
    }

    const fn is_empty(self) -> bool {
        self.symptom.is_none() && self.imaging.is_none() && self.study.is_none()
    }
}

impl LinkSentence<'_, '_> {
    /// What stands before a link; where that is a pronoun or nothing, what the sentence before says.
    pub(super) fn left(&self, stretch: FoldSpan) -> Term {
        let term = self.term(stretch);
        let told = self.before.last().filter(|s| s.section == self.sentence.section);
        match told {
            Some(told)
                if term.is_empty()
                    && self.layers.steps(stretch.start, stretch.end) <= LONGEST_PRONOUN
                    && !self.opens_with_level(stretch) =>
            {
                self.told(told)
            }
            _ => term,
        }
    }

    /// Whether a stretch has a level for its subject, which is no pronoun: "C3-C4 was the source of the pain".
    fn opens_with_level(&self, stretch: FoldSpan) -> bool {
        let first = self.layers.levels.partition_point(|l| l.span.start < stretch.start);
        // "The C3-C4 …"
        let is_first = |at: u32| self.layers.steps(stretch.start, at) <= 1;
        self.layers
            .levels
            .get(first)
            .is_some_and(|level| level.span.end <= stretch.end && is_first(level.span.start))
    }

    /// What stands after a link; where the link ends its sentence, what is told before: "Symptoms concordant."
    pub(super) fn right(&self, stretch: FoldSpan) -> Term {
        if self.words(stretch).next().is_some() {
            let term = self.term(stretch);
            // "The stenosis at C5-6 explains it."
            let told = self.before.last().filter(|s| s.section == self.sentence.section);
            return match told {
                Some(told) if term.is_empty() && self.is_pronoun(stretch) => self.told(told),
                _ => term,
            };
        }
        let mut told = self.before.iter().rev().map(|s| self.told(s));
        let imaging = told.clone().find_map(|term| term.imaging);
        let symptom = told.find_map(|term| term.symptom);
        Term { symptom, imaging, study: None, is_told: true }
    }

    /// The words of a stretch, without what stands between them.
    fn words(&self, stretch: FoldSpan) -> impl Iterator<Item = &Token> {
        let text = self.layers.folded.bytes();
        let is_word =
            move |token: &&Token| text.get(token.start as usize).is_some_and(|&byte| is_word_byte(byte));
        self.layers.tokens_within(stretch).filter(is_word)
    }

    fn is_pronoun(&self, stretch: FoldSpan) -> bool {
        let words: SmallVec<[&Token; 4]> = self.words(stretch).take(LONGEST_PRONOUN + 1).collect();
        let sense = |word: &Token| word.class.sense;
        match words[..] {
            [pronoun] => sense(pronoun) == Some(Sense::Pronoun),
            // "all of it"
            [_, of, pronoun] => (sense(of), sense(pronoun)) == (Some(Sense::Whole), Some(Sense::Pronoun)),
            _ => false,
        }
    }

    fn term(&self, stretch: FoldSpan) -> Term {
        self.term_in(stretch, &self.scopes)
    }

    /// What a sentence before speaks of.
    fn told(&self, sentence: &Sentence) -> Term {
        self.term_in(sentence.span, &self.layers.scopes(sentence))
    }

    /// What stands in a stretch; the last of each, which is the nearest before a link.
    fn term_in(&self, stretch: FoldSpan, scopes: &Scopes) -> Term {
        let mut term = Term::default();
        for mention in within(self.layers.clinical, stretch) {
            term.put(mention);
        }
        let mentions = within(self.layers.mentions, stretch);
        let changes = mentions.iter().filter(|m| is_change(m.concept));
        // Knees wear as well.
        let is_worn = |m: &Mention<Concept>| matches!(m.concept, Concept::Change(ChangeClass::Degenerate, _));
        let of_spine = |m: &Mention<Concept>| {
            matches!(m.concept, Concept::Structure(Structure::Facet | Structure::Disc | Structure::Spine))
        };
        let there = |m: &&Mention<Concept>| {
            (self.is_spine || !matches!(m.concept, Concept::Change(..)))
                && (!is_worn(m) || mentions.iter().any(of_spine))
                && scopes.assess(m.span).status != Status::Absent
        };
        let place = || mentions.iter().rev().find(|m| self.is_spine && self.is_place(m));
        let seen = changes.rev().find(there).or_else(place);
        term.imaging = term.imaging.or(seen.map(|m| m.span));
        term
    }

    /// Whether a mention names the place of a finding for the finding: "the L5-S1 disc", "the C5-6 level".
    fn is_place(&self, mention: &Mention<Concept>) -> bool {
        match mention.concept {
            // "attributed to these two levels"
            Concept::Structure(Structure::Disc) | Concept::Level(LevelWord::SameAll) => true,
            Concept::Level(LevelWord::Noun) => {
                let before = self.layers.levels.partition_point(|l| l.span.end <= mention.span.start);
                let level = before.checked_sub(1).and_then(|i| self.layers.levels.get(i));
                level.is_some_and(|l| !l.single && mention.span.start - l.span.end <= 1)
            }
            _ => false,
        }
    }
}

/// Whether a mention of the finding layer tells a change of anatomy.
pub(super) const fn is_change(concept: Concept) -> bool {
    match concept {
        // "touching" is said of much.
        Concept::Change(class, form) => !matches!((class, form), (ChangeClass::Touch, Form::Active)),
        Concept::Narrowed(_) | Concept::Displacement(..) | Concept::Displaced => true,
        _ => false,
    }
}
