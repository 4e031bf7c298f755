//! How far cues reach.

use smallvec::SmallVec;

use super::Scope;
use crate::lexicon::{Concept, Direction, Sense, Word};
use crate::matching::{Token, tokens_within};
use crate::model::{Mention, Status};
use crate::text::{FoldSpan, Folded};

/// How far, in words, the "and" may stand that ends an alternative: "a versus b and c".
const LONGEST_ALTERNATIVE: usize = 16;

/// The scopes of a sentence's cues, in the order of the cues.
pub(super) fn scopes(
    folded: &Folded<'_>,
    tokens: &[Token],
    sentence: FoldSpan,
    mentions: &[Mention<Concept>],
    barriers: &[u32],
) -> SmallVec<[Scope; 6]> {
    let mut scopes = SmallVec::new();
    if mentions.is_empty() {
        return scopes;
    }
    let tokens = tokens_within(tokens, sentence);
    let sentence = CueSentence { text: folded.bytes(), span: sentence, tokens, mentions, barriers };
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
                let mut near = sentence.tokens(cue.end, end).iter().take(LONGEST_ALTERNATIVE);
                end = near.find(|token| is_and(token)).map_or(end, |and| and.start);
            }
            let reach = FoldSpan::new(cue.end, end);
            scopes.push(Scope { status, cue, reach });
        }
    }
    scopes
}

struct CueSentence<'a> {
    text: &'a [u8],
    span: FoldSpan,
    /// Its words, and what stands between them.
    tokens: &'a [Token],
    mentions: &'a [Mention<Concept>],
    barriers: &'a [u32],
}

impl<'a> CueSentence<'a> {
    fn tokens(&self, start: u32, end: u32) -> &'a [Token] {
        tokens_within(self.tokens, FoldSpan::new(start, end.max(start)))
    }

    /// The byte at which a word or mark starts.
    fn byte(&self, token: &Token) -> u8 {
        self.byte_at(token.start)
    }

    fn byte_at(&self, at: u32) -> u8 {
        self.text.get(at as usize).copied().unwrap_or(b' ')
    }

    /// Words and marks without the blanks at their end.
    fn trimmed<'t>(&self, tokens: &'t [Token]) -> &'t [Token] {
        let end = tokens.iter().rposition(|token| self.byte(token) != b' ').map_or(0, |last| last + 1);
        tokens.get(..end).unwrap_or_default()
    }

    /// Where the forward reach of the cue at `index` ends.
    fn forward(&self, index: usize, status: Status) -> u32 {
        let cue = self.mentions[index].span;
        let stop = self.mentions[index + 1..].iter().find(|m| self.ends(m, status)).map(|m| m.span.start);
        let barrier = self.barriers.iter().copied().find(|&b| b >= cue.end);
        let end = [stop, barrier].into_iter().flatten().fold(self.span.end, u32::min);
        if self.is_adjective(cue, status) { self.noun_phrase(cue.end, end, status) } else { end }
    }

    /// Whether a mention ends the reach of a cue before it that gives `status`.
    fn ends(&self, mention: &Mention<Concept>, status: Status) -> bool {
        match mention.concept {
            Concept::Terminator => true,
            // "no fever, possible cough" starts a new statement; "no possible cough" and "no cough or history
            // of cough" do not.
            Concept::Cue(other, Direction::Forward) => {
                other != status && self.starts_statement(mention.span.start)
            }
            _ => false,
        }
    }

    /// Where the backward reach of the cue at `index` starts.
    fn back(&self, index: usize) -> u32 {
        let cue = self.mentions[index].span;
        let is_past = matches!(self.mentions[index].concept, Concept::Cue(Status::Historical, _));
        let ends = |m: &&Mention<Concept>| {
            m.concept == Concept::Terminator && !(is_past && self.stands_for(m.span.end, cue.start))
        };
        let stop = self.mentions[..index].iter().rev().find(ends);
        let barrier = self.barriers.iter().copied().rev().find(|&b| b <= cue.start);
        let start = [stop.map(|m| m.span.end), barrier].into_iter().flatten().fold(self.span.start, u32::max);
        self.statement_start(self.tokens(start, cue.start)).unwrap_or(start)
    }

    /// Whether nothing but a pronoun stands between two places: "…; that has since resolved".
    fn stands_for(&self, start: u32, end: u32) -> bool {
        let mut words = self.tokens(start, end).iter().filter(|token| self.byte(token) != b' ');
        let is_pronoun = |token: &Token| token.class.sense == Some(Sense::Pronoun);
        words.next().is_some_and(is_pronoun) && words.next().is_none()
    }

    /// Whether a cue is one word before its noun: it says nothing beyond that noun. A denial always runs on.
    fn is_adjective(&self, cue: FoldSpan, status: Status) -> bool {
        let words = self.text.get(cue.range()).unwrap_or_default();
        matches!(status, Status::Historical | Status::Possible) && !words.contains(&b' ')
    }

    /// Where the noun phrase ends that starts at `start`, at the latest at `end`.
    fn noun_phrase(&self, start: u32, end: u32, status: Status) -> u32 {
        let mut words = 0;
        for token in self.tokens(start, end) {
            let byte = self.byte(token);
            let is_parted = token.end == end || self.byte_at(token.end) == b' ';
            if byte == b' ' {
                continue;
            }
            if token.start > start && self.byte_at(token.start - 1) == b' ' {
                words += 1;
                let is_joint =
                    matches!(token.class.word, Some(Word::With | Word::And)) && status == Status::Historical;
                if words > 1 && (is_predicate(token) || is_joint || byte == b'-' && is_parted) {
                    return token.start;
                }
            }
            if words > 0 && byte == b',' && is_parted {
                return token.end;
            }
        }
        end
    }

    /// Whether a comma, "and" or the like stands right before a place, and ends what comes before it.
    fn starts_statement(&self, at: u32) -> bool {
        let before = self.trimmed(self.tokens(self.span.start, at)).last();
        before.is_some_and(|token| {
            matches!(self.byte(token), b',' | b'(')
                || matches!(token.class.word, Some(Word::And | Word::With))
        })
    }

    /// Where in the words before a backward cue the statement that it closes starts, unless with the first of them:
    /// "A, B or C not seen" is one, "A is wide, B not seen" are two.
    fn statement_start(&self, before: &[Token]) -> Option<u32> {
        let is_comma = |token: &Token| self.byte(token) == b',';
        let mut words = self.trimmed(before);
        if let Some((_, rest)) = words.split_last().filter(|(last, _)| is_comma(last)) {
            words = rest;
        }
        let comma = words.iter().rposition(is_comma).map_or(0, |at| at + 1);
        let (list, tail) = words.split_at(comma);
        let is_list = tail.iter().any(|token| matches!(token.class.word, Some(Word::And | Word::Or)));
        let first = if is_list && !list.iter().any(is_predicate) { 0 } else { comma };
        let and = words.iter().rposition(is_and).filter(|&at| at >= first);
        let first = match and {
            Some(at) if words[first..at].iter().any(is_predicate) => at + 1,
            _ => first,
        };
        (first > 0).then(|| before.get(first).map(|token| token.start)).flatten()
    }
}

/// Whether a word starts a predicate: the noun phrase of an adjective cue ends before it, and a statement before "and"
/// that has one stands for itself.
fn is_predicate(token: &Token) -> bool {
    token.class.sense.is_some_and(Sense::is_predicate)
}

fn is_and(token: &Token) -> bool {
    token.class.word == Some(Word::And)
}
