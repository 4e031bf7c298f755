//! Spelling repair: misspelt and misread words become the words of the lexicon that they were meant to be.
//!
//! A word of six letters or more that is one slip away (a letter too many, too few, changed, or two swapped;
//! Damerau 1964) from a word of the vocabulary is read as that word, if it starts with the same letter or its
//! neighbour was swapped. What scanners confuse is read as it was printed: `cana1`, `m0derate`, `forarnen`, `L4-LS`.
//! Only notes that speak of the spine come here.

use std::borrow::Cow;
use std::ops::Range;

use crate::lexicon::Lexicon;
use crate::text::{FoldSpan, Folded, Moved};

use super::automaton::Automaton;
use super::vocabulary::WordKey;

const SHORTEST: usize = 6;
/// Words of this length are mended only where two neighbours were swapped: other slips lead to other words.
const SHORTEST_SWAPPED: usize = 5;
const SHORTEST_KNOWN: usize = 4;

/// Words of the vocabulary are no longer than this, nor are words that are mended.
const LONGEST: usize = 31;

/// How far, in bytes, the reading of a misread level looks beside it.
const BESIDE: u32 = 5;

/// A misspelt word, and what it was meant to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mended {
    /// Where it stands.
    pub span: FoldSpan,
    /// The word that was meant.
    pub word: Cow<'static, str>,
}

/// The words that spelling repair works towards.
#[derive(Clone, Debug, Default)]
pub struct Repairer {
    words: Vec<Box<str>>,
    /// The letters of each word, by which nearly all are passed over: side by side, for many are asked.
    letters: Vec<u32>,
    /// Where the words of a length and first letter start in `words`, by [`group`]; the next group follows.
    groups: Vec<u32>,
}

/// The number of the words of a length, at most [`LONGEST`], and a first letter.
const fn group(length: usize, first: u8) -> usize {
    length << 5 | (first & 0x1f) as usize
}

/// Whether a word is worth a look: one that the lexicon does not know, or what may be a level misread.
pub(super) fn may_be_misread(word: WordKey, is_known: bool) -> bool {
    // The rarer test first, as few words are unknown.
    !is_known && (SHORTEST_KNOWN..=LONGEST).contains(&word.len())
        || word.len() == 2 && matches!((word.first(), word.second()), (b'l' | b's', b's' | b'l'))
}

impl Repairer {
    /// Takes the vocabulary of a lexicon.
    pub fn new(lexicon: &Lexicon) -> Self {
        let of_length = |word: &&String| (SHORTEST_SWAPPED..=LONGEST).contains(&word.len());
        let mut words: Vec<Box<str>> =
            lexicon.vocabulary().iter().filter(of_length).map(|word| word.as_str().into()).collect();
        let group_of = |word: &str| group(word.len(), word.as_bytes()[0]);
        words.sort_by(|a, b| group_of(a).cmp(&group_of(b)).then_with(|| a.cmp(b)));
        let groups = (0..=group(LONGEST + 1, 0x1f))
            .map(|group| words.partition_point(|word| group_of(word) < group) as u32)
            .collect();
        let letters = words.iter().map(|word| letters(word.as_bytes())).collect();
        Self { words, letters, groups }
    }

    /// The words of a note that are misspelt, in order, each with what it was meant to be. `unknown` are the words of
    /// the note that `lexicon`, which is that of this vocabulary, does not have, in order.
    pub fn mend(&self, lexicon: &Automaton, folded: &Folded<'_>, unknown: &[FoldSpan]) -> Vec<Mended> {
        let words = Mender { words: self, lexicon };
        let mend = |&span: &FoldSpan| {
            let word = if span.len() == 2 {
                mend_level(folded.bytes(), span.start as usize).map(Cow::Borrowed)
            } else {
                words.mend_in(folded, span).map(Cow::Owned)
            };
            Some(Mended { span, word: word? })
        };
        unknown.iter().filter_map(mend).collect()
    }

    /// The misspelt words of a note that was edited, as [`Repairer::mend`] reads them: `mended` are those of its folded
    /// view before `edit`.
    pub fn mend_again(
        &self,
        lexicon: &Automaton,
        folded: &Folded<'_>,
        unknown: &[FoldSpan],
        mended: Vec<Mended>,
        edit: Moved,
    ) -> Vec<Mended> {
        let near = Moved {
            start: edit.start.saturating_sub(BESIDE),
            old_end: edit.old_end + BESIDE,
            new_end: edit.new_end + BESIDE,
        };
        let first = unknown.partition_point(|span| span.end < near.start);
        let last = unknown.partition_point(|span| span.start <= near.new_end).max(first);
        let mut again = Vec::with_capacity(mended.len() + 4);
        let mut after = mended.into_iter().peekable();
        while let Some(before) = after.next_if(|word| word.span.end < near.start) {
            again.push(before);
        }
        again.extend(self.mend(lexicon, folded, &unknown[first..last]));
        again.extend(after.filter_map(|word| Some(Mended { span: near.span(word.span)?, ..word })));
        again
    }

    /// The places of the words of a group.
    fn group(&self, number: usize) -> Range<usize> {
        let end = |number: usize| self.groups.get(number).map_or(0, |&end| end as usize);
        end(number)..end(number + 1)
    }

    fn nearest(&self, word: &[u8]) -> Option<&str> {
        if !word.is_ascii() {
            return None;
        }
        let (mask, first) = (letters(word), *word.first()?);
        let is_near = |known: &str, of_known: u32| {
            has_two_at_most(of_known ^ mask)
                && (word.len() >= SHORTEST || known.len() == word.len() && of_known == mask)
                && is_one_slip(word, known.as_bytes())
        };
        let mut lengths = word.len() - 1..=(word.len() + 1).min(LONGEST);
        lengths.find_map(|length| {
            let group = self.group(group(length, first));
            let words = &self.words[group.clone()];
            let mut known = words.iter().zip(&self.letters[group]);
            known.find(|(known, letters)| is_near(known, **letters)).map(|(known, _)| &**known)
        })
    }
}

/// The words that repair works towards, and all that are known and never changed.
struct Mender<'a> {
    words: &'a Repairer,
    lexicon: &'a Automaton,
}

impl Mender<'_> {
    fn knows(&self, word: &str) -> bool {
        word.len() >= SHORTEST_KNOWN && self.lexicon.has_word(word.as_bytes())
    }

    /// The word at a place, mended; a capital I inside small letters is an l that a scanner misread.
    fn mend_in(&self, folded: &Folded<'_>, span: FoldSpan) -> Option<String> {
        let word = folded.slice(span);
        if word.contains('i') {
            let printed = folded.note_text(span);
            let is_misread =
                |(i, c): (usize, char)| c == 'I' && printed[i + 1..].starts_with(|n: char| n.is_lowercase());
            if printed.len() == word.len() && printed.char_indices().any(is_misread) {
                let read: String = printed
                    .char_indices()
                    .map(|(i, c)| if is_misread((i, c)) { 'l' } else { c.to_ascii_lowercase() })
                    .collect();
                return if self.knows(&read) { Some(read) } else { self.mend(&read) };
            }
        }
        self.mend(word)
    }

    /// The word that an unknown `word` was meant to be.
    fn mend(&self, word: &str) -> Option<String> {
        let unscanned = read_digits_as_letters(word);
        if unscanned.as_deref().is_some_and(|read| self.knows(read)) {
            return unscanned;
        }
        let candidate = unscanned.as_deref().unwrap_or(word);
        if let Some(mended) = self.read_rn_as_m(candidate) {
            return Some(mended);
        }
        if candidate.len() < SHORTEST_SWAPPED {
            return None;
        }
        self.words.nearest(candidate.as_bytes()).map(str::to_owned)
    }

    /// The known word in which scanners took an "m" for "rn", at one place or at all.
    fn read_rn_as_m(&self, word: &str) -> Option<String> {
        if !word.as_bytes().windows(2).any(|pair| pair == b"rn") {
            return None;
        }
        let single = word.match_indices("rn").map(|(at, _)| format!("{}m{}", &word[..at], &word[at + 2..]));
        single.chain([word.replace("rn", "m")]).find(|candidate| self.knows(candidate))
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

/// Whether no more than two bits are set; counting them takes longer.
const fn has_two_at_most(bits: u32) -> bool {
    let without_one = bits & bits.wrapping_sub(1);
    without_one & without_one.wrapping_sub(1) == 0
}

/// Whether scanners take a letter for this digit.
const fn is_confused(byte: u8) -> bool {
    matches!(byte, b'0' | b'1')
}

/// The word with the digits that scanners confuse read as letters; `None` where it has none, or is no word.
fn read_digits_as_letters(word: &str) -> Option<String> {
    let bytes = word.as_bytes();
    let confused = bytes.iter().filter(|b| is_confused(**b)).count();
    if confused == 0 {
        return None;
    }
    let letters = bytes.iter().filter(|b| b.is_ascii_lowercase()).count();
    if letters < 3 || letters + confused != bytes.len() {
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
    use crate::matching::FunctionWords;

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
            let folded = Folded::new(printed);
            let automaton = Automaton::new(&lexicon, &FunctionWords::new(&lexicon));
            let mended = repairer.mend(&automaton, &folded, &automaton.find(&folded).unknown);
            let words: Vec<_> = mended.iter().map(|mended| (mended.span, &*mended.word)).collect();
            assert_eq!(folded.with_replacements(&words).text(), expected, "{printed}");
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
