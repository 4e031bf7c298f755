//! From all occurrences to the mentions that are read: in each layer the leftmost, and of those the longest.
//!
//! ```text
//! hits      disc · disc bulge · bulge · bulge mild      (the last runs across a full stop)
//! mentions  disc bulge
//! ```

use std::iter::Peekable;

use super::automaton::Hit;
use crate::lexicon::{Concept, Layer};
use crate::model::Mention;

/// Layers that mentions are kept for: all but those whose words are never searched for.
const LAYERS: usize = Layer::Function as usize;

/// The mentions of each layer, in the order of the note, none overlapping another of its layer.
#[derive(Clone, Debug, Default)]
pub struct Mentions([Vec<Mention<Concept>>; LAYERS]);

impl Mentions {
    /// Takes out the mentions of a layer; none of function words.
    #[must_use]
    pub fn take(&mut self, layer: Layer) -> Vec<Mention<Concept>> {
        self.0.get_mut(layer as usize).map(std::mem::take).unwrap_or_default()
    }
}

/// The mentions among `hits` that lie within one of the sentences.
///
/// Those of [`Layer::Coding`] are kept wherever they lie. `hits` come in the order of their ends; `starts` are the offsets where sentences start, in order.
pub fn resolve(hits: &[Hit], starts: impl Iterator<Item = u32>) -> Mentions {
    let mut counts = [0; LAYERS];
    for hit in hits {
        counts[hit.layer as usize] += 1;
    }
    let mut mentions = Mentions(counts.map(Vec::with_capacity));
    let mut sentences = Sentences::new(starts);
    for &Hit { layer, mention } in hits {
        if sentences.hold(&mention) {
            keep(&mut mentions.0[layer as usize], mention);
        }
    }
    mentions
}

/// The mentions of one layer among `hits`, as [`resolve`] reads them, for one whose sentences are others.
pub fn resolve_layer(hits: &[Hit], layer: Layer, starts: impl Iterator<Item = u32>) -> Vec<Mention<Concept>> {
    let mut mentions = Vec::new();
    let mut sentences = Sentences::new(starts);
    for hit in hits.iter().filter(|hit| hit.layer == layer) {
        if sentences.hold(&hit.mention) {
            keep(&mut mentions, hit.mention);
        }
    }
    mentions
}

/// Sentences by their starts, gone through in the order of the note.
struct Sentences<I: Iterator<Item = u32>> {
    /// Where the sentence being read starts; before the first nothing is read.
    current: u32,
    starts: Peekable<I>,
}

impl<I: Iterator<Item = u32>> Sentences<I> {
    fn new(starts: I) -> Self {
        Self { current: u32::MAX, starts: starts.peekable() }
    }

    /// Whether a mention lies within one sentence; mentions come in the order of their ends.
    fn hold(&mut self, mention: &Mention<Concept>) -> bool {
        let end = mention.span.end;
        while let Some(start) = self.starts.next_if(|&start| start < end) {
            self.current = start;
        }
        mention.span.start >= self.current
    }
}

/// Adds a mention, unless a longer one stands there, in place of those that it covers.
fn keep(kept: &mut Vec<Mention<Concept>>, mention: Mention<Concept>) {
    while kept.last().is_some_and(|last| last.span.start >= mention.span.start) {
        kept.pop();
    }
    if kept.last().is_none_or(|last| last.span.end <= mention.span.start) {
        kept.push(mention);
    }
}
