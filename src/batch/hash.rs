//! Hashes of bytes, the same on every machine and in every version, since they are kept in files.

use twox_hash::XxHash64;

/// xxHash of 64 bits. `seed` is the hash of what came before, or 0.
pub(super) fn hash(seed: u64, bytes: &[u8]) -> u64 {
    XxHash64::oneshot(seed, bytes)
}

/// The hashes of some notes.
#[derive(Debug, Default)]
pub(super) struct Hashes {
    /// Of their ids.
    pub(super) ids: Vec<u64>,
    /// Of the texts of those that have a word.
    pub(super) texts: Vec<u64>,
}

impl Hashes {
    /// Adds a note.
    pub(super) fn add(&mut self, id: &str, text: &str) {
        self.ids.push(hash(0, id.as_bytes()));
        if !text.trim().is_empty() {
            self.texts.push(hash(0, text.as_bytes()));
        }
    }

    /// Adds other notes.
    pub(super) fn append(&mut self, mut others: Self) {
        self.ids.append(&mut others.ids);
        self.texts.append(&mut others.texts);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_the_published_function() {
        // The test vectors of xxHash's specification, for the empty input and a seed.
        assert_eq!(hash(0, b""), 0xef46_db37_51d8_e999);
        assert_eq!(hash(0, b"abc"), 0x44bc_2cf5_ad77_0999);
        assert_ne!(hash(1, b"abc"), hash(0, b"abc"));
    }

    #[test]
    fn notes_without_a_word_have_no_text_to_compare() {
        let mut hashes = Hashes::default();
        for text in ["", " \n", "MRI", "MRI"] {
            hashes.add("n", text);
        }
        assert_eq!((hashes.ids.len(), hashes.texts.len()), (4, 2));
        assert_eq!(hashes.texts[0], hashes.texts[1]);
    }
}
