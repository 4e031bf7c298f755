//! Whether a sentence tells of quantities at all, and of which: few do, though most have digits, those of levels.

use crate::lexicon::{Measure, Sense};
use crate::matching::{Token, may_begin_quantity};
use crate::relate::layers::Layers;
use crate::text::FoldSpan;

/// What the words of a sentence may tell.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbers {
    /// Whether a quantity may stand among them.
    pub(super) counts: bool,
    /// Whether "since" does.
    pub(super) tells_since: bool,
    /// What is said of numbers, a bit each.
    measures: u32,
}

/// The units of time.
const TIME: u32 = bit(Measure::Minute)
    | bit(Measure::Hour)
    | bit(Measure::Day)
    | bit(Measure::Week)
    | bit(Measure::Month)
    | bit(Measure::Year);

// A bit for each.
const _: () = assert!(Measure::ALL.len() <= u32::BITS as usize);

const fn bit(measure: Measure) -> u32 {
    1 << measure as u32
}

impl Numbers {
    pub(super) fn read(layers: &Layers<'_, '_>, sentence: FoldSpan) -> Self {
        let first = layers.tokens.partition_point(|token| token.end <= sentence.start);
        let last = layers.tokens.partition_point(|token| token.start < sentence.end);
        let words = layers.tokens.get(first..last).unwrap_or_default();
        let is_cut = |token: &Token| token.start < sentence.start || token.end > sentence.end;
        if words.first().is_some_and(is_cut) || words.last().is_some_and(is_cut) {
            // Where a heading begins inside a word that a line end broke, its part may be any.
            return Self { counts: true, tells_since: true, measures: u32::MAX };
        }
        let mut told = Self { counts: false, tells_since: false, measures: 0 };
        for class in words.iter().map(|token| token.class) {
            told.counts |= class.number().is_some();
            told.tells_since |= class.sense == Some(Sense::Since);
            told.measures |= class.measure.map_or(0, bit);
        }
        if layers.has_byte(sentence, |byte| byte == b'%') {
            told.measures |= bit(Measure::Percent);
        }
        if layers.has_byte(sentence, |byte| byte.is_ascii_digit()) {
            let text = layers.folded.bytes();
            told.counts |= words.iter().any(|token| may_begin_quantity(text, token));
            if told.counts {
                let joined = with_digit(text, words, sentence).map(|token| units(layers, token));
                told.measures |= joined.fold(0, |all, units| all | units);
            }
        }
        told
    }

    /// Whether a length of time may stand among them.
    pub(super) const fn tells_time(self) -> bool {
        self.measures & TIME != 0
    }

    /// Whether a share of a hundred may.
    pub(super) const fn tells_percent(self) -> bool {
        self.measures & bit(Measure::Percent) != 0
    }
}

/// The words of a stretch that have a digit. They are few: each digit is asked for its word, and not each word for its
/// digits.
fn with_digit<'t>(text: &[u8], words: &'t [Token], stretch: FoldSpan) -> impl Iterator<Item = &'t Token> {
    let mut at = stretch.start as usize;
    std::iter::from_fn(move || {
        let rest = text.get(at..stretch.end as usize)?;
        let digit = at + rest.iter().position(u8::is_ascii_digit)?;
        let token = words.get(words.partition_point(|token| token.end as usize <= digit))?;
        at = token.end as usize;
        Some(token)
    })
}

/// The units that are joined to a number in one word: "x5wk", "10h".
fn units(layers: &Layers<'_, '_>, token: &Token) -> u32 {
    let word = layers.folded.slice(FoldSpan::new(token.start, token.end)).as_bytes();
    let units = word.split(u8::is_ascii_digit).filter(|unit| !unit.is_empty());
    units.filter_map(|unit| layers.words.class(unit).measure).fold(0, |all, unit| all | bit(unit))
}
