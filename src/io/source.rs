//! Files, folders and standard input as one stream of records, in the order in which they were named.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::decode::{UTF8_BOM, binary_kind};
use super::files::walk;
use super::lines::Lines;
use super::record::{Layout, MAX_BYTES};
use super::{Place, Reason, Record, Reject};

/// Bytes that are read from a file at a time.
const BUFFER: usize = 256 << 10;

/// An input cannot be used at all.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// There is no such file or folder, or it may not be looked at.
    #[error("{path}: {error}")]
    Missing {
        /// As it was named.
        path: String,
        /// What the system says.
        error: io::Error,
    },
    /// The file's ending names a format that is not read.
    #[error("{path}: .{ending} files are not read; convert it to JSON Lines (.jsonl) or text (.txt)")]
    Format {
        /// As it was named.
        path: String,
        /// The ending of its name.
        ending: String,
    },
}

/// Endings of files that hold many notes in a way that is not read: taken for a text, a table would be
/// audited as one note.
const OTHER_FORMATS: &[&str] = &["json", "csv", "tsv", "parquet", "xml", "hl7", "gz", "zst", "zip", "xlsx"];

/// A stream of records.
///
/// A folder is walked with all that is in it, in the order of names; of its files `.txt`, `.text`, `.jsonl`
/// and `.ndjson` are read, others counted ([`Source::skipped`]), hidden ones passed over. A file that is
/// named itself is JSON Lines by its ending, else one note. `-` is standard input: JSON Lines where it starts
/// with `{`, else one note.
pub struct Source {
    inputs: std::vec::IntoIter<PathBuf>,
    walk: Option<(PathBuf, ignore::Walk)>,
    lines: Option<Lines>,
    skipped: u64,
}

impl Source {
    /// A source of all `inputs`; `-` is standard input.
    ///
    /// # Errors
    /// When an input does not exist or has a format that is not read: nothing is read then.
    pub fn open(inputs: Vec<PathBuf>) -> Result<Self, InputError> {
        for input in inputs.iter().filter(|input| !is_stdin(input)) {
            let path = || input.display().to_string();
            let found = input.metadata().map_err(|error| InputError::Missing { path: path(), error })?;
            let ending = ending(input);
            if found.is_file() && OTHER_FORMATS.contains(&ending.as_str()) {
                return Err(InputError::Format { path: path(), ending });
            }
        }
        Ok(Self { inputs: inputs.into_iter(), walk: None, lines: None, skipped: 0 })
    }

    /// How many files in folders were passed over so far for their ending.
    pub const fn skipped(&self) -> u64 {
        self.skipped
    }

    /// Begins with an input; gives its record where it has just one.
    fn begin(&mut self, input: PathBuf) -> Option<Result<Record, Reject>> {
        if is_stdin(&input) {
            return self.begin_stdin();
        }
        if input.is_dir() {
            let walk = walk(&input);
            self.walk = Some((input, walk));
            return None;
        }
        let name = input.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        self.begin_file(&input, name)
    }

    fn begin_stdin(&mut self) -> Option<Result<Record, Reject>> {
        let mut reader: Box<dyn BufRead + Send> = Box::new(BufReader::with_capacity(BUFFER, io::stdin()));
        let head = match reader.fill_buf() {
            Ok(head) => head.strip_prefix(UTF8_BOM).unwrap_or(head).trim_ascii_start(),
            Err(error) => return Some(Err(unreadable("-", &error))),
        };
        // RTF starts with a brace too.
        if head.first() == Some(&b'{') && binary_kind(head).is_none() {
            self.begin_lines(reader, "-", "stdin".into())
        } else {
            Some(text(reader, "-", "stdin".into()))
        }
    }

    fn begin_file(&mut self, path: &Path, name: String) -> Option<Result<Record, Reject>> {
        let file = path.to_string_lossy();
        let reader: Box<dyn BufRead + Send> = match File::open(path) {
            Ok(opened) => Box::new(BufReader::with_capacity(BUFFER, opened)),
            Err(error) => return Some(Err(unreadable(&file, &error))),
        };
        if is_lines(path) { self.begin_lines(reader, &file, name) } else { Some(text(reader, &file, name)) }
    }

    /// Begins with the lines of a file, unless its first bytes show that it has none.
    fn begin_lines(
        &mut self,
        mut reader: Box<dyn BufRead + Send>,
        file: &str,
        name: String,
    ) -> Option<Result<Record, Reject>> {
        let head = match reader.fill_buf() {
            Ok(head) => head,
            Err(error) => return Some(Err(unreadable(file, &error))),
        };
        let reason = if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
            Some(Reason::WideLines)
        } else {
            binary_kind(head).map(Reason::Binary)
        };
        if let Some(reason) = reason {
            return Some(Err(Reject { place: whole(file), reason }));
        }
        let mark = if head.starts_with(UTF8_BOM) { UTF8_BOM.len() } else { 0 };
        reader.consume(mark);
        self.lines = Some(Lines::new(reader, file.into(), name.into(), mark as u64));
        None
    }

    /// The next file of the folder that is being walked.
    fn walk_on(&mut self) -> Option<Result<Record, Reject>> {
        let (root, walk) = self.walk.as_mut()?;
        match walk.next() {
            None => {
                self.walk = None;
                None
            }
            Some(Err(error)) => {
                let file = root.to_string_lossy().into_owned();
                Some(Err(Reject { place: whole(&file), reason: Reason::Unreadable(error.to_string()) }))
            }
            Some(Ok(entry)) if entry.file_type().is_some_and(|kind| kind.is_dir()) => None,
            Some(Ok(entry)) => {
                let path = entry.path();
                if !is_lines(path) && !matches!(ending(path).as_str(), "txt" | "text") {
                    self.skipped += 1;
                    return None;
                }
                let inner = path.strip_prefix(&*root).unwrap_or(path).with_extension("");
                let parts: Vec<_> = inner.iter().map(|part| part.to_string_lossy()).collect();
                self.begin_file(path, parts.join("/"))
            }
        }
    }
}

impl Iterator for Source {
    type Item = Result<Record, Reject>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(lines) = &mut self.lines {
                match lines.next() {
                    None => self.lines = None,
                    record => return record,
                }
            }
            let record = if self.walk.is_some() {
                self.walk_on()
            } else {
                let input = self.inputs.next()?;
                self.begin(input)
            };
            if record.is_some() {
                return record;
            }
        }
    }
}

/// A whole file as one note.
fn text(reader: impl Read, file: &str, name: String) -> Result<Record, Reject> {
    let mut bytes = Vec::new();
    reader.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| unreadable(file, &error))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(Reject { place: whole(file), reason: Reason::TooLong { limit: MAX_BYTES } });
    }
    Ok(Record { place: whole(file), name: Arc::from(name), layout: Layout::Text, bytes })
}

fn unreadable(file: &str, error: &io::Error) -> Reject {
    Reject { place: whole(file), reason: Reason::Unreadable(error.to_string()) }
}

fn whole(file: &str) -> Place {
    Place { file: file.into(), record: None, offset: Some(0) }
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

fn is_lines(path: &Path) -> bool {
    matches!(ending(path).as_str(), "jsonl" | "ndjson")
}

/// The ending of a file's name in lower case, without the dot.
fn ending(path: &Path) -> String {
    path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::Columns;
    use super::*;

    fn ids(inputs: Vec<PathBuf>) -> (Vec<String>, u64) {
        let mut source = Source::open(inputs).unwrap();
        let mut ids = Vec::new();
        for item in source.by_ref() {
            ids.push(match item {
                Ok(record) => record.notes(&Columns::default()).remove(0).unwrap().id.into_owned(),
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
            ("sub/c.txt", ""),
            ("sub/d.jsonl", "{\"text\":\"x\"}\n\n{\"text\":\"x\",\"note_id\":\"n\"}\n"),
            ("sub/e.md", "x"),
            ("sub/.git/f.txt", "x"),
            (".gitignore", "*.txt"),
            ("g.ndjson", ""),
        ] {
            std::fs::write(at(name), content).unwrap();
        }
        std::fs::write(at("g.ndjson"), b"\x1f\x8b\x08\0").unwrap();
        let expected = ["a", "b", "binary", "sub/c", "sub/d:1", "n"].map(String::from).to_vec();
        assert_eq!(ids(vec![folder.path().into()]), (expected, 1));
        // A file that is named itself is read whatever its ending.
        assert_eq!(ids(vec![at("sub/e.md"), at("b.txt")]).0, ["e", "b"]);
    }

    #[test]
    fn inputs_that_cannot_be_used_are_told_before_any_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let table = folder.path().join("notes.CSV");
        std::fs::write(&table, "a,b\n").unwrap();
        assert!(matches!(Source::open(vec![table]), Err(InputError::Format { .. })));
        assert!(matches!(Source::open(vec![folder.path().join("none")]), Err(InputError::Missing { .. })));
    }

    #[test]
    fn wide_lines_are_one_reject() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("w.jsonl");
        std::fs::write(&path, b"\xff\xfe{\0}\0\n\0{\0}\0").unwrap();
        assert_eq!(ids(vec![path]).0, ["utf16_lines"]);
    }
}
