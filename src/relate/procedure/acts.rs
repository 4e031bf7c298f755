//! Which kinds of words on procedures stand where. Few sentences have one that a reading begins with, so it is asked for
//! here before the reading begins.

use crate::lexicon::{Act, Concept};
use crate::model::ProcedureStatus;
use crate::relate::layers::Layers;

/// Kinds of words on procedures, a bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Kinds(u32);

impl Kinds {
    pub(super) const SAME: Self = Self(1 << 0);
    pub(super) const AGAIN: Self = Self(1 << 1);
    pub(super) const OTHER_SIDE: Self = Self(1 << 2);
    pub(super) const INJECTION: Self = Self(1 << 3);
    pub(super) const PLANNED: Self = Self(1 << 4);
    pub(super) const CONSIDERED: Self = Self(1 << 5);
    /// Tells that something was done, now or before.
    pub(super) const DONE: Self = Self(1 << 6);
    pub(super) const IF: Self = Self(1 << 7);
    pub(super) const BIRTH: Self = Self(1 << 8);
    pub(super) const AGREED: Self = Self(1 << 9);
    pub(super) const CANCELLED: Self = Self(1 << 10);
    pub(super) const CORRECTED: Self = Self(1 << 11);
    pub(super) const LEFT_OUT: Self = Self(1 << 12);
    pub(super) const AFTER: Self = Self(1 << 13);
    pub(super) const UNDERGONE: Self = Self(1 << 14);
    pub(super) const JUDGED: Self = Self(1 << 15);
    pub(super) const FAILS: Self = Self(1 << 16);
    /// Explains, or leads to a visit after it.
    pub(super) const TALK: Self = Self(1 << 17);
    /// Any status.
    pub(super) const STATUS: Self = Self::PLANNED.or(Self::CONSIDERED).or(Self::DONE);
    /// What a condition is made with.
    pub(super) const CONDITION: Self = Self::IF.or(Self::CONSIDERED).or(Self::FAILS);
    /// What governs a name: says when it is done, or whether.
    pub(super) const GOVERNS: Self =
        Self::STATUS.or(Self::CONDITION).or(Self::TALK).or(Self::AFTER).or(Self::UNDERGONE);

    /// The kind of a word; none where no reading begins with it.
    const fn of_act(act: Act) -> Self {
        match act {
            Act::Same => Self::SAME,
            Act::Again => Self::AGAIN,
            Act::OtherSide => Self::OTHER_SIDE,
            Act::Injection => Self::INJECTION,
            Act::Status(ProcedureStatus::Planned, _) => Self::PLANNED,
            Act::Status(ProcedureStatus::Considered, _) => Self::CONSIDERED,
            Act::Status(ProcedureStatus::Performed | ProcedureStatus::Historical, _) => Self::DONE,
            Act::If => Self::IF,
            Act::Birth => Self::BIRTH,
            Act::Agreed => Self::AGREED,
            Act::Cancelled => Self::CANCELLED,
            Act::Corrected => Self::CORRECTED,
            Act::LeftOut => Self::LEFT_OUT,
            Act::After => Self::AFTER,
            Act::Undergone => Self::UNDERGONE,
            Act::Judged => Self::JUDGED,
            Act::Fails => Self::FAILS,
            Act::Talk | Act::FollowUp => Self::TALK,
            _ => Self(0),
        }
    }

    /// The kinds of some words.
    pub(super) fn of(acts: impl Iterator<Item = Act>) -> Self {
        acts.map(Self::of_act).fold(Self::default(), Self::or)
    }

    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether any of some kinds is among these.
    pub(super) const fn has(self, any: Self) -> bool {
        self.0 & any.0 != 0
    }
}

/// The kinds of words on procedures in a note.
#[derive(Debug)]
pub(super) struct Acts {
    /// By sentence.
    told: Vec<Kinds>,
    all: Kinds,
}

impl Acts {
    pub(super) fn read(layers: &Layers<'_, '_>) -> Self {
        let mut rest = layers.acts.iter().peekable();
        let mut all = Kinds::default();
        let mut up_to = |end: u32| {
            let mut kinds = Kinds::default();
            while let Some(mention) = rest.next_if(|mention| mention.span.end <= end) {
                if let Concept::Act(act) = mention.concept {
                    kinds = kinds.or(Kinds::of_act(act));
                }
            }
            all = all.or(kinds);
            kinds
        };
        let told = layers.layout.sentences.iter().map(|sentence| up_to(sentence.span.end)).collect();
        up_to(u32::MAX);
        Self { told, all }
    }

    /// Whether any of some kinds stands in the note.
    pub(super) const fn has(&self, any: Kinds) -> bool {
        self.all.has(any)
    }

    /// The kinds in a sentence, and in what stands before it from the end of the last one: its label, too.
    pub(super) fn at(&self, sentence: usize) -> Kinds {
        self.told.get(sentence).copied().unwrap_or_default()
    }

    /// The sentences, by their index, that have any of some kinds, their labels included.
    pub(super) fn with(&self, any: Kinds) -> impl Iterator<Item = usize> {
        self.told.iter().enumerate().filter(move |(_, kinds)| kinds.has(any)).map(|(index, _)| index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Direction;

    #[test]
    fn each_kind_has_its_own_bit() {
        let status = |status| Act::Status(status, Direction::Both);
        let acts = [
            Act::Same,
            Act::Again,
            Act::OtherSide,
            Act::Injection,
            status(ProcedureStatus::Planned),
            status(ProcedureStatus::Considered),
            status(ProcedureStatus::Performed),
            Act::If,
            Act::Birth,
            Act::Agreed,
            Act::Cancelled,
            Act::Corrected,
            Act::LeftOut,
            Act::After,
            Act::Undergone,
            Act::Judged,
            Act::Fails,
            Act::Talk,
        ];
        for (at, &act) in acts.iter().enumerate() {
            assert_eq!(Kinds::of_act(act).0, 1 << at, "{act:?}");
        }
        assert_eq!(Kinds::of(acts.into_iter()).0, (1 << acts.len()) - 1);
    }

    #[test]
    fn acts_of_one_kind() {
        assert_eq!(Kinds::of_act(Act::FollowUp), Kinds::TALK);
        let past = Act::Status(ProcedureStatus::Historical, Direction::Backward);
        assert_eq!(Kinds::of_act(past), Kinds::DONE);
        assert!(Kinds::GOVERNS.has(Kinds::STATUS) && Kinds::GOVERNS.has(Kinds::CONDITION));
    }
}
