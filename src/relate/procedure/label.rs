//! The label before a statement, where it alone names the procedure: `Prior RFA: right L4, L5` · `LAST_ESI: 6/10/24, 60 %`.

use crate::lexicon::{Act, Concept, Measure};
use crate::matching::word_at;
use crate::model::SectionKind;
use crate::relate::layers::{Layers, within};
use crate::segment::Sentence;
use crate::text::FoldSpan;

/// The sentence after a label, with the label, for a procedure that is named in no sentence but in that label: the
/// first of its section, on the label's line. The label must say when: a heading that only names a procedure leads to
/// an account of it, or to what is known of it. "none" tells of no procedure.
pub(super) fn labelled(layers: &Layers<'_, '_>, name: FoldSpan) -> Option<(usize, Sentence)> {
    let index = layers.layout.sentences.partition_point(|s| s.span.start <= name.start);
    let sentence = layers.layout.sentences.get(index)?;
    let label = label(layers, index, sentence)?;
    let section = layers.layout.sections.get(sentence.section as usize)?;
    let tells_when = within(layers.acts, label)
        .iter()
        .any(|m| matches!(m.concept, Concept::Act(Act::Status(..) | Act::Undergone | Act::After)))
        || matches!(section.kind, SectionKind::Plan | SectionKind::PastHistory);
    let value = layers.words.class(word_at(layers.folded.bytes(), sentence.span.start as usize));
    let is_told = label.start <= name.start && name.end <= label.end && tells_when;
    (is_told && value.measure != Some(Measure::Nil)).then(|| (index, with_label(layers, index, sentence)))
}

/// A sentence with the label on its line, where it has one: "Left side: same nerves".
pub(super) fn with_label(layers: &Layers<'_, '_>, index: usize, sentence: &Sentence) -> Sentence {
    let start = label(layers, index, sentence).map_or(sentence.span.start, |label| label.start);
    Sentence { span: FoldSpan::new(start, sentence.span.end), ..*sentence }
}

/// The heading of a section, and all up to its first sentence, where both stand on one line.
fn label(layers: &Layers<'_, '_>, index: usize, sentence: &Sentence) -> Option<FoldSpan> {
    let section = layers.layout.sections.get(sentence.section as usize)?;
    let before = index.checked_sub(1).and_then(|i| layers.layout.sentences.get(i));
    let label = FoldSpan::new(section.heading.start, sentence.span.start);
    let opens = before.is_none_or(|before| before.section != sentence.section);
    (opens && !section.heading.is_empty() && !layers.folded.note_text(label).contains('\n')).then_some(label)
}
