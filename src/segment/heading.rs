//! Section headings: which mentions of the lexicon's heading phrases are headings, and which unknown words in
//! capitals before a colon are.

use super::stops::{Case, ascii_word_at};
use super::words::{List, WORDS};
use crate::lexicon::Concept;
use crate::model::{Mention, SectionKind};
use crate::text::{FoldSpan, Folded};

/// Longest addition to a heading phrase before its colon, in bytes: "FINDINGS (MRI of 3/4, outside):".
const LONGEST_ADDITION: usize = 60;

/// What closes a heading within a line, where no word does.
pub(super) const CLOSES: [u8; 6] = *b":]}*_(";

/// What joins two headings, where no word does.
pub(super) const JOINTS: [u8; 3] = *b"/&+";

/// Headings of fewer letters are joined to none: "S/P" is no heading of two.
const SHORTEST: u32 = 3;

/// A heading: what it opens, its words, and where what stands under it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Heading {
    pub(super) kind: SectionKind,
    pub(super) words: FoldSpan,
    pub(super) body: usize,
}

/// Where a heading phrase stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Position {
    /// At the start of a line, after a line that ended its statement.
    LineStart,
    /// At the start of a line, after one that did not.
    LineStartInside,
    /// Within a line, after a full stop.
    SentenceStart,
    /// Within a line.
    Inside,
}

/// What follows a heading phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Close {
    Colon,
    Dash,
    Stop,
    LineEnd,
    /// Words that are no heading, and the heading is set off by its capitals.
    Capitals,
}

/// The heading that the phrase `mark` makes at `place`, on a line that ends at `line_end`.
pub(super) fn known(
    folded: &Folded<'_>,
    mark: &Mention<Concept>,
    place: Position,
    line_end: usize,
) -> Option<Heading> {
    let Concept::Section(kind) = mark.concept else { return None };
    let start = mark.span.start as usize;
    let within_line = matches!(place, Position::Inside | Position::SentenceStart);
    if within_line && !may_close(folded.bytes(), mark.span.end as usize) {
        return None;
    }
    let case = Case::at(folded, start);
    let (close, body) = if let Some(body) = marked(folded, mark.span, line_end) {
        (Close::Colon, body)
    } else {
        let end = mark.span.end as usize;
        let added = || if kind == SectionKind::Addendum { added(folded, end, line_end) } else { None };
        close(folded, end, line_end, case).or_else(added)?
    };
    // "S:", "A/P:" are headings only in capitals, "hx:" also in small letters at the start of a line.
    let is_short = mark.span.len() <= if place == Position::LineStart { 1 } else { 2 };
    let capital = matches!(case, Case::Upper | Case::Title);
    let accepted = match (close, place) {
        (Close::Colon, Position::Inside) => capital && !is_short && after_blank(folded, start),
        (Close::Colon, _) => capital || !is_short,
        _ if within_line => false,
        // "A- stenosis", in a note by such letters
        (Close::Dash, Position::LineStart) if mark.span.len() == 1 => {
            capital && folded.bytes().get(mark.span.end as usize) == Some(&b'-')
        }
        (_, _) if mark.span.len() <= 2 => false,
        (Close::LineEnd, Position::LineStart) => true,
        (Close::LineEnd | Close::Stop | Close::Dash, _) => capital,
        (Close::Capitals, _) => case == Case::Upper && mark.span.len() >= 4,
    };
    accepted.then_some(Heading { kind, words: mark.span, body })
}

/// The heading that two phrases make together, of the kind of the last: "ORDERS / PLAN". One of consent is left to the
/// first, which tells more: "INDICATIONS AND CONSENT".
pub(super) fn joined(
    folded: &Folded<'_>,
    first: &Mention<Concept>,
    after: &[Mention<Concept>],
) -> Option<Mention<Concept>> {
    let start = past_joint(folded.bytes(), first.span.end as usize)? as u32;
    let from = after.partition_point(|m| m.span.start < start);
    let here = after.get(from..)?.iter().take_while(|m| m.span.start == start);
    let last = here.max_by_key(|m| m.span.end)?;
    let is_long = first.span.len() >= SHORTEST && last.span.len() >= SHORTEST;
    let span = FoldSpan::new(first.span.start, last.span.end);
    (is_long && last.concept != Concept::Section(SectionKind::Consent)).then_some(Mention { span, ..*last })
}

/// Where the second of two headings starts, past the mark or word that joins them.
fn past_joint(text: &[u8], end: usize) -> Option<usize> {
    let at = skip(text, end, b" ");
    let joint = match text.get(at)? {
        mark if JOINTS.contains(mark) => 1,
        _ if at > end => WORDS.joints.of(&text[at..])?,
        _ => return None,
    };
    Some(skip(text, at + joint, b" "))
}

/// Whether a phrase within a line that ends at `end` can be a heading, by itself or joined to another: nearly all there
/// are plain words, and this is the quick way past them.
pub(super) fn may_head_within(text: &[u8], end: usize) -> bool {
    let at = end + usize::from(text.get(end) == Some(&b' '));
    let is_led_on = text.get(at).is_some_and(|&byte| WORDS.is_after_heading(byte));
    is_led_on && (may_close(text, end) || past_joint(text, end).is_some())
}

/// Whether what follows a phrase can close a heading within a line.
fn may_close(text: &[u8], end: usize) -> bool {
    let rest = text.get(end..).unwrap_or_default();
    let rest = rest.strip_prefix(b" ").unwrap_or(rest);
    rest.first().is_some_and(|mark| CLOSES.contains(mark)) || WORDS.colon.of(rest).is_some()
}

fn after_blank(folded: &Folded<'_>, start: usize) -> bool {
    start > 0 && matches!(folded.bytes()[start - 1], b' ' | b'[' | b'*' | b'(' | b'.' | b';' | b',')
}

/// Where the body starts of a heading set off by emphasis or brackets alone: "** Plan ** rest", "[Plan] rest".
fn marked(folded: &Folded<'_>, phrase: FoldSpan, line_end: usize) -> Option<usize> {
    let line = folded.bytes().get(..line_end)?;
    let opening = *line.get(..phrase.start as usize)?.trim_ascii_end().last()?;
    let closing = if opening == b'[' { b']' } else { opening };
    let after = skip(line, phrase.end as usize, b" ");
    let is_marked = matches!(opening, b'[' | b'*' | b'_') && line.get(after) == Some(&closing);
    is_marked.then(|| body(line, after))
}

/// What closes a heading whose phrase ends at `end`, and where its body starts.
fn close(folded: &Folded<'_>, end: usize, line_end: usize, case: Case) -> Option<(Close, usize)> {
    let line = folded.bytes().get(..line_end)?;
    let mut at = skip(line, end, b" *_]}\"'");
    if line.get(at) == Some(&b'(') {
        let inner = line[at..].iter().take(LONGEST_ADDITION).position(|&b| b == b')');
        at = skip(line, at + inner? + 1, b" *_]}\"'");
    }
    let rest = line.get(at..)?;
    if let Some(said) = WORDS.colon.of(rest) {
        return Some((Close::Colon, body(line, at + said)));
    }
    match rest {
        [] => Some((Close::LineEnd, at)),
        [b':', ..] => Some((Close::Colon, body(line, at + 1))),
        [b'-', b' ', ..] | [b'-'] => Some((Close::Dash, body(line, at + 1))),
        [b'.', b' ', ..] | [b'.'] => Some((Close::Stop, at + 1)),
        _ if case == Case::Upper => capitals(folded, at, line_end),
        _ => None,
    }
}

/// What is added to the heading of an addendum after a comma, up to its colon: "ADDENDUM, same day, 16:20:".
fn added(folded: &Folded<'_>, end: usize, line_end: usize) -> Option<(Close, usize)> {
    let line = folded.bytes().get(..line_end)?;
    let addition = line.get(end..)?.strip_prefix(b",")?;
    let ends = |i: usize| addition[i] == b':' && addition.get(i + 1).is_none_or(|&b| b == b' ');
    let colon = (0..addition.len().min(LONGEST_ADDITION)).find(|&i| ends(i))?;
    Some((Close::Colon, body(line, end + 1 + colon + 1)))
}

/// After a phrase in capitals: more words in capitals and a colon ("FINDINGS LUMBAR SPINE:"), or a body that
/// starts with small letters ("HISTORY Low back pain").
fn capitals(folded: &Folded<'_>, at: usize, line_end: usize) -> Option<(Close, usize)> {
    let line = folded.bytes().get(..line_end)?;
    if Case::at(folded, at) == Case::Title && ascii_word_at(line, at).len() > 1 {
        return Some((Close::Capitals, at));
    }
    let addition =
        line[at..].iter().take(LONGEST_ADDITION).position(|&b| matches!(b, b':' | b'.' | b';' | b','))?;
    let colon = at + addition;
    let is_colon = line[colon] == b':' && is_capitals(folded, at, colon);
    is_colon.then(|| (Close::Colon, body(line, colon + 1)))
}

fn is_capitals(folded: &Folded<'_>, start: usize, end: usize) -> bool {
    let words = folded.note_text(FoldSpan::new(start as u32, end as u32));
    !words.bytes().any(|b| b.is_ascii_lowercase())
}

/// Past the blanks and ornaments after a heading's colon.
fn body(line: &[u8], at: usize) -> usize {
    let at = skip(line, at, b" *_]}:");
    // "Impression:- mild": the dash is an ornament unless it is a sign.
    match line.get(at..) {
        Some([b'-', next, ..]) if !next.is_ascii_digit() => skip(line, at, b"- "),
        _ => at,
    }
}

/// Past the bytes at `at` that are any of a few.
fn skip<const FEW: usize>(line: &[u8], at: usize, any: &[u8; FEW]) -> usize {
    at + line.get(at..).map_or(0, |rest| rest.iter().take_while(|b| any.contains(b)).count())
}

/// A heading that the lexicon does not know: one to five words in capitals before a colon at a line start, or
/// capitalised words before a colon that ends the line. Words with digits (levels) and sides head statements.
pub(super) fn unknown(folded: &Folded<'_>, start: usize, line_end: usize) -> Option<Heading> {
    let line = folded.bytes().get(..line_end)?;
    let length = line[start..].iter().take(LONGEST_ADDITION).position(|&b| !is_heading_byte(b))?;
    let colon = start + length;
    let phrase = &line[start..colon];
    if line[colon] != b':' || phrase.split(|&b| b == b' ').filter(|w| !w.is_empty()).count() > 5 {
        return None;
    }
    let alone = skip(line, colon + 1, b" *_]}") >= line_end;
    let headed = is_capitals(folded, start, colon) || alone && is_titled(folded, start, colon);
    let plausible = phrase.len() >= 3 && headed && !heads_statement(phrase);
    let words = FoldSpan::new(start as u32, colon as u32);
    plausible.then(|| Heading { kind: SectionKind::Other, words, body: body(line, colon + 1) })
}

fn is_heading_byte(b: u8) -> bool {
    b.is_ascii_alphabetic() || matches!(b, b' ' | b'/' | b'&' | b',' | b'(' | b')' | b'\'')
}

/// Whether every word of four letters or more has a capital.
fn is_titled(folded: &Folded<'_>, start: usize, end: usize) -> bool {
    let words = folded.note_text(FoldSpan::new(start as u32, end as u32));
    words.split([' ', '/', '-']).all(|w| w.len() < 4 || w.starts_with(|c: char| c.is_uppercase()))
}

/// "Right:", "Left foramen:": what follows is said of that side.
fn heads_statement(phrase: &[u8]) -> bool {
    WORDS.lists(ascii_word_at(phrase, 0)).has(List::Qualifiers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_closes_or_joins_a_heading_is_looked_at() {
        let closes = CLOSES.iter().map(|&mark| vec![mark]);
        let joints = JOINTS.iter().map(|&mark| vec![mark]);
        for mark in closes.chain(joints).chain([b"colon".to_vec(), b"and".to_vec()]) {
            for blanks in [&b" "[..], b"  "] {
                let text = [b"plan", blanks, &mark, b" x"].concat();
                let is_closed = may_close(&text, 4) || past_joint(&text, 4).is_some();
                assert_eq!(may_head_within(&text, 4), is_closed, "{}", mark.escape_ascii());
            }
        }
        assert!(may_head_within(b"plan:", 4) && may_head_within(b"plan and exam", 4));
        assert!(!may_head_within(b"plan made", 4) && !may_head_within(b"plan", 4));
    }
}
