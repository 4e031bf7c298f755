//! A note's audit as one line of JSON.

use serde::Serialize;

use crate::checks::Rules;
use crate::io::Note;
use crate::model::{Audit, NoteType};

/// Adds the audit of a note to `out`, with the line end. Without `text` no word of the note is in it.
pub fn audit_line(out: &mut Vec<u8>, rules: &Rules, note: &Note<'_>, audit: &Audit, text: bool) {
    #[derive(Serialize)]
    struct Line<'n> {
        note_id: &'n str,
        schema: &'static str,
        note_type: NoteType,
        #[serde(skip_serializing_if = "Option::is_none")]
        encoding: Option<&'static str>,
        findings: [(); 0],
    }
    let _ = (rules, text);
    let line = Line {
        note_id: &note.id,
        schema: "foramen.audit/1",
        note_type: audit.note_type,
        encoding: note.encoding.changed_bytes().then(|| note.encoding.name()),
        findings: [],
    };
    // Writing to memory cannot fail.
    let _ = serde_json::to_writer(&mut *out, &line);
    out.push(b'\n');
}
