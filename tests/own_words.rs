//! What stands in the project is written for it: no nine words in a row are those of a note that is not part of it.
//!
//! The notes are looked for in `../shared`, or where `FORAMEN_SHARED` points. Case, punctuation and line ends are no
//! part of words.

#![allow(clippy::unwrap_used, reason = "a test may fail by panic, in its helpers too")]

mod shared;

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::path::{Path, PathBuf};

use shared::shared;

/// So many words in a row are no accident; fewer are phrases that all notes of their kind use.
const RUN: usize = 9;

/// What is looked through, from the root of the project.
const OURS: [&str; 8] = ["README.md", "benches", "corpora", "docs", "examples", "lexicons", "src", "tests"];

/// The words of a text, in lower case.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect()
}

/// The runs of notes of others, each as a hash.
#[derive(Default)]
struct Runs(HashSet<u64>);

impl Runs {
    fn hash(run: &[String]) -> u64 {
        BuildHasherDefault::<DefaultHasher>::default().hash_one(run)
    }

    fn add(&mut self, text: &str) {
        self.0.extend(words(text).windows(RUN).map(Self::hash));
    }

    /// The first run of `text` that stands here too.
    fn first_in(&self, text: &str) -> Option<String> {
        let words = words(text);
        words.windows(RUN).find(|run| self.0.contains(&Self::hash(run))).map(|run| run.join(" "))
    }
}

/// All files at `path`, and in the folders under it.
fn files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let mut entries: Vec<_> = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.retain(|entry| entry.file_name() != Some(OsStr::new("node_modules")));
    entries.sort();
    entries.iter().flat_map(|entry| files(entry)).collect()
}

fn is(path: &Path, extension: &str) -> bool {
    path.extension() == Some(OsStr::new(extension))
}

/// What a file holds, by place and text: the notes of JSON Lines, else all of it.
fn texts(path: &Path) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
    let name = path.display().to_string();
    if !is(path, "jsonl") {
        return vec![(name, text)];
    }
    let note = |line: &str| {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        let id = record["note_id"].as_str().unwrap_or_default();
        (format!("{name}, {id}"), record["text"].as_str().unwrap().to_owned())
    };
    text.lines().map(note).collect()
}

#[test]
fn no_passage_of_a_note_of_others_stands_in_the_project() {
    let mut theirs = Runs::default();
    for folder in ["gold", "notes", "assertion"].into_iter().filter_map(shared) {
        for path in files(&folder).iter().filter(|path| !is(path, "md")) {
            for (_, text) in texts(path) {
                theirs.add(&text);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let ours = OURS.iter().flat_map(|name| files(&root.join(name)));
    let ours: Vec<_> = ours.filter(|path| !is(path, "csv")).flat_map(|path| texts(&path)).collect();
    assert!(ours.len() > 500, "{} texts: what is looked through is not there", ours.len());
    let taken: Vec<_> = ours
        .iter()
        .filter_map(|(place, text)| Some(format!("{place}: {}", theirs.first_in(text)?)))
        .collect();
    assert!(taken.is_empty(), "write in words of your own:\n{}", taken.join("\n"));
}

#[test]
fn a_run_is_found_whatever_its_case_and_line_ends() {
    let mut theirs = Runs::default();
    theirs.add("One two, three four: five six. Seven eight nine ten.");
    let found = theirs.first_in("Zero.\nTWO three-four five\nsix seven eight nine TEN eleven");
    assert_eq!(found.as_deref(), Some("two three four five six seven eight nine ten"));
    assert_eq!(theirs.first_in("one two three four five six seven eight, and ten"), None);
}

#[test]
#[should_panic(expected = "FORAMEN_SHARED points to a folder without notes")]
fn a_setting_that_names_no_notes_is_no_skip() {
    shared::place(Some(PathBuf::from("no/such/folder")), "notes");
}
