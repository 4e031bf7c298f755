//! From one sentence to its findings: items, heads, anchors, attributes and levels come together here.

use smallvec::{SmallVec, smallvec};

use crate::context::{Assertion, Scopes};
use crate::lexicon::{Form, LevelWord, SideForm, Structure, Word};
use crate::matching::LevelMention;
use crate::model::{
    Evidence, EvidenceList, Finding, FindingKind, Level, Role, ScaleGrade, SectionKind, Side, Status, Vertebra,
};
use crate::text::{FoldSpan, Folded};

use super::anchor::{Anchor, Anchors, Topic, read_anchors};
use super::attribute::{Group, Groups, group};
use super::head::{HeadKind, Heads, Indices, read_heads};
use super::item::{Gap, Grade, Items, Kind};
use super::place::{Place, Places};
use super::scale::Code;

/// One sentence, ready to be read.
pub struct Statement<'a, 'n> {
    /// The note.
    pub folded: &'a Folded<'n>,
    /// The note's level mentions.
    pub levels: &'a [LevelMention],
    /// The sentence's items.
    pub items: &'a Items,
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
pub fn barriers(items: &Items) -> SmallVec<[u32; 4]> {
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
            Kind::Levels(_) if item.gap.has(Gap::COMMA | Gap::AND) && item.gap.has(Gap::AT) && heads > 0 => {
                found.push(item.span.start);
            }
            Kind::Levels(_)
                if item.gap.has(Gap::COMMA | Gap::SEMICOLON)
                    && items.get(i + 1).is_some_and(|next| next.gap.has(Gap::COLON)) =>
            {
                found.push(item.span.start);
            }
            Kind::Structure(_) | Kind::Change(..) | Kind::Narrowed(_) | Kind::Disc(..) | Kind::Normal => {
                heads += 1
            }
            _ => {}
        }
    }
    found
}

/// Marks the levels that name a root, so that they are no level: "the exiting left L4 root".
pub fn mark_roots(items: &mut Items, levels: &[LevelMention], radicular: impl Fn(u32) -> bool) {
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
    /// Appends the findings of the sentence.
    pub fn read(&self, places: &Places, topic: Topic, findings: &mut Vec<Finding>) -> Leaves {
        let mut heads = read_heads(self.items);
        let mut anchors = read_anchors(self.items, &mut heads, topic);
        if anchors.is_empty() {
            self.ellipsis(places, topic, &heads, findings);
            return Leaves { structure: self.left_structure(&heads, &anchors).or(topic.structure) };
        }
        self.drop_taken_back(&mut anchors, &heads);
        self.drop_negated_twins(&mut anchors, &heads);
        let groups: SmallVec<[Groups; 8]> =
            anchors.iter().map(|a| self.groups(a, &anchors, &heads)).collect();
        for (i, anchor) in anchors.iter().enumerate() {
            let fallback = self.fallback(i, &anchors, &groups, &heads, places);
            self.emit(anchor, &heads, &groups[i], &fallback, places, findings);
        }
        Leaves { structure: self.left_structure(&heads, &anchors) }
    }

    /// The passage that a following ellipsis speaks of: "The right is mild."
    fn left_structure(&self, heads: &Heads, anchors: &Anchors) -> Option<Structure> {
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
                .find_map(|h| h.structure())
                .filter(|s| matches!(s, Structure::Foramen | Structure::Recess | Structure::Facet))
        };
        said.or_else(|| if anchors.is_empty() { named() } else { None })
    }

    /// A sentence of sides and grades alone goes on about what was spoken of: "On the left, moderate."
    fn ellipsis(&self, places: &Places, topic: Topic, heads: &Heads, findings: &mut Vec<Finding>) {
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
        let place = places.topic();
        for group in groups.iter().filter(|g| g.side.is_some() && g.grade.is_some()) {
            let own = group.levels.map(|i| self.place(i as usize, places));
            let place = own.unwrap_or_else(|| place.clone());
            let span = self.items[group.items[0] as usize].span;
            self.push(kind, None, group, &place, self.scopes.assess(span), &[(Role::Anchor, span)], findings);
        }
    }

    /// "contacts but does not displace the root" says that the root is contacted.
    fn drop_negated_twins(&self, anchors: &mut Anchors, heads: &Heads) {
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

    fn span(&self, heads: &Heads, head: u16) -> FoldSpan {
        self.items[heads[head as usize].item as usize].span
    }

    /// The modifiers of an anchor, grouped.
    fn groups(&self, anchor: &Anchor, all: &Anchors, heads: &Heads) -> Groups {
        let (p, s) = (&heads[anchor.predicate as usize], &heads[anchor.structure as usize]);
        let mut tokens: Indices = s.pre.clone();
        if anchor.predicate != anchor.structure {
            let is_last = all
                .iter()
                .filter(|b| b.predicate == anchor.predicate)
                .all(|b| b.structure <= anchor.structure);
            // What stands after a structure belongs to the first thing said of it.
            let is_first = !all.iter().any(|b| {
                b.structure == anchor.structure && anchor.structure < b.predicate && b.predicate < anchor.predicate
            });
            if is_first {
                tokens.extend(s.post.iter().copied());
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
        } else {
            tokens.extend(p.post.iter().copied());
        }
        self.inherit(anchor, all, heads, &mut tokens);
        tokens.sort_unstable();
        tokens.dedup();
        self.drop_corrected(&mut tokens);
        group(self.items, &tokens, anchor.kind)
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
    fn drop_taken_back(&self, anchors: &mut Anchors, heads: &Heads) {
        let Some(at) = self.items.iter().rposition(|i| i.kind == Kind::Word(Word::Correction)) else {
            return;
        };
        let item = |a: &Anchor| heads[a.predicate as usize].item as usize;
        let after: SmallVec<[FindingKind; 4]> =
            anchors.iter().filter(|a| item(a) > at).map(|a| a.kind).collect();
        anchors.retain(|a| item(a) > at || !after.contains(&a.kind));
    }

    /// In a chain before one noun, a structure without modifiers of its own has those of the one before it.
    fn inherit(&self, anchor: &Anchor, all: &Anchors, heads: &Heads, tokens: &mut Indices) {
        if anchor.structure > anchor.predicate || anchor.structure == 0 {
            return;
        }
        let before = &heads[anchor.structure as usize - 1];
        let joint = self.items[before.item as usize + 1..=heads[anchor.structure as usize].item as usize]
            .iter()
            .fold(Gap::default(), |gap, item| gap.and(item.gap));
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

    fn is(&self, item: u16, test: fn(&Kind) -> bool) -> bool {
        test(&self.items[item as usize].kind)
    }

    /// The levels of an anchor that has none of its own.
    fn fallback(
        &self,
        at: usize,
        anchors: &Anchors,
        groups: &[Groups],
        heads: &Heads,
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
            let gap = self.items[item + 1..=a].iter().fold(Gap::default(), |gap, item| gap.and(item.gap));
            let list_only = before.is_none() || !anchor.is_object && !gap.has(Gap::COMMA | Gap::OPEN);
            let own = self.items[a].gap;
            let opens_next = own.has(Gap::AT) && own.has(Gap::COMMA | Gap::AND);
            !gap.has(Gap::SEMICOLON | Gap::COLON | Gap::BUT)
                && list_only
                && !opens_next
                && self.is_trailing(a, at, anchors, groups)
        });
        if let Some(level) = after.or(before) {
            return self.place(level, places);
        }
        // A line that opens with a participle goes on about what was said before it: "…at L4-5⏎Compressing …".
        let topic = places.topic();
        let opens = matches!(heads[0].kind, HeadKind::Change(_, Form::Active)) && heads[0].item as usize == heads[0].pre.len();
        if topic.levels.is_empty() && opens { places.latest() } else { topic }
    }

    /// The levels that an item names; "this level" is first looked for in the sentence itself.
    fn place(&self, item: usize, places: &Places) -> Place {
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
    fn is_trailing(&self, item: usize, at: usize, anchors: &Anchors, groups: &[Groups]) -> bool {
        let owned = |i: usize| groups[i].iter().any(|g| g.levels == Some(item as u16));
        at + 1 == anchors.len() || (at..anchors.len()).any(owned)
    }

    /// Whether a level stands at the start of a statement inside the sentence: "…; at L5-S1, …".
    fn opens_statement(&self, item: usize) -> bool {
        let gap = self.items[item].gap;
        let next = self.items.get(item + 1).map(|i| i.gap).unwrap_or_default();
        gap.has(Gap::SEMICOLON | Gap::BUT)
            || next.has(Gap::COLON)
            || gap.has(Gap::COMMA) && next.has(Gap::COMMA | Gap::HAS | Gap::WITH)
    }

    fn names_interspace(&self) -> bool {
        let is_interspace = |index: u32| self.levels.get(index as usize).is_some_and(|m| !m.single);
        self.items.iter().any(|i| matches!(i.kind, Kind::Levels(index) if is_interspace(index)))
    }

    /// Whether an item names levels that a finding can have.
    fn names_level(&self, item: usize) -> bool {
        match self.items[item].kind {
            // "multilevel …, largest at L2-3": named levels say more.
            Kind::Pointer(LevelWord::Multiple) => !self.names_interspace(),
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

    fn emit(
        &self,
        anchor: &Anchor,
        heads: &Heads,
        groups: &Groups,
        fallback: &Place,
        places: &Places,
        findings: &mut Vec<Finding>,
    ) {
        let predicate = self.span(heads, anchor.predicate);
        let structure = self.span(heads, anchor.structure);
        let mut assertion = self.scopes.assess(predicate);
        if assertion.status == Status::Present
            && anchor.structure != anchor.predicate
            && !anchor.denies
            && anchor.structure < anchor.predicate
        {
            assertion = self.scopes.assess(structure);
        }
        if anchor.denies {
            // "not patent": only a denial that stands right before the praise turns it around.
            let turned = assertion.scope.is_some_and(|s| {
                s.status == Status::Absent && s.cue.end + 1 >= predicate.start && s.cue.end <= predicate.start
            });
            assertion.status = match assertion.status {
                Status::Absent if turned => Status::Present,
                Status::Present | Status::Possible | Status::Absent => Status::Absent,
                other => other,
            };
        }
        if assertion.status == Status::Possible
            && matches!(self.section, SectionKind::Indication | SectionKind::Consent)
        {
            assertion.status = Status::Hypothetical;
        }
        let mut evidence: SmallVec<[(Role, FoldSpan); 2]> = smallvec![(Role::Anchor, predicate)];
        if anchor.structure != anchor.predicate {
            evidence.push((Role::Structure, structure));
        }
        let place_of = |g: &Group| {
            g.levels
                .filter(|&i| self.names_level(i as usize) || self.is_foramen_of(anchor, heads, i))
                .map(|i| self.place(i as usize, places))
        };
        let places_of: SmallVec<[Place; 2]> =
            groups.iter().map(|g| place_of(g).unwrap_or_else(|| fallback.clone())).collect();
        if let Some(levels) = self.zipped(groups, &places_of) {
            for (group, level) in groups.iter().zip(levels) {
                let place = Place { levels: smallvec![level], mention: places_of[0].mention };
                self.push(anchor.kind, anchor.subtype, group, &place, assertion, &evidence, findings);
            }
            return;
        }
        // "previously severe … is now mild": only the grade of then is of the past.
        if assertion.status == Status::Historical
            && groups.iter().any(|g| g.former)
            && groups.iter().any(|g| !g.former)
        {
            assertion = Assertion::default();
        }
        for (group, place) in groups.iter().zip(&places_of) {
            self.push(anchor.kind, anchor.subtype, group, place, assertion, &evidence, findings);
        }
    }

    /// Whether a lone vertebra names its foramen: "the left L4 foramen".
    fn is_foramen_of(&self, anchor: &Anchor, heads: &Heads, level: u16) -> bool {
        let item = &heads[anchor.structure as usize].item;
        anchor.kind == FindingKind::ForaminalStenosis && level + 1 == *item && self.items[*item as usize].gap.is_tight()
    }

    /// "mild and moderate … at L3-4 and L4-5, respectively": one grade for each level.
    fn zipped(&self, groups: &Groups, places: &[Place]) -> Option<SmallVec<[Level; 4]>> {
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

    fn push(
        &self,
        kind: FindingKind,
        subtype: Option<crate::model::Subtype>,
        group: &Group,
        place: &Place,
        assertion: Assertion,
        words: &[(Role, FoldSpan)],
        findings: &mut Vec<Finding>,
    ) {
        let status = match (group.grade, group.former) {
            (Some(Grade::Nil), _) => Status::Absent,
            (_, true) if assertion.status == Status::Present => Status::Historical,
            _ => assertion.status,
        };
        if status == Status::Family {
            return;
        }
        let severity = match group.grade {
            _ if status == Status::Absent => None,
            Some(Grade::Named(s)) => Some(s),
            Some(Grade::Coded(code)) => code.severity,
            Some(Grade::Size(s)) if kind != FindingKind::DiscDisplacement => Some(s),
            _ => None,
        };
        let side = match kind {
            FindingKind::CentralCanalStenosis | FindingKind::ThecalSacCompression => None,
            _ => group.side,
        };
        let root = group.root.and_then(|i| self.levels.get(i as usize)).map(|m| m.levels[0].upper());
        let mut evidence: EvidenceList =
            words.iter().map(|&(role, span)| self.evidence(role, span)).collect();
        for &i in &group.items {
            let item = &self.items[i as usize];
            let role = match item.kind {
                Kind::Side(..) if side.is_some() => Role::Side,
                Kind::Grade(_) if severity.is_some() || group.grade == Some(Grade::Nil) => Role::Severity,
                Kind::Root(_) => Role::Root,
                _ => continue,
            };
            evidence.push(self.evidence(role, item.span));
        }
        if let Some(mention) =
            place.mention.and_then(|i| self.levels.get(i as usize)).filter(|_| !place.levels.is_empty())
        {
            evidence.push(self.evidence(Role::Level, mention.span));
        }
        if let Some(scope) = assertion.scope.filter(|_| status != Status::Present) {
            evidence.push(self.evidence(Role::Cue, scope.cue));
        }
        evidence.sort_unstable_by_key(|e| (e.span, e.role));
        evidence.dedup();
        let levels: SmallVec<[Option<Level>; 4]> = if place.levels.is_empty() {
            smallvec![None]
        } else {
            place.levels.iter().copied().map(Some).collect()
        };
        for level in levels {
            findings.push(Finding {
                kind,
                subtype,
                level,
                side,
                severity,
                status,
                root: if kind == FindingKind::NerveRootCompression { root } else { None },
                grade: self.scale_grade(group),
                section: self.section,
                evidence: evidence.clone(),
            });
        }
    }

    /// The grade on a named scale.
    fn scale_grade(&self, group: &Group) -> Option<ScaleGrade> {
        group.items.iter().find_map(|&i| match self.items[i as usize].kind {
            Kind::Grade(Grade::Coded(Code { scale: Some(scale), .. })) => {
                Some(ScaleGrade { scale, span: self.folded.to_note(self.items[i as usize].span) })
            }
            _ => None,
        })
    }

    fn evidence(&self, role: Role, span: FoldSpan) -> Evidence {
        Evidence { role, span: self.folded.to_note(span) }
    }
}

/// Whether a side is said of a place or a disc only by an adverb.
pub const fn is_adverb(form: SideForm) -> bool {
    !matches!(form, SideForm::Adjective)
}

/// The root that a level mention names.
pub fn root_of(mention: &LevelMention) -> Option<Vertebra> {
    mention.levels.first().map(|level| level.upper())
}
