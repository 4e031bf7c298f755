//! The words of the lexicon by number: one look-up a word of a note.
//!
//! A word of up to sixteen bytes is two numbers, its first eight bytes and its last eight, so that most words are
//! told apart without comparing text. The table is open addressed and at most half full.

use crate::text::{CHUNK, word_bytes};

/// The number of a word, from 1; 0 is no word of the lexicon.
pub(super) type WordNumber = u32;

/// A word of a text: where it ends, and what it is looked up by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WordKey {
    /// Length in bytes.
    pub(super) len: usize,
    head: u64,
    tail: u64,
}

/// A place of the table: the number of a word, and a part of its hash that most other words differ in.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    tag: u32,
    number: WordNumber,
}

/// The words, by their keys.
#[derive(Clone, Debug)]
pub(super) struct Vocabulary {
    slots: Vec<Slot>,
    /// The keys of the words, in the order of their numbers.
    keys: Vec<WordKey>,
    words: Vec<Box<[u8]>>,
}

impl WordKey {
    /// The key of the word that starts at `at` of a text; its first byte must be one of a word.
    #[allow(clippy::inline_always, reason = "one call a word; a call costs as much as the work")]
    #[inline(always)]
    pub(super) fn read(text: &[u8], at: usize) -> Self {
        let head = chunk(text, at);
        let len = word_bytes(head);
        if len < CHUNK {
            return Self { len, head: head & ((1 << (8 * len)) - 1), tail: 0 };
        }
        let mut end = at + CHUNK;
        loop {
            let more = word_bytes(chunk(text, end));
            end += more;
            if more < CHUNK {
                return Self { len: end - at, head, tail: chunk(text, end - CHUNK) };
            }
        }
    }

    /// The second byte of the word; 0 where it has one alone.
    pub(super) const fn second(self) -> u8 {
        (self.head >> 8) as u8
    }

    /// A number that differs for most words.
    const fn hash(self) -> u64 {
        (self.head ^ self.tail.rotate_left(23)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    /// Where to look for it first in a table of `slots`, a power of two.
    const fn slot(self, slots: usize) -> usize {
        (self.hash() >> 32) as usize & (slots - 1)
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

impl Vocabulary {
    /// Numbers words, each given once, from 1 in their order.
    pub(super) fn new(words: Vec<Box<[u8]>>) -> Self {
        let mut slots = vec![Slot::default(); (words.len() * 2 + 1).next_power_of_two()];
        let keys: Vec<WordKey> = words.iter().map(|word| WordKey::read(word, 0)).collect();
        for (index, key) in keys.iter().enumerate() {
            let (tag, mut at) = (key.hash() as u32, key.slot(slots.len()));
            while slots[at].number != 0 {
                at = (at + 1) & (slots.len() - 1);
            }
            slots[at] = Slot { tag, number: index as u32 + 1 };
        }
        Self { slots, keys, words }
    }

    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// The word of a number.
    pub(super) fn word(&self, number: WordNumber) -> Option<&[u8]> {
        number.checked_sub(1).and_then(|index| self.words.get(index as usize)).map(|word| &**word)
    }

    /// The number of the word at `at` of a text, whose key is `key`; 0 where it is none of the lexicon.
    #[allow(clippy::inline_always, reason = "one call a word; a call costs as much as the work")]
    #[inline(always)]
    pub(super) fn number(&self, key: WordKey, text: &[u8], at: usize) -> WordNumber {
        let tag = key.hash() as u32;
        let mut slot = key.slot(self.slots.len());
        loop {
            let found = self.slots[slot];
            if found.number == 0 {
                return 0;
            }
            let index = found.number as usize - 1;
            if found.tag == tag
                && self.keys[index] == key
                && (key.len <= 2 * CHUNK || text[at..].starts_with(&self.words[index]))
            {
                return found.number;
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::words::is_word_byte;
    use super::*;

    fn vocabulary(words: &[&str]) -> Vocabulary {
        Vocabulary::new(words.iter().map(|word| word.as_bytes().into()).collect())
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
                assert_eq!(key.len, word.len(), "{text}");
                assert_eq!(vocabulary.number(key, text.as_bytes(), 0), index as u32 + 1, "{text}");
            }
        }
        for other in ["lx", "forame", "laminotomyyoraminotomy", "neuroforaminals", "q"] {
            let key = WordKey::read(other.as_bytes(), 0);
            assert_eq!(vocabulary.number(key, other.as_bytes(), 0), 0, "{other}");
        }
    }

    #[test]
    fn an_empty_vocabulary_knows_no_word() {
        let key = WordKey::read(b"word", 0);
        assert_eq!(vocabulary(&[]).number(key, b"word", 0), 0);
    }

    proptest::proptest! {
        #[test]
        fn a_word_ends_where_its_bytes_do(text in "\\PC{0,40}") {
            let text = text.as_bytes();
            for at in (0..text.len()).filter(|&at| is_word_byte(text[at])) {
                let expected = text[at..].iter().take_while(|b| is_word_byte(**b)).count();
                proptest::prop_assert_eq!(WordKey::read(text, at).len, expected);
            }
        }
    }
}
