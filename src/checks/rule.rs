//! One rule as data: its code and words, the days that it holds for, the notes that show it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Limit;
use crate::model::{Date, Element, FlagLevel, NoteType, Payer, Setting};

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its stable code.
    pub code: String,
    /// What a note that breaks it has.
    pub title: String,
    /// How much it weighs.
    pub level: FlagLevel,
    /// The element that it requires, for rules whose breach is a gap.
    pub element: Option<Element>,
    /// When it speaks.
    pub summary: String,
    /// Why it matters.
    pub why: String,
    /// On whose word.
    pub sources: Vec<String>,
    /// First day of service that it holds for, `YYYY-MM-DD`.
    pub effective_from: Option<String>,
    /// Last day of service that it holds for, `YYYY-MM-DD`.
    pub effective_to: Option<String>,
    /// The setting that tunes it.
    pub setting: Option<String>,
    /// The limits that it measures by, each a setting.
    #[serde(default)]
    pub limits: Vec<Limit>,
    /// What is often said of its matter, and is wrong or stale.
    pub correction: Option<String>,
    /// The codes that it names, each list under what its codes are to the rule.
    #[serde(default)]
    pub codes: BTreeMap<String, Vec<String>>,
    /// How its gap is asked for.
    pub query: Option<QueryTemplate>,
    /// What its flag says; names in braces stand for values.
    pub message: Option<String>,
    /// A note that breaks it.
    pub bad: Example,
    /// A note that keeps it, and every other rule of its pack.
    pub good: Example,
}

impl Rule {
    /// Whether it holds for services of a day; where none is known, whether it holds still.
    pub fn is_in_effect(&self, day: Option<Date>) -> bool {
        if !self.is_dated() {
            return true;
        }
        // Days as `YYYY-MM-DD` compare as texts.
        let day = day.map(|day| day.to_string());
        let begun = |from: &String| day.as_ref().is_none_or(|day| from <= day);
        let lasts = |to: &String| day.as_ref().is_some_and(|day| day <= to);
        self.effective_from.as_ref().is_none_or(begun) && self.effective_to.as_ref().is_none_or(lasts)
    }

    /// Whether it holds for a stretch of time only.
    pub const fn is_dated(&self) -> bool {
        self.effective_from.is_some() || self.effective_to.is_some()
    }
}

/// How an element is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct QueryTemplate {
    /// The element as the object of "please document".
    pub ask: String,
    /// The answers to choose from.
    pub options: Vec<String>,
    /// Whether the levels that the note itself names are answers too.
    #[serde(default)]
    pub levels_of_note: bool,
}

/// A note that shows a rule.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What the note was written for.
    pub note_type: NoteType,
    /// Its text.
    pub note: String,
    /// The day of service, `YYYY-MM-DD`, where the rule turns on it.
    pub service_date: Option<String>,
    /// The day on which it is read, `YYYY-MM-DD`.
    pub today: Option<String>,
    /// Where the service was given.
    pub setting: Option<Setting>,
    /// Who pays.
    pub payer: Option<Payer>,
    /// Earlier services of the patient: each its day, family, level and side.
    #[serde(default)]
    pub earlier: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_holds_from_its_first_day_to_its_last() {
        let example = r#"{ note_type = "other", note = "x" }"#;
        let rule = |days: &str| -> Rule {
            let text = format!(
                "code = \"A1\"\ntitle = \"t\"\nlevel = \"info\"\nsummary = \"s\"\nwhy = \"w\"\nsources = []\n\
                 bad = {example}\ngood = {example}\n{days}"
            );
            toml::from_str(&text).unwrap()
        };
        let dated = rule("effective_from = \"2021-12-05\"\neffective_to = \"2023-01-01\"");
        let undated = rule("");
        assert!(dated.is_dated() && !undated.is_dated());
        for (day, expected) in [
            ("2021-12-04", false),
            ("2021-12-05", true),
            ("2023-01-01", true),
            ("2023-01-02", false),
            ("unknown", false),
        ] {
            let day = day.parse().ok();
            assert_eq!((dated.is_in_effect(day), undated.is_in_effect(day)), (expected, true), "{day:?}");
        }
        assert!(rule("effective_from = \"2021-12-05\"").is_in_effect(None));
    }
}
