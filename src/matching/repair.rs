//! Spelling repair: misspelt and misread words become the words of the lexicon that they were meant to be.
//!
//! A word that is one slip away from a word of the vocabulary is read as that word ([`super::nearest`]). What scanners
//! confuse is read as it was printed: `cana1`, `m0derate`, `forarnen`, `L4-LS`.
//! Only notes that speak of the spine come here.

use std::borrow::Cow;

use crate::lexicon::Lexicon;
use crate::text::{FoldSpan, Folded, Moved};

use super::automaton::Automaton;
use super::nearest::{LONGEST, Nearest};
use super::vocabulary::WordKey;

const SHORTEST_KNOWN: usize = 4;

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
#[derive(Clone, Debug)]
pub struct Repairer {
    words: Nearest,
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
        Self { words: Nearest::new(lexicon.vocabulary().iter().map(String::as_str)) }
    }

    /// The words of a note that are misspelt, in order, each with what it was meant to be. `unknown` are the words of
    /// the note that `lexicon`, which is that of this vocabulary, does not have, in order.
    pub fn mend(&self, lexicon: &Automaton, folded: &Folded<'_>, unknown: &[FoldSpan]) -> Vec<Mended> {
        let words = Mender { words: &self.words, lexicon };
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
}

/// The words that repair works towards, and all that are known and never changed.
struct Mender<'a> {
    words: &'a Nearest,
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
        self.words.to(candidate).map(str::to_owned)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::FunctionWords;

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
