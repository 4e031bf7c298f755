//! Boxes that a template offers, ticked or left empty: "[ ] mild [x] moderate [ ] severe".

use super::{Item, Items, Kind};
use crate::relate::gap::Gap;

/// What stands in a box that is ticked.
const TICKS: &[u8] = b"xvy*";

/// Drops what stands behind empty boxes, up to the thing that each offers. `text` is the folded note, the items begin at
/// `start`. Brackets of boxes part nothing.
pub(super) fn tick_boxes(items: &mut Items, text: &[u8], start: u32) {
    let end = items.last().map_or(start, |item| item.span.end);
    let sentence = text.get(start as usize..end as usize).unwrap_or_default();
    if !has_boxes(sentence) {
        return;
    }
    // "L3-4 [ ]  L4-5 [x]": these stand behind what they tick.
    let words = text.get(..end as usize).unwrap_or_default().trim_ascii_end();
    if words.len().checked_sub(3).and_then(|at| words.get(at..)).is_some_and(is_box) {
        return;
    }
    let (mut from, mut gap) = (start, Gap::default());
    // Whether an empty box was met last, and whether what it offers was named.
    let (mut is_empty, mut is_named) = (false, false);
    items.retain(|item| {
        let between = text.get(from as usize..item.span.start as usize).unwrap_or_default();
        from = item.span.end.max(from);
        let boxes = || between.windows(3).filter(|letters| is_box(letters));
        if let Some(last) = boxes().next_back() {
            let ticks = boxes().filter(|letters| letters[1] != b' ').count();
            item.gap.flags &= !(Gap::SEMICOLON | Gap::OPEN | Gap::CLOSE);
            item.gap.content = item.gap.content.saturating_sub(u8::try_from(ticks).unwrap_or(u8::MAX));
            (is_empty, is_named) = (last[1] == b' ', false);
        } else if is_empty && is_named && !is_offered(item) {
            is_empty = false;
        }
        is_named |= is_offered(item);
        let is_dropped = is_empty && item.kind != Kind::End;
        gap = gap.and(item.gap);
        if !is_dropped {
            item.gap = std::mem::take(&mut gap);
        }
        !is_dropped
    });
}

/// Whether boxes stand in a text.
pub(super) fn has_boxes(text: &[u8]) -> bool {
    // Most texts have nothing like it, which is found out without a branch for each byte.
    let is = |byte: &u8, mark: u8| u8::from(*byte == mark);
    let brackets = text.iter().zip(text.get(2..).unwrap_or_default()).fold(0, |found, (open, close)| {
        found | is(open, b'[') & is(close, b']') | is(open, b'(') & is(close, b')')
    });
    brackets != 0 && text.windows(3).any(is_box)
}

/// Whether three letters are a box: "[ ]", "[x]", "( )".
fn is_box(letters: &[u8]) -> bool {
    matches!(letters, [b'[', inside, b']'] | [b'(', inside, b')'] if *inside == b' ' || TICKS.contains(inside))
}

/// Whether an item is what a box offers, or belongs to its name.
fn is_offered(item: &Item) -> bool {
    let is_thing = matches!(
        item.kind,
        Kind::Change(..)
            | Kind::Narrowed(_)
            | Kind::Disc(..)
            | Kind::Normal
            | Kind::Noun
            | Kind::Lesion
            | Kind::Grade(_)
    );
    is_thing && item.gap.content == 0
}
