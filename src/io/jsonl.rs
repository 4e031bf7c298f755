//! One JSON object a line: the note in one field, its id and type in others, the rest passed over.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;

use crate::model::NoteType;

use super::decode::decode_line;
use super::{Encoding, Note, Reason, Record};

/// Which fields of a JSON object hold what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields {
    /// The note; a record without it is rejected.
    pub text: String,
    /// The note's id, text or number; a record without it gets one of file and line.
    pub id: String,
    /// What the note was written for, in the words of [`NoteType`]; other words count as not given.
    pub note_type: String,
}

impl Default for Fields {
    fn default() -> Self {
        Self { text: "text".into(), id: "note_id".into(), note_type: "note_type".into() }
    }
}

/// Reads the note of a JSON line.
pub(super) fn read<'r>(record: &'r Record, fields: &Fields) -> Result<Note<'r>, Reason> {
    let decoded = decode_line(&record.bytes);
    let encoding = decoded.encoding;
    let found = match &decoded.text {
        Cow::Borrowed(line) => parse(line, fields)?,
        Cow::Owned(line) => parse(line, fields)?.into_owned(),
    };
    note(record, found, fields, encoding)
}

fn note<'r>(
    record: &'r Record,
    found: Found<'r>,
    fields: &Fields,
    encoding: Encoding,
) -> Result<Note<'r>, Reason> {
    let text = match found.text {
        Some(Scalar::Text(text)) => text,
        Some(other) => return Err(Reason::NotText { field: fields.text.clone(), found: other.kind() }),
        None => return Err(Reason::MissingField(fields.text.clone())),
    };
    let id = match found.id {
        Some(Scalar::Text(id)) if !id.is_empty() => id,
        Some(Scalar::Number(number)) => number.to_string().into(),
        _ => format!("{}:{}", record.name, record.place.line.unwrap_or(1)).into(),
    };
    let note_type = match found.note_type {
        Some(Scalar::Text(name)) => NoteType::ALL.iter().copied().find(|t| t.name() == name),
        _ => None,
    };
    Ok(Note { id, note_type, text, encoding, place: &record.place })
}

fn parse<'l>(line: &'l str, fields: &Fields) -> Result<Found<'l>, Reason> {
    let mut json = serde_json::Deserializer::from_str(line);
    let found = ObjectSeed(fields).deserialize(&mut json).and_then(|found| json.end().map(|()| found));
    // The error's own words can quote the note: only its class and column leave here.
    found.map_err(|error| match error.classify() {
        Category::Data => Reason::NotAnObject,
        Category::Eof => Reason::BrokenJson { column: error.column(), what: "the line ends too early" },
        Category::Syntax | Category::Io => {
            Reason::BrokenJson { column: error.column(), what: "not valid JSON" }
        }
    })
}

/// What a line holds in the fields that count.
#[derive(Default)]
struct Found<'l> {
    text: Option<Scalar<'l>>,
    id: Option<Scalar<'l>>,
    note_type: Option<Scalar<'l>>,
}

impl Found<'_> {
    fn into_owned<'o>(self) -> Found<'o> {
        Found {
            text: self.text.map(Scalar::into_owned),
            id: self.id.map(Scalar::into_owned),
            note_type: self.note_type.map(Scalar::into_owned),
        }
    }
}

/// A value as far as it matters: text, number, or what else it is.
enum Scalar<'l> {
    Text(Cow<'l, str>),
    Number(serde_json::Number),
    Other(&'static str),
}

impl Scalar<'_> {
    const fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Number(_) => "a number",
            Self::Other(kind) => kind,
        }
    }

    fn into_owned<'o>(self) -> Scalar<'o> {
        match self {
            Self::Text(text) => Scalar::Text(text.into_owned().into()),
            Self::Number(number) => Scalar::Number(number),
            Self::Other(kind) => Scalar::Other(kind),
        }
    }
}

struct ObjectSeed<'f>(&'f Fields);

impl<'de> DeserializeSeed<'de> for ObjectSeed<'_> {
    type Value = Found<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Found<'de>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for ObjectSeed<'_> {
    type Value = Found<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Found<'de>, A::Error> {
        let mut found = Found::default();
        while let Some(Scalar::Text(key)) = map.next_key_seed(ScalarSeed)? {
            if key == self.0.text {
                found.text = Some(map.next_value_seed(ScalarSeed)?);
            } else if key == self.0.id {
                found.id = Some(map.next_value_seed(ScalarSeed)?);
            } else if key == self.0.note_type {
                found.note_type = Some(map.next_value_seed(ScalarSeed)?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

struct ScalarSeed;

impl<'de> DeserializeSeed<'de> for ScalarSeed {
    type Value = Scalar<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Scalar<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ScalarSeed {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(text.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(text.to_owned().into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Number(number.into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Number(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Scalar<'de>, E> {
        Ok(serde_json::Number::from_f64(number).map_or(Scalar::Other("a number"), Scalar::Number))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Other("true or false"))
    }

    fn visit_unit<E>(self) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Other("null"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar<'de>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other("an object"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Scalar<'de>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other("a list"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Place;
    use super::super::record::Layout;
    use super::*;

    fn line(bytes: &[u8]) -> Record {
        let place = Place { file: "in/day.jsonl".into(), line: Some(7), offset: 99 };
        Record { place, name: "day".into(), layout: Layout::JsonLine, bytes: bytes.to_vec() }
    }

    #[test]
    fn fields_are_found_wherever_they_stand() {
        let cases: &[(&[u8], &str, &str, Option<NoteType>)] = &[
            (br#"{"text":"a"}"#, "day:7", "a", None),
            (br#"{"note_id":"n1","text":"a\nb"}"#, "n1", "a\nb", None),
            (br#"{"x":{"text":[1,{"text":2}]},"text":"a","note_id":12}"#, "12", "a", None),
            (br#"{"note_id":"","text":""}"#, "day:7", "", None),
            (br#"{"note_id":null,"text":"a"}"#, "day:7", "a", None),
            (br#"{"note_type":"clinic","text":"a"}"#, "day:7", "a", Some(NoteType::Clinic)),
            (br#"{"note_type":"CT","text":"a"}"#, "day:7", "a", None),
            (b" {\"te\\u0078t\" : \"a\" } \r", "day:7", "a", None),
            (br#"{"text":"a","text":"b"}"#, "day:7", "b", None),
        ];
        for &(bytes, id, text, note_type) in cases {
            let record = line(bytes);
            let note = record.note(&Fields::default()).unwrap();
            assert_eq!((&*note.id, &*note.text, note.note_type), (id, text, note_type));
        }
    }

    #[test]
    fn other_bytes_are_windows_1252() {
        let record = line(b"{\"text\":\"L4\x96L5\"}");
        let note = record.note(&Fields::default()).unwrap();
        assert_eq!((&*note.text, note.encoding), ("L4–L5", Encoding::Windows1252));
    }

    #[test]
    fn fields_can_be_named() {
        let fields = Fields { text: "body".into(), id: "key".into(), ..Fields::default() };
        let record = line(br#"{"text":"no","body":"yes","key":"k"}"#);
        let note = record.note(&fields).unwrap();
        assert_eq!((&*note.id, &*note.text), ("k", "yes"));
    }

    #[test]
    fn reasons_tell_what_is_wrong_and_quote_nothing() {
        let missing = Reason::MissingField("text".into());
        let not_text = |found| Reason::NotText { field: "text".into(), found };
        let broken = |column, what| Reason::BrokenJson { column, what };
        let cases: &[(&[u8], Reason)] = &[
            (br#"{"note":"SECRET"}"#, missing),
            (br#"{"text":null}"#, not_text("null")),
            (br#"{"text":17}"#, not_text("a number")),
            (br#"{"text":["SECRET"]}"#, not_text("a list")),
            (br#"{"text":{"SECRET":1}}"#, not_text("an object")),
            (br#"["SECRET"]"#, Reason::NotAnObject),
            (br#""SECRET""#, Reason::NotAnObject),
            (br#"{"text":"SECRET"#, broken(15, "the line ends too early")),
            (br#"{"text":SECRET}"#, broken(9, "not valid JSON")),
            (br#"{"text":"a"} SECRET"#, broken(14, "not valid JSON")),
            (br#"{"text":"\ud800 SECRET"}"#, broken(16, "not valid JSON")),
        ];
        for (bytes, reason) in cases {
            let error = line(bytes).note(&Fields::default()).unwrap_err();
            assert_eq!(&error, reason, "{}", String::from_utf8_lossy(bytes));
            assert!(!error.to_string().contains("SECRET"));
        }
    }

    #[test]
    fn deep_nesting_is_an_error_or_passed_over() {
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        let record = line(format!(r#"{{"x":{deep},"text":"a"}}"#).as_bytes());
        assert_eq!(&*record.note(&Fields::default()).unwrap().text, "a");
        let record = line(format!(r#"{{"text":{deep}}}"#).as_bytes());
        assert!(record.note(&Fields::default()).is_err());
    }
}
