//! Facts as resources of FHIR R4, one JSON object a line: an Observation a finding, a `DetectedIssue` a gap or a flag.
//!
//! A finding is no Condition: these go onto problem lists, and a machine that reads notes has no business there. It is
//! an Observation whose value says what the note says of it, `present`, `absent`, `possible` or `historical`; what is
//! only hypothetical was not observed, and is left out. All have the status `preliminary`: nobody has verified them.
//!
//! Ids are made of the note's id, so that the same note gives the same resources in every run.

mod codes;
mod issue;
mod observation;
mod types;

use uuid::Uuid;

use self::types::Reference;
use super::ids::key;
use super::notes::service_date;
use crate::checks::Rules;
use crate::io::Note;
use crate::model::{Audit, Date};

/// A note and what is known of it, for all its resources.
#[derive(Clone, Copy)]
struct Source<'a> {
    note: &'a Note<'a>,
    audit: &'a Audit,
    rules: &'a Rules,
    /// Whether words of the note may appear.
    text: bool,
    key: Uuid,
    day: Option<Date>,
}

impl<'a> Source<'a> {
    fn id(&self, letter: char, index: usize) -> String {
        format!("{}-{letter}{}", self.key, index + 1)
    }

    /// Whose note it is.
    fn patient(&self) -> Option<Reference<'a>> {
        self.note.patient_id.as_deref().and_then(|id| Reference::identified("Patient", id))
    }

    /// The note itself, which no resource here is made of.
    fn document(&self) -> Option<Reference<'a>> {
        Reference::identified("DocumentReference", &self.note.id)
    }

    fn words(&self) -> Option<&'a str> {
        self.text.then_some(&*self.note.text)
    }
}

/// Adds the resources of a note to `out`, a line each.
pub(crate) fn fhir_lines(out: &mut Vec<u8>, rules: &Rules, note: &Note<'_>, audit: &Audit, text: bool) {
    let day = service_date(note, audit).map(|(day, _)| day).filter(|day| day.year() > 0);
    let source = Source { note, audit, rules, text, key: key(&note.id), day };
    for (i, finding) in
        audit.findings.iter().enumerate().filter(|(_, finding)| observation::is_observed(finding))
    {
        line(out, &observation::observation(&source, i, finding));
    }
    for (i, gap) in audit.gaps.iter().enumerate() {
        line(out, &issue::of_gap(&source, i, gap));
    }
    for (i, flag) in audit.flags.iter().enumerate() {
        line(out, &issue::of_flag(&source, i, flag));
    }
}

fn line(out: &mut Vec<u8>, resource: &impl serde::Serialize) {
    // Writing to memory cannot fail.
    let _ = serde_json::to_writer(&mut *out, resource);
    out.push(b'\n');
}
