//! A record as it stands in its file, and the note that it holds.

use std::borrow::Cow;
use std::sync::Arc;

use crate::model::{Context, Date, IgnoredRule, NoteType, Payer, Setting};

use super::columnar::Batch;
use super::delimited::Table;
use super::document::Document;
use super::markup::{html, rtf};
use super::{Columns, Encoding, Place, Reason, Reject, ccda, decode, fhir, hl7, jsonl};

/// The most bytes that a record may have: a line, a row, a message, a file that is read whole, with all that it holds
/// beside the note.
pub(super) const MAX_RECORD: u64 = 64 << 20;

/// The most bytes of UTF-8 that the text of a note may have, some four thousand pages: what is found in a note takes up to
/// twenty times its bytes of memory, and that of a run is bounded.
pub const MAX_NOTE: usize = 8 << 20;

/// How a record holds its note.
#[derive(Clone, Debug)]
pub(super) enum Layout {
    /// It is the note.
    Text,
    /// It is the note, in HTML.
    Html,
    /// It is a JSON object, the note one of its fields.
    JsonLine(Arc<Columns>),
    /// It is a row of text, the note one of its cells.
    Row(Arc<Table>),
    /// It is this row of a table in memory, and has no bytes of its own.
    Columns(Arc<Batch>, usize),
    /// It is a FHIR resource.
    Fhir,
    /// It is an HL7 version 2 message.
    Hl7,
    /// It is a C-CDA document.
    Ccda,
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

    /// The note, where it is no longer than one may be.
    fn bounded(self) -> Result<Self, Reason> {
        if self.text.len() > MAX_NOTE { Err(Reason::TooLong { limit: MAX_NOTE as u64 }) } else { Ok(self) }
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
    /// A FHIR resource, alone or a bundle, that came by another way than a file; `name` stands for the file's.
    pub fn fhir(name: &str, bytes: Vec<u8>) -> Self {
        let name: Arc<str> = name.into();
        let place = Place { file: Arc::clone(&name), record: None, offset: None };
        Self { place, name, layout: Layout::Fhir, bytes }
    }

    /// Where it stands.
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// Its size in bytes, undecoded.
    pub fn size(&self) -> usize {
        self.bytes().len()
    }

    /// Its bytes as they stand in the input, unpacked and not decoded; of a row of a table in memory those of its text.
    pub fn bytes(&self) -> &[u8] {
        match &self.layout {
            Layout::Columns(batch, row) => batch.text(*row),
            _ => &self.bytes,
        }
    }

    /// The notes that it holds, in their order: one of a file or a line of text, any number of a message or a bundle.
    /// One that is binary, broken, too long or lacks its text is a reject with its own place, and the others go on.
    pub fn notes(&self) -> Vec<Result<Note<'_>, Reject>> {
        let mut entries = Vec::new();
        let notes = match &self.layout {
            Layout::Text => vec![self.text()],
            Layout::Html => vec![self.html()],
            Layout::JsonLine(columns) => self.json(columns),
            Layout::Row(table) => vec![table.read(self)],
            Layout::Columns(batch, row) => vec![batch.read(self, *row)],
            Layout::Fhir => {
                let documents;
                (entries, documents) = fhir::documents(&self.bytes).into_iter().unzip();
                self.documents(documents)
            }
            Layout::Hl7 => self.documents(hl7::documents(&self.bytes)),
            Layout::Ccda => self.documents(ccda::documents(&self.bytes)),
        };
        let entries = entries.into_iter().chain(std::iter::repeat(None));
        let placed = notes.into_iter().zip(entries).map(|(note, entry)| (note, self.place_of(entry)));
        placed
            .map(|(note, place)| match note.and_then(Note::bounded) {
                Ok(note) => Ok(Note { place, ..note }),
                Err(reason) => Err(Reject { place, reason }),
            })
            .collect()
    }

    /// Where a note of this record stands: that of a bundle which is a file has the number of its entry.
    fn place_of(&self, entry: Option<u64>) -> Place {
        Place { record: self.place.record.or(entry), ..self.place.clone() }
    }

    /// A JSON object that names its note, or else is a FHIR resource that says so after much other data.
    fn json(&self, columns: &Columns) -> Vec<Result<Note<'_>, Reason>> {
        match jsonl::read(self, columns) {
            Err(Reason::MissingField(_)) if fhir::is_resource(&self.bytes) => self
                .documents(fhir::documents(&self.bytes).into_iter().map(|(_, document)| document).collect()),
            note => vec![note],
        }
    }

    fn documents(&self, documents: Vec<Result<Document, Reason>>) -> Vec<Result<Note<'_>, Reason>> {
        let notes = documents.into_iter().enumerate();
        notes.map(|(index, document)| Ok(document?.into_note(self, index))).collect()
    }

    /// The whole record as a note: plain text, or RTF, which its first bytes tell.
    fn text(&self) -> Result<Note<'_>, Reason> {
        if rtf::is_rtf(&self.bytes) {
            let document = Document { text: rtf::text(&self.bytes)?, ..self.named() };
            return Ok(document.into_note(self, 0));
        }
        let decoded = decode(&self.bytes)?;
        if decoded.text.trim().is_empty() {
            return Err(Reason::Empty);
        }
        Ok(Note::of_text(Cow::Borrowed(&*self.name), decoded.text, decoded.encoding, self.place.clone()))
    }

    /// The whole record as a note in HTML.
    fn html(&self) -> Result<Note<'_>, Reason> {
        let decoded = decode(&self.bytes)?;
        let document =
            Document { text: html::text(&decoded.text), encoding: decoded.encoding, ..self.named() };
        Ok(document.into_note(self, 0))
    }

    fn named(&self) -> Document {
        Document { id: Some(self.name.to_string()), ..Document::default() }
    }
}
