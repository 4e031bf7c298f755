//! What `foramen extract` and `foramen check` print of six notes of `corpora`, as a whole: a change of behaviour shows
//! as a difference to read. `INSTA_UPDATE=always cargo test --test snapshots` accepts it.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "a test may fail by panic, in its helpers too")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use foramen::Engine;
use foramen::lexicon::Lexicon;
use foramen::model::{Context, NoteType};
use foramen::report::{AuditJson, Diagnostics};

/// File and note: one of each style that differs most from the others.
const NOTES: &[(&str, &str)] = &[
    ("imaging.jsonl", "img-05"),
    ("imaging.jsonl", "img-09"),
    ("imaging.jsonl", "img-10"),
    ("imaging.jsonl", "img-19"),
    ("clinical.jsonl", "cln-02"),
    ("clinical.jsonl", "cln-17"),
];

#[derive(serde::Deserialize)]
struct Note {
    #[serde(rename = "note_id")]
    id: String,
    #[serde(rename = "note_type")]
    kind: NoteType,
    text: String,
}

fn read(file: &str, id: &str) -> Note {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora").join(file);
    let text = fs::read_to_string(&path).unwrap();
    let mut notes = text.lines().map(|line| serde_json::from_str::<Note>(line).unwrap());
    notes.find(|note| note.id == id).unwrap_or_else(|| panic!("no note {id} in {}", path.display()))
}

/// One line for each value, and for each item of a list.
fn lines(json: &serde_json::Value) -> String {
    let mut out = String::new();
    for (key, value) in json.as_object().unwrap() {
        match value.as_array() {
            Some(items) => {
                writeln!(out, "{key}:").unwrap();
                for item in items {
                    writeln!(out, "  {item}").unwrap();
                }
            }
            None => writeln!(out, "{key}: {value}").unwrap(),
        }
    }
    out
}

#[test]
fn six_notes_are_read_as_before() {
    let engine = Engine::new(Lexicon::try_embedded().unwrap()).unwrap();
    let rules = engine.rules();
    for (file, id) in NOTES {
        let Note { id, kind, text } = read(file, id);
        let audit = engine.audit(&text, &Context { note_type: Some(kind), ..Context::default() });
        let line = AuditJson { rules, note_id: &id, note: &text, audit: &audit, text: true, offsets: None };
        let shown =
            Diagnostics { rules, name: &id, note: &text, audit: &audit, width: 100, colour: false }.render();
        let extracted = lines(&serde_json::to_value(line).unwrap());
        insta::assert_snapshot!(id.as_str(), format!("{extracted}\n{shown}"));
    }
}
