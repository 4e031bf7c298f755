//! Holds every query template of the data to AHIMA/ACDIS, *Guidelines for Achieving a Compliant Query Practice*
//! (2022 update).

use serde::Deserialize;

use super::sample::{evidence, finding, finding_in, procedure_in};
use super::{QueryTemplate, Rule, Rules, query};
use crate::model::{
    Audit, Concordance, Correlation, CorrelationStatus, Element, Gap, Guidance, NoteType, Severity, Side,
};

/// Beginnings of words that have no place in a query.
const FORBIDDEN: &str = include_str!("../../lexicons/rules/compliance.toml");

/// [`FORBIDDEN`], as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Forbidden {
    payment: Vec<String>,
    leading: Vec<String>,
}

/// The answers that every query offers.
const ALWAYS: [&str; 2] = ["other", "unable to determine"];

fn banned(text: &str) -> Vec<String> {
    let Forbidden { payment, leading } = toml::from_str(FORBIDDEN).expect("a list of each kind");
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
    let begins = |stem: &String| words.iter().any(|word| word.starts_with(stem.as_str()));
    payment.into_iter().chain(leading).filter(begins).collect()
}

/// What is wrong with a template, in words.
fn faults(element: Element, template: &QueryTemplate) -> Vec<String> {
    let mut faults = Vec::new();
    for text in template.options.iter().chain([&template.ask]) {
        faults.extend(banned(text).iter().map(|word| format!("`{word}` in `{text}`")));
        if text.contains(['{', '}', '?']) {
            faults.push(format!("placeholder or question mark in `{text}`"));
        }
    }
    if template.options.iter().any(|o| template.ask.to_lowercase().contains(&o.to_lowercase())) {
        faults.push(format!("`{}` names an answer", template.ask));
    }
    if template.options.iter().any(|o| ALWAYS.contains(&o.as_str())) {
        faults.push("an answer of the frame is repeated".to_owned());
    }
    let options: Vec<&str> = template.options.iter().map(String::as_str).collect();
    let balanced = match element {
        Element::Level => template.levels_of_note && options.is_empty(),
        Element::Laterality => options == Side::ALL.iter().map(|s| s.name()).collect::<Vec<_>>(),
        Element::Severity => {
            options == [Severity::Mild, Severity::Moderate, Severity::Severe].map(Severity::name)
        }
        Element::Correlation | Element::Contrast | Element::Images => {
            let denying = options.iter().filter(|o| o.contains(" not ")).count();
            denying > 0 && denying < options.len()
        }
        // Each way that there is, and that there was none.
        Element::Guidance => options.len() == Guidance::ALL.len(),
        // A number, a duration, a story: whatever was offered would be a guess.
        Element::ImagingFinding
        | Element::SymptomDuration
        | Element::ConservativeCare
        | Element::CareDuration
        | Element::ScoreBefore
        | Element::ScoreAfter
        | Element::ReliefPercent
        | Element::ReliefDuration
        | Element::DiagnosticBlocks => options.is_empty() && !template.levels_of_note,
    };
    if !balanced {
        faults.push(format!("the answers are not all that there are: {options:?}"));
    }
    faults
}

const NOTE: &str = "C5-6: narrowed left foramen.\nNeck: foraminal\nstenosis; tingling thumb. C6-7: disc bulge. \
                    C4-5: foramina patent. Left C5-6 injection.";

/// An audit of [`NOTE`] whose only gap is that of a rule.
fn audit_lacking(rule: &Rule, element: Element) -> Audit {
    let code = CODES.iter().find(|code| **code == rule.code).expect("the rule is on the list");
    let is_of_finding = matches!(element, Element::Level | Element::Laterality | Element::Severity);
    let is_of_note = rule.code == "NF004";
    let gap = Gap {
        rule: code,
        element,
        finding: is_of_finding.then_some(0),
        procedure: (!is_of_finding && !is_of_note).then_some(0),
    };
    Audit {
        procedures: vec![procedure_in(
            NOTE,
            "transforaminal_esi C5-C6 left",
            &["anchor Left C5-6 injection"],
        )],
        findings: vec![
            finding_in(NOTE, "foraminal_stenosis", &["anchor foraminal\nstenosis"]),
            finding("disc_displacement C6-C7"),
            finding("foraminal_stenosis C5-C6 left"),
            finding("central_canal_stenosis L1-L2 possible"),
            finding("disc_displacement C4-C5"),
            finding("foraminal_stenosis C4-C5 absent"),
        ],
        correlation: Some(Correlation {
            status: CorrelationStatus::Implicit,
            concordance: Concordance::Undetermined,
            evidence: evidence(NOTE, &["symptom tingling thumb"]).into_iter().collect(),
        }),
        gaps: vec![gap],
        ..Audit::empty(NoteType::Clinic)
    }
}

/// The rules whose breach is a gap: each is asked for in the tests below.
const CODES: &[&str] = &[
    "NF001", "NF002", "NF003", "NF004", "ESI001", "ESI002", "ESI003", "ESI004", "ESI005", "ESI006", "ESI007",
    "ESI008", "ESI009", "ESI010", "ESI011", "ESI012", "FJI001", "FJI002", "FJI003", "FJI004", "FJI005",
    "FJI006", "FJI007", "FJI008", "FJI009", "FJI010", "FJI011", "FJI012",
];

fn gap_rules(rules: &Rules) -> Vec<(&Rule, Element, &QueryTemplate)> {
    rules.iter().filter_map(|rule| Some((rule, rule.element?, rule.query.as_ref()?))).collect()
}

#[test]
fn every_template_asks_openly_and_never_of_payment() {
    let rules = Rules::embedded().unwrap();
    for (rule, element, template) in gap_rules(&rules) {
        assert_eq!(faults(element, template), [""; 0], "{}", rule.code);
    }
}

#[test]
fn the_frame_cites_the_note_and_leaves_a_way_out() {
    let frame = Rules::embedded().unwrap().frame;
    for (text, placeholder) in [
        (&frame.cite, "{indicators}"),
        (&frame.describe, "{findings}"),
        (&frame.ask_finding, "{elements}"),
        (&frame.ask_procedure, "{elements}"),
        (&frame.ask_note, "{elements}"),
    ] {
        assert_eq!(text.matches(['{', '}']).count(), 2, "{text}");
        assert!(text.contains(placeholder), "{text}");
        assert_eq!(banned(text), [""; 0], "{text}");
        assert!(!text.contains('?'), "{text}");
    }
    assert_eq!(frame.always, ALWAYS);
}

#[test]
fn bad_templates_are_found_out() {
    let template = |ask: &str, options: &[&str]| QueryTemplate {
        ask: ask.to_owned(),
        options: options.iter().map(|&o| o.to_owned()).collect(),
        levels_of_note: false,
    };
    for (element, bad) in [
        (Element::Severity, template("the severity, for reimbursement", &["mild", "moderate", "severe"])),
        (Element::Severity, template("whether it is severe", &["mild", "moderate", "severe"])),
        (Element::Severity, template("the severity", &["severe"])),
        (Element::Severity, template("the severity", &["mild", "moderate", "severe", "other"])),
        (Element::Laterality, template("the side that you confirm", &["left", "right", "bilateral"])),
        (Element::Level, template("the level", &["L4-L5"])),
        (Element::Correlation, template("the correlation", &["the images explain the symptoms"])),
        (Element::Contrast, template("whether contrast was given", &["contrast given"])),
        (Element::Guidance, template("the guidance", &["fluoroscopy"])),
        (Element::ReliefPercent, template("the relief", &["at least 50 %"])),
        (Element::ScoreBefore, template("the pain score", &[])),
        (Element::CareDuration, template("the duration that coverage wants", &[])),
    ] {
        assert_ne!(faults(element, &bad), [""; 0], "{bad:?}");
    }
}

#[test]
fn every_query_cites_the_notes_own_words_and_offers_a_way_out() {
    let rules = Rules::embedded().unwrap();
    let note = NOTE.replace('\n', " ");
    for (rule, element, _) in gap_rules(&rules) {
        let asked = query(&rules, &audit_lacking(rule, element), NOTE, 0).unwrap();
        assert!(!asked.indicators.is_empty(), "{}", rule.code);
        for words in &asked.indicators {
            assert!(note.contains(words.as_str()), "{words}");
            assert!(asked.text.contains(&format!("“{words}”")), "{}", asked.text);
        }
        let [choice] = &asked.choices[..] else { panic!("one element, one list") };
        assert!(choice.options.ends_with(&ALWAYS.map(str::to_owned)), "{:?}", choice.options);
        let distinct: std::collections::BTreeSet<&String> = choice.options.iter().collect();
        assert_eq!(distinct.len(), choice.options.len());
    }
}

#[test]
fn a_query_without_the_note_holds_none_of_its_words() {
    let rules = Rules::embedded().unwrap();
    for (rule, element, _) in gap_rules(&rules) {
        let asked = query(&rules, &audit_lacking(rule, element), "", 0).unwrap();
        assert_eq!(asked.indicators, [""; 0]);
        assert!(!asked.text.contains(['“', '”', '{']) && !asked.text.contains("tingling"), "{}", asked.text);
        assert_eq!(banned(&asked.text), [""; 0]);
    }
}

#[test]
fn every_rule_is_a_gap_or_a_flag_with_its_reasons() {
    let rules = Rules::embedded().unwrap();
    for rule in rules.iter() {
        assert_eq!(rule.element.is_some(), rule.query.is_some(), "{}", rule.code);
        assert_ne!(rule.query.is_some(), rule.message.is_some(), "{}: gap or flag", rule.code);
        assert_eq!(rule.element.is_some(), CODES.contains(&rule.code.as_str()), "{}", rule.code);
        assert!(!rule.sources.is_empty() && !rule.why.is_empty(), "{}", rule.code);
        assert_ne!(rule.bad, rule.good, "{}", rule.code);
    }
}
