//! Anchors: what is said to be narrowed, compressed, displaced, overgrown, or as it should be.
//!
//! Predicates are joined to the structures that they are said of, by the grammar of the word (noun, active
//! verb, participle) and by what stands between.

use smallvec::SmallVec;

use crate::lexicon::{ChangeClass, Form, SideForm, Structure};
use crate::model::{FindingKind, Side, Subtype};

use super::finding_kind::{denied_kind, finding_kind, names_the_spine, own_class};
use super::gap::Gap;
use super::head::{Head, HeadKind};
use super::item::{Grade, Item, Kind, Kinds};

/// Something said of a structure.
#[derive(Clone, Debug, PartialEq)]
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

impl Anchor {
    /// That the head `predicate` finds something of a kind in the head `structure`.
    pub(super) const fn new(kind: FindingKind, predicate: usize, structure: usize) -> Self {
        Self {
            kind,
            subtype: None,
            predicate: predicate as u16,
            structure: structure as u16,
            denies: false,
            is_object: false,
        }
    }

    /// That it says there is none.
    pub(super) const fn denied(kind: FindingKind, predicate: usize, structure: usize) -> Self {
        Self { denies: true, ..Self::new(kind, predicate, structure) }
    }
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
    /// How many findings were told before its line.
    pub told: usize,
}

/// Reads the anchors of a sentence, in the order of their structures. `kinds` are those of its items.
pub(super) fn read_anchors(items: &[Item], kinds: Kinds, heads: &mut [Head], topic: Topic) -> Anchors {
    let mut linker = Linker { items, heads, anchors: Anchors::new(), topic };
    linker.take(kinds.has(Kinds::REGION), Linker::pass_region);
    linker.take(kinds.has(Kinds::DISC), Linker::locate_discs);
    linker.take(kinds.has(Kinds::PREDICATE), Linker::join);
    linker.take(kinds.has_all(Kinds::STRUCTURE.or(Kinds::GRADE)), Linker::graded_alone);
    linker.take(kinds.has(Kinds::BOTH), Linker::share_sides);
    linker.take(kinds.has(Kinds::DISC), Linker::hand_to_discs);
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
    pub(super) anchors: Anchors,
    pub(super) topic: Topic,
}

impl Linker<'_> {
    /// Takes a step, where the sentence has what it needs: without that, it leaves everything as it is.
    fn take(&mut self, is_needed: bool, step: impl Fn(&mut Self)) {
        if is_needed {
            step(self);
        } else {
            debug_assert!(self.is_left_by(step));
        }
    }

    /// Takes a step, and tells whether it left everything as it was.
    fn is_left_by(&mut self, step: impl Fn(&mut Self)) -> bool {
        let (heads, anchors) = (self.heads.to_vec(), self.anchors.clone());
        step(self);
        *self.heads == heads[..] && self.anchors == anchors
    }

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
                self.claim(p, class, &targets, false);
                self.heads[p].used |= !targets.is_empty();
            }
        }
        for p in 0..self.heads.len() {
            match self.heads[p].kind {
                HeadKind::Narrowed(s) => self.narrowed(p, s),
                HeadKind::Disc(_) if self.is_bare_disc(p) => {}
                HeadKind::Disc(subtype) => {
                    let disc = Anchor::new(FindingKind::DiscDisplacement, p, p);
                    self.anchors.push(Anchor { subtype, ..disc });
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
            self.anchors.push(Anchor::new(kind, p, target));
        }
    }

    fn change(&mut self, p: usize, class: ChangeClass, form: Form) {
        let form = if self.is_adjective(p, class, form) { Form::Passive } else { form };
        let targets = match form {
            Form::Noun => self.noun_targets(p, class),
            Form::Active => self.objects(p, class),
            Form::Passive => self.passive_targets(p, class),
        };
        if !targets.is_empty() {
            self.claim(p, class, &targets, form == Form::Active);
            return;
        }
        if let Some(kind) = self.other_one(p, class, form) {
            self.anchors.push(Anchor::new(kind, p, p));
            return;
        }
        // "right: no stenosis" under "Foramina:"; a bare stenosis at a level is one of the canal.
        let has_side = self.has_side(p);
        let may_stand_alone =
            matches!(class, ChangeClass::Stenosis | ChangeClass::Narrow) && form != Form::Active;
        // "stenosis", "L5-S1 is not stenotic"
        let bare_canal = class == ChangeClass::Stenosis
            && (form == Form::Noun || form == Form::Passive && self.has_level(p))
            && self.topic.spine
            && !has_side
            && !self.is_praised_of(p)
            && !self.is_of_something(p);
        let again = self.said_again(p);
        if may_stand_alone && !again.is_empty() {
            again.into_iter().for_each(|kind| self.anchors.push(Anchor::new(kind, p, p)));
            return;
        }
        // "Facets: mild bilateral arthropathy L2-3. Severe right arthropathy L4-5."
        let is_of_facets = self.topic.structure == Some(Structure::Facet)
            && class == ChangeClass::Degenerate
            && form == Form::Noun
            && p == 0
            && self.is_qualified(p)
            && self.topic.spine
            && !self.is_of_something(p);
        let structure = match self.spoken_of(p).filter(|_| may_stand_alone) {
            _ if is_of_facets => Some(Structure::Facet),
            Some(s) if has_side || class == ChangeClass::Narrow || self.follows_unsaid(p) => Some(s),
            _ if bare_canal => Some(Structure::Canal),
            _ => None,
        };
        if let Some(kind) = structure.and_then(|s| finding_kind(s, class)) {
            self.anchors.push(Anchor::new(kind, p, p));
        }
    }

    /// Whether a grade or a side stands before a head, and nothing else but levels.
    fn is_qualified(&self, p: usize) -> bool {
        let kind = |i: &u16| self.items[*i as usize].kind;
        self.heads[p].pre.iter().any(|i| matches!(kind(i), Kind::Grade(_) | Kind::Side(..)))
            && self.items[self.heads[p].item as usize].gap.content == 0
    }

    /// "loss of foraminal height, moderate stenosis": whether a passage stands before, in the same statement, of which nothing
    /// was said.
    fn follows_unsaid(&self, p: usize) -> bool {
        p.checked_sub(1).is_some_and(|before| {
            let gap = self.between(before, p);
            matches!(self.heads[before].structure(), Some(Structure::Foramen | Structure::Recess))
                && !self.heads[before].used
                && gap.has(Gap::COMMA | Gap::WITH)
                && !gap.has(Gap::SEMICOLON | Gap::COLON | Gap::BUT | Gap::WHICH)
        })
    }

    /// "narrows the right foramen and mildly narrows the left": what a verb makes that has but a side for its object.
    fn other_one(&self, p: usize, class: ChangeClass, form: Form) -> Option<FindingKind> {
        let is_object = |&i: &u16| {
            let item = &self.items[i as usize];
            matches!(item.kind, Kind::Side(Side::Left | Side::Right, SideForm::Adjective))
                && item.gap.is_tight()
        };
        let before = p.checked_sub(1).filter(|_| form == Form::Active)?;
        let structure = self.heads[before].structure().filter(|_| self.heads[before].used)?;
        let is_last = p + 1 == self.heads.len() || !self.between(p, p + 1).is_tight();
        let opens = self.heads[p].post.first().is_some_and(is_object) && is_last;
        finding_kind(structure, class).filter(|_| opens)
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
    pub(super) fn has_level(&self, p: usize) -> bool {
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
    pub(super) fn spoken_of(&self, p: usize) -> Option<Structure> {
        let before = (0..p).rev().find_map(|i| match self.heads[i].kind {
            HeadKind::Structure(s) | HeadKind::Narrowed(s)
                if matches!(s, Structure::Foramen | Structure::Recess) =>
            {
                Some(s)
            }
            _ => None,
        });
        // A canal has no sides, and is named again.
        before.or(self.topic.structure.filter(|&s| s != Structure::Canal))
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
                let between = &self.items[self.heads[s].pre[at] as usize + 1..=head];
                let gap = between.iter().fold(Gap::default(), |gap, item| gap.and(item.gap));
                // "with a slight cephalad tilt the dorsal foramina were seen"
                gap.content <= 1 && !gap.has(Gap::OF | Gap::TO | Gap::AT)
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
                self.anchors.push(Anchor::new(kind, s, s));
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
    pub(super) fn is_graded_after(&self, head: usize) -> bool {
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
                self.anchors.push(Anchor { is_object, ..Anchor::new(kind, p, target) });
            }
        }
    }
}
