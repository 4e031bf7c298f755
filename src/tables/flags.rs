//! The table `flags`.

use super::column::{Int, Maybe, Text, table};
use super::ids::int;
use crate::model::Audit;
use crate::text::Offsets;

table! {
    /// One row a statement that disagrees with another statement or with a rule.
    FlagColumns of FlagRow {
        /// The note's id.
        note_id: Text,
        /// The rule.
        rule: Text,
        /// How much it weighs: `info`, `warning`, `error`.
        severity: Text,
        /// What is wrong, without words of the note.
        message: Text,
        /// Where the first words that disagree begin, in the decoded text.
        start: Maybe<Int>,
        /// Where they end.
        end: Maybe<Int>,
    }
}

impl FlagColumns {
    /// Adds the flags of a note, whose places `offsets` counts.
    pub(crate) fn add(&mut self, note_id: &str, audit: &Audit, offsets: &Offsets<'_>) {
        for flag in &audit.flags {
            let place = flag.evidence.first().map(|e| e.span);
            self.push(FlagRow {
                note_id,
                rule: flag.rule,
                severity: flag.level.name(),
                message: &flag.message,
                start: place.map(|span| int(offsets.of(span.start))),
                end: place.map(|span| int(offsets.of(span.end))),
            });
        }
    }
}
