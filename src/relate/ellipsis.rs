//! Sentences that name no structure and go on about the one spoken of last: "On the left, moderate." "At L4-5 it is severe."

use smallvec::smallvec;

use crate::lexicon::{Sense, Structure, Word};
use crate::matching::{Token, tokens_within};
use crate::model::{Finding, FindingKind, Role, Status};

use super::anchor::{Anchors, Topic};
use super::attribute::group;
use super::emit::Claim;
use super::gap::Gap;
use super::head::{Head, HeadKind, Indices};
use super::item::{Grade, Item, Kind};
use super::place::Places;
use super::statement::Statement;

impl Statement<'_, '_> {
    /// The passage that a following ellipsis speaks of: "The right is mild."
    pub(super) fn left_structure(anchors: &Anchors) -> Option<Structure> {
        let of_kind = |kind| match kind {
            FindingKind::ForaminalStenosis => Some(Structure::Foramen),
            FindingKind::LateralRecessStenosis => Some(Structure::Recess),
            FindingKind::FacetArthropathy => Some(Structure::Facet),
            FindingKind::CentralCanalStenosis => Some(Structure::Canal),
            _ => None,
        };
        anchors.iter().rev().find_map(|a| of_kind(a.kind))
    }

    /// Reads a sentence of sides or levels and grades alone.
    pub(super) fn ellipsis(
        &self,
        places: &Places,
        topic: Topic,
        heads: &[Head],
        findings: &mut Vec<Finding>,
    ) {
        let kind = match topic.structure {
            Some(Structure::Foramen) => FindingKind::ForaminalStenosis,
            Some(Structure::Recess) => FindingKind::LateralRecessStenosis,
            Some(Structure::Facet) => FindingKind::FacetArthropathy,
            Some(Structure::Canal) => FindingKind::CentralCanalStenosis,
            _ => return,
        };
        let has_other = heads.iter().any(|h| !matches!(h.kind, HeadKind::Normal));
        let tokens: Indices = (0..self.items.len() as u16)
            .filter(|&i| {
                self.is(i, |k| {
                    matches!(k, Kind::Side(..) | Kind::Grade(_) | Kind::Levels(_) | Kind::Pointer(_))
                })
            })
            .collect();
        let any = |test: fn(&Kind) -> bool| tokens.iter().any(|&i| self.is(i, test));
        let is_sided = any(|k| matches!(k, Kind::Side(..))) && kind != FindingKind::CentralCanalStenosis;
        let content: u32 = self.items.iter().map(|i| u32::from(i.gap.content)).sum();
        if has_other || !self.is_graded() || content > 3 {
            return;
        }
        if !is_sided && (content > 0 || !self.is_bare(kind)) {
            return;
        }
        if !is_sided && !any(|k| matches!(k, Kind::Levels(_) | Kind::Pointer(_))) {
            self.grade_last(kind, topic, &tokens, findings);
            return;
        }
        let groups = group(self.items, &tokens, kind);
        let latest = places.latest();
        let place = if places.has_topic() || latest.levels.len() != 1 { places.topic() } else { latest };
        let is_placed = |g: &&super::grouper::Group| {
            g.grade.is_some() && if is_sided { g.side.is_some() } else { g.levels.is_some() }
        };
        for group in groups.iter().filter(is_placed) {
            let own = group.levels.map(|i| self.place(i as usize, places));
            let place = own.unwrap_or_else(|| place.clone());
            let Some(&first) = group.items.first() else { continue };
            let span = self.items[first as usize].span;
            let words = smallvec![(Role::Anchor, span)];
            let claim = Claim { kind, subtype: None, assertion: self.scopes.assess(span), words };
            self.push(&claim, group, &place, findings);
        }
    }

    /// Whether a grade in words is given.
    pub(super) fn is_graded(&self) -> bool {
        let is_grade =
            |item: &Item| matches!(item.kind, Kind::Grade(Grade::Named(_) | Grade::Size(_) | Grade::Nil));
        self.items.iter().any(is_grade)
    }

    /// Whether nothing but levels and grades of a narrowing stands in the sentence: "At L4-5 it is severe."
    fn is_bare(&self, kind: FindingKind) -> bool {
        kind != FindingKind::FacetArthropathy
            && self.items.iter().all(|item| {
                // "nil significant" is said of all that there is
                let is_of_all =
                    item.kind == Kind::Grade(Grade::Nil) && tokens_within(self.tokens, item.span).len() > 1;
                !is_of_all
                    && matches!(
                        item.kind,
                        Kind::Grade(Grade::Named(_) | Grade::Size(_) | Grade::Nil)
                            | Kind::Levels(_)
                            | Kind::Pointer(_)
                            | Kind::Word(_)
                            | Kind::End
                    )
            })
    }

    /// "It is severe.": the grade of what was told last on the line, without one.
    fn grade_last(&self, kind: FindingKind, topic: Topic, tokens: &[u16], findings: &mut [Finding]) {
        let &[only] = tokens else { return };
        let item = self.items[only as usize];
        let Kind::Grade(grade) = item.kind else { return };
        if !item.gap.has(Gap::IS) || !self.opens_with_pronoun(item.span.start) {
            return;
        }
        let told = findings.get_mut(topic.told..).unwrap_or_default();
        let Some(last) = told.last().map(|last| last.evidence.clone()) else { return };
        let anchor = last.iter().find(|e| e.role == Role::Anchor);
        for finding in told.iter_mut().filter(|f| f.evidence.iter().any(|e| Some(e) == anchor)) {
            if finding.kind == kind && finding.status == Status::Present && finding.severity.is_none() {
                finding.severity = grade.severity();
                finding.evidence.push(self.evidence(Role::Severity, item.span));
                finding.evidence.sort_unstable_by_key(|e| (e.span, e.role));
            }
        }
    }

    /// Whether the word that opens what ends at `end` stands for something named before: "it is".
    fn opens_with_pronoun(&self, end: u32) -> bool {
        let start = self.tokens.partition_point(|token| token.start < end);
        let is_word = |token: &&Token| {
            self.folded.bytes().get(token.start as usize).is_some_and(u8::is_ascii_alphabetic)
        };
        let mut before = self.tokens.get(..start).unwrap_or_default().iter().rev().filter(is_word);
        let is_verb = |token: &&Token| {
            matches!(token.class.word, Some(Word::Is | Word::Filler))
                && token.class.sense != Some(Sense::Pronoun)
        };
        before
            .by_ref()
            .find(|token| !is_verb(token))
            .is_some_and(|token| token.class.sense == Some(Sense::Pronoun))
    }
}
