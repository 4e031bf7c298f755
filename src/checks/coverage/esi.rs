//! Epidural injections: what the contractors' policies want documented, and their limits.
//!
//! Criteria as the policies of 2021 and 2022 have them in common (read in digests: NJSIPP of L38994, Verity of L33906
//! and L39015, ASIPP). Acute herpes zoster waives the weeks of pain and of care, and with pain after spinal surgery
//! the imaging; a contrast allergy or pregnancy waives contrast.

use super::Coverage;
use super::check::Check;
use super::ground::Ground;
use super::limit::Limit;
use super::session::{Required, Session};
use crate::checks::completeness::{CORRELATION, owes_correlation};
use crate::model::{
    Audit, Complaint, EarlierService, Element, FindingKind, Intent, Moment, Procedure, ProcedureFamily,
    ProcedureStatus, Role, SectionKind, SpineHalf, Status,
};

/// The pack's name.
pub(super) const PACK: &str = "lcd-esi";

const CORRELATED: Required = ("ESI001", Element::Correlation);
const IMAGING: Required = ("ESI002", Element::ImagingFinding);
const SYMPTOM_DURATION: Required = ("ESI003", Element::SymptomDuration);
const CARE: Required = ("ESI004", Element::ConservativeCare);
const CARE_DURATION: Required = ("ESI005", Element::CareDuration);
const SCORE_BEFORE: Required = ("ESI006", Element::ScoreBefore);
const SCORE_AFTER: Required = ("ESI007", Element::ScoreAfter);
const RELIEF_PERCENT: Required = ("ESI008", Element::ReliefPercent);
const RELIEF_DURATION: Required = ("ESI009", Element::ReliefDuration);
const GUIDANCE: Required = ("ESI010", Element::Guidance);
const CONTRAST: Required = ("ESI011", Element::Contrast);
const IMAGES: Required = ("ESI012", Element::Images);

const LEVELS: &str = "ESI020";
const REGIONS: &str = "ESI021";
const SHORT_SYMPTOMS: &str = "ESI022";
const SHORT_CARE: &str = "ESI023";
const UNGUIDED: &str = "ESI024";
const SESSIONS: &str = "ESI025";
const TOO_SOON: &str = "ESI026";
const RELIEF_BELOW: &str = "ESI027";

/// Whether a family is an epidural injection, the block of one root among them.
const fn is_ruled(family: ProcedureFamily) -> bool {
    family.is_epidural() || matches!(family, ProcedureFamily::SelectiveNerveRootBlock)
}

/// Checks the epidural injections of a note.
pub(super) fn check(ground: &Ground<'_>, found: &mut Coverage) {
    let Some(session) = Session::of(ground.case.audit, |p| is_ruled(p.family)) else { return };
    if !is_of_the_spine(ground.case.audit, &session) {
        return;
    }
    found.policies.extend(ground.policy());
    let check = Check { ground, session: &session };
    if check.is_report() {
        indication(&check, found);
        if is_repeat(&check) {
            repeat(&check, found);
        }
    }
    if session.is_performed() {
        technique(&check, found);
        levels(&check, found);
    }
    durations(&check, found);
    history(&check, found);
}

/// Whether an epidural is a matter of the spine. One without a level or approach, in a note that tells of nothing else
/// there, is as well that of a birth.
fn is_of_the_spine(audit: &Audit, session: &Session<'_>) -> bool {
    let is_bare = |p: &Procedure| p.family == ProcedureFamily::EsiUnspecified && p.level.is_none();
    !session.procedures.iter().all(|p| is_bare(p))
        || audit.procedures.iter().any(|p| !is_bare(p))
        || !audit.findings.is_empty()
        || !audit.radiculopathies.is_empty()
        || !audit.encounter.complaints.is_empty()
}

/// What makes the injection reasonable.
fn indication(check: &Check<'_>, found: &mut Coverage) {
    let (audit, encounter) = (check.ground.case.audit, check.ground.encounter());
    let settings = check.ground.case.settings;
    let has_zoster = check.ground.complains_of(Complaint::HerpesZoster);
    if !has_zoster && !check.ground.complains_of(Complaint::Postlaminectomy) {
        let is_asked_already = check.ground.rule(CORRELATION).is_some()
            && owes_correlation(audit.note_type, &audit.findings, settings);
        if settings.correlation_owed_by.contains(&audit.note_type) && !is_asked_already {
            let status = audit.correlation.as_ref().map(|c| c.status);
            check.require(found, CORRELATED, settings.accepts(status));
        }
        check.require(found, IMAGING, has_imaging_finding(check));
    }
    if !has_zoster {
        check.require(found, SYMPTOM_DURATION, encounter.symptom_days.is_some());
    }
    let has_care = check.ground.has_care();
    check.require(found, CARE, has_care);
    if has_care && !has_zoster {
        check.require(found, CARE_DURATION, encounter.care_days.is_some());
    }
    check.require(found, SCORE_BEFORE, check.ground.has_score(Moment::Before));
}

/// Whether a finding is stated with its level in a half that is treated, and with its side where it is one-sided
/// by nature.
fn has_imaging_finding(check: &Check<'_>) -> bool {
    let halves = check.session.halves();
    check.ground.case.audit.findings.iter().any(|finding| {
        let is_here = finding.level.is_some_and(|level| {
            halves.is_empty() || halves.contains(&SpineHalf::from(level.upper().region()))
        });
        let is_one_sided = matches!(
            finding.kind,
            FindingKind::ForaminalStenosis
                | FindingKind::LateralRecessStenosis
                | FindingKind::NerveRootCompression
        );
        finding.status == Status::Present && is_here && (finding.side.is_some() || !is_one_sided)
    })
}

/// Whether there was an injection of the same half before: counted in a series, told in the note, or known from
/// earlier notes.
fn is_repeat(check: &Check<'_>) -> bool {
    let halves = check.session.halves();
    // "Status post" at the end of a report is of what was done just now.
    let is_just_done = |p: &Procedure| {
        p.section == SectionKind::Impression && check.session.is_performed() && check.session.has(p.family)
    };
    let is_same = |p: &&Procedure| {
        p.status == ProcedureStatus::Historical
            && !is_just_done(p)
            && p.family.is_epidural()
            && p.region().is_none_or(|region| halves.is_empty() || halves.contains(&region.into()))
    };
    check.session.is_performed() && check.ground.encounter().series.is_some_and(|series| series.value > 1)
        || check.ground.case.audit.procedures.iter().any(|p| is_same(&p))
        || check.ground.reliefs(is_ruled).any(|relief| relief.after.is_some())
        || check.histories().any(|(_, history)| history.sessions_in_a_year(counted) > 0)
}

/// What a repeat owes.
fn repeat(check: &Check<'_>, found: &mut Coverage) {
    check.require(found, SCORE_AFTER, check.ground.has_score(Moment::After));
    check.require_relief(found, is_ruled, (RELIEF_PERCENT, RELIEF_DURATION));
    let limits = (Limit::EsiReliefPercent, Limit::EsiReliefMonths);
    check.raise_relief_below(found, RELIEF_BELOW, check.ground.reliefs(is_ruled), limits);
}

/// What the report of the injection owes.
fn technique(check: &Check<'_>, found: &mut Coverage) {
    let encounter = check.ground.encounter();
    let is_barred = encounter.contrast_barrier.is_some();
    let contrast = is_barred || encounter.contrast.is_some_and(|c| c.value);
    let seen = [(CONTRAST, contrast), (IMAGES, encounter.images_retained.is_some())];
    check.require_technique(found, GUIDANCE, &seen);
    if check.session.has(ProcedureFamily::SelectiveNerveRootBlock)
        && encounter.intent.is_some_and(|intent| intent.value != Intent::Therapeutic)
        && !is_repeat(check)
    {
        check.require_outcome(found, SCORE_AFTER);
    }
    if !is_barred {
        check.raise_unguided(found, UNGUIDED);
    }
}

/// Flags more levels, or more regions, than a session may have.
fn levels(check: &Check<'_>, found: &mut Coverage) {
    let halves = check.session.halves();
    for &half in &halves {
        let through = |family| family == ProcedureFamily::TransforaminalEsi;
        let otherwise = |family: ProcedureFamily| family.is_epidural() && !through(family);
        // "L2 L3" may be two vertebrae for the one space between them.
        let spaces = check.session.levels(half, otherwise).into_iter().filter(|level| level.is_interspace());
        let counts = [
            (check.session.levels(half, through).len() as u32, Limit::EsiTransforaminalLevels),
            (spaces.count() as u32, Limit::EsiInterlaminarLevels),
        ];
        for (count, limit) in counts {
            check.raise_over(found, (LEVELS, limit), half, count);
        }
    }
    if halves.len() > 1 {
        check.raise(found, REGIONS, &[], check.session.evidence());
    }
}

/// Flags pain or care that lasted less than the policy wants.
fn durations(check: &Check<'_>, found: &mut Coverage) {
    if check.ground.complains_of(Complaint::HerpesZoster) {
        return;
    }
    let (encounter, audit) = (check.ground.encounter(), check.ground.case.audit);
    // How long the other treatments were tried is not told.
    let is_all_care = audit.conservative_care.as_ref().is_none_or(|care| care.evidence.len() <= 1);
    for (code, stated, limit, role) in [
        (SHORT_SYMPTOMS, encounter.symptom_days, Limit::EsiSymptomDays, Role::Symptom),
        (SHORT_CARE, encounter.care_days.filter(|_| is_all_care), Limit::EsiCareDays, Role::Treatment),
    ] {
        if let Some(limit) = check.ground.limit(limit) {
            check.raise_short(found, code, stated, (limit, limit), role);
        }
    }
}

/// Flags more sessions in twelve months than a region may have, and one too soon after another.
fn history(check: &Check<'_>, found: &mut Coverage) {
    if !check.session.procedures.iter().any(|p| p.family.is_epidural()) {
        return;
    }
    for (half, history) in check.histories() {
        let sessions = history.sessions_in_a_year(counted) + 1;
        check.raise_over(found, (SESSIONS, Limit::EsiSessions), half, sessions);
        let day = |limit| history.within_days(limit, counted);
        check.raise_too_soon(found, (TOO_SOON, Limit::EsiRepeatDays), half, day);
    }
}

fn counted(service: &EarlierService) -> bool {
    service.family.is_epidural()
}
