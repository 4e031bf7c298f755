//! Symptoms and diseases that decide whether an injection is covered, with what the note says of each.

use super::passage::Passage;
use crate::lexicon::{Concept, Detail, Symptom};
use crate::model::{Complaint, SectionKind, Stated, Status};
use crate::relate::layers::within;

/// The complaints, each once for each status, in the order of the note.
pub(super) fn complaints(passages: &[Passage<'_, '_>]) -> Vec<(Stated<Complaint>, Status)> {
    let mut found: Vec<(Stated<Complaint>, Status)> = Vec::new();
    for passage in passages {
        if matches!(
            passage.section,
            SectionKind::Consent | SectionKind::FamilyHistory | SectionKind::Key | SectionKind::Comparison
        ) {
            continue;
        }
        let told = passage.details().filter_map(|(detail, span)| match detail {
            Detail::Complaint(complaint) => Some((complaint, span)),
            _ => None,
        });
        // "non-radicular" holds the word and means the other.
        let is_apart = |span| !told.clone().any(|(_, other)| other.overlaps(span));
        let radicular = within(passage.layers.clinical, passage.span)
            .iter()
            .filter(|m| m.concept == Concept::Symptom(Symptom::Radicular) && is_apart(m.span))
            .map(|m| (Complaint::Radicular, m.span));
        for (value, span) in told.clone().chain(radicular) {
            let status = passage.status(span);
            let is_known = found.iter().any(|(known, of)| known.value == value && *of == status);
            if status != Status::Family && !is_known {
                found.push((Stated { value, span: passage.place(span) }, status));
            }
        }
    }
    found.sort_by_key(|(complaint, _)| complaint.span);
    found
}
