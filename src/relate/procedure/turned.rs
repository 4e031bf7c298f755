//! What came of a plan that the same sentence tells: it was taken back, or carried out after all; and the plan that stands
//! in a clause of the future.
//!
//! ```text
//! booked for an [ESI], but put it off               considered
//! the plan was for an [ESI], which was done today   performed
//! after the [ESI] she will begin with exercises     planned
//! ```

use crate::lexicon::{Act, Direction, Sense, Word};
use crate::matching::Token;
use crate::model::ProcedureStatus;
use crate::relate::gap::Gap;
use crate::text::FoldSpan;

use super::sentence::ProcedureSentence;

/// How many words may stand between a name and the clause that says that it was done.
const REACH: u8 = 3;

impl ProcedureSentence<'_, '_> {
    /// The word that governs the head at an item, or what came of it where that is a plan.
    pub(super) fn turned(&self, item: usize, (act, span): (Act, FoldSpan)) -> (Act, FoldSpan) {
        let turned = match act {
            Act::Status(ProcedureStatus::Planned, _) => {
                self.taken_back(item, span).or_else(|| self.carried_out(item))
            }
            Act::After | Act::Undergone | Act::Status(ProcedureStatus::Historical, Direction::Forward)
                if self.is_to_come(item, span) =>
            {
                Some((Act::Status(ProcedureStatus::Planned, Direction::Forward), span))
            }
            _ => None,
        };
        turned.unwrap_or((act, span))
    }

    /// Whether a word that names a sender leads to what for: "referred by Dr. Moss for an [ESI]", and not "referred by
    /// Dr. Moss, [fusion] in 2012".
    pub(super) fn is_sent(&self, item: usize, (act, word): (Act, FoldSpan)) -> bool {
        let last = self.layers.tokens_within(word).skip(1).last();
        let names_sender = last.is_some_and(|word| matches!(word.class.sense, Some(Sense::By | Sense::From)));
        let start = self.items[item].span.start;
        let is_plan = act == Act::Status(ProcedureStatus::Planned, Direction::Forward);
        if !is_plan || !names_sender || word.end > start {
            return true;
        }
        let between = FoldSpan::new(word.end, start);
        let purpose =
            self.layers.tokens_within(between).filter(|word| word.class.sense == Some(Sense::Purpose)).last();
        purpose.is_some_and(|purpose| {
            !self.layers.folded.slice(FoldSpan::new(purpose.end, start)).contains([',', ';', '.'])
        })
    }

    /// What takes a plan back after the name of it: "but postponed it". Another name before it would be what is put off.
    fn taken_back(&self, item: usize, plan: FoldSpan) -> Option<(Act, FoldSpan)> {
        let drops = |at: usize| match self.act(at) {
            Some(Act::Dropped) => true,
            // "has been booked but she would rather wait"
            Some(Act::Status(ProcedureStatus::Considered, Direction::Backward)) => {
                self.items[item].span.end <= plan.start && self.gap(item, at).has(Gap::BUT)
            }
            _ => false,
        };
        let mut rest = item + 1..self.items.len();
        let at = rest.find(|&at| drops(at) || self.heads.iter().any(|head| head.item == at))?;
        let leads = self.heads.iter().any(|head| head.item == at + 1) && self.items[at + 1].gap.is_tight();
        let is_dropped =
            drops(at) && !leads && !self.gap(item, at).has(Gap::SEMICOLON) && !self.opens_item(at);
        is_dropped
            .then(|| (Act::Status(ProcedureStatus::Considered, Direction::Backward), self.items[at].span))
    }

    /// What says that it was done: "which was performed today", "and was done today".
    fn carried_out(&self, item: usize) -> Option<(Act, FoldSpan)> {
        let mut rest = (item + 1..self.items.len()).take_while(|&at| {
            !self.heads.iter().any(|head| head.item == at) && self.gap(item, at).content <= REACH
        });
        let at = rest
            .find(|&at| self.act(at) == Some(Act::Status(ProcedureStatus::Performed, Direction::Backward)))?;
        let gap = self.gap(item, at);
        let is_told =
            gap.has(Gap::WHICH) || gap.content == 0 && self.has_sense(self.items[at].span, Sense::Today);
        (is_told && !gap.has(Gap::SEMICOLON | Gap::BUT))
            .then(|| (Act::Status(ProcedureStatus::Performed, Direction::Backward), self.items[at].span))
    }

    /// Whether the name at an item stands in a clause of time that opens the sentence, and what follows that clause is
    /// still to come: "After the [ESI] she will begin with exercises".
    fn is_to_come(&self, item: usize, cue: FoldSpan) -> bool {
        let first = self.layers.tokens_within(self.sentence.span).next();
        let is_after =
            |token: &Token| self.act(0) == Some(Act::After) && self.items[0].span.start == token.start;
        let opens = first.is_some_and(|token| token.class.sense == Some(Sense::When) || is_after(token));
        let Some(end) = self.items.get(item).map(|i| i.span.end).filter(|_| opens) else { return false };
        let rest = FoldSpan::new(end, self.sentence.span.end.max(end));
        let is_verb = |token: &&Token| {
            matches!(token.class.word, Some(Word::Is | Word::Has | Word::Modal))
                || token.class.sense == Some(Sense::Will)
        };
        let verb = self.layers.tokens_within(rest).find(is_verb);
        cue.end <= end
            && verb.is_some_and(|verb| verb.class.sense == Some(Sense::Will))
            && !self.is_dated(item)
    }
}
