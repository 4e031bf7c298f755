//! The drugs that were injected, with dose, volume, concentration and what was thrown away.

use std::cmp::Reverse;

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::amounts::{Given, amounts, given_apart, wasted};
use super::kinds::Kinds;
use super::passage::{Passage, Passages};
use crate::lexicon::{Detail, Telling};
use crate::matching::{Quantity, Unit};
use crate::model::{Drug, Status, Substance};
use crate::text::FoldSpan;

/// How near a word for another way of giving a drug stands to it, in words: "a dexamethasone taper".
const ROUTE_REACH: usize = 3;

/// What a sentence has that tells of a drug, or of what became of it.
const OF_DRUGS: Kinds =
    Kinds::SUBSTANCE.or(Kinds::tellings([Telling::Given, Telling::Led, Telling::Wasted, Telling::NoWaste]));

/// The drugs that were injected, in the order of the note.
pub(super) fn drugs(passages: &Passages<'_, '_>) -> Vec<Drug> {
    let mut found: Vec<(u32, Drug)> = Vec::new();
    // The last steroid that is told with a dose.
    let mut dosed = None;
    // The drugs of which the vial is told, and not yet what was given of it.
    let mut of_vial = FxHashSet::default();
    for passage in passages.with(OF_DRUGS).filter(|p| p.is_account) {
        let named = injected(passage);
        let has_steroid = named.iter().any(|(substance, _)| substance.is_steroid());
        let is_skin = passage.tells(Telling::Skin) && !has_steroid;
        for given in amounts(passage, &named) {
            let drug = drug(passage, &given, is_skin);
            if drug.substance.is_steroid() && drug.dose_mg.is_some() {
                dosed = Some(found.len());
            }
            if given.of_vial {
                of_vial.insert(found.len());
            }
            found.push((passage.part, drug));
        }
        let Some(last) = dosed.or(found.len().checked_sub(1)) else { continue };
        let Some((_, drug)) = found.get_mut(last) else { continue };
        if named.is_empty()
            && of_vial.contains(&last)
            && let Some(amount) = given_apart(passage)
        {
            give(drug, &amount);
            of_vial.remove(&last);
        }
        waste(passage, drug);
    }
    once(found)
}

/// The drugs that a sentence says were injected.
fn injected(passage: &Passage<'_, '_>) -> SmallVec<[(Substance, FoldSpan); 4]> {
    let is_allergy = passage.tells(Telling::Allergy) || passage.tells(Telling::NoAllergy);
    if is_allergy || passage.is_headed(Telling::Allergy) {
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

/// Puts what was given of a vial in place of what it held.
fn give(drug: &mut Drug, amount: &Quantity) {
    if amount.unit == Unit::Milligrams {
        drug.dose_mg = Some(amount.high);
        drug.is_computed = false;
    } else {
        drug.volume_ml = Some(amount.high);
        let computed = drug.mg_per_ml.map(|concentration| concentration * amount.high);
        drug.is_computed = computed.is_some();
        drug.dose_mg = computed.or(drug.dose_mg);
    }
}

/// Gives what a sentence says was thrown away to the last drug told before, a steroid with a dose if there is any.
fn waste(passage: &Passage<'_, '_>, drug: &mut Drug) {
    if passage.tells(Telling::NoWaste) {
        drug.wasted_mg = Some(0.0);
    }
    for word in passage.telling(Telling::Wasted).filter(|&span| passage.status(span) != Status::Hypothetical)
    {
        let amounts = wasted(passage, word);
        let mg = amounts.iter().filter_map(|q| match q.unit {
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
    let mut accounts: FxHashMap<(u32, Substance), Account> = FxHashMap::default();
    for (part, drug) in &found {
        accounts.entry((*part, drug.substance)).or_default().add(drug);
    }
    // The fullest account of each substance, of each dose and of all: so no account is compared with every other.
    let mut fullest: FxHashMap<(Substance, Option<i64>), Fullness> = FxHashMap::default();
    let account =
        |part: u32, substance: Substance| accounts.get(&(part, substance)).copied().unwrap_or_default();
    for (part, drug) in &found {
        let account = account(*part, drug.substance);
        for dose in [Some(account.micrograms()), None] {
            let known = fullest.entry((drug.substance, dose)).or_insert(account.fullness(*part));
            *known = account.fullness(*part).max(*known);
        }
    }
    let repeats = |part: u32, substance: Substance| {
        let account = account(part, substance);
        // What tells no dose agrees with any.
        let dose = Some(account.micrograms()).filter(|&dose| dose != 0);
        fullest.get(&(substance, dose)).is_some_and(|&other| other > account.fullness(part))
    };
    let kept = found.iter().map(|(part, drug)| !repeats(*part, drug.substance)).collect::<Vec<bool>>();
    found.into_iter().zip(kept).filter_map(|((_, drug), keep)| keep.then_some(drug)).collect()
}

/// How full an account is: amounts told, drugs told, and of equal ones the first.
type Fullness = (usize, usize, Reverse<u32>);

/// What one part of a note tells of one substance.
#[derive(Clone, Copy, Debug, Default)]
struct Account {
    /// All doses together.
    dose_mg: f64,
    /// How many amounts are told.
    amounts: usize,
    /// How often it is told.
    count: usize,
}

impl Account {
    fn add(&mut self, drug: &Drug) {
        let amounts = [drug.dose_mg, drug.volume_ml, drug.mg_per_ml, drug.wasted_mg];
        self.dose_mg += drug.dose_mg.unwrap_or(0.0);
        self.amounts += amounts.iter().flatten().count();
        self.count += 1;
    }

    /// The dose in whole micrograms, so that sums of the same doses are the same.
    fn micrograms(&self) -> i64 {
        (self.dose_mg * 1000.0).round() as i64
    }

    const fn fullness(&self, part: u32) -> Fullness {
        (self.amounts, self.count, Reverse(part))
    }
}
