//! Procedures of single notes in our own words: what is done, planned, past or only considered, and what is none.

#![allow(clippy::unwrap_used, reason = "a test may fail by panic, in its helpers too")]

use foramen::Engine;
use foramen::lexicon::Lexicon;
use foramen::model::{Context, NoteType, Role};
use proptest::prelude::*;

const CASES: [&str; 11] = [
    include_str!("cases/procedures/told.txt"),
    include_str!("cases/procedures/nerves.txt"),
    include_str!("cases/procedures/needles.txt"),
    include_str!("cases/procedures/times.txt"),
    include_str!("cases/procedures/operations.txt"),
    include_str!("cases/procedures/doubts.txt"),
    include_str!("cases/procedures/followed.txt"),
    include_str!("cases/procedures/chosen.txt"),
    include_str!("cases/procedures/charting.txt"),
    include_str!("cases/procedures/places.txt"),
    include_str!("cases/procedures/standing.txt"),
];

/// Each note with its type and the records that are due.
fn cases() -> Vec<(NoteType, String, Vec<String>)> {
    let mut cases: Vec<(NoteType, String, Vec<String>)> = Vec::new();
    let lines = CASES.iter().flat_map(|file| file.lines());
    for line in lines.filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        if let Some(record) = line.strip_prefix("  ") {
            cases.last_mut().unwrap().2.push(record.to_owned());
        } else {
            let (kind, text) = line.split_once(": ").unwrap();
            let kind = NoteType::ALL.iter().copied().find(|t| t.name() == kind).unwrap();
            cases.push((kind, text.replace("\\n", "\n"), Vec::new()));
        }
    }
    cases
}

fn read(engine: &Engine, note: &str, note_type: NoteType) -> Vec<String> {
    let audit = engine.audit(note, &Context { note_type: Some(note_type), ..Context::default() });
    let written = audit.procedures.iter().map(|p| {
        let level = p.level.map_or_else(|| "-".to_owned(), |level| level.to_string());
        format!("{} {level} {} {}", p.family, p.side.map_or("-", |side| side.name()), p.status)
    });
    written.collect()
}

#[test]
fn notes_give_the_procedures_that_they_tell() {
    let engine = Engine::new(Lexicon::embedded()).unwrap();
    let mut wrong = Vec::new();
    for (note_type, note, mut due) in cases() {
        let mut found = read(&engine, &note, note_type);
        found.sort();
        due.sort();
        if found != due {
            wrong.push(format!("{note}\n  due   {due:?}\n  found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn evidence_is_the_name_where_the_note_has_it() {
    let engine = Engine::new(Lexicon::embedded()).unwrap();
    let note = "PROCEDURE: Right L5 TFESI";
    let audit = engine.audit(note, &Context::default());
    let words = |role| audit.procedures[0].evidence.iter().find(|e| e.role == role).map(|e| e.span.of(note));
    assert_eq!(words(Role::Anchor), Some("TFESI"));
    assert_eq!((words(Role::Level), words(Role::Side)), (Some("L5"), Some("Right")));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever stands together, each record has a name in the note, and none is there twice.
    #[test]
    fn records_are_proven_and_single(parts in prop::collection::vec(0..cases().len(), 1..4)) {
        let engine = Engine::new(Lexicon::embedded()).unwrap();
        let all = cases();
        let note = parts.iter().map(|&at| all[at].1.as_str()).collect::<Vec<_>>().join("\n\n");
        let audit = engine.audit(&note, &Context::default());
        let mut seen = Vec::new();
        for p in &audit.procedures {
            let anchor = p.evidence.iter().find(|e| e.role == Role::Anchor);
            prop_assert!(anchor.is_some_and(|e| note.get(e.span.range()).is_some_and(|w| !w.is_empty())));
            let key = (p.family, p.level, p.side, p.status);
            prop_assert!(!seen.contains(&key), "{key:?} twice in {note}");
            seen.push(key);
        }
    }
}

#[test]
fn a_word_that_means_nothing_is_one_word_however_long() {
    let engine = Engine::new(Lexicon::embedded()).unwrap();
    for word in ["zub", "zubenelgenubizubenel"] {
        let note = "PLAN: Thoracic epidural. Not indicated W W W W W W.".replace('W', word);
        assert_eq!(read(&engine, &note, NoteType::Clinic), ["esi_unspecified - - considered"], "{word}");
    }
}
