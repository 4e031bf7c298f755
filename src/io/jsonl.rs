//! One JSON object a line: the note in one field, what is known of it in others, the rest passed over.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;

use super::decode::decode_line;
use super::fields::{Fields, Scalar};
use super::{Column, Columns, Note, Reason, Record};

/// Reads the note of a JSON line.
pub(super) fn read<'r>(record: &'r Record, columns: &Columns) -> Result<Note<'r>, Reason> {
    let decoded = decode_line(&record.bytes);
    let fields = match &decoded.text {
        Cow::Borrowed(line) => parse(line, columns)?,
        Cow::Owned(line) => parse(line, columns)?.into_owned(),
    };
    fields.note(record, columns, decoded.encoding)
}

fn parse<'l>(line: &'l str, columns: &Columns) -> Result<Fields<'l>, Reason> {
    // What ends too early ends with its last letter, not in a line of its own.
    let line = line.trim_end_matches(['\n', '\r']);
    let mut json = serde_json::Deserializer::from_str(line);
    let found = ObjectSeed(columns).deserialize(&mut json).and_then(|found| json.end().map(|()| found));
    // The error's own words can quote the note: only its class and column leave here.
    found.map_err(|error| match error.classify() {
        Category::Data => Reason::NotAnObject,
        Category::Eof => Reason::BrokenJson { column: error.column(), what: "the line ends too early" },
        Category::Syntax | Category::Io => {
            Reason::BrokenJson { column: error.column(), what: "not valid JSON" }
        }
    })
}

struct ObjectSeed<'c>(&'c Columns);

impl<'de> DeserializeSeed<'de> for ObjectSeed<'_> {
    type Value = Fields<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Fields<'de>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for ObjectSeed<'_> {
    type Value = Fields<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields<'de>, A::Error> {
        let mut fields = Fields::default();
        while let Some(Scalar::Text(key)) = map.next_key_seed(ScalarSeed)? {
            match self.0.held(&key) {
                Some(Column::Ignore) => fields.set_ignore(map.next_value()?),
                Some(column) => fields.set(column, map.next_value_seed(ScalarSeed)?),
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(fields)
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
        Ok(Scalar::Number(number.to_string()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Number(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::number(number))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Other("true or false"))
    }

    fn visit_unit<E>(self) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Null)
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
    use super::super::record::Layout;
    use super::super::{Encoding, Place};
    use super::*;
    use crate::model::{NoteType, Payer, Setting};

    fn line(bytes: &[u8]) -> Record {
        let place = Place { file: "in/day.jsonl".into(), record: Some(7), offset: Some(99) };
        Record {
            place,
            name: "day".into(),
            layout: Layout::JsonLine(Columns::default().into()),
            bytes: bytes.to_vec(),
        }
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
            let note = read(&record, &Columns::default()).unwrap();
            assert_eq!((&*note.id, &*note.text, note.note_type), (id, text, note_type));
        }
    }

    #[test]
    fn other_bytes_are_windows_1252() {
        let record = line(b"{\"text\":\"L4\x96L5\"}");
        let note = read(&record, &Columns::default()).unwrap();
        assert_eq!((&*note.text, note.encoding), ("L4–L5", Encoding::Windows1252));
    }

    #[test]
    fn fields_can_be_named() {
        let fields = Columns::default().with(Column::Text, "body").with(Column::Id, "key");
        let record = line(br#"{"text":"no","body":"yes","key":"k"}"#);
        let note = read(&record, &fields).unwrap();
        assert_eq!((&*note.id, &*note.text), ("k", "yes"));
    }

    #[test]
    fn what_is_known_of_a_note_is_read_where_it_can_be_used() {
        let read = |more: &str| {
            let record = line(format!(r#"{{"text":"a",{more}}}"#).as_bytes());
            let note = read(&record, &Columns::default())?;
            let context = note.context(&crate::model::Context::default());
            Ok((note.patient_id.map(Cow::into_owned), context))
        };
        let known = |more: &str| read(more).map_err(|reason: Reason| reason.to_string()).unwrap();
        let day = |more: &str| known(more).1.service_date.map(|day| day.to_string());
        for (more, expected) in [
            (r#""service_date":"2024-03-10""#, Some("2024-03-10")),
            (r#""service_date":"2024-03-10T08:30:00Z""#, Some("2024-03-10")),
            (r#""service_date":"2024-03-10 08:30""#, Some("2024-03-10")),
            (r#""service_date":20240310"#, Some("2024-03-10")),
            (r#""service_date":"""#, None),
            (r#""service_date":null"#, None),
        ] {
            assert_eq!(day(more).as_deref(), expected, "{more}");
        }
        assert_eq!(known(r#""patient_id":7"#).0.as_deref(), Some("7"));
        assert_eq!(known(r#""patient_id":"""#).0, None);
        let context = known(r#""setting":"asc","payer":"medicare""#).1;
        assert_eq!((context.setting, context.payer), (Some(Setting::Asc), Some(Payer::Medicare)));
        let context = known(r#""setting":"ward","payer":3"#).1;
        assert_eq!((context.setting, context.payer), (None, None));
        let ignore = known(r#""ignore":[{"rule":"NF003","reason":"outside report"}]"#).1.ignore;
        assert_eq!((ignore[0].rule.as_str(), ignore[0].reason.as_str()), ("NF003", "outside report"));
        assert_eq!(known(r#""ignore":null"#).1.ignore, []);
        for (more, reason) in [
            (
                r#""service_date":"2024-02-30""#,
                "the field `service_date` does not hold a day as YYYY-MM-DD: correct it where it was made",
            ),
            (
                r#""service_date":"SECRET""#,
                "the field `service_date` does not hold a day as YYYY-MM-DD: correct it where it was made",
            ),
            (
                r#""service_date":[1]"#,
                "the field `service_date` does not hold a day as YYYY-MM-DD: correct it where it was made",
            ),
            (
                r#""ignore":["SECRET"]"#,
                "the field `ignore` does not hold a list of objects with the texts `rule` and `reason`: correct it where it was made",
            ),
        ] {
            assert_eq!(read(more).unwrap_err().to_string(), reason, "{more}");
        }
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
            (b"{\"text\":\"SECRET\r\n", broken(15, "the line ends too early")),
            (b"{\"note_id\":\"b\",\"text\":\"x\"\n", broken(25, "the line ends too early")),
            (br#"{"text":SECRET}"#, broken(9, "not valid JSON")),
            (br#"{"text":"a"} SECRET"#, broken(14, "not valid JSON")),
            (br#"{"text":"\ud800 SECRET"}"#, broken(16, "not valid JSON")),
        ];
        for (bytes, reason) in cases {
            let error = read(&line(bytes), &Columns::default()).unwrap_err();
            assert_eq!(&error, reason, "{}", String::from_utf8_lossy(bytes));
            assert!(!error.to_string().contains("SECRET"));
        }
    }

    #[test]
    fn deep_nesting_is_an_error_or_passed_over() {
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        let record = line(format!(r#"{{"x":{deep},"text":"a"}}"#).as_bytes());
        assert_eq!(&*read(&record, &Columns::default()).unwrap().text, "a");
        let record = line(format!(r#"{{"text":{deep}}}"#).as_bytes());
        assert!(read(&record, &Columns::default()).is_err());
    }
}
