//! The table `gaps`.

use super::column::{Maybe, Shown, Text, table};
use super::ids::{FindingId, ProcedureId};
use crate::checks::{Rules, query};
use crate::model::{Audit, Level, Severity, Side};

table! {
    /// One row a missing element, with the finding or the procedure that lacks it (with neither, the note as a whole
    /// does) and the query that asks for it.
    GapColumns of GapRow {
        /// The note's id.
        note_id: Text,
        /// The rule that requires the element.
        rule: Text,
        /// What is missing: `level`, `laterality`, `severity`, `correlation`, or an element that another pack names.
        element: Text,
        /// The finding that lacks it, as in `findings`.
        finding: Maybe<Shown<FindingId>>,
        /// What that finding is.
        kind: Maybe<Text>,
        /// The procedure that lacks it, as in `procedures`.
        procedure: Maybe<Shown<ProcedureId>>,
        /// What that procedure is.
        family: Maybe<Text>,
        /// The level of the finding or procedure.
        level: Maybe<Shown<Level>>,
        /// Its side.
        side: Maybe<Text>,
        /// The severity of the finding.
        severity: Maybe<Text>,
        /// The question to the clinician. It cites the note, or with `--no-text` describes the fact.
        query: Maybe<Shown<String>>,
    }
}

impl GapColumns {
    /// Adds the gaps of a note; `text` is the note where its words may appear.
    pub(crate) fn add(&mut self, rules: &Rules, note_id: &str, text: Option<&str>, audit: &Audit) {
        for (i, gap) in audit.gaps.iter().enumerate() {
            let fact = audit.fact(gap.finding, gap.procedure);
            self.push(GapRow {
                note_id,
                rule: gap.rule,
                element: gap.element.name(),
                finding: gap.finding.map(FindingId),
                kind: fact.finding().map(|f| f.kind.name()),
                procedure: gap.procedure.map(ProcedureId),
                family: fact.procedure().map(|p| p.family.name()),
                level: fact.level(),
                side: fact.side().map(Side::name),
                severity: fact.finding().and_then(|f| f.severity).map(Severity::name),
                query: query(rules, audit, text.unwrap_or_default(), i).map(|query| query.text),
            });
        }
    }
}
