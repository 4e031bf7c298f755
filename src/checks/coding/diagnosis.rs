//! Diagnoses against what was done for them, and against what is documented.
//!
//! A rule here speaks only where the note states its diagnoses and all of them are of another kind: that no reason
//! is stated is a matter of documentation, not of coding.

use crate::codes::Certainty;
use crate::model::{Complaint, FindingKind, Procedure, ProcedureFamily, Role, Status};

use super::facts::{Diagnosis, Facts, begins};
use super::raise::{Breach, Raise};

const EPIDURAL: &str = "DXP001";
const FACET: &str = "DXP002";
const FORAMEN_FOR_CANAL: &str = "DXP003";
const CANAL_CODED: &str = "DXP004";
const FORAMEN_CODED: &str = "DXP005";
const CLAUDICATION: &str = "DXP006";
const NO_CLAUDICATION: &str = "DXP007";

pub(super) fn check(facts: &Facts<'_>, raise: &mut Raise<'_>) {
    use ProcedureFamily as F;
    let current = facts.current();
    let all_of = |families: &[F]| !current.is_empty() && current.iter().all(|p| families.contains(&p.family));
    if all_of(&[F::TransforaminalEsi, F::InterlaminarEsi, F::CaudalEsi, F::EsiUnspecified]) {
        epidural(facts, raise, &current);
    }
    if all_of(&[F::TransforaminalEsi]) {
        canal_alone(facts, raise, &current);
    }
    if all_of(&[F::FacetJointInjection, F::MedialBranchBlock, F::RadiofrequencyAblation]) {
        facet(facts, raise, &current);
    }
    if !facts.diagnoses.is_empty() {
        coded_place(facts, raise);
        claudication(facts, raise);
    }
}

/// The stated diagnoses if each begins with one of a rule's prefixes, and there are any.
fn all_listed<'f, 'a>(facts: &'f Facts<'a>, prefixes: &[String]) -> Option<&'f [Diagnosis<'a>]> {
    let all = facts.diagnoses.iter().all(|d| begins(prefixes, &d.stated.code));
    (all && !facts.diagnoses.is_empty()).then_some(&facts.diagnoses)
}

fn breach<'v>(diagnoses: &[Diagnosis<'_>], procedures: &[&Procedure]) -> Breach<'v> {
    let mut names: Vec<String> = procedures.iter().map(|p| super::super::words(p.family.name())).collect();
    names.dedup();
    Breach::default()
        .codes(diagnoses.iter().flat_map(|d| d.lines.iter().copied()))
        .procedures(procedures.iter().copied())
        .with("procedure", names.join(", "))
        .certainty(Certainty::Secondary)
}

/// The codes of diagnoses, in a message.
fn named(diagnoses: &[Diagnosis<'_>]) -> String {
    let codes: Vec<&str> = diagnoses.iter().map(|d| d.row.code.as_str()).collect();
    codes.join(", ")
}

/// Whether the note gives, in any way but denied, a reason that epidural policies accept.
fn may_need_epidural(facts: &Facts<'_>) -> bool {
    facts.may_have_radiculopathy()
        || facts.may_have(Complaint::NeurogenicClaudication)
        || facts.may_have(Complaint::HerpesZoster)
        || facts.may_have(Complaint::Postlaminectomy)
        || facts.may_be(FindingKind::NerveRootCompression)
}

/// An epidural injection for pain that does not leave the back or neck.
fn epidural(facts: &Facts<'_>, raise: &mut Raise<'_>, current: &[&Procedure]) {
    if may_need_epidural(facts) {
        return;
    }
    if let Some(diagnoses) = all_listed(facts, raise.listed(EPIDURAL, "axial")) {
        raise.flag(EPIDURAL, breach(diagnoses, current).with("reasons", named(diagnoses)));
    } else if facts.diagnoses.is_empty() && is_axial_alone(facts) {
        let told = facts.audit.encounter.complaints.iter().filter(|(_, status)| *status == Status::Present);
        let mut breach = breach(&[], current).with("reasons", super::super::words(Complaint::Axial.name()));
        for (complaint, _) in told {
            breach = breach.words(Role::Symptom, complaint.span);
        }
        raise.flag(EPIDURAL, breach);
    }
}

/// Whether axial pain is told of a procedure that was performed, and nothing else that could be its reason: no disc
/// and no narrowing, whose symptoms may be told in words that are not read.
fn is_axial_alone(facts: &Facts<'_>) -> bool {
    use FindingKind as K;
    let other =
        [K::ForaminalStenosis, K::LateralRecessStenosis, K::CentralCanalStenosis, K::DiscDisplacement];
    facts.performed().next().is_some()
        && facts.tells(Complaint::Axial, Status::Present)
        && !other.into_iter().any(|kind| facts.may_be(kind))
}

/// A facet procedure where every stated diagnosis is of a root or of claudication.
fn facet(facts: &Facts<'_>, raise: &mut Raise<'_>, current: &[&Procedure]) {
    if facts.may_have(Complaint::Axial) || facts.may_be(FindingKind::FacetArthropathy) {
        return;
    }
    if let Some(diagnoses) = all_listed(facts, raise.listed(FACET, "radicular")) {
        raise.flag(FACET, breach(diagnoses, current).with("reasons", named(diagnoses)));
    }
}

/// A transforaminal injection for narrowing of the canal alone.
fn canal_alone(facts: &Facts<'_>, raise: &mut Raise<'_>, current: &[&Procedure]) {
    let of_foramen = [
        FindingKind::ForaminalStenosis,
        FindingKind::LateralRecessStenosis,
        FindingKind::NerveRootCompression,
        FindingKind::DiscDisplacement,
    ];
    // A diagnosis that the codes do not give as one of the canal leaves another reason open.
    let canal = raise.listed(FORAMEN_FOR_CANAL, "canal");
    if facts.may_have_radiculopathy()
        || facts.may_have(Complaint::NeurogenicClaudication)
        || of_foramen.into_iter().any(|kind| facts.may_be(kind))
        || facts.diagnoses.iter().any(|d| !begins(canal, &d.stated.code))
    {
        return;
    }
    let mut found = facts.present(FindingKind::CentralCanalStenosis).peekable();
    if found.peek().is_none() {
        return;
    }
    let mut breach = breach(&facts.diagnoses, current).certainty(Certainty::Known);
    for finding in found {
        breach = breach.evidence(&finding.evidence);
    }
    raise.flag(FORAMEN_FOR_CANAL, breach);
}

/// The place that is coded, foramen or canal, against the place that is documented.
fn coded_place(facts: &Facts<'_>, raise: &mut Raise<'_>) {
    let canal = raise.listed(CANAL_CODED, "canal");
    let foramen = raise.listed(FORAMEN_CODED, "foramen");
    let of_canal = facts.diagnoses_of(canal).next();
    let of_foramen = facts.diagnoses_of(foramen).next();
    let central = [
        FindingKind::CentralCanalStenosis,
        FindingKind::LateralRecessStenosis,
        FindingKind::ThecalSacCompression,
    ];
    let may_be_central =
        central.into_iter().any(|k| facts.may_be(k)) || facts.may_have(Complaint::NeurogenicClaudication);
    let place = |rule, coded: Option<&Diagnosis<'_>>, kind, raise: &mut Raise<'_>| {
        let (Some(diagnosis), Some(finding)) = (coded, facts.present(kind).next()) else { return };
        let breach = Breach::default()
            .codes([diagnosis.stated])
            .evidence(&finding.evidence)
            .with("code", &diagnosis.row.code)
            .with("title", &diagnosis.row.title);
        raise.flag(rule, breach);
    };
    if of_foramen.is_none() && !may_be_central {
        place(CANAL_CODED, of_canal, FindingKind::ForaminalStenosis, raise);
    }
    if of_canal.is_none() && !facts.may_be(FindingKind::ForaminalStenosis) {
        place(FORAMEN_CODED, of_foramen, FindingKind::CentralCanalStenosis, raise);
    }
}

/// Lumbar stenosis is coded with claudication or without.
fn claudication(facts: &Facts<'_>, raise: &mut Raise<'_>) {
    let told = facts.tells(Complaint::NeurogenicClaudication, Status::Present);
    let denied = facts.tells(Complaint::NeurogenicClaudication, Status::Absent);
    if told == denied {
        return;
    }
    let rule = if told { CLAUDICATION } else { NO_CLAUDICATION };
    let wrong = raise.listed(rule, "coded");
    let right = raise.listed(rule, "documented");
    if facts.diagnoses_of(right).next().is_some() {
        return;
    }
    let Some(diagnosis) = facts.diagnoses_of(wrong).next() else { return };
    let mut breach = Breach::default()
        .codes([diagnosis.stated])
        .with("code", &diagnosis.row.code)
        .with("right", right.join(", "));
    for (complaint, _) in
        facts.audit.encounter.complaints.iter().filter(|(c, _)| c.value == Complaint::NeurogenicClaudication)
    {
        breach = breach.words(Role::Symptom, complaint.span);
    }
    raise.flag(rule, breach);
}
