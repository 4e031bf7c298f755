//! Sides, grades and levels grouped as they belong together: "severe right and moderate left" is two groups.

use smallvec::SmallVec;

use crate::lexicon::{LevelWord, SideForm, Word};
use crate::model::{FindingKind, Side};

use super::gap::Gap;
use super::grouper::{Group, Grouper, Groups};
use super::item::{Grade, Item, Kind};

/// Groups the modifiers `tokens` (indices of items, in order) of an anchor of `kind`.
pub(super) fn group(items: &[Item], tokens: &[u16], kind: FindingKind) -> Groups {
    let mut tokens = SmallVec::<[u16; 16]>::from_slice(tokens);
    drop_pointers(items, &mut tokens);
    if kind != FindingKind::DiscDisplacement {
        drop_comparisons(items, &mut tokens);
    }
    let is_graded = |i: &&u16| matches!(items[**i as usize].kind, Kind::Grade(g) if g != Grade::Ungraded);
    let grades = tokens.iter().filter(is_graded).count();
    let levels: SmallVec<[u16; 4]> = tokens.iter().copied().filter(|&i| is_level(items, i)).collect();
    // "C3-C7 - severe at C4-5, moderate at C3-4 and C6-7": the first levels only sum up.
    let sums_up = levels.len() == grades + 1
        && grades > 1
        && tokens.first() == levels.first()
        && tokens.last() == levels.last();
    let tokens = &tokens[usize::from(sums_up)..];
    let levels = &levels[usize::from(sums_up)..];
    if let Some(groups) = respectively(items, tokens, kind) {
        return groups;
    }
    let without_levels = || {
        let rest: SmallVec<[u16; 8]> = tokens.iter().copied().filter(|i| !levels.contains(i)).collect();
        respectively(items, &rest, kind).unwrap_or_else(|| Grouper::new(items, &rest, kind, false).read())
    };
    match levels[..] {
        // One place for all that is said.
        [only] => {
            let mut groups = without_levels();
            groups.iter_mut().for_each(|g| g.levels = Some(only));
            return groups;
        }
        // "C5-6, greater than C6-7": the same said of both.
        [first, second]
            if first + 2 == second && matches!(items[second as usize - 1].kind, Kind::Word(Word::Than)) =>
        {
            let groups = without_levels();
            let at = |level| groups.iter().cloned().map(move |g| Group { levels: Some(level), ..g });
            return at(first).chain(at(second)).collect();
        }
        _ => {}
    }
    if levels.len() > 1 && levels.len() == tokens.len() && are_listed(items, levels) {
        return levels.iter().map(|&level| Group { levels: Some(level), ..Group::default() }).collect();
    }
    let first_grade = tokens.iter().find(is_graded);
    let leads =
        levels.len() > 1 && first_grade.is_some_and(|&grade| levels[0] < grade) && grades >= levels.len();
    Grouper::new(items, tokens, kind, leads).read()
}

/// "right C4-5 and left C5-6 …, mild and severe respectively": as many grades, at the end, as there are places before them.
fn respectively(items: &[Item], tokens: &[u16], kind: FindingKind) -> Option<Groups> {
    let last = *tokens.last()? as usize;
    let is_grade = |i: &&u16| matches!(items[**i as usize].kind, Kind::Grade(g) if g != Grade::Ungraded);
    let count = tokens.iter().rev().take_while(is_grade).count();
    if count < 2 {
        return None;
    }
    let is_so = items.get(last + 1..)?.iter().any(|item| matches!(item.kind, Kind::Word(Word::Respectively)));
    let (places, grades) = tokens.split_at(tokens.len() - count);
    let is_side = |i: &&u16| matches!(items[**i as usize].kind, Kind::Side(Side::Left | Side::Right, _));
    let are_two = places.iter().filter(|i| is_level(items, **i)).count() > 1
        || places.iter().filter(is_side).count() > 1;
    let is_mixed = places.iter().any(|i| is_grade(&i)) || !are_two;
    if !is_so || is_mixed {
        return None;
    }
    let mut groups = group(items, places, kind);
    for (group, &grade) in groups.iter_mut().zip(grades) {
        if let Kind::Grade(value) = items[grade as usize].kind {
            group.grade = Some(value);
            group.items.push(grade);
        }
    }
    (groups.len() == count).then_some(groups)
}

/// Whether an item names levels, or points to some.
fn is_level(items: &[Item], item: u16) -> bool {
    matches!(items[item as usize].kind, Kind::Levels(_) | Kind::Pointer(_))
}

/// "multilevel, worst at C3-4", "at L3-4 and L4-5 … at both levels": named levels say more.
fn drop_pointers(items: &[Item], tokens: &mut SmallVec<[u16; 16]>) {
    let is_named = |i: &u16| {
        matches!(
            items[*i as usize].kind,
            Kind::Levels(_) | Kind::Pointer(LevelWord::Former | LevelWord::Latter)
        )
    };
    let levels = tokens.iter().filter(|i| is_level(items, **i)).count();
    if levels > 1 && tokens.iter().any(is_named) {
        tokens.retain(|i| is_named(i) || !is_level(items, *i));
    }
}

/// "left more than right, severe left and moderate right": the pair says all.
fn drop_comparisons(items: &[Item], tokens: &mut SmallVec<[u16; 16]>) {
    let names = |i: &u16, side: Side| match items[*i as usize].kind {
        Kind::Side(s, form) => s == side && form != SideForm::Compared,
        _ => false,
    };
    if [Side::Left, Side::Right].iter().all(|&side| tokens.iter().any(|i| names(i, side))) {
        tokens.retain(|i| !matches!(items[*i as usize].kind, Kind::Side(_, SideForm::Compared)));
    }
}

/// "at L3-4 and at L4-5": whether levels are joined by "and" alone.
fn are_listed(items: &[Item], levels: &[u16]) -> bool {
    levels.iter().skip(1).all(|&level| {
        let gap = items[level as usize].gap;
        matches!(items[level as usize - 1].kind, Kind::Levels(_)) && gap.has(Gap::AND) && gap.content == 0
    })
}
