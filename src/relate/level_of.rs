//! Which levels each statement of a sentence is about.
//!
//! Its own, else those that lead the sentence ("At L4-5, …"), else those that close the list it is part of
//! ("… and … at C2-3"), else those of the heading above.

use smallvec::SmallVec;

use crate::lexicon::{Form, LevelWord, Sense, Structure};
use crate::matching::{Token, tokens_within};
use crate::model::{FindingKind, Level, SectionKind, Status};

use super::anchor::{Anchor, Anchors};
use super::attribute::group;
use super::clause::runs_on;
use super::gap::Gap;
use super::grouper::{Group, Groups};
use super::head::{Head, HeadKind, Indices};
use super::item::{Item, Kind, Kinds};
use super::place::{Place, Places, one_of};
use super::statement::Statement;

impl Statement<'_, '_> {
    /// The levels that a sentence takes over from those before it.
    pub(super) fn place_before(heads: &[Head], places: &Places) -> Place {
        // A line that opens with a participle goes on about what was said before it: "…at L4-5⏎Compressing …".
        let topic = places.topic();
        let opens = matches!(heads[0].kind, HeadKind::Change(_, Form::Active))
            && heads[0].item as usize == heads[0].pre.len();
        if topic.levels.is_empty() && opens { places.latest() } else { topic }
    }

    /// The levels named in the sentence that an anchor without levels of its own is about.
    pub(super) fn named_place(
        &self,
        at: usize,
        anchors: &Anchors,
        groups: &[Groups],
        heads: &[Head],
        places: &Places,
    ) -> Option<Place> {
        if !self.kinds.has(Places::NAMED) {
            return None;
        }
        let anchor = &anchors[at];
        let item = heads[anchor.structure as usize].item.max(heads[anchor.predicate as usize].item) as usize;
        let is_level = |i: &usize| self.names_level(*i);
        let first_head = heads.first().map_or(usize::MAX, |h| h.item as usize);
        // "apart from severe stenosis at L4-5, no stenosis": what is left out is no level of the rest.
        let left_out = self.left_out_first(item as u16).filter(|_| self.is_denied(anchor, heads));
        let is_left_out = |i: &usize| left_out.as_ref().is_some_and(|range| range.contains(&(*i as u16)));
        let before = (0..item).rev().find(|i| is_level(i) && !is_left_out(i));
        let leading = before.filter(|&b| b < first_head || self.opens_statement(b));
        let after = (item + 1..self.items.len()).find(is_level).filter(|&a| {
            let gap = Item::gap_over(&self.items[item + 1..=a]);
            let list_only = before.is_none() || !anchor.is_object && !gap.has(Gap::COMMA | Gap::OPEN);
            let own = self.items[a].gap;
            // ", noted at L5-S1, compressing …" closes what stands before it.
            let opens_next =
                own.has(Gap::AT) && (own.has(Gap::AND) || own.has(Gap::COMMA) && !self.closes(a));
            !gap.has(Gap::SEMICOLON | Gap::COLON | Gap::BUT)
                && list_only
                && !opens_next
                && !runs_on(self.items, a)
                && Self::is_trailing(a, at, anchors, groups)
        });
        // "L4-5 bulge; no stenosis at any level": what closes a statement is nearer than what opened one before it.
        let is_past = |leading: usize| Item::gap_over(&self.items[leading + 1..=item]).has(Gap::SEMICOLON);
        let is_pointer = |at: usize| matches!(self.items[at].kind, Kind::Pointer(_));
        let leading = leading.filter(|&leading| !(is_past(leading) && after.is_some_and(is_pointer)));
        // "stenosis at L5-S1 with contact of the root and narrowing at L4-5": what "with" joins stays where it was joined.
        let owns =
            |level: usize, at: usize| groups[at].iter().any(|group| group.levels == Some(level as u16));
        let is_joined = |before: usize| {
            (0..at).any(|earlier| owns(before, earlier))
                && Item::gap_over(&self.items[before + 1..=item]).has(Gap::WITH)
                && after.is_some_and(|after| (at + 1..anchors.len()).any(|later| owns(after, later)))
        };
        let after = after.filter(|_| !before.is_some_and(is_joined));
        let nearest = before.map_or(0, |before| before + 1);
        let of_lesion = (nearest..item).rev().find(|&at| self.is_of_lesion(at)).filter(|_| {
            matches!(anchor.kind, FindingKind::CentralCanalStenosis | FindingKind::ThecalSacCompression)
        });
        // "arthropathy at L3-4 and L4-5, no canal stenosis": what is denied after a list of places is denied of none of them.
        let is_list = |before: usize| {
            let gap = Item::gap_over(&self.items[before + 1..=item]);
            // "without" keeps to what stands before it.
            let is_no = |token: &Token| token.class.sense == Some(Sense::No);
            let denied = self.items[before + 1..=item].iter().any(|i| {
                matches!(i.kind, Kind::Cue(Status::Absent))
                    && tokens_within(self.tokens, i.span).iter().any(is_no)
            });
            denied && gap.has(Gap::COMMA | Gap::SEMICOLON) && self.place(before, places).levels.len() > 1
        };
        if leading.is_none() && after.is_none() && before.is_some_and(is_list) {
            return Some(places.heading());
        }
        let level = of_lesion.filter(|_| after.is_none()).or(leading).or(after).or(before)?;
        Some(self.joined(level, places))
    }

    /// The levels that an item names, with those joined to it: "at L3-4 and at L4-5".
    fn joined(&self, item: usize, places: &Places) -> Place {
        let mut place = self.place(item, places);
        let closes = self.closes(item);
        for at in (1..=item).rev() {
            let gap = self.items[at].gap;
            let both =
                matches!((self.items[at - 1].kind, self.items[at].kind), (Kind::Levels(_), Kind::Levels(_)));
            if !both || !closes || gap.content > 0 || !gap.has(Gap::AND) || gap.has(Gap::COMMA | Gap::HARD) {
                break;
            }
            let before = places.of(&self.items[at - 1], self.levels).levels;
            let known = |level: &&Level| !place.levels.contains(level);
            let new: SmallVec<[Level; 4]> = before.iter().filter(known).copied().collect();
            place.levels.insert_many(0, new);
        }
        place
    }

    /// Whether a level ends a statement: "… at L4-5 there is a bulge" opens one.
    fn closes(&self, level: usize) -> bool {
        let is_value =
            |kind: Kind| matches!(kind, Kind::Pointer(LevelWord::Noun) | Kind::Grade(_) | Kind::Levels(_));
        let next =
            self.items[level + 1..].iter().find(|item| item.gap.has(Gap::COMMA) || !is_value(item.kind));
        next.is_some_and(|next| {
            next.gap.has(Gap::COMMA) || matches!(next.kind, Kind::End | Kind::Change(_, Form::Active))
        })
    }

    /// The levels that an item names; "this level" is first looked for in the sentence itself.
    pub(super) fn place(&self, item: usize, places: &Places) -> Place {
        // "L2-3, the level above the fusion, has …": who says again where it is names no other level.
        let named = item.checked_sub(1).map(|before| &self.items[before]);
        if let Some(named) = named.filter(|named| matches!(named.kind, Kind::Levels(_)))
            && matches!(self.items[item].kind, Kind::Pointer(LevelWord::Above | LevelWord::Below))
            && self.items[item].gap.has(Gap::COMMA)
            && self.items[item].gap.content == 0
        {
            return places.of(named, self.levels);
        }
        let Kind::Pointer(
            word @ (LevelWord::Same | LevelWord::SameAll | LevelWord::Former | LevelWord::Latter),
        ) = self.items[item].kind
        else {
            return places.of(&self.items[item], self.levels);
        };
        let mut before = (0..item).rev().filter(|&i| matches!(self.items[i].kind, Kind::Levels(_)));
        let Some(nearest) = before.next() else { return places.of(&self.items[item], self.levels) };
        let mut place = places.of(&self.items[nearest], self.levels);
        if word != LevelWord::Same
            && place.levels.len() == 1
            && let Some(other) = before.next()
        {
            let mut levels = places.of(&self.items[other], self.levels).levels;
            levels.append(&mut place.levels);
            place.levels = levels;
        }
        match word {
            LevelWord::Former => one_of(place, false),
            LevelWord::Latter => one_of(place, true),
            _ => place,
        }
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

    /// Whether an item is the vertebra of a lesion, at which the canal is narrow too: "fracture of L1 with …", "L4
    /// spondylolisthesis without …".
    fn is_of_lesion(&self, item: usize) -> bool {
        let Kind::Levels(_) = self.items[item].kind else { return false };
        let is_lesion = |at: Option<usize>| {
            let kind = at.and_then(|at| self.items.get(at)).map(|item| item.kind);
            matches!(kind, Some(Kind::Lesion | Kind::Structure(Structure::Other)))
        };
        let own = self.items[item].gap;
        is_lesion(item.checked_sub(1)) && own.has(Gap::OF) && own.content == 0
            || is_lesion(Some(item + 1)) && self.items[item + 1].gap.is_tight()
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
                let single = self.levels.get(index as usize).is_some_and(|m| m.single);
                let is_at = self.items[item].gap.has(Gap::AT);
                // Screws, bodies and roots that an operation goes by.
                if single && self.section == SectionKind::Procedure {
                    return is_at;
                }
                // "migrated behind the S1 body" names no level.
                let next =
                    self.items.get(item + 1).filter(|i| !matches!(i.kind, Kind::End) || i.gap.content > 0);
                let said_to_be =
                    next.is_none_or(|i| i.gap.has(Gap::COLON) || matches!(i.kind, Kind::Pointer(_)));
                !single || is_at || said_to_be
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
        let respectively = self.kinds.has(Kinds::RESPECTIVELY);
        let same_side = groups.iter().all(|g| g.side == groups[0].side || g.side.is_none())
            && groups.iter().all(|g| g.grade.is_some() && !g.former);
        (groups.len() > 1
            && levels.len() == groups.len()
            && places.iter().all(|p| p.mention == places[0].mention)
            && (respectively || same_side))
            .then(|| levels.iter().copied().collect())
    }

    /// "disc disease L3-S1 with severe foraminal stenosis at L4-5": the levels before "with" are those of what stands before
    /// it, where what stands after it names its own among them. So is the level of a lesion to which "and" joins a finding.
    pub(super) fn drop_wider(&self, tokens: &mut Indices) {
        let levels = |i: u16| match self.items[i as usize].kind {
            Kind::Levels(index) => self.levels.get(index as usize).map(|mention| &mention.levels),
            _ => None,
        };
        let Some((&first, rest)) = tokens.split_first() else { return };
        let Some(wide) = levels(first) else { return };
        let next = rest.first().map_or(first, |&next| next) as usize;
        let is_led =
            Item::gap_over(&self.items[first as usize + 1..=next.max(first as usize)]).has(Gap::WITH);
        let has_own = rest
            .iter()
            .filter_map(|&i| levels(i))
            .any(|own| own.len() < wide.len() && own.iter().all(|level| wide.contains(level)));
        // "fibrosis at L4-5 and mild stenosis at L3-4"
        let is_of_lesion = first
            .checked_sub(1)
            .is_some_and(|before| self.items.get(before as usize).is_some_and(|i| i.kind == Kind::Lesion))
            && self.items[first as usize].gap.has(Gap::AT)
            && self.items.get(first as usize + 1).is_some_and(|item| item.gap.has(Gap::AND))
            && rest.iter().any(|&i| levels(i).is_some() && self.items[i as usize].gap.has(Gap::AT));
        if is_led && has_own || is_of_lesion {
            tokens.remove(0);
        }
    }

    /// "at C3-4, C4-5 and C5-6, severe on the right at C5-6": levels of which the last are named again, with values of their
    /// own, which are not those of the others. A side before them all is of all; a grade "elsewhere" is left open.
    pub(super) fn summed_up(&self, tokens: &[u16], kind: FindingKind, head: u16) -> Option<Groups> {
        let levels = |i: u16| match self.items[i as usize].kind {
            Kind::Levels(index) => self.levels.get(index as usize).map(|mention| &mention.levels),
            _ => None,
        };
        let first = tokens.iter().position(|&i| levels(i).is_some())?;
        let last = tokens.iter().rposition(|&i| levels(i).is_some())?;
        let (before, after) = (tokens.get(..first)?, tokens.get(last + 1..)?);
        let (wide, own) = (levels(*tokens.get(first)?)?, levels(*tokens.get(last)?)?);
        let is_part = own.len() < wide.len() && own.iter().all(|level| wide.contains(level));
        let between = self.items.get(*tokens.get(first)? as usize + 1..=*tokens.get(last)? as usize)?;
        let is_parted = Item::gap_over(between).has(Gap::COMMA | Gap::SEMICOLON);
        let names_two = tokens.get(first + 1..last)?.iter().all(|&i| levels(i).is_none());
        let is_grade = |&i: &u16| self.is(i, |k| matches!(k, Kind::Grade(_)));
        let is_graded =
            matches!(*after, [grade] if is_grade(&grade)) && !tokens.get(first..last)?.iter().any(is_grade);
        let is_elsewhere = match *after {
            [] => true,
            [.., last] => is_graded || self.is(last, |k| matches!(k, Kind::Pointer(LevelWord::Elsewhere))),
        };
        let last = if is_graded { tokens.len() - 1 } else { last };
        let sides = before.iter().all(|&i| self.is(i, |k| matches!(k, Kind::Side(..))));
        if !(is_part && is_parted && names_two && is_elsewhere && sides) {
            return None;
        }
        // What stands before the head is of all: "C3-4 and C4-5 bilateral stenosis, worst at C4-5".
        let of_head = tokens.iter().take_while(|&&i| i < head).count().max(first + 1);
        if of_head > last {
            return None;
        }
        let mut groups = group(self.items, tokens.get(..of_head)?, kind);
        let of_all = groups.first().and_then(|group| group.side);
        let own = group(self.items, tokens.get(of_head..=last)?, kind);
        groups.extend(own.into_iter().map(|group| Group { side: group.side.or(of_all), ..group }));
        Some(groups)
    }
}
