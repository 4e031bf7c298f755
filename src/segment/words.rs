//! The words by which lines are joined and sentences parted, as data (`lexicons/sentences/words.toml`).

use std::sync::LazyLock;

use serde::Deserialize;

const FILE: &str = include_str!("../../lexicons/sentences/words.toml");

/// The lists of the file, which says what each is for.
pub(super) static WORDS: LazyLock<Words> = LazyLock::new(|| toml::from_str(FILE).unwrap_or_default());

/// The lists by name.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub(super) leads_on: List,
    pub(super) shortened: List,
    pub(super) units: List,
    pub(super) numbers: List,
    pub(super) starters: List,
    pub(super) studies: List,
    pub(super) dangling: List,
    pub(super) leaning: List,
    pub(super) colon: List,
    pub(super) qualifiers: List,
    pub(super) joints: List,
    pub(super) verb_ending: String,
}

/// Words as numbers, in order.
#[derive(Debug, Default, Deserialize)]
#[serde(from = "Vec<String>")]
pub(super) struct List(Vec<u128>);

impl From<Vec<String>> for List {
    fn from(words: Vec<String>) -> Self {
        let mut keys: Vec<u128> = words.iter().filter_map(|word| key(word.as_bytes())).collect();
        keys.sort_unstable();
        Self(keys)
    }
}

impl List {
    pub(super) fn has(&self, word: &[u8]) -> bool {
        key(word).is_some_and(|key| self.0.binary_search(&key).is_ok())
    }
}

/// A word as one number; `None` for one longer than all in the lists.
fn key(word: &[u8]) -> Option<u128> {
    let fits = (1..=16).contains(&word.len());
    fits.then(|| word.iter().fold(0, |key, &byte| key << 8 | u128::from(byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read_whole() {
        let words: Words = toml::from_str(FILE).unwrap();
        let lists = [&words.leads_on, &words.shortened, &words.units, &words.starters, &words.dangling];
        assert_eq!(lists.map(|list| list.0.len()), [23, 74, 29, 24, 32]);
        assert!(words.qualifiers.has(b"bilaterally") && words.colon.has(b"colon"));
        assert!(!words.qualifiers.has(b"foramen") && !words.units.has(b""));
    }
}
