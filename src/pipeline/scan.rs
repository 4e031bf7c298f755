//! A note as one pass over its words sees it, before and after an edit.

use std::borrow::Cow;

use super::Engine;
use super::inside::{Inside, Word};
use crate::lexicon::Concept;
use crate::matching::{Hits, Mended};
use crate::text::{Folded, Moved, Span};

/// The folded view of a note, spelling repaired, and what the pass over it saw.
#[derive(Clone, Debug)]
pub(super) struct Scan<'n> {
    pub(super) folded: Folded<'n>,
    pub(super) hits: Hits,
    /// Whether the note speaks of the spine, so that its spelling is repaired.
    is_of_spine: bool,
    /// What was mended, by its places before that.
    mended: Vec<Mended>,
    /// View and hits before anything was mended; `None` where nothing was.
    printed: Option<(Folded<'n>, Hits)>,
}

impl<'n> Scan<'n> {
    /// Reads a note.
    pub(super) fn new(engine: &Engine, note: impl Into<Cow<'n, str>>) -> Self {
        let folded = Folded::new(note);
        let hits = engine.automaton.find(&folded);
        let is_of_spine = is_of_spine(&hits);
        let mended = if is_of_spine {
            engine.repairer.mend(&engine.automaton, &folded, &hits.unknown)
        } else {
            Vec::new()
        };
        if mended.is_empty() {
            return Self { folded, hits, is_of_spine, mended, printed: None };
        }
        let repaired = with_mended(&folded, &mended);
        let read = engine.automaton.find_again(&repaired, hits.clone(), edit_of(&folded, &repaired, &mended));
        Self { folded: repaired, hits: read, is_of_spine, mended, printed: Some((folded, hits)) }
    }

    /// Reads a note again that was edited, only as far as the edit reaches.
    pub(super) fn again(self, engine: &Engine, note: impl Into<Cow<'n, str>>, edit: Moved) -> (Self, Seen) {
        let was = Word::around(&self, edit.start, edit.old_end);
        let (scan, seen) = self.read_again(engine, note, edit);
        let word = was.and_then(|was| was.becomes(Word::around(&scan, edit.start, edit.new_end)?, seen));
        (scan, Seen { edit: seen, word })
    }

    /// Reads a note again, and gives the edit as the view sees it.
    fn read_again(self, engine: &Engine, note: impl Into<Cow<'n, str>>, edit: Moved) -> (Self, Moved) {
        let automaton = &engine.automaton;
        let folded = Folded::new(note);
        let Self { folded: before, hits, is_of_spine: was_of_spine, mended, printed } = self;
        let touched = seen_by(printed.as_ref().map_or(&before, |(folded, _)| folded), &folded, edit);
        let (hits, hits_mended) = match printed {
            Some((_, printed)) => (printed, hits),
            None => (hits.clone(), hits),
        };
        let hits = automaton.find_again(&folded, hits, touched);
        let is_of_spine = is_of_spine(&hits);
        let mended = match (is_of_spine, was_of_spine) {
            (true, true) => engine.repairer.mend_again(automaton, &folded, &hits.unknown, mended, touched),
            (true, false) => engine.repairer.mend(automaton, &folded, &hits.unknown),
            (false, _) => Vec::new(),
        };
        if mended.is_empty() {
            let touched = seen_by(&before, &folded, edit);
            return (Self { folded, hits, is_of_spine, mended, printed: None }, touched);
        }
        let repaired = with_mended(&folded, &mended);
        let touched = seen_by(&before, &repaired, edit);
        let read = automaton.find_again(&repaired, hits_mended, touched);
        let printed = Some((folded, hits));
        (Self { folded: repaired, hits: read, is_of_spine, mended, printed }, touched)
    }
}

/// An edit, as the view that is read sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    pub(super) edit: Moved,
    /// The edit of the word that it is inside of, where nothing is read of that: only places are others.
    pub(super) word: Option<Inside>,
}

fn with_mended<'n>(folded: &Folded<'n>, mended: &[Mended]) -> Folded<'n> {
    let words: Vec<_> = mended.iter().map(|mended| (mended.span, &*mended.word)).collect();
    folded.with_replacements(&words)
}

/// What was mended in a view, as one edit of it.
fn edit_of(printed: &Folded<'_>, repaired: &Folded<'_>, mended: &[Mended]) -> Moved {
    let (first, last) = (mended.first().map(|m| m.span), mended.last().map(|m| m.span));
    let (start, old_end) = (first.map_or(0, |span| span.start), last.map_or(0, |span| span.end));
    let after = printed.bytes().len() as u32 - old_end;
    Moved { start, old_end, new_end: repaired.bytes().len() as u32 - after }
}

/// An edit of the note, as its folded views before and after see it.
fn seen_by(before: &Folded<'_>, after: &Folded<'_>, edit: Moved) -> Moved {
    let (old, new) = (
        before.to_view(Span::new(edit.start, edit.old_end)),
        after.to_view(Span::new(edit.start, edit.new_end)),
    );
    let touched = Moved { start: old.start.min(new.start), old_end: old.end, new_end: new.end };
    Moved::between(before.bytes(), after.bytes(), touched)
}

/// Whether any word is one of the spine, so that the note is worth the repair of its spelling.
fn is_of_spine(hits: &Hits) -> bool {
    let of_spine =
        |concept| matches!(concept, Concept::Structure(_) | Concept::Change(..) | Concept::Narrowed(_));
    hits.phrases.iter().any(|hit| of_spine(hit.mention.concept))
}
