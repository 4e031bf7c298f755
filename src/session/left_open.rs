//! Gaps that the clinician has left open for good: "unable to determine", "other".
//!
//! Such a gap is known again by its facts, or by its words, which are followed through the edits: it stays the same gap
//! when its finding moves, when another of its gaps is filled, and when its words are cut and put back elsewhere. Of
//! two findings with equal facts, the nearer one to where the answered one stood is meant.

use std::ops::Range;

use super::facts::GapFacts;
use crate::model::{Audit, Gap, LeftOpen, Role};
use crate::text::Span;

/// The answers that left gaps open.
#[derive(Debug, Default)]
pub(super) struct Answers {
    answers: Vec<Answer>,
}

#[derive(Debug)]
struct Answer {
    facts: GapFacts,
    /// Where the words stand that the gap is a gap of, in the draft as it is now; empty at where they stood, when
    /// they were taken out.
    place: Option<Span>,
    option: String,
}

impl Answers {
    /// Leaves a gap of the audit open.
    pub(super) fn leave_open(&mut self, audit: &Audit, gap: usize, option: &str) {
        let Some(gap) = audit.gaps.get(gap) else { return };
        let (facts, place) = (GapFacts::of(audit, gap), place_of(audit, gap));
        self.answers.push(Answer { facts, place, option: option.to_owned() });
    }

    /// Follows an edit that puts `length` bytes in place of a range.
    pub(super) fn shift(&mut self, range: &Range<usize>, length: usize) {
        let moved = |at: u32| {
            let at = at as usize;
            let now = if at >= range.end { at - range.len() + length } else { at.min(range.start) };
            now as u32
        };
        for place in self.answers.iter_mut().filter_map(|answer| answer.place.as_mut()) {
            *place = Span::new(moved(place.start), moved(place.end));
        }
    }

    /// The gaps of the audit that were left open, in its order. Each answer is of one gap at most; what the gap is now
    /// is kept for the next time.
    pub(super) fn left_open(&mut self, audit: &Audit) -> Vec<LeftOpen> {
        let mut left: Vec<LeftOpen> = Vec::new();
        for answer in &mut self.answers {
            let open = audit
                .gaps
                .iter()
                .enumerate()
                .map(|(index, gap)| (index, GapFacts::of(audit, gap), place_of(audit, gap)));
            let known = open
                .filter(|(index, ..)| !left.iter().any(|taken| taken.gap == *index))
                .filter_map(|(index, facts, place)| {
                    Some((answer.likeness(&facts, place)?, index, facts, place))
                })
                .min_by_key(|&(likeness, index, ..)| (likeness, index));
            if let Some((_, gap, facts, place)) = known {
                (answer.facts, answer.place) = (facts, place);
                left.push(LeftOpen { gap, answer: answer.option.clone() });
            }
        }
        left.sort_unstable_by_key(|left| left.gap);
        left
    }
}

impl Answer {
    /// How little a gap is like the one that was answered: first those of equal facts, the nearest before others, then
    /// one of the same words that says more or less now. `None` where it is another.
    fn likeness(&self, facts: &GapFacts, place: Option<Span>) -> Option<(bool, u32)> {
        let (here, there) = (self.place.unwrap_or_default(), place.unwrap_or_default());
        if *facts == self.facts {
            return Some((false, here.start.abs_diff(there.start)));
        }
        (facts.agrees(&self.facts) && here.overlaps(there)).then_some((true, 0))
    }
}

/// Where the words stand that a gap is a gap of; `None` for the note as a whole.
fn place_of(audit: &Audit, gap: &Gap) -> Option<Span> {
    let evidence = audit.fact(gap.finding, gap.procedure).evidence();
    let anchor = evidence.iter().find(|e| e.role == Role::Anchor).or(evidence.first())?;
    Some(anchor.span)
}
