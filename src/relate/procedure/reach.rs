//! How far the name of a procedure reaches to a level or a side, before it and after it.

use super::detail::names_neighbour;
use super::place::{JOINS, PARTS};
use super::sentence::{ProcedureSentence, side_of};
use crate::lexicon::{Act, Concept, Direction, LevelWord, Sense, SideForm, Word};
use crate::model::{Mention, ProcedureFamily};
use crate::relate::gap::Gap;
use crate::relate::item::Kind;
use crate::relate::layers::within;
use crate::text::FoldSpan;

/// How many words may stand between a name and its level.
const BEFORE: u8 = 3;
const AFTER: u8 = 5;
/// So many items stand between two sides that have their turn, or between the level of one step and the name of the next.
const NEAR: usize = 4;
/// So many words of when stand between a name and its place at most: "she had been offered".
const MOST_SAID: usize = 2;

impl ProcedureSentence<'_, '_> {
    /// Whether a name takes what stands at `site` before it.
    pub(super) fn reaches_back(&self, site: usize, head: usize) -> bool {
        let (mut content, mut has_comma, mut has_date) = (0, false, false);
        let is_side = side_of(&self.items[site]).is_some();
        if self.is_of_step_before(site, head) {
            return false;
        }
        for at in (site + 1..=head).rev() {
            let gap = self.items[at].gap;
            let breaks = PARTS | Gap::COLON | Gap::HAS | Gap::IS | Gap::TO | Gap::CLOSE | Gap::QUERY;
            if gap.has(breaks) || gap.has(Gap::WITH) || self.tells_other(at - 1, at) {
                return false;
            }
            // "L2-3 above the fusion"
            if names_neighbour(self.layers, self.between(at - 1, at)) {
                return false;
            }
            content += gap.content;
            has_comma |= gap.has(Gap::COMMA);
            let limit = if has_comma && !has_date { 0 } else { BEFORE };
            // "leg pain, left more than right, after L3-S1 fusion"; "stenosis L3-4, failed ESIs"
            if content > limit
                || has_comma && has_date && (is_side || self.is_cut_off(site))
                || gap.has(Gap::OF | Gap::AT) && at == head && self.act(at - 1).is_none()
            {
                return false;
            }
            let dated = self.act(at - 1).is_some_and(|act| act == Act::After || act.is_past());
            has_date |= dated;
            // "left hip pain after fusion": the side of what came after.
            if has_date && is_side && (at == site + 1 && gap.content > 0 || self.is_other_part(at - 1, head))
            {
                return false;
            }
            if at - 1 > site && !self.is_passed(at - 1) && (!dated || content > 1) {
                return false;
            }
        }
        true
    }

    /// "a plate from T11 to S1 levels and then an onlay fusion": whether "and" parts a name from the level before it, with
    /// words that make it another step.
    fn is_of_step_before(&self, site: usize, head: usize) -> bool {
        if head - site > NEAR || (site + 1..head).any(|at| self.is_site(at)) {
            return false;
        }
        let gap = self.gap(site, head);
        let is_other = |at: usize| matches!(self.act(at), Some(Act::Time | Act::Listing));
        gap.has(Gap::AND) && (gap.content > 1 || gap.has(Gap::COMMA) || (site + 1..head).any(is_other))
    }

    /// Whether an item names a part of the body that the operation at `head` is not done to.
    fn is_other_part(&self, at: usize, head: usize) -> bool {
        let is_operation =
            [ProcedureFamily::Fusion, ProcedureFamily::Laminectomy, ProcedureFamily::Discectomy]
                .into_iter()
                .any(|family| self.is_of(head, family));
        is_operation && matches!(self.act(at), Some(Act::Elsewhere | Act::Target(_)))
    }

    /// Whether a comma follows a site at once, or leads to another level, where it does not open its sentence: "stenosis
    /// L3-4, failed ESIs", "severe stenosis L2-3, moderate L3-4, failed ESIs".
    fn is_cut_off(&self, site: usize) -> bool {
        let next = self.items.get(site + 1).is_some_and(|i| {
            i.gap.has(Gap::COMMA) && (i.gap.content == 0 || matches!(i.kind, Kind::Levels(_)))
        });
        next && !((0..site).all(|at| self.is_site(at)) && self.items[0].gap.content == 0)
    }

    /// Whether a name takes what stands at `site` after it.
    pub(super) fn reaches_forward(&self, head: usize, site: usize) -> bool {
        let mut content = 0;
        let mut has_site = false;
        if let Some(one) = self.in_turn(site) {
            return self.in_turn(one).is_none() && self.reaches_forward(head, one);
        }
        // "Above the fusion, C3-4 is worn"
        if self.gap(head, head + 1).has(Gap::COMMA) && self.is_neighboured(head) {
            return false;
        }
        for at in head + 1..=site {
            let gap = self.items[at].gap;
            // "medial branch blocks for the L4-5 and L5-S1 facet joints"
            let leads_off = self.has_sense(self.between(at - 1, at), Sense::Purpose) && !self.is_joint(site);
            // "TFESI, right L4 and L5; left L5"
            let is_listed =
                has_site && self.heads.len() == 1 && gap.content == 0 && !gap.has(PARTS & !Gap::SEMICOLON);
            let is_parted = gap.has(PARTS) && !is_listed;
            // "the ACDF that she had been offered at C5-6"
            let has_verb = gap.has(Gap::HAS) && !(at < site && self.tells_where(head, at, site));
            if is_parted || has_verb || gap.has(Gap::QUERY) || leads_off || self.tells_other(at - 1, at) {
                return false;
            }
            content += gap.content;
            let limit = if has_site || gap.has(Gap::WITH) { 2 } else { AFTER };
            // "Foraminotomies at C4-5 were made on both sides"
            let is_where = at == site
                && content <= 1
                && !gap.has(JOINS)
                && matches!(side_of(&self.items[site]), Some((_, SideForm::Adverb)));
            if content > limit || has_site && gap.has(Gap::IS) && !is_where {
                return false;
            }
            if at < site {
                if !self.is_passed(at) && !self.tells_where(head, at, site) {
                    return false;
                }
                if self.is_site(at) {
                    has_site = true;
                    content = 0;
                }
            }
        }
        // "ESI, left leg pain"; "which could call for fusion, and C5 palsy"
        match side_of(&self.items[site]) {
            Some((_, SideForm::Adverb)) if !self.items[site].gap.has(JOINS) => true,
            // "trigger points to bilateral upper trapezius"
            Some(_) if self.is_of(head, ProcedureFamily::TriggerPointInjection) && content == 0 => true,
            Some(_) => self.closes(site),
            // "fusion intact, L4-5 mild facet arthropathy"
            None => {
                let gap = self.items[site].gap;
                !(gap.has(Gap::AND) || gap.has(Gap::COMMA) && !gap.has(Gap::AT) && gap.content > 0)
                    || self.closes(site)
            }
        }
    }

    /// "right side first, followed by the left side": the side whose turn is before that of the one at an item.
    pub(super) fn in_turn(&self, site: usize) -> Option<usize> {
        let (next, form) = side_of(&self.items[site])?;
        let is_when = |at: usize| matches!(self.act(at), Some(Act::After | Act::Time | Act::Listing));
        let before = (0..site).rev().take(NEAR).find(|&at| !is_when(at))?;
        let (one, of_one) = side_of(&self.items[before])?;
        let gap = self.gap(before, site);
        let is_named = |form, at: usize| form == SideForm::Adverb || self.names_side(self.items[at].span);
        let takes_turns = one != next && one == next.opposite();
        // "right, then left"
        let is_dated = before + 1 < site;
        (takes_turns
            && (is_dated || is_named(of_one, before))
            && (is_named(form, site) || self.closes(site))
            && !self.is_subject(site)
            && gap.content <= BEFORE
            && !gap.has(PARTS | Gap::OPEN | Gap::IS)
            && !self.tells_other(before, site)
            && !self.tells_today())
        .then_some(before)
    }

    /// Whether a verb follows an item, so that something else is said of it: "the left side is quiet".
    pub(super) fn is_subject(&self, at: usize) -> bool {
        let start = self.items[at].span.end;
        let rest = FoldSpan::new(start, self.sentence.span.end.max(start));
        let mut words =
            self.layers.tokens_within(rest).filter(|word| word.class.sense != Some(Sense::Aspect));
        words.next().is_some_and(|word| matches!(word.class.word, Some(Word::Is | Word::Has)))
    }

    /// Whether a name is told only to say what is beside it: "above the fusion".
    fn is_neighboured(&self, head: usize) -> bool {
        let from = head.checked_sub(1).map_or(self.sentence.span.start, |at| self.items[at].span.end);
        let to = self.items[head].span.start;
        from < to && names_neighbour(self.layers, FoldSpan::new(from, to))
    }

    /// "the ACDF that she had been offered at C5-6", "the block he had at L5-S1": whether a word of when leads from a name
    /// to its place.
    fn tells_where(&self, head: usize, at: usize, site: usize) -> bool {
        let gap = self.items[site].gap;
        let is_said = |at: usize| matches!(self.act(at), Some(Act::Status(..) | Act::Undergone));
        site - at <= MOST_SAID
            && (at..site).all(is_said)
            && gap.has(Gap::AT)
            && gap.content == 0
            && !self.gap(head, site).has(Gap::COMMA | Gap::AND | Gap::OR)
    }

    /// Whether the site at an item is that of the joints named right after it.
    fn is_joint(&self, site: usize) -> bool {
        let next = (site + 1..self.items.len()).find(|&at| !self.is_site(at));
        next.is_some_and(|at| {
            self.act(at) == Some(Act::Target(ProcedureFamily::FacetJointInjection))
                && self.gap(site, at).content <= 1
        })
    }

    /// Whether what stands between two items tells of a finding or a symptom, whose level it then is.
    fn tells_other(&self, from: usize, to: usize) -> bool {
        self.has_finding(FoldSpan::new(self.items[from].span.end, self.items[to].span.start))
    }

    /// Whether a stretch tells of a finding or a symptom.
    pub(super) fn has_finding(&self, between: FoldSpan) -> bool {
        let finding = |m: &Mention<Concept>| {
            matches!(
                m.concept,
                Concept::Change(..) | Concept::Displacement(..) | Concept::Displaced | Concept::Narrowed(_)
            )
        };
        // "nerve root blocks under CT"
        let is_guide = |m: &Mention<Concept>| {
            let before = self.layers.tokens.partition_point(|token| token.start < m.span.start);
            let word = before.checked_sub(1).and_then(|at| self.layers.tokens.get(at));
            word.is_some_and(|word| word.class.sense == Some(Sense::Guided))
        };
        let symptom = |m: &Mention<Concept>| match m.concept {
            Concept::Symptom(_) => true,
            Concept::Imaging(_) => !is_guide(m),
            _ => false,
        };
        between.start < between.end
            && (within(self.layers.mentions, between).iter().any(finding)
                || within(self.layers.clinical, between).iter().any(symptom))
    }

    fn is_passed(&self, at: usize) -> bool {
        match self.items[at].kind {
            Kind::Levels(_) | Kind::Side(..) | Kind::Pointer(LevelWord::Noun) => true,
            Kind::Act(act) => matches!(
                act,
                Act::Target(_)
                    | Act::Approach(_)
                    | Act::Status(_, Direction::Backward | Direction::Both)
                    | Act::Injection
                    | Act::Elsewhere
                    | Act::Title
                    | Act::Listing
                    | Act::Time
                    | Act::Again
                    | Act::Judged
                    | Act::Bare(_)
            ),
            _ => false,
        }
    }

    /// Whether a side ends its phrase or has a level after it.
    fn closes(&self, site: usize) -> bool {
        match self.items.get(site + 1) {
            Some(next) if next.kind == Kind::Act(Act::Elsewhere) && next.gap.is_tight() => false,
            Some(next) => {
                let at = self.items[site].span.end + 1;
                // "MBB bilat negative"
                let starts = |m: &&Mention<Concept>| m.span.start == at && m.concept != Concept::Normal;
                let mentions = [self.layers.clinical, self.layers.mentions];
                let is_body = mentions.iter().any(|layer| {
                    let first = layer.partition_point(|m| m.span.start < at);
                    layer.get(first).as_ref().is_some_and(starts)
                });
                if !is_body && self.items[site].gap.is_tight() {
                    return true;
                }
                next.gap.content == 0 || !self.goes_on(site)
            }
            None => true,
        }
    }

    /// Whether a word that is not of the grammar, or a mark that ends no phrase, follows an item.
    fn goes_on(&self, at: usize) -> bool {
        let text = self.layers.folded.bytes();
        let words = self.layers.tokens_within(self.between(at, at + 1));
        let mut opening = words.map(|word| (text.get(word.start as usize), word.class.word));
        match opening.find(|(byte, _)| *byte != Some(&b' ')) {
            None | Some((Some(b',' | b'.' | b';' | b')'), _)) => false,
            Some((_, word)) => word.is_none_or(|word| word == Word::Filler),
        }
    }
}
