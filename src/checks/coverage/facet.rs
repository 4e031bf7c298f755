//! Facet procedures: blocks of the joints or their nerves, and ablation of the nerves.
//!
//! Criteria as the policies of 2021 have them in common (Noridian's questions and answers of July 2022, AAPC quoting
//! NGS). What is measured is in [`Limit`].

use std::collections::BTreeSet;

use super::Coverage;
use super::check::Check;
use super::ground::Ground;
use super::limit::Limit;
use super::session::{Required, Session};
use crate::model::{
    EarlierService, Element, Evidence, Intent, Level, Moment, Procedure, ProcedureFamily, ProcedureStatus,
    Region, Relief, Role, Vertebra,
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
const INJECTION_BLOCKS: Required = ("FJI010", Element::DiagnosticBlocks);
const INJECTION_RELIEF_PERCENT: Required = ("FJI011", Element::ReliefPercent);
const INJECTION_RELIEF_DURATION: Required = ("FJI012", Element::ReliefDuration);

const LEVELS: &str = "FJI020";
const SHORT_SYMPTOMS: &str = "FJI021";
const UNGUIDED: &str = "FJI022";
const BLOCK_SESSIONS: &str = "FJI023";
const BLOCK_TOO_SOON: &str = "FJI024";
const BLOCK_RELIEF_BELOW: &str = "FJI025";
const ABLATION_SESSIONS: &str = "FJI026";
const ABLATION_TOO_SOON: &str = "FJI027";
const ABLATION_RELIEF_BELOW: &str = "FJI028";
const INJECTION_RELIEF_BELOW: &str = "FJI029";

const fn is_block(family: ProcedureFamily) -> bool {
    matches!(family, ProcedureFamily::FacetJointInjection | ProcedureFamily::MedialBranchBlock)
}

const fn is_injection(family: ProcedureFamily) -> bool {
    matches!(family, ProcedureFamily::FacetJointInjection)
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
    let blocks = Session::of(audit, |p| is_block(p.family)).filter(of_facets);
    let ablations = Session::of(audit, ablates_facets_or_sacrum).filter(of_facets);
    if blocks.is_some() || ablations.is_some() {
        found.policies.extend(ground.policy());
    }
    if let Some(session) = &blocks {
        let check = Check { ground, session };
        common(&check, found);
        block(&check, found);
    }
    if let Some(session) = &ablations {
        let check = Check { ground, session };
        common(&check, found);
        ablation(&check, found);
    }
}

/// What all facet procedures owe, and must keep to.
fn common(check: &Check<'_>, found: &mut Coverage) {
    let (ground, encounter) = (check.ground, check.ground.encounter());
    if check.is_report() {
        check.require(found, SYMPTOM_DURATION, encounter.symptom_days.is_some());
        check.require(found, CARE, ground.has_care());
        check.require(found, SCORE_BEFORE, ground.has_score(Moment::Before));
    }
    if check.session.is_performed() {
        check.require_technique(found, GUIDANCE, &[(IMAGES, encounter.images_retained.is_some())]);
        check.raise_unguided(found, UNGUIDED);
        levels(check, found);
    }
    if let Some(limit) = ground.limit(Limit::FacetSymptomMonths)
        && let Some(days) = ground.limit_in_days(Limit::FacetSymptomMonths)
    {
        let stated = encounter.symptom_days;
        check.raise_short(found, SHORT_SYMPTOMS, stated, (limit, days), Role::Symptom);
    }
}

/// Flags more joint levels than a session may have.
fn levels(check: &Check<'_>, found: &mut Coverage) {
    for half in check.session.halves() {
        let joints = joints(&check.session.levels(half, |_| true));
        check.raise_over(found, (LEVELS, Limit::FacetLevels), half, joints);
    }
}

/// Whether a block is diagnostic: said so, or of the nerves and not said to treat.
fn is_diagnostic(check: &Check<'_>) -> bool {
    let intent = check.ground.encounter().intent.map(|intent| intent.value);
    match intent {
        Some(Intent::Diagnostic | Intent::Both) => true,
        Some(Intent::Therapeutic) => false,
        None => check.session.has(ProcedureFamily::MedialBranchBlock),
    }
}

/// Whether an injection into the joint is said to treat.
fn is_therapeutic(check: &Check<'_>) -> bool {
    let intent = check.ground.encounter().intent.map(|intent| intent.value);
    intent == Some(Intent::Therapeutic) && check.session.has(ProcedureFamily::FacetJointInjection)
}

/// What an injection that treats owes: two blocks before the first, the relief of the last before another. An earlier
/// injection may have been one of the blocks, so that nothing is owed where the relief by two is told.
fn treatment(check: &Check<'_>, found: &mut Coverage) {
    if !check.is_report() || has_two_blocks(check) {
        return;
    }
    if !is_repeat(check, is_injection) {
        check.require(found, INJECTION_BLOCKS, false);
        return;
    }
    check.require_relief(found, is_injection, (INJECTION_RELIEF_PERCENT, INJECTION_RELIEF_DURATION));
    let of_injection = check.ground.reliefs(is_injection).filter(|r| r.after.is_some());
    let limits = (Limit::FacetReliefPercent, Limit::FacetReliefMonths);
    check.raise_relief_below(found, INJECTION_RELIEF_BELOW, of_injection, limits);
}

fn block(check: &Check<'_>, found: &mut Coverage) {
    if is_therapeutic(check) {
        treatment(check, found);
    }
    if !is_diagnostic(check) {
        return;
    }
    if check.session.is_performed() {
        check.require_outcome(found, SCORE_AFTER);
    }
    for (half, history) in check.histories() {
        let sessions = history.sessions_in_a_year(is_diagnostic_service) + 1;
        let rule = (BLOCK_SESSIONS, Limit::FacetDiagnosticSessions);
        check.raise_over(found, rule, half, sessions);
        let day = |limit| history.within_days(limit, is_diagnostic_service);
        let rule = (BLOCK_TOO_SOON, Limit::FacetBlockDays);
        check.raise_too_soon(found, rule, half, day);
    }
}

fn ablation(check: &Check<'_>, found: &mut Coverage) {
    let is_repeat = is_repeat(check, is_ablation);
    if check.is_report() {
        if is_repeat {
            check.require_relief(found, is_ablation, (RELIEF_PERCENT, RELIEF_DURATION));
        } else {
            check.require(found, BLOCKS, has_two_blocks(check));
        }
    }
    if !is_repeat {
        block_relief_below(check, found);
    }
    let of_ablation = check.ground.reliefs(is_ablation).filter(|r| r.after.is_some());
    let limits = (Limit::RfaReliefPercent, Limit::RfaReliefMonths);
    check.raise_relief_below(found, ABLATION_RELIEF_BELOW, of_ablation, limits);
    for (half, history) in check.histories() {
        let sessions = history.sessions_in_a_year(|s| is_ablation(s.family)) + 1;
        let rule = (ABLATION_SESSIONS, Limit::RfaSessions);
        check.raise_over(found, rule, half, sessions);
        let is_same = |s: &EarlierService| is_ablation(s.family) && check.session.repeats(s.level, s.side);
        let day = |limit| history.within_months(limit, is_same);
        let rule = (ABLATION_TOO_SOON, Limit::RfaReliefMonths);
        check.raise_too_soon(found, rule, half, day);
    }
}

/// Whether the same was done to the same joints or nerves before, as the note tells or earlier notes do.
fn is_repeat(check: &Check<'_>, is_of: fn(ProcedureFamily) -> bool) -> bool {
    let is_same = |p: &Procedure| {
        p.status == ProcedureStatus::Historical && is_of(p.family) && check.session.repeats(p.level, p.side)
    };
    check.ground.case.audit.procedures.iter().any(is_same)
        || check.ground.reliefs(is_of).any(|relief| relief.after.is_some())
        || check.histories().any(|(_, history)| {
            let is_same = |s: &EarlierService| is_of(s.family) && check.session.repeats(s.level, s.side);
            !history.days(is_same).is_empty()
        })
}

/// Whether the relief by two diagnostic blocks is told; one telling may stand for two that earlier notes report.
fn has_two_blocks(check: &Check<'_>) -> bool {
    let told: u32 =
        check.ground.reliefs(is_block).filter(|r| r.percent.is_some()).map(|r| u32::from(r.times)).sum();
    let reported = check.histories().map(|(_, history)| history.days(is_diagnostic_service).len()).max();
    told >= 2 || told == 1 && reported.unwrap_or_default() >= 2
}

/// Flags the relief by a diagnostic block that is too little.
fn block_relief_below(check: &Check<'_>, found: &mut Coverage) {
    let Some(percent) = check.ground.limit(Limit::FacetBlockPercent) else { return };
    let is_little = |r: &&Relief| r.after.is_some() && r.percent.is_some_and(|p| u32::from(p) < percent);
    let evidence: Vec<Evidence> = check.ground.reliefs(is_block).filter(is_little).map(evidence).collect();
    if !evidence.is_empty() {
        let values = [("percent", percent.to_string())];
        check.raise(found, BLOCK_RELIEF_BELOW, &values, evidence.into());
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
