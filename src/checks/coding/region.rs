//! Codes against the documented part of the spine, side and kind of procedure.

use crate::codes::{Certainty, Imaging};
use crate::model::{Guidance, Level, NoteType, Procedure, ProcedureFamily, Radiculopathy, Side, Status};

use super::facts::{Diagnosis, Facts, Service, begins};
use super::raise::{Breach, Raise};
use super::spine::{diagnosis_may_fit, is_edge, serves};

const LEVEL: &str = "CPT001";
const FAMILY: &str = "CPT002";
const WITHOUT_IMAGING: &str = "CPT003";
const WITH_IMAGING: &str = "CPT004";
const DIAGNOSIS_REGION: &str = "ICD001";
const DIAGNOSIS_LEVEL: &str = "ICD002";
const DIAGNOSIS_SIDE: &str = "ICD003";

pub(super) fn check(facts: &Facts<'_>, raise: &mut Raise<'_>) {
    for service in &facts.services {
        level(facts, raise, service);
        family(facts, raise, service);
        imaging(facts, raise, service);
    }
    diagnosis_region(facts, raise);
    for diagnosis in &facts.diagnoses {
        diagnosis_level(facts, raise, diagnosis);
        diagnosis_side(facts, raise, diagnosis);
    }
}

/// Levels in words, each once.
fn named(levels: impl IntoIterator<Item = Level>) -> String {
    let mut levels: Vec<Level> = levels.into_iter().collect();
    levels.sort_unstable();
    levels.dedup();
    levels.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// No procedure that the code could report lies in the code's part of the spine.
fn level(facts: &Facts<'_>, raise: &mut Raise<'_>, service: &Service<'_>) {
    let reported = facts.reported_by(service);
    let Some(levels) = reported.iter().map(|p| p.level).collect::<Option<Vec<Level>>>() else { return };
    let region = service.row.region;
    if levels.is_empty() || levels.iter().any(|&level| serves(facts.tables, region, level)) {
        return;
    }
    let edge =
        if levels.iter().any(|&level| is_edge(level)) { Certainty::Known } else { Certainty::Verified };
    let breach = Breach::default()
        .codes(service.lines.iter().copied())
        .procedures(reported)
        .with("code", &service.row.code)
        .with("label", &service.row.label)
        .with("levels", named(levels))
        .certainty(service.row.certainty)
        .certainty(edge);
    raise.flag(LEVEL, breach);
}

/// Injections and ablations, whose codes tell one family from another; codes of open surgery overlap.
const fn is_by_needle(family: ProcedureFamily) -> bool {
    use ProcedureFamily as F;
    matches!(
        family,
        F::TransforaminalEsi
            | F::InterlaminarEsi
            | F::CaudalEsi
            | F::SelectiveNerveRootBlock
            | F::FacetJointInjection
            | F::MedialBranchBlock
            | F::RadiofrequencyAblation
            | F::SiJointInjection
            | F::TriggerPointInjection
    )
}

/// The code is of a family that the note does not tell of, and what was done has no code of its own.
fn family(facts: &Facts<'_>, raise: &mut Raise<'_>, service: &Service<'_>) {
    let families = &service.row.families;
    let procedures = &facts.audit.procedures;
    let is_told = |p: &Procedure| families.contains(&p.family) || p.family == ProcedureFamily::EsiUnspecified;
    if !families.iter().any(|&f| is_by_needle(f)) || procedures.iter().any(is_told) {
        return;
    }
    let current = facts.current();
    let has_code = |p: &Procedure| facts.services.iter().any(|s| s.row.families.contains(&p.family));
    if current.is_empty() || !current.iter().all(|p| is_by_needle(p.family) && !has_code(p)) {
        return;
    }
    let mut told: Vec<String> = current.iter().map(|p| super::super::words(p.family.name())).collect();
    told.dedup();
    let breach = Breach::default()
        .codes(service.lines.iter().copied())
        .procedures(current)
        .with("code", &service.row.code)
        .with("label", &service.row.label)
        .with("procedures", told.join(", "))
        .certainty(service.row.certainty);
    raise.flag(FAMILY, breach);
}

/// The code says with or without imaging, and the note the contrary.
fn imaging(facts: &Facts<'_>, raise: &mut Raise<'_>, service: &Service<'_>) {
    let Some(guidance) = facts.audit.encounter.guidance else { return };
    // Guidance is told once for a note: with two kinds of procedure it may be that of the other.
    let is_its_own = facts.performed().all(|p| service.row.families.contains(&p.family));
    if !is_its_own || facts.performed().next().is_none() {
        return;
    }
    let breach = || {
        Breach::default()
            .codes(service.lines.iter().copied())
            .words(crate::model::Role::Imaging, guidance.span)
            .with("code", &service.row.code)
            .with("guidance", guidance.value)
            .certainty(service.row.certainty)
    };
    match (service.row.imaging, guidance.value) {
        (Imaging::Without, Guidance::Fluoroscopy | Guidance::Ct) => raise.flag(WITHOUT_IMAGING, breach()),
        (Imaging::Included, Guidance::None | Guidance::Ultrasound)
            if !begins(raise.listed(WITH_IMAGING, "under ultrasound"), &service.row.code) =>
        {
            raise.flag(WITH_IMAGING, breach().certainty(Certainty::Known));
        }
        _ => {}
    }
}

/// Every level that the note names, once, whatever it says of it.
fn all_levels(facts: &Facts<'_>) -> Vec<Level> {
    let audit = facts.audit;
    let procedures = audit.procedures.iter().filter_map(|p| p.level);
    let findings = audit.findings.iter().filter_map(|f| f.level);
    let all = procedures.chain(findings).chain(roots(audit.radiculopathies.iter()));
    let mut levels: Vec<Level> = all.collect();
    levels.sort_unstable();
    levels.dedup();
    levels
}

fn roots<'r>(radiculopathies: impl Iterator<Item = &'r Radiculopathy>) -> impl Iterator<Item = Level> {
    radiculopathies.filter_map(|r| r.root).map(Level::single)
}

/// Diagnoses whose region holds none of the levels that the note names. A clinic note may list the diagnoses of
/// other complaints, so there it counts only where no diagnosis fits.
fn diagnosis_region(facts: &Facts<'_>, raise: &mut Raise<'_>) {
    if facts.diagnoses.is_empty() {
        return;
    }
    let levels = all_levels(facts);
    let current: Vec<&Procedure> = facts.current().into_iter().filter(|p| p.level.is_some()).collect();
    if current.is_empty() {
        return;
    }
    let categories = raise.listed(DIAGNOSIS_REGION, "categories");
    let fits = |diagnosis: &Diagnosis<'_>| {
        let code = diagnosis.row.code.as_str();
        // A code that names its interspace is measured against it by the rule on that: here the region counts.
        if let Some(region) = diagnosis.row.levels.first().map(|level| level.upper().region()) {
            return Some(levels.iter().any(|level| level.upper().region() == region));
        }
        let answers = levels.iter().filter_map(|&level| diagnosis_may_fit(facts.tables, code, level));
        answers.reduce(|one, other| one || other)
    };
    let regional = facts.diagnoses_of(categories).filter_map(|d| fits(d).map(|fits| (d, fits)));
    let regional: Vec<(&Diagnosis<'_>, bool)> = regional.collect();
    let is_of_one_act = matches!(facts.audit.note_type, NoteType::Procedure | NoteType::Operative);
    if !is_of_one_act && regional.iter().any(|(_, fits)| *fits) {
        return;
    }
    for (diagnosis, _) in regional.iter().filter(|(_, fits)| !fits) {
        let breach = Breach::default()
            .codes(diagnosis.lines.iter().copied())
            .procedures(current.iter().copied())
            .with("code", &diagnosis.row.code)
            .with("title", &diagnosis.row.title)
            .with("levels", named(current.iter().filter_map(|p| p.level)));
        raise.flag(DIAGNOSIS_REGION, breach);
    }
}

/// Procedures that are done where the disease is: an interlaminar needle goes in where there is room for it.
const fn is_at_disease(family: ProcedureFamily) -> bool {
    use ProcedureFamily as F;
    matches!(
        family,
        F::TransforaminalEsi
            | F::SelectiveNerveRootBlock
            | F::Discectomy
            | F::Laminectomy
            | F::Foraminotomy
            | F::Fusion
    )
}

/// A code that names an interspace where the note has findings or procedures at others and nothing at this one.
fn diagnosis_level(facts: &Facts<'_>, raise: &mut Raise<'_>, diagnosis: &Diagnosis<'_>) {
    let coded = diagnosis.row.levels.as_slice();
    let [first, ..] = coded else { return };
    let audit = facts.audit;
    let exits = audit.radiculopathies.iter().filter_map(|r| facts.tables.root(r.root?)?.exits);
    let procedures = audit.procedures.iter().filter_map(|p| p.level);
    let named_levels = audit.findings.iter().filter_map(|f| f.level).chain(procedures).chain(exits);
    if named_levels.into_iter().any(|level| facts.tables.icd10_fits(&diagnosis.row.code, level) == Some(true))
    {
        return;
    }
    let is_near = |level: &Level| level.is_interspace() && level.upper().region() == first.upper().region();
    let found: Vec<_> = audit
        .findings
        .iter()
        .filter(|f| f.status == Status::Present && f.level.as_ref().is_some_and(is_near))
        .collect();
    let treated: Vec<&Procedure> = facts
        .current()
        .into_iter()
        .filter(|p| is_at_disease(p.family) && p.level.as_ref().is_some_and(is_near))
        .collect();
    if found.is_empty() && treated.is_empty() {
        return;
    }
    let levels = found.iter().filter_map(|f| f.level).chain(treated.iter().filter_map(|p| p.level));
    let mut breach = Breach::default()
        .codes(diagnosis.lines.iter().copied())
        .procedures(treated.iter().copied())
        .with("code", &diagnosis.row.code)
        .with("coded", named(coded.iter().copied()))
        .with("levels", named(levels));
    for finding in found {
        breach = breach.evidence(&finding.evidence);
    }
    raise.flag(DIAGNOSIS_LEVEL, breach);
}

/// Sciatica is the one spine diagnosis whose code has a side.
fn diagnosis_side(facts: &Facts<'_>, raise: &mut Raise<'_>, diagnosis: &Diagnosis<'_>) {
    let is_in = |list| begins(raise.listed(DIAGNOSIS_SIDE, list), &diagnosis.row.code);
    let coded = match (is_in("left"), is_in("right")) {
        (true, false) => Side::Left,
        (false, true) => Side::Right,
        _ => return,
    };
    let told: Vec<&Radiculopathy> =
        facts.audit.radiculopathies.iter().filter(|r| r.status == Status::Present).collect();
    let may_be = |r: &&Radiculopathy| r.side.is_none_or(|side| side == coded || side == Side::Bilateral);
    let both = has_side_code(facts, raise, coded);
    let Some(side) = told.iter().find_map(|r| r.side) else { return };
    if both || told.iter().any(may_be) {
        return;
    }
    let mut breach = Breach::default()
        .codes(diagnosis.lines.iter().copied())
        .with("code", &diagnosis.row.code)
        .with("coded", coded)
        .with("side", side);
    for radiculopathy in told {
        breach = breach.evidence(&radiculopathy.evidence);
    }
    raise.flag(DIAGNOSIS_SIDE, breach);
}

/// Whether the code of the other side stands beside it: two codes say both sides.
fn has_side_code(facts: &Facts<'_>, raise: &Raise<'_>, coded: Side) -> bool {
    let other = if coded == Side::Left { "right" } else { "left" };
    let of_other = raise.listed(DIAGNOSIS_SIDE, other);
    facts.codes.iter().filter_map(|lines| lines.first()).any(|stated| begins(of_other, &stated.code))
}
