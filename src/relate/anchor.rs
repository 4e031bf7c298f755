//! Anchors: what is said to be narrowed, compressed, displaced, overgrown, or as it should be.
//!
//! Predicates are joined to the structures that they are said of, by the grammar of the word (noun, active
//! verb, participle) and by what stands between.

use smallvec::SmallVec;

use crate::lexicon::{ChangeClass, Form, SideForm, Structure};
use crate::model::{FindingKind, Side, Subtype};

use super::gap::Gap;
use super::head::{Head, HeadKind};
use super::item::{Grade, Item, Kind};
use super::targets::Targets;

/// Something said of a structure.
#[derive(Clone, Debug)]
pub(super) struct Anchor {
    /// What kind of finding it makes.
    pub kind: FindingKind,
    /// The form of the disc.
    pub subtype: Option<Subtype>,
    /// The head that says it.
    pub predicate: u16,
    /// The head that it is said of; the predicate itself where they are one word.
    pub structure: u16,
    /// Whether it says that all is well.
    pub denies: bool,
    /// Whether the structure follows an active verb.
    pub is_object: bool,
}

/// The anchors of a sentence.
pub(super) type Anchors = SmallVec<[Anchor; 8]>;

/// What sentences before tell this one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Topic {
    /// The passage that the paragraph speaks of.
    pub structure: Option<Structure>,
    /// Whether the note is about the spine, so that a bare stenosis is one of the canal.
    pub spine: bool,
    /// Whether the sentence is a cell of a table.
    pub is_cell: bool,
    /// Whether levels govern the sentence.
    pub has_level: bool,
}

/// What finding a change of a structure makes; `None` where it is none of the seven kinds.
pub(super) const fn finding_kind(structure: Structure, class: ChangeClass) -> Option<FindingKind> {
    use ChangeClass::{Compress, Degenerate, Narrow, Stenosis, Touch};
    use Structure::{Canal, Central, Facet, Foramen, Recess, Root, Sac, Spine};
    Some(match (structure, class) {
        (Foramen, Stenosis | Narrow | Compress) => FindingKind::ForaminalStenosis,
        (Canal, Stenosis | Narrow | Compress) | (Central, Stenosis | Narrow) | (Spine, Stenosis) => {
            FindingKind::CentralCanalStenosis
        }
        (Recess, Stenosis | Narrow | Compress) => FindingKind::LateralRecessStenosis,
        (Sac, Compress | Touch | Narrow | Stenosis) => FindingKind::ThecalSacCompression,
        (Root, Compress | Touch) => FindingKind::NerveRootCompression,
        (Facet, Degenerate) => FindingKind::FacetArthropathy,
        _ => return None,
    })
}

/// The bytes up to which a name of the canal or the sac is letters, or a word that other organs share.
pub const LONGEST_LETTERS: u32 = 4;

/// The bytes up to which a name of the canal or a root is bare: one word, that other organs share.
const LONGEST_BARE: u32 = 6;

/// Whether an anchor is of the spine by its own words. Bare ones ("stenosis", "canal", "bulge") are said of
/// vessels, ears and bellies too, and count only in notes that are about the spine.
fn names_the_spine(anchor: &Anchor, heads: &[Head], items: &[Item]) -> bool {
    let item = |head: u16| items[heads[head as usize].item as usize];
    match anchor.kind {
        FindingKind::CentralCanalStenosis => match item(anchor.structure).kind {
            Kind::Structure(Structure::Canal) => item(anchor.structure).span.len() > LONGEST_BARE,
            Kind::Structure(_) => anchor.structure != anchor.predicate,
            Kind::Narrowed(_) => item(anchor.structure).span.len() > LONGEST_LETTERS,
            _ => false,
        },
        FindingKind::NerveRootCompression => match item(anchor.structure).kind {
            Kind::Structure(_) => item(anchor.structure).span.len() > LONGEST_BARE,
            _ => true,
        },
        FindingKind::ThecalSacCompression => item(anchor.structure).span.len() > LONGEST_LETTERS,
        FindingKind::DiscDisplacement => !matches!(
            item(anchor.predicate).kind,
            Kind::Disc(Some(Subtype::Sequestration), _) | Kind::Disc(_, Form::Active)
        ),
        _ => true,
    }
}

/// What finding a normal structure denies.
const fn denied_kind(structure: Structure) -> Option<FindingKind> {
    Some(match structure {
        Structure::Foramen => FindingKind::ForaminalStenosis,
        Structure::Canal => FindingKind::CentralCanalStenosis,
        Structure::Recess => FindingKind::LateralRecessStenosis,
        Structure::Sac => FindingKind::ThecalSacCompression,
        Structure::Facet => FindingKind::FacetArthropathy,
        _ => return None,
    })
}

/// The change that a word tells of a structure, when the two are one word.
const fn own_class(structure: Structure) -> ChangeClass {
    match structure {
        Structure::Facet => ChangeClass::Degenerate,
        Structure::Root | Structure::Sac => ChangeClass::Compress,
        _ => ChangeClass::Stenosis,
    }
}

/// Reads the anchors of a sentence, in the order of their structures.
pub(super) fn read_anchors(items: &[Item], heads: &mut [Head], topic: Topic) -> Anchors {
    let mut linker = Linker { items, heads, anchors: Anchors::new(), topic };
    linker.pass_region();
    linker.locate_discs();
    linker.join();
    linker.graded_alone();
    linker.share_sides();
    linker.hand_to_discs();
    let mut anchors = linker.anchors;
    if !topic.spine {
        anchors.retain(|anchor| names_the_spine(anchor, heads, items));
    }
    anchors.sort_by_key(|a| (a.structure.max(a.predicate), a.structure));
    anchors.dedup_by(|a, b| a.predicate == b.predicate && a.structure == b.structure);
    anchors
}

/// Joins predicates to structures.
pub(super) struct Linker<'i> {
    pub(super) items: &'i [Item],
    pub(super) heads: &'i mut [Head],
    anchors: Anchors,
    pub(super) topic: Topic,
}

impl Linker<'_> {
    /// What qualifies a region qualifies what is named in it: "severe [lumbar] spinal stenosis".
    fn pass_region(&mut self) {
        for next in 1..self.heads.len() {
            let region = next - 1;
            let is_region = self.heads[region].structure() == Some(Structure::Spine);
            if is_region && self.heads[next].structure().is_some() && self.between(region, next).is_tight() {
                let mut pre = std::mem::take(&mut self.heads[region].pre);
                pre.append(&mut self.heads[next].pre);
                self.heads[next].pre = pre;
            }
        }
    }

    fn join(&mut self) {
        // Nouns first claim the structure that stands right before them, so that verbs do not.
        for p in 0..self.heads.len() {
            if let HeadKind::Change(class, Form::Noun) = self.heads[p].kind {
                let targets = self.chain_before(p, false);
                let any = targets
                    .iter()
                    .any(|&t| self.heads[t].structure().is_some_and(|s| finding_kind(s, class).is_some()));
                let other = !targets.is_empty();
                self.claim(p, class, &targets, false);
                if any || other {
                    self.heads[p].used = true;
                }
            }
        }
        for p in 0..self.heads.len() {
            match self.heads[p].kind {
                HeadKind::Narrowed(s) => self.narrowed(p, s),
                HeadKind::Disc(_) if self.is_bare_disc(p) => {}
                HeadKind::Disc(subtype) => {
                    self.push(FindingKind::DiscDisplacement, subtype, p, p, false, false);
                }
                HeadKind::Change(class, form) if !self.heads[p].used => self.change(p, class, form),
                HeadKind::Normal => self.normal(p),
                _ => {}
            }
        }
    }

    fn narrowed(&mut self, p: usize, structure: Structure) {
        // "central and lateral recess stenosis", "foraminal and canal stenosis"
        let targets = self.chain_before(p, true);
        self.claim(p, own_class(structure), &targets, false);
        // "radicular impingement upon the exiting left C7 root"
        let own = (p + 1 < self.heads.len() && self.heads[p + 1].structure() == Some(structure))
            .then(|| self.between(p, p + 1))
            .is_some_and(|gap| gap.has(Gap::OF) && gap.content <= 1 && !gap.has(Gap::HARD | Gap::COMMA));
        let target = if own { p + 1 } else { p };
        if let Some(kind) = finding_kind(structure, own_class(structure)) {
            self.heads[target].used = true;
            self.push(kind, None, p, target, false, false);
        }
    }

    fn change(&mut self, p: usize, class: ChangeClass, form: Form) {
        let targets = match form {
            Form::Noun => self.noun_targets(p, class),
            Form::Active => self.objects(p, class),
            Form::Passive => self.passive_targets(p, class),
        };
        if !targets.is_empty() {
            self.claim(p, class, &targets, form == Form::Active);
            return;
        }
        // "right: no stenosis" under "Foramina:"; a bare stenosis at a level is one of the canal.
        let has_side = self.has_side(p);
        let may_stand_alone =
            matches!(class, ChangeClass::Stenosis | ChangeClass::Narrow) && form != Form::Active;
        let bare_canal = class == ChangeClass::Stenosis
            && form == Form::Noun
            && self.topic.spine
            && !has_side
            && !self.is_praised_of(p)
            && !self.is_of_something(p);
        let again = self.said_again(p);
        if may_stand_alone && !again.is_empty() {
            again.into_iter().for_each(|kind| self.push(kind, None, p, p, false, false));
            return;
        }
        let structure = match self.spoken_of(p).filter(|_| may_stand_alone) {
            Some(s) if has_side || class == ChangeClass::Narrow => Some(s),
            _ if bare_canal => Some(Structure::Canal),
            _ => None,
        };
        if let Some(kind) = structure.and_then(|s| finding_kind(s, class)) {
            self.push(kind, None, p, p, false, false);
        }
    }

    /// "severe canal narrowing at L3-4 and moderate narrowing at L4-5": what the change before, joined by "and", makes; a
    /// further grade at a further level is of the same.
    fn said_again(&self, p: usize) -> SmallVec<[FindingKind; 2]> {
        let is_noun = |head: &Head| {
            matches!(
                head.kind,
                HeadKind::Change(ChangeClass::Narrow | ChangeClass::Stenosis, Form::Noun)
                    | HeadKind::Narrowed(_)
            )
        };
        let none = SmallVec::new();
        let Some(before) = p.checked_sub(1).filter(|&before| is_noun(&self.heads[before])) else {
            return none;
        };
        let own = &self.heads[p];
        let graded = matches!(own.pre[..], [grade] if {
            let item = &self.items[grade as usize];
            matches!(item.kind, Kind::Grade(_)) && item.gap.has(Gap::AND) && item.gap.content == 0
        });
        let placed =
            own.post.first().is_some_and(|&i| matches!(self.items[i as usize].kind, Kind::Levels(_)));
        let was_placed =
            self.heads[before].post.iter().any(|&i| matches!(self.items[i as usize].kind, Kind::Levels(_)));
        if !(graded && placed && was_placed) {
            return none;
        }
        self.anchors.iter().filter(|a| a.predicate as usize == before).map(|a| a.kind).collect()
    }

    /// Whether a level stands before a head, as its own.
    fn has_level(&self, p: usize) -> bool {
        self.heads[p].pre.iter().any(|&i| matches!(self.items[i as usize].kind, Kind::Levels(_)))
    }

    /// Whether a side is said of a head, comparisons apart.
    pub(super) fn has_side(&self, p: usize) -> bool {
        let is_side =
            |&i: &u16| matches!(self.items[i as usize].kind, Kind::Side(_, f) if f != SideForm::Compared);
        self.heads[p].pre.iter().chain(&self.heads[p].post).any(is_side)
    }

    /// Whether praise says it of what stands before: "the recesses are free of stenosis".
    fn is_praised_of(&self, p: usize) -> bool {
        p.checked_sub(1).is_some_and(|before| {
            let gap = self.between(before, p);
            let praised = before.checked_sub(1).and_then(|head| self.heads[head].structure());
            praised.is_some()
                && self.heads[before].kind == HeadKind::Normal
                && gap.has(Gap::OF)
                && gap.content == 0
        })
    }

    /// Whether "of" and an unknown thing follow: "stenosis of the celiac origin".
    fn is_of_something(&self, p: usize) -> bool {
        let next = self.items.get(self.heads[p].item as usize + 1);
        next.is_some_and(|item| item.gap.has(Gap::OF) && item.gap.content > 0)
    }

    /// The passage that was last spoken of before a head, here or in the sentence before.
    fn spoken_of(&self, p: usize) -> Option<Structure> {
        let before = (0..p).rev().find_map(|i| match self.heads[i].kind {
            HeadKind::Structure(s) | HeadKind::Narrowed(s)
                if matches!(s, Structure::Foramen | Structure::Recess) =>
            {
                Some(s)
            }
            _ => None,
        });
        before.or(self.topic.structure)
    }

    fn normal(&mut self, p: usize) {
        let next = p + 1;
        let left_tight = p > 0 && self.heads[p - 1].structure().is_some() && {
            let gap = self.between(p - 1, p);
            gap.content == 0
                && !gap.has(Gap::COMMA | Gap::SEMICOLON | Gap::WITH | Gap::BUT)
                && !(gap.has(Gap::AND) && self.heads[p - 1].used)
        };
        let right = next < self.heads.len() && self.heads[next].structure().is_some() && {
            let gap = self.between(p, next);
            gap.content == 0
                && !gap.has(
                    Gap::HARD | Gap::COMMA | Gap::AND | Gap::OR | Gap::IS | Gap::HAS | Gap::AT | Gap::DASH,
                )
        };
        let targets = if right && !left_tight {
            self.list_from(next)
        } else {
            let mut found = Targets::new();
            for left in (0..p).rev() {
                let gap = self.between(left, p);
                if gap.content > 2 || gap.has(Gap::SEMICOLON) && !self.is_heading(left) {
                    break;
                }
                if let Some(structure) = self.heads[left].structure() {
                    // "mild right foraminal narrowing touching the root, left patent"
                    let is_other = self.has_side(p)
                        && denied_kind(structure).is_none()
                        && gap.has(Gap::COMMA | Gap::SEMICOLON)
                        && !gap.has(Gap::IS);
                    // "canal: L4-5 severe, L5-S1 normal": it is said of a further place alone.
                    let is_further = self.is_graded_after(left) && (self.has_level(p) || self.has_side(p));
                    if let Some(kind) = denied_kind(structure).filter(|_| is_further) {
                        self.push(kind, None, p, p, true, false);
                        return;
                    }
                    // "C5-6 foraminal stenosis, C6-7 normal": it is said of all at that level.
                    // "apart from mild facet arthropathy, normal": what was just told to be changed is not normal.
                    let is_past = self.heads[left].used && !gap.has(Gap::IS | Gap::AND) && left + 1 < p;
                    let has_place = self.has_level(p) || self.has_side(p);
                    if !is_other && !(is_past && !has_place) && !(self.heads[left].used && self.has_level(p))
                    {
                        found = self.list_before(left);
                    }
                    break;
                }
            }
            found
        };
        if targets.is_empty()
            && self.has_side(p)
            && let Some(kind) = self.spoken_of(p).and_then(denied_kind)
        {
            self.push(kind, None, p, p, true, false);
        }
        for &target in &targets {
            if let Some(kind) = self.heads[target].structure().and_then(denied_kind) {
                self.push(kind, None, p, target, true, false);
            }
            self.heads[target].used = true;
        }
    }

    /// Structures with a grade and no word of change: "mod canal", "NF sev R".
    fn graded_alone(&mut self) {
        let headed = |linker: &Self, s: usize| linker.topic.is_cell || linker.is_heading(s);
        let coded = |items: &[Item], list: &[u16]| {
            list.iter().any(|&i| matches!(items[i as usize].kind, Kind::Grade(Grade::Coded(_))))
        };
        for s in 0..self.heads.len() {
            let Some(structure) = self.heads[s].structure() else { continue };
            if self.heads[s].used {
                continue;
            }
            let graded = |list: &[u16]| {
                list.iter().any(|&i| {
                    matches!(self.items[i as usize].kind, Kind::Grade(g) if g != Grade::Ungraded)
                        && !self.moves(i as usize)
                })
            };
            let leads =
                self.heads[s].pre.iter().position(|&i| matches!(self.items[i as usize].kind, Kind::Grade(_)));
            let head = self.heads[s].item as usize;
            let tight = leads.is_none_or(|at| {
                self.items[self.heads[s].pre[at] as usize + 1..=head]
                    .iter()
                    .all(|i| !i.gap.has(Gap::OF | Gap::TO | Gap::AT))
            });
            let before = tight && graded(&self.heads[s].pre);
            let after = graded(&self.heads[s].post);
            let fits = match structure {
                Structure::Foramen | Structure::Canal | Structure::Recess => before || after,
                Structure::Central => before,
                Structure::Facet => {
                    coded(self.items, &self.heads[s].pre)
                        || coded(self.items, &self.heads[s].post)
                        || after && headed(self, s)
                }
                _ => false,
            };
            if fits
                && let Some(kind) = denied_kind(structure).or(finding_kind(structure, ChangeClass::Stenosis))
            {
                self.push(kind, None, s, s, false, false);
                self.heads[s].used = true;
            }
        }
    }

    /// "facet arthropathy with thickening of the flavum seen on both sides": what is seen on both sides is all that is joined
    /// before, also where the last of it makes no finding.
    fn share_sides(&mut self) {
        for p in 1..self.heads.len() {
            let makes = |head: usize| self.anchors.iter().any(|a| a.predicate as usize == head);
            if !matches!(self.heads[p].kind, HeadKind::Change(..) | HeadKind::Structure(Structure::Other)) {
                continue;
            }
            let [side] = self.heads[p].post[..] else { continue };
            let item = &self.items[side as usize];
            let is_both = matches!(item.kind, Kind::Side(Side::Bilateral, SideForm::Adverb));
            if !is_both || makes(p) || !(item.gap.has(Gap::FILLER | Gap::IS) && item.gap.content == 0) {
                continue;
            }
            let Some(joined) = (0..p).rev().find(|&head| makes(head)) else { continue };
            let gap = self.between(joined, p);
            if gap.content == 0
                && gap.has(Gap::WITH | Gap::AND)
                && !gap.has(Gap::SEMICOLON | Gap::COLON | Gap::BUT | Gap::WHICH)
                && !self.has_side(joined)
            {
                self.heads[joined].post.push(side);
            }
        }
    }

    /// Whether a structure of which nothing was said yet has a grade after it: "canal: severe, …".
    fn is_graded_after(&self, head: usize) -> bool {
        let is_grade = |&i: &u16| matches!(self.items[i as usize].kind, Kind::Grade(g) if g != Grade::Ungraded && g != Grade::Nil);
        !self.heads[head].used && self.heads[head].post.iter().any(is_grade)
    }

    /// "advanced to S3": what leads to a place is no grade.
    fn moves(&self, grade: usize) -> bool {
        let next = self.items.get(grade + 1);
        next.is_some_and(|next| matches!(next.kind, Kind::Levels(_)) && next.gap.has(Gap::TO))
    }

    fn claim(&mut self, p: usize, class: ChangeClass, targets: &[usize], is_object: bool) {
        for &target in targets {
            self.heads[target].used = true;
            if let Some(kind) = self.heads[target].structure().and_then(|s| finding_kind(s, class)) {
                self.push(kind, None, p, target, false, is_object);
            }
        }
    }

    fn push(
        &mut self,
        kind: FindingKind,
        subtype: Option<Subtype>,
        p: usize,
        s: usize,
        denies: bool,
        is_object: bool,
    ) {
        self.anchors.push(Anchor {
            kind,
            subtype,
            predicate: p as u16,
            structure: s as u16,
            denies,
            is_object,
        });
    }
}
