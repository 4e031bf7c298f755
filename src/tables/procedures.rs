//! The table `procedures`.

use std::fmt::Write;

use super::column::{Int, Maybe, Shown, Text, table};
use super::ids::{ProcedureId, anchor, int};
use crate::model::{Audit, Drug, Guidance, Level, Side};
use crate::text::Offsets;

table! {
    /// One row a procedure. Guidance and drugs are those of the encounter, for an injection that was performed in it.
    ProcedureColumns of ProcedureRow {
        /// The note's id.
        note_id: Text,
        /// The procedure's id within its note: `p1`, `p2`, …
        procedure: Shown<ProcedureId>,
        /// What it is: `transforaminal_esi`, `medial_branch_block`, `fusion`, …
        family: Text,
        /// Where: a vertebra or root (`L4`) or an interspace (`L4-L5`).
        level: Maybe<Shown<Level>>,
        /// On which side: `left`, `right`, `bilateral`.
        side: Maybe<Text>,
        /// Whether and when: `performed`, `planned`, `historical`, `considered`.
        status: Text,
        /// How the needle was guided: `fluoroscopy`, `ct`, `ultrasound`, `none`.
        guidance: Maybe<Text>,
        /// What was injected, with the dose where it is known: `dexamethasone 10 mg; lidocaine`.
        drugs: Maybe<Shown<String>>,
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

impl ProcedureColumns {
    /// Adds the procedures of a note; `text` is the note where its words may appear, `offsets` counts places in it.
    pub(crate) fn add(&mut self, note_id: &str, text: Option<&str>, audit: &Audit, offsets: &Offsets<'_>) {
        for (i, procedure) in audit.procedures.iter().enumerate() {
            let place = anchor(&procedure.evidence);
            let (guidance, drugs) = audit.given(procedure);
            self.push(ProcedureRow {
                note_id,
                procedure: ProcedureId(i),
                family: procedure.family.name(),
                level: procedure.level,
                side: procedure.side.map(Side::name),
                status: procedure.status.name(),
                guidance: guidance.map(Guidance::name),
                drugs: Some(doses(drugs)).filter(|doses| !doses.is_empty()),
                section: procedure.section.name(),
                start: place.map(|span| int(offsets.of(span.start))),
                end: place.map(|span| int(offsets.of(span.end))),
                text: place.zip(text).map(|(span, text)| span.of(text)),
            });
        }
    }
}

/// Drugs with their doses, where these are known, without the noise of binary fractions.
fn doses<'a>(drugs: impl Iterator<Item = &'a Drug>) -> String {
    let mut list = String::new();
    for drug in drugs {
        let separator = if list.is_empty() { "" } else { "; " };
        // Writing to memory cannot fail.
        let _ = write!(list, "{separator}{}", drug.substance);
        if let Some(dose) = drug.dose_mg {
            let _ = write!(list, " {} mg", (dose * 1e6).round() / 1e6);
        }
    }
    list
}
