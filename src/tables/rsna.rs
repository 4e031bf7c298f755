//! The table `rsna_labels`: what reports say of the conditions that the RSNA 2024 lumbar challenge labels images with.

use std::sync::{Arc, LazyLock};

use arrow::array::{ArrayBuilder, RecordBatch, StringBuilder};
use arrow::datatypes::{Field, SchemaRef};
use arrow::error::ArrowError;
use serde::Deserialize;

use super::column::{Kind, Maybe, Text, field, schema};
use crate::model::{Audit, Finding, FindingKind, Level, Severity, Side, Status};

/// What the labels are, as data. A test holds that it can be read.
static LABELS: LazyLock<Labels> = LazyLock::new(|| {
    toml::from_str(include_str!("../../lexicons/outputs/rsna-labels.toml")).unwrap_or_default()
});

static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
    let study = field::<Text>("study_id", "The note's id.");
    let labels = LABELS.columns().map(Column::field);
    let about = "One row a note that states a grade, or denies a condition, for at least one of the 25 labels of the RSNA \
                 2024 lumbar challenge.";
    schema(about, std::iter::once(study).chain(labels).collect())
});

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Labels {
    levels: Vec<Level>,
    absent: String,
    grade: Vec<Grade>,
    condition: Vec<Condition>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Grade {
    severity: Severity,
    label: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Condition {
    name: String,
    kind: FindingKind,
    side: Option<Side>,
}

/// A label: a condition at a level.
#[derive(Clone, Copy, Debug)]
struct Column<'l> {
    condition: &'l Condition,
    level: Level,
}

impl Labels {
    fn columns(&self) -> impl Iterator<Item = Column<'_>> {
        let at_levels = |condition| self.levels.iter().map(move |&level| Column { condition, level });
        self.condition.iter().flat_map(at_levels)
    }

    fn grade(&self, severity: Severity) -> Option<&str> {
        self.grade.iter().find(|grade| grade.severity == severity).map(|grade| grade.label.as_str())
    }

    /// The label that findings give a column; `None` where they state none, or disagree.
    fn label(&self, column: Column<'_>, findings: &[Finding]) -> Option<&str> {
        let mut label: Option<&str> = None;
        let (mut is_denied, mut is_stated) = (false, false);
        for finding in findings.iter().filter(|finding| column.is_about(finding)) {
            let says = match finding.status {
                Status::Absent => Some(self.absent.as_str()),
                _ => finding.severity.and_then(|severity| self.grade(severity)),
            };
            is_denied |= finding.status == Status::Absent;
            is_stated |= finding.status != Status::Absent && says.is_none();
            if label.is_some() && says.is_some() && label != says {
                return None;
            }
            label = label.or(says);
        }
        label.filter(|_| !(is_denied && is_stated))
    }
}

impl Column<'_> {
    fn field(self) -> Field {
        let Self { condition: Condition { name, kind, side }, level } = self;
        let suffix = level.to_string().to_lowercase().replace('-', "_");
        let side = side.map(|side| format!(", {side}")).unwrap_or_default();
        field::<Maybe<Text>>(&format!("{name}_{suffix}"), &format!("`{kind}` at {level}{side}."))
    }

    /// Whether a finding says of this label that it is so, or that it is not. What is denied of no side is denied of
    /// both; what is stated of no side may be of either.
    fn is_about(self, finding: &Finding) -> bool {
        let is_absent = finding.status == Status::Absent;
        let covers = |side| match finding.side {
            Some(Side::Bilateral) => true,
            Some(own) => own == side,
            None => is_absent,
        };
        finding.kind == self.condition.kind
            && finding.level == Some(self.level)
            && (is_absent || finding.status == Status::Present)
            && self.condition.side.is_none_or(covers)
    }
}

/// One row a note that states a label.
#[derive(Debug)]
pub(crate) struct RsnaColumns {
    study_id: StringBuilder,
    labels: Vec<StringBuilder>,
}

impl RsnaColumns {
    /// No rows.
    pub(crate) fn new() -> Self {
        Self { study_id: Text::column(), labels: LABELS.columns().map(|_| Text::column()).collect() }
    }

    /// The columns with their types and documentation.
    pub(crate) fn schema() -> SchemaRef {
        Arc::clone(&SCHEMA)
    }

    /// Adds a note, if it states a label.
    pub(crate) fn add(&mut self, note_id: &str, audit: &Audit) {
        let labels: Vec<_> = LABELS.columns().map(|column| LABELS.label(column, &audit.findings)).collect();
        if labels.iter().all(Option::is_none) {
            return;
        }
        self.study_id.append_value(note_id);
        for (column, label) in self.labels.iter_mut().zip(labels) {
            column.append_option(label);
        }
    }

    /// The rows.
    ///
    /// # Errors
    /// None in practice: rows are added whole, so that all columns have the same length.
    pub(crate) fn finish(mut self) -> Result<RecordBatch, ArrowError> {
        let labels = self.labels.iter_mut().map(ArrayBuilder::finish);
        let columns = std::iter::once(ArrayBuilder::finish(&mut self.study_id)).chain(labels).collect();
        RecordBatch::try_new(Self::schema(), columns)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use arrow::array::AsArray;

    use super::*;
    use crate::checks::sample::finding;
    use crate::model::NoteType;

    #[test]
    fn the_data_is_read_and_has_25_columns() {
        let labels: Labels = toml::from_str(include_str!("../../lexicons/outputs/rsna-labels.toml")).unwrap();
        assert_eq!(labels.columns().count(), 25);
        assert!(Severity::ALL.iter().all(|&severity| labels.grade(severity).is_some()));
        let schema = RsnaColumns::schema();
        let names: Vec<_> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        assert_eq!(names[..2], ["study_id", "spinal_canal_stenosis_l1_l2"]);
        assert_eq!(names[25], "right_subarticular_stenosis_l5_s1");
    }

    /// The labels that findings give, by column.
    fn labelled(findings: &[&str]) -> HashMap<String, String> {
        let mut audit = Audit::empty(NoteType::Radiology);
        audit.findings = findings.iter().map(|text| finding(text)).collect();
        let mut columns = RsnaColumns::new();
        columns.add("n", &audit);
        let rows = columns.finish().unwrap();
        let schema = rows.schema();
        let cells =
            schema.fields().iter().zip(rows.columns()).skip(1).filter(|(_, column)| column.len() == 1);
        let cells =
            cells.map(|(field, column)| (field.name(), column.as_string::<i32>().iter().next().unwrap()));
        cells.filter_map(|(name, label)| Some((name.clone(), label?.to_owned()))).collect()
    }

    #[test]
    fn findings_become_labels() {
        let left = "left_neural_foraminal_narrowing_l4_l5";
        let right = "right_neural_foraminal_narrowing_l4_l5";
        let canal = "spinal_canal_stenosis_l4_l5";
        let recess = "right_subarticular_stenosis_l5_s1";
        for (findings, expected) in [
            (&["foraminal_stenosis L4-L5 left mild"][..], &[(left, "Normal/Mild")][..]),
            (&["foraminal_stenosis L4-L5 left mild_to_moderate"], &[(left, "Moderate")]),
            (&["foraminal_stenosis L4-L5 left moderate_to_severe"], &[(left, "Severe")]),
            (&["foraminal_stenosis L4-L5 bilateral moderate"], &[(left, "Moderate"), (right, "Moderate")]),
            (&["central_canal_stenosis L4-L5 severe"], &[(canal, "Severe")]),
            (&["lateral_recess_stenosis L5-S1 right moderate"], &[(recess, "Moderate")]),
            // A denial of no side is of both; a statement of no side may be of either.
            (&["foraminal_stenosis L4-L5 absent"], &[(left, "Normal/Mild"), (right, "Normal/Mild")]),
            (&["foraminal_stenosis L4-L5 severe"], &[]),
            // Without a grade or a level nothing is known.
            (&["central_canal_stenosis L4-L5"], &[]),
            (&["central_canal_stenosis severe"], &[]),
            (&["central_canal_stenosis L3 severe"], &[]),
            // Other statuses, kinds and regions.
            (&["central_canal_stenosis L4-L5 severe possible"], &[]),
            (&["central_canal_stenosis L4-L5 severe historical"], &[]),
            (&["thecal_sac_compression L4-L5 severe"], &[]),
            (&["central_canal_stenosis C4-C5 severe"], &[]),
            // Statements that disagree leave the label blank; those that agree do not.
            (&["central_canal_stenosis L4-L5 severe", "central_canal_stenosis L4-L5 mild"], &[]),
            (&["central_canal_stenosis L4-L5 absent", "central_canal_stenosis L4-L5"], &[]),
            (&["central_canal_stenosis L4-L5 severe", "central_canal_stenosis L4-L5"], &[(canal, "Severe")]),
        ] {
            let expected: HashMap<_, _> =
                expected.iter().map(|&(name, label)| (name.to_owned(), label.to_owned())).collect();
            assert_eq!(labelled(findings), expected, "{findings:?}");
        }
    }
}
