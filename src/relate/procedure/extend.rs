//! A fusion that is to go on to a vertebra: what is added lies between that and the fusion that the note names.
//!
//! ```text
//! L4-5 fusion in 2013. Offered extension of the fusion to L3.       at L3-L4
//! L3-L5 fusion in 2010. She may need it: fusion to the sacrum.      at L5-S1
//! ```

use smallvec::SmallVec;

use crate::lexicon::{Sense, Word};
use crate::model::{Level, ProcedureFamily, Region, Vertebra};
use crate::relate::layers::Layers;
use crate::text::FoldSpan;

use super::place::Site;
use super::record::Draft;

/// So many words lead from the name to its vertebra at most: "up to", "proximally to include".
const LEAD: usize = 3;

/// Gives a fusion "to L3" the levels between that vertebra and the fusion that is there.
pub(super) fn complete(layers: &Layers<'_, '_>, drafts: &mut Vec<Draft>) {
    // A vertebra by itself is no place of a fusion.
    let is_open = |d: &Draft| {
        d.family == ProcedureFamily::Fusion && d.site.level.is_none_or(|level| !level.is_interspace())
    };
    if !drafts.iter().any(is_open) {
        return;
    }
    let Some(fused) = fused(drafts) else { return };
    let mut placed = Vec::with_capacity(drafts.len());
    for draft in drafts.drain(..) {
        let is_its_own = |span: FoldSpan| draft.site.level_span.is_none_or(|own| own == span);
        let end = end(layers, draft.name).filter(|&(_, span)| is_open(&draft) && is_its_own(span));
        let added = end.map(|(vertebra, span)| (added(vertebra, fused), span));
        match added {
            Some((levels, span)) if !levels.is_empty() => placed.extend(levels.iter().map(|&level| Draft {
                site: Site { level: Some(level), level_span: Some(span), ..draft.site },
                ..draft
            })),
            _ => placed.push(draft),
        }
    }
    *drafts = placed;
}

/// The vertebra that a name goes on to: "fusion up to L3", "fusion to the sacrum".
fn end(layers: &Layers<'_, '_>, name: FoldSpan) -> Option<(Vertebra, FoldSpan)> {
    let next = layers.tokens.partition_point(|token| token.start < name.end);
    let near = layers.tokens.get(next..).unwrap_or_default().iter().take(LEAD);
    let mut onward = near.skip_while(|word| word.class.word != Some(Word::To));
    if let Some(bone) = onward.find(|word| word.class.sense == Some(Sense::Sacrum)) {
        return Some((Vertebra::new(Region::Sacral, 1)?, FoldSpan::new(bone.start, bone.end)));
    }
    let next = layers.levels.partition_point(|l| l.span.start < name.end);
    let mention = layers.levels.get(next)?;
    let lead = FoldSpan::new(name.end, mention.span.start);
    let is_to = layers.tokens_within(lead).any(|word| word.class.word == Some(Word::To));
    match mention.levels.as_slice() {
        [level] if mention.single && is_to && layers.steps(lead.start, lead.end) <= LEAD => {
            Some((level.upper(), mention.span))
        }
        _ => None,
    }
}

/// The first and the last vertebra of what the note names as fused, or to be fused.
fn fused(drafts: &[Draft]) -> Option<(Vertebra, Vertebra)> {
    let levels =
        || drafts.iter().filter(|d| d.family == ProcedureFamily::Fusion).filter_map(|d| d.site.level);
    let spaces = || levels().filter(|level| level.is_interspace());
    spaces().map(Level::upper).min().zip(spaces().filter_map(Level::lower).max())
}

/// The interspaces from a vertebra to the nearer end of what is fused; none where it lies within.
fn added(vertebra: Vertebra, (top, bottom): (Vertebra, Vertebra)) -> SmallVec<[Level; 4]> {
    let (mut at, last) = if vertebra < top { (vertebra, top) } else { (bottom, vertebra) };
    let mut levels = SmallVec::new();
    while at < last
        && let Some(below) = at.below()
        && let Some(level) = Level::interspace(at, below)
    {
        levels.push(level);
        at = below;
    }
    levels
}
