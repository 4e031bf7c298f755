//! A part of a run: a fixed slice of the input, its results in files of their own.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::file::OutputFile;
use super::hash::{Hashes, hash};
use super::place::{Pending, sync_folder, write_whole};
use super::rows::Chunks;
use super::run::Audited;
use super::{Summary, duplicates};
use crate::tables::{Output, Outputs};

/// When a part is full: with the first piece of the input that brings it to so many records or bytes. So parts do not
/// depend on threads or time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartSize {
    /// Records, those that cannot be read among them.
    pub records: u64,
    /// Bytes of records, undecoded.
    pub bytes: u64,
}

impl Default for PartSize {
    /// 262,144 records or 128 MiB.
    fn default() -> Self {
        Self { records: 1 << 18, bytes: 128 << 20 }
    }
}

/// A part that is done, in the manifest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PartDone {
    /// Records of the input that it has.
    pub(super) records: u64,
    /// Their bytes.
    pub(super) bytes: u64,
    /// What of them could not be read.
    pub(super) rejects: u64,
    /// A hash of the records, by which they are known when they are read again.
    pub(super) fingerprint: String,
}

/// The hash of a part, piece by piece.
pub(super) fn add_print(print: u64, piece: u64) -> u64 {
    hash(print, &piece.to_le_bytes())
}

/// The name of a part's file.
pub(super) fn part_name(number: usize, ending: &str) -> String {
    format!("part-{number:05}.{ending}")
}

/// The number of the part that a file belongs to; `None` for any other file.
pub(super) fn part_number(name: &str) -> Option<usize> {
    let digits = name.strip_prefix("part-")?.split_once('.')?.0;
    (digits.len() >= 5).then(|| digits.parse().ok()).flatten()
}

/// What a part leaves in the run's own folder until the run is finished.
pub(super) const SUMMARY: &str = "summary.json";
pub(super) const REJECTS: &str = "rejects.jsonl";
pub(super) const HASHES: &str = "hashes";

/// A part that is being written, beside its place.
pub(super) struct Part {
    number: usize,
    own: PathBuf,
    outputs: Vec<(PathBuf, Pending, OutputFile)>,
    rejects: (Pending, BufWriter<File>),
    summary: Summary,
    hashes: Hashes,
    print: u64,
    done: PartDone,
}

impl Part {
    /// Begins the part of a number in the folder of a run; `own` is the run's own folder.
    pub(super) fn create(
        folder: &Path,
        own: &Path,
        number: usize,
        outputs: Option<&Outputs>,
    ) -> io::Result<Self> {
        let begin = |(outputs, output): (&Outputs, Output)| {
            let folder = folder.join(output.name());
            std::fs::create_dir_all(&folder)?;
            let name = part_name(number, outputs.ending(output));
            let (pending, file) = Pending::create(&folder, &name)?;
            Ok((folder, pending, OutputFile::create(file, output, outputs)?))
        };
        let files =
            outputs.into_iter().flat_map(|outputs| outputs.all().map(move |output| (outputs, output)));
        let (pending, rejects) = Pending::create(own, &part_name(number, REJECTS))?;
        Ok(Self {
            number,
            own: own.to_owned(),
            outputs: files.map(begin).collect::<io::Result<_>>()?,
            rejects: (pending, BufWriter::new(rejects)),
            summary: Summary::default(),
            hashes: Hashes::default(),
            print: 0,
            done: PartDone::default(),
        })
    }

    /// Adds what some records gave.
    pub(super) fn add(&mut self, chunks: Option<&Chunks>, audited: Audited) -> io::Result<()> {
        if let Some(chunks) = chunks {
            self.outputs.iter_mut().try_for_each(|(_, _, file)| file.write(chunks))?;
        }
        for reject in &audited.rejects {
            serde_json::to_writer(&mut self.rejects.1, reject)?;
            self.rejects.1.write_all(b"\n")?;
        }
        self.done.records += audited.records;
        self.done.bytes += audited.read;
        self.done.rejects += audited.rejects.len() as u64;
        self.print = add_print(self.print, audited.fingerprint);
        self.hashes.append(audited.hashes);
        self.summary.merge(audited.summary);
        Ok(())
    }

    /// Whether it takes no more.
    pub(super) const fn is_full(&self, size: PartSize) -> bool {
        self.done.records >= size.records || self.done.bytes >= size.bytes
    }

    /// Puts its files in their places, where they outlast a power cut.
    pub(super) fn finish(mut self) -> io::Result<PartDone> {
        for (folder, pending, file) in self.outputs {
            pending.finish(&file.finish()?)?;
            sync_folder(&folder)?;
        }
        let (pending, mut rejects) = self.rejects;
        rejects.flush()?;
        pending.finish(rejects.get_ref())?;
        write_whole(&self.own, &part_name(self.number, HASHES), |file| duplicates::write(file, self.hashes))?;
        write_whole(&self.own, &part_name(self.number, SUMMARY), |file| {
            Ok(serde_json::to_writer(file, &self.summary)?)
        })?;
        sync_folder(&self.own)?;
        self.done.fingerprint = format!("{:016x}", self.print);
        Ok(self.done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        for number in [0, 7, 99_999, 1_234_567] {
            assert_eq!(part_number(&part_name(number, "csv")), Some(number));
        }
        for name in ["part-1.csv", "part-00001", "part-0000x.csv", "apart-00001.csv"] {
            assert_eq!(part_number(name), None, "{name}");
        }
    }
}
