//! The names of columns: by flags, and by the table `[columns]` of a `foramen.toml`.

use clap::Args;
use serde::Deserialize;

use crate::io::{Column, Columns};

/// Names of columns, as far as they are given. Some have an `id`, since flags for all notes have the plain one.
#[derive(Clone, Debug, Default, Args, Deserialize)]
#[command(next_help_heading = "Columns of tables, fields of JSON")]
#[serde(deny_unknown_fields)]
#[expect(clippy::doc_markdown, reason = "--help shows the names as they are written")]
pub(super) struct ColumnNames {
    /// What holds the note [default: text]
    #[arg(long = "text-field", value_name = "NAME")]
    text: Option<String>,
    /// What holds the note's id [default: note_id]
    #[arg(long = "id-field", value_name = "NAME")]
    id: Option<String>,
    /// What holds the type of the note, such as radiology [default: note_type]
    #[arg(long = "note-type-field", value_name = "NAME")]
    note_type: Option<String>,
    /// What holds the patient's id; notes of one patient are counted together [default: patient_id]
    #[arg(long = "patient-field", value_name = "NAME")]
    patient_id: Option<String>,
    /// What holds who wrote the note, for rates by provider [default: provider]
    #[arg(long = "provider-field", value_name = "NAME")]
    provider: Option<String>,
    /// What holds where the note was written, for rates by facility [default: facility]
    #[arg(long = "facility-field", value_name = "NAME")]
    facility: Option<String>,
    /// What holds the day of service [default: service_date]
    #[arg(id = "service-date-field", long = "service-date-field", value_name = "NAME")]
    service_date: Option<String>,
    /// What holds the setting: professional, asc or hopd [default: setting]
    #[arg(id = "setting-field", long = "setting-field", value_name = "NAME")]
    setting: Option<String>,
    /// What holds the payer: medicare or commercial [default: payer]
    #[arg(id = "payer-field", long = "payer-field", value_name = "NAME")]
    payer: Option<String>,
    #[arg(skip)]
    ignore: Option<String>,
}

impl ColumnNames {
    /// These names, for the rest those of `file`, for the rest the usual ones.
    pub(super) fn over(&self, file: &Self) -> Columns {
        let given = file.given().into_iter().chain(self.given());
        given.fold(Columns::default(), |columns, (column, name)| match name {
            Some(name) => columns.with(column, name),
            None => columns,
        })
    }

    fn given(&self) -> [(Column, &Option<String>); Column::ALL.len()] {
        [
            (Column::Text, &self.text),
            (Column::Id, &self.id),
            (Column::NoteType, &self.note_type),
            (Column::PatientId, &self.patient_id),
            (Column::Provider, &self.provider),
            (Column::Facility, &self.facility),
            (Column::ServiceDate, &self.service_date),
            (Column::Setting, &self.setting),
            (Column::Payer, &self.payer),
            (Column::Ignore, &self.ignore),
        ]
    }
}

#[cfg(test)]
mod tests {
    use clap::Args as _;

    use super::*;

    #[test]
    fn help_tells_the_usual_names() {
        let names = [
            ("text", Column::Text),
            ("id", Column::Id),
            ("note_type", Column::NoteType),
            ("patient_id", Column::PatientId),
            ("provider", Column::Provider),
            ("facility", Column::Facility),
            ("service-date-field", Column::ServiceDate),
            ("setting-field", Column::Setting),
            ("payer-field", Column::Payer),
        ];
        let columns = Columns::default();
        let command = ColumnNames::augment_args(clap::Command::new("x"));
        for (arg, column) in names {
            let name = columns.name(column);
            let help = command.get_arguments().find(|a| a.get_id() == arg).unwrap().get_help().unwrap();
            assert!(help.to_string().contains(&format!("[default: {name}]")), "{arg}: {help}");
        }
    }
}
