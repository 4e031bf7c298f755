//! A note as clients send it, and its audit as they get it: the same for one note, a line of a stream, a session.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, SchemaType, Type};
use utoipa::{IntoParams, PartialSchema, ToSchema};

use crate::checks::{Rules, UnknownContractor};
use crate::model::{Audit, Context, Date, IgnoredRule, NoteType, Payer, Setting};
use crate::pipeline::Defect;
use crate::report::AuditJson;
use crate::text::{Offsets, Unit};

use super::app::App;
use super::parse::parse;
use super::problem::{Kind, Problem};

/// The id of a note that is sent without one.
pub(super) const UNNAMED: &str = "note";

/// A note, and what is known of it. Members that are not listed here are passed over, as in files of JSON Lines.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names of the contract")]
pub(super) struct Note {
    /// The note.
    #[schema(required = true, nullable = false, value_type = String)]
    text: Option<String>,
    /// Its id, which comes back with its audit.
    note_id: Option<Id>,
    /// What it was written for; read from the text where it is not given.
    note_type: Option<NoteType>,
    /// The day of service, `YYYY-MM-DD`; read from the text where it is not given.
    service_date: Option<Day>,
    /// Where the service was given.
    setting: Option<Setting>,
    /// Who pays.
    payer: Option<Payer>,
    /// The Medicare contractor whose coverage policies apply.
    #[schema(schema_with = contractors)]
    contractor: Option<String>,
    /// Rules that are set aside.
    ignore: Option<Vec<SetAside>>,
}

/// A rule that is set aside, and why.
#[derive(Debug, Deserialize, ToSchema)]
struct SetAside {
    /// The rule's code.
    rule: String,
    /// Why; without a reason nothing is set aside.
    reason: String,
}

/// An id: a text or a number.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Id {
    Text(String),
    Number(serde_json::Number),
}

impl PartialSchema for Id {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(SchemaType::from_iter([Type::String, Type::Number])).into()
    }
}

impl ToSchema for Id {}

/// A day, as `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug)]
struct Day(Date);

impl PartialSchema for Day {
    fn schema() -> RefOr<Schema> {
        let format = SchemaFormat::KnownFormat(KnownFormat::Date);
        ObjectBuilder::new().schema_type(Type::String).format(Some(format)).into()
    }
}

impl ToSchema for Day {}

/// The keys of Medicare's contractors.
fn contractors() -> RefOr<Schema> {
    // The project's tests rule out that there are none.
    let keys = Rules::embedded()
        .map(|rules| rules.contractors().keys().into_iter().map(ToOwned::to_owned).collect::<Vec<String>>());
    let nullable = SchemaType::from_iter([Type::String, Type::Null]);
    let object = ObjectBuilder::new().schema_type(nullable);
    let keys = keys.unwrap_or_default().into_iter().map(serde_json::Value::from);
    object.enum_values(Some(keys.chain([serde_json::Value::Null]))).into()
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        let is_plain = text.len() == "YYYY-MM-DD".len();
        let day = text.parse().ok().filter(|_| is_plain);
        day.map(Self).ok_or_else(|| serde::de::Error::custom("no day"))
    }
}

/// What an answer counts offsets in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
pub(super) enum OffsetUnit {
    /// Bytes of UTF-8.
    #[default]
    #[serde(rename = "bytes")]
    Bytes,
    /// Code points, as in Python.
    #[serde(rename = "code_points")]
    CodePoints,
    /// UTF-16 units, as in JavaScript.
    #[serde(rename = "utf16")]
    Utf16,
}

impl From<OffsetUnit> for Unit {
    fn from(unit: OffsetUnit) -> Self {
        match unit {
            OffsetUnit::Bytes => Self::Bytes,
            OffsetUnit::CodePoints => Self::CodePoints,
            OffsetUnit::Utf16 => Self::Utf16,
        }
    }
}

/// How an audit is put out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct View {
    /// What offsets count.
    #[param(inline)]
    pub(super) offsets: OffsetUnit,
    /// Whether words of the note are in the answer.
    pub(super) text: bool,
}

impl Default for View {
    fn default() -> Self {
        Self { offsets: OffsetUnit::Bytes, text: true }
    }
}

impl Note {
    /// The note of a JSON object.
    pub(super) fn read(body: &[u8]) -> Result<Self, Problem> {
        let note: Self = parse(body, &members())?;
        if note.text.is_none() {
            return Err(Problem::new(Kind::Invalid).with("the member `text` is missing: it holds the note"));
        }
        Ok(note)
    }

    pub(super) fn text(&self) -> &str {
        self.text.as_deref().unwrap_or_default()
    }

    /// Its id, where it has one.
    fn id(&self) -> Option<Cow<'_, str>> {
        match self.note_id.as_ref()? {
            Id::Text(text) => (!text.is_empty()).then_some(Cow::Borrowed(text)),
            Id::Number(number) => Some(Cow::Owned(number.to_string())),
        }
    }

    /// What is known of it; for the rest, what is known of all notes.
    pub(super) fn context(&self, app: &App) -> Result<Context, Problem> {
        let of_all = app.context();
        if let Some(key) = &self.contractor {
            // The key is not told again: it could be a word of a note.
            let unknown = |error: UnknownContractor| {
                Problem::new(Kind::Invalid).with(format!("`contractor` must be one of {}", error.known))
            };
            app.engine.rules().contractors().check(key).map_err(unknown)?;
        }
        let ignore = self.ignore.iter().flatten();
        let ignore = ignore
            .map(|SetAside { rule, reason }| IgnoredRule { rule: rule.clone(), reason: reason.clone() });
        Ok(Context {
            note_type: self.note_type.or(of_all.note_type),
            service_date: self.service_date.map(|day| day.0).or(of_all.service_date),
            setting: self.setting.or(of_all.setting),
            payer: self.payer.or(of_all.payer),
            contractor: self.contractor.clone().or(of_all.contractor),
            ignore: ignore.chain(of_all.ignore).collect(),
            ..of_all
        })
    }

    /// Adds its audit to `out`; `unnamed` is its id where it has none.
    pub(super) fn audit(
        &self,
        app: &App,
        view: View,
        unnamed: &str,
        out: &mut Vec<u8>,
    ) -> Result<(), Problem> {
        let context = self.asked(app)?;
        let audit = app.engine.guarded(|engine| engine.audit(self.text(), &context));
        self.answer(app, view, unnamed, audit, out)
    }

    /// What is known of it, where the engine may be asked for its audit.
    pub(super) fn asked(&self, app: &App) -> Result<Context, Problem> {
        fits(self.text(), app)?;
        self.context(app)
    }

    /// Adds what the engine gave for it to `out`; `unnamed` is its id where it has none.
    pub(super) fn answer(
        &self,
        app: &App,
        view: View,
        unnamed: &str,
        audit: Result<Audit, Defect>,
        out: &mut Vec<u8>,
    ) -> Result<(), Problem> {
        let text = self.text();
        let audit = audit.map_err(|_| {
            Problem::new(Kind::Internal).with("the engine failed on this note: please report it")
        })?;
        app.metrics.audited(1, text.len() as u64);
        let offsets = (view.offsets != OffsetUnit::Bytes).then(|| Offsets::new(text, view.offsets.into()));
        let id = self.id();
        let json = AuditJson {
            rules: app.engine.rules(),
            note_id: id.as_deref().unwrap_or(unnamed),
            note: text,
            audit: &audit,
            text: view.text,
            offsets: offsets.as_ref(),
        };
        // Writing to memory cannot fail.
        let _ = serde_json::to_writer(out, &json);
        Ok(())
    }
}

/// Refuses a note that is too long.
pub(super) fn fits(text: &str, app: &App) -> Result<(), Problem> {
    if text.len() <= app.limits.note {
        return Ok(());
    }
    let detail = format!("a note may have {} bytes", app.limits.note);
    Err(Problem::new(Kind::TooLarge).with(detail))
}

/// What each member must hold.
fn members() -> [(&'static str, String); 8] {
    let names = |names: Vec<&str>| format!("one of {}", names.join(", "));
    [
        ("text", "a text: the note".to_owned()),
        ("note_id", "a text or a number".to_owned()),
        ("note_type", names(NoteType::ALL.iter().map(|value| value.name()).collect())),
        ("service_date", "a day of the calendar as YYYY-MM-DD".to_owned()),
        ("setting", names(Setting::ALL.iter().map(|value| value.name()).collect())),
        ("payer", names(Payer::ALL.iter().map(|value| value.name()).collect())),
        ("contractor", "a text: the key of a Medicare contractor".to_owned()),
        ("ignore", "a list of objects with the texts `rule` and `reason`".to_owned()),
    ]
}
