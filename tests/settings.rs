//! Settings as a user meets them: packs, rules, contractor, what comes with a record, and `foramen.toml`.

#![cfg(feature = "cli")]
#![expect(clippy::unwrap_used, reason = "a helper that cannot do its work fails the test")]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

const NOTE: &str = "IMPRESSION: Foraminal stenosis at L4-5.\n";

const ESI: &str = "PROCEDURE: Right L4-L5 transforaminal epidural steroid injection.\n\n\
                   DESCRIPTION: The needle was advanced to the right L4-L5 foramen. Dexamethasone was injected.\n";

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        fs::write(folder.path().join(name), content).unwrap();
    }
    folder
}

fn foramen(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(snapbox::cmd::cargo_bin!("foramen"));
    let output = command.current_dir(folder).args(args).stdin(Stdio::null()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// The audits of the notes that a command prints.
fn extract(folder: &Path, args: &[&str]) -> Vec<Value> {
    let (code, out, err) = foramen(folder, &[&["extract"], args].concat());
    assert_eq!(code, 0, "{args:?}: {err}");
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The codes of an audit's gaps and flags.
fn rules(audit: &Value) -> Vec<&str> {
    let of = |key| audit[key].as_array().unwrap().iter().map(|row| row["rule"].as_str().unwrap());
    of("gaps").chain(of("flags")).collect()
}

#[test]
fn flags_and_file_choose_the_rules_and_flags_win() {
    let folder =
        folder(&[("n.txt", NOTE), ("own.toml", "ignore = ['NF003']\n"), ("none.toml", "packs = []\n")]);
    for (args, expected) in [
        (&["n.txt"][..], &["NF002", "NF003"][..]),
        (&["n.txt", "--ignore", "NF003"], &["NF002"]),
        (&["n.txt", "--ignore", "nf"], &[]),
        (&["n.txt", "--ignore", "NF003,NF002"], &[]),
        (&["n.txt", "--select", "NF003"], &["NF003"]),
        (&["n.txt", "--pack", "contradictions"], &[]),
        (&["n.txt", "--pack", "contradictions", "--pack", "neuroforamen"], &["NF002", "NF003"]),
        (&["n.txt", "--config", "own.toml"], &["NF002"]),
        (&["n.txt", "--config", "own.toml", "--ignore", "NF002"], &["NF003"]),
        (&["n.txt", "--config", "none.toml"], &[]),
        (&["n.txt", "--config", "none.toml", "--pack", "neuroforamen"], &["NF002", "NF003"]),
    ] {
        assert_eq!(rules(&extract(folder.path(), args)[0]), expected, "{args:?}");
    }
    fs::write(folder.path().join("foramen.toml"), "select = ['NF002']\n").unwrap();
    assert_eq!(rules(&extract(folder.path(), &["n.txt"])[0]), ["NF002"]);
}

#[test]
fn what_there_is_not_is_named_with_what_there_is() {
    let folder = folder(&[
        ("n.txt", NOTE),
        ("typo.toml", "select = []\n\npaks = ['neuroforamen']\n"),
        ("type.toml", "packs = 'neuroforamen'\n"),
        ("value.toml", "setting = 'office'\n"),
        ("limit.toml", "[limits]\nesi_session = 5\n"),
        ("broken.toml", "packs = [\n"),
        ("key.toml", "contractor = 'cahaba'\n"),
    ]);
    for (args, wanted) in [
        (&["--pack", "lcd"][..], &["no pack `lcd`", "lcd-esi", "neuroforamen"][..]),
        (&["--ignore", "NF009"], &["no rule `NF009`", "foramen rules"]),
        (&["--contractor", "cahaba"], &["no contractor `cahaba`", "cgs, first-coast", "wps"]),
        (&["--setting", "office"], &["professional, asc, hopd"]),
        (&["--payer", "medicaid"], &["medicare, commercial"]),
        (&["--service-date", "2024-02-30"], &["YYYY-MM-DD"]),
        (&["--config", "absent.toml"], &["cannot read absent.toml"]),
        (&["--config", "typo.toml"], &["typo.toml:3:1: unknown field `paks`", "packs"]),
        (&["--config", "type.toml"], &["type.toml:1:9: "]),
        (&["--config", "value.toml"], &["value.toml:1:11: ", "professional"]),
        (&["--config", "limit.toml"], &["limit.toml:2:1: ", "esi_sessions"]),
        (&["--config", "broken.toml"], &["broken.toml:"]),
        (&["--config", "key.toml"], &["no contractor `cahaba`"]),
    ] {
        let (code, out, err) = foramen(folder.path(), &[&["extract", "n.txt"], args].concat());
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}");
        assert!(wanted.iter().all(|words| err.contains(words)), "{args:?}: {err}");
    }
}

#[test]
fn coverage_is_off_unless_asked_for_and_then_names_its_policy() {
    let folder = folder(&[("n.txt", ESI)]);
    let plain = &extract(folder.path(), &["n.txt"])[0];
    assert!(!rules(plain).iter().any(|rule| rule.starts_with("ESI")), "{plain}");
    let args = ["n.txt", "--pack", "lcd-esi", "--contractor", "cgs", "--service-date", "2024-03-10"];
    let covered = &extract(folder.path(), &args)[0];
    assert!(rules(covered).contains(&"ESI011"), "{covered}");
    assert_eq!(
        covered["policies"],
        json!([{"pack": "lcd-esi", "contractor": "CGS", "lcd": "L39015", "article": "A58731",
                "effective_from": "2021-12-05"}])
    );
    let before = ["n.txt", "--pack", "lcd-esi", "--contractor", "cgs", "--service-date", "2020-03-10"];
    assert_eq!(rules(&extract(folder.path(), &before)[0]), [""; 0]);
    let commercial = ["n.txt", "--pack", "lcd-esi", "--payer", "commercial"];
    assert_eq!(rules(&extract(folder.path(), &commercial)[0]), [""; 0]);

    let (code, shown, _) = foramen(folder.path(), &[&["check"], &args[..]].concat());
    assert_eq!(code, 1);
    assert!(shown.contains("transforaminal esi (L4-L5, right): no "), "{shown}");
    assert!(shown.contains("lcd-esi is LCD L39015 of CGS, in force since 2021-12-05"), "{shown}");
    let (_, shown, _) = foramen(folder.path(), &["check", "n.txt", "--pack", "lcd-esi"]);
    assert!(shown.contains("no day of service is known; judged by the rules of "), "{shown}");
}

#[test]
fn what_a_record_says_wins_over_what_is_set_for_all() {
    let line = |more: Value| {
        let mut record = json!({"text": ESI});
        record.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        format!("{record}\n")
    };
    let lines = [
        line(json!({"service_date": "2024-03-10"})),
        line(json!({"service_date": "2020-03-10"})),
        line(json!({"payer": "medicare"})),
        line(json!({"kind": "commercial"})),
    ];
    let folder = folder(&[("n.jsonl", &lines.concat())]);
    let found = |args: &[&str]| -> Vec<bool> {
        let audits = extract(folder.path(), &[&["n.jsonl", "--pack", "lcd-esi"], args].concat());
        audits.iter().map(|audit| !rules(audit).is_empty()).collect()
    };
    assert_eq!(found(&["--service-date", "2024-03-10"]), [true, false, true, true]);
    assert_eq!(
        found(&["--payer", "commercial", "--service-date", "2024-03-10"]),
        [false, false, true, false]
    );
    assert_eq!(found(&["--payer-field", "kind", "--service-date", "2024-03-10"]), [true, false, true, false]);
}

#[test]
fn reasons_are_kept_and_a_bad_day_is_a_reject() {
    let records = [
        json!({"text": NOTE, "ignore": [{"rule": "NF003", "reason": "graded in the outside report"}]}),
        json!({"text": format!("{NOTE}foramen: ignore NF002 midline study\n")}),
        json!({"text": NOTE, "service_date": "2024-02-30"}),
    ];
    let lines: String = records.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
    let folder = folder(&[("n.jsonl", &lines)]);
    let (code, out, err) = foramen(folder.path(), &["extract", "n.jsonl"]);
    assert_eq!(code, 3);
    assert!(err.contains("n.jsonl:3: the field `service_date` does not hold a day as YYYY-MM-DD"), "{err}");
    let audits: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((rules(&audits[0]), rules(&audits[1])), (vec!["NF002"], vec!["NF003"]));
    assert_eq!(
        audits[0]["ignored"],
        json!([{"rule": "NF003", "element": "severity", "finding": "f1", "procedure": null,
                "message": null, "reason": "graded in the outside report"}])
    );
    assert_eq!(audits[0]["score"]["required"], 2);
    assert_eq!(audits[1]["ignored"][0]["reason"], "midline study");
    let hidden = extract_no_text(folder.path());
    assert!(!hidden.contains("midline") && hidden.contains("\"ignored\""), "{hidden}");
}

fn extract_no_text(folder: &Path) -> String {
    foramen(folder, &["extract", "n.jsonl", "--no-text"]).1
}
