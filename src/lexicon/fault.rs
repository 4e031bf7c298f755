//! What can be wrong with a lexicon file, where, and how to mend it.
//!
//! ```
//! use foramen::lexicon::Lexicon;
//! let errors = Lexicon::default().overlay("mine.toml", "retired = []").unwrap_err();
//! let problem = &errors.problems()[0];
//! assert_eq!((problem.place.line, problem.place.column), (1, 1));
//! assert_eq!(problem.fault.help(), "permitted here: group, replace, retire, scale, sets");
//! ```

use std::fmt;
use std::ops::Range;

use super::Concept;
use super::pattern::MOST_PHRASES;
use crate::text::LineColumn;

/// What is wrong with a lexicon file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The file is no TOML.
    #[error("not TOML: {0}")]
    Syntax(String),
    /// A key that means nothing here.
    #[error("unknown key `{key}`")]
    UnknownKey {
        /// The key.
        key: String,
        /// The keys that mean something here.
        permitted: &'static [&'static str],
    },
    /// A key that must be there.
    #[error("`{0}` is missing")]
    MissingKey(&'static str),
    /// A value of another type than its key wants.
    #[error("`{key}` must be {wanted}, but is {found}")]
    WrongType {
        /// The key.
        key: &'static str,
        /// What it wants.
        wanted: &'static str,
        /// What stands there, by TOML's name.
        found: &'static str,
    },
    /// A value that must not be empty.
    #[error("`{0}` is empty")]
    Empty(&'static str),
    /// A name that is none of a concept.
    #[error("unknown concept `{name}`")]
    UnknownConcept {
        /// The name as written.
        name: String,
        /// The nearest that there is.
        nearest: Option<String>,
    },
    /// A value that is none of its kind.
    #[error("unknown {what} `{name}`")]
    UnknownValue {
        /// Its kind: structure, grade.
        what: &'static str,
        /// The value as written.
        name: String,
        /// The values that there are.
        permitted: Vec<&'static str>,
    },
    /// A phrase that starts or ends with a blank.
    #[error("the phrase `{0}` starts or ends with a blank")]
    OuterBlank(String),
    /// A phrase of which nothing is left when it is folded, or whose folded words no folded note holds.
    #[error("the phrase `{0}` can never match")]
    NeverMatches(String),
    /// A phrase or grade that is there already, with the same meaning.
    #[error("`{words}` is there already ({earlier})")]
    Duplicate {
        /// The folded words.
        words: String,
        /// File and line of the first.
        earlier: String,
    },
    /// A phrase that stands for something else of the same layer already.
    #[error("`{words}` stands for `{concept}` already ({earlier})")]
    Claimed {
        /// The folded words.
        words: String,
        /// The name of what they stand for.
        concept: String,
        /// File and line that say so.
        earlier: String,
    },
    /// A phrase to retire that is not there.
    #[error("there is no phrase `{words}` to retire")]
    NotThere {
        /// The folded words.
        words: String,
        /// The nearest that there is.
        nearest: Option<String>,
    },
    /// A brace that has no other, or that stands between two others or in a set.
    #[error("a brace in `{0}` is not closed, not opened, or within others")]
    Brace(String),
    /// A pattern that names no set of its file.
    #[error("unknown set `{name}`")]
    UnknownSet {
        /// The name as written.
        name: String,
        /// The nearest that there is.
        nearest: Option<String>,
    },
    /// A set that no pattern of its file names.
    #[error("no phrase names the set `{0}`")]
    UnusedSet(String),
    /// A pattern that stands for more phrases than anyone can have meant.
    #[error("`{pattern}` stands for {phrases} phrases, more than {MOST_PHRASES}")]
    TooManyPhrases {
        /// The pattern.
        pattern: String,
        /// For how many it stands.
        phrases: usize,
    },
    /// A scale whose name is taken.
    #[error("there is a scale `{0}` already")]
    ScaleTaken(String),
    /// More scales than [`Concept::Scale`] can number.
    #[error("more than {} scales", u8::MAX)]
    TooManyScales,
}

impl Fault {
    /// How to mend it, in a sentence.
    pub fn help(&self) -> String {
        let nearest = |nearest: &Option<String>, otherwise: &str| match nearest {
            Some(name) => format!("did you mean `{name}`?"),
            None => otherwise.to_owned(),
        };
        match self {
            Self::Syntax(_) => "see https://toml.io for how TOML is written".to_owned(),
            Self::UnknownKey { permitted, .. } => format!("permitted here: {}", permitted.join(", ")),
            Self::MissingKey("source") => "add `source = \"where these phrases come from\"`".to_owned(),
            Self::MissingKey(key) => format!("add `{key} = …`"),
            Self::WrongType { key, wanted, .. } => format!("write {wanted} after `{key} =`"),
            Self::Empty("source") => "say where these phrases come from".to_owned(),
            Self::Empty("sets") => "write what the set stands for, or take it out".to_owned(),
            Self::Empty(key) => format!("write at least one of `{key}`, or take the block out"),
            Self::UnknownConcept { nearest: name, .. } => {
                nearest(name, "`foramen lexicon list --concepts` lists them; scales have blocks of their own")
            }
            Self::UnknownValue { permitted, .. } => format!("permitted here: {}", permitted.join(", ")),
            Self::OuterBlank(_) => "take the blank out: phrases match whole words as they are".to_owned(),
            Self::NeverMatches(_) => "write it as notes do once folded: lower case, plain letters, \
                                      a blank for a dash between letters"
                .to_owned(),
            Self::Duplicate { .. } => "take one of the two out".to_owned(),
            Self::Claimed { words, .. } => {
                format!("take it out here, or first retire the other: `retire = [\"{words}\"]`")
            }
            Self::NotThere { nearest: name, .. } => nearest(name, "take it out of `retire`"),
            Self::Brace(_) => {
                "write `{one|another|}`, or `{name}` for a set, with no braces between".to_owned()
            }
            Self::UnknownSet { nearest: name, .. } => {
                nearest(name, "write it under `[sets]` in this file; alternatives have bars between them")
            }
            Self::UnusedSet(name) => format!("write `{{{name}}}` in a phrase, or take the set out"),
            Self::TooManyPhrases { .. } => "part it into patterns that hold what is said".to_owned(),
            Self::ScaleTaken(_) => "choose another name; to change a built-in scale, retire its phrases and \
                                    give them to a scale of your own"
                .to_owned(),
            Self::TooManyScales => "take some out".to_owned(),
        }
    }
}

/// A fault and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file's name, as it was given.
    pub file: String,
    /// Line and column of its start.
    pub place: LineColumn,
    /// Bytes of the file.
    pub range: Range<usize>,
    /// What is wrong.
    pub fault: Fault,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, place, fault, .. } = self;
        write!(f, "{file}:{}:{}: {fault}; {}", place.line, place.column, fault.help())
    }
}

/// All that is wrong with lexicon files, in their order; never empty.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct LexiconErrors(pub(super) Vec<Problem>);

impl LexiconErrors {
    /// The problems, by file and place.
    pub fn problems(&self) -> &[Problem] {
        &self.0
    }
}

impl fmt::Display for LexiconErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.0.iter().enumerate() {
            let line_end = if i == 0 { "" } else { "\n" };
            write!(f, "{line_end}{problem}")?;
        }
        Ok(())
    }
}

/// The candidate that is spelt most like `name`, where one is near enough to be meant.
pub(super) fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<String> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::osa_distance(name, candidate), candidate))
        .min()
        .filter(|&(distance, _)| distance <= name.len() / 4)
        .map(|(_, candidate)| candidate.to_owned())
}

/// The name of a concept in messages: scales by their own name.
pub(super) fn concept_name(concept: Concept, scales: &[super::Scale]) -> String {
    match concept {
        Concept::Scale(n) => scales.get(n as usize).map(|scale| format!("scale.{}", scale.name)),
        _ => None,
    }
    .unwrap_or_else(|| concept.to_string())
}
