//! The note's own words behind a fact, as a query cites them.

use crate::model::Evidence;
use crate::text::Span;

/// Most bytes between two pieces of evidence that are cited as one stretch.
const REACH: u32 = 48;

/// The words of `evidence`, in the note's order, each once. Pieces that stand close together in one sentence are
/// cited with what stands between them, so that the reader gets a phrase and not a list of words; runs of blanks
/// and line ends are one blank.
pub(super) fn indicators(note: &str, evidence: &[Evidence]) -> Vec<String> {
    let mut spans: Vec<Span> = evidence.iter().map(|e| e.span).collect();
    spans.sort_unstable_by_key(|s| (s.start, s.end));
    let mut stretches: Vec<Span> = Vec::new();
    for span in spans {
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
