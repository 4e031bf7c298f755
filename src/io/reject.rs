//! What could not be read: where it stands and why. No word of a note is in it.

use std::fmt;
use std::sync::Arc;

use serde::ser::{Serialize, SerializeMap, Serializer};

/// Where a record stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file as it was named, `-` for standard input.
    pub file: Arc<str>,
    /// Which record of the file, from 1, where it holds several: its first line in a file of lines, else its number (a
    /// row of a table, a message, an entry of a bundle).
    pub record: Option<u64>,
    /// First byte of the record in the file as it is once unpacked; `None` in a format whose records have no place of
    /// their own.
    pub offset: Option<u64>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.record {
            Some(record) => write!(f, "{}:{record}", self.file),
            None => f.write_str(&self.file),
        }
    }
}

/// Why a record could not be read, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// The file could not be opened or read.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// The bytes are no text.
    #[error("{0}, not text: convert it to plain text first")]
    Binary(&'static str),
    /// JSON Lines in UTF-16.
    #[error("JSON Lines in UTF-16: convert the file to UTF-8, for example with `iconv -f UTF-16 -t UTF-8`")]
    WideLines,
    /// The record is longer than a note can be.
    #[error("longer than {limit} bytes, the most that one note may have")]
    TooLong {
        /// The most bytes that a record may have.
        limit: u64,
    },
    /// The line is no JSON.
    #[error("broken JSON at column {column}: {what}")]
    BrokenJson {
        /// The byte of the line, from 1.
        column: usize,
        /// What is wrong.
        what: &'static str,
    },
    /// The line is JSON, but no object.
    #[error("not a JSON object: one object a line is expected")]
    NotAnObject,
    /// The object lacks the field.
    #[error("no field `{0}`: name the field that holds the note with --text-field")]
    MissingField(String),
    /// The field holds no text.
    #[error("the field `{field}` holds {found}, not text")]
    NotText {
        /// The field.
        field: String,
        /// What it holds.
        found: &'static str,
    },
    /// The field holds a value that cannot be used.
    #[error("the field `{field}` does not hold {wanted}")]
    WrongField {
        /// The field.
        field: String,
        /// What it must hold.
        wanted: &'static str,
    },
    /// The engine failed on this note.
    #[error("the engine failed on this note, which is a defect of Foramen: please report it")]
    Internal,
}

impl Reason {
    /// A short name for counting.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "unreadable",
            Self::Binary(_) => "binary",
            Self::WideLines => "utf16_lines",
            Self::TooLong { .. } => "too_long",
            Self::BrokenJson { .. } => "broken_json",
            Self::NotAnObject => "not_an_object",
            Self::MissingField(_) => "missing_field",
            Self::NotText { .. } => "not_text",
            Self::WrongField { .. } => "wrong_field",
            Self::Internal => "internal",
        }
    }
}

/// A record that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {reason}")]
pub struct Reject {
    /// Where it stands.
    pub place: Place,
    /// Why.
    pub reason: Reason,
}

impl Serialize for Reject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("file", &*self.place.file)?;
        map.serialize_entry("record", &self.place.record)?;
        map.serialize_entry("offset", &self.place.offset)?;
        map.serialize_entry("kind", self.reason.name())?;
        map.serialize_entry("reason", &self.reason.to_string())?;
        map.end()
    }
}
