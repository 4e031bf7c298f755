//! Where a procedure is: the levels and sides beside its name, and those that it shares with its neighbours.
//!
//! ```text
//! right L4-5 and left L5-S1 [TFESI]      [discectomy] and [fusion], C5-6      L4-5 [laminectomy] and [fusion]
//! └──── units before ─────┘              shared backward ────────┘            └── shared forward ──┘
//! ```

use smallvec::SmallVec;

use crate::lexicon::{Act, Concept, Direction, LevelWord, Sense, SideForm, Word};
use crate::model::{Level, Mention, ProcedureFamily, Side};
use crate::relate::gap::Gap;
use crate::relate::item::Kind;
use crate::relate::layers::within;
use crate::text::FoldSpan;

use super::detail::names_neighbour;
use super::sentence::{Statement, side_of};

/// A level and a side said with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Site {
    pub(super) level: Option<Level>,
    pub(super) level_span: Option<FoldSpan>,
    pub(super) side: Option<(Side, FoldSpan)>,
}

/// The sites of a head.
pub(super) type Sites = SmallVec<[Site; 4]>;

/// What belongs to one head.
#[derive(Clone, Debug, Default)]
pub(super) struct Own {
    /// Items of levels and sides, in order.
    pub(super) items: SmallVec<[usize; 8]>,
}

/// How many words may stand between a name and its level.
const BEFORE: u8 = 3;
const AFTER: u8 = 5;
/// What parts statements.
pub(super) const PARTS: u32 = Gap::SEMICOLON | Gap::BUT | Gap::WHICH;
/// What joins the members of a list.
pub(super) const JOINS: u32 = Gap::COMMA | Gap::AND | Gap::OR | Gap::WITH | Gap::SLASH;

impl Statement<'_, '_> {
    /// The sites of every head, shared ones included.
    pub(super) fn sites(&self) -> Vec<Sites> {
        let mut owned: Vec<Own> = vec![Own::default(); self.heads.len()];
        for unit in self.units() {
            if let Some(head) = self.owner(unit.0, unit.1)
                && let Some(own) = owned.get_mut(head)
            {
                own.items.extend((unit.0..=unit.1).filter(|&at| self.is_site(at)));
            }
        }
        let mut sites: Vec<Sites> =
            (0..self.heads.len()).map(|h| self.own_sites(&self.heads[h].families, &owned[h].items)).collect();
        let shared = self.share_backward(&mut sites, &owned);
        self.share_forward(&mut sites, &owned, &shared);
        self.share_last_side(&mut sites);
        for (head, sites) in self.heads.iter().zip(&mut sites) {
            self.point_back(head.item, sites);
        }
        sites
    }

    /// "L4-5 is unstable, fusion at that level": a head whose level is only pointed to has the level named before it.
    fn point_back(&self, head: usize, sites: &mut Sites) {
        let all = match self.items.get(head + 1) {
            Some(next) if next.gap.content > 1 || next.gap.has(PARTS | JOINS | Gap::IS) => None,
            Some(next) if next.kind == Kind::Pointer(LevelWord::Same) => Some(false),
            Some(next) if next.kind == Kind::Pointer(LevelWord::SameAll) => Some(true),
            _ => None,
        };
        let rest = FoldSpan::new(self.items[head].span.end, self.sentence.span.end);
        let mut senses = self.layers.tokens_within(rest).map(|word| word.class.sense);
        // "fusion there", and not "fusion, there is"
        let is_there = senses.next() == Some(Some(Sense::There))
            && !senses.next().flatten().is_some_and(Sense::is_predicate);
        let Some(all) = all.or(is_there.then_some(false)).filter(|_| !has_level(sites)) else { return };
        let side = sites.first().and_then(|s| s.side);
        let is_of_body = self.is_of(head, ProcedureFamily::VertebralAugmentation);
        let before = FoldSpan::new(self.sentence.span.start, self.items[head].span.start);
        let first = self.layers.levels.partition_point(|l| l.span.start < before.start);
        let levels = self.layers.levels.get(first..).unwrap_or_default();
        let mut pointed = Sites::new();
        for mention in
            levels.iter().take_while(|l| l.span.end <= before.end).filter(|l| l.single == is_of_body)
        {
            if !all {
                pointed.clear();
            }
            let span = Some(mention.span);
            pointed.extend(mention.levels.iter().map(|&l| Site { level: Some(l), level_span: span, side }));
        }
        if !pointed.is_empty() {
            *sites = pointed;
        }
    }

    pub(super) fn is_site(&self, at: usize) -> bool {
        matches!(self.items[at].kind, Kind::Levels(_) | Kind::Side(..))
    }

    /// Runs of levels and sides that nothing parts: "right L4-5".
    fn units(&self) -> SmallVec<[(usize, usize); 8]> {
        let mut units: SmallVec<[(usize, usize); 8]> = SmallVec::new();
        for at in 0..self.items.len() {
            if !self.is_site(at) {
                continue;
            }
            let joined = units.last().is_some_and(|&(_, last)| {
                let gap = self.gap(last, at);
                let both_sides = side_of(&self.items[last]).is_some() && side_of(&self.items[at]).is_some();
                last + 1 == at
                    && gap.content == 0
                    && !gap.has(JOINS | PARTS | Gap::COLON | Gap::IS)
                    && !both_sides
            });
            match units.last_mut() {
                Some(unit) if joined => unit.1 = at,
                _ => units.push((at, at)),
            }
        }
        units
    }

    /// The head that a unit belongs to.
    fn owner(&self, first: usize, last: usize) -> Option<usize> {
        let right = self.heads.iter().position(|h| h.item > last);
        let left = match right {
            Some(right) => right.checked_sub(1),
            None => self.heads.len().checked_sub(1),
        };
        let left = left.filter(|&h| self.reaches_forward(self.heads[h].item, first));
        let right = right.filter(|&h| self.reaches_back(last, self.heads[h].item));
        match (left, right) {
            (Some(left), Some(right)) => {
                let (to_left, to_right) =
                    (self.gap(self.heads[left].item, first), self.gap(last, self.heads[right].item));
                let nearer_left = match (to_left.has(JOINS), to_right.has(JOINS)) {
                    (false, true) => true,
                    (true, false) => false,
                    (false, false) => to_left.has(Gap::AT | Gap::OF) || !self.has_site_before(left),
                    (true, true) => !self.has_site_before(left) && !to_left.has(Gap::AND),
                };
                Some(if nearer_left { left } else { right })
            }
            (one, other) => one.or(other),
        }
    }

    /// Whether a level or a side leads to a head, so that what follows it is the next one's.
    fn has_site_before(&self, head: usize) -> bool {
        let item = self.heads[head].item;
        let from = head.checked_sub(1).map_or(0, |h| self.heads[h].item + 1);
        (from..item)
            .rev()
            .any(|at| matches!(self.items[at].kind, Kind::Levels(_)) && self.reaches_back(at, item))
    }

    /// Whether a name takes what stands at `site` before it.
    fn reaches_back(&self, site: usize, head: usize) -> bool {
        let (mut content, mut has_comma, mut has_date) = (0, false, false);
        let is_side = side_of(&self.items[site]).is_some();
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
    fn reaches_forward(&self, head: usize, site: usize) -> bool {
        let mut content = 0;
        let mut has_site = false;
        for at in head + 1..=site {
            let gap = self.items[at].gap;
            // "medial branch blocks for the L4-5 and L5-S1 facet joints"
            let leads_off = self.has_sense(self.between(at - 1, at), Sense::Purpose) && !self.is_joint(site);
            // "TFESI, right L4 and L5; left L5"
            let is_listed =
                has_site && self.heads.len() == 1 && gap.content == 0 && !gap.has(PARTS & !Gap::SEMICOLON);
            let is_parted = gap.has(PARTS) && !is_listed;
            if is_parted || gap.has(Gap::HAS | Gap::QUERY) || leads_off || self.tells_other(at - 1, at) {
                return false;
            }
            content += gap.content;
            let limit = if has_site || gap.has(Gap::WITH) { 2 } else { AFTER };
            if content > limit || has_site && gap.has(Gap::IS) {
                return false;
            }
            if at < site {
                if !self.is_passed(at) {
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

    /// Whether the site at an item is that of the joints named right after it.
    fn is_joint(&self, site: usize) -> bool {
        let next = (site + 1..self.items.len()).find(|&at| !self.is_site(at));
        next.is_some_and(|at| {
            self.act(at) == Some(Act::Target(ProcedureFamily::FacetJointInjection))
                && self.gap(site, at).content <= 1
        })
    }

    /// Whether the head at an item is of a family.
    pub(super) fn is_of(&self, item: usize, family: ProcedureFamily) -> bool {
        self.heads.iter().any(|h| h.item == item && h.families.contains(&family))
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
                let starts = |m: &&Mention<Concept>| m.span.start == at;
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

    /// The sites that items of levels and sides make.
    pub(super) fn own_sites(&self, families: &[ProcedureFamily], own: &[usize]) -> Sites {
        let mut sites = Sites::new();
        let mut side: Option<(Side, FoldSpan)> = None;
        let mut first_unsided = 0;
        let mut was_side = false;
        for &at in own {
            let item = self.items[at];
            match item.kind {
                Kind::Side(value, form) => {
                    let follows =
                        !sites.is_empty() && (form != SideForm::Adjective || !self.level_follows(at, own));
                    if follows {
                        // "L4-5 and L5-S1 bilaterally": of all that has no side yet.
                        for site in sites.iter_mut().skip(first_unsided).filter(|s| s.side.is_none()) {
                            site.side = Some((value, item.span));
                        }
                        first_unsided = sites.len();
                    }
                    // "the right and then the left L4-5 joint"
                    let both = side.filter(|_| was_side && !follows);
                    side = Some((both.map_or(value, |(other, _)| other.and(value)), item.span));
                    // "L4 on the right and L5 on the left": it is of what stands before it alone.
                    let has_next = own.iter().any(|&next| next > at && side_of(&self.items[next]).is_some());
                    if follows && has_next {
                        side = None;
                    }
                    was_side = true;
                }
                Kind::Levels(index) => {
                    for level in self.levels(families, index) {
                        sites.push(Site { level: Some(level), level_span: Some(item.span), side });
                    }
                    was_side = false;
                }
                _ => {}
            }
        }
        if sites.is_empty() && side.is_some() {
            sites.push(Site { side, ..Site::default() });
        }
        self.pair_sides(&mut sites);
        sites
    }

    /// "L2-3 and L4-5 foraminotomies on the left and right respectively": one side for each level.
    fn pair_sides(&self, sites: &mut Sites) {
        let [one, other] = &mut sites[..] else { return };
        let Some((Side::Bilateral, span)) = one.side.filter(|_| one.side == other.side) else { return };
        let rest = FoldSpan::new(span.start, self.sentence.span.end.max(span.start));
        let is_respective = |m: &Mention<Concept>| m.concept == Concept::Word(Word::Respectively);
        if !within(self.layers.mentions, rest).iter().any(is_respective) {
            return;
        }
        let mut senses = self.layers.tokens_within(span).filter_map(|word| word.class.sense);
        let (first, second) = match senses.find(|sense| matches!(sense, Sense::Left | Sense::Right)) {
            Some(Sense::Left) => (Side::Left, Side::Right),
            Some(_) => (Side::Right, Side::Left),
            None => return,
        };
        one.side = Some((first, span));
        other.side = Some((second, span));
    }

    fn level_follows(&self, at: usize, own: &[usize]) -> bool {
        let next = own.iter().copied().find(|&item| item > at);
        next.is_some_and(|next| {
            matches!(self.items[next].kind, Kind::Levels(_)) && !self.gap(at, next).has(JOINS)
        })
    }

    /// The levels of a mention as the head counts them: nerves and vertebrae by themselves.
    fn levels(&self, families: &[ProcedureFamily], index: u32) -> SmallVec<[Level; 4]> {
        let Some(mention) = self.layers.levels.get(index as usize) else { return SmallVec::new() };
        let text = self.layers.folded.slice(mention.span);
        // "L4-5/L5-S1" is a list, "L4/5-L5/S1" a range.
        let is_listed = text.find('-').zip(text.find('/')).is_some_and(|(dash, slash)| dash < slash);
        let is_range = !mention.single
            && mention.levels.len() > 1
            && !is_listed
            && !text.contains([',', '&', '+'])
            && !self.layers.tokens_within(mention.span).any(|word| word.class.word == Some(Word::And));
        let by_nerve = families.iter().any(|f| {
            matches!(f, ProcedureFamily::MedialBranchBlock | ProcedureFamily::RadiofrequencyAblation)
        });
        let by_body = families.contains(&ProcedureFamily::VertebralAugmentation);
        if is_range && by_nerve || !mention.single && by_body {
            let mut bodies: SmallVec<[Level; 4]> = SmallVec::new();
            for level in &mention.levels {
                for body in [Some(level.upper()), level.lower()].into_iter().flatten() {
                    if !bodies.contains(&Level::single(body)) {
                        bodies.push(Level::single(body));
                    }
                }
            }
            return bodies;
        }
        mention.levels.iter().copied().collect()
    }
}

/// Whether any site has a level.
pub(super) fn has_level(sites: &Sites) -> bool {
    sites.iter().any(|site| site.level.is_some())
}

/// The sites of what is done between vertebrae: "L4 and L5" named for a fusion or an interlaminar injection are the
/// interspace between them, and for a fusion one vertebra is none.
pub(super) fn joined(families: &[ProcedureFamily], sites: &[Site]) -> Sites {
    let lone = sites.iter().filter_map(|s| s.level).all(|level| !level.is_interspace());
    let is_fusion = families.contains(&ProcedureFamily::Fusion);
    let is_between = is_fusion || families.contains(&ProcedureFamily::InterlaminarEsi);
    if !is_between || !lone || sites.iter().all(|s| s.level.is_none()) {
        return sites.iter().copied().collect();
    }
    let pairs = sites.windows(2).filter_map(|pair| {
        let [upper, lower] = pair else { return None };
        let level = Level::interspace(upper.level?.upper(), lower.level?.upper())?;
        Some(Site { level: Some(level), ..*upper })
    });
    let mut spaces: Sites = pairs.collect();
    if spaces.is_empty() && !is_fusion {
        return sites.iter().copied().collect();
    }
    if spaces.is_empty() {
        spaces.push(Site { level: None, level_span: None, side: sites.first().and_then(|s| s.side) });
    }
    spaces
}
