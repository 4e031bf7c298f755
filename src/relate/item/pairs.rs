//! Values in the order of the sides that a list names: "foramina (R/L): C4-5 mild/severe".

use super::{Grade, Item, Items, Kind};
use crate::lexicon::{Sense, SideForm};
use crate::matching::{Token, tokens_within};
use crate::model::{Severity, Side};
use crate::relate::gap::Gap;
use crate::text::FoldSpan;

/// Gives each of two values, parted by a slash, its side, where the order of the sides stands before them.
pub(super) fn pair_values(items: &mut Items, text: &[u8], tokens: &[Token]) {
    let Some((at, count, sides)) = order(items, text, tokens) else { return };
    part_ranges(items, text);
    let is_value = |item: &Item| {
        matches!(item.kind, Kind::Normal | Kind::Grade(_)) && item.kind != Kind::Grade(Grade::Ungraded)
    };
    let is_pair = |two: &[Item]| matches!(two, [a, b] if is_value(a) && is_value(b) && b.gap == Gap { flags: Gap::SLASH, content: 0 });
    if !items.get(at + count..).is_some_and(|rest| rest.windows(2).any(is_pair)) {
        return;
    }
    let mut paired = Items::new();
    let mut rest = items.iter().copied().enumerate();
    while let Some((i, item)) = rest.next() {
        if (at..at + count).contains(&i) {
            continue;
        }
        let two = items.get(i..i + 2).filter(|two| i >= at + count && is_pair(two));
        if let Some(&[first, second]) = two {
            let comma = Gap { flags: Gap::COMMA, content: 0 };
            for (value, side, gap) in [(first, sides[0], first.gap), (second, sides[1], comma)] {
                paired.push(Item { kind: Kind::Side(side, SideForm::Adjective), span: value.span, gap });
                paired.push(Item { gap: Gap::default(), ..value });
            }
            rest.next();
        } else {
            paired.push(item);
        }
    }
    *items = paired;
}

/// Where the order of the sides stands, how many items it takes, and the sides: "R/L", "left/right".
fn order(items: &[Item], text: &[u8], tokens: &[Token]) -> Option<(usize, usize, [Side; 2])> {
    let slash = Gap { flags: Gap::SLASH, content: 0 };
    items.iter().enumerate().find_map(|(at, item)| match (item.kind, items.get(at + 1)) {
        (Kind::Side(a @ (Side::Left | Side::Right), _), Some(&Item { kind: Kind::Side(b, _), gap, .. }))
            if gap == slash && a != b && b != Side::Bilateral =>
        {
            Some((at, 2, [a, b]))
        }
        (Kind::Side(Side::Bilateral, _), _) => {
            let is_parted = text.get(item.span.range())?.contains(&b'/');
            let sides = match tokens_within(tokens, item.span).first()?.class.sense? {
                Sense::Right => [Side::Right, Side::Left],
                Sense::Left => [Side::Left, Side::Right],
                _ => return None,
            };
            is_parted.then_some((at, 1, sides))
        }
        _ => None,
    })
}

/// "mild/moderate" is two grades here.
fn part_ranges(items: &mut Items, text: &[u8]) {
    for i in (0..items.len()).rev() {
        let (low, high) = match items[i].kind {
            Kind::Grade(Grade::Named(Severity::MildToModerate)) => (Severity::Mild, Severity::Moderate),
            Kind::Grade(Grade::Named(Severity::ModerateToSevere)) => (Severity::Moderate, Severity::Severe),
            _ => continue,
        };
        let span = items[i].span;
        let words = text.get(span.range()).unwrap_or_default();
        let Some(slash) = words.iter().position(|&b| b == b'/') else { continue };
        let at = span.start + slash as u32;
        let first =
            Item { kind: Kind::Grade(Grade::Named(low)), span: FoldSpan::new(span.start, at), ..items[i] };
        let gap = Gap { flags: Gap::SLASH, content: 0 };
        items[i] = Item { kind: Kind::Grade(Grade::Named(high)), span: FoldSpan::new(at + 1, span.end), gap };
        items.insert(i, first);
    }
}
