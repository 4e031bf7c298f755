//! "both" that counts no sides: the conjunction of two things, or a word on two levels.
//!
//! ```text
//! both exit foramina                    two sides
//! both the canal and the foramina       a conjunction
//! at both L4-5 and L5-S1                two levels
//! ```

use crate::lexicon::{Sense, Structure};
use crate::matching::{LevelMention, Token, tokens_within};
use crate::model::Side;
use crate::text::FoldSpan;

use super::gap::Gap;
use super::item::{Item, Items, Kind};

/// Takes out the sides that are no sides. `tokens` are the note's words, `levels` its level mentions.
pub fn drop_conjunctions(items: &mut Items, tokens: &[Token], levels: &[LevelMention]) {
    let mut kept = 0;
    let mut dropped = Gap::default();
    for at in 0..items.len() {
        let item = Item { gap: dropped.and(items[at].gap), ..items[at] };
        let is_both = matches!(item.kind, Kind::Side(Side::Bilateral, _)) && is_both(tokens, item.span);
        if is_both && items.get(at + 1).is_some_and(|next| joins(next, levels)) {
            dropped = item.gap;
            continue;
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
