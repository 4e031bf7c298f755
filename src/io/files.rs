//! The files that inputs name, and how much of them was read.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts the bytes that are read, as they stand on the disk. Its clones count together.
#[derive(Clone, Debug, Default)]
pub struct Meter(Arc<AtomicU64>);

impl Meter {
    /// Bytes that were read so far.
    pub fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Counts bytes.
    pub(super) fn add(&self, bytes: u64) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }
}

/// A reader whose bytes are counted.
pub(super) struct Metered<R> {
    pub(super) reader: R,
    pub(super) meter: Meter,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.meter.add(read as u64);
        Ok(read)
    }
}

/// The files that `inputs` name, in the order in which [`Source`] reads them; of a folder also those that it passes
/// over for their ending. What cannot be looked at is left out: [`Source`] tells of it.
///
/// [`Source`]: super::Source
pub(super) fn files(inputs: &[PathBuf]) -> impl Iterator<Item = PathBuf> {
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
