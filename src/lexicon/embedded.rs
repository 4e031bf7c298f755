//! The lexicon files that the library carries.

/// Names the files of `lexicons/` and takes in their text when the library is compiled.
macro_rules! embed {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../lexicons/", $name)))),*]
    };
}

/// Every file of `lexicons/` with its text, sorted by name; a test compares the list with the folder.
pub(super) const EMBEDDED: &[(&str, &str)] = embed![
    "acts.toml",
    "care.toml",
    "changes.toml",
    "coding.toml",
    "context.toml",
    "correlation.toml",
    "details.toml",
    "grades.toml",
    "levels.toml",
    "measures.toml",
    "note_types.toml",
    "ordinary.toml",
    "scales.toml",
    "sections.toml",
    "sides.toml",
    "structures.toml",
    "symptoms.toml",
    "words.toml",
];
