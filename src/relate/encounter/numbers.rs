//! Whether a sentence tells of quantities and times at all: few do, though most have digits, those of levels.

use crate::lexicon::{Measure, Sense};
use crate::matching::{Token, may_begin_quantity};
use crate::relate::layers::Layers;
use crate::text::FoldSpan;

/// What the words of a sentence may tell.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbers {
    /// A quantity.
    pub(super) counts: bool,
    /// A length of time.
    pub(super) tells_time: bool,
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
        let names_time = words.iter().any(|token| token.class.measure.is_some_and(is_time));
        Self {
            counts,
            tells_time: names_time || counts && words.iter().any(|token| joins_time(layers, token)),
            tells_since: words.iter().any(|token| token.class.sense == Some(Sense::Since)),
        }
    }
}

/// Whether a unit of time is joined to a number: "x5wk", "10h".
fn joins_time(layers: &Layers<'_, '_>, token: &Token) -> bool {
    let word = layers.folded.slice(FoldSpan::new(token.start, token.end)).as_bytes();
    let is_unit = |letters: &[u8]| layers.words.class(letters).measure.is_some_and(is_time);
    token.has_digit(layers.folded.bytes()) && word.split(u8::is_ascii_digit).any(is_unit)
}

const fn is_time(measure: Measure) -> bool {
    matches!(
        measure,
        Measure::Minute | Measure::Hour | Measure::Day | Measure::Week | Measure::Month | Measure::Year
    )
}
