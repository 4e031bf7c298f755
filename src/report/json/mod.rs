//! An audit as one JSON object: the contract that `foramen extract` and the bindings print.
//!
//! Keys come in a fixed order, so that the same audit is the same bytes. Offsets count bytes of the note as it
//! came in, or what [`AuditJson::offsets`] says. A value that the note does not state is `null`; `subtype`, `root` and `grade` are left out where a
//! finding has none. `encounter` is `null` where the note tells nothing of one.
//!
//! ```
//! use foramen::checks::Rules;
//! use foramen::lexicon::Lexicon;
//! use foramen::report::AuditJson;
//! let (note, rules) = ("Neck pain.", Rules::embedded().unwrap());
//! let engine = foramen::Engine::new(Lexicon::embedded()).unwrap();
//! let audit = engine.audit(note, &Default::default());
//! let json = serde_json::to_string(&AuditJson { rules: &rules, note_id: "n1", note, audit: &audit, text: true, offsets: None });
//! assert!(json.unwrap().starts_with(r#"{"note_id":"n1","schema":"foramen.audit/1","#));
//! ```

mod encounter;
mod facts;
mod procedures;
#[cfg(test)]
mod tests;
mod update;
mod words;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use self::facts::{PolicyRow, ScoreRow};
use self::procedures::ServiceRow;
use crate::checks::Rules;
use crate::model::Audit;
use crate::text::Offsets;

pub use update::UpdateJson;

/// Name and version of the contract.
pub const SCHEMA: &str = "foramen.audit/1";

/// One note's audit, to be serialized; nothing is copied before that.
#[derive(Clone, Copy, Debug)]
pub struct AuditJson<'a> {
    /// Where the queries come from.
    pub rules: &'a Rules,
    /// The note's id.
    pub note_id: &'a str,
    /// The note, as it was audited.
    pub note: &'a str,
    /// What was found.
    pub audit: &'a Audit,
    /// Whether words of the note are put out: those of the evidence, and those that queries cite. Offsets always
    /// are.
    pub text: bool,
    /// What offsets count, for a reader that does not count bytes.
    pub offsets: Option<&'a Offsets<'a>>,
}

impl Serialize for AuditJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let audit = self.audit;
        let findings: Vec<_> = audit.findings.iter().enumerate().map(|(i, f)| self.finding(i, f)).collect();
        let procedures: Vec<_> =
            audit.procedures.iter().enumerate().map(|(i, p)| self.procedure(i, p)).collect();
        let codes: Vec<_> = audit.codes.iter().map(|code| self.code(code)).collect();
        let roots: Vec<_> = audit.radiculopathies.iter().map(|r| self.radiculopathy(r)).collect();
        let correlation = audit.correlation.as_ref().map(|c| self.correlation(c));
        let care = audit.conservative_care.as_ref().map(|care| care.documented);
        let gaps: Vec<_> = audit.gaps.iter().enumerate().map(|(i, gap)| self.gap(i, gap)).collect();
        let flags: Vec<_> = audit.flags.iter().map(|flag| self.flag(flag)).collect();
        let contradictions: Vec<_> =
            audit.contradictions.iter().filter_map(|c| self.contradiction(c)).collect();

        let mut object = serializer.serialize_struct("Audit", 15)?;
        object.serialize_field("note_id", self.note_id)?;
        object.serialize_field("schema", SCHEMA)?;
        object.serialize_field("note_type", &audit.note_type)?;
        object.serialize_field("service_date", &audit.service.map(ServiceRow::from))?;
        object.serialize_field("findings", &findings)?;
        object.serialize_field("procedures", &procedures)?;
        object.serialize_field("encounter", &self.encounter())?;
        object.serialize_field("radiculopathies", &roots)?;
        object.serialize_field("correlation", &correlation)?;
        object.serialize_field("conservative_care", &care)?;
        object.serialize_field("codes", &codes)?;
        object.serialize_field("gaps", &gaps)?;
        object.serialize_field("flags", &flags)?;
        object.serialize_field("contradictions", &contradictions)?;
        // Most notes have neither.
        if !audit.ignored.is_empty() {
            let ignored: Vec<_> = audit.ignored.iter().map(|ignored| self.ignored(ignored)).collect();
            object.serialize_field("ignored", &ignored)?;
        }
        if !audit.policies.is_empty() {
            let policies: Vec<_> = audit.policies.iter().map(PolicyRow::from).collect();
            object.serialize_field("policies", &policies)?;
        }
        object.serialize_field("score", &ScoreRow::from(audit.score))?;
        object.end()
    }
}
