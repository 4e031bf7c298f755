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

use super::{Limit, Rules, RulesError};
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

impl Rules {
    /// The rules that the settings switch on, with the limits that they set; all others are gone.
    ///
    /// # Errors
    /// When the settings name a pack or a rule that there is not.
    pub fn chosen(mut self, settings: &Settings) -> Result<Self, RulesError> {
        for name in settings.packs.iter().flatten().filter(|name| self.pack(name).is_none()) {
            let known: Vec<&str> = self.packs.iter().map(|pack| pack.name.as_str()).collect();
            return Err(RulesError::NoPack { name: name.clone(), known: known.join(", ") });
        }
        let codes = settings.select.iter().chain(&settings.ignore);
        for code in codes.filter(|code| !self.iter().any(|rule| begins(&rule.code, code))) {
            return Err(RulesError::NoRule { code: code.clone() });
        }
        for pack in &mut self.packs {
            let is_on = match &settings.packs {
                Some(packs) => packs.contains(&pack.name),
                None => pack.is_default,
            };
            let is_selected = |code: &str| settings.select.iter().any(|start| begins(code, start));
            let is_ignored = |code: &str| settings.ignore.iter().any(|start| begins(code, start));
            let is_wanted = |code: &str| if settings.select.is_empty() { is_on } else { is_selected(code) };
            pack.rules.retain(|rule| is_wanted(&rule.code) && !is_ignored(&rule.code));
        }
        self.packs.retain(|pack| !pack.rules.is_empty());
        self.limits.overlay(&settings.limits);
        Ok(self)
    }
}

/// Whether a code is `start` or begins with it. Case does not matter.
fn begins(code: &str, start: &str) -> bool {
    code.get(..start.len()).is_some_and(|head| !start.is_empty() && head.eq_ignore_ascii_case(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(settings: &Settings) -> Vec<String> {
        let rules = Rules::embedded().unwrap().chosen(settings).unwrap();
        rules.iter().map(|rule| rule.code.clone()).collect()
    }

    #[test]
    fn packs_codes_and_beginnings_of_codes_choose_rules() {
        let list = |codes: &[&str]| codes.iter().map(|&code| code.to_owned()).collect::<Vec<_>>();
        let default = codes(&Settings::default());
        assert!(default.contains(&"NF001".to_owned()) && !default.iter().any(|code| code.starts_with("ESI")));
        let neuroforamen = Settings { packs: Some(list(&["neuroforamen"])), ..Settings::default() };
        assert_eq!(codes(&neuroforamen), ["NF001", "NF002", "NF003", "NF004"]);
        let ignored = Settings { ignore: list(&["nf00", "NC"]), ..neuroforamen.clone() };
        assert_eq!(codes(&ignored), [""; 0]);
        let selected = Settings { select: list(&["NF003", "ESI001"]), ignore: vec![], ..Settings::default() };
        assert_eq!(codes(&selected), ["NF003", "ESI001"]);
        let both = Settings { select: list(&["NF"]), ignore: list(&["NF004"]), ..Settings::default() };
        assert_eq!(codes(&both), ["NF001", "NF002", "NF003"]);
    }

    #[test]
    fn what_there_is_not_cannot_be_chosen() {
        let error =
            |settings: Settings| Rules::embedded().unwrap().chosen(&settings).unwrap_err().to_string();
        let pack = error(Settings { packs: Some(vec!["lcd".into()]), ..Settings::default() });
        assert!(pack.starts_with("no pack `lcd`: there are neuroforamen, "), "{pack}");
        for settings in [
            Settings { select: vec!["NF9".into()], ..Settings::default() },
            Settings { ignore: vec!["NF9".into()], ..Settings::default() },
        ] {
            assert!(error(settings).starts_with("no rule `NF9`"));
        }
        assert!(
            error(Settings { ignore: vec![String::new()], ..Settings::default() }).starts_with("no rule ``")
        );
    }
}
