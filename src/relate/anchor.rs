//! Anchors: what is said to be narrowed, compressed, displaced, overgrown, or as it should be.
//!
//! Predicates are joined to the structures that they are said of, by the grammar of the word (noun, active
//! verb, participle) and by what stands between.

use smallvec::{SmallVec, smallvec};

use crate::lexicon::{ChangeClass, Form, SideForm, Structure};
use crate::model::{FindingKind, Subtype};

use super::head::{Head, HeadKind, Heads};
use super::item::{Gap, Grade, Item, Kind};

/// Something said of a structure.
#[derive(Clone, Debug)]
pub struct Anchor {
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
pub type Anchors = SmallVec<[Anchor; 8]>;

/// What sentences before tell this one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Topic {
    /// The passage that the paragraph speaks of.
    pub structure: Option<Structure>,
    /// Whether the note or the place is about the spine, so that a bare stenosis is one of the canal.
    pub spine: bool,
    /// Whether the sentence is a cell of a table.
    pub is_cell: bool,
    /// Whether levels govern the sentence.
    pub has_level: bool,
}

/// What finding a change of a structure makes; `None` where it is none of the seven kinds.
pub const fn finding_kind(structure: Structure, class: ChangeClass) -> Option<FindingKind> {
    use ChangeClass::{Compress, Degenerate, Narrow, Stenosis, Touch};
    use Structure::{Canal, Central, Facet, Foramen, Recess, Root, Sac, Spine};
    Some(match (structure, class) {
        (Foramen, Stenosis | Narrow | Compress) => FindingKind::ForaminalStenosis,
        (Canal, Stenosis | Narrow | Compress) => FindingKind::CentralCanalStenosis,
        (Central, Stenosis | Narrow) => FindingKind::CentralCanalStenosis,
        (Spine, Stenosis) => FindingKind::CentralCanalStenosis,
        (Recess, Stenosis | Narrow | Compress) => FindingKind::LateralRecessStenosis,
        (Sac, Compress | Touch | Narrow | Stenosis) => FindingKind::ThecalSacCompression,
        (Root, Compress | Touch) => FindingKind::NerveRootCompression,
        (Facet, Degenerate) => FindingKind::FacetArthropathy,
        _ => return None,
    })
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
pub fn read_anchors(items: &[Item], heads: &mut Heads, topic: Topic) -> Anchors {
    let mut linker = Linker { items, heads, anchors: Anchors::new(), topic };
    linker.locate_discs();
    linker.join();
    linker.graded_alone();
    linker.hand_to_discs();
    let mut anchors = linker.anchors;
    anchors.sort_by_key(|a| (a.structure.max(a.predicate), a.structure));
    anchors.dedup_by(|a, b| a.predicate == b.predicate && a.structure == b.structure);
    anchors
}

struct Linker<'i> {
    items: &'i [Item],
    heads: &'i mut Heads,
    anchors: Anchors,
    topic: Topic,
}

/// Structures that a predicate is said of.
type Targets = SmallVec<[usize; 4]>;

impl Linker<'_> {
    /// What stands between two heads, everything between them included.
    fn between(&self, left: usize, right: usize) -> Gap {
        let (from, to) = (self.heads[left].item as usize + 1, self.heads[right].item as usize);
        self.items[from..=to].iter().fold(Gap::default(), |gap, item| gap.and(item.gap))
    }

    /// Whether a denial or hedge stands between two heads.
    fn cue_between(&self, left: usize, right: usize) -> bool {
        let (from, to) = (self.heads[left].item as usize + 1, self.heads[right].item as usize);
        self.items[from..to].iter().any(|item| matches!(item.kind, Kind::Cue(_)))
    }

    /// Adjectives of place before a disc word are its place: "left foraminal protrusion". Their modifiers are
    /// the disc's. So are those of a place that follows it: "extending to the recess, more to the left".
    fn locate_discs(&mut self) {
        for disc in 0..self.heads.len() {
            if !matches!(self.heads[disc].kind, HeadKind::Disc(_)) {
                continue;
            }
            // "disc protrusion, central": a place named after its disc.
            if disc + 1 < self.heads.len() && self.heads[disc + 1].structure() == Some(Structure::Central) {
                let gap = self.between(disc, disc + 1);
                let last = disc + 2 == self.heads.len() || self.between(disc + 1, disc + 2).has(Gap::COMMA | Gap::HARD);
                if gap.content == 0 && !gap.has(Gap::HARD | Gap::AND) && last {
                    self.heads[disc + 1].used = true;
                    let mut post = std::mem::take(&mut self.heads[disc + 1].pre);
                    post.append(&mut self.heads[disc + 1].post);
                    self.heads[disc].post.append(&mut post);
                }
            }
            // "extrusion in the left lateral recess": the side of the place is the disc's.
            let next = disc + 1;
            if next < self.heads.len()
                && matches!(self.heads[next].structure(), Some(Structure::Recess | Structure::Foramen))
                && !self.has_own_predicate(next)
            {
                let gap = self.between(disc, next);
                let alone = next + 1 == self.heads.len() || self.heads[next + 1].structure().is_none();
                if gap.has(Gap::OF) && gap.content == 0 && !gap.has(Gap::HARD | Gap::LIST) && alone {
                    self.heads[next].used = true;
                    let mut post = std::mem::take(&mut self.heads[next].pre);
                    self.heads[disc].post.append(&mut post);
                }
            }
            let mut first = disc;
            while first > 0 && self.heads[first - 1].structure().is_some() && !self.heads[first - 1].used {
                let gap = self.between(first - 1, first);
                let is_place = matches!(
                    self.heads[first - 1].kind,
                    HeadKind::Structure(
                        Structure::Foramen
                            | Structure::Central
                            | Structure::Recess
                            | Structure::Disc
                            | Structure::Spine
                    )
                );
                if !is_place
                    || gap.content > 0
                    || gap.has(Gap::HARD | Gap::IS | Gap::HAS | Gap::OF | Gap::AT | Gap::CLOSE)
                {
                    break;
                }
                first -= 1;
            }
            for place in (first..disc).rev() {
                self.heads[place].used = true;
                let mut pre = std::mem::take(&mut self.heads[place].pre);
                pre.append(&mut self.heads[place].post);
                pre.append(&mut self.heads[disc].pre);
                self.heads[disc].pre = pre;
            }
        }
    }

    /// Places that nothing was said of give what qualifies them to the disc before: "bulge with annular tear,
    /// more to the right".
    fn hand_to_discs(&mut self) {
        let mut disc = None;
        for i in 0..self.heads.len() {
            match self.heads[i].kind {
                HeadKind::Disc(_) => disc = Some(i),
                HeadKind::Structure(s) if !self.heads[i].used || s == Structure::Disc => {
                    if let Some(disc) = disc {
                        let mut post = std::mem::take(&mut self.heads[i].post);
                        self.heads[disc].post.append(&mut post);
                    }
                }
                _ => disc = None,
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
                    self.push(FindingKind::DiscDisplacement, subtype, p, p, false, false)
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
        let may_stand_alone = matches!(class, ChangeClass::Stenosis | ChangeClass::Narrow) && form != Form::Active;
        let bare_canal = class == ChangeClass::Stenosis
            && form == Form::Noun
            && self.topic.spine
            && !has_side
            && !self.is_of_something(p);
        let structure = match self.spoken_of(p).filter(|_| may_stand_alone) {
            Some(s) if has_side || class == ChangeClass::Narrow => Some(s),
            _ if bare_canal => Some(Structure::Canal),
            _ => None,
        };
        if let Some(kind) = structure.and_then(|s| finding_kind(s, class)) {
            self.push(kind, None, p, p, false, false);
        }
    }

    /// Whether a word for a displaced disc stands where nothing else is about a disc or a level.
    fn is_bare_disc(&self, p: usize) -> bool {
        let is_bare = matches!(self.items[self.heads[p].item as usize].kind, Kind::Disc(_, Form::Active));
        let speaks_of_spine = |item: &Item| match item.kind {
            Kind::Levels(_) | Kind::Pointer(_) | Kind::Narrowed(_) => true,
            Kind::Structure(s) => !matches!(s, Structure::Other | Structure::Cord),
            _ => false,
        };
        is_bare && !self.topic.has_level && !self.items.iter().any(speaks_of_spine)
    }

    /// Whether a side is said of a head, comparisons apart.
    fn has_side(&self, p: usize) -> bool {
        let is_side = |&i: &u16| matches!(self.items[i as usize].kind, Kind::Side(_, f) if f != SideForm::Compared);
        self.heads[p].pre.iter().chain(&self.heads[p].post).any(is_side)
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

    /// The structures that stand as adjectives right before a noun: "canal, lateral recess or foraminal stenosis".
    /// `listed` says that the first may be joined by "and" too.
    fn chain_before(&self, p: usize, listed: bool) -> Targets {
        let mut targets = Targets::new();
        let mut right = p;
        while right > 0 {
            let left = right - 1;
            if self.heads[left].structure().is_none() || self.heads[left].used && right == p {
                break;
            }
            let gap = self.between(left, right);
            let blocked = Gap::HARD | Gap::IS | Gap::HAS | Gap::OF | Gap::AT | Gap::OPEN;
            let first = targets.is_empty();
            let repeats = targets.last().is_some_and(|&t| self.heads[t].kind == self.heads[left].kind);
            if gap.content > 0
                || repeats
                || gap.has(blocked)
                || first
                    && (gap.has(Gap::COMMA | Gap::AND | Gap::OR) != listed || self.cue_between(left, right))
            {
                break;
            }
            // Without a joint the word before only qualifies the one after: "spinal nerve root".
            if first || gap.has(Gap::LIST) || self.cue_between(left, right) {
                targets.push(left);
            }
            right = left;
        }
        targets.reverse();
        targets
    }

    /// A noun whose structure is not right before it: after "of", else the subject, else nothing.
    fn noun_targets(&self, p: usize, class: ChangeClass) -> Targets {
        let next = p + 1;
        if next < self.heads.len() && self.heads[next].structure().is_some() {
            let gap = self.between(p, next);
            let leads = Gap::OF | Gap::TO | Gap::AT | if class == ChangeClass::Touch { Gap::WITH } else { 0 };
            let blocked = (Gap::HARD & !leads) | Gap::COMMA | Gap::AND | Gap::OR | Gap::HAS;
            // "narrowing the canal" is no noun at all.
            let governs = gap.is_tight() && gap.has(Gap::FILLER) && self.heads[next].pre.is_empty();
            if (gap.has(leads) && gap.content <= 1 || governs) && !gap.has(blocked) {
                return self.list_from(next);
            }
        }
        // "no stenosis, central or foraminal": adjectives after their noun.
        if next < self.heads.len()
            && matches!(self.heads[next].structure(), Some(Structure::Central | Structure::Foramen))
            && class == ChangeClass::Stenosis
        {
            let gap = self.between(p, next);
            let targets = self.list_from(next);
            let ends = targets.last().is_none_or(|&t| t + 1 == self.heads.len());
            if gap.content == 0 && gap.has(Gap::COMMA) && !gap.has(Gap::HARD | Gap::IS | Gap::AND) && ends {
                return targets;
            }
        }
        self.subject(p, class, Gap::COLON | Gap::HAS | Gap::WITH | Gap::DASH | Gap::IS, 3)
    }

    /// The objects of an active verb; a verb without any shares those of the verb that it is joined to.
    fn objects(&self, p: usize, class: ChangeClass) -> Targets {
        let mut next = p + 1;
        while next < self.heads.len() {
            let gap = self.between(p, next);
            if gap.content > 2 || gap.has(Gap::SEMICOLON | Gap::COLON | Gap::WHICH) {
                break;
            }
            match self.heads[next].kind {
                HeadKind::Structure(_) if !self.heads[next].used || next > p + 1 => {
                    return self.list_from(next);
                }
                HeadKind::Structure(_) => return smallvec![next],
                HeadKind::Change(_, Form::Active | Form::Noun) => next += 1,
                _ => break,
            }
        }
        self.subject(p, class, Gap::IS, 0)
    }

    fn passive_targets(&self, p: usize, class: ChangeClass) -> Targets {
        let next = p + 1;
        let right = next < self.heads.len() && self.heads[next].structure().is_some() && {
            let gap = self.between(p, next);
            gap.content == 0
                && !gap.has(Gap::HARD | Gap::LIST | Gap::IS | Gap::HAS | Gap::AT | Gap::OPEN | Gap::CLOSE)
        };
        let left = p > 0 && {
            let gap = self.between(p - 1, p);
            self.heads[p - 1].structure().is_some()
                && (gap.has(Gap::IS) || !gap.has(Gap::COMMA))
                && gap.content == 0
        };
        if right && !left {
            return self.list_from(next);
        }
        self.subject(
            p,
            class,
            Gap::IS | Gap::COLON | Gap::DASH | Gap::WHICH | Gap::AND | Gap::BUT | Gap::COMMA,
            2,
        )
    }

    /// The nearest structure before that the change can be said of, with those joined to it; `through` lists
    /// what may stand between.
    fn subject(&self, p: usize, class: ChangeClass, through: u32, content: u8) -> Targets {
        let allowed = |s: Structure| finding_kind(s, class).is_some();
        for left in (0..p).rev() {
            let gap = self.between(left, p);
            if gap.content > content
                || gap.has(Gap::SEMICOLON) && !through & Gap::SEMICOLON != 0 && !self.is_heading(left)
            {
                break;
            }
            let Some(structure) = self.heads[left].structure() else { continue };
            if structure == Structure::Other && left + 1 == p {
                break;
            }
            if !allowed(structure) || structure == Structure::Spine || structure == Structure::Central {
                continue;
            }
            let joined =
                gap.has(through) || left + 1 == p && !gap.has(Gap::COMMA | Gap::AND | Gap::OR | Gap::HARD);
            if joined {
                return self.list_before(left);
            }
            break;
        }
        Targets::new()
    }

    /// Whether a head stands before a colon: it heads what follows.
    fn is_heading(&self, head: usize) -> bool {
        self.items.get(self.heads[head].item as usize + 1).is_some_and(|item| item.gap.has(Gap::COLON))
    }

    /// The structure at `first` and those listed after it.
    fn list_from(&self, first: usize) -> Targets {
        let mut targets: Targets = smallvec![first];
        for next in first + 1..self.heads.len() {
            let gap = self.between(next - 1, next);
            let Some(structure) = self.heads[next].structure() else { break };
            let slip = u8::from(gap.has(Gap::AND));
            if self.heads[next].used
                || gap.content > slip
                || gap.has(Gap::HARD | Gap::IS | Gap::HAS | Gap::AT)
                || self.cue_between(next - 1, next)
            {
                break;
            }
            let before = self.heads[next - 1].structure();
            if gap.has(Gap::LIST) || before == Some(Structure::Sac) {
                // A structure with a statement of its own after it is no member of the list.
                if self.has_own_predicate(next) {
                    break;
                }
                targets.push(next);
            } else if gap.is_tight() && structure != Structure::Other {
                targets.pop();
                targets.push(next);
            } else if !gap.has(Gap::OF) {
                break;
            }
        }
        targets
    }

    /// Whether "structure is …" follows, so that the structure opens a statement of its own.
    fn has_own_predicate(&self, head: usize) -> bool {
        let next = head + 1;
        next < self.heads.len()
            && matches!(
                self.heads[next].kind,
                HeadKind::Change(_, Form::Passive | Form::Noun) | HeadKind::Normal
            )
            && {
                let gap = self.between(head, next);
                gap.content == 0 && (gap.has(Gap::IS) || gap.is_tight()) && !gap.has(Gap::COMMA)
            }
    }

    /// The structure at `last` and those listed before it.
    fn list_before(&self, last: usize) -> Targets {
        let mut targets: Targets = smallvec![last];
        for left in (0..last).rev() {
            let gap = self.between(left, left + 1);
            if self.heads[left].structure().is_none()
                || gap.content > 0
                || !gap.has(Gap::AND | Gap::OR | Gap::COMMA | Gap::SLASH)
                || gap.has(Gap::HARD | Gap::IS | Gap::HAS | Gap::OF | Gap::AT)
                || self.heads[left].used
            {
                break;
            }
            targets.push(left);
        }
        targets.reverse();
        targets
    }

    fn normal(&mut self, p: usize) {
        let next = p + 1;
        let left_tight = p > 0 && self.heads[p - 1].structure().is_some() && {
            let gap = self.between(p - 1, p);
            gap.content == 0
                && !gap.has(Gap::COMMA | Gap::SEMICOLON | Gap::WITH)
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
                if self.heads[left].structure().is_some() {
                    found = self.list_before(left);
                    break;
                }
            }
            found
        };
        let has_side = self.heads[p]
            .pre
            .iter()
            .chain(&self.heads[p].post)
            .any(|&i| matches!(self.items[i as usize].kind, Kind::Side(..)));
        if targets.is_empty()
            && has_side
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
                list.iter()
                    .any(|&i| matches!(self.items[i as usize].kind, Kind::Grade(g) if g != Grade::Ungraded))
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
            if fits && let Some(kind) = denied_kind(structure).or(finding_kind(structure, ChangeClass::Stenosis)) {
                self.push(kind, None, s, s, false, false);
                self.heads[s].used = true;
            }
        }
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

/// The head of an anchor's predicate.
pub fn predicate<'h>(heads: &'h [Head], anchor: &Anchor) -> &'h Head {
    &heads[anchor.predicate as usize]
}
