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
    let section = layers.layout.sections.get(sentence.section as usize)?;
    let label = FoldSpan::new(section.heading.start, sentence.span.start);
    let is_first = index.checked_sub(1).and_then(|i| layers.layout.sentences.get(i));
    let opens = is_first.is_none_or(|before| before.section != sentence.section);
    let is_line = !layers.folded.note_text(label).contains('\n');
    if !opens || !is_line || name.start < label.start || label.end < name.end {
        return None;
    }
    let tells_when = within(layers.acts, label)
        .iter()
        .any(|m| matches!(m.concept, Concept::Act(Act::Status(..) | Act::After)))
        || matches!(section.kind, SectionKind::Plan | SectionKind::PastHistory);
    let value = layers.words.class(word_at(layers.folded.bytes(), sentence.span.start as usize));
    let is_none = value.measure == Some(Measure::Nil);
    let span = FoldSpan::new(label.start, sentence.span.end);
    (tells_when && !is_none).then_some((index, Sentence { span, ..*sentence }))
}
