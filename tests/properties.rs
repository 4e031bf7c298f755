//! What holds of every note, whatever is in it.
//!
//! Notes are made of pieces that spine notes are made of, strung together without sense, with every kind of line end,
//! blank and odd character between, and of arbitrary strings.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "a test may fail by panic, in its helpers too")]

use std::fs;
use std::sync::LazyLock;

use foramen::Engine;
use foramen::batch::{Audited, Options, audit_line, run};
use foramen::io::{Note, Source};
use foramen::lexicon::Lexicon;
use foramen::model::{
    Audit, Context, Evidence, Finding, FindingKind, Level, NoteType, Region, Severity, Side, Status, Subtype,
    Vertebra,
};
use foramen::report::{AuditJson, Diagnostics};
use foramen::segment::Section;
use foramen::text::{FoldSpan, Folded};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::new(Lexicon::try_embedded().unwrap()).unwrap());

const PIECES: &[&str] = &[
    // levels
    "L4-5",
    "L4-L5",
    "L5/S1",
    "C3-C7",
    "L2-3 through L5-S1",
    "D11/D12",
    "L",
    "T",
    "C8",
    "S1",
    "L4 and L5",
    "T12-L1",
    "L5-L6",
    "T13",
    "levels",
    "L9-10",
    "C99",
    "L four five",
    "S1-S2",
    "L5-L4",
    "4-5",
    "L4,5",
    "L3-L4-L5",
    "C0",
    // sides
    "left",
    "right",
    "bilateral",
    "R>L",
    "Lt",
    "b/l",
    "both",
    "left more than right",
    "on the left",
    "right-sided",
    // grades
    "mild",
    "moderate",
    "severe",
    "mild to moderate",
    "moderate-severe",
    "minimal",
    "grade 2",
    "Schizas C",
    "mod",
    // structures and changes
    "foramina",
    "neural foraminal",
    "central canal",
    "spinal canal",
    "lateral recess",
    "thecal sac",
    "nerve root",
    "exiting",
    "traversing",
    "facet",
    "disc",
    "stenosis",
    "narrowing",
    "narrowed",
    "compressing",
    "abutting",
    "abuts",
    "effaced",
    "bulge",
    "disc bulge",
    "protrusion",
    "herniation",
    "extrusion",
    "HNP",
    "NFS",
    "hypertrophy",
    "patent",
    "normal",
    "disc-osteophyte complex",
    "forami-\nnal",
    "stenois",
    "ligamentum flavum",
    // context
    "no",
    "without",
    "not",
    "possible",
    "may",
    "cannot be excluded",
    "history of",
    "previously",
    "if",
    "rule out",
    "evaluate for",
    "mother",
    "but",
    "with",
    "and",
    "or",
    "respectively",
    "versus",
    "unchanged",
    "the",
    "is",
    "of",
    "at",
    // clinical
    "radiculopathy",
    "left leg pain",
    "numbness",
    "consistent with",
    "due to",
    "physical therapy",
    "gabapentin",
    "MRI",
    // layout
    "FINDINGS:",
    "IMPRESSION:",
    "INDICATION:",
    "ADDENDUM:",
    "PAST MEDICAL HISTORY:",
    "1.",
    "2)",
    "-",
    "•",
    "|",
    "| --- |",
    "##",
    "**",
    "L4-L5:",
    "Dr.",
    "approx.",
    "[",
    "]",
    "(",
    ")",
    "3 mm",
    "4/5",
    "MM/DD",
    "64483-RT",
    "___",
    "***",
    // odd characters
    "\u{a0}",
    "\u{2028}",
    "\u{feff}",
    "\u{200f}",
    "\u{202e}",
    "\u{200b}",
    "\u{ad}",
    "\0",
    "\u{7f}",
    "\u{fffd}",
    "ﬁ",
    "ﬃ",
    "Ｌ４－５",
    "é",
    "e\u{301}",
    "İ",
    "ß",
    "ﬀoramen",
    "👩‍⚕️",
    "🦴",
    "“",
    "”",
    "‘",
    "–",
    "—",
    "−",
    "‐",
    "…",
    "½",
    "µ",
    "中",
    "ا",
];

const GAPS: &[&str] = &[
    " ", " ", " ", " ", "", ". ", ", ", "; ", ": ", "\n", "\n\n", "\r\n", "\r", "\t", "  ", "-", "/", ".\n",
    "\n   ",
];

/// A note of these pieces and gaps.
fn pieces(gaps: &'static [&'static str]) -> impl Strategy<Value = String> {
    let piece = (select(PIECES), select(gaps), prop::bool::weighted(0.1));
    vec(piece, 0..50).prop_map(|pieces| {
        let written = |(piece, gap, capitals): &(&str, &str, bool)| {
            if *capitals { piece.to_uppercase() + gap } else { format!("{piece}{gap}") }
        };
        pieces.iter().map(written).collect()
    })
}

fn notes() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => pieces(GAPS),
        1 => any::<String>(),
        1 => (pieces(GAPS), any::<String>(), pieces(GAPS)).prop_map(|(a, b, c)| a + &b + &c),
        // One long line: a few pieces again and again.
        1 => (pieces(&[" "]), 1_usize..200).prop_map(|(piece, times)| piece.chars().take(60).collect::<String>().repeat(times)),
    ]
}

/// Nothing is written to disk: what failed once is a case of its own, below.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn audit(note: &str) -> Audit {
    // Clinic notes are asked for all that there is.
    ENGINE.audit(note, &Context { note_type: Some(NoteType::Clinic), ..Context::default() })
}

fn json(note: &str, audit: &Audit) -> String {
    let line = AuditJson { rules: ENGINE.rules(), note_id: "n", note, audit, text: true, offsets: None };
    serde_json::to_string(&line).unwrap()
}

/// The values of a finding: all but where they stand.
type Fact =
    (FindingKind, Option<Subtype>, Option<Level>, Option<Side>, Option<Severity>, Status, Option<Vertebra>);

fn facts(note: &str) -> Vec<Fact> {
    let fact = |f: &Finding| (f.kind, f.subtype, f.level, f.side, f.severity, f.status, f.root);
    let mut facts: Vec<Fact> = audit(note).findings.iter().map(fact).collect();
    facts.sort();
    facts
}

fn check_evidence(note: &str, evidence: &[Evidence]) -> Result<(), TestCaseError> {
    for &Evidence { role, span } in evidence {
        prop_assert!(span.start < span.end, "{role} at {span:?} is empty");
        prop_assert!(note.get(span.range()).is_some(), "{role} at {span:?} is no place of the note");
    }
    Ok(())
}

fn check_audit(note: &str) -> Result<(), TestCaseError> {
    let audit = audit(note);
    for finding in &audit.findings {
        check_evidence(note, &finding.evidence)?;
        prop_assert!(!finding.evidence.is_empty(), "a finding without words");
        prop_assert_ne!(finding.status, Status::Family);
        prop_assert!(finding.subtype.is_none() || finding.kind == FindingKind::DiscDisplacement);
        prop_assert!(finding.status != Status::Absent || finding.severity.is_none(), "a graded denial");
        if let Some(level) = finding.level {
            prop_assert_eq!(level.to_string().parse(), Ok(level));
        }
    }
    let mut facts = facts(note);
    facts.dedup();
    prop_assert_eq!(facts.len(), audit.findings.len(), "one fact, two records");
    for radiculopathy in &audit.radiculopathies {
        check_evidence(note, &radiculopathy.evidence)?;
    }
    for flag in &audit.flags {
        check_evidence(note, &flag.evidence)?;
    }
    check_evidence(note, audit.correlation.as_ref().map_or(&[], |c| &c.evidence))?;
    check_evidence(note, audit.conservative_care.as_ref().map_or(&[], |c| &c.evidence))?;
    prop_assert!(audit.gaps.iter().filter_map(|g| g.finding).all(|at| at < audit.findings.len()));
    prop_assert!(
        audit.contradictions.iter().all(|c| c.first < c.second && c.second < audit.findings.len()),
        "{:?}",
        audit.contradictions
    );
    prop_assert!(audit.score.documented <= audit.score.required);
    prop_assert_eq!(&self::audit(note), &audit, "the same note, another audit");
    let line = json(note, &audit);
    prop_assert!(!line.contains('\n'));
    prop_assert!(serde_json::from_str::<serde_json::Value>(&line).is_ok());
    for width in [1, 40, 120] {
        let shown =
            Diagnostics { rules: ENGINE.rules(), name: "n", note, audit: &audit, width, colour: false }
                .render();
        prop_assert_eq!(shown.is_empty(), audit.gaps.is_empty() && audit.flags.is_empty());
    }
    Ok(())
}

fn check_folded(folded: &Folded<'_>) -> Result<(), TestCaseError> {
    let view = folded.text();
    prop_assert!(!view.contains('\n') && !view.contains("  "), "{view:?}");
    prop_assert!(!view.bytes().any(|b| b.is_ascii_uppercase()), "{view:?}");
    let mut before = 0;
    for at in 0..=view.len() as u32 {
        let place = folded.note_offset(at);
        prop_assert!(before <= place && place as usize <= folded.note().len(), "{at} leads to {place}");
        before = place;
    }
    for (at, c) in view.char_indices() {
        let words = folded.to_note(FoldSpan::new(at as u32, (at + c.len_utf8()) as u32));
        prop_assert!(folded.note().get(words.range()).is_some());
    }
    prop_assert!(folded.breaks().is_sorted_by_key(|b| b.next));
    Ok(())
}

fn check_layout(note: &str) -> Result<(), TestCaseError> {
    let analysis = ENGINE.analyse(note);
    check_folded(analysis.folded())?;
    let end = analysis.folded().text().len() as u32;
    let (mut last, mut line) = (0, 0);
    for sentence in &analysis.layout.sentences {
        let span = sentence.span;
        prop_assert!(last <= span.start && span.start < span.end && span.end <= end, "{span:?} after {last}");
        prop_assert!(analysis.folded().text().get(span.range()).is_some());
        prop_assert!(line <= sentence.line);
        let section = analysis.layout.sections.get(sentence.section as usize);
        let reaches = |s: &Section| s.heading.start < span.end && span.end <= s.body.end;
        prop_assert!(section.is_some_and(reaches), "{span:?} outside {section:?}");
        (last, line) = (span.end, sentence.line);
    }
    let mut last = 0;
    for section in &analysis.layout.sections {
        prop_assert!(last <= section.heading.start && section.heading.end <= section.body.start);
        prop_assert!(section.body.start <= section.body.end && section.body.end <= end);
        last = section.body.end;
    }
    Ok(())
}

proptest! {
    #![proptest_config(config(2000))]

    #[test]
    fn an_audit_points_at_words_of_its_note(note in notes()) {
        check_audit(&note)?;
    }

    #[test]
    fn sentences_and_the_folded_view_keep_the_order_of_the_note(note in notes()) {
        check_folded(&Folded::new(&note))?;
        check_layout(&note)?;
    }
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn notes_audited_together_are_audited_as_each_alone(notes in vec((notes(), select(NoteType::ALL)), 0..6)) {
        let context = |note_type| Context { note_type: Some(note_type), ..Context::default() };
        let notes: Vec<_> = notes.into_iter().map(|(note, note_type)| (note, context(note_type))).collect();
        let given: Vec<_> = notes.iter().map(|(note, context)| (note.as_str(), context)).collect();
        let together: Vec<_> = ENGINE.audit_all(&given).into_iter().map(Result::unwrap).collect();
        let each: Vec<_> = given.iter().map(|(note, context)| ENGINE.audit(note, context)).collect();
        prop_assert_eq!(together, each);
    }
}

proptest! {
    #![proptest_config(config(800))]

    #[test]
    fn blank_lines_at_the_end_say_nothing(note in pieces(GAPS)) {
        prop_assert_eq!(audit(&note), audit(&format!("{note}\n\n\n")));
    }

    #[test]
    fn blank_lines_before_move_all_places(note in pieces(GAPS)) {
        let moved = audit(&format!("\n\n{note}"));
        let mut expected = audit(&note);
        for finding in &mut expected.findings {
            let words = finding.evidence.iter_mut().map(|e| &mut e.span);
            for span in words.chain(finding.grade.as_mut().map(|g| &mut g.span)) {
                span.start += 2;
                span.end += 2;
            }
        }
        prop_assert_eq!(moved.findings, expected.findings);
    }

    #[test]
    fn the_kind_of_line_end_says_nothing(note in pieces(&[" ", ". ", "\n", "\n\n", ":\n", ".\n"])) {
        prop_assert_eq!(facts(&note), facts(&note.replace('\n', "\r\n")));
    }

    #[test]
    fn the_kind_of_blank_says_nothing(note in pieces(&[" ", ". ", ", ", "; "])) {
        prop_assert_eq!(facts(&note), facts(&note.replace(' ', "\u{a0}")));
        prop_assert_eq!(facts(&note), facts(&note.replace(' ', "\u{2009}")));
    }

}

#[test]
fn what_failed_once_holds() {
    let notes = [
        "L4-5 \u{feff} L4-5 ",
        "L4-5\r\nneural foraminal left more than right L4-5 L4-5 L4-5.\n\u{feff} ",
        "FINDINGS: | ",
        "L4-5 FINDINGS: | --- | ",
        "forami-\nnal. |\n",
        "Lee | FINDING'S-\nDIAGNOSIS: Lumbar ",
        "paramedian approach to the T1 improvement five mo-\npn |",
    ];
    for note in notes {
        check_audit(note).unwrap();
        check_layout(note).unwrap();
        check_folded(&Folded::new(note)).unwrap();
    }
    let wrapped =
        "L4-5: mild to moderate central canal\nstenosis at the level\nL4-L5. HNP abuts the sac. gabapentin: ";
    assert_eq!(facts(wrapped), facts(&format!("{wrapped}\n\n\n")));
}

#[test]
fn the_number_of_threads_says_nothing() {
    let mut runner = TestRunner::deterministic();
    let strategy = notes();
    let mut line = || {
        let text = strategy.new_tree(&mut runner).unwrap().current();
        serde_json::json!({ "text": text, "note_type": "clinic" }).to_string() + "\n"
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.jsonl");
    fs::write(&path, (0..500).map(|_| line()).collect::<String>()).unwrap();
    let lines = |threads| {
        let mut source = Source::open(vec![path.clone()]).unwrap();
        let options = Options { threads: Some(threads), ..Options::default() };
        let mut lines = Vec::new();
        let render = |rows: &mut Vec<u8>, note: &Note<'_>, audit: &Audit| {
            audit_line(rows, ENGINE.rules(), note, audit, true);
        };
        let write = |rows: Vec<u8>, _: Audited| {
            lines.extend(rows);
            Ok::<_, ()>(())
        };
        let summary = run(&ENGINE, &mut source, &options, render, write).unwrap();
        assert_eq!((summary.notes, summary.rejects.len()), (500, 0));
        lines
    };
    let one = lines(1);
    assert!(one.windows(21).any(|w| w == b"central_canal_stenosi"), "notes without findings prove nothing");
    assert!(one == lines(2), "two threads, other lines");
}

/// Every interspace there is, from the neck down.
fn interspaces() -> Vec<Level> {
    let regions = [Region::Cervical, Region::Thoracic, Region::Lumbar, Region::Sacral];
    let all = regions.iter().flat_map(|&r| (1..=r.last()).filter_map(move |n| Vertebra::new(r, n)));
    let all: Vec<Vertebra> = all.collect();
    all.iter().flat_map(|&a| all.iter().filter_map(move |&b| Level::interspace(a, b))).collect()
}

#[test]
fn every_level_is_read_in_every_spelling() {
    let mut wrong = Vec::new();
    for level in interspaces() {
        let (upper, lower) = (level.upper(), level.lower().unwrap());
        let mut spellings: Vec<String> = ["-", "/", " - ", "–", "_", "\u{2011}"]
            .iter()
            .map(|dash| format!("{upper}{dash}{lower}"))
            .collect();
        spellings.push(format!("{upper}-{lower}").to_lowercase());
        if upper.region() == lower.region() {
            spellings.push(format!("{upper}-{}", lower.number()));
            spellings.push(format!("{upper}/{}", lower.number()));
        }
        if upper.region() == Region::Thoracic {
            spellings.push(format!("{upper}-{lower}").replace('T', "D"));
        }
        for spelling in spellings {
            for note in [
                format!("{spelling}: Severe canal stenosis."),
                format!("Severe spinal canal stenosis at {spelling}."),
                format!("{spelling} severe canal stenosis"),
            ] {
                let expected =
                    (FindingKind::CentralCanalStenosis, None, Some(level), None, Some(Severity::Severe));
                let facts = facts(&note);
                let read: Vec<_> = facts.iter().map(|f| (f.0, f.1, f.2, f.3, f.4)).collect();
                if read != [expected] {
                    wrong.push(format!(
                        "{note} -> {:?}",
                        facts.iter().map(|f| f.2.map(|l| l.to_string())).collect::<Vec<_>>()
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_grade_and_side_is_read_in_every_place() {
    let grades = [
        ("mild", Severity::Mild),
        ("minimal", Severity::Mild),
        ("slight", Severity::Mild),
        ("mild to moderate", Severity::MildToModerate),
        ("mild-moderate", Severity::MildToModerate),
        ("mild-to-moderate", Severity::MildToModerate),
        ("moderate", Severity::Moderate),
        ("moderate to severe", Severity::ModerateToSevere),
        ("moderate-severe", Severity::ModerateToSevere),
        ("moderately severe", Severity::ModerateToSevere),
        ("severe", Severity::Severe),
        ("marked", Severity::Severe),
        ("high-grade", Severity::Severe),
    ];
    let sides = [("left", Side::Left), ("right", Side::Right), ("bilateral", Side::Bilateral)];
    let things = [
        ("foraminal stenosis", FindingKind::ForaminalStenosis),
        ("neural foraminal narrowing", FindingKind::ForaminalStenosis),
        ("neuroforaminal encroachment", FindingKind::ForaminalStenosis),
        ("lateral recess stenosis", FindingKind::LateralRecessStenosis),
        ("subarticular recess narrowing", FindingKind::LateralRecessStenosis),
        ("facet arthropathy", FindingKind::FacetArthropathy),
        ("facet hypertrophy", FindingKind::FacetArthropathy),
    ];
    let mut wrong = Vec::new();
    for (grade, severity) in grades {
        for (word, side) in sides {
            for (thing, kind) in things {
                let adverb = if side == Side::Bilateral { "bilaterally" } else { &format!("on the {word}") };
                for note in [
                    format!("L4-5: {grade} {word} {thing}."),
                    format!("L4-5: {word} {grade} {thing}."),
                    format!("There is {grade} {word} {thing} at L4-L5."),
                    format!("L4-L5: There is {grade} {thing} {adverb}."),
                    format!("At L4-5, {word} {thing} is {grade}."),
                    format!("L4-5: {thing}, {grade}, {adverb}."),
                    format!("{word} L4-5 {thing}, {grade}."),
                    format!("- L4/5: {word} {thing} ({grade})"),
                    format!("L4-5 {grade} {thing} {adverb}, no central canal stenosis."),
                ] {
                    let read: Vec<_> = facts(&note).into_iter().filter(|f| f.5 == Status::Present).collect();
                    let level: Level = "L4-L5".parse().unwrap();
                    let expected =
                        [(kind, None, Some(level), Some(side), Some(severity), Status::Present, None)];
                    if read != expected {
                        wrong.push(note);
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
