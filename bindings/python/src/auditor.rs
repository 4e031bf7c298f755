//! An engine with its settings, and the audit of one note.

use std::sync::Arc;

use foramen::Engine;
use foramen::checks::Settings;
use foramen::lexicon::Lexicon;
use foramen::model::{Audit, Context, Date, IgnoredRule, NoteType, Payer, Setting};
use foramen::report::AuditJson;
use foramen::text::{Offsets, Unit};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;

use crate::errors;

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
    #[pyo3(signature = (*, lexicons, cpt_labels, packs, select, ignore, setting, payer, contractor, service_date))]
    #[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn new(
        py: Python<'_>,
        lexicons: Vec<(String, String)>,
        cpt_labels: Option<(String, String)>,
        packs: Option<Vec<String>>,
        select: Vec<String>,
        ignore: Vec<String>,
        setting: Option<&str>,
        payer: Option<&str>,
        contractor: Option<String>,
        service_date: Option<&str>,
    ) -> PyResult<Self> {
        let of_all = Context {
            service_date: day(service_date)?,
            today: Some(jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()),
            setting: errors::named("setting", setting, Setting::ALL, Setting::name)?,
            payer: errors::named("payer", payer, Payer::ALL, Payer::name)?,
            contractor,
            ..Context::default()
        };
        let settings = Settings { packs, select, ignore, ..Settings::default() };
        let engine = py.detach(|| build(&lexicons, cpt_labels.as_ref(), settings))?;
        if let Some(key) = &of_all.contractor {
            let keys = engine.rules().contractors().keys();
            if !keys.contains(&key.as_str()) {
                let message = format!("no contractor of that name: there are {}", keys.join(", "));
                return Err(PyValueError::new_err(message));
            }
        }
        Ok(Self { engine: Arc::new(engine), of_all })
    }

    /// Audits one note.
    #[pyo3(signature = (text, *, note_id, note_type, service_date, setting, payer, ignore))]
    #[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn audit(
        &self,
        py: Python<'_>,
        text: PyBackedStr,
        note_id: String,
        note_type: Option<&str>,
        service_date: Option<&str>,
        setting: Option<&str>,
        payer: Option<&str>,
        ignore: Vec<(String, String)>,
    ) -> PyResult<NoteAudit> {
        let context = Context {
            note_type: errors::named("note type", note_type, NoteType::ALL, NoteType::name)?,
            service_date: day(service_date)?.or(self.of_all.service_date),
            setting: errors::named("setting", setting, Setting::ALL, Setting::name)?.or(self.of_all.setting),
            payer: errors::named("payer", payer, Payer::ALL, Payer::name)?.or(self.of_all.payer),
            ignore: ignore.into_iter().map(|(rule, reason)| IgnoredRule { rule, reason }).collect(),
            ..self.of_all.clone()
        };
        let audit = py.detach(|| self.engine.audit(&text, &context));
        Ok(NoteAudit { engine: self.engine.clone(), note_id, text, audit })
    }

    /// Codes and titles of the rules that it checks.
    fn rules(&self) -> Vec<(String, String)> {
        self.engine.rules().iter().map(|rule| (rule.code.clone(), rule.title.clone())).collect()
    }
}

/// What one note gave.
#[pyclass(frozen, module = "foramen._native")]
pub(crate) struct NoteAudit {
    engine: Arc<Engine>,
    note_id: String,
    text: PyBackedStr,
    audit: Audit,
}

#[pymethods]
impl NoteAudit {
    /// The contract's JSON, its offsets in code points; without `text` no word of the note is in it.
    fn json(&self, text: bool) -> PyResult<String> {
        let offsets = Offsets::new(&self.text, Unit::CodePoints);
        let line = AuditJson {
            rules: self.engine.rules(),
            note_id: &self.note_id,
            note: &self.text,
            audit: &self.audit,
            text,
            offsets: Some(&offsets),
        };
        serde_json::to_string(&line).map_err(|error| errors::ForamenError::new_err(error.to_string()))
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
        let wrong = |error: foramen::codes::CodesError| errors::SettingsError::new_err(error.to_string());
        engine.load_cpt_labels(file, text).map_err(wrong)?;
    }
    Ok(engine)
}

fn day(text: Option<&str>) -> PyResult<Option<Date>> {
    let wrong = |_| PyValueError::new_err("the day of service is no day of the calendar as YYYY-MM-DD");
    text.map(|text| text.parse().map_err(wrong)).transpose()
}
