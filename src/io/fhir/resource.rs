//! A resource as a tree, its parts named by JSON pointers.

use serde_json::Value;

use crate::codes::DocumentCoding;
use crate::io::document::{codes, day_of, stated};
use crate::io::{Encoding, Reason};
use crate::model::{Date, NoteType};

/// The name of LOINC in FHIR.
const LOINC: &str = "http://loinc.org";

/// A resource, and where it stands in its record.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resource<'v> {
    pub(super) value: &'v Value,
    pub(super) pointer: &'v str,
    /// How its record was decoded.
    pub(super) encoding: Encoding,
}

impl<'v> Resource<'v> {
    /// What stands at a pointer within the resource; nothing for null.
    pub(super) fn at(self, pointer: &str) -> Option<&'v Value> {
        self.value.pointer(pointer).filter(|value| !value.is_null())
    }

    /// The pointer of a part within the record.
    pub(super) fn place(self, pointer: &str) -> String {
        format!("{}{pointer}", self.pointer)
    }

    /// The text at a pointer.
    ///
    /// # Errors
    /// When something else stands there.
    pub(super) fn text(self, pointer: &str) -> Result<Option<&'v str>, Reason> {
        match self.at(pointer) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Reason::WrongField { field: self.place(pointer), wanted: "text" }),
        }
    }

    /// How many values the list at a pointer has.
    ///
    /// # Errors
    /// When something else stands there.
    pub(super) fn count(self, pointer: &str) -> Result<usize, Reason> {
        match self.at(pointer) {
            None => Ok(0),
            Some(Value::Array(list)) => Ok(list.len()),
            Some(_) => Err(Reason::WrongField { field: self.place(pointer), wanted: "a list" }),
        }
    }

    /// The pointers of the values of a list.
    pub(super) fn each(self, pointer: &str) -> Result<impl Iterator<Item = String>, Reason> {
        let pointer = pointer.to_owned();
        Ok((0..self.count(&pointer)?).map(move |index| format!("{pointer}/{index}")))
    }

    /// The words at a pointer, if there are any.
    pub(super) fn words(self, pointer: &str) -> Result<Option<String>, Reason> {
        Ok(self.text(pointer)?.and_then(stated))
    }

    /// The day of a date or a time; a month or a year is none.
    pub(super) fn day(self, pointer: &str) -> Result<Option<Date>, Reason> {
        Ok(self.text(pointer)?.and_then(day_of))
    }

    /// The id of what a reference at a pointer names: of a resource of one of these kinds, else of no resource; `None`
    /// if it names one of another kind.
    pub(super) fn target(self, pointer: &str, kinds: &[&str]) -> Result<Option<String>, Reason> {
        let reference = self.words(&format!("{pointer}/reference"))?;
        match reference.as_deref().filter(|reference| !reference.starts_with('#')) {
            Some(reference) if reference.starts_with("urn:") => Ok(Some(reference.to_owned())),
            Some(reference) => Ok(kinds.iter().find_map(|kind| id_of(reference, kind))),
            None => self.words(&format!("{pointer}/identifier/value")),
        }
    }

    /// The name that a reference shows, if it names nothing else than one of these kinds.
    pub(super) fn display(self, pointer: &str, kinds: &[&str]) -> Result<Option<String>, Reason> {
        let reference = self.text(&format!("{pointer}/reference"))?.unwrap_or_default();
        let is_other = reference.contains('/') && kinds.iter().all(|kind| id_of(reference, kind).is_none());
        if is_other { Ok(None) } else { self.words(&format!("{pointer}/display")) }
    }

    /// What the LOINC codes of a concept at a pointer say that the note was written for.
    pub(super) fn note_type(self, pointer: &str) -> Result<Option<NoteType>, Reason> {
        for coding in self.each(&format!("{pointer}/coding"))? {
            let is_loinc = self.text(&format!("{coding}/system"))? == Some(LOINC);
            let code = self.text(&format!("{coding}/code"))?.filter(|_| is_loinc);
            let note_type = code.and_then(|code| codes().note_type(DocumentCoding::Loinc, code.trim()));
            if note_type.is_some() {
                return Ok(note_type);
            }
        }
        Ok(None)
    }
}

/// The id in `Patient/7`, `http://host/fhir/Patient/7` or `Patient/7/_history/1`.
fn id_of(reference: &str, kind: &str) -> Option<String> {
    let mut parts = reference.split('/').skip_while(|part| *part != kind).skip(1);
    stated(parts.next()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_name_their_target() {
        let target = |reference: Value, kinds: &[&str]| {
            let value = serde_json::json!({ "subject": reference });
            let resource = Resource { value: &value, pointer: "", encoding: Encoding::Utf8 };
            (resource.target("/subject", kinds).unwrap(), resource.display("/subject", kinds).unwrap())
        };
        let some = |text: &str| Some(text.to_owned());
        for (reference, expected) in [
            (serde_json::json!({"reference": "Patient/7"}), (some("7"), None)),
            (serde_json::json!({"reference": "http://h/fhir/Patient/7/_history/2"}), (some("7"), None)),
            (serde_json::json!({"reference": "urn:uuid:1-2"}), (some("urn:uuid:1-2"), None)),
            (serde_json::json!({"reference": "Group/7", "display": "x"}), (None, None)),
            (serde_json::json!({"reference": "#p", "display": "x"}), (None, some("x"))),
            (serde_json::json!({"identifier": {"value": "m9"}, "display": "x"}), (some("m9"), some("x"))),
            (serde_json::json!({}), (None, None)),
        ] {
            assert_eq!(target(reference.clone(), &["Patient"]), expected, "{reference}");
        }
    }
}
