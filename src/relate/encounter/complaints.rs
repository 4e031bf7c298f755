//! Symptoms and diseases that decide whether an injection is covered, with what the note says of each.

use super::kinds::Kinds;
use super::passage::Passages;
use crate::lexicon::{Concept, Detail, Symptom};
use crate::model::{Complaint, Mention, SectionKind, Stated, Status};

/// The complaints, each once for each status, in the order of the note.
pub(super) fn complaints(passages: &Passages<'_, '_>) -> Vec<(Stated<Complaint>, Status)> {
    let is_radicular = |m: &&Mention<Concept>| m.concept == Concept::Symptom(Symptom::Radicular);
    let mut found: Vec<(Stated<Complaint>, Status)> = Vec::new();
    for passage in &passages.all {
        let has_any = passage.has(Kinds::COMPLAINT) || passage.clinical.iter().any(|m| is_radicular(&m));
        if !has_any
            || matches!(
                passage.section,
                SectionKind::Consent
                    | SectionKind::FamilyHistory
                    | SectionKind::Key
                    | SectionKind::Comparison
            )
        {
            continue;
        }
        let told = passage.details().filter_map(|(detail, span)| match detail {
            Detail::Complaint(complaint) => Some((complaint, span)),
            _ => None,
        });
        // "non-radicular" holds the word and means the other.
        let is_apart = |span| !told.clone().any(|(_, other)| other.overlaps(span));
        let radicular = passage
            .clinical
            .iter()
            .filter(|m| is_radicular(m) && is_apart(m.span))
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
