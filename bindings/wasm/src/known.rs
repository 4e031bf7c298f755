//! What a caller says of an engine and of a note, from JSON to the engine's own types. No error repeats a value that it
//! was given: it could be a word of a note.

use foramen::checks::Settings;
use foramen::lexicon::LexiconErrors;
use foramen::model::{Context, Date, IgnoredRule, NoteType, Payer, Setting};
use serde::Deserialize;

/// Why an engine could not be built, or a note not be audited.
#[derive(Debug, thiserror::Error)]
pub enum Wrong {
    /// What was given is no object of these keys, or one of them has a value of another type.
    #[error("{what}: give an object with none but these keys, each with a value of its type: {keys}")]
    Shape {
        /// What was given.
        what: &'static str,
        /// The keys that there are.
        keys: &'static str,
    },
    /// There is no value of this name.
    #[error("{key}: no such value: there are {names}")]
    Name {
        /// The key.
        key: &'static str,
        /// The names that there are.
        names: String,
    },
    /// This is no day.
    #[error("{key}: give a day of the calendar as YYYY-MM-DD")]
    Day {
        /// The key.
        key: &'static str,
    },
    /// A lexicon is not as it must be: file, line and column.
    #[error(transparent)]
    Lexicon(#[from] LexiconErrors),
    /// The settings name what there is not.
    #[error(transparent)]
    Engine(#[from] foramen::pipeline::EngineError),
    /// A table of labels is not as it must be: file and line.
    #[error(transparent)]
    Labels(#[from] foramen::codes::CodesError),
    /// An edit has no place in the draft.
    #[error(
        "no place {start} to {end} in the draft: count UTF-16 units of the text as it stands, between characters"
    )]
    Place {
        /// Start of the edit.
        start: u32,
        /// Its end.
        end: u32,
    },
    /// This is no id of a query.
    #[error("no such query: give its id as the last update has it, such as q1")]
    Query,
    /// The answer cannot be put into the draft.
    #[error(transparent)]
    Answer(#[from] foramen::session::ApplyError),
    /// The draft would be too long.
    #[error(transparent)]
    Edit(#[from] foramen::session::EditError),
    /// The result cannot be written.
    #[error("the result cannot be written as JSON")]
    Result(#[from] serde_json::Error),
}

/// A file by its name and text.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) text: String,
}

/// How an engine is built, and what is known of all its notes.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Options {
    pub(crate) lexicons: Vec<File>,
    pub(crate) cpt_labels: Option<File>,
    packs: Option<Vec<String>>,
    select: Vec<String>,
    ignore: Vec<String>,
    setting: Option<String>,
    payer: Option<String>,
    contractor: Option<String>,
    service_date: Option<String>,
}

impl Options {
    const KEYS: &str =
        "lexicons, cpt_labels, packs, select, ignore, setting, payer, contractor, service_date";

    /// Reads them; nothing at all stands for none.
    pub(crate) fn read(json: &str) -> Result<Self, Wrong> {
        read(json, Wrong::Shape { what: "options", keys: Self::KEYS })
    }

    pub(crate) fn settings(&self) -> Settings {
        Settings {
            packs: self.packs.clone(),
            select: self.select.clone(),
            ignore: self.ignore.clone(),
            ..Settings::default()
        }
    }

    /// What is known of all notes: `today` from the caller's clock, and the options.
    pub(crate) fn of_all(&self, today: Option<Date>) -> Result<Context, Wrong> {
        Ok(Context {
            service_date: day("service_date", self.service_date.as_deref())?,
            today,
            setting: named("setting", self.setting.as_deref(), Setting::ALL, Setting::name)?,
            payer: named("payer", self.payer.as_deref(), Payer::ALL, Payer::name)?,
            contractor: self.contractor.clone(),
            ..Context::default()
        })
    }
}

/// What is known of one note.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Known {
    pub(crate) note_id: String,
    note_type: Option<String>,
    service_date: Option<String>,
    setting: Option<String>,
    payer: Option<String>,
    contractor: Option<String>,
    ignore: Vec<Ignore>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ignore {
    rule: String,
    reason: String,
}

impl Known {
    const KEYS: &str =
        "note_id, note_type, service_date, setting, payer, contractor, ignore (a list of rule and reason)";

    /// Reads it; nothing at all stands for nothing known.
    pub(crate) fn read(json: &str) -> Result<Self, Wrong> {
        read(json, Wrong::Shape { what: "context", keys: Self::KEYS })
    }

    /// The context of the note, in place of what is said of all notes.
    pub(crate) fn over(self, of_all: &Context) -> Result<Context, Wrong> {
        Ok(Context {
            note_type: named("note_type", self.note_type.as_deref(), NoteType::ALL, NoteType::name)?,
            service_date: day("service_date", self.service_date.as_deref())?.or(of_all.service_date),
            setting: named("setting", self.setting.as_deref(), Setting::ALL, Setting::name)?
                .or(of_all.setting),
            payer: named("payer", self.payer.as_deref(), Payer::ALL, Payer::name)?.or(of_all.payer),
            contractor: self.contractor.or_else(|| of_all.contractor.clone()),
            ignore: self
                .ignore
                .into_iter()
                .map(|set| IgnoredRule { rule: set.rule, reason: set.reason })
                .collect(),
            ..of_all.clone()
        })
    }
}

fn read<T: Default + for<'de> Deserialize<'de>>(json: &str, wrong: Wrong) -> Result<T, Wrong> {
    if json.is_empty() { Ok(T::default()) } else { serde_json::from_str(json).map_err(|_| wrong) }
}

/// The value of this name; the error lists the names that there are.
pub(crate) fn named<T: Copy>(
    key: &'static str,
    given: Option<&str>,
    values: &[T],
    name: impl Fn(T) -> &'static str,
) -> Result<Option<T>, Wrong> {
    let Some(given) = given else { return Ok(None) };
    let found = values.iter().copied().find(|value| name(*value) == given);
    found.map(Some).ok_or_else(|| {
        let names: Vec<_> = values.iter().map(|value| name(*value)).collect();
        Wrong::Name { key, names: names.join(", ") }
    })
}

fn day(key: &'static str, given: Option<&str>) -> Result<Option<Date>, Wrong> {
    given.map(|day| day.parse().map_err(|_| Wrong::Day { key })).transpose()
}
