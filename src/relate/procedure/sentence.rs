//! A sentence as procedures read it: its items, and the heads among them, the words that name a procedure.
//!
//! ```text
//! right L4-5 and L5-S1 TFESI, then L4-5 laminectomy with facetectomy and fusion
//!                      head             head             step            head
//! ```

use smallvec::SmallVec;

use crate::lexicon::{Act, Concept, Detail, Direction, Measure, Sense, SideForm, Structure, Telling};
use crate::matching::Token;
use crate::model::{Mention, ProcedureFamily, ProcedureStatus, SectionKind, Side};
use crate::relate::gap::Gap;
use crate::relate::item::{Item, Items, Kind};
use crate::relate::layers::{Layers, within};
use crate::segment::Sentence;
use crate::text::FoldSpan;

use super::acts::Kinds;
use super::items::read_items;
use super::place::may_name_place;

/// Families that one head names.
pub(super) type Families = SmallVec<[ProcedureFamily; 2]>;

/// How many words after a name may hold what it did, or the hour at which it is to be done.
const OUTCOME_REACH: usize = 8;
const HOUR_REACH: usize = 10;
/// How many words after a name "today" may stand.
const TODAY_REACH: usize = 3;

/// The length of a billing code, in digits.
const CODE: usize = 5;

/// How many words may stand before "ago".
const AGO_REACH: u8 = 2;

/// How many words before a policy may hold the word that leads to it.
const PER_REACH: usize = 3;

/// A word that names a procedure.
#[derive(Clone, Debug)]
pub(super) struct ProcedureHead {
    /// Its item.
    pub(super) item: usize,
    /// What it names; nothing for a step, which only joins its neighbours.
    pub(super) families: Families,
}

/// A sentence with its items and heads.
pub(super) struct ProcedureSentence<'a, 'n> {
    pub(super) layers: &'a Layers<'a, 'n>,
    pub(super) sentence: Sentence,
    pub(super) section: SectionKind,
    pub(super) items: Items,
    pub(super) heads: SmallVec<[ProcedureHead; 4]>,
    /// Whether a bracket opens in it, as that of a box does.
    pub(super) has_bracket: bool,
    /// The kinds of its words on procedures.
    pub(super) kinds: Kinds,
}

impl<'a, 'n> ProcedureSentence<'a, 'n> {
    /// Reads a sentence; `of_spine` says whether the note speaks of the spine.
    pub(super) fn read(layers: &'a Layers<'a, 'n>, sentence: &Sentence, of_spine: bool) -> Self {
        let mut statement = Self {
            layers,
            sentence: *sentence,
            section: layers.section(sentence),
            items: Items::new(),
            heads: SmallVec::new(),
            has_bracket: layers.has_byte(sentence.span, |byte| byte == b'['),
            kinds: Kinds::default(),
        };
        read_items(layers, sentence.span, &mut statement.items);
        statement.kinds = Kinds::of(statement.items.iter().filter_map(Item::act));
        debug_assert!(
            may_name_place(layers, sentence.span)
                || !(0..statement.items.len()).any(|item| statement.is_site(item))
        );
        // What an operation is told to do, it does where its sentence says.
        let tells = matches!(statement.section, SectionKind::Procedure | SectionKind::Technique)
            && statement.has_verb();
        let of_spine = of_spine && (!tells || statement.weighs()) || statement.speaks_of_spine();
        let mut heads = SmallVec::new();
        for item in 0..statement.items.len() {
            if let Some(families) = statement.families(item, of_spine) {
                heads.push(ProcedureHead { item, families });
            }
        }
        statement.heads = heads;
        statement
    }

    /// The word on procedures at an item.
    pub(super) fn act(&self, item: usize) -> Option<Act> {
        self.items.get(item)?.act()
    }

    /// All that stands between two items, `to` included with what is before it.
    pub(super) fn gap(&self, from: usize, to: usize) -> Gap {
        Item::gap_over(self.items.get(from + 1..=to).unwrap_or_default())
    }

    /// Where one item ends and another begins; nothing where they do not follow each other.
    pub(super) fn between(&self, from: usize, to: usize) -> FoldSpan {
        match (self.items.get(from), self.items.get(to)) {
            (Some(from), Some(to)) if from.span.end <= to.span.start => {
                FoldSpan::new(from.span.end, to.span.start)
            }
            _ => FoldSpan::new(0, 0),
        }
    }

    /// The text that stands between two items: of use for its marks alone.
    pub(super) fn marks_between(&self, from: usize, to: usize) -> &str {
        self.layers.folded.slice(self.between(from, to))
    }

    /// Whether a word of a sense stands in a stretch.
    pub(super) fn has_sense(&self, stretch: FoldSpan, sense: Sense) -> bool {
        self.layers.tokens_within(stretch).any(|token| token.class.sense == Some(sense))
    }

    /// Whether it opens with a word for levels or sides, or stands under a heading that has one: "Levels treated: …".
    pub(super) fn opens_listing(&self) -> bool {
        self.opens_with(Act::Listing) && !self.has_verb()
    }

    /// Whether it opens with what was done there, as a label: "Nerves blocked: …".
    pub(super) fn opens_places(&self) -> bool {
        let is_label =
            |at: &Item| at.kind == Kind::Act(Act::Injection) && at.span.start == self.sentence.span.start;
        self.items.first().is_some_and(is_label)
            && self.items.get(1).is_some_and(|next| next.gap.has(Gap::COLON))
    }

    /// Whether it opens with the word for a procedure, or stands under a heading that has it: "Px: …".
    pub(super) fn opens_title(&self) -> bool {
        let headed = self.opens_with(Act::Title);
        headed && !self.has_verb()
    }

    /// Whether it opens with a label of what is still to come: "Planned stage 2: …", "Stage 2, Thursday (planned): …".
    pub(super) fn opens_planned(&self) -> bool {
        let label =
            self.layers.folded.slice(self.sentence.span).split_once(": ").map(|(label, _)| label.len());
        let end = label.map(|length| self.sentence.span.start + length as u32);
        let planned = |item: &Item| match item.kind {
            Kind::Act(Act::Status(ProcedureStatus::Planned, direction)) => {
                item.span.start == self.sentence.span.start || direction != Direction::Forward
            }
            _ => false,
        };
        let mut items = self.items.iter().take_while(|item| end.is_some_and(|end| item.span.end <= end));
        items.any(planned)
    }

    /// Whether it asks for the same once more: "Repeat right S1 TFESI".
    pub(super) fn opens_repeat(&self) -> bool {
        let first = self.layers.tokens_within(self.sentence.span).next();
        first.is_some_and(|word| word.class.sense == Some(Sense::Repeat))
    }

    /// Whether it opens with a label of what was before: "Interval: …".
    pub(super) fn opens_past(&self) -> bool {
        let first = self.items.first().filter(|item| item.span.start == self.sentence.span.start);
        let is_past = |act: Act| act == Act::After || act.is_past();
        first.is_some_and(|item| matches!(item.kind, Kind::Act(act) if is_past(act)))
            && self.items.get(1).is_some_and(|next| next.gap.has(Gap::COLON))
    }

    /// Whether it says what a policy asks for, and not what is planned by its rules: "per policy".
    pub(super) fn is_policy(&self) -> bool {
        self.items.iter().any(|item| item.kind == Kind::Act(Act::Policy) && !self.follows_per(item.span))
    }

    /// Whether "per" leads to a word: "per the policy".
    fn follows_per(&self, word: FoldSpan) -> bool {
        let end = self.layers.tokens.partition_point(|token| token.start < word.start);
        let before = self.layers.tokens.get(..end).unwrap_or_default().iter().rev().take(PER_REACH);
        before
            .take_while(|token| token.start >= self.sentence.span.start)
            .any(|token| token.class.measure == Some(Measure::Per))
    }

    /// Whether it stands under a heading that has a word for levels or sides.
    pub(super) fn is_under_listing(&self) -> bool {
        self.is_under(Act::Listing)
    }

    fn is_under(&self, act: Act) -> bool {
        let is_act = |m: &Mention<Concept>| m.concept == Concept::Act(act);
        let heading = self.layers.layout.sections.get(self.sentence.section as usize).map(|s| s.heading);
        heading.is_some_and(|heading| within(self.layers.acts, heading).iter().any(is_act))
    }

    fn opens_with(&self, act: Act) -> bool {
        let first = self
            .items
            .first()
            .is_some_and(|item| item.kind == Kind::Act(act) && item.span.start == self.sentence.span.start);
        first || self.is_under(act)
    }

    /// Whether it stands on the line of its heading: "Dx: lumbar radiculopathy".
    pub(super) fn is_on_heading_line(&self) -> bool {
        let heading = self.layers.layout.sections.get(self.sentence.section as usize).map(|s| s.heading);
        heading.is_some_and(|heading| {
            let before = FoldSpan::new(heading.start, self.sentence.span.start.max(heading.start));
            !self.layers.folded.note_text(before).contains('\n')
        })
    }

    /// Whether it opens with a billing code, whose words it quotes: "64483 RT, transforaminal".
    pub(super) fn opens_with_code(&self) -> bool {
        let word = self.layers.folded.slice(self.sentence.span).split([' ', ',', '-', ':', ';', '.']).next();
        word.is_some_and(|word| word.len() == CODE && word.bytes().all(|b| b.is_ascii_digit()))
    }

    /// Whether it opens with the name of a procedure, or with its level or side.
    pub(super) fn names_first(&self) -> bool {
        let is_name = |kind: Kind| match kind {
            Kind::Levels(_) | Kind::Side(..) => true,
            Kind::Act(act) => act.names(),
            _ => false,
        };
        let first = self.items.first().filter(|item| item.gap.content <= 1 && is_name(item.kind));
        first.is_some() && self.heads.first().is_some_and(|head| !head.families.is_empty())
    }

    /// Whether an arrow leads to it: "-> right S1 TFESI".
    pub(super) fn follows_arrow(&self) -> bool {
        let end = self.sentence.span.start as usize;
        let before = self.layers.folded.bytes().get(..end).unwrap_or_default().trim_ascii_end();
        before.ends_with(b"->") || before.ends_with(b"=>") || before.ends_with(b">>")
    }

    /// Whether a note without a verb says how long ago: "First set: 3 weeks ago, same nerves".
    pub(super) fn tells_ago(&self) -> bool {
        let is_ago = |act| {
            matches!(act, Act::Status(ProcedureStatus::Historical, Direction::Backward | Direction::Both))
        };
        !self.has_verb() && self.items.iter().any(|item| matches!(item.kind, Kind::Act(act) if is_ago(act)))
    }

    /// Whether it says how long ago the item was, right behind it: "Last round was 6 months ago".
    pub(super) fn tells_ago_of(&self, item: usize) -> bool {
        let next = self.items.get(item + 1);
        next.is_some_and(|next| {
            next.gap.content <= AGO_REACH
                && matches!(
                    next.kind,
                    Kind::Act(Act::Status(
                        ProcedureStatus::Historical,
                        Direction::Backward | Direction::Both
                    ))
                )
        })
    }

    /// Whether a date and then a share of relief follow the name at an item: "TFESI 5/3, 90 %".
    pub(super) fn tells_outcome(&self, item: usize) -> bool {
        self.is_dated(item) && self.words_after(item).take(OUTCOME_REACH).any(|word| word.ends_with('%'))
    }

    /// Whether the hour of an appointment follows the name at an item: "4/4 at 8:00", "5/19 1 PM".
    pub(super) fn tells_hour(&self, item: usize) -> bool {
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let mut before = "";
        self.words_after(item).take(HOUR_REACH).any(|word| {
            let is_clock =
                word.split_once(':').is_some_and(|(hour, rest)| is_number(hour) && is_number(rest));
            let is_half =
                self.layers.words.class(word.as_bytes()).sense == Some(Sense::HalfDay) && is_number(before);
            before = word;
            is_clock || is_half
        })
    }

    /// Whether what it did follows the name at an item: "we did facet injections with a month of relief".
    pub(super) fn tells_effect(&self, item: usize) -> bool {
        let past = |act| matches!(act, Act::Status(ProcedureStatus::Historical, Direction::Backward));
        self.items.iter().skip(item + 1).any(|after| matches!(after.kind, Kind::Act(act) if past(act)))
    }

    /// The words after an item, without the marks around them.
    fn words_after(&self, item: usize) -> impl Iterator<Item = &str> {
        let start = self.items.get(item).map_or(self.sentence.span.end, |i| i.span.end);
        let rest = FoldSpan::new(start, self.sentence.span.end.max(start));
        let words = self.layers.folded.slice(rest).split([' ', ',', ';', '(', ')', '.']);
        words.filter(|word| !word.is_empty())
    }

    /// Whether "today" stands right behind the name at an item, or behind its place: "an epidural injection today".
    pub(super) fn is_of_today(&self, item: usize) -> bool {
        let start = self.items.get(item).map_or(self.sentence.span.end, |i| i.span.end);
        let rest = FoldSpan::new(start, self.sentence.span.end.max(start));
        self.layers.tokens_within(rest).take(TODAY_REACH).any(|word| word.class.sense == Some(Sense::Today))
    }

    /// Whether it tells of today.
    pub(super) fn tells_today(&self) -> bool {
        self.has_sense(self.sentence.span, Sense::Today)
    }

    /// Whether a verb makes it a sentence, where a title has none.
    pub(super) fn has_verb(&self) -> bool {
        self.items.iter().any(|item| item.gap.has(Gap::IS | Gap::HAS))
    }

    /// Whether it tells how something is done: by a way, or that it was carried out.
    pub(super) fn tells_of_doing(&self) -> bool {
        self.items.iter().any(|item| {
            matches!(item.kind, Kind::Act(Act::Approach(_) | Act::Status(ProcedureStatus::Performed, _)))
        })
    }

    /// Whether it tells of a needle, or of the place that one was led to.
    pub(super) fn has_needle(&self) -> bool {
        let is_needle = |m: &Mention<Concept>| {
            matches!(m.concept, Concept::Detail(Detail::Telling(Telling::Needle | Telling::Led)))
        };
        within(self.layers.details, self.sentence.span).iter().any(is_needle)
    }

    /// Whether a side is named for itself, "the right side", and not for a part of the body.
    pub(super) fn names_side(&self, side: FoldSpan) -> bool {
        let is_side = |token: &Token| token.class.sense == Some(Sense::Aspect);
        let rest = FoldSpan::new(side.end, self.sentence.span.end.max(side.end));
        self.layers.tokens_within(side).last().is_some_and(is_side)
            || self.layers.tokens_within(rest).next().is_some_and(is_side)
    }

    /// Whether it names a foramen.
    pub(super) fn has_foramen(&self) -> bool {
        let is_foramen = |m: &Mention<Concept>| m.concept == Concept::Structure(Structure::Foramen);
        within(self.layers.mentions, self.sentence.span).iter().any(is_foramen)
    }

    /// Whether it tells of another time, or of what is only thought of.
    pub(super) fn is_told_before(&self) -> bool {
        self.tells_of_past() || self.weighs()
    }

    /// Whether it tells what always is so, and not what was done: "at C3 the medial branch is behind the pillar".
    pub(super) fn is_general(&self) -> bool {
        self.has_sense(self.sentence.span, Sense::Present)
    }

    /// Whether it tells what is done for each of many: "for a C7 block, the needle is placed higher".
    pub(super) fn is_rule(&self) -> bool {
        let first = self.layers.tokens_within(self.sentence.span).next();
        first.is_some_and(|word| word.class.sense == Some(Sense::Purpose)) && self.is_general()
    }

    /// Whether a word of the past leads to something in it: "he had an L4-5 fusion".
    pub(super) fn tells_of_past(&self) -> bool {
        let past = Act::Status(ProcedureStatus::Historical, Direction::Forward);
        self.items.iter().any(|item| [past, Act::Undergone].map(Kind::Act).contains(&item.kind))
    }

    /// Whether it weighs or plans what it names, and does not tell how an operation went.
    pub(super) fn weighs(&self) -> bool {
        self.items.iter().any(|item| {
            matches!(
                item.kind,
                Kind::Act(
                    Act::If
                        | Act::Judged
                        | Act::Status(ProcedureStatus::Planned | ProcedureStatus::Considered, _)
                )
            )
        })
    }

    fn speaks_of_spine(&self) -> bool {
        self.items.iter().any(|item| matches!(item.kind, Kind::Levels(_)))
            || self.items.iter().any(|item| {
                matches!(
                    item.kind,
                    Kind::Act(
                        Act::Family(_) | Act::Both(..) | Act::Target(_) | Act::Anterior | Act::Trace(_)
                    )
                )
            })
            || within(self.layers.mentions, self.sentence.span).iter().any(|m| super::is_of_spine(m.concept))
    }
}

/// A side that an item states.
pub(super) const fn side_of(item: &Item) -> Option<(Side, SideForm)> {
    match item.kind {
        Kind::Side(side, form) => Some((side, form)),
        _ => None,
    }
}
