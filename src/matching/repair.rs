//! Spelling repair: misspelt and misread words become the words of the lexicon that they were meant to be.
//!
//! A word of six letters or more that is one slip away (a letter too many, too few, changed, or two swapped;
//! Damerau 1964) from a word of the vocabulary is read as that word, if it starts with the same letter or its
//! neighbour was swapped. What scanners confuse is read as it was printed: `cana1`, `m0derate`, `forarnen`, `L4-LS`.
//! Only notes that speak of the spine come here.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::lexicon::Lexicon;
use crate::text::{FoldSpan, Folded};

use super::words::is_word_byte;

const SHORTEST: usize = 6;
/// Words of this length are mended only where two neighbours were swapped: other slips lead to other words.
const SHORTEST_SWAPPED: usize = 5;
const SHORTEST_KNOWN: usize = 4;

/// The words that spelling repair works towards.
#[derive(Clone, Debug, Default)]
pub struct Repairer {
    words: Vec<Known>,
    /// Index ranges into `words` by length and first letter.
    ranges: FxHashMap<(usize, u8), Range<usize>>,
    known: FxHashSet<Box<str>>,
}

#[derive(Clone, Debug)]
struct Known {
    letters: u32,
    text: Box<str>,
}

impl Repairer {
    /// Takes the vocabulary of a lexicon; every single word of its phrases is known and never changed.
    pub fn new(lexicon: &Lexicon) -> Self {
        let mut words: Vec<Known> = lexicon
            .vocabulary()
            .iter()
            .filter(|w| w.len() >= SHORTEST_SWAPPED)
            .map(|w| Known { letters: letters(w.as_bytes()), text: w.as_str().into() })
            .collect();
        words.sort_by(|a, b| a.text.len().cmp(&b.text.len()).then_with(|| a.text.cmp(&b.text)));
        let mut ranges: FxHashMap<_, Range<usize>> = FxHashMap::default();
        for (index, word) in words.iter().enumerate() {
            let key = (word.text.len(), word.text.as_bytes()[0]);
            ranges.entry(key).or_insert(index..index).end = index + 1;
        }
        let known = lexicon
            .phrases()
            .iter()
            .flat_map(|p| p.words.split(|c: char| !c.is_alphanumeric()))
            .filter(|w| w.len() >= SHORTEST_KNOWN)
            .map(Box::from)
            .collect();
        Self { words, ranges, known }
    }

    /// The note with its misspelt words mended.
    #[must_use]
    pub fn repair<'n>(&self, folded: Folded<'n>) -> Folded<'n> {
        let text = folded.bytes();
        let mut mended: Vec<(FoldSpan, String)> = Vec::new();
        let mut at = 0;
        while at < text.len() {
            if !is_word_byte(text[at]) {
                at += 1;
                continue;
            }
            let end = at + text[at..].iter().take_while(|b| is_word_byte(**b)).count();
            if end - at == 2
                && let Some(words) = mend_level(text, at)
            {
                mended.push((FoldSpan::new(at as u32, end as u32), words.to_owned()));
            } else if end - at >= SHORTEST_KNOWN
                && let Some(words) = self.mend_in(&folded, FoldSpan::new(at as u32, end as u32))
            {
                mended.push((FoldSpan::new(at as u32, end as u32), words));
            }
            at = end;
        }
        if mended.is_empty() {
            return folded;
        }
        let replacements: Vec<(FoldSpan, &str)> =
            mended.iter().map(|(span, words)| (*span, words.as_str())).collect();
        folded.with_replacements(&replacements)
    }

    /// The word at a place, mended; a capital I inside small letters is an l that a scanner misread.
    fn mend_in(&self, folded: &Folded<'_>, span: FoldSpan) -> Option<String> {
        let word = folded.slice(span);
        let is_known = self.known.contains(word);
        if is_known && !word.bytes().any(is_confused) {
            return None;
        }
        let printed = folded.note_text(span);
        let is_misread =
            |(i, c): (usize, char)| c == 'I' && printed[i + 1..].starts_with(|n: char| n.is_lowercase());
        if !is_known && printed.len() == word.len() && printed.char_indices().any(is_misread) {
            let read: String = printed
                .char_indices()
                .map(|(i, c)| if is_misread((i, c)) { 'l' } else { c.to_ascii_lowercase() })
                .collect();
            return self.mend(&read).or(Some(read).filter(|read| self.known.contains(read.as_str())));
        }
        self.mend(word)
    }

    /// The word that `word` was meant to be, if it is another.
    fn mend(&self, word: &str) -> Option<String> {
        let unscanned = read_digits_as_letters(word);
        let candidate = unscanned.as_deref().unwrap_or(word);
        if self.known.contains(candidate) {
            return unscanned;
        }
        if let Some(mended) = self.read_rn_as_m(candidate) {
            return Some(mended);
        }
        if candidate.len() < SHORTEST_SWAPPED {
            return unscanned;
        }
        self.nearest(candidate.as_bytes()).map(str::to_owned).or(unscanned)
    }

    /// The known word in which scanners took an "m" for "rn", at one place or at all.
    fn read_rn_as_m(&self, word: &str) -> Option<String> {
        if !word.as_bytes().windows(2).any(|pair| pair == b"rn") {
            return None;
        }
        let single = word.match_indices("rn").map(|(at, _)| format!("{}m{}", &word[..at], &word[at + 2..]));
        single.chain([word.replace("rn", "m")]).find(|candidate| self.known.contains(candidate.as_str()))
    }

    fn nearest(&self, word: &[u8]) -> Option<&str> {
        if !word.is_ascii() {
            return None;
        }
        let mask = letters(word);
        let lengths = word.len() - 1..=word.len() + 1;
        lengths
            .filter_map(|n| self.ranges.get(&(n, *word.first()?)))
            .flat_map(|range| &self.words[range.clone()])
            .filter(|known| (known.letters ^ mask).count_ones() <= 2)
            .filter(|known| word.len() >= SHORTEST || known.text.len() == word.len() && known.letters == mask)
            .find(|known| is_one_slip(word, known.text.as_bytes()))
            .map(|known| &*known.text)
    }
}

/// The level that a scanner's `ls`, `ll` or `sl` stands for, beside a dash and another level: `L4-LS`.
fn mend_level(text: &[u8], at: usize) -> Option<&'static str> {
    let mended = match &text[at..at + 2] {
        b"ls" => "l5",
        b"ll" => "l1",
        b"sl" => "s1",
        _ => return None,
    };
    let is_level =
        |word: &[u8]| matches!(word, [b'l' | b's' | b't' | b'c', b'0'..=b'9'] | b"ls" | b"ll" | b"sl");
    let before = at >= 3 && text[at - 1] == b'-' && is_level(&text[at - 3..at - 1]);
    let after = text.get(at + 2) == Some(&b'-') && text.get(at + 3..at + 5).is_some_and(is_level);
    // A dash between two letters was folded to a blank: "ls-sl".
    let blank_before = at >= 3 && text[at - 1] == b' ' && matches!(&text[at - 3..at - 1], b"ls" | b"ll");
    let blank_after =
        text.get(at + 2) == Some(&b' ') && matches!(text.get(at + 3..at + 5), Some(b"sl" | b"ls" | b"ll"));
    (before || after || blank_before || blank_after).then_some(mended)
}

/// A bit for each letter that occurs.
fn letters(word: &[u8]) -> u32 {
    word.iter().filter(|b| b.is_ascii_lowercase()).fold(0, |mask, b| mask | 1 << (b - b'a'))
}

/// Whether scanners take a letter for this digit.
const fn is_confused(byte: u8) -> bool {
    matches!(byte, b'0' | b'1')
}

/// The word with the digits that scanners confuse read as letters; `None` where it has none, or is no word.
fn read_digits_as_letters(word: &str) -> Option<String> {
    let bytes = word.as_bytes();
    let letters = bytes.iter().filter(|b| b.is_ascii_lowercase()).count();
    let confused = bytes.iter().filter(|b| is_confused(**b)).count();
    if confused == 0 || letters < 3 || letters + confused != bytes.len() {
        return None;
    }
    Some(
        word.chars()
            .map(|c| {
                if c == '0' {
                    'o'
                } else if c == '1' {
                    'l'
                } else {
                    c
                }
            })
            .collect(),
    )
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

    #[test]
    fn rn_of_scanners_is_m_in_known_words() {
        let mut lexicon = Lexicon::default();
        let phrases = "[[group]]\nconcept = \"normal\"\nsource = \"test\"\nphrases = [\"calm form\", \"minimum\", \"calrn\"]";
        lexicon.overlay("mine.toml", phrases).expect("no problems");
        let repairer = Repairer::new(&lexicon);
        for (printed, expected) in [
            ("a forrn", "a form"),
            ("rninimum", "minimum"),
            ("rninirnurn", "minimum"),
            ("calrn", "calrn"),
            ("form", "form"),
            ("modern", "modern"),
        ] {
            assert_eq!(repairer.repair(Folded::new(printed)).text(), expected, "{printed}");
        }
    }

    #[test]
    fn digits_of_scanners_are_letters() {
        assert_eq!(read_digits_as_letters("cana1").as_deref(), Some("canal"));
        assert_eq!(read_digits_as_letters("m0derate").as_deref(), Some("moderate"));
        assert_eq!(read_digits_as_letters("l1"), None);
        assert_eq!(read_digits_as_letters("m48061"), None);
    }
}
