//! Which kinds of items a sentence has: most sentences have nothing that most steps are for.

use super::{Grade, Item, Kind};
use crate::lexicon::{Structure, Word};
use crate::model::{Side, Status};

/// A set of kinds of items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// Roots named by their level.
    ROOT = 8,
    /// Words that point to levels.
    POINTER = 9,
    /// Context cues.
    CUE = 10,
    /// Small words.
    WORD = 14,
    /// Two grades, at least.
    GRADES = 17,
    /// Two sides, at least.
    SIDES = 18,
    /// "than".
    THAN = 19,
    /// "more".
    MORE = 20,
    /// "formerly".
    FORMERLY = 21,
    /// "respectively".
    RESPECTIVELY = 22,
    /// "each".
    EACH = 23,
    /// "correction".
    CORRECTION = 24,
    /// "that side".
    SAME_SIDE = 25,
    /// "the opposite".
    OTHER_SIDE = 26,
    /// Both sides, in one item.
    BOTH = 27,
    /// Cues that deny.
    DENIAL = 28,
    /// "none" in the place of a grade.
    NIL = 29,
    /// Regions of the spine.
    REGION = 30,
    /// A side that was named before, on the line: of no item, but what some steps look for.
    SIDE_BEFORE = 31,
}

impl Kinds {
    /// No kind.
    pub const NONE: Self = Self(0);

    /// What says something of a structure.
    pub const PREDICATE: Self = Self::CHANGE.or(Self::NARROWED).or(Self::DISC).or(Self::NORMAL);

    /// Whatever there is.
    pub const ANY: Self = Self(u32::MAX);

    /// The kinds of which a second item is a kind of its own.
    const COUNTED: Self = Self::GRADE.or(Self::SIDE);

    /// The kinds of some items.
    pub fn of(items: &[Item]) -> Self {
        items.iter().fold(Self::NONE, |kinds, item| kinds.with(item.kind))
    }

    /// These kinds and those of one more item.
    const fn with(self, kind: Kind) -> Self {
        let one = Self::of_one(kind);
        let again = self.0 & one.0 & Self::COUNTED.0;
        Self(self.0 | one.0 | again << SECOND)
    }

    /// The kinds that an item is of.
    const fn of_one(kind: Kind) -> Self {
        let small = if let Kind::Word(word) = kind { Self::of_word(word) } else { Self::NONE };
        Self(1 << class(kind))
            .or(small)
            .or(Self::BOTH.when(matches!(kind, Kind::Side(Side::Bilateral, _))))
            .or(Self::DENIAL.when(matches!(kind, Kind::Cue(Status::Absent))))
            .or(Self::NIL.when(matches!(kind, Kind::Grade(Grade::Nil))))
            .or(Self::REGION.when(matches!(kind, Kind::Structure(Structure::Spine))))
    }

    /// These where something holds, else none.
    pub(super) const fn when(self, holds: bool) -> Self {
        if holds { self } else { Self::NONE }
    }

    /// These and others.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of some kinds are among these.
    pub const fn has_all(self, all: Self) -> bool {
        self.0 & all.0 == all.0
    }

    /// Whether any of some kinds is among these.
    pub const fn has(self, any: Self) -> bool {
        self.0 & any.0 != 0
    }

    /// What a small word is, where a step asks for it.
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
            _ => Self::NONE,
        }
    }
}

/// How far the bit of a second item is from that of the first.
const SECOND: u32 = Kinds::GRADES.0.trailing_zeros() - Kinds::GRADE.0.trailing_zeros();

/// The bit of a kind: its place among the kinds as they are declared, so that finding it takes no branch.
const fn class(kind: Kind) -> u32 {
    match kind {
        Kind::Structure(_) => 0,
        Kind::Change(..) => 1,
        Kind::Narrowed(_) => 2,
        Kind::Disc(..) => 3,
        Kind::Normal => 4,
        Kind::Grade(_) => 5,
        Kind::Side(..) => 6,
        Kind::Levels(_) => 7,
        Kind::Root(_) => 8,
        Kind::Pointer(_) => 9,
        Kind::Cue(_) => 10,
        Kind::Noun => 11,
        Kind::Lesion => 12,
        Kind::Scale(_) => 13,
        Kind::Word(_) => 14,
        Kind::Act(_) => 15,
        Kind::End => 16,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::{ChangeClass, Form, LevelWord, SideForm, Structure};
    use crate::model::{Side, Status};
    use crate::relate::gap::Gap;
    use crate::relate::item::Grade;
    use crate::text::FoldSpan;

    fn kinds(kinds: &[Kind]) -> Kinds {
        let item = |&kind: &Kind| Item { kind, span: FoldSpan::new(0, 0), gap: Gap::default() };
        Kinds::of(&kinds.iter().map(item).collect::<Vec<_>>())
    }

    #[test]
    fn each_kind_has_its_own_bit() {
        let of = |kind| kinds(&[kind]);
        assert_eq!(of(Kind::Structure(Structure::Canal)), Kinds::STRUCTURE);
        assert_eq!(of(Kind::Structure(Structure::Spine)), Kinds::STRUCTURE.or(Kinds::REGION));
        assert_eq!(of(Kind::Change(ChangeClass::Narrow, Form::Noun)), Kinds::CHANGE);
        assert_eq!(of(Kind::Narrowed(Structure::Canal)), Kinds::NARROWED);
        assert_eq!(of(Kind::Disc(None, Form::Noun)), Kinds::DISC);
        assert_eq!(of(Kind::Normal), Kinds::NORMAL);
        assert_eq!(of(Kind::Grade(Grade::Ungraded)), Kinds::GRADE);
        assert_eq!(of(Kind::Grade(Grade::Nil)), Kinds::GRADE.or(Kinds::NIL));
        assert_eq!(of(Kind::Root(0)), Kinds::ROOT);
        assert_eq!(of(Kind::Side(Side::Left, SideForm::Adverb)), Kinds::SIDE);
        assert_eq!(of(Kind::Side(Side::Bilateral, SideForm::Adverb)), Kinds::SIDE.or(Kinds::BOTH));
        assert_eq!(of(Kind::Levels(0)), Kinds::LEVELS);
        assert_eq!(of(Kind::Pointer(LevelWord::Same)), Kinds::POINTER);
        assert_eq!(of(Kind::Cue(Status::Possible)), Kinds::CUE);
        assert_eq!(of(Kind::Cue(Status::Absent)), Kinds::CUE.or(Kinds::DENIAL));
        assert_eq!(of(Kind::Word(Word::Grade)), Kinds::WORD);
        assert_eq!(of(Kind::Word(Word::Each)), Kinds::WORD.or(Kinds::EACH));
    }

    #[test]
    fn two_are_seen_as_two() {
        let left = Kind::Side(Side::Left, SideForm::Adverb);
        assert_eq!(kinds(&[left, Kind::End, left]), kinds(&[left, Kind::End]).or(Kinds::SIDES));
        let mild = Kind::Grade(Grade::Ungraded);
        assert_eq!(kinds(&[mild, mild]), Kinds::GRADE.or(Kinds::GRADES));
    }
}
