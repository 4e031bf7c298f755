//! Which dots, question marks and exclamation marks end a sentence.

use crate::text::Folded;

/// The word as one number, in the order of words; `None` for a word longer than all in the lists below.
const fn key(word: &[u8]) -> Option<u64> {
    if word.len() > 8 {
        return None;
    }
    let mut key = 0;
    let mut i = 0;
    while i < 8 {
        key = key << 8 | if i < word.len() { word[i] as u64 } else { 0 };
        i += 1;
    }
    Some(key)
}

/// The keys of sorted words, none longer than eight bytes.
const fn keys<const N: usize>(words: [&str; N]) -> [u64; N] {
    let mut keys = [0; N];
    let mut i = 0;
    while i < N {
        if let Some(key) = key(words[i].as_bytes()) {
            keys[i] = key;
        }
        i += 1;
    }
    keys
}

/// Before a dot: never the end of a sentence.
const LEADS_ON: [u64; 23] = keys([
    "approx", "ca", "cf", "dr", "drs", "e.g", "eg", "esp", "fig", "figs", "i.e", "ie", "incl", "lig",
    "messrs", "mr", "mrs", "ms", "prof", "ref", "st", "viz", "vs",
]);

/// Before a dot: the end of a sentence only where a new one visibly starts ("Lt. foramen", "at 5 mm. The").
const SHORTENED: [u64; 74] = keys([
    "abnl", "add", "adj", "al", "alt", "ant", "apr", "aug", "avg", "bil", "bilat", "cent", "circ", "compl",
    "dec", "dept", "diff", "dist", "dx", "exam", "ext", "feb", "flex", "foram", "freq", "gen", "hosp", "ht",
    "hx", "imp", "inc", "inf", "inj", "int", "jan", "jul", "jun", "lat", "lt", "mar", "max", "mech", "med",
    "min", "mod", "neg", "nl", "norm", "nov", "oct", "orig", "poss", "post", "prev", "prob", "prox", "pt",
    "pts", "re", "resp", "rt", "rx", "sep", "sept", "sev", "sig", "sl", "sup", "surg", "sx", "tab", "temp",
    "tx", "wt",
]);

/// Units: as [`SHORTENED`], but in a note all in capitals they end the sentence.
const UNITS: [u64; 29] = keys([
    "a.m", "cc", "cm", "deg", "ft", "g", "gm", "gms", "hr", "hrs", "in", "kg", "lb", "lbs", "mcg", "mg",
    "mins", "ml", "mm", "mo", "mos", "oz", "p.m", "sec", "secs", "wk", "wks", "yr", "yrs",
]);

/// Words that start sentences and do not follow a side's initial.
const STARTERS: [u64; 24] = keys([
    "a", "all", "an", "and", "at", "by", "he", "her", "his", "in", "is", "it", "no", "on", "patient", "she",
    "the", "their", "there", "these", "they", "this", "we", "with",
]);

/// Whether the mark at `dot` ends a sentence.
pub(super) fn ends_sentence(folded: &Folded<'_>, dot: usize) -> bool {
    let text = folded.bytes();
    let mut after = dot + 1;
    while matches!(text.get(after), Some(b'"' | b')' | b']' | b'}' | b'\'' | b'*' | b'_')) {
        after += 1;
    }
    let next = text.get(after).copied();
    match (text[dot], next) {
        (_, None) | (b'!', Some(b' ')) => true,
        (b'.', Some(b' ')) => dot_ends(folded, dot, after + 1),
        // "noted.No": a blank was forgotten, unless the dot is of an abbreviation or a name.
        (b'.', Some(b)) if b.is_ascii_alphabetic() && after == dot + 1 => {
            let word = word_before(text, dot);
            let next_word = word_at(text, after);
            word.len() >= 3
                && word.iter().all(u8::is_ascii_alphabetic)
                && next_word.len() >= 2
                && !is_listed(word, &[&LEADS_ON, &SHORTENED, &UNITS])
        }
        (b'?', Some(b' ')) => dot > 0 && text[dot - 1] != b' ',
        _ => false,
    }
}

/// Whether the dot at `dot` ends a sentence, if a blank and then `next` follow.
fn dot_ends(folded: &Folded<'_>, dot: usize, next: usize) -> bool {
    let text = folded.bytes();
    let word = word_before(text, dot);
    let next_word = word_at(text, next);
    match word {
        b"no" => !next_word.first().is_some_and(u8::is_ascii_digit),
        _ if is_listed(word, &[&LEADS_ON]) => false,
        // "L. foramen" starts a statement; "on the L. The" and "R > L. Relief" end one.
        b"l" | b"r" => {
            let before = text[..dot - 1].trim_ascii_end().last();
            let starts = matches!(before, None | Some(b'.' | b':' | b';' | b','));
            // "L > R. C6-7: …"
            let is_compared = matches!(before, Some(b'>' | b'<')) && is_level(next_word);
            is_listed(next_word, &[&STARTERS])
                || is_compared
                || !starts && Case::at(folded, next) == Case::Title
        }
        [letter] if letter.is_ascii_alphabetic() => Case::at(folded, next) != Case::Lower,
        _ if is_listed(word, &[&UNITS]) => Case::at(folded, next) != Case::Lower,
        _ if word.len() <= 5 && (is_listed(word, &[&SHORTENED]) || is_dotted(word)) => {
            Case::at(folded, next) == Case::Title || is_level(next_word)
        }
        _ => true,
    }
}

/// "L4": after a shortened word the next level opens a statement, "mild bilat. L5-S1: …".
fn is_level(word: &[u8]) -> bool {
    matches!(word, [b'c' | b't' | b'l' | b's', b'0'..=b'9', ..])
}

/// "M.D", "U.S".
fn is_dotted(word: &[u8]) -> bool {
    word.len() >= 3
        && word.len() % 2 == 1
        && word.iter().enumerate().all(|(i, b)| (i % 2 == 1) == (*b == b'.'))
}

/// Whether one of the lists has the word.
fn is_listed(word: &[u8], lists: &[&[u64]]) -> bool {
    key(word).is_some_and(|key| lists.iter().any(|list| list.binary_search(&key).is_ok()))
}

/// The letters, digits and inner dots that end at `end`.
fn word_before(text: &[u8], end: usize) -> &[u8] {
    // A word longer than this is no abbreviation.
    let from = end.saturating_sub(12);
    let head = &text[from..end];
    let start = head.iter().rposition(|b| !(b.is_ascii_alphanumeric() || *b == b'.')).map_or(0, |i| i + 1);
    &head[start..]
}

/// The letters and digits that start at `start`.
pub(super) fn word_at(text: &[u8], start: usize) -> &[u8] {
    let rest = text.get(start..).unwrap_or_default();
    &rest[..rest.iter().position(|b| !b.is_ascii_alphanumeric()).unwrap_or(rest.len())]
}

/// How a word is written in the note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    /// Starts with a small letter.
    Lower,
    /// A capital and then small letters, or a capital alone: "Mild", "R".
    Title,
    /// Capitals, or a capital with digits: "MILD", "L4".
    Upper,
    /// No letter.
    None,
}

impl Case {
    /// The case of the word at `at` of the view.
    pub(super) fn at(folded: &Folded<'_>, at: usize) -> Self {
        let note = folded.note().as_bytes().get(folded.note_offset(at as u32) as usize..).unwrap_or_default();
        match note {
            [a, ..] if a.is_ascii_lowercase() => Self::Lower,
            [a, b, ..] if a.is_ascii_uppercase() && (b.is_ascii_uppercase() || b.is_ascii_digit()) => {
                Self::Upper
            }
            [a, ..] if a.is_ascii_uppercase() => Self::Title,
            _ => Self::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_can_be_searched() {
        for list in [&LEADS_ON[..], &SHORTENED, &UNITS, &STARTERS] {
            assert!(list.is_sorted() && list.iter().all(|&key| key > 0));
        }
    }
}
