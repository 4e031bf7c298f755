//! Which amount is of which drug of a sentence.
//!
//! ```text
//! 5 mL of 0.5% ropivacaine with 12 mg of betamethasone        dexamethasone 4 mg/mL, 2 mL
//! ─┬──    ─┬── ──▶              ─┬─── ──▶                             ◀── ───┬───  ──┬─
//! ```
//!
//! An amount goes to the drug that follows it, through small words and other amounts, or to the drug that it follows;
//! where both could be, the sentence's first amount tells which way its author writes.

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

/// A drug of a sentence and its amounts.
#[derive(Clone, Debug)]
pub(super) struct Given {
    pub(super) substance: Substance,
    /// Where it stands, amounts included.
    pub(super) span: FoldSpan,
    pub(super) dose_mg: Option<f64>,
    pub(super) volume_ml: Option<f64>,
    pub(super) mg_per_ml: Option<f64>,
}

/// The drugs of a sentence.
pub(super) type GivenList = SmallVec<[Given; 4]>;

/// The drugs `named` in a sentence, each with its amounts.
pub(super) fn amounts(passage: &Passage<'_, '_>, named: &[(Substance, FoldSpan)]) -> GivenList {
    let mut drugs: GivenList = named
        .iter()
        .map(|&(substance, span)| Given { substance, span, dose_mg: None, volume_ml: None, mg_per_ml: None })
        .collect();
    let (Some(first), Some(last)) = (named.first(), named.last()) else { return drugs };
    let stretch = passage.around(first.1.union(last.1));
    let all = passage.quantities(stretch);
    let is_amount = |q: &&Quantity| {
        matches!(q.unit, Unit::Milligrams | Unit::Millilitres | Unit::Percent | Unit::MilligramsPerMillilitre)
    };
    let listed: Quantities = all.iter().filter(is_amount).copied().collect();
    let leads = listed.first().is_some_and(|q| q.span.start < first.1.start);
    let sentence = Sentence { passage, named, all: &all };
    for amount in listed.iter().filter(|q| !sentence.is_of_mixture(q) && !sentence.is_wasted(q)) {
        if let Some(drug) = sentence.drug_of(amount, leads).and_then(|i| drugs.get_mut(i)) {
            drug.take(amount);
        }
    }
    drugs
}

impl Given {
    /// Takes an amount; the first of its kind counts.
    fn take(&mut self, amount: &Quantity) {
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
        }
        self.span = self.span.union(amount.span);
    }
}

struct Sentence<'s, 'a, 'n> {
    passage: &'s Passage<'a, 'n>,
    named: &'s [(Substance, FoldSpan)],
    all: &'s Quantities,
}

impl Sentence<'_, '_, '_> {
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

    /// Whether an amount was thrown away.
    fn is_wasted(&self, amount: &Quantity) -> bool {
        self.passage.telling(Telling::Wasted).any(|wasted| is_beside(self.passage, wasted, amount.span))
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

/// Whether a word for waste stands right beside an amount: "discarded 20 mg", "20 mg of it was wasted".
pub(super) fn is_beside(passage: &Passage<'_, '_>, word: FoldSpan, amount: FoldSpan) -> bool {
    passage.apart(word, amount) <= WASTED
}
