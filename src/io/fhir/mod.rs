//! FHIR R4 resources that hold notes: `DocumentReference` and `DiagnosticReport`, alone or in bundles.
//!
//! Other resources hold no note and are passed over; so are those of a mixed export. Nothing is fetched. What is wrong
//! is told with the JSON pointer (RFC 6901) of its place, never with what stands there.
//!
//! ```text
//! {"resourceType":"DiagnosticReport","id":"r1","subject":{"reference":"Patient/7"},
//!  "effectiveDateTime":"2024-03-10T08:30:00Z","conclusion":"L4-5: mild left foraminal stenosis."}
//!
//! ─▶ id r1, patient 7, day 2024-03-10, text L4-5: mild left foraminal stenosis.
//! ```

mod note;
mod resource;

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::decode::{UTF8_BOM, decode};
use super::document::Document;
use super::{Encoding, Reason};
use resource::Resource;

/// Bundles within bundles, at most.
const DEEPEST: usize = 4;

/// A note, or why there is none, with the number of its entry, from 1, where it stands in a bundle; of bundles within it
/// the entry of the outermost.
pub(super) type Entered = (Option<u64>, Result<Document, Reason>);

/// The notes of a resource, in their order; none where it is of another kind.
pub(super) fn documents(bytes: &[u8]) -> Vec<Entered> {
    match decode(bytes) {
        Ok(decoded) => {
            let mut reader = Reader { encoding: decoded.encoding, entry: None, found: Vec::new() };
            reader.read(&decoded.text, "", 0);
            reader.found
        }
        Err(reason) => vec![(None, Err(reason))],
    }
}

/// Whether a text begins with a resource: an object that says its type before anything is cut off.
pub(super) fn is_resource(head: &[u8]) -> bool {
    let text = head.strip_prefix(UTF8_BOM).unwrap_or(head);
    let mut found = false;
    // The error ends the look, or is that of a text cut short.
    let _ = TypeSeed(&mut found).deserialize(&mut serde_json::Deserializer::from_slice(text));
    found
}

/// Whether the first resource of a text stands on one line, as each of a file of lines does.
pub(super) fn is_on_one_line(head: &[u8]) -> bool {
    let text = head.strip_prefix(UTF8_BOM).unwrap_or(head).trim_ascii_start();
    let end = memchr::memchr(b'\n', text);
    // A resource laid out over lines begins with a short one.
    end.is_none_or(|end| serde_json::from_slice::<IgnoredAny>(text.get(..end).unwrap_or(text)).is_ok())
}

/// Looks for the type of a resource among the keys of an object.
struct TypeSeed<'f>(&'f mut bool);

impl<'de> DeserializeSeed<'de> for TypeSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for TypeSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Cow<'_, str>>()? {
            *self.0 |= key == "resourceType";
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

/// What has to be known of a resource before all of it is read.
#[derive(Deserialize)]
struct Head<'j> {
    #[serde(borrow, rename = "resourceType")]
    kind: Option<Cow<'j, str>>,
    #[serde(borrow)]
    entry: Option<&'j RawValue>,
}

#[derive(Deserialize)]
struct Entry<'j> {
    #[serde(borrow)]
    resource: Option<&'j RawValue>,
}

/// What is found in a record, as far as it is read.
struct Reader {
    encoding: Encoding,
    /// The entry of the bundle that is being read.
    entry: Option<u64>,
    found: Vec<Entered>,
}

impl Reader {
    /// Reads the resource that stands at `pointer` in its record.
    fn read(&mut self, json: &str, pointer: &str, depth: usize) {
        let head: Head<'_> = match serde_json::from_str(json) {
            Ok(head) => head,
            Err(error) => return self.reject(fault(json, &error, pointer, "/resourceType")),
        };
        match head.kind.as_deref() {
            Some("Bundle") if depth == DEEPEST => {
                self.reject(wrong(pointer, "", "fewer bundles within bundles"));
            }
            Some("Bundle") => {
                if let Some(entries) = head.entry {
                    self.read_entries(entries.get(), &format!("{pointer}/entry"), depth);
                }
            }
            Some(kind @ ("DocumentReference" | "DiagnosticReport")) => {
                match serde_json::from_str::<Value>(json) {
                    Ok(value) => {
                        let resource = Resource { value: &value, pointer, encoding: self.encoding };
                        let is_report = kind == "DiagnosticReport";
                        let note = if is_report { note::report(resource) } else { note::reference(resource) };
                        self.found.extend(note.transpose().map(|note| (self.entry, note)));
                    }
                    Err(error) => self.reject(fault(json, &error, pointer, "")),
                }
            }
            Some(_) => {}
            None => self.reject(wrong(pointer, "/resourceType", "the type of a FHIR resource")),
        }
    }

    fn read_entries(&mut self, json: &str, pointer: &str, depth: usize) {
        let entries: Vec<&RawValue> = match serde_json::from_str(json) {
            Ok(entries) => entries,
            Err(error) => return self.reject(fault(json, &error, pointer, "")),
        };
        for (index, entry) in entries.into_iter().enumerate() {
            let pointer = format!("{pointer}/{index}");
            if depth == 0 {
                self.entry = Some(index as u64 + 1);
            }
            match serde_json::from_str::<Entry<'_>>(entry.get()) {
                Ok(Entry { resource: Some(resource) }) => {
                    self.read(resource.get(), &format!("{pointer}/resource"), depth + 1);
                }
                // An answer to a request that left nothing.
                Ok(Entry { resource: None }) => {}
                Err(error) => self.reject(fault(entry.get(), &error, &pointer, "")),
            }
        }
    }

    fn reject(&mut self, reason: Reason) {
        self.found.push((self.entry, Err(reason)));
    }
}

/// Why JSON could not be read. The error's own words can quote the note: only its class and place leave here.
fn fault(json: &str, error: &serde_json::Error, pointer: &str, field: &str) -> Reason {
    let reason = match error.classify() {
        Category::Data if json.trim_ascii_start().starts_with('{') => {
            return wrong(pointer, field, "what FHIR wants");
        }
        Category::Data if pointer.is_empty() => return Reason::NotAnObject,
        Category::Data => return wrong(pointer, "", "an object"),
        Category::Eof => "it ends too early",
        Category::Syntax | Category::Io => "not valid JSON, or nested too deeply",
    };
    let lines = json.split_inclusive('\n').take(error.line().saturating_sub(1));
    let column = lines.map(str::len).sum::<usize>() + error.column();
    let broken = Reason::BrokenJson { column, what: reason };
    if pointer.is_empty() { broken } else { broken.at(pointer) }
}

fn wrong(pointer: &str, field: &str, wanted: &'static str) -> Reason {
    Reason::WrongField { field: format!("{pointer}{field}"), wanted }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Vec<Result<String, String>> {
        let found = documents(json.as_bytes()).into_iter();
        found.map(|(_, item)| item.map(|note| note.text).map_err(|reason| reason.to_string())).collect()
    }

    fn report(text: &str) -> String {
        format!(r#"{{"resourceType":"DiagnosticReport","conclusion":"{text}"}}"#)
    }

    #[test]
    fn resources_of_other_kinds_are_passed_over() {
        for json in [
            r#"{"resourceType":"Patient","entry":7,"content":[{"attachment":5}]}"#,
            r#"{"resourceType":"Bundle"}"#,
            r#"{"resourceType":"Bundle","entry":[]}"#,
            r#"{"resourceType":"Bundle","entry":[{"response":{"status":"201"}},{"resource":{"resourceType":"Patient"}}]}"#,
        ] {
            assert_eq!(read(json), [], "{json}");
        }
    }

    #[test]
    fn other_bytes_are_windows_1252() {
        let found = documents(b"{\"resourceType\":\"DiagnosticReport\",\"conclusion\":\"L4\x96L5\"}");
        let note = found.into_iter().next().unwrap().1.unwrap();
        assert_eq!((note.text.as_str(), note.encoding), ("L4–L5", Encoding::Windows1252));
    }

    #[test]
    fn bundles_give_the_notes_of_their_entries() {
        let entry = |resource: &str| format!(r#"{{"fullUrl":"x","resource":{resource}}}"#);
        let inner = format!(r#"{{"resourceType":"Bundle","entry":[{}]}}"#, entry(&report("b")));
        let bad = r#"{"resourceType":"DiagnosticReport","conclusion":["SECRET"]}"#;
        let entries = [&report("a"), inner.as_str(), bad, &report("c")].map(entry).join(",");
        let bundle = format!("{{\"resourceType\":\"Bundle\",\n \"entry\":[{entries},7]}}");
        let wrong =
            "the field `/entry/2/resource/conclusion` does not hold text: correct it where it was made";
        let last = "the field `/entry/4` does not hold an object: correct it where it was made";
        let expected = [Ok("a"), Ok("b"), Err(wrong), Ok("c"), Err(last)];
        assert_eq!(read(&bundle), expected.map(|item| item.map(str::to_owned).map_err(str::to_owned)));
        // An entry within an entry is of the outer one.
        let numbers: Vec<_> = documents(bundle.as_bytes()).into_iter().map(|(entry, _)| entry).collect();
        assert_eq!(numbers, [1, 2, 3, 4, 5].map(Some));
        assert_eq!(documents(report("a").as_bytes())[0].0, None);
        let nested = (0..9).fold(report("a"), |inner, _| {
            format!(r#"{{"resourceType":"Bundle","entry":[{}]}}"#, entry(&inner))
        });
        let pointer = "/entry/0/resource".repeat(4);
        assert_eq!(
            read(&nested),
            [Err(format!(
                "the field `{pointer}` does not hold fewer bundles within bundles: correct it where it was made"
            ))]
        );
    }

    #[test]
    fn broken_json_is_told_by_its_place() {
        for (json, expected) in [
            ("", "broken JSON at column 0: it ends too early; export the record again"),
            (
                "{\"a\":1,\n \"b\":SECRET}",
                "broken JSON at column 14: not valid JSON, or nested too deeply; export the record again",
            ),
            ("[1]", "not a JSON object: one object a line is expected"),
            (
                "{}",
                "the field `/resourceType` does not hold the type of a FHIR resource: correct it where it was made",
            ),
            (
                "{\"resourceType\":[\"SECRET\"]}",
                "the field `/resourceType` does not hold what FHIR wants: correct it where it was made",
            ),
            (
                "{\"resourceType\":\"Bundle\",\"entry\":{}}",
                "the field `/entry` does not hold what FHIR wants: correct it where it was made",
            ),
        ] {
            assert_eq!(read(json), [Err(expected.to_owned())], "{json}");
        }
    }

    #[test]
    fn depth_is_refused_or_passed_over() {
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        assert_eq!(read(&format!(r#"{{"x":{deep},"resourceType":"Patient"}}"#)), []);
        let inside = read(&format!(r#"{{"resourceType":"DiagnosticReport","conclusion":"a","x":{deep}}}"#));
        assert!(inside[0].as_ref().is_err_and(|reason| reason.contains("nested too deeply")), "{inside:?}");
        let objects = "{\"resource\":".repeat(100_000) + "1" + &"}".repeat(100_000);
        assert_eq!(read(&format!(r#"{{"resourceType":"Bundle","entry":[{objects}]}}"#)).len(), 1);
    }
}
