//! Knowledge as data: phrases and the concepts that they stand for, read from `lexicons/*.toml`.

mod concept;

pub use concept::{
    Care, ChangeClass, Concept, Direction, Form, Imaging, Layer, LevelWord, Link, SideForm, Structure, Symptom,
    UnknownConcept, Word,
};

/// A phrase of the lexicon, folded as notes are ([`crate::text::Folded`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// The folded words.
    pub words: String,
    /// What they stand for.
    pub concept: Concept,
}

/// All phrases, and what else the stages know.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    phrases: Vec<Phrase>,
}

impl Lexicon {
    /// The lexicon that the library carries.
    pub fn embedded() -> Self {
        Self::default()
    }

    /// The phrases.
    pub fn phrases(&self) -> &[Phrase] {
        &self.phrases
    }
}
