//! What a run reads, by name, size, day and a hash of both ends of each file: by which it is known that the inputs
//! are the same when a run goes on.

use std::fs::File;
use std::io::{self, BufRead, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

use super::hash::hash;

/// Bytes of each end of a file that are hashed.
const END: u64 = 4 << 10;

/// All inputs of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Inputs {
    /// How many files there are.
    pub(super) files: u64,
    /// Their bytes, as they stand on the disk; without standard input.
    pub(super) bytes: u64,
    /// Changes with the name, size, time of change and ends of any.
    pub(super) fingerprint: String,
}

/// One file, a line of the list that is kept while the run is not finished.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Input {
    file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    /// When it was changed, in seconds since 1970 with nine decimals.
    #[serde(skip_serializing_if = "Option::is_none")]
    modified: Option<String>,
    /// Of its first and last bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    ends: Option<String>,
}

impl Input {
    /// What is known of a file: its name alone for standard input, and for what cannot be read.
    fn of(path: &Path) -> Self {
        let named = Self { file: path.to_string_lossy().into_owned(), ..Self::default() };
        if path == Path::new("-") {
            return named;
        }
        let Ok(found) = path.metadata() else { return named };
        let modified = found.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        Self {
            size: Some(found.len()),
            modified: modified.map(|time| format!("{}.{:09}", time.as_secs(), time.subsec_nanos())),
            // A pipe would be emptied by a look at it.
            ends: found.is_file().then(|| ends(path, found.len()).ok()).flatten(),
            ..named
        }
    }

    /// How it differs from what it was.
    fn change_from(&self, before: &Self) -> Option<&'static str> {
        if self.file != before.file {
            Some("stands where there was another")
        } else if self.size != before.size {
            Some("has another size")
        } else if self.ends != before.ends {
            Some("begins or ends otherwise")
        } else if self.modified != before.modified {
            Some("was changed or written anew")
        } else {
            None
        }
    }
}

fn ends(path: &Path, size: u64) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut bytes = Vec::new();
    (&file).take(END).read_to_end(&mut bytes)?;
    file.seek(SeekFrom::Start(size.saturating_sub(END)))?;
    file.take(END).read_to_end(&mut bytes)?;
    Ok(format!("{:016x}", hash(0, &bytes)))
}

/// Lists files, one a line.
pub(super) fn list(files: impl Iterator<Item = PathBuf>, out: &mut impl Write) -> io::Result<Inputs> {
    let mut inputs = Inputs::default();
    let mut print = 0;
    for path in files {
        let input = Input::of(&path);
        let mut line = serde_json::to_vec(&input)?;
        line.push(b'\n');
        print = hash(print, &line);
        out.write_all(&line)?;
        inputs.files += 1;
        inputs.bytes += input.size.unwrap_or(0);
    }
    inputs.fingerprint = format!("{print:016x}");
    Ok(inputs)
}

/// The first file that differs from the list, and how.
pub(super) fn first_change(
    files: impl Iterator<Item = PathBuf>,
    list: impl BufRead,
) -> io::Result<Option<String>> {
    let mut lines = list.lines();
    for path in files {
        let now = Input::of(&path);
        let before = match lines.next().transpose()? {
            Some(line) => serde_json::from_str(&line)?,
            None => Input::default(),
        };
        if let Some(how) = now.change_from(&before) {
            return Ok(Some(format!("{} {how}", now.file)));
        }
    }
    let Some(line) = lines.next().transpose()? else { return Ok(None) };
    let gone: Input = serde_json::from_str(&line)?;
    Ok(Some(format!("{} is gone", gone.file)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let write = |name: &str, text: &str| {
            std::fs::write(at(name), text).unwrap();
            let day = UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
            File::options().append(true).open(at(name)).unwrap().set_modified(day).unwrap();
        };
        let long = "x".repeat(END as usize * 3);
        write("a", "one");
        write("b", &long);
        let named = |names: &[&str]| names.iter().map(|name| at(name)).collect::<Vec<_>>();
        let mut before = Vec::new();
        let inputs = list(named(&["a", "b"]).into_iter(), &mut before).unwrap();
        assert_eq!((inputs.files, inputs.bytes), (2, 3 + END * 3));
        let change = |names: &[&str]| {
            let change = first_change(named(names).into_iter(), before.as_slice()).unwrap();
            let same = list(named(names).into_iter(), &mut io::sink()).unwrap() == inputs;
            assert_eq!(same, change.is_none());
            change.map(|change| change.rsplit('/').next().unwrap().to_owned())
        };
        assert_eq!(change(&["a", "b"]), None);
        assert_eq!(change(&["a"]).unwrap(), "b is gone");
        assert_eq!(change(&["b", "a"]).unwrap(), "b stands where there was another");
        assert_eq!(change(&["a", "b", "a"]).unwrap(), "a stands where there was another");
        write("a", "two");
        assert_eq!(change(&["a", "b"]).unwrap(), "a begins or ends otherwise");
        write("a", "four");
        assert_eq!(change(&["a", "b"]).unwrap(), "a has another size");
        std::fs::write(at("a"), "one").unwrap();
        assert_eq!(change(&["a", "b"]).unwrap(), "a was changed or written anew");
    }
}
