//! What a phrase tells of procedures.

use std::fmt;

use crate::model::ProcedureFamily;

/// Words on procedures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Act {
    /// A procedure by its name.
    Family(ProcedureFamily),
}

impl Act {
    /// Every value.
    pub fn all() -> impl Iterator<Item = Self> {
        ProcedureFamily::ALL.iter().map(|&family| Self::Family(family))
    }
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Family(family) => write!(f, "procedure.{family}"),
        }
    }
}
