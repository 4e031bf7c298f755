//! Which column of a table, or field of a JSON object, holds what.
//!
//! ```
//! use foramen::io::Columns;
//! let columns = Columns { text: "report".into(), ..Columns::default() };
//! assert_eq!((&*columns.text, &*columns.id), ("report", "note_id"));
//! ```

use serde::Serialize;

/// Which columns of a table, or fields of a JSON object, hold what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Columns {
    /// The note; a record without it is rejected.
    pub text: String,
    /// The note's id, text or number; a record without it gets one of file and line.
    pub id: String,
    /// What the note was written for, in the words of [`NoteType`]; other words count as not given.
    pub note_type: String,
    /// Whose it is, text or number.
    pub patient_id: String,
    /// Who wrote it or did what it tells, for rates by provider; text or number.
    pub provider: String,
    /// Where it was written, for rates by facility; text or number.
    pub facility: String,
    /// The day of service as `YYYY-MM-DD`, what follows the day passed over; a record with another value is
    /// rejected.
    pub service_date: String,
    /// Where the service was given, in the words of [`Setting`]; other words count as not given.
    pub setting: String,
    /// Who pays, in the words of [`Payer`]; other words count as not given.
    pub payer: String,
    /// Rules that are set aside: a list of objects with `rule` and `reason`.
    pub ignore: String,
}

impl Default for Columns {
    fn default() -> Self {
        Self {
            text: "text".into(),
            id: "note_id".into(),
            note_type: "note_type".into(),
            patient_id: "patient_id".into(),
            provider: "provider".into(),
            facility: "facility".into(),
            service_date: "service_date".into(),
            setting: "setting".into(),
            payer: "payer".into(),
            ignore: "ignore".into(),
        }
    }
}
