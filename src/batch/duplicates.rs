//! How many notes have an id, or a text, that an earlier note had: counted over files, in bounded memory.
//!
//! Each part keeps a file of the hashes of its notes, in the order of the hashes and each once, 16 bytes a note. At
//! the end of the run the hashes are gone through range by range: each file is read once from front to back, a slice
//! of it for each range, and only the hashes of one range are in memory. Two ids or texts that are not the same have
//! the same hash once in some 2^64 pairs: among a hundred million notes, one false count in three thousand runs.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use super::hash::Hashes;

/// Hashes that are in memory at a time, somewhat more by chance: 16 MiB.
const RANGE: u64 = 2 << 20;

/// Bytes of a number in a file.
const WORD: u64 = 8;

/// Numbers at the start of a file: notes, hashes of ids; notes with a text, hashes of texts.
const HEADER: u64 = 4;

/// Notes that repeat what an earlier note had.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Repeats {
    /// Its id.
    pub(super) ids: u64,
    /// Its text, of those that have a word.
    pub(super) texts: u64,
}

/// Writes the hashes of a part.
pub(super) fn write(out: &mut impl Write, hashes: Hashes) -> io::Result<()> {
    let columns = [hashes.ids, hashes.texts].map(|mut column| {
        let notes = column.len() as u64;
        column.sort_unstable();
        column.dedup();
        (notes, column)
    });
    for (notes, column) in &columns {
        for word in [*notes, column.len() as u64] {
            out.write_all(&word.to_le_bytes())?;
        }
    }
    for word in columns.iter().flat_map(|(_, column)| column) {
        out.write_all(&word.to_le_bytes())?;
    }
    Ok(())
}

/// Counts over the files of all parts.
pub(super) fn count(files: &[PathBuf]) -> io::Result<Repeats> {
    count_by(files, RANGE)
}

/// Counts with so many hashes in memory at a time.
fn count_by(files: &[PathBuf], range: u64) -> io::Result<Repeats> {
    let (mut ids, mut texts) = (Column::default(), Column::default());
    for path in files {
        let mut file = File::open(path)?;
        let [id_notes, id_hashes, text_notes, text_hashes] = [(); HEADER as usize].map(|()| word(&mut file));
        let (id_hashes, text_hashes) = (id_hashes?, text_hashes?);
        ids.add(id_notes?, HEADER, id_hashes);
        texts.add(text_notes?, HEADER + id_hashes, text_hashes);
    }
    Ok(Repeats { ids: ids.repeats(files, range)?, texts: texts.repeats(files, range)? })
}

/// The hashes of ids, or of texts, of all files.
#[derive(Default)]
struct Column {
    notes: u64,
    hashes: u64,
    /// What is left of each file, in numbers from its start.
    left: Vec<std::ops::Range<u64>>,
}

impl Column {
    fn add(&mut self, notes: u64, start: u64, hashes: u64) {
        self.notes += notes;
        self.hashes += hashes;
        self.left.push(start..start + hashes);
    }

    /// How many notes have a hash that an earlier note has.
    fn repeats(mut self, files: &[PathBuf], range: u64) -> io::Result<u64> {
        let ranges = self.hashes.div_ceil(range).max(1);
        let (mut distinct, mut hashes) = (0, Vec::new());
        for number in 1..=ranges {
            let last = u64::MAX / ranges * number;
            let last = if number == ranges { u64::MAX } else { last };
            for (path, left) in files.iter().zip(&mut self.left) {
                read_up_to(path, left, last, &mut hashes)?;
            }
            hashes.sort_unstable();
            hashes.dedup();
            distinct += hashes.len() as u64;
            hashes.clear();
        }
        Ok(self.notes.saturating_sub(distinct))
    }
}

/// Adds the hashes of a file that are not beyond `last`, from where it was left.
fn read_up_to(
    path: &PathBuf,
    left: &mut std::ops::Range<u64>,
    last: u64,
    hashes: &mut Vec<u64>,
) -> io::Result<()> {
    if left.is_empty() {
        return Ok(());
    }
    let mut file = BufReader::with_capacity(64 << 10, File::open(path)?);
    file.seek(SeekFrom::Start(left.start * WORD))?;
    while !left.is_empty() {
        let hash = word(&mut file)?;
        if hash > last {
            break;
        }
        hashes.push(hash);
        left.start += 1;
    }
    Ok(())
}

fn word(file: &mut impl Read) -> io::Result<u64> {
    let mut bytes = [0; WORD as usize];
    file.read_exact(&mut bytes)?;
    Ok(u64::from_le_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn repeats_are_those_of_a_set_in_memory() {
        let folder = tempfile::tempdir().unwrap();
        let (mut files, mut ids, mut texts) = (Vec::new(), HashSet::new(), HashSet::new());
        let (mut expected, mut notes) = (Repeats::default(), 0_u64);
        for part in 0..7 {
            let mut hashes = Hashes::default();
            for _ in 0..part * 40 {
                let (id, text) = (format!("n{}", notes * notes % 97), format!("text {}", notes % 61 * part));
                expected.ids += u64::from(!ids.insert(id.clone()));
                expected.texts += u64::from(!texts.insert(text.clone()));
                hashes.add(&id, &text);
                notes += 1;
            }
            let path = folder.path().join(part.to_string());
            write(&mut File::create(&path).unwrap(), hashes).unwrap();
            files.push(path);
        }
        assert!(expected.ids > 0 && expected.texts > 0 && expected.ids != expected.texts);
        for range in [1, 3, 50, RANGE] {
            assert_eq!(count_by(&files, range).unwrap(), expected, "ranges of {range}");
        }
        assert_eq!(count(&[]).unwrap(), Repeats::default());
    }

    #[test]
    fn a_file_that_is_cut_short_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hashes");
        let mut bytes = Vec::new();
        let mut hashes = Hashes::default();
        hashes.add("a", "b");
        write(&mut bytes, hashes).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
        assert_eq!(count(&[path]).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    }
}
