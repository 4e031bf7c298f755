//! Displaced discs: adjectives of place and side that are theirs, and words that are discs only near a level.

use crate::lexicon::{Form, LevelWord, Structure};

use crate::model::Subtype;

use super::anchor::Linker;
use super::gap::Gap;
use super::head::HeadKind;
use super::item::{Item, Kind};

impl Linker<'_> {
    /// Gives each disc the modifiers of the words that only tell its place.
    pub(super) fn locate_discs(&mut self) {
        for disc in 0..self.heads.len() {
            if matches!(self.heads[disc].kind, HeadKind::Disc(_)) {
                self.name_again(disc);
                self.place_after(disc);
                self.place_within(disc);
                self.places_before(disc);
            }
        }
    }

    /// "right L4-5 extruded disc herniation", "extruded herniated disc, left L4-5": two names of one disc.
    fn name_again(&mut self, disc: usize) {
        let item = self.heads[disc].item as usize;
        if disc > 0
            && matches!(self.heads[disc - 1].kind, HeadKind::Disc(_))
            && self.heads[disc].pre.is_empty()
            && self.heads[disc - 1].item as usize + 1 == item
            && self.items[item].gap.is_tight()
        {
            let pre = self.heads[disc - 1].pre.clone();
            self.heads[disc].pre = pre;
            if self.heads[disc - 1].post.is_empty() {
                let post = self.heads[disc].post.clone();
                self.heads[disc - 1].post = post;
            }
        }
    }

    /// "disc protrusion, central", "the extrusion is right foraminal": a place named after its disc.
    fn place_after(&mut self, disc: usize) {
        let next = disc + 1;
        if next == self.heads.len() || !self.is_place_after(next) {
            return;
        }
        let gap = self.between(disc, next);
        let parts = Gap::COMMA | Gap::HARD | Gap::DASH;
        let last = next + 1 == self.heads.len() || self.between(next, next + 1).has(parts);
        if gap.content == 0
            && !gap.has(Gap::HARD | Gap::AND | Gap::HAS)
            && last
            && !self.is_heading(next)
            && !self.has_own_predicate(next)
        {
            self.heads[next].used = true;
            let mut post = std::mem::take(&mut self.heads[next].pre);
            post.append(&mut self.heads[next].post);
            self.heads[disc].post.append(&mut post);
        }
    }

    /// Whether a structure can be no more than a place: "central", or "left subarticular" of which nothing is said.
    fn is_place_after(&self, head: usize) -> bool {
        let kind = |i: &u16| self.items[*i as usize].kind;
        let is_side = |i: &u16| matches!(kind(i), Kind::Side(..));
        match self.heads[head].structure() {
            Some(Structure::Central) => true,
            Some(Structure::Recess | Structure::Foramen) => {
                let head = &self.heads[head];
                !head.pre.is_empty()
                    && head.pre.iter().all(is_side)
                    && head.post.iter().all(|i| !matches!(kind(i), Kind::Grade(_)))
            }
            _ => false,
        }
    }

    /// "extrusion in the left lateral recess", "herniation of the left L4-5 disc": the side of the place is the
    /// disc's, and so is its level.
    fn place_within(&mut self, disc: usize) {
        let next = disc + 1;
        let is_place = |s: Structure| matches!(s, Structure::Recess | Structure::Foramen | Structure::Disc);
        if next == self.heads.len()
            || !self.heads[next].structure().is_some_and(is_place)
            || self.has_own_predicate(next)
        {
            return;
        }
        let gap = self.between(disc, next);
        let alone = next + 1 == self.heads.len()
            || self.heads[next + 1].structure().is_none()
            || self.between(next, next + 1).has(Gap::COMMA | Gap::HARD);
        if gap.has(Gap::OF) && gap.content == 0 && !gap.has(Gap::HARD | Gap::LIST) && alone {
            self.heads[next].used = true;
            let mut post = std::mem::take(&mut self.heads[next].pre);
            self.heads[disc].post.append(&mut post);
        }
    }

    /// "left foraminal protrusion": adjectives of place before a disc are its place. So are those of a place that
    /// follows it: "extending to the recess, more to the left".
    fn places_before(&mut self, disc: usize) {
        let mut first = disc;
        while first > 0 && self.is_place_before(first) {
            first -= 1;
        }
        for place in (first..disc).rev() {
            self.heads[place].used = true;
            let mut pre = std::mem::take(&mut self.heads[place].pre);
            pre.append(&mut self.heads[place].post);
            pre.append(&mut self.heads[disc].pre);
            self.heads[disc].pre = pre;
        }
    }

    /// Whether the head before another is a place that leads to it.
    fn is_place_before(&self, head: usize) -> bool {
        let gap = self.between(head - 1, head);
        let is_place = matches!(
            self.heads[head - 1].kind,
            HeadKind::Structure(
                Structure::Foramen
                    | Structure::Central
                    | Structure::Recess
                    | Structure::Disc
                    | Structure::Spine
            )
        );
        is_place
            && !self.heads[head - 1].used
            && gap.content == 0
            && !gap.has(Gap::HARD | Gap::IS | Gap::HAS | Gap::OF | Gap::AT | Gap::CLOSE)
    }

    /// Places that nothing was said of give what qualifies them to the disc before: "bulge with annular tear,
    /// more to the right".
    pub(super) fn hand_to_discs(&mut self) {
        let mut disc = None;
        for i in 0..self.heads.len() {
            match self.heads[i].kind {
                HeadKind::Disc(_) => disc = Some(i),
                HeadKind::Structure(s) if !self.heads[i].used || s == Structure::Disc => {
                    if let Some(disc) = disc {
                        let mut post = std::mem::take(&mut self.heads[i].post);
                        // "herniation of the L5-S1 disc, and a fusion from L3 to S1"
                        if self.names_level(disc) {
                            post.retain(|i| !matches!(self.items[*i as usize].kind, Kind::Levels(_)));
                        }
                        self.heads[disc].post.append(&mut post);
                    }
                }
                _ => disc = None,
            }
        }
    }

    /// Whether levels are named with a head.
    fn names_level(&self, head: usize) -> bool {
        let own = self.heads[head].pre.iter().chain(&self.heads[head].post);
        own.into_iter().any(|&i| matches!(self.items[i as usize].kind, Kind::Levels(_)))
    }

    /// Whether a word for a displaced disc stands where nothing else is about a disc or a level.
    pub(super) fn is_bare_disc(&self, p: usize) -> bool {
        let is_bare = matches!(self.items[self.heads[p].item as usize].kind, Kind::Disc(_, Form::Active));
        let speaks_of_spine = |item: &Item| match item.kind {
            Kind::Levels(_) | Kind::Narrowed(_) => true,
            Kind::Pointer(word) => word != LevelWord::Noun,
            Kind::Structure(s) => !matches!(s, Structure::Other | Structure::Cord),
            _ => false,
        };
        // "The herniation was noted on the right."
        let is_sided = self.topic.spine
            && self.heads[p].kind == HeadKind::Disc(Some(Subtype::Herniation))
            && self.has_side(p);
        let has_no_level = !self.topic.has_level && !self.items.iter().any(speaks_of_spine);
        is_bare && (has_no_level && !is_sided || self.is_of_covering(p))
    }

    /// Whether a head is said of the dura or the cord: "allowing the dura to bulge into the interspace".
    fn is_of_covering(&self, p: usize) -> bool {
        let Some(before) = p.checked_sub(1) else { return false };
        let gap = self.between(before, p);
        matches!(self.heads[before].structure(), Some(Structure::Sac | Structure::Cord))
            && !self.heads[before].used
            && gap.content <= 1
            && !gap.has(Gap::LIST | Gap::HARD | Gap::AT | Gap::OF | Gap::OPEN | Gap::CLOSE)
    }
}
