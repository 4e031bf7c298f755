//! The function words that stand between mentions, looked up by the word.
//!
//! They are so common that searching for them would cost more than everything else; the stages meet them only
//! where they walk from one mention to the next.

use std::num::NonZeroU8;

use super::vocabulary::{Vocabulary, WordKey};
use crate::lexicon::{Concept, Lexicon, Measure, Sense, Word};

/// What a word between two mentions is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WordClass {
    /// Its grammar, where it has one.
    pub word: Option<Word>,
    /// The number that it spells, in one byte: the automaton keeps a class beside each word.
    number: Option<NonZeroU8>,
    /// What it says of a number beside it.
    pub measure: Option<Measure>,
    /// What one reading asks of it.
    pub sense: Option<Sense>,
}

impl WordClass {
    /// The number that it spells.
    pub fn number(self) -> Option<u8> {
        self.number.map(NonZeroU8::get)
    }
}

/// The function words of a lexicon.
#[derive(Clone, Debug)]
pub struct FunctionWords {
    words: Vocabulary<WordClass>,
    /// The few that are written with an apostrophe.
    shortened: Vec<(Box<[u8]>, WordClass)>,
}

impl FunctionWords {
    /// Reads the function words and numbers of a lexicon.
    pub fn new(lexicon: &Lexicon) -> Self {
        let mut read = Self { words: Vocabulary::default(), shortened: Vec::new() };
        for phrase in lexicon.phrases() {
            let class = match phrase.concept {
                // What no grammar asks for is known to spelling repair alone.
                Concept::Word(Word::Ordinary) => continue,
                Concept::Word(word) if word.is_function_word() => {
                    WordClass { word: Some(word), ..WordClass::default() }
                }
                Concept::Sense(sense) => WordClass { sense: Some(sense), ..WordClass::default() },
                Concept::Number(number) => {
                    WordClass { number: NonZeroU8::new(number), ..WordClass::default() }
                }
                Concept::Measure(measure) => WordClass { measure: Some(measure), ..WordClass::default() },
                _ => continue,
            };
            let known = read.entry(phrase.words.as_bytes());
            known.word = known.word.or(class.word);
            known.number = known.number.or(class.number);
            known.measure = known.measure.or(class.measure);
            known.sense = known.sense.or(class.sense);
        }
        read
    }

    /// The class of a word, to be added to.
    fn entry(&mut self, word: &[u8]) -> &mut WordClass {
        if word.iter().all(|&byte| is_word_byte(byte)) {
            return self.words.entry(word, WordClass::default);
        }
        let index = self.shortened.iter().position(|(known, _)| **known == *word).unwrap_or_else(|| {
            self.shortened.push((word.into(), WordClass::default()));
            self.shortened.len() - 1
        });
        &mut self.shortened[index].1
    }

    /// The class of a folded word; nothing for a content word.
    pub fn class(&self, word: &[u8]) -> WordClass {
        if word.is_empty() { WordClass::default() } else { self.read(word, 0).0 }
    }

    /// The class of the word that starts at `at` of a folded text, and where it ends; as [`word_at`] reads it.
    pub fn read(&self, text: &[u8], at: usize) -> (WordClass, usize) {
        let key = WordKey::read(text, at);
        if text.get(at + key.len()) == Some(&b'\'') {
            let word = word_at(text, at);
            let known = self.shortened.iter().find(|(known, _)| **known == *word);
            return (known.map_or(WordClass::default(), |&(_, class)| class), at + word.len());
        }
        (self.words.get(key, text, at), at + key.len())
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
