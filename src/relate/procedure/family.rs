//! Which procedure a head names, from its own words and those beside it.
//!
//! `transforaminal [epidural]` · `[injection] into the right sacroiliac joint` · `L5 dorsal ramus [block]` ·
//! `ankle [fusion]`, which is none

use smallvec::smallvec;

use crate::lexicon::{Act, Concept, LevelWord, Sense, Word};
use crate::matching::word_at;
use crate::model::{Mention, ProcedureFamily, SectionKind};
use crate::relate::gap::Gap;
use crate::relate::item::Kind;
use crate::relate::layers::within;
use crate::text::FoldSpan;

use super::outline::announced;
use super::sentence::{Families, ProcedureSentence};

/// How many words may stand between an injection and its place: "injection of a small amount into the facet".
pub(super) const REACH: u8 = 3;
/// An abbreviation of so many letters qualifies nothing: "ESI then".
const SHORT: u32 = 4;
/// What a noun phrase does not cross.
pub(super) const BREAKS: u32 = Gap::SEMICOLON | Gap::BUT | Gap::WHICH;

impl ProcedureSentence<'_, '_> {
    /// What the item names: `None` where it is no head, nothing where it is a step.
    pub(super) fn families(&self, item: usize, of_spine: bool) -> Option<Families> {
        let act = self.act(item)?;
        match act {
            Act::Both(one, other) => Some(smallvec![one, other]),
            Act::Anterior => Some(smallvec![ProcedureFamily::Discectomy]),
            Act::Spinal(family)
                if !of_spine && !self.has_region(item) && !self.is_heat_of_nerves(family)
                    || self.is_elsewhere(item) =>
            {
                None
            }
            Act::Spinal(ProcedureFamily::Laminectomy) if self.is_of_roots(item) || self.is_purpose(item) => {
                Some(Families::new())
            }
            Act::Target(family) if self.shares_injection(item) => Some(smallvec![family]),
            Act::Family(ProcedureFamily::MedialBranchBlock) if self.follows_heat(item) => {
                Some(Families::new())
            }
            Act::Family(ProcedureFamily::FacetJointInjection) if self.spells_out_nerves(item) => {
                Some(smallvec![ProcedureFamily::MedialBranchBlock])
            }
            Act::Spinal(ProcedureFamily::EsiUnspecified)
                if self.section == SectionKind::Other
                    && !self.has_level()
                    && !self.weighs()
                    && announced(self).is_none()
                    || self.qualifies(item) =>
            {
                None
            }
            Act::Family(ProcedureFamily::EsiUnspecified) | Act::Spinal(ProcedureFamily::EsiUnspecified) => {
                Some(smallvec![self.epidural(item)])
            }
            // "posterior fusion with interbody cages"
            Act::Trace(family) if self.follows_its_name(item, family) => Some(Families::new()),
            Act::Family(family) | Act::Trace(family) | Act::Spinal(family) => Some(smallvec![family]),
            // "a C7 nerve block"
            Act::Bare(ProcedureFamily::SelectiveNerveRootBlock)
                if self.follows_vertebra(item) && !self.leads_to_heat() =>
            {
                Some(smallvec![ProcedureFamily::SelectiveNerveRootBlock])
            }
            // "The left L4-5 facets were injected", and not "1 mL was injected into the facets"
            Act::Injection if self.is_verb(item) => self.target_before(item).map(|family| smallvec![family]),
            Act::Injection | Act::Bare(ProcedureFamily::SelectiveNerveRootBlock)
                if !self.is_elsewhere(item) =>
            {
                match self.approach(item).or_else(|| self.target(item)) {
                    // Lateral branches are ablated; their block is none of the families, and has levels of its own.
                    Some(ProcedureFamily::RadiofrequencyAblation) => Some(Families::new()),
                    Some(family) if self.approach(item).is_none() => Some(self.with_next(item, family)),
                    family => family.map(|family| smallvec![family]),
                }
            }
            // "diagnostic blocks", on the way to an ablation
            Act::Bare(ProcedureFamily::MedialBranchBlock) if !self.is_elsewhere(item) => {
                let place = self
                    .target(item)
                    .or_else(|| self.leads_to_heat().then_some(ProcedureFamily::MedialBranchBlock));
                place
                    .filter(|&family| family != ProcedureFamily::RadiofrequencyAblation)
                    .map(|family| smallvec![family])
            }
            // "left L3, L4, L5 RF", in a note on the nerves of joints
            Act::Bare(family @ ProcedureFamily::RadiofrequencyAblation) => (self.is_beside_level(item)
                && (self.leads_to_heat() || self.has_nerves()))
            .then(|| smallvec![family]),
            Act::Target(family) if self.is_listed_place(item) => Some(smallvec![family]),
            Act::Bare(family) | Act::Approach(family) if self.is_bare(item) || self.is_noun(item) => {
                Some(smallvec![family])
            }
            Act::Step | Act::Construct => Some(Families::new()),
            _ => None,
        }
    }

    /// Whether a word stands right before another that is in no lexicon, so that it only qualifies that: "epidural drain".
    pub(super) fn qualifies(&self, item: usize) -> bool {
        let Some(span) = self.items.get(item).map(|i| i.span) else { return false };
        let text = self.layers.folded.bytes();
        let at = span.end as usize + usize::from(text.get(span.end as usize) == Some(&b' '));
        let word = word_at(text, at);
        let class = self.layers.words.class(word);
        let is_read = self.items.get(item + 1).is_some_and(|next| next.span.start as usize == at);
        // "epidural spinal cord stimulator"
        let leads = self.items.get(item + 1).is_some_and(|next| {
            next.gap.is_tight() && next.kind == Kind::Act(Act::Family(ProcedureFamily::SpinalCordStimulator))
        });
        if leads {
            return true;
        }
        let is_cue = within(self.layers.cues, self.sentence.span).iter().any(|m| m.span.start as usize == at);
        span.len() > SHORT
            && at > span.end as usize
            && word.first().is_some_and(u8::is_ascii_alphabetic)
            && !word.iter().any(u8::is_ascii_digit)
            && !is_read
            && !is_cue
            && class.word.is_none()
            && class.measure.is_none()
            && class.sense.is_none()
    }

    /// Whether a part of the spine stands in the name, or right before it: "lumbar decompression".
    fn has_region(&self, item: usize) -> bool {
        let Some(span) = self.items.get(item).map(|i| i.span) else { return false };
        let before = FoldSpan::new(self.sentence.span.start, span.end);
        let beside = within(self.layers.mentions, before).iter().rev();
        beside.take_while(|m| m.span.end + 1 >= span.start).any(|m| matches!(m.concept, Concept::Region(_)))
    }

    /// Whether roots are what is decompressed: "decompression of the L4 and L5 nerve roots".
    fn is_of_roots(&self, item: usize) -> bool {
        let roots = Kind::Act(Act::Target(ProcedureFamily::SelectiveNerveRootBlock));
        let mut after = self.items.iter().skip(item + 1);
        let leads = after.find(|i| !matches!(i.kind, Kind::Levels(_) | Kind::Side(..)));
        leads.is_some_and(|i| i.kind == roots && i.gap.content == 0)
            && self.items.get(item + 1).is_some_and(|i| i.gap.has(Gap::OF))
    }

    /// Whether it only says what for: "hemilaminectomy and discectomy for decompression".
    pub(super) fn is_purpose(&self, item: usize) -> bool {
        item.checked_sub(1).is_some_and(|before| {
            let mut words = self.layers.tokens_within(self.between(before, item));
            let leads = words.next().is_some_and(|word| word.class.sense == Some(Sense::Purpose));
            matches!(self.act(before), Some(Act::Family(_) | Act::Both(..)))
                && leads
                && words.next().is_none()
        })
    }

    /// Whether it is an ablation in a note that names the nerves of joints.
    fn is_heat_of_nerves(&self, family: ProcedureFamily) -> bool {
        let is_nerve = |m: &Mention<Concept>| match m.concept {
            Concept::Act(Act::Family(ProcedureFamily::MedialBranchBlock)) => true,
            Concept::Act(Act::Target(ProcedureFamily::MedialBranchBlock)) => m.span.len() > SHORT,
            _ => false,
        };
        family == ProcedureFamily::RadiofrequencyAblation && self.layers.acts.iter().any(is_nerve)
    }

    /// Whether the note names an ablation of the nerves of joints, or their block.
    pub(super) fn leads_to_heat(&self) -> bool {
        self.layers.acts.iter().any(|m| {
            matches!(
                m.concept,
                Concept::Act(
                    Act::Family(ProcedureFamily::RadiofrequencyAblation | ProcedureFamily::MedialBranchBlock)
                        | Act::Spinal(ProcedureFamily::RadiofrequencyAblation)
                )
            )
        })
    }

    /// Whether what a procedure leaves behind is named right after it, as its means.
    fn follows_its_name(&self, item: usize, family: ProcedureFamily) -> bool {
        let before = item.checked_sub(1).and_then(|at| self.act(at));
        matches!(before, Some(Act::Family(named) | Act::Spinal(named)) if named == family)
            && self.items[item].gap.has(Gap::WITH)
    }

    /// Whether it is the place of an ablation: "radiofrequency medial branch blocks".
    fn follows_heat(&self, item: usize) -> bool {
        let before = item.checked_sub(1).and_then(|at| self.act(at));
        matches!(
            before,
            Some(
                Act::Family(ProcedureFamily::RadiofrequencyAblation)
                    | Act::Spinal(ProcedureFamily::RadiofrequencyAblation)
            )
        ) && self.items[item].gap.is_tight()
    }

    /// "facet blocks at L4-5, that is, the L3 and L4 medial branches": whether nerves are the first place told after a
    /// name of its joints, with their level, so that it is a block of these (annotation guide: they keep their level).
    fn spells_out_nerves(&self, item: usize) -> bool {
        let is_place = |at: &usize| self.is_site(*at) || self.is_place(*at);
        let mut after = (item + 1..self.items.len()).take_while(is_place);
        let is_target = |at: &usize| matches!(self.act(*at), Some(Act::Target(_)));
        let Some(nerve) = after.find(is_target) else { return false };
        let gap = self.gap(item, nerve);
        self.act(nerve) == Some(Act::Target(ProcedureFamily::MedialBranchBlock))
            && self.follows_level(nerve)
            && !self.is_subject(nerve)
            && gap.content <= 2 * REACH
            && !gap.has(BREAKS | Gap::AND | Gap::OR | Gap::HAS)
    }

    /// Whether the injection of another place is its own as well: "facet and sacroiliac joint injections".
    fn shares_injection(&self, item: usize) -> bool {
        let Some(next) = self.items.get(item + 1) else { return false };
        let is_shared = matches!(
            self.act(item + 1),
            Some(Act::Family(ProcedureFamily::SiJointInjection | ProcedureFamily::FacetJointInjection))
        );
        is_shared && next.gap.has(Gap::AND) && next.gap.content == 0
    }

    fn has_level(&self) -> bool {
        self.items.iter().any(|item| matches!(item.kind, Kind::Levels(_)))
    }

    /// Whether a word of the past leads to it at once: "his last caudal".
    pub(super) fn follows_past(&self, item: usize) -> bool {
        let before = item.checked_sub(1).and_then(|at| self.act(at));
        before.is_some_and(Act::is_past) && self.items[item].gap.is_tight()
    }

    /// Whether the box of another entry opens between two items.
    fn opens_entry(&self, from: usize, to: usize) -> bool {
        (from + 1..=to).any(|at| self.opens_item(at))
    }

    fn epidural(&self, item: usize) -> ProcedureFamily {
        self.ticked_way(item).or_else(|| self.approach(item)).unwrap_or(ProcedureFamily::EsiUnspecified)
    }

    /// The way that is ticked among those behind a name: "ESI  [x] interlaminar  [ ] caudal".
    fn ticked_way(&self, item: usize) -> Option<ProcedureFamily> {
        (item + 1..self.items.len()).find_map(|at| match self.act(at)? {
            Act::Approach(family) | Act::Bare(family)
                if family.is_epidural() && self.opens_item(at) && !self.is_unticked(self.items[at].span) =>
            {
                Some(family)
            }
            _ => None,
        })
    }

    /// The approach that is told of an injection: right before it, else after it, up to the next name.
    fn approach(&self, item: usize) -> Option<ProcedureFamily> {
        let approach = |at: usize| match self.act(at) {
            Some(Act::Approach(family)) => Some(family),
            _ => None,
        };
        let names = |at: usize| {
            self.act(at).is_some_and(|act| act.names() && !matches!(act, Act::Approach(_) | Act::Bare(_)))
        };
        let before = (0..item).rev().take_while(|&at| !self.gap(at, item).has(BREAKS) && !names(at));
        let after = (item + 1..self.items.len()).take_while(|&at| {
            !self.gap(item, at).has(BREAKS)
                && !names(at)
                && self.gap(item, at).content <= 6
                && !self.opens_entry(item, at)
        });
        let mut near = before.filter(|&at| self.gap(at, item).content <= REACH);
        let (before, after) =
            (near.find(|&at| approach(at).is_some()), after.clone().find(|&at| approach(at).is_some()));
        // "interlaminar L4-5, 3 mo; 2022 ESI, transforaminal L5-S1": the nearer one.
        let is_nearer = |before: usize, after: usize| {
            self.gap(item, after).content == 0 && self.gap(before, item).content > 1
        };
        match (before, after) {
            (Some(before), Some(after)) if is_nearer(before, after) => approach(after),
            (before, after) => before.or(after).and_then(approach),
        }
    }

    /// Whether the name of an item is a verb: "was injected".
    fn is_verb(&self, item: usize) -> bool {
        let first = self.items.get(item).and_then(|i| self.layers.tokens_within(i.span).next());
        first.is_some_and(|word| matches!(word.class.word, Some(Word::Is | Word::Has)))
    }

    /// The place of a needle that an item names.
    fn target_at(&self, at: usize) -> Option<ProcedureFamily> {
        match self.act(at) {
            // "L5 DR" is a nerve, "Dr" a person.
            Some(Act::Target(family)) if self.items[at].span.len() > 2 || self.follows_level(at) => {
                Some(family)
            }
            _ => None,
        }
    }

    fn is_place(&self, at: usize) -> bool {
        matches!(
            self.items[at].kind,
            Kind::Side(..)
                | Kind::Levels(_)
                | Kind::Pointer(LevelWord::Noun)
                | Kind::Act(Act::Target(_) | Act::Again | Act::Time)
        )
    }

    /// The place that an injection goes to, named before it: "L5 dorsal ramus block".
    fn target_before(&self, item: usize) -> Option<ProcedureFamily> {
        (0..item)
            .rev()
            .take_while(|&at| {
                self.is_place(at)
                    && self.gap(at, at + 1).content <= 1
                    && !self.gap(at, item).has(BREAKS | Gap::IS | Gap::HAS | Gap::OF)
            })
            .find_map(|at| self.target_at(at))
    }

    /// The place that an injection goes to: named before it, or after it.
    fn target(&self, item: usize) -> Option<ProcedureFamily> {
        let after = || {
            (item + 1..self.items.len())
                .take_while(|&at| {
                    self.is_place(at)
                        && !self.gap(item, at).has(BREAKS | Gap::HAS)
                        && self.gap(item, at).content <= REACH
                })
                .find_map(|at| self.target_at(at))
        };
        self.target_before(item).or_else(after)
    }

    /// "injecting the sacroiliac and facet joints": the place after it, and the one that "and" joins to it.
    fn with_next(&self, item: usize, family: ProcedureFamily) -> Families {
        let target = |at: usize| match self.act(at) {
            Some(Act::Target(family)) => Some(family),
            _ => None,
        };
        let first = (item + 1..self.items.len()).find(|&at| target(at) == Some(family));
        let next = first.and_then(|first| {
            let gap = self.items.get(first + 1)?.gap;
            target(first + 1).filter(|&other| other != family && gap.has(Gap::AND) && gap.content == 0)
        });
        [Some(family), next].into_iter().flatten().collect()
    }

    fn follows_level(&self, item: usize) -> bool {
        let before = item.checked_sub(1).and_then(|at| self.items.get(at));
        before.is_some_and(|i| matches!(i.kind, Kind::Levels(_))) && self.items[item].gap.is_tight()
    }

    fn follows_vertebra(&self, item: usize) -> bool {
        let before = item.checked_sub(1).and_then(|at| match self.items.get(at)?.kind {
            Kind::Levels(index) => self.layers.levels.get(index as usize),
            _ => None,
        });
        before.is_some_and(|mention| mention.single) && self.items[item].gap.is_tight()
    }

    /// Whether a name that the spine shares is said of another part of the body: beside it, nearer than a level.
    fn is_elsewhere(&self, item: usize) -> bool {
        let decides = |at: &usize| {
            matches!(self.items[*at].kind, Kind::Levels(_) | Kind::Act(Act::Elsewhere | Act::Target(_)))
        };
        let near = |at: &usize| {
            let gap = if *at < item { self.gap(*at, item) } else { self.gap(item, *at) };
            gap.content <= REACH && !gap.has(BREAKS | Gap::COMMA | Gap::HAS)
        };
        let is_other = |at: usize| self.act(at) == Some(Act::Elsewhere);
        let before = (0..item).rev().take_while(near).find(decides);
        let after = (item + 1..self.items.len()).take_while(near).find(decides);
        before.is_some_and(is_other) || before.is_none() && after.is_some_and(is_other)
    }
}
