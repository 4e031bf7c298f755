//! How the needle was guided and seen: guidance, contrast, images, views, the needle itself.

use super::passage::Passage;
use crate::lexicon::{Concept, Detail, Measure, Sense, Telling, View};
use crate::matching::Unit;
use crate::model::{Guidance, SectionKind, Stated, Status, Substance};
use crate::text::{FoldSpan, Span};

/// How far before contrast its volume may begin, in words: "1 mL of non-ionic".
const VOLUME_REACH: usize = 6;

/// How far "saved" may stand from the images that are, in words.
const KEPT_REACH: usize = 10;

/// Most marks between the sizes of a needle.
const SIZE_REACH: usize = 3;

/// How far after one word of its name another may stand, in words: "22G, 3.5 inch Quincke".
const NAME_REACH: usize = 5;

/// How needles were guided: the first that is told.
pub(super) fn guidance(passages: &[Passage<'_, '_>]) -> Option<Stated<Guidance>> {
    let mut denied = None;
    for passage in passages.iter().filter(|p| p.is_account) {
        for (detail, span) in passage.details() {
            let Detail::Guidance(guidance) = detail else { continue };
            let value = match passage.status(span) {
                // A denial may be part of the phrase: "without fluoroscopy".
                _ if guidance == Guidance::None => Guidance::None,
                Status::Present | Status::Possible => guidance,
                Status::Absent => Guidance::None,
                _ => continue,
            };
            let stated = Stated { value, span: passage.place(span) };
            if value != Guidance::None {
                return Some(stated);
            }
            denied = denied.or(Some(stated));
        }
        // "FLUOROSCOPY: used for needle placement"
        let headed = passage.heading.iter().find_map(|m| match m.concept {
            Concept::Detail(Detail::Guidance(guidance)) => Some((guidance, m.span)),
            _ => None,
        });
        if let Some((guidance, span)) = headed {
            let first = passage.measure_after(passage.span.start).map(|(measure, _)| measure);
            let value = if first == Some(Measure::Nil) { Guidance::None } else { guidance };
            return Some(Stated { value, span: passage.place(span) });
        }
    }
    denied
}

/// Whether contrast was given, and why not.
pub(super) fn contrast(passages: &[Passage<'_, '_>]) -> (Option<Stated<bool>>, Option<Span>) {
    let mut given: Option<Stated<bool>> = None;
    let mut barrier = None;
    for passage in passages {
        if matches!(passage.section, SectionKind::Consent | SectionKind::FamilyHistory | SectionKind::Key) {
            continue;
        }
        let is_allergy = passage.tells(Telling::Allergy) || passage.is_headed(Telling::Allergy);
        for (detail, span) in passage.details() {
            let is_contrast = detail == Detail::Substance(Substance::Contrast);
            let bars = detail == Detail::Telling(Telling::ContrastBarrier) || is_allergy && is_contrast;
            if bars {
                let status = passage.status(span);
                // "No contrast, since she is pregnant" denies the contrast alone.
                let is_so = matches!(status, Status::Present | Status::Historical)
                    || status == Status::Absent && passage.tells(Telling::NoContrast);
                barrier = barrier.or_else(|| is_so.then(|| passage.place(span)));
            } else if passage.is_account
                && (!passage.is_of_study() || is_measured(passage, span))
                && given.is_none_or(|g| !g.value)
            {
                let value = match detail {
                    Detail::Telling(Telling::NoContrast) => false,
                    _ if is_contrast => true,
                    _ => continue,
                };
                // "No vascular uptake of contrast" denies its uptake, not the contrast.
                let is_told = !matches!(passage.status(span), Status::Hypothetical | Status::Historical);
                if is_told && (value || given.is_none()) {
                    given = Some(Stated { value, span: passage.place(span) });
                }
            }
        }
    }
    (given, barrier)
}

/// Whether a volume stands before contrast, as beside what is injected and never beside what a study was done with.
fn is_measured(passage: &Passage<'_, '_>, contrast: FoldSpan) -> bool {
    let before = passage.reach(contrast, VOLUME_REACH, 0);
    passage
        .quantities(FoldSpan::new(before.start, contrast.start))
        .iter()
        .any(|q| q.unit == Unit::Millilitres)
}

/// That images were saved.
pub(super) fn images_retained(passages: &[Passage<'_, '_>]) -> Option<Span> {
    passages.iter().filter(|p| p.is_account && !p.is_of_study()).find_map(|passage| {
        let whole = passage.telling(Telling::ImageKept).find(|&span| passage.is_so(span));
        let joined = || {
            let mut kept = passage.telling(Telling::Kept).filter(|&span| passage.is_so(span));
            kept.find_map(|kept| {
                let is_image = |detail| {
                    matches!(
                        detail,
                        Detail::Telling(Telling::Image) | Detail::Guidance(Guidance::Fluoroscopy)
                    ) || matches!(detail, Detail::View(_))
                };
                let images = passage.details().filter(|&(detail, _)| is_image(detail));
                let mut near = images.filter(|&(_, image)| passage.apart(image, kept) <= KEPT_REACH);
                near.next().map(|(_, image)| image.union(kept))
            })
        };
        whole.or_else(joined).map(|span| passage.place(span))
    })
}

/// In how many views the needle was seen: as told, or as many directions as are named.
pub(super) fn views(passages: &[Passage<'_, '_>]) -> Option<Stated<u8>> {
    let mut first = None;
    let mut told = 0;
    let mut seen = [false; 3];
    for passage in passages.iter().filter(|p| p.is_account) {
        for (detail, span) in passage.details() {
            let Detail::View(view) = detail else { continue };
            if !passage.is_so(span) {
                continue;
            }
            match view {
                View::Ap => seen[0] = true,
                View::Lateral => seen[1] = true,
                View::Oblique => seen[2] = true,
                View::Two => told = told.max(2),
                View::Three => told = told.max(3),
            }
            // The words of the fullest statement stand for all.
            let place = (matches!(view, View::Two | View::Three), span);
            if first.is_none_or(|((fuller, _), _): ((bool, FoldSpan), Span)| place.0 && !fuller) {
                first = Some((place, passage.place(span)));
            }
        }
    }
    let directions = seen.iter().filter(|&&view| view).count() as u8;
    first.map(|(_, span)| Stated { value: told.max(directions), span })
}

/// The needle, with its gauge and length; one for numbing the skin only where no other is told.
pub(super) fn needle(passages: &[Passage<'_, '_>]) -> Option<Span> {
    let mut other = None;
    for passage in passages.iter().filter(|p| p.is_account) {
        let Some(named) = passage.telling(Telling::Needle).next() else { continue };
        let span = passage.place(with_size(passage, named));
        if !passage.tells(Telling::Skin) {
            return Some(span);
        }
        other = other.or(Some(span));
    }
    other
}

/// A needle with the sizes before it and the words that go on after it.
fn with_size(passage: &Passage<'_, '_>, named: FoldSpan) -> FoldSpan {
    let before = FoldSpan::new(passage.around(named).start, named.end);
    let mut span = named;
    for quantity in passage.quantities(before).iter().rev().filter(|q| q.span.start < named.start) {
        let gap = passage.between(quantity.span.end, span.start);
        if gap.iter().any(u8::is_ascii_alphanumeric) || passage.apart(quantity.span, span) > SIZE_REACH {
            break;
        }
        span.start = quantity.span.start;
    }
    let mut after = passage.telling(Telling::Needle).filter(|next| next.start > named.start);
    let last = after.find(|&next| passage.apart(named, next) <= NAME_REACH);
    span.end = last.map_or(span.end, |next| next.end);
    let next = passage.next(span.end).filter(|next| next.class.sense == Some(Sense::Needle));
    span.end = next.map_or(span.end, |next| next.end);
    span
}
