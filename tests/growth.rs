//! Long notes: a line of every kind, repeated until the note is as long as a server takes.
//!
//! The engine is to be linear in the note. Time is not measured here: a stage that looked at every pair of lines would
//! take minutes, one that looked at every triple hours. `cargo bench --bench growth` prints the figures.

#![allow(clippy::unwrap_used, reason = "a test may fail by panic, in its helpers too")]

mod lines;

use foramen::Engine;
use foramen::lexicon::Lexicon;
use foramen::model::{Context, NoteType};

use lines::{LINES, note};

/// Bytes of each note.
const LONG: usize = 200_000;

#[test]
fn a_note_may_repeat_any_line_without_end() {
    let engine = Engine::new(Lexicon::try_embedded().unwrap()).unwrap();
    for (kind, head, line) in LINES {
        let text = note(head, line, LONG);
        for note_type in [NoteType::Procedure, NoteType::Clinic] {
            let context = Context { note_type: Some(note_type), ..Context::default() };
            let audit = engine.audit(&text, &context);
            // What is said once is said often: no kind is read as nothing for its length.
            let once = engine.audit(&note(head, line, 1), &context);
            assert_eq!(audit.findings.is_empty(), once.findings.is_empty(), "{kind}");
            assert_eq!(audit.procedures.is_empty(), once.procedures.is_empty(), "{kind}");
            assert_eq!(audit.codes.is_empty(), once.codes.is_empty(), "{kind}");
            assert_eq!(audit.encounter.drugs.is_empty(), once.encounter.drugs.is_empty(), "{kind}");
        }
    }
}
