//! A note's audit as one line of JSON.

use serde::Serialize;

use crate::checks::Rules;
use crate::io::Note;
use crate::model::Audit;
use crate::report::AuditJson;

/// Adds the audit of a note to `out`, with the line end. Without `text` no word of the note is in it.
///
/// `encoding` stands beside the facts where decoding changed the bytes: offsets count in the decoded text.
pub fn audit_line(out: &mut Vec<u8>, rules: &Rules, note: &Note<'_>, audit: &Audit, text: bool) {
    #[derive(Serialize)]
    struct Line<'n> {
        #[serde(flatten)]
        audit: AuditJson<'n>,
        #[serde(skip_serializing_if = "Option::is_none")]
        encoding: Option<&'static str>,
    }
    let line = Line {
        audit: AuditJson { rules, note_id: &note.id, note: &note.text, audit, text, offsets: None },
        encoding: note.encoding.changed_bytes().then(|| note.encoding.name()),
    };
    // Writing to memory cannot fail.
    let _ = serde_json::to_writer(&mut *out, &line);
    out.push(b'\n');
}
