//! What the user has set: which rules run, what they ask of whom, and the limits that they measure by.
//!
//! What is true of one note (its day, setting, payer, contractor) is not here but in [`crate::model::Context`].
//!
//! ```
//! use foramen::checks::{Rules, Settings};
//! let settings = Settings { ignore: vec!["NC".into()], ..Settings::default() };
//! let rules = Rules::embedded()?.chosen(&settings)?;
//! assert!(rules.get("NF001").is_some() && rules.get("NC001").is_none());
//! # Ok::<(), foramen::checks::RulesError>(())
//! ```

use std::collections::BTreeMap;

use super::Limit;
use crate::model::{CorrelationStatus, NoteType};

/// What the user has set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Types of note that owe a correlation of imaging and symptoms.
    pub correlation_owed_by: Vec<NoteType>,
    /// Whether imaging and symptoms that merely stand side by side count as correlated.
    pub implicit_counts: bool,
    /// The packs whose rules run; `None` for those that run by default.
    pub packs: Option<Vec<String>>,
    /// Codes, or beginnings of codes, of the only rules that run, of whichever pack; empty for all of the packs.
    pub select: Vec<String>,
    /// Codes, or beginnings of codes, of rules that do not run.
    pub ignore: Vec<String>,
    /// Limits other than those of the data.
    pub limits: BTreeMap<Limit, u32>,
}

impl Default for Settings {
    /// Clinic, procedure and operative notes owe a correlation, in words; the default packs run whole.
    fn default() -> Self {
        Self {
            correlation_owed_by: vec![NoteType::Clinic, NoteType::Procedure, NoteType::Operative],
            implicit_counts: false,
            packs: None,
            select: Vec::new(),
            ignore: Vec::new(),
            limits: BTreeMap::new(),
        }
    }
}

impl Settings {
    /// Whether imaging and symptoms count as correlated.
    pub(super) fn accepts(&self, correlation: Option<CorrelationStatus>) -> bool {
        match correlation {
            Some(CorrelationStatus::Explicit) => true,
            Some(CorrelationStatus::Implicit) => self.implicit_counts,
            Some(CorrelationStatus::None) | None => false,
        }
    }
}
