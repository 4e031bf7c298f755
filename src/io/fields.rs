//! From what a record says in its fields to its note: one way for JSON, CSV and Parquet.
//!
//! A reader of a format fills [`Fields`] with the values of the columns that count; [`Fields::note`] checks them.

use std::borrow::Cow;

use serde::Deserialize;

use crate::model::{Date, IgnoredRule, NoteType, Payer, Setting};

use super::columns::Role;
use super::{Columns, Encoding, Note, Reason, Record};

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
    text: Option<Scalar<'r>>,
    id: Option<Scalar<'r>>,
    note_type: Option<Scalar<'r>>,
    patient_id: Option<Scalar<'r>>,
    provider: Option<Scalar<'r>>,
    facility: Option<Scalar<'r>>,
    service_date: Option<Scalar<'r>>,
    setting: Option<Scalar<'r>>,
    payer: Option<Scalar<'r>>,
    ignore: Option<Ignore<'r>>,
}

/// The list of rules that a record sets aside.
#[derive(Debug)]
enum Ignore<'r> {
    Json(serde_json::Value),
    Cell(Scalar<'r>),
}

impl<'r> Fields<'r> {
    /// Takes the value of a column; the last one counts.
    pub(super) fn set(&mut self, role: Role, value: Scalar<'r>) {
        let field = match role {
            Role::Text => &mut self.text,
            Role::Id => &mut self.id,
            Role::NoteType => &mut self.note_type,
            Role::PatientId => &mut self.patient_id,
            Role::Provider => &mut self.provider,
            Role::Facility => &mut self.facility,
            Role::ServiceDate => &mut self.service_date,
            Role::Setting => &mut self.setting,
            Role::Payer => &mut self.payer,
            Role::Ignore => return self.ignore = Some(Ignore::Cell(value)),
        };
        *field = Some(value);
    }

    /// Takes the list of rules that are set aside, from a format that has lists.
    pub(super) fn set_ignore(&mut self, list: serde_json::Value) {
        self.ignore = Some(Ignore::Json(list));
    }

    pub(super) fn into_owned<'o>(self) -> Fields<'o> {
        let owned = |scalar: Option<Scalar<'_>>| scalar.map(Scalar::into_owned);
        Fields {
            text: owned(self.text),
            id: owned(self.id),
            note_type: owned(self.note_type),
            patient_id: owned(self.patient_id),
            provider: owned(self.provider),
            facility: owned(self.facility),
            service_date: owned(self.service_date),
            setting: owned(self.setting),
            payer: owned(self.payer),
            ignore: self.ignore.map(|ignore| match ignore {
                Ignore::Json(list) => Ignore::Json(list),
                Ignore::Cell(cell) => Ignore::Cell(cell.into_owned()),
            }),
        }
    }

    /// The note of `record`; `columns` names the fields in what is said of wrong ones.
    pub(super) fn note(
        self,
        record: &Record,
        columns: &Columns,
        encoding: Encoding,
    ) -> Result<Note<'r>, Reason> {
        let text = match self.text {
            Some(Scalar::Text(text)) => text,
            Some(other) => return Err(Reason::NotText { field: columns.text.clone(), found: other.kind() }),
            None => return Err(Reason::MissingField(columns.text.clone())),
        };
        let made_up = || format!("{}:{}", record.name, record.place.record.unwrap_or(1)).into();
        let id = self.id.and_then(Scalar::into_id).unwrap_or_else(made_up);
        Ok(Note {
            note_type: self.note_type.and_then(|name| name.named(NoteType::ALL, NoteType::name)),
            patient_id: self.patient_id.and_then(Scalar::into_id),
            provider: self.provider.and_then(Scalar::into_id),
            facility: self.facility.and_then(Scalar::into_id),
            service_date: self.service_date.map_or(Ok(None), |day| day.into_day(&columns.service_date))?,
            setting: self.setting.and_then(|name| name.named(Setting::ALL, Setting::name)),
            payer: self.payer.and_then(|name| name.named(Payer::ALL, Payer::name)),
            ignore: self.ignore.map_or(Some(Vec::new()), Ignore::rules).ok_or_else(|| {
                Reason::WrongField {
                    field: columns.ignore.clone(),
                    wanted: "a list of objects with the texts `rule` and `reason`",
                }
            })?,
            ..Note::of_text(id, text, encoding, record.place.clone())
        })
    }
}

impl Ignore<'_> {
    /// The rules; `None` where it is no list of them.
    fn rules(self) -> Option<Vec<IgnoredRule>> {
        #[derive(Deserialize)]
        struct Entry {
            rule: String,
            reason: String,
        }
        let entries: Option<Vec<Entry>> = match self {
            Self::Json(list) => serde_json::from_value(list).ok()?,
            Self::Cell(Scalar::Null) => None,
            Self::Cell(Scalar::Text(text)) if text.is_empty() => None,
            Self::Cell(Scalar::Text(text)) => serde_json::from_str(&text).ok()?,
            Self::Cell(_) => return None,
        };
        let entries = entries.unwrap_or_default().into_iter();
        Some(entries.map(|Entry { rule, reason }| IgnoredRule { rule, reason }).collect())
    }
}
