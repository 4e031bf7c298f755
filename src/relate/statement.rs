//! From one sentence to its findings: items, heads, anchors, attributes and levels come together here.

use smallvec::{SmallVec, smallvec};

use crate::context::Scopes;
use crate::lexicon::{Form, SideForm, Structure, Word};
use crate::matching::{LevelMention, Token};
use crate::model::{Finding, FindingKind, Role, SectionKind, Side, Status};
use crate::text::{FoldSpan, Folded};

use super::anchor::{Anchor, Anchors, Topic, read_anchors};
use super::attribute::{Group, Groups, group};
use super::emit::Said;
use super::gap::Gap;
use super::head::{Head, HeadKind, Indices};
use super::item::{Grade, Item, Kind};
use super::place::Places;

/// One sentence, ready to be read.
pub struct Statement<'a, 'n> {
    /// The note.
    pub folded: &'a Folded<'n>,
    /// The words of the note, and what stands between them.
    pub tokens: &'a [Token],
    /// The note's level mentions.
    pub levels: &'a [LevelMention],
    /// The sentence's items.
    pub items: &'a [Item],
    /// The sentence's context.
    pub scopes: &'a Scopes,
    /// Its section.
    pub section: SectionKind,
}

/// What a sentence leaves to those after it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Leaves {
    /// The passage that it spoke of last.
    pub structure: Option<Structure>,
}

/// Offsets at which the reach of cues ends: where a new graded statement or a new level begins.
pub fn barriers(items: &[Item]) -> SmallVec<[u32; 4]> {
    let mut found = SmallVec::new();
    let mut heads = 0;
    for (i, item) in items.iter().enumerate() {
        match item.kind {
            Kind::Side(_, SideForm::Adjective)
                if heads > 0
                    && item.gap.has(Gap::COMMA | Gap::AND | Gap::WITH | Gap::SEMICOLON)
                    && matches!(
                        items.get(i + 1).map(|n| n.kind),
                        Some(Kind::Grade(Grade::Named(_) | Grade::Size(_)))
                    ) =>
            {
                found.push(item.span.start);
            }
            Kind::Grade(Grade::Named(_) | Grade::Size(_))
                if heads > 0 && item.gap.has(Gap::COMMA | Gap::AND | Gap::WITH | Gap::SEMICOLON) =>
            {
                found.push(item.span.start);
            }
            Kind::Levels(_)
                if heads > 0
                    && (item.gap.has(Gap::COMMA | Gap::AND) && item.gap.has(Gap::AT)
                        || runs_on(items, i)) =>
            {
                found.push(item.span.start);
            }
            Kind::Levels(_)
                if item.gap.has(Gap::COMMA | Gap::SEMICOLON)
                    && items.get(i + 1).is_some_and(|next| next.gap.has(Gap::COLON)) =>
            {
                found.push(item.span.start);
            }
            Kind::Structure(_) | Kind::Change(..) | Kind::Narrowed(_) | Kind::Disc(..) | Kind::Normal => {
                heads += 1;
            }
            _ => {}
        }
    }
    found
}

/// "… no canal stenosis C4-5 disc protrusion …": whether a level opens a statement where nothing closed the one before.
pub(super) fn runs_on(items: &[Item], level: usize) -> bool {
    let is_said = |at: usize| {
        items
            .get(at)
            .is_some_and(|item| matches!(item.kind, Kind::Change(..) | Kind::Narrowed(_) | Kind::Normal))
    };
    let is_tight =
        |at: usize| items.get(at).is_some_and(|item| item.gap.is_tight() && !item.gap.has(Gap::FILLER));
    let opens =
        items.get(level + 1).is_some_and(|item| matches!(item.kind, Kind::Disc(..) | Kind::Structure(_)));
    level.checked_sub(1).is_some_and(is_said) && opens && is_tight(level) && is_tight(level + 1)
}

/// Marks the levels that name a root, so that they are no level: "the exiting left L4 root".
pub fn mark_roots(items: &mut [Item], levels: &[LevelMention], radicular: impl Fn(u32) -> bool) {
    for i in 0..items.len() {
        let Kind::Levels(index) = items[i].kind else { continue };
        let Some(mention) = levels.get(index as usize).filter(|m| m.single) else { continue };
        let mut next = i + 1;
        while items.get(next).is_some_and(|item| matches!(item.kind, Kind::Side(..)) && item.gap.content == 0)
        {
            next += 1;
        }
        let names_next = items.get(next).is_some_and(|item| {
            matches!(item.kind, Kind::Structure(Structure::Root) | Kind::Narrowed(Structure::Root))
                && item.gap.content == 0
                && !item.gap.has(Gap::LIST | Gap::HARD | Gap::OF | Gap::IS)
        });
        let names_before = i > 0
            && items[i - 1].kind == Kind::Structure(Structure::Root)
            && items[i].gap.content == 0
            && !items[i].gap.has(Gap::LIST | Gap::HARD | Gap::IS | Gap::AT);
        if names_next || names_before || radicular(mention.span.end) {
            items[i].kind = Kind::Root(index);
        }
    }
}

impl Statement<'_, '_> {
    /// Appends the findings of the sentence, whose heads these are.
    pub fn read(
        &self,
        heads: &mut [Head],
        places: &Places,
        topic: Topic,
        findings: &mut Vec<Finding>,
    ) -> Leaves {
        let mut anchors = read_anchors(self.items, heads, topic);
        if anchors.is_empty() {
            self.ellipsis(places, topic, heads, findings);
            return Leaves { structure: Self::left_structure(heads, &anchors).or(topic.structure) };
        }
        self.drop_taken_back(&mut anchors, heads);
        self.drop_negated_twins(&mut anchors, heads);
        let mut groups: SmallVec<[Groups; 8]> =
            anchors.iter().map(|a| self.groups(a, &anchors, heads)).collect();
        self.lend_sides(&anchors, heads, &mut groups);
        for (i, anchor) in anchors.iter().enumerate() {
            let fallback = self.fallback(i, &anchors, &groups, heads, places);
            self.emit(anchor, heads, &groups[i], &fallback, places, findings);
        }
        Leaves { structure: Self::left_structure(heads, &anchors) }
    }

    /// The passage that a following ellipsis speaks of: "The right is mild."
    fn left_structure(heads: &[Head], anchors: &Anchors) -> Option<Structure> {
        let of_kind = |kind| match kind {
            FindingKind::ForaminalStenosis => Some(Structure::Foramen),
            FindingKind::LateralRecessStenosis => Some(Structure::Recess),
            FindingKind::FacetArthropathy => Some(Structure::Facet),
            _ => None,
        };
        let said = anchors.iter().rev().find_map(|a| of_kind(a.kind));
        let named = || {
            heads
                .iter()
                .rev()
                .find_map(super::head::Head::structure)
                .filter(|s| matches!(s, Structure::Foramen | Structure::Recess | Structure::Facet))
        };
        said.or_else(|| if anchors.is_empty() { named() } else { None })
    }

    /// A sentence of sides and grades alone goes on about what was spoken of: "On the left, moderate."
    fn ellipsis(&self, places: &Places, topic: Topic, heads: &[Head], findings: &mut Vec<Finding>) {
        let Some(structure) = topic.structure else { return };
        let has_other = heads.iter().any(|h| !matches!(h.kind, HeadKind::Normal));
        let kind = match structure {
            Structure::Foramen => FindingKind::ForaminalStenosis,
            Structure::Recess => FindingKind::LateralRecessStenosis,
            Structure::Facet => FindingKind::FacetArthropathy,
            _ => return,
        };
        let tokens: Indices = (0..self.items.len() as u16)
            .filter(|&i| {
                matches!(
                    self.items[i as usize].kind,
                    Kind::Side(..) | Kind::Grade(_) | Kind::Levels(_) | Kind::Pointer(_)
                )
            })
            .collect();
        let any = |test: fn(&Kind) -> bool| tokens.iter().any(|&i| test(&self.items[i as usize].kind));
        let sided = any(|k| matches!(k, Kind::Side(..)));
        let graded = any(|k| matches!(k, Kind::Grade(Grade::Named(_) | Grade::Size(_) | Grade::Nil)));
        let content: u32 = self.items.iter().map(|i| u32::from(i.gap.content)).sum();
        if has_other || !(sided && graded) || content > 3 {
            return;
        }
        let groups = group(self.items, &tokens, kind);
        let latest = places.latest();
        let place = if places.has_topic() || latest.levels.len() != 1 { places.topic() } else { latest };
        for group in groups.iter().filter(|g| g.side.is_some() && g.grade.is_some()) {
            let own = group.levels.map(|i| self.place(i as usize, places));
            let place = own.unwrap_or_else(|| place.clone());
            let Some(&first) = group.items.first() else { continue };
            let span = self.items[first as usize].span;
            let words = smallvec![(Role::Anchor, span)];
            let said = Said { kind, subtype: None, assertion: self.scopes.assess(span), words };
            self.push(&said, group, &place, findings);
        }
    }

    /// "contacts but does not displace the root" says that the root is contacted.
    fn drop_negated_twins(&self, anchors: &mut Anchors, heads: &[Head]) {
        let status = |a: &Anchor| self.scopes.assess(self.span(heads, a.predicate)).status;
        let statuses: SmallVec<[Status; 8]> = anchors.iter().map(status).collect();
        let keep: SmallVec<[bool; 8]> = anchors
            .iter()
            .enumerate()
            .map(|(i, a)| {
                let twin = |(j, b): (usize, &Anchor)| {
                    i != j
                        && a.structure == b.structure
                        && a.kind == b.kind
                        && a.predicate != b.predicate
                        && !a.denies
                        && !b.denies
                        && statuses[i] == Status::Absent
                        && statuses[j] == Status::Present
                };
                !anchors.iter().enumerate().any(twin)
            })
            .collect();
        let mut at = 0;
        anchors.retain(|_| {
            at += 1;
            keep[at - 1]
        });
    }

    pub(super) fn span(&self, heads: &[Head], head: u16) -> FoldSpan {
        self.items[heads[head as usize].item as usize].span
    }

    /// The modifiers of an anchor, grouped.
    fn groups(&self, anchor: &Anchor, all: &Anchors, heads: &[Head]) -> Groups {
        let (p, s) = (&heads[anchor.predicate as usize], &heads[anchor.structure as usize]);
        let mut tokens: Indices = s.pre.clone();
        if anchor.predicate == anchor.structure {
            tokens.extend(p.post.iter().copied());
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
                tokens.extend(s.post.iter().copied());
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
                tokens.extend(p.post.iter().copied());
            }
        }
        self.inherit(anchor, all, heads, &mut tokens);
        // "the L5 fracture and canal stenosis at L3-4": a vertebra in passing is no level.
        tokens.retain(|i| {
            let is_levels = matches!(self.items[*i as usize].kind, Kind::Levels(_) | Kind::Pointer(_));
            !is_levels || self.names_level(*i as usize) || self.is_foramen_of(anchor, heads, *i)
        });
        tokens.sort_unstable();
        tokens.dedup();
        self.drop_of_others(p.item.max(s.item), &mut tokens);
        self.drop_wider(&mut tokens);
        self.drop_repeated(&mut tokens);
        self.drop_corrected(&mut tokens);
        if let Some(at) = self.exception(anchor, heads, &tokens) {
            let mut groups = group(self.items, tokens.get(..at).unwrap_or_default(), anchor.kind);
            let left_out = group(self.items, tokens.get(at..).unwrap_or_default(), anchor.kind);
            groups.extend(left_out.into_iter().map(|group| Group { excepted: true, ..group }));
            return groups;
        }
        self.summed_up(&tokens, anchor.kind).unwrap_or_else(|| group(self.items, &tokens, anchor.kind))
    }

    /// "no foraminal stenosis except mild on the left at L5-S1": where the values begin that a denial leaves out.
    fn exception(&self, anchor: &Anchor, heads: &[Head], tokens: &[u16]) -> Option<usize> {
        let (p, s) = (&heads[anchor.predicate as usize], &heads[anchor.structure as usize]);
        let opens = |i: u16| {
            i > p.item.max(s.item) && self.items.get(i as usize).is_some_and(|item| item.gap.has(Gap::BUT))
        };
        let at = tokens.iter().position(|&i| opens(i))?;
        let is_denied =
            anchor.denies || self.scopes.assess(self.span(heads, anchor.predicate)).status == Status::Absent;
        is_denied.then_some(at)
    }

    /// "both roots tethered, the right flattened": whether what is said is said of one of two.
    fn is_of_one(&self, structure: &Head, predicate: &Head) -> bool {
        let [side, rest @ ..] = &predicate.pre[..] else { return false };
        let item = &self.items[*side as usize];
        let own = self.items[predicate.item as usize].gap;
        // "the right foramen is patent, but the left is moderately narrowed"
        let is_other = item.gap.has(Gap::BUT) && own.content == 0;
        structure.item < predicate.item
            && matches!(item.kind, Kind::Side(Side::Left | Side::Right, _))
            && (is_other || item.gap.has(Gap::COMMA) && own.is_tight() && rest.is_empty())
            && rest.iter().all(|&i| self.is(i, |k| matches!(k, Kind::Grade(_))))
            && *side as usize + rest.len() + 1 == predicate.item as usize
    }

    /// "stenosis L3-4 and L4-5; spondylolisthesis L4-5", "…, previous L4-5 decompression": after the levels of a head, a
    /// further one that something else leads to is that one's.
    fn drop_of_others(&self, head: u16, tokens: &mut Indices) {
        let is_level = |i: u16| self.is(i, |k| matches!(k, Kind::Levels(_)));
        let mut levels = tokens.iter().copied().filter(|&i| i > head && is_level(i));
        let Some(first) = levels.next() else { return };
        let is_led = |&i: &u16| {
            let before = (i as usize).checked_sub(1).map(|at| self.items[at].kind);
            matches!(before, Some(Kind::Lesion | Kind::Cue(Status::Historical)))
                && self.items[i as usize].gap.content == 0
        };
        if let Some(other) = levels.find(is_led) {
            tokens.retain(|i| *i <= first || *i < other);
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
        let mut near = rest.iter().take_while(|&&i| !is_grade(i));
        if levels(first).is_some() && near.any(|&i| levels(i) == levels(first)) {
            tokens.remove(0);
        }
    }

    /// "right L5-S1 protrusion touching the S1 root", "the right recess is narrow, compressing the L5 root": a root without a
    /// side has that of the disc or the passage which does it.
    fn lend_sides(&self, anchors: &Anchors, heads: &[Head], groups: &mut [Groups]) {
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

    /// "right, correction, left": what was said before a correction and again after it counts as it was said last.
    fn drop_corrected(&self, tokens: &mut Indices) {
        let Some(at) = self.items.iter().rposition(|i| i.kind == Kind::Word(Word::Correction)) else {
            return;
        };
        let class = |i: u16| std::mem::discriminant(&self.items[i as usize].kind);
        let after: Indices = tokens.iter().copied().filter(|&i| i as usize > at).collect();
        tokens.retain(|i| *i as usize > at || !after.iter().any(|&a| class(a) == class(*i)));
    }

    /// Statements that a correction takes back: those before it of a kind that is stated again after it.
    fn drop_taken_back(&self, anchors: &mut Anchors, heads: &[Head]) {
        let Some(at) = self.items.iter().rposition(|i| i.kind == Kind::Word(Word::Correction)) else {
            return;
        };
        let item = |a: &Anchor| heads[a.predicate as usize].item as usize;
        let after: SmallVec<[FindingKind; 4]> =
            anchors.iter().filter(|a| item(a) > at).map(|a| a.kind).collect();
        anchors.retain(|a| item(a) > at || !after.contains(&a.kind));
    }

    /// In a chain before one noun, a structure without modifiers of its own has those of the one before it.
    fn inherit(&self, anchor: &Anchor, all: &Anchors, heads: &[Head], tokens: &mut Indices) {
        if anchor.structure > anchor.predicate || anchor.structure == 0 {
            return;
        }
        let before = &heads[anchor.structure as usize - 1];
        let own_item = heads[anchor.structure as usize].item as usize;
        let joint = Item::gap_over(&self.items[before.item as usize + 1..=own_item]);
        let is_listed = before.structure().is_some()
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
        for &i in &before.pre {
            let take = match self.items[i as usize].kind {
                Kind::Grade(_) => !graded,
                Kind::Side(..) => !graded && !sided,
                Kind::Levels(_) | Kind::Pointer(_) => true,
                _ => false,
            };
            if take {
                tokens.push(i);
            }
        }
    }

    pub(super) fn is(&self, item: u16, test: fn(&Kind) -> bool) -> bool {
        test(&self.items[item as usize].kind)
    }
}
