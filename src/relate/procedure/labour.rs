//! Epidurals of a birth, which are none of the spine.
//!
//! `in labor she was given an epidural` · `the epidural of her childbirth`

use crate::lexicon::{Act, Concept};
use crate::model::{ProcedureFamily, SectionKind};
use crate::relate::layers::Layers;
use crate::text::FoldSpan;

use super::acts::{Acts, Kinds};
use super::record::Draft;

/// Within how many words of an epidural a birth is told that it belongs to.
const REACH: usize = 50;

/// Drops the epidurals of no level that are told together with a birth.
pub(super) fn drop_epidurals(layers: &Layers<'_, '_>, acts: &Acts, drafts: &mut Vec<Draft>) {
    if !acts.has(Kinds::BIRTH) {
        return;
    }
    let is_birth = |concept| concept == Concept::Act(Act::Birth);
    let births: Vec<FoldSpan> = layers.acts.iter().filter(|m| is_birth(m.concept)).map(|m| m.span).collect();
    drafts.retain(|d| {
        let may_be = d.family == ProcedureFamily::EsiUnspecified
            && d.site.level.is_none()
            && !matches!(d.section, SectionKind::PastHistory | SectionKind::Plan);
        !(may_be && births.iter().any(|&birth| is_near(layers, d, birth)))
    });
}

/// Whether a birth is told in the section of a draft, not far from it.
fn is_near(layers: &Layers<'_, '_>, draft: &Draft, birth: FoldSpan) -> bool {
    let sentence = layers.layout.sentences.get(draft.sentence);
    let section = sentence.and_then(|s| layers.layout.sections.get(s.section as usize));
    let is_within = section.is_some_and(|s| s.body.start <= birth.start && birth.end <= s.body.end);
    let (first, last) =
        if birth.start < draft.name.start { (birth, draft.name) } else { (draft.name, birth) };
    is_within && layers.steps(first.end, last.start.max(first.end)) <= REACH
}
