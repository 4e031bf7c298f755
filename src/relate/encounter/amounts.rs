//! Which amount is of which drug of a sentence.
//!
//! ```text
//! 5 mL of 0.5% ropivacaine with 12 mg of betamethasone        dexamethasone 4 mg/mL, 2 mL
//! ─┬──    ─┬── ──▶              ─┬─── ──▶                             ◀── ───┬───  ──┬─
//! ```
//!
//! An amount goes to the drug that follows it, through small words and other amounts, or to the drug that it follows;
//! where both could be, the sentence's first amount tells which way its author writes. What was thrown away is no
//! amount of what was given, and the size of a vial only where no other amount is told:
//!
//! ```text
//! dexamethasone 10 mg vial, 8 mg given, 2 mg wasted
//!               size        dose        waste
//! ```

use smallvec::SmallVec;

use super::passage::Passage;
use crate::lexicon::{Telling, Word};
use crate::matching::{Quantities, Quantity, Unit, word_at};
use crate::model::Substance;
use crate::text::FoldSpan;

/// Most words between an amount and its drug.
const WORDS: usize = 6;
/// Most words between an amount and what says that it is one of a mixture: "5 cc of this solution".
const MIXED: usize = 2;
/// Most words between an amount and a word for waste: "20 mg of it was wasted".
const WASTED: usize = 3;
/// Most words between an amount and what says that it was given: "8 mg was then injected".
const GIVEN: usize = 2;
/// Most words between a vial and its size: "10 mg sterile vial", "vial of 10 mg".
const VIAL: usize = 1;

/// A drug of a sentence and its amounts.
#[derive(Clone, Debug)]
pub(super) struct Given {
    pub(super) substance: Substance,
    /// Where it stands, amounts included.
    pub(super) span: FoldSpan,
    pub(super) dose_mg: Option<f64>,
    pub(super) volume_ml: Option<f64>,
    pub(super) mg_per_ml: Option<f64>,
    /// Whether dose or volume is that of a vial, for want of what was given of it.
    pub(super) of_vial: bool,
}

/// The drugs of a sentence.
pub(super) type GivenList = SmallVec<[Given; 4]>;

/// The drugs `named` in a sentence, each with its amounts.
pub(super) fn amounts(passage: &Passage<'_, '_>, named: &[(Substance, FoldSpan)]) -> GivenList {
    let mut drugs: GivenList = named
        .iter()
        .map(|&(substance, span)| Given {
            substance,
            span,
            dose_mg: None,
            volume_ml: None,
            mg_per_ml: None,
            of_vial: false,
        })
        .collect();
    let (Some(first), Some(last)) = (named.first(), named.last()) else { return drugs };
    let stretch = passage.around(first.1.union(last.1));
    let all = passage.quantities(stretch);
    let is_amount = |q: &&Quantity| {
        matches!(q.unit, Unit::Milligrams | Unit::Millilitres | Unit::Percent | Unit::MilligramsPerMillilitre)
    };
    let listed: Quantities = all.iter().filter(is_amount).copied().collect();
    let leads = listed.first().is_some_and(|q| q.span.start < first.1.start);
    let sentence = DrugSentence { passage, named, all: &all, wasted: wasted_in(passage) };
    let is_wasted = |q: &Quantity| sentence.wasted.iter().any(|wasted| wasted.span == q.span);
    let mut parts: SmallVec<[(Part, Quantity); 8]> = listed
        .iter()
        .filter(|q| !sentence.is_of_mixture(q) && !is_wasted(q))
        .map(|q| (part(passage, q), *q))
        .collect();
    // Of two doses the one that was given counts, and that of a vial only where there is no other.
    parts.sort_by_key(|(part, _)| *part);
    for (part, amount) in &parts {
        let drug = sentence.drug_of(amount, leads).or_else(|| sentence.sole_drug(*part));
        if let Some(drug) = drug.and_then(|i| drugs.get_mut(i)) {
            drug.take(amount, *part);
        }
    }
    drugs
}

/// What an amount is of what the vial held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// Said to have been given, where the vial or the waste is told as well.
    Given,
    /// Not said.
    Untold,
    /// All of it.
    Vial,
}

fn part(passage: &Passage<'_, '_>, amount: &Quantity) -> Part {
    let is_split = passage.tells(Telling::Vial) || passage.tells(Telling::Wasted);
    let is_mass = matches!(amount.unit, Unit::Milligrams | Unit::Millilitres);
    let mut vials =
        passage.telling(Telling::Vial).filter(|&v| is_plainly_near(passage, amount.span, v, VIAL));
    if !is_split || !is_mass {
        Part::Untold
    } else if vials.clone().any(|vial| vial.start >= amount.span.end) {
        Part::Vial
    } else if is_given(passage, amount.span) {
        Part::Given
    } else if vials.next().is_some() {
        // "vial of 10 mg", and not "40 mg vial: 20 mg injected"
        Part::Vial
    } else {
        Part::Untold
    }
}

/// Whether words beside an amount say that it was given: "8 mg was injected", "given: 8 mg".
fn is_given(passage: &Passage<'_, '_>, amount: FoldSpan) -> bool {
    let mut given = passage.telling(Telling::Given).chain(passage.telling(Telling::Led));
    given.any(|given| is_plainly_near(passage, amount, given, GIVEN))
}

/// Whether few words, and neither a number nor the end of a phrase, stand between an amount and a word.
fn is_plainly_near(passage: &Passage<'_, '_>, amount: FoldSpan, word: FoldSpan, most: usize) -> bool {
    let between = passage.between(amount.end.min(word.end), amount.start.max(word.start));
    let ends = |b: &u8| matches!(b, b'0'..=b'9' | b',' | b';' | b'+' | b'.' | b'/');
    passage.apart(amount, word) <= most && !between.iter().any(ends)
}

/// The amount that a sentence which names no drug says was given of the one before: "8 mg was injected."
pub(super) fn given_apart(passage: &Passage<'_, '_>) -> Option<Quantity> {
    let wasted = wasted_in(passage);
    let is_dose = |q: &&Quantity| {
        matches!(q.unit, Unit::Milligrams | Unit::Millilitres)
            && !wasted.iter().any(|wasted| wasted.span == q.span)
            && part(passage, q) != Part::Vial
            && is_given(passage, q.span)
    };
    passage.quantities(passage.span).iter().find(is_dose).copied()
}

/// All amounts of a sentence that were thrown away.
fn wasted_in(passage: &Passage<'_, '_>) -> Quantities {
    passage.telling(Telling::Wasted).flat_map(|word| wasted(passage, word)).collect()
}

/// The amount that a word for waste speaks of: the nearest, and of two as near the one after it ("8 mg wasted 2 mg"),
/// with what says the same in another unit ("2 mg (0.2 mL)").
pub(super) fn wasted(passage: &Passage<'_, '_>, word: FoldSpan) -> Quantities {
    let near = passage.quantities(passage.around(word));
    let amounts = || near.iter().filter(|q| matches!(q.unit, Unit::Milligrams | Unit::Millilitres));
    let nearest = amounts()
        .filter(|q| passage.apart(word, q.span) <= WASTED)
        .min_by_key(|q| (passage.apart(word, q.span), q.span.start < word.start));
    let Some(nearest) = nearest else { return Quantities::new() };
    let is_same = |q: &&Quantity| {
        let (start, end) = (q.span.end.min(nearest.span.end), q.span.start.max(nearest.span.start));
        let joins = |b: &u8| matches!(b, b' ' | b'(' | b'=' | b'/');
        q.span == nearest.span || q.unit != nearest.unit && passage.between(start, end).iter().all(joins)
    };
    amounts().filter(is_same).copied().collect()
}

impl Given {
    /// Takes an amount; the first of its kind counts.
    fn take(&mut self, amount: &Quantity, part: Part) {
        let value = amount.high;
        let slot = match amount.unit {
            Unit::Milligrams => &mut self.dose_mg,
            Unit::Millilitres => &mut self.volume_ml,
            Unit::MilligramsPerMillilitre | Unit::Percent if self.substance.is_dissolved() => {
                &mut self.mg_per_ml
            }
            _ => return,
        };
        let per_ml = if amount.unit == Unit::Percent { value * 10.0 } else { value };
        if slot.is_none() {
            *slot = Some(per_ml);
            self.of_vial |= part == Part::Vial;
        }
        self.span = self.span.union(amount.span);
    }
}

struct DrugSentence<'s, 'a, 'n> {
    passage: &'s Passage<'a, 'n>,
    named: &'s [(Substance, FoldSpan)],
    all: &'s Quantities,
    wasted: Quantities,
}

impl DrugSentence<'_, '_, '_> {
    /// Whether an amount is that of a whole mixture: "3 mL solution containing …", "5 cc of solution", "8 cc total".
    fn is_of_mixture(&self, amount: &Quantity) -> bool {
        let end = amount.span.end;
        let follows = |words: FoldSpan| {
            words.start >= end
                && self.passage.apart(amount.span, words) <= MIXED
                && self.is_plain(end, words.start)
        };
        let mut words = self.passage.telling(Telling::Mixture).chain(self.passage.telling(Telling::Total));
        amount.unit == Unit::Millilitres && words.any(follows)
    }

    /// Whether an amount is led to as a total, which can be of what follows alone: "a total of 6 mL of 1% lidocaine".
    fn is_total(&self, amount: &Quantity) -> bool {
        let leads =
            |words: FoldSpan| words.end <= amount.span.start && self.passage.apart(words, amount.span) <= 1;
        amount.unit == Unit::Millilitres && self.passage.telling(Telling::Total).any(leads)
    }

    /// Whether neither a number nor a drug nor the end of a phrase stands between two places.
    fn is_plain(&self, start: u32, end: u32) -> bool {
        let ends = |b: &u8| matches!(b, b'0'..=b'9' | b',' | b';' | b'+');
        !self.passage.between(start, end).iter().any(ends)
            && !self.named.iter().any(|(_, name)| name.start >= start && name.end <= end)
    }

    /// The only drug of the sentence, for an amount that is said to have been given: "dexamethasone was used, 8 mg injected".
    fn sole_drug(&self, part: Part) -> Option<usize> {
        (part == Part::Given && self.named.len() == 1).then_some(0)
    }

    /// The drug of an amount, by its index.
    fn drug_of(&self, amount: &Quantity, leads: bool) -> Option<usize> {
        let next = self.named.iter().position(|(_, name)| name.start >= amount.span.end);
        let last = self.named.iter().rposition(|(_, name)| name.end <= amount.span.start);
        let forward = next.filter(|&i| self.joins(amount.span.end, self.named[i].1.start, false));
        if self.is_total(amount) {
            return forward;
        }
        let back = |comma| last.filter(|&i| self.joins(self.named[i].1.end, amount.span.start, comma));
        let clean = back(false);
        let nearest = if leads { forward.or(clean) } else { clean.or(forward) };
        nearest.or_else(|| back(true))
    }

    /// Whether nothing but small words and other amounts stands between two places.
    fn joins(&self, start: u32, end: u32, comma: bool) -> bool {
        let text = self.passage.text();
        let mut at = start;
        let mut words = 0;
        while at < end {
            if let Some(other) = self.all.iter().find(|q| q.span.start <= at && at < q.span.end) {
                at = other.span.end;
                continue;
            }
            let word = word_at(text, at as usize);
            if word.is_empty() {
                let byte = text.get(at as usize).copied().unwrap_or(b' ');
                let breaks = match byte {
                    b',' => !comma,
                    b';' | b'+' | b'&' | b'.' | b'*' => true,
                    _ => false,
                };
                if breaks {
                    return false;
                }
                at += 1;
                continue;
            }
            let class = self.passage.words().class(word).word;
            let ends = matches!(
                class,
                Some(Word::And | Word::Or | Word::With | Word::Is | Word::Has | Word::But | Word::Which)
            );
            words += 1;
            if ends || words > WORDS {
                return false;
            }
            at += word.len() as u32;
        }
        true
    }
}
