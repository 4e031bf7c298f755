//! A sentence as the grammar reads it: its mentions in order, and what stands between them.
//!
//! `moderate left and mild right foraminal narrowing at L4-5` is the items grade, side, (and) grade, side,
//! structure, change, (at) levels. Single letters L and R become sides here, where their neighbours are known.

mod boxes;
mod join;
mod kinds;
mod letters;
mod pairs;
mod progress;
mod read;
mod steps;
mod unfilled;

use smallvec::SmallVec;

use crate::lexicon::{
    Act, ChangeClass, Concept, Form, Imaging, LevelWord, SideForm, Structure, Symptom, Word,
};
use crate::model::{Severity, Side, Status, Subtype};
use crate::text::FoldSpan;

use super::gap::Gap;
use super::scale::Code;

pub use kinds::Kinds;
pub use read::{ItemReader, Stretch};
pub use steps::Draft;
pub(super) use steps::Step;
pub use unfilled::Template;

/// A grade as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grade {
    /// Mild, moderate, severe and their ranges.
    Named(Severity),
    /// A size, which grades a narrowing but no disc.
    Size(Severity),
    /// A word that gives no grade: "significant".
    Ungraded,
    /// "none" in the place of a grade.
    Nil,
    /// A code of a scale or key.
    Coded(Code),
}

impl Grade {
    /// The severity that it gives a narrowing.
    pub const fn severity(self) -> Option<Severity> {
        match self {
            Self::Named(s) | Self::Size(s) => Some(s),
            Self::Coded(code) => code.severity,
            Self::Ungraded | Self::Nil => None,
        }
    }
}

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Anatomy.
    Structure(Structure),
    /// A change.
    Change(ChangeClass, Form),
    /// A structure and its narrowing in one.
    Narrowed(Structure),
    /// A displaced disc; the active form is a bare word that can be said of other things.
    Disc(Option<Subtype>, Form),
    /// As it should be.
    Normal,
    /// A grade.
    Grade(Grade),
    /// A side.
    Side(Side, SideForm),
    /// Levels, by their index among the note's level mentions.
    Levels(u32),
    /// A root named by its level, by index among the note's level mentions.
    Root(u32),
    /// Words that point to levels.
    Pointer(LevelWord),
    /// A context cue.
    Cue(Status),
    /// A symptom or a sign: takes the grades, sides and roots before it.
    Noun,
    /// A diagnosis of another kind, which has a level of its own: takes the same.
    Lesion,
    /// A scale, by its index.
    Scale(u8),
    /// Small words that the grammar of attributes reads.
    Word(Word),
    /// A word on procedures.
    Act(Act),
    /// The end of the sentence, for what stands before it.
    End,
}

/// One item of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub span: FoldSpan,
    /// What stands before it, back to the item before or the sentence's start.
    pub gap: Gap,
}

impl Item {
    /// What stands between the item before these and the last of them, all gaps as one.
    pub(super) fn gap_over(items: &[Self]) -> Gap {
        items.iter().fold(Gap::default(), |gap, item| gap.and(item.gap))
    }
}

/// The items of a sentence.
pub type Items = SmallVec<[Item; 32]>;

/// What a mention is to the grammar; `None` where it is nothing.
fn kind_of(concept: Concept) -> Option<Kind> {
    Some(match concept {
        Concept::Structure(s) => Kind::Structure(s),
        Concept::Change(class, form) => Kind::Change(class, form),
        Concept::Narrowed(s) => Kind::Narrowed(s),
        Concept::Displacement(subtype, form) => Kind::Disc(Some(subtype), form),
        Concept::Displaced => Kind::Disc(None, Form::Noun),
        Concept::Normal => Kind::Normal,
        Concept::Severity(s) => Kind::Grade(Grade::Named(s)),
        Concept::Size(s) => Kind::Grade(Grade::Size(s)),
        Concept::Ungraded => Kind::Grade(Grade::Ungraded),
        Concept::Word(Word::Nil) => Kind::Grade(Grade::Nil),
        Concept::Side(side, form) => Kind::Side(side, form),
        Concept::Level(word) => Kind::Pointer(word),
        Concept::Cue(status, _) => Kind::Cue(status),
        Concept::Scale(index) => Kind::Scale(index),
        Concept::Word(word) => Kind::Word(word),
        Concept::Act(act) => Kind::Act(act),
        Concept::Symptom(Symptom::Complaint | Symptom::Radicular | Symptom::Sign | Symptom::Loss) => {
            Kind::Noun
        }
        Concept::Imaging(Imaging::Diagnosis) => Kind::Lesion,
        _ => return None,
    })
}
