//! One Aho-Corasick pass over the words of the folded note.
//!
//! The letters of the automaton (Aho and Corasick 1975) are words: a word is looked up once by its number
//! ([`super::vocabulary`]), and the automaton goes from phrase to phrase by numbers. So no time goes into letters of
//! words that no phrase has, no phrase is followed into the middle of a word, and a word that the lexicon does not
//! know, which alone can be misspelt, is seen in the same pass. What stands between words is a letter too, but for
//! the blank before a word: `mild (l4)` is read as `mild`, ` `, `(`, `l4`, `)`.
//!
//! All occurrences are reported, overlapping ones too: choosing the longest before sentences are known would lose
//! "bulge" where a longer phrase runs across a full stop.

use rustc_hash::FxHashSet;

use crate::lexicon::{Concept, Layer, Lexicon};
use crate::model::Mention;
use crate::text::{FoldSpan, Folded};

use super::levels::may_name_vertebra;
use super::repair::may_be_misread;
use super::transitions::{Letter, State, Transitions};
use super::vocabulary::{Vocabulary, WordKey, WordNumber};
use super::words::{FunctionWords, WordClass, is_word_byte};

/// A word of the note, or a byte that stands between words.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// Where it starts.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// What the word is between mentions; nothing for a byte.
    pub class: WordClass,
}

/// A phrase that the pass saw.
#[derive(Clone, Copy, Debug)]
pub struct Hit {
    /// The reading that it belongs to.
    pub layer: Layer,
    /// What it stands for, and where.
    pub mention: Mention<Concept>,
}

/// All that the pass saw.
#[derive(Clone, Debug, Default)]
pub struct Hits {
    /// The words and the bytes between them, but for the blank before a word, in order.
    pub tokens: Vec<Token>,
    /// The phrases, in the order of their ends.
    pub phrases: Vec<Hit>,
    /// Where the names of vertebrae may start, in order.
    pub vertebrae: Vec<u32>,
    /// Words that no phrase has and that may be misspelt or misread, in order.
    pub unknown: Vec<FoldSpan>,
}

impl Hits {
    /// The phrases of section headings, in the order of their starts.
    pub fn headings(&self) -> Vec<Mention<Concept>> {
        let of_section = self.phrases.iter().filter(|hit| hit.layer == Layer::Section);
        let mut headings: Vec<_> = of_section.map(|hit| hit.mention).collect();
        headings.sort_by_key(|heading| heading.span.start);
        headings
    }
}

/// What a phrase stands for, and how many letters it has.
#[derive(Clone, Copy, Debug)]
struct Meaning {
    concept: Concept,
    layer: Layer,
    letters: u16,
}

/// The lexicon as an automaton.
#[derive(Clone, Debug)]
pub struct Automaton {
    vocabulary: Vocabulary,
    transitions: Transitions,
    /// The meanings of all phrases that end in a state, those of its suffixes among them, state after state.
    meanings: Vec<Meaning>,
    /// Where the meanings of a state start; those of the next state follow.
    first_meaning: Vec<u32>,
    /// The classes of the words, by their numbers.
    classes: Vec<WordClass>,
}

impl Automaton {
    /// Builds the automaton of a lexicon: its phrases but for function words.
    pub fn new(lexicon: &Lexicon, words: &FunctionWords) -> Self {
        let searched = || lexicon.phrases().iter().filter(|phrase| phrase.concept.layer().is_searched());
        // Function words have a number as well: what has none may be misspelt.
        let vocabulary = vocabulary(lexicon.phrases().iter().map(|phrase| phrase.words.as_bytes()));
        let letters = |words| Letters::new(&vocabulary, words).map(|read| read.letter).collect();
        let phrases: Vec<Vec<Letter>> = searched().map(|phrase| letters(phrase.words.as_bytes())).collect();
        let (transitions, ends) = Transitions::new(&phrases);
        let mut of_state: Vec<Vec<Meaning>> = vec![Vec::new(); transitions.states()];
        for ((phrase, letters), end) in searched().zip(&phrases).zip(ends) {
            of_state[end as usize].push(Meaning {
                concept: phrase.concept,
                layer: phrase.concept.layer(),
                letters: letters.len() as u16,
            });
        }
        let (mut meanings, mut first_meaning) = (Vec::new(), vec![0]);
        for state in 0..transitions.states() as State {
            for suffix in transitions.suffixes(state) {
                meanings.extend_from_slice(&of_state[suffix as usize]);
            }
            first_meaning.push(meanings.len() as u32);
        }
        let class = |word: Option<&[u8]>| word.map_or(WordClass::default(), |word| words.class(word));
        let classes = (0..=vocabulary.len() as u32).map(|number| class(vocabulary.word(number))).collect();
        Self { vocabulary, transitions, meanings, first_meaning, classes }
    }

    /// Reads a note: all occurrences of phrases, where vertebrae may be named, and the words that no phrase has.
    pub fn find(&self, folded: &Folded<'_>) -> Hits {
        let text = folded.bytes();
        // Prose has a word, or a byte that is none, every four to five bytes, and a phrase every eight.
        let mut hits = Hits {
            tokens: Vec::with_capacity(text.len() / 4 + 8),
            phrases: Vec::with_capacity(text.len() / 8 + 8),
            ..Hits::default()
        };
        let mut state = Transitions::ROOT;
        for read in Letters::new(&self.vocabulary, text) {
            let (start, end) = (read.start as u32, read.end as u32);
            let class = self.classes.get(read.number as usize).copied().unwrap_or_default();
            hits.tokens.push(Token { start, end, class });
            if let Some(key) = read.word {
                if may_name_vertebra(text, read.start, key) {
                    hits.vertebrae.push(start);
                }
                if may_be_misread(text, read.start, key, read.letter != Letter::UNKNOWN) {
                    hits.unknown.push(FoldSpan::new(start, end));
                }
            }
            state = self.transitions.step(state, read.letter);
            if state == Transitions::ROOT {
                continue;
            }
            for meaning in self.meanings(state) {
                let first = hits.tokens.len().wrapping_sub(meaning.letters as usize);
                let span = FoldSpan::new(hits.tokens.get(first).map_or(start, |token| token.start), end);
                let mention = Mention { concept: meaning.concept, span };
                hits.phrases.push(Hit { layer: meaning.layer, mention });
            }
        }
        hits
    }

    fn meanings(&self, state: State) -> &[Meaning] {
        let (first, end) = (self.first_meaning[state as usize], self.first_meaning[state as usize + 1]);
        &self.meanings[first as usize..end as usize]
    }
}

/// A letter as it stands in a text.
struct Read {
    letter: Letter,
    /// The number of the word; 0 for a word that no phrase has and for a byte.
    number: WordNumber,
    start: usize,
    end: usize,
    /// The key of the word, where it is one.
    word: Option<WordKey>,
}

/// A folded text as letters of the automaton, in order.
struct Letters<'a> {
    vocabulary: &'a Vocabulary,
    text: &'a [u8],
    at: usize,
}

impl<'a> Letters<'a> {
    const fn new(vocabulary: &'a Vocabulary, text: &'a [u8]) -> Self {
        Self { vocabulary, text, at: 0 }
    }
}

impl Iterator for Letters<'_> {
    type Item = Read;

    #[inline(always)]
    fn next(&mut self) -> Option<Read> {
        let mut byte = *self.text.get(self.at)?;
        // The blank before a word is no letter.
        if byte == b' '
            && let Some(&next) = self.text.get(self.at + 1)
            && is_word_byte(next)
        {
            self.at += 1;
            byte = next;
        }
        let start = self.at;
        if is_word_byte(byte) {
            let key = WordKey::read(self.text, start);
            self.at += key.len;
            let number = self.vocabulary.number(key, self.text, start);
            let letter = Letter::of_word(number);
            return Some(Read { letter, number, start, end: self.at, word: Some(key) });
        }
        self.at += 1;
        Some(Read { letter: Letter::of_byte(byte), number: 0, start, end: self.at, word: None })
    }
}

/// The words of phrases, each once, in the order in which they are first met.
fn vocabulary<'p>(phrases: impl Iterator<Item = &'p [u8]>) -> Vocabulary {
    let mut met: FxHashSet<&[u8]> = FxHashSet::default();
    let mut words: Vec<Box<[u8]>> = Vec::new();
    for phrase in phrases {
        for word in phrase.split(|&byte| !is_word_byte(byte)).filter(|word| !word.is_empty()) {
            if met.insert(word) {
                words.push(word.into());
            }
        }
    }
    Vocabulary::new(words)
}
