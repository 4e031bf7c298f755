//! The table `notes`.

use super::column::{Bool, Day, Float, Int, Long, Maybe, Text, table};
use super::ids::int;
use crate::io::Note;
use crate::model::{Audit, Date, DateOrigin};

table! {
    /// One row a note, whether anything was found in it or not.
    NoteColumns of NoteRow {
        /// The note's id: that of its record, else made of the file's name.
        note_id: Text,
        /// What the note was written for: `radiology`, `procedure`, `operative`, `clinic`, `other`.
        note_type: Text,
        /// Whose note it is, as its record says.
        patient_id: Maybe<Text>,
        /// Who wrote it or did what it tells, as its record says.
        provider: Maybe<Text>,
        /// Where it was written, as its record says.
        facility: Maybe<Text>,
        /// The day of service.
        service_date: Maybe<Day>,
        /// Where that day comes from: `given` (with the record or for the run), `note` (read from the text).
        service_date_origin: Maybe<Text>,
        /// The file that the note stands in.
        file: Text,
        /// Which record of the file it is, counted from 1.
        record: Maybe<Long>,
        /// Where its record begins in the file, in bytes.
        offset: Maybe<Long>,
        /// How its bytes were read: `utf-8`, `utf-8-bom`, `utf-16le`, `utf-16be`, `windows-1252`.
        encoding: Text,
        /// Bytes of the decoded text.
        bytes: Int,
        /// Rows in `findings`.
        findings: Int,
        /// Rows in `procedures`.
        procedures: Int,
        /// Radiculopathies and patterns of pain tied to a root.
        radiculopathies: Int,
        /// How imaging is joined to symptoms: `explicit`, `implicit`, `none`; null where it is not asked.
        correlation: Maybe<Text>,
        /// Whether root and side of the symptoms fit the imaging: `concordant`, `discordant`, `undetermined`.
        concordance: Maybe<Text>,
        /// Whether non-operative treatment is documented; null where it is not asked.
        conservative_care: Maybe<Bool>,
        /// Rows in `gaps`.
        gaps: Int,
        /// Rows in `flags`.
        flags: Int,
        /// Required elements that are there.
        documented: Int,
        /// Required elements.
        required: Int,
        /// Documented over required in percent, to one decimal; null where nothing is required.
        percent: Maybe<Float>,
    }
}

impl NoteColumns {
    /// Adds a note.
    pub(crate) fn add(&mut self, note: &Note<'_>, audit: &Audit) {
        let correlation = audit.correlation.as_ref();
        let service = service_date(note, audit);
        self.push(NoteRow {
            note_id: &note.id,
            note_type: audit.note_type.name(),
            patient_id: note.patient_id.as_deref(),
            provider: note.provider.as_deref(),
            facility: note.facility.as_deref(),
            service_date: service.map(|(day, _)| day),
            service_date_origin: service.map(|(_, origin)| origin.name()),
            file: &note.place.file,
            record: note.place.record.and_then(|record| record.try_into().ok()),
            offset: note.place.offset.and_then(|offset| offset.try_into().ok()),
            encoding: note.encoding.name(),
            bytes: int(note.text.len()),
            findings: int(audit.findings.len()),
            procedures: int(audit.procedures.len()),
            radiculopathies: int(audit.radiculopathies.len()),
            correlation: correlation.map(|c| c.status.name()),
            concordance: correlation.map(|c| c.concordance.name()),
            conservative_care: audit.conservative_care.as_ref().map(|care| care.documented),
            gaps: int(audit.gaps.len()),
            flags: int(audit.flags.len()),
            documented: int(audit.score.documented),
            required: int(audit.score.required),
            percent: audit.score.percent(),
        });
    }
}

/// The day of service that the record gives or the text states. Today, which rules may take in its stead, is none.
pub(super) fn service_date(note: &Note<'_>, audit: &Audit) -> Option<(Date, DateOrigin)> {
    let judged = audit.service.filter(|service| service.origin != DateOrigin::Assumed);
    let given = note.service_date.map(|day| (day, DateOrigin::Given));
    given.or_else(|| judged.map(|service| (service.day, service.origin)))
}
