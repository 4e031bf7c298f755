//! What the sentences of a note tell of radiculopathies together: one fact, one record.

use smallvec::SmallVec;

use crate::model::{Evidence, EvidenceList, Radiculopathy, Role, Side, Status, Vertebra};
use crate::text::Span;

/// Puts evidence in the order of the note.
pub(super) fn in_order(evidence: &mut EvidenceList) {
    evidence.sort_unstable_by_key(|e: &Evidence| (e.span, e.role));
    evidence.dedup();
}

/// A record, and whether its head is a word for radicular pain.
pub(super) struct Found {
    pub(super) record: Radiculopathy,
    pub(super) is_felt: bool,
}

/// Drops what only says less, as for findings, and joins what one note says of one root in two places.
pub(super) fn merge(mut found: Vec<Found>) -> Vec<Radiculopathy> {
    lend_side(&mut found);
    end(&mut found);
    let mut kept: Vec<Radiculopathy> = Vec::with_capacity(found.len());
    for Found { record, .. } in found {
        if kept.iter().any(|other| says_all(other, &record)) {
            continue;
        }
        kept.retain(|other| !says_all(&record, other));
        kept.push(record);
    }
    kept
}

/// "Left cervical radiculopathy … it was C6 radiculopathy": a root without a side has the one side that the note gives.
fn lend_side(found: &mut [Found]) {
    let present = |f: &&Found| f.record.status == Status::Present;
    let Some(lender) = found.iter().filter(present).find(|f| f.record.side.is_some()) else { return };
    let lender = lender.record.clone();
    let disagrees =
        |f: &Found| f.record.side.is_some() && (f.record.side != lender.side || f.record.root.is_some());
    if lender.root.is_some() || found.iter().filter(present).any(disagrees) {
        return;
    }
    for Found { record, is_felt } in found.iter_mut() {
        if *is_felt && record.root.is_some() && record.side.is_none() && record.status == Status::Present {
            record.side = lender.side;
            record.evidence.extend(lender.evidence.iter().filter(|e| e.role == Role::Side).copied());
            in_order(&mut record.evidence);
        }
    }
}

/// "Right leg pain in an L4 distribution … now the radiculopathy has resolved": the one that the note tells of is past.
fn end(found: &mut [Found]) {
    let Some(Found { record: last, .. }) = found.last() else { return };
    let is_bare = last.status == Status::Historical && last.root.is_none() && last.side.is_none();
    let is_over = |e: &Evidence| e.role == Role::Cue && e.span.start > head_of(last).start;
    let told = found.iter().filter(|f| f.record.status == Status::Present);
    let mut roots: SmallVec<[Option<Vertebra>; 4]> = told.map(|f| f.record.root).collect();
    roots.dedup();
    if !is_bare || roots.len() != 1 || !last.evidence.iter().any(is_over) {
        return;
    }
    for Found { record, .. } in found.iter_mut().filter(|f| f.record.status == Status::Present) {
        record.status = Status::Historical;
    }
}

/// The words for the symptom of a record.
fn head_of(record: &Radiculopathy) -> Span {
    record.evidence.iter().find(|e| e.role == Role::Symptom).map_or_else(Span::default, |e| e.span)
}

/// Whether `more` says all that `less` says.
fn says_all(more: &Radiculopathy, less: &Radiculopathy) -> bool {
    let side = match (more.side, less.side) {
        (_, None) | (Some(Side::Bilateral), _) => true,
        (a, b) => a == b,
    };
    more.status == less.status && (less.root.is_none() || more.root == less.root) && side
}
