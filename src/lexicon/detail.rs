//! What a phrase tells of the encounter around a procedure.

use std::fmt;

use crate::model::Substance;

/// Words on drugs, guidance, scores and relief.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Detail {
    /// A drug.
    Substance(Substance),
}

impl Detail {
    /// Every value.
    pub fn all() -> impl Iterator<Item = Self> {
        Substance::ALL.iter().map(|&substance| Self::Substance(substance))
    }
}

impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Substance(substance) => write!(f, "drug.{substance}"),
        }
    }
}
