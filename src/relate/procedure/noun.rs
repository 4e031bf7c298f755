//! Adjectives and places that stand for an injection: "the L4-5 interlaminar", "two caudals", "Procedure: right SIJ",
//! "left L3-L5 RF".

use crate::lexicon::{Act, Concept, Detail, Telling, Word};
use crate::model::{Mention, ProcedureFamily, ProcedureStatus, SectionKind};
use crate::relate::gap::Gap;
use crate::relate::item::Kind;
use crate::relate::layers::within;
use crate::text::FoldSpan;

use super::family::{BREAKS, REACH};
use super::outline::announced;
use super::sentence::ProcedureSentence;

/// So many ways share one name at most: "IL, TF and caudal epidurals".
const MOST_WAYS: usize = 4;
/// How many items from a way another name of the injection is looked for.
const NEAR: usize = 8;

impl ProcedureSentence<'_, '_> {
    /// Whether a way of a needle stands for the injection in a list of treatments: "L5-S1 interlaminar (2018), bilateral
    /// S1 transforaminal, caudal x 1".
    pub(super) fn is_bare(&self, item: usize) -> bool {
        let listed = matches!(
            self.section,
            SectionKind::History
                | SectionKind::PastHistory
                | SectionKind::Indication
                | SectionKind::Plan
                | SectionKind::Unknown
                | SectionKind::Medications
                | SectionKind::Impression
        ) || announced(self).is_some();
        let names_injection = |at: usize| {
            matches!(
                self.act(at),
                Some(
                    Act::Family(_)
                        | Act::Spinal(_)
                        | Act::Both(..)
                        | Act::Injection
                        | Act::Approach(_)
                        | Act::Step
                )
            )
        };
        let far = |at: usize| self.gap(item, at).content > 3 || self.gap(item, at).has(BREAKS | Gap::COMMA);
        // "his last caudal"
        let before = item.checked_sub(1).and_then(|at| self.act(at));
        let follows_time =
            self.follows_past(item) || before == Some(Act::After) && self.items[item].gap.is_tight();
        if follows_time && matches!(self.act(item), Some(Act::Bare(_))) {
            return true;
        }
        if self.shares_name(item) {
            return true;
        }
        if !listed || (item + 1..self.items.len()).take_while(|&at| !far(at)).any(names_injection) {
            return false;
        }
        let Some(next) = self.items.get(item + 1) else {
            return matches!(self.act(item), Some(Act::Bare(_)))
                && self.is_under_injections()
                && !self.qualifies(item);
        };
        match self.act(item) {
            Some(Act::Bare(_)) => next.gap.content == 0 || next.gap.has(Gap::OPEN),
            Some(Act::Approach(_)) => {
                let before = item.checked_sub(1).map(|at| self.items[at].kind);
                matches!(before, Some(Kind::Levels(_)))
                    && self.items[item].gap.is_tight()
                    && !next.gap.has(Gap::IS)
            }
            _ => false,
        }
    }

    /// Whether the name of an epidural of another way is its own as well: "IL, TF and caudal epidurals".
    fn shares_name(&self, item: usize) -> bool {
        let joins = |at: usize| {
            let gap = self.items[at].gap;
            gap.content == 0 && gap.has(Gap::COMMA | Gap::AND | Gap::OR | Gap::SLASH) && !gap.has(BREAKS)
        };
        for at in (item + 1..self.items.len()).take(MOST_WAYS) {
            match self.act(at) {
                Some(Act::Approach(_) | Act::Bare(ProcedureFamily::CaudalEsi)) if joins(at) => {}
                Some(Act::Family(family) | Act::Spinal(family)) => {
                    return (joins(at) || self.items[at].gap.is_tight() && at > item + 1)
                        && family.is_epidural()
                        && self.act(at - 1).is_some_and(|act| act != Act::Approach(family) || joins(at));
                }
                _ => return false,
            }
        }
        false
    }

    /// Whether an adjective of a way stands for the injection: "the L4-5 interlaminar", "two left S1 transforaminals", "IL
    /// at L4-5", "a caudal with local". No other name of an injection stands near it, and no noun follows it.
    pub(super) fn is_noun(&self, item: usize) -> bool {
        let is_listed = !matches!(
            self.section,
            SectionKind::Procedure | SectionKind::Technique | SectionKind::Findings | SectionKind::Imaging
        );
        let names = |at: usize| {
            matches!(
                self.act(at),
                Some(Act::Family(_) | Act::Spinal(_) | Act::Injection | Act::Approach(_) | Act::Step)
            )
        };
        let near = |at: &usize| {
            let gap = if *at < item { self.gap(*at, item) } else { self.gap(item, *at) };
            gap.content <= REACH && !gap.has(Gap::SEMICOLON | Gap::BUT)
        };
        let has_name = (0..item).rev().take(NEAR).take_while(near).any(names)
            || (item + 1..self.items.len()).take(NEAR).take_while(near).any(names);
        // "left paramedian disc extrusion"
        let end = self.items[item].span.end;
        let is_before_noun = within(self.layers.mentions, self.sentence.span)
            .iter()
            .any(|m| m.span.start == end + 1 && !matches!(m.concept, Concept::Side(..)));
        if !is_listed || has_name || is_before_noun || self.qualifies(item) {
            return false;
        }
        let before = item.checked_sub(1).and_then(|at| self.items.get(at));
        let follows_site = before.is_some_and(|i| matches!(i.kind, Kind::Levels(_) | Kind::Side(..)))
            && self.items[item].gap.is_tight();
        let leads = self.items.get(item + 1).is_some_and(|next| {
            let is_site = matches!(next.kind, Kind::Levels(_) | Kind::Side(..));
            is_site && next.gap.content == 0 && (next.gap.is_tight() || next.gap.has(Gap::AT))
        });
        match self.act(item) {
            Some(Act::Bare(_)) => self.follows_determiner(item),
            _ => leads || follows_site && self.items.iter().any(|i| matches!(i.kind, Kind::Levels(_))),
        }
    }

    /// Whether an article, a number or a word like them stands right before an item: "a caudal", "two caudals".
    fn follows_determiner(&self, item: usize) -> bool {
        let Some(start) = self.items.get(item).map(|i| i.span.start) else { return false };
        let next = self.layers.tokens.partition_point(|token| token.start < start);
        let word = next.checked_sub(1).and_then(|at| self.layers.tokens.get(at));
        word.is_some_and(|word| {
            word.start >= self.sentence.span.start
                && (word.class.word == Some(Word::Filler) || word.class.number().is_some())
        })
    }

    /// Whether the place of a needle stands for the injection: in a list of injections ("Injection history: right SIJ, 90 %"), as
    /// a title ("Procedure: right SIJ"), or behind a word that plans or dates it ("schedule right SIJ", "Prior: SIJ 2021").
    pub(super) fn is_listed_place(&self, item: usize) -> bool {
        let is_named = |at: usize| self.act(at).is_some_and(Act::names);
        let is_long = self.items[item].span.len() > 2;
        if !is_long || self.has_verb() {
            return false;
        }
        let is_place = matches!(
            self.act(item),
            Some(Act::Target(
                ProcedureFamily::SiJointInjection
                    | ProcedureFamily::FacetJointInjection
                    | ProcedureFamily::MedialBranchBlock
                    | ProcedureFamily::TriggerPointInjection
            ))
        );
        let is_alone = is_place && !(0..self.items.len()).any(is_named);
        // "PLAN: left SIJ."
        let is_whole = || self.section == SectionKind::Plan && self.items.iter().all(|i| i.gap.content == 0);
        is_alone && (self.is_under_injections() || self.opens_title()) && !self.qualifies(item)
            || is_alone && is_whole() && self.ends_phrase(item)
            || self.is_done_at(item) && self.ends_phrase(item)
    }

    /// Whether a word of when leads to a joint at once, or a date follows it at once in a list of what was done.
    fn is_done_at(&self, item: usize) -> bool {
        let is_joint = self.act(item) == Some(Act::Target(ProcedureFamily::SiJointInjection));
        let first = (0..item).rev().take(NEAR).find(|&at| !self.is_site(at));
        let leads =
            first.filter(|&at| self.gap(at, item).content == 0 && !self.gap(at, item).has(BREAKS | Gap::OF));
        let is_led = leads.and_then(|at| self.act(at)).is_some_and(
            |act| matches!(act, Act::Status(status, _) if status != ProcedureStatus::Historical),
        );
        let next = self.items.get(item + 1).map_or(self.sentence.span.end, |next| next.span.start);
        let after = self
            .layers
            .folded
            .slice(FoldSpan::new(self.items[item].span.end, next.max(self.items[item].span.end)));
        let is_listed = self.opens_past() && after.trim_start().starts_with(|c: char| c.is_ascii_digit());
        is_joint && (is_led || is_listed)
    }

    /// Whether a phrase ends behind an item, or a number follows.
    fn ends_phrase(&self, item: usize) -> bool {
        let rest =
            FoldSpan::new(self.items[item].span.end, self.sentence.span.end.max(self.items[item].span.end));
        let after = self.layers.folded.slice(rest).trim_start();
        after.is_empty() || after.starts_with(|c: char| !c.is_ascii_alphabetic())
    }

    /// Whether it names the nerves of joints.
    pub(super) fn has_nerves(&self) -> bool {
        let nerve = Act::Target(ProcedureFamily::MedialBranchBlock);
        self.items.iter().any(|item| item.kind == Kind::Act(nerve))
    }

    /// Whether it stands in a history under a heading that names injections.
    fn is_under_injections(&self) -> bool {
        let heading = self.layers.layout.sections.get(self.sentence.section as usize).map(|s| s.heading);
        let is_injection = |m: &Mention<Concept>| m.concept == Concept::Detail(Detail::Telling(Telling::Act));
        matches!(self.section, SectionKind::History | SectionKind::PastHistory)
            && heading.is_some_and(|heading| within(self.layers.details, heading).iter().any(is_injection))
    }

    /// Whether a level stands right before or after an item, or a side that has one.
    pub(super) fn is_beside_level(&self, item: usize) -> bool {
        let is_tight =
            |from: usize, to: usize| self.gap(from, to).content == 0 && !self.gap(from, to).has(BREAKS);
        let is_level = |at: &usize| matches!(self.items[*at].kind, Kind::Levels(_));
        let is_side = |at: &usize| matches!(self.items[*at].kind, Kind::Side(..) | Kind::Act(Act::Listing));
        let before = (0..item).rev().take_while(|at| is_level(at) || is_side(at)).find(is_level);
        let after = (item + 1..self.items.len()).take_while(|at| is_level(at) || is_side(at)).find(is_level);
        before.is_some_and(|at| is_tight(at, item)) || after.is_some_and(|at| is_tight(item, at))
    }
}
