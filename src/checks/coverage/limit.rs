//! What coverage policies measure by: days, percents, sessions, as `lexicons/codes/limits.csv` has them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::table::{Row, TableError, read};

/// A number that a coverage rule measures by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// Days of pain before an epidural injection.
    EsiSymptomDays,
    /// Days of conservative care before it.
    EsiCareDays,
    /// Levels of a session through the foramen.
    EsiTransforaminalLevels,
    /// Levels of a session by another approach.
    EsiInterlaminarLevels,
    /// Sessions of a region in twelve months.
    EsiSessions,
    /// Days between two sessions of a region.
    EsiRepeatDays,
    /// Percent of relief before a repeat.
    EsiReliefPercent,
    /// Months of relief before a repeat.
    EsiReliefMonths,
    /// Months of pain before a facet procedure.
    FacetSymptomMonths,
    /// Joint levels of a session.
    FacetLevels,
    /// Days between two diagnostic blocks of a region.
    FacetBlockDays,
    /// Percent of relief by a diagnostic block.
    FacetBlockPercent,
    /// Percent of relief before a repeated therapeutic injection.
    FacetReliefPercent,
    /// Months of relief before a repeated therapeutic injection.
    FacetReliefMonths,
    /// Diagnostic sessions of a region in twelve months.
    FacetDiagnosticSessions,
    /// Ablations of a region in twelve months.
    RfaSessions,
    /// Percent of relief before a repeated ablation.
    RfaReliefPercent,
    /// Months of relief before a repeated ablation.
    RfaReliefMonths,
}

impl Limit {
    /// Every limit, with its name in the table and in settings.
    pub const ALL: &'static [(Self, &'static str)] = &[
        (Self::EsiSymptomDays, "esi_symptom_days"),
        (Self::EsiCareDays, "esi_care_days"),
        (Self::EsiTransforaminalLevels, "esi_transforaminal_levels"),
        (Self::EsiInterlaminarLevels, "esi_interlaminar_levels"),
        (Self::EsiSessions, "esi_sessions"),
        (Self::EsiRepeatDays, "esi_repeat_days"),
        (Self::EsiReliefPercent, "esi_relief_percent"),
        (Self::EsiReliefMonths, "esi_relief_months"),
        (Self::FacetSymptomMonths, "facet_symptom_months"),
        (Self::FacetLevels, "facet_levels"),
        (Self::FacetBlockDays, "facet_block_days"),
        (Self::FacetBlockPercent, "facet_block_percent"),
        (Self::FacetReliefPercent, "facet_relief_percent"),
        (Self::FacetReliefMonths, "facet_relief_months"),
        (Self::FacetDiagnosticSessions, "facet_diagnostic_sessions"),
        (Self::RfaSessions, "rfa_sessions"),
        (Self::RfaReliefPercent, "rfa_relief_percent"),
        (Self::RfaReliefMonths, "rfa_relief_months"),
    ];

    /// Its name in the table and in settings.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(limit, _)| *limit == self).map_or("", |(_, name)| *name)
    }
}

/// The value of each limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::checks) struct Limits(BTreeMap<Limit, u32>);

const FILE: &str = "limits.csv";

impl Limits {
    /// The limits that the library carries.
    pub(in crate::checks) fn embedded() -> Result<Self, TableError> {
        Self::read(include_str!("../../../lexicons/codes/limits.csv"))
    }

    fn read(text: &str) -> Result<Self, TableError> {
        let mut limits = BTreeMap::new();
        for row in read(FILE, text, ["limit", "value", "certainty", "source"])? {
            let (limit, value) = (limit(&row)?, row.parse(1, "a whole number")?);
            if limits.insert(limit, value).is_some() {
                return Err(row.error("the limit stands twice: take one row out"));
            }
        }
        Ok(Self(limits))
    }

    /// Puts a user's values in place of these.
    pub(in crate::checks) fn overlay(&mut self, others: &BTreeMap<Limit, u32>) {
        self.0.extend(others);
    }

    /// The value of a limit; `None` where the table lacks it, and then nothing is measured by it.
    pub(in crate::checks) fn get(&self, limit: Limit) -> Option<u32> {
        self.0.get(&limit).copied()
    }
}

fn limit(row: &Row<'_>) -> Result<Limit, TableError> {
    let name = row.field(0);
    let known = Limit::ALL.iter().find(|(_, known)| *known == name);
    known.map(|(limit, _)| *limit).ok_or_else(|| row.error("no such limit"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_every_limit() {
        let limits = Limits::embedded().unwrap();
        for (limit, name) in Limit::ALL {
            assert!(limits.get(*limit).is_some(), "{name}");
        }
        assert_eq!(limits.0.len(), Limit::ALL.len());
    }

    #[test]
    fn a_limit_twice_unknown_or_no_number_is_an_error_with_its_line() {
        let head = "limit,value,certainty,source\nesi_sessions,4,known,x\n";
        for (row, reason) in [
            ("esi_sessions,5,known,x", "the limit stands twice: take one row out"),
            ("esi_session,5,known,x", "no such limit"),
            ("rfa_sessions,few,known,x", "`few` is not a whole number"),
            ("rfa_sessions,2", "4 fields are expected: limit, value, certainty, source"),
        ] {
            let error = Limits::read(&format!("{head}{row}\n")).unwrap_err();
            assert_eq!(error.to_string(), format!("limits.csv:3: {reason}"));
        }
    }

    #[test]
    fn a_users_value_stands_in_for_the_tables() {
        let mut limits = Limits::embedded().unwrap();
        limits.overlay(&BTreeMap::from([(Limit::EsiCareDays, 42)]));
        assert_eq!(limits.get(Limit::EsiCareDays), Some(42));
        assert_eq!(limits.get(Limit::EsiSessions), Some(4));
    }
}
