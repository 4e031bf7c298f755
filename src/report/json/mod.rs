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
#[cfg(feature = "serve")]
mod schema;
#[cfg(test)]
mod tests;
mod update;
mod words;

use serde::{Serialize, Serializer};

use self::encounter::EncounterRow;
use self::facts::{
    ContradictionRow, CorrelationRow, FindingRow, FlagRow, GapRow, IgnoredRow, PolicyRow, RadiculopathyRow,
    ScoreRow,
};
use self::procedures::{CodeRow, ProcedureRow, ServiceRow};
use crate::checks::Rules;
use crate::model::{Audit, NoteType};
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

/// What one note states, and what it leaves out.
#[derive(Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema), schema(as = Audit))]
struct AuditRow<'a> {
    note_id: &'a str,
    /// Name and version of this contract.
    schema: &'static str,
    note_type: NoteType,
    service_date: Option<ServiceRow>,
    findings: Vec<FindingRow<'a>>,
    procedures: Vec<ProcedureRow<'a>>,
    encounter: Option<EncounterRow<'a>>,
    radiculopathies: Vec<RadiculopathyRow<'a>>,
    correlation: Option<CorrelationRow<'a>>,
    conservative_care: Option<bool>,
    codes: Vec<CodeRow<'a>>,
    gaps: Vec<GapRow>,
    flags: Vec<FlagRow<'a>>,
    contradictions: Vec<ContradictionRow>,
    // Most notes have neither.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ignored: Vec<IgnoredRow<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    policies: Vec<PolicyRow<'a>>,
    score: ScoreRow,
}

impl Serialize for AuditJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let audit = self.audit;
        AuditRow {
            note_id: self.note_id,
            schema: SCHEMA,
            note_type: audit.note_type,
            service_date: audit.service.map(ServiceRow::from),
            findings: audit.findings.iter().enumerate().map(|(i, f)| self.finding(i, f)).collect(),
            procedures: audit.procedures.iter().enumerate().map(|(i, p)| self.procedure(i, p)).collect(),
            encounter: self.encounter(),
            radiculopathies: audit.radiculopathies.iter().map(|r| self.radiculopathy(r)).collect(),
            correlation: audit.correlation.as_ref().map(|c| self.correlation(c)),
            conservative_care: audit.conservative_care.as_ref().map(|care| care.documented),
            codes: audit.codes.iter().map(|code| self.code(code)).collect(),
            gaps: audit.gaps.iter().enumerate().map(|(i, gap)| self.gap(i, gap)).collect(),
            flags: audit.flags.iter().map(|flag| self.flag(flag)).collect(),
            contradictions: audit.contradictions.iter().filter_map(|c| self.contradiction(c)).collect(),
            ignored: audit.ignored.iter().map(|ignored| self.ignored(ignored)).collect(),
            policies: audit.policies.iter().map(PolicyRow::from).collect(),
            score: ScoreRow::from(audit.score),
        }
        .serialize(serializer)
    }
}

/// What the object looks like, for descriptions of interfaces.
#[cfg(feature = "serve")]
impl utoipa::PartialSchema for AuditJson<'_> {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        AuditRow::schema()
    }
}

#[cfg(feature = "serve")]
impl utoipa::ToSchema for AuditJson<'_> {
    fn name() -> std::borrow::Cow<'static, str> {
        AuditRow::name()
    }

    fn schemas(schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>)>) {
        AuditRow::schemas(schemas);
    }
}
