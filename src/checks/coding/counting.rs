//! Documented levels and joints against first-level codes, add-ons and units.

use crate::codes::{Bilateral, Certainty, CptRegion, Unit};
use crate::model::{Payer, Procedure, ProcedureFamily, Side};

use super::counts::Count;
use super::facts::{Facts, Service, sides};
use super::modifier;
use super::raise::{Breach, Raise};
use super::spine::{Half, half, is_edge, serves};

const NO_PRIMARY: &str = "CNT001";
const TOO_MANY: &str = "CNT002";
const NERVES: &str = "CNT003";
const TOO_FEW: &str = "CNT004";
const PRIMARY_TWICE: &str = "CNT005";
const THIRD_TWICE: &str = "CNT006";
const THIRD_OF_MEDICARE: &str = "CNT007";
const REGION_TWICE: &str = "CNT008";
const TWO_INTERLAMINAR: &str = "CNT009";

pub(super) fn check(facts: &Facts<'_>, raise: &mut Raise<'_>) {
    for service in &facts.services {
        without_primary(facts, raise, service);
    }
    for primary in facts.distinct().filter(|s| s.row.primaries.is_empty()) {
        levels(facts, raise, primary);
    }
    third_level(facts, raise);
    once_a_region(facts, raise);
    two_interlaminar(facts, raise);
}

fn is_counted(unit: Unit) -> bool {
    matches!(unit, Unit::Level | Unit::Joint | Unit::Interspace | Unit::Segment)
}

fn without_primary(facts: &Facts<'_>, raise: &mut Raise<'_>, service: &Service<'_>) {
    let primaries = &service.row.primaries;
    if primaries.is_empty() || !is_counted(service.row.unit) || facts.states_any(primaries) {
        return;
    }
    let is_at_edge = facts.reported_by(service).iter().any(|p| p.level.is_some_and(is_edge));
    if is_at_edge && follows_the_edge(facts, raise, service) {
        return;
    }
    let edge = if is_at_edge { Certainty::Known } else { Certainty::Verified };
    let breach = Breach::default()
        .codes(service.lines.iter().copied())
        .with("code", &service.row.code)
        .with("primaries", primaries.join(", "))
        .certainty(service.row.certainty)
        .certainty(edge);
    raise.flag(NO_PRIMARY, breach);
}

/// Whether the code for T12-L1 is stated, which is thoracic, and this one is for the lumbar levels that go on from it.
fn follows_the_edge(facts: &Facts<'_>, raise: &Raise<'_>, service: &Service<'_>) -> bool {
    let at_edge = raise.listed(NO_PRIMARY, "first at T12-L1");
    let is_kin = |s: &Service<'_>| s.row.families.iter().any(|family| service.row.families.contains(family));
    service.row.region == CptRegion::LumbarSacral && facts.services_of(at_edge).any(is_kin)
}

/// The stated add-ons of a first-level code that are of no other stated one.
fn further<'f, 'a>(facts: &'f Facts<'a>, primary: &Service<'_>) -> Option<Vec<&'f Service<'a>>> {
    let mut further = Vec::new();
    let is_kin = |s: &&Service<'_>| s.row.families.iter().any(|family| primary.row.families.contains(family));
    for service in facts.distinct().filter(|s| s.row.primaries.contains(&primary.row.code)).filter(is_kin) {
        let others = service.row.primaries.iter().filter(|code| **code != primary.row.code);
        if others.into_iter().any(|code| facts.services.iter().any(|s| s.row.code == *code)) {
            return None;
        }
        further.push(service);
    }
    Some(further)
}

fn levels(facts: &Facts<'_>, raise: &mut Raise<'_>, primary: &Service<'_>) {
    let by_itself = [TOO_MANY, NERVES, TOO_FEW, PRIMARY_TWICE]
        .into_iter()
        .any(|rule| raise.listed(rule, "each by itself").contains(&primary.row.code));
    if by_itself || !is_counted(primary.row.unit) {
        return;
    }
    let Some(further) = further(facts, primary) else { return };
    let all = facts.reported_by(primary);
    // A further level may be of another part of the spine, where its code is for any.
    let is_served = |level| {
        let rows = std::iter::once(primary.row).chain(further.iter().map(|service| service.row));
        rows.into_iter().any(|row| serves(facts.tables, row.region, level))
    };
    let reported: Vec<&Procedure> = all
        .iter()
        .copied()
        .filter(|p| p.level.is_none_or(|level| is_edge(level) || is_served(level)))
        .collect();
    let Some(mut count) = Count::of(primary.row.unit, &reported) else { return };
    // T12-L1 takes the levels beside it into its region, or goes into theirs.
    if all.iter().any(|p| p.level.is_some_and(is_edge))
        && let Some(wide) = Count::of(primary.row.unit, &all)
    {
        count.most = count.most.max(wide.most);
    }
    let sides = if primary.row.bilateral == Some(Bilateral::OneSided) { count.most_sides } else { 1 };
    let billed: u32 = further.iter().map(|service| facts.units(&service.row.code)).sum();
    let breach = |documented: u32| {
        Breach::default()
            .codes([primary.stated])
            .codes(further.iter().map(|service| service.stated))
            .procedures(reported.iter().copied())
            .with("code", &primary.row.code)
            .with("further", codes(&further))
            .with("billed", billed + 1)
            .with("documented", documented)
            .certainty(primary.row.certainty)
    };
    let repeats = facts.units(&primary.row.code);
    if billed > (count.most.saturating_sub(1)) * sides {
        match count.from_nerves {
            Some(nerves) => raise.flag(NERVES, breach(count.most).with("nerves", nerves)),
            None => raise.flag(TOO_MANY, breach(count.most)),
        }
    } else if repeats > sides {
        raise.flag(PRIMARY_TWICE, breach(count.least).with("times", repeats));
    } else if billed < count.least.saturating_sub(1)
        && !is_any_further(raise, &further)
        && is_alone(facts, primary)
    {
        raise.flag(TOO_FEW, breach(count.least));
    }
}

/// Whether a code for the third joint and all further ones is among them.
fn is_any_further(raise: &Raise<'_>, further: &[&Service<'_>]) -> bool {
    let third = raise.listed(TOO_FEW, "third joint");
    further.iter().any(|service| third.contains(&service.row.code))
}

/// Whether no other first-level code shares the procedures: of two fusion codes each may have its own interspace.
fn is_alone(facts: &Facts<'_>, primary: &Service<'_>) -> bool {
    let shares = |s: &&Service<'_>| {
        s.row.code != primary.row.code
            && s.row.families.iter().any(|family| primary.row.families.contains(family))
            && !s.row.primaries.contains(&primary.row.code)
    };
    !facts.services.iter().any(|s| shares(&s))
}

fn codes(services: &[&Service<'_>]) -> String {
    services.iter().map(|s| s.row.code.as_str()).collect::<Vec<_>>().join(", ")
}

/// CPT's last facet code says "third and any further", so it stands once for a side; Medicare's contractors pay two
/// levels a session.
fn third_level(facts: &Facts<'_>, raise: &mut Raise<'_>) {
    for service in facts.distinct() {
        let is_third = |rule| raise.listed(rule, "third joint").contains(&service.row.code);
        let (twice, paid) = (is_third(THIRD_TWICE), is_third(THIRD_OF_MEDICARE));
        let breach = || Breach::default().codes([service.stated]).with("code", &service.row.code);
        let units = facts.units(&service.row.code);
        let done = sides(&facts.reported_by(service));
        let most = if done.is_some_and(|side| side != Side::Bilateral) { 1 } else { 2 };
        if twice && units > most {
            raise.flag(THIRD_TWICE, breach().with("times", units).certainty(Certainty::Secondary));
        } else if paid && facts.payer_is(Payer::Medicare) {
            raise.flag(THIRD_OF_MEDICARE, breach());
        }
    }
}

/// Interlaminar and caudal codes stand once for a region and session.
fn once_a_region(facts: &Facts<'_>, raise: &mut Raise<'_>) {
    let of_region: Vec<&Service<'_>> = facts.distinct().filter(|s| s.row.unit == Unit::Region).collect();
    for (at, service) in of_region.iter().enumerate() {
        let units = facts.units(&service.row.code);
        let other = of_region
            .iter()
            .skip(at + 1)
            .find(|o| o.row.region == service.row.region && o.stated.section == service.stated.section);
        let breach = Breach::default().codes([service.stated]).with("code", &service.row.code);
        if let Some(other) = other {
            let both = format!("{} and {}", service.row.code, other.row.code);
            let breach = Breach::default().codes([service.stated, other.stated]).with("code", both);
            raise.flag(REGION_TWICE, breach.with("times", 2).certainty(Certainty::Known));
        } else if units > 1 && !modifier::has(service.stated, modifier::BOTH) {
            raise.flag(REGION_TWICE, breach.with("times", units).certainty(service.row.certainty));
        }
    }
}

/// Medicare's contractors cover an interlaminar injection at one level of a region.
fn two_interlaminar(facts: &Facts<'_>, raise: &mut Raise<'_>) {
    if !facts.payer_is(Payer::Medicare) {
        return;
    }
    for region in [Half::Upper, Half::Lower] {
        let at: Vec<&Procedure> = facts
            .performed()
            .filter(|p| p.family == ProcedureFamily::InterlaminarEsi)
            // "L2 L3" may be two vertebrae for the one space between them.
            .filter(|p| p.level.is_some_and(|level| level.is_interspace() && half(level) == region))
            .collect();
        let mut levels: Vec<_> = at.iter().filter_map(|p| p.level).collect();
        levels.sort_unstable();
        levels.dedup();
        if levels.len() > 1 {
            let named: Vec<String> = levels.iter().map(ToString::to_string).collect();
            let breach = Breach::default().procedures(at).with("levels", named.join(", "));
            raise.flag(TWO_INTERLAMINAR, breach.certainty(Certainty::Secondary));
        }
    }
}
