//! What the words around a mention say of it: denied, hedged, past, conditional, another person's.

use smallvec::SmallVec;

use crate::lexicon::Concept;
use crate::model::{Mention, SectionKind, Status};
use crate::text::{FoldSpan, Folded};

/// The reach of one cue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    /// What it says of its targets.
    pub status: Status,
    /// The cue's words.
    pub cue: FoldSpan,
    /// What it reaches.
    pub reach: FoldSpan,
}

/// What is said of a target, and the cue and its reach as the explanation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Assertion {
    /// What is said.
    pub status: Status,
    /// Why; `None` for what is present for want of a cue, or given by its section.
    pub scope: Option<Scope>,
}

/// The scopes of one sentence.
#[derive(Clone, Debug, Default)]
pub struct Scopes {
    scopes: SmallVec<[Scope; 6]>,
    default: Status,
}

impl Scopes {
    /// Reads the cues of a sentence.
    ///
    /// `mentions` are those of the sentence, in order, none inside another. `barriers` are offsets at which
    /// the reach of cues ends besides the terminators of the lexicon, in order.
    pub fn read(
        folded: &Folded<'_>,
        sentence: FoldSpan,
        section: SectionKind,
        mentions: &[Mention<Concept>],
        barriers: &[u32],
    ) -> Self {
        let _ = (folded, sentence, section, mentions, barriers);
        Self::default()
    }

    /// What is said of a target of this sentence.
    pub fn assess(&self, target: FoldSpan) -> Assertion {
        let _ = target;
        Assertion { status: self.default, scope: None }
    }

    /// All scopes, for explanation.
    pub fn all(&self) -> &[Scope] {
        &self.scopes
    }
}
