//! One JSON object a line: the note in one field, what is known of it in others, the rest passed over.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;

use crate::model::{Date, IgnoredRule, NoteType, Payer, Setting};

use super::decode::decode_line;
use super::{Columns, Encoding, Note, Reason, Record};

/// Reads the note of a JSON line.
pub(super) fn read<'r>(record: &'r Record, fields: &Columns) -> Result<Note<'r>, Reason> {
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
    fields: &Columns,
    encoding: Encoding,
) -> Result<Note<'r>, Reason> {
    let text = match found.text {
        Some(Scalar::Text(text)) => text,
        Some(other) => return Err(Reason::NotText { field: fields.text.clone(), found: other.kind() }),
        None => return Err(Reason::MissingField(fields.text.clone())),
    };
    let made_up = || format!("{}:{}", record.name, record.place.record.unwrap_or(1)).into();
    let id = found.id.and_then(Scalar::into_id).unwrap_or_else(made_up);
    Ok(Note {
        note_type: found.note_type.and_then(|name| name.named(NoteType::ALL, NoteType::name)),
        patient_id: found.patient_id.and_then(Scalar::into_id),
        provider: found.provider.and_then(Scalar::into_id),
        facility: found.facility.and_then(Scalar::into_id),
        service_date: found.service_date.map_or(Ok(None), |day| day.into_day(&fields.service_date))?,
        setting: found.setting.and_then(|name| name.named(Setting::ALL, Setting::name)),
        payer: found.payer.and_then(|name| name.named(Payer::ALL, Payer::name)),
        ignore: found.ignore.map_or(Ok(Vec::new()), |list| ignored(list, &fields.ignore))?,
        ..Note::of_text(id, text, encoding, record.place.clone())
    })
}

/// The rules that a record sets aside.
fn ignored(list: serde_json::Value, field: &str) -> Result<Vec<IgnoredRule>, Reason> {
    #[derive(Deserialize)]
    struct Entry {
        rule: String,
        reason: String,
    }
    let wanted = "a list of objects with the texts `rule` and `reason`";
    let entries: Option<Vec<Entry>> =
        serde_json::from_value(list).map_err(|_| Reason::WrongField { field: field.to_owned(), wanted })?;
    let entries = entries.unwrap_or_default().into_iter();
    Ok(entries.map(|Entry { rule, reason }| IgnoredRule { rule, reason }).collect())
}

fn parse<'l>(line: &'l str, fields: &Columns) -> Result<Found<'l>, Reason> {
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
    patient_id: Option<Scalar<'l>>,
    provider: Option<Scalar<'l>>,
    facility: Option<Scalar<'l>>,
    service_date: Option<Scalar<'l>>,
    setting: Option<Scalar<'l>>,
    payer: Option<Scalar<'l>>,
    ignore: Option<serde_json::Value>,
}

impl Found<'_> {
    fn into_owned<'o>(self) -> Found<'o> {
        let owned = |scalar: Option<Scalar<'_>>| scalar.map(Scalar::into_owned);
        Found {
            text: owned(self.text),
            id: owned(self.id),
            note_type: owned(self.note_type),
            patient_id: owned(self.patient_id),
            provider: owned(self.provider),
            facility: owned(self.facility),
            service_date: owned(self.service_date),
            setting: owned(self.setting),
            payer: owned(self.payer),
            ignore: self.ignore,
        }
    }
}

/// A value as far as it matters: text, number, or what else it is.
enum Scalar<'l> {
    Text(Cow<'l, str>),
    Number(serde_json::Number),
    Other(&'static str),
}

impl<'l> Scalar<'l> {
    /// A text that is not empty, or a number.
    fn into_id(self) -> Option<Cow<'l, str>> {
        match self {
            Self::Text(id) => Some(id).filter(|id| !id.is_empty()),
            Self::Number(number) => Some(number.to_string().into()),
            Self::Other(_) => None,
        }
    }

    /// The value of this name.
    fn named<T: Copy>(&self, values: &[T], name: impl Fn(T) -> &'static str) -> Option<T> {
        let Self::Text(text) = self else { return None };
        values.iter().copied().find(|value| name(*value) == text)
    }

    /// A day; a time that follows it is passed over. Null and an empty text are none.
    fn into_day(self, field: &str) -> Result<Option<Date>, Reason> {
        if matches!(self, Self::Other("null")) {
            return Ok(None);
        }
        let text = match self {
            Self::Text(text) => text,
            Self::Number(number) => number.to_string().into(),
            Self::Other(_) => "?".into(),
        };
        let day = text.trim().split(['T', ' ']).next().unwrap_or_default();
        if day.is_empty() {
            return Ok(None);
        }
        let wrong = |_| Reason::WrongField { field: field.to_owned(), wanted: "a day as YYYY-MM-DD" };
        day.parse().map(Some).map_err(wrong)
    }

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

struct ObjectSeed<'f>(&'f Columns);

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
            let Columns {
                text,
                id,
                note_type,
                patient_id,
                provider,
                facility,
                service_date,
                setting,
                payer,
                ignore,
            } = self.0;
            let field = match &*key {
                key if key == text => &mut found.text,
                key if key == id => &mut found.id,
                key if key == note_type => &mut found.note_type,
                key if key == patient_id => &mut found.patient_id,
                key if key == provider => &mut found.provider,
                key if key == facility => &mut found.facility,
                key if key == service_date => &mut found.service_date,
                key if key == setting => &mut found.setting,
                key if key == payer => &mut found.payer,
                key if key == ignore => {
                    found.ignore = Some(map.next_value()?);
                    continue;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            *field = Some(map.next_value_seed(ScalarSeed)?);
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
        let place = Place { file: "in/day.jsonl".into(), record: Some(7), offset: Some(99) };
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
        let fields = Columns { text: "body".into(), id: "key".into(), ..Columns::default() };
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
            (r#""service_date":"2024-02-30""#, "the field `service_date` does not hold a day as YYYY-MM-DD"),
            (r#""service_date":"SECRET""#, "the field `service_date` does not hold a day as YYYY-MM-DD"),
            (r#""service_date":[1]"#, "the field `service_date` does not hold a day as YYYY-MM-DD"),
            (
                r#""ignore":["SECRET"]"#,
                "the field `ignore` does not hold a list of objects with the texts `rule` and `reason`",
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
