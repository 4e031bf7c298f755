//! Epidural injections: what the contractors' policies want documented, and their limits.
//!
//! Criteria as the policies of 2021 and 2022 have them in common (read in digests: NJSIPP of L38994, Verity of L33906
//! and L39015, ASIPP). Acute herpes zoster waives the weeks of pain and of care, and with pain after spinal surgery
//! the imaging; a contrast allergy or pregnancy waives contrast.

use super::Coverage;
use super::ground::{Ground, stated_at};
use super::limit::Limit;
use super::session::{Required, Session};
use crate::checks::completeness::{CORRELATION, owes_correlation};
use crate::model::{
    Audit, Complaint, EarlierService, Element, EvidenceList, FindingKind, Guidance, Intent, Moment,
    Procedure, ProcedureFamily, ProcedureStatus, Relief, Role, SectionKind, SpineHalf, Status,
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
    if ground.case.audit.note_type.is_encounter() {
        check.indication(found);
        if check.is_repeat() {
            check.repeat(found);
        }
    }
    if session.is_performed() {
        check.technique(found);
        check.levels(found);
    }
    check.durations(found);
    check.history(found);
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

struct Check<'a> {
    ground: &'a Ground<'a>,
    session: &'a Session<'a>,
}

impl Check<'_> {
    fn require(&self, found: &mut Coverage, required: Required, documented: bool) {
        self.ground.require(found, self.session, required, documented);
    }

    /// What makes the injection reasonable.
    fn indication(&self, found: &mut Coverage) {
        let (audit, encounter) = (self.ground.case.audit, self.ground.encounter());
        let settings = self.ground.case.settings;
        let has_zoster = self.ground.complains_of(Complaint::HerpesZoster);
        if !has_zoster && !self.ground.complains_of(Complaint::Postlaminectomy) {
            let is_asked_already = self.ground.rule(CORRELATION).is_some()
                && owes_correlation(audit.note_type, &audit.findings, settings);
            if settings.correlation_owed_by.contains(&audit.note_type) && !is_asked_already {
                let status = audit.correlation.as_ref().map(|c| c.status);
                self.require(found, CORRELATED, settings.accepts(status));
            }
            self.require(found, IMAGING, self.has_imaging_finding());
        }
        if !has_zoster {
            self.require(found, SYMPTOM_DURATION, encounter.symptom_days.is_some());
        }
        let has_care = self.ground.has_care();
        self.require(found, CARE, has_care);
        if has_care && !has_zoster {
            self.require(found, CARE_DURATION, encounter.care_days.is_some());
        }
        self.require(found, SCORE_BEFORE, self.ground.has_score(Moment::Before));
    }

    /// Whether a finding is stated with its level in a half that is treated, and with its side where it is one-sided
    /// by nature.
    fn has_imaging_finding(&self) -> bool {
        let halves = self.session.halves();
        self.ground.case.audit.findings.iter().any(|finding| {
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

    /// What is told of the relief by an epidural injection before this one.
    fn reliefs(&self) -> impl Iterator<Item = &Relief> {
        let is_of = |r: &&Relief| r.moment == Moment::Before && r.after.is_none_or(is_ruled);
        self.ground.encounter().reliefs.iter().filter(is_of)
    }

    /// Whether there was an injection of the same half before: counted in a series, told in the note, or known from
    /// earlier notes.
    fn is_repeat(&self) -> bool {
        let halves = self.session.halves();
        // "Status post" at the end of a report is of what was done just now.
        let is_just_done = |p: &Procedure| {
            p.section == SectionKind::Impression && self.session.is_performed() && self.session.has(p.family)
        };
        let is_same = |p: &&Procedure| {
            p.status == ProcedureStatus::Historical
                && !is_just_done(p)
                && p.family.is_epidural()
                && p.region().is_none_or(|region| halves.is_empty() || halves.contains(&region.into()))
        };
        self.session.is_performed() && self.ground.encounter().series.is_some_and(|series| series.value > 1)
            || self.ground.case.audit.procedures.iter().any(|p| is_same(&p))
            || self.reliefs().any(|relief| relief.after.is_some())
            || self.ground.histories(self.session).any(|(_, history)| history.sessions_in_a_year(counted) > 0)
    }

    /// What a repeat owes.
    fn repeat(&self, found: &mut Coverage) {
        self.require(found, SCORE_AFTER, self.ground.has_score(Moment::After));
        self.require(found, RELIEF_PERCENT, self.reliefs().any(|r| r.percent.is_some()));
        self.require(found, RELIEF_DURATION, self.reliefs().any(|r| r.lasted.is_some() || r.ongoing));
        let limits = (Limit::EsiReliefPercent, Limit::EsiReliefMonths);
        self.ground.raise_relief_below(found, self.session, RELIEF_BELOW, self.reliefs(), limits);
    }

    /// What the report of the injection owes.
    fn technique(&self, found: &mut Coverage) {
        let encounter = self.ground.encounter();
        let is_barred = encounter.contrast_barrier.is_some();
        let is_report = self.ground.case.audit.note_type.is_encounter();
        if is_report {
            self.require(found, GUIDANCE, encounter.guidance.is_some());
        }
        // Without guidance, which is flagged, there is nothing to see contrast by.
        if is_report && encounter.guidance.is_none_or(|guidance| guidance.value != Guidance::None) {
            self.require(found, CONTRAST, is_barred || encounter.contrast.is_some_and(|c| c.value));
            self.require(found, IMAGES, encounter.images_retained.is_some());
        }
        if self.session.has(ProcedureFamily::SelectiveNerveRootBlock)
            && encounter.intent.is_some_and(|intent| intent.value != Intent::Therapeutic)
            && !self.is_repeat()
        {
            let told = encounter.reliefs.iter().any(|r| r.moment == Moment::After && r.percent.is_some());
            self.require(found, SCORE_AFTER, told || self.ground.has_score(Moment::After));
        }
        if let Some(guidance) = self.ground.other_guidance().filter(|_| !is_barred) {
            self.raise(found, UNGUIDED, &[], stated_at(Role::Anchor, guidance.span));
        }
    }

    /// Flags more levels, or more regions, than a session may have.
    fn levels(&self, found: &mut Coverage) {
        let halves = self.session.halves();
        for &half in &halves {
            let through = |family| family == ProcedureFamily::TransforaminalEsi;
            let otherwise = |family: ProcedureFamily| family.is_epidural() && !through(family);
            // "L2 L3" may be two vertebrae for the one space between them.
            let spaces =
                self.session.levels(half, otherwise).into_iter().filter(|level| level.is_interspace());
            let counts = [
                (self.session.levels(half, through).len() as u32, Limit::EsiTransforaminalLevels),
                (spaces.count() as u32, Limit::EsiInterlaminarLevels),
            ];
            for (count, limit) in counts {
                self.ground.raise_over(found, self.session, (LEVELS, limit), half, count);
            }
        }
        if halves.len() > 1 {
            self.raise(found, REGIONS, &[], self.session.evidence());
        }
    }

    /// Flags pain or care that lasted less than the policy wants.
    fn durations(&self, found: &mut Coverage) {
        if self.ground.complains_of(Complaint::HerpesZoster) {
            return;
        }
        let (encounter, audit) = (self.ground.encounter(), self.ground.case.audit);
        // How long the other treatments were tried is not told.
        let is_all_care = audit.conservative_care.as_ref().is_none_or(|care| care.evidence.len() <= 1);
        for (code, stated, limit, role) in [
            (SHORT_SYMPTOMS, encounter.symptom_days, Limit::EsiSymptomDays, Role::Symptom),
            (SHORT_CARE, encounter.care_days.filter(|_| is_all_care), Limit::EsiCareDays, Role::Treatment),
        ] {
            if let Some(limit) = self.ground.limit(limit) {
                self.ground.raise_short(found, self.session, code, stated, (limit, limit), role);
            }
        }
    }

    /// Flags more sessions in twelve months than a region may have, and one too soon after another.
    fn history(&self, found: &mut Coverage) {
        if !self.session.procedures.iter().any(|p| p.family.is_epidural()) {
            return;
        }
        for (half, history) in self.ground.histories(self.session) {
            let sessions = history.sessions_in_a_year(counted) + 1;
            self.ground.raise_over(found, self.session, (SESSIONS, Limit::EsiSessions), half, sessions);
            let day = |limit| history.within_days(limit, counted);
            self.ground.raise_too_soon(found, self.session, (TOO_SOON, Limit::EsiRepeatDays), half, day);
        }
    }

    fn raise(
        &self,
        found: &mut Coverage,
        code: &'static str,
        values: &[(&str, String)],
        evidence: EvidenceList,
    ) {
        self.ground.raise(found, self.session, code, values, evidence);
    }
}

fn counted(service: &EarlierService) -> bool {
    service.family.is_epidural()
}
