//! One Aho-Corasick pass over the folded note.
//!
//! All occurrences that stand on word boundaries are reported, overlapping ones too: choosing the longest
//! before sentences are known would lose "bulge" where a longer phrase runs across a full stop, and choosing
//! it before boundaries are checked would lose "disc" inside "disc bulges" for a lexicon with "disc bulge".
//!
//! Where a word starts is a letter of the automaton's alphabet: it reads `mild (l4)` as `·mild (·l4)`, the dot in
//! place of the blank where there is one. So no phrase is followed into the middle of a word, where most of the
//! time of a plain pass would go.

use std::ops::Range;

use daachorse::DoubleArrayAhoCorasick;

use crate::lexicon::{Concept, Layer, Lexicon};
use crate::model::{Mention, Region, Vertebra};
use crate::text::{FoldSpan, Folded};

use super::levels::VertebraHit;
use super::words::{FunctionWords, is_word_byte};

/// Layers that hits are kept for: all but the last two, whose words are never searched for.
const LAYERS: usize = Layer::Function as usize;

/// All that the automaton saw, in order of the ends.
#[derive(Clone, Debug, Default)]
pub struct Hits {
    mentions: [Vec<Mention<Concept>>; LAYERS],
    /// Vertebrae.
    pub vertebrae: Vec<VertebraHit>,
}

impl Hits {
    /// The phrases of a layer; none of function words.
    pub fn of(&self, layer: Layer) -> &[Mention<Concept>] {
        self.mentions.get(layer as usize).map_or(&[], Vec::as_slice)
    }

    /// The phrases of section headings, in the order of their starts.
    pub fn headings(&mut self) -> &[Mention<Concept>] {
        let headings = &mut self.mentions[Layer::Section as usize];
        headings.sort_by_key(|heading| heading.span.start);
        headings
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Meaning {
    Concept(Layer, Concept),
    Vertebra(Vertebra),
}

/// The phrases need more states than the automaton has numbers for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the lexicon has too many phrases for one automaton, drop some: {0}")]
pub struct TooManyPhrases(String);

/// Stands for the start of a word; no folded text has this byte.
const WORD_START: u8 = 0x01;

/// Where the meanings of one pattern stand among all of them, and how many bytes of a note it takes.
#[derive(Clone, Copy, Debug)]
struct Meanings {
    first: u32,
    count: u32,
    width: u32,
}

impl Meanings {
    const fn range(self) -> Range<usize> {
        self.first as usize..(self.first + self.count) as usize
    }
}

/// The lexicon as an automaton.
#[derive(Clone)]
pub struct Automaton {
    automaton: DoubleArrayAhoCorasick<Meanings>,
    meanings: Vec<Meaning>,
}

impl Automaton {
    /// Builds the automaton of a lexicon: its phrases but for function words, and the names of the vertebrae.
    ///
    /// # Errors
    /// When the phrases are too many for the automaton's state numbers.
    pub fn new(lexicon: &Lexicon, words: &FunctionWords) -> Result<Self, TooManyPhrases> {
        let searched = lexicon.phrases().iter().filter(|phrase| phrase.concept.layer().is_searched());
        let phrases = searched.map(|phrase| {
            (phrase.words.as_bytes().to_vec(), Meaning::Concept(phrase.concept.layer(), phrase.concept))
        });
        let names = vertebra_names(words).into_iter().map(|(name, v)| (name, Meaning::Vertebra(v)));
        let mut patterns: Vec<(Vec<u8>, Meaning)> = phrases.chain(names).collect();
        patterns.sort_unstable();
        let mut first = 0;
        let groups = patterns.chunk_by(|a, b| a.0 == b.0).map(|group| {
            let words = &group[0].0;
            let meanings = Meanings { first, count: group.len() as u32, width: words.len() as u32 };
            first += meanings.count;
            (pattern(words), meanings)
        });
        let automaton =
            DoubleArrayAhoCorasick::with_values(groups).map_err(|error| TooManyPhrases(error.to_string()))?;
        Ok(Self { automaton, meanings: patterns.into_iter().map(|(_, meaning)| meaning).collect() })
    }

    /// All occurrences on word boundaries, in order of their ends, added to `hits`, up to and with the first whose
    /// concept is one to `stop` at. Gives whether it stopped.
    pub fn find(&self, folded: &Folded<'_>, hits: &mut Hits, stop: impl Fn(Concept) -> bool) -> bool {
        let text = folded.bytes();
        let mut stepper = self.automaton.find_overlapping_stepper();
        let mut at = 0;
        while let Some(&first) = text.get(at) {
            at += 1;
            if is_word_byte(first) {
                stepper.consume(WORD_START);
                stepper.consume(first);
                let mut last = first;
                while let Some(&byte) = text.get(at).filter(|&&byte| is_word_byte(byte)) {
                    // What follows the number of a vertebra is for the grammar of levels to read.
                    if last.is_ascii_digit() {
                        stepper.matches().for_each(|hit| self.vertebra(hit.value(), at, hits));
                    }
                    stepper.consume(byte);
                    last = byte;
                    at += 1;
                }
            } else if first != b' ' || !text.get(at).is_some_and(|&next| is_word_byte(next)) {
                stepper.consume(first);
            } else {
                continue;
            }
            for hit in stepper.matches() {
                if self.add(hit.value(), at, hits, &stop) {
                    return true;
                }
            }
        }
        false
    }

    /// Adds what ends at `end`. Gives whether it is something to stop at.
    fn add(&self, meanings: Meanings, end: usize, hits: &mut Hits, stop: impl Fn(Concept) -> bool) -> bool {
        let span = FoldSpan::new(end as u32 - meanings.width, end as u32);
        let mut stopped = false;
        for &meaning in self.meanings.get(meanings.range()).unwrap_or_default() {
            match meaning {
                Meaning::Vertebra(vertebra) => hits.vertebrae.push(VertebraHit { vertebra, span }),
                Meaning::Concept(layer, concept) => {
                    hits.mentions[layer as usize].push(Mention { concept, span });
                    stopped |= stop(concept);
                }
            }
        }
        stopped
    }

    /// Adds the vertebra whose name ends at `end`, inside a word.
    fn vertebra(&self, meanings: Meanings, end: usize, hits: &mut Hits) {
        let span = FoldSpan::new(end as u32 - meanings.width, end as u32);
        for &meaning in self.meanings.get(meanings.range()).unwrap_or_default() {
            if let Meaning::Vertebra(vertebra) = meaning {
                hits.vertebrae.push(VertebraHit { vertebra, span });
            }
        }
    }
}

/// What the automaton reads for a phrase: each word with its start before it, in place of the blank there.
fn pattern(phrase: &[u8]) -> Vec<u8> {
    let mut pattern = Vec::with_capacity(phrase.len() + 4);
    for (at, &byte) in phrase.iter().enumerate() {
        let starts = |at: usize| phrase.get(at).is_some_and(|&b| is_word_byte(b));
        if starts(at) && !at.checked_sub(1).is_some_and(starts) {
            pattern.push(WORD_START);
        }
        if byte != b' ' || !starts(at + 1) {
            pattern.push(byte);
        }
    }
    pattern
}

impl std::fmt::Debug for Automaton {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Automaton").field("states", &self.automaton.num_states()).finish_non_exhaustive()
    }
}

/// Every way of writing a vertebra: `l4`, `l 4`, `l four`; dorsal `d11` for thoracic.
fn vertebra_names(words: &FunctionWords) -> Vec<(Vec<u8>, Vertebra)> {
    let mut names = Vec::new();
    for letter in *b"cdtls" {
        let Some(region) = Region::from_letter(letter) else { continue };
        for number in 1..=region.last() {
            let Some(vertebra) = Vertebra::new(region, number) else { continue };
            let letter = letter as char;
            names.push((format!("{letter}{number}").into_bytes(), vertebra));
            if letter != 'd' {
                names.push((format!("{letter} {number}").into_bytes(), vertebra));
                for (word, _) in words.numbers().filter(|&(_, n)| n == number) {
                    let mut name = vec![letter as u8, b' '];
                    name.extend_from_slice(word);
                    names.push((name, vertebra));
                }
            }
        }
    }
    names
}
