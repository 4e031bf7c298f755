//! The word of a vocabulary that a misspelt word is one slip away from: a letter too many, too few, changed, or two swapped
//! (Damerau 1964), but not the first letter.
//!
//! ```text
//! thercal   ▶   thecal
//! ```
//!
//! Words of many notes come here, nearly all of them spelt as they should be. A slip at the second letter leaves the last
//! one as it is, any other the second, so that few words of the vocabulary are asked: those of about this length with
//! the same first letter and the same second or last one.

/// Words of this length or more are mended.
const SHORTEST: usize = 6;

/// Words of this length are mended only by words of the same letters: other slips lead to other words.
const SHORTEST_SWAPPED: usize = 5;

/// Words of the vocabulary are no longer than this, nor are words that are mended.
pub(super) const LONGEST: usize = 31;

/// A vocabulary, to be asked for words nearby.
#[derive(Clone, Debug)]
pub(super) struct Nearest {
    /// The shorter first, those of a length in the order of the alphabet.
    words: Vec<Box<str>>,
    /// By length and the first two letters.
    by_second: Groups,
    /// By length and the first and the last letter.
    by_last: Groups,
}

impl Nearest {
    /// Takes those of some words that are neither too short nor too long.
    pub(super) fn new<'w>(words: impl Iterator<Item = &'w str>) -> Self {
        let of_length = words.filter(|word| (SHORTEST_SWAPPED..=LONGEST).contains(&word.len()));
        let mut words: Vec<Box<str>> = of_length.map(Box::from).collect();
        words.sort_unstable_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
        let (by_second, by_last) = (Groups::new(&words, second), Groups::new(&words, last));
        Self { words, by_second, by_last }
    }

    /// The word that is one slip away from a word, the shortest if there are several.
    pub(super) fn to(&self, word: &str) -> Option<&str> {
        let bytes = word.as_bytes();
        if !(SHORTEST_SWAPPED..=LONGEST).contains(&word.len()) || !word.is_ascii() {
            return None;
        }
        let mask = letters(bytes);
        let is_near = |&&(of_known, index): &&(u32, u32)| {
            has_two_at_most(of_known ^ mask) && {
                let known = &self.words[index as usize];
                (word.len() >= SHORTEST || known.len() == word.len() && of_known == mask)
                    && is_one_slip(bytes, known.as_bytes())
            }
        };
        let first =
            |groups: &Groups, key| groups.near(bytes, key).iter().find(is_near).map(|&(_, index)| index);
        let found = [first(&self.by_second, second(bytes)), first(&self.by_last, last(bytes))];
        found.into_iter().flatten().min().map(|index| &*self.words[index as usize])
    }
}

/// Words in groups, by two of their letters and their length.
#[derive(Clone, Debug)]
struct Groups {
    /// Where the words of each group start in `members`; the next group follows.
    starts: Vec<u32>,
    /// The letters of each word, by which nearly all are passed over, and its place in the vocabulary.
    members: Vec<(u32, u32)>,
}

/// The second letter of a word that is long enough.
const fn second(word: &[u8]) -> u8 {
    word[1]
}

/// The last letter of a word that is long enough.
const fn last(word: &[u8]) -> u8 {
    word[word.len() - 1]
}

/// Longer words are of the groups of this length.
const LONG: usize = SHORTEST_SWAPPED + 15;

/// The number of the group of a first letter, another one, and a length.
fn group(first: u8, other: u8, length: usize) -> usize {
    let length = length.clamp(SHORTEST_SWAPPED, LONG) - SHORTEST_SWAPPED;
    usize::from(first & 0x1f) << 9 | usize::from(other & 0x1f) << 4 | length
}

impl Groups {
    fn new(words: &[Box<str>], key: impl Fn(&[u8]) -> u8) -> Self {
        let group_of = |word: &str| group(word.as_bytes()[0], key(word.as_bytes()), word.len());
        let mut starts = vec![0; group(0x1f, 0x1f, LONG) + 2];
        for word in words {
            starts[group_of(word) + 1] += 1;
        }
        for group in 1..starts.len() {
            starts[group] += starts[group - 1];
        }
        let mut members: Vec<_> =
            words.iter().zip(0..).map(|(word, index)| (letters(word.as_bytes()), index)).collect();
        members.sort_by_key(|&(_, index)| group_of(&words[index as usize]));
        Self { starts, members }
    }

    /// The words that are about as long as this one and have its first letter and `other`, in the order of the vocabulary.
    fn near(&self, word: &[u8], other: u8) -> &[(u32, u32)] {
        let (first, last) = (group(word[0], other, word.len() - 1), group(word[0], other, word.len() + 1));
        &self.members[self.starts[first] as usize..self.starts[last + 1] as usize]
    }
}

/// A bit for each letter that occurs.
fn letters(word: &[u8]) -> u32 {
    word.iter().filter(|b| b.is_ascii_lowercase()).fold(0, |mask, b| mask | 1 << (b - b'a'))
}

/// Whether no more than two bits are set; counting them takes longer.
const fn has_two_at_most(bits: u32) -> bool {
    let without_one = bits & bits.wrapping_sub(1);
    without_one & without_one.wrapping_sub(1) == 0
}

/// Whether one insertion, deletion, change or swap of neighbours leads from `a` to `b`, the first letter kept.
fn is_one_slip(a: &[u8], b: &[u8]) -> bool {
    let same_start = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let rest = a.len().min(b.len()) - same_start;
    let same_end = a.iter().rev().zip(b.iter().rev()).take(rest).take_while(|(x, y)| x == y).count();
    let (left_a, left_b) = (a.len() - same_start - same_end, b.len() - same_start - same_end);
    same_start > 0
        && match (left_a, left_b) {
            (1, 1 | 0) | (0, 1) => true,
            (2, 2) => a[same_start] == b[same_start + 1] && a[same_start + 1] == b[same_start],
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_slip_is_one() {
        for (a, b, expected) in [
            ("thercal", "thecal", true),
            ("tehcal", "thecal", true),
            ("forman", "foramen", false),
            ("foramin", "foramen", true),
            ("compresing", "compressing", true),
            ("stenosis", "stenosis", false),
            ("process", "recess", false),
            ("xtenosis", "stenosis", false),
        ] {
            assert_eq!(is_one_slip(a.as_bytes(), b.as_bytes()), expected, "{a} {b}");
        }
    }

    /// As [`Nearest::to`], by asking every word.
    fn asked<'w>(words: &[&'w str], word: &str) -> Option<&'w str> {
        let same_letters =
            |known: &str| known.len() == word.len() && letters(known.as_bytes()) == letters(word.as_bytes());
        let is_near = |known: &&&str| {
            known.len() >= SHORTEST_SWAPPED
                && (word.len() >= SHORTEST || same_letters(known))
                && is_one_slip(word.as_bytes(), known.as_bytes())
        };
        words.iter().filter(is_near).min_by_key(|known| (known.len(), **known)).copied()
    }

    proptest! {
        #[test]
        fn no_word_nearby_is_passed_over(
            words in prop::collection::vec("[ab][a-d]{4,9}", 1..60),
            word in "[ab][a-d]{4,9}",
        ) {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let found = Nearest::new(words.iter().copied());
            prop_assert_eq!(found.to(&word), asked(&words, &word));
        }
    }
}
