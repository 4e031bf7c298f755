//! Where a denial ends: a sentence goes on with a statement that nothing parts from the one before it.
//!
//! Such statements are members of a list that was written without stops: each has its own level or structure, and its own
//! grade, side or denial. They are parted here as a semicolon would part them, so that all that is read later sees two.
//!
//! ```text
//! L3-4 no stenosis, L4-5 severe stenosis        the level opens a statement
//! no stenosis at L3-4 severe stenosis at L4-5   the grade opens one
//! left foramen: no stenosis right foramen: …    the heading opens one
//! no stenosis at L3-4, L4-5 or L5-S1            one denial, of three levels
//! ```

use smallvec::SmallVec;

use crate::lexicon::{Concept, Direction, Form, SideForm, Structure, Word};
use crate::matching::{LevelMention, Token, tokens_within};
use crate::model::{Mention, Side, Status};
use crate::text::{FoldSpan, Folded};

use super::gap::Gap;
use super::item::{Grade, Item, Items, Kind, Kinds};

/// Unknown words between a statement and a level that opens the next, at most: "no stenosis is seen, L4-5 …".
const MOST_WORDS: u8 = 2;

/// What denies something.
const DENYING: Kinds = Kinds::DENIAL.or(Kinds::NORMAL).or(Kinds::NIL);

/// Parts the statements of a sentence that denies something: the gap before each that opens becomes a semicolon's. `kinds`
/// are those of its items.
pub fn part_clauses(items: &mut Items, kinds: Kinds) {
    if !kinds.has(DENYING) {
        debug_assert!(!items.iter().any(denies));
        return;
    }
    let mut clause = Clause::default();
    for at in 0..items.len() {
        if items[at].gap.has(Gap::SEMICOLON | Gap::BUT) {
            clause = Clause::default();
        } else if clause.is_said && clause.ends_before(items, at) {
            items[at].gap.flags |= Gap::SEMICOLON;
            clause = Clause::default();
        }
        clause.take(&items[at]);
    }
}

/// Offsets at which the reach of cues ends: where a new graded statement or a new level begins.
pub fn barriers(items: &[Item]) -> SmallVec<[u32; 4]> {
    let mut found = SmallVec::new();
    let mut heads = 0;
    for (i, item) in items.iter().enumerate() {
        let is_graded = |at: usize| {
            matches!(items.get(at).map(|n| n.kind), Some(Kind::Grade(Grade::Named(_) | Grade::Size(_))))
        };
        let is_joined = item.gap.has(Gap::COMMA | Gap::AND | Gap::WITH);
        let opens = match item.kind {
            Kind::Levels(_)
            | Kind::Side(..)
            | Kind::Grade(_)
            | Kind::Structure(_)
            | Kind::Narrowed(_)
            | Kind::Cue(Status::Absent)
                if heads > 0 && item.gap.has(Gap::SEMICOLON) =>
            {
                true
            }
            Kind::Side(_, SideForm::Adjective) => {
                heads > 0 && is_joined && is_graded(i + 1) && !closes_with_or(items, i)
            }
            Kind::Grade(Grade::Named(_) | Grade::Size(_)) => {
                heads > 0 && is_joined && !closes_with_or(items, i)
            }
            Kind::Levels(_) => {
                heads > 0
                    && (item.gap.has(Gap::COMMA | Gap::AND) && item.gap.has(Gap::AT) || runs_on(items, i))
                    || item.gap.has(Gap::COMMA | Gap::SEMICOLON)
                        && items.get(i + 1).is_some_and(|next| next.gap.has(Gap::COLON))
            }
            // "no foraminal narrowing, small central protrusion"
            Kind::Grade(Grade::Ungraded) => {
                heads > 0
                    && item.gap.has(Gap::COMMA)
                    && !item.gap.has(Gap::OR)
                    && is_denied(&items[..i])
                    && opens_disc(&items[i + 1..])
            }
            _ => false,
        };
        if opens {
            found.push(item.span.start);
        }
        // "no fracture, …" denies what has no name here.
        let is_cue = matches!(item.kind, Kind::Cue(Status::Absent));
        let is_unknown = |next: &Item| next.gap.content > 0 || matches!(next.kind, Kind::Lesion);
        let denies_unknown = is_cue && items.get(i + 1).is_some_and(is_unknown);
        heads += usize::from(is_head(item) || denies_unknown);
    }
    found
}

/// Whether the last cue before is a denial.
fn is_denied(before: &[Item]) -> bool {
    let cue = |item: &Item| match item.kind {
        Kind::Cue(status) => Some(status),
        _ => None,
    };
    before.iter().rev().find_map(cue) == Some(Status::Absent)
}

/// Whether a displaced disc follows at once, with no more than its place and side before it, and nothing is listed with it.
fn opens_disc(items: &[Item]) -> bool {
    let is_place = |item: &&Item| {
        matches!(item.kind, Kind::Side(..) | Kind::Structure(Structure::Central | Structure::Foramen))
            && item.gap.is_tight()
    };
    let at = items.iter().take_while(is_place).count();
    let is_disc = |item: &Item| matches!(item.kind, Kind::Disc(..)) && item.gap.is_tight();
    let is_listed = |item: &Item| item.gap.has(Gap::OR);
    items.get(at).is_some_and(is_disc) && !items.get(at + 1).is_some_and(is_listed)
}

/// "… no canal stenosis C4-5 disc protrusion …": whether a level opens a statement where nothing closed the one before.
pub(super) fn runs_on(items: &[Item], level: usize) -> bool {
    let is_said = |at: usize| {
        items
            .get(at)
            .is_some_and(|item| matches!(item.kind, Kind::Change(..) | Kind::Narrowed(_) | Kind::Normal))
    };
    let is_tight =
        |at: usize| items.get(at).is_some_and(|item| item.gap.is_tight() && !item.gap.has(Gap::FILLER));
    let opens =
        items.get(level + 1).is_some_and(|item| matches!(item.kind, Kind::Disc(..) | Kind::Structure(_)));
    level.checked_sub(1).is_some_and(is_said) && opens && is_tight(level) && is_tight(level + 1)
}

/// Words between a denial and the end of what it denies, at most, marks included.
const LONGEST_DENIAL: usize = 12;

/// "no stenosis at L3-4, L4-5 shows …", "… at L3-4, L4-5 severe …": whether the last level of a list opens a statement.
/// `mentions` are the note's findings, `cues` its cues, each in order.
pub fn opens_after_list(
    folded: &Folded<'_>,
    tokens: &[Token],
    mentions: &[Mention<Concept>],
    cues: &[Mention<Concept>],
    list: &LevelMention,
) -> bool {
    let starts_after = |of: &[Mention<Concept>]| of.partition_point(|m| m.span.start < list.span.end);
    let before = |of: &[Mention<Concept>], at: u32| of.partition_point(|m| m.span.end <= at).checked_sub(1);
    let Some(said) = before(mentions, list.span.start).and_then(|last| mentions.get(last)) else {
        return false;
    };
    let is_said = matches!(
        said.concept,
        Concept::Change(..) | Concept::Narrowed(_) | Concept::Displacement(..) | Concept::Normal
    );
    let between = tokens_within(tokens, FoldSpan::new(said.span.end, list.span.start));
    let is_led = between.iter().all(|word| {
        let is_blank = folded.slice(FoldSpan::new(word.start, word.end)) == " ";
        is_blank || matches!(word.class.word, Some(Word::At | Word::Filler))
    });
    if !(is_said && is_led) {
        return false;
    }
    let next = |of: &[Mention<Concept>]| {
        of.get(starts_after(of)).filter(|m| m.span.start == list.span.end + 1).map(|m| m.concept)
    };
    let word = tokens.get(tokens.partition_point(|word| word.start <= list.span.end));
    // One level "has", two "have".
    let is_one = word.is_some_and(|word| {
        word.start == list.span.end + 1
            && matches!(word.class.word, Some(Word::Has | Word::Is))
            && folded.slice(FoldSpan::new(word.start, word.end)).ends_with('s')
    });
    let is_denied = before(cues, said.span.start).and_then(|cue| cues.get(cue)).is_some_and(|cue| {
        matches!(cue.concept, Concept::Cue(Status::Absent, Direction::Forward))
            && tokens_within(tokens, FoldSpan::new(cue.span.end, list.span.start)).len() <= LONGEST_DENIAL
    });
    let is_graded = matches!(next(mentions), Some(Concept::Severity(_) | Concept::Size(_)));
    let leads_on =
        word.is_some_and(|word| word.start == list.span.end + 1 && word.class.word == Some(Word::With));
    let denies = matches!(next(cues), Some(Concept::Cue(Status::Absent, Direction::Forward)));
    is_one || denies || (is_graded || leads_on) && is_denied
}

/// What a statement has told so far.
#[derive(Clone, Copy, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a question of its own, and none rules out another"
)]
struct Clause {
    /// Whether something was said of something.
    is_said: bool,
    /// Whether something was denied.
    is_denied: bool,
    /// Whether the level that it is about opened it.
    has_level_first: bool,
    /// Whether the structure that it is about came before what is said of it.
    has_structure_first: bool,
    /// Whether something was named that levels can be behind.
    has_begun: bool,
}

impl Clause {
    fn take(&mut self, item: &Item) {
        self.has_level_first |= !self.has_begun && matches!(item.kind, Kind::Levels(_));
        self.has_structure_first |= !self.has_begun && matches!(item.kind, Kind::Structure(_));
        self.is_denied |= denies(item);
        self.is_said |= says(item);
        self.has_begun |= is_head(item) || matches!(item.kind, Kind::Cue(_));
    }

    /// Whether the item at `at` opens the next statement.
    fn ends_before(self, items: &[Item], at: usize) -> bool {
        let item = &items[at];
        // "no stenosis at L3-4 or severe stenosis at L4-5" denies both.
        if item.gap.has(Gap::OR | Gap::OF | Gap::TO | Gap::WHICH | Gap::OPEN) {
            return false;
        }
        match item.kind {
            Kind::Levels(_) => self.opens_with_level(items, at),
            Kind::Side(_, SideForm::Adjective) => {
                self.opens_with_side(items, at) || self.opens_with_value(items, at)
            }
            Kind::Grade(Grade::Named(_) | Grade::Size(_)) => self.opens_with_value(items, at),
            Kind::Structure(_) | Kind::Narrowed(_) => self.opens_with_structure(items, at),
            Kind::Cue(Status::Absent) => {
                item.gap.is_tight()
                    && !self.has_level_first
                    && at.checked_sub(1).is_some_and(|before| matches!(items[before].kind, Kind::Levels(_)))
                    && predication(items, at + 1).is_some()
            }
            _ => false,
        }
    }

    /// "…, L4-5 severe stenosis", "… L4-5: severe stenosis": a level with a statement of its own.
    fn opens_with_level(self, items: &[Item], at: usize) -> bool {
        let item = &items[at];
        let Some(next) = predication(items, at + 1) else { return false };
        // "At L3-4 there is no stenosis At L4-5 there is …"
        // and not "…, and the foramina at L3-4 are clear"
        let is_of_structure = at.checked_sub(1).is_some_and(|before| {
            matches!(items[before].kind, Kind::Structure(_)) && !items[before].gap.has(Gap::OF)
        });
        let is_told = self.has_level_first && !is_of_structure && items[at + 1].gap.has(Gap::IS | Gap::HAS);
        let is_led = item.gap.has(Gap::AT) && !is_parted(item) && !is_told;
        let is_near = item.gap.content <= if is_parted(item) { MOST_WORDS } else { 0 };
        let own = next.has_value && (is_parted(item) || items[at + 1].gap.has(Gap::COLON | Gap::HAS));
        // "bulge, mild left C5-6 stenosis" opened with its grade; "narrowing C6-7, right patent" ends with its level.
        let is_inside =
            item.gap.is_tight() && (is_inside_phrase(items, at) || items[at + 1].gap.has(Gap::COMMA));
        !is_inside && is_near && !is_led && (self.has_level_first || own && !closes_with_or(items, at))
    }

    /// "left foramen: …", "left L4-5 foramen: …"
    fn opens_with_side(self, items: &[Item], at: usize) -> bool {
        let of = (at + 1..items.len()).find(|&i| !matches!(items[i].kind, Kind::Levels(_)));
        let heads = |of: usize| is_heading(items, of, self) && Item::gap_over(&items[at + 1..=of]).is_tight();
        (items[at].gap.is_tight() || is_parted(&items[at])) && of.is_some_and(heads)
    }

    /// "no stenosis at L3-4 severe stenosis at L4-5": a grade or side of a statement of its own, right behind a denial.
    fn opens_with_value(self, items: &[Item], at: usize) -> bool {
        let item = &items[at];
        let follows_said = at.checked_sub(1).and_then(|before| items.get(before)).is_some_and(|before| {
            matches!(
                before.kind,
                Kind::Change(_, Form::Noun)
                    | Kind::Narrowed(_)
                    | Kind::Disc(..)
                    | Kind::Levels(_)
                    | Kind::Normal
            ) || matches!(before.kind, Kind::Structure(_)) && !self.has_structure_first
        });
        // "no canal stenosis, left foraminal stenosis": a list that is denied would close with "or".
        let is_sided = item.gap.has(Gap::COMMA)
            && matches!(item.kind, Kind::Side(Side::Left | Side::Right, _))
            && !closes_with_or(items, at);
        let is_joined = item.gap.is_tight() || is_sided;
        self.is_denied && follows_said && is_joined && predication(items, at + 1).is_some()
    }

    /// "right foramen: …", "no canal stenosis, foraminal stenosis severe"
    fn opens_with_structure(self, items: &[Item], at: usize) -> bool {
        let item = &items[at];
        // "canal and foramina normal"
        let is_listed = matches!(items[at.saturating_sub(1)].kind, Kind::Structure(_));
        let is_graded = item.gap.has(Gap::COMMA)
            && self.is_denied
            && is_graded_behind(items, at)
            && !closes_with_or(items, at);
        // "-- left L4 root: touched" opened with its side.
        let is_named = at.checked_sub(1).is_some_and(|before| {
            matches!(items[before].kind, Kind::Side(..) | Kind::Root(_) | Kind::Grade(_))
        });
        let is_joined = item.gap.is_tight() && !is_named || is_parted(item) && !is_listed;
        is_graded || is_joined && is_heading(items, at, self)
    }
}

/// Whether a side or grade that a joint opens leads to an item at once: ", mild left [C5-6]".
fn is_inside_phrase(items: &[Item], at: usize) -> bool {
    let is_value = |item: &&Item| matches!(item.kind, Kind::Grade(_) | Kind::Side(_, SideForm::Adjective));
    let values = items[..at].iter().rev().take_while(is_value);
    let mut opened = values.map(|item| is_parted(item) || item.gap.has(Gap::SEMICOLON));
    opened.any(|is_opened| is_opened)
}

/// Whether a comma, "and" or a dash stands before an item.
const fn is_parted(item: &Item) -> bool {
    item.gap.has(Gap::COMMA | Gap::AND | Gap::DASH)
}

/// What is said right after a place: its own head comes next, behind nothing but values.
struct Predication {
    /// Whether it has a grade, a side or a cue of its own.
    has_value: bool,
}

/// The statement of a head that begins at `from`, if one does.
fn predication(items: &[Item], from: usize) -> Option<Predication> {
    let mut has_value = items.get(from)?.gap.has(Gap::HAS | Gap::IS | Gap::COLON);
    for (index, item) in items.iter().enumerate().skip(from) {
        let stops =
            Gap::SEMICOLON | Gap::BUT | Gap::WHICH | Gap::OR | if index > from { Gap::COMMA } else { 0 };
        // "narrowing bilat -- S1 roots: …"
        let is_further = item.gap.has(Gap::DASH) && matches!(item.kind, Kind::Root(_) | Kind::Structure(_));
        if item.gap.content > 0 || item.gap.has(stops) || is_further {
            return None;
        }
        match item.kind {
            Kind::Normal | Kind::Grade(Grade::Nil) => return Some(Predication { has_value: true }),
            _ if is_head(item) => return Some(Predication { has_value }),
            Kind::Side(..) | Kind::Grade(_) | Kind::Cue(_) => has_value = true,
            Kind::Levels(_) | Kind::Root(_) | Kind::Pointer(_) | Kind::Word(_) | Kind::Scale(_) => {}
            _ => return None,
        }
    }
    None
}

/// Whether a structure heads what follows: "left foramen: …", or "left foramen no …" after another that did the same.
fn is_heading(items: &[Item], at: usize, clause: Clause) -> bool {
    let Some(next) = items.get(at + 1).filter(|_| matches!(items[at].kind, Kind::Structure(_))) else {
        return false;
    };
    let is_value = matches!(next.kind, Kind::Grade(_) | Kind::Cue(Status::Absent) | Kind::Normal);
    let is_list = clause.has_structure_first && clause.is_denied;
    next.gap.has(Gap::COLON) || is_list && is_value && next.gap.content == 0 && !next.gap.has(Gap::LIST)
}

/// Whether a grade follows at once what is said of the structure at `at`: "foraminal stenosis severe".
fn is_graded_behind(items: &[Item], at: usize) -> bool {
    let is_noun = |item: &&Item| matches!(item.kind, Kind::Change(_, Form::Noun)) && item.gap.is_tight();
    let behind = at + 1 + items.iter().skip(at + 1).take_while(is_noun).count();
    let is_said = behind > at + 1 || matches!(items[at].kind, Kind::Narrowed(_));
    is_said
        && items.get(behind).is_some_and(|item| {
            matches!(item.kind, Kind::Grade(Grade::Named(_) | Grade::Size(_))) && item.gap.is_tight()
        })
        && items.get(behind + 1).is_some_and(|next| next.gap.content == 0)
}

/// Whether the list that goes on at an item closes with "or": "no protrusion, severe stenosis, or compression".
fn closes_with_or(items: &[Item], at: usize) -> bool {
    let class = |item: &Item| std::mem::discriminant(&item.kind);
    let mut pairs = items.get(at.saturating_sub(1)..).unwrap_or_default().windows(2);
    let joint = pairs.find_map(|pair| {
        let [before, item] = pair else { return None };
        let ends = item.gap.has(Gap::SEMICOLON | Gap::BUT | Gap::WHICH | Gap::COLON);
        let joins = item.gap.has(Gap::AND | Gap::OR) && class(before) != class(item);
        (ends || joins).then_some(item.gap)
    });
    joint.is_some_and(|gap| gap.has(Gap::OR))
}

fn is_head(item: &Item) -> bool {
    matches!(
        item.kind,
        Kind::Structure(_) | Kind::Change(..) | Kind::Narrowed(_) | Kind::Disc(..) | Kind::Normal
    )
}

/// Whether an item says something of a structure.
fn says(item: &Item) -> bool {
    matches!(item.kind, Kind::Grade(Grade::Nil)) || is_head(item) && !matches!(item.kind, Kind::Structure(_))
}

/// Whether an item denies something.
fn denies(item: &Item) -> bool {
    matches!(item.kind, Kind::Cue(Status::Absent) | Kind::Normal | Kind::Grade(Grade::Nil))
}
