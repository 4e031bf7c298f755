//! "both" that counts no sides: the conjunction of two things, or a word on two levels.
//!
//! ```text
//! both exit foramina                    two sides
//! both the canal and the foramina       a conjunction
//! at both L4-5 and L5-S1                two levels
//! L4-5 and L5-S1 narrowing, both mild   two levels, each of which is mild
//! canal and right recess stenosis, both new   two findings
//! ```

use crate::lexicon::{Form, Sense, Structure, Word};
use crate::matching::{LevelMention, Token, tokens_within};
use crate::model::Side;
use crate::text::FoldSpan;

use super::gap::Gap;
use super::item::{Item, Items, Kind};

/// Takes out the sides that are no sides, or reads them as "each". `tokens` are the note's words, `levels` its level mentions.
pub(super) fn drop_conjunctions(items: &mut Items, tokens: &[Token], levels: &[LevelMention]) {
    let mut kept = 0;
    let mut dropped = Gap::default();
    for at in 0..items.len() {
        let mut item = Item { gap: dropped.and(items[at].gap), ..items[at] };
        let is_both = matches!(item.kind, Kind::Side(Side::Bilateral, _)) && is_both(tokens, item.span);
        if is_both && items.get(at + 1).is_some_and(|next| joins(next, levels)) {
            dropped = item.gap;
            continue;
        }
        // "canal and right recess stenosis, both new"
        let closes = || items.get(at + 1).is_some_and(|next| matches!(next.kind, Kind::End));
        if is_both && closes() && counts_what_is_named(&items[..kept], item.gap, levels) {
            dropped = item.gap;
            continue;
        }
        if is_both
            && items.get(at + 1).is_some_and(is_value)
            && counts_what_is_named(&items[..kept], item.gap, levels)
        {
            item.kind = Kind::Word(Word::Each);
        }
        dropped = Gap::default();
        items[kept] = item;
        kept += 1;
    }
    items.truncate(kept);
}

/// Whether a side is named by nothing but "both".
fn is_both(tokens: &[Token], side: FoldSpan) -> bool {
    matches!(tokens_within(tokens, side), [word] if word.class.sense == Some(Sense::Both))
}

/// Whether "both" before `next` is said of things that have no sides.
fn joins(next: &Item, levels: &[LevelMention]) -> bool {
    match next.kind {
        // "both ventral and dorsal to the root"
        _ if next.gap.has(Gap::AND) => true,
        Kind::Structure(Structure::Canal | Structure::Central | Structure::Sac | Structure::Cord) => true,
        Kind::Levels(index) => levels.get(index as usize).is_some_and(|mention| mention.levels.len() > 1),
        _ => false,
    }
}

/// Whether a grade or a side follows at once: "both severe", "both right sided".
fn is_value(next: &Item) -> bool {
    matches!(next.kind, Kind::Grade(_) | Kind::Side(..)) && next.gap.is_tight()
}

/// Whether "both" after these items of a sentence counts two of them: two levels, two findings, or what has a side
/// already, "(both moderate)"; `gap` stands before it.
fn counts_what_is_named(before: &[Item], gap: Gap, levels: &[LevelMention]) -> bool {
    let start = before.iter().rposition(|item| item.gap.has(Gap::SEMICOLON | Gap::BUT)).unwrap_or(0);
    let named = before.get(start..).unwrap_or_default();
    let count = |item: &Item| match item.kind {
        Kind::Levels(index) => levels.get(index as usize).map_or(0, |mention| mention.levels.len()),
        _ => 0,
    };
    let is_noun = |item: &Item| {
        matches!(item.kind, Kind::Change(_, Form::Noun) | Kind::Narrowed(_) | Kind::Disc(_, Form::Noun))
    };
    // "foramina both narrowed"
    let has_findings =
        named.last().is_some_and(is_noun) && named.iter().filter(|item| is_noun(item)).count() == 2;
    let has_side = gap.has(Gap::COMMA | Gap::OPEN)
        && named.iter().any(|item| matches!(item.kind, Kind::Side(Side::Left | Side::Right, _)));
    named.iter().map(count).sum::<usize>() == 2 || has_findings || has_side
}
