//! What codes say of a document and its sections: the type of a note, and the heading of a section that has none.
//!
//! Only codes that leave no doubt are listed. A code for imaging of any kind is one of them; a code for a department is
//! not, since injections are done there too.
//!
//! ```
//! use foramen::codes::{DocumentCodes, DocumentCoding};
//! use foramen::model::NoteType;
//! let codes = DocumentCodes::embedded()?;
//! assert_eq!(codes.note_type(DocumentCoding::Loinc, "11504-8"), Some(NoteType::Operative));
//! assert_eq!(codes.heading(DocumentCoding::Loinc, "19005-8"), Some("Impression"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use serde::Deserialize;

use super::reader::{CodesError, read_table};
use crate::model::NoteType;

/// Who gave a document or a section its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentCoding {
    /// LOINC (Regenstrief Institute).
    Loinc,
    /// Document types of HL7 version 2: table 0270.
    Hl7Table0270,
    /// What HL7 version 2 puts behind the identifier of an observation: version 2.3.1, section 7.1.3.
    Hl7Suffix,
}

/// The tables of document and section codes.
#[derive(Clone, Debug, Default)]
pub struct DocumentCodes {
    types: Vec<(DocumentCoding, String, NoteType)>,
    headings: Vec<(DocumentCoding, String, String)>,
}

impl DocumentCodes {
    /// The tables that the library carries.
    ///
    /// # Errors
    /// When a table is broken, which the project's tests rule out.
    pub fn embedded() -> Result<Self, CodesError> {
        let types = include_str!("../../lexicons/codes/document_types.csv");
        let types =
            read_table("document_types.csv", types, &["system", "code", "note_type", "source"], |row| {
                Ok((row.value()?, row.text(), row.value()?))
            })?;
        let headings = include_str!("../../lexicons/codes/section_codes.csv");
        let headings =
            read_table("section_codes.csv", headings, &["system", "code", "heading", "source"], |row| {
                Ok((row.value()?, row.text(), row.text()))
            })?;
        Ok(Self { types, headings })
    }

    /// What a document of this code was written for.
    pub fn note_type(&self, coding: DocumentCoding, code: &str) -> Option<NoteType> {
        let row = self.types.iter().find(|row| row.0 == coding && row.1 == code);
        row.map(|row| row.2)
    }

    /// The heading of a section of this code.
    pub fn heading(&self, coding: DocumentCoding, code: &str) -> Option<&str> {
        let row = self.headings.iter().find(|row| row.0 == coding && row.1 == code);
        row.map(|row| row.2.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_codes_of_their_own_system_are_known() {
        let codes = DocumentCodes::embedded().unwrap();
        for (coding, code, expected) in [
            (DocumentCoding::Loinc, "18748-4", Some(NoteType::Radiology)),
            (DocumentCoding::Loinc, "28570-0", Some(NoteType::Procedure)),
            (DocumentCoding::Loinc, "11488-4", Some(NoteType::Clinic)),
            (DocumentCoding::Loinc, "34133-9", None),
            (DocumentCoding::Loinc, "OP", None),
            (DocumentCoding::Hl7Table0270, "OP", Some(NoteType::Operative)),
            (DocumentCoding::Hl7Table0270, "op", None),
        ] {
            assert_eq!(codes.note_type(coding, code), expected, "{code}");
        }
        assert_eq!(codes.heading(DocumentCoding::Hl7Suffix, "IMP"), Some("Impression"));
        assert_eq!(codes.heading(DocumentCoding::Hl7Suffix, "GDT"), None);
    }

    #[test]
    fn no_code_stands_twice() {
        let DocumentCodes { types, headings } = DocumentCodes::embedded().unwrap();
        let keys = types.into_iter().map(|(coding, code, _)| (coding, code));
        let headed = headings.into_iter().map(|(coding, code, _)| (coding, code));
        for mut keys in [keys.collect::<Vec<_>>(), headed.collect()] {
            keys.sort();
            assert!(keys.windows(2).all(|pair| pair[0] != pair[1]), "{keys:?}");
        }
    }
}
