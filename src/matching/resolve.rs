//! From all occurrences of a layer to the mentions that are read: the leftmost, and of those the longest.
//!
//! ```text
//! hits      disc · disc bulge · bulge · bulge mild      (the last runs across a full stop)
//! mentions  disc bulge
//! ```

use crate::lexicon::Concept;
use crate::model::Mention;

/// The mentions among the `hits` of a layer that lie within one of the sentences.
///
/// `hits` come in the order of their ends; `sentence_starts` are the offsets where sentences start, in order. The
/// result is in the order of the note, none overlapping another.
pub fn resolve(hits: &[Mention<Concept>], sentence_starts: &[u32]) -> Vec<Mention<Concept>> {
    let mut kept: Vec<Mention<Concept>> = Vec::with_capacity(hits.len());
    let mut sentence = 0;
    for hit in hits {
        while sentence_starts.get(sentence + 1).is_some_and(|&start| start < hit.span.end) {
            sentence += 1;
        }
        if sentence_starts.get(sentence).is_some_and(|&start| hit.span.start < start) {
            continue;
        }
        while kept.last().is_some_and(|last| last.span.start >= hit.span.start) {
            kept.pop();
        }
        if kept.last().is_none_or(|last| last.span.end <= hit.span.start) {
            kept.push(*hit);
        }
    }
    kept
}
