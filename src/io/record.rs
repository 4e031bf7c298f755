//! A record as it stands in its file, and the note that it holds.

use std::borrow::Cow;
use std::sync::Arc;

use crate::model::NoteType;

use super::{Encoding, Fields, Place, Reason, decode, jsonl};

/// The most bytes that a record may have.
pub(super) const MAX_BYTES: u64 = 256 << 20;

/// How a record holds its note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// It is the note.
    Text,
    /// It is a JSON object, the note one of its fields.
    JsonLine,
}

/// A record, not yet decoded.
#[derive(Clone, Debug)]
pub struct Record {
    pub(super) place: Place,
    /// The note's id for a text; the start of it for a JSON line that names none.
    pub(super) name: Arc<str>,
    pub(super) layout: Layout,
    pub(super) bytes: Vec<u8>,
}

/// A note, decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note<'r> {
    /// Its id: the id field of a JSON line, else made of the file's name.
    pub id: Cow<'r, str>,
    /// What it was written for, where the record says so in the words of [`NoteType`].
    pub note_type: Option<NoteType>,
    /// The decoded text, which all offsets count in.
    pub text: Cow<'r, str>,
    /// How it was decoded.
    pub encoding: Encoding,
    /// Where it stands.
    pub place: &'r Place,
}

impl Record {
    /// Where it stands.
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// Its size in bytes, undecoded.
    pub const fn size(&self) -> usize {
        self.bytes.len()
    }

    /// The note that it holds.
    ///
    /// # Errors
    /// When it is binary, broken, or lacks the text field.
    pub fn note(&self, fields: &Fields) -> Result<Note<'_>, Reason> {
        match self.layout {
            Layout::Text => {
                let decoded = decode(&self.bytes)?;
                let id = Cow::Borrowed(&*self.name);
                let place = &self.place;
                Ok(Note { id, note_type: None, text: decoded.text, encoding: decoded.encoding, place })
            }
            Layout::JsonLine => jsonl::read(self, fields),
        }
    }
}
