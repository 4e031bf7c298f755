//! A draft that is audited as it is written.

#![allow(clippy::unwrap_used, reason = "a test may fail by panic, in its helpers too")]

mod corpora;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use corpora::corpora;
use foramen::Engine;
use foramen::checks::Settings;
use foramen::lexicon::Lexicon;
use foramen::model::{
    Audit, Context, Element, Finding, FindingKind, Level, NoteType, Severity, Side, Status,
};
use foramen::report::{AuditJson, UpdateJson};
use foramen::session::{ApplyError, EditError, Session, Update};

static ENGINE: LazyLock<Arc<Engine>> =
    LazyLock::new(|| Arc::new(Engine::new(Lexicon::try_embedded().unwrap()).unwrap()));

const OPEN: [&str; 2] = ["other", "unable to determine"];

fn session(context: &Context, text: &str) -> Session {
    let mut session = Session::new(Arc::clone(&ENGINE), context.clone());
    session.push(text).unwrap();
    session.audit();
    session
}

fn of(note_type: NoteType) -> Context {
    Context { note_type: Some(note_type), ..Context::default() }
}

type Facts = (FindingKind, Option<Level>, Option<Side>, Option<Severity>, Status);

fn facts(findings: &[Finding]) -> Vec<Facts> {
    let mut facts: Vec<_> =
        findings.iter().map(|f| (f.kind, f.level, f.side, f.severity, f.status)).collect();
    facts.sort_unstable();
    facts
}

/// What of `one` is not in `other`, each as often as it is missing there.
fn less<T: PartialEq + Copy>(one: &[T], other: &[T]) -> Vec<T> {
    let mut other = other.to_vec();
    let mut left = one.to_vec();
    left.retain(|fact| match other.iter().position(|known| known == fact) {
        Some(at) => {
            other.swap_remove(at);
            false
        }
        None => true,
    });
    left
}

fn missing(audit: &Audit) -> Vec<(&'static str, Element)> {
    audit.gaps.iter().map(|gap| (gap.rule, gap.element)).collect()
}

/// An answer of every note, element and option closes its gap, opens none, and changes no other fact.
#[test]
fn every_answer_closes_its_gap_and_changes_nothing_else() {
    let mut tried = 0;
    let mut without_place: BTreeMap<Element, Vec<String>> = BTreeMap::new();
    for (id, text, context) in corpora() {
        let mut session = session(&context, &text);
        let update = session.audit();
        let before = update.audit.clone();
        let asked = update.queries.to_vec();
        for (number, query) in asked.iter().enumerate() {
            for choice in &query.choices {
                for option in choice.options.iter().filter(|option| !OPEN.contains(&option.as_str())) {
                    tried += 1;
                    let place = format!("{id}: {} {option}", choice.element);
                    let edit = match session.apply(number, choice.element, option) {
                        Ok(edit) => edit.unwrap(),
                        Err(ApplyError::NoPlace { element }) => {
                            without_place.entry(element).or_default().push(place);
                            continue;
                        }
                        Err(other) => panic!("{place}: {other}"),
                    };
                    let mut answered = text.clone();
                    answered.replace_range(edit.range.clone(), &edit.text);
                    let after = ENGINE.audit(&answered, &context);
                    let (was, now) = (missing(&before), missing(&after));
                    assert!(less(&now, &was).is_empty(), "{place}: a gap is new");
                    let rule = before.gaps[query.gaps[0]].rule;
                    assert!(
                        less(&was, &now).iter().any(|(_, element)| *element == choice.element),
                        "{place}: {rule} is still open"
                    );
                    let (was, now) = (facts(&before.findings), facts(&after.findings));
                    let (gone, new) = (less(&was, &now), less(&now, &was));
                    assert!(gone.len() <= 1 && new.len() <= gone.len(), "{place}: {gone:?} became {new:?}");
                    assert_eq!(gone.len(), usize::from(query.finding.is_some()), "{place}");
                }
            }
        }
    }
    let count: usize = without_place.values().map(Vec::len).sum();
    assert!(count * 10 <= tried, "{count} of {tried} answers found no place: {without_place:#?}");
}

#[test]
fn an_answer_reads_as_a_clinician_would_have_typed_it() {
    for (note, element, option, expected) in [
        (
            "foraminal stenosis at L4-L5",
            Element::Severity,
            "moderate",
            "moderate foraminal stenosis at L4-L5",
        ),
        ("Foraminal stenosis at L4-L5.", Element::Severity, "mild", "Mild foraminal stenosis at L4-L5."),
        (
            "L4-L5: Left neural foraminal narrowing.",
            Element::Severity,
            "severe",
            "L4-L5: Severe left neural foraminal narrowing.",
        ),
        (
            "The left L4-L5 foramen is narrowed.",
            Element::Severity,
            "moderate",
            "The left L4-L5 foramen is moderately narrowed.",
        ),
        (
            "IMPRESSION: SEVERE FORAMINAL STENOSIS AT C5-C6.",
            Element::Laterality,
            "left",
            "IMPRESSION: SEVERE LEFT FORAMINAL STENOSIS AT C5-C6.",
        ),
        (
            "Moderate foraminal stenosis at C5-C6.",
            Element::Laterality,
            "bilateral",
            "Moderate bilateral foraminal stenosis at C5-C6.",
        ),
        (
            "Moderate narrowing of the foramina at C5-C6.",
            Element::Laterality,
            "bilateral",
            "Moderate narrowing of the bilateral foramina at C5-C6.",
        ),
        (
            "L4-L5: Disc bulge.\nIMPRESSION: Moderate left foraminal stenosis.",
            Element::Level,
            "L4-L5",
            "L4-L5: Disc bulge.\nIMPRESSION: Moderate left foraminal stenosis at L4-L5.",
        ),
    ] {
        let mut session = session(&of(NoteType::Radiology), note);
        let edit = session.apply(0, element, option).unwrap().unwrap();
        session.edit(edit.range, &edit.text).unwrap();
        assert_eq!(session.text(), expected);
    }
}

#[test]
fn a_correlation_is_a_sentence_at_the_end_of_the_assessment() {
    let note = "HPI: Right leg pain.\nMRI: Moderate right L4-L5 foraminal stenosis.\n\
                ASSESSMENT: Right leg pain.\nPLAN: Therapy.";
    let mut session = session(&of(NoteType::Clinic), note);
    let answer = "imaging findings account for the symptoms";
    let edit = session.apply(0, Element::Correlation, answer).unwrap().unwrap();
    session.edit(edit.range, &edit.text).unwrap();
    let expected = "Right leg pain. The imaging findings account for the symptoms.\nPLAN";
    assert!(session.text().contains(expected), "{}", session.text());
    assert!(session.audit().audit.gaps.is_empty());
}

#[test]
fn what_a_policy_asks_of_a_procedure_is_answered_at_the_end_of_its_account() {
    let settings = Settings { packs: Some(vec!["lcd-esi".to_owned()]), ..Settings::default() };
    let engine = Engine::with_settings(Lexicon::try_embedded().unwrap(), settings).unwrap();
    let engine = Arc::new(engine);
    let note = "PROCEDURE: Left L4-L5 transforaminal epidural steroid injection.\n\
                DESCRIPTION OF PROCEDURE: A 22-gauge needle was advanced to the left L4-L5 foramen. \
                Dexamethasone 10 mg was injected.\n\
                PLAN: Return in two weeks.";
    // Images are asked for once it is told that there were any.
    let guided = note.replace("was advanced", "was advanced under fluoroscopy");
    for (note, element, option, sentence) in [
        (note, Element::Guidance, "fluoroscopy", "The needle was guided by fluoroscopy."),
        (note, Element::Guidance, "no image guidance", "No image guidance was used."),
        (note, Element::Contrast, "contrast injected", "Contrast was injected."),
        (&guided, Element::Images, "images retained", "Images were saved to the record."),
    ] {
        let mut session = Session::new(Arc::clone(&engine), of(NoteType::Procedure));
        session.push(note).unwrap();
        let update = session.audit();
        let asks = |query: &foramen::checks::Query| query.choices.iter().any(|c| c.element == element);
        let query = update.queries.iter().position(asks).unwrap();
        let edit = session.apply(query, element, option).unwrap().unwrap();
        session.edit(edit.range, &edit.text).unwrap();
        let expected = format!("Dexamethasone 10 mg was injected. {sentence}\nPLAN");
        assert!(session.text().contains(&expected), "{}", session.text());
        let update = session.audit();
        assert!(update.audit.gaps.iter().all(|gap| gap.element != element), "{option}");
        assert!(update.changes.closed.iter().any(|gap| gap.element == element), "{option}");
        let opened = update.changes.opened.iter().map(|&gap| update.audit.gaps[gap].element);
        let follows = if option == "fluoroscopy" { &[Element::Images][..] } else { &[] };
        assert_eq!(opened.collect::<Vec<_>>(), follows, "{option}");
    }
}

fn asked(update: Update<'_>) -> Vec<(Option<usize>, Element)> {
    let choices = |query: &foramen::checks::Query| {
        let finding = query.finding;
        query.choices.iter().map(move |choice| (finding, choice.element)).collect::<Vec<_>>()
    };
    update.queries.iter().flat_map(choices).collect()
}

#[test]
fn what_was_left_open_is_not_asked_again_wherever_its_finding_moves() {
    let note = "FINDINGS: L4-L5: Left foraminal stenosis. L5-S1: Left foraminal stenosis.";
    let mut session = session(&of(NoteType::Radiology), note);
    assert_eq!(asked(session.audit()), [(Some(0), Element::Severity), (Some(1), Element::Severity)]);
    assert_eq!(session.apply(1, Element::Severity, "unable to determine"), Ok(None));
    let update = session.audit();
    assert_eq!((update.left_open[0].gap, &*update.left_open[0].answer), (1, "unable to determine"));
    assert_eq!(update.audit.gaps.len(), 2, "the note still lacks it");
    assert_eq!(asked(update), [(Some(0), Element::Severity)]);
    // Its words move.
    session.edit(0..0, "TECHNIQUE: MRI.\nC5-C6: Right foraminal stenosis.\n").unwrap();
    assert_eq!(asked(session.audit()), [(Some(0), Element::Severity), (Some(1), Element::Severity)]);
    // They are cut, and put elsewhere.
    let words = " L5-S1: Left foraminal stenosis.";
    let at = session.text().find(words).unwrap();
    session.edit(at..at + words.len(), "").unwrap();
    session.audit();
    session.edit(0..0, &format!("{}\n", words.trim())).unwrap();
    assert_eq!(asked(session.audit()), [(Some(1), Element::Severity), (Some(2), Element::Severity)]);
    // Its side is taken out: that is asked for, the severity is not.
    let at = session.text().find("Left foraminal").unwrap();
    session.edit(at..at + "Left f".len(), "F").unwrap();
    assert_eq!(
        asked(session.audit()),
        [(Some(0), Element::Laterality), (Some(1), Element::Severity), (Some(2), Element::Severity)]
    );
}

#[test]
fn of_two_equal_findings_the_answered_one_stays_answered() {
    let note =
        "Left foraminal stenosis is present.\n\nTECHNIQUE: CT.\n\nIMPRESSION: Left foraminal stenosis.";
    let mut session = session(&of(NoteType::Radiology), note);
    let before = asked(session.audit());
    session.apply(0, Element::Severity, "other").unwrap();
    let first = session.audit().queries.len();
    session.edit(0..0, "COMPARISON: None.\n").unwrap();
    assert_eq!(session.audit().queries.len(), first, "{before:?}");
    assert_eq!(session.audit().left_open.len(), 1);
}

#[test]
fn a_wrong_edit_or_answer_is_refused_and_changes_nothing() {
    let mut session = session(&of(NoteType::Radiology), "É: left foraminal stenosis at L4-L5.");
    let length = session.text().len();
    for (range, error) in [
        (0..99, EditError::Outside { start: 0, end: 99, length }),
        (1..2, EditError::Boundary { at: 1 }),
        (0..1, EditError::Boundary { at: 1 }),
    ] {
        assert_eq!(session.edit(range, "x"), Err(error));
    }
    assert_eq!(
        session.edit(std::ops::Range { start: 3, end: 2 }, ""),
        Err(EditError::Outside { start: 3, end: 2, length })
    );
    for (query, element, option, error) in [
        (1, Element::Severity, "mild", ApplyError::NoQuery { query: 1, of: 1 }),
        (0, Element::Laterality, "left", ApplyError::NoElement { element: Element::Laterality }),
        (0, Element::Severity, "bad", ApplyError::NoOption { element: Element::Severity }),
    ] {
        assert_eq!(session.apply(query, element, option), Err(error));
    }
    session.push(" ").unwrap();
    assert_eq!(session.apply(0, Element::Severity, "mild"), Err(ApplyError::Stale));
    session.audit();
    assert!(session.apply(0, Element::Severity, "mild").is_ok());
}

#[test]
fn changes_are_told_once() {
    let mut session = session(&of(NoteType::Radiology), "");
    session.push("L4-L5: Left foraminal stenosis.").unwrap();
    let changes = session.audit().changes.clone();
    assert_eq!((&changes.added[..], changes.removed, &changes.opened[..]), (&[0][..], 0, &[0][..]));
    assert!(session.audit().changes.is_empty());
    session.edit(0..0, "FINDINGS: ").unwrap();
    assert!(session.audit().changes.is_empty(), "what has only moved is the same");
}

#[test]
fn an_update_is_json() {
    let note = "Größe: Foraminal stenosis at L4-L5.";
    let mut session = session(&of(NoteType::Radiology), note);
    session.apply(0, Element::Laterality, "other").unwrap();
    let update = session.audit();
    let audit = AuditJson {
        rules: ENGINE.rules(),
        note_id: "n1",
        note,
        audit: update.audit,
        text: true,
        offsets: None,
    };
    let Update { queries, changes, left_open, .. } = update;
    let json = |audit| serde_json::to_value(UpdateJson { audit, queries, changes, left_open }).unwrap();
    let row = json(audit);
    assert_eq!(row["audit"]["schema"], "foramen.audit/1");
    assert_eq!(row["queries"].as_array().unwrap().len(), 1);
    let query = &row["queries"][0];
    assert_eq!(
        (&query["id"], &query["finding"], &query["procedure"]),
        (&"q1".into(), &"f1".into(), &().into())
    );
    assert_eq!(query["gaps"], serde_json::json!([1]));
    assert_eq!(query["indicators"], serde_json::json!(["Foraminal stenosis at L4-L5"]));
    assert_eq!(
        query["choices"],
        serde_json::json!([{"element": "severity", "rule": "NF003",
            "options": ["mild", "moderate", "severe", "other", "unable to determine"]}])
    );
    assert_eq!(
        query["evidence"][1],
        serde_json::json!({"role": "anchor", "start": 19, "end": 27, "text": "stenosis"})
    );
    assert_eq!(
        row["changes"],
        serde_json::json!({"findings": {"added": [], "removed": 0}, "gaps": {"opened": [], "closed": []}})
    );
    assert_eq!(row["left_open"], serde_json::json!([{"gap": 0, "answer": "other"}]));
    // Without words of the note, none is in a query.
    let wordless = json(AuditJson { text: false, ..audit });
    assert_eq!(wordless["queries"][0]["indicators"], serde_json::json!([]));
    assert!(!wordless.to_string().contains("at L4-L5"), "{wordless}");
}
