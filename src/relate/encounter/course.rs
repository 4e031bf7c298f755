//! What the procedure was for, and which one of a series it was.

use super::kinds::Kinds;
use super::passage::{Passage, Passages};
use super::relief::RELIEFS;
use crate::lexicon::{Act, Concept, Detail, Telling};
use crate::model::{Intent, Stated, Status};
use crate::text::FoldSpan;

/// How far before the procedure its intent may stand, in words: "diagnostic left L3, L4 and L5 medial branch block".
const INTENT_REACH: usize = 10;

/// How far after the procedure a bare number of it may stand, in words: "medial branch block, left (#2)".
const NUMBER_REACH: usize = 5;

/// What the procedure was for: the first intent that is said of a block or an injection, or both where both are.
pub(super) fn intent(passages: &Passages<'_, '_>) -> Option<Stated<Intent>> {
    let mut found: Option<Stated<Intent>> = None;
    for passage in passages.with(Kinds::INTENT).filter(|p| p.is_account) {
        for (detail, span) in passage.details() {
            let Detail::Intent(value) = detail else { continue };
            if !passage.is_so(span) || !is_of_act(passage, span) {
                continue;
            }
            match &mut found {
                None => found = Some(Stated { value, span: passage.place(span) }),
                Some(known) if known.value != value => known.value = Intent::Both,
                Some(_) => {}
            }
        }
    }
    found
}

/// Whether a procedure follows, or the phrase itself names a purpose: "for diagnostic purposes".
fn is_of_act(passage: &Passage<'_, '_>, span: FoldSpan) -> bool {
    let follows = |act: FoldSpan| act.start >= span.end && passage.apart(span, act) <= INTENT_REACH;
    let is_purpose = passage.between(span.start, span.end).contains(&b' ');
    is_purpose
        || passage.telling(Telling::Act).any(follows)
        || passage.acts.iter().any(|act| follows(act.span))
}

/// Which one of a series it was. A number of an injection whose relief is told is that of an earlier one.
pub(super) fn series(passages: &Passages<'_, '_>) -> Option<Stated<u8>> {
    let told = passages.with(Kinds::SERIES).filter(|p| p.is_account && !p.has(RELIEFS));
    told.flat_map(|passage| passage.details().map(move |(detail, span)| (passage, detail, span))).find_map(
        |(passage, detail, span)| match detail {
            Detail::Series(value)
                if passage.status(span) == Status::Present && is_number_of_act(passage, span) =>
            {
                Some(Stated { value, span: passage.place(span) })
            }
            _ => None,
        },
    )
}

/// Whether a bare number in brackets follows a procedure: "medial branch block (#2)". Other phrases name what they count.
fn is_number_of_act(passage: &Passage<'_, '_>, span: FoldSpan) -> bool {
    let is_bare = passage.text().get(span.start as usize) == Some(&b'(');
    let precedes = |act: FoldSpan| act.end <= span.start && passage.apart(act, span) <= NUMBER_REACH;
    !is_bare
        || passage.telling(Telling::Act).any(precedes)
        || passage
            .acts
            .iter()
            .any(|act| matches!(act.concept, Concept::Act(Act::Family(_))) && precedes(act.span))
}
