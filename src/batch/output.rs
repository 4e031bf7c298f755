//! The folder that a run writes: every file beside its place until the run is done, then renamed.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use tempfile::NamedTempFile;

use crate::checks::Rules;
use crate::io::{Note, Reject};
use crate::model::Audit;

use super::facts::audit_line;
use super::table::{Table, TableFormat};
use super::tables::{self, FINDINGS, FLAGS, GAPS, NOTES, PROCEDURES, Style};
use super::{RunFacts, Summary, write_page};

/// The rows of some notes, as bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    audits: Vec<u8>,
    notes: Vec<u8>,
    findings: Vec<u8>,
    procedures: Vec<u8>,
    gaps: Vec<u8>,
    flags: Vec<u8>,
}

impl Rows {
    /// Adds a note.
    pub fn add(&mut self, style: Style, rules: &Rules, note: &Note<'_>, audit: &Audit) {
        audit_line(&mut self.audits, rules, note, audit, style.text);
        // Writing to memory cannot fail.
        let _ = tables::note(&mut self.notes, style, note, audit);
        let _ = tables::findings(&mut self.findings, style, note, audit);
        let _ = tables::procedures(&mut self.procedures, style, note, audit);
        let _ = tables::gaps(&mut self.gaps, style, rules, note, audit);
        let _ = tables::flags(&mut self.flags, style, note, audit);
    }
}

/// The files of a run.
#[derive(Debug)]
pub struct OutputFolder {
    audits: Pending,
    notes: Pending,
    findings: Pending,
    procedures: Pending,
    gaps: Pending,
    flags: Pending,
    rejects: Pending,
    report: Pending,
    summary: Pending,
}

impl OutputFolder {
    /// Makes the folder where there is none, and begins its files.
    ///
    /// # Errors
    /// When the folder cannot be made or written to.
    pub fn create(folder: &Path, format: TableFormat) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        Ok(Self {
            audits: Pending::create(folder, "audits.jsonl")?,
            notes: Pending::table(folder, &NOTES, format)?,
            findings: Pending::table(folder, &FINDINGS, format)?,
            procedures: Pending::table(folder, &PROCEDURES, format)?,
            gaps: Pending::table(folder, &GAPS, format)?,
            flags: Pending::table(folder, &FLAGS, format)?,
            rejects: Pending::create(folder, "rejects.jsonl")?,
            report: Pending::create(folder, "report.html")?,
            summary: Pending::create(folder, "summary.json")?,
        })
    }

    /// Adds rows.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn write(&mut self, rows: &Rows, rejects: &[Reject]) -> io::Result<()> {
        self.audits.file.write_all(&rows.audits)?;
        self.notes.file.write_all(&rows.notes)?;
        self.findings.file.write_all(&rows.findings)?;
        self.procedures.file.write_all(&rows.procedures)?;
        self.gaps.file.write_all(&rows.gaps)?;
        self.flags.file.write_all(&rows.flags)?;
        for reject in rejects {
            serde_json::to_writer(&mut self.rejects.file, reject)?;
            self.rejects.file.write_all(b"\n")?;
        }
        Ok(())
    }

    /// Writes summary and page, and puts all files in their places, `summary.json` last: where it is new, all are.
    ///
    /// # Errors
    /// When a file cannot be written or renamed.
    pub fn finish(mut self, summary: &Summary, rules: &Rules, facts: &RunFacts) -> io::Result<()> {
        write_page(summary, rules, facts, &mut self.report.file)?;
        let object = SummaryJson { schema: "foramen.summary/1", version: env!("CARGO_PKG_VERSION"), summary };
        serde_json::to_writer_pretty(&mut self.summary.file, &object)?;
        self.summary.file.write_all(b"\n")?;
        let files = [
            self.audits,
            self.notes,
            self.findings,
            self.procedures,
            self.gaps,
            self.flags,
            self.rejects,
            self.report,
            self.summary,
        ];
        files.into_iter().try_for_each(Pending::finish)
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
    file: BufWriter<NamedTempFile<File>>,
}

impl Pending {
    fn create(folder: &Path, name: &str) -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        // Hidden, so that a walk over the folder passes it over.
        let prefix = format!(".{name}.");
        builder.prefix(&prefix).suffix(".part");
        #[cfg(unix)]
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o666);
        // As any new file: the user's mask decides who may read it.
        #[cfg(unix)]
        builder.permissions(mode);
        let file = builder.tempfile_in(folder)?;
        Ok(Self { place: folder.join(name), file: BufWriter::with_capacity(128 << 10, file) })
    }

    fn table<const N: usize>(folder: &Path, table: &Table<N>, format: TableFormat) -> io::Result<Self> {
        let mut pending = Self::create(folder, &format!("{}.{}", table.name, format.ending()))?;
        table.header(&mut pending.file, format)?;
        Ok(pending)
    }

    fn finish(self) -> io::Result<()> {
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        file.persist(self.place)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let output = OutputFolder::create(&out, TableFormat::Csv).unwrap();
        assert!(!out.join("summary.json").exists() && names(&out).iter().all(|name| name.contains(".part")));
        let rules = Rules::embedded().unwrap();
        output.finish(&Summary::default(), &rules, &RunFacts::default()).unwrap();
        let expected = [
            "audits.jsonl",
            "findings.csv",
            "flags.csv",
            "gaps.csv",
            "notes.csv",
            "procedures.csv",
            "rejects.jsonl",
            "report.html",
            "summary.json",
        ];
        assert_eq!(names(&out), expected);
        let header = std::fs::read_to_string(out.join("gaps.csv")).unwrap();
        assert_eq!(header.trim_end(), GAPS.columns.join(","));
    }

    #[test]
    fn a_run_that_ends_early_leaves_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("summary.json"), "old").unwrap();
        drop(OutputFolder::create(folder.path(), TableFormat::Jsonl).unwrap());
        assert_eq!(names(folder.path()), ["summary.json"]);
        assert_eq!(std::fs::read_to_string(folder.path().join("summary.json")).unwrap(), "old");
    }
}
