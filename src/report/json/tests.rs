use super::*;
use crate::checks::sample::{evidence, finding_in};
use crate::checks::{Settings, completeness, contradiction_flags};
use crate::model::{
    Between, CodeSystem, Complaint, Concordance, ConservativeCare, Contradiction, Correlation,
    CorrelationStatus, DateOrigin, Drug, Element, Encounter, FunctionScore, Gap, Guidance, Moment, NoteType,
    PainScore, Procedure, ProcedureFamily, ProcedureStatus, Radiculopathy, Relief, ScaleGrade, SectionKind,
    ServiceDate, Side, Stated, StatedCode, Status, Substance, Subtype,
};
use crate::text::Span;

const NOTE: &str = "Left L5 radiculopathy. MRI: L4-5 foraminal stenosis, Lee grade 2. L5-S1 disc extrusion. \
                    No L5-S1 extrusion. Root contact at L5. PT failed. Left L5 TFESI under fluoro: dexamethasone 10 mg, lidocaine 1% to the skin, \
                    NRS 7, ODI 40, 64483-LT. Planned again after 80% relief.";

/// Where words first stand in the note.
fn at(words: &str) -> Span {
    evidence(NOTE, &[&format!("anchor {words}")])[0].span
}

fn told<T>(value: T, words: &str) -> Stated<T> {
    Stated { value, span: at(words) }
}

fn drug(substance: Substance, words: &str) -> Drug {
    Drug {
        substance,
        dose_mg: None,
        is_computed: false,
        volume_ml: None,
        mg_per_ml: None,
        wasted_mg: None,
        for_skin: false,
        span: at(words),
    }
}

fn encounter() -> Encounter {
    Encounter {
        guidance: Some(told(Guidance::Fluoroscopy, "fluoro")),
        drugs: vec![
            // What binary fractions make of 0.1 x 3 is not printed.
            Drug {
                dose_mg: Some(0.1 * 3.0),
                is_computed: true,
                volume_ml: Some(0.1),
                mg_per_ml: Some(3.0),
                ..drug(Substance::Dexamethasone, "dexamethasone 10 mg")
            },
            Drug { for_skin: true, ..drug(Substance::Lidocaine, "lidocaine 1%") },
        ],
        contrast_barrier: Some(at("MRI")),
        reliefs: vec![Relief {
            times: 1,
            percent: Some(80),
            lasted: None,
            ongoing: false,
            after: Some(ProcedureFamily::TransforaminalEsi),
            moment: Moment::Before,
            span: at("80% relief"),
        }],
        pain_scores: vec![PainScore { value: 7.0, moment: Moment::Before, span: at("NRS 7") }],
        function_scores: vec![FunctionScore { value: Some(40.0), moment: Moment::After, span: at("ODI 40") }],
        complaints: vec![(told(Complaint::Radicular, "radiculopathy"), Status::Present)],
        ..Encounter::default()
    }
}

fn procedure(status: ProcedureStatus, words: &str) -> Procedure {
    Procedure {
        family: ProcedureFamily::TransforaminalEsi,
        level: "L5".parse().ok(),
        side: Some(Side::Left),
        status,
        section: SectionKind::Procedure,
        evidence: evidence(NOTE, &[&format!("anchor {words}")]).into_iter().collect(),
    }
}

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
    let score = found.score();
    let mut gaps = found.gaps;
    gaps.push(Gap { rule: "NF004", element: Element::Correlation, finding: None, procedure: Some(1) });
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
        procedures: vec![
            procedure(ProcedureStatus::Performed, "TFESI"),
            procedure(ProcedureStatus::Planned, "Planned again"),
        ],
        encounter: encounter(),
        codes: vec![StatedCode {
            system: CodeSystem::Cpt,
            code: "64483".to_owned(),
            modifiers: vec!["LT".to_owned()],
            units: None,
            has_broken_units: false,
            is_past: false,
            section: SectionKind::Procedure,
            span: at("64483-LT"),
        }],
        service: Some(ServiceDate { day: jiff::civil::date(2026, 3, 1), origin: DateOrigin::Given }),
        gaps,
        score,
        ..Audit::empty(NoteType::Clinic)
    }
}

fn json(audit: &Audit, text: bool) -> String {
    let rules = Rules::embedded().unwrap();
    serde_json::to_string_pretty(&AuditJson {
        rules: &rules,
        note_id: "n1",
        note: NOTE,
        audit,
        text,
        offsets: None,
    })
    .unwrap()
}

#[test]
fn the_contract_with_every_key() {
    insta::assert_snapshot!(json(&audit(), true));
}

#[test]
fn without_text_no_word_of_the_note_is_put_out() {
    let shown = json(&audit(), false);
    for word in [
        "Left L5",
        "MRI",
        "4-5",
        "Lee",
        "Root contact",
        "PT failed",
        "\"text\": \"foraminal",
        "TFESI",
        "fluoro:",
        "10 mg",
        "NRS",
        "ODI",
        "relief\"",
    ] {
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
    let rest = r#""schema":"foramen.audit/1","score":{"documented":0,"percent":null,"required":0},"service_date":null}"#;
    assert!(line.ends_with(rest), "{line}");
    for key in ["correlation", "conservative_care", "encounter"] {
        assert!(line.contains(&format!(r#""{key}":null"#)), "{line}");
    }
}
