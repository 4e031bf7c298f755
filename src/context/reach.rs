//! How far cues reach.

use smallvec::SmallVec;

use super::Scope;
use crate::lexicon::{Concept, Direction};
use crate::model::{Mention, Status};
use crate::text::{FoldSpan, Folded};

/// Words that start a predicate: the noun phrase of an adjective cue ends before them, and a statement before "and"
/// that has one of them stands for itself.
const PREDICATES: &[&str] = &[
    "is",
    "are",
    "was",
    "were",
    "has",
    "have",
    "had",
    "shows",
    "show",
    "showed",
    "demonstrates",
    "demonstrate",
    "reveals",
    "remains",
    "remain",
    "now",
    "there",
    "appears",
    "causes",
    "causing",
    "measures",
];

/// How long the words may be, in bytes, that stand as an alternative to others.
const LONGEST_ALTERNATIVE: u32 = 100;

/// The scopes of a sentence's cues, in the order of the cues.
pub(super) fn scopes(
    folded: &Folded<'_>,
    sentence: FoldSpan,
    mentions: &[Mention<Concept>],
    barriers: &[u32],
) -> SmallVec<[Scope; 6]> {
    let sentence = Sentence { text: folded.bytes(), span: sentence, mentions, barriers };
    let mut scopes = SmallVec::new();
    for (index, mention) in mentions.iter().enumerate() {
        let Concept::Cue(status, direction) = mention.concept else { continue };
        let cue = mention.span;
        if matches!(direction, Direction::Backward | Direction::Both) {
            let reach = FoldSpan::new(sentence.back(index), cue.start);
            scopes.push(Scope { status, cue, reach });
        }
        if matches!(direction, Direction::Forward | Direction::Both) {
            let mut end = sentence.forward(index, status);
            // "a versus b and c" hedges the first two.
            if direction == Direction::Both && status == Status::Possible {
                let near = sentence.words(cue.end, end.min(cue.end + LONGEST_ALTERNATIVE));
                end = near.windows(5).position(|w| w == b" and ").map_or(end, |at| cue.end + at as u32);
            }
            let reach = FoldSpan::new(cue.end, end);
            scopes.push(Scope { status, cue, reach });
        }
    }
    scopes
}

struct Sentence<'a> {
    text: &'a [u8],
    span: FoldSpan,
    mentions: &'a [Mention<Concept>],
    barriers: &'a [u32],
}

impl Sentence<'_> {
    fn words(&self, start: u32, end: u32) -> &[u8] {
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }

    /// Where the forward reach of the cue at `index` ends.
    fn forward(&self, index: usize, status: Status) -> u32 {
        let cue = self.mentions[index].span;
        let stop = self.mentions[index + 1..].iter().find(|m| self.ends(m, status)).map(|m| m.span.start);
        let barrier = self.barriers.iter().copied().find(|&b| b >= cue.end);
        let end = [stop, barrier].into_iter().flatten().fold(self.span.end, u32::min);
        let words = self.words(cue.end, end);
        if is_adjective(self.words(cue.start, cue.end), status) {
            cue.end + noun_phrase(words, status) as u32
        } else {
            end
        }
    }

    /// Whether a mention ends the reach of a cue before it that gives `status`.
    fn ends(&self, mention: &Mention<Concept>, status: Status) -> bool {
        match mention.concept {
            Concept::Terminator => true,
            // "no fever, possible cough" starts a new statement; "no possible cough" and "no cough or history
            // of cough" do not.
            Concept::Cue(other, Direction::Forward) => {
                other != status && starts_statement(self.words(self.span.start, mention.span.start))
            }
            _ => false,
        }
    }

    /// Where the backward reach of the cue at `index` starts.
    fn back(&self, index: usize) -> u32 {
        let cue = self.mentions[index].span;
        let stop = self.mentions[..index].iter().rev().find(|m| m.concept == Concept::Terminator);
        let barrier = self.barriers.iter().copied().rev().find(|&b| b <= cue.start);
        let start = [stop.map(|m| m.span.end), barrier].into_iter().flatten().fold(self.span.start, u32::max);
        start + statement_start(self.words(start, cue.start)) as u32
    }
}

/// Whether a cue is one word before its noun: it says nothing beyond that noun. A denial always runs on.
fn is_adjective(cue: &[u8], status: Status) -> bool {
    matches!(status, Status::Historical | Status::Possible) && !cue.contains(&b' ')
}

/// The length of the noun phrase at the start of `words`.
fn noun_phrase(words: &[u8], status: Status) -> usize {
    let mut at = 0;
    for (i, word) in words.split(|&b| b == b' ').enumerate() {
        let ends = PREDICATES.iter().any(|p| p.as_bytes() == word)
            || status == Status::Historical && (word == b"with" || word == b"and")
            || word == b"-";
        if i > 1 && ends {
            return at;
        }
        at += word.len();
        if i > 0 && word.ends_with(b",") {
            return at;
        }
        at += 1;
    }
    words.len()
}

/// Whether a comma or "and" ends what comes before a cue.
fn starts_statement(before: &[u8]) -> bool {
    let before = before.trim_ascii_end();
    before.ends_with(b",")
        || before.ends_with(b" and")
        || before.ends_with(b" with")
        || before.ends_with(b"(")
}

/// Where in `words`, which lie before a backward cue, the statement that it closes starts: "A, B or C not seen"
/// is one, "A is wide, B not seen" are two.
fn statement_start(words: &[u8]) -> usize {
    let trimmed = words.trim_ascii_end();
    let trimmed = trimmed.strip_suffix(b",").unwrap_or(trimmed);
    let tail = trimmed.iter().rposition(|&b| b == b',').map_or(0, |i| i + 1);
    let is_list = has_word(&trimmed[tail..], &["or", "and"]);
    let start = if is_list && !has_word(&trimmed[..tail], PREDICATES) { 0 } else { tail };
    let and = trimmed[start..].windows(5).rposition(|w| w == b" and ");
    match and {
        Some(at) if has_word(&trimmed[start..start + at], PREDICATES) => start + at + 5,
        _ => start,
    }
}

fn has_word(words: &[u8], any: &[&str]) -> bool {
    words.split(|&b| b == b' ').any(|word| any.iter().any(|a| a.as_bytes() == word))
}
