//! The grade of then and the grade of now: "progressed from mild to moderate", "severe stenosis is now mild".

use super::{Grade, Item, Items, Kind};
use crate::lexicon::{Sense, Word};
use crate::matching::{Token, tokens_within};
use crate::model::Severity;
use crate::relate::gap::Gap;
use crate::text::FoldSpan;

/// "progressed from mild to moderate" names the grade of then and the grade of now, no range.
pub(super) fn split_progress(items: &mut Items, tokens: &[Token]) {
    for i in (1..items.len()).rev() {
        let Kind::Grade(Grade::Named(range)) = items[i].kind else { continue };
        let ends = match range {
            Severity::MildToModerate => (Severity::Mild, Severity::Moderate),
            Severity::ModerateToSevere => (Severity::Moderate, Severity::Severe),
            _ => continue,
        };
        let is_from = |last: &Token| last.class.sense == Some(Sense::From);
        if !is_former(items, i) || !tokens_within(tokens, items[i - 1].span).last().is_some_and(is_from) {
            continue;
        }
        let ways = tokens_within(tokens, items[i].span);
        let to = |parts: &&[Token]| matches!(parts, [_, to, _] if to.class.word == Some(Word::To));
        let Some([low, _, high]) = ways.windows(3).find(to) else { continue };
        let then = FoldSpan::new(items[i].span.start, low.end);
        let now = FoldSpan::new(high.start, items[i].span.end);
        items[i] = Item { kind: Kind::Grade(Grade::Named(ends.0)), span: then, gap: items[i].gap };
        let gap = Gap { flags: Gap::TO, content: 0 };
        items.insert(i + 1, Item { kind: Kind::Grade(Grade::Named(ends.1)), span: now, gap });
    }
}

/// "severe stenosis has improved to moderate": a grade that another takes the place of is the grade of then.
pub(super) fn mark_superseded(items: &mut Items, tokens: &[Token]) {
    for now in (1..items.len()).rev() {
        let between = FoldSpan::new(items[now - 1].span.end, items[now].span.start);
        if !is_named(&items[now]) || between.is_empty() || !tells_change(tokens_within(tokens, between)) {
            continue;
        }
        let Some(then) = superseded(items, now) else { continue };
        // "mild on the prior study, is now severe"
        if is_former(items, now) {
            let gap = items[now - 1].gap.and(items[now].gap);
            items[now].gap = gap;
            items.remove(now - 1);
        }
        if !is_former(items, then) {
            let start = items[then].span.start;
            let gap = std::mem::take(&mut items[then].gap);
            let formerly = Kind::Word(Word::Formerly);
            items.insert(then, Item { kind: formerly, span: FoldSpan::new(start, start), gap });
        }
    }
}

/// The grade that the one at `now` takes the place of: of the same thing, with nothing listed beside it.
fn superseded(items: &[Item], now: usize) -> Option<usize> {
    let then = items[..now].iter().rposition(is_named)?;
    let between = &items[then + 1..now];
    let is_listed =
        |item: &Item| item.gap.has(Gap::LIST | Gap::SEMICOLON | Gap::BUT | Gap::COLON | Gap::WITH);
    let is_other = matches!(between.last(), Some(Item { kind: Kind::Side(..), .. }));
    (!between.iter().any(is_listed) && !is_other).then_some(then)
}

/// Whether words say that what follows is new: "has progressed to", "is now".
fn tells_change(words: &[Token]) -> bool {
    let leads = |pair: &[Token]| matches!(pair, [verb, to] if verb.class.sense == Some(Sense::Grows) && to.class.word == Some(Word::To));
    words.windows(2).any(leads) || words.iter().any(|word| word.class.sense == Some(Sense::Now))
}

fn is_named(item: &Item) -> bool {
    matches!(item.kind, Kind::Grade(Grade::Named(_)))
}

/// Whether the grade at `index` is one of an earlier time: "progressed from mild to moderate".
fn is_former(items: &[Item], index: usize) -> bool {
    index > 0 && matches!(items[index - 1].kind, Kind::Word(Word::Formerly))
}
