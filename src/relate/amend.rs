//! Items read again in the light of their neighbours: what a sentence takes back, sides that belong to an object or are
//! pointed at, and roots that nothing touches.
//!
//! ```text
//! moderate, rather than severe, canal stenosis          is moderate, and denies nothing
//! encroachment on the left L4 root                      is of a left root
//! left extrusion, the foramen narrowed on that side     is narrowed on the left
//! the exiting L5 roots are free                         are not compressed
//! ```

use smallvec::SmallVec;

use crate::lexicon::{ChangeClass, Form, Sense, SideForm, Structure, Word};
use crate::matching::{Token, tokens_within};
use crate::model::{Side, Status};
use crate::text::FoldSpan;

use super::gap::Gap;
use super::item::{Grade, Item, Items, Kind};

/// Takes out of a sentence's items the values that it names only to say that they are not so, right after those that
/// are: "left, not right". Gives the cues that said so, which deny nothing else.
pub fn take_back(items: &mut Items, tokens: &[Token]) -> SmallVec<[FoldSpan; 1]> {
    let mut cues = SmallVec::new();
    let mut at = 1;
    while at < items.len() {
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
        item.kind == Kind::Cue(Status::Absent)
            && item.gap.content == 0
            && tokens_within(tokens, item.span).iter().any(says)
    })
}

/// Whether the sentence ends at an item, with nothing said before.
fn closes(items: &[Item], at: usize) -> bool {
    items.get(at).is_some_and(|item| item.kind == Kind::End && item.gap.content == 0)
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

/// "encroachment on the left L4 root": a side that "on" leads to is that of the root or sac which follows it at once, where
/// a change stands right before.
pub fn lend_to_objects(items: &mut Items, tokens: &[Token]) {
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
pub fn point_to_sides(items: &mut Items) {
    for at in 1..items.len() {
        if items[at].kind != Kind::Word(Word::SameSide) {
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

/// "the exiting L5 roots are free": roots that nothing touches are no compressed ones. Gives the words that say so, as the
/// denial of what they are read as. Other praise of roots, "normal", says nothing of what presses on them, and roots without
/// a name are free when an operation ends.
pub fn free_roots(items: &mut Items, tokens: &[Token]) -> SmallVec<[FoldSpan; 1]> {
    let mut freed = SmallVec::new();
    for at in 1..items.len() {
        let is_free = |token: &Token| token.class.sense == Some(Sense::Free);
        let gap = items[at].gap;
        if items[at].kind == Kind::Normal
            && items[at - 1].kind == Kind::Structure(Structure::Root)
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
    freed
}
