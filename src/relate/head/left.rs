//! What becomes of modifiers that no head has claimed yet: they stay with the head before, or belong to something unknown.
//!
//! ```text
//! stenosis, severe, and a cyst      severe stays with the stenosis
//! with mild cephalic migration      mild is of something unknown
//! ```

use super::{Head, HeadKind, HeadReader};
use crate::lexicon::{ChangeClass, SideForm, Structure};
use crate::model::Side;
use crate::relate::gap::Gap;
use crate::relate::item::{Grade, Item, Kind};

impl HeadReader<'_> {
    /// Gives the first `count` pending modifiers to the head before.
    pub(super) fn leave(&mut self, count: usize) {
        let heads = self.heads();
        if count == 0 || heads.is_empty() {
            return;
        }
        let is_region = |head: &Head| head.structure() == Some(Structure::Spine);
        let last = || heads.iter().rposition(|head| !is_region(head));
        let at = self.returns_to(count).or_else(last).unwrap_or(heads.len() - 1);
        if let Some(head) = self.all.get_mut(self.first + at) {
            head.post.extend_from_slice(&self.pending[..count]);
            self.pending.drain(..count);
        }
    }

    /// "severe on the right with flattening of the root; mild on the left": the head, graded for one side, that a grade and
    /// a side after a semicolon go back to over a structure which takes no grade.
    fn returns_to(&self, count: usize) -> Option<usize> {
        let kind = |i: u16| self.items[i as usize].kind;
        let of_pending = |test: fn(Kind) -> bool| self.pending.iter().take(count).any(|&i| test(kind(i)));
        let is_grade = |kind: Kind| matches!(kind, Kind::Grade(Grade::Named(_) | Grade::Size(_)));
        let is_side = |kind: Kind| matches!(kind, Kind::Side(Side::Left | Side::Right, _));
        let is_level = |kind: Kind| matches!(kind, Kind::Levels(_));
        let first = self.pending.first().map(|&i| self.items[i as usize].gap).unwrap_or_default();
        // "right severe with the root flattened, left mild"
        let pair = match self.pending.get(..count) {
            Some(&[side, grade]) if first.has(Gap::COMMA) && is_grade(kind(grade)) => {
                Some(kind(side)).filter(|&side| is_side(side))
            }
            _ => None,
        };
        if !first.has(Gap::SEMICOLON) && pair.is_none() {
            return None;
        }
        let takes_none = |head: &Head| {
            matches!(
                head.structure(),
                Some(Structure::Root | Structure::Sac | Structure::Cord | Structure::Other)
            )
        };
        let is_past = match self.heads() {
            [.., of, last] if matches!(last.kind, HeadKind::Change(..)) => takes_none(of),
            [.., last] => takes_none(last),
            [] => false,
        };
        if !(is_past && of_pending(is_grade) && (of_pending(is_side) || of_pending(is_level))) {
            return None;
        }
        let is_place = if of_pending(is_side) { is_side } else { is_level };
        self.heads().iter().rposition(|head| {
            let mut own = head.pre.iter().chain(&head.post).map(|&i| kind(i));
            let narrows = match head.kind {
                HeadKind::Change(ChangeClass::Narrow | ChangeClass::Stenosis, _) => true,
                HeadKind::Narrowed(s) | HeadKind::Structure(s) => {
                    matches!(s, Structure::Foramen | Structure::Recess | Structure::Canal)
                }
                _ => false,
            };
            let is_other = |own: Kind| match (pair, own) {
                (Some(Kind::Side(a, _)), Kind::Side(b, _)) => a != b,
                _ => is_place(own),
            };
            narrows && own.clone().any(is_grade) && own.any(is_other)
        })
    }

    pub(super) fn leave_behind(&mut self) {
        self.leave(if self.heads().is_empty() { 0 } else { self.pending.len() });
    }

    /// "left kidney lesion": a side before unknown words is theirs; before a comma it is not, "(left, 9 x 7 mm)".
    pub(super) fn drop_last_adjective(&mut self, gap: Gap) {
        if gap.has(Gap::PARTED) && !self.heads().is_empty() && self.is_of_head_before(self.pending.len()) {
            return;
        }
        let is_adjective =
            |&i: &u16| matches!(self.items[i as usize].kind, Kind::Side(_, SideForm::Adjective));
        let predicate = |&i: &u16| self.items[i as usize].gap.has(Gap::IS);
        // "with mild cephalic migration": a grade that opens a phrase of unknown words is theirs.
        let opens = |&i: &u16| {
            let item = self.items[i as usize];
            matches!(item.kind, Kind::Grade(_)) && item.gap.has(Gap::WITH | Gap::COMMA | Gap::AND | Gap::HAS)
        };
        if self.pending.last().is_some_and(opens) {
            self.pending.pop();
            return;
        }
        let is_single = |&i: &u16| matches!(self.items[i as usize].kind, Kind::Levels(_));
        // ", left L5 laminectomy"
        if let [.., side, level] = self.pending[..]
            && is_adjective(&side)
            && is_single(&level)
            && self.items[side as usize].gap.has(Gap::COMMA)
        {
            self.pending.truncate(self.pending.len() - 2);
        } else if self.pending.last().is_some_and(|i| is_adjective(i) && !predicate(i)) {
            self.pending.pop();
        }
    }

    /// Whether the first `count` that are pending follow their head with nothing unknown between: at once, in brackets or
    /// after a comma; a grade behind a level of its own does so behind a symptom, too.
    fn is_of_head_before(&self, count: usize) -> bool {
        let from = self.heads().last().map_or(0, |head| head.item as usize + 1);
        let Some(&last) = count.checked_sub(1).and_then(|last| self.pending.get(last)) else { return false };
        let is_level = |&i: &u16| matches!(self.items[i as usize].kind, Kind::Levels(_));
        let is_placed = self.pending.first().is_some_and(is_level);
        let fits = |item: &Item| match item.kind {
            Kind::Grade(_) | Kind::Side(..) | Kind::Levels(_) | Kind::Pointer(_) => true,
            Kind::Noun => is_placed,
            _ => false,
        };
        !self.heads().is_empty()
            && self.items.get(from..=last as usize).is_some_and(|items| {
                let gap = Item::gap_over(items);
                items.iter().all(fits) && gap.content == 0 && !gap.has(Gap::WITH | Gap::HAS)
            })
    }

    /// "mild bilateral spurring and left herniation": whether "and" leads from something unknown, which has values right
    /// before it, to a side or grade of the next.
    pub(super) fn parts_from_unknown(&self, index: u16) -> bool {
        let is_value = |item: &Item| {
            matches!(
                item.kind,
                Kind::Side(_, SideForm::Adjective) | Kind::Grade(Grade::Named(_) | Grade::Size(_))
            )
        };
        let item = |i: u16| self.items.get(i as usize);
        let opens = |next: &Item| {
            let is_side = matches!(next.kind, Kind::Side(..));
            next.gap.content == 1 && next.gap.has(Gap::AND) && (is_side || is_value(next))
        };
        if !item(index).is_some_and(opens) {
            return false;
        }
        let last = self.pending.last().filter(|&&last| last + 1 == index);
        // "stenosis mild …" is of the head before.
        let is_led = |&first: &u16| item(first).is_some_and(|i| i.gap.has(Gap::HAS));
        let is_of_head =
            !self.heads().is_empty() && self.is_direct() && !self.pending.first().is_some_and(is_led);
        !is_of_head && last.is_some_and(|&last| item(last).is_some_and(is_value))
    }

    /// Drops the grades and sides that are pending; levels stay.
    pub(super) fn drop_values(&mut self) {
        let items = self.items;
        self.pending.retain(|i| !matches!(items[*i as usize].kind, Kind::Grade(_) | Kind::Side(..)));
    }

    /// "left leg pain": what qualifies a symptom qualifies nothing else; levels stay. What a comma parts from it is of the head
    /// before: "hypertrophy, severe, and a cyst". `gap` stands before the symptom.
    pub(super) fn drop_qualifiers(&mut self, gap: Gap) {
        let parts = Gap::COMMA | Gap::AND | Gap::WITH | Gap::HAS | Gap::SEMICOLON;
        let is_parted = |&i: &u16| self.items[i as usize].gap.has(parts);
        let count = if gap.has(Gap::COMMA | Gap::WITH | Gap::SEMICOLON | Gap::PARTED) {
            self.pending.len()
        } else {
            self.pending.iter().rposition(is_parted).unwrap_or(0)
        };
        if count > 0 && self.is_of_head_before(count) {
            self.leave(count);
        }
        let items = self.items;
        self.pending.retain(|i| matches!(items[*i as usize].kind, Kind::Levels(_) | Kind::Pointer(_)));
    }

    /// A statement ends: what is pending belongs to the head before, if there is one, unless it heads what
    /// follows: "Right: mild."
    pub(super) fn settle(&mut self, gap: Gap) {
        let is_grade = |&i: &u16| matches!(self.items[i as usize].kind, Kind::Grade(_));
        // "…, C7-T1 with …": a level after a comma opens the statement that follows.
        if gap.has(Gap::WITH | Gap::COLON) && self.pending.len() == 1 {
            let item = self.items[self.pending[0] as usize];
            // "right foramen patent, left with mild narrowing"
            let is_other = matches!(item.kind, Kind::Side(Side::Left | Side::Right, SideForm::Adjective))
                && matches!(self.heads().last(), Some(last) if last.kind == HeadKind::Normal)
                && !gap.has(Gap::COMMA);
            if (matches!(item.kind, Kind::Levels(_)) || is_other)
                && item.gap.has(Gap::COMMA | Gap::SEMICOLON)
                && !item.gap.has(Gap::AT)
            {
                self.fresh = true;
                return;
            }
        }
        if !(gap.has(Gap::COLON) || self.fresh && !gap.has(Gap::HARD)) || self.pending.iter().any(is_grade) {
            self.leave_behind();
        }
        self.fresh |= gap.has(Gap::HARD);
    }

    /// "moderate, no …": grades do not reach over a denial, sides and levels do.
    pub(super) fn leave_grades(&mut self) {
        if self.fresh || self.heads().is_empty() {
            return;
        }
        let is_grade = |&i: &u16| matches!(self.items[i as usize].kind, Kind::Grade(_));
        if let Some(last) = self.pending.iter().rposition(is_grade) {
            self.leave(last + 1);
        }
    }
}
