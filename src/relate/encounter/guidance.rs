//! How the needle was guided and seen: guidance, contrast, images, views, the needle itself.

use smallvec::SmallVec;

use super::kinds::Kinds;
use super::passage::{Passage, Passages, tells_what_was_done};
use crate::lexicon::{Concept, Detail, Measure, Sense, Telling, View};
use crate::matching::Unit;
use crate::model::{Guidance, SectionKind, Stated, Status, Substance};
use crate::relate::layers::within;
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
pub(super) fn guidance(passages: &Passages<'_, '_>) -> Option<Stated<Guidance>> {
    let mut denied = None;
    for passage in passages.with(Kinds::GUIDANCE).filter(|p| p.is_account) {
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
    if passages.has(Kinds::GUIDANCE) { listed(&passages.all).or(denied) } else { None }
}

/// Guidance that is an item of its own, with nothing under it, where a heading could stand:
/// "1. Transforaminal injection. 2. Fluoroscopy." A heading that leads to something and finds nothing is a form left empty.
fn listed(passages: &[Passage<'_, '_>]) -> Option<Stated<Guidance>> {
    let account = passages.iter().find(|p| p.is_account)?;
    let layers = account.layers;
    // What the list is of: what was done, or the risks.
    let mut is_of_account = false;
    let mut parts = passages.iter().map(|p| p.part as usize).peekable();
    for (at, section) in layers.layout.sections.iter().enumerate() {
        while parts.next_if(|part| *part < at).is_some() {}
        let leads_on = account.text().get(section.heading.end as usize) == Some(&b':');
        if leads_on || parts.peek() == Some(&at) {
            is_of_account = tells_what_was_done(section.kind);
            continue;
        }
        let told = within(layers.details, section.heading).iter().find_map(|mention| match mention.concept {
            Concept::Detail(Detail::Guidance(value)) => Some((value, mention.span)),
            _ => None,
        });
        if let Some((value, span)) = told.filter(|_| is_of_account) {
            return Some(Stated { value, span: account.place(span) });
        }
    }
    None
}

/// What a sentence has that tells of contrast, or why there was none.
const OF_CONTRAST: Kinds = Kinds::SUBSTANCE.or(Kinds::tellings([
    Telling::NoContrast,
    Telling::ContrastBarrier,
    Telling::ContrastReason,
    Telling::Allergy,
]));

/// Whether contrast was given, and why not.
pub(super) fn contrast(passages: &Passages<'_, '_>) -> (Option<Stated<bool>>, Option<Span>) {
    let mut given: Option<Stated<bool>> = None;
    let mut barrier = None;
    for passage in passages.with(OF_CONTRAST) {
        if matches!(passage.section, SectionKind::Consent | SectionKind::FamilyHistory | SectionKind::Key) {
            continue;
        }
        let is_allergy = passage.tells(Telling::Allergy) || passage.is_headed(Telling::Allergy);
        for (detail, span) in passage.details() {
            let is_contrast = detail == Detail::Substance(Substance::Contrast);
            let bars = detail == Detail::Telling(Telling::ContrastBarrier) || is_allergy && is_contrast;
            if is_reason(passage, detail, span) {
                barrier = barrier.or_else(|| Some(passage.place(span)));
            } else if bars {
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

/// Whether a word tells why there was no contrast, beside what says that there was none: "no contrast due to allergy".
fn is_reason(passage: &Passage<'_, '_>, detail: Detail, span: FoldSpan) -> bool {
    let is_named = matches!(detail, Detail::Telling(Telling::Allergy | Telling::ContrastReason));
    let mut denials = passage.telling(Telling::NoContrast);
    let denied = |cue: FoldSpan| !denials.any(|denial| denial.overlaps(cue));
    // "no contrast used, no allergies", "allergies: penicillin"
    let leads_on = passage.text().get(span.end as usize) == Some(&b':');
    is_named
        && passage.tells(Telling::NoContrast)
        && !leads_on
        && !passage.denials_of(span).any(denied)
        && !matches!(passage.status(span), Status::Hypothetical | Status::Family)
}

/// Whether a volume stands before contrast, as beside what is injected and never beside what a study was done with.
fn is_measured(passage: &Passage<'_, '_>, contrast: FoldSpan) -> bool {
    let before = passage.reach(contrast, VOLUME_REACH, 0);
    passage
        .quantities(FoldSpan::new(before.start, contrast.start))
        .iter()
        .any(|q| q.unit == Unit::Millilitres)
}

/// Whether a sentence speaks of an imaging study in other words than those for the images: "films" alone are the needle's.
fn is_of_other_study(passage: &Passage<'_, '_>) -> bool {
    passage.studies().any(|study| !passage.telling(Telling::Image).any(|image| image.overlaps(study)))
}

/// That images were saved.
pub(super) fn images_retained(passages: &Passages<'_, '_>) -> Option<Span> {
    let kept = passages.with(Kinds::tellings([Telling::ImageKept, Telling::Kept]));
    kept.filter(|p| p.is_account && !is_of_other_study(p)).find_map(|passage| {
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
pub(super) fn views(passages: &Passages<'_, '_>) -> Option<Stated<u8>> {
    let mut first = None;
    let mut told = 0;
    let mut seen = [false; 3];
    for passage in passages.with(Kinds::VIEW).filter(|p| p.is_account) {
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
pub(super) fn needle(passages: &Passages<'_, '_>) -> Option<Span> {
    let mut other = None;
    for passage in passages.with(Kinds::telling(Telling::Needle)).filter(|p| p.is_account) {
        let needles = needles(passage);
        let Some(&first) = needles.first() else { continue };
        if !passage.tells(Telling::Skin) {
            return Some(passage.place(first));
        }
        let from_skin = |needle: FoldSpan| {
            let skins = passage.telling(Telling::Skin);
            skins.map(|skin| (is_parted(passage, skin, needle), passage.apart(skin, needle))).min()
        };
        // Of several needles the one that the skin stands nearest to is that for the skin.
        let nearest = needles.iter().copied().min_by_key(|&needle| from_skin(needle));
        if let Some(&needle) = needles.iter().find(|&&needle| Some(needle) != nearest) {
            return Some(passage.place(needle));
        }
        other = other.or(Some(passage.place(first)));
    }
    other
}

/// Whether a comma or semicolon stands between two places.
fn is_parted(passage: &Passage<'_, '_>, one: FoldSpan, other: FoldSpan) -> bool {
    let between = passage.between(one.end.min(other.end), one.start.max(other.start));
    between.iter().any(|b| matches!(b, b',' | b';'))
}

/// The needles of a sentence, each with its sizes.
fn needles(passage: &Passage<'_, '_>) -> SmallVec<[FoldSpan; 4]> {
    let mut found: SmallVec<[FoldSpan; 4]> = SmallVec::new();
    for named in passage.telling(Telling::Needle) {
        if found.last().is_none_or(|last| last.end <= named.start) {
            found.push(with_size(passage, named));
        }
    }
    found
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
