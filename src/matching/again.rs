//! The pass over a note that was edited: only the letters that the edit can reach are read again.
//!
//! A phrase has so many letters at most, so that reading from as many letters before the edit on leads to the state that
//! reading from the start leads to, and what ends that many letters after it is as it was.

use super::automaton::{Automaton, Hit, Hits, Token};
use crate::text::{FoldSpan, Folded, Moved};

/// Bytes after a word that its reading looks at: "l 4" may name a vertebra.
const LOOK_AHEAD: u32 = 2;

impl Automaton {
    /// Reads a note again: `hits` are those of its folded view before `edit`.
    pub fn find_again(&self, folded: &Folded<'_>, mut hits: Hits, edit: Moved) -> Hits {
        let text = folded.bytes();
        // The first letter that may be another, and the first after the edit that is the same.
        let first = hits.tokens.partition_point(|token| token.end + LOOK_AHEAD < edit.start);
        let resumed = hits.tokens.partition_point(|token| token.start <= edit.old_end);
        let place = |token: usize| hits.tokens.get(token).map_or(u32::MAX, |token| token.start);
        let lead = first.saturating_sub(self.longest());
        let from = if lead == 0 { 0 } else { place(lead) };
        let moved = |place: u32| if place == u32::MAX { text.len() as u32 } else { edit.at(place) };
        let resumed_at = place(resumed);
        let tail_at = place(resumed + self.longest());
        let read = self.read(text, from as usize, moved(tail_at) as usize);

        // The end of what stays: no letter and no phrase before it is another.
        let kept = first.checked_sub(1).and_then(|i| hits.tokens.get(i)).map_or(0, |token| token.end);
        let tail_end = (resumed + self.longest()).checked_sub(1).and_then(|i| hits.tokens.get(i));
        let tail_end = tail_end.map_or(u32::MAX, |token| token.end);
        let is_new = |start: u32| start >= kept && start < moved(resumed_at);
        let shifted = |span: FoldSpan| FoldSpan::new(edit.at(span.start), edit.at(span.end));

        splice(
            &mut hits.phrases,
            |hit: &Hit| hit.mention.span.end <= kept,
            |hit| hit.mention.span.end <= tail_end,
            read.phrases.into_iter().filter(|hit| hit.mention.span.end > kept),
            |hit| hit.mention.span = shifted(hit.mention.span),
        );
        splice(
            &mut hits.vertebrae,
            |&start| start < kept,
            |&start| start < resumed_at,
            read.vertebrae.into_iter().filter(|&start| is_new(start)),
            |start| *start = edit.at(*start),
        );
        splice(
            &mut hits.unknown,
            |word| word.start < kept,
            |word| word.start < resumed_at,
            read.unknown.into_iter().filter(|word| is_new(word.start)),
            |word| *word = shifted(*word),
        );
        splice(
            &mut hits.tokens,
            |token: &Token| token.start < kept,
            |token| token.start < resumed_at,
            read.tokens.into_iter().filter(|token| is_new(token.start)),
            |token| (token.start, token.end) = (edit.at(token.start), edit.at(token.end)),
        );
        hits
    }
}

/// Puts `new` in place of what is between the elements that are `kept` and those that are no longer `replaced`, which
/// are moved.
fn splice<T>(
    elements: &mut Vec<T>,
    kept: impl Fn(&T) -> bool,
    replaced: impl Fn(&T) -> bool,
    new: impl Iterator<Item = T>,
    moved: impl Fn(&mut T),
) {
    let first = elements.partition_point(kept);
    let last = elements.partition_point(replaced).max(first);
    elements[last..].iter_mut().for_each(moved);
    elements.splice(first..last, new);
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::super::FunctionWords;
    use super::*;
    use crate::lexicon::Lexicon;

    static AUTOMATON: LazyLock<Automaton> = LazyLock::new(|| {
        let lexicon = Lexicon::embedded();
        Automaton::new(&lexicon, &FunctionWords::new(&lexicon))
    });

    const PIECES: &[&str] = &[
        "l",
        " ",
        "4",
        "-",
        "5",
        "disc",
        "disc bulge",
        "mild",
        " to ",
        "moderate",
        "foraminal",
        "stenosis",
        ".",
        "\n",
        "é",
        "consistent with",
        "no evidence of",
        "xyzzyx",
        "s",
        "history of",
        "ls",
        "(",
    ];

    fn text() -> impl Strategy<Value = String> {
        prop::collection::vec(prop::sample::select(PIECES), 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn what_is_read_again_is_what_is_read_anew(before in text(), middle in text(), new in text(), after in text()) {
            let (old, new) = (format!("{before}{middle}{after}"), format!("{before}{new}{after}"));
            let (old, new) = (Folded::new(old), Folded::new(new));
            let edit = Moved::between(old.bytes(), new.bytes(), Moved { start: u32::MAX, ..Moved::default() });
            let again = AUTOMATON.find_again(&new, AUTOMATON.find(&old), edit);
            prop_assert_eq!(again, AUTOMATON.find(&new));
        }
    }
}
