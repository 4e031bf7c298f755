//! An engine with its settings.

use std::sync::Arc;

use foramen::Engine;
use foramen::batch::Options;
use foramen::checks::{Limit, Settings, counts_services};
use foramen::codes::CodesError;
use foramen::io::{Column, Columns, MAX_NOTE};
use foramen::lexicon::Lexicon;
use foramen::model::{Context, Date, IgnoredRule, NoteType, Payer, Setting};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3::types::PyString;

use crate::errors;
use crate::note::NoteAudit;
use crate::run::{Ask, Run};

/// An engine and what is known of all notes.
#[pyclass(frozen, module = "foramen._native")]
pub(crate) struct Auditor {
    engine: Arc<Engine>,
    of_all: Context,
}

#[pymethods]
impl Auditor {
    /// Builds the engine. `lexicons` and `cpt_labels` are pairs of a file's name and its text.
    #[new]
    #[pyo3(signature = (*, lexicons, cpt_labels, packs, select, ignore, correlation_owed_by, implicit_correlation_counts,
        limits, setting, payer, contractor, service_date))]
    #[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn new(
        py: Python<'_>,
        lexicons: Vec<(String, String)>,
        cpt_labels: Option<(String, String)>,
        packs: Option<Vec<String>>,
        select: Vec<String>,
        ignore: Vec<String>,
        correlation_owed_by: Option<Vec<String>>,
        implicit_correlation_counts: bool,
        limits: Vec<(String, u32)>,
        setting: Option<&str>,
        payer: Option<&str>,
        contractor: Option<String>,
        service_date: Option<&str>,
    ) -> PyResult<Self> {
        let of_all = Context {
            service_date: day(service_date).map_err(errors::value)?,
            setting: errors::named("setting", setting, Setting::ALL, Setting::name).map_err(errors::value)?,
            payer: errors::named("payer", payer, Payer::ALL, Payer::name).map_err(errors::value)?,
            contractor,
            ..Context::default()
        };
        let default = Settings::default();
        let owed_by = correlation_owed_by.map(|names| names.iter().map(|name| note_type(name)).collect());
        let settings = Settings {
            packs,
            select,
            ignore,
            correlation_owed_by: owed_by.unwrap_or(Ok(default.correlation_owed_by))?,
            implicit_counts: implicit_correlation_counts,
            limits: limits.iter().map(|(name, value)| Ok((limit(name)?, *value))).collect::<PyResult<_>>()?,
        };
        let engine = py.detach(|| build(&lexicons, cpt_labels.as_ref(), settings))?;
        if let Some(key) = &of_all.contractor {
            let known = engine.rules().contractors().check(key);
            known.map_err(|unknown| errors::value(format!("contractor: {unknown}")))?;
        }
        Ok(Self { engine: Arc::new(engine), of_all })
    }

    /// Audits one note.
    #[pyo3(signature = (text, note_id, note_type, service_date, setting, payer, ignore))]
    #[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn audit(
        &self,
        py: Python<'_>,
        text: &Bound<'_, PyAny>,
        note_id: String,
        note_type: Option<&str>,
        service_date: Option<&str>,
        setting: Option<&str>,
        payer: Option<&str>,
        ignore: Vec<(String, String)>,
    ) -> PyResult<NoteAudit> {
        let text = note_text(text, &note_id)?;
        let of_all = self.known_today();
        let wrong = |told: String| errors::value_of(&note_id, &told);
        let note_type = errors::named("note_type", note_type, NoteType::ALL, NoteType::name);
        let setting = errors::named("setting", setting, Setting::ALL, Setting::name);
        let payer = errors::named("payer", payer, Payer::ALL, Payer::name);
        let context = Context {
            note_type: note_type.map_err(wrong)?,
            service_date: day(service_date).map_err(wrong)?.or(of_all.service_date),
            setting: setting.map_err(wrong)?.or(of_all.setting),
            payer: payer.map_err(wrong)?.or(of_all.payer),
            ignore: ignore.into_iter().map(|(rule, reason)| IgnoredRule { rule, reason }).collect(),
            ..of_all
        };
        let audited = py.detach(|| self.engine.guarded(|engine| engine.audit(&text, &context)));
        let audit = audited.map_err(|_| errors::defect(&errors::named_note(&note_id)))?;
        Ok(NoteAudit { engine: self.engine.clone(), note_id, text, audit })
    }

    /// Begins to audit the notes of a table; `earlier` is the table in which patients' earlier services are looked for.
    /// `columns` has names for what is not named as usual.
    #[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn run(
        &self,
        py: Python<'_>,
        data: &Bound<'_, PyAny>,
        earlier: Option<&Bound<'_, PyAny>>,
        columns: Vec<(String, String)>,
        name: &str,
        threads: Option<usize>,
        text: bool,
    ) -> PyResult<Run> {
        if threads == Some(0) {
            return Err(PyValueError::new_err("threads: at least 1"));
        }
        let ask = Ask {
            engine: self.engine.clone(),
            columns: named_columns(columns)?,
            name: name.to_owned(),
            options: Options { threads, context: self.known_today(), ..Options::default() },
            text,
        };
        ask.begin(py, data, earlier)
    }

    /// Whether a rule counts a patient's services.
    fn counts_services(&self) -> bool {
        counts_services(self.engine.rules())
    }

    /// Codes and titles of the rules that it checks.
    fn rules(&self) -> Vec<(String, String)> {
        self.engine.rules().iter().map(|rule| (rule.code.clone(), rule.title.clone())).collect()
    }
}

impl Auditor {
    /// What is known of all notes on this day. The only look at the clock: the engine has none.
    fn known_today(&self) -> Context {
        let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
        Context { today: Some(today), ..self.of_all.clone() }
    }
}

fn build(
    lexicons: &[(String, String)],
    cpt_labels: Option<&(String, String)>,
    settings: Settings,
) -> PyResult<Engine> {
    let mut lexicon = Lexicon::embedded();
    for (file, text) in lexicons {
        lexicon.overlay(file, text).map_err(|faults| errors::lexicon(&faults))?;
    }
    let mut engine = Engine::with_settings(lexicon, settings).map_err(|error| errors::engine(&error))?;
    if let Some((file, text)) = cpt_labels {
        let wrong = |error: CodesError| errors::SettingsError::new_err(error.to_string());
        engine.load_cpt_labels(file, text).map_err(wrong)?;
    }
    Ok(engine)
}

/// The text of a note, which lies in Python's own string.
fn note_text(text: &Bound<'_, PyAny>, note_id: &str) -> PyResult<PyBackedStr> {
    let which = errors::named_note(note_id);
    let Ok(string) = text.cast::<PyString>() else {
        let found = text.get_type().name()?;
        return Err(PyTypeError::new_err(format!("{which} must be a str, and is of type {found}")));
    };
    // What Python says of it holds the whole text.
    let text = PyBackedStr::try_from(string.clone()).map_err(|_| {
        PyValueError::new_err(format!("{which} holds half a surrogate pair, which stands for no character"))
    })?;
    if text.len() > MAX_NOTE {
        let length = text.len();
        let message =
            format!("{which} has {length} bytes of UTF-8; {MAX_NOTE} are the most that a note may have");
        return Err(PyValueError::new_err(message));
    }
    Ok(text)
}

fn named_columns(given: Vec<(String, String)>) -> PyResult<Columns> {
    let mut columns = Columns::default();
    for (column, name) in given {
        let Some(&column) = Column::ALL.iter().find(|known| known.name() == column) else {
            let known: Vec<&str> = Column::ALL.iter().map(|known| known.name()).collect();
            return Err(PyValueError::new_err(format!("columns: there are {}", known.join(", "))));
        };
        columns = columns.with(column, name);
    }
    Ok(columns)
}

fn note_type(name: &str) -> PyResult<NoteType> {
    let found = errors::named("correlation_owed_by", Some(name), NoteType::ALL, NoteType::name);
    found.map_err(errors::value)?.ok_or_else(|| PyValueError::new_err("no note type"))
}

fn limit(name: &str) -> PyResult<Limit> {
    serde_json::from_value(name.into()).map_err(|error| PyValueError::new_err(format!("limits: {error}")))
}

fn day(text: Option<&str>) -> Result<Option<Date>, String> {
    let wrong = |_| "service_date: no day of the calendar as YYYY-MM-DD".to_owned();
    text.map(|text| text.parse().map_err(wrong)).transpose()
}
