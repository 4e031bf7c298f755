//! The folder that a run writes: every file beside its place until the run is done, then renamed.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use tempfile::{NamedTempFile, TempPath};

use crate::io::Reject;
use crate::tables::{Output, Outputs};

use super::Summary;
use super::file::OutputFile;
use super::rows::Chunks;

/// The files of a run.
#[derive(Debug)]
pub struct OutputFolder {
    files: Vec<(Pending, OutputFile)>,
    rejects: (Pending, BufWriter<File>),
    summary: (Pending, BufWriter<File>),
}

impl OutputFolder {
    /// Makes the folder where there is none, and begins its files.
    ///
    /// # Errors
    /// When the folder cannot be made or written to.
    pub fn create(folder: &Path, outputs: &Outputs) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let begin = |output: Output| {
            let name = format!("{output}.{}", outputs.format(output));
            let (pending, file) = Pending::create(folder, &name)?;
            Ok((pending, OutputFile::create(file, output, outputs)?))
        };
        let lines = |name| {
            Pending::create(folder, name)
                .map(|(pending, file)| (pending, BufWriter::with_capacity(128 << 10, file)))
        };
        Ok(Self {
            files: outputs.all().map(begin).collect::<io::Result<_>>()?,
            rejects: lines("rejects.jsonl")?,
            summary: lines("summary.json")?,
        })
    }

    /// Adds rows.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn write(&mut self, chunks: &Chunks, rejects: &[Reject]) -> io::Result<()> {
        self.files.iter_mut().try_for_each(|(_, file)| file.write(chunks))?;
        for reject in rejects {
            serde_json::to_writer(&mut self.rejects.1, reject)?;
            self.rejects.1.write_all(b"\n")?;
        }
        Ok(())
    }

    /// Puts all files in their places, `summary.json` last: where it is new, all are.
    ///
    /// # Errors
    /// When a file cannot be written or renamed.
    pub fn finish(mut self, summary: &Summary) -> io::Result<()> {
        let object = SummaryJson { schema: "foramen.summary/1", version: env!("CARGO_PKG_VERSION"), summary };
        serde_json::to_writer_pretty(&mut self.summary.1, &object)?;
        self.summary.1.write_all(b"\n")?;
        self.files.into_iter().try_for_each(|(pending, file)| pending.finish(&file.finish()?))?;
        for (pending, file) in [self.rejects, self.summary] {
            pending.finish(&file.into_inner().map_err(io::IntoInnerError::into_error)?)?;
        }
        Ok(())
    }
}

#[derive(Serialize)]
struct SummaryJson<'s> {
    schema: &'static str,
    version: &'static str,
    #[serde(flatten)]
    summary: &'s Summary,
}

/// A file beside its place; gone if it is not finished.
#[derive(Debug)]
struct Pending {
    place: PathBuf,
    path: TempPath,
}

impl Pending {
    fn create(folder: &Path, name: &str) -> io::Result<(Self, File)> {
        let mut builder = tempfile::Builder::new();
        // Hidden, so that a walk over the folder passes it over.
        let prefix = format!(".{name}.");
        builder.prefix(&prefix).suffix(".part");
        #[cfg(unix)]
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o666);
        // As any new file: the user's mask decides who may read it.
        #[cfg(unix)]
        builder.permissions(mode);
        let (file, path) = builder.tempfile_in(folder).map(NamedTempFile::into_parts)?;
        Ok((Self { place: folder.join(name), path }, file))
    }

    fn finish(self, file: &File) -> io::Result<()> {
        file.sync_all()?;
        Ok(self.path.persist(self.place)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::Format;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn nothing_stands_in_its_place_before_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("a/b");
        let csv = Outputs { tables: Format::Csv, also: vec![Output::Audits], text: true };
        let output = OutputFolder::create(&out, &csv).unwrap();
        assert!(!out.join("summary.json").exists() && names(&out).iter().all(|name| name.contains(".part")));
        output.finish(&Summary::default()).unwrap();
        let expected = [
            "audits.jsonl",
            "findings.csv",
            "flags.csv",
            "gaps.csv",
            "notes.csv",
            "procedures.csv",
            "rejects.jsonl",
            "summary.json",
        ];
        assert_eq!(names(&out), expected);
        let header = std::fs::read_to_string(out.join("flags.csv")).unwrap();
        assert_eq!(header, "note_id,rule,severity,message,start,end\n");
    }

    #[test]
    fn a_run_that_ends_early_leaves_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("summary.json"), "old").unwrap();
        drop(OutputFolder::create(folder.path(), &Outputs::default()).unwrap());
        assert_eq!(names(folder.path()), ["summary.json"]);
        assert_eq!(std::fs::read_to_string(folder.path().join("summary.json")).unwrap(), "old");
    }
}
