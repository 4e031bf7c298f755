//! Real notes of all specialties: none brings the engine down, and those that say nothing of the spine bring next to
//! no findings.
//!
//! The notes are not part of the project; they are looked for in `../shared/notes`, or in `notes` where
//! `FORAMEN_SHARED` points.

#![allow(clippy::unwrap_used, reason = "a test may fail by panic, in its helpers too")]
#![allow(clippy::print_stdout, reason = "what is skipped and what could be lowered is for a person to see")]

mod shared;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};

use foramen::Engine;
use foramen::lexicon::Lexicon;
use foramen::model::{Audit, Context, FindingKind, Level, NoteType};

/// Specialties whose notes may speak of the spine; all others are negative controls.
const SPINE: &[&str] = &[
    "Neurology",
    "Neurosurgery",
    "Orthopedic",
    "Pain Management",
    "Radiology",
    "Chiropractic",
    "Physical Medicine - Rehab",
    "Podiatry",
    "IME-QME-Work Comp etc.",
    "Letters",
    "Discharge Summary",
    "Consult - History and Phy.",
    "SOAP / Chart / Progress Notes",
    "General Medicine",
    "Emergency Room Reports",
];

/// The most negative controls that may bring a finding of any kind. Nine of them do speak of a disc or the spine; the
/// rest are mistakes, so this goes down, never up.
const CONTROLS_WITH_FINDINGS: usize = 18;

#[derive(serde::Deserialize)]
struct Note {
    #[serde(rename = "note_id")]
    id: String,
    text: String,
    #[serde(rename = "note_type")]
    kind: Option<NoteType>,
    specialty: Option<String>,
}

/// The notes of a file; `None` where it is not there, which is said.
fn read(name: &str) -> Option<Vec<Note>> {
    let text = fs::read_to_string(shared::shared(&format!("notes/{name}"))?).unwrap();
    Some(text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

/// Audits each note; fails by the id of a note on which the engine does, never by its words.
fn audits(engine: &Engine, notes: &[Note]) -> Vec<Audit> {
    let audit = |note: &Note| {
        let context = Context { note_type: note.kind, ..Context::default() };
        catch_unwind(AssertUnwindSafe(|| engine.audit(&note.text, &context)))
            .unwrap_or_else(|_| panic!("the engine failed on {}", note.id))
    };
    notes.iter().map(audit).collect()
}

fn engine() -> Engine {
    Engine::new(Lexicon::try_embedded().unwrap()).unwrap()
}

#[test]
fn real_notes_give_levels_that_exist_and_words_that_stand_there() {
    let engine = engine();
    for name in ["spine.jsonl", "general.jsonl", "chest.jsonl"] {
        let Some(notes) = read(name) else { continue };
        for (note, audit) in notes.iter().zip(audits(&engine, &notes)) {
            for finding in &audit.findings {
                if let Some(level) = finding.level {
                    assert_eq!(level.to_string().parse::<Level>(), Ok(level), "{}", note.id);
                }
                let stands = |e: &foramen::model::Evidence| !e.span.of(&note.text).is_empty();
                assert!(finding.evidence.iter().all(stands), "{}: evidence that is no place", note.id);
            }
        }
    }
}

#[test]
fn notes_of_other_organs_bring_next_to_no_findings() {
    let engine = engine();
    let mut controls: Vec<Note> = read("chest.jsonl").unwrap_or_default();
    let is_control = |note: &Note| !note.specialty.as_deref().is_some_and(|s| SPINE.contains(&s.trim()));
    controls.extend(read("general.jsonl").unwrap_or_default().into_iter().filter(is_control));
    let audits = audits(&engine, &controls);
    let (mut foraminal, mut others) = (Vec::new(), Vec::new());
    for (note, audit) in controls.iter().zip(&audits) {
        if audit.findings.iter().any(|f| f.kind == FindingKind::ForaminalStenosis) {
            foraminal.push(note.id.as_str());
        } else if !audit.findings.is_empty() {
            others.push(note.id.as_str());
        }
    }
    println!("of {} notes: foraminal {foraminal:?}, others {others:?}", controls.len());
    assert!(foraminal.is_empty(), "foraminal findings in {foraminal:?}");
    if others.len() < CONTROLS_WITH_FINDINGS && !controls.is_empty() {
        println!("the ceiling of {CONTROLS_WITH_FINDINGS} could be {}", others.len());
    }
    assert!(others.len() <= CONTROLS_WITH_FINDINGS, "{} notes with findings: {others:?}", others.len());
}
