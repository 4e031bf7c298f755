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

use crate::lexicon::{Concept, Layer, Lexicon};
use crate::model::Mention;
use crate::text::{FoldSpan, Folded};

use super::levels::may_name_vertebra;
use super::repair::may_be_misread;
use super::transitions::Transitions;
use super::trie::{Letter, ROOT, State, Trie};
use super::vocabulary::{Vocabulary, WordKey};
use super::words::{FunctionWords, WordClass, is_word_byte};

/// A word of the note, or a byte that stands between words.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Token {
    /// Where it starts.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// What the word is between mentions; nothing for a byte.
    pub class: WordClass,
}

/// The tokens of a note, which are in order, that lie within a stretch of it.
pub fn tokens_within(tokens: &[Token], span: FoldSpan) -> &[Token] {
    let first = tokens.partition_point(|token| token.start < span.start);
    let last = tokens.partition_point(|token| token.end <= span.end);
    tokens.get(first..last).unwrap_or_default()
}

/// How many of the tokens of a note start from one place on and before another.
pub fn steps(tokens: &[Token], from: u32, to: u32) -> usize {
    let first = tokens.partition_point(|token| token.start < from);
    let last = tokens.partition_point(|token| token.start < to);
    last.saturating_sub(first)
}

/// A phrase that the pass saw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// The reading that it belongs to.
    pub layer: Layer,
    /// What it stands for, and where.
    pub mention: Mention<Concept>,
}

/// All that the pass saw.
#[derive(Clone, Debug, Default, PartialEq)]
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

/// What is known of a word, or of a byte between words.
#[derive(Clone, Copy, Debug)]
struct Known {
    letter: Letter,
    class: WordClass,
}

impl Default for Known {
    /// A word that no phrase has.
    fn default() -> Self {
        Self { letter: Letter::UNKNOWN, class: WordClass::default() }
    }
}

/// The lexicon as an automaton.
#[derive(Clone, Debug)]
pub struct Automaton {
    vocabulary: Vocabulary<Known>,
    transitions: Transitions,
    /// The meanings of all phrases that end in a state, those of its suffixes among them, state after state.
    meanings: Vec<Meaning>,
    longest: usize,
}

impl Automaton {
    /// Builds the automaton of a lexicon: its phrases but for function words.
    pub fn new(lexicon: &Lexicon, words: &FunctionWords) -> Self {
        let vocabulary = vocabulary(lexicon, words);
        // A phrase has a letter of its own or two.
        let mut trie = Trie::with_capacity(2 * lexicon.phrases().len());
        let mut ends: Vec<(State, Meaning)> = Vec::with_capacity(lexicon.phrases().len());
        for phrase in lexicon.phrases().iter().filter(|phrase| phrase.concept.layer().is_searched()) {
            let mut letters = 0;
            let read = Letters { vocabulary: &vocabulary, text: phrase.words.as_bytes(), at: 0 };
            let end = trie.add(read.map(|read| read.known.letter).inspect(|_| letters += 1));
            let (concept, layer) = (phrase.concept, phrase.concept.layer());
            ends.push((end, Meaning { concept, layer, letters }));
        }
        let (ordered, numbers) = trie.ordered();
        for (end, _) in &mut ends {
            *end = numbers[*end as usize];
        }
        let letters = Letter::of_word(vocabulary.len()).number() + 1;
        let (mut transitions, suffixes) = Transitions::new(&ordered, letters);
        let longest = ends.iter().map(|(_, meaning)| meaning.letters as usize).max().unwrap_or_default();
        let meanings = place_meanings(ends, &suffixes, &mut transitions);
        Self { vocabulary, transitions, meanings, longest }
    }

    /// Whether a phrase has this word, which is one.
    pub(super) fn has_word(&self, word: &[u8]) -> bool {
        let key = WordKey::read(word, 0);
        key.len() == word.len() && self.vocabulary.get(key, word, 0).letter != Letter::UNKNOWN
    }

    /// Reads a note: all occurrences of phrases, where vertebrae may be named, and the words that no phrase has.
    pub fn find(&self, folded: &Folded<'_>) -> Hits {
        let text = folded.bytes();
        self.read(text, 0, text.len())
    }

    /// The most letters that a phrase has: what stands further back than that has no part in a phrase.
    pub(super) const fn longest(&self) -> usize {
        self.longest
    }

    /// Reads the letters that start within `from..to` of a folded text, where one starts at `from`.
    ///
    /// Words first, then states: no word waits for another, so that many are fetched from memory at a time.
    pub(super) fn read(&self, text: &[u8], from: usize, to: usize) -> Hits {
        let length = to.saturating_sub(from);
        // Prose has a word, or a byte that is none, every four to five bytes.
        let (mut tokens, mut letters) =
            (Vec::with_capacity(length / 4 + 8), Vec::with_capacity(length / 4 + 8));
        // A vertebra is named, and a word is met that no phrase has, a few times in a sentence.
        let (mut vertebrae, mut unknown) =
            (Vec::with_capacity(length / 32 + 8), Vec::with_capacity(length / 32 + 8));
        for read in (Letters { vocabulary: &self.vocabulary, text, at: from }) {
            if read.start >= to {
                break;
            }
            let (start, end) = (read.start as u32, read.end as u32);
            let Known { letter, class } = read.known;
            tokens.push(Token { start, end, class });
            letters.push(letter);
            if let Some(key) = read.word {
                if may_name_vertebra(text, read.end, key) {
                    vertebrae.push(start);
                }
                if may_be_misread(key, letter != Letter::UNKNOWN) {
                    unknown.push(FoldSpan::new(start, end));
                }
            }
        }
        let phrases = self.phrases(&tokens, &letters);
        Hits { tokens, phrases, vertebrae, unknown }
    }

    /// The phrases in a row of letters, which stand where `tokens` do.
    fn phrases(&self, tokens: &[Token], letters: &[Letter]) -> Vec<Hit> {
        // About as many phrases end as there are letters.
        let mut phrases = Vec::with_capacity(letters.len() + letters.len() / 8 + 8);
        let (mut state, mut before) = (ROOT, Letter::UNKNOWN);
        for (last, (&letter, token)) in letters.iter().zip(tokens).enumerate() {
            state = self.transitions.step(state, (before, letter));
            before = letter;
            for &Meaning { concept, layer, letters } in self.meanings(state) {
                let start = tokens[last + 1 - letters as usize].start;
                let mention = Mention { concept, span: FoldSpan::new(start, token.end) };
                phrases.push(Hit { layer, mention });
            }
        }
        phrases
    }

    fn meanings(&self, state: State) -> &[Meaning] {
        &self.meanings[self.transitions.meanings(state)]
    }
}

/// A letter as it stands in a text.
struct Read {
    known: Known,
    start: usize,
    end: usize,
    /// The key of the word, where it is one.
    word: Option<WordKey>,
}

/// A folded text as letters of the automaton, in order.
struct Letters<'a> {
    vocabulary: &'a Vocabulary<Known>,
    text: &'a [u8],
    at: usize,
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
            self.at += key.len();
            let known = self.vocabulary.get(key, self.text, start);
            return Some(Read { known, start, end: self.at, word: Some(key) });
        }
        self.at += 1;
        let known = Known { letter: Letter::of_byte(byte), ..Known::default() };
        Some(Read { known, start, end: self.at, word: None })
    }
}

/// The words of all phrases, numbered as they are met. Function words are among them: what is not may be misspelt.
fn vocabulary(lexicon: &Lexicon, words: &FunctionWords) -> Vocabulary<Known> {
    let mut vocabulary = Vocabulary::default();
    for phrase in lexicon.phrases() {
        let of_phrase = phrase.words.as_bytes().split(|&byte| !is_word_byte(byte));
        for word in of_phrase.filter(|word| !word.is_empty()) {
            let number = vocabulary.len() + 1;
            vocabulary.entry(word, || Known { letter: Letter::of_word(number), class: words.class(word) });
        }
    }
    vocabulary
}

/// Gives each state the meanings that end in it, of its own phrases and of those that are its suffixes.
fn place_meanings(
    mut ends: Vec<(State, Meaning)>,
    suffixes: &[State],
    transitions: &mut Transitions,
) -> Vec<Meaning> {
    ends.sort_by_key(|&(end, _)| end);
    let mut meanings: Vec<Meaning> = Vec::with_capacity(2 * ends.len());
    let mut of_states = vec![0..0; suffixes.len()];
    let mut own = ends.into_iter().peekable();
    for (state, &suffix) in suffixes.iter().enumerate() {
        let first = meanings.len();
        while let Some((_, meaning)) = own.next_if(|&(end, _)| end as usize == state) {
            meanings.push(meaning);
        }
        // A suffix is shorter, so that its meanings, those of its own suffixes among them, are there by now.
        meanings.extend_from_within(of_states[suffix as usize].clone());
        of_states[state] = first..meanings.len();
    }
    let ends = of_states.iter().map(|range| range.start).chain([meanings.len()]);
    for (node, first) in transitions.nodes_mut().iter_mut().zip(ends) {
        node.meanings = first as u32;
    }
    meanings
}
