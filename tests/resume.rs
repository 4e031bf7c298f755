//! A run that is interrupted goes on and ends with the same bytes: after kills, signals, full disks and bad input.

#![cfg(all(feature = "cli", unix))]
#![expect(clippy::unwrap_used, reason = "a helper that cannot do its work fails the test")]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use tempfile::TempDir;

/// Small parts, so that a short run has many.
const PART: [&str; 2] = ["--part-records", "256"];

/// Parts of the usual input of these tests.
const PARTS: usize = 10;

fn foramen(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(snapbox::cmd::cargo_bin!("foramen"));
    command.current_dir(folder).args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// `foramen audit` of n.jsonl to a folder, in small parts.
fn audit(folder: &Path, out: &str, args: &[&str]) -> Command {
    let mut command = foramen(folder, &["audit", "n.jsonl", "-o", out]);
    command.args(PART).args(args);
    command
}

fn told(output: Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

/// Notes of many kinds: with findings and without, ids and texts that come again, lines that are broken.
fn notes(count: usize) -> String {
    let line = |i: usize| match i % 11 {
        3 => "{\"text\": broken\n".to_owned(),
        5 => format!("{{\"note_id\":\"again-{}\",\"text\":\"No foraminal stenosis.\"}}\n", i % 50),
        _ => {
            let level = ["C5-C6", "L3-L4", "L4-L5", "L5-S1"][i % 4];
            let side = ["left", "right", "bilateral"][i % 3];
            let body = "Mild disc bulge without canal stenosis. ".repeat(i % 23);
            format!(
                "{{\"note_id\":\"n{i}\",\"text\":\"MRI. {level}: {side} foraminal stenosis. {body}Note {i}.\"}}\n"
            )
        }
    };
    (0..count).map(line).collect()
}

/// A folder with the usual input.
fn input() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("n.jsonl"), notes(PARTS * 256 - 100)).unwrap();
    folder
}

/// The page of a run without what it tells of the process: when it began, how long it took, on how many threads.
fn without_times(page: &[u8]) -> Vec<u8> {
    let page = std::str::from_utf8(page).unwrap();
    let (figures, _) = page.split_once("class=\"facts run\"").unwrap();
    let lines = figures.lines().filter(|line| !line.contains(" spine notes read by Foramen"));
    lines.collect::<Vec<_>>().join("\n").into_bytes()
}

/// All files of a folder, by their paths in it.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    fn add(root: &Path, folder: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                add(root, &path, found);
            } else {
                let bytes = fs::read(&path).unwrap();
                let name = path.strip_prefix(root).unwrap().to_owned();
                let is_page = name == Path::new("report.html");
                found.insert(name, if is_page { without_times(&bytes) } else { bytes });
            }
        }
    }
    let mut found = BTreeMap::new();
    add(folder, folder, &mut found);
    found
}

/// Fails where two folders differ, and names the files.
fn assert_same(found: &Path, expected: &Path) {
    let (found, expected) = (contents(found), contents(expected));
    let names = |files: &BTreeMap<PathBuf, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&found), names(&expected));
    let differ: Vec<_> = found.iter().filter(|(path, bytes)| expected[*path] != **bytes).collect();
    assert!(differ.is_empty(), "{:?}", differ.iter().map(|(path, _)| path).collect::<Vec<_>>());
}

fn manifest(out: &Path) -> Option<Value> {
    let bytes = fs::read(out.join(".foramen/manifest.json")).ok()?;
    // Replaced whole: whenever it is there, it can be read.
    Some(serde_json::from_slice(&bytes).unwrap())
}

fn parts_done(out: &Path) -> usize {
    manifest(out).map_or(0, |manifest| manifest["parts"].as_array().unwrap().len())
}

/// Waits until so many parts are done.
fn wait_for(out: &Path, parts: usize) {
    let start = Instant::now();
    while parts_done(out) < parts {
        assert!(start.elapsed() < Duration::from_mins(1), "no part was finished");
        sleep(Duration::from_millis(1));
    }
}

fn signal(child: &Child, name: &str) {
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-s", name, &pid]).status().unwrap().success());
}

/// Numbers by chance, the same at every run of the test (Marsaglia's xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

#[test]
fn fifty_kills_change_no_byte() {
    let folder = input();
    let at = |out: &str| folder.path().join(out);
    let start = Instant::now();
    let (code, stderr) = told(audit(folder.path(), "whole", &[]).output().unwrap());
    let time = start.elapsed().as_micros() as u64;
    assert_eq!((code, parts_done(&at("whole"))), (Some(3), PARTS), "{stderr}");

    let (mut chance, mut kills, mut midway) = (Chance(0x5eed), 0, 0);
    while kills < 50 {
        let _ = fs::remove_dir_all(at("out"));
        loop {
            let threads = ["1", "2", "3"][chance.below(3) as usize];
            let mut child = audit(folder.path(), "out", &["--resume", "--threads", threads]).spawn().unwrap();
            sleep(Duration::from_micros(chance.below(time)));
            child.kill().unwrap();
            let output = child.wait_with_output().unwrap();
            if output.status.signal().is_none() {
                let (code, stderr) = told(output);
                assert_eq!(code, Some(3), "{stderr}");
                break;
            }
            kills += 1;
            midway += usize::from((1..PARTS).contains(&parts_done(&at("out"))));
        }
        assert_same(&at("out"), &at("whole"));
    }
    assert!(midway > 5, "only {midway} of {kills} kills came between two parts");
}

#[test]
fn a_stopped_run_says_so_and_goes_on() {
    let folder = input();
    let at = |out: &str| folder.path().join(out);
    assert_eq!(told(audit(folder.path(), "whole", &[]).output().unwrap()).0, Some(3));
    for name in ["INT", "TERM"] {
        let child = audit(folder.path(), name, &["--threads", "1"]).spawn().unwrap();
        wait_for(&at(name), 1);
        signal(&child, name);
        let (code, stderr) = told(child.wait_with_output().unwrap());
        assert_eq!(code, Some(130), "{stderr}");
        assert!(stderr.contains("stopped: ") && stderr.contains("--resume"), "{stderr}");
        let (done, before) = (parts_done(&at(name)), contents(&at(name)));
        assert!((1..PARTS).contains(&done), "{done} parts");
        assert!(!before.keys().any(|path| path.to_string_lossy().contains(".beside")), "{:?}", before.keys());
        assert_eq!(told(audit(folder.path(), name, &["--resume"]).output().unwrap()).0, Some(3));
        assert_same(&at(name), &at("whole"));
    }
}

#[test]
fn a_full_disk_is_told_and_what_was_done_stays() {
    let folder = input();
    let path = folder.path();
    // The row of the note with the long id is more than a file may have here.
    let long = format!("{{\"note_id\":\"{}\",\"text\":\"MRI\"}}\n", "x".repeat(2 << 20));
    let lines = notes(256 * 3) + &long + &notes(256 * 2);
    fs::write(path.join("n.jsonl"), lines).unwrap();
    let jsonl = ["--format", "jsonl"];
    assert_eq!(told(audit(path, "whole", &jsonl).output().unwrap()).0, Some(3));
    let limited = audit(path, "out", &jsonl);
    let mut shell = Command::new("bash");
    shell.current_dir(path).stdout(Stdio::piped()).stderr(Stdio::piped());
    shell.args(["-c", "trap '' XFSZ; ulimit -f 1000; exec \"$0\" \"$@\""]);
    let (code, stderr) = told(shell.arg(limited.get_program()).args(limited.get_args()).output().unwrap());
    assert_eq!(code, Some(2), "{stderr}");
    assert!(stderr.contains("cannot write the results") && stderr.contains("--resume"), "{stderr}");
    assert_eq!(parts_done(&path.join("out")), 3);
    assert_eq!(told(audit(path, "out", &["--resume", "--format", "jsonl"]).output().unwrap()).0, Some(3));
    assert_same(&path.join("out"), &path.join("whole"));
}

#[test]
fn too_many_rejects_stop_the_run_until_more_are_allowed() {
    let folder = input();
    let path = folder.path();
    assert_eq!(told(audit(path, "whole", &[]).output().unwrap()).0, Some(3));
    let (code, stderr) = told(audit(path, "out", &["--max-rejects", "99"]).output().unwrap());
    assert_eq!(code, Some(2));
    assert!(stderr.contains("more than 99;") && stderr.contains("n.jsonl:4: broken JSON"), "{stderr}");
    let done = parts_done(&path.join("out"));
    assert!((1..PARTS).contains(&done));
    // Those of finished parts count.
    assert_eq!(told(audit(path, "out", &["--resume", "--max-rejects", "100"]).output().unwrap()).0, Some(2));
    let (code, stderr) = told(audit(path, "out", &["--resume", "--max-rejects", "100000"]).output().unwrap());
    assert_eq!(code, Some(3), "{stderr}");
    assert_same(&path.join("out"), &path.join("whole"));
}

#[test]
fn a_run_that_was_begun_otherwise_is_not_mixed_with() {
    let folder = input();
    let path = folder.path();
    let lines = fs::read_to_string(path.join("n.jsonl")).unwrap();
    fs::write(path.join("mine.toml"), "retire = [\"disc bulge\"]\n").unwrap();
    fs::write(path.join("labels.csv"), "code,label\n64483,ours\n").unwrap();
    assert_eq!(told(audit(path, "out", &["--max-rejects", "99"]).output().unwrap()).0, Some(2));
    let before = contents(&path.join("out"));
    let refused = |args: &[&str], said: &[&str]| {
        let (code, stderr) = told(audit(path, "out", args).output().unwrap());
        assert_eq!(code, Some(2), "{args:?}: {stderr}");
        for part in said {
            assert!(stderr.contains(part), "{args:?}: {part}: {stderr}");
        }
        assert!(before == contents(&path.join("out")), "{args:?}");
    };
    refused(&[], &["unfinished run", "--resume", "--overwrite"]);
    for (change, said) in [
        (&["--text-field", "report"][..], "columns.text was \"text\", is \"report\""),
        (&["--ignore", "NF003"], "rules"),
        (&["--payer", "medicare"], "payer was null, is \"medicare\""),
        (&["--service-date", "2024-01-01"], "service_date was null"),
        (&["--no-text"], "outputs.text was true, is false"),
        (&["--format", "csv"], "outputs.tables was \"parquet\", is \"csv\""),
        (&["--lexicon", "mine.toml"], "lexicon was"),
        (&["--cpt-labels", "labels.csv"], "cpt_labels was null"),
        (&["mine.toml"], "mine.toml stands where"),
    ] {
        refused(&[&["--resume"], change].concat(), &["begun otherwise", said, "--overwrite"]);
    }
    fs::write(path.join("n.jsonl"), lines.clone() + "\n").unwrap();
    refused(&["--resume"], &["the inputs: n.jsonl has another size"]);
    fs::write(path.join("n.jsonl"), lines.replacen("MRI", "CT.", 1)).unwrap();
    refused(&["--resume"], &["n.jsonl begins or ends otherwise"]);

    // A change that nothing else tells is seen when the records are read again.
    let file = manifest(&path.join("out")).unwrap();
    let middle = lines.find("Note 99.").unwrap();
    fs::write(path.join("n.jsonl"), lines[..middle].to_owned() + "Note 98." + &lines[middle + 8..]).unwrap();
    refused(&["--resume"], &["n.jsonl was changed or written anew"]);
    assert_eq!(file["finished"], false);

    // What a newer version, or a later hand, made of the manifest.
    fs::write(path.join("n.jsonl"), &lines).unwrap();
    let own = path.join("out/.foramen/manifest.json");
    let edited = fs::read_to_string(&own).unwrap().replace(env!("CARGO_PKG_VERSION"), "0.0.1");
    fs::write(&own, edited).unwrap();
    let (code, stderr) = told(audit(path, "out", &["--resume"]).output().unwrap());
    assert!(code == Some(2) && stderr.contains("version was \"0.0.1\""), "{stderr}");
    fs::write(&own, "{").unwrap();
    let (code, stderr) = told(audit(path, "out", &["--resume"]).output().unwrap());
    assert!(code == Some(2) && stderr.contains("manifest.json cannot be read"), "{stderr}");
}

#[test]
fn a_finished_run_is_replaced_only_when_that_is_asked() {
    let folder = input();
    let path = folder.path();
    assert_eq!(told(audit(path, "out", &[]).output().unwrap()).0, Some(3));
    let before = contents(&path.join("out"));
    assert!(!before.keys().any(|name| name.starts_with(".foramen") && !name.ends_with("manifest.json")));
    let (code, stderr) = told(audit(path, "out", &[]).output().unwrap());
    assert!(code == Some(2) && stderr.contains("holds the results of a run"), "{stderr}");
    let (code, stderr) = told(audit(path, "out", &["--resume"]).output().unwrap());
    assert!(code == Some(3) && stderr.contains("finished already"), "{stderr}");
    assert!(before == contents(&path.join("out")));

    fs::write(path.join("out/mine.txt"), "kept").unwrap();
    fs::write(path.join("n.jsonl"), "{\"text\":\"MRI\"}\n").unwrap();
    let (code, stderr) = told(audit(path, "out", &["--overwrite", "--format", "csv"]).output().unwrap());
    assert_eq!(code, Some(0), "{stderr}");
    let after = contents(&path.join("out"));
    assert_eq!(after[Path::new("mine.txt")], b"kept");
    let notes: Vec<_> = after.keys().filter(|name| name.starts_with("notes")).collect();
    assert_eq!(notes, [Path::new("notes/part-00000.csv")]);

    fs::create_dir_all(path.join("theirs/findings")).unwrap();
    fs::write(path.join("theirs/findings/x.parquet"), "").unwrap();
    let (code, stderr) = told(audit(path, "theirs", &["--overwrite"]).output().unwrap());
    assert!(code == Some(2) && stderr.contains("no run of Foramen"), "{stderr}");
}

#[test]
fn standard_input_goes_on_where_the_same_bytes_come_again() {
    let folder = input();
    let path = folder.path();
    let lines = fs::read(path.join("n.jsonl")).unwrap();
    let from_stdin = |out: &str, args: &[&str], bytes: &[u8]| {
        let mut command = foramen(path, &["audit", "-", "-o", out]);
        let mut child = command.args(PART).args(args).stdin(Stdio::piped()).spawn().unwrap();
        // The run may end before it has read all.
        let _ = child.stdin.take().unwrap().write_all(bytes);
        told(child.wait_with_output().unwrap())
    };
    assert_eq!(from_stdin("whole", &[], &lines).0, Some(3));
    assert_eq!(from_stdin("out", &["--max-rejects", "99"], &lines).0, Some(2));
    let changed = String::from_utf8(lines.clone()).unwrap().replacen("Note 99.", "Note 98.", 1);
    for other in [changed.as_bytes(), &lines[..3000]] {
        let (code, stderr) = from_stdin("out", &["--resume"], other);
        assert!(code == Some(2) && stderr.contains("is not what part 0"), "{stderr}");
    }
    assert_eq!(from_stdin("out", &["--resume"], &lines).0, Some(3));
    assert_same(&path.join("out"), &path.join("whole"));
}

#[test]
fn results_that_somebody_took_away_are_missed() {
    let folder = input();
    let path = folder.path();
    assert_eq!(told(audit(path, "out", &["--max-rejects", "99"]).output().unwrap()).0, Some(2));
    fs::remove_file(path.join("out/gaps/part-00000.parquet")).unwrap();
    let (code, stderr) = told(audit(path, "out", &["--resume"]).output().unwrap());
    assert!(code == Some(2) && stderr.contains("gaps/part-00000.parquet is gone"), "{stderr}");
}

#[test]
fn two_runs_do_not_write_to_one_folder() {
    let folder = input();
    let path = folder.path();
    let mut command = foramen(path, &["audit", "-", "-o", "out"]);
    let mut first = command.stdin(Stdio::piped()).spawn().unwrap();
    let start = Instant::now();
    while manifest(&path.join("out")).is_none() {
        assert!(start.elapsed() < Duration::from_mins(1));
        sleep(Duration::from_millis(5));
    }
    let (code, stderr) = told(audit(path, "out", &["--resume"]).output().unwrap());
    assert!(code == Some(2) && stderr.contains("another process writes to out"), "{stderr}");
    first.kill().unwrap();
    first.wait().unwrap();
}

#[test]
fn an_input_that_was_cut_short_is_one_reject_more() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let lines = notes(PARTS * 256);
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(lines.as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    for (name, bytes, kind) in
        [("n.jsonl.gz", packed.as_slice(), "unreadable"), ("n.jsonl", lines.as_bytes(), "broken_json")]
    {
        fs::write(path.join(name), &bytes[..bytes.len() * 7 / 10]).unwrap();
        let audit = |out: &str, args: &[&str]| {
            let out = format!("{name}-{out}");
            let mut command = foramen(path, &["audit", name, "-o", &out]);
            told(command.args(PART).args(args).output().unwrap())
        };
        assert_eq!(audit("whole", &[]).0, Some(3));
        let whole = path.join(format!("{name}-whole"));
        let rejects = fs::read_to_string(whole.join("rejects.jsonl")).unwrap();
        let last: Value = serde_json::from_str(rejects.lines().last().unwrap()).unwrap();
        assert_eq!((&last["file"], &last["kind"]), (&name.into(), &kind.into()));
        assert!((1..PARTS).contains(&parts_done(&whole)));
        assert_eq!(audit("out", &["--max-rejects", "99"]).0, Some(2));
        let (code, stderr) = audit("out", &["--resume"]);
        assert_eq!(code, Some(3), "{stderr}");
        assert_same(&path.join(format!("{name}-out")), &whole);
    }
}

#[test]
fn one_broken_record_among_many_is_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let good = "{\"text\":\"MRI\"}\n".repeat(10_000);
    // The last line is cut short, as in a copy that was not finished.
    fs::write(path.join("n.jsonl"), good.clone() + "{\"text\":\"L4-L5: moder").unwrap();
    let (code, stderr) = told(audit(path, "out", &[]).output().unwrap());
    assert_eq!(code, Some(3), "{stderr}");
    let rejects = fs::read_to_string(path.join("out/rejects.jsonl")).unwrap();
    let reject: Value = serde_json::from_str(&rejects).unwrap();
    assert_eq!(
        (&reject["file"], &reject["record"], &reject["offset"], &reject["kind"]),
        (&"n.jsonl".into(), &10_001.into(), &good.len().into(), &"broken_json".into())
    );
    assert!(!rejects.contains("moder"));
    let summary: Value = serde_json::from_slice(&fs::read(path.join("out/summary.json")).unwrap()).unwrap();
    assert_eq!((&summary["notes"], &summary["duplicate_texts"]), (&10_000.into(), &9_999.into()));
}
