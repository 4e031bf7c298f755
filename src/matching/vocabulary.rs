//! Words of the lexicon, each with what is known of it: one look-up a word of a note.
//!
//! A word of up to sixteen bytes is two numbers, its first eight bytes and its last eight, so that most words are
//! told apart without comparing text. The table is open addressed, and each place holds all that is known of its word:
//! a note's words lie far from each other, and fetching them takes longer than anything done with them.

use rustc_hash::FxHashMap;

use crate::text::{CHUNK, word_bytes};

use super::hash::hash;

/// A word of a text: where it ends, and what it is looked up by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct WordKey {
    head: u64,
    tail: u64,
    length: u32,
}

/// A place of the table: a word and what is known of it, or the default, which is no word. What the automaton knows of one
/// makes this half a line of the cache.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(32))]
struct Place<T> {
    key: WordKey,
    value: T,
}

/// Places of the smallest table.
const FEWEST: usize = 16;

/// Words, and what is known of each.
#[derive(Clone, Debug)]
pub(super) struct Vocabulary<T> {
    /// At most half of them taken.
    places: Vec<Place<T>>,
    taken: usize,
    /// Words that two numbers do not tell apart.
    long: FxHashMap<Box<[u8]>, T>,
}

impl WordKey {
    /// The key of the word that starts at `at` of a text; its first byte must be one of a word.
    #[inline(always)]
    pub(super) fn read(text: &[u8], at: usize) -> Self {
        let head = chunk(text, at);
        let length = word_bytes(head);
        if length < CHUNK {
            return Self { head: head & ((1 << (8 * length)) - 1), tail: 0, length: length as u32 };
        }
        let mut end = at + CHUNK;
        loop {
            let more = word_bytes(chunk(text, end));
            end += more;
            if more < CHUNK {
                return Self { head, tail: chunk(text, end - CHUNK), length: (end - at) as u32 };
            }
        }
    }

    /// Length of the word in bytes.
    pub(super) const fn len(self) -> usize {
        self.length as usize
    }

    /// The first byte of the word.
    pub(super) const fn first(self) -> u8 {
        self.head as u8
    }

    /// The second byte of the word; 0 where it has one alone.
    pub(super) const fn second(self) -> u8 {
        (self.head >> 8) as u8
    }

    /// Whether two numbers are the whole word.
    const fn is_short(self) -> bool {
        self.length as usize <= 2 * CHUNK
    }

    const fn hash(self) -> u64 {
        hash(self.head, self.tail)
    }
}

/// Eight bytes of a text from `at`, zeros after its end.
fn chunk(text: &[u8], at: usize) -> u64 {
    let rest = text.get(at..).unwrap_or_default();
    rest.first_chunk::<CHUNK>().map_or_else(
        || rest.iter().rev().fold(0, |chunk, &byte| chunk << 8 | u64::from(byte)),
        |bytes| u64::from_le_bytes(*bytes),
    )
}

impl<T: Clone + Default> Default for Vocabulary<T> {
    fn default() -> Self {
        Self { places: vec![Place::default(); FEWEST], taken: 0, long: FxHashMap::default() }
    }
}

impl<T: Copy + Default> Vocabulary<T> {
    /// What is known of a word, to be changed; a word that is new gets what `make` gives. It must be one word.
    pub(super) fn entry(&mut self, word: &[u8], make: impl FnOnce() -> T) -> &mut T {
        let key = WordKey::read(word, 0);
        if !key.is_short() {
            return self.long.entry(word.into()).or_insert_with(make);
        }
        let mut at = self.place(key);
        if self.places[at].key.length == 0 {
            self.taken += 1;
            if 2 * self.taken > self.places.len() {
                self.grow();
                at = self.place(key);
            }
            self.places[at] = Place { key, value: make() };
        }
        &mut self.places[at].value
    }

    /// The place of the word of a key, or the free one where it would be.
    #[inline(always)]
    fn place(&self, key: WordKey) -> usize {
        let mask = self.places.len() - 1;
        let mut at = (key.hash() >> 32) as usize & mask;
        while self.places[at].key.length != 0 && self.places[at].key != key {
            at = (at + 1) & mask;
        }
        at
    }

    fn grow(&mut self) {
        let more = vec![Place::default(); 2 * self.places.len()];
        let words = std::mem::replace(&mut self.places, more);
        for word in words.into_iter().filter(|word| word.key.length != 0) {
            let at = self.place(word.key);
            self.places[at] = word;
        }
    }

    /// How many words there are.
    pub(super) fn len(&self) -> u32 {
        (self.taken + self.long.len()) as u32
    }

    /// What is known of the word at `at` of a text, whose key is `key`; the default where it is none of the lexicon.
    #[inline(always)]
    pub(super) fn get(&self, key: WordKey, text: &[u8], at: usize) -> T {
        if key.is_short() {
            return self.places[self.place(key)].value;
        }
        let word = text.get(at..at + key.len()).unwrap_or_default();
        self.long.get(word).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::words::is_word_byte;
    use super::*;

    fn vocabulary(words: &[&str]) -> Vocabulary<Option<usize>> {
        let mut vocabulary = Vocabulary::default();
        for (index, word) in words.iter().enumerate() {
            vocabulary.entry(word.as_bytes(), || Some(index));
        }
        vocabulary
    }

    #[test]
    fn words_of_any_length_are_told_apart() {
        let words = [
            "l",
            "l5",
            "no",
            "foramen",
            "foramina",
            "foraminal",
            "neuroforamina",
            "neuroforaminal",
            "radiculopathies",
            "uncovertebrals",
            "zygapophysealjoint",
            "zygapophysealjoints",
            "laminotomyforaminotomy",
            "laminotomyxoraminotomy",
            "naïve",
        ];
        let vocabulary = vocabulary(&words);
        for (index, word) in words.iter().enumerate() {
            for text in [(*word).to_owned(), format!("{word} a long way after"), format!("{word}.")] {
                let key = WordKey::read(text.as_bytes(), 0);
                assert_eq!(key.len(), word.len(), "{text}");
                assert_eq!(vocabulary.get(key, text.as_bytes(), 0), Some(index), "{text}");
            }
        }
        for other in ["lx", "forame", "laminotomyyoraminotomy", "neuroforaminals", "q"] {
            let key = WordKey::read(other.as_bytes(), 0);
            assert_eq!(vocabulary.get(key, other.as_bytes(), 0), None, "{other}");
        }
    }

    #[test]
    fn an_empty_vocabulary_knows_no_word() {
        let key = WordKey::read(b"word", 0);
        assert_eq!(vocabulary(&[]).get(key, b"word", 0), None);
    }

    proptest::proptest! {
        #[test]
        fn a_word_ends_where_its_bytes_do(text in "\\PC{0,40}") {
            let text = text.as_bytes();
            for at in (0..text.len()).filter(|&at| is_word_byte(text[at])) {
                let expected = text[at..].iter().take_while(|b| is_word_byte(**b)).count();
                proptest::prop_assert_eq!(WordKey::read(text, at).len(), expected);
            }
        }
    }
}
