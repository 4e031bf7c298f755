//! One Aho-Corasick pass over the folded note.
//!
//! All occurrences that stand on word boundaries are reported, overlapping ones too: choosing the longest
//! before sentences are known would lose "bulge" where a longer phrase runs across a full stop, and choosing
//! it before boundaries are checked would lose "disc" inside "disc bulges" for a lexicon with "disc bulge".

use aho_corasick::{AhoCorasick, AhoCorasickKind, BuildError, MatchKind};

use crate::lexicon::{Concept, Lexicon};
use crate::model::Mention;
use crate::text::{FoldSpan, Folded};

/// Which automaton to build: the trade of start-up time for speed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Speed {
    /// Quick to build: for one note.
    QuickStart,
    /// Quick to run: for many notes.
    #[default]
    QuickRun,
}

/// The lexicon as an automaton.
#[derive(Clone, Debug)]
pub struct Automaton {
    automaton: AhoCorasick,
    concepts: Vec<Concept>,
}

impl Automaton {
    /// Builds the automaton of a lexicon.
    ///
    /// # Errors
    /// When the phrases are too many for the automaton's state numbers.
    pub fn new(lexicon: &Lexicon, speed: Speed) -> Result<Self, BuildError> {
        let kind = match speed {
            Speed::QuickStart => AhoCorasickKind::ContiguousNFA,
            Speed::QuickRun => AhoCorasickKind::DFA,
        };
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(kind))
            .build(lexicon.phrases().iter().map(|p| p.words.as_bytes()))?;
        Ok(Self { automaton, concepts: lexicon.phrases().iter().map(|p| p.concept).collect() })
    }

    /// All occurrences on word boundaries, in order of their ends, appended to `found`.
    pub fn find(&self, folded: &Folded<'_>, found: &mut Vec<Mention<Concept>>) {
        let text = folded.bytes();
        for hit in self.automaton.find_overlapping_iter(text) {
            if is_bounded(text, hit.start(), hit.end()) {
                found.push(Mention {
                    concept: self.concepts[hit.pattern().as_usize()],
                    span: FoldSpan::new(hit.start() as u32, hit.end() as u32),
                });
            }
        }
    }
}

/// Whether neither end of the range cuts a word. An end that is no letter or digit itself cuts none.
fn is_bounded(text: &[u8], start: usize, end: usize) -> bool {
    let joined = |left: usize| {
        let is_word = |b: &u8| b.is_ascii_alphanumeric() || *b >= 0x80;
        left.checked_sub(1).and_then(|i| text.get(i)).is_some_and(is_word)
            && text.get(left).is_some_and(is_word)
    };
    !joined(start) && !joined(end)
}
