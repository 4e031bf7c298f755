//! Notes that are no part of the project: in `../shared`, or where `FORAMEN_SHARED` points.

#![allow(clippy::print_stdout, reason = "what is skipped is for a person to see")]

use std::path::{Path, PathBuf};

/// The file or folder `name` of theirs; `None` where there is none, which is said.
///
/// # Panics
///
/// Panics where `FORAMEN_SHARED` is set and does not hold it: a wrong setting is no reason to skip a test.
pub(crate) fn shared(name: &str) -> Option<PathBuf> {
    place(std::env::var_os("FORAMEN_SHARED").map(PathBuf::from), name)
}

/// [`shared`], with the setting given.
pub(crate) fn place(set: Option<PathBuf>, name: &str) -> Option<PathBuf> {
    let is_set = set.is_some();
    let folder = set.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"));
    let path = folder.join(name);
    if path.exists() {
        return Some(path);
    }
    assert!(!is_set, "FORAMEN_SHARED points to a folder without {name}: {}", folder.display());
    println!("skipped: there is no {}", path.display());
    None
}
