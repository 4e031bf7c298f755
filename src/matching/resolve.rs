//! From all occurrences to the mentions that are read: in each layer the leftmost, and of those the longest.
//!
//! ```text
//! hits      disc · disc bulge · bulge · bulge mild      (the last runs across a full stop)
//! mentions  disc bulge
//! ```

use super::automaton::Hit;
use crate::lexicon::{Concept, Layer};
use crate::model::Mention;

/// Layers that mentions are kept for: all but headings, which are read before there are sentences, and those whose words are
/// never searched for.
const LAYERS: usize = Layer::Section as usize;

/// The mentions of each layer, in the order of the note, none overlapping another of its layer.
#[derive(Clone, Debug, Default)]
pub struct Mentions([Vec<Mention<Concept>>; LAYERS]);

/// Which mentions of each layer stand in which sentence.
#[derive(Clone, Debug, Default)]
pub struct BySentence(Vec<[u32; LAYERS]>);

impl BySentence {
    /// Those of the mentions of a layer, `all`, that stand in the sentence of this index, which ends at `end`. Not for
    /// [`Layer::Coding`], whose mentions may run across sentences.
    pub fn of<'m>(
        &self,
        layer: Layer,
        all: &'m [Mention<Concept>],
        sentence: usize,
        end: u32,
    ) -> &'m [Mention<Concept>] {
        let first = |sentence: usize| self.0.get(sentence).map(|firsts| firsts[layer as usize] as usize);
        let from_first =
            first(sentence).and_then(|from| all.get(from..first(sentence + 1).unwrap_or(all.len())));
        let mut within = from_first.unwrap_or_default();
        // A heading may stand behind the sentence.
        while let [before @ .., last] = within
            && last.span.end > end
        {
            within = before;
        }
        within
    }
}

impl Mentions {
    /// How many there are of each layer.
    fn counts(&self) -> [u32; LAYERS] {
        std::array::from_fn(|layer| self.0[layer].len() as u32)
    }

    /// Takes out the mentions of a layer; none of headings and function words.
    #[must_use]
    pub fn take(&mut self, layer: Layer) -> Vec<Mention<Concept>> {
        self.0.get_mut(layer as usize).map(std::mem::take).unwrap_or_default()
    }
}

/// The mentions among `hits` that lie within one of the sentences, and which of them lie in which.
///
/// Those of [`Layer::Coding`] are kept wherever they lie, those of [`Layer::Detail`] also before the first sentence: a
/// heading tells of the encounter too, the first as well, "ALLERGIES: contrast". `hits` come in the order of their ends;
/// `starts` are the offsets where sentences start, in order.
pub fn resolve(hits: &[Hit], mut starts: impl ExactSizeIterator<Item = u32>) -> (Mentions, BySentence) {
    let mut counts = [0; LAYERS];
    for hit in hits {
        if let Some(count) = counts.get_mut(hit.layer as usize) {
            *count += 1;
        }
    }
    let mut mentions = Mentions(counts.map(Vec::with_capacity));
    let sentences = starts.len();
    let mut firsts = Vec::with_capacity(sentences);
    let mut next_start = || starts.next().unwrap_or(u32::MAX);
    let mut next = next_start();
    // From where on a mention of each layer is kept: before the first sentence from nowhere.
    let mut first = [u32::MAX; LAYERS];
    (first[Layer::Coding as usize], first[Layer::Detail as usize]) = (0, 0);
    for &Hit { layer, mention } in hits {
        if layer as usize >= LAYERS {
            continue;
        }
        while next < mention.span.end {
            firsts.push(mentions.counts());
            first = [next; LAYERS];
            first[Layer::Coding as usize] = 0;
            next = next_start();
        }
        let kept = &mut mentions.0[layer as usize];
        if mention.span.start >= first[layer as usize] {
            keep(kept, mention);
        }
    }
    firsts.resize(sentences, mentions.counts());
    (mentions, BySentence(firsts))
}

/// Adds a mention, unless a longer one stands there, in place of those that it covers.
fn keep(kept: &mut Vec<Mention<Concept>>, mention: Mention<Concept>) {
    while let Some(last) = kept.last() {
        if last.span.start < mention.span.start {
            if last.span.end > mention.span.start {
                return;
            }
            break;
        }
        kept.pop();
    }
    kept.push(mention);
}
