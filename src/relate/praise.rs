//! What is said to be as it should be: "the foramina are patent", "canal: L4-5 severe, L5-S1 normal".

use crate::lexicon::{SideForm, Structure};

use super::anchor::{Anchor, Linker};
use super::finding_kind::denied_kind;
use super::gap::Gap;
use super::item::{Item, Kind};
use super::targets::Targets;

impl Linker<'_> {
    /// Joins the praise at `p` to what it is said of.
    pub(super) fn normal(&mut self, p: usize) {
        let next = p + 1;
        let left_tight = p > 0 && self.heads[p - 1].structure().is_some() && {
            let gap = self.between(p - 1, p);
            gap.content == 0
                && !gap.has(Gap::COMMA | Gap::SEMICOLON | Gap::WITH | Gap::BUT)
                && !(gap.has(Gap::AND) && self.heads[p - 1].used)
        };
        let right = next < self.heads.len() && self.heads[next].structure().is_some() && {
            let gap = self.between(p, next);
            gap.content == 0
                && !gap.has(
                    Gap::HARD | Gap::COMMA | Gap::AND | Gap::OR | Gap::IS | Gap::HAS | Gap::AT | Gap::DASH,
                )
        };
        let targets = if right && !left_tight {
            self.list_from(next)
        } else {
            let Some(found) = self.praised_before(p) else { return };
            if found.is_empty() { self.praised_after(p) } else { found }
        };
        // "right patent", "patent at L1-2" where the passage was named before
        let is_placed = self.has_side_beside(p) || self.heads.len() == 1 && self.is_at_level(p);
        if targets.is_empty()
            && is_placed
            && let Some(kind) = self.spoken_of(p).filter(|&s| s != Structure::Facet).and_then(denied_kind)
        {
            self.anchors.push(Anchor::denied(kind, p, p));
        }
        for &target in &targets {
            if let Some(kind) = self.heads[target].structure().and_then(denied_kind) {
                self.anchors.push(Anchor::denied(kind, p, target));
            }
            self.heads[target].used = true;
        }
    }

    /// Whether a side stands right beside the head: "right patent", "patent on the left", and not "both legs negative".
    fn has_side_beside(&self, p: usize) -> bool {
        let item = self.heads[p].item as usize;
        let is_side = |item: &Item| matches!(item.kind, Kind::Side(_, form) if form != SideForm::Compared);
        let before = item.checked_sub(1).and_then(|before| self.items.get(before));
        let after = self.items.get(item + 1);
        before.is_some_and(is_side) && self.items[item].gap.content == 0
            || after.is_some_and(|after| is_side(after) && after.gap.content == 0)
    }

    /// Whether levels follow the head at once: "patent at L1-2".
    fn is_at_level(&self, p: usize) -> bool {
        let next = self.items.get(self.heads[p].item as usize + 1);
        next.is_some_and(|next| {
            matches!(next.kind, Kind::Levels(_)) && next.gap.has(Gap::AT) && next.gap.content == 0
        })
    }

    /// The structures before the praise at `p` that it is said of; `None` where it was read as that of a further place.
    fn praised_before(&mut self, p: usize) -> Option<Targets> {
        for left in (0..p).rev() {
            let gap = self.between(left, p);
            if gap.content > 2 {
                break;
            }
            let Some(structure) = self.heads[left].structure() else { continue };
            // "facet loading negative": a test, and no joint.
            if structure == Structure::Facet && gap.content > 0 && !gap.has(Gap::AND) {
                break;
            }
            if gap.has(Gap::SEMICOLON) && !self.is_heading(left) {
                break;
            }
            // "mild right foraminal narrowing touching the root, left patent"
            let is_other = self.has_side(p)
                && denied_kind(structure).is_none()
                && gap.has(Gap::COMMA | Gap::SEMICOLON)
                && !gap.has(Gap::IS);
            let has_place = self.has_level(p) || self.has_side(p);
            // "canal: L4-5 severe, L5-S1 normal": it is said of a further place alone.
            let is_further = self.is_graded_after(left) && has_place;
            if let Some(kind) = denied_kind(structure).filter(|_| is_further) {
                self.anchors.push(Anchor::denied(kind, p, p));
                return None;
            }
            // "left foramina: C2-3 patent, C3-4 patent, C4-5 mild narrowing, C5-6 patent": a list under a heading.
            let is_listed = self.is_heading(left) && self.heads[left].used && self.has_level(p);
            if let Some(kind) = denied_kind(structure).filter(|_| is_listed) {
                self.anchors.push(Anchor::denied(kind, p, left));
                return None;
            }
            // "C5-6 foraminal stenosis, C6-7 normal": it is said of all at that level.
            // "apart from mild facet arthropathy, normal": what was just told to be changed is not normal.
            let is_past = self.heads[left].used && !gap.has(Gap::IS | Gap::AND) && left + 1 < p;
            if !(is_other || is_past && !has_place || self.heads[left].used && self.has_level(p)) {
                return Some(self.list_before(left));
            }
            break;
        }
        Some(Targets::new())
    }

    /// "all normal - canal, recesses, foramina": the structures listed behind a dash or a colon, to the end of the sentence.
    fn praised_after(&self, p: usize) -> Targets {
        let next = p + 1;
        let is_structure = |at: usize| self.heads[at].structure().is_some();
        if next < self.heads.len() && (next..self.heads.len()).all(is_structure) {
            let gap = self.between(p, next);
            let opens = gap.has(Gap::DASH | Gap::COLON) && gap.content == 0;
            let is_closed = !gap.has(Gap::SEMICOLON | Gap::COMMA | Gap::WITH | Gap::IS | Gap::HAS);
            let targets = self.list_from(next);
            if opens && is_closed && targets.last().is_some_and(|&last| last + 1 == self.heads.len()) {
                return targets;
            }
        }
        Targets::new()
    }
}
