//! What the narrative of a report names: the approach, the one level, the side.

use smallvec::SmallVec;

use crate::lexicon::{Act, Concept, Detail, LevelWord, SideForm, Structure, Telling};
use crate::matching::LevelMention;
use crate::model::{Level, Mention, ProcedureFamily, Side};
use crate::relate::layers::{Layers, within};
use crate::segment::Sentence;
use crate::text::FoldSpan;

/// How far before a level "counting down from the" may begin, in words.
const LANDMARK_REACH: usize = 6;

/// The approach that the narrative tells.
pub(super) fn approach(layers: &Layers<'_, '_>, narrative: &[&Sentence]) -> Option<ProcedureFamily> {
    let told = |family| {
        narrative.iter().any(|s| {
            within(layers.acts, s.span).iter().any(|m| m.concept == Concept::Act(Act::Approach(family)))
        })
    };
    [ProcedureFamily::CaudalEsi, ProcedureFamily::TransforaminalEsi, ProcedureFamily::InterlaminarEsi]
        .into_iter()
        .find(|&family| told(family))
        .or_else(|| {
            narrative.iter().any(|s| enters_foramen(layers, s)).then_some(ProcedureFamily::TransforaminalEsi)
        })
}

/// Whether a sentence names the way of a needle.
pub(super) fn has_way(layers: &Layers<'_, '_>, sentence: &Sentence) -> bool {
    within(layers.acts, sentence.span).iter().any(|m| matches!(m.concept, Concept::Act(Act::Approach(_))))
}

/// Whether a needle goes into a foramen: "directed into the right L5-S1 neural foramen".
pub(super) fn enters_foramen(layers: &Layers<'_, '_>, sentence: &Sentence) -> bool {
    let has_needle = within(layers.details, sentence.span)
        .iter()
        .any(|m| matches!(m.concept, Concept::Detail(Detail::Telling(Telling::Needle | Telling::Led))));
    let is_foramen = |m: &Mention<Concept>| m.concept == Concept::Structure(Structure::Foramen);
    has_needle && within(layers.mentions, sentence.span).iter().any(is_foramen)
}

/// The one interspace that the narrative names.
pub(super) fn only_level(layers: &Layers<'_, '_>, narrative: &[&Sentence]) -> Option<(Level, FoldSpan)> {
    let mut found: Option<(Level, FoldSpan)> = None;
    for mention in layers.levels {
        let next = narrative.partition_point(|s| s.span.start <= mention.span.start);
        let before = next.checked_sub(1).and_then(|at| narrative.get(at));
        let stands = before.is_some_and(|s| mention.span.end <= s.span.end);
        if !stands || is_landmark(layers, mention.span) {
            continue;
        }
        let pair = pair(layers, mention);
        let spaces = if mention.single { pair.as_slice() } else { &mention.levels[..] };
        for &level in spaces {
            match found {
                Some((other, _)) if other != level => return None,
                Some(_) => {}
                None => found = Some((level, mention.span)),
            }
        }
    }
    found
}

/// Whether levels are only counted from there: "counting down from C2-3".
pub(super) fn is_landmark(layers: &Layers<'_, '_>, level: FoldSpan) -> bool {
    let next = layers.acts.partition_point(|m| m.span.end <= level.start);
    let before = layers.acts.get(..next).unwrap_or_default().iter().rev();
    before
        .take_while(|m| layers.steps(m.span.start, level.start) <= LANDMARK_REACH)
        .any(|m| m.concept == Concept::Act(Act::Landmark))
}

/// Two vertebrae that are named as the space between them: "the C7 T1 interspace".
fn pair(layers: &Layers<'_, '_>, mention: &LevelMention) -> Option<Level> {
    let [upper, lower] = mention.levels.as_slice() else { return None };
    let next = layers.mentions.partition_point(|m| m.span.start < mention.span.end);
    let noun = layers.mentions.get(next).filter(|m| m.span.start == mention.span.end + 1)?;
    matches!(noun.concept, Concept::Structure(Structure::Disc) | Concept::Level(LevelWord::Noun))
        .then(|| Level::interspace(upper.upper(), lower.upper()))?
}

/// The side that the narrative tells: of both sides where it names both.
pub(super) fn side(layers: &Layers<'_, '_>, narrative: &[&Sentence]) -> Option<(Side, FoldSpan)> {
    let sides: SmallVec<[(Side, FoldSpan); 8]> = narrative
        .iter()
        .flat_map(|s| within(layers.mentions, s.span))
        .filter_map(|m| match m.concept {
            Concept::Side(side, form) if side == Side::Bilateral || form != SideForm::Compared => {
                Some((side, m.span))
            }
            _ => None,
        })
        .collect();
    let both = sides.iter().find(|s| s.0 == Side::Bilateral).copied();
    let first = sides.first().copied()?;
    if both.is_some() || sides.iter().all(|s| s.0 == first.0) {
        return both.or(Some(first));
    }
    Some((Side::Bilateral, first.1))
}

/// The side that a way between the laminae is said to have, right before it: "left paramedian".
pub(super) fn way(layers: &Layers<'_, '_>, sentence: &Sentence) -> Option<(Side, FoldSpan)> {
    let is_way =
        |m: &&Mention<Concept>| m.concept == Concept::Act(Act::Approach(ProcedureFamily::InterlaminarEsi));
    let sides = within(layers.mentions, sentence.span).iter().filter_map(|m| match m.concept {
        Concept::Side(side, _) => Some((side, m.span)),
        _ => None,
    });
    let ways: SmallVec<[FoldSpan; 4]> =
        within(layers.acts, sentence.span).iter().filter(is_way).map(|m| m.span).collect();
    let leads = |side: FoldSpan| ways.iter().any(|way| way.start == side.end + 1 || way.overlaps(side));
    sides.into_iter().find(|(_, span)| leads(*span))
}

/// The side that the sentence of a level states before it: "a left paramedian approach to C7-T1".
pub(super) fn side_before(layers: &Layers<'_, '_>, level: FoldSpan) -> Option<(Side, FoldSpan)> {
    let (_, sentence) = layers.layout.sentence_at(level.start)?;
    let before = within(layers.mentions, FoldSpan::new(sentence.span.start, level.start));
    before.iter().rev().find_map(|m| match m.concept {
        Concept::Side(side, _) => Some((side, m.span)),
        _ => None,
    })
}
