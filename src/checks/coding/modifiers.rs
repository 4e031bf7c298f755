//! Modifiers against documented sides, the setting, the payer, and what a code allows.

use crate::codes::{Bilateral, Certainty};
use crate::model::{CodeSystem, Intent, Payer, Procedure, ProcedureFamily, Setting, Side, StatedCode};

use super::facts::{Facts, Service, sides};
use super::modifier::{BOTH, DISTINCT, DISTINCT_IN, LEFT, MULTIPLE, POLICY_MET, RIGHT, has, side as side_of};
use super::raise::{Breach, Raise};

const BOTH_INVALID: &str = "MOD001";
const SIDE_MEANS_NOTHING: &str = "MOD002";
const BOTH_AND_SIDE: &str = "MOD003";
const BOTH_IN_ASC: &str = "MOD004";
const TWO_LINES: &str = "MOD005";
const BOTH_ON_FURTHER: &str = "MOD006";
const BOTH_OF_ONE: &str = "MOD007";
const WRONG_SIDE: &str = "MOD008";
const NO_SIDE: &str = "MOD009";
const ONE_OF_BOTH: &str = "MOD010";
const POLICY_ROOT: &str = "MOD011";
const POLICY_FACET: &str = "MOD012";
const POLICY_NEEDLESS: &str = "MOD013";
const DISTINCT_ALONE: &str = "MOD014";
const DISTINCT_VAGUE: &str = "MOD015";
const DISTINCT_TWICE: &str = "MOD016";
const MULTIPLE_ON_FURTHER: &str = "MOD017";

pub(super) fn check(facts: &Facts<'_>, raise: &mut Raise<'_>) {
    for service in &facts.services {
        what_the_code_allows(facts, raise, service);
        documented_side(facts, raise, service);
        policy_met(facts, raise, service);
        if has(service.stated, MULTIPLE) && !service.row.primaries.is_empty() {
            raise.flag(MULTIPLE_ON_FURTHER, breach(service));
        }
    }
    two_lines(facts, raise);
    distinct(facts, raise);
}

fn breach<'v>(service: &Service<'_>) -> Breach<'v> {
    Breach::default()
        .codes(service.lines.iter().copied())
        .with("code", &service.row.code)
        .with("modifiers", service.stated.modifiers.join(", "))
        .certainty(service.row.certainty)
}

fn is_one_sided(service: &Service<'_>) -> bool {
    service.row.bilateral == Some(Bilateral::OneSided)
}

/// Modifier 50, LT and RT against the bilateral indicator, the setting and the payer.
fn what_the_code_allows(facts: &Facts<'_>, raise: &mut Raise<'_>, service: &Service<'_>) {
    let stated = service.stated;
    let (both, side) = (has(stated, BOTH), has(stated, LEFT) || has(stated, RIGHT));
    let Some(bilateral) = service.row.bilateral else { return };
    if bilateral != Bilateral::OneSided {
        if both {
            raise.flag(BOTH_INVALID, breach(service));
        } else if side {
            raise.flag(SIDE_MEANS_NOTHING, breach(service).certainty(Certainty::Known));
        }
        return;
    }
    if !both {
        return;
    }
    let commercial = facts.payer_is(Payer::Commercial);
    if side {
        raise.flag(BOTH_AND_SIDE, breach(service));
    }
    if facts.context.setting == Some(Setting::Asc) && !commercial {
        raise.flag(BOTH_IN_ASC, breach(service).certainty(Certainty::Secondary));
    }
    if commercial && !service.row.primaries.is_empty() {
        raise.flag(BOTH_ON_FURTHER, breach(service).certainty(Certainty::Secondary));
    }
}

/// The side of the modifiers against the side of the procedures that the code reports.
fn documented_side(facts: &Facts<'_>, raise: &mut Raise<'_>, service: &Service<'_>) {
    let Some(coded) = side_of(service.stated).filter(|_| is_one_sided(service)) else { return };
    let reported = facts.reported_by(service);
    if reported.is_empty() {
        return;
    }
    let breach = || breach(service).procedures(reported.iter().copied()).with("coded", coded);
    let Some(documented) = sides(&reported) else {
        // A side told of the same procedure elsewhere in the note may be meant.
        let families = &service.row.families;
        let is_told = facts.audit.procedures.iter().any(|p| families.contains(&p.family) && p.side.is_some());
        // Where not even the place was read, the side may stand in the same boxes of a form.
        if !is_told && reported.iter().any(|p| p.region().is_some()) {
            raise.flag(NO_SIDE, breach());
        }
        return;
    };
    if reported.iter().any(|p| p.side.is_none()) {
        return;
    }
    let breach = || breach().with("side", documented);
    match (coded, documented) {
        (Side::Bilateral, Side::Left | Side::Right) => raise.flag(BOTH_OF_ONE, breach()),
        (Side::Left, Side::Right) | (Side::Right, Side::Left) => raise.flag(WRONG_SIDE, breach()),
        (Side::Left | Side::Right, Side::Bilateral)
            if reported.iter().all(|p| p.side == Some(Side::Bilateral))
                && !states_side(facts, service, other(coded)) =>
        {
            raise.flag(ONE_OF_BOTH, breach());
        }
        _ => {}
    }
}

const fn other(side: Side) -> Side {
    match side {
        Side::Left => Side::Right,
        Side::Right => Side::Left,
        Side::Bilateral => Side::Bilateral,
    }
}

/// Whether the code, or one of its kind, stands with a side on another line.
fn states_side(facts: &Facts<'_>, service: &Service<'_>, side: Side) -> bool {
    let is_kin =
        |s: &&Service<'_>| s.row.families == service.row.families && s.row.region == service.row.region;
    let kin = facts.services.iter().filter(is_kin);
    kin.filter_map(|s| side_of(s.stated)).any(|stated| stated == side || stated == Side::Bilateral)
}

/// Medicare's professional and hospital claims take one line with 50, not a line for each side.
fn two_lines(facts: &Facts<'_>, raise: &mut Raise<'_>) {
    if !facts.payer_is(Payer::Medicare)
        || !matches!(facts.context.setting, Some(Setting::Professional | Setting::Hopd))
    {
        return;
    }
    let hospital = facts.context.setting == Some(Setting::Hopd);
    for left in facts.services.iter().filter(|s| is_one_sided(s) && side_of(s.stated) == Some(Side::Left)) {
        let is_twin =
            |s: &&Service<'_>| s.row.code == left.row.code && side_of(s.stated) == Some(Side::Right);
        let Some(right) = facts.services.iter().find(is_twin) else { continue };
        // Left at one level and right at another are two levels, not both sides of one.
        if facts.reported_by(left).iter().any(|p| p.side != Some(Side::Bilateral)) {
            continue;
        }
        let certainty = if hospital { Certainty::Known } else { Certainty::Verified };
        raise.flag(TWO_LINES, breach(left).codes(right.lines.iter().copied()).certainty(certainty));
    }
}

/// KX tells Medicare's contractors that a block is diagnostic.
fn policy_met(facts: &Facts<'_>, raise: &mut Raise<'_>, service: &Service<'_>) {
    if !facts.payer_is(Payer::Medicare) {
        return;
    }
    let intent = facts.audit.encounter.intent.map(|intent| intent.value);
    let reported = facts.reported_by(service);
    let has_kx = has(service.stated, POLICY_MET);
    let all_of = |families: &[ProcedureFamily]| {
        !reported.is_empty() && reported.iter().all(|p: &&Procedure| families.contains(&p.family))
    };
    let of_reported = || breach(service).procedures(reported.iter().copied());
    let root = all_of(&[ProcedureFamily::SelectiveNerveRootBlock]);
    let facet = all_of(&[ProcedureFamily::FacetJointInjection, ProcedureFamily::MedialBranchBlock]);
    let ablation = all_of(&[ProcedureFamily::RadiofrequencyAblation]);
    if intent == Some(Intent::Diagnostic) && !has_kx {
        if root {
            raise.flag(POLICY_ROOT, of_reported().certainty(Certainty::Secondary));
        } else if facet {
            raise.flag(POLICY_FACET, of_reported());
        }
    }
    let is_therapeutic = intent == Some(Intent::Therapeutic) && !reported.is_empty();
    if has_kx && (is_therapeutic || ablation) {
        raise.flag(POLICY_NEEDLESS, of_reported().certainty(Certainty::Known));
    }
}

/// 59 and the four that say more than it.
fn distinct(facts: &Facts<'_>, raise: &mut Raise<'_>) {
    let is_specific = |stated: &StatedCode| DISTINCT_IN.iter().any(|modifier| has(stated, modifier));
    let codes = facts.codes.iter().filter_map(|lines| lines.first());
    let mut numbers: Vec<&str> = codes
        .filter(|stated| stated.system != CodeSystem::Icd10Cm)
        .map(|stated| stated.code.as_str())
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    for service in &facts.services {
        let stated = service.stated;
        let (vague, specific) = (has(stated, DISTINCT), is_specific(stated));
        if vague && specific {
            raise.flag(DISTINCT_TWICE, breach(service).certainty(Certainty::Known));
        } else if (vague || specific) && numbers.len() == 1 {
            raise.flag(DISTINCT_ALONE, breach(service).certainty(Certainty::Known));
        } else if vague && facts.payer_is(Payer::Medicare) {
            raise.flag(DISTINCT_VAGUE, breach(service));
        }
    }
}
