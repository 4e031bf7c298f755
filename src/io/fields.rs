//! From what a record says in its fields to its note: one way for JSON, CSV and Parquet.
//!
//! A reader of a format fills [`Fields`] with the values of the columns that count; [`Fields::note`] checks them.

use std::borrow::Cow;

use serde::Deserialize;

use crate::model::{Date, IgnoredRule, NoteType, Payer, Setting};

use super::{Column, Columns, Encoding, Note, Reason, Record};

/// A value as far as it matters.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Scalar<'r> {
    Text(Cow<'r, str>),
    /// A number as it is written.
    Number(String),
    Day(Date),
    /// No value.
    Null,
    /// What else it is.
    Other(&'static str),
}

impl<'r> Scalar<'r> {
    /// A number as it is written: a whole one without its point, as tables keep ids in columns that have gaps.
    pub(super) fn number(number: f64) -> Self {
        Self::Number(number.to_string())
    }

    /// A text that is not empty, or a number.
    fn into_id(self) -> Option<Cow<'r, str>> {
        match self {
            Self::Text(id) => Some(id).filter(|id| !id.is_empty()),
            Self::Number(number) => Some(number.into()),
            Self::Day(_) | Self::Null | Self::Other(_) => None,
        }
    }

    /// The value of this name.
    fn named<T: Copy>(&self, values: &[T], name: impl Fn(T) -> &'static str) -> Option<T> {
        let Self::Text(text) = self else { return None };
        values.iter().copied().find(|value| name(*value) == text)
    }

    /// A day; a time that follows it is passed over. Null and an empty text are none.
    fn into_day(self, field: &str) -> Result<Option<Date>, Reason> {
        let wrong = || Reason::WrongField { field: field.to_owned(), wanted: "a day as YYYY-MM-DD" };
        let text = match self {
            Self::Null => return Ok(None),
            Self::Day(day) => return Ok(Some(day)),
            Self::Text(text) => text,
            Self::Number(number) => number.into(),
            Self::Other(_) => return Err(wrong()),
        };
        let day = text.trim().split(['T', ' ']).next().unwrap_or_default();
        if day.is_empty() {
            return Ok(None);
        }
        day.parse().map(Some).map_err(|_| wrong())
    }

    const fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Number(_) => "a number",
            Self::Day(_) => "a day",
            Self::Null => "null",
            Self::Other(kind) => kind,
        }
    }

    fn into_owned<'o>(self) -> Scalar<'o> {
        match self {
            Self::Text(text) => Scalar::Text(text.into_owned().into()),
            Self::Number(number) => Scalar::Number(number),
            Self::Day(day) => Scalar::Day(day),
            Self::Null => Scalar::Null,
            Self::Other(kind) => Scalar::Other(kind),
        }
    }
}

/// What a record holds in the fields that count.
#[derive(Debug, Default)]
pub(super) struct Fields<'r> {
    values: [Option<Scalar<'r>>; Column::ALL.len()],
    /// The rules that are set aside, from a format that has lists.
    ignore: Option<serde_json::Value>,
}

impl<'r> Fields<'r> {
    /// Takes the value of a column; the last one counts.
    pub(super) fn set(&mut self, column: Column, value: Scalar<'r>) {
        self.values[column as usize] = Some(value);
    }

    /// Takes the list of rules that are set aside, from a format that has lists.
    pub(super) fn set_ignore(&mut self, list: serde_json::Value) {
        self.ignore = Some(list);
    }

    fn take(&mut self, column: Column) -> Option<Scalar<'r>> {
        self.values[column as usize].take()
    }

    pub(super) fn into_owned<'o>(self) -> Fields<'o> {
        Fields { values: self.values.map(|value| value.map(Scalar::into_owned)), ignore: self.ignore }
    }

    /// The note of `record`; `columns` names the fields in what is said of wrong ones.
    pub(super) fn note(
        mut self,
        record: &Record,
        columns: &Columns,
        encoding: Encoding,
    ) -> Result<Note<'r>, Reason> {
        let field = |column| columns.name(column).to_owned();
        let text = match self.take(Column::Text) {
            Some(Scalar::Text(text)) => text,
            Some(other) => return Err(Reason::NotText { field: field(Column::Text), found: other.kind() }),
            None => return Err(Reason::MissingField(field(Column::Text))),
        };
        let made_up = || format!("{}:{}", record.name, record.place.record.unwrap_or(1)).into();
        let id = self.take(Column::Id).and_then(Scalar::into_id).unwrap_or_else(made_up);
        let service_date = self.take(Column::ServiceDate).unwrap_or(Scalar::Null);
        Ok(Note {
            note_type: self.take(Column::NoteType).and_then(|name| name.named(NoteType::ALL, NoteType::name)),
            patient_id: self.take(Column::PatientId).and_then(Scalar::into_id),
            provider: self.take(Column::Provider).and_then(Scalar::into_id),
            facility: self.take(Column::Facility).and_then(Scalar::into_id),
            service_date: service_date.into_day(columns.name(Column::ServiceDate))?,
            setting: self.take(Column::Setting).and_then(|name| name.named(Setting::ALL, Setting::name)),
            payer: self.take(Column::Payer).and_then(|name| name.named(Payer::ALL, Payer::name)),
            ignore: self.ignored().ok_or_else(|| Reason::WrongField {
                field: field(Column::Ignore),
                wanted: "a list of objects with the texts `rule` and `reason`",
            })?,
            ..Note::of_text(id, text, encoding, record.place.clone())
        })
    }

    /// The rules that are set aside; `None` where what is there is no list of them.
    fn ignored(mut self) -> Option<Vec<IgnoredRule>> {
        #[derive(Deserialize)]
        struct Entry {
            rule: String,
            reason: String,
        }
        let cell = self.take(Column::Ignore);
        let entries: Option<Vec<Entry>> = match (self.ignore, cell) {
            (Some(list), _) => serde_json::from_value(list).ok()?,
            (None, None | Some(Scalar::Null)) => None,
            (None, Some(Scalar::Text(text))) if text.is_empty() => None,
            (None, Some(Scalar::Text(text))) => serde_json::from_str(&text).ok()?,
            (None, Some(_)) => return None,
        };
        let entries = entries.unwrap_or_default().into_iter();
        Some(entries.map(|Entry { rule, reason }| IgnoredRule { rule, reason }).collect())
    }
}
