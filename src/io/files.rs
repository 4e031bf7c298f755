//! The files that inputs name.
//!
//! ```
//! use foramen::io::files;
//! let folder = tempfile::tempdir().unwrap();
//! std::fs::write(folder.path().join("b.txt"), "").unwrap();
//! std::fs::write(folder.path().join("a.txt"), "").unwrap();
//! let found: Vec<_> = files(&[folder.path().into(), "-".into()]).collect();
//! assert_eq!(found, [folder.path().join("a.txt"), folder.path().join("b.txt"), "-".into()]);
//! ```

use std::path::{Path, PathBuf};

/// The files that `inputs` name, in the order in which [`Source`] reads them; of a folder also those that it passes
/// over for their ending. What cannot be looked at is left out: [`Source`] tells of it.
///
/// [`Source`]: super::Source
pub fn files(inputs: &[PathBuf]) -> impl Iterator<Item = PathBuf> {
    inputs.iter().flat_map(|input| {
        let (file, folder) = if input.is_dir() { (None, Some(walk(input))) } else { (Some(input), None) };
        let entries = folder.into_iter().flatten().flatten();
        let inside = entries.filter(|entry| entry.file_type().is_some_and(|kind| !kind.is_dir()));
        file.cloned().into_iter().chain(inside.map(ignore::DirEntry::into_path))
    })
}

/// A walk over all that is in a folder and not hidden, in the order of names.
pub(super) fn walk(folder: &Path) -> ignore::Walk {
    ignore::WalkBuilder::new(folder).standard_filters(false).hidden(true).sort_by_file_name(Ord::cmp).build()
}
