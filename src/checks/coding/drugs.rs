//! Drugs: doses, drug codes and their units, waste, and steroid in suspension where it is a hazard.

use crate::codes::Certainty;
use crate::model::{Drug, NoteType, Payer, Procedure, ProcedureFamily, Region, Side, Substance};

use super::facts::{Facts, Supply, together};
use super::modifier::{DISCARDED, NONE_DISCARDED, has};
use super::raise::{Breach, Raise};

const NO_DOSE: &str = "DRG001";
const OTHER_DRUG: &str = "DRG002";
const UNITS: &str = "DRG003";
const WASTE_WITHOUT_LINE: &str = "DRG004";
const LINE_WITHOUT_WASTE: &str = "DRG005";
const SUSPENSION: &str = "DRG006";

pub(super) fn check(facts: &Facts<'_>, raise: &mut Raise<'_>) {
    let injections: Vec<&Procedure> = facts.performed().filter(|p| p.family.is_injection()).collect();
    if !injections.is_empty() {
        doses(facts, raise);
        suspension(facts, raise, &injections);
    }
    if facts.performed().next().is_some() {
        for supply in &facts.supplies {
            other_drug(facts, raise, supply);
            units(facts, raise, supply);
            line_without_waste(facts, raise, supply);
        }
        waste_without_line(facts, raise);
    }
}

/// What treats, as against what numbs, dilutes or shows: its dose is billed and counted.
const fn is_treatment(substance: Substance) -> bool {
    use Substance as S;
    matches!(
        substance,
        S::MethylprednisoloneAcetate
            | S::Methylprednisolone
            | S::TriamcinoloneAcetonide
            | S::Dexamethasone
            | S::Betamethasone
            | S::Ketorolac
    )
}

/// Whether two names can be of one drug: a note that names the salt once may leave it out afterwards.
fn is_same(one: Substance, other: Substance) -> bool {
    use Substance as S;
    let bare = |substance| match substance {
        S::MethylprednisoloneAcetate => S::Methylprednisolone,
        other => other,
    };
    bare(one) == bare(other)
}

fn treatments<'a>(facts: &Facts<'a>) -> impl Iterator<Item = &'a Drug> {
    facts.audit.encounter.drugs.iter().filter(|drug| is_treatment(drug.substance))
}

fn named(substance: Substance) -> String {
    super::super::words(substance.name())
}

/// A drug with no dose anywhere in the note.
fn doses(facts: &Facts<'_>, raise: &mut Raise<'_>) {
    if !matches!(facts.audit.note_type, NoteType::Procedure | NoteType::Operative) {
        return;
    }
    let mut met: Vec<Substance> = Vec::new();
    for drug in treatments(facts) {
        if met.iter().any(|&substance| is_same(substance, drug.substance)) {
            continue;
        }
        met.push(drug.substance);
        if treatments(facts).any(|d| is_same(d.substance, drug.substance) && d.dose_mg.is_some()) {
            continue;
        }
        raise.flag(NO_DOSE, Breach::default().drugs([drug]).with("drug", named(drug.substance)));
    }
}

/// A drug code where the note documents other drugs and not this one.
fn other_drug(facts: &Facts<'_>, raise: &mut Raise<'_>, supply: &Supply<'_>) {
    let is_coded = |drug: &&Drug| supply.row.substance.is_some_and(|coded| is_same(coded, drug.substance));
    let is_of_interest = match supply.row.substance {
        Some(substance) => is_treatment(substance),
        // A code that the note's drugs never have, known to be taken for one of theirs.
        None => raise.listed(OTHER_DRUG, "mistaken").contains(&supply.row.code),
    };
    let drugs: Vec<&Drug> = treatments(facts).collect();
    if !is_of_interest || drugs.is_empty() || drugs.iter().any(is_coded) {
        return;
    }
    let mut names: Vec<String> = drugs.iter().map(|drug| named(drug.substance)).collect();
    names.sort_unstable();
    names.dedup();
    let breach = Breach::default()
        .codes(supply.lines.iter().copied())
        .drugs(drugs)
        .with("code", &supply.row.code)
        .with("label", supply.row.label.to_lowercase())
        .with("drugs", names.join(", "))
        .certainty(supply.row.certainty);
    raise.flag(OTHER_DRUG, breach);
}

/// Units that no reading of the documented doses gives: a dose may be told once for all places or once for each.
fn units(facts: &Facts<'_>, raise: &mut Raise<'_>, supply: &Supply<'_>) {
    let (Some(size), Some(substance)) = (supply.row.unit_mg, supply.row.substance) else { return };
    let Some(units) = supply.stated.units.filter(|_| size > 0.0 && is_treatment(substance)) else { return };
    let drugs: Vec<&Drug> = treatments(facts).filter(|d| is_same(d.substance, substance)).collect();
    let doses: Option<Vec<f64>> = drugs.iter().map(|drug| drug.dose_mg).collect();
    let Some(doses) = doses.filter(|doses| !doses.is_empty()) else { return };
    let wasted: f64 = drugs.iter().filter_map(|drug| drug.wasted_mg).sum();
    let total: f64 = doses.iter().sum();
    let places: [f64; 2] = [facts.performed().map(|_| 1.0).sum(), facts.performed().map(most_places).sum()];
    let mut amounts = doses.clone();
    amounts.extend([total, wasted]);
    amounts.extend(doses.iter().flat_map(|dose| places.map(|count| dose * count)));
    let both: Vec<f64> = amounts.iter().map(|amount| amount + wasted).collect();
    let is_billed = |amount: &f64| (in_units(*amount, size) - f64::from(units)).abs() < 0.5;
    if amounts.iter().chain(&both).any(is_billed) {
        return;
    }
    let largest = doses.iter().copied().fold(0.0, f64::max);
    let breach = Breach::default()
        .codes(supply.lines.iter().copied())
        .drugs(drugs)
        .with("code", &supply.row.code)
        .with("units", units)
        .with("size", size)
        .with("drug", named(substance))
        .with("dose", largest)
        .with("expected", in_units(largest, size))
        .certainty(Certainty::Known);
    raise.flag(UNITS, breach);
}

/// In how many places a procedure may have been injected, each with the dose that is told: two, unless it has one side
/// or lies in the middle.
const fn most_places(procedure: &Procedure) -> f64 {
    match (procedure.side, procedure.family) {
        (Some(Side::Left | Side::Right), _)
        | (_, ProcedureFamily::InterlaminarEsi | ProcedureFamily::CaudalEsi) => 1.0,
        _ => 2.0,
    }
}

/// Whole units of a size, a part of one counted as one.
fn in_units(amount: f64, size: f64) -> f64 {
    // Less a sliver, so that an exact multiple is not rounded up.
    (amount / size - 1e-6).ceil().max(0.0)
}

fn wasted<'a>(facts: &Facts<'a>) -> impl Iterator<Item = &'a Drug> {
    treatments(facts).filter(|drug| drug.wasted_mg.is_some_and(|amount| amount > 0.0))
}

/// Waste is documented and the drug's code stands without a line for it.
fn waste_without_line(facts: &Facts<'_>, raise: &mut Raise<'_>) {
    if facts.payer_is(Payer::Commercial) {
        return;
    }
    for drugs in together(wasted(facts), |drug| (drug.substance, drug.wasted_mg.map(f64::to_bits))) {
        let Some(&drug) = drugs.first() else { continue };
        let of_drug = |s: &&Supply<'_>| s.row.substance.is_some_and(|coded| is_same(coded, drug.substance));
        let lines: Vec<&Supply<'_>> = facts.supplies.iter().filter(of_drug).collect();
        let [first, ..] = lines.as_slice() else { continue };
        if lines.iter().any(|line| has(line.stated, DISCARDED)) {
            continue;
        }
        let breach = Breach::default()
            .codes(lines.iter().flat_map(|line| line.lines.iter().copied()))
            .drugs(drugs)
            .with("code", &first.row.code)
            .with("drug", named(drug.substance))
            .with("wasted", drug.wasted_mg.unwrap_or_default())
            .certainty(Certainty::Known);
        raise.flag(WASTE_WITHOUT_LINE, breach);
    }
}

/// A line for waste that the note does not document, or one that says there was none where it does.
fn line_without_waste(facts: &Facts<'_>, raise: &mut Raise<'_>, supply: &Supply<'_>) {
    let Some(substance) = supply.row.substance else { return };
    let is_told = treatments(facts).any(|drug| is_same(drug.substance, substance));
    let is_wasted = wasted(facts).any(|drug| is_same(drug.substance, substance));
    if !is_told || is_wasted || !has(supply.stated, DISCARDED) || has(supply.stated, NONE_DISCARDED) {
        return;
    }
    let breach = Breach::default()
        .codes(supply.lines.iter().copied())
        .with("code", &supply.row.code)
        .with("drug", named(substance))
        .certainty(Certainty::Known);
    raise.flag(LINE_WITHOUT_WASTE, breach);
}

/// Steroid in suspension through a cervical foramen can block an artery of the cord or brain.
fn suspension(facts: &Facts<'_>, raise: &mut Raise<'_>, injections: &[&Procedure]) {
    use ProcedureFamily as F;
    let is_cervical_root = |p: &&&Procedure| {
        matches!(p.family, F::TransforaminalEsi | F::SelectiveNerveRootBlock)
            && p.level.is_some_and(|level| level.upper().region() == Region::Cervical)
    };
    // With another injection in the same session the drug may be that of the other.
    if !injections.iter().all(|p| is_cervical_root(&p)) {
        return;
    }
    let is_particulate = |drug: &&Drug| {
        matches!(drug.substance, Substance::MethylprednisoloneAcetate | Substance::TriamcinoloneAcetonide)
    };
    let Some(drug) = treatments(facts).find(is_particulate) else { return };
    let breach = Breach::default()
        .drugs([drug])
        .procedures(injections.iter().copied())
        .with("drug", named(drug.substance))
        .certainty(Certainty::Known);
    raise.flag(SUSPENSION, breach);
}
