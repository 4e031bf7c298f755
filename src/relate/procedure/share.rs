//! Levels and sides that one name has of its neighbours: "discectomy and fusion, C5-6", "L4-5 laminectomy and fusion".

use crate::lexicon::{Act, Direction, SideForm};
use crate::model::{ProcedureFamily, Side};
use crate::relate::gap::Gap;
use crate::relate::item::Kind;
use crate::text::FoldSpan;

use super::place::{JOINS, Own, PARTS, Site, Sites, has_level};
use super::sentence::{Statement, side_of};

impl Statement<'_, '_> {
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
            let is_kept = has_level(&sites[head]) || has_other && of_next && !is_purpose;
            if is_kept || !has_level(&sites[next]) || !follows {
                continue;
            }
            let is_next = gap.has(JOINS) || gap.is_tight() || gap.has(Gap::DASH) || is_purpose;
            // "relieved with facet injections, we elected to go on to a discectomy at C5-6"
            let is_clause = gap.has(Gap::COMMA) && (gap.content > 1 || self.decides_between(head));
            if !is_next || gap.has(PARTS | Gap::IS | Gap::HAS) || gap.content > 4 || is_clause {
                continue;
            }
            let own_side = sites[head].first().and_then(|s| s.side);
            sites[head] = self.shared(&sites[next], head, own_side, true);
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
            if gap.has(Gap::BUT | Gap::WHICH | Gap::HAS) || gap.content > 8 || self.is_next_stage(head) {
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
        let Some(last) = self.heads.last().map(|head| head.item) else { return };
        let closing =
            (last + 1..self.items.len()).rev().find_map(|at| Some((at, side_of(&self.items[at])?.0)));
        let Some((at, side)) = closing.filter(|&(at, _)| at + 2 == self.items.len()) else { return };
        let is_cut_off = self.items[at].gap.has(Gap::COMMA) && self.items[at].gap.content == 0;
        let is_last = sites.last().is_some_and(|own| own.iter().all(|s| s.side.map(|s| s.0) == Some(side)));
        if !is_cut_off || !is_last {
            return;
        }
        for head in (0..self.heads.len().saturating_sub(1)).rev() {
            let gap = self.gap(self.heads[head].item, self.heads[head + 1].item);
            if !gap.has(JOINS) || gap.has(PARTS | Gap::IS | Gap::HAS) || gap.content > 2 {
                return;
            }
            if self.has_side(head) && sites[head].iter().all(|site| site.side.is_none()) {
                let span = self.items[at].span;
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

    /// "if short lived, C3-C5 MBB, RFA": what a block leads to is a stage of its own, and names no level yet.
    fn is_next_stage(&self, head: usize) -> bool {
        let (block, next) = (self.heads[head - 1].item, self.heads[head].item);
        (self.is_of(block, ProcedureFamily::MedialBranchBlock)
            || self.is_of(block, ProcedureFamily::FacetJointInjection))
            && self.is_of(next, ProcedureFamily::RadiofrequencyAblation)
            && !self.gap(block, next).has(Gap::AND | Gap::OR | Gap::SLASH | Gap::WITH)
    }

    fn shared(&self, from: &Sites, head: usize, own: Option<(Side, FoldSpan)>, takes_side: bool) -> Sites {
        let takes_side = takes_side && self.has_side(head);
        from.iter().map(|site| Site { side: own.or(site.side.filter(|_| takes_side)), ..*site }).collect()
    }

    /// Whether a head has the side of its neighbours (annotation guide: of these families only what is stated).
    fn has_side(&self, head: usize) -> bool {
        self.heads[head].families.iter().all(|family| {
            !matches!(
                family,
                ProcedureFamily::Fusion | ProcedureFamily::InterlaminarEsi | ProcedureFamily::CaudalEsi
            )
        })
    }
}
