//! The binary as a user meets it: exit codes, streams, and what it does with bad input.

#![cfg(feature = "cli")]
#![expect(clippy::unwrap_used, reason = "a helper that cannot do its work fails the test")]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// Words that stand in notes only: no message may hold them.
const SECRET: &str = "SECRETNAME";

fn foramen(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(snapbox::cmd::cargo_bin!("foramen"));
    command.current_dir(folder).args(args).env_remove("NO_COLOR").stdin(Stdio::null());
    command
}

fn run(folder: &Path, args: &[&str]) -> (i32, String, String) {
    read(foramen(folder, args).output().unwrap())
}

fn run_with_stdin(folder: &Path, args: &[&str], stdin: &[u8]) -> (i32, String, String) {
    let mut command = foramen(folder, args);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(stdin).unwrap();
    read(child.wait_with_output().unwrap())
}

fn read(output: Output) -> (i32, String, String) {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn json_lines(text: &str) -> Vec<serde_json::Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The first part of an output.
const PART: &str = "part-00000";

/// All files of a folder with what they hold, by their paths.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(contents(&path));
        } else {
            found.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    found
}

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

#[test]
fn wrong_usage_and_missing_files_exit_with_2() {
    let folder =
        folder(&[("table.xlsx", b"a,b"), ("bad.toml", b"[[group]]\nconcept = 'none'\n"), ("n.txt", b"")]);
    for (args, message) in [
        (&["check"][..], "required"),
        (&["extract", "absent.txt"], "absent.txt"),
        (&["audit", "table.xlsx"], "convert it to CSV"),
        (&["audit", ".", "-o", "n.txt"], "n.txt"),
        (&["check", "n.txt", "--lexicon", "bad.toml"], "bad.toml"),
        (&["check", "n.txt", "--lexicon", "absent.toml"], "absent.toml"),
        (&["audit", ".", "--threads", "0"], "--threads"),
    ] {
        let (code, stdout, stderr) = run(folder.path(), args);
        assert_eq!((code, stdout.as_str()), (2, ""), "{args:?}: {stderr}");
        assert!(stderr.contains(message), "{args:?}: {stderr}");
    }
}

#[test]
fn bad_input_is_rejected_by_name_and_the_rest_goes_on() {
    let secret_line = format!("{{\"text\":\"{SECRET}\",\"x\":{SECRET}}}\n");
    let lines = [
        "{\"note_id\":\"good\",\"text\":\"MRI\"}\n",
        secret_line.as_str(),
        "\n",
        "{\"note\":\"SECRETNAME\"}\r\n",
        "{\"text\":[\"SECRETNAME\"]}\n",
        "{\"note_id\":\"last\",\"text\":\"CT\"}",
    ]
    .concat();
    let folder = folder(&[
        ("in/a.jsonl", lines.as_bytes()),
        ("in/bom.txt", b"\xef\xbb\xbfMRI\r\nCT\r\n"),
        ("in/cp1252.txt", b"L4\x96L5"),
        ("in/empty.txt", b""),
        ("in/nul.txt", b"left\0right"),
        ("in/scan.txt", b"%PDF-1.4 SECRETNAME"),
        ("in/tool.txt", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0SECRETNAME"),
        ("in/wide.txt", b"\xff\xfeM\0R\0"),
        ("in/picture.png", b"not read"),
    ]);
    let (code, stdout, stderr) = run(folder.path(), &["audit", "in", "-o", "out", "--format", "jsonl"]);
    assert_eq!(code, 3, "{stderr}");
    let out = |name: &str| fs::read_to_string(folder.path().join("out").join(name)).unwrap();

    let rejects: Vec<_> = json_lines(&out("rejects.jsonl"))
        .iter()
        .map(|r| format!("{}:{}@{} {}", r["file"].as_str().unwrap(), r["record"], r["offset"], r["kind"]))
        .collect();
    let a = Path::new("in").join("a.jsonl");
    let second = lines.find("{\"text\":\"S").unwrap();
    let fourth = lines.find("{\"note\":").unwrap();
    let fifth = lines.find("{\"text\":[").unwrap();
    assert_eq!(
        rejects,
        [
            format!("{}:2@{second} \"broken_json\"", a.display()),
            format!("{}:4@{fourth} \"missing_field\"", a.display()),
            format!("{}:5@{fifth} \"not_text\"", a.display()),
            format!("{}:null@0 \"empty\"", Path::new("in").join("empty.txt").display()),
            format!("{}:null@0 \"binary\"", Path::new("in").join("scan.txt").display()),
            format!("{}:null@0 \"binary\"", Path::new("in").join("tool.txt").display()),
        ]
    );

    let notes: Vec<_> = json_lines(&out(&format!("notes/{PART}.jsonl")))
        .iter()
        .map(|n| {
            format!("{} {} {}", n["note_id"].as_str().unwrap(), n["encoding"].as_str().unwrap(), n["bytes"])
        })
        .collect();
    assert_eq!(
        notes,
        [
            "good utf-8 3",
            "last utf-8 2",
            "bom utf-8-bom 9",
            "cp1252 windows-1252 7",
            "nul utf-8 10",
            "wide utf-16le 2",
        ]
    );

    let summary: serde_json::Value = serde_json::from_str(&out("summary.json")).unwrap();
    assert_eq!((&summary["notes"], &summary["skipped_files"]), (&6.into(), &1.into()));
    assert_eq!(
        summary["rejects"],
        serde_json::json!({"binary": 2, "broken_json": 1, "empty": 1, "missing_field": 1, "not_text": 1})
    );
    for text in [stdout, stderr, out("rejects.jsonl")] {
        assert!(!text.contains(SECRET), "{text}");
    }
}

#[test]
fn many_rejects_are_told_in_few_lines() {
    let folder = folder(&[("n.jsonl", "no json\n".repeat(1000).as_bytes())]);
    let (code, stdout, stderr) = run(folder.path(), &["extract", "n.jsonl"]);
    assert_eq!((code, stdout.as_str(), stderr.lines().count()), (3, "", 11), "{stderr}");
    assert!(stderr.contains("990 more"), "{stderr}");
}

#[test]
fn encodings_that_changed_bytes_are_told_in_the_output() {
    let folder = folder(&[("a.txt", b"L4-L5"), ("b.txt", b"L4\x96L5"), ("c.txt", b"\xef\xbb\xbfL4")]);
    let (code, stdout, _) = run(folder.path(), &["extract", "."]);
    let told: Vec<_> = json_lines(&stdout).iter().map(|note| note["encoding"].clone()).collect();
    assert_eq!(code, 0);
    assert_eq!(told, [serde_json::Value::Null, "windows-1252".into(), "utf-8-bom".into()]);
}

#[test]
fn standard_input_is_lines_or_a_note_by_its_first_byte() {
    let folder = folder(&[]);
    for (stdin, ids) in [
        (&b"MRI of the lumbar spine"[..], &["stdin"][..]),
        (b" \n{\"text\":\"a\"}\n{\"note_id\":7,\"text\":\"b\"}", &["stdin:2", "7"]),
        (b"\xef\xbb\xbf{\"text\":\"a\"}", &["stdin:1"]),
        (b"", &[]),
    ] {
        let (code, stdout, stderr) = run_with_stdin(folder.path(), &["extract", "-"], stdin);
        let found: Vec<_> =
            json_lines(&stdout).iter().map(|n| n["note_id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(
            (code, found.as_slice()),
            (
                if ids.is_empty() { 3 } else { 0 },
                ids.iter().map(ToString::to_string).collect::<Vec<_>>().as_slice()
            ),
            "{stderr}"
        );
    }
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    let notes = (0..3000).map(|i| match i % 7 {
        0 => format!("{{\"note_id\":\"{i}\",\"text\":\"MRI lumbar spine. L4-L5: moderate left foraminal stenosis.\"}}\n"),
        1 => format!("{{\"note_id\":\"{}\",\"text\":\"Foraminal narrowing at L5-S1.\"}}\n", i / 2),
        2 => "broken\n".to_owned(),
        _ => format!("{{\"text\":\"No stenosis. {}\"}}\n", "Pain. ".repeat(i % 50)),
    });
    let lines: Vec<_> = notes.collect();
    let folder = folder(&[("in/a.jsonl", lines.concat().as_bytes()), ("in/b.txt", b"Foraminal stenosis.")]);
    for format in ["parquet", "jsonl", "csv"] {
        let outputs = ["1", "2", "5"].map(|threads| {
            let out = format!("out-{format}-{threads}");
            let also = "audits,note-nlp,fhir,rsna-labels";
            let options = ["--threads", threads, "--format", format, "--also", also];
            let (code, _, stderr) =
                run(folder.path(), &[&["audit", "in", "-o", &out][..], &options].concat());
            assert_eq!(code, 3, "{stderr}");
            let root = folder.path().join(out);
            // The page tells how many threads there were, and how long they took.
            let files = contents(&root).into_iter().filter(|(path, _)| !path.ends_with("report.html"));
            files
                .map(|(path, bytes)| (path.strip_prefix(&root).unwrap().to_owned(), bytes))
                .collect::<Vec<_>>()
        });
        // With the manifest.
        assert_eq!(outputs[0].len(), 12);
        assert!(outputs[0] == outputs[1] && outputs[0] == outputs[2], "{format}");
    }
    let summary = fs::read_to_string(folder.path().join("out-csv-1/summary.json")).unwrap();
    assert!(!summary.contains("\"duplicate_ids\": 0,"), "{summary}");
}

#[test]
fn without_text_no_word_of_a_note_is_written() {
    let note = format!("MRI lumbar spine. Severe {SECRET} foraminal narrowing at L4-L5. Left leg pain.");
    let folder = folder(&[("n.txt", note.as_bytes())]);
    let (code, stdout, stderr) = run(folder.path(), &["extract", "n.txt", "--no-text"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.contains("foraminal_stenosis") && stdout.contains("NF002"), "{stdout}");
    assert!(!stdout.to_lowercase().contains("narrowing") && !stdout.contains(SECRET), "{stdout}");
    let also = ["--format", "jsonl", "--also", "audits,note-nlp,fhir,rsna-labels"];
    run(folder.path(), &[&["audit", "n.txt", "--no-text", "-o", "out"][..], &also].concat());
    for bytes in contents(&folder.path().join("out")).into_values() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.to_lowercase().contains("narrowing") && !text.contains(SECRET), "{text}");
    }
}

#[test]
fn cells_that_a_spreadsheet_would_run_are_disarmed() {
    let folder = folder(&[("n.jsonl", br#"{"note_id":"=HYPERLINK(\"x\")","text":"MRI"}"#)]);
    run(folder.path(), &["audit", "n.jsonl", "-o", "out", "--format", "csv"]);
    let notes = fs::read_to_string(folder.path().join(format!("out/notes/{PART}.csv"))).unwrap();
    assert!(notes.lines().nth(1).unwrap().starts_with("\"'=HYPERLINK("), "{notes}");
}

#[test]
fn a_line_of_50_megabytes_is_a_reject_and_the_others_go_on() {
    let long = "word ".repeat(10 << 20);
    let json = format!("{{\"text\":\"{long}\"}}\n{{\"text\":\"after\"}}\n");
    let folder = folder(&[("a.txt", long.as_bytes()), ("b.jsonl", json.as_bytes())]);
    let (code, _, stderr) = run(folder.path(), &["audit", ".", "-o", "out", "--format", "jsonl"]);
    assert_eq!(code, 3, "{stderr}");
    let out = |name: &str| json_lines(&fs::read_to_string(folder.path().join("out").join(name)).unwrap());
    let sizes: Vec<_> =
        out(&format!("notes/{PART}.jsonl")).iter().map(|note| note["bytes"].clone()).collect();
    assert_eq!(sizes, [5]);
    let rejects = out("rejects.jsonl");
    let kinds: Vec<_> = rejects.iter().map(|reject| (&reject["record"], &reject["kind"])).collect();
    assert_eq!(kinds, [(&serde_json::Value::Null, &"too_long".into()), (&1.into(), &"too_long".into())]);
}

#[test]
fn check_is_quiet_on_notes_that_lack_nothing() {
    let folder = folder(&[("n.txt", b"Patient seen for follow-up of hypertension.\n")]);
    assert_eq!(run(folder.path(), &["check", "n.txt"]), (0, String::new(), String::new()));
    let (code, _, stderr) = run_with_stdin(folder.path(), &["check", "n.txt", "-"], b"%PDF-1.4");
    assert_eq!(code, 2, "{stderr}");
}

#[test]
fn check_shows_what_is_missing_and_asks_for_it() {
    let folder = folder(&[("n.txt", b"MRI LUMBAR SPINE\nL4-L5: Foraminal stenosis is present.\n")]);
    let (code, stdout, stderr) = run(folder.path(), &["check", "n.txt"]);
    assert_eq!((code, stderr.as_str()), (1, ""));
    for part in ["n.txt:2:", "^^^^^^^^", "laterality: left | right", "2 gaps"] {
        assert!(stdout.contains(part), "{part}: {stdout}");
    }
    let (code, stdout, _) = run(folder.path(), &["rule", "nf003"]);
    assert!(code == 0 && stdout.starts_with("# NF003"), "{stdout}");
    let (code, _, stderr) = run(folder.path(), &["rule", "XX1"]);
    assert!(code == 2 && stderr.contains("foramen rules"), "{stderr}");
}

#[test]
fn the_summary_counts_what_the_tables_hold() {
    let notes = concat!(
        "{\"note_id\":\"a\",\"text\":\"L4-L5: Moderate foraminal stenosis.\"}\n",
        "{\"note_id\":\"b\",\"text\":\"L4-L5: Severe left foraminal stenosis.\"}\n",
        "{\"note_id\":\"b\",\"text\":\"\"}\n",
    );
    let folder = folder(&[("n.jsonl", notes.as_bytes())]);
    let (code, stdout, stderr) = run(folder.path(), &["audit", "n.jsonl", "-o", "out", "--format", "csv"]);
    assert_eq!(code, 0, "{stderr}");
    let out = |name: &str| fs::read_to_string(folder.path().join("out").join(name)).unwrap();
    assert_eq!(out(&format!("findings/{PART}.csv")).lines().count(), 3);
    let gaps = out(&format!("gaps/{PART}.csv"));
    assert!(
        gaps.lines()
            .nth(1)
            .unwrap()
            .starts_with("a,NF002,laterality,f1,foraminal_stenosis,,,L4-L5,,moderate,"),
        "{gaps}"
    );
    let summary: serde_json::Value = serde_json::from_str(&out("summary.json")).unwrap();
    assert_eq!(
        summary["score"],
        serde_json::json!({
            "documented": 5, "required": 6, "percent": 83.3, "scored_notes": 2, "complete_notes": 1
        })
    );
    assert_eq!((&summary["duplicate_ids"], &summary["empty_notes"]), (&1.into(), &1.into()));
    for part in ["3 notes", "foraminal stenosis", "laterality", "50.0%", "83.3%", "notes without a word: 1"] {
        assert!(stdout.contains(part), "{part}: {stdout}");
    }
}

#[test]
fn no_colours_where_there_is_no_terminal() {
    let folder = folder(&[("n.jsonl", b"broken\n")]);
    for args in [&["--help"][..], &["extract", "n.jsonl"], &["audit", "n.jsonl"], &["explain", "n.jsonl"]] {
        let (_, stdout, stderr) = run(folder.path(), args);
        assert!(!stdout.contains('\x1b') && !stderr.contains('\x1b'), "{args:?}");
    }
}

#[test]
fn a_reader_that_stops_early_is_no_error() {
    let line = format!("{{\"text\":\"{}\"}}\n", "MRI ".repeat(20));
    let folder = folder(&[("n.jsonl", line.repeat(20_000).as_bytes())]);
    let mut command = foramen(folder.path(), &["extract", "n.jsonl"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(read(child.wait_with_output().unwrap()), (0, String::new(), String::new()));
}

#[test]
fn explain_shows_each_stage() {
    let folder = folder(&[("n.txt", "FINDINGS: L4–L5  stenosis.".as_bytes())]);
    let (code, stdout, stderr) = run(folder.path(), &["explain", "n.txt", "--format", "json"]);
    assert_eq!(code, 0, "{stderr}");
    let views: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(views[0]["stage"], "text");
    assert_eq!(views[0]["seen"][0]["what"], "findings: l4-l5 stenosis.");
    let (code, stdout, _) = run(folder.path(), &["explain", "n.txt", "--stage", "matching"]);
    assert_eq!(code, 0);
    assert!(stdout.starts_with("matching\n") && stdout.contains("level 1:11 \"L4–L5\""), "{stdout}");
}

#[test]
fn explain_reads_what_the_others_read() {
    let table = b"key;report\n7;\"L4-5: stenosis.\"\n";
    let settings = b"[columns]\ntext = \"report\"\n";
    let folder = folder(&[("t.csv", table), ("t.dat", table), ("own.toml", settings)]);
    for args in [
        &["t.csv", "--text-field", "report"][..],
        &["t.csv", "--config", "own.toml"],
        &["t.dat", "--input-format", "csv", "--text-field", "report"],
    ] {
        let (code, stdout, stderr) = run(folder.path(), &[&["explain", "--stage", "text"], args].concat());
        assert_eq!((code, &*stderr), (0, ""), "{args:?}");
        assert!(stdout.starts_with("text\n  l4-5: stenosis."), "{args:?}: {stdout}");
    }
    let (code, _, stderr) = run(folder.path(), &["explain", "t.csv"]);
    assert_eq!(code, 2);
    let said = "no column `text`; there are `key`, `report`: name the columns (--text-field and its like)";
    assert!(stderr.contains(said), "{stderr}");
}

#[test]
fn explain_shows_what_codes_and_the_type_of_note_are_read_from() {
    let folder = folder(&[("n.txt", b"DESCRIPTION: The estimated blood loss was 50 mL.\nCPT: 64483-LT")]);
    let (code, stdout, stderr) = run(folder.path(), &["explain", "n.txt", "--stage", "matching"]);
    assert_eq!((code, &*stderr), (0, ""));
    for concept in ["coding.cpt", "note.operative"] {
        assert!(stdout.lines().any(|line| line.trim_start().starts_with(concept)), "{concept}: {stdout}");
    }
}

#[test]
fn eval_tells_the_cause_of_a_failure_once() {
    let folder = folder(&[]);
    for args in [&["eval", "nofile"][..], &["eval", "--assertion", "nofile"]] {
        let (code, _, stderr) = run(folder.path(), args);
        assert_eq!((code, stderr.matches("os error").count()), (2, 1), "{stderr}");
    }
}

#[test]
fn completions_and_manual_pages_are_written() {
    let folder = folder(&[]);
    let (code, stdout, _) = run(folder.path(), &["completions", "bash"]);
    assert!(code == 0 && stdout.contains("_foramen()"));
    let (code, stdout, _) = run(folder.path(), &["man"]);
    assert!(code == 0 && stdout.contains(".TH"));
    assert_eq!(run(folder.path(), &["man", "pages"]).0, 0);
    assert!(folder.path().join("pages/foramen-audit.1").exists());
}
