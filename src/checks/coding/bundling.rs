//! Codes that do not stand beside each other.

use crate::codes::{Certainty, Imaging};
use crate::model::{Level, NoteType, Payer, Procedure, ProcedureFamily, Status};

use super::facts::{Diagnosis, Facts, Service, begins};
use super::raise::{Breach, Raise};
use super::spine::{Half, half};

const GUIDANCE: &str = "BND001";
const DECOMPRESSION: &str = "BND002";
const DECOMPRESSION_BEFORE: &str = "BND003";
const TWO_FUSIONS: &str = "BND004";
const EPIDURAL_AND_FACET: &str = "BND005";
const TWO_EPIDURALS: &str = "BND006";
const EXCLUDES: &str = "BND007";
const WITH_AND_WITHOUT: &str = "BND008";

pub(super) fn check(facts: &Facts<'_>, raise: &mut Raise<'_>) {
    if !facts.services.is_empty() {
        guidance(facts, raise);
        decompression(facts, raise);
        two_fusions(facts, raise);
    }
    two_kinds_in_one_region(facts, raise);
    if facts.diagnoses.len() > 1 {
        excludes(facts, raise);
        with_and_without(facts, raise);
    }
}

/// Guidance codes where every procedure that is coded includes imaging.
fn guidance(facts: &Facts<'_>, raise: &mut Raise<'_>) {
    let guidance = raise.listed(GUIDANCE, "guidance");
    let passed_over = raise.listed(GUIDANCE, "passed over");
    let is_guided = |code: &str| !begins(passed_over, code) && !guidance.iter().any(|g| g == code);
    // A code that the tables do not have may be one that guidance belongs to.
    let codes = facts.codes.iter().filter_map(|lines| lines.first());
    let services = codes.filter(|c| c.system == crate::model::CodeSystem::Cpt);
    let mut others = Vec::new();
    for stated in services.filter(|stated| is_guided(&stated.code)) {
        let mut of_code = facts.services.iter().filter(|s| s.row.code == stated.code).peekable();
        match of_code.peek() {
            Some(service) if service.row.imaging != Imaging::NotApplicable => others.extend(of_code),
            _ => return,
        }
    }
    let [first, ..] = others.as_slice() else { return };
    for service in facts.distinct().filter(|service| guidance.contains(&service.row.code)) {
        let every = facts.services.iter().filter(|s| s.row.code == service.row.code);
        let breach = Breach::default()
            .codes(every.flat_map(|service| service.lines.iter().copied()))
            .codes(others.iter().flat_map(|other| other.lines.iter().copied()))
            .with("code", &service.row.code)
            .with("other", &first.row.code);
        raise.flag(GUIDANCE, breach.certainty(Certainty::Known));
    }
}

/// The levels of procedures of these families; `None` where one has none.
fn levels(facts: &Facts<'_>, families: &[ProcedureFamily]) -> Option<Vec<Level>> {
    let of_family = facts.current().into_iter().filter(|p| families.contains(&p.family));
    let mut levels: Vec<Level> = of_family.map(|p| p.level).collect::<Option<_>>()?;
    levels.sort_unstable();
    levels.dedup();
    Some(levels)
}

fn touches(space: Level, level: Level) -> bool {
    space == level
        || !level.is_interspace() && (space.upper() == level.upper() || space.lower() == Some(level.upper()))
}

/// Decompression coded apart for more levels than lie outside the fused interspaces.
fn decompression(facts: &Facts<'_>, raise: &mut Raise<'_>) {
    // One of the two holds on a day.
    let Some(rule) =
        [DECOMPRESSION, DECOMPRESSION_BEFORE].into_iter().find(|code| raise.rule(code).is_some())
    else {
        return;
    };
    let apart = raise.listed(rule, "decompression");
    let fusions = raise.listed(rule, "interbody fusion");
    let Some(fusion) = facts.services_of(fusions).next() else { return };
    let opened = levels(facts, &[ProcedureFamily::Laminectomy, ProcedureFamily::Foraminotomy]);
    let (Some(opened), Some(fused)) = (opened, levels(facts, &[ProcedureFamily::Fusion])) else { return };
    let at_fusion = |level: &&Level| fused.iter().any(|&space| touches(space, **level));
    // Where no decompression is told, it was part of the fusion, if no other level is spoken of.
    let opened = if opened.is_empty() && is_all_at(facts, &fused) { fused.clone() } else { opened };
    let shared: Vec<String> = opened.iter().filter(at_fusion).map(ToString::to_string).collect();
    let outside = opened.len() - shared.len();
    let billed: u32 = apart.iter().map(|code| facts.units(code)).sum();
    if shared.is_empty() || billed as usize <= outside {
        return;
    }
    let stated: Vec<&Service<'_>> = facts.services_of(apart).collect();
    let mut names: Vec<&str> = stated.iter().map(|s| s.row.code.as_str()).collect();
    names.dedup();
    let breach = Breach::default()
        .codes(stated.iter().flat_map(|s| s.lines.iter().copied()).chain([fusion.stated]))
        .with("codes", names.join(", "))
        .with("fusion", &fusion.row.code)
        .with("levels", shared.join(", "))
        .certainty(Certainty::Known);
    raise.flag(rule, breach);
}

/// Whether the only level of the note is the one interspace that was fused.
fn is_all_at(facts: &Facts<'_>, fused: &[Level]) -> bool {
    let [space] = fused else { return false };
    let done = facts.current().into_iter().map(|p| p.level);
    let found = facts.audit.findings.iter().filter(|f| f.status != Status::Absent).map(|f| f.level);
    done.chain(found).all(|level| level.is_none_or(|level| touches(*space, level)))
}

/// Posterior and interbody fusion of one interspace, each with its own code.
fn two_fusions(facts: &Facts<'_>, raise: &mut Raise<'_>) {
    let beside = raise.listed(TWO_FUSIONS, "posterior fusion");
    let between = raise.listed(TWO_FUSIONS, "interbody fusion alone");
    let (one, other) = (facts.services_of(beside).next(), facts.services_of(between).next());
    let (Some(one), Some(other)) = (one, other) else { return };
    let Some(fused) = levels(facts, &[ProcedureFamily::Fusion]) else { return };
    let units = |codes: &[String]| codes.iter().map(|code| facts.units(code)).sum::<u32>() as usize;
    // With more codes than interspaces two must be of one.
    if fused.is_empty() || units(beside) + units(between) <= fused.len() {
        return;
    }
    let breach = Breach::default()
        .codes([one.stated, other.stated])
        .with("one", &one.row.code)
        .with("other", &other.row.code)
        .certainty(Certainty::Secondary);
    raise.flag(TWO_FUSIONS, breach);
}

/// Injections of two kinds, performed in one region and session.
fn two_kinds_in_one_region(facts: &Facts<'_>, raise: &mut Raise<'_>) {
    use ProcedureFamily as F;
    let is_session = matches!(facts.audit.note_type, NoteType::Procedure | NoteType::Operative);
    if !is_session || facts.payer_is(Payer::Commercial) {
        return;
    }
    let foraminal: &[F] = &[F::TransforaminalEsi];
    let central: &[F] = &[F::InterlaminarEsi, F::CaudalEsi];
    let epidural: &[F] = &[F::TransforaminalEsi, F::InterlaminarEsi, F::CaudalEsi];
    let facet: &[F] = &[F::FacetJointInjection, F::MedialBranchBlock];
    for (rule, one, other) in [(EPIDURAL_AND_FACET, epidural, facet), (TWO_EPIDURALS, foraminal, central)] {
        for region in [Half::Upper, Half::Lower] {
            let of = |families: &[F]| -> Vec<&Procedure> {
                let lies = |p: &&Procedure| families.contains(&p.family) && lies_in(p, region);
                facts.performed().filter(lies).collect()
            };
            let (first, second) = (of(one), of(other));
            let ([a, ..], [b, ..]) = (first.as_slice(), second.as_slice()) else { continue };
            let breach = Breach::default()
                .with("one", super::super::words(a.family.name()))
                .with("other", super::super::words(b.family.name()))
                .certainty(Certainty::Known);
            raise.flag(rule, breach.procedures(first.iter().copied()).procedures(second.iter().copied()));
        }
    }
}

/// A caudal injection is lumbosacral without a level of its own.
fn lies_in(procedure: &Procedure, region: Half) -> bool {
    match procedure.level {
        Some(level) => half(level) == region,
        None => procedure.family == ProcedureFamily::CaudalEsi && region == Half::Lower,
    }
}

/// Diagnoses that exclude each other, in one region.
fn excludes(facts: &Facts<'_>, raise: &mut Raise<'_>) {
    for_pairs(facts, |one, other| {
        if is_one_region(one, other)
            && facts.tables.excludes1(&one.row.code, &other.row.code, facts.table_day())
        {
            raise.flag(EXCLUDES, pair(one, other).certainty(Certainty::Verified).of_day());
        }
    });
}

/// Spondylosis with and without radiculopathy, in one region.
fn with_and_without(facts: &Facts<'_>, raise: &mut Raise<'_>) {
    let with = raise.listed(WITH_AND_WITHOUT, "with");
    let without = raise.listed(WITH_AND_WITHOUT, "without");
    let is_pair =
        |a: &Diagnosis<'_>, b: &Diagnosis<'_>| begins(with, &a.row.code) && begins(without, &b.row.code);
    for_pairs(facts, |one, other| {
        let same = one.row.region.is_some() && one.row.region == other.row.region;
        if same && (is_pair(one, other) || is_pair(other, one)) {
            raise.flag(WITH_AND_WITHOUT, pair(one, other).certainty(Certainty::Known));
        }
    });
}

/// Each pair of different diagnoses once.
fn for_pairs<'f, 'a>(facts: &'f Facts<'a>, mut with: impl FnMut(&'f Diagnosis<'a>, &'f Diagnosis<'a>)) {
    for (at, one) in facts.diagnoses.iter().enumerate() {
        for other in facts.diagnoses.iter().skip(at + 1) {
            with(one, other);
        }
    }
}

fn pair<'v>(one: &Diagnosis<'_>, other: &Diagnosis<'_>) -> Breach<'v> {
    Breach::default()
        .codes([one.stated, other.stated])
        .with("one", &one.row.code)
        .with("other", &other.row.code)
}

/// Excludes1 is about one condition: neck and back at once are two.
fn is_one_region(one: &Diagnosis<'_>, other: &Diagnosis<'_>) -> bool {
    match (one.row.region, other.row.region) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}
