//! The table `findings`.

use super::column::{Int, Maybe, Shown, Text, table};
use super::ids::{FindingId, anchor, int};
use crate::model::{Audit, Level, Severity, Side, Subtype, Vertebra};
use crate::text::Offsets;

table! {
    /// One row a finding. A value that the note does not state is null.
    FindingColumns of FindingRow {
        /// The note's id.
        note_id: Text,
        /// The finding's id within its note: `f1`, `f2`, …
        finding: Shown<FindingId>,
        /// What it is: `foraminal_stenosis`, `central_canal_stenosis`, `lateral_recess_stenosis`, `thecal_sac_compression`,
        /// `nerve_root_compression`, `disc_displacement`, `facet_arthropathy`.
        kind: Text,
        /// The form of the disc, for `disc_displacement`.
        subtype: Maybe<Text>,
        /// Where: a vertebra (`L4`) or the interspace of two (`L4-L5`).
        level: Maybe<Shown<Level>>,
        /// On which side: `left`, `right`, `bilateral`.
        side: Maybe<Text>,
        /// How bad: `mild`, `mild_to_moderate`, `moderate`, `moderate_to_severe`, `severe`.
        severity: Maybe<Text>,
        /// What the note says of it: `present`, `absent`, `possible`, `historical`, `hypothetical`.
        status: Text,
        /// The root that is named, for `nerve_root_compression`.
        root: Maybe<Shown<Vertebra>>,
        /// The kind of section that it stands in.
        section: Text,
        /// Where the words that make it begin, in the decoded text.
        start: Maybe<Int>,
        /// Where they end.
        end: Maybe<Int>,
        /// These words; null with `--no-text`.
        text: Maybe<Text>,
    }
}

impl FindingColumns {
    /// Adds the findings of a note; `text` is the note where its words may appear, `offsets` counts places in it.
    pub(crate) fn add(&mut self, note_id: &str, text: Option<&str>, audit: &Audit, offsets: &Offsets<'_>) {
        for (i, finding) in audit.findings.iter().enumerate() {
            let place = anchor(&finding.evidence);
            self.push(FindingRow {
                note_id,
                finding: FindingId(i),
                kind: finding.kind.name(),
                subtype: finding.subtype.map(Subtype::name),
                level: finding.level,
                side: finding.side.map(Side::name),
                severity: finding.severity.map(Severity::name),
                status: finding.status.name(),
                root: finding.root,
                section: finding.section.name(),
                start: place.map(|span| int(offsets.of(span.start))),
                end: place.map(|span| int(offsets.of(span.end))),
                text: place.zip(text).map(|(span, text)| span.of(text)),
            });
        }
    }
}
