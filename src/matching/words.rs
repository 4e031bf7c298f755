//! The function words that stand between mentions, looked up by the word.
//!
//! They are so common that searching for them would cost more than everything else; the stages meet them only
//! where they walk from one mention to the next.

use rustc_hash::FxHashMap;

use crate::lexicon::{Concept, Lexicon, Measure, Word};

/// What a word between two mentions is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WordClass {
    /// Its grammar, where it has one.
    pub word: Option<Word>,
    /// The number that it spells.
    pub number: Option<u8>,
    /// What it says of a number beside it.
    pub measure: Option<Measure>,
}

/// The function words of a lexicon.
#[derive(Clone, Debug, Default)]
pub struct FunctionWords {
    classes: FxHashMap<Box<[u8]>, WordClass>,
    longest: usize,
}

impl FunctionWords {
    /// Reads the function words and numbers of a lexicon.
    pub fn new(lexicon: &Lexicon) -> Self {
        let mut classes: FxHashMap<Box<[u8]>, WordClass> = FxHashMap::default();
        let mut longest = 0;
        for phrase in lexicon.phrases() {
            let entry = |classes: &mut FxHashMap<Box<[u8]>, WordClass>, class: WordClass| {
                let slot = classes.entry(phrase.words.as_bytes().into()).or_default();
                slot.word = slot.word.or(class.word);
                slot.number = slot.number.or(class.number);
                slot.measure = slot.measure.or(class.measure);
            };
            match phrase.concept {
                Concept::Word(word) if word.is_function_word() => {
                    entry(&mut classes, WordClass { word: Some(word), ..WordClass::default() });
                }
                Concept::Number(number) => {
                    entry(&mut classes, WordClass { number: Some(number), ..WordClass::default() });
                }
                Concept::Measure(measure) => {
                    entry(&mut classes, WordClass { measure: Some(measure), ..WordClass::default() });
                }
                _ => continue,
            }
            longest = longest.max(phrase.words.len());
        }
        Self { classes, longest }
    }

    /// The class of a folded word; nothing for a content word.
    pub fn class(&self, word: &[u8]) -> WordClass {
        if word.len() > self.longest {
            WordClass::default()
        } else {
            self.classes.get(word).copied().unwrap_or_default()
        }
    }

    /// The numbers in words, each with what it spells.
    pub fn numbers(&self) -> impl Iterator<Item = (&[u8], u8)> {
        let mut numbers: Vec<_> =
            self.classes.iter().filter_map(|(w, c)| c.number.map(|n| (&**w, n))).collect();
        numbers.sort_unstable();
        numbers.into_iter()
    }
}

/// The word that starts at `at` of a folded text: letters, digits and apostrophes.
pub fn word_at(text: &[u8], at: usize) -> &[u8] {
    let end = text[at.min(text.len())..].iter().take_while(|b| is_word_byte(**b) || **b == b'\'').count();
    &text[at.min(text.len())..at.min(text.len()) + end]
}

static WORD_BYTES: [bool; 256] = {
    let mut bytes = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        bytes[byte] = (byte as u8).is_ascii_alphanumeric() || byte >= 0x80;
        byte += 1;
    }
    bytes
};

/// Whether a byte of the folded view belongs to a word.
pub fn is_word_byte(byte: u8) -> bool {
    WORD_BYTES[byte as usize]
}
