//! The drugs that were injected, with dose, volume, concentration and what was thrown away.

use smallvec::SmallVec;

use super::amounts::{Given, amounts, is_beside};
use super::passage::Passage;
use crate::lexicon::{Detail, Telling};
use crate::matching::Unit;
use crate::model::{Drug, Status, Substance};
use crate::text::FoldSpan;

/// How near a word for another way of giving a drug stands to it, in words: "a dexamethasone taper".
const ROUTE_REACH: usize = 3;

/// The drugs that were injected, in the order of the note.
pub(super) fn drugs(passages: &[Passage<'_, '_>]) -> Vec<Drug> {
    let mut found: Vec<(u32, Drug)> = Vec::new();
    for passage in passages.iter().filter(|p| p.is_account) {
        let named = injected(passage);
        let has_steroid = named.iter().any(|(substance, _)| substance.is_steroid());
        let is_skin = passage.tells(Telling::Skin) && !has_steroid;
        for given in amounts(passage, &named) {
            found.push((passage.part, drug(passage, &given, is_skin)));
        }
        waste(passage, &mut found);
    }
    once(found)
}

/// The drugs that a sentence says were injected.
fn injected(passage: &Passage<'_, '_>) -> SmallVec<[(Substance, FoldSpan); 4]> {
    if passage.tells(Telling::Allergy) || passage.is_headed(Telling::Allergy) {
        return SmallVec::new();
    }
    let elsewhere = |span: FoldSpan| {
        passage.telling(Telling::Route).any(|route| passage.apart(route, span) <= ROUTE_REACH)
    };
    let drugs = passage.details().filter_map(|(detail, span)| match detail {
        Detail::Substance(substance) => Some((substance, span)),
        _ => None,
    });
    let is_of_study = |substance| substance == Substance::Contrast && passage.is_of_study();
    drugs
        .filter(|&(substance, span)| {
            passage.status(span) == Status::Present && !elsewhere(span) && !is_of_study(substance)
        })
        .collect()
}

fn drug(passage: &Passage<'_, '_>, given: &Given, is_skin: bool) -> Drug {
    let computed = given.volume_ml.zip(given.mg_per_ml).map(|(volume, concentration)| volume * concentration);
    let is_computed = given.dose_mg.is_none() && computed.is_some();
    Drug {
        substance: given.substance,
        dose_mg: given.dose_mg.or(computed),
        is_computed,
        volume_ml: given.volume_ml,
        mg_per_ml: given.mg_per_ml,
        wasted_mg: None,
        for_skin: is_skin && given.substance.is_anesthetic(),
        span: passage.place(given.span),
    }
}

/// Gives what a sentence says was thrown away to the last drug told before, one with a dose if there is any.
fn waste(passage: &Passage<'_, '_>, found: &mut [(u32, Drug)]) {
    let Some(at) = found
        .iter()
        .rposition(|(_, drug)| drug.substance.is_steroid() && drug.dose_mg.is_some())
        .or_else(|| found.len().checked_sub(1))
    else {
        return;
    };
    let drug = &mut found[at].1;
    if passage.tells(Telling::NoWaste) {
        drug.wasted_mg = Some(0.0);
    }
    for wasted in
        passage.telling(Telling::Wasted).filter(|&span| passage.status(span) != Status::Hypothetical)
    {
        let near = passage.quantities(passage.around(wasted));
        let amount = near.iter().filter(|q| is_beside(passage, wasted, q.span));
        let mg = amount.filter_map(|q| match q.unit {
            Unit::Milligrams => Some(q.high),
            Unit::Millilitres => drug.mg_per_ml.map(|concentration| concentration * q.high),
            _ => None,
        });
        drug.wasted_mg = mg.fold(drug.wasted_mg, |_, mg| Some(mg));
    }
}

/// Takes out what one part of the note repeats of another: the title, a list of what was given, the account. Of equal
/// accounts of one substance the fuller stays; where they differ in what they tell, all stay.
fn once(found: Vec<(u32, Drug)>) -> Vec<Drug> {
    let total = |part: u32, substance: Substance| {
        let of = found.iter().filter(|(p, d)| *p == part && d.substance == substance);
        of.fold((0.0, 0_usize, 0), |(dose, told, count), (_, d)| {
            let amounts = [d.dose_mg, d.volume_ml, d.mg_per_ml, d.wasted_mg];
            (dose + d.dose_mg.unwrap_or(0.0), told + amounts.iter().flatten().count(), count + 1)
        })
    };
    let repeats = |part: u32, drug: &Drug| {
        let (dose, told, count) = total(part, drug.substance);
        found.iter().map(|&(other, _)| other).filter(|&other| other != part).any(|other| {
            let (other_dose, other_told, other_count) = total(other, drug.substance);
            let same = (dose - other_dose).abs() < 1e-6 || dose == 0.0;
            let fuller = (other_told, other_count, part) > (told, count, other);
            other_count > 0 && same && fuller
        })
    };
    let kept: Vec<bool> = found.iter().map(|(part, drug)| !repeats(*part, drug)).collect();
    found.into_iter().zip(kept).filter_map(|((_, drug), keep)| keep.then_some(drug)).collect()
}
