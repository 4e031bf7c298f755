//! What format an input has: as the user says, else by the ending of its name, else by its first bytes.
//!
//! ```
//! use foramen::io::Format;
//! assert_eq!(Format::named("csv"), Some(Format::Csv));
//! assert_eq!(Format::Parquet.name(), "parquet");
//! ```

use std::path::Path;

use super::decode::{UTF8_BOM, binary_kind};
use super::{Columns, Reason, delimited, fhir, hl7};

/// How an input holds notes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A file is a note; RTF is one too.
    Text,
    /// A file is a note, an HTML page.
    Html,
    /// A JSON object on each line.
    Jsonl,
    /// A table with a header; its cells are parted by commas, semicolons, tabs or bars.
    Csv,
    /// A table with a header; its cells are parted by tabs.
    Tsv,
    /// Apache Parquet.
    Parquet,
    /// The NOTE table of the OMOP common data model, as CSV or Parquet.
    Omop,
    /// FHIR R4 resources, one on each line or one in the file, which may be a bundle.
    Fhir,
    /// HL7 version 2 messages.
    Hl7,
    /// A file is a C-CDA document.
    Ccda,
}

impl Format {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::Text,
        Self::Html,
        Self::Jsonl,
        Self::Csv,
        Self::Tsv,
        Self::Parquet,
        Self::Omop,
        Self::Fhir,
        Self::Hl7,
        Self::Ccda,
    ];

    /// Its name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Html => "html",
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Parquet => "parquet",
            Self::Omop => "omop",
            Self::Fhir => "fhir",
            Self::Hl7 => "hl7",
            Self::Ccda => "ccda",
        }
    }

    /// The format of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| format.name() == name)
    }
}

/// What the ending of a file's name says, below that of a packed file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// The format that it stands for.
    Of(Format),
    /// JSON of any kind.
    Json,
    /// A format that is not read.
    Unread,
    /// Nothing.
    None,
}

/// Endings of packed files.
const PACKED: [&str; 4] = ["gz", "gzip", "zst", "zstd"];

impl Ending {
    /// The ending of a file's name.
    pub(super) fn of(path: &Path) -> Self {
        match ending(&below_packing(path)).as_str() {
            "txt" | "text" | "rtf" => Self::Of(Format::Text),
            "html" | "htm" | "xhtml" => Self::Of(Format::Html),
            "hl7" => Self::Of(Format::Hl7),
            "xml" | "ccda" | "cda" => Self::Of(Format::Ccda),
            "jsonl" | "ndjson" => Self::Of(Format::Jsonl),
            "json" => Self::Json,
            "csv" | "psv" => Self::Of(Format::Csv),
            "tsv" | "tab" => Self::Of(Format::Tsv),
            "parquet" | "pq" => Self::Of(Format::Parquet),
            // Taken for a text, a table would be audited as one note.
            "zip" | "xls" | "xlsx" | "avro" | "orc" => Self::Unread,
            _ => Self::None,
        }
    }
}

/// A file's name without the endings of format and packing: what the ids of its notes begin with.
pub(super) fn stem(path: &Path) -> String {
    let parts = below_packing(path).with_extension("");
    let parts: Vec<_> = parts.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    parts.join("/")
}

fn below_packing(path: &Path) -> std::path::PathBuf {
    if PACKED.contains(&ending(path).as_str()) { path.with_extension("") } else { path.to_owned() }
}

/// The ending of a file's name in lower case, without the dot.
pub(super) fn ending(path: &Path) -> String {
    path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase()).unwrap_or_default()
}

/// The format of an input of this name and with these first bytes, unpacked; `asked` is what the user says.
///
/// # Errors
/// Where name and bytes say different things, or the bytes are JSON of no known kind.
pub(super) fn detect(
    asked: Option<Format>,
    ending: Ending,
    head: &[u8],
    columns: &Columns,
) -> Result<Format, Reason> {
    let sure = sure(head);
    let named = match (asked, ending) {
        (Some(format), _) | (None, Ending::Of(format)) => format,
        (None, Ending::Json) => return json(head),
        (None, Ending::Unread | Ending::None) => return Ok(sure.unwrap_or_else(|| guess(head, columns))),
    };
    let found = match (named, sure) {
        (Format::Omop, _) => return Ok(named),
        (Format::Jsonl, Some(Format::Fhir)) if asked.is_none() => return Ok(Format::Fhir),
        (named, Some(sure)) if named == sure => return Ok(named),
        (Format::Parquet, _) if head.is_empty() => "an empty file",
        (Format::Parquet, None) => binary_kind(head).unwrap_or("text"),
        // The user may know better, though not that Parquet is text.
        (named, Some(sure)) if asked.is_some() && [named, sure].iter().all(|f| *f != Format::Parquet) => {
            return Ok(named);
        }
        (_, Some(sure)) => sure.name(),
        (named, None) => return Ok(named),
    };
    Err(Reason::Mismatch { named: named.name(), found })
}

/// The format that the first bytes of a file leave no doubt of.
fn sure(head: &[u8]) -> Option<Format> {
    let text = text_of(head);
    if head.starts_with(b"PAR1") {
        Some(Format::Parquet)
    } else if fhir::is_resource(head) {
        Some(Format::Fhir)
    } else if first_line_is_object(text) == Some(true) {
        Some(Format::Jsonl)
    } else if hl7::is_file(head) {
        Some(Format::Hl7)
    } else if text.starts_with(b"<") && memchr::memmem::find(text, b"<ClinicalDocument").is_some() {
        Some(Format::Ccda)
    } else {
        starts_html(text).then_some(Format::Html)
    }
}

/// The format of a file of which nothing is sure.
fn guess(head: &[u8], columns: &Columns) -> Format {
    let text = text_of(head);
    if text.starts_with(b"{") && binary_kind(text).is_none() {
        // RTF starts with a brace too.
        Format::Jsonl
    } else if delimited::is_table(head, columns) {
        Format::Csv
    } else {
        Format::Text
    }
}

/// What comes after a byte order mark and blanks.
fn text_of(head: &[u8]) -> &[u8] {
    head.strip_prefix(UTF8_BOM).unwrap_or(head).trim_ascii_start()
}

/// Whether the first line of a text is a JSON object; `None` where it is begun as one and cut off.
fn first_line_is_object(text: &[u8]) -> Option<bool> {
    let end = memchr::memchr(b'\n', text);
    let line = end.and_then(|end| text.get(..end)).unwrap_or(text);
    let is_whole = serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok();
    match (line.starts_with(b"{"), is_whole, end) {
        (true, false, None) => None,
        (is_object, is_whole, _) => Some(is_object && is_whole),
    }
}

/// Whether a text starts as a page does.
fn starts_html(text: &[u8]) -> bool {
    [&b"<!doctype html"[..], b"<html"]
        .iter()
        .any(|start| text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start)))
}

/// The format of a JSON file: its first line tells whether it has an object on each. A line longer than the head is
/// taken for one: what it is will be seen when it is read.
fn json(head: &[u8]) -> Result<Format, Reason> {
    let text = text_of(head);
    if fhir::is_resource(head) {
        Ok(Format::Fhir)
    } else if text.is_empty() || first_line_is_object(text) != Some(false) {
        Ok(Format::Jsonl)
    } else if memchr::memmem::find(text, b"\"resourceType\"").is_some() {
        // A bundle may say what it is after its entries, each of which says so too.
        Ok(Format::Fhir)
    } else {
        Err(Reason::JsonDocument)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, head: &[u8]) -> Result<&'static str, &'static str> {
        let ending = Ending::of(Path::new(name));
        match detect(None, ending, head, &Columns::default()) {
            Ok(format) => Ok(format.name()),
            Err(reason) => Err(reason.name()),
        }
    }

    #[test]
    fn names_and_first_bytes_tell_the_format() {
        for (name, head, expected) in [
            ("a.TXT", &b"{Name} was seen."[..], Ok("text")),
            ("a.txt", b"{\"text\":\"a\"}\n", Err("mismatch")),
            ("a.txt", b"MSH|^~\\&|", Err("mismatch")),
            ("a.xml", b"<html>", Err("mismatch")),
            ("a.csv", b"{\"resourceType\":\"Patient\"}\n", Err("mismatch")),
            ("a.txt.gz", b"MRI", Ok("text")),
            ("a.ndjson.zst", b"", Ok("jsonl")),
            ("a.csv", b"x", Ok("csv")),
            ("a.b.tsv.gz", b"x", Ok("tsv")),
            ("a.parquet", b"PAR1", Ok("parquet")),
            ("a.parquet", b"PARE", Err("mismatch")),
            ("a.parquet", b"", Err("mismatch")),
            ("a.csv", b"PAR1", Err("mismatch")),
            ("a.txt", b"PAR1", Err("mismatch")),
            ("a.json", b"{\"text\":\"a\"}\n{\"text\":\"b\"}\n", Ok("jsonl")),
            ("a.json", b"\xef\xbb\xbf \n{\"text\":\"a\"}", Ok("jsonl")),
            ("a.json", b"", Ok("jsonl")),
            ("a.json", b"{\n  \"text\": \"a\"\n}\n", Err("json_document")),
            ("a.json", b"[{\"text\":\"a\"}]", Err("json_document")),
            ("a.json", b"{\n \"resourceType\": \"Bundle\",\n", Ok("fhir")),
            ("a.json", b"{\n \"entry\": [{\n\"resourceType\": \"Patient\",\n", Ok("fhir")),
            ("a.ndjson", b"{\"id\":\"1\",\"resourceType\":\"Patient\"}\n", Ok("fhir")),
            (
                "a.ndjson",
                b"{\"text\":\"{\\\"resourceType\\\":1}\",\"x\":{\"resourceType\":1}}\n",
                Ok("jsonl"),
            ),
            ("a.hl7", b"", Ok("hl7")),
            ("a.xml", b"<ClinicalDocument>", Ok("ccda")),
            ("a.HTM", b"a", Ok("html")),
            ("a.rtf", b"{\\rtf1 a}", Ok("text")),
            ("a.hl7", b"PAR1", Err("mismatch")),
            ("-", b"{\"resourceType\":\"Patient\"}", Ok("fhir")),
            ("-", b"MSH|^~\\&|", Ok("hl7")),
            ("-", b"\x0bMSH|^~\\&|", Ok("hl7")),
            ("-", b"FHS|^~\\&|", Ok("hl7")),
            ("-", b"10:00|INFO|\n<SB>\nMSH|^~\\&|", Ok("hl7")),
            ("-", b"<?xml version=\"1.0\"?>\n<ClinicalDocument xmlns=", Ok("ccda")),
            ("-", b" <!DOCTYPE HTML><title>a", Ok("html")),
            ("-", b"<5 mm", Ok("text")),
            ("part-0001", b"PAR1", Ok("parquet")),
            ("part-0001", b" \n{\"text\":\"a\"}\n", Ok("jsonl")),
            ("part-0001", b"{\\rtf1 text}", Ok("text")),
            ("part-0001.gz", b"note_id,text\n1,a\n", Ok("csv")),
            ("part-0001", b"note_id\ttext\n1\ta\n", Ok("csv")),
            ("part-0001", b"text\nMRI\n", Ok("text")),
            ("-", b"The text, in commas\n", Ok("text")),
            ("-", b"", Ok("text")),
        ] {
            assert_eq!(found(name, head), expected, "{name} {}", String::from_utf8_lossy(head));
        }
    }

    #[test]
    fn the_user_knows_better_than_the_name() {
        let detect = |asked, name: &str, head: &[u8]| {
            detect(Some(asked), Ending::of(Path::new(name)), head, &Columns::default())
        };
        assert_eq!(detect(Format::Csv, "a.txt", b"x"), Ok(Format::Csv));
        assert_eq!(detect(Format::Omop, "a.csv", b"PAR1"), Ok(Format::Omop));
        assert_eq!(detect(Format::Text, "a.hl7", b"MSH|^~\\&|"), Ok(Format::Text));
        assert_eq!(detect(Format::Jsonl, "a", b"{\"resourceType\":\"Patient\"}\n"), Ok(Format::Jsonl));
        let mismatch = Reason::Mismatch { named: "text", found: "parquet" };
        assert_eq!(detect(Format::Text, "a.txt", b"PAR1"), Err(mismatch));
        let mismatch = Reason::Mismatch { named: "parquet", found: "text" };
        assert_eq!(detect(Format::Parquet, "a.parquet", b"note_id,text"), Err(mismatch));
    }

    #[test]
    fn ids_begin_with_the_name_below_its_endings() {
        for (path, expected) in
            [("day.csv.gz", "day"), ("in/a.b.txt", "in/a.b"), ("x.gz", "x"), ("note", "note"), ("e.md", "e")]
        {
            assert_eq!(stem(Path::new(path)), expected);
        }
    }
}
