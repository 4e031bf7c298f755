//! Where a procedure is: the levels and sides beside its name, and those that it shares with its neighbours.
//!
//! ```text
//! right L4-5 and left L5-S1 [TFESI]      [discectomy] and [fusion], C5-6      L4-5 [laminectomy] and [fusion]
//! └──── units before ─────┘              shared backward ────────┘            └── shared forward ──┘
//! ```

use smallvec::SmallVec;

use crate::lexicon::{Concept, LevelWord, Sense, SideForm, Word};
use crate::matching::Token;
use crate::model::{Level, Mention, ProcedureFamily, Region, Side};
use crate::relate::gap::Gap;
use crate::relate::item::Kind;
use crate::relate::layers::{Layers, within};
use crate::text::FoldSpan;

use super::sentence::{ProcedureSentence, side_of};

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

/// What parts statements.
pub(super) const PARTS: u32 = Gap::SEMICOLON | Gap::BUT | Gap::WHICH;
/// What joins the members of a list.
pub(super) const JOINS: u32 = Gap::COMMA | Gap::AND | Gap::OR | Gap::WITH | Gap::SLASH;

impl ProcedureSentence<'_, '_> {
    /// The sites of every head, shared ones included.
    pub(super) fn sites(&self) -> Vec<Sites> {
        let mut owned: Vec<Own> = vec![Own::default(); self.heads.len()];
        for unit in self.units() {
            if let Some(head) = self.owner(unit.0, unit.1)
                && let Some(own) = owned.get_mut(self.done_for(head))
            {
                own.items.extend((unit.0..=unit.1).filter(|&at| self.is_site(at)));
            }
        }
        let mut sites: Vec<Sites> =
            (0..self.heads.len()).map(|h| self.own_sites(&self.heads[h].families, &owned[h].items)).collect();
        // One name alone has no neighbour to share with.
        if self.heads.len() > 1 {
            let shared = self.share_backward(&mut sites, &owned);
            self.share_forward(&mut sites, &owned, &shared);
            self.share_last_side(&mut sites);
        }
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

    /// "laminectomy for decompression, right sided": the place of a purpose is that of what is done for it.
    fn done_for(&self, head: usize) -> usize {
        let is_purpose = self.heads[head].families.is_empty() && self.is_purpose(self.heads[head].item);
        if is_purpose { head.saturating_sub(1) } else { head }
    }

    /// Whether a level or a side leads to a head, so that what follows it is the next one's.
    fn has_site_before(&self, head: usize) -> bool {
        let item = self.heads[head].item;
        let from = head.checked_sub(1).map_or(0, |h| self.heads[h].item + 1);
        (from..item)
            .rev()
            .any(|at| matches!(self.items[at].kind, Kind::Levels(_)) && self.reaches_back(at, item))
    }

    /// Whether the head at an item is of a family.
    pub(super) fn is_of(&self, item: usize, family: ProcedureFamily) -> bool {
        self.heads.iter().any(|h| h.item == item && h.families.contains(&family))
    }

    /// "stimulator leads (T8-T9)": whether a level stands right behind the name of what lies in the canal, so that it
    /// says where, and not how it was brought there. A vertebra by itself is where a tip came to lie.
    pub(super) fn names_lead(&self, head: usize, level: FoldSpan) -> bool {
        let Some(next) = self.items.get(head + 1) else { return false };
        self.is_of(head, ProcedureFamily::SpinalCordStimulator)
            && next.span == level
            && next.gap.content == 0
            && !next.gap.has(PARTS | JOINS | Gap::IS | Gap::HAS)
    }

    /// The sites that items of levels and sides make.
    pub(super) fn own_sites(&self, families: &[ProcedureFamily], own: &[usize]) -> Sites {
        let mut sites = Sites::new();
        let mut side: Option<(Side, FoldSpan)> = None;
        let mut first_unsided = 0;
        // The sites that the side before this one was said of, behind them.
        let mut sided = 0..0;
        let mut was_side = false;
        for &at in own {
            let item = self.items[at];
            match item.kind {
                Kind::Side(value, form) => {
                    let follows =
                        !sites.is_empty() && (form != SideForm::Adjective || !self.level_follows(at, own));
                    if follows {
                        // "L4-5, right side first, followed by the left side": both, of the same levels.
                        let again = sided.end == sites.len() && self.in_turn(at).is_some();
                        for site in sites.get_mut(sided.clone()).filter(|_| again).into_iter().flatten() {
                            site.side = site.side.map(|(one, span)| (one.and(value), span));
                        }
                        // "L4-5 and L5-S1 bilaterally": of all that has no side yet.
                        let unsided = first_unsided..sites.len();
                        for site in sites.iter_mut().skip(first_unsided).filter(|s| s.side.is_none()) {
                            site.side = Some((value, item.span));
                        }
                        first_unsided = sites.len();
                        sided = unsided;
                    }
                    // "the right and then the left L4-5 joint"
                    // "both left sided"
                    let is_pair = |other: Side| other == Side::Bilateral && item.gap.is_tight();
                    let both = side.filter(|(other, _)| was_side && !follows && !is_pair(*other));
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
        self.drop_way_out(families, &mut sites);
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

    /// "left C8 root, C7-T1 foramen": what is done to a root is named by the root, and the interspace that it leaves by
    /// says no more (annotation guide, section 2). "L4-5 TFESI (L4 root)" is named by the interspace.
    fn drop_way_out(&self, families: &[ProcedureFamily], sites: &mut Sites) {
        let is_of_root = families.iter().all(|family| {
            matches!(family, ProcedureFamily::TransforaminalEsi | ProcedureFamily::SelectiveNerveRootBlock)
        });
        let mut levels = sites.iter().filter_map(|site| site.level.zip(site.level_span));
        let (Some(one), Some(other), None) = (levels.next(), levels.next(), levels.next()) else { return };
        let (root, way) = if one.0.is_interspace() { (other, one) } else { (one, other) };
        if !is_of_root
            || families.is_empty()
            || root.0.is_interspace()
            || !way.0.is_interspace()
            || !leaves_by(root.0, way.0)
        {
            return;
        }
        let is_added = |at: FoldSpan| {
            let before = self.layers.folded.bytes().get(..at.start as usize).unwrap_or_default();
            before.trim_ascii_end().ends_with(b"(")
        };
        let named = if is_added(root.1) && !is_added(way.1) { way.0 } else { root.0 };
        let side = sites.iter().find_map(|site| site.side);
        sites.retain(|site| site.level == Some(named));
        sites.iter_mut().for_each(|site| site.side = site.side.or(side));
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

/// Whether a level or a side may be among the items of a stretch: they are named, or a lone letter is a side. A letter that
/// belongs to a word is one where a level cuts it off: "L5R".
pub(super) fn may_name_place(layers: &Layers<'_, '_>, span: FoldSpan) -> bool {
    let is_side = |m: &Mention<Concept>| matches!(m.concept, Concept::Side(..));
    let is_letter = |token: &Token| {
        let letter = layers.folded.bytes().get(token.start as usize);
        token.end == token.start + 1 && matches!(letter, Some(b'l' | b'r'))
    };
    let next = layers.levels.partition_point(|level| level.span.start < span.start);
    layers.levels.get(next).is_some_and(|level| level.span.end <= span.end)
        || within(layers.mentions, span).iter().any(is_side)
        || layers.tokens_within(span).any(is_letter)
}

/// Whether a root leaves the canal at an interspace: L4 at L4-L5, in the neck C6 at C5-C6.
fn leaves_by(root: Level, way: Level) -> bool {
    let (root, above) = (root.upper(), way.upper());
    match above.region() {
        Region::Cervical => root.region() == Region::Cervical && root.number() == above.number() + 1,
        _ => root == above,
    }
}
