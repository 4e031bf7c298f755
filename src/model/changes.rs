//! What two audits of one note, before and after an edit, have that the other has not.

use super::Element;

/// What an edit has changed. A finding is the same one as before while its facts are the same, wherever its words
/// have moved to; so is a gap while what it is a gap of is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The findings that are new, as indices into [`super::Audit::findings`].
    pub added: Vec<usize>,
    /// How many findings are gone.
    pub removed: usize,
    /// The gaps that are new, as indices into [`super::Audit::gaps`].
    pub opened: Vec<usize>,
    /// The gaps that are gone.
    pub closed: Vec<ClosedGap>,
}

/// A gap that is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClosedGap {
    /// The rule that required it.
    pub rule: &'static str,
    /// What was missing.
    pub element: Element,
}

/// A gap that somebody has left open for good, and the answer that did so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOpen {
    /// The gap, as an index into [`super::Audit::gaps`].
    pub gap: usize,
    /// The answer, as the query offered it.
    pub answer: String,
}

impl Changes {
    /// Whether nothing has changed.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed == 0 && self.opened.is_empty() && self.closed.is_empty()
    }
}
