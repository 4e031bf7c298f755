//! The same notes in every format and packing give the same audits; and nothing that is broken, cut or hostile stops
//! what can be read, or takes memory without bound.

#![cfg(feature = "cli")]
#![expect(clippy::unwrap_used, reason = "a helper that cannot do its work fails the test")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, LazyLock};

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use flate2::Compression;
use flate2::write::GzEncoder;
use foramen::Engine;
use foramen::io::{Column, Columns, Format, Reading, Source};
use foramen::lexicon::Lexicon;
use foramen::model::Context;
use foramen::report::AuditJson;
use parquet::arrow::ArrowWriter;
use proptest::prelude::*;
use serde_json::json;

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::new(Lexicon::embedded()).unwrap());

/// Ten notes: id, type, text.
static NOTES: LazyLock<Vec<[String; 3]>> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora/clinical.jsonl");
    let lines = fs::read_to_string(path).unwrap();
    let note = |line| {
        let note: serde_json::Value = serde_json::from_str(line).unwrap();
        ["note_id", "note_type", "text"].map(|key| note[key].as_str().unwrap().to_owned())
    };
    lines.lines().take(10).map(note).collect()
});

/// What is read of inputs: the audits, with their ids, and the rejects.
fn read(inputs: Vec<PathBuf>, reading: Reading) -> Vec<String> {
    let mut found = Vec::new();
    for item in reading.open(inputs).unwrap() {
        let record = item.map_err(|reject| found.push(reject.to_string()));
        for note in record.iter().flat_map(|record| record.notes()) {
            let note = note.unwrap();
            let audit = ENGINE.audit(&note.text, &note.context(&Context::default()));
            let rules = ENGINE.rules();
            let row = AuditJson {
                rules,
                note_id: &note.id,
                note: &note.text,
                audit: &audit,
                text: true,
                offsets: None,
            };
            found.push(serde_json::to_string(&row).unwrap());
        }
    }
    found
}

/// The audits that are expected; a format without types of notes lets the engine find out.
static WITH_TYPE: LazyLock<Vec<String>> = LazyLock::new(|| expected(true));
static WITHOUT_TYPE: LazyLock<Vec<String>> = LazyLock::new(|| expected(false));

fn expected(with_type: bool) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("n.jsonl");
    fs::write(&path, jsonl()).unwrap();
    let hidden = Columns::default().with(Column::NoteType, "none");
    let columns = if with_type { Columns::default() } else { hidden };
    let audits = read(vec![path], Reading { format: None, columns });
    let with_findings = audits.iter().filter(|audit| audit.contains("\"findings\":[{"));
    assert!(audits.len() == 10 && with_findings.count() > 5);
    audits
}

fn jsonl() -> Vec<u8> {
    let line = |[id, kind, text]: &[String; 3]| {
        json!({"note_id": id, "note_type": kind, "text": text}).to_string() + "\n"
    };
    NOTES.iter().map(line).collect::<String>().into_bytes()
}

fn delimited(delimiter: u8, header: [&str; 3]) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
    writer.write_record(header).unwrap();
    NOTES.iter().for_each(|note| writer.write_record(note).unwrap());
    writer.into_inner().unwrap()
}

fn parquet(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let properties = parquet::file::properties::WriterProperties::builder()
        .set_max_row_group_row_count(Some(4))
        .set_compression(parquet::basic::Compression::SNAPPY);
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties.build())).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

fn column(at: usize) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(NOTES.iter().map(|note| &note[at])))
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::stream::encode_all(bytes, 1).unwrap()
}

/// Two halves, packed one after the other.
fn halves(bytes: &[u8], pack: fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let (first, second) = bytes.split_at(bytes.len() / 2);
    [pack(first), pack(second)].concat()
}

#[test]
fn the_same_notes_give_the_same_audits_in_every_format_and_packing() {
    let names = ["note_id", "note_type", "text"];
    let bom = [&b"\xef\xbb\xbf"[..], &delimited(b';', names)].concat();
    let formats = [
        ("n.jsonl", jsonl()),
        ("n.ndjson", jsonl()),
        ("n.json", jsonl()),
        ("part-00000", jsonl()),
        ("n.csv", delimited(b',', names)),
        ("upper.csv", delimited(b',', ["NOTE_ID", "Note_Type", "TEXT"])),
        ("bom.csv", bom),
        ("n.tsv", delimited(b'\t', names)),
        ("n.psv", delimited(b'|', names)),
        ("n.dat", delimited(b';', names)),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in &formats {
        let gz = format!("{name}.gz");
        let zst = format!("{name}.zst");
        let packed = [
            (*name, bytes.clone()),
            (&gz, gzip(bytes)),
            (&gz, halves(bytes, gzip)),
            (&zst, zstd(bytes)),
            (&zst, halves(bytes, zstd)),
            // The first bytes are believed, not the ending.
            (&gz, zstd(bytes)),
            (*name, gzip(bytes)),
        ];
        for (name, bytes) in packed {
            let path = folder.path().join(name);
            fs::write(&path, bytes).unwrap();
            assert!(read(vec![path], Reading::default()) == *WITH_TYPE, "{name}");
        }
    }
    let path = folder.path().join("n.parquet");
    let columns = vec![("text", column(2)), ("note_type", column(1)), ("note_id", column(0))];
    fs::write(&path, parquet(columns)).unwrap();
    assert!(read(vec![path.clone()], Reading::default()) == *WITH_TYPE);
    fs::write(&path, gzip(b"PAR1")).unwrap();
    let told = read(vec![path], Reading::default());
    assert!(told.len() == 1 && told[0].ends_with("save it unpacked and name the file"), "{told:?}");
}

#[test]
fn tables_of_omop_and_files_of_text_give_the_same_audits() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let numbers: ArrayRef = Arc::new(Int64Array::from_iter_values(0..10));
    let days: ArrayRef = Arc::new(StringArray::from_iter_values(["2024-03-10"; 10]));
    let names = ["note_id", "person_id", "note_date", "note_type_concept_id", "note_text"];
    let columns = vec![column(0), numbers.clone(), days.clone(), numbers, column(2)];
    fs::write(at("note.parquet"), parquet(names.into_iter().zip(columns).collect())).unwrap();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(names.map(str::to_uppercase)).unwrap();
    NOTES.iter().for_each(|[id, _, text]| writer.write_record([id, "1", "2024-03-10", "2", text]).unwrap());
    fs::write(at("note.csv.gz"), gzip(&writer.into_inner().unwrap())).unwrap();
    fs::write(at("few.csv"), delimited(b',', ["note_id", "x", "note_text"])).unwrap();
    fs::create_dir(at("texts")).unwrap();
    for (number, [id, _, text]) in NOTES.iter().enumerate() {
        let (name, bytes) = match number % 3 {
            0 => (format!("{id}.txt"), text.clone().into_bytes()),
            1 => (format!("{id}.txt.gz"), gzip(text.as_bytes())),
            _ => (format!("{id}.text.zst"), zstd(text.as_bytes())),
        };
        fs::write(at("texts").join(name), bytes).unwrap();
    }
    let omop = Some(Format::Omop);
    for (name, format) in [
        ("note.parquet", None),
        ("note.csv.gz", None),
        ("few.csv", omop),
        ("note.parquet", omop),
        ("texts", None),
    ] {
        let found = read(vec![at(name)], Reading { format, columns: Columns::default() });
        let same = |(found, expected): (&String, &String)| {
            // A day of service is part of an audit: only these tables give one.
            found == expected
                || found.replace("{\"day\":\"2024-03-10\",\"origin\":\"given\"}", "null") == *expected
        };
        assert_eq!(found.len(), 10, "{name}");
        assert!(found.iter().zip(WITHOUT_TYPE.iter()).all(same), "{name}");
    }
}

#[test]
fn a_cut_file_gives_what_stands_before_the_cut_and_one_reject() {
    let rows: Vec<String> = (0..40).map(|n| format!("n{n},L4-L5 {}\n", "abcdefghij".repeat(n % 7))).collect();
    let lines: Vec<String> =
        (0..40).map(|n| format!("{{\"note_id\":\"n{n}\",\"text\":\"{n}\"}}\n")).collect();
    let table = format!("note_id,text\n{}", rows.concat()).into_bytes();
    let folder = tempfile::tempdir().unwrap();
    for (name, packed) in [
        ("n.csv", gzip(&table)),
        ("n.csv", zstd(&table)),
        ("n.jsonl", gzip(lines.concat().as_bytes())),
        ("n.jsonl", zstd(lines.concat().as_bytes())),
    ] {
        let path = folder.path().join(name);
        for end in (4..packed.len()).step_by(10) {
            fs::write(&path, &packed[..end]).unwrap();
            let mut found: Vec<_> = Source::open(vec![path.clone()]).unwrap().collect();
            let reject = found.pop().unwrap().unwrap_err();
            assert_eq!(reject.reason.name(), "unreadable");
            assert!(reject.place.record.is_some() && reject.place.offset.is_some(), "{reject}");
            assert!(reject.to_string().contains("ends too early"), "{reject}");
            for (number, record) in found.iter().enumerate() {
                let note = record.as_ref().unwrap().notes().remove(0).unwrap();
                assert_eq!(note.id, format!("n{number}"));
            }
            let in_header = usize::from(name == "n.csv");
            let line = usize::try_from(reject.place.record.unwrap()).unwrap();
            assert!(found.len() + 1 + in_header == line || (found.is_empty() && line == 1), "{reject}");
        }
    }
}

fn foramen(folder: &Path, args: &[&str], stdin: Vec<u8>) -> (i32, String, String) {
    let mut command = Command::new(snapbox::cmd::cargo_bin!("foramen"));
    command.current_dir(folder).args(args);
    run(command, stdin)
}

fn run(mut command: Command, stdin: Vec<u8>) -> (i32, String, String) {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    // A command that wants no more closes its end.
    let feed = std::thread::spawn(move || drop(pipe.write_all(&stdin)));
    let output = child.wait_with_output().unwrap();
    feed.join().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// The ids that a command prints.
fn ids(stdout: &str) -> Vec<String> {
    let id = |line| {
        serde_json::from_str::<serde_json::Value>(line).unwrap()["note_id"].as_str().unwrap().to_owned()
    };
    stdout.lines().map(id).collect()
}

#[test]
fn standard_input_and_patterns_are_read() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("a/b")).unwrap();
    let table = b"note_id,text\n1,MRI\n2,\"CT, MRI\"\n";
    fs::write(folder.path().join("a/b/x.csv.gz"), gzip(table)).unwrap();
    fs::write(folder.path().join("a/y.csv.gz"), table).unwrap();
    fs::write(folder.path().join("a/z.dat"), b"{\"text\":\"x\"}\n").unwrap();
    for (args, stdin, expected) in [
        (&["-"][..], table.to_vec(), &["1", "2"][..]),
        (&["-"], gzip(table), &["1", "2"]),
        (&["-"], zstd(b"{\"text\":\"x\"}\n"), &["stdin:1"]),
        (&["-"], gzip(b"MRI of the lumbar spine\n"), &["stdin"]),
        (&["-", "--input-format", "text"], table.to_vec(), &["stdin"]),
        (&["a/**/*.csv.gz"], Vec::new(), &["1", "2", "1", "2"]),
        (&["a"], Vec::new(), &["1", "2", "1", "2"]),
        (&["a/z.*", "a/b"], Vec::new(), &["z:1", "1", "2"]),
        (&["a/[z].dat"], Vec::new(), &["z:1"]),
        (&["a", "--input-format", "text"], Vec::new(), &["b/x", "y", "z"]),
    ] {
        let (code, stdout, stderr) = foramen(folder.path(), &[&["extract"], args].concat(), stdin);
        assert_eq!(
            (code, ids(&stdout)),
            (0, expected.iter().map(ToString::to_string).collect()),
            "{args:?}: {stderr}"
        );
    }
    for (args, stdin, code, told) in [
        (&["-"][..], b"PAR1\x15\x04".to_vec(), 3, "Parquet on standard input: it is read from its end"),
        (&["-", "--input-format", "parquet"], b"MRI".to_vec(), 3, "named as parquet, but it begins as text"),
        (&["none/*.csv"], Vec::new(), 2, "none/*.csv: no file has such a name"),
        (&["a/***"], Vec::new(), 2, "a/***: "),
        (&["a", "--input-format", "xml"], Vec::new(), 2, "jsonl, csv, tsv"),
    ] {
        let (found, stdout, stderr) = foramen(folder.path(), &[&["extract"], args].concat(), stdin);
        assert_eq!((found, stdout.as_str()), (code, ""), "{args:?}: {stderr}");
        assert!(stderr.contains(told), "{args:?}: {stderr}");
    }
}

#[test]
fn columns_are_named_by_flags_and_by_a_file_and_flags_win() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("n.csv", "key;other;report;day\nk1;o1;MRI;2024-03-10\n");
    write("n.jsonl", "{\"key\":\"k1\",\"other\":\"o1\",\"report\":\"MRI\"}\n");
    write("own.toml", "[columns]\ntext = 'report'\nid = 'key'\n");
    write("typo.toml", "[columns]\ntexts = 'report'\n");
    for input in ["n.csv", "n.jsonl"] {
        for (args, expected) in [
            (&["--text-field", "report", "--id-field", "key"][..], "k1"),
            (&["--config", "own.toml"], "k1"),
            (&["--config", "own.toml", "--id-field", "other"], "o1"),
        ] {
            let (code, stdout, stderr) =
                foramen(folder.path(), &[&["extract", input], args].concat(), Vec::new());
            assert_eq!((code, ids(&stdout)), (0, vec![expected.to_owned()]), "{args:?}: {stderr}");
        }
    }
    let (code, _, stderr) = foramen(folder.path(), &["extract", "n.csv"], Vec::new());
    assert!(
        code == 3 && stderr.contains("no column `text`; there are `key`, `other`, `report`, `day`"),
        "{stderr}"
    );
    let (code, _, stderr) =
        foramen(folder.path(), &["extract", "n.csv", "--config", "typo.toml"], Vec::new());
    assert!(code == 2 && stderr.contains("typo.toml:2:1: unknown field `texts`"), "{stderr}");
}

/// Runs within 1.2 GB of addresses, of which threads and the allocator take some whatever is read.
#[cfg(target_os = "linux")]
#[test]
fn a_bomb_takes_no_memory() {
    let folder = tempfile::tempdir().unwrap();
    let bomb = |name: &str, begin: &[u8], piece: &[u8], end: &[u8]| {
        let bytes = [gzip(begin), gzip(&piece.repeat(1 << 20)).repeat(1024), gzip(end)].concat();
        assert!(bytes.len() < 3 << 20);
        fs::write(folder.path().join(name), bytes).unwrap();
    };
    bomb("zeros.txt.gz", b"", b"\0", b"");
    bomb("cell.csv.gz", b"note_id,text\n1,\"", b"a", b"\"\n2,after\n");
    let command = "ulimit -v 1200000; exec \"$0\" extract cell.csv.gz zeros.txt.gz";
    let mut shell = Command::new("sh");
    shell.current_dir(folder.path()).args(["-c", command]).arg(snapbox::cmd::cargo_bin!("foramen"));
    let (code, stdout, stderr) = run(shell, Vec::new());
    assert_eq!((code, ids(&stdout)), (3, vec!["2".to_owned()]), "{stderr}");
    assert!(stderr.contains("cell.csv.gz:2: longer than"), "{stderr}");
    assert!(stderr.contains("zeros.txt.gz: a binary file, not text"), "{stderr}");
}

/// Reads all that there is to read; gives how many records and rejects there were.
fn drain(name: &str, bytes: &[u8], format: Option<Format>) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    let source = Reading { format, columns: Columns::default() }.open(vec![path]).unwrap();
    source.map(|item| item.map_or(1, |record| record.notes().len())).sum()
}

/// A valid file of some format, with bytes of it written over and its end cut off.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let table = || b"note_id,text\n1,\"a \"\"b\"\"\n\"\n2,c\n".to_vec();
    let lines = || b"{\"note_id\":1,\"text\":\"a\"}\n{\"text\":\"b\"}\n".to_vec();
    let numbers: ArrayRef = Arc::new(Int64Array::from_iter_values(0..10));
    let texts: ArrayRef = Arc::new(StringArray::from_iter_values((0..10).map(|n| format!("note {}", n % 3))));
    let rows = parquet(vec![("note_id", numbers), ("text", texts)]);
    let whole = prop_oneof![
        Just(table()),
        Just(gzip(&table())),
        Just(zstd(&lines())),
        Just(rows.clone()),
        Just(rows),
    ];
    let hits = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6);
    (whole, hits, any::<prop::sample::Index>(), any::<bool>()).prop_map(|(mut bytes, hits, cut, is_cut)| {
        for (at, byte) in hits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if is_cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_to_their_end(
        bytes in prop_oneof![damaged(), damaged(), damaged(), prop::collection::vec(any::<u8>(), 0..300)],
        format in prop::option::of(prop::sample::select(Format::ALL)),
        name in prop::sample::select(vec!["a", "a.csv", "a.parquet", "a.jsonl.gz", "a.json", "a.txt.zst"]),
    ) {
        // No more than a record each byte, and one that tells why there are none.
        prop_assert!(drain(name, &bytes, format) <= bytes.len() + 1);
    }
}
