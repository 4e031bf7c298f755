//! Figures by a key that the notes bring along (who, where, when), in bounded memory.
//!
//! Nobody knows beforehand how many keys there are: a column that was mapped wrongly can hold another in each of ten
//! million notes. So the keys that come first in order are kept, up to a limit, and the notes of all others are counted
//! together. A key that is among the first of all notes is among the first of any of them, so that the figures do not
//! depend on how the notes were grouped before they were added up.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::counts::Group;

/// The most keys that are kept apart.
pub(in crate::batch) const MOST_KEYS: usize = 10_000;

/// The most bytes of a key that are kept.
const KEY_BYTES: usize = 200;

/// Figures by key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keyed {
    /// The figures of each key, of the first 10 000 keys in their order.
    pub keys: BTreeMap<String, Group>,
    /// The figures of all later keys together.
    pub others: Group,
    /// The figures of notes without the key.
    pub unstated: Group,
}

impl Keyed {
    /// Counts one note.
    pub(super) fn add(&mut self, key: Option<&str>, note: &Group) {
        match key.map(str::trim).filter(|key| !key.is_empty()) {
            None => self.unstated.add(note),
            Some(key) => self.add_to(&shortened(key, KEY_BYTES), note, MOST_KEYS),
        }
    }

    /// Adds the figures of other notes.
    pub(super) fn merge(&mut self, other: &Self) {
        self.merge_within(other, MOST_KEYS);
    }

    fn merge_within(&mut self, other: &Self, most: usize) {
        for (key, group) in &other.keys {
            self.add_to(key, group, most);
        }
        self.others.add(&other.others);
        self.unstated.add(&other.unstated);
    }

    fn add_to(&mut self, key: &str, group: &Group, most: usize) {
        if let Some(kept) = self.keys.get_mut(key) {
            kept.add(group);
            return;
        }
        self.keys.insert(key.to_owned(), group.clone());
        if self.keys.len() > most
            && let Some((_, last)) = self.keys.pop_last()
        {
            self.others.add(&last);
        }
    }
}

/// A text of at most `most` bytes: cut between characters, and then ended by `…`.
pub(super) fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    if text.len() <= most {
        return text.into();
    }
    format!("{}…", &text[..text.floor_char_boundary(most)]).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note() -> Group {
        Group { notes: 1, ..Group::default() }
    }

    fn of(keys: &[u8], most: usize) -> Keyed {
        let mut keyed = Keyed::default();
        for key in keys {
            keyed.add_to(&format!("{key:03}"), &note(), most);
        }
        keyed
    }

    #[test]
    fn keys_beyond_the_limit_are_counted_together() {
        let mut keyed = Keyed::default();
        for number in (0..=MOST_KEYS + 1).rev() {
            keyed.add(Some(&format!("{number:06}")), &note());
        }
        assert_eq!((keyed.keys.len(), keyed.others.notes), (MOST_KEYS, 2));
        assert_eq!(keyed.keys.keys().next_back().map(String::as_str), Some("009999"));
    }

    #[test]
    fn a_key_without_a_letter_is_none_and_a_long_one_is_cut() {
        let mut keyed = Keyed::default();
        for key in [None, Some(""), Some(" \t"), Some(" a "), Some("a")] {
            keyed.add(key, &note());
        }
        assert_eq!((keyed.unstated.notes, keyed.keys["a"].notes), (3, 2));
        keyed.add(Some(&"é".repeat(1 << 20)), &note());
        let longest = keyed.keys.keys().map(String::len).max();
        assert_eq!(longest, Some(KEY_BYTES + "…".len()));
    }

    proptest::proptest! {
        #[test]
        fn grouping_does_not_matter(
            parts in proptest::collection::vec(proptest::collection::vec(0..30_u8, 0..12), 0..8), most in 1..12_usize,
        ) {
            let whole = of(&parts.concat(), most);
            let mut merged = Keyed::default();
            for part in &parts {
                merged.merge_within(&of(part, most), most);
            }
            proptest::prop_assert_eq!(&merged, &whole);
            let mut backwards = Keyed::default();
            parts.iter().rev().for_each(|part| backwards.merge_within(&of(part, most), most));
            proptest::prop_assert_eq!(&backwards, &whole);
        }
    }
}
