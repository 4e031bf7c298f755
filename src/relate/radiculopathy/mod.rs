//! Radiculopathies: which root, on which side, and what the note says of it.
//!
//! A head is a word for radicular pain, or a word for a dermatome, a distribution or a symptom that has a root
//! right beside it. Roots and sides stand in a chain before or after their head:
//!
//! ```text
//! left C5 and bilateral C6 radiculopathy        radiculopathy, left C7        right leg pain in an L5 distribution
//! └─────── chain ────────┘ └── head ───┘        └── head ───┘  └chain┘        side               chain   head
//! ```
//!
//! A loss of feeling is a head with the roots that follow it. Feeling is lost in roots, so that an interspace or a range
//! beside such a head or a distribution names all roots from its first to its last: "sensory loss from L4 to S1".

mod merge;
mod roots;

use smallvec::SmallVec;

use super::gap::Gap;
use super::item::{ItemReader, Items, Kind};
use super::layers::{Layers, within};
use super::scale::Codes;
use crate::context::{Assertion, Scopes};
use crate::lexicon::{Concept, Sense, Structure, Symptom};
use crate::matching::{LevelMention, tokens_within, word_at};
use crate::model::{EvidenceList, Level, Mention, Radiculopathy, Role, SectionKind, Side, Status, Vertebra};
use crate::segment::Sentence;
use crate::text::FoldSpan;
use merge::{Found, in_order, merge};

/// The radiculopathies of a note, one fact one record, in the order of the note.
pub fn radiculopathies(layers: &Layers<'_, '_>) -> Vec<Radiculopathy> {
    let mut found = Vec::new();
    let mut done = 0;
    for head in layers.clinical {
        if head.span.start < done || !is_head(head, layers) {
            continue;
        }
        let Some((_, sentence)) = layers.layout.sentence_at(head.span.start) else { continue };
        done = sentence.span.end;
        if layers.section(sentence) != SectionKind::Key {
            Reader::new(layers, sentence).read(&mut found);
        }
    }
    merge(found)
}

/// How far from a word that is a head only by its root that root may stand, in words.
const ROOT_REACH: usize = 7;

/// Whether a mention can be a head: a word for radicular pain, or another symptom a short way from a root.
fn is_head(mention: &Mention<Concept>, layers: &Layers<'_, '_>) -> bool {
    match mention.concept {
        Concept::Symptom(Symptom::Radicular) => true,
        Concept::Symptom(
            symptom @ (Symptom::Distribution | Symptom::Complaint | Symptom::Picture | Symptom::Loss),
        ) => {
            let (start, end) = (mention.span.start, mention.span.end);
            let before = layers.levels.partition_point(|l| l.span.end <= start);
            let follows =
                || layers.levels.get(before).is_some_and(|l| layers.steps(end, l.span.start) <= ROOT_REACH);
            if matches!(symptom, Symptom::Loss | Symptom::Distribution) && follows() {
                return true;
            }
            let may_be_root = |l: &LevelMention| l.single || symptom == Symptom::Distribution;
            let nearest = before.checked_sub(1).and_then(|i| layers.levels.get(i));
            symptom != Symptom::Loss
                && nearest.is_some_and(|l| may_be_root(l) && layers.steps(l.span.end, start) <= ROOT_REACH)
        }
        _ => false,
    }
}

/// A root of a chain, and the side said with it.
#[derive(Clone, Copy, Debug)]
struct Root {
    vertebra: Vertebra,
    span: FoldSpan,
    side: Option<(Side, FoldSpan)>,
}

/// What stands beside a head.
#[derive(Clone, Debug, Default)]
struct Chain {
    roots: SmallVec<[Root; 4]>,
    side: Option<(Side, FoldSpan)>,
}

struct Reader<'a, 'n> {
    layers: &'a Layers<'a, 'n>,
    section: SectionKind,
    /// The heading of the section.
    heading: FoldSpan,
    /// The end of the sentence.
    end: u32,
    scopes: Scopes,
    symptoms: &'a [Mention<Concept>],
    items: Items,
}

impl<'a, 'n> Reader<'a, 'n> {
    fn new(layers: &'a Layers<'a, 'n>, sentence: &Sentence) -> Self {
        let symptoms = within(layers.clinical, sentence.span);
        let mut items = Items::new();
        let is_symptom = |m: &&Mention<Concept>| matches!(m.concept, Concept::Symptom(_));
        // To the item reader any symptom is one; what each of them is, is read again from `symptoms`.
        let heads: SmallVec<[Mention<Concept>; 8]> = symptoms
            .iter()
            .filter(is_symptom)
            .map(|m| Mention { concept: Concept::Symptom(Symptom::Radicular), span: m.span })
            .collect();
        let apart = |m: &&Mention<Concept>| !heads.iter().any(|h| h.span.overlaps(m.span));
        let others: SmallVec<[Mention<Concept>; 16]> =
            within(layers.mentions, sentence.span).iter().filter(apart).copied().collect();
        let first = layers.levels.partition_point(|l| l.span.start < sentence.span.start);
        let last = layers.levels.partition_point(|l| l.span.end <= sentence.span.end);
        let levels = layers.levels.get(first..last).unwrap_or_default();
        let cues = within(layers.cues, sentence.span);
        ItemReader {
            folded: layers.folded,
            tokens: layers.tokens,
            words: layers.words,
            codes: &Codes::default(),
        }
        .read(sentence.span, &others, [cues, &heads], levels, first, &mut items);
        let section = layers.section(sentence);
        let heading = layers.layout.sections.get(sentence.section as usize).map(|s| s.heading);
        let mut reader = Self {
            layers,
            section,
            heading: heading.unwrap_or_default(),
            end: sentence.span.end,
            scopes: layers.scopes(sentence),
            symptoms,
            items,
        };
        for at in 0..reader.items.len() {
            match reader.symptom(at) {
                Some(Symptom::Distribution) => reader.name_roots_before(at),
                Some(Symptom::Radicular) => {
                    reader.name_roots_before(at);
                    reader.name_roots_at(at);
                }
                Some(Symptom::Loss) => reader.name_roots_after(at),
                _ => {}
            }
        }
        reader
    }

    fn read(&self, found: &mut Vec<Found>) {
        for at in 0..self.items.len() {
            let Some(symptom) = self.symptom(at) else { continue };
            let mut chain = self.before(at);
            match symptom {
                Symptom::Radicular if chain.roots.is_empty() => {
                    let after = self.after(at);
                    chain = Chain { side: after.side.or(chain.side), roots: after.roots };
                }
                // "in the distribution of the L4 nerve root"
                Symptom::Distribution if chain.roots.is_empty() && !self.is_praised(at) => {
                    let is_of = self.items.get(at + 1).is_some_and(|next| next.gap.has(Gap::OF));
                    if is_of {
                        let after = self.after(at);
                        chain = Chain { side: after.side.or(chain.side), roots: after.roots };
                    }
                }
                Symptom::Distribution if self.is_praised(at) => continue,
                Symptom::Sign => continue,
                // That no feeling is lost denies no root's pain.
                Symptom::Loss if self.scopes.assess(self.items[at].span).status == Status::Absent => continue,
                Symptom::Loss => chain = self.lost(at),
                _ => {}
            }
            if chain.roots.is_empty() && symptom != Symptom::Radicular {
                continue;
            }
            if chain.side.is_none() && chain.roots.iter().all(|r| r.side.is_none()) {
                let (after, before) = (self.side_after(at), self.side_before(at, chain.roots.is_empty()));
                // "bilateral leg pain with radicular features, worse on the right"
                let is_worse = matches!(before, Some((Side::Bilateral, _)));
                chain.side = after.filter(|_| !is_worse).or(before).or_else(|| self.side_of_heading());
            }
            self.push(at, &chain, symptom, found);
        }
    }

    /// The side that the heading of the section names: "RIGHT LEG SYMPTOMS: pain in the S1 dermatome".
    fn side_of_heading(&self) -> Option<(Side, FoldSpan)> {
        within(self.layers.mentions, self.heading).iter().find_map(|m| match m.concept {
            Concept::Side(side, _) => Some((side, m.span)),
            _ => None,
        })
    }

    /// Whether sensation is said to be as it should be, "intact in the L4 and L5 dermatomes", or to end there, "sensory
    /// level at the C4 dermatome": below an injured cord no single root is felt.
    fn is_praised(&self, head: usize) -> bool {
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

    /// What the symptom at an item is.
    fn symptom(&self, at: usize) -> Option<Symptom> {
        let item = self.items.get(at).filter(|item| item.kind == Kind::Noun)?;
        let index = self.symptoms.partition_point(|m| m.span.start < item.span.start);
        match self.symptoms.get(index).filter(|m| m.span == item.span)?.concept {
            Concept::Symptom(symptom) => Some(symptom),
            _ => None,
        }
    }

    /// The levels at an item, where they name roots.
    fn root(&self, at: usize) -> Option<&LevelMention> {
        match self.items.get(at)?.kind {
            Kind::Levels(index) => self.layers.levels.get(index as usize).filter(|m| m.single),
            Kind::Root(index) => self.layers.levels.get(index as usize),
            _ => None,
        }
    }

    /// The chain that ends at the head: "left C5 and bilateral C6 radiculopathy".
    fn before(&self, head: usize) -> Chain {
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
    fn after(&self, head: usize) -> Chain {
        let mut end = head + 1;
        while let Some(item) = self.items.get(end) {
            let breaks = Gap::SEMICOLON | Gap::WITH | Gap::BUT | Gap::WHICH | Gap::HAS | Gap::IS | Gap::TO;
            if item.gap.has(breaks) || item.gap.content > 0 || item.gap.has(Gap::AND) && end == head + 1 {
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

    /// The roots named after a loss of feeling: "reduced sensation in the left L5 and S1".
    fn lost(&self, head: usize) -> Chain {
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
    fn closes(&self, span: FoldSpan) -> bool {
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
    fn side_after(&self, head: usize) -> Option<(Side, FoldSpan)> {
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
    fn side_before(&self, head: usize, is_rootless: bool) -> Option<(Side, FoldSpan)> {
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

    fn push(&self, head: usize, chain: &Chain, symptom: Symptom, found: &mut Vec<Found>) {
        let span = self.items[head].span;
        let mut assertion = self.scopes.assess(span);
        if let (Status::Present, Some(root)) = (assertion.status, chain.roots.first()) {
            assertion = self.scopes.assess(root.span);
        }
        let status = match assertion.status {
            Status::Family => return,
            Status::Possible if self.is_asked(assertion) => Status::Hypothetical,
            status => status,
        };
        let assertion = Assertion { status, ..assertion };
        let is_felt = symptom == Symptom::Radicular;
        if chain.roots.is_empty() {
            found.push(Found { record: self.record(span, None, chain.side, assertion), is_felt });
        }
        for root in &chain.roots {
            let named = Some((root.vertebra, root.span));
            let record = self.record(span, named, root.side.or(chain.side), assertion);
            found.push(Found { record, is_felt });
        }
    }

    /// Whether an indication asks for it, "?left L5 radiculopathy", and does not only hold it possible.
    fn is_asked(&self, assertion: Assertion) -> bool {
        let asks = |cue: FoldSpan| self.layers.folded.bytes().get(cue.start as usize) == Some(&b'?');
        self.section == SectionKind::Indication && assertion.scope.is_some_and(|s| asks(s.cue))
    }

    fn record(
        &self,
        head: FoldSpan,
        root: Option<(Vertebra, FoldSpan)>,
        side: Option<(Side, FoldSpan)>,
        assertion: Assertion,
    ) -> Radiculopathy {
        let cue = assertion.scope.filter(|_| assertion.status != Status::Present);
        let parts: [Option<(Role, FoldSpan)>; 4] = [
            Some((Role::Symptom, head)),
            root.map(|(_, span)| (Role::Root, span)),
            side.map(|(_, span)| (Role::Side, span)),
            cue.map(|scope| (Role::Cue, scope.cue)),
        ];
        let mut evidence: EvidenceList =
            parts.into_iter().flatten().map(|(role, span)| self.layers.evidence(role, span)).collect();
        in_order(&mut evidence);
        Radiculopathy {
            root: root.map(|(vertebra, _)| vertebra),
            side: side.map(|(side, _)| side),
            status: assertion.status,
            evidence,
        }
    }
}

/// The vertebrae that levels name, in order, each once.
fn vertebrae(levels: &[Level]) -> impl Iterator<Item = Vertebra> {
    let mut last = None;
    let all = levels.iter().flat_map(|level| [Some(level.upper()), level.lower()]).flatten();
    all.filter(move |&vertebra| last.replace(vertebra) != Some(vertebra))
}
