//! Names that tell of no procedure: it is counted as none, it only is what may fail, or it names a cut by what it is for.
//!
//! `[ESI] in past 12 months: 0` · `if [caudals] quit working` · `my usual [discectomy] incision`

use crate::lexicon::{Act, Measure, Sense};
use crate::relate::gap::Gap;
use crate::text::FoldSpan;

use super::acts::Kinds;
use super::sentence::ProcedureSentence;

impl ProcedureSentence<'_, '_> {
    /// Whether the head at an item tells of no procedure.
    pub(super) fn is_none(&self, item: usize) -> bool {
        self.is_spent(item) || self.is_nil(item) || self.is_cut(item)
    }

    /// Whether it only says what a cut is for; a cut that was made before tells of what was done.
    fn is_cut(&self, item: usize) -> bool {
        let rest = FoldSpan::new(self.items[item].span.end, self.sentence.span.end);
        let next = self.layers.tokens_within(rest).next();
        let is_cut = next.is_some_and(|word| {
            word.class.sense == Some(Sense::Cut) && word.start == self.items[item].span.end + 1
        });
        is_cut && !(0..item).any(|at| self.act(at).is_some_and(|act| act == Act::After || act.is_past()))
    }

    /// Whether the sentence counts none of it: "ESI in past 12 months: 0".
    fn is_nil(&self, item: usize) -> bool {
        let rest = FoldSpan::new(self.items[item].span.end, self.sentence.span.end);
        let text = self.layers.folded.slice(rest);
        // "Facet shots never tried"
        let next = text.split_whitespace().next().unwrap_or_default();
        if self.layers.words.class(next.as_bytes()).sense == Some(Sense::Never) {
            return true;
        }
        let count = text.rsplit_once(':').map(|(_, count)| count.trim());
        count.is_some_and(|count| {
            let count = count.trim_end_matches('.');
            count == "0" || self.layers.words.class(count.as_bytes()).measure == Some(Measure::Nil)
        })
    }

    /// Whether it is what a condition says may fail: "if caudals quit working". What it leads to is considered.
    fn is_spent(&self, item: usize) -> bool {
        if !self.kinds.has(Kinds::FAILS) {
            return false;
        }
        let fails_before = item.checked_sub(1).is_some_and(|at| {
            let gap = self.gap(at, item);
            self.act(at) == Some(Act::Fails) && gap.content <= 1 && !gap.has(Gap::COMMA) && self.has_if(at)
        });
        if fails_before {
            return true;
        }
        let leads = item
            .checked_sub(1)
            .is_some_and(|at| self.act(at) == Some(Act::If) && self.gap(at, item).content <= 1);
        let next = (item + 1..self.items.len()).find(|&at| !self.is_site(at));
        leads && next.is_some_and(|at| self.act(at) == Some(Act::Fails) && self.gap(item, at).content <= 1)
    }
}
