//! What one note gave.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use foramen::Engine;
use foramen::model::Audit;
use foramen::report::AuditJson;
use foramen::text::{Offsets, Unit};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;

use crate::errors;

/// The facts of one note, and its text.
#[pyclass(frozen, module = "foramen._native")]
pub(crate) struct NoteAudit {
    pub(crate) engine: Arc<Engine>,
    pub(crate) note_id: String,
    pub(crate) text: PyBackedStr,
    pub(crate) audit: Audit,
}

#[pymethods]
impl NoteAudit {
    /// The contract's JSON, its offsets in code points; without `text` no word of the note is in it.
    fn json(&self, text: bool) -> PyResult<String> {
        // Nothing is changed, so a panic leaves nothing half-done; its message can hold words of the note.
        let written = catch_unwind(AssertUnwindSafe(|| {
            let offsets = Offsets::new(&self.text, Unit::CodePoints);
            serde_json::to_string(&AuditJson {
                rules: self.engine.rules(),
                note_id: &self.note_id,
                note: &self.text,
                audit: &self.audit,
                text,
                offsets: Some(&offsets),
            })
        }));
        let failed = || errors::defect(&errors::named_note(&self.note_id));
        written.map_err(|_| failed())?.map_err(|_| failed())
    }
}
