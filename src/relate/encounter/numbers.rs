//! Whether a sentence tells of quantities at all, and of which: few do, though most have digits, those of levels.

use crate::lexicon::{Measure, Sense};
use crate::matching::may_begin_quantity;
use crate::relate::layers::Layers;
use crate::text::FoldSpan;

/// What the words of a sentence may tell.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbers {
    /// A quantity.
    pub(super) counts: bool,
    /// A length of time.
    pub(super) tells_time: bool,
    /// A share of a hundred.
    pub(super) tells_percent: bool,
    /// Since when.
    pub(super) tells_since: bool,
}

impl Numbers {
    pub(super) fn read(layers: &Layers<'_, '_>, sentence: FoldSpan) -> Self {
        let first = layers.tokens.partition_point(|token| token.end <= sentence.start);
        let last = layers.tokens.partition_point(|token| token.start < sentence.end);
        let words = layers.tokens.get(first..last).unwrap_or_default();
        let text = layers.folded.bytes();
        let counts = words.iter().any(|token| may_begin_quantity(text, token));
        let mut told = Self { counts, tells_time: false, tells_percent: false, tells_since: false };
        for token in words {
            told.note(token.class.measure);
            told.tells_percent |= text.get(token.start as usize) == Some(&b'%');
            told.tells_since |= token.class.sense == Some(Sense::Since);
            // "x5wk", "10h"
            if counts && token.has_digit(text) {
                let letters = layers.folded.slice(FoldSpan::new(token.start, token.end)).as_bytes();
                let units = letters.split(u8::is_ascii_digit);
                units.for_each(|unit| told.note(layers.words.class(unit).measure));
            }
        }
        told
    }

    /// Takes in a unit.
    fn note(&mut self, unit: Option<Measure>) {
        self.tells_time |= unit.is_some_and(is_time);
        self.tells_percent |= unit == Some(Measure::Percent);
    }
}

const fn is_time(measure: Measure) -> bool {
    matches!(
        measure,
        Measure::Minute | Measure::Hour | Measure::Day | Measure::Week | Measure::Month | Measure::Year
    )
}
