//! Single letters that are sides: "mod L", "facet arthropathy B".

use super::{ItemReader, Items, Kind};
use crate::lexicon::{Structure, Word};
use crate::matching::Token;
use crate::model::Side;
use crate::relate::gap::Gap;
use crate::text::FoldSpan;

impl ItemReader<'_, '_> {
    /// A lone capital L or R is a side, unless a number makes it litres or a level, or a full stop an initial; what has
    /// sides can follow the full stop of a shortened word, "the L. foramen".
    pub(super) fn letter_side(
        &self,
        letter: u8,
        span: FoldSpan,
        end: u32,
        follows: Option<Kind>,
        items: &Items,
    ) -> Option<Side> {
        let side = match letter {
            b'l' => Side::Left,
            b'r' => Side::Right,
            _ => return None,
        };
        let note = self.folded.note_text(span);
        let text = &self.folded.bytes()[..end.max(span.end) as usize];
        let before = text[..span.start as usize].trim_ascii_end().last().copied().unwrap_or(b' ');
        // "by Dr. L" names somebody.
        if self.follows_title(span.start) {
            return None;
        }
        let after = match &text[span.end as usize..] {
            // The full stop of the sentence makes no initial.
            [b'.'] => b' ',
            [b'.', b' '] if follows.is_some_and(has_sides) => b' ',
            rest => rest.first().copied().unwrap_or(b' '),
        };
        // "C6-7 L foraminal …": the digit is one of a level.
        let level = items.last().filter(|item| matches!(item.kind, Kind::Levels(_)));
        let of_level = level.is_some_and(|item| item.span.end + 1 == span.start);
        (note.bytes().all(|b| b.is_ascii_uppercase())
            && (side == Side::Right || !before.is_ascii_digit() || of_level)
            && after != b'\''
            && after != b'.')
            .then_some(side)
    }

    /// Whether a title stands before a place: "Dr. L". Capitals without a full stop are no title: "L5 DR L" is a ramus.
    fn follows_title(&self, at: u32) -> bool {
        let is_stop = |token: &&Token| self.folded.bytes()[token.start as usize] == b'.';
        let mut before = self.tokens[..self.tokens.partition_point(|token| token.start < at)].iter().rev();
        let stops = before.clone().take_while(is_stop).count();
        before.nth(stops).is_some_and(|word| {
            let written = self.folded.note_text(FoldSpan::new(word.start, word.end));
            word.class.word == Some(Word::Title) && (stops > 0 || written.contains(char::is_lowercase))
        })
    }

    /// A lone capital B right after what is graded, at the end of its phrase, is both sides: "mild facet arthropathy B".
    pub(super) fn letter_both(
        &self,
        letter: u8,
        span: FoldSpan,
        end: u32,
        gap: Gap,
        items: &Items,
    ) -> Option<Side> {
        let is_said = matches!(
            items.last()?.kind,
            Kind::Change(..) | Kind::Narrowed(_) | Kind::Structure(Structure::Foramen | Structure::Facet)
        );
        let after = self.folded.bytes()[..end.max(span.end) as usize].get(span.end as usize);
        let closes = matches!(after, None | Some(b',' | b';' | b'.' | b')'));
        (letter == b'b' && is_said && gap.is_tight() && closes && self.folded.note_text(span) == "B")
            .then_some(Side::Bilateral)
    }
}

/// Whether an item is of what has sides, or leads to it.
const fn has_sides(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Structure(Structure::Foramen | Structure::Recess | Structure::Facet | Structure::Root)
            | Kind::Narrowed(Structure::Foramen | Structure::Recess | Structure::Facet | Structure::Root)
            | Kind::Levels(_)
    )
}
