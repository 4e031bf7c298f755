//! The README shows what the program really prints. `FORAMEN_UPDATE=1 cargo test --test readme` writes its console
//! blocks anew; the JSON object under them is laid out by hand, and compared as a value.

#![cfg(feature = "cli")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn path() -> PathBuf {
    root().join("README.md")
}

fn readme() -> String {
    std::fs::read_to_string(path()).expect("the README is there")
}

/// The contents of the fenced blocks of a language, in order.
fn blocks(language: &str) -> Vec<String> {
    let (readme, fence) = (readme(), format!("```{language}\n"));
    let parts = readme.split(&fence).skip(1);
    parts.map(|part| part.split("```").next().unwrap_or_default().to_owned()).collect()
}

/// What a shell prints for a command, with `foramen` being the one that was just built.
fn run(command: &str) -> String {
    let built = Path::new(env!("CARGO_BIN_EXE_foramen")).parent().expect("in a folder").to_owned();
    let mut paths = vec![built];
    paths.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    let output = Command::new("bash")
        .args(["-c", command])
        .current_dir(root())
        .env("PATH", std::env::join_paths(paths).expect("paths without colons"))
        .output()
        .expect("bash runs");
    String::from_utf8([output.stdout, output.stderr].concat()).expect("UTF-8")
}

/// A console block with its commands run again; a line that starts with `$ ` is a command.
fn replayed(block: &str) -> String {
    let mut out = String::new();
    for command in block.lines().filter_map(|line| line.strip_prefix("$ ")) {
        let gap = if out.is_empty() { "" } else { "\n" };
        write!(out, "{gap}$ {command}\n{}", run(command)).expect("a string takes all");
    }
    out
}

#[test]
fn console_blocks_are_what_the_program_prints() {
    let shown = blocks("console");
    assert!(!shown.is_empty(), "the README has a console block");
    let mut text = readme();
    for block in &shown {
        text = text.replace(block.as_str(), &replayed(block));
    }
    if std::env::var_os("FORAMEN_UPDATE").is_some() {
        std::fs::write(path(), &text).expect("the README can be written");
    }
    let again = "run `FORAMEN_UPDATE=1 cargo test --test readme` and read what changed";
    assert!(text == readme(), "README.md is stale: {again}");
}

#[test]
fn the_object_is_what_the_command_beside_it_prints() {
    let readme = readme();
    let command = readme
        .lines()
        .find_map(|line| line.strip_prefix("`").and_then(|line| line.strip_suffix("` prints:")))
        .expect("the README has a line that ends in \"` prints:\"");
    let shown = blocks("json").concat();
    let printed = run(command);
    let value = |json: &str| serde_json::from_str::<serde_json::Value>(json).expect("JSON");
    assert!(
        value(&shown) == value(&printed),
        "the JSON block of README.md is stale; it should say\n{printed}"
    );
}
