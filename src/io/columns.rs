//! Which column of a table, or field of a JSON object, holds what.
//!
//! ```
//! use foramen::io::{Column, Columns};
//! let columns = Columns::default().with(Column::Text, "report");
//! assert_eq!((columns.name(Column::Text), columns.name(Column::Id)), ("report", "note_id"));
//! ```

use serde::{Serialize, Serializer};

use super::Reason;
use crate::model::names;

/// What a column of a table, or a field of a JSON object, holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The note; a record without it is rejected.
    Text,
    /// The note's id, text or number; a record without it gets one of file and line.
    Id,
    /// What the note was written for, in the words of [`NoteType`]; other words count as not given.
    ///
    /// [`NoteType`]: crate::model::NoteType
    NoteType,
    /// Whose it is, text or number.
    PatientId,
    /// Who wrote it or did what it tells, for rates by provider; text or number.
    Provider,
    /// Where it was written, for rates by facility; text or number.
    Facility,
    /// The day of service as `YYYY-MM-DD`, what follows the day passed over; a record with another value is
    /// rejected.
    ServiceDate,
    /// Where the service was given, in the words of [`Setting`]; other words count as not given.
    ///
    /// [`Setting`]: crate::model::Setting
    Setting,
    /// Who pays, in the words of [`Payer`]; other words count as not given.
    ///
    /// [`Payer`]: crate::model::Payer
    Payer,
    /// Rules that are set aside: a list of objects with `rule` and `reason`, in a table as JSON.
    Ignore,
}

names!(Column {
    Text = "text",
    Id = "id",
    NoteType = "note_type",
    PatientId = "patient_id",
    Provider = "provider",
    Facility = "facility",
    ServiceDate = "service_date",
    Setting = "setting",
    Payer = "payer",
    Ignore = "ignore",
});

impl Column {
    /// The columns of the NOTE table of the OMOP common data model that hold it, the first one before the others.
    /// Types and classes of notes are concepts of a vocabulary that sites choose, so they are left alone; a visit is
    /// no facility. Source: <https://ohdsi.github.io/CommonDataModel/cdm54.html#note>.
    const fn in_omop(self) -> &'static [&'static str] {
        match self {
            Self::Text => &["note_text"],
            Self::Id => &["note_id"],
            Self::PatientId => &["person_id"],
            Self::Provider => &["provider_id"],
            Self::Facility => &["care_site_id"],
            Self::ServiceDate => &["note_date", "note_datetime"],
            Self::NoteType | Self::Setting | Self::Payer | Self::Ignore => &[],
        }
    }
}

/// Columns that every NOTE table of the OMOP common data model has, and by which it is known.
const OMOP_REQUIRED: [&str; 5] = ["note_id", "person_id", "note_date", "note_type_concept_id", "note_text"];

/// Which columns of a table, or fields of a JSON object, hold what: where no other name is given, `note_id` the id, and all
/// else the column of its own name.
///
/// The names of a table's header are found whatever their case, where no other column has the same letters; those of
/// JSON only as they are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns([String; Column::ALL.len()]);

impl Default for Columns {
    fn default() -> Self {
        let usual = |column: Column| if column == Column::Id { "note_id" } else { column.name() };
        Self(std::array::from_fn(|at| usual(Column::ALL[at]).into()))
    }
}

impl Serialize for Columns {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(Column::ALL.iter().map(|&column| (column.name(), self.name(column))))
    }
}

impl Columns {
    /// These names, but for one.
    #[must_use]
    pub fn with(mut self, column: Column, name: impl Into<String>) -> Self {
        self.0[column as usize] = name.into();
        self
    }

    /// The name of a column.
    pub fn name(&self, column: Column) -> &str {
        &self.0[column as usize]
    }

    /// What the field of this name holds.
    pub(super) fn held(&self, name: &str) -> Option<Column> {
        Column::ALL.iter().copied().find(|&column| self.name(column) == name)
    }

    /// Which column of a table with this header holds what, from 0. A NOTE table of OMOP, known by its columns or
    /// because the user says so, is read by the names that it has there.
    ///
    /// # Errors
    /// Where no column holds the note, a column that the user named is not there, or stands twice.
    pub(super) fn places(&self, header: &[String], omop: bool) -> Result<Vec<(usize, Column)>, Reason> {
        let omop = omop || OMOP_REQUIRED.iter().all(|name| matches!(find(header, name), Ok(Some(_))));
        let default = Self::default();
        let mut places = Vec::new();
        for &column in Column::ALL {
            let name = self.name(column);
            let mut place = find(header, name)?;
            for preset in column.in_omop().iter().filter(|_| omop) {
                place = place.map_or_else(|| find(header, preset), |at| Ok(Some(at)))?;
            }
            match place {
                Some(at) => places.push((at, column)),
                None if column == Column::Text || name != default.name(column) => {
                    return Err(Reason::NoColumn { column: name.to_owned(), there: there(header) });
                }
                None => {}
            }
        }
        Ok(places)
    }
}

/// The column of this name, else the only one that has its letters in another case.
fn find(header: &[String], name: &str) -> Result<Option<usize>, Reason> {
    let only = |is_it: &dyn Fn(&str) -> bool| {
        let mut found = header.iter().enumerate().filter(|(_, column)| is_it(column)).map(|(at, _)| at);
        match (found.next(), found.next()) {
            (Some(_), Some(_)) => Err(Reason::TwiceColumn(name.to_owned())),
            (first, _) => Ok(first),
        }
    };
    match only(&|column| column == name)? {
        None => only(&|column| column.eq_ignore_ascii_case(name)),
        at => Ok(at),
    }
}

/// Letters of the longest name that is told.
const NAME: usize = 64;

/// The names of a header, for an error. A table without a header has a row there, and that may be a note: names are
/// told only where all of them look like names.
fn there(header: &[String]) -> Option<String> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ' | '#' | '/');
    let is_name = |name: &String| {
        name.len() <= NAME
            && name.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && name.chars().all(plain)
            && name.split(' ').count() <= 3
    };
    (!header.is_empty() && header.iter().all(is_name)).then(|| format!("`{}`", header.join("`, `")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(columns: &Columns, header: &str, omop: bool) -> Result<Vec<(usize, Column)>, Reason> {
        let header: Vec<String> = header.split(',').map(String::from).collect();
        columns.places(&header, omop)
    }

    #[test]
    fn columns_are_found_by_name_and_then_by_letters() {
        use Column::{Facility, Id, PatientId, Provider, ServiceDate, Text};
        let omop = "note_id,person_id,note_date,note_datetime,note_type_concept_id,note_text,provider_id";
        for (header, expected) in [
            ("note_id,text", &[(1, Text), (0, Id)][..]),
            ("NOTE_ID,Text,x", &[(1, Text), (0, Id)]),
            ("TEXT,text", &[(1, Text)]),
            (omop, &[(5, Text), (0, Id), (1, PatientId), (6, Provider), (2, ServiceDate)]),
            (&omop.to_uppercase(), &[(5, Text), (0, Id), (1, PatientId), (6, Provider), (2, ServiceDate)]),
            ("text,person_id,note_text", &[(0, Text)]),
        ] {
            assert_eq!(places(&Columns::default(), header, false).unwrap(), expected, "{header}");
        }
        let asked = places(&Columns::default(), "note_text,note_datetime,care_site_id", true).unwrap();
        assert_eq!(asked, [(0, Text), (2, Facility), (1, ServiceDate)]);
        let named = Columns::default().with(Text, "note_title");
        assert_eq!(places(&named, "note_title,note_text", true).unwrap(), [(0, Text)]);
    }

    #[test]
    fn what_is_not_there_is_told_with_what_is() {
        let named = Columns::default().with(Column::PatientId, "mrn");
        for (columns, header, expected) in [
            (&Columns::default(), "a,report text", "no column `text`; there are `a`, `report text`: "),
            (&named, "text,patient_id", "no column `mrn`; there are `text`, `patient_id`: "),
            (&Columns::default(), "TEXT,Text", "the column `text` stands twice"),
            (&Columns::default(), "text,text", "the column `text` stands twice"),
            // A row where a header is expected: none of it is told.
            (
                &Columns::default(),
                "7,SECRET",
                "no column `text`; what stands first does not look like a header: ",
            ),
            (&Columns::default(), "SECRET,No SECRET is seen here", "no column `text`; what stands first "),
            (&Columns::default(), "", "no column `text`; what stands first "),
        ] {
            let error = places(columns, header, false).unwrap_err().to_string();
            assert!(error.starts_with(expected) && !error.contains("SECRET"), "{header}: {error}");
        }
    }
}
