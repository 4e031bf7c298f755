//! Files that come to their places whole: written beside, synced, renamed.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

/// The beginning of the name of a file that is not in its place yet. Hidden, so that a walk passes it over.
const BESIDE: &str = ".beside-";

/// A file beside its place; gone if it is not put there.
#[derive(Debug)]
pub(super) struct Pending {
    place: PathBuf,
    path: TempPath,
}

impl Pending {
    /// Begins the file of a name in a folder.
    pub(super) fn create(folder: &Path, name: &str) -> io::Result<(Self, File)> {
        let mut builder = tempfile::Builder::new();
        let prefix = format!("{BESIDE}{name}.");
        builder.prefix(&prefix);
        #[cfg(unix)]
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o666);
        // As any new file: the user's mask decides who may read it.
        #[cfg(unix)]
        builder.permissions(mode);
        let (file, path) = builder.tempfile_in(folder).map(NamedTempFile::into_parts)?;
        Ok((Self { place: folder.join(name), path }, file))
    }

    /// Puts the file into its place, where it outlasts a power cut once its folder is synced too.
    pub(super) fn finish(self, file: &File) -> io::Result<()> {
        file.sync_all()?;
        Ok(self.path.persist(self.place)?)
    }
}

/// Writes a file whole, or leaves the one that was there. It outlasts a power cut once its folder is synced too.
pub(super) fn write_whole(
    folder: &Path,
    name: &str,
    write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> io::Result<()> {
    let (pending, file) = Pending::create(folder, name)?;
    let mut file = BufWriter::with_capacity(128 << 10, file);
    write(&mut file)?;
    file.flush()?;
    pending.finish(file.get_ref())
}

/// Syncs the names in a folder, so that they outlast a power cut.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    // Elsewhere a folder cannot be opened, and the system syncs names by itself.
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// Removes the files of a folder that `is_stale` names, and those that never came to their places. A folder that is
/// not there has none.
pub(super) fn sweep(folder: &Path, is_stale: impl Fn(&str) -> bool) -> io::Result<()> {
    let entries = match folder.read_dir() {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let is_ours = name.to_str().is_some_and(|name| name.starts_with(BESIDE) || is_stale(name));
        if is_ours && entry.file_type()?.is_file() {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = folder.read_dir().unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_that_is_not_finished_leaves_the_one_that_was_there() {
        let folder = tempfile::tempdir().unwrap();
        write_whole(folder.path(), "a", |file| file.write_all(b"old")).unwrap();
        let full = |file: &mut BufWriter<File>| {
            file.write_all(b"ne")?;
            Err(io::ErrorKind::StorageFull.into())
        };
        let failed = write_whole(folder.path(), "a", full);
        assert_eq!(failed.unwrap_err().kind(), io::ErrorKind::StorageFull);
        assert_eq!(std::fs::read(folder.path().join("a")).unwrap(), b"old");
        assert_eq!(names(folder.path()), ["a"]);
    }

    #[test]
    fn only_what_is_ours_is_swept() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["part-00000.csv", "part-00001.csv", "mine.csv", ".beside-part-00001.csv.x"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        std::fs::create_dir(folder.path().join("part-00002")).unwrap();
        sweep(folder.path(), |name| name.starts_with("part-") && !name.starts_with("part-00000")).unwrap();
        assert_eq!(names(folder.path()), ["mine.csv", "part-00000.csv", "part-00002"]);
        sweep(&folder.path().join("none"), |_| true).unwrap();
    }
}
