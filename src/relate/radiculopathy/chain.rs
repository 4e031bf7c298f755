//! What stands beside a head: the roots in a chain with it, and its side.

use smallvec::SmallVec;

use super::RadicularSentence;
use crate::lexicon::{Concept, Sense, Structure, Symptom};
use crate::matching::{tokens_within, word_at};
use crate::model::{Level, Mention, Side, Status, Vertebra};
use crate::relate::gap::Gap;
use crate::relate::item::Kind;
use crate::relate::layers::within;
use crate::text::FoldSpan;

/// A root of a chain, and the side said with it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Root {
    pub(super) vertebra: Vertebra,
    pub(super) span: FoldSpan,
    pub(super) side: Option<(Side, FoldSpan)>,
}

/// What stands beside a head.
#[derive(Clone, Debug, Default)]
pub(super) struct Chain {
    pub(super) roots: SmallVec<[Root; 4]>,
    pub(super) side: Option<(Side, FoldSpan)>,
}

impl RadicularSentence<'_, '_> {
    /// The chain that ends at the head: "left C5 and bilateral C6 radiculopathy".
    pub(super) fn before(&self, head: usize) -> Chain {
        let mut first = head;
        let mut has_root = false;
        while let Some(previous) = first.checked_sub(1) {
            let gap = self.items[first].gap;
            let words = if first == head || !has_root { 2 } else { 0 };
            let breaks =
                Gap::HARD | Gap::HAS | Gap::IS | Gap::OF | Gap::TO | Gap::OPEN | Gap::CLOSE | Gap::AT;
            if gap.has(breaks) || gap.content > words || gap.has(Gap::COMMA) && !has_root {
                break;
            }
            if self.root(previous).is_some() {
                // "T12 fracture pain" is no pain of a root.
                let is_named = matches!(self.symptom(head), Some(Symptom::Radicular | Symptom::Distribution));
                if gap.content > u8::from(is_named) || first == head && !is_named && !gap.is_tight() {
                    break;
                }
                has_root = true;
            } else if !self.is_passed(previous) && !matches!(self.items[previous].kind, Kind::Levels(_)) {
                break;
            }
            first = previous;
        }
        self.chain(first, head)
    }

    /// The chain that follows the head: "radiculopathy, bilateral C6 and left C7".
    pub(super) fn after(&self, head: usize) -> Chain {
        let mut end = head + 1;
        while let Some(item) = self.items.get(end) {
            let breaks = Gap::SEMICOLON | Gap::WITH | Gap::BUT | Gap::WHICH | Gap::HAS | Gap::IS | Gap::TO;
            // "Radicular pain: yes, left, L5"
            let words = u8::from(end == head + 1 && self.is_answered(head));
            if item.gap.has(breaks) || item.gap.content > words || item.gap.has(Gap::AND) && end == head + 1 {
                break;
            }
            // "radiculopathy C6 right"
            let next = self.items.get(end + 1);
            let has_side = next.is_some_and(|n| matches!(n.kind, Kind::Side(..)) && n.gap.is_tight());
            let is_root = self.root(end).is_some();
            let passes = if is_root { has_side || self.closes(item.span) } else { self.is_passed(end) };
            if !passes {
                break;
            }
            end += 1;
        }
        // A side that the next thing takes is not this one's: "radiculopathy, right hip pain".
        let taken = self.items.get(end).is_some_and(|next| next.gap.is_tight() && self.takes_side(end));
        while taken && end > head + 1 && matches!(self.items[end - 1].kind, Kind::Side(..)) {
            end -= 1;
        }
        self.chain(head + 1, end)
    }

    /// Whether a form asks for the head at an item, and is told yes.
    fn is_answered(&self, head: usize) -> bool {
        let Some((item, next)) = self.items.get(head).zip(self.items.get(head + 1)) else { return false };
        let between = FoldSpan::new(item.span.end, next.span.start.max(item.span.end));
        let mut words = tokens_within(self.layers.tokens, between).iter();
        next.gap.has(Gap::COLON) && words.any(|word| word.class.sense == Some(Sense::Yes))
    }

    /// The roots named after a loss of feeling: "reduced sensation in the left L5 and S1".
    pub(super) fn lost(&self, head: usize) -> Chain {
        let is_part = |at: &usize| {
            matches!(
                self.items[*at].kind,
                Kind::Root(_)
                    | Kind::Side(..)
                    | Kind::Noun
                    | Kind::Grade(_)
                    | Kind::Structure(Structure::Root)
            )
        };
        let end = (head + 1..self.items.len()).take_while(is_part).last().map_or(head, |at| at + 1);
        let last = (head + 1..=end).rev().find(|&at| self.root(at).is_some());
        last.map_or_else(Chain::default, |last| self.chain(head + 1, last + 1))
    }

    /// Whether a root after its head ends a phrase, so that it is no part of a longer name: "right L5 injection".
    pub(super) fn closes(&self, span: FoldSpan) -> bool {
        let text = self.layers.folded.bytes();
        let at = span.end as usize + usize::from(text.get(span.end as usize) == Some(&b' '));
        let word = word_at(text, at);
        at >= self.end as usize
            || word.is_empty()
            || self.layers.words.class(word).word.is_some()
            || self.names_root(at as u32)
    }

    /// Whether the word for a root starts at a place.
    fn names_root(&self, at: u32) -> bool {
        let first = self.layers.mentions.partition_point(|m| m.span.start < at);
        let is_root = |m: &Mention<Concept>| m.concept == Concept::Structure(Structure::Root);
        self.layers.mentions.get(first).is_some_and(|m| m.span.start == at && is_root(m))
    }

    /// Whether a chain goes on over an item.
    fn is_passed(&self, at: usize) -> bool {
        match self.items[at].kind {
            Kind::Side(..) | Kind::Grade(_) | Kind::Structure(Structure::Spine | Structure::Root) => true,
            Kind::Cue(status) => status == Status::Possible,
            _ => false,
        }
    }

    fn takes_side(&self, at: usize) -> bool {
        match self.items[at].kind {
            Kind::Structure(structure) => !matches!(structure, Structure::Spine | Structure::Other),
            Kind::Change(..) | Kind::Narrowed(_) | Kind::Disc(..) | Kind::Noun | Kind::Levels(_) => true,
            _ => false,
        }
    }

    /// The roots of a chain, each with the side last named before it.
    fn chain(&self, first: usize, end: usize) -> Chain {
        let mut chain = Chain::default();
        let mut side = None;
        for at in first..end {
            if let Kind::Side(named, _) = self.items[at].kind {
                side = Some((named, self.items[at].span));
                if chain.roots.is_empty() {
                    chain.side = side;
                }
            }
            if let Some(mention) = self.root(at) {
                let root = |vertebra| Root { vertebra, span: mention.span, side };
                chain.roots.extend(vertebrae(&mention.levels).map(root));
            }
        }
        // "radiculopathy, L5, left"
        if chain.roots.iter().all(|root| root.side.is_none()) {
            chain.side = side;
        }
        chain
    }

    /// A side after the head, in its own phrase: "radicular pain down the left leg".
    pub(super) fn side_after(&self, head: usize) -> Option<(Side, FoldSpan)> {
        let mut words = 0;
        for (at, item) in self.items.iter().enumerate().skip(head + 1) {
            words += item.gap.content;
            let far =
                item.gap.has(Gap::SEMICOLON | Gap::WITH | Gap::BUT | Gap::WHICH | Gap::HAS | Gap::COLON);
            if far || item.gap.has(Gap::COMMA) && at > head + 1 || words > 4 {
                return None;
            }
            match item.kind {
                Kind::Side(side, _) => {
                    let next = self.items.get(at + 1);
                    let taken = next.is_some_and(|n| n.gap.is_tight() && self.takes_side(at + 1));
                    let separate = item.gap.has(Gap::AND) || item.gap.has(Gap::COMMA) && item.gap.content > 0;
                    return (!taken && !separate).then_some((side, item.span));
                }
                Kind::Structure(Structure::Spine | Structure::Root) | Kind::Noun | Kind::Word(_) => {}
                // "no evidence of radiculopathy or nerve entrapment on the left"
                Kind::Structure(Structure::Other) if item.gap.has(Gap::OR) => {}
                Kind::Levels(_) | Kind::Root(_) if self.root(at).is_some() => {}
                _ => return None,
            }
        }
        None
    }

    /// A side before the head, said of the limb or the pain: "right leg pain in the L5 distribution".
    pub(super) fn side_before(&self, head: usize, is_rootless: bool) -> Option<(Side, FoldSpan)> {
        for at in (0..head).rev() {
            let gap = self.items[at + 1].gap;
            let far = gap.has(Gap::SEMICOLON | Gap::BUT | Gap::WHICH) || gap.has(Gap::COMMA) && is_rootless;
            if far {
                return None;
            }
            match self.items[at].kind {
                // "both sitting and lying" says no side.
                Kind::Side(Side::Bilateral, _) if gap.has(Gap::AND) => return None,
                Kind::Side(side, _) => return Some((side, self.items[at].span)),
                Kind::Structure(Structure::Spine | Structure::Root)
                | Kind::Noun
                | Kind::Grade(_)
                | Kind::Cue(_)
                | Kind::Word(_)
                | Kind::Pointer(_) => {}
                // "left-sided chest wall pain in a T8 distribution"
                Kind::Structure(Structure::Other) if !is_rootless => {}
                Kind::Levels(_) | Kind::Root(_) if self.root(at).is_some() => {}
                _ => return None,
            }
        }
        None
    }

    /// The side that the heading of the section names: "RIGHT LEG SYMPTOMS: pain in the S1 dermatome".
    pub(super) fn side_of_heading(&self) -> Option<(Side, FoldSpan)> {
        within(self.layers.mentions, self.heading).iter().find_map(|m| match m.concept {
            Concept::Side(side, _) => Some((side, m.span)),
            _ => None,
        })
    }

    /// Whether sensation is said to be as it should be, "intact in the L4 and L5 dermatomes", or to end there, "sensory
    /// level at the C4 dermatome": below an injured cord no single root is felt.
    pub(super) fn is_praised(&self, head: usize) -> bool {
        let is_level = |i: usize| {
            let words = tokens_within(self.layers.tokens, self.items[i].span);
            self.symptom(i) == Some(Symptom::Sign)
                && words.last().is_some_and(|word| word.class.sense == Some(Sense::Level))
        };
        (0..head)
            .rev()
            .take_while(|&i| !self.items[i + 1].gap.has(Gap::SEMICOLON | Gap::BUT))
            .any(|i| self.items[i].kind == Kind::Normal || is_level(i))
    }
}

/// The vertebrae that levels name, in order, each once.
fn vertebrae(levels: &[Level]) -> impl Iterator<Item = Vertebra> {
    let mut last = None;
    let all = levels.iter().flat_map(|level| [Some(level.upper()), level.lower()]).flatten();
    all.filter(move |&vertebra| last.replace(vertebra) != Some(vertebra))
}
