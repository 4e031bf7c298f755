//! What can be wrong with an edit or an answer. No words of the note are told.

use crate::model::Element;

/// An edit that cannot be made. Places are bytes of the draft.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The range does not lie in the draft.
    #[error("no range {start}..{end} in a draft of {length} bytes: send offsets of the draft as it stands")]
    Outside {
        /// Start of the range.
        start: usize,
        /// Its end.
        end: usize,
        /// Length of the draft.
        length: usize,
    },
    /// An end of the range lies within a character.
    #[error("byte {at} lies within a character: begin and end an edit between characters")]
    Boundary {
        /// The end that does.
        at: usize,
    },
    /// The draft would be too long for its offsets.
    #[error("the draft would have {length} bytes: 4 GiB is the most")]
    TooLong {
        /// The length that it would have.
        length: usize,
    },
}

/// An answer that cannot be put into the draft.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApplyError {
    /// The draft was edited since its last update, so that the query may be another.
    #[error(
        "the draft has changed since the query was asked: audit it and answer the query that it then has"
    )]
    Stale,
    /// There is no such query.
    #[error("no query {query}: the last update has {of}, counted from 0")]
    NoQuery {
        /// The number given.
        query: usize,
        /// How many there are.
        of: usize,
    },
    /// The query does not ask for the element.
    #[error("the query does not ask for {element}: answer one of its choices")]
    NoElement {
        /// The element given.
        element: Element,
    },
    /// The query does not offer the answer.
    #[error("the query does not offer this answer for {element}: give one of the choice's options")]
    NoOption {
        /// The element given.
        element: Element,
    },
    /// Nothing is known of how answers for this element are worded.
    #[error("answers for {element} have no wording: write it into the draft")]
    NotWorded {
        /// The element given.
        element: Element,
    },
    /// No place was found at which the words close the gap and change nothing else.
    #[error("no place was found for {element} at which nothing else would change: write it into the draft")]
    NoPlace {
        /// The element given.
        element: Element,
    },
}
