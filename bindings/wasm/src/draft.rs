//! A live session over JSON, its places in UTF-16 units.

use std::sync::Arc;

use foramen::Engine;
use foramen::model::{Context, Element};
use foramen::report::{AuditJson, UpdateJson};
use foramen::session::{EditError, Session};
use foramen::text::{Offsets, Unit};
use serde::Serialize;

use crate::known::{Wrong, named};

/// A draft in a live session.
#[derive(Debug)]
pub struct Draft {
    engine: Arc<Engine>,
    session: Session,
    note_id: String,
}

/// Words to be put into the draft, in UTF-16 units.
#[derive(Serialize)]
struct EditRow<'a> {
    start: u32,
    end: u32,
    text: &'a str,
}

impl Draft {
    pub(crate) fn new(engine: Arc<Engine>, context: Context, note_id: String) -> Self {
        Self { session: Session::new(Arc::clone(&engine), context), engine, note_id }
    }

    /// The draft.
    pub fn text(&self) -> &str {
        self.session.text()
    }

    /// Puts `text` in place of what stands from `start` to `end`.
    ///
    /// # Errors
    /// When the places do not lie in the draft, cut a character in two, or the draft would be too long.
    pub fn edit(&mut self, start: u32, end: u32, text: &str) -> Result<(), Wrong> {
        let place =
            |unit| Unit::Utf16.byte(self.session.text(), unit as usize).ok_or(Wrong::Place { start, end });
        let range = place(start)?..place(end)?;
        self.session.edit(range, text).map_err(|error| match error {
            EditError::TooLong { .. } => error.into(),
            // These tell of bytes.
            EditError::Outside { .. } | EditError::Boundary { .. } => Wrong::Place { start, end },
        })
    }

    /// Puts `text` at the end.
    ///
    /// # Errors
    /// When the draft would be too long.
    pub fn push(&mut self, text: &str) -> Result<(), Wrong> {
        Ok(self.session.push(text)?)
    }

    /// What is so now and what has changed since the call before, as JSON.
    ///
    /// # Errors
    /// None that can happen: an update is plain data.
    pub fn audit(&mut self) -> Result<String, Wrong> {
        let update = self.session.audit();
        let offsets = Offsets::new(update.text, Unit::Utf16);
        Ok(serde_json::to_string(&UpdateJson {
            audit: AuditJson {
                rules: self.engine.rules(),
                note_id: &self.note_id,
                note: update.text,
                audit: update.audit,
                text: true,
                offsets: Some(&offsets),
            },
            queries: update.queries,
            changes: update.changes,
            left_open: update.left_open,
        })?)
    }

    /// The words that answer a query (`q1`) of the last update, as JSON: whoever owns the text puts them in. `null` where
    /// the option leaves the gap open; it is then not asked again.
    ///
    /// # Errors
    /// When there is no such query, element or option, or no place for the words.
    pub fn apply(&mut self, query: &str, element: &str, option: &str) -> Result<String, Wrong> {
        let number = query.strip_prefix('q').and_then(|number| number.parse::<usize>().ok());
        let query = number.and_then(|number| number.checked_sub(1)).ok_or(Wrong::Query)?;
        let element = named("element", Some(element), Element::ALL, Element::name)?.ok_or(Wrong::Query)?;
        let edit = self.session.apply(query, element, option)?;
        let offsets = Offsets::new(self.session.text(), Unit::Utf16);
        let place = |byte: usize| offsets.of(u32::try_from(byte).unwrap_or(u32::MAX));
        let row = edit.as_ref().map(|edit| EditRow {
            start: place(edit.range.start),
            end: place(edit.range.end),
            text: &edit.text,
        });
        Ok(serde_json::to_string(&row)?)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::Auditor;

    fn draft(text: &str) -> Draft {
        let mut draft = Auditor::new("", None).unwrap().draft(r#"{"note_type": "radiology"}"#).unwrap();
        draft.push(text).unwrap();
        draft
    }

    fn updated(draft: &mut Draft) -> Value {
        serde_json::from_str(&draft.audit().unwrap()).unwrap()
    }

    #[test]
    fn a_query_is_answered_by_an_edit_in_units() {
        let mut draft = draft("🦴 Left foraminal stenosis at L4-L5.");
        let update = updated(&mut draft);
        assert_eq!(update["queries"][0]["choices"][0]["element"], "severity");
        let edit: Value = serde_json::from_str(&draft.apply("q1", "severity", "moderate").unwrap()).unwrap();
        let at = |key: &str| u32::try_from(edit[key].as_u64().unwrap()).unwrap();
        draft.edit(at("start"), at("end"), edit["text"].as_str().unwrap()).unwrap();
        assert_eq!(draft.text(), "🦴 Moderate left foraminal stenosis at L4-L5.");
        let update = updated(&mut draft);
        assert_eq!(update["audit"]["gaps"], serde_json::json!([]));
        assert_eq!(update["changes"]["gaps"]["closed"][0]["rule"], "NF003");
    }

    #[test]
    fn an_open_answer_is_recorded() {
        let mut draft = draft("Left foraminal stenosis at L4-L5.");
        updated(&mut draft);
        assert_eq!(draft.apply("q1", "severity", "other").unwrap(), "null");
        let update = updated(&mut draft);
        assert_eq!(
            (&update["queries"], &update["left_open"][0]["answer"]),
            (&serde_json::json!([]), &"other".into())
        );
    }

    #[test]
    fn errors_repeat_nothing() {
        let mut draft = draft("🦴 Left foraminal stenosis at L4-L5.");
        updated(&mut draft);
        let mut told = vec![
            draft.edit(1, 2, "Zebedee").unwrap_err(),
            draft.edit(2, 99, "Zebedee").unwrap_err(),
            draft.edit(5, 2, "Zebedee").unwrap_err(),
        ];
        for (query, element, option) in [
            ("q2", "severity", "mild"),
            ("Zebedee", "severity", "mild"),
            ("q1", "Zebedee", "mild"),
            ("q1", "severity", "Zebedee"),
        ] {
            told.push(draft.apply(query, element, option).unwrap_err());
        }
        for error in told {
            assert!(!error.to_string().contains("Zebedee"), "{error}");
        }
        assert_eq!(draft.text(), "🦴 Left foraminal stenosis at L4-L5.");
    }
}
