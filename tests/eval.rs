//! `foramen eval` from outside: figures, lists of errors, the page, bad input.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "a test may fail by panic, in its helpers too")]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const GOLD: &str = concat!(
    r#"{"note_id":"a","note_type":"radiology","source":"one","text":"L4-L5: Severe left foraminal stenosis.","#,
    r#""gold":{"findings":[{"kind":"foraminal_stenosis","level":"L4-L5","side":"left","severity":"severe","#,
    r#""status":"present","quote":"Severe left foraminal stenosis"}]}}"#,
    "\n",
    r#"{"note_id":"b","note_type":"radiology","source":"two","text":"Nothing of the kind.","#,
    r#""gold":{"findings":[{"kind":"disc_displacement","level":"L5-S1","side":null,"severity":null,"#,
    r#""status":"present","subtype":"bulge","quote":"of the kind"},{"kind":"foraminal_stenosis","#,
    r#""level":"L5-S1","side":"bilateral","severity":null,"status":"present"}]}}"#,
    "\n"
);

fn eval(folder: &Path, args: &[&str]) -> Output {
    let foramen =
        Command::new(env!("CARGO_BIN_EXE_foramen")).arg("eval").args(args).current_dir(folder).output();
    foramen.unwrap()
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn json_holds_figures_by_part_and_errors_in_the_order_of_the_notes() {
    let folder = folder(&[("g.jsonl", GOLD), ("notes.txt", "not gold")]);
    let found = json(&eval(folder.path(), &[".", "--format", "json"]));
    assert_eq!(found["schema"], "foramen.eval/1");
    let by_kind = &found["all"]["findings"]["by_kind"];
    assert_eq!(by_kind["foraminal_stenosis"]["tp"], 1);
    assert_eq!(by_kind["foraminal_stenosis"]["fn"], 2);
    assert_eq!(by_kind["disc_displacement"]["f1"], 0.0);
    assert_eq!(found["by_source"]["one"]["findings"]["overall"]["f1"], 1.0);
    assert_eq!(found["by_note_type"]["radiology"]["notes"], 2);
    let faults: Vec<(&str, &str)> = found["errors"][0]["faults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| (f["topic"].as_str().unwrap(), f["fact"].as_str().unwrap()))
        .collect();
    assert_eq!(
        faults,
        [
            ("foraminal_stenosis", "L5-S1 bilateral - present"),
            ("disc_displacement", "L5-S1 - - present"),
            ("gap", "severity foraminal_stenosis L5-S1 left"),
            ("gap", "severity foraminal_stenosis L5-S1 right"),
        ]
    );
}

#[test]
fn the_list_of_errors_can_be_narrowed() {
    let folder = folder(&[("g.jsonl", GOLD)]);
    let listed = |args: &[&str]| {
        let output = eval(folder.path(), &[&["g.jsonl"], args].concat());
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().filter(|l| l.starts_with("  FN")).map(str::to_owned).collect::<Vec<_>>()
    };
    let disc = "  FN disc_displacement L5-S1 - - present";
    assert_eq!(listed(&["--kind", "disc_displacement"]), [format!("{disc} | 1:9 | of the kind")]);
    assert_eq!(listed(&["--kind", "disc_displacement", "--no-text"]), [format!("{disc} | 1:9")]);
    assert_eq!(listed(&["--errors", "all"]).len(), 4);
    assert_eq!(listed(&["--errors", "1"]).len(), 1);
    assert!(listed(&["--note", "a"]).is_empty());
}

#[test]
fn the_page_is_written_beside_the_figures() {
    let folder = folder(&[("g.jsonl", GOLD)]);
    let output = eval(folder.path(), &["g.jsonl", "--report", "page.md"]);
    assert!(output.status.success());
    let page = std::fs::read_to_string(folder.path().join("page.md")).unwrap();
    assert!(page.contains("| notes | 1 | 1 |") && !page.contains("of the kind"), "{page}");
}

#[test]
fn labelled_sentences_are_scored_alone() {
    let rows = "n\tcondition\tsentence\tnegation\ttemporality\texperiencer\n\
                1\tbulge\tThere is no BULGE.\tNegated\tRecent\tPatient\n\
                2\tbulge\tA BULGE is seen.\tAffirmed\tRecent\tPatient\n";
    let folder = folder(&[("s.tsv", rows)]);
    let found = json(&eval(folder.path(), &["--assertion", "s.tsv", "--format", "json"]));
    assert_eq!(found["sentences"], 2);
    for (rate, value) in [("tp", 1.0), ("fp", 0.0), ("precision", 1.0), ("recall", 1.0), ("f1", 1.0)] {
        assert_eq!(found["negated"][rate].as_f64(), Some(value), "{rate}");
    }
    assert!(
        ["historical", "hypothetical", "other_experiencer"].iter().all(|label| found[label]["f1"].is_null())
    );
}

#[test]
fn bad_input_is_named_and_nothing_is_printed() {
    let folder = folder(&[("bad.jsonl", "{}\n"), ("bad.tsv", "head\n1\tx\n"), ("empty.jsonl", "")]);
    for (args, message) in [
        (&["bad.jsonl"][..], "bad.jsonl:1:2: not a gold record: missing field `note_id`"),
        (&["nowhere.jsonl"], "cannot read nowhere.jsonl"),
        (&["empty.jsonl"], "no gold records in empty.jsonl"),
        (&["--assertion", "bad.tsv"], "bad.tsv:2: 2 tab-separated columns where 6 are due"),
        (&[], "required arguments were not provided"),
        (&["bad.jsonl", "--kind", "nonsense"], "invalid value 'nonsense'"),
    ] {
        let output = eval(folder.path(), args);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(output.stdout.is_empty() && stderr.contains(message), "{stderr}");
    }
}
