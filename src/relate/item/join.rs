//! Items that are one, and one that is two: ranges of grades, "mild to moderate", pairs of sides, "left and right".

use super::pairs::pair_values;
use super::progress::{mark_superseded, split_progress};
use super::steps::Step;
use super::{Grade, Item, Items, Kind, Kinds};
use crate::lexicon::{LevelWord, Sense, SideForm, Structure, Word};
use crate::matching::{Token, tokens_within};
use crate::model::{Severity, Side};
use crate::relate::finding_kind::LONGEST_LETTERS;
use crate::relate::gap::Gap;
use crate::text::FoldSpan;

/// What joins the items that are one, and parts those that are two.
pub(super) const JOINING: &[Step] = &[
    Step {
        all: Kinds::REGION,
        any: Kinds::ANY,
        adds: Kinds::POINTER,
        take: |draft| name_junctions(draft.items, draft.tokens),
    },
    Step {
        all: Kinds::FORMERLY.or(Kinds::GRADE),
        any: Kinds::ANY,
        adds: Kinds::GRADES,
        take: |draft| split_progress(draft.items, draft.tokens),
    },
    Step {
        all: Kinds::GRADES,
        any: Kinds::ANY,
        adds: Kinds::WORD.or(Kinds::FORMERLY),
        take: |draft| mark_superseded(draft.items, draft.tokens),
    },
    Step {
        all: Kinds::RESPECTIVELY.or(Kinds::BOTH),
        any: Kinds::ANY,
        adds: Kinds::SIDES,
        take: |draft| part_sides(draft.items, draft.tokens),
    },
    Step {
        all: Kinds::NONE,
        any: Kinds::SIDES.or(Kinds::BOTH),
        adds: Kinds::SIDES.or(Kinds::SIDE).or(Kinds::GRADES),
        take: |draft| pair_values(draft.items, draft.text, draft.tokens),
    },
    Step { all: Kinds::GRADES, any: Kinds::ANY, adds: Kinds::NONE, take: |draft| merge_grades(draft.items) },
    Step {
        all: Kinds::SIDE,
        any: Kinds::SIDES.or(Kinds::MORE).or(Kinds::THAN),
        adds: Kinds::BOTH,
        take: |draft| merge_sides(draft.items),
    },
    Step {
        all: Kinds::NARROWED,
        any: Kinds::ANY,
        adds: Kinds::STRUCTURE.or(Kinds::REGION),
        take: |draft| part_plurals(draft.items),
    },
];

/// "lumbosacral disc", "lumbosacral foramina": a region right before what lies between two vertebrae is their junction.
fn name_junctions(items: &mut Items, tokens: &[Token]) {
    for at in 1..items.len() {
        let is_between = matches!(
            items[at].kind,
            Kind::Structure(Structure::Disc | Structure::Foramen | Structure::Recess)
                | Kind::Narrowed(Structure::Foramen | Structure::Recess)
                | Kind::Disc(..)
        );
        if is_between
            && items[at].gap.is_tight()
            && matches!(items[at - 1].kind, Kind::Structure(Structure::Spine))
            && let [word] = tokens_within(tokens, items[at - 1].span)
            && word.class.sense == Some(Sense::Lumbosacral)
        {
            items[at - 1].kind = Kind::Pointer(LevelWord::Lumbosacral);
        }
    }
}

/// Joins the two ends of a range of grades: "mild to moderate", "mod-sev".
fn merge_grades(items: &mut Items) {
    let mut kept = 0;
    for i in 0..items.len() {
        let item = items[i];
        if let Kind::Grade(high) = item.kind
            && kept > 0
            && let Kind::Grade(low) = items[kept - 1].kind
            && !matches!((low, high), (Grade::Coded(_), _) | (_, Grade::Coded(_)))
            && item.gap.content == 0
            && !item.gap.has(!(Gap::TO | Gap::DASH | Gap::SLASH | Gap::FILLER))
            && (kept < 2 || !matches!(items[kept - 2].kind, Kind::Word(Word::Formerly)))
            && (item.gap.has(Gap::TO | Gap::DASH | Gap::SLASH)
                || item.span.start - items[kept - 1].span.end <= 1)
        {
            let merged = match (low.severity(), high.severity()) {
                (Some(a), Some(b)) if matches!((low, high), (Grade::Size(_), Grade::Size(_))) => {
                    Grade::Size(Severity::range(a, b))
                }
                (Some(a), Some(b)) => Grade::Named(Severity::range(a, b)),
                (None, Some(_)) => high,
                _ => low,
            };
            items[kept - 1].kind = Kind::Grade(merged);
            items[kept - 1].span = items[kept - 1].span.union(item.span);
            continue;
        }
        items[kept] = item;
        kept += 1;
    }
    items.truncate(kept);
}

/// Whether a side is that of a structure of which a clause goes on to tell: "extends into the right L4-5 foramen, which …".
fn opens_clause(items: &[Item], side: usize) -> bool {
    let next = (side + 1..items.len()).find(|&at| !matches!(items[at].kind, Kind::Levels(_)));
    next.is_some_and(|at| {
        matches!(items[at].kind, Kind::Structure(_))
            && Item::gap_over(&items[side + 1..=at]).is_tight()
            && items.get(at + 1).is_some_and(|after| after.gap.has(Gap::WHICH))
    })
}

/// Whether a further side is joined to the one at `side`: "both right and left".
fn starts_pair(items: &[Item], side: usize) -> bool {
    items.get(side + 1).is_some_and(|next| {
        matches!(next.kind, Kind::Side(..)) && next.gap.has(Gap::AND | Gap::OR | Gap::SLASH)
    })
}

/// "moderate left and right stenosis at L4-5 and L5-S1, respectively": two sides, one for each level.
fn part_sides(items: &mut Items, tokens: &[Token]) {
    if !items.iter().any(|item| matches!(item.kind, Kind::Word(Word::Respectively))) {
        return;
    }
    for at in (0..items.len()).rev() {
        let Kind::Side(Side::Bilateral, form) = items[at].kind else { continue };
        let words = tokens_within(tokens, items[at].span);
        let mut sides = words.iter().filter_map(|word| match word.class.sense {
            Some(Sense::Left) => Some((Side::Left, word)),
            Some(Sense::Right) => Some((Side::Right, word)),
            _ => None,
        });
        let (Some((first, a)), Some((second, b)), None) = (sides.next(), sides.next(), sides.next()) else {
            continue;
        };
        let side = |side, word: &Token, gap| Item {
            kind: Kind::Side(side, form),
            span: FoldSpan::new(word.start, word.end),
            gap,
        };
        items[at] = side(first, a, items[at].gap);
        items.insert(at + 1, side(second, b, Gap { flags: Gap::AND, content: 0 }));
    }
}

/// Joins what makes one side of two: "left and right", "right greater than left", "worse on the left".
fn merge_sides(items: &mut Items) {
    // "left and right …, respectively" are one for each level.
    let is_respective = items.iter().any(|item| matches!(item.kind, Kind::Word(Word::Respectively)));
    let mut i = 0;
    while i < items.len() {
        let side_at = |at: usize| match items.get(at).map(|item| item.kind) {
            Some(Kind::Side(side, form)) => Some((side, form)),
            _ => None,
        };
        let joins = |at: usize| items[at].gap.content == 0 && !items[at].gap.has(Gap::HARD);
        let merged = match (side_at(i), items.get(i + 1).map(|item| item.kind)) {
            // "left worse"
            (Some((a, _)), Some(Kind::Word(Word::More)))
                if joins(i + 1)
                    && items.get(i + 2).is_none_or(|next| {
                        matches!(next.kind, Kind::End) && next.gap.content == 0
                            || next.gap.has(Gap::COMMA | Gap::SEMICOLON)
                    }) =>
            {
                Some((2, a, SideForm::Compared))
            }
            // "right greater than left"
            (Some((a, _)), Some(Kind::Word(Word::Than | Word::More))) if joins(i + 1) => {
                side_at(i + 2).filter(|_| joins(i + 2)).map(|(b, _)| (3, a.and(b), SideForm::Compared))
            }
            // "left and right"
            (Some((a, SideForm::Adjective)), Some(Kind::Side(b, SideForm::Adjective)))
                if a != b
                    && !is_respective
                    && joins(i + 1)
                    && items[i + 1].gap.has(Gap::AND | Gap::OR | Gap::SLASH) =>
            {
                Some((2, Side::Bilateral, SideForm::Adjective))
            }
            // "both right"
            (Some((Side::Bilateral, SideForm::Adjective)), Some(Kind::Side(b, SideForm::Adjective)))
                if b != Side::Bilateral && items[i + 1].gap.is_tight() && !starts_pair(items, i + 1) =>
            {
                Some((2, b, SideForm::Adverb))
            }
            // "worse on the left"
            (None, Some(Kind::Side(a, _)))
                if matches!(items[i].kind, Kind::Word(Word::More))
                    && joins(i + 1)
                    && !opens_clause(items, i + 1) =>
            {
                Some((2, a, SideForm::Compared))
            }
            _ => None,
        };
        if let Some((count, side, form)) = merged {
            let span = items[i].span.union(items[i + count - 1].span);
            items[i] = Item { kind: Kind::Side(side, form), span, gap: items[i].gap };
            items.drain(i + 1..i + count);
        } else {
            i += 1;
        }
    }
}

/// "NFs: right mild", "NFs patent": the letters of several foramina are those of a narrowing, too; where something is said of
/// them, they are the foramina.
fn part_plurals(items: &mut Items) {
    for at in 1..items.len() {
        let Kind::Narrowed(structure) = items[at - 1].kind else { continue };
        let gap = items[at].gap;
        let is_value = matches!(items[at].kind, Kind::Grade(_) | Kind::Side(..) | Kind::Normal);
        let is_said = gap.has(Gap::COLON | Gap::DASH) && is_value
            || items[at].kind == Kind::Normal && (gap.is_tight() || gap.has(Gap::IS))
            || gap.has(Gap::IS) && matches!(items.get(at + 1).map(|item| item.kind), Some(Kind::Normal));
        if is_said && gap.content == 0 && items[at - 1].span.len() <= LONGEST_LETTERS {
            items[at - 1].kind = Kind::Structure(structure);
        }
    }
}
