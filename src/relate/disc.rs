//! Displaced discs: adjectives of place and side that are theirs, and words that are discs only near a level.

use crate::lexicon::{Form, LevelWord, Structure};

use crate::model::Subtype;

use super::anchor::Linker;
use super::gap::Gap;
use super::head::HeadKind;
use super::item::{Item, Kind};

impl Linker<'_> {
    /// Adjectives of place before a disc word are its place: "left foraminal protrusion". Their modifiers are
    /// the disc's. So are those of a place that follows it: "extending to the recess, more to the left".
    pub(super) fn locate_discs(&mut self) {
        for disc in 0..self.heads.len() {
            if !matches!(self.heads[disc].kind, HeadKind::Disc(_)) {
                continue;
            }
            // "right L4-5 extruded disc herniation": two names of one disc.
            let item = self.heads[disc].item as usize;
            if disc > 0
                && matches!(self.heads[disc - 1].kind, HeadKind::Disc(_))
                && self.heads[disc].pre.is_empty()
                && self.heads[disc - 1].item as usize + 1 == item
                && self.items[item].gap.is_tight()
            {
                self.heads[disc].pre = self.heads[disc - 1].pre.clone();
            }
            // "disc protrusion, central": a place named after its disc.
            if disc + 1 < self.heads.len() && self.heads[disc + 1].structure() == Some(Structure::Central) {
                let gap = self.between(disc, disc + 1);
                let last = disc + 2 == self.heads.len()
                    || self.between(disc + 1, disc + 2).has(Gap::COMMA | Gap::HARD);
                if gap.content == 0 && !gap.has(Gap::HARD | Gap::AND) && last {
                    self.heads[disc + 1].used = true;
                    let mut post = std::mem::take(&mut self.heads[disc + 1].pre);
                    post.append(&mut self.heads[disc + 1].post);
                    self.heads[disc].post.append(&mut post);
                }
            }
            // "extrusion in the left lateral recess", "herniation of the left L4-5 disc": the side of the place is the
            // disc's, and so is its level.
            let next = disc + 1;
            let is_place =
                |s: Structure| matches!(s, Structure::Recess | Structure::Foramen | Structure::Disc);
            if next < self.heads.len()
                && self.heads[next].structure().is_some_and(is_place)
                && !self.has_own_predicate(next)
            {
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
            let mut first = disc;
            while first > 0 && self.heads[first - 1].structure().is_some() && !self.heads[first - 1].used {
                let gap = self.between(first - 1, first);
                let is_place = matches!(
                    self.heads[first - 1].kind,
                    HeadKind::Structure(
                        Structure::Foramen
                            | Structure::Central
                            | Structure::Recess
                            | Structure::Disc
                            | Structure::Spine
                    )
                );
                if !is_place
                    || gap.content > 0
                    || gap.has(Gap::HARD | Gap::IS | Gap::HAS | Gap::OF | Gap::AT | Gap::CLOSE)
                {
                    break;
                }
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
