//! Templates that nobody filled in: "Right ___ Left ___", "none/mild/moderate/severe".

use super::boxes::{has_boxes, tick_boxes};
use super::steps::Step;
use super::{Grade, Item, Items, Kind, Kinds};
use crate::lexicon::Word;
use crate::relate::gap::Gap;

/// Grades that are offered to be chosen from, at least; two are a range.
const FEWEST: usize = 3;

/// Drops the items of a sentence that only offers grades, before ranges are joined.
pub(super) const CHOOSING: &[Step] = &[Step {
    all: Kinds::GRADES,
    any: Kinds::ANY,
    adds: Kinds::NONE,
    take: |draft| {
        if offers_choice(draft.items, draft.text) {
            draft.items.clear();
        }
    },
}];

/// What a note has of a template. Most have nothing, and their sentences need not be looked through for it.
#[derive(Clone, Copy, Debug)]
pub struct Template {
    /// Whether it may have blanks to be filled in.
    has_blanks: bool,
    /// Whether it may have boxes to be ticked.
    has_boxes: bool,
}

impl Template {
    /// What the folded note has of one.
    pub fn of(text: &[u8]) -> Self {
        Self { has_blanks: has_lines(text), has_boxes: has_boxes(text) }
    }

    /// Drops what stands behind empty boxes from the items of a stretch of the note that begins at `start`.
    pub fn tick(self, items: &mut Items, text: &[u8], start: u32) {
        if self.has_boxes {
            tick_boxes(items, text, start);
        }
    }

    /// Drops what nobody filled in from the items of a sentence. `text` is the folded note.
    pub(super) fn fill(self, items: &mut Items, text: &[u8]) {
        if self.has_blanks {
            drop_blanks(items, text);
        }
    }

    /// Whether there is anything to be dropped.
    pub(super) const fn is_any(self) -> bool {
        self.has_blanks || self.has_boxes
    }
}

/// Drops from the items of a sentence what a template offers and nobody filled in. `text` is the folded note.
fn drop_blanks(items: &mut Items, text: &[u8]) {
    if !has_blank(items, text) {
        return;
    }
    let is_blank = |item: &Item| {
        let after = text.get(item.span.end as usize..).unwrap_or_default();
        let from = after.iter().position(|byte| !matches!(byte, b' ' | b':')).unwrap_or(after.len());
        after.get(from..).is_some_and(|rest| rest.starts_with(b"__"))
    };
    items.retain(|item| !(matches!(item.kind, Kind::Side(..)) && is_blank(item)));
    let says = |item: &Item| matches!(item.kind, Kind::Grade(_) | Kind::Cue(_) | Kind::Normal);
    if !items.iter().any(says) {
        items.clear();
    }
}

/// Whether a blank to be filled in stands among the items.
fn has_blank(items: &[Item], text: &[u8]) -> bool {
    let (Some(first), Some(last)) = (items.first(), items.last()) else { return false };
    let stretch = text.get(first.span.start as usize..last.span.end as usize).unwrap_or_default();
    has_lines(stretch)
}

/// Whether a text has a line of two letters or more to write on.
fn has_lines(text: &[u8]) -> bool {
    // Most texts have none at all, which is found out without a branch for each byte.
    let lines = text.iter().fold(0, |found, &byte| found | u8::from(byte == b'_'));
    lines != 0 && text.windows(2).any(|two| two == b"__")
}

/// Whether slashes join so many grades that they are all that can be chosen.
fn offers_choice(items: &[Item], text: &[u8]) -> bool {
    let slash = Gap { flags: Gap::SLASH, content: 0 };
    let is_grade = |item: &Item| matches!(item.kind, Kind::Grade(grade) if !matches!(grade, Grade::Coded(_)));
    let choices = |items: &[Item]| {
        let (Some(first), Some(last)) = (items.first(), items.last()) else { return 0 };
        let words = text.get(first.span.start as usize..last.span.end as usize).unwrap_or_default();
        words.split(|&byte| byte == b'/').count()
    };
    let is_joined = |item: &Item| is_grade(item) && item.gap == slash;
    if !items.iter().any(is_joined) {
        return false;
    }
    let mut runs = items.chunk_by(|_, next| is_joined(next));
    let is_named = items.iter().any(|item| matches!(item.kind, Kind::Word(Word::Respectively)));
    !is_named
        && runs.any(|run| {
            let grades = &run[run.iter().take_while(|item| !is_grade(item)).count()..];
            grades.len() > 1 && choices(grades) >= FEWEST
        })
}
