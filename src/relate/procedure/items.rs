//! The items of a sentence as procedures read them: sides, levels, and the words on procedures.

use smallvec::SmallVec;

use crate::lexicon::{Act, Concept, Direction, Sense};
use crate::model::Mention;
use crate::relate::item::{Item, ItemReader, Items, Kind, Stretch};
use crate::relate::layers::{Layers, within};
use crate::relate::scale::Codes;
use crate::text::FoldSpan;

/// The length of "both" by itself, in bytes.
const BOTH: u32 = 4;

impl Item {
    /// The word on procedures that it is.
    pub(super) const fn act(&self) -> Option<Act> {
        match self.kind {
            Kind::Act(act) => Some(act),
            _ => None,
        }
    }
}

/// Reads the items of a stretch: sides, levels, cues and the words on procedures; the rest is words between them.
pub(super) fn read_items(layers: &Layers<'_, '_>, span: FoldSpan, items: &mut Items) {
    let acts = within(layers.acts, span);
    // "left paramedian approach" is a side and an approach.
    let apart = |m: &Mention<Concept>| {
        if !matches!(m.concept, Concept::Side(..) | Concept::Level(_)) || opens_pair(layers, m.span) {
            return None;
        }
        let act = acts.iter().find(|act| act.span.overlaps(m.span));
        let (start, end) = match act.map(|act| act.span) {
            // "will move to left L4-5 blocks": the phrase before a side has its "to".
            Some(act) if act.start < m.span.start && act.end < m.span.end => (act.end + 1, m.span.end),
            Some(act) => (m.span.start, act.start.min(m.span.end)),
            None => (m.span.start, m.span.end),
        };
        (end > start).then(|| Mention { span: FoldSpan::new(start, end), ..*m })
    };
    let mut sides: SmallVec<[Mention<Concept>; 16]> = SmallVec::new();
    for mention in within(layers.mentions, span) {
        sides.extend(apart(mention));
    }
    let (first_level, levels) = layers.levels_within(span);
    let reader = ItemReader {
        folded: layers.folded,
        tokens: layers.tokens,
        words: layers.words,
        codes: &Codes::default(),
    };
    let stretch = Stretch { span, findings: &sides, cues: &[], others: acts, levels, first_level };
    reader.read(&stretch, items);
}

/// Whether "both" leads to two things, and is no side: "both an L4-5 discectomy and a fusion".
fn opens_pair(layers: &Layers<'_, '_>, word: FoldSpan) -> bool {
    if word.len() != BOTH {
        return false;
    }
    let at = layers.tokens.partition_point(|token| token.start < word.start);
    let senses = |at: usize| layers.tokens.get(at).and_then(|token| token.class.sense);
    if senses(at) != Some(Sense::Both) {
        return false;
    }
    // "both IL", "both helped"
    let next = word.end + 1;
    let first = layers.acts.partition_point(|m| m.span.start < next);
    let is_said = layers.acts.get(first).is_some_and(|m| {
        m.span.start == next
            && matches!(
                m.concept,
                Concept::Act(Act::Approach(_) | Act::Status(_, Direction::Backward) | Act::Judged)
            )
    });
    // "both > 80 %"
    let is_word = layers.folded.bytes().get(next as usize).is_some_and(u8::is_ascii_alphabetic);
    senses(at + 1) == Some(Sense::Article) || is_said || !is_word
}
