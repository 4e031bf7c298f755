//! What can go wrong, as Python exceptions. None of them ever holds a word of a note.

use foramen::io::Reason;
use foramen::lexicon::LexiconErrors;
use foramen::pipeline::EngineError;
use pyo3::create_exception;
use pyo3::exceptions::{PyException, PyTypeError, PyValueError};
use pyo3::prelude::*;

create_exception!(foramen, ForamenError, PyException, "Whatever goes wrong in Foramen.");
create_exception!(
    foramen,
    LexiconError,
    ForamenError,
    "A lexicon of your own is not as it must be: file, line, column."
);
create_exception!(foramen, SettingsError, ForamenError, "A setting names what there is not.");

/// A lexicon that cannot be used.
pub(crate) fn lexicon(faults: &LexiconErrors) -> PyErr {
    LexiconError::new_err(faults.to_string())
}

/// Settings of which no engine can be built.
pub(crate) fn engine(error: &EngineError) -> PyErr {
    SettingsError::new_err(error.to_string())
}

/// The engine failed on a note; `which` names it.
pub(crate) fn defect(which: &str) -> PyErr {
    ForamenError::new_err(format!("{which}: {}", Reason::Internal))
}

/// How an exception names a note.
pub(crate) fn named_note(note_id: &str) -> String {
    if note_id.is_empty() { "the note".to_owned() } else { format!("the note {note_id:?}") }
}

/// A table whose notes cannot be read.
pub(crate) fn table(reason: Reason) -> PyErr {
    match reason {
        Reason::NoColumn { .. } => {
            PyValueError::new_err(format!("{reason}, as in columns={{\"text\": \"report\"}}"))
        }
        Reason::NotText { field, found } => {
            PyTypeError::new_err(format!("the column `{field}` of the table holds {found}, not text"))
        }
        other => PyValueError::new_err(other.to_string()),
    }
}

/// The value of this name of the keyword `what`; the error lists the names that there are.
pub(crate) fn named<T: Copy>(
    what: &str,
    given: Option<&str>,
    values: &[T],
    name: impl Fn(T) -> &'static str,
) -> Result<Option<T>, String> {
    let Some(given) = given else { return Ok(None) };
    let found = values.iter().copied().find(|value| name(*value) == given);
    found.map(Some).ok_or_else(|| {
        let names: Vec<_> = values.iter().map(|value| name(*value)).collect();
        format!("{what}: there is none of that name: there are {}", names.join(", "))
    })
}

/// A setting of all notes has a value that there is not.
pub(crate) fn value(told: String) -> PyErr {
    PyValueError::new_err(told)
}

/// What is known of this note has a value that there is not.
pub(crate) fn value_of(note_id: &str, told: &str) -> PyErr {
    let which = if note_id.is_empty() { String::new() } else { format!("{}: ", named_note(note_id)) };
    PyValueError::new_err(format!("{which}{told}"))
}
