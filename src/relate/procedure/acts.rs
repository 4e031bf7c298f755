//! Which kinds of words on procedures stand where. Few sentences have one that a reading begins with, so it is asked for
//! here before the reading begins.

use crate::lexicon::{Act, Concept};
use crate::model::ProcedureStatus;
use crate::relate::layers::Layers;

/// Kinds of words on procedures, a bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Kinds(u16);

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
    /// Any status.
    pub(super) const STATUS: Self = Self::PLANNED.or(Self::CONSIDERED).or(Self::DONE);

    /// The kind of a word; none where no reading begins with it.
    const fn of(act: Act) -> Self {
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
            _ => Self(0),
        }
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
                    kinds = kinds.or(Kinds::of(act));
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
