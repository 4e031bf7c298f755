//! Which sides, grades and levels are an anchor's: its own, those that it inherits, and not those of others.

use std::ops::Range;

use smallvec::smallvec;

use crate::lexicon::{Form, SideForm, Structure, Word};
use crate::model::{FindingKind, Side, Status};

use super::anchor::{Anchor, Anchors};
use super::attribute::group;
use super::gap::Gap;
use super::grouper::{Group, Groups};
use super::head::{Head, HeadKind, Indices};
use super::item::{Grade, Item, Kind, Kinds};
use super::statement::Statement;

impl Statement<'_, '_> {
    /// The modifiers of an anchor, grouped.
    pub(super) fn groups(&self, anchor: &Anchor, all: &Anchors, heads: &[Head]) -> Groups {
        let (p, s) = (&heads[anchor.predicate as usize], &heads[anchor.structure as usize]);
        let mut tokens = Indices::from_slice(&s.pre);
        if anchor.predicate == anchor.structure {
            tokens.extend_from_slice(&p.post);
        } else {
            let is_last = all
                .iter()
                .filter(|b| b.predicate == anchor.predicate)
                .all(|b| b.structure <= anchor.structure);
            // What stands after a structure belongs to the first thing said of it.
            let is_first = !all.iter().any(|b| {
                b.structure == anchor.structure
                    && anchor.structure < b.predicate
                    && b.predicate < anchor.predicate
            });
            if is_first {
                tokens.extend_from_slice(&s.post);
            }
            if self.is_of_one(s, p) {
                tokens.retain(|i| !self.is(*i, |k| matches!(k, Kind::Side(..))));
            }
            tokens.extend(p.pre.iter().copied().filter(|&i| {
                anchor.structure < anchor.predicate || !self.is(i, |k| matches!(k, Kind::Side(..)))
            }));
            if anchor.structure < anchor.predicate
                || is_last
                || p.post.iter().all(|i| !self.is(*i, |k| matches!(k, Kind::Side(..))))
            {
                tokens.extend_from_slice(&p.post);
            }
        }
        self.inherit(anchor, all, heads, &mut tokens);
        // "the L5 fracture and canal stenosis at L3-4": a vertebra in passing is no level.
        tokens.retain(|i| {
            let is_levels = matches!(self.items[*i as usize].kind, Kind::Levels(_) | Kind::Pointer(_));
            !is_levels || self.names_level(*i as usize) || self.is_foramen_of(anchor, heads, *i)
        });
        if tokens.is_empty() {
            debug_assert_eq!(group(self.items, &tokens, anchor.kind)[..], [Group::default()]);
            return smallvec![Group::default()];
        }
        tokens.sort_unstable();
        tokens.dedup();
        let head = p.item.max(s.item);
        if self.kinds.has(Kinds::LEVELS) {
            self.drop_of_others(head, &mut tokens);
            self.drop_wider(&mut tokens);
            self.drop_unknown(head, &mut tokens);
            self.drop_repeated(&mut tokens);
        }
        self.drop_corrected(&mut tokens);
        if let Some(left_out) = self.left_out_first(head)
            && self.is_denied(anchor, heads)
        {
            let (own, other): (Indices, Indices) = tokens.iter().copied().partition(|i| left_out.contains(i));
            if !own.is_empty() {
                let mut groups = group(self.items, &other, anchor.kind);
                let left_out = group(self.items, &own, anchor.kind);
                groups.extend(left_out.into_iter().map(|group| Group { excepted: true, ..group }));
                return groups;
            }
        }
        if let Some(at) = self.exception(anchor, heads, &tokens) {
            let mut groups = group(self.items, tokens.get(..at).unwrap_or_default(), anchor.kind);
            let left_out = group(self.items, tokens.get(at..).unwrap_or_default(), anchor.kind);
            groups.extend(left_out.into_iter().map(|group| Group { excepted: true, ..group }));
            return groups;
        }
        let mut groups = self
            .summed_up(&tokens, anchor.kind, head)
            .unwrap_or_else(|| group(self.items, &tokens, anchor.kind));
        if anchor.denies {
            // "right mild and left patent": no grade is lent to what has none.
            for group in &mut groups {
                let has_own = group.items.iter().any(|&i| self.is(i, |k| matches!(k, Kind::Grade(_))));
                group.grade = group.grade.filter(|_| has_own);
            }
        }
        groups
    }

    /// "L4-5 right and L5-S1 left stenosis, each severe": what follows "each" is of all that was named before.
    pub(super) fn give_each(&self, anchors: &Anchors, heads: &[Head], groups: &mut [Groups]) {
        if !self.kinds.has(Kinds::EACH) {
            return;
        }
        let Some(each) = self.items.iter().position(|item| item.kind == Kind::Word(Word::Each)) else {
            return;
        };
        let start =
            self.items[..each].iter().rposition(|i| i.gap.has(Gap::SEMICOLON | Gap::BUT)).unwrap_or(0);
        let is_value = |item: &Item| matches!(item.kind, Kind::Grade(_) | Kind::Side(..));
        let values = (each + 1..self.items.len()).take_while(|&i| {
            is_value(&self.items[i])
                && self.items[i].gap.content == 0
                && !self.items[i].gap.has(Gap::COMMA | Gap::HARD)
        });
        let named = (start..each).map(|at| at as u16);
        for value in values {
            for (anchor, groups) in anchors.iter().zip(groups.iter_mut()) {
                if !named.clone().any(|at| at == heads[anchor.predicate as usize].item) {
                    continue;
                }
                for group in groups.iter_mut().filter(|group| !group.items.contains(&(value as u16))) {
                    match self.items[value].kind {
                        Kind::Grade(grade) if group.grade.is_none() => group.grade = Some(grade),
                        Kind::Side(side, _) if group.side.is_none() => group.side = Some(side),
                        _ => continue,
                    }
                    group.items.push(value as u16);
                }
            }
        }
    }

    /// "no foraminal stenosis except mild on the left at L5-S1", "no stenosis at L3-4, mild at L4-5": where the values begin
    /// that a denial leaves out.
    fn exception(&self, anchor: &Anchor, heads: &[Head], tokens: &[u16]) -> Option<usize> {
        let (p, s) = (&heads[anchor.predicate as usize], &heads[anchor.structure as usize]);
        let head = p.item.max(s.item);
        let is_level = |i: u16| self.is(i, |k| matches!(k, Kind::Levels(_)));
        let is_grade = |i: u16| self.is(i, |k| matches!(k, Kind::Grade(Grade::Named(_) | Grade::Size(_))));
        let opens = |(at, &i): (usize, &u16)| {
            let gap = self.items[i as usize].gap;
            let is_left_out =
                gap.has(Gap::BUT) || self.hedge_before(i).is_some_and(|cue| cue.gap.has(Gap::BUT));
            let is_placed = tokens.get(..at).unwrap_or_default().iter().any(|&i| is_level(i));
            let goes_on = is_placed && !gap.has(Gap::OR | Gap::TO | Gap::OF) && gap.content == 0;
            let next = tokens.get(at + 1).copied();
            let is_graded = next.is_some_and(|next| next == i + 1 && is_grade(next));
            let has_own = is_level(i) && is_graded && tokens.first().is_some_and(|&first| first < head);
            let is_own = is_grade(i) && gap.has(Gap::COMMA | Gap::AND | Gap::SEMICOLON);
            i > head && (is_left_out || goes_on && (has_own || is_own))
        };
        let at = tokens.iter().enumerate().position(opens)?;
        self.is_denied(anchor, heads).then_some(at)
    }

    /// The cue right before an item that makes it uncertain: "except possibly on the left".
    pub(super) fn hedge_before(&self, item: u16) -> Option<&Item> {
        let before = self.items.get((item as usize).checked_sub(1)?)?;
        let is_next = self.items.get(item as usize).is_some_and(|item| item.gap.content == 0);
        (matches!(before.kind, Kind::Cue(Status::Possible)) && is_next).then_some(before)
    }

    /// Whether an anchor says that something is not so.
    pub(super) fn is_denied(&self, anchor: &Anchor, heads: &[Head]) -> bool {
        anchor.denies || self.scopes.assess(self.span(heads, anchor.predicate)).status == Status::Absent
    }

    /// "apart from L4-5, there is no stenosis": the items of an exception that opens a sentence, or follows a heading of
    /// levels, up to the comma before the item at `before`.
    pub(super) fn left_out_first(&self, before: u16) -> Option<Range<u16>> {
        let items = self.items.get(..=before as usize)?;
        let first = items.iter().position(|item| item.gap.has(Gap::BUT))?;
        let is_opening = items[..first].iter().all(|item| matches!(item.kind, Kind::Levels(_)));
        let end = first + 1 + items[first + 1..].iter().position(|item| item.gap.has(Gap::COMMA))?;
        is_opening.then_some(first as u16..end as u16)
    }

    /// "both roots tethered, the right flattened": whether what is said is said of one of two.
    fn is_of_one(&self, structure: &Head, predicate: &Head) -> bool {
        let [side, rest @ ..] = &predicate.pre[..] else { return false };
        let item = &self.items[*side as usize];
        let own = self.items[predicate.item as usize].gap;
        // "the right foramen is patent, but the left is moderately narrowed"
        let is_other = item.gap.has(Gap::BUT) && own.content == 0;
        // "right foramen patent, left with mild narrowing"
        let led = rest.first().map_or(own, |&first| self.items[first as usize].gap);
        let is_next =
            item.gap.has(Gap::COMMA | Gap::SEMICOLON) && led.has(Gap::WITH | Gap::HAS) && own.content == 0;
        // "right foramen not narrowed, left severely narrowed"
        let sides = |i: &u16| matches!(self.items[*i as usize].kind, Kind::Side(Side::Left | Side::Right, _));
        let is_opposite =
            structure.pre.iter().filter(|i| sides(i)).any(|&i| self.items[i as usize].kind != item.kind);
        let is_apposed = item.gap.has(Gap::COMMA) && own.is_tight() && (rest.is_empty() || is_opposite);
        // "the right foramen is narrowed and the left is patent"
        let is_told = item.gap.has(Gap::COMMA | Gap::AND)
            && led.has(Gap::IS)
            && !led.has(Gap::LIST | Gap::HARD)
            && own.content == 0
            && is_opposite;
        structure.item < predicate.item
            && sides(side)
            && (is_other || is_next || is_apposed || is_told)
            && rest.iter().all(|&i| self.is(i, |k| matches!(k, Kind::Grade(_))))
            && *side as usize + rest.len() + 1 == predicate.item as usize
    }

    /// In a chain before one noun, a structure without modifiers of its own has those of the one before it.
    fn inherit(&self, anchor: &Anchor, all: &Anchors, heads: &[Head], tokens: &mut Indices) {
        if anchor.structure > anchor.predicate || anchor.structure == 0 {
            return;
        }
        let before = &heads[anchor.structure as usize - 1];
        let own_item = heads[anchor.structure as usize].item as usize;
        let joint = Item::gap_over(&self.items[before.item as usize + 1..=own_item]);
        let is_denied = self.items[before.item as usize..own_item]
            .iter()
            .any(|item| matches!(item.kind, Kind::Cue(Status::Absent)));
        let is_listed = before.structure().is_some()
            && !is_denied
            && joint.content == 0
            && joint.has(Gap::LIST)
            && !joint.has(Gap::HARD | Gap::IS | Gap::OF);
        let same_predicate =
            all.iter().any(|b| b.predicate == anchor.predicate && b.structure + 1 == anchor.structure)
                || before.structure().is_some_and(|s| matches!(s, Structure::Other | Structure::Cord));
        if !is_listed || !same_predicate {
            return;
        }
        let own = &heads[anchor.structure as usize].pre;
        let graded = own.iter().any(|&i| self.is(i, |k| matches!(k, Kind::Grade(_))));
        let sided = own.iter().any(|&i| self.is(i, |k| matches!(k, Kind::Side(..))));
        let placed = own.iter().any(|&i| self.is(i, |k| matches!(k, Kind::Levels(_))));
        for &i in &before.pre {
            let take = match self.items[i as usize].kind {
                Kind::Grade(_) => !graded,
                Kind::Side(..) => !graded && !sided,
                Kind::Levels(_) | Kind::Pointer(_) => !placed,
                _ => false,
            };
            if take {
                tokens.push(i);
            }
        }
    }

    /// "stenosis L3-4 and L4-5; spondylolisthesis L4-5", "…, previous L4-5 decompression": after the levels of a head, a
    /// further one that something else leads to is that one's.
    fn drop_of_others(&self, head: u16, tokens: &mut Indices) {
        let is_level = |i: u16| self.is(i, |k| matches!(k, Kind::Levels(_)));
        let mut levels = tokens.iter().copied().filter(|&i| i > head && is_level(i));
        let Some(first) = levels.next() else { return };
        let is_led = |&i: &u16| {
            let before = (i as usize).checked_sub(1).map(|at| self.items[at].kind);
            let gap = self.items[i as usize].gap;
            matches!(before, Some(Kind::Lesion | Kind::Cue(Status::Historical))) && gap.content == 0
                // "stenosis at L2-3 above the fusion, which runs from L3 to L5"
                || gap.has(Gap::WHICH) && gap.content > 0
        };
        // "spondylosis C4-C6 with facet hypertrophy, s/p C6-7 fusion"
        let is_named = self.items[..first as usize].iter().any(|item| matches!(item.kind, Kind::Levels(_)));
        let is_past = self.is(first - 1, |k| matches!(k, Kind::Cue(Status::Historical)));
        if is_named && is_past && is_led(&first) {
            tokens.retain(|i| *i < first);
            return;
        }
        if let Some(other) = levels.find(is_led) {
            tokens.retain(|i| *i <= first || *i < other);
        }
    }

    /// "fused C5-6 and mild foraminal narrowing C6-7": a level of something unknown, before "and" and a grade or a side, is not
    /// that of a head which has its own.
    fn drop_unknown(&self, head: u16, tokens: &mut Indices) {
        let &[first, second, ref rest @ ..] = &tokens[..] else { return };
        let is_level = |i: u16| self.is(i, |k| matches!(k, Kind::Levels(_)));
        let (own, next) = (self.items[first as usize].gap, self.items[second as usize].gap);
        let is_value = self.is(second, |k| matches!(k, Kind::Grade(_) | Kind::Side(..)));
        let has_own = rest.iter().any(|&i| i > head && is_level(i));
        if is_level(first)
            && second == first + 1
            && second < head
            && own.content > 0
            && is_value
            && next.has(Gap::AND)
            && next.content == 0
            && has_own
        {
            tokens.remove(0);
        }
    }

    /// "L4-5: … the right L4-5 foramen is severely narrowed": what a heading names again is named once.
    fn drop_repeated(&self, tokens: &mut Indices) {
        let levels = |i: u16| match self.items[i as usize].kind {
            Kind::Levels(index) => self.levels.get(index as usize).map(|mention| &mention.levels),
            _ => None,
        };
        let is_grade = |i: u16| self.is(i, |k| matches!(k, Kind::Grade(_)));
        let Some((&first, rest)) = tokens.split_first() else { return };
        // "L4-5: moderate L4-5 left stenosis"
        let is_headed = |&i: &u16| is_grade(i) && self.items[i as usize].gap.has(Gap::COLON);
        let rest = rest.get(usize::from(rest.first().is_some_and(is_headed))..).unwrap_or_default();
        let mut near = rest.iter().take_while(|&&i| !is_grade(i));
        if levels(first).is_some() && near.any(|&i| levels(i) == levels(first)) {
            tokens.remove(0);
        }
    }

    /// "right, correction, left": what was said before a correction and again after it counts as it was said last.
    fn drop_corrected(&self, tokens: &mut Indices) {
        if !self.kinds.has(Kinds::CORRECTION) {
            return;
        }
        let Some(at) = self.items.iter().rposition(|i| i.kind == Kind::Word(Word::Correction)) else {
            return;
        };
        let class = |i: u16| std::mem::discriminant(&self.items[i as usize].kind);
        let after: Indices = tokens.iter().copied().filter(|&i| i as usize > at).collect();
        tokens.retain(|i| *i as usize > at || !after.iter().any(|&a| class(a) == class(*i)));
    }

    /// "right L5-S1 protrusion touching the S1 root", "the right recess is narrow, compressing the L5 root": a root without a
    /// side has that of the disc or the passage which does it.
    pub(super) fn lend_sides(&self, anchors: &Anchors, heads: &[Head], groups: &mut [Groups]) {
        for (i, root) in anchors.iter().enumerate() {
            let is_bare = matches!(&groups[i][..], [only] if only.side.is_none());
            if root.kind != FindingKind::NerveRootCompression || !is_bare || !self.is_one_object(root, heads)
            {
                continue;
            }
            let is_verb = |at: &usize| !matches!(heads[*at].kind, HeadKind::Change(_, Form::Active));
            let Some(agent) = (0..root.predicate as usize).rev().find(is_verb) else { continue };
            let (from, to) = (heads[agent].item as usize, heads[root.predicate as usize].item as usize);
            let gap = Item::gap_over(&self.items[from + 1..=to]);
            if gap.has(Gap::SEMICOLON | Gap::BUT) {
                continue;
            }
            let presses = |kind| {
                use FindingKind::{DiscDisplacement, ForaminalStenosis, LateralRecessStenosis};
                matches!(kind, DiscDisplacement | ForaminalStenosis | LateralRecessStenosis)
            };
            let by = anchors.iter().position(|a| presses(a.kind) && a.predicate as usize == agent);
            let [of_disc] = by.map_or(&[][..], |by| &groups[by][..]) else { continue };
            let is_side = |i: &&u16| {
                self.is(**i, |k| {
                    matches!(k, Kind::Side(Side::Left | Side::Right, form) if *form != SideForm::Compared)
                })
            };
            let Some(&side) = of_disc.items.iter().find(is_side) else { continue };
            let value = of_disc.side.filter(|&side| side != Side::Bilateral);
            if let Some(group) = groups[i].first_mut().filter(|_| value.is_some()) {
                group.side = value;
                group.items.push(side);
            }
        }
    }

    /// Whether an anchor is something done to a single thing.
    fn is_one_object(&self, anchor: &Anchor, heads: &[Head]) -> bool {
        anchor.is_object
            && anchor.predicate < anchor.structure
            && !self.folded.slice(self.span(heads, anchor.structure)).ends_with('s')
    }
}
