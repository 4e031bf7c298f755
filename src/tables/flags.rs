//! The table `flags`.

use super::column::{Int, Maybe, Text, table};
use super::ids::int;
use crate::model::Audit;

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
        /// Where the first words that disagree begin, in bytes of the decoded text.
        start: Maybe<Int>,
        /// Where they end.
        end: Maybe<Int>,
    }
}

impl FlagColumns {
    /// Adds the flags of a note.
    pub(crate) fn add(&mut self, note_id: &str, audit: &Audit) {
        for flag in &audit.flags {
            let place = flag.evidence.first().map(|e| e.span);
            self.push(FlagRow {
                note_id,
                rule: flag.rule,
                severity: flag.level.name(),
                message: &flag.message,
                start: place.map(|span| int(span.start)),
                end: place.map(|span| int(span.end)),
            });
        }
    }
}
