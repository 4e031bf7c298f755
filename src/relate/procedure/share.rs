//! Levels and sides that one name has of its neighbours: "discectomy and fusion, C5-6", "L4-5 laminectomy and fusion".

use crate::lexicon::{Act, Direction, LevelWord, Sense, SideForm};
use crate::model::{ProcedureFamily, ProcedureStatus, Side};
use crate::relate::gap::Gap;
use crate::relate::item::Kind;
use crate::text::FoldSpan;

use super::place::{JOINS, Own, PARTS, Site, Sites, has_level};
use super::sentence::{ProcedureSentence, side_of};

impl ProcedureSentence<'_, '_> {
    /// "Discectomy and fusion, C5-6": a head without a level has that of the head it is joined to. Gives which heads
    /// have theirs so.
    pub(super) fn share_backward(&self, sites: &mut [Sites], owned: &[Own]) -> Vec<bool> {
        let mut shared = vec![false; self.heads.len()];
        for head in (0..self.heads.len().saturating_sub(1)).rev() {
            let next = head + 1;
            let after = |&at: &usize| at > self.heads[next].item;
            let follows = shared[next] || owned[next].items.first().is_some_and(after);
            let gap = self.gap(self.heads[head].item, self.heads[next].item);
            // "L4-5 laminectomy and PLIF, pedicle screws L4 and L5"
            let has_other = (0..head).any(|h| has_level(&sites[h]));
            let of_next = self.heads[next].families.is_empty() || !gap.has(Gap::AND);
            let is_purpose = self.heads[next].families.is_empty() && self.is_purpose(self.heads[next].item);
            // "fusion using local bone graft at L4-5"
            let is_means = self.heads[next].families.is_empty()
                && self.has_sense(self.between(self.heads[head].item, self.heads[next].item), Sense::Guided);
            // "a foraminotomy at this level, or an ACDF C5-7"
            let points = self.items.get(self.heads[head].item + 1).is_some_and(|item| {
                matches!(item.kind, Kind::Pointer(LevelWord::Same | LevelWord::SameAll))
                    && item.gap.content == 0
            });
            let is_kept =
                has_level(&sites[head]) || points || has_other && of_next && !is_purpose && !is_means;
            if is_kept || !has_level(&sites[next]) || !follows {
                continue;
            }
            let is_next = gap.has(JOINS) || gap.is_tight() || gap.has(Gap::DASH) || is_purpose || is_means;
            // "relieved with facet injections, we elected to go on to a discectomy at C5-6"
            let is_clause = gap.has(Gap::COMMA) && (gap.content > 1 || self.decides_between(head));
            let is_other = self.is_of_other_kind(head, next);
            if !is_next || gap.has(PARTS | Gap::IS | Gap::HAS) || gap.content > 4 || is_clause || is_other {
                continue;
            }
            let own_side = sites[head].first().and_then(|s| s.side);
            sites[head] = if is_means || is_purpose {
                sites[next].iter().map(|site| Site { side: own_side.or(site.side), ..*site }).collect()
            } else {
                self.shared(&sites[next], head, own_side, true)
            };
            shared[head] = true;
        }
        shared
    }

    /// "L4-5 laminectomy and fusion": a head without a level has that of the head before it.
    pub(super) fn share_forward(&self, sites: &mut [Sites], owned: &[Own], shared: &[bool]) {
        // Whether a side that stands before its name goes on to the names after it.
        let mut leads = vec![false];
        for head in 1..self.heads.len() {
            let before = head - 1;
            let gap = self.gap(self.heads[before].item, self.heads[head].item);
            let same = self.heads[before].families == self.heads[head].families;
            leads.push(false);
            // "ACDF C5-6; carpal tunnel release; laminectomy": each entry of a list is by itself.
            let is_listed = self.marks_between(self.heads[before].item, self.heads[head].item);
            let is_listed = is_listed.matches(';').count() > 1 || numbers_entry(is_listed);
            if gap.has(Gap::BUT | Gap::WHICH | Gap::HAS)
                || is_listed
                || self.has_other_level(head, owned)
                || gap.content > 8
                || self.points_to_same(head)
                || self.is_next_stage(head)
                || self.is_of_other_time(head)
                || self.is_of_other_kind(before, head)
            {
                continue;
            }
            let own_side = sites[head].iter().find_map(|s| s.side);
            let is_side = |at: usize| side_of(&self.items[at]).is_some();
            let has_own = owned[before].items.iter().any(|&at| is_side(at));
            let is_before = |&at: &usize| at < self.heads[before].item && (is_side(at) || !has_own);
            let led = leads[before]
                || owned[before].items.iter().any(is_before)
                || self.is_of_sided_level(&owned[before], head);
            let takes_side = gap.content <= 1 && (led || same) && !gap.has(Gap::SEMICOLON);
            if !has_level(&sites[head]) && has_level(&sites[before]) {
                sites[head] = self.shared(&sites[before], head, own_side, takes_side);
                leads[head] = led && takes_side;
            } else if sites[head].is_empty() && self.heads[head].families.is_empty() {
                // "bilateral laminectomies, facetectomies and foraminotomies"
                leads[head] = led && takes_side;
            } else if own_side.is_none() && takes_side && (same || shared[before]) && self.has_side(head) {
                let side = sites[before].first().and_then(|s| s.side);
                for site in &mut sites[head] {
                    site.side = side;
                }
                leads[head] = led;
            } else if sites[head].is_empty()
                && matches!(self.act(self.heads[before].item), Some(Act::Target(_)))
            {
                // "right facet and sacroiliac joint injections"
                sites[head] = self.shared(&sites[before], head, None, led);
            }
        }
    }

    /// "L3-4 laminectomy, facetectomy and foraminotomy, bilateral": a side that closes a list is of all its names.
    pub(super) fn share_last_side(&self, sites: &mut [Sites]) {
        for last in 0..self.heads.len() {
            if let Some((at, side)) = self.closing_side(last) {
                self.share_side_back(sites, last, (side, self.items[at].span));
            }
        }
    }

    /// The side that a comma cuts off from the list that ends with a head, and that ends its phrase.
    fn closing_side(&self, last: usize) -> Option<(usize, Side)> {
        let next = self.heads.get(last + 1).map_or(self.items.len(), |head| head.item);
        let after = self.heads[last].item + 1..next;
        let (at, side) = after.clone().find_map(|at| Some((at, side_of(&self.items[at])?.0)))?;
        let is_cut_off = self.items[at].gap.has(Gap::COMMA) && self.items[at].gap.content == 0;
        let closes = match self.items.get(at + 1) {
            Some(end) if at + 2 == self.items.len() => end.gap.content == 0 || end.gap.has(Gap::COMMA),
            Some(next) => next.gap.has(Gap::COMMA),
            None => true,
        };
        let only = after.filter(|&at| side_of(&self.items[at]).is_some()).count() == 1;
        (is_cut_off && closes && only).then_some((at, side))
    }

    fn share_side_back(&self, sites: &mut [Sites], last: usize, (side, span): (Side, FoldSpan)) {
        if sites[last].iter().any(|own| own.side.map(|s| s.0) != Some(side)) {
            return;
        }
        for head in (0..last).rev() {
            let gap = self.gap(self.heads[head].item, self.heads[head + 1].item);
            if !gap.has(JOINS) || gap.has(PARTS | Gap::IS | Gap::HAS) || gap.content > 2 {
                return;
            }
            if self.has_side(head) && sites[head].iter().all(|site| site.side.is_none()) {
                sites[head].iter_mut().for_each(|site| site.side = Some((side, span)));
            }
        }
    }

    /// Whether what stands between a head and the next says when that is done, so that it opens a clause.
    fn decides_between(&self, head: usize) -> bool {
        (self.heads[head].item + 1..self.heads[head + 1].item).any(|at| {
            matches!(self.act(at), Some(Act::Agreed | Act::Status(_, Direction::Forward | Direction::Both)))
        })
    }

    /// "decompression of the left L4-5 with discectomy": whether the level before a head has its side right before it,
    /// and the head goes on at once.
    fn is_of_sided_level(&self, own: &Own, head: usize) -> bool {
        let [.., side, level] = own.items[..] else { return false };
        let gap = self.gap(level, self.heads[head].item);
        matches!(side_of(&self.items[side]), Some((_, SideForm::Adjective)))
            && matches!(self.items[level].kind, Kind::Levels(_))
            && self.items[level].gap.is_tight()
            && gap.has(Gap::WITH | Gap::AND)
            && gap.content == 0
            && !gap.has(Gap::COMMA)
    }

    /// "L4-S1 fusion, now stenosis at L2-3, failed ESIs": whether a level that neither name has stands between a head and
    /// the one before it.
    fn has_other_level(&self, head: usize, owned: &[Own]) -> bool {
        let is_owned = |at: &usize| owned[head - 1..=head].iter().any(|own| own.items.contains(at));
        (self.heads[head - 1].item + 1..self.heads[head].item)
            .any(|at| matches!(self.items[at].kind, Kind::Levels(_)) && !is_owned(&at))
    }

    /// "blocks gave 90 %; RFA, same nerves": what points to the place of what was done is given that, with its side.
    fn points_to_same(&self, head: usize) -> bool {
        let at = self.heads[head].item + 1;
        self.act(at) == Some(Act::Same) && self.items.get(at).is_some_and(|item| item.gap.content == 0)
    }

    /// "if short lived, C3-C5 MBB, RFA": what a block leads to is a stage of its own, and names no level yet.
    fn is_next_stage(&self, head: usize) -> bool {
        let (block, next) = (self.heads[head - 1].item, self.heads[head].item);
        (self.is_of(block, ProcedureFamily::MedialBranchBlock)
            || self.is_of(block, ProcedureFamily::FacetJointInjection))
            && self.is_of(next, ProcedureFamily::RadiofrequencyAblation)
            && !self.gap(block, next).has(Gap::AND | Gap::OR | Gap::SLASH | Gap::WITH)
    }

    /// "he failed an L4-5 ESI and did not want a fusion": what is weighed after the past names no level yet.
    fn is_of_other_time(&self, head: usize) -> bool {
        let (one, next) = (self.heads[head - 1].item, self.heads[head].item);
        let is_past = (0..one).any(|at| self.act(at).is_some_and(Act::is_past));
        let weighs = |act| matches!(act, Act::Status(status, Direction::Forward) if status != ProcedureStatus::Historical);
        let leads_back = |act| matches!(act, Act::Status(ProcedureStatus::Historical, Direction::Forward));
        // "RFA at L3-L5, given two positive blocks"
        is_past && (one + 1..next).any(|at| self.act(at).is_some_and(weighs))
            || !is_past && (one + 1..next).any(|at| self.act(at).is_some_and(leads_back))
    }

    /// "L5-S1 laminectomy in 2018 and two ESIs": of an operation and what is done with a needle, each has its own level.
    fn is_of_other_kind(&self, one: usize, other: usize) -> bool {
        let by_needle = |head: usize| {
            let families = &self.heads[head].families;
            families.first().map(|f| f.is_injection() || *f == ProcedureFamily::RadiofrequencyAblation)
        };
        by_needle(one).zip(by_needle(other)).is_some_and(|(one, other)| one != other)
    }

    fn shared(&self, from: &Sites, head: usize, own: Option<(Side, FoldSpan)>, takes_side: bool) -> Sites {
        let takes_side = takes_side && self.has_side(head);
        // A vertebra is filled by itself, and not from one to the next.
        let is_of_body = self.heads[head].families.contains(&ProcedureFamily::VertebralAugmentation);
        let fits = |site: &&Site| !is_of_body || site.level.is_none_or(|level| !level.is_interspace());
        let sites = from.iter().filter(fits);
        sites.map(|site| Site { side: own.or(site.side.filter(|_| takes_side)), ..*site }).collect()
    }

    /// Whether a head has the side of its neighbours (annotation guide: of these families only what is stated).
    fn has_side(&self, head: usize) -> bool {
        self.heads[head].families.iter().all(|family| {
            !matches!(
                family,
                ProcedureFamily::Fusion
                    | ProcedureFamily::InterlaminarEsi
                    | ProcedureFamily::CaudalEsi
                    | ProcedureFamily::SpinalCordStimulator
                    | ProcedureFamily::Discography
            )
        })
    }
}

/// Whether marks hold the number of an entry: "(2)", "2)".
fn numbers_entry(marks: &str) -> bool {
    marks.match_indices(')').any(|(at, _)| {
        let before = marks.get(..at).unwrap_or_default();
        let digits = before.len() - before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let opens = before.trim_end_matches(|c: char| c.is_ascii_digit());
        (1..=2).contains(&digits) && (opens.is_empty() || opens.ends_with(['(', ' ']))
    })
}
