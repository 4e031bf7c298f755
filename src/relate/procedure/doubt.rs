//! Doubts: a plan or a need that is denied or hedged, which makes what it is said of only considered.
//!
//! `[TFESI]: not requested` · `[fusion] may be recommended` · `does not feel that [laminectomy] or [fusion] is needed`

use crate::context::{Scope, Scopes};
use crate::lexicon::{Act, Sense, Word};
use crate::matching::Token;
use crate::model::{ProcedureStatus, Status};
use crate::relate::gap::Gap;
use crate::relate::layers::Layers;
use crate::text::FoldSpan;

use super::acts::Kinds;
use super::place::JOINS;
use super::sentence::ProcedureSentence;

/// How many words may stand between a denial and the word that it takes back: "not to be scheduled".
const BESIDE: usize = 2;
/// How many words may stand between a name and what it is said to be: "[fusion] at this level was not thought needed".
const JUDGED: u8 = 4;

impl ProcedureSentence<'_, '_> {
    /// The word that governs a name, where it plans and a denial or a doubt stands beside it, as one that considers.
    pub(super) fn doubted(&self, (act, at): (Act, FoldSpan), scopes: &Scopes) -> (Act, FoldSpan) {
        match act {
            Act::Status(ProcedureStatus::Planned, direction)
                if scopes.reaching(at).any(|scope| self.takes_back(scope, at)) =>
            {
                (Act::Status(ProcedureStatus::Considered, direction), at)
            }
            _ => (act, at),
        }
    }

    /// Whether a denial or a doubt stands right before a word.
    fn takes_back(&self, scope: &Scope, word: FoldSpan) -> bool {
        let between = FoldSpan::new(scope.cue.end, word.start.max(scope.cue.end));
        let text = self.layers.folded.slice(between);
        matches!(scope.status, Status::Absent | Status::Possible)
            && scope.cue.end <= word.start
            && !text.contains([',', '.', ':', ';'])
            && text.split_whitespace().count() <= BESIDE
    }

    /// Whether a level stands before a denial of the head at an item, and is that of the name before it: "T11-12 laminectomy,
    /// no [fusion] called for".
    pub(super) fn stands_before_denial(&self, level: FoldSpan, cue: FoldSpan, item: usize) -> bool {
        let is_between = |name: FoldSpan| level.start < name.end && name.end <= cue.start;
        denies(self.layers, cue)
            && cue.end <= self.items[item].span.start
            && self.heads.iter().any(|head| is_between(self.items[head.item].span))
    }

    /// What the head at an item is said to be, where that is denied or doubted: "is not something that I would do".
    pub(super) fn judged(&self, item: usize, scopes: &Scopes) -> Option<FoldSpan> {
        if !self.kinds.has(Kinds::JUDGED) {
            return None;
        }
        let mut name = item;
        for at in item + 1..self.items.len() {
            let gap = self.items[at].gap;
            if gap.has(Gap::SEMICOLON | Gap::BUT | Gap::HAS | Gap::QUERY) {
                return None;
            }
            if self.heads.iter().any(|head| head.item == at) {
                // "a laminectomy or a fusion is needed": of all that it lists.
                if !gap.has(JOINS) || gap.has(Gap::IS | Gap::WHICH) {
                    return None;
                }
                name = at;
            } else if self.act(at) == Some(Act::Judged) {
                let span = self.items[at].span;
                let said = self.gap(name, at);
                // ", which I do not think is the answer"
                let joins = if said.has(Gap::WHICH) { JOINS & !Gap::COMMA } else { JOINS };
                let is_said = !said.has(joins) && said.content <= JUDGED;
                let assertion = scopes.assess(span);
                // "laminectomy, no fusion called for": what is denied begins behind the first name.
                let begins_between = |cue: FoldSpan| {
                    name != item
                        && self.items[item].span.end <= cue.start
                        && cue.end <= self.items[name].span.start
                };
                if assertion.scope.is_some_and(|scope| begins_between(scope.cue)) {
                    return None;
                }
                let doubts =
                    matches!(assertion.status, Status::Absent | Status::Possible | Status::Hypothetical);
                return (is_said && doubts && assertion.scope.is_some()).then_some(span);
            }
        }
        None
    }

    /// Whether the sentence tells of what may be, and of nothing that was: "that would be an [ACDF] at C5-6".
    pub(super) fn is_modal(&self) -> bool {
        let is_modal = |token: &Token| token.class.word == Some(Word::Modal) && self.leads_to_verb(token);
        self.layers.tokens_within(self.sentence.span).any(is_modal) && !self.tells_of_past()
    }

    /// Whether a word follows a modal, which is not printed as a name: "in May she had", "last May, 2021" name a month.
    fn leads_to_verb(&self, modal: &Token) -> bool {
        let end = modal.end as usize;
        let next = self.layers.folded.bytes().get(end..end + 2);
        let printed = self.layers.folded.note_text(FoldSpan::new(modal.start, modal.end));
        let is_name = printed.starts_with(char::is_uppercase)
            && printed.ends_with(char::is_lowercase)
            && modal.start > self.sentence.span.start;
        !is_name && next.is_some_and(|next| next[0] == b' ' && next[1].is_ascii_alphabetic())
    }
}

/// Whether a phrase opens with a word that denies: "no further".
pub(super) fn denies(layers: &Layers<'_, '_>, phrase: FoldSpan) -> bool {
    layers.tokens_within(phrase).next().is_some_and(|word| word.class.sense == Some(Sense::No))
}
