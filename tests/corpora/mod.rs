//! The notes of the project, for tests that go through all of them.

use std::fs;
use std::path::Path;

use foramen::model::{Context, NoteType};

/// The notes of `corpora/`: id, text, and what they were written for.
pub(crate) fn corpora() -> Vec<(String, String, Context)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "jsonl"));
    files.sort();
    let mut notes = Vec::new();
    for line in files
        .iter()
        .flat_map(|file| fs::read_to_string(file).unwrap().lines().map(str::to_owned).collect::<Vec<_>>())
    {
        let record: serde_json::Value = serde_json::from_str(&line).unwrap();
        let note_type: Option<NoteType> = serde_json::from_value(record["note_type"].clone()).unwrap();
        let text = |name: &str| record[name].as_str().unwrap().to_owned();
        notes.push((text("note_id"), text("text"), Context { note_type, ..Context::default() }));
    }
    notes
}
