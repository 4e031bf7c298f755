//! The lexicon that the library carries, as the build compiled it from `lexicons/*.toml`.

use crate::lexicon::{Lexicon, NotCompiled};

impl Lexicon {
    /// The lexicon that the library carries. The build holds it to be without problems, so that this is never the
    /// empty lexicon.
    pub fn embedded() -> Self {
        Self::try_embedded().unwrap_or_default()
    }

    /// The lexicon that the library carries, or where its compiled text cannot be read.
    ///
    /// # Errors
    /// Never, which the project's tests prove.
    pub fn try_embedded() -> Result<Self, NotCompiled> {
        Self::from_compiled(include_str!(concat!(env!("OUT_DIR"), "/lexicon.txt")))
    }
}
