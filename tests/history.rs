//! A patient's notes counted together: caps over rolling twelve months, whatever the order of the notes.

#![cfg(feature = "parallel")]
#![expect(clippy::unwrap_used, reason = "a helper that cannot do its work fails the test")]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use foramen::Engine;
use foramen::batch::{Histories, Options, run};
use foramen::checks::Settings;
use foramen::io::{Note, Source};
use foramen::lexicon::Lexicon;
use foramen::model::{Audit, Context};
use proptest::prelude::*;
use serde_json::{Value, json};

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let packs = Some(vec!["lcd-esi".into(), "lcd-facet".into()]);
    Engine::with_settings(Lexicon::embedded(), Settings { packs, ..Settings::default() }).unwrap()
});

/// Rules that count services.
const COUNTED: &[&str] = &["ESI025", "ESI026", "FJI023", "FJI024", "FJI026", "FJI027"];

fn procedure(what: &str) -> String {
    format!("PROCEDURE: {what}.\n\nDESCRIPTION: The {what} was performed under fluoroscopic guidance.\n")
}

fn note(id: &str, patient: &str, day: &str, what: &str) -> Value {
    json!({"note_id": id, "patient_id": patient, "service_date": day, "note_type": "procedure",
           "text": procedure(what)})
}

/// The counted rules that each note breaks, by the note's id.
fn counted(notes: &[Value], threads: usize) -> BTreeMap<String, Vec<&'static str>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("n.jsonl");
    let lines: String = notes.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
    std::fs::write(&path, lines).unwrap();
    let open = || Source::open(vec![path.clone()]).unwrap();
    let mut options = Options { threads: Some(threads), context: Context::default(), ..Options::default() };
    options.histories = Histories::gather(&ENGINE, &mut open(), &options);
    let mut found = BTreeMap::new();
    let render = |rows: &mut Vec<(String, Vec<&'static str>)>, note: &Note<'_>, audit: &Audit| {
        let rules = audit.flags.iter().map(|flag| flag.rule).filter(|rule| COUNTED.contains(rule));
        rows.push((note.id.to_string(), rules.collect()));
    };
    run(&ENGINE, &mut open(), &options, render, |rows, _| {
        found.extend(rows);
        Ok::<_, ()>(())
    })
    .unwrap();
    found
}

fn broken(found: &BTreeMap<String, Vec<&'static str>>) -> Vec<(String, Vec<&'static str>)> {
    found
        .iter()
        .filter(|(_, rules)| !rules.is_empty())
        .map(|(id, rules)| (id.clone(), rules.clone()))
        .collect()
}

const LUMBAR: &str = "L4-L5 interlaminar epidural steroid injection";
const CERVICAL: &str = "C6-C7 interlaminar epidural steroid injection";

#[test]
fn the_fifth_injection_of_a_region_in_twelve_months_is_flagged() {
    let days = ["2023-06-01", "2023-09-01", "2023-12-01", "2024-02-01", "2024-05-31", "2024-06-02"];
    let mut notes: Vec<Value> =
        days.iter().enumerate().map(|(at, day)| note(&format!("n{at}"), "A", day, LUMBAR)).collect();
    notes.push(note("neck", "A", "2024-05-31", CERVICAL));
    notes.push(note("other", "B", "2024-05-31", LUMBAR));
    // By 2024-06-02 the first of June 2023 is more than a year ago, but the last injection is two days old.
    let expected = [("n4".to_owned(), vec!["ESI025"]), ("n5".to_owned(), vec!["ESI025", "ESI026"])];
    assert_eq!(broken(&counted(&notes, 1)), expected);
    notes[4]["text"] = json!("PLAN: We discussed an L4-L5 interlaminar epidural steroid injection.");
    assert_eq!(broken(&counted(&notes, 1)), []);
}

#[test]
fn ablations_and_blocks_are_counted_by_their_own_caps() {
    let ablation = "radiofrequency ablation of the right L3, L4 and L5 medial branches";
    let block = "right L3, L4 and L5 medial branch block";
    let notes = [
        note("b1", "A", "2024-01-02", block),
        note("b2", "A", "2024-01-10", block),
        note("r1", "A", "2024-02-01", ablation),
        note("r2", "A", "2024-07-31", ablation),
        note("r3", "A", "2025-01-31", ablation),
    ];
    let expected = [
        ("b2".to_owned(), vec!["FJI024"]),
        ("r2".to_owned(), vec!["FJI027"]),
        ("r3".to_owned(), vec!["FJI026"]),
    ];
    assert_eq!(broken(&counted(&notes, 2)), expected);
}

#[test]
fn notes_without_a_patient_or_a_day_count_nothing() {
    let mut notes: Vec<Value> =
        (1..=6).map(|at| note(&format!("n{at}"), "A", &format!("2024-0{at}-01"), LUMBAR)).collect();
    for note in &mut notes {
        note.as_object_mut().unwrap().remove("patient_id");
    }
    assert_eq!(broken(&counted(&notes, 1)), []);
    for note in &mut notes {
        note["patient_id"] = json!("A");
        note["service_date"] = json!(null);
    }
    assert_eq!(broken(&counted(&notes, 1)), []);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_order_of_notes_and_the_number_of_threads_change_nothing(
        services in proptest::collection::vec((0..2_usize, 1..29_u8, 1..7_u8, 0..3_usize), 1..14),
        order in any::<prop::sample::Index>(),
    ) {
        let whats = [LUMBAR, CERVICAL, "right L4-L5 facet medial branch block"];
        let mut notes: Vec<Value> = services
            .iter()
            .enumerate()
            .map(|(at, &(patient, day, month, what))| {
                note(&format!("n{at}"), ["A", "B"][patient], &format!("2024-{month:02}-{day:02}"), whats[what])
            })
            .collect();
        let found = counted(&notes, 1);
        notes.reverse();
        let at = order.index(notes.len());
        notes.rotate_left(at);
        prop_assert_eq!(counted(&notes, 2), found);
    }
}
