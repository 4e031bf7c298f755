//! Boxes of a form: `[x] interlaminar  [ ] caudal` · `L3-4 [ ]  L4-5 [x]`.

use crate::text::FoldSpan;

use super::sentence::ProcedureSentence;

impl ProcedureSentence<'_, '_> {
    /// Whether a box to tick opens before an item, so that what is before it is another entry.
    pub(super) fn opens_item(&self, at: usize) -> bool {
        self.has_bracket && at > 0 && self.marks_between(at - 1, at).contains('[')
    }

    /// Whether the box before a name is not ticked: "[ ] Interlaminar ESI".
    pub(super) fn is_unticked(&self, span: FoldSpan) -> bool {
        if !self.has_bracket {
            return false;
        }
        if self.boxes_trail() {
            let rest = FoldSpan::new(span.end, self.sentence.span.end.max(span.end));
            let words = self.layers.folded.slice(rest);
            return words.find('[').is_some_and(|at| is_empty_box(words, at));
        }
        let before = FoldSpan::new(self.sentence.span.start, span.start);
        let words = self.layers.folded.slice(before);
        words.rfind('[').is_some_and(|at| is_empty_box(words, at))
    }

    /// Whether boxes stand behind what they tick: "L3-4 [ ] L4-5 [x]".
    fn boxes_trail(&self) -> bool {
        let text = self.layers.folded.slice(self.sentence.span);
        let first = text.find('[').map(|at| self.sentence.span.start as usize + at);
        let leads = |first: usize| {
            (0..self.items.len()).any(|at| self.is_site(at) && self.items[at].span.end as usize <= first)
        };
        text.trim_end_matches(['.', ' ']).ends_with(']') && first.is_some_and(leads)
    }
}

/// Whether the box that opens at a byte is empty: "[ ]".
fn is_empty_box(words: &str, at: usize) -> bool {
    let rest = words.get(at + 1..).unwrap_or_default();
    rest.starts_with(']') || rest.starts_with(" ]")
}
