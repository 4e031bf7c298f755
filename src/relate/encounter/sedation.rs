//! Sedation and complications.

use super::kinds::Kinds;
use super::passage::{Passage, Passages};
use crate::lexicon::{Detail, Measure, Telling};
use crate::model::{SectionKind, Sedation, Stated, Status};

/// How the patient was sedated: the deepest that is told; none where the note says so, or names local anaesthesia alone
/// under a heading of anaesthesia.
pub(super) fn sedation(passages: &Passages<'_, '_>) -> Option<Stated<Sedation>> {
    let mut deepest: Option<Stated<Sedation>> = None;
    for passage in passages.with(Kinds::SEDATION.or(Kinds::telling(Telling::Anesthesia))) {
        let is_list = passage.section == SectionKind::Medications && passage.tells(Telling::Route);
        if !passage.is_account && !is_list {
            continue;
        }
        let is_headed = passage.is_headed(Telling::Anesthesia);
        for (detail, span) in passage.details() {
            let Detail::Sedation(mut value) = detail else { continue };
            // "General" alone is anaesthesia only under its heading.
            let is_bare = value == Sedation::General && passage.layers.steps(span.start, span.end) == 1;
            if is_bare && !is_headed && !passage.tells(Telling::Anesthesia) {
                continue;
            }
            value = match passage.status(span) {
                _ if value == Sedation::None => value,
                Status::Present | Status::Possible => value,
                Status::Absent => Sedation::None,
                _ => continue,
            };
            if deepest.is_none_or(|known| known.value < value) {
                deepest = Some(Stated { value, span: passage.place(span) });
            }
        }
        if is_headed && deepest.is_none() && is_local_alone(passage) {
            deepest = Some(Stated { value: Sedation::None, span: passage.place(passage.span) });
        }
    }
    deepest
}

/// "None", "Local", "Local anesthetic, 1% lidocaine": whether what stands under a heading of anaesthesia is no more.
fn is_local_alone(passage: &Passage<'_, '_>) -> bool {
    let first = passage.measure_after(passage.span.start).map(|(measure, _)| measure);
    if first == Some(Measure::Nil) {
        return true;
    }
    let starts_local = passage.details().next().is_some_and(|(detail, span)| {
        span.start == passage.span.start
            && matches!(detail, Detail::Telling(Telling::Local | Telling::Skin) | Detail::Substance(_))
    });
    starts_local && !passage.tells(Telling::Route)
}

/// Whether there were complications.
pub(super) fn complications(passages: &Passages<'_, '_>) -> Option<Stated<bool>> {
    let mut none = None;
    let told = Kinds::tellings([Telling::Complication, Telling::NoComplication, Telling::Adverse]);
    for passage in passages.with(told).filter(|p| p.is_account) {
        if passage.is_headed(Telling::Complication) {
            let first = passage.measure_after(passage.span.start).map(|(measure, _)| measure);
            let value = first != Some(Measure::Nil) && !passage.tells(Telling::NoComplication);
            let stated = Stated { value, span: passage.place(passage.span) };
            if value {
                return Some(stated);
            }
            none = none.or(Some(stated));
        }
        for (detail, span) in passage.details() {
            let value = match detail {
                Detail::Telling(Telling::NoComplication) => false,
                Detail::Telling(Telling::Complication) if passage.status(span) == Status::Absent => false,
                Detail::Telling(Telling::Adverse) if passage.status(span) == Status::Present => true,
                _ => continue,
            };
            let stated = Stated { value, span: passage.place(span) };
            if value {
                return Some(stated);
            }
            none = none.or(Some(stated));
        }
    }
    none
}
