//! Words of the lexicon, each with what is known of it: one look-up a word of a note.
//!
//! A word of up to sixteen bytes is two numbers, its first eight bytes and its last eight, so that most words are
//! told apart without comparing text.

use rustc_hash::FxHashMap;

use crate::text::{CHUNK, word_bytes};

use super::index::{Index, hash};

/// A word of a text: where it ends, and what it is looked up by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WordKey {
    head: u64,
    tail: u64,
    length: u32,
}

/// A word and what is known of it. What the automaton knows of one makes this half a line of the cache.
#[derive(Clone, Copy, Debug)]
#[repr(align(32))]
struct Entry<T> {
    head: u64,
    tail: u64,
    length: u32,
    value: T,
}

impl<T> Entry<T> {
    const fn key(&self) -> WordKey {
        WordKey { head: self.head, tail: self.tail, length: self.length }
    }
}

/// Words, and what is known of each.
#[derive(Clone, Debug)]
pub(super) struct Vocabulary<T> {
    index: Index,
    /// The words by their numbers, counted from 1.
    entries: Vec<Entry<T>>,
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

impl<T> Default for Vocabulary<T> {
    fn default() -> Self {
        Self { index: Index::default(), entries: Vec::new(), long: FxHashMap::default() }
    }
}

impl<T: Copy> Vocabulary<T> {
    /// What is known of a word, to be changed; a word that is new gets what `make` gives. It must be one word.
    pub(super) fn entry(&mut self, word: &[u8], make: impl FnOnce() -> T) -> &mut T {
        let key = WordKey::read(word, 0);
        if !key.is_short() {
            return self.long.entry(word.into()).or_insert_with(make);
        }
        let at = self.find(key).unwrap_or_else(|| {
            self.index.push(key.hash(), |number| self.entries[number as usize - 1].key().hash());
            let WordKey { head, tail, length } = key;
            self.entries.push(Entry { head, tail, length, value: make() });
            self.entries.len() - 1
        });
        &mut self.entries[at].value
    }

    /// Where the word of a key stands among the entries.
    #[inline(always)]
    fn find(&self, key: WordKey) -> Option<usize> {
        let number = self.index.get(key.hash(), |number| self.entries[number as usize - 1].key() == key);
        number.map(|number| number as usize - 1)
    }

    /// How many words there are.
    pub(super) fn len(&self) -> u32 {
        (self.entries.len() + self.long.len()) as u32
    }

    /// What is known of the word at `at` of a text, whose key is `key`; `None` where it is none of the lexicon.
    #[inline(always)]
    pub(super) fn get(&self, key: WordKey, text: &[u8], at: usize) -> Option<&T> {
        if !key.is_short() {
            return self.long.get(text.get(at..at + key.len())?);
        }
        self.find(key).map(|at| &self.entries[at].value)
    }
}

#[cfg(test)]
mod tests {
    use super::super::words::is_word_byte;
    use super::*;

    fn vocabulary(words: &[&str]) -> Vocabulary<usize> {
        let mut vocabulary = Vocabulary::default();
        for (index, word) in words.iter().enumerate() {
            vocabulary.entry(word.as_bytes(), || index);
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
                assert_eq!(vocabulary.get(key, text.as_bytes(), 0), Some(&index), "{text}");
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
