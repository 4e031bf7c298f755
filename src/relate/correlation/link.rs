//! The links of a sentence: what each joins, or says not to fit.

use super::in_order;
use super::term::{Term, is_change};
use crate::context::Scopes;
use crate::lexicon::{Concept, Link, Sense, Symptom};
use crate::matching::Token;
use crate::model::{EvidenceList, Mention, Role, Status};
use crate::relate::layers::{Layers, within};
use crate::segment::Sentence;
use crate::text::FoldSpan;

/// How far after a question the box may stand that is ticked, in words and marks.
const ANSWER_REACH: usize = 12;

/// The answer to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Yes,
    No,
    Open,
}

/// What the links of a note say: the first that joins, and the first that denies.
#[derive(Debug, Default)]
pub(super) struct Links {
    pub(super) joined: Option<EvidenceList>,
    pub(super) denied: Option<EvidenceList>,
}

/// A sentence with a link in it.
pub(super) struct LinkSentence<'a, 'n> {
    pub(super) layers: &'a Layers<'a, 'n>,
    pub(super) sentence: &'a Sentence,
    /// The sentences before it that it may point to.
    pub(super) before: &'a [Sentence],
    pub(super) scopes: Scopes,
    /// Whether the note has findings of the spine, so that a change named in it is likely one of them.
    pub(super) is_spine: bool,
}

impl LinkSentence<'_, '_> {
    /// Reads the links among its `clinical` mentions into `found`.
    pub(super) fn read(&self, clinical: &[Mention<Concept>], found: &mut Links) {
        let mut from = self.sentence.span.start;
        let links = || {
            clinical
                .iter()
                .filter_map(|m| if let Concept::Link(l) = m.concept { Some((l, m.span)) } else { None })
        };
        for (at, (link, span)) in links().enumerate() {
            let to = links().nth(at + 1).map_or(self.sentence.span.end, |(_, next)| next.start);
            let left = self.left(FoldSpan::new(self.after_semicolon(from, span.start), span.start));
            let right = self.right(FoldSpan::new(span.end, self.before_semicolon(span.end, to)));
            from = span.end;
            let Some(is_denial) = self.is_denial(link, span) else { continue };
            let slot = if is_denial { &mut found.denied } else { &mut found.joined };
            if let (Some((symptom, imaging)), None) = (pair(link, left, right), &slot) {
                let parts = [(Role::Symptom, symptom), (Role::Link, span), (Role::Imaging, imaging)];
                *slot = Some(in_order(parts.map(|(role, span)| self.layers.evidence(role, span))));
            }
        }
    }

    /// Whether a link says that two things do not fit; `None` where it says nothing of them.
    fn is_denial(&self, link: Link, span: FoldSpan) -> Option<bool> {
        let assertion = self.scopes.assess(span);
        let answer = self.answer();
        Some(match (link, assertion.status) {
            _ if answer == Some(Answer::No) => true,
            _ if answer == Some(Answer::Open) => return None,
            (_, Status::Hypothetical | Status::Family) => return None,
            (Link::Denies, _) => true,
            // "no stenosis at L5-S1 is responsible" denies the stenosis.
            (_, Status::Absent) => assertion.scope.is_none_or(|s| {
                !self.names_change(s.cue.end, span.start) && !self.names_sign(s.cue.start, span.start)
            }),
            _ => false,
        })
    }

    /// What the next sentence says to one that asks: "Does the scan explain the pain? No."
    fn answer(&self) -> Option<Answer> {
        let (span, text) = (self.sentence.span, self.layers.folded.bytes());
        let asked =
            self.layers.folded.slice(span).ends_with('?') || text.get(span.end as usize) == Some(&b'?');
        if !asked {
            return None;
        }
        let byte = |token: &Token| text.get(token.start as usize).copied().unwrap_or(b' ');
        let first = self.layers.tokens.partition_point(|token| token.start < span.end);
        let rest = self.layers.tokens.get(first..).unwrap_or_default();
        let rest = rest.get(..ANSWER_REACH).unwrap_or(rest);
        // "[x] Y  [ ] N": the box that is ticked, whatever the letter.
        let is_ticked = |parts: &[Token]| {
            matches!(parts, [open, tick, close]
                if byte(open) == b'[' && byte(close) == b']' && byte(tick).is_ascii_alphabetic())
        };
        let ticked = rest.windows(3).position(is_ticked).map_or(0, |at| at + 3);
        let answer = rest.iter().skip(ticked).find(|token| byte(token).is_ascii_alphabetic());
        Some(match answer.and_then(|word| word.class.sense) {
            Some(Sense::No) => Answer::No,
            Some(Sense::Yes) => Answer::Yes,
            _ => Answer::Open,
        })
    }

    /// Whether a change is named between two places.
    fn names_change(&self, from: u32, to: u32) -> bool {
        from < to
            && within(self.layers.mentions, FoldSpan::new(from, to)).iter().any(|m| is_change(m.concept))
    }

    /// Whether a sign is named between two places: "the absent knee jerk fits with the scan".
    fn names_sign(&self, from: u32, to: u32) -> bool {
        let is_sign = |m: &Mention<Concept>| m.concept == Concept::Symptom(Symptom::Sign);
        from < to && within(self.layers.clinical, FoldSpan::new(from, to)).iter().any(is_sign)
    }

    /// Where what stands from `from` before `to` starts anew after its last semicolon.
    fn after_semicolon(&self, from: u32, to: u32) -> u32 {
        let text = self.layers.folded.bytes().get(from as usize..to as usize).unwrap_or_default();
        text.iter().rposition(|&b| b == b';').map_or(from, |at| from + at as u32 + 1)
    }

    /// Where what stands from `from` ends at its first semicolon, or at `to`.
    fn before_semicolon(&self, from: u32, to: u32) -> u32 {
        let text = self.layers.folded.bytes().get(from as usize..to as usize).unwrap_or_default();
        text.iter().position(|&b| b == b';').map_or(to, |at| from + at as u32)
    }
}

/// The symptom and the imaging that a link joins, of what stands before it and what follows.
fn pair(link: Link, left: Term, right: Term) -> Option<(FoldSpan, FoldSpan)> {
    match link {
        // "due to": what is explained stands before it, what explains it after.
        Link::Traces => left.symptom.zip(right.imaging),
        // "agreement between the scan and her pain"
        Link::Between => right.symptom.zip(right.imaging.or(right.study)),
        // "no correlation between the scan and her pain"
        Link::Denies => {
            left.symptom.or(right.symptom).zip(left.imaging.or(left.study).or(right.imaging).or(right.study))
        }
        Link::Joins => left
            .symptom
            .zip(right.imaging.or(right.study))
            .or_else(|| right.symptom.zip(left.imaging.or(left.study)))
            // "Her pain and the scan are concordant."
            .or_else(|| left.symptom.zip(left.imaging.or(left.study)).filter(|_| right.is_told)),
    }
}
