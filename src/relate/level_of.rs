//! Which levels each statement of a sentence is about.
//!
//! Its own, else those that lead the sentence ("At L4-5, …"), else those that close the list it is part of
//! ("… and … at C2-3"), else those of the heading above.

use smallvec::SmallVec;

use crate::lexicon::{Form, LevelWord, Word};
use crate::model::{FindingKind, Level};

use super::anchor::{Anchor, Anchors};
use super::attribute::Groups;
use super::gap::Gap;
use super::head::{Head, HeadKind};
use super::item::{Item, Kind};
use super::place::{Place, Places};
use super::statement::Statement;

impl Statement<'_, '_> {
    /// The levels of an anchor that has none of its own.
    pub(super) fn fallback(
        &self,
        at: usize,
        anchors: &Anchors,
        groups: &[Groups],
        heads: &[Head],
        places: &Places,
    ) -> Place {
        let anchor = &anchors[at];
        let item = heads[anchor.structure as usize].item.max(heads[anchor.predicate as usize].item) as usize;
        let is_level = |i: &usize| self.names_level(*i);
        let first_head = heads.first().map_or(usize::MAX, |h| h.item as usize);
        let before = (0..item).rev().find(is_level);
        let leading = before.filter(|&b| b < first_head || self.opens_statement(b));
        if let Some(leading) = leading {
            return self.place(leading, places);
        }
        let after = (item + 1..self.items.len()).find(is_level).filter(|&a| {
            let gap = Item::gap_over(&self.items[item + 1..=a]);
            let list_only = before.is_none() || !anchor.is_object && !gap.has(Gap::COMMA | Gap::OPEN);
            let own = self.items[a].gap;
            let opens_next = own.has(Gap::AT) && own.has(Gap::COMMA | Gap::AND);
            !gap.has(Gap::SEMICOLON | Gap::COLON | Gap::BUT)
                && list_only
                && !opens_next
                && Self::is_trailing(a, at, anchors, groups)
        });
        if let Some(level) = after.or(before) {
            return self.place(level, places);
        }
        // A line that opens with a participle goes on about what was said before it: "…at L4-5⏎Compressing …".
        let topic = places.topic();
        let opens = matches!(heads[0].kind, HeadKind::Change(_, Form::Active))
            && heads[0].item as usize == heads[0].pre.len();
        if topic.levels.is_empty() && opens { places.latest() } else { topic }
    }

    /// The levels that an item names; "this level" is first looked for in the sentence itself.
    pub(super) fn place(&self, item: usize, places: &Places) -> Place {
        let Kind::Pointer(word @ (LevelWord::Same | LevelWord::SameAll)) = self.items[item].kind else {
            return places.of(&self.items[item], self.levels);
        };
        let mut before = (0..item).rev().filter(|&i| matches!(self.items[i].kind, Kind::Levels(_)));
        let Some(nearest) = before.next() else { return places.of(&self.items[item], self.levels) };
        let mut place = places.of(&self.items[nearest], self.levels);
        if word == LevelWord::SameAll
            && place.levels.len() == 1
            && let Some(other) = before.next()
        {
            let mut levels = places.of(&self.items[other], self.levels).levels;
            levels.append(&mut place.levels);
            place.levels = levels;
        }
        place
    }

    /// Whether the level at `item` was taken as its own by an anchor after `at`, so that it ends their list.
    pub(super) fn is_trailing(item: usize, at: usize, anchors: &Anchors, groups: &[Groups]) -> bool {
        let owned = |i: usize| groups[i].iter().any(|g| g.levels == Some(item as u16));
        at + 1 == anchors.len() || (at..anchors.len()).any(owned)
    }

    /// Whether a level stands at the start of a statement inside the sentence: "…; at L5-S1, …".
    pub(super) fn opens_statement(&self, item: usize) -> bool {
        let gap = self.items[item].gap;
        let next = self.items.get(item + 1).map(|i| i.gap).unwrap_or_default();
        gap.has(Gap::SEMICOLON | Gap::BUT)
            || next.has(Gap::COLON)
            || gap.has(Gap::COMMA) && next.has(Gap::COMMA | Gap::HAS | Gap::WITH)
    }

    pub(super) fn names_interspace_after(&self, item: usize) -> bool {
        let is_interspace = |index: u32| self.levels.get(index as usize).is_some_and(|m| !m.single);
        self.items[item..].iter().any(|i| matches!(i.kind, Kind::Levels(index) if is_interspace(index)))
    }

    /// Whether an item names levels that a finding can have.
    pub(super) fn names_level(&self, item: usize) -> bool {
        match self.items[item].kind {
            // "multilevel …, largest at L2-3": named levels say more.
            Kind::Pointer(LevelWord::Multiple) => !self.names_interspace_after(item),
            Kind::Pointer(word) => word != LevelWord::Noun,
            Kind::Levels(index) => {
                let next = self.items.get(item + 1).filter(|i| i.kind != Kind::End);
                let said_to_be =
                    next.is_none_or(|i| i.gap.has(Gap::COLON) || matches!(i.kind, Kind::Pointer(_)));
                !self.levels.get(index as usize).is_some_and(|m| m.single)
                    || self.items[item].gap.has(Gap::AT)
                    || said_to_be
            }
            _ => false,
        }
    }

    /// Whether a lone vertebra names its foramen: "the left L4 foramen".
    pub(super) fn is_foramen_of(&self, anchor: &Anchor, heads: &[Head], level: u16) -> bool {
        let item = &heads[anchor.structure as usize].item;
        anchor.kind == FindingKind::ForaminalStenosis
            && level + 1 == *item
            && self.items[*item as usize].gap.is_tight()
    }

    /// "mild and moderate … at L3-4 and L4-5, respectively": one grade for each level.
    pub(super) fn zipped(&self, groups: &Groups, places: &[Place]) -> Option<SmallVec<[Level; 4]>> {
        let levels = &places.first()?.levels;
        let respectively = self.items.iter().any(|i| i.kind == Kind::Word(Word::Respectively));
        let same_side = groups.iter().all(|g| g.side == groups[0].side || g.side.is_none())
            && groups.iter().all(|g| g.grade.is_some() && !g.former);
        (groups.len() > 1
            && levels.len() == groups.len()
            && places.iter().all(|p| p.mention == places[0].mention)
            && (respectively || same_side))
            .then(|| levels.iter().copied().collect())
    }
}
