//! The note's own words behind a fact, as a query cites them.

use crate::model::Evidence;
use crate::text::Span;

/// Most bytes between two pieces of evidence that are cited as one stretch.
const REACH: u32 = 48;

/// The words of `evidence`, which is in the note's order, each once. Pieces that stand close together in one sentence are
/// cited with what stands between them, so that the reader gets a phrase and not a list of words; runs of blanks
/// and line ends are one blank.
pub(super) fn indicators(note: &str, evidence: &[Evidence]) -> Vec<String> {
    let mut stretches: Vec<Span> = Vec::new();
    for span in evidence.iter().map(|e| e.span) {
        match stretches.last_mut() {
            Some(last) if adjoin(note, *last, span) => *last = last.union(span),
            _ => stretches.push(span),
        }
    }
    let mut words: Vec<String> = Vec::new();
    for stretch in stretches {
        let cited = stretch.of(note).split_whitespace().collect::<Vec<_>>().join(" ");
        if !cited.is_empty() && !words.contains(&cited) {
            words.push(cited);
        }
    }
    words
}

/// "a", "a and b", "a, b and c".
pub(super) fn join<S: AsRef<str>>(items: &[S], and: &str) -> String {
    let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    match items.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} {and} {last}", first.join(", ")),
    }
}

/// Whether two pieces belong to one stretch: close, and no sentence ends between them. A line end does not part
/// them where the next line goes on in lower case.
fn adjoin(note: &str, before: Span, after: Span) -> bool {
    if after.start <= before.end {
        return true;
    }
    let between = Span::new(before.end, after.end);
    let gap = Span::new(before.end, after.start).of(note);
    let ends = |text: &str| text.contains(". ") || text.contains(';') || text.trim_end().ends_with('.');
    let wraps = |line: &str| line.trim_start().starts_with(char::is_lowercase);
    after.start - before.end <= REACH && !ends(gap) && between.of(note).lines().skip(1).all(wraps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::sample::evidence;

    #[test]
    fn close_pieces_of_one_sentence_are_one_stretch() {
        for (note, pieces, expected) in [
            (
                "Moderate right and mild left foraminal stenosis.",
                &["severity mild", "side left", "anchor foraminal stenosis"][..],
                &["mild left foraminal stenosis"][..],
            ),
            ("L4-5: Moderate narrowing", &["level L4-5", "severity Moderate"], &["L4-5: Moderate"]),
            ("L4-5. Moderate narrowing", &["level L4-5", "severity Moderate"], &["L4-5", "Moderate"]),
            ("on the left; foramen narrowed", &["side left", "anchor foramen"], &["left", "foramen"]),
            ("moderate left\r\n  foraminal", &["side left", "anchor foraminal"], &["left foraminal"]),
            ("L4-5\nMild narrowing", &["level L4-5", "severity Mild"], &["L4-5", "Mild"]),
            ("neural\n\t foramen", &["anchor neural\n\t foramen"], &["neural foramen"]),
            ("left left", &["side left", "side left"], &["left"]),
        ] {
            assert_eq!(indicators(note, &evidence(note, pieces)), expected, "{note}");
        }
    }

    #[test]
    fn far_pieces_stay_apart() {
        let note = format!("L4-5: {} narrowing", "x ".repeat(40));
        assert_eq!(
            indicators(&note, &evidence(&note, &["level L4-5", "anchor narrowing"])),
            ["L4-5", "narrowing"]
        );
    }

    proptest::proptest! {
        #[test]
        fn every_word_cited_is_the_notes_and_any_span_is_harmless(
            note in "[a-z. ;\néß“”]{0,60}", ranges in proptest::collection::vec((0..70_u32, 0..70_u32), 0..5),
        ) {
            let pieces: Vec<_> = ranges.iter()
                .map(|&(start, end)| Evidence { role: crate::model::Role::Anchor, span: Span::new(start, end) })
                .collect();
            let words: Vec<&str> = note.split_whitespace().collect();
            for cited in indicators(&note, &pieces) {
                proptest::prop_assert!(words.join(" ").contains(&cited));
            }
        }
    }
}
