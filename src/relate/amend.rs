//! Items read again in the light of their neighbours: what a sentence takes back, sides that belong to an object or are
//! pointed at, and roots that nothing touches.
//!
//! ```text
//! moderate, rather than severe, canal stenosis          is moderate, and denies nothing
//! encroachment on the left L4 root                      is of a left root
//! right stenosis, the opposite foramen patent           is patent on the left
//! left extrusion, the foramen narrowed on that side     is narrowed on the left
//! the exiting L5 roots are free                         are not compressed
//! severe right narrowing, no left                       has none on the left
//! ```

use smallvec::SmallVec;

use crate::lexicon::{ChangeClass, Form, Sense, SideForm, Structure, Word};
use crate::matching::{Token, tokens_within};
use crate::model::{Side, Status};
use crate::text::FoldSpan;

use super::both::drop_conjunctions;
use super::gap::Gap;
use super::item::{Draft, Grade, Item, Items, Kind, Kinds, Step};

/// What the items of a sentence are read again for, once they are joined.
const AMENDING: &[Step] = &[
    Step {
        all: Kinds::SAME_SIDE,
        any: Kinds::ANY,
        adds: Kinds::SIDE.or(Kinds::SIDES),
        take: |draft| point_to_sides(draft.items),
    },
    Step {
        all: Kinds::NONE,
        any: Kinds::SIDE.or(Kinds::SIDE_BEFORE),
        adds: Kinds::SIDE.or(Kinds::SIDES),
        take: |draft| draft.named = point_away(draft.items, draft.tokens, draft.named),
    },
    Step {
        all: Kinds::SIDE.or(Kinds::CHANGE).or(Kinds::STRUCTURE),
        any: Kinds::ANY,
        adds: Kinds::NONE,
        take: |draft| lend_to_objects(draft.items, draft.tokens),
    },
    Step {
        all: Kinds::DENIAL,
        any: Kinds::ANY,
        adds: Kinds::NONE,
        take: |draft| draft.taken_back.extend(take_back(draft.items, draft.tokens)),
    },
    Step {
        all: Kinds::DENIAL.or(Kinds::SIDE),
        any: Kinds::ANY,
        adds: Kinds::GRADE.or(Kinds::GRADES).or(Kinds::NIL),
        take: |draft| draft.taken_back.extend(deny_sides(draft.items, draft.tokens)),
    },
    Step {
        all: Kinds::BOTH,
        any: Kinds::ANY,
        adds: Kinds::WORD.or(Kinds::EACH),
        take: |draft| drop_conjunctions(draft.items, draft.tokens, draft.levels),
    },
];

/// Reads the items of a sentence again, once they are joined.
pub fn amend(draft: &mut Draft<'_>) {
    draft.take(AMENDING);
}

/// Takes out of a sentence's items the values that it names only to say that they are not so, right after those that
/// are: "left, not right". Gives the cues that said so, which deny nothing else.
fn take_back(items: &mut Items, tokens: &[Token]) -> SmallVec<[FoldSpan; 1]> {
    let mut cues = SmallVec::new();
    let mut at = 1;
    while at < items.len() {
        // "the right foramen is not narrow, but the left is": what is so is not told again.
        if matches!(items[at].kind, Kind::Side(Side::Left | Side::Right, _))
            && items[at].gap.has(Gap::BUT)
            && closes(items, at + 1)
            && items[at + 1].gap.has(Gap::IS)
            && items[..at].iter().any(|item| matches!(item.kind, Kind::Cue(Status::Absent)))
        {
            items.remove(at);
            continue;
        }
        // "the left root is touched, the right is not"
        if matches!(items[at - 1].kind, Kind::Side(..))
            && is_instead(items, at, tokens)
            && closes(items, at + 1)
        {
            cues.push(items[at].span);
            items.drain(at - 1..=at);
            continue;
        }
        let end = taken_back(items, at, tokens);
        if end > at {
            cues.push(items[at].span);
            // "moderate, not severe, stenosis": the commas were those of what is gone.
            if let Some(next) = items.get(end).map(|next| next.gap)
                && items[at].gap.has(Gap::COMMA)
            {
                items[end].gap = Gap { flags: next.flags & !Gap::COMMA, ..next };
            }
            items.drain(at..end);
        }
        at += 1;
    }
    cues
}

/// Whether a cue says that something is not so, right after what is: "not", "rather than".
fn is_instead(items: &[Item], cue: usize, tokens: &[Token]) -> bool {
    let says = |token: &Token| token.class.sense == Some(Sense::Instead);
    items.get(cue).is_some_and(|item| {
        matches!(item.kind, Kind::Cue(Status::Absent))
            && item.gap.content == 0
            && tokens_within(tokens, item.span).iter().any(says)
    })
}

/// Whether the sentence ends at an item, with nothing said before.
fn closes(items: &[Item], at: usize) -> bool {
    items.get(at).is_some_and(|item| matches!(item.kind, Kind::End) && item.gap.content == 0)
}

/// Where the values end that the cue at `cue` takes back; `cue` itself where it takes back none.
fn taken_back(items: &[Item], cue: usize, tokens: &[Token]) -> usize {
    if !is_instead(items, cue, tokens) {
        return cue;
    }
    let class = |item: &Item| match item.kind {
        Kind::Grade(Grade::Named(_) | Grade::Size(_)) => Some(0),
        Kind::Side(..) => Some(1),
        Kind::Levels(_) => Some(2),
        _ => None,
    };
    let said: SmallVec<[u8; 4]> = items[..cue].iter().rev().map_while(class).collect();
    let is_again = |item: &&Item| class(item).is_some_and(|class| said.contains(&class));
    let follows = |item: &&Item| item.gap.content == 0 && !item.gap.has(Gap::LIST | Gap::HARD);
    cue + match items[cue + 1..].iter().take_while(|item| follows(item)).take_while(is_again).count() {
        0 => 0,
        count => count + 1,
    }
}

/// "severe right narrowing, no left", "no left but severe right narrowing": "no" before a side of which nothing else is
/// said is the grade "none" of that side. Gives the cues that are such grades, which deny nothing else.
fn deny_sides(items: &mut Items, tokens: &[Token]) -> SmallVec<[FoldSpan; 1]> {
    let mut cues = SmallVec::new();
    for at in 0..items.len() {
        let [cue, side, next, ..] = items.get(at..).unwrap_or_default() else { break };
        if !matches!(cue.kind, Kind::Cue(Status::Absent)) {
            continue;
        }
        let says = |token: &Token| token.class.sense == Some(Sense::No);
        // "the right foramen is narrow, but not the left"
        let is_opposite = |item: &Item| {
            matches!(item.kind, Kind::Side(Side::Left | Side::Right, _)) && item.kind != side.kind
        };
        let is_last = matches!(next.kind, Kind::End)
            || matches!(next.kind, Kind::Levels(_)) && next.gap.has(Gap::AT) && closes(items, at + 3);
        let takes_back = is_last && is_instead(items, at, tokens) && items[..at].iter().any(is_opposite);
        let is_side =
            matches!(side.kind, Kind::Side(Side::Left | Side::Right, form) if form != SideForm::Compared);
        let closes = next.gap.content == 0
            && match next.kind {
                Kind::End => true,
                Kind::Grade(_) | Kind::Side(..) | Kind::Levels(_) => {
                    next.gap.has(Gap::COMMA | Gap::AND | Gap::BUT | Gap::SEMICOLON)
                }
                _ => false,
            };
        let says_no = closes && tokens_within(tokens, cue.span).iter().any(says);
        if is_side && side.gap.is_tight() && (says_no || takes_back) {
            cues.push(cue.span);
            items[at].kind = Kind::Grade(Grade::Nil);
        }
    }
    cues
}

/// "encroachment on the left L4 root": a side that "on" leads to is that of the root or sac which follows it at once, where
/// a change stands right before.
fn lend_to_objects(items: &mut Items, tokens: &[Token]) {
    for at in 1..items.len() {
        let Kind::Side(side, SideForm::Adverb) = items[at].kind else { continue };
        let is_on = |first: &Token| first.class.sense == Some(Sense::On);
        let touches = matches!(
            items[at - 1].kind,
            Kind::Change(ChangeClass::Compress | ChangeClass::Touch, Form::Noun | Form::Active)
        );
        let mut after = items[at + 1..].iter().take_while(|item| item.gap.is_tight());
        let is_object = after
            .find(|item| !matches!(item.kind, Kind::Levels(_)))
            .is_some_and(|item| matches!(item.kind, Kind::Structure(Structure::Root | Structure::Sac)));
        if touches
            && is_object
            && items[at].gap.is_tight()
            && tokens_within(tokens, items[at].span).first().is_some_and(is_on)
        {
            items[at].kind = Kind::Side(side, SideForm::Adjective);
            items[at].gap.flags |= Gap::OF;
        }
    }
}

/// "left extrusion, with the foramen narrowed on that side": a side that is pointed at is the only one named before.
fn point_to_sides(items: &mut Items) {
    for at in 1..items.len() {
        if !matches!(items[at].kind, Kind::Word(Word::SameSide)) {
            continue;
        }
        let mut named = items[..at].iter().filter_map(|item| match item.kind {
            Kind::Side(side, _) => Some(side),
            _ => None,
        });
        if let Some(side) =
            named.next().filter(|&side| side != Side::Bilateral && named.all(|other| other == side))
        {
            items[at].kind = Kind::Side(side, SideForm::Adverb);
        }
    }
}

/// "right stenosis. The opposite foramen is patent": the side that is not the only one named before, in the sentence or, in
/// `before`, on its line. Gives the only side named up to its end.
fn point_away(items: &mut Items, tokens: &[Token], before: Option<Side>) -> Option<Side> {
    let mut named = before;
    let mut is_own = false;
    for at in 0..items.len() {
        // "left extrusion into the foramen. That foramen is narrow"
        if let Some(side) = named.filter(|_| matches!(items[at].kind, Kind::Structure(Structure::Foramen)))
            && let Some(word) = pronoun_before(items, at, tokens)
        {
            let gap = items[at].gap;
            items[at].gap = Gap::default();
            items.insert(at, Item { kind: Kind::Side(side, SideForm::Adjective), span: word, gap });
        }
        let item = items[at];
        match item.kind {
            Kind::Side(Side::Left | Side::Right, SideForm::Compared) | Kind::Side(Side::Bilateral, _) => {
                named = None;
            }
            Kind::Side(side, _) if is_own && named != Some(side) => named = None,
            Kind::Side(side, _) => (named, is_own) = (Some(side), true),
            Kind::Word(Word::OtherSide) => {
                let Some(side) = named else { continue };
                let is_before = items.get(at + 1).is_some_and(|next| {
                    matches!(next.kind, Kind::Structure(_) | Kind::Levels(_)) && next.gap.is_tight()
                });
                let form = if is_before { SideForm::Adjective } else { SideForm::Adverb };
                let other = if side == Side::Left { Side::Right } else { Side::Left };
                items[at].kind = Kind::Side(other, form);
            }
            _ => {}
        }
    }
    named
}

/// "that" or "this" right before an item that has no side or level of its own.
fn pronoun_before(items: &[Item], at: usize, tokens: &[Token]) -> Option<FoldSpan> {
    let item = items.get(at)?;
    let is_first = at.checked_sub(1).is_none_or(|before| {
        !item.gap.is_tight()
            || !matches!(items[before].kind, Kind::Side(..) | Kind::Levels(_) | Kind::Grade(_))
    });
    let word = tokens.get(..tokens.partition_point(|token| token.start < item.span.start))?.iter().rev();
    let near = word.take_while(|token| token.end + 1 >= item.span.start);
    let pronoun = near.filter(|token| token.class.sense == Some(Sense::Pronoun)).last()?;
    let span = FoldSpan::new(pronoun.start, pronoun.end);
    (is_first && item.gap.has(Gap::FILLER) && span.end < item.span.start).then_some(span)
}

/// "the exiting L5 roots are free": roots that nothing touches are no compressed ones. Gives the words that say so, as the
/// denial of what they are read as. Other praise of roots, "normal", says nothing of what presses on them, and roots without
/// a name are free when an operation ends. `kinds` are those of the items.
pub fn free_roots(items: &mut Items, kinds: &mut Kinds, tokens: &[Token]) -> SmallVec<[FoldSpan; 1]> {
    let mut freed = SmallVec::new();
    if !kinds.has_all(Kinds::ROOT.or(Kinds::STRUCTURE).or(Kinds::NORMAL)) {
        return freed;
    }
    for at in 1..items.len() {
        let is_free = |token: &Token| token.class.sense == Some(Sense::Free);
        let gap = items[at].gap;
        if matches!(items[at].kind, Kind::Normal)
            && matches!(items[at - 1].kind, Kind::Structure(Structure::Root))
            && matches!(items.get(at.wrapping_sub(2)).map(|item| item.kind), Some(Kind::Root(_)))
            && gap.content == 0
            && gap.has(Gap::IS)
            && !gap.has(Gap::LIST | Gap::HARD | Gap::OF)
            && tokens_within(tokens, items[at].span).iter().any(is_free)
        {
            items[at].kind = Kind::Change(ChangeClass::Compress, Form::Passive);
            freed.push(items[at].span);
        }
    }
    *kinds = Kinds::of(items);
    freed
}
