//! A record as it stands in its file, and the note that it holds.

use std::borrow::Cow;
use std::sync::Arc;

use crate::model::{Context, Date, IgnoredRule, NoteType, Payer, Setting};

use super::{Columns, Encoding, Place, Reason, Reject, decode, jsonl};

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
    /// Whose it is, where the record says so.
    pub patient_id: Option<Cow<'r, str>>,
    /// Who wrote it or did what it tells, where the record says so.
    pub provider: Option<Cow<'r, str>>,
    /// Where it was written, where the record says so.
    pub facility: Option<Cow<'r, str>>,
    /// The day of service, where the record says so.
    pub service_date: Option<Date>,
    /// Where the service was given, where the record says so in the words of [`Setting`].
    pub setting: Option<Setting>,
    /// Who pays, where the record says so in the words of [`Payer`].
    pub payer: Option<Payer>,
    /// Rules that the record sets aside.
    pub ignore: Vec<IgnoredRule>,
    /// The decoded text, which all offsets count in.
    pub text: Cow<'r, str>,
    /// How it was decoded.
    pub encoding: Encoding,
    /// Where it stands.
    pub place: Place,
}

impl<'r> Note<'r> {
    /// A note of which nothing but its text is known.
    pub(super) const fn of_text(
        id: Cow<'r, str>,
        text: Cow<'r, str>,
        encoding: Encoding,
        place: Place,
    ) -> Self {
        Self {
            id,
            note_type: None,
            patient_id: None,
            provider: None,
            facility: None,
            service_date: None,
            setting: None,
            payer: None,
            ignore: Vec::new(),
            text,
            encoding,
            place,
        }
    }

    /// What is known of the note: what its record says, and for the rest what is known of all notes.
    pub fn context(&self, of_all: &Context) -> Context {
        Context {
            note_type: self.note_type.or(of_all.note_type),
            service_date: self.service_date.or(of_all.service_date),
            setting: self.setting.or(of_all.setting),
            payer: self.payer.or(of_all.payer),
            ignore: self.ignore.iter().chain(&of_all.ignore).cloned().collect(),
            ..of_all.clone()
        }
    }
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

    /// The bytes as they stand in the input, undecoded.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The notes that it holds, in their order: one of a file or a line of text, any number of a message or a bundle.
    /// One that is binary, broken, or lacks its text is a reject with its own place, and the others go on.
    pub fn notes(&self, columns: &Columns) -> Vec<Result<Note<'_>, Reject>> {
        let note = match self.layout {
            Layout::Text => self.text(),
            Layout::JsonLine => jsonl::read(self, columns),
        };
        vec![note.map_err(|reason| Reject { place: self.place.clone(), reason })]
    }

    /// The whole record as a note.
    fn text(&self) -> Result<Note<'_>, Reason> {
        let decoded = decode(&self.bytes)?;
        Ok(Note::of_text(Cow::Borrowed(&*self.name), decoded.text, decoded.encoding, self.place.clone()))
    }
}
