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
use super::vocabulary::{Vocabulary, WordKey};
use super::words::is_word_byte;

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
}

impl Automaton {
    /// Builds the automaton of a lexicon: its phrases but for function words.
    pub fn new(lexicon: &Lexicon) -> Self {
        let searched = || lexicon.phrases().iter().filter(|phrase| phrase.concept.layer() != Layer::Function);
        // Function words have a number as well: what has none may be misspelt.
        let vocabulary = vocabulary(lexicon.phrases().iter().map(|phrase| phrase.words.as_bytes()));
        let phrases: Vec<Vec<Letter>> = searched()
            .map(|phrase| {
                let mut letters = Vec::new();
                let text = phrase.words.as_bytes();
                read_letters(&vocabulary, text, |read| letters.push(read.letter));
                letters
            })
            .collect();
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
        Self { vocabulary, transitions, meanings, first_meaning }
    }

    /// Reads a note: all occurrences of phrases, where vertebrae may be named, and the words that no phrase has.
    pub fn find(&self, folded: &Folded<'_>) -> Hits {
        let text = folded.bytes();
        let mut hits = Hits { phrases: Vec::with_capacity(text.len() / 8 + 8), ..Hits::default() };
        // Where each letter starts. A word and its blank are six bytes or more in prose.
        let mut starts: Vec<u32> = Vec::with_capacity(text.len() / 5 + 8);
        let mut state = Transitions::ROOT;
        read_letters(&self.vocabulary, text, |read| {
            starts.push(read.start as u32);
            if let Some(key) = read.word {
                if may_name_vertebra(text, read.start, key) {
                    hits.vertebrae.push(read.start as u32);
                }
                if may_be_misread(text, read.start, key, read.letter != Letter::UNKNOWN) {
                    hits.unknown.push(FoldSpan::new(read.start as u32, read.end as u32));
                }
            }
            state = self.transitions.step(state, read.letter);
            for meaning in self.meanings(state) {
                let start = starts.get(starts.len().wrapping_sub(meaning.letters as usize));
                let span = FoldSpan::new(start.copied().unwrap_or_default(), read.end as u32);
                let mention = Mention { concept: meaning.concept, span };
                hits.phrases.push(Hit { layer: meaning.layer, mention });
            }
        });
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
    start: usize,
    end: usize,
    /// The key of the word, where it is one.
    word: Option<WordKey>,
}

/// Reads a folded text as letters of the automaton, in order.
fn read_letters(vocabulary: &Vocabulary, text: &[u8], mut each: impl FnMut(Read)) {
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let start = at;
        if is_word_byte(byte) {
            let key = WordKey::read(text, at);
            at += key.len;
            let letter = Letter::of_word(vocabulary.number(key, text, start));
            each(Read { letter, start, end: at, word: Some(key) });
        } else {
            at += 1;
            if byte != b' ' || !text.get(at).is_some_and(|&next| is_word_byte(next)) {
                each(Read { letter: Letter::of_byte(byte), start, end: at, word: None });
            }
        }
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
