//! One Aho-Corasick pass over the folded note.
//!
//! All occurrences that stand on word boundaries are reported, overlapping ones too: choosing the longest
//! before sentences are known would lose "bulge" where a longer phrase runs across a full stop, and choosing
//! it before boundaries are checked would lose "disc" inside "disc bulges" for a lexicon with "disc bulge".

use aho_corasick::{AhoCorasick, AhoCorasickKind, BuildError, MatchKind};

use crate::lexicon::{Concept, Layer, Lexicon};
use crate::model::{Mention, Region, Vertebra};
use crate::text::{FoldSpan, Folded};

use super::levels::VertebraHit;
use super::words::{FunctionWords, is_word_byte};

/// Which automaton to build: the trade of start-up time for speed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Speed {
    /// Quick to build: for one note.
    QuickStart,
    /// Quick to run: for many notes.
    #[default]
    QuickRun,
}

/// All that the automaton saw, in order of the ends.
#[derive(Clone, Debug, Default)]
pub struct Hits {
    /// Phrases of the lexicon.
    pub mentions: Vec<Mention<Concept>>,
    /// Vertebrae.
    pub vertebrae: Vec<VertebraHit>,
    /// Section headings.
    pub headings: Vec<Mention<Concept>>,
}

#[derive(Clone, Copy, Debug)]
enum Meaning {
    Concept(Concept),
    Heading(Concept),
    Vertebra(Vertebra),
}

/// The lexicon as an automaton.
#[derive(Clone, Debug)]
pub struct Automaton {
    automaton: AhoCorasick,
    meanings: Vec<Meaning>,
}

impl Automaton {
    /// Builds the automaton of a lexicon: its phrases but for function words, and the names of the vertebrae.
    ///
    /// # Errors
    /// When the phrases are too many for the automaton's state numbers.
    pub fn new(lexicon: &Lexicon, words: &FunctionWords, speed: Speed) -> Result<Self, BuildError> {
        let mut patterns: Vec<Vec<u8>> = Vec::with_capacity(lexicon.phrases().len() + 256);
        let mut meanings = Vec::with_capacity(patterns.capacity());
        for phrase in lexicon.phrases() {
            let meaning = match phrase.concept.layer() {
                Layer::Function => continue,
                Layer::Section => Meaning::Heading(phrase.concept),
                _ => Meaning::Concept(phrase.concept),
            };
            patterns.push(phrase.words.clone().into_bytes());
            meanings.push(meaning);
        }
        for (name, vertebra) in vertebra_names(words) {
            patterns.push(name);
            meanings.push(Meaning::Vertebra(vertebra));
        }
        let kind = match speed {
            Speed::QuickStart => AhoCorasickKind::ContiguousNFA,
            Speed::QuickRun => AhoCorasickKind::DFA,
        };
        let automaton =
            AhoCorasick::builder().match_kind(MatchKind::Standard).kind(Some(kind)).build(patterns)?;
        Ok(Self { automaton, meanings })
    }

    /// All occurrences on word boundaries, in order of their ends, appended to `hits`.
    pub fn find(&self, folded: &Folded<'_>, hits: &mut Hits) {
        let text = folded.bytes();
        for hit in self.automaton.find_overlapping_iter(text) {
            let (start, end) = (hit.start(), hit.end());
            if cuts_word(text, start) {
                continue;
            }
            let span = FoldSpan::new(start as u32, end as u32);
            match self.meanings[hit.pattern().as_usize()] {
                // What follows a vertebra's name is for the grammar of levels to read.
                Meaning::Vertebra(vertebra) => hits.vertebrae.push(VertebraHit { vertebra, span }),
                _ if cuts_word(text, end) => {}
                Meaning::Concept(concept) => hits.mentions.push(Mention { concept, span }),
                Meaning::Heading(concept) => hits.headings.push(Mention { concept, span }),
            }
        }
    }

    /// A bare scan that only counts occurrences: what any engine on this automaton must at least cost.
    pub fn scan(&self, text: &[u8]) -> usize {
        self.automaton.find_overlapping_iter(text).count()
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

/// Whether the offset stands between two bytes of one word.
fn cuts_word(text: &[u8], at: usize) -> bool {
    at.checked_sub(1).and_then(|i| text.get(i)).is_some_and(|&b| is_word_byte(b))
        && text.get(at).is_some_and(|&b| is_word_byte(b))
}
