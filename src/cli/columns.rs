//! The names of columns: by flags, and by the table `[columns]` of a `foramen.toml`.

use clap::Args;
use serde::Deserialize;

use crate::io::Columns;

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
    pub(super) fn over(&self, file: Self) -> Columns {
        let usual = Columns::default();
        let name =
            |flag: &Option<String>, file: Option<String>, usual| flag.clone().or(file).unwrap_or(usual);
        Columns {
            text: name(&self.text, file.text, usual.text),
            id: name(&self.id, file.id, usual.id),
            note_type: name(&self.note_type, file.note_type, usual.note_type),
            patient_id: name(&self.patient_id, file.patient_id, usual.patient_id),
            provider: name(&self.provider, file.provider, usual.provider),
            facility: name(&self.facility, file.facility, usual.facility),
            service_date: name(&self.service_date, file.service_date, usual.service_date),
            setting: name(&self.setting, file.setting, usual.setting),
            payer: name(&self.payer, file.payer, usual.payer),
            ignore: name(&self.ignore, file.ignore, usual.ignore),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Args as _;

    use super::*;

    #[test]
    fn help_tells_the_usual_names() {
        let columns = Columns::default();
        let usual = [
            ("text", columns.text),
            ("id", columns.id),
            ("note_type", columns.note_type),
            ("patient_id", columns.patient_id),
            ("provider", columns.provider),
            ("facility", columns.facility),
            ("service-date-field", columns.service_date),
            ("setting-field", columns.setting),
            ("payer-field", columns.payer),
        ];
        let command = ColumnNames::augment_args(clap::Command::new("x"));
        for (arg, name) in usual {
            let help = command.get_arguments().find(|a| a.get_id() == arg).unwrap().get_help().unwrap();
            assert!(help.to_string().contains(&format!("[default: {name}]")), "{arg}: {help}");
        }
    }
}
