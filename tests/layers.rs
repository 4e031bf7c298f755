//! The house keeps its shape: a module imports only what its row of the table names, every row names only rows
//! above it, and a file is short enough to hold one idea.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use regex::Regex;

/// What each folder of `src` may import, from the bottom up. The stages do not know each other where they
/// need not: `segment` and `matching` are blind to each other, `context` reads cues inside sentences, `relate`
/// reads what the three have made. `checks` and `report` see facts alone, so that they also serve facts from
/// elsewhere, such as gold labels.
const LAYERS: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("model", &["text"]),
    ("lexicon", &["text", "model"]),
    ("segment", &["text", "model", "lexicon"]),
    ("matching", &["text", "model", "lexicon"]),
    ("context", &["text", "model", "lexicon", "segment", "matching"]),
    ("relate", &["text", "model", "lexicon", "segment", "matching", "context"]),
    ("codes", &["text", "model", "lexicon", "segment", "matching"]),
    ("checks", &["text", "model", "codes"]),
    ("report", &["text", "model", "checks"]),
    (
        "pipeline",
        &["text", "model", "lexicon", "segment", "matching", "context", "relate", "codes", "checks"],
    ),
    ("session", &["text", "model", "lexicon", "segment", "checks", "pipeline"]),
    ("io", &["model", "codes"]),
    ("tables", &["text", "model", "checks", "report", "io"]),
    ("batch", &["text", "model", "lexicon", "checks", "report", "pipeline", "io", "tables"]),
    ("eval", &["text", "model", "checks"]),
    ("server", &["text", "model", "checks", "report", "pipeline", "session", "io"]),
    (
        "cli",
        &[
            "text", "model", "lexicon", "checks", "report", "pipeline", "io", "tables", "batch", "eval",
            "server",
        ],
    ),
];

/// Files that may be longer than [`LONGEST`], each with the reason.
const LONG_FILES: &[(&str, &str)] = &[];

/// Lines of a file, tests included.
const LONGEST: usize = 450;

/// Folders whose own files hold no words: what a word says is in `lexicons`.
const WORDLESS: &[&str] = &[
    "segment",
    "context",
    "relate",
    "relate/correlation",
    "relate/radiculopathy",
    "relate/procedure",
    "relate/encounter",
];

/// The Rust files under `src`, by their path from there.
fn sources() -> BTreeMap<PathBuf, String> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("src can be read") {
            let path = entry.expect("an entry can be read").path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    walk(&root, &mut paths);
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).expect("a source file is UTF-8");
        (path.strip_prefix(&root).expect("under src").to_owned(), text)
    };
    paths.into_iter().map(read).collect()
}

/// The modules of the crate that a file names in code, with the line of each.
fn imports(text: &str) -> Vec<(usize, String)> {
    let path = Regex::new(r"\bcrate::(\{|\w+)").expect("a pattern");
    let code = |line: &&str| !line.trim_start().starts_with("//");
    let lines = text.lines().enumerate().filter(|(_, line)| code(line));
    let named = lines.flat_map(|(at, line)| {
        path.captures_iter(line).map(move |found| {
            let module = if &found[1] == "Engine" { "pipeline" } else { &found[1] };
            (at + 1, module.to_owned())
        })
    });
    named.collect()
}

/// What a file imports that its layer may not.
fn trespasses(layer: &str, text: &str) -> Vec<(usize, String)> {
    let permitted = LAYERS.iter().find(|(name, _)| *name == layer).map_or(&[][..], |(_, below)| below);
    let is_permitted = |module: &str| module == layer || permitted.contains(&module);
    imports(text).into_iter().filter(|(_, module)| !is_permitted(module)).collect()
}

#[test]
fn every_row_names_only_rows_above_it() {
    for (at, (layer, below)) in LAYERS.iter().enumerate() {
        for module in *below {
            assert!(LAYERS[..at].iter().any(|(name, _)| name == module), "{layer} is above {module}");
        }
    }
}

#[test]
fn every_folder_has_its_row() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (layer, _) in LAYERS {
        assert!(root.join(layer).is_dir(), "src/{layer} is gone: take its row out");
    }
    for file in sources().keys().filter(|file| file.components().count() > 1) {
        let layer = file.iter().next().and_then(|name| name.to_str()).expect("a folder of plain letters");
        assert!(LAYERS.iter().any(|(name, _)| *name == layer), "src/{layer} has no row in tests/layers.rs");
    }
}

#[test]
fn a_module_imports_only_what_stands_before_it() {
    let mut wrong = Vec::new();
    for (file, text) in sources().iter().filter(|(file, _)| file.components().count() > 1) {
        let layer = file.iter().next().and_then(|name| name.to_str()).unwrap_or_default();
        let found = trespasses(layer, text).into_iter();
        wrong.extend(
            found.map(|(line, module)| {
                format!("src/{}:{line}: {layer} may not import {module}", file.display())
            }),
        );
    }
    let wrong = wrong.join("\n");
    assert!(wrong.is_empty(), "\n{wrong}\nmove the code, or, if the layers really changed, the table above");
}

#[test]
fn a_trespass_is_seen() {
    let text =
        "//! See [`crate::cli`].\nuse crate::text::Span;\nuse crate::Engine;\nuse crate::{model, lexicon};\n";
    let seen = |layer| trespasses(layer, text).into_iter().map(|(line, _)| line).collect::<Vec<_>>();
    assert_eq!(seen("model"), [3, 4]);
    assert_eq!(seen("text"), [3, 4]);
    // Groups are not looked into: each module is imported by a `use` of its own.
    assert_eq!(seen("batch"), [4]);
}

#[test]
fn a_file_holds_one_idea() {
    let mut long = Vec::new();
    for (file, text) in sources() {
        let lines = text.lines().count();
        let excused = LONG_FILES.iter().any(|(name, _)| Path::new(name) == file);
        if lines > LONGEST && !excused {
            long.push(format!("src/{}: {lines} lines", file.display()));
        }
        assert!(lines > LONGEST || !excused, "src/{} is short now: take it off the list", file.display());
    }
    assert!(long.is_empty(), "longer than {LONGEST} lines:\n{}", long.join("\n"));
}

/// The words that stand in the code of a file, with the line of each: letters in strings, tests and messages apart.
fn words(text: &str) -> Vec<(usize, String)> {
    let part = Regex::new(concat!(
        r#"(?s)//[^\n]*|#!?\[[^\]]*\]|'(?:[^'\\\n]|\\[^\n])'|"#,
        r#"(?:expect|include_str!)\(\s*"[^"]*"|b?"((?:[^"\\]|\\.)*)""#,
    ));
    let (part, word) = (part.expect("a pattern"), Regex::new("[a-z]{2}").expect("a pattern"));
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let strings = part.captures_iter(code).filter_map(|found| found.get(1));
    let named = strings.filter(|string| word.is_match(string.as_str()));
    named.map(|string| (code[..string.start()].lines().count(), string.as_str().to_owned())).collect()
}

#[test]
fn knowledge_is_data() {
    let mut found = Vec::new();
    for (file, text) in sources() {
        let folder = file.parent().and_then(Path::to_str).unwrap_or_default();
        if WORDLESS.contains(&folder) && !file.ends_with("tests.rs") {
            let words = words(&text).into_iter();
            found.extend(words.map(|(line, word)| format!("src/{}:{line}: {word:?}", file.display())));
        }
    }
    let found = found.join("\n");
    assert!(found.is_empty(), "\n{found}\nput the words into a lexicon, and ask for their class or sense");
}

#[test]
fn a_word_in_code_is_seen() {
    let text = r#"//! "some words"
#[allow(dead_code, reason = "some words")]
fn read(word: &[u8], mark: u8) -> bool {
    let text = FILE.expect("a file"); // "more words"
    mark == b'"' || word == b"of" || text.ends_with(" side") || text == "l" || word == b"[x]"
}
#[cfg(test)]
mod tests {
    const NOTE: &str = "some words";
}
"#;
    assert_eq!(words(text), [(5, "of".to_owned()), (5, " side".to_owned())]);
}
