//! Which kinds of items a sentence has: most sentences have nothing that most steps are for.

use super::{Grade, Item, Kind};
use crate::lexicon::Word;
use crate::model::{Side, Status};

/// A set of kinds of items.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kinds(u32);

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $bit:literal),+ $(,)?) => {
        impl Kinds {
            $($(#[$doc])* pub const $name: Self = Self(1 << $bit);)+
        }
    };
}

kinds! {
    /// Anatomy.
    STRUCTURE = 0,
    /// Changes.
    CHANGE = 1,
    /// Structures and their narrowing in one.
    NARROWED = 2,
    /// Displaced discs.
    DISC = 3,
    /// As it should be.
    NORMAL = 4,
    /// Grades.
    GRADE = 5,
    /// Sides.
    SIDE = 6,
    /// Levels.
    LEVELS = 7,
    /// Roots named by their levels.
    ROOT = 8,
    /// Words that point to levels.
    POINTER = 9,
    /// Context cues.
    CUE = 10,
    /// Whatever no step looks for.
    OTHER = 11,
    /// Two grades, at least.
    GRADES = 12,
    /// Two sides, at least.
    SIDES = 13,
    /// Grades that say more than that there is one.
    VALUE = 14,
    /// Both sides, in one item.
    BOTH = 15,
    /// Cues that deny.
    DENIAL = 16,
    /// "than".
    THAN = 17,
    /// "more".
    MORE = 18,
    /// "formerly".
    FORMERLY = 19,
    /// "respectively".
    RESPECTIVELY = 20,
    /// "each".
    EACH = 21,
    /// "correction".
    CORRECTION = 22,
    /// "that side".
    SAME_SIDE = 23,
    /// "the opposite".
    OTHER_SIDE = 24,
}

impl Kinds {
    /// What says something of a structure, or is a structure with something said of it.
    pub const PREDICATE: Self = Self::CHANGE.or(Self::NARROWED).or(Self::DISC).or(Self::NORMAL);

    /// The kinds of some items.
    pub fn of(items: &[Item]) -> Self {
        items.iter().fold(Self::default(), |found, item| {
            let one = Self::of_class(item.kind).or(Self::within_class(item.kind));
            let again = |kind: Self, two: Self| if found.and(one).has(kind) { two } else { Self(0) };
            found.or(one).or(again(Self::GRADE, Self::GRADES)).or(again(Self::SIDE, Self::SIDES))
        })
    }

    /// These and others.
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether all of some kinds are among these.
    pub const fn has(self, all: Self) -> bool {
        self.0 & all.0 == all.0
    }

    /// Whether any of some kinds is among these.
    pub const fn has_any(self, any: Self) -> bool {
        self.0 & any.0 != 0
    }

    /// The kind of an item, as far as its class tells it.
    const fn of_class(kind: Kind) -> Self {
        match kind {
            Kind::Structure(_) => Self::STRUCTURE,
            Kind::Change(..) => Self::CHANGE,
            Kind::Narrowed(_) => Self::NARROWED,
            Kind::Disc(..) => Self::DISC,
            Kind::Normal => Self::NORMAL,
            Kind::Grade(_) => Self::GRADE,
            Kind::Side(..) => Self::SIDE,
            Kind::Levels(_) => Self::LEVELS,
            Kind::Root(_) => Self::ROOT,
            Kind::Pointer(_) => Self::POINTER,
            Kind::Cue(_) => Self::CUE,
            Kind::Noun | Kind::Lesion | Kind::Scale(_) | Kind::Word(_) | Kind::Act(_) | Kind::End => {
                Self::OTHER
            }
        }
    }

    /// What kind of its class an item is, where a step asks for it.
    const fn within_class(kind: Kind) -> Self {
        match kind {
            Kind::Grade(Grade::Ungraded) => Self(0),
            Kind::Grade(_) => Self::VALUE,
            Kind::Side(Side::Bilateral, _) => Self::BOTH,
            Kind::Cue(Status::Absent) => Self::DENIAL,
            Kind::Word(word) => Self::of_word(word),
            _ => Self(0),
        }
    }

    const fn of_word(word: Word) -> Self {
        match word {
            Word::Than => Self::THAN,
            Word::More => Self::MORE,
            Word::Formerly => Self::FORMERLY,
            Word::Respectively => Self::RESPECTIVELY,
            Word::Each => Self::EACH,
            Word::Correction => Self::CORRECTION,
            Word::SameSide => Self::SAME_SIDE,
            Word::OtherSide => Self::OTHER_SIDE,
            _ => Self(0),
        }
    }
}
