//! The words by which lines are joined and sentences parted, as data (`lexicons/sentences/words.toml`).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::heading::{CLOSES, JOINTS};

const FILE: &str = include_str!("../../lexicons/sentences/words.toml");

/// The words of the file.
pub(super) static WORDS: LazyLock<Words> = LazyLock::new(|| toml::from_str(FILE).unwrap_or_default());

/// Letters of the longest word of the lists.
const LONGEST: usize = 16;

/// A list of the file, which says what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum List {
    LeadsOn,
    Shortened,
    Units,
    Numbers,
    Starters,
    Studies,
    Dangling,
    Leaning,
    Qualifiers,
}

/// The lists that a word is in, a bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Lists(u16);

impl Lists {
    /// Whether it is in this one.
    pub(super) const fn has(self, list: List) -> bool {
        self.0 & (1 << list as u16) != 0
    }

    const fn insert(&mut self, list: List) {
        self.0 |= 1 << list as u16;
    }
}

/// All lists as one, for a word is looked up once whatever is asked of it.
#[derive(Debug, Default, Deserialize)]
#[serde(from = "File")]
pub(super) struct Words {
    /// By the words as numbers.
    lists: FxHashMap<u128, Lists>,
    pub(super) colon: Opening,
    pub(super) joints: Opening,
    /// The end of a verb that waits for its object.
    pub(super) verb_ending: String,
    /// Bit `b` is set where the byte `b` may start what closes a heading within a line, or joins it to another.
    after_heading: u128,
}

#[derive(Deserialize)]
struct File {
    colon: Opening,
    joints: Opening,
    verb_ending: String,
    #[serde(flatten)]
    lists: BTreeMap<List, Vec<String>>,
}

impl From<File> for Words {
    fn from(file: File) -> Self {
        let mut lists: FxHashMap<_, Lists> = FxHashMap::default();
        for (list, words) in &file.lists {
            for key in words.iter().filter_map(|word| key(word.as_bytes())) {
                lists.entry(key).or_default().insert(*list);
            }
        }
        let File { colon, joints, verb_ending, .. } = file;
        let words = colon.0.iter().chain(&joints.0).filter_map(|word| word.bytes().next());
        // More blanks than one are skipped.
        let first = words.chain(CLOSES).chain(JOINTS).chain([b' ']);
        let after_heading = first.fold(0, |set, byte| set | bit(byte));
        Self { lists, colon, joints, verb_ending, after_heading }
    }
}

impl Words {
    /// Whether what a byte starts may close a heading within a line, or join it to another.
    pub(super) fn is_after_heading(&self, byte: u8) -> bool {
        self.after_heading & bit(byte) != 0
    }

    /// The lists that a word is in.
    pub(super) fn lists(&self, word: &[u8]) -> Lists {
        key(word).and_then(|key| self.lists.get(&key)).copied().unwrap_or_default()
    }
}

/// A list of so few words that each is compared with a text.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Opening(Vec<String>);

impl Opening {
    /// How long the word is that a text starts with, if it is one of these.
    pub(super) fn of(&self, text: &[u8]) -> Option<usize> {
        let starts = |word: &&String| {
            let rest = text.strip_prefix(word.as_bytes());
            rest.is_some_and(|rest| !rest.first().is_some_and(u8::is_ascii_alphanumeric))
        };
        self.0.iter().find(starts).map(String::len)
    }
}

/// The bit of a byte in a set; all beyond ASCII share one.
fn bit(byte: u8) -> u128 {
    1 << byte.min(0x7f)
}

/// A word as one number; `None` for one longer than all in the lists.
fn key(word: &[u8]) -> Option<u128> {
    let mut key = [0; LONGEST];
    key.get_mut(..word.len())?.copy_from_slice(word);
    Some(u128::from_le_bytes(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read_whole() {
        let file: File = toml::from_str(FILE).unwrap();
        let lengths: Vec<_> = file.lists.values().map(Vec::len).collect();
        assert_eq!(lengths, [23, 74, 29, 1, 24, 13, 32, 7, 12]);
        assert_eq!([file.colon.0.len(), file.joints.0.len()], [1; 2]);
        assert!(file.lists.values().flatten().all(|word| key(word.as_bytes()).is_some()));
    }

    #[test]
    fn a_word_is_in_all_its_lists() {
        assert!(WORDS.lists(b"bilaterally").has(List::Qualifiers));
        assert!(!WORDS.lists(b"foramen").has(List::Qualifiers));
        let no = WORDS.lists(b"no");
        assert!(no.has(List::Numbers) && no.has(List::Starters) && no.has(List::Leaning));
        assert!(!no.has(List::Units));
        assert_eq!(
            [b"colon".as_slice(), b"colon:", b"colonic", b""].map(|text| WORDS.colon.of(text)),
            [Some(5), Some(5), None, None]
        );
        assert_eq!([WORDS.lists(b""), WORDS.lists(b"neuroforaminotomies")], [Lists::default(); 2]);
    }
}
