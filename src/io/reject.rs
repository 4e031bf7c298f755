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
    /// Lines or a table in UTF-16.
    #[error("{0} in UTF-16: convert the file to UTF-8, for example with `iconv -f UTF-16 -t UTF-8`")]
    Utf16(&'static str),
    /// The file's name says one format, its first bytes another.
    #[error("named as {named}, but it begins as {found}: rename it, or name its format")]
    Mismatch {
        /// What its ending or the user says.
        named: &'static str,
        /// What its first bytes say.
        found: &'static str,
    },
    /// JSON over several lines that holds no records of a known kind.
    #[error("JSON that is not one object a line: write it so, with `jq -c .`, or `jq -c '.[]'` for a list")]
    JsonDocument,
    /// The record is longer than a note can be.
    #[error(
        "longer than {limit} bytes, the most that one note may have: export each note as a record of its own"
    )]
    TooLong {
        /// The most bytes that a record may have.
        limit: u64,
    },
    /// The file has no text.
    #[error("empty: put the note into it, or take it out of the input")]
    Empty,
    /// The record is no JSON.
    #[error("broken JSON at column {column}: {what}; export the record again")]
    BrokenJson {
        /// The byte of the record, from 1.
        column: usize,
        /// What is wrong.
        what: &'static str,
    },
    /// The line is JSON, but no object.
    #[error("not a JSON object: one object a line is expected")]
    NotAnObject,
    /// The object lacks the field.
    #[error("no field `{0}`: name the field that holds the note")]
    MissingField(String),
    /// The field holds no text.
    #[error("the field `{field}` holds {found}, not text: export it as text")]
    NotText {
        /// The field.
        field: String,
        /// What it holds.
        found: &'static str,
    },
    /// The field holds a value that cannot be used.
    #[error("the field `{field}` does not hold {wanted}: correct it where it was made")]
    WrongField {
        /// The field.
        field: String,
        /// What it must hold.
        wanted: &'static str,
    },
    /// The record is no XML, or has a part that is refused.
    #[error("broken XML at byte {offset}: {what}; export the document again")]
    BrokenXml {
        /// The byte of the record's decoded text, from 0.
        offset: u64,
        /// What is wrong.
        what: &'static str,
    },
    /// The text is no RTF.
    #[error("broken RTF at byte {offset}: {what}; save the note again, or as plain text")]
    BrokenRtf {
        /// The byte of the text, from 0.
        offset: usize,
        /// What is wrong.
        what: &'static str,
    },
    /// The message is no HL7 version 2, or not all there.
    #[error("broken HL7 version 2 message: {0}; export the message again")]
    BrokenMessage(&'static str),
    /// Data that must be base64 are not.
    #[error("not base64: encode the data again, or give them as plain text")]
    NotBase64,
    /// The record only says where the note is.
    #[error("only links to the note, and nothing is fetched: export it with the note's data in the record")]
    Linked,
    /// The note is of a kind that is not read.
    #[error("has no content type that is read: export it as text/plain, text/html or text/rtf")]
    ContentType,
    /// The record takes itself back.
    #[error("marked as entered in error, so it is left out: send what stands in its place")]
    EnteredInError,
    /// A part of the record could not be read.
    #[error("`{at}`: {reason}")]
    At {
        /// Which: a JSON pointer, or a field of an HL7 segment.
        at: String,
        /// Why.
        reason: Box<Reason>,
    },
    /// The table lacks the column.
    #[error("no column `{column}`; {}: name the columns", header(there.as_deref()))]
    NoColumn {
        /// The column.
        column: String,
        /// Those that are there; `None` where the table seems to begin without a header.
        there: Option<String>,
    },
    /// The table has two columns of one name.
    #[error("the column `{0}` stands twice: rename one of them")]
    TwiceColumn(String),
    /// The row has another number of cells than the header.
    #[error(
        "a row of {found} cells under a header of {wanted}: put cells that hold the separator or a line end in quotes"
    )]
    Ragged {
        /// The cells of the row.
        found: usize,
        /// Those of the header.
        wanted: usize,
    },
    /// A quoted cell goes on after a quote.
    #[error("text after the closing quote of a cell: a quote inside a quoted cell is written twice")]
    BrokenQuote,
    /// A quoted cell does not end.
    #[error("a quote that opens here is never closed: all that follows would be one cell")]
    OpenQuote,
    /// The table, or a part of it, is broken.
    #[error("broken Parquet: {0}; write the file again")]
    BrokenParquet(String),
    /// Parquet on standard input, or packed.
    #[error("Parquet {0}: it is read from its end, so save it unpacked and name the file")]
    StreamedParquet(&'static str),
    /// The engine failed on this note.
    #[error("the engine failed on this note, which is a defect of Foramen: please report it")]
    Internal,
}

/// What is told of a table's columns.
fn header(there: Option<&str>) -> String {
    there.map_or_else(
        || "what stands first does not look like a header".to_owned(),
        |names| format!("there are {names}"),
    )
}

impl Reason {
    /// The same, said of a part of the record.
    pub(super) fn at(self, at: impl Into<String>) -> Self {
        Self::At { at: at.into(), reason: Box::new(self) }
    }

    /// A short name for counting.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "unreadable",
            Self::Binary(_) => "binary",
            Self::Utf16(_) => "utf16",
            Self::Mismatch { .. } => "mismatch",
            Self::JsonDocument => "json_document",
            Self::TooLong { .. } => "too_long",
            Self::Empty => "empty",
            Self::BrokenJson { .. } => "broken_json",
            Self::NotAnObject => "not_an_object",
            Self::MissingField(_) => "missing_field",
            Self::NotText { .. } => "not_text",
            Self::WrongField { .. } => "wrong_field",
            Self::BrokenXml { .. } => "broken_xml",
            Self::BrokenRtf { .. } => "broken_rtf",
            Self::BrokenMessage(_) => "broken_message",
            Self::NotBase64 => "not_base64",
            Self::Linked => "linked",
            Self::ContentType => "content_type",
            Self::EnteredInError => "entered_in_error",
            Self::At { reason, .. } => reason.name(),
            Self::NoColumn { .. } => "no_column",
            Self::TwiceColumn(_) => "twice_column",
            Self::Ragged { .. } => "ragged",
            Self::BrokenQuote | Self::OpenQuote => "broken_quote",
            Self::BrokenParquet(_) => "broken_parquet",
            Self::StreamedParquet(_) => "streamed_parquet",
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
