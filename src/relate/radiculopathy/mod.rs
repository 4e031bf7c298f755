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

mod chain;
mod merge;
mod roots;

use smallvec::SmallVec;

use super::gap::Gap;
use super::item::{ItemReader, Items, Kind, Stretch};
use super::layers::{Layers, within};
use super::scale::Codes;
use crate::context::{Assertion, Scopes};
use crate::lexicon::{Act, Concept, Sense, Symptom};
use crate::matching::LevelMention;
use crate::model::{EvidenceList, Mention, Radiculopathy, Role, SectionKind, Side, Status, Vertebra};
use crate::segment::Sentence;
use crate::text::FoldSpan;
use chain::Chain;
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
            RadicularSentence::new(layers, sentence).read(&mut found);
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

/// A sentence with a head in it.
struct RadicularSentence<'a, 'n> {
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

impl<'a, 'n> RadicularSentence<'a, 'n> {
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
        let (first_level, levels) = layers.levels_within(sentence.span);
        let reader = ItemReader {
            folded: layers.folded,
            tokens: layers.tokens,
            words: layers.words,
            codes: &Codes::default(),
        };
        let stretch = Stretch {
            span: sentence.span,
            findings: &others,
            cues: within(layers.cues, sentence.span),
            others: &heads,
            levels,
            first_level,
        };
        reader.read(&stretch, &mut items);
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
                Some(Symptom::Distribution | Symptom::Radicular) => reader.name_roots_before(at),
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

    fn push(&self, head: usize, chain: &Chain, symptom: Symptom, found: &mut Vec<Found>) {
        let span = self.items[head].span;
        let mut assertion = self.scopes.assess(span);
        if let (Status::Present, Some(root)) = (assertion.status, chain.roots.first()) {
            assertion = self.scopes.assess(root.span);
        }
        let status = match assertion.status {
            Status::Family => return,
            // "s/p TFESI for left L5 radiculopathy"
            Status::Historical if self.is_treated(assertion, span) => Status::Present,
            // "Prior: left radiculopathy in 2022"
            Status::Present if self.section == SectionKind::Comparison => Status::Historical,
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

    /// Whether the cue of the past is said of an injection, for which the pain at `head` is only the reason.
    fn is_treated(&self, assertion: Assertion, head: FoldSpan) -> bool {
        let Some(cue) = assertion.scope.map(|scope| scope.cue).filter(|cue| cue.end < head.start) else {
            return false;
        };
        let between = FoldSpan::new(cue.end, head.start);
        let acts = within(self.layers.acts, between);
        let is_injection = |act: Act| match act {
            Act::Family(family) | Act::Spinal(family) => family.is_injection(),
            _ => false,
        };
        let last = acts.iter().rev().find(|m| matches!(m.concept, Concept::Act(act) if is_injection(act)));
        let leads = |from: u32| {
            let mut words = self.layers.tokens_within(FoldSpan::new(from, head.start));
            words.any(|word| word.class.sense == Some(Sense::Purpose))
        };
        last.is_some_and(|act| leads(act.span.end))
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
