//! Levels that name roots although they are written as interspaces: "L5-S1 radiculopathy", "sensory loss from L4 to S1".
//! A radiculopathy "at L5-S1" names the place that it comes from, and no root.

use super::RadicularSentence;
use crate::lexicon::{Structure, Symptom};
use crate::relate::gap::Gap;
use crate::relate::item::Kind;

impl RadicularSentence<'_, '_> {
    /// Levels right before a distribution or radiculopathy name roots, also where they are written as interspaces.
    pub(super) fn name_roots_before(&mut self, head: usize) {
        let gap = self.items[head].gap;
        if let Some(Kind::Levels(index)) = head.checked_sub(1).map(|at| self.items[at].kind)
            && gap.content <= 1
            && !gap.has(Gap::HARD | Gap::IS | Gap::HAS | Gap::COMMA | Gap::OF | Gap::TO | Gap::AND)
        {
            self.items[head - 1].kind = Kind::Root(index);
        }
    }

    /// Levels after a loss of feeling name the roots that it is of, as long as nothing else is named.
    pub(super) fn name_roots_after(&mut self, head: usize) {
        for at in head + 1..self.items.len() {
            let breaks = Gap::SEMICOLON | Gap::BUT | Gap::WHICH | Gap::HAS | Gap::COLON | Gap::TO;
            let gap = self.items[at].gap;
            if gap.has(breaks) || gap.content > 0 {
                return;
            }
            match self.items[at].kind {
                Kind::Levels(index) if self.ends_loss(at) => self.items[at].kind = Kind::Root(index),
                Kind::Noun | Kind::Side(..) | Kind::Structure(Structure::Root) | Kind::Grade(_) => {}
                _ => return,
            }
        }
    }

    /// Whether levels after a loss of feeling are what it is of, and not the level of what is named next: "sensory
    /// loss, L4-5 herniation".
    fn ends_loss(&self, at: usize) -> bool {
        let is_pattern =
            self.symptom(at + 1) == Some(Symptom::Distribution) && self.items[at + 1].gap.content == 0;
        let is_next = self.items[at].gap.has(Gap::COMMA) && !matches!(self.items[at - 1].kind, Kind::Root(_));
        is_pattern || !is_next && self.closes(self.items[at].span)
    }
}
