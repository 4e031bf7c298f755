//! From all occurrences to the mentions that are read: within each layer the leftmost, and of those the longest.
//!
//! ```text
//! hits      disc · disc bulge · bulge · bulge mild      (the last runs across a full stop)
//! mentions  disc bulge
//! ```

use crate::lexicon::{Concept, Layer};
use crate::model::Mention;

/// Appends to `kept` the mentions of `layer` among `hits` that lie within one of the sentences.
///
/// `hits` come in the order of their ends; `sentence_ends` are the offsets where sentences end, in order. The
/// result is in the order of the note, none overlapping another.
pub fn resolve(
    hits: &[Mention<Concept>],
    layer: Layer,
    sentence_starts: &[u32],
    kept: &mut Vec<Mention<Concept>>,
) {
    let floor = kept.len();
    let mut sentence = 0;
    for hit in hits.iter().filter(|hit| hit.concept.layer() == layer) {
        while sentence_starts.get(sentence + 1).is_some_and(|&start| start < hit.span.end) {
            sentence += 1;
        }
        if sentence_starts.get(sentence).is_some_and(|&start| hit.span.start < start) {
            continue;
        }
        while kept.len() > floor && kept[kept.len() - 1].span.start >= hit.span.start {
            kept.pop();
        }
        if kept.len() == floor || kept[kept.len() - 1].span.end <= hit.span.start {
            kept.push(*hit);
        }
    }
}
