//! The folder of a run: its results in parts, and what the run needs to go on.
//!
//! ```text
//! DIR/findings/part-00000.parquet …   each output, one file a part
//! DIR/rejects.jsonl, summary.json, report.html     when the run is finished
//! DIR/.foramen/manifest.json          what the results depend on, and the parts that are done
//! DIR/.foramen/part-00000.…, inputs.jsonl, lock    gone when the run is finished
//! ```

use std::fs::{File, TryLockError};
use std::io::{self, BufReader, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use tempfile::TempDir;

use crate::io::Source;

use super::inputs::{Inputs, first_change, list};
use super::manifest::{self, Bound, Manifest};
use super::part::{HASHES, Part, PartDone, REJECTS, SUMMARY, part_name, part_number};
use super::place::{sweep, sync_folder, write_whole};
use super::{AuditError, Summary, duplicates};
use crate::tables::{Output, Outputs};

/// The run's own folder.
const OWN: &str = ".foramen";

/// The page of the figures, for a person.
const PAGE: &str = "report.html";

/// What is read, while the run is not finished.
const INPUTS: &str = "inputs.jsonl";

/// Held by the process that writes.
const LOCK: &str = "lock";

/// What to do with the run that a folder may hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Begin {
    /// Refuse to touch it.
    #[default]
    New,
    /// Go on with it; begin one where there is none.
    Resume,
    /// Throw it away.
    Overwrite,
}

/// The folder of a run.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    own: PathBuf,
    manifest: Manifest,
    outputs: Option<Outputs>,
    _lock: File,
    /// Removed with all that is in it, where nobody wants the results.
    _temporary: Option<TempDir>,
}

impl Folder {
    /// Opens the folder `path`, or makes it, for a run over `source`, of which nothing is read yet, that is bound to
    /// `bound`.
    ///
    /// # Errors
    /// When it holds a run and `begin` does not say what to do with it; when it holds results of unknown origin; when
    /// another process writes to it; when its run was begun with other inputs or settings; when it cannot be read or
    /// written to.
    pub fn open(
        path: &Path,
        begin: Begin,
        outputs: Outputs,
        bound: Bound,
        source: &Source,
    ) -> Result<Self, AuditError> {
        let fail = |error| AuditError::Folder { folder: path.to_owned(), error };
        let own = path.join(OWN);
        std::fs::create_dir_all(&own).map_err(fail)?;
        let lock = lock(&own.join(LOCK)).map_err(fail)?;
        let lock = lock.ok_or_else(|| AuditError::Busy { folder: path.to_owned() })?;
        let found = Manifest::read(&own)
            .map_err(|error| AuditError::Manifest { file: own.join(manifest::FILE), error })?;
        let mut folder = Self {
            path: path.to_owned(),
            own,
            manifest: Manifest::new(bound, Inputs::default()),
            outputs: Some(outputs),
            _lock: lock,
            _temporary: None,
        };
        match (begin, found) {
            (Begin::New, Some(run)) if run.finished => {
                return Err(AuditError::Finished { folder: folder.path });
            }
            (Begin::New, Some(_)) => return Err(AuditError::Unfinished { folder: folder.path }),
            (Begin::Resume, Some(run)) => folder.resume(run, source)?,
            (Begin::Overwrite, Some(_)) => {
                folder.clear().and_then(|()| folder.begin(source)).map_err(fail)?;
            }
            (_, None) => {
                folder.refuse_foreign()?;
                folder.begin(source).map_err(fail)?;
            }
        }
        Ok(folder)
    }

    /// A folder for a run of which only the summary is wanted.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn temporary(bound: Bound, source: &Source) -> Result<Self, AuditError> {
        let begin = || {
            let temporary = tempfile::tempdir()?;
            let own = temporary.path().join(OWN);
            std::fs::create_dir(&own)?;
            let mut folder = Self {
                path: temporary.path().to_owned(),
                _lock: File::create(own.join(LOCK))?,
                own,
                manifest: Manifest::new(bound, Inputs::default()),
                outputs: None,
                _temporary: Some(temporary),
            };
            folder.begin(source)?;
            Ok(folder)
        };
        begin().map_err(|error| AuditError::Folder { folder: std::env::temp_dir(), error })
    }

    /// Whether the run is finished: nothing is left to do.
    pub const fn is_finished(&self) -> bool {
        self.manifest.finished
    }

    /// Parts that are done.
    pub const fn parts(&self) -> usize {
        self.manifest.parts.len()
    }

    /// Bytes of all files that are read, as they stand on the disk.
    pub const fn input_bytes(&self) -> u64 {
        self.manifest.inputs.bytes
    }

    /// Records that could not be read, in the parts that are done.
    pub fn rejects(&self) -> u64 {
        self.manifest.parts.iter().map(|part| part.rejects).sum()
    }

    /// The rows that are written; `None` where none are.
    pub(super) const fn outputs(&self) -> Option<&Outputs> {
        self.outputs.as_ref()
    }

    /// What the run is bound to.
    pub(super) const fn bound(&self) -> &Bound {
        &self.manifest.bound
    }

    /// The parts that are done, in the order of the input.
    pub(super) fn done(&self) -> &[PartDone] {
        &self.manifest.parts
    }

    /// Begins the next part.
    pub(super) fn next_part(&self) -> io::Result<Part> {
        Part::create(&self.path, &self.own, self.manifest.parts.len(), self.outputs())
    }

    /// Enters a part as done.
    pub(super) fn enter(&mut self, part: Part) -> io::Result<()> {
        let done = part.finish()?;
        self.manifest.parts.push(done);
        self.manifest.write(&self.own)
    }

    /// Makes the results complete: what could not be read, the figures of all parts, in which `skipped_files` are
    /// counted too, and their page, which `page` writes. Gives the figures.
    pub(super) fn finish(
        &mut self,
        skipped_files: u64,
        page: impl FnOnce(&Summary, &mut dyn Write) -> io::Result<()>,
    ) -> io::Result<Summary> {
        write_whole(&self.path, REJECTS, |file| {
            self.own_files(REJECTS).try_for_each(|part| io::copy(&mut File::open(part)?, file).map(drop))
        })?;
        let mut summary = Summary { skipped_files, ..Summary::default() };
        for part in self.own_files(SUMMARY) {
            summary.merge(serde_json::from_reader(BufReader::new(File::open(part)?))?);
        }
        let hashes: Vec<_> = self.own_files(HASHES).collect();
        let repeats = duplicates::count(&hashes)?;
        (summary.duplicate_ids, summary.duplicate_texts) = (repeats.ids, repeats.texts);
        write_whole(&self.path, SUMMARY, |file| {
            let object = SummaryJson {
                schema: "foramen.summary/1",
                version: env!("CARGO_PKG_VERSION"),
                summary: &summary,
            };
            serde_json::to_writer_pretty(&mut *file, &object)?;
            file.write_all(b"\n")
        })?;
        write_whole(&self.path, PAGE, |file| page(&summary, file))?;
        sync_folder(&self.path)?;
        self.manifest.finished = true;
        self.manifest.write(&self.own)?;
        self.tidy()?;
        Ok(summary)
    }

    /// The files of one kind that the parts left, in the order of the parts.
    fn own_files(&self, ending: &'static str) -> impl Iterator<Item = PathBuf> {
        (0..self.manifest.parts.len()).map(move |number| self.own.join(part_name(number, ending)))
    }

    /// Begins a run.
    fn begin(&mut self, source: &Source) -> io::Result<()> {
        let mut listed = Inputs::default();
        write_whole(&self.own, INPUTS, |file| {
            listed = list(source.files(), file)?;
            Ok(())
        })?;
        self.manifest.inputs = listed;
        self.manifest.write(&self.own)
    }

    /// Goes on with a run, if it was begun with the same inputs and settings.
    fn resume(&mut self, run: Manifest, source: &Source) -> Result<(), AuditError> {
        let fail = |error| AuditError::Folder { folder: self.path.clone(), error };
        let mut changes = run.changes(&self.manifest.bound);
        if list(source.files(), &mut io::sink()).map_err(fail)? != run.inputs {
            let change = match File::open(self.own.join(INPUTS)) {
                Ok(list) => first_change(source.files(), BufReader::new(list)).map_err(fail)?,
                Err(_) => None,
            };
            changes.push(format!("the inputs: {}", change.as_deref().unwrap_or("a file was changed")));
        }
        if !changes.is_empty() {
            return Err(AuditError::Changed { folder: self.path.clone(), changes: changes.join("; ") });
        }
        self.manifest = run;
        let done = self.parts();
        let is_stale = |name: &str| part_number(name).is_some_and(|number| number >= done);
        let swept = sweep(&self.path, |_| false).and_then(|()| {
            if self.is_finished() {
                self.tidy()?;
            } else {
                sweep(&self.own, is_stale)?;
            }
            Output::ALL.iter().try_for_each(|output| sweep(&self.path.join(output.name()), is_stale))
        });
        swept.map_err(fail)?;
        self.missing().map_or(Ok(()), |file| Err(AuditError::Missing { file }))
    }

    /// A file of a part that is done, where somebody took it away.
    fn missing(&self) -> Option<PathBuf> {
        let parts = |outputs: &Outputs, output: Output| {
            let (folder, ending) = (self.path.join(output.name()), outputs.ending(output));
            (0..self.parts()).map(move |number| folder.join(part_name(number, ending)))
        };
        let outputs = self.outputs()?;
        outputs.all().flat_map(|output| parts(outputs, output)).find(|file| !file.exists())
    }

    /// Throws the run away. The manifest goes last: without it nobody would know whose the results are.
    fn clear(&self) -> io::Result<()> {
        sweep(&self.path, |name| [REJECTS, SUMMARY, PAGE].contains(&name))?;
        for output in Output::ALL {
            sweep(&self.path.join(output.name()), |name| part_number(name).is_some())?;
        }
        sweep(&self.own, |name| ![LOCK, manifest::FILE].contains(&name))?;
        sweep(&self.own, |name| name == manifest::FILE)
    }

    /// Removes what only a run that is not finished needs.
    fn tidy(&self) -> io::Result<()> {
        sweep(&self.own, |name| name != manifest::FILE)
    }

    /// Results of which no manifest tells are nobody's to mix with.
    fn refuse_foreign(&self) -> Result<(), AuditError> {
        let has_parts = |folder: &PathBuf| {
            let mut entries = folder.read_dir().into_iter().flatten().flatten();
            entries.any(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()))
        };
        let foreign = Output::ALL.iter().map(|output| self.path.join(output.name())).find(has_parts);
        foreign.map_or(Ok(()), |folder| Err(AuditError::Foreign { folder }))
    }
}

#[derive(Serialize)]
struct SummaryJson<'s> {
    schema: &'static str,
    version: &'static str,
    #[serde(flatten)]
    summary: &'s Summary,
}

/// Locks a file until it is closed; `None` where another process has.
fn lock(path: &Path) -> io::Result<Option<File>> {
    let file = File::options().create(true).append(true).open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}
