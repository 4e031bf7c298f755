//! Files, folders and standard input as one stream of records, in the order in which they were named.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::iter;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::compress::{BUFFER, Packing, unpack};
use super::decode::{UTF8_BOM, binary_kind};
use super::files::{Meter, Metered, files, walk};
use super::format::{Ending, detect, ending, stem};
use super::lines::Lines;
use super::markup::rtf;
use super::peek::{Peeked, Reader};
use super::record::{Layout, MAX_RECORD};
use super::{Columns, Format, Place, Reason, Record, Reject, delimited, fhir, hl7, parquet};

/// An input cannot be used at all.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// There is no such file or folder, or it may not be looked at.
    #[error("{path}: {error}; check its name, and whether you may read it")]
    Missing {
        /// As it was named.
        path: String,
        /// What the system says.
        error: io::Error,
    },
    /// The pattern is none.
    #[error(
        "{path}: {error}; in a pattern [[] stands for a bracket, [*] for a star, [?] for a question mark"
    )]
    Pattern {
        /// As it was named.
        path: String,
        /// What is wrong with it.
        error: glob::PatternError,
    },
    /// No file has a name of this pattern.
    #[error("{0}: no file has such a name; check the pattern, or name the folder")]
    NoMatch(String),
    /// The file's ending names a format that is not read.
    #[error(
        "{path}: .{ending} files are not read; convert it to CSV, Parquet, JSON Lines (.jsonl) or text (.txt)"
    )]
    Format {
        /// As it was named.
        path: String,
        /// The ending of its name.
        ending: String,
    },
}

/// How inputs are read.
///
/// ```
/// use foramen::io::{Column, Columns, Format, Reading};
/// let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("export.dat");
/// std::fs::write(&path, "id;report\n7;\"MRI; lumbar\"\n").unwrap();
/// let columns = Columns::default().with(Column::Id, "id").with(Column::Text, "report");
/// let mut source = Reading { format: Some(Format::Csv), columns }.open(vec![path]).unwrap();
/// let record = source.next().unwrap().unwrap();
/// let note = record.notes().remove(0).unwrap();
/// assert_eq!((&*note.id, &*note.text), ("7", "MRI; lumbar"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// What all inputs are; by their names and first bytes where it is `None`.
    pub format: Option<Format>,
    /// Which columns or fields hold what.
    pub columns: Columns,
}

impl Reading {
    /// A source of all `inputs`: files, folders, patterns such as `notes/**/*.csv.gz`; `-` is standard input.
    ///
    /// # Errors
    /// When an input does not exist or has a format that is not read: nothing is read then.
    pub fn open(self, inputs: Vec<PathBuf>) -> Result<Source, InputError> {
        let mut files = Vec::new();
        for input in inputs {
            files.append(&mut named(input)?);
        }
        for input in files.iter().filter(|input| !is_stdin(input)) {
            let path = || input.display().to_string();
            let found = input.metadata().map_err(|error| InputError::Missing { path: path(), error })?;
            if found.is_file() && self.format.is_none() && Ending::of(input) == Ending::Unread {
                return Err(InputError::Format { path: path(), ending: ending(input) });
            }
        }
        Ok(Source {
            format: self.format,
            columns: self.columns.into(),
            inputs: files.into_iter(),
            walk: None,
            records: Box::new(iter::empty()),
            skipped: 0,
            meter: Meter::default(),
        })
    }
}

/// The files of an input: itself where it exists, else those whose names it is a pattern of, in their order.
fn named(input: PathBuf) -> Result<Vec<PathBuf>, InputError> {
    let path = input.to_string_lossy().into_owned();
    if !path.contains(['*', '?', '[']) || input.exists() {
        return Ok(vec![input]);
    }
    let found = glob::glob(&path).map_err(|error| InputError::Pattern { path: path.clone(), error })?;
    let files: Result<Vec<PathBuf>, _> = found.collect();
    match files {
        Ok(files) if files.is_empty() => Err(InputError::NoMatch(path)),
        Ok(files) => Ok(files),
        Err(error) => {
            let path = error.path().display().to_string();
            Err(InputError::Missing { path, error: error.into() })
        }
    }
}

/// The records of one input.
type Records = Box<dyn Iterator<Item = Result<Record, Reject>> + Send>;

/// A stream of records.
///
/// A folder is walked with all that is in it, in the order of names; files whose ending names no format that is read
/// are counted ([`Source::skipped`]) unless [`Reading::format`] is given, hidden ones passed over. `-` is standard
/// input. What an input holds is told by the ending of its name, else by its first bytes: Parquet, JSON Lines, FHIR, HL7,
/// C-CDA, HTML, a table whose header names the column of the note, else one note. Gzip and zstd are unpacked wherever they are found.
pub struct Source {
    format: Option<Format>,
    columns: Arc<Columns>,
    inputs: std::vec::IntoIter<PathBuf>,
    walk: Option<(PathBuf, ignore::Walk)>,
    records: Records,
    skipped: u64,
    meter: Meter,
}

impl Source {
    /// A source of all `inputs`, each of the format that it seems to be, with columns of the usual names.
    ///
    /// # Errors
    /// As [`Reading::open`].
    pub fn open(inputs: Vec<PathBuf>) -> Result<Self, InputError> {
        Reading::default().open(inputs)
    }

    /// How many files in folders were passed over so far for their ending.
    pub const fn skipped(&self) -> u64 {
        self.skipped
    }

    /// Tells how many bytes of the inputs were read, as they stand on the disk, while they are read.
    pub fn meter(&self) -> Meter {
        self.meter.clone()
    }

    /// The files that are yet to be read, in their order; of a folder also those that are passed over for their
    /// ending. What cannot be looked at is left out.
    ///
    /// ```
    /// use foramen::io::Source;
    /// let folder = tempfile::tempdir().unwrap();
    /// std::fs::write(folder.path().join("b.txt"), "").unwrap();
    /// std::fs::write(folder.path().join("a.txt"), "").unwrap();
    /// let source = Source::open(vec![folder.path().into(), "-".into()]).unwrap();
    /// let files: Vec<_> = source.files().collect();
    /// assert_eq!(files, [folder.path().join("a.txt"), folder.path().join("b.txt"), "-".into()]);
    /// ```
    pub fn files(&self) -> impl Iterator<Item = PathBuf> {
        files(self.inputs.as_slice())
    }

    /// Begins with an input.
    fn begin(&mut self, input: PathBuf) {
        if is_stdin(&input) {
            let reader = Box::new(BufReader::with_capacity(BUFFER, self.metered(io::stdin())));
            self.records = self.read(reader, None, "-".into(), "stdin".into());
        } else if input.is_dir() {
            let walk = walk(&input);
            self.walk = Some((input, walk));
        } else {
            let name = input.file_name().map_or_else(String::new, |name| stem(Path::new(name)));
            self.begin_file(&input, name);
        }
    }

    /// The next file of the folder that is being walked.
    fn walk_on(&mut self) {
        let Some((root, walk)) = self.walk.as_mut() else { return };
        match walk.next() {
            None => self.walk = None,
            Some(Err(error)) => {
                let reason = Reason::Unreadable(error.to_string());
                self.records = reject(whole(root.to_string_lossy().into()), reason);
            }
            Some(Ok(entry)) if entry.file_type().is_some_and(|kind| kind.is_dir()) => {}
            Some(Ok(entry)) => {
                let path = entry.path();
                let is_known = matches!(Ending::of(path), Ending::Of(_) | Ending::Json);
                if self.format.is_none() && !is_known {
                    self.skipped += 1;
                    return;
                }
                let name = stem(path.strip_prefix(&*root).unwrap_or(path));
                self.begin_file(path, name);
            }
        }
    }

    fn begin_file(&mut self, path: &Path, name: String) {
        let file: Arc<str> = path.to_string_lossy().into();
        self.records = match File::open(path) {
            Ok(opened) => {
                let reader = Box::new(BufReader::with_capacity(BUFFER, self.metered(opened)));
                self.read(reader, Some(path), file, name.into())
            }
            Err(error) => reject(whole(file), Reason::Unreadable(error.to_string())),
        };
    }

    fn metered<R>(&self, reader: R) -> Metered<R> {
        Metered { reader, meter: self.meter() }
    }

    /// The records of an opened input; `path` is `None` for standard input.
    fn read(&self, reader: Reader, path: Option<&Path>, file: Arc<str>, name: Arc<str>) -> Records {
        let (reader, packing) = unpack(reader);
        let ending = path.map_or(Ending::None, Ending::of);
        let format = detect(self.format, ending, reader.head(), &self.columns);
        let records = match format {
            Err(reason) => Err(reason),
            Ok(Format::Text) => Ok(one(reader, file.clone(), name, Layout::Text)),
            Ok(Format::Html) => Ok(one(reader, file.clone(), name, Layout::Html)),
            Ok(Format::Ccda) => Ok(one(reader, file.clone(), name, Layout::Ccda)),
            Ok(Format::Jsonl) => lines(reader, &file, name, Layout::JsonLine(self.columns.clone())),
            Ok(Format::Fhir) if fhir::is_on_one_line(reader.head()) => {
                lines(reader, &file, name, Layout::Fhir)
            }
            Ok(Format::Fhir) => Ok(one(reader, file.clone(), name, Layout::Fhir)),
            Ok(Format::Hl7) => messages(reader, &file, name),
            Ok(format) if reader.head().starts_with(b"PAR1") => {
                self.parquet(path, packing, format, &file, name)
            }
            Ok(format) => self.table(reader, format, &file, name),
        };
        records.unwrap_or_else(|reason| reject(whole(file), reason))
    }

    fn table(
        &self,
        reader: Peeked,
        format: Format,
        file: &Arc<str>,
        name: Arc<str>,
    ) -> Result<Records, Reason> {
        is_text(&reader, "a table")?;
        Ok(match delimited::Rows::open(reader, format, &self.columns, file.clone(), name) {
            Ok(Some(rows)) => Box::new(rows),
            Ok(None) => Box::new(iter::empty()),
            Err(reject) => Box::new(iter::once(Err(reject))),
        })
    }

    fn parquet(
        &self,
        path: Option<&Path>,
        packing: Option<Packing>,
        format: Format,
        file: &Arc<str>,
        name: Arc<str>,
    ) -> Result<Records, Reason> {
        let path = path.ok_or(Reason::StreamedParquet("on standard input"))?;
        if let Some(packing) = packing {
            return Err(Reason::StreamedParquet(packing.place()));
        }
        let opened = File::open(path).map_err(|error| Reason::Unreadable(error.to_string()))?;
        let rows = parquet::Rows::open(opened, format, &self.columns, file.clone(), name)?;
        Ok(Box::new(rows.metered(self.meter())))
    }
}

impl Iterator for Source {
    type Item = Result<Record, Reject>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(record) = self.records.next() {
                return Some(record);
            }
            self.records = Box::new(iter::empty());
            if self.walk.is_some() {
                self.walk_on();
            } else {
                let input = self.inputs.next()?;
                self.begin(input);
            }
        }
    }
}

fn lines(mut reader: Peeked, file: &Arc<str>, name: Arc<str>, layout: Layout) -> Result<Records, Reason> {
    is_text(&reader, "JSON Lines")?;
    let offset = reader.pass(UTF8_BOM);
    let place = Place { offset: Some(offset), ..whole(file.clone()) };
    Ok(Box::new(Lines::new(Box::new(reader), &place, name, layout)))
}

fn messages(reader: Peeked, file: &Arc<str>, name: Arc<str>) -> Result<Records, Reason> {
    is_text(&reader, "HL7")?;
    Ok(Box::new(hl7::Messages::new(Box::new(reader), file.clone(), name)))
}

/// A whole file as one record.
fn one(reader: Peeked, file: Arc<str>, name: Arc<str>, layout: Layout) -> Records {
    Box::new(iter::once(read_whole(reader, file, name, layout)))
}

fn read_whole(reader: Peeked, file: Arc<str>, name: Arc<str>, layout: Layout) -> Result<Record, Reject> {
    let rejected = |reason| Reject { place: whole(file.clone()), reason };
    // What is no text is not read to its end.
    let head = reader.head();
    if let Some(kind) = binary_kind(head).filter(|_| !is_wide(head) && !rtf::is_rtf(head)) {
        return Err(rejected(Reason::Binary(kind)));
    }
    let mut bytes = Vec::new();
    let read = reader.take(MAX_RECORD + 1).read_to_end(&mut bytes);
    read.map_err(|error| rejected(Reason::Unreadable(error.to_string())))?;
    if bytes.len() as u64 > MAX_RECORD {
        return Err(rejected(Reason::TooLong { limit: MAX_RECORD }));
    }
    Ok(Record { place: whole(file), name, layout, bytes })
}

/// Refuses what cannot be cut into lines.
fn is_text(reader: &Peeked, what: &'static str) -> Result<(), Reason> {
    if is_wide(reader.head()) {
        return Err(Reason::Utf16(what));
    }
    binary_kind(reader.head()).map_or(Ok(()), |kind| Err(Reason::Binary(kind)))
}

/// Whether a text begins as one in UTF-16.
fn is_wide(head: &[u8]) -> bool {
    head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff")
}

fn reject(place: Place, reason: Reason) -> Records {
    Box::new(iter::once(Err(Reject { place, reason })))
}

fn whole(file: Arc<str>) -> Place {
    Place { file, record: None, offset: Some(0) }
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(inputs: Vec<PathBuf>) -> (Vec<String>, u64) {
        let mut source = Source::open(inputs).unwrap();
        let mut ids = Vec::new();
        for item in source.by_ref() {
            ids.push(match item {
                Ok(record) => record.notes().remove(0).unwrap().id.into_owned(),
                Err(reject) => reject.reason.name().to_owned(),
            });
        }
        (ids, source.skipped())
    }

    #[test]
    fn folders_are_walked_in_the_order_of_names() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(at("sub/.git")).unwrap();
        for (name, content) in [
            ("b.txt", "x"),
            ("a.TXT", "x"),
            ("sub/c.txt", "x"),
            ("sub/d.jsonl", "{\"text\":\"x\"}\n\n{\"text\":\"x\",\"note_id\":\"n\"}\n"),
            ("sub/e.md", "x"),
            ("sub/.git/f.txt", "x"),
            (".gitignore", "*.txt"),
            ("g.ndjson", ""),
        ] {
            std::fs::write(at(name), content).unwrap();
        }
        std::fs::write(at("g.ndjson"), b"\x1f\x8b\x08\0").unwrap();
        let expected = ["a", "b", "unreadable", "sub/c", "sub/d:1", "n"].map(String::from).to_vec();
        assert_eq!(ids(vec![folder.path().into()]), (expected, 1));
        // A file that is named itself is read whatever its ending.
        assert_eq!(ids(vec![at("sub/e.md"), at("b.txt")]).0, ["e", "b"]);
    }

    #[test]
    fn inputs_that_cannot_be_used_are_told_before_any_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let table = folder.path().join("notes.XLSX");
        std::fs::write(&table, "a,b\n").unwrap();
        assert!(matches!(Source::open(vec![table]), Err(InputError::Format { .. })));
        assert!(matches!(Source::open(vec![folder.path().join("none")]), Err(InputError::Missing { .. })));
    }

    #[test]
    fn wide_lines_are_one_reject() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("w.jsonl");
        std::fs::write(&path, b"\xff\xfe{\0}\0\n\0{\0}\0").unwrap();
        assert_eq!(ids(vec![path]).0, ["utf16"]);
    }
}
