//! Medicare contractors and the coverage policies that each has made, by pack and day.
//!
//! A local coverage determination binds in the states of one contractor alone, and its number changes; so it is
//! looked up by contractor and day, and never called national.

use super::table::{TableError, read};
use crate::model::Date;

const FILE: &str = "contractors.csv";

const COLUMNS: [&str; 11] = [
    "key",
    "name",
    "jurisdictions",
    "states",
    "pack",
    "lcd",
    "article",
    "effective_from",
    "effective_to",
    "certainty",
    "source",
];

/// A policy of a contractor over one stretch of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContractorPolicy {
    /// The contractor's key in settings.
    pub key: String,
    /// The contractor's name.
    pub name: String,
    /// Where it holds, by postal abbreviations.
    pub states: Vec<String>,
    /// The pack of rules that it is checked by.
    pub pack: String,
    /// Its number.
    pub lcd: String,
    /// The number of its article on billing and coding, where known.
    pub article: Option<String>,
    /// First day.
    pub from: Date,
    /// Last day; `None` while it holds.
    pub to: Option<Date>,
}

/// The contractors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contractors(Vec<ContractorPolicy>);

/// A key that no contractor has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no contractor `{key}`: there are {known}")]
pub struct UnknownContractor {
    /// The key.
    pub key: String,
    /// The keys that there are, with commas between them.
    pub known: String,
}

impl Contractors {
    /// The contractors that the library carries.
    ///
    /// # Errors
    /// When the table is broken, which the project's tests rule out.
    pub fn embedded() -> Result<Self, TableError> {
        Self::read(include_str!("../../../lexicons/codes/contractors.csv"))
    }

    fn read(text: &str) -> Result<Self, TableError> {
        let day = "a day as YYYY-MM-DD";
        let policy = |row: super::table::Row<'_>| {
            Ok(ContractorPolicy {
                key: row.field(0).to_owned(),
                name: row.field(1).to_owned(),
                states: row.field(3).split(' ').map(str::to_owned).collect(),
                pack: row.field(4).to_owned(),
                lcd: row.field(5).to_owned(),
                article: row.optional(6, "an article")?,
                from: row.parse(7, day)?,
                to: row.optional(8, day)?,
            })
        };
        Ok(Self(read(FILE, text, COLUMNS)?.into_iter().map(policy).collect::<Result<_, _>>()?))
    }

    /// The keys, each once, in the order of the table.
    pub fn keys(&self) -> Vec<&str> {
        let mut keys: Vec<&str> = self.0.iter().map(|policy| policy.key.as_str()).collect();
        keys.dedup();
        keys
    }

    /// Whether there is a contractor of this key.
    ///
    /// ```
    /// # use foramen::checks::Contractors;
    /// let contractors = Contractors::embedded()?;
    /// assert!(contractors.check("cgs").is_ok());
    /// let error = contractors.check("nobody").unwrap_err().to_string();
    /// assert!(error.starts_with("no contractor `nobody`: there are cgs, "));
    /// # Ok::<(), foramen::checks::TableError>(())
    /// ```
    ///
    /// # Errors
    /// Where there is none; the error names those that there are.
    pub fn check(&self, key: &str) -> Result<(), UnknownContractor> {
        if self.0.iter().any(|policy| policy.key == key) {
            return Ok(());
        }
        Err(UnknownContractor { key: key.to_owned(), known: self.keys().join(", ") })
    }

    /// All policies.
    pub fn policies(&self) -> &[ContractorPolicy] {
        &self.0
    }

    /// The policy of a contractor for a pack on a day.
    pub fn policy(&self, key: &str, pack: &str, day: Date) -> Option<&ContractorPolicy> {
        let holds = |policy: &&ContractorPolicy| {
            policy.key == key
                && policy.pack == pack
                && policy.from <= day
                && policy.to.is_none_or(|to| day <= to)
        };
        self.0.iter().find(holds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(key: &str, pack: &str, day: &str) -> Option<String> {
        let contractors = Contractors::embedded().unwrap();
        contractors.policy(key, pack, day.parse().unwrap()).map(|policy| policy.lcd.clone())
    }

    #[test]
    fn a_policy_is_that_of_its_contractor_and_day() {
        for (key, pack, day, lcd) in [
            ("cgs", "lcd-esi", "2024-01-01", Some("L39015")),
            ("cgs", "lcd-esi", "2021-12-04", None),
            ("cgs", "lcd-esi", "2021-12-05", Some("L39015")),
            ("cgs", "lcd-facet", "2021-05-01", None),
            ("first-coast", "lcd-facet", "2021-04-25", Some("L33930")),
            ("noridian-jf", "lcd-esi", "2025-11-05", Some("L39242")),
            ("noridian-jf", "lcd-esi", "2025-11-06", Some("L39240")),
            ("noridian-je", "lcd-esi", "2022-06-18", None),
            ("nobody", "lcd-esi", "2024-01-01", None),
            ("cgs", "neuroforamen", "2024-01-01", None),
        ] {
            assert_eq!(number(key, pack, day).as_deref(), lcd, "{key} {pack} {day}");
        }
    }

    #[test]
    fn every_contractor_has_both_policies_and_no_day_has_two() {
        let contractors = Contractors::embedded().unwrap();
        for key in contractors.keys() {
            for pack in ["lcd-esi", "lcd-facet"] {
                let of: Vec<_> =
                    contractors.policies().iter().filter(|p| p.key == key && p.pack == pack).collect();
                assert!(of.iter().filter(|p| p.to.is_none()).count() == 1, "{key} {pack}");
                assert!(of.windows(2).all(|pair| pair[0].to.is_some_and(|to| to < pair[1].from)), "{key}");
                assert!(of.iter().all(|p| p.states.iter().all(|state| state.len() == 2)), "{key}");
            }
        }
    }

    #[test]
    fn a_broken_table_names_the_line() {
        let head = COLUMNS.join(",");
        for (row, line, reason) in [
            ("a,b,c,d,e,f,g,2021-13-01,,known,x", 2, "`2021-13-01` is not a day as YYYY-MM-DD"),
            ("a,b", 2, "11 fields are expected"),
        ] {
            let error = Contractors::read(&format!("{head}\n{row}\n")).unwrap_err();
            assert!((error.line, error.reason.contains(reason)) == (line, true), "{error}");
        }
        assert_eq!(Contractors::read("key\n").unwrap_err().line, 1);
    }
}
