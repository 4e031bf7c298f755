//! From an anchor with its groups and levels to findings with their evidence.

use smallvec::{SmallVec, smallvec};

use crate::context::Assertion;
use crate::lexicon::{LevelWord, Sense, SideForm, Word};
use crate::matching::{Token, tokens_within};
use crate::model::{
    Evidence, EvidenceList, Finding, FindingKind, Level, Role, ScaleGrade, SectionKind, Severity, Side,
    Status, Subtype,
};
use crate::text::FoldSpan;

use super::anchor::Anchor;
use super::gap::Gap;
use super::grouper::{Group, Groups};
use super::head::{Head, HeadKind};
use super::item::{Grade, Item, Kind};
use super::place::{Place, Places};
use super::scale::Code;
use super::statement::Statement;

/// What a statement says, before sides, grades and levels multiply it.
pub(super) struct Claim {
    pub(super) kind: FindingKind,
    pub(super) subtype: Option<Subtype>,
    pub(super) assertion: Assertion,
    pub(super) words: SmallVec<[(Role, FoldSpan); 2]>,
}

impl Statement<'_, '_> {
    /// Appends the findings of an anchor: one for each of its groups at each of its levels. `fallback` gives the levels of a
    /// group that has none of its own.
    pub(super) fn emit(
        &self,
        anchor: &Anchor,
        heads: &[Head],
        groups: &Groups,
        fallback: impl FnOnce() -> Place,
        places: &Places,
        findings: &mut Vec<Finding>,
    ) {
        let predicate = self.span(heads, anchor.predicate);
        let structure = self.span(heads, anchor.structure);
        let mut words: SmallVec<[(Role, FoldSpan); 2]> = smallvec![(Role::Anchor, predicate)];
        if anchor.structure != anchor.predicate {
            words.push((Role::Structure, structure));
        }
        let assertion = self.assertion(anchor, heads, predicate, structure);
        let is_operating = self.section == SectionKind::Procedure;
        // What a surgeon leaves behind is no finding: "the foramen was now widely open".
        if is_operating && anchor.denies {
            return;
        }
        if self.scopes.is_denied_of_then(predicate) {
            return;
        }
        let mut claim = Claim { kind: anchor.kind, subtype: anchor.subtype, assertion, words };
        let fallback = groups.iter().any(|group| group.levels.is_none()).then(fallback).unwrap_or_default();
        let place_of = |g: &Group| g.levels.map(|i| self.place(i as usize, places));
        let stated: SmallVec<[Place; 2]> =
            groups.iter().map(|g| place_of(g).unwrap_or_else(|| fallback.clone())).collect();
        if let Some(levels) = self.zipped(groups, &stated) {
            // "mild and severe left stenosis": the one side is of all.
            let mut sides = groups.iter().filter_map(|group| group.side);
            let only = sides.next().filter(|_| sides.next().is_none());
            for (group, level) in groups.iter().zip(levels) {
                let place = Place { levels: smallvec![level], mention: stated[0].mention };
                let side = group.side.or(groups[0].side).or(only);
                self.push(&claim, &Group { side, ..group.clone() }, &place, findings);
            }
            return;
        }
        // "previously severe … is now mild": only the grade of then is of the past.
        if claim.assertion.status == Status::Historical
            && groups.iter().any(|g| g.former)
            && groups.iter().any(|g| !g.former)
        {
            claim.assertion = Assertion::default();
        }
        // An operation that names no level speaks of a stenosis named before, "the correction of the stenosis", and of
        // what it left behind, "no fragment was found"; what it looks for, "to see if a fragment was loose", is nothing yet.
        let is_bare = anchor.kind == FindingKind::CentralCanalStenosis
            && matches!(heads[anchor.structure as usize].kind, HeadKind::Change(..));
        let is_sought = matches!(claim.assertion.status, Status::Absent | Status::Hypothetical);
        let wants_level = is_operating && (is_bare || is_sought);
        let nowhere = Place::default();
        let told = claim.assertion;
        for (group, place) in groups.iter().zip(&stated) {
            let is_stated = self.is_stated(place, places);
            // What is asked is asked of the whole: "Fused C3-C6. Rule out stenosis."
            claim.assertion = self.asked(self.of_side(told, group, groups), group, places);
            let is_asked = claim.assertion.status == Status::Hypothetical && !is_stated;
            if !wants_level || is_stated {
                self.push(&claim, group, if is_asked { &nowhere } else { place }, findings);
            }
        }
    }

    /// What is said of one side, where a denial is of the other alone: "moderate right and no left stenosis", "no right
    /// and mild left stenosis".
    fn of_side(&self, told: Assertion, group: &Group, groups: &Groups) -> Assertion {
        // "left patent, right mild": what has a grade is not as it should be.
        let is_praise = told.status == Status::Absent && told.scope.is_none();
        let is_graded = group.grade.is_some_and(|grade| grade.severity().is_some()) && !group.former;
        let is_beside = is_praise && is_graded && groups.iter().any(|other| other.grade.is_none());
        if group.excepted && told.status == Status::Absent {
            return self.left_out(group);
        }
        if is_beside {
            return Assertion::default();
        }
        let Some(scope) = told.scope.filter(|s| s.status == Status::Absent) else {
            return told;
        };
        if told.status != Status::Absent || groups.len() < 2 || groups.iter().any(|g| g.side.is_none()) {
            return told;
        }
        let spans = group.items.iter().filter_map(|&i| self.items.get(i as usize)).map(|item| item.span);
        let Some(own) = spans.reduce(FoldSpan::union) else { return told };
        let opens = group.items.iter().min().and_then(|&i| self.items.get(i as usize));
        let is_first_denied = groups.first().is_some_and(|first| first.grade.is_none() && first != group);
        let goes_on = own.start >= scope.cue.end
            && is_first_denied
            && group.grade.is_some_and(|grade| grade.severity().is_some())
            && opens.is_some_and(|item| item.gap.has(Gap::AND | Gap::BUT | Gap::COMMA));
        if own.end <= scope.cue.start || goes_on { Assertion::default() } else { told }
    }

    /// What is said of what a denial leaves out: that it is there, unless a cue before it says that it may be.
    fn left_out(&self, group: &Group) -> Assertion {
        let first = group.items.iter().copied().chain(group.levels).min();
        let hedge = first.and_then(|first| self.hedge_before(first));
        let scope = hedge.and_then(|cue| self.scopes.all().iter().find(|scope| scope.cue == cue.span));
        scope.map_or_else(Assertion::default, |&scope| Assertion { status: scope.status, scope: Some(scope) })
    }

    /// Whether the sentence or the heading above it names the levels of a place.
    fn is_stated(&self, place: &Place, places: &Places) -> bool {
        let start = self.items.first().map_or(0, |item| item.span.start);
        let mention = place.mention.and_then(|i| self.levels.get(i as usize));
        !place.levels.is_empty() && (places.has_heading() || mention.is_some_and(|m| m.span.start >= start))
    }

    /// What the context says of an anchor.
    fn assertion(
        &self,
        anchor: &Anchor,
        heads: &[Head],
        predicate: FoldSpan,
        structure: FoldSpan,
    ) -> Assertion {
        let mut assertion = self.scopes.assess(predicate);
        if assertion.scope.is_some_and(|scope| self.is_of_next(anchor, heads, scope.cue)) {
            return self.scopes.assess(structure);
        }
        if assertion.status == Status::Present && anchor.structure < anchor.predicate && !anchor.denies {
            assertion = self.scopes.assess(structure);
        }
        if anchor.denies {
            // "not patent": only a denial that stands right before the praise turns it around.
            let turned = assertion.scope.is_some_and(|s| {
                s.status == Status::Absent && s.cue.end + 1 >= predicate.start && s.cue.end <= predicate.start
            });
            assertion.status = match assertion.status {
                Status::Absent if turned => Status::Present,
                Status::Present | Status::Possible | Status::Absent => Status::Absent,
                other => other,
            };
        }
        assertion
    }

    /// "moderate foraminal and no canal stenosis": whether a cue is of the next structure that a noun is said of, and not of
    /// the graded one before it.
    fn is_of_next(&self, anchor: &Anchor, heads: &[Head], cue: FoldSpan) -> bool {
        let (first, noun) = (anchor.structure as usize, anchor.predicate as usize);
        let Some(before) = heads.get(first).filter(|_| first < noun) else { return false };
        let start = before.item as usize + 1;
        let Some(at) = self.items.iter().skip(start).position(|item| item.span == cue) else { return false };
        let joint = Item::gap_over(&self.items[start..=start + at]);
        let is_graded = before.pre.iter().any(|&i| self.is(i, |k| matches!(k, Kind::Grade(_))));
        let is_next = |head: &Head| matches!(head.kind, HeadKind::Structure(_) | HeadKind::Narrowed(_));
        let mut after = heads.iter().take(noun + 1).skip(first + 1);
        is_graded
            && joint.content == 0
            && !joint.has(Gap::IS | Gap::HAS | Gap::COLON | Gap::SEMICOLON | Gap::WHICH)
            && after.any(|head| is_next(head) && head.item as usize > start + at)
    }

    /// What is asked or warned of is nobody's yet: "?stenosis" as the reason for a study, "possible bleeding" in consent.
    /// A report that goes on under its reason without a heading grades what it sees, and tells it level by level.
    fn asked(&self, assertion: Assertion, group: &Group, places: &Places) -> Assertion {
        let is_seen = places.has_heading() || group.grade.is_some_and(|grade| grade.severity().is_some());
        let is_asked = match self.section {
            SectionKind::Indication => !is_seen,
            SectionKind::Consent => true,
            _ => false,
        };
        if assertion.status == Status::Possible && is_asked {
            return Assertion { status: Status::Hypothetical, ..assertion };
        }
        assertion
    }

    /// Appends the findings of one group of a statement, one for each level.
    pub(super) fn push(&self, claim: &Claim, group: &Group, place: &Place, findings: &mut Vec<Finding>) {
        let &Claim { kind, subtype, assertion, .. } = claim;
        let status = match (group.grade, group.former) {
            (Some(Grade::Nil), _) => Status::Absent,
            (_, true) if assertion.status == Status::Present => Status::Historical,
            _ => assertion.status,
        };
        if status == Status::Family {
            return;
        }
        let grade = group.grade.filter(|_| status != Status::Absent);
        let side = match kind {
            FindingKind::CentralCanalStenosis | FindingKind::ThecalSacCompression => {
                group.side.filter(|&side| side != Side::Bilateral && self.is_part(group))
            }
            _ => group.side,
        };
        let root = group.root.filter(|_| kind == FindingKind::NerveRootCompression);
        let named = root.and_then(|i| self.levels.get(i as usize)).and_then(|m| m.levels.first());
        let mut finding = Finding {
            kind,
            subtype,
            level: None,
            side,
            severity: grade.and_then(|grade| severity(grade, kind)),
            status,
            root: named.map(|level| level.upper()),
            grade: self.scale_grade(group),
            section: self.section,
            evidence: EvidenceList::new(),
        };
        finding.evidence = self.evidence_of(&finding, claim, group, place);
        let mut levels = self.levels_of(kind, place);
        let last = levels.pop().flatten();
        findings.extend(levels.into_iter().map(|level| Finding { level, ..finding.clone() }));
        findings.push(Finding { level: last, ..finding });
    }

    /// The words that prove a finding which a group of a statement makes.
    fn evidence_of(&self, finding: &Finding, claim: &Claim, group: &Group, place: &Place) -> EvidenceList {
        let mut evidence: EvidenceList =
            claim.words.iter().map(|&(role, span)| self.evidence(role, span)).collect();
        for &i in &group.items {
            let item = &self.items[i as usize];
            let role = match item.kind {
                Kind::Side(..) if finding.side.is_some() => Role::Side,
                Kind::Grade(_) if finding.severity.is_some() || group.grade == Some(Grade::Nil) => {
                    Role::Severity
                }
                Kind::Root(_) => Role::Root,
                _ => continue,
            };
            evidence.push(self.evidence(role, item.span));
        }
        if let Some(mention) =
            place.mention.and_then(|i| self.levels.get(i as usize)).filter(|_| !place.levels.is_empty())
        {
            evidence.push(self.evidence(Role::Level, mention.span));
        }
        if let Some(scope) = claim.assertion.scope.filter(|_| finding.status != Status::Present) {
            evidence.push(self.evidence(Role::Cue, scope.cue));
        }
        evidence.sort_unstable_by_key(|e| (e.span, e.role));
        evidence.dedup();
        evidence
    }

    /// The levels of a place that a finding of a kind is made for; `None` where none is named.
    fn levels_of(&self, kind: FindingKind, place: &Place) -> SmallVec<[Option<Level>; 4]> {
        if place.levels.is_empty() {
            smallvec![None]
        } else if let Some(between) = self.between(place).filter(|_| kind == FindingKind::DiscDisplacement) {
            smallvec![Some(between)]
        } else {
            place.levels.iter().copied().map(Some).collect()
        }
    }

    /// The interspace of two vertebrae that are called one level: "a protrusion at C5 and C6 level".
    fn between(&self, place: &Place) -> Option<Level> {
        let [upper, lower] = place.levels[..] else { return None };
        let mention = place.mention.filter(|&i| self.levels.get(i as usize).is_some_and(|m| m.single))?;
        let item = self.items.iter().position(|item| item.kind == Kind::Levels(mention))?;
        let next = self.items.get(item + 1).filter(|next| next.kind == Kind::Pointer(LevelWord::Noun))?;
        let named = tokens_within(self.tokens, next.span).last();
        let is_one = next.gap.is_tight() && named.is_some_and(|word| word.class.sense != Some(Sense::Levels));
        Level::interspace(upper.upper(), lower.upper())
            .filter(|_| is_one && upper.upper().below() == Some(lower.upper()))
    }

    /// Whether the side of a group is named as a part of what has no sides: "the left side of the sac".
    fn is_part(&self, group: &Group) -> bool {
        group.items.iter().map(|&i| &self.items[i as usize]).any(|item| {
            let is_aspect = |word: &Token| word.class.sense == Some(Sense::Aspect);
            matches!(item.kind, Kind::Side(_, SideForm::Adjective | SideForm::Adverb))
                && tokens_within(self.tokens, item.span).iter().any(is_aspect)
        })
    }

    /// The grade on a named scale, with the scale's name where it stands right before: "Lee grade 2".
    pub(super) fn scale_grade(&self, group: &Group) -> Option<ScaleGrade> {
        let is_name = |item: &&Item| matches!(item.kind, Kind::Scale(_) | Kind::Word(Word::Grade));
        group.items.iter().find_map(|&i| {
            let item = self.items.get(i as usize)?;
            let Kind::Grade(Grade::Coded(Code { scale: Some(scale), .. })) = item.kind else { return None };
            let before = self.items.get(..i as usize)?.iter().rev().take_while(is_name);
            let named = before.filter(|item| matches!(item.kind, Kind::Scale(_))).last();
            let span = named.map_or(item.span, |named| named.span.union(item.span));
            Some(ScaleGrade { scale, span: self.folded.to_note(span) })
        })
    }

    pub(super) fn evidence(&self, role: Role, span: FoldSpan) -> Evidence {
        Evidence { role, span: self.folded.to_note(span) }
    }
}

/// The severity that a grade gives a finding of a kind: the size of a disc is none.
const fn severity(grade: Grade, kind: FindingKind) -> Option<Severity> {
    match (grade, kind) {
        (Grade::Size(_), FindingKind::DiscDisplacement) => None,
        _ => grade.severity(),
    }
}
