//! "both" that counts no sides: the conjunction of two things, or a word on two levels.
//!
//! ```text
//! both exit foramina                    two sides
//! both the canal and the foramina       a conjunction
//! at both L4-5 and L5-S1                two levels
//! ```

use crate::lexicon::Structure;
use crate::matching::LevelMention;
use crate::model::Side;
use crate::text::Folded;

use super::gap::Gap;
use super::item::{Item, Items, Kind};

/// Takes out the sides that are no sides. `levels` are the note's level mentions.
pub fn drop_conjunctions(items: &mut Items, folded: &Folded<'_>, levels: &[LevelMention]) {
    let mut kept = 0;
    let mut dropped = Gap::default();
    for at in 0..items.len() {
        let item = Item { gap: dropped.and(items[at].gap), ..items[at] };
        let is_both =
            matches!(item.kind, Kind::Side(Side::Bilateral, _)) && folded.slice(item.span) == "both";
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
