//! The manifest of a run: what its result depends on, and which parts of it are done.
//!
//! A part is done when the manifest names it: whatever else is in the folder was not finished and is thrown away when
//! the run goes on. The manifest is replaced whole, so that there is always one, the older or the newer.

use std::fs::File;
use std::io::{self, BufReader, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::Engine;
use crate::io::{Format, Reading};
use crate::model::{Context, Date};

use super::hash::hash;
use super::inputs::Inputs;
use super::part::{PartDone, PartSize};
use super::place::{sync_folder, write_whole};
use crate::tables::{Output, Outputs};

/// The manifest's file, in the run's own folder.
pub(super) const FILE: &str = "manifest.json";

/// The version of the manifest's form.
const SCHEMA: &str = "foramen.run/1";

/// What a run is bound to, and how far it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Manifest {
    schema: String,
    /// Whether the results are complete.
    pub(super) finished: bool,
    /// What the results depend on beside the inputs.
    pub(super) bound: Bound,
    /// What is read.
    pub(super) inputs: Inputs,
    /// The parts that are done, in the order of the input.
    pub(super) parts: Vec<PartDone>,
}

/// What the results of a run depend on beside its inputs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bound {
    /// The day that stands in for a day of service that is not known: that on which the run was begun.
    pub(super) today: Option<String>,
    /// All else, by name.
    pub(super) settings: Value,
}

impl Bound {
    /// What an audit by this engine of notes of this context depends on. What is not known to the engine, such as labels laid over its own, is
    /// added by [`Bound::with`].
    pub fn new(
        engine: &Engine,
        reading: &Reading,
        context: &Context,
        outputs: &Outputs,
        part: PartSize,
    ) -> Self {
        let settings = engine.settings();
        let rules: Vec<&str> = engine.rules().iter().map(|rule| rule.code.as_str()).collect();
        let settings = json!({
            "version": env!("CARGO_PKG_VERSION"),
            "lexicon": engine.lexicon().fingerprint(),
            "rules": rules,
            "limits": settings.limits,
            "correlation_owed_by": settings.correlation_owed_by,
            "implicit_correlation_counts": settings.implicit_counts,
            "input_format": reading.format.map(Format::name),
            "columns": reading.columns,
            "note_type": context.note_type,
            "service_date": context.service_date.map(|day| day.to_string()),
            "setting": context.setting,
            "payer": context.payer,
            "contractor": context.contractor,
            "ignore": context.ignore.iter().map(|rule| [&rule.rule, &rule.reason]).collect::<Vec<_>>(),
            "outputs": {
                "tables": outputs.tables.name(),
                "all": outputs.all().map(Output::name).collect::<Vec<_>>(),
                "text": outputs.text,
            },
            "part": part,
        });
        Self { today: context.today.map(|day| day.to_string()), settings }
    }

    /// Adds what else the results depend on.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        if let Value::Object(settings) = &mut self.settings {
            settings.insert(name.to_owned(), value.into());
        }
        self
    }

    /// A short name of what is too long to be kept, such as the bytes of a file.
    pub fn print(bytes: &[u8]) -> String {
        format!("{:016x}", hash(0, bytes))
    }

    /// What differs from what it was, by name, with both values where they are short. The day does not count: a run
    /// that goes on keeps its own.
    fn changes_from(&self, before: &Self) -> Vec<String> {
        let mut changes = Vec::new();
        differences("", &before.settings, &self.settings, &mut changes);
        changes
    }

    pub(super) fn today(&self) -> Option<Date> {
        self.today.as_ref()?.parse().ok()
    }
}

fn differences(name: &str, before: &Value, now: &Value, found: &mut Vec<String>) {
    if let (Value::Object(old), Value::Object(new)) = (before, now) {
        let mut keys: Vec<_> = old.keys().chain(new.keys().filter(|key| !old.contains_key(*key))).collect();
        keys.sort();
        for key in keys {
            let path = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
            let [old, new] = [old, new].map(|side| side.get(key).unwrap_or(&Value::Null));
            differences(&path, old, new, found);
        }
    } else if before != now {
        let (before, now) = (before.to_string(), now.to_string());
        let is_short = before.len() + now.len() < 80;
        found.push(if is_short { format!("{name} was {before}, is {now}") } else { name.to_owned() });
    }
}

impl Manifest {
    /// Of a run that begins.
    pub(super) fn new(bound: Bound, inputs: Inputs) -> Self {
        Self { schema: SCHEMA.to_owned(), finished: false, bound, inputs, parts: Vec::new() }
    }

    /// The manifest in a folder; `None` where there is none.
    ///
    /// # Errors
    /// When it cannot be read, or is none of this version.
    pub(super) fn read(folder: &Path) -> io::Result<Option<Self>> {
        let file = match File::open(folder.join(FILE)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let manifest: Self = serde_json::from_reader(BufReader::new(file))?;
        if manifest.schema == SCHEMA {
            Ok(Some(manifest))
        } else {
            Err(io::Error::other(format!("it has the form {}, not {SCHEMA}", manifest.schema)))
        }
    }

    /// Puts it in place of the older one.
    pub(super) fn write(&self, folder: &Path) -> io::Result<()> {
        write_whole(folder, FILE, |file| {
            serde_json::to_writer_pretty(&mut *file, self)?;
            file.write_all(b"\n")
        })?;
        sync_folder(folder)
    }

    /// What keeps a run of `bound` from going on with this one.
    pub(super) fn changes(&self, bound: &Bound) -> Vec<String> {
        bound.changes_from(&self.bound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bound(settings: Value) -> Bound {
        Bound { today: Some("2026-01-02".into()), settings }
    }

    #[test]
    fn changes_are_named() {
        let long = "x".repeat(80);
        let before = bound(json!({"version": "1", "columns": {"text": "a", "id": "b"}, "rules": [long]}));
        let manifest = Manifest::new(before.clone(), Inputs::default());
        assert_eq!(manifest.changes(&Bound { today: None, ..before }), Vec::<String>::new());
        let now = bound(json!({"version": "1", "columns": {"text": "c", "id": "b"}, "rules": []}));
        let now = now.with("labels", "d");
        let expected = ["columns.text was \"a\", is \"c\"", "labels was null, is \"d\"", "rules"];
        assert_eq!(manifest.changes(&now), expected);
    }

    #[test]
    fn what_is_written_is_read() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Manifest::read(folder.path()).unwrap(), None);
        let mut manifest = Manifest::new(bound(json!({"a": 1})), Inputs::default());
        manifest.parts.push(PartDone { records: 3, ..PartDone::default() });
        manifest.write(folder.path()).unwrap();
        assert_eq!(Manifest::read(folder.path()).unwrap().unwrap(), manifest);
        assert_eq!(manifest.bound.today().unwrap().to_string(), "2026-01-02");
        manifest.schema = "foramen.run/0".into();
        manifest.write(folder.path()).unwrap();
        assert!(Manifest::read(folder.path()).unwrap_err().to_string().contains("foramen.run/0"));
        std::fs::write(folder.path().join(FILE), "{").unwrap();
        assert!(Manifest::read(folder.path()).is_err());
    }
}
