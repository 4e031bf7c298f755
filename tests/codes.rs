//! The codes and days of service that notes state, never confused with other numbers.

use std::sync::LazyLock;

use foramen::Engine;
use foramen::lexicon::Lexicon;
use foramen::model::{Context, Date, SectionKind};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

static ENGINE: LazyLock<Engine> =
    LazyLock::new(|| Engine::new(Lexicon::embedded()).expect("the embedded lexicon makes an engine"));

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

/// Codes with modifiers and units, as `64483-RT-50x2`, and the words of the note that each covers.
fn stated(note: &str) -> Vec<(String, String)> {
    let audit = ENGINE.audit(note, &Context::default());
    let write = |code: &foramen::model::StatedCode| {
        let mut text = code.code.clone();
        for modifier in &code.modifiers {
            text = format!("{text}-{modifier}");
        }
        code.units.map_or(text.clone(), |units| format!("{text} x{units}"))
    };
    audit.codes.iter().map(|code| (write(code), code.span.of(note).to_owned())).collect()
}

#[test]
fn codes_are_read_with_modifiers_and_units() {
    for (note, expected) in [
        ("64483-RT", &["64483-RT"][..]),
        ("64483 RT", &["64483-RT"]),
        ("64483, 64484 x1", &["64483", "64484 x1"]),
        ("CPT 64483-50", &["64483-50"]),
        ("64483 -59 -RT", &["64483-59-RT"]),
        ("64493-50, 64494-50 x 1", &["64493-50", "64494-50 x1"]),
        ("64483-RT,LT", &["64483-RT-LT"]),
        ("64483-RT-KX", &["64483-RT-KX"]),
        ("64483 modifier 50", &["64483-50"]),
        ("64483 (RT)", &["64483-RT"]),
        ("64483-XX", &["64483-XX"]),
        ("64483-LT-XX", &["64483-LT-XX"]),
        ("64483 LT to the foramen", &["64483-LT"]),
        ("64483RT and 64484LT", &["64483-RT", "64484-LT"]),
        ("64483AB", &[]),
        ("J3301x4", &["J3301 x4"]),
        ("64484x2 and 64484 \u{d7} 3", &["64484 x2", "64484 x3"]),
        ("64484 (x2)", &["64484 x2"]),
        ("64635 times two", &["64635 x2"]),
        ("64635, units: 2", &["64635 x2"]),
        ("J3301 x 4", &["J3301 x4"]),
        ("J1100 x 10 units", &["J1100 x10"]),
        ("J1100-JZ, 10 units", &["J1100-JZ x10"]),
        ("j0702 x2; q9966 x 3", &["J0702 x2", "Q9966 x3"]),
        ("J1100 x 10 mg", &["J1100"]),
        ("J3301 40 mg", &["J3301"]),
        ("99213-25", &["99213-25"]),
        ("Transforaminal injections (64483, 64484).", &["64483", "64484"]),
        ("64479-64484", &["64479", "64484"]),
        ("62320/62321", &["62320", "62321"]),
        ("64483 as planned, right", &["64483"]),
        ("+64484", &["64484"]),
        ("0228T was billed", &["0228T"]),
        ("64483. Then 2 units of time", &["64483"]),
        ("64483 x1 LT", &["64483-LT x1"]),
        ("64483-LT x1 KX", &["64483-LT-KX x1"]),
        ("CPT 64483-84", &["64483"]),
        ("CPT 99213-95", &["99213-95"]),
        ("J1100 x10u", &["J1100 x10"]),
    ] {
        let found: Vec<String> = stated(note).into_iter().map(|(code, _)| code).collect();
        assert_eq!(found, expected, "{note}");
    }
}

#[test]
fn units_that_are_no_whole_number_above_0_are_told() {
    let broken = |note: &str| {
        let audit = ENGINE.audit(note, &Context::default());
        audit.codes.iter().map(|code| code.has_broken_units).collect::<Vec<_>>()
    };
    for note in [
        "J3301 x abc",
        "64483 x 1.5",
        "64483 x -1",
        "64483 x 99999999999999",
        "64483-50 x0",
        "J3301, units: 0",
        "J3301 units: many.",
        "64483 (x 0.5)",
        "64483 * 0",
    ] {
        assert_eq!(broken(note), [true], "{note}");
    }
    // What may be the next code is no number of units.
    assert_eq!(broken("64483 units-64484 units"), [false; 2]);
    for note in [
        "64483",
        "64483 x 2",
        "64483 x two",
        "J1100 x 10 mg",
        "J1100 x 1.5 mg",
        "64483 x-ray guidance was used",
        "64483 x LT",
        "64483 x both sides",
        "64483 x 2-3",
        "64483 x",
        "64483, abc",
        "J3301 1.5 mL",
    ] {
        assert_eq!(broken(note), [false], "{note}");
    }
}

#[test]
fn codes_of_earlier_services_are_told_from_those_of_today() {
    let past = |note: &str| {
        let audit = ENGINE.audit(note, &Context::default());
        let past = audit.codes.iter().filter(|code| code.is_past);
        past.map(|code| code.code.clone()).collect::<Vec<_>>()
    };
    for (note, expected) in [
        ("Had C5-6 TFESI (64479) last year.", &["64479"][..]),
        ("PROCEDURE: Left L4-5 TFESI (64483). Previous injection: 64479 in 2020.", &["64479"]),
        ("She underwent an L4-5 laminectomy (63047) in 2015.", &["63047"]),
        ("PROCEDURE PERFORMED: Left L4-5 transforaminal injection (64483).", &[]),
        ("PLAN: Repeat left L4-5 transforaminal injection (64483).", &[]),
        ("CPT: 64483-LT, 64484-LT", &[]),
        ("ASSESSMENT: Lumbar radiculopathy (M54.16).", &[]),
    ] {
        assert_eq!(past(note), expected, "{note}");
    }
}

#[test]
fn a_span_covers_modifiers_and_units() {
    for (note, expected) in [
        ("Billed: 64483-RT x 2 units.", "64483-RT x 2 units"),
        ("\u{201c}64483 RT\u{201d}", "64483 RT"),
        ("seen for M54.16.", "M54.16"),
        ("64483\t-50\n", "64483\t-50"),
        ("CPT 64483 (RT)", "64483 (RT)"),
    ] {
        assert_eq!(stated(note).first().map(|(_, words)| words.as_str()), Some(expected), "{note:?}");
    }
}

#[test]
fn an_unknown_number_is_a_code_only_beside_words_of_coding() {
    for (note, expected) in [
        ("CPT 12345", &["12345"][..]),
        ("CPT code(s): 12345", &["12345"]),
        ("The CPT\u{ae} code is 12345.", &["12345"]),
        ("Procedure code: 99999", &["99999"]),
        ("PROCEDURE CODES: 64640 times one", &["64640 x1"]),
        ("HCPCS Q1234", &["Q1234"]),
        ("64483, 95999", &["64483", "95999"]),
        ("95999 and 64483", &["95999", "64483"]),
        ("J9999", &["J9999"]),
        ("He has 12345 steps a day", &[]),
        ("A4550", &[]),
        ("64483 12345", &["64483"]),
        ("CPT verbal fluency, 12345 words", &[]),
    ] {
        let found: Vec<String> = stated(note).into_iter().map(|(code, _)| code).collect();
        assert_eq!(found, expected, "{note}");
    }
}

#[test]
fn diagnosis_codes_are_read() {
    for (note, expected) in [
        ("M54.16", &["M54.16"][..]),
        ("Lumbar radiculopathy (m54.16); stenosis (M48.061)", &["M54.16", "M48.061"]),
        ("ICD-10: M54.16, M51.26", &["M54.16", "M51.26"]),
        ("ICD-10-CM codes: M5416, M48061", &["M54.16", "M48.061"]),
        ("ICD-10 M96.1 and E11.9", &["M96.1", "E11.9"]),
        ("Dx codes: I10, E119", &["I10", "E11.9"]),
        ("M53.2X6", &["M53.2X6"]),
        ("M54.16/M54.17", &["M54.16", "M54.17"]),
        ("Diabetes (E11.9)", &["E11.9"]),
        ("M54.99", &["M54.99"]),
        ("M54.16- lumbar", &["M54.16"]),
        // A dash at the end, and an x, leave the rest open.
        ("M51.1- and M54.1x", &[]),
        ("M5416", &[]),
        ("Diabetes E11.9", &[]),
        ("ICD-9 code 724.4, V45.4", &[]),
        ("Family history (V17.89)", &[]),
        ("Left ICD in place, 12 cm", &[]),
    ] {
        let found: Vec<String> = stated(note).into_iter().map(|(code, _)| code).collect();
        assert_eq!(found, expected, "{note}");
    }
}

#[test]
fn other_numbers_are_no_codes() {
    for note in [
        "Call 816-555-4483 or (816) 646-4483",
        "Call 64483-1234",
        "Rosendale, MO 64483",
        "ZIP code 64483",
        "MRN: 64483",
        "MRN 64483, Acct # 62323",
        "Accession #: 72275",
        "Lot 22551, exp 12/2026",
        "Serial #22612",
        "Injected at 10:64483",
        "DOB 06/22/1962, seen 2024-03-14 at 14:30",
        "Paid $62323",
        "62323 mg",
        "0.62323 and 62323.5",
        "L4-5, L5-S1, C5-6, T12-L1; T1 and T2",
        "C4.5 M1.5 L5 S1.5",
        "Temp T36.6 (T36.6), BP 120/80",
        "Kenalog 40 mg/mL, 1 mL; 22G 3.5 inch",
        "1.64483.2",
        "64483a x64483 644831 6448",
        "Case 64483-RT",
    ] {
        assert_eq!(stated(note), [], "{note}");
    }
}

#[test]
fn a_code_has_its_section() {
    let note = "HISTORY: Had 62323 before.\n\nPLAN:\n64483-RT next week.\n";
    let audit = ENGINE.audit(note, &Context::default());
    let sections: Vec<SectionKind> = audit.codes.iter().map(|code| code.section).collect();
    assert_eq!(sections, [SectionKind::History, SectionKind::Plan]);
}

/// The day of service of a note that states a code, and where it comes from.
fn service(note: &str) -> (Option<String>, Option<String>) {
    let note = format!("{note}\nCPT 64483-RT");
    let audit = ENGINE.audit(&note, &Context::default());
    let words = audit.impossible_date.map(|span| span.of(&note).to_owned());
    (audit.service.map(|service| format!("{} {}", service.day, service.origin)), words)
}

#[test]
fn the_day_of_service_is_read() {
    for (note, expected) in [
        ("Date of service: 03/14/2024", Some("2024-03-14 note")),
        ("DOS: 3-14-24", Some("2024-03-14 note")),
        ("DOS 03.14.2024", Some("2024-03-14 note")),
        ("Date of procedure: March 14, 2024", Some("2024-03-14 note")),
        ("DATE OF OPERATION: 14 Mar 2024", Some("2024-03-14 note")),
        ("Date of Service (DOS): 14-Mar-2024", Some("2024-03-14 note")),
        ("Service date: 2024-03-14T09:30", Some("2024-03-14 note")),
        ("Date of service: 20240314", Some("2024-03-14 note")),
        ("DATE OF SERVICE\nThursday, March 14th, 2024", Some("2024-03-14 note")),
        ("Date of visit: Sept. 3, 2025 at 10:15", Some("2025-09-03 note")),
        ("Date of procedure: 14/03/2024", Some("2024-03-14 note")),
        ("Date of surgery: 01/02/2020\nDate of service: 03/14/2024", Some("2024-03-14 note")),
        ("DOS: 02/29/2024", Some("2024-02-29 note")),
        ("DOS: 3/14 10:30", None),
        ("DOS: 03/14", None),
        ("Date of service: March 2024", None),
        ("Date of service: MM/DD/YYYY", None),
        ("DOB: 03/14/1964", None),
        ("MRI of 03/14/2024", None),
        ("Seen on 03/14/2024 for pain", None),
    ] {
        assert_eq!(service(note), (expected.map(str::to_owned), None), "{note}");
    }
}

#[test]
fn an_impossible_day_is_told() {
    for (note, words) in [
        ("Date of service: 02/30/2024", "02/30/2024"),
        ("DOS: 13/45/2024", "13/45/2024"),
        ("DOS: February 30, 2024", "February 30, 2024"),
        ("DOS: 02/29/2023", "02/29/2023"),
        ("DOS: 00/10/2023", "00/10/2023"),
        ("DOS: 03/14/0224", "03/14/0224"),
    ] {
        assert_eq!(service(note), (None, Some(words.to_owned())), "{note}");
    }
    let both = "DOS: 02/30/2024\nDate of service: 03/14/2024";
    assert_eq!(service(both), (Some("2024-03-14 note".to_owned()), None));
}

#[test]
fn a_given_day_wins_and_today_stands_in() {
    let given = Context {
        service_date: Some(day("2021-05-05")),
        today: Some(day("2026-01-01")),
        ..Context::default()
    };
    let later = Context { service_date: None, ..given.clone() };
    let origin = |note: &str, context: &Context| {
        ENGINE.audit(note, context).service.map(|service| format!("{} {}", service.day, service.origin))
    };
    assert_eq!(origin("DOS: 03/14/2024. CPT 64483", &given).as_deref(), Some("2021-05-05 given"));
    assert_eq!(origin("DOS: 03/14/2024. CPT 64483", &later).as_deref(), Some("2024-03-14 note"));
    assert_eq!(origin("CPT 64483", &later).as_deref(), Some("2026-01-01 assumed"));
    // Nothing in it depends on a day.
    assert_eq!(origin("DOS: 03/14/2024. Mild foraminal stenosis at L4-5.", &given), None);
}

/// Pieces that notes with codes are made of, and what is taken for codes.
const PIECES: &[&str] = &[
    "64483",
    "64484",
    "0228T",
    "J3301",
    "M54.16",
    "M5416",
    "m51.1-",
    "12345",
    "99213-25",
    "6448",
    "644830",
    "-RT",
    "-50",
    " x 2",
    "x2",
    "\u{d7}2",
    " units",
    "CPT",
    "CPT code(s): ",
    "ICD-10: ",
    "MRN ",
    "Modifier ",
    "#",
    "$",
    "+",
    "(",
    ")",
    ", ",
    "/",
    "-",
    ".",
    ":",
    " ",
    "\n",
    "\u{a0}",
    "\u{2013}",
    "\u{e9}",
    "\u{1f600}",
    "\u{301}",
    "DOS: ",
    "03/14/2024",
    "02/30/2024",
    "Date of service: ",
    "March 14, 2024",
    "14",
    "Mar",
    "2024",
    "L4-5",
    "and",
    "\u{ff15}",
];

/// What holds of the codes of every note.
fn holds_of(note: &str) -> Result<(), TestCaseError> {
    let audit = ENGINE.audit(note, &Context::default());
    let mut end = 0;
    for code in &audit.codes {
        let words = note.get(code.span.range());
        prop_assert!(words.is_some_and(|words| !words.is_empty()), "{:?} of {note:?}", code.span);
        prop_assert!(code.span.start >= end, "codes overlap in {note:?}");
        end = code.span.end;
        let bytes = note.as_bytes();
        let outside = [code.span.start.checked_sub(1).map(|at| at as usize), Some(code.span.end as usize)];
        for at in outside.into_iter().flatten() {
            let is_inside_word = bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
            prop_assert!(!is_inside_word, "{:?} is part of a longer word of {note:?}", words);
        }
        let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
        prop_assert!(
            digits(&code.code) >= 2 && code.code.len() >= 3 && code.code.len() <= 8,
            "{}",
            code.code
        );
    }
    if let Some(span) = audit.impossible_date {
        prop_assert!(note.get(span.range()).is_some_and(|words| !words.is_empty()), "{span:?} of {note:?}");
    }
    Ok(())
}

proptest! {
    #[test]
    fn codes_of_any_pieces_are_whole(pieces in vec(select(PIECES), 0..24)) {
        holds_of(&pieces.concat())?;
    }

    #[test]
    fn codes_of_any_text_are_whole(text in any::<String>()) {
        holds_of(&text)?;
    }
}
