//! Facet procedures: blocks of the joints or their nerves, and ablation of the nerves.
//!
//! Criteria as the policies of 2021 have them in common (Noridian's questions and answers of July 2022, AAPC quoting
//! NGS). What is measured is in [`Limit`].

use std::collections::BTreeSet;

use super::Coverage;
use super::ground::{Ground, stated_at};
use super::limit::Limit;
use super::session::{Required, Session};
use crate::model::{
    EarlierService, Element, Evidence, Guidance, Intent, Level, Moment, Procedure, ProcedureFamily,
    ProcedureStatus, Region, Relief, Role, Vertebra,
};

/// The pack's name.
pub(super) const PACK: &str = "lcd-facet";

const SYMPTOM_DURATION: Required = ("FJI001", Element::SymptomDuration);
const CARE: Required = ("FJI002", Element::ConservativeCare);
const SCORE_BEFORE: Required = ("FJI003", Element::ScoreBefore);
const SCORE_AFTER: Required = ("FJI004", Element::ScoreAfter);
const BLOCKS: Required = ("FJI005", Element::DiagnosticBlocks);
const RELIEF_PERCENT: Required = ("FJI006", Element::ReliefPercent);
const RELIEF_DURATION: Required = ("FJI007", Element::ReliefDuration);
const GUIDANCE: Required = ("FJI008", Element::Guidance);
const IMAGES: Required = ("FJI009", Element::Images);

const LEVELS: &str = "FJI020";
const SHORT_SYMPTOMS: &str = "FJI021";
const UNGUIDED: &str = "FJI022";
const BLOCK_SESSIONS: &str = "FJI023";
const BLOCK_TOO_SOON: &str = "FJI024";
const BLOCK_RELIEF_BELOW: &str = "FJI025";
const ABLATION_SESSIONS: &str = "FJI026";
const ABLATION_TOO_SOON: &str = "FJI027";
const ABLATION_RELIEF_BELOW: &str = "FJI028";

const fn is_block(family: ProcedureFamily) -> bool {
    matches!(family, ProcedureFamily::FacetJointInjection | ProcedureFamily::MedialBranchBlock)
}

const fn is_ablation(family: ProcedureFamily) -> bool {
    matches!(family, ProcedureFamily::RadiofrequencyAblation)
}

/// Whether a family is counted here.
pub(super) const fn is_of(family: ProcedureFamily) -> bool {
    is_block(family) || is_ablation(family)
}

/// Whether a procedure ablates nerves that are named. The family has the sacroiliac joint as well, so that levels must
/// tell which joint is meant.
fn ablates_facets_or_sacrum(procedure: &Procedure) -> bool {
    is_ablation(procedure.family) && procedure.region().is_some()
}

/// Whether all nerves are of the sacroiliac joint: the dorsal ramus of L5 and the branches below it. For the facet joint
/// of L5-S1 the nerve above is named with it.
fn is_sacroiliac(session: &Session<'_>) -> bool {
    let is_below = |level: Level| {
        let nerve = level.upper();
        !level.is_interspace()
            && (nerve.region() == Region::Sacral || nerve.region() == Region::Lumbar && nerve.number() == 5)
    };
    session.procedures.iter().all(|p| p.level.is_some_and(is_below))
}

/// Checks the facet procedures of a note.
pub(super) fn check(ground: &Ground<'_>, found: &mut Coverage) {
    let audit = ground.case.audit;
    let of_facets = |session: &Session<'_>| !is_sacroiliac(session);
    let block = Session::of(audit, |p| is_block(p.family)).filter(of_facets);
    let ablation = Session::of(audit, ablates_facets_or_sacrum).filter(of_facets);
    if block.is_some() || ablation.is_some() {
        found.policies.extend(ground.policy());
    }
    if let Some(session) = &block {
        let check = Check { ground, session };
        check.common(found);
        check.block(found);
    }
    if let Some(session) = &ablation {
        let check = Check { ground, session };
        check.common(found);
        check.ablation(found);
    }
}

struct Check<'a> {
    ground: &'a Ground<'a>,
    session: &'a Session<'a>,
}

impl Check<'_> {
    fn require(&self, found: &mut Coverage, required: Required, documented: bool) {
        self.ground.require(found, self.session, required, documented);
    }

    /// Whether the note is one that reports a procedure, with its reasons.
    fn is_report(&self) -> bool {
        self.ground.case.audit.note_type.is_encounter()
    }

    /// What all facet procedures owe, and must keep to.
    fn common(&self, found: &mut Coverage) {
        let (ground, encounter) = (self.ground, self.ground.encounter());
        if self.is_report() {
            self.require(found, SYMPTOM_DURATION, encounter.symptom_days.is_some());
            self.require(found, CARE, ground.has_care());
            self.require(found, SCORE_BEFORE, ground.has_score(Moment::Before));
        }
        if self.session.is_performed() {
            if self.is_report() {
                self.require(found, GUIDANCE, encounter.guidance.is_some());
                if encounter.guidance.is_none_or(|guidance| guidance.value != Guidance::None) {
                    self.require(found, IMAGES, encounter.images_retained.is_some());
                }
            }
            if let Some(guidance) = ground.other_guidance() {
                ground.raise(found, self.session, UNGUIDED, &[], stated_at(Role::Anchor, guidance.span));
            }
            self.levels(found);
        }
        if let Some(limit) = ground.limit(Limit::FacetSymptomMonths)
            && let Some(days) = ground.limit_in_days(Limit::FacetSymptomMonths)
        {
            let stated = encounter.symptom_days;
            ground.raise_short(found, self.session, SHORT_SYMPTOMS, stated, (limit, days), Role::Symptom);
        }
    }

    /// Flags more joint levels than a session may have.
    fn levels(&self, found: &mut Coverage) {
        for half in self.session.halves() {
            let joints = joints(&self.session.levels(half, |_| true));
            self.ground.raise_over(found, self.session, (LEVELS, Limit::FacetLevels), half, joints);
        }
    }

    /// Whether a block is diagnostic: said so, or of the nerves and not said to treat.
    fn is_diagnostic(&self) -> bool {
        let intent = self.ground.encounter().intent.map(|intent| intent.value);
        match intent {
            Some(Intent::Diagnostic | Intent::Both) => true,
            Some(Intent::Therapeutic) => false,
            None => self.session.has(ProcedureFamily::MedialBranchBlock),
        }
    }

    fn block(&self, found: &mut Coverage) {
        if !self.is_diagnostic() {
            return;
        }
        let reliefs = &self.ground.encounter().reliefs;
        if self.session.is_performed() {
            let told = reliefs.iter().any(|r| r.moment == Moment::After && r.percent.is_some());
            self.require(found, SCORE_AFTER, told || self.ground.has_score(Moment::After));
        }
        for (half, history) in self.ground.histories(self.session) {
            let sessions = history.sessions_in_a_year(is_diagnostic_service) + 1;
            let rule = (BLOCK_SESSIONS, Limit::FacetDiagnosticSessions);
            self.ground.raise_over(found, self.session, rule, half, sessions);
            let day = |limit| history.within_days(limit, is_diagnostic_service);
            let rule = (BLOCK_TOO_SOON, Limit::FacetBlockDays);
            self.ground.raise_too_soon(found, self.session, rule, half, day);
        }
    }

    fn ablation(&self, found: &mut Coverage) {
        let is_repeat = self.is_repeat();
        if self.is_report() {
            if is_repeat {
                let (told, lasted) = (
                    self.reliefs(is_ablation).any(|r| r.percent.is_some()),
                    self.reliefs(is_ablation).any(|r| r.lasted.is_some() || r.ongoing),
                );
                self.require(found, RELIEF_PERCENT, told);
                self.require(found, RELIEF_DURATION, lasted);
            } else {
                self.require(found, BLOCKS, self.has_two_blocks());
            }
        }
        if !is_repeat {
            self.block_relief_below(found);
        }
        let of_ablation = self.reliefs(is_ablation).filter(|r| r.after.is_some());
        let limits = (Limit::RfaReliefPercent, Limit::RfaReliefMonths);
        self.ground.raise_relief_below(found, self.session, ABLATION_RELIEF_BELOW, of_ablation, limits);
        for (half, history) in self.ground.histories(self.session) {
            let sessions = history.sessions_in_a_year(|s| is_ablation(s.family)) + 1;
            let rule = (ABLATION_SESSIONS, Limit::RfaSessions);
            self.ground.raise_over(found, self.session, rule, half, sessions);
            let is_same = |s: &EarlierService| is_ablation(s.family) && self.session.repeats(s.level, s.side);
            let day = |limit| history.within_months(limit, is_same);
            let rule = (ABLATION_TOO_SOON, Limit::RfaReliefMonths);
            self.ground.raise_too_soon(found, self.session, rule, half, day);
        }
    }

    /// Whether the same nerves were ablated before, as the note tells or earlier notes do.
    fn is_repeat(&self) -> bool {
        let is_same = |p: &&Procedure| {
            p.status == ProcedureStatus::Historical
                && is_ablation(p.family)
                && self.session.repeats(p.level, p.side)
        };
        self.ground.case.audit.procedures.iter().any(|p| is_same(&p))
            || self.reliefs(is_ablation).any(|relief| relief.after.is_some())
            || self.ground.histories(self.session).any(|(_, history)| {
                let is_same =
                    |s: &EarlierService| is_ablation(s.family) && self.session.repeats(s.level, s.side);
                !history.days(is_same).is_empty()
            })
    }

    /// What is told of the relief by an earlier procedure of a family.
    fn reliefs(&self, of: impl Fn(ProcedureFamily) -> bool) -> impl Iterator<Item = &Relief> {
        let reliefs = self.ground.encounter().reliefs.iter();
        reliefs.filter(move |r| r.moment == Moment::Before && r.after.is_none_or(&of))
    }

    /// Whether the relief by two diagnostic blocks is told; one telling may stand for two that earlier notes report.
    fn has_two_blocks(&self) -> bool {
        let told: u32 =
            self.reliefs(is_block).filter(|r| r.percent.is_some()).map(|r| u32::from(r.times)).sum();
        let reported = self
            .ground
            .histories(self.session)
            .map(|(_, history)| history.days(is_diagnostic_service).len())
            .max();
        told >= 2 || told == 1 && reported.unwrap_or_default() >= 2
    }

    /// Flags the relief by a diagnostic block that is too little.
    fn block_relief_below(&self, found: &mut Coverage) {
        let Some(percent) = self.ground.limit(Limit::FacetBlockPercent) else { return };
        let is_little = |r: &&Relief| r.after.is_some() && r.percent.is_some_and(|p| u32::from(p) < percent);
        let evidence: Vec<Evidence> = self.reliefs(is_block).filter(is_little).map(evidence).collect();
        if !evidence.is_empty() {
            let values = [("percent", percent.to_string())];
            self.ground.raise(found, self.session, BLOCK_RELIEF_BELOW, &values, evidence.into());
        }
    }
}

fn is_diagnostic_service(service: &EarlierService) -> bool {
    match service.family {
        ProcedureFamily::MedialBranchBlock => service.is_diagnostic != Some(false),
        ProcedureFamily::FacetJointInjection => service.is_diagnostic == Some(true),
        _ => false,
    }
}

fn evidence(relief: &Relief) -> Evidence {
    Evidence { role: Role::Treatment, span: relief.span }
}

/// The joints that levels stand for: each interspace is one, and nerves that follow each other one fewer than they
/// are, for a joint has two. Where both are named, they may be the same joints.
fn joints(levels: &BTreeSet<Level>) -> u32 {
    let interspaces = levels.iter().filter(|level| level.is_interspace()).count() as u32;
    let mut between = 0;
    let mut runs = 0;
    let mut before: Option<Vertebra> = None;
    for nerve in levels.iter().filter(|level| !level.is_interspace()).map(|level| level.upper()) {
        match before {
            Some(upper) if upper.adjoins(nerve) => between += 1,
            _ => runs += 1,
        }
        before = Some(nerve);
    }
    interspaces.max(if between > 0 { between } else { runs })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joints_are_counted_and_not_nerves() {
        for (levels, count) in [
            ("L3 L4 L5", 2),
            ("L4-L5 L5-S1", 2),
            ("L4", 1),
            ("C4 C5 C6 C7", 3),
            ("L2 L3 L4 L5", 3),
            ("C7 T1", 1),
            ("L3-L4 L4-L5 L5-S1", 3),
            ("L4-L5 L5-S1 L3 L4 L5", 2),
            ("", 0),
        ] {
            let levels = levels.split_whitespace().map(|level| level.parse().unwrap()).collect();
            assert_eq!(joints(&levels), count, "{levels:?}");
        }
    }
}
