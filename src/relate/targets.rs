//! Which structures a predicate is said of: before it as adjectives, after it as objects, or its subject.
//!
//! `canal, lateral recess or foraminal [stenosis]` · `[compressing] the sac and the exit canals` ·
//! `the foramina are [narrowed]`

use smallvec::{SmallVec, smallvec};

use crate::lexicon::{ChangeClass, Form, Structure};

use super::anchor::Linker;
use super::finding_kind::finding_kind;
use super::gap::Gap;
use super::head::HeadKind;
use super::item::{Item, Kind};

/// Structures that a predicate is said of, by their place among the heads.
pub(super) type Targets = SmallVec<[usize; 4]>;

impl Linker<'_> {
    /// What stands between two heads, everything between them included.
    pub(super) fn between(&self, left: usize, right: usize) -> Gap {
        let (from, to) = (self.heads[left].item as usize + 1, self.heads[right].item as usize);
        Item::gap_over(&self.items[from..=to])
    }

    /// Whether a word of comparison stands between two heads.
    fn word_between(&self, left: usize, right: usize) -> bool {
        let (from, to) = (self.heads[left].item as usize + 1, self.heads[right].item as usize);
        self.items[from..to].iter().any(|item| matches!(item.kind, Kind::Word(_)))
    }

    /// Whether a denial or hedge stands between two heads.
    pub(super) fn cue_between(&self, left: usize, right: usize) -> bool {
        let (from, to) = (self.heads[left].item as usize + 1, self.heads[right].item as usize);
        self.items[from..to].iter().any(|item| matches!(item.kind, Kind::Cue(_)))
    }

    /// The structures that stand as adjectives right before a noun: "canal, lateral recess or foraminal stenosis".
    /// `listed` says that the first may be joined by "and" too.
    pub(super) fn chain_before(&self, p: usize, listed: bool) -> Targets {
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
            // "effacing the sac, recess narrowing": what a verb governs is no adjective.
            let is_object =
                left > 0 && matches!(self.heads[left - 1].kind, HeadKind::Change(_, Form::Active)) && {
                    let own = self.between(left - 1, left);
                    own.content == 0 && !own.has(Gap::HARD | Gap::COMMA)
                };
            if is_object && !first && gap.has(Gap::COMMA) && !gap.has(Gap::AND | Gap::OR) {
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
    pub(super) fn noun_targets(&self, p: usize, class: ChangeClass) -> Targets {
        let next = p + 1;
        if next < self.heads.len() && self.heads[next].structure().is_some() {
            let gap = self.between(p, next);
            let leads = Gap::OF | Gap::TO | Gap::AT | if class == ChangeClass::Touch { Gap::WITH } else { 0 };
            let blocked = (Gap::HARD & !leads) | Gap::COMMA | Gap::AND | Gap::OR | Gap::HAS;
            // "severe stenosis left foramen": "of" is left out.
            let is_of_sides = class == ChangeClass::Stenosis
                && matches!(self.heads[next].structure(), Some(Structure::Foramen | Structure::Recess))
                && self.heads[next]
                    .pre
                    .iter()
                    .all(|&i| matches!(self.items[i as usize].kind, Kind::Side(..)))
                && !self.heads[next].used
                && !self.has_own_predicate(next);
            // "narrowing the canal" is no noun at all.
            let governs = gap.is_tight()
                && (gap.has(Gap::FILLER)
                    || class == ChangeClass::Narrow
                    || is_of_sides
                    || self.heads[next].pre.is_empty()
                        && self.heads[next].structure() == Some(Structure::Sac));
            if (gap.has(leads) && gap.content <= 1 || governs) && !gap.has(blocked) {
                return self.list_from(next);
            }
        }
        // "no stenosis, central or foraminal": adjectives after their noun.
        if next < self.heads.len()
            && matches!(
                self.heads[next].structure(),
                Some(Structure::Central | Structure::Foramen | Structure::Canal | Structure::Recess)
            )
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

    /// Whether what could be a verb is said of the structure before it, and governs nothing: "the canal is narrow, the
    /// foramina are patent".
    pub(super) fn is_adjective(&self, p: usize, class: ChangeClass, form: Form) -> bool {
        let Some(before) = p.checked_sub(1).filter(|_| form == Form::Active) else { return false };
        let structure = self.heads[before].structure();
        let gap = self.between(before, p);
        // "the disc space is narrow" is of no finding, and still no verb; "facet overgrowth narrow …" is one.
        let makes = || structure.is_some_and(|s| finding_kind(s, class).is_some());
        let is_subject = matches!(class, ChangeClass::Narrow | ChangeClass::Stenosis)
            && structure.is_some()
            && (gap.has(Gap::IS) && gap.content <= 1 || gap.is_tight() && makes())
            && !gap.has(Gap::HARD | Gap::LIST);
        let governs = p + 1 < self.heads.len() && {
            let next = self.between(p, p + 1);
            next.content <= 2 && !next.has(Gap::COMMA | Gap::AND | Gap::HARD | Gap::IS)
        };
        is_subject && !governs
    }

    /// The objects of an active verb; a verb without any shares those of the verb that it is joined to.
    pub(super) fn objects(&self, p: usize, class: ChangeClass) -> Targets {
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

    pub(super) fn passive_targets(&self, p: usize, class: ChangeClass) -> Targets {
        let next = p + 1;
        let right = next < self.heads.len() && self.heads[next].structure().is_some() && {
            let gap = self.between(p, next);
            gap.content == 0
                && !gap.has(Gap::HARD | Gap::LIST | Gap::IS | Gap::HAS | Gap::AT | Gap::OPEN | Gap::CLOSE)
        };
        let left = p > 0 && {
            let gap = self.between(p - 1, p);
            self.heads[p - 1].structure().is_some()
                // "the root within the narrowed foramen"
                && (gap.has(Gap::IS) || !gap.has(Gap::COMMA | Gap::WITH | Gap::OF))
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
    pub(super) fn subject(&self, p: usize, class: ChangeClass, through: u32, content: u8) -> Targets {
        let allowed = |s: Structure| finding_kind(s, class).is_some();
        for left in (0..p).rev() {
            let gap = self.between(left, p);
            if gap.content > content {
                break;
            }
            let Some(structure) = self.heads[left].structure() else { continue };
            // "foramina: C2-3 patent; C3-4 mild stenosis": a heading alone is of what a semicolon parts.
            if gap.has(Gap::SEMICOLON) && !through & Gap::SEMICOLON != 0 && !self.is_heading(left) {
                break;
            }
            if structure == Structure::Other && left + 1 == p {
                break;
            }
            if !allowed(structure) || structure == Structure::Spine || structure == Structure::Central {
                continue;
            }
            // "no foraminal narrowing at L3-4, but there is mild narrowing at …"
            // "no foraminal narrowing except at L5-S1, which is narrowed": nor is it of what an exception is left out of.
            let is_barred = through & Gap::BUT == 0 || gap.has(Gap::WHICH);
            if gap.has(Gap::BUT) && is_barred && self.heads[left].used {
                break;
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
    pub(super) fn is_heading(&self, head: usize) -> bool {
        self.items.get(self.heads[head].item as usize + 1).is_some_and(|item| item.gap.has(Gap::COLON))
    }

    /// The structure at `first` and those listed after it.
    pub(super) fn list_from(&self, first: usize) -> Targets {
        let mut targets: Targets = smallvec![first];
        for next in first + 1..self.heads.len() {
            let gap = self.between(next - 1, next);
            let Some(structure) = self.heads[next].structure() else { break };
            // "compressing the sac, extending to the recess"
            if self.word_between(next - 1, next) {
                break;
            }
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
    pub(super) fn has_own_predicate(&self, head: usize) -> bool {
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
    pub(super) fn list_before(&self, last: usize) -> Targets {
        let mut targets: Targets = smallvec![last];
        for left in (0..last).rev() {
            let gap = self.between(left, left + 1);
            if self.heads[left].structure().is_none()
                || gap.content > 0
                || !gap.has(Gap::AND | Gap::OR | Gap::COMMA | Gap::SLASH)
                || gap.has(Gap::HARD | Gap::IS | Gap::HAS | Gap::OF | Gap::AT)
                || self.heads[left].used
                || self.is_graded_after(left)
            {
                break;
            }
            targets.push(left);
        }
        targets.reverse();
        targets
    }
}
