//! Knowledge as data: phrases and the concepts that they stand for, read from `lexicons/*.toml` when the library is
//! built, and from a user's files when it runs.
//!
//! ```
//! use foramen::lexicon::{Concept, Lexicon, Structure};
//! let mut lexicon = Lexicon::default();
//! lexicon.overlay(
//!     "mine.toml",
//!     r#"
//!     [[group]]
//!     concept = "structure.foramen"
//!     source = "dictation at our site"
//!     phrases = ["Exit-hole"]
//!     "#,
//! )?;
//! assert_eq!(lexicon.phrases()[0].words, "exit hole");
//! assert_eq!(lexicon.phrases()[0].concept, Concept::Structure(Structure::Foramen));
//! # Ok::<(), foramen::lexicon::LexiconErrors>(())
//! ```

/// Declares a fieldless enum with its names, in one place.
macro_rules! words {
    ($(#[$doc:meta])* $type:ident { $($(#[$vdoc:meta])* $variant:ident = $name:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $type { $($(#[$vdoc])* $variant),+ }

        impl $type {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name that the lexicon files use.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    };
}

mod act;
mod assemble;
mod coding;
mod compiled;
mod concept;
mod detail;
mod document;
mod fault;
mod fingerprint;
mod measure;
mod pattern;
mod sense;
mod term;

use assemble::Assembly;

use crate::model::Severity;

pub use act::Act;
pub use coding::Coding;
pub use compiled::NotCompiled;
pub use concept::{Concept, Layer};
pub use detail::{Detail, Telling, View};
pub use fault::{Fault, LexiconErrors, Problem};
pub use measure::Measure;
pub use sense::Sense;
pub use term::{
    Care, ChangeClass, Direction, Form, Imaging, LevelWord, Link, SideForm, Structure, Symptom, Word,
};

/// A phrase of the lexicon, folded as notes are ([`crate::text::Folded`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// The folded words.
    pub words: String,
    /// What they stand for.
    pub concept: Concept,
    origin: Origin,
    repair: bool,
}

impl Phrase {
    /// The line, counted from 1, of the file that has it.
    pub const fn line(&self) -> u32 {
        self.origin.line
    }
}

/// Where a phrase was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Origin {
    file: u16,
    line: u32,
}

/// A numbered or lettered grading scale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scale {
    /// Its stable name.
    pub name: String,
    /// What it grades.
    pub structure: Structure,
    /// The grades, folded, and what each stands for; `None` is a normal structure. Empty where the scale
    /// measures something that is no severity.
    pub grades: Vec<(String, Option<Severity>)>,
}

/// All phrases, and what else the stages know.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    phrases: Vec<Phrase>,
    scales: Vec<Scale>,
    vocabulary: Vec<String>,
    files: Vec<String>,
}

impl Lexicon {
    /// The version of the library, which is that of the lexicon it carries.
    pub const VERSION: &str = env!("CARGO_PKG_VERSION");

    /// The lexicon of files, each its name and text, in their order.
    ///
    /// # Errors
    /// All problems of the files.
    pub fn read<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> Result<Self, LexiconErrors> {
        let mut assembly = Assembly::from(Self::default());
        for (name, text) in files {
            assembly.add(name, text);
        }
        assembly.finish()
    }

    /// Lays a user's file of this name and text over the lexicon: it retires, replaces and adds.
    ///
    /// # Errors
    /// All problems of the file; the lexicon is then as it was.
    pub fn overlay(&mut self, name: &str, toml: &str) -> Result<(), LexiconErrors> {
        let mut assembly = Assembly::from(self.clone());
        assembly.add(name, toml);
        *self = assembly.finish()?;
        Ok(())
    }

    /// The phrases.
    pub fn phrases(&self) -> &[Phrase] {
        &self.phrases
    }

    /// The scales, at the index that [`Concept::Scale`] holds.
    pub fn scales(&self) -> &[Scale] {
        &self.scales
    }

    /// The words that spelling repair works towards: five letters or longer, sorted, each once.
    pub fn vocabulary(&self) -> &[String] {
        &self.vocabulary
    }

    /// The name of the file that has a phrase.
    pub fn file(&self, phrase: &Phrase) -> &str {
        self.files.get(phrase.origin.file as usize).map_or("", String::as_str)
    }

    /// Every concept that a phrase can stand for here, in the order of their kinds.
    pub fn concepts(&self) -> Vec<Concept> {
        Concept::all(u8::try_from(self.scales.len()).unwrap_or(u8::MAX))
    }

    /// The concept of a name that [`Lexicon::concept_name`] gives.
    ///
    /// # Errors
    /// [`Fault::UnknownConcept`], with the nearest name.
    pub fn concept(&self, name: &str) -> Result<Concept, Fault> {
        let concepts = self.concepts().into_iter().map(|c| (self.concept_name(c), c)).collect();
        document::find_concept(name, &concepts)
    }

    /// The name of a concept for a person: a scale's is its own name, not its number.
    pub fn concept_name(&self, concept: Concept) -> String {
        fault::concept_name(concept, &self.scales)
    }

    /// Sixteen hexadecimal digits that change with any phrase, scale or word of the vocabulary, and with
    /// nothing else: an audit names it, so that a later reader knows what the note was read with.
    pub fn fingerprint(&self) -> String {
        fingerprint::of(self)
    }
}
