//! Which column of a table, or field of a JSON object, holds what.
//!
//! ```
//! use foramen::io::Columns;
//! let columns = Columns { text: "report".into(), ..Columns::default() };
//! assert_eq!((&*columns.text, &*columns.id), ("report", "note_id"));
//! ```

use serde::Serialize;

use super::Reason;

/// Which columns of a table, or fields of a JSON object, hold what.
///
/// The names of a table's header are found whatever their case, where no other column has the same letters; those of
/// JSON only as they are written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Columns {
    /// The note; a record without it is rejected.
    pub text: String,
    /// The note's id, text or number; a record without it gets one of file and line.
    pub id: String,
    /// What the note was written for, in the words of [`NoteType`]; other words count as not given.
    ///
    /// [`NoteType`]: crate::model::NoteType
    pub note_type: String,
    /// Whose it is, text or number.
    pub patient_id: String,
    /// Who wrote it or did what it tells, for rates by provider; text or number.
    pub provider: String,
    /// Where it was written, for rates by facility; text or number.
    pub facility: String,
    /// The day of service as `YYYY-MM-DD`, what follows the day passed over; a record with another value is
    /// rejected.
    pub service_date: String,
    /// Where the service was given, in the words of [`Setting`]; other words count as not given.
    ///
    /// [`Setting`]: crate::model::Setting
    pub setting: String,
    /// Who pays, in the words of [`Payer`]; other words count as not given.
    ///
    /// [`Payer`]: crate::model::Payer
    pub payer: String,
    /// Rules that are set aside: a list of objects with `rule` and `reason`, in a table as JSON.
    pub ignore: String,
}

impl Default for Columns {
    fn default() -> Self {
        Self {
            text: "text".into(),
            id: "note_id".into(),
            note_type: "note_type".into(),
            patient_id: "patient_id".into(),
            provider: "provider".into(),
            facility: "facility".into(),
            service_date: "service_date".into(),
            setting: "setting".into(),
            payer: "payer".into(),
            ignore: "ignore".into(),
        }
    }
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Text,
    Id,
    NoteType,
    PatientId,
    Provider,
    Facility,
    ServiceDate,
    Setting,
    Payer,
    Ignore,
}

impl Role {
    const ALL: [Self; 10] = [
        Self::Text,
        Self::Id,
        Self::NoteType,
        Self::PatientId,
        Self::Provider,
        Self::Facility,
        Self::ServiceDate,
        Self::Setting,
        Self::Payer,
        Self::Ignore,
    ];

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

impl Columns {
    /// The name of the column that holds `role`.
    pub(super) fn name(&self, role: Role) -> &str {
        match role {
            Role::Text => &self.text,
            Role::Id => &self.id,
            Role::NoteType => &self.note_type,
            Role::PatientId => &self.patient_id,
            Role::Provider => &self.provider,
            Role::Facility => &self.facility,
            Role::ServiceDate => &self.service_date,
            Role::Setting => &self.setting,
            Role::Payer => &self.payer,
            Role::Ignore => &self.ignore,
        }
    }

    /// What the field of this name holds.
    pub(super) fn role(&self, name: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|&role| self.name(role) == name)
    }

    /// Which column of a table with this header holds what, from 0. A NOTE table of OMOP, known by its columns or
    /// because the user says so, is read by the names that it has there.
    ///
    /// # Errors
    /// Where no column holds the note, a column that the user named is not there, or stands twice.
    pub(super) fn places(&self, header: &[String], omop: bool) -> Result<Vec<(usize, Role)>, Reason> {
        let omop = omop || OMOP_REQUIRED.iter().all(|name| matches!(find(header, name), Ok(Some(_))));
        let default = Self::default();
        let mut places = Vec::new();
        for role in Role::ALL {
            let name = self.name(role);
            let mut place = find(header, name)?;
            for preset in role.in_omop().iter().filter(|_| omop) {
                place = place.map_or_else(|| find(header, preset), |at| Ok(Some(at)))?;
            }
            match place {
                Some(at) => places.push((at, role)),
                None if role == Role::Text || name != default.name(role) => {
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

    fn places(columns: &Columns, header: &str, omop: bool) -> Result<Vec<(usize, Role)>, Reason> {
        let header: Vec<String> = header.split(',').map(String::from).collect();
        columns.places(&header, omop)
    }

    #[test]
    fn columns_are_found_by_name_and_then_by_letters() {
        use Role::{Facility, Id, PatientId, Provider, ServiceDate, Text};
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
        let named = Columns { text: "note_title".into(), ..Columns::default() };
        assert_eq!(places(&named, "note_title,note_text", true).unwrap(), [(0, Text)]);
    }

    #[test]
    fn what_is_not_there_is_told_with_what_is() {
        let named = Columns { patient_id: "mrn".into(), ..Columns::default() };
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
