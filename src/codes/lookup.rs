//! Rows that hold from a day to a day, and what a table says of a code on one.

use serde::Deserialize;

use crate::model::Date;

/// How sure a row is; only a verified one may make a flag an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// Read in the source itself.
    Verified,
    /// Read in a secondary source.
    Secondary,
    /// Known, and not found in a source.
    Known,
}

/// What a table says of a code on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookup<T> {
    /// It holds.
    Valid(T),
    /// It starts later: the row of its first day.
    NotYet(T),
    /// It has ended: the row of its last day.
    Ended(T),
    /// The table has the family of codes, and not this one.
    Unknown,
    /// The table does not cover such codes.
    NotCovered,
}

/// A row of a table that is sorted by code, then by day.
pub(super) trait Dated {
    fn code(&self) -> &str;
    fn from(&self) -> Option<Date>;
    fn to(&self) -> Option<Date>;
}

macro_rules! dated {
    ($($type:ty),+) => {
        $(impl crate::codes::lookup::Dated for $type {
            fn code(&self) -> &str {
                &self.code
            }

            fn from(&self) -> Option<crate::model::Date> {
                self.from
            }

            fn to(&self) -> Option<crate::model::Date> {
                self.to
            }
        })+
    };
}
pub(super) use dated;

/// The rows of a code.
pub(super) fn rows_of<'t, T: Dated>(rows: &'t [T], code: &str) -> &'t [T] {
    let first = rows.partition_point(|row| row.code() < code);
    let rows = rows.get(first..).unwrap_or_default();
    let count = rows.iter().take_while(|row| row.code() == code).count();
    rows.get(..count).unwrap_or_default()
}

/// What the rows say of a code on a day; `None` where they do not have it.
pub(super) fn look_up<'t, T: Dated>(rows: &'t [T], code: &str, day: Date) -> Option<Lookup<&'t T>> {
    let rows = rows_of(rows, code);
    if let Some(row) = rows.iter().find(|row| holds(row.from(), row.to(), day)) {
        return Some(Lookup::Valid(row));
    }
    let ended = rows.iter().rfind(|row| row.to().is_some_and(|to| to < day)).map(Lookup::Ended);
    ended.or_else(|| rows.first().map(Lookup::NotYet))
}

/// Whether a day lies in a stretch of time that may be open at either end.
pub(super) fn holds(from: Option<Date>, to: Option<Date>, day: Date) -> bool {
    from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to)
}
