//! From one sentence to its findings: items, heads, anchors, attributes and levels come together here.

use smallvec::SmallVec;

use crate::context::Scopes;
use crate::lexicon::{Structure, Word};
use crate::matching::{LevelMention, Token};
use crate::model::{Finding, FindingKind, SectionKind, Status};
use crate::text::{FoldSpan, Folded};

use super::anchor::{Anchor, Anchors, Topic, read_anchors};
use super::gap::Gap;
use super::grouper::Groups;
use super::head::{Head, read_heads};
use super::item::{Item, Kind, Kinds};
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
    /// Their kinds.
    pub kinds: Kinds,
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

/// Marks the levels that name a root, so that they are no level: "the exiting left L4 root". `kinds` are those of the items.
pub fn mark_roots(
    items: &mut [Item],
    kinds: &mut Kinds,
    levels: &[LevelMention],
    radicular: impl Fn(u32) -> bool,
) {
    if !kinds.has(Kinds::LEVELS) {
        return;
    }
    let mut is_marked = false;
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
            is_marked = true;
        }
    }
    if is_marked {
        *kinds = Kinds::of(items);
    }
}

/// The passage that a sentence names last, of which the next may go on to speak.
fn named_structure(items: &[Item]) -> Option<Structure> {
    let structure = |item: &Item| match item.kind {
        Kind::Structure(structure) => Some(structure),
        _ => None,
    };
    let is_passage = |s: &Structure| matches!(s, Structure::Foramen | Structure::Recess | Structure::Facet);
    items.iter().rev().find_map(structure).filter(is_passage)
}

impl Statement<'_, '_> {
    /// What states a finding: a sentence without it states none.
    pub const TELLING: Kinds = Kinds::PREDICATE.or(Kinds::GRADE);

    /// Appends the findings of the sentence, whose heads these are.
    pub fn read(
        &self,
        heads: &mut [Head],
        places: &Places,
        topic: Topic,
        findings: &mut Vec<Finding>,
    ) -> Leaves {
        let named = || Leaves { structure: named_structure(self.items).or(topic.structure) };
        if !self.kinds.has(Self::TELLING) {
            debug_assert!(self.is_silent(topic));
            return named();
        }
        let mut anchors = read_anchors(self.items, self.kinds, heads, topic);
        if anchors.is_empty() {
            self.ellipsis(places, topic, heads, findings);
            return named();
        }
        self.drop_taken_back(&mut anchors, heads);
        self.drop_negated_twins(&mut anchors, heads);
        let mut groups: SmallVec<[Groups; 8]> =
            anchors.iter().map(|a| self.groups(a, &anchors, heads)).collect();
        self.lend_sides(&anchors, heads, &mut groups);
        self.give_each(&anchors, heads, &mut groups);
        for (i, anchor) in anchors.iter().enumerate() {
            let named = || self.named_place(i, &anchors, &groups, heads, places);
            let fallback = || named().unwrap_or_else(|| Self::place_before(heads, places));
            self.emit(anchor, heads, &groups[i], fallback, places, findings);
        }
        Leaves { structure: Self::left_structure(&anchors) }
    }

    /// Whether nothing is said of anything, and no grade goes back to what was said before.
    fn is_silent(&self, topic: Topic) -> bool {
        let mut heads = Vec::new();
        read_heads(self.items, &mut heads);
        read_anchors(self.items, self.kinds, &mut heads, topic).is_empty() && !self.is_graded()
    }

    /// "contacts but does not displace the root" says that the root is contacted.
    fn drop_negated_twins(&self, anchors: &mut Anchors, heads: &[Head]) {
        if anchors.len() < 2 || !self.scopes.has_denial() {
            return;
        }
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
                        && !self.are_parted(heads, a.predicate, b.predicate)
                        && !self.has_own_place(a, heads)
                        && !self.has_own_place(b, heads)
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

    /// Whether a semicolon stands between two heads.
    fn are_parted(&self, heads: &[Head], a: u16, b: u16) -> bool {
        let item = |head: u16| heads[head as usize].item as usize;
        let (first, last) = (item(a).min(item(b)), item(a).max(item(b)));
        Item::gap_over(&self.items[first + 1..=last]).has(Gap::SEMICOLON)
    }

    /// Whether a side or levels stand before what says it: "right severe stenosis, left no stenosis".
    fn has_own_place(&self, anchor: &Anchor, heads: &[Head]) -> bool {
        let is_place = |&i: &u16| self.is(i, |k| matches!(k, Kind::Side(..) | Kind::Levels(_)));
        heads[anchor.predicate as usize].pre.iter().any(is_place)
    }

    pub(super) fn span(&self, heads: &[Head], head: u16) -> FoldSpan {
        self.items[heads[head as usize].item as usize].span
    }

    /// Statements that a correction takes back: those before it of a kind that is stated again after it.
    fn drop_taken_back(&self, anchors: &mut Anchors, heads: &[Head]) {
        if !self.kinds.has(Kinds::CORRECTION) {
            return;
        }
        let Some(at) = self.items.iter().rposition(|i| i.kind == Kind::Word(Word::Correction)) else {
            return;
        };
        let item = |a: &Anchor| heads[a.predicate as usize].item as usize;
        let after: SmallVec<[FindingKind; 4]> =
            anchors.iter().filter(|a| item(a) > at).map(|a| a.kind).collect();
        anchors.retain(|a| item(a) > at || !after.contains(&a.kind));
    }

    pub(super) fn is(&self, item: u16, test: fn(&Kind) -> bool) -> bool {
        test(&self.items[item as usize].kind)
    }
}
