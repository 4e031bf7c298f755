//! An audit as one JSON object: the contract that `foramen extract` and the bindings print.
//!
//! Keys come in a fixed order, so that the same audit is the same bytes. Offsets count bytes of the note as it
//! came in. A value that the note does not state is `null`; `subtype`, `root` and `grade` are left out where a
//! finding has none.
//!
//! ```
//! use foramen::checks::Rules;
//! use foramen::lexicon::Lexicon;
//! use foramen::report::AuditJson;
//! let (note, rules) = ("Neck pain.", Rules::embedded().unwrap());
//! let engine = foramen::Engine::new(Lexicon::embedded()).unwrap();
//! let audit = engine.audit(note, &Default::default());
//! let json = serde_json::to_string(&AuditJson { rules: &rules, note_id: "n1", note, audit: &audit, text: true });
//! assert!(json.unwrap().starts_with(r#"{"note_id":"n1","schema":"foramen.audit/1","#));
//! ```

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::checks::{Rules, query};
use crate::model::{
    Audit, Between, Concordance, Contradiction, Correlation, CorrelationStatus, Element, Evidence, Finding,
    FindingKind, Flag, FlagLevel, Gap, Ignored, Issue, Level, Policy, Radiculopathy, Role, Score,
    SectionKind, Severity, Side, Status, Subtype, Vertebra,
};
use crate::text::Span;

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
}

impl Serialize for AuditJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let audit = self.audit;
        let findings: Vec<_> = audit.findings.iter().enumerate().map(|(i, f)| self.finding(i, f)).collect();
        let roots: Vec<_> = audit.radiculopathies.iter().map(|r| self.radiculopathy(r)).collect();
        let correlation = audit.correlation.as_ref().map(|c| self.correlation(c));
        let care = audit.conservative_care.as_ref().map(|care| care.documented);
        let gaps: Vec<_> = audit.gaps.iter().enumerate().map(|(i, gap)| self.gap(i, gap)).collect();
        let flags: Vec<_> = audit.flags.iter().map(|flag| self.flag(flag)).collect();
        let contradictions: Vec<_> =
            audit.contradictions.iter().filter_map(|c| self.contradiction(c)).collect();

        let mut object = serializer.serialize_struct("Audit", 11)?;
        object.serialize_field("note_id", self.note_id)?;
        object.serialize_field("schema", SCHEMA)?;
        object.serialize_field("note_type", &audit.note_type)?;
        object.serialize_field("findings", &findings)?;
        object.serialize_field("radiculopathies", &roots)?;
        object.serialize_field("correlation", &correlation)?;
        object.serialize_field("conservative_care", &care)?;
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

/// Position of a finding, written as `f1`, `f2`, ….
struct FindingId(usize);

impl Serialize for FindingId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("f{}", self.0 + 1))
    }
}

/// Evidence with its words, where words are put out.
struct EvidenceRows<'a> {
    note: Option<&'a str>,
    evidence: &'a [Evidence],
}

impl Serialize for EvidenceRows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(
            self.evidence.iter().map(|e| EvidenceRow { role: e.role, words: Words::new(self.note, e.span) }),
        )
    }
}

#[derive(Serialize)]
struct EvidenceRow<'a> {
    role: Role,
    #[serde(flatten)]
    words: Words<'a>,
}

#[derive(Serialize)]
struct Words<'a> {
    start: u32,
    end: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
}

impl<'a> Words<'a> {
    fn new(note: Option<&'a str>, span: Span) -> Self {
        Self { start: span.start, end: span.end, text: note.map(|note| span.of(note)) }
    }
}

#[derive(Serialize)]
struct FindingRow<'a> {
    id: FindingId,
    kind: FindingKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    subtype: Option<Subtype>,
    level: Option<Level>,
    side: Option<Side>,
    severity: Option<Severity>,
    status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    root: Option<Vertebra>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grade: Option<Words<'a>>,
    section: SectionKind,
    evidence: EvidenceRows<'a>,
}

#[derive(Serialize)]
struct RadiculopathyRow<'a> {
    root: Option<Vertebra>,
    side: Option<Side>,
    status: Status,
    evidence: EvidenceRows<'a>,
}

#[derive(Serialize)]
struct CorrelationRow<'a> {
    status: CorrelationStatus,
    concordance: Concordance,
    evidence: EvidenceRows<'a>,
}

#[derive(Serialize)]
struct GapRow {
    rule: &'static str,
    element: Element,
    kind: Option<FindingKind>,
    level: Option<Level>,
    side: Option<Side>,
    finding: Option<FindingId>,
    query: Option<QueryRow>,
}

#[derive(Serialize)]
struct QueryRow {
    text: String,
    indicators: Vec<String>,
    options: Vec<String>,
}

#[derive(Serialize)]
struct FlagRow<'a> {
    rule: &'static str,
    severity: FlagLevel,
    message: &'a str,
    evidence: EvidenceRows<'a>,
}

#[derive(Serialize)]
struct ContradictionRow {
    kind: FindingKind,
    level: Option<Level>,
    between: Between,
    findings: [FindingId; 2],
}

#[derive(Serialize)]
struct IgnoredRow<'a> {
    rule: &'static str,
    element: Option<Element>,
    finding: Option<FindingId>,
    message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

#[derive(Serialize)]
struct PolicyRow<'a> {
    pack: &'static str,
    contractor: &'a str,
    lcd: &'a str,
    article: Option<&'a str>,
    effective_from: String,
}

impl<'a> From<&'a Policy> for PolicyRow<'a> {
    fn from(policy: &'a Policy) -> Self {
        Self {
            pack: policy.pack,
            contractor: &policy.contractor,
            lcd: &policy.number,
            article: policy.article.as_deref(),
            effective_from: policy.from.to_string(),
        }
    }
}

#[derive(Serialize)]
struct ScoreRow {
    documented: u32,
    required: u32,
    percent: Option<f64>,
}

impl From<Score> for ScoreRow {
    fn from(score: Score) -> Self {
        Self { documented: score.documented, required: score.required, percent: score.percent() }
    }
}

impl<'a> AuditJson<'a> {
    fn words(&self) -> Option<&'a str> {
        self.text.then_some(self.note)
    }

    fn evidence(&self, evidence: &'a [Evidence]) -> EvidenceRows<'a> {
        EvidenceRows { note: self.words(), evidence }
    }

    fn finding(&self, index: usize, finding: &'a Finding) -> FindingRow<'a> {
        FindingRow {
            id: FindingId(index),
            kind: finding.kind,
            subtype: finding.subtype,
            level: finding.level,
            side: finding.side,
            severity: finding.severity,
            status: finding.status,
            root: finding.root,
            grade: finding.grade.map(|grade| Words::new(self.words(), grade.span)),
            section: finding.section,
            evidence: self.evidence(&finding.evidence),
        }
    }

    fn radiculopathy(&self, found: &'a Radiculopathy) -> RadiculopathyRow<'a> {
        RadiculopathyRow {
            root: found.root,
            side: found.side,
            status: found.status,
            evidence: self.evidence(&found.evidence),
        }
    }

    fn correlation(&self, found: &'a Correlation) -> CorrelationRow<'a> {
        CorrelationRow {
            status: found.status,
            concordance: found.concordance,
            evidence: self.evidence(&found.evidence),
        }
    }

    fn gap(&self, index: usize, gap: &Gap) -> GapRow {
        let finding = gap.finding.and_then(|f| self.audit.findings.get(f));
        let asked = query(self.rules, self.audit, self.words().unwrap_or_default(), index);
        GapRow {
            rule: gap.rule,
            element: gap.element,
            kind: finding.map(|f| f.kind),
            level: finding.and_then(|f| f.level),
            side: finding.and_then(|f| f.side),
            finding: gap.finding.map(FindingId),
            query: asked.map(|asked| QueryRow {
                text: asked.text,
                indicators: asked.indicators,
                options: asked.choices.into_iter().flat_map(|choice| choice.options).collect(),
            }),
        }
    }

    fn flag(&self, flag: &'a Flag) -> FlagRow<'a> {
        FlagRow {
            rule: flag.rule,
            severity: flag.level,
            message: &flag.message,
            evidence: self.evidence(&flag.evidence),
        }
    }

    /// What was set aside; the reason can stand in the note, and is put out where its words are.
    fn ignored(&self, ignored: &'a Ignored) -> IgnoredRow<'a> {
        let reason = self.text.then_some(ignored.reason.as_str());
        match &ignored.issue {
            Issue::Gap(gap) => IgnoredRow {
                rule: gap.rule,
                element: Some(gap.element),
                finding: gap.finding.map(FindingId),
                message: None,
                reason,
            },
            Issue::Flag(flag) => IgnoredRow {
                rule: flag.rule,
                element: None,
                finding: None,
                message: Some(&flag.message),
                reason,
            },
        }
    }

    fn contradiction(&self, found: &Contradiction) -> Option<ContradictionRow> {
        let (first, second) = (self.audit.findings.get(found.first)?, self.audit.findings.get(found.second)?);
        Some(ContradictionRow {
            kind: first.kind,
            level: first.level.or(second.level),
            between: found.between,
            findings: [FindingId(found.first), FindingId(found.second)],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::sample::{evidence, finding_in};
    use crate::checks::{Settings, completeness, contradiction_flags};
    use crate::model::{ConservativeCare, NoteType, ScaleGrade};

    const NOTE: &str = "Left L5 radiculopathy. MRI: L4-5 foraminal stenosis, Lee grade 2. L5-S1 disc extrusion. \
                        No L5-S1 extrusion. Root contact at L5. PT failed.";

    fn audit() -> Audit {
        let mut graded =
            finding_in(NOTE, "foraminal_stenosis L4-L5", &["level L4-5", "anchor foraminal stenosis"]);
        graded.grade = Some(ScaleGrade { scale: 0, span: Span::new(53, 64) });
        let mut disc = finding_in(NOTE, "disc_displacement L5-S1", &["level L5-S1", "anchor extrusion"]);
        disc.subtype = Some(Subtype::Extrusion);
        let mut denied = disc.clone();
        denied.status = Status::Absent;
        let mut root = finding_in(NOTE, "nerve_root_compression", &["anchor Root contact"]);
        root.root = "L5".parse().ok();
        let findings = vec![graded, disc, denied, root];
        let contradictions = vec![Contradiction { between: Between::Status, first: 1, second: 2 }];
        let implicit = CorrelationStatus::Implicit;
        let found = completeness(NoteType::Clinic, &findings, Some(implicit), &Settings::default());
        Audit {
            flags: contradiction_flags(&Rules::embedded().unwrap(), &findings, &contradictions),
            findings,
            radiculopathies: vec![Radiculopathy {
                root: "L5".parse().ok(),
                side: Some(Side::Left),
                status: Status::Present,
                evidence: evidence(NOTE, &["anchor radiculopathy"]).into_iter().collect(),
            }],
            correlation: Some(Correlation {
                status: implicit,
                concordance: Concordance::Undetermined,
                evidence: evidence(NOTE, &["symptom radiculopathy", "imaging MRI"]).into_iter().collect(),
            }),
            conservative_care: Some(ConservativeCare { documented: true, ..ConservativeCare::default() }),
            contradictions,
            score: found.score(),
            gaps: found.gaps,
            ..Audit::empty(NoteType::Clinic)
        }
    }

    fn json(audit: &Audit, text: bool) -> String {
        let rules = Rules::embedded().unwrap();
        serde_json::to_string_pretty(&AuditJson { rules: &rules, note_id: "n1", note: NOTE, audit, text })
            .unwrap()
    }

    #[test]
    fn the_contract_with_every_key() {
        insta::assert_snapshot!(json(&audit(), true));
    }

    #[test]
    fn without_text_no_word_of_the_note_is_put_out() {
        let shown = json(&audit(), false);
        for word in ["Left L5", "MRI", "4-5", "Lee", "Root contact", "PT", "\"text\": \"foraminal"] {
            assert!(!shown.contains(word), "{word} in {shown}");
        }
        let parsed: serde_json::Value = serde_json::from_str(&shown).unwrap();
        assert_eq!(
            parsed["findings"][0]["evidence"][0],
            serde_json::json!({"role": "level", "start": 28, "end": 32})
        );
        assert_eq!(parsed["findings"][0]["grade"], serde_json::json!({"start": 53, "end": 64}));
        assert_eq!(parsed["gaps"][0]["query"]["indicators"], serde_json::json!([]));
    }

    #[test]
    fn a_note_with_nothing_keeps_every_key() {
        let nothing = Audit { ..Audit::empty(NoteType::Radiology) };
        let line = serde_json::from_str::<serde_json::Value>(&json(&nothing, true)).unwrap().to_string();
        let rest = r#""schema":"foramen.audit/1","score":{"documented":0,"percent":null,"required":0}}"#;
        assert!(line.ends_with(rest), "{line}");
        assert!(
            line.contains(r#""correlation":null"#) && line.contains(r#""conservative_care":null"#),
            "{line}"
        );
    }
}
