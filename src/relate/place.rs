//! Which levels a statement is about: its own, those that govern its sentence, or those of the heading above.

use smallvec::SmallVec;

use crate::lexicon::{LevelWord, Structure};
use crate::matching::LevelMention;
use crate::model::{Level, Region, Vertebra};

use super::gap::Gap;
use super::item::{Item, Kind, Kinds};

/// Levels of a statement; empty where the note names none.
pub(super) type Levels = SmallVec<[Level; 4]>;

/// What the note has said of levels so far.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// The levels of the heading that governs what follows.
    topic: Levels,
    /// The place of the words that named them.
    topic_mention: Option<u32>,
    /// Whether the topic outlives its line: it was a heading.
    is_heading: bool,
    /// The places read last, for "this level" and "both levels".
    last: SmallVec<[Place; 2]>,
}

/// Levels that a statement can have, and the item or mention that names them.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// The levels.
    pub levels: Levels,
    /// The level mention that names them.
    pub mention: Option<u32>,
}

impl Places {
    /// What names levels; a sentence without it leaves all as it was.
    pub const NAMED: Kinds = Kinds::LEVELS.or(Kinds::POINTER);

    /// A new section begins.
    pub fn enter_section(&mut self) {
        self.topic.clear();
        self.topic_mention = None;
        self.is_heading = false;
    }

    /// A new line begins: only headings outlive it.
    pub fn enter_line(&mut self) {
        if !self.is_heading {
            self.enter_section();
        }
    }

    /// Whether any levels govern a statement which names none.
    pub fn has_topic(&self) -> bool {
        !self.topic.is_empty()
    }

    /// The levels that govern a statement which names none.
    pub fn topic(&self) -> Place {
        Place { levels: self.topic.clone(), mention: self.topic_mention }
    }

    /// The levels of the heading that governs.
    pub fn heading(&self) -> Place {
        if self.is_heading { self.topic() } else { Place::default() }
    }

    /// Whether the levels that govern are those of a heading.
    pub fn has_heading(&self) -> bool {
        self.is_heading && !self.topic.is_empty()
    }

    /// The levels named last.
    pub fn latest(&self) -> Place {
        self.last.last().cloned().unwrap_or_default()
    }

    /// What follows in the line goes on about the level named last: an addendum quotes it, and then says what is right.
    pub fn stay(&mut self) {
        let latest = self.latest();
        if !self.is_heading && latest.levels.len() == 1 {
            (self.topic, self.topic_mention) = (latest.levels, latest.mention);
        }
    }

    /// The levels that an item names.
    pub fn of(&self, item: &Item, mentions: &[LevelMention]) -> Place {
        match item.kind {
            Kind::Levels(index) => Place {
                levels: mentions
                    .get(index as usize)
                    .map(|m| Levels::from_slice(&m.levels))
                    .unwrap_or_default(),
                mention: Some(index),
            },
            Kind::Pointer(word) => self.pointed(word),
            _ => Place::default(),
        }
    }

    fn pointed(&self, word: LevelWord) -> Place {
        let last = |count: usize| {
            let from = self.last.len().saturating_sub(count);
            let levels = self.last[from..].iter().flat_map(|place| place.levels.iter().copied());
            Place { levels: levels.collect(), mention: self.last.last().and_then(|place| place.mention) }
        };
        let junction = |upper: (Region, u8)| {
            let upper = Vertebra::new(upper.0, upper.1);
            let level = upper.and_then(|u| Level::interspace(u, u.below()?));
            Place { levels: level.into_iter().collect(), mention: None }
        };
        let last_named = || {
            let one = last(1);
            if one.levels.len() > 1 { one } else { last(2) }
        };
        match word {
            LevelWord::Same if !self.topic.is_empty() && self.last.is_empty() => self.topic(),
            LevelWord::Same => last(1),
            LevelWord::SameAll => last_named(),
            LevelWord::Former => one_of(last_named(), false),
            LevelWord::Latter => one_of(last_named(), true),
            LevelWord::Above => shifted(&last(1), Vertebra::above),
            LevelWord::Below => shifted(&last(1), Vertebra::below),
            LevelWord::Lumbosacral => junction((Region::Lumbar, 5)),
            LevelWord::Cervicothoracic => junction((Region::Cervical, 7)),
            LevelWord::Thoracolumbar => junction((Region::Thoracic, 12)),
            LevelWord::Elsewhere | LevelWord::Multiple | LevelWord::Noun => Place::default(),
        }
    }

    /// Remembers the levels of a sentence that was read; `items` are its items.
    pub fn leave_sentence(&mut self, items: &[Item], mentions: &[LevelMention], starts_line: bool) {
        let mut opening = true;
        let is_region = |item: &Item| {
            matches!(item.kind, Kind::Structure(Structure::Spine) | Kind::Cue(_) | Kind::Word(_) | Kind::Noun)
        };
        for (i, item) in items.iter().enumerate() {
            // "MRI of the lumbar spine: L4-5 …"
            opening |= item.gap.has(Gap::COLON)
                && matches!(item.kind, Kind::Levels(_))
                && items.iter().take(i).all(is_region);
            match item.kind {
                Kind::Levels(index) => {
                    let single = mentions.get(index as usize).is_some_and(|m| m.single);
                    // "L4-L5 level:" is as good a heading as "L4-L5:".
                    let after = items
                        .iter()
                        .skip(i + 1)
                        .find(|next| !matches!(next.kind, Kind::Pointer(LevelWord::Noun)))
                        .filter(|next| !matches!(next.kind, Kind::End) || next.gap.content > 0)
                        .map(|next| next.gap);
                    let colon = after.is_none_or(|gap| gap.has(Gap::COLON))
                        || after.is_some_and(|gap| gap.has(Gap::DASH));
                    // "L3-4: no stenosis L4-5: mild stenosis"
                    opening |= colon && item.gap.has(Gap::SEMICOLON);
                    if opening && (item.gap.content == 0 || item.gap.has(Gap::COLON)) && (!single || colon) {
                        let place = self.of(item, mentions);
                        self.topic = place.levels;
                        self.topic_mention = place.mention;
                        let alone = items.iter().all(|i| {
                            matches!(i.kind, Kind::Levels(_) | Kind::Pointer(LevelWord::Noun) | Kind::End)
                        });
                        self.is_heading = (starts_line || alone) && colon;
                        opening = false;
                    }
                    if !single {
                        self.remember(self.of(item, mentions));
                    }
                }
                Kind::Pointer(
                    word @ (LevelWord::Same
                    | LevelWord::SameAll
                    | LevelWord::Lumbosacral
                    | LevelWord::Cervicothoracic
                    | LevelWord::Thoracolumbar),
                ) => {
                    let place = self.pointed(word);
                    if !place.levels.is_empty() {
                        self.remember(place.clone());
                        self.topic = place.levels;
                        self.topic_mention = place.mention;
                        self.is_heading = false;
                    }
                    opening = false;
                }
                Kind::Pointer(LevelWord::Elsewhere | LevelWord::Multiple) if opening => self.enter_section(),
                // "The needle was brought to the level of L4-5": what tells of other things heads nothing.
                Kind::Pointer(_) | Kind::Cue(_) | Kind::Word(_) if item.gap.content == 0 => {}
                _ => opening = false,
            }
        }
    }
}

impl Places {
    /// Whether these are the same as others, whose mentions are numbered otherwise: `number` gives the number here of a
    /// mention there, or `None` where that is gone.
    pub fn are(&self, others: &Self, number: impl Fn(u32) -> Option<u32>) -> bool {
        let same = |here: Option<u32>, there: Option<u32>| match there {
            Some(there) => here.is_some() && number(there) == here,
            None => here.is_none(),
        };
        let is_place = |(here, there): (&Place, &Place)| {
            here.levels == there.levels && same(here.mention, there.mention)
        };
        self.topic == others.topic
            && self.is_heading == others.is_heading
            && same(self.topic_mention, others.topic_mention)
            && self.last.len() == others.last.len()
            && self.last.iter().zip(&others.last).all(is_place)
    }

    /// Numbers the mentions anew.
    pub fn renumber(&mut self, number: impl Fn(u32) -> u32) {
        let mentions = self.last.iter_mut().map(|place| &mut place.mention).chain([&mut self.topic_mention]);
        for mention in mentions.flatten() {
            *mention = number(*mention);
        }
    }

    fn remember(&mut self, place: Place) {
        if self.last.last().is_some_and(|last| last.levels == place.levels) {
            self.last.pop();
        } else if self.last.len() == 2 {
            self.last.remove(0);
        }
        self.last.push(place);
    }
}

/// The last or the first of several levels, of which "the latter" and "the former" speak; nothing where there is but one.
pub(super) fn one_of(mut place: Place, is_last: bool) -> Place {
    if place.levels.len() < 2 {
        return Place::default();
    }
    let one = if is_last { place.levels.pop() } else { place.levels.first().copied() };
    Place { levels: one.into_iter().collect(), mention: place.mention }
}

fn shifted(place: &Place, step: fn(Vertebra) -> Option<Vertebra>) -> Place {
    let shift = |level: &Level| {
        let upper = step(level.upper())?;
        match level.lower() {
            None => Some(Level::single(upper)),
            Some(lower) => Level::interspace(upper, step(lower)?),
        }
    };
    Place { levels: place.levels.iter().filter_map(shift).collect(), mention: place.mention }
}
