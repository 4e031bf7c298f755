//! A note as a FHIR resource, an HL7 message or a C-CDA document states it.
//!
//! ```text
//! OBR|1|P7|A12|…      ─▶ id A12
//! OBX|1|TX|…||MRI …   ─▶ text
//! ```

use std::sync::LazyLock;

use crate::codes::DocumentCodes;
use crate::model::{Date, NoteType};

use super::{Encoding, Note, Record};

/// A note as a record states it, before it has a place and, maybe, an id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Document {
    pub(super) text: String,
    pub(super) id: Option<String>,
    /// From codes alone, and only where they leave no doubt.
    pub(super) note_type: Option<NoteType>,
    pub(super) patient_id: Option<String>,
    pub(super) provider: Option<String>,
    pub(super) facility: Option<String>,
    pub(super) service_date: Option<Date>,
    /// How its text was decoded.
    pub(super) encoding: Encoding,
}

impl Document {
    /// The note, the `index`th of its record from 0, which makes an id where the record states none.
    pub(super) fn into_note(self, record: &Record, index: usize) -> Note<'static> {
        let made_up = || match (record.place.record, index) {
            (None, 0) => record.name.to_string(),
            (None, index) => format!("{}:{}", record.name, index + 1),
            (Some(number), 0) => format!("{}:{number}", record.name),
            (Some(number), index) => format!("{}:{number}:{}", record.name, index + 1),
        };
        let id = self.id.unwrap_or_else(made_up);
        Note {
            note_type: self.note_type,
            patient_id: self.patient_id.map(Into::into),
            provider: self.provider.map(Into::into),
            facility: self.facility.map(Into::into),
            service_date: self.service_date,
            ..Note::of_text(id.into(), self.text.into(), self.encoding, record.place.clone())
        }
    }
}

/// What the codes of documents and their sections stand for.
pub(super) fn codes() -> &'static DocumentCodes {
    // The project's tests rule out that the tables are broken.
    static CODES: LazyLock<DocumentCodes> = LazyLock::new(|| DocumentCodes::embedded().unwrap_or_default());
    &CODES
}

/// The day at the start of a time such as `2024-03-10T08:30:00Z`, `2024-03-10`, `20240310` or `202403100830-0500`, as
/// it is written: of no time zone. A month or a year is no day.
pub(super) fn day_of(time: &str) -> Option<Date> {
    let day = time.trim();
    let dashed = day.as_bytes().get(4) == Some(&b'-');
    day.get(..if dashed { 10 } else { 8 })?.parse().ok()
}

/// The words of a value, if it has any.
pub(super) fn stated(value: &str) -> Option<String> {
    Some(value.trim()).filter(|value| !value.is_empty()).map(str::to_owned)
}

/// Adds text without control characters other than tabs and line ends; a blank that may not break is a blank.
pub(super) fn push_readable(out: &mut String, text: &str) {
    let is_plain = |c: char| c != '\u{a0}' && (!c.is_control() || matches!(c, '\t' | '\n'));
    if text.chars().all(is_plain) {
        return out.push_str(text);
    }
    let readable = text.chars().filter(|&c| is_plain(c) || c == '\u{a0}');
    out.extend(readable.map(|c| if c == '\u{a0}' { ' ' } else { c }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_they_are_written() {
        for (time, expected) in [
            ("2024-03-10", Some("2024-03-10")),
            ("2024-03-10T23:59:00-11:00", Some("2024-03-10")),
            ("20240310", Some("2024-03-10")),
            ("202403102359-1100", Some("2024-03-10")),
            ("2024-03", None),
            ("2024", None),
            ("202403", None),
            ("2024-02-30", None),
            ("20240230", None),
            ("", None),
            ("١٢٣٤", None),
        ] {
            assert_eq!(day_of(time).map(|day| day.to_string()).as_deref(), expected, "{time}");
        }
    }
}
