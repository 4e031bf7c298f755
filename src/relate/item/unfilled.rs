//! Templates that nobody filled in: "Right ___ Left ___", "none/mild/moderate/severe".

use super::{Grade, Item, Items, Kind};
use crate::lexicon::Word;
use crate::relate::gap::Gap;

/// Grades that are offered to be chosen from, at least; two are a range.
const FEWEST: usize = 3;

/// Drops from the items of a sentence what a template offers and nobody chose, before ranges are joined. `text` is the
/// folded note.
pub fn drop_unfilled(items: &mut Items, text: &[u8]) {
    if offers_choice(items, text) {
        items.clear();
        return;
    }
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
    // Most sentences have no line at all, which is found out without a branch for each byte.
    let lines = stretch.iter().fold(0, |found, &byte| found | u8::from(byte == b'_'));
    lines != 0 && stretch.windows(2).any(|two| two == b"__")
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
    let is_named = items.iter().any(|item| item.kind == Kind::Word(Word::Respectively));
    !is_named
        && runs.any(|run| {
            let grades = &run[run.iter().take_while(|item| !is_grade(item)).count()..];
            grades.len() > 1 && choices(grades) >= FEWEST
        })
}
