//! What the notes of each patient report as performed, gathered before the run that counts it.
//!
//! A first pass over the input reads procedures alone and keeps their facts: a day, a family, a place. So the notes
//! of a patient may stand in any order and in any file, and memory grows with procedures and not with text.
//!
//! ```
//! use foramen::batch::Histories;
//! use foramen::io::Source;
//! use foramen::{Engine, lexicon::Lexicon};
//! let engine = Engine::new(Lexicon::embedded()).unwrap();
//! let mut nothing = Source::open(vec![]).unwrap();
//! let histories = Histories::gather(&engine, &mut nothing, &Default::default());
//! assert_eq!(histories.of("P-1"), []);
//! ```

use std::collections::BTreeMap;

use crate::Engine;
use crate::io::{Note, Record, Reject};
use crate::model::EarlierService;

use super::run::{Options, gather};

/// Services of patients, by patient.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histories(BTreeMap<String, Vec<EarlierService>>);

impl Histories {
    /// Reads what the notes of `source` that name a patient report. What cannot be read is passed over: the run
    /// itself will tell.
    pub fn gather(
        engine: &Engine,
        source: &mut (impl Iterator<Item = Result<Record, Reject>> + Send),
        options: &Options,
    ) -> Self {
        let mut histories = Self::default();
        let services = |note: &Note<'_>| reported(engine, note, options);
        gather(source, options, services, |(patient, services)| {
            histories.0.entry(patient).or_default().extend(services);
        });
        for services in histories.0.values_mut() {
            services.sort_unstable();
            services.dedup();
        }
        histories
    }

    /// The services of a patient, by their days.
    pub fn of(&self, patient: &str) -> &[EarlierService] {
        self.0.get(patient).map_or(&[], Vec::as_slice)
    }
}

/// The patient of a note and what it reports; `None` where it names no patient or reports nothing.
fn reported(engine: &Engine, note: &Note<'_>, options: &Options) -> Option<(String, Vec<EarlierService>)> {
    let patient = note.patient_id.as_ref()?;
    let context = note.context(&options.context);
    let services = engine.guarded(|engine| engine.services(&note.text, &context)).ok()?;
    (!services.is_empty()).then(|| (patient.to_string(), services))
}
