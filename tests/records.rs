//! Notes in FHIR resources, HL7 messages, C-CDA documents, HTML and RTF: they say there what they say as plain text, and
//! what is broken or hostile ends in a reject that quotes nothing.
//!
//! Real messages are not part of the project; they are looked for in `../shared/notes/hl7`, or in `notes/hl7` where
//! `FORAMEN_SHARED` points.

#![cfg(feature = "io")]
#![allow(clippy::unwrap_used, reason = "a test may fail by panic, in its helpers too")]
#![allow(clippy::print_stdout, reason = "what is skipped is for a person to see")]

mod shared;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use foramen::Engine;
use foramen::io::{Format, Note, Reading, Record, Reject, Source};
use foramen::lexicon::Lexicon;
use foramen::model::Context;
use proptest::prelude::*;
use serde_json::{Value, json};

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::new(Lexicon::try_embedded().unwrap()).unwrap());

/// Reads a file of this name and content; gives the texts of its notes and its rejects, in their order.
fn read(name: &str, content: &[u8]) -> Vec<Result<(String, String), Reject>> {
    read_as(None, name, content)
}

/// Its records.
fn records(format: Option<Format>, name: &str, content: &[u8]) -> Vec<Result<Record, Reject>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    Reading { format, ..Reading::default() }.open(vec![path]).unwrap().collect()
}

fn read_as(format: Option<Format>, name: &str, content: &[u8]) -> Vec<Result<(String, String), Reject>> {
    let records = records(format, name, content);
    let notes = records.iter().flat_map(|record| match record {
        Ok(record) => record.notes(),
        Err(reject) => vec![Err(reject.clone())],
    });
    notes.map(|note| note.map(|note| (note.id.into_owned(), note.text.into_owned()))).collect()
}

/// The text of the only note.
fn text(name: &str, content: &str) -> String {
    let mut found = read(name, content.as_bytes());
    assert_eq!(found.len(), 1, "{name}");
    found.remove(0).unwrap().1
}

fn fault(name: &str, content: &[u8]) -> String {
    let mut found = read(name, content);
    assert_eq!(found.len(), 1, "{name}");
    found.remove(0).unwrap_err().reason.to_string()
}

/// Some notes of the corpora, with one kind of line end.
fn corpus() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora");
    let mut notes = Vec::new();
    for file in ["imaging.jsonl", "procedures.jsonl", "clinical.jsonl"] {
        let lines = fs::read_to_string(folder.join(file)).unwrap();
        for line in lines.lines().step_by(6) {
            let note: Value = serde_json::from_str(line).unwrap();
            notes.push(note["text"].as_str().unwrap().replace("\r\n", "\n"));
        }
    }
    assert!(notes.len() > 20);
    notes
}

/// What the engine reads in a text, without where.
fn facts(text: &str) -> Vec<String> {
    let audit = ENGINE.audit(text, &Context::default());
    let findings = audit.findings.iter().map(|f| {
        format!("{:?} {:?} {:?} {:?} {:?} {:?}", f.kind, f.level, f.side, f.severity, f.status, f.section)
    });
    let procedures =
        audit.procedures.iter().map(|p| format!("{:?} {:?} {:?} {:?}", p.family, p.level, p.side, p.status));
    let gaps = audit.gaps.iter().map(|gap| format!("{} {:?}", gap.rule, gap.element));
    findings.chain(procedures).chain(gaps).collect()
}

fn xml(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn hl7(text: &str) -> String {
    text.replace('\\', "\\E\\")
        .replace('|', "\\F\\")
        .replace('^', "\\S\\")
        .replace('&', "\\T\\")
        .replace('~', "\\R\\")
}

/// A message of these observations, with this end of a segment.
fn message(observations: &[String], end: &str) -> String {
    let head = "MSH|^~\\&|RIS|NORTH|||20240310||ORU^R01|m1|P|2.5\nPID|1||7^^^X^MR\nOBR|1||A1|||||20240309";
    let head = head.split('\n').map(str::to_owned);
    let lines =
        observations.iter().enumerate().map(|(index, line)| format!("OBX|{}|{line}||||||F", index + 1));
    head.chain(lines).map(|line| line + end).collect()
}

fn document_reference(kind: &str, data: &[u8]) -> Value {
    let attachment = json!({"contentType": kind, "data": STANDARD.encode(data)});
    json!({"resourceType": "DocumentReference", "id": "d1", "content": [{"attachment": attachment}]})
}

fn ccda(narrative: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><id root=\"1.2\" extension=\"n1\"/>\
         <component><structuredBody><component><section><text>{narrative}</text></section></component></structuredBody>\
         </component></ClinicalDocument>"
    )
}

fn rtf(text: &str) -> String {
    let mut out = String::from("{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}\\uc1 ");
    for c in text.chars() {
        match c {
            '\\' | '{' | '}' => out.extend(['\\', c]),
            '\n' => out.push_str("\\par\r\n"),
            c if c.is_ascii() => out.push(c),
            c => out
                .extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{}?", unit.cast_signed()))),
        }
    }
    out + "}"
}

#[test]
fn plain_text_comes_through_as_it_is() {
    for note in corpus() {
        let lines: Vec<String> = note.split('\n').map(hl7).collect();
        let each = |kind: &str, lines: &[String]| {
            lines.iter().map(|line| format!("{kind}|1&GDT||{line}")).collect::<Vec<_>>()
        };
        let repeated = [lines.join("~")];
        let formatted = [lines.join("\\.br\\")];
        let wire = format!("\x0b{}\x1c\r", message(&each("TX", &lines), "\r"));
        let batch = format!("FHS|^~\\&|\rBHS|^~\\&|\r{}BTS|1\rFTS|1\r", message(&each("ST", &lines), "\r"));
        let log = format!("10:00|INFO|x|\n<SB>\n{}<EB><R>\n\n", message(&each("TX", &lines), "<R>\n"));
        let form = json!([{"contentType": "text/plain", "data": STANDARD.encode(&note)}]);
        let report = json!({"resourceType": "DiagnosticReport", "id": "r1", "presentedForm": form});
        let conclusion = json!({"resourceType": "DiagnosticReport", "conclusion": note});
        let bundle = json!({"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Patient"}}, {"resource": report}]});
        for (name, content) in [
            ("a.hl7", message(&each("TX", &lines), "\r")),
            ("b.hl7", message(&each("TX", &lines), "\n")),
            ("c.hl7", message(&each("TX", &lines), "\r\n")),
            ("d.hl7", message(&each("TX", &repeated), "\r")),
            ("e.hl7", message(&each("FT", &formatted), "\r")),
            ("f.hl7", wire),
            ("g.hl7", batch),
            ("h.hl7", log),
            ("a.ndjson", document_reference("text/plain; charset=UTF-8", note.as_bytes()).to_string()),
            ("b.ndjson", report.to_string()),
            ("c.ndjson", conclusion.to_string()),
            ("a.json", bundle.to_string()),
            ("b.json", serde_json::to_string_pretty(&bundle).unwrap()),
        ] {
            assert_eq!(text(name, &content).trim_end(), note.trim_end(), "{name}");
        }
    }
}

#[test]
fn markup_says_what_the_plain_text_says() {
    for note in corpus() {
        let escaped = xml(&note);
        let page = |open: &str, close: &str| {
            let lines = escaped.split('\n').map(|line| format!("{open}{line}{close}\n"));
            format!("<html><head><title>x</title></head><body>{}</body></html>", lines.collect::<String>())
        };
        let paragraphs = escaped
            .split("\n\n")
            .map(|block| format!("<paragraph>{}</paragraph>", block.replace('\n', "<br/>")));
        for (name, content) in [
            ("a.html", page("<div>", "<br></div>")),
            ("b.html", page("", "<br>")),
            ("c.html", format!("<pre>{escaped}</pre>")),
            (
                "a.ndjson",
                document_reference("application/xhtml+xml", page("", "<br/>").as_bytes()).to_string(),
            ),
            ("a.rtf", rtf(&note)),
            ("b.ndjson", document_reference("application/rtf", rtf(&note).as_bytes()).to_string()),
            ("a.xml", ccda(&escaped)),
            ("b.xml", ccda(&paragraphs.collect::<String>())),
        ] {
            let found = text(name, &content);
            assert_eq!(facts(&found), facts(&note), "{name}\n{note}\n----\n{found}");
        }
    }
}

#[test]
fn notes_of_a_bundle_are_placed_by_its_entries() {
    let entries = [
        json!({"resourceType": "Patient", "id": "7"}),
        document_reference("text/plain", b"one"),
        document_reference("application/pdf", b"%PDF-"),
        json!({"resourceType": "Bundle", "entry": [{"resource": document_reference("text/plain", b"two")}]}),
    ];
    let entries: Vec<Value> = entries.iter().map(|resource| json!({"resource": resource})).collect();
    let bundle = json!({"resourceType": "Bundle", "entry": entries});
    let places = |name: &str, bytes: &str| -> Vec<_> {
        let records = records(None, name, bytes.as_bytes());
        let notes = records.iter().flat_map(|record| record.as_ref().unwrap().notes());
        notes.map(|note| note.map_or_else(|reject| reject.place.record, |note| note.place.record)).collect()
    };
    let laid_out = serde_json::to_string_pretty(&bundle).unwrap();
    assert_eq!(places("day.json", &laid_out), [Some(2), Some(3), Some(4)]);
    // In a file of lines the line says where they stand.
    assert_eq!(places("days.ndjson", &format!("{bundle}\n{bundle}\n")), [1, 1, 1, 2, 2, 2].map(Some));
}

#[test]
fn a_mixed_export_gives_its_notes_alone() {
    let lines = [
        json!({"resourceType": "Patient", "id": "7"}),
        document_reference("text/plain", b"one"),
        json!({"resourceType": "Observation", "valueString": "no note"}),
        document_reference("application/pdf", b"%PDF-"),
        json!({"resourceType": "DiagnosticReport", "id": "r", "conclusion": "two"}),
    ];
    let lines: Vec<String> = lines.iter().map(Value::to_string).collect();
    let found = read("export.ndjson", lines.join("\n").as_bytes());
    let shown: Vec<String> = found
        .into_iter()
        .map(|item| {
            item.map_or_else(
                |reject| format!("{}:{}", reject.reason.name(), reject.place.record.unwrap()),
                |note| note.1,
            )
        })
        .collect();
    assert_eq!(shown, ["one", "content_type:4", "two"]);
}

#[test]
fn a_bad_message_costs_itself_alone() {
    let message = |text: &str| format!("\x0bMSH|^~\\&|\rOBR|1||{text}\rOBX|1|TX|||{text}\r\x1c\r");
    let cut = "\x0bMSH|^~\\&|\rOBX|1|TX|||SECRET\r";
    let file = [
        message("a"),
        cut.to_owned(),
        "\x0bMSH##\rOBX#1#TX###c\r\x1c\r".to_owned(),
        message("b"),
        cut.to_owned(),
    ]
    .concat();
    let found = read("feed.hl7", file.as_bytes());
    let shown: Vec<String> = found
        .into_iter()
        .map(|item| item.map_or_else(|reject| reject.reason.to_string(), |note| note.1))
        .collect();
    let reason =
        "broken HL7 version 2 message: its frame has no end: it was cut short; export the message again";
    assert_eq!(shown[0], "a");
    assert_eq!(shown[1], reason);
    assert_eq!(shown[shown.len() - 2..], ["b".to_owned(), reason.to_owned()]);
}

#[test]
fn hostile_records_end_in_a_reason() {
    let levels =
        (1..12).map(|level| format!("<!ENTITY a{level} \"{}\">", format!("&a{};", level - 1).repeat(10)));
    let entities = format!("<!DOCTYPE x [<!ENTITY a0 \"SECRET\">{}", levels.collect::<String>());
    assert!(fault("a.xml", format!("{entities}]>{}", ccda("&a11;")).as_bytes()).contains("is refused"));
    assert!(
        fault("a.xml", ccda("<!DOCTYPE x SYSTEM \"http://SECRET\">").as_bytes()).starts_with("broken XML")
    );
    assert!(fault("a.xml", ccda(&"<content>".repeat(100_000)).as_bytes()).contains("nested too deeply"));
    assert!(fault("a.xml", b"<report>SECRET</report>").contains("root is no ClinicalDocument"));

    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    let resource = |more: &str| format!("{{\"resourceType\":\"DiagnosticReport\",{more}}}");
    assert!(
        fault("a.json", resource(&format!("\"conclusion\":{deep}")).as_bytes()).contains("nested too deeply")
    );
    assert_eq!(
        fault("a.json", resource("\"conclusion\":{}").as_bytes()),
        "the field `/conclusion` does not hold text: correct it where it was made"
    );

    let page = "<script>alert('SECRET')</script><img src=x onerror=SECRET><p>L4-5: mild<style>SECRET</style>";
    assert_eq!(text("a.html", page), "L4-5: mild");
    assert!(fault("a.rtf", b"{\\rtf1 {{{ SECRET}").starts_with("broken RTF"));
    assert_eq!(text("a.rtf", "{\\rtf1 a}}}}} SECRET"), "a");
    assert!(fault("a.hl7", b"SECRET").ends_with("the file has no MSH segment; export the message again"));
    assert!(
        fault("a.hl7", b"MSH|\rSECRET").ends_with("the file has no MSH segment; export the message again")
    );
}

#[test]
fn large_attachments_are_read() {
    let note = "L4-5: mild left foraminal stenosis.\n".repeat(230_000);
    let resource = document_reference("text/plain", note.as_bytes()).to_string();
    assert!(note.len() > 7 << 20);
    assert!(text("a.ndjson", &resource) == note);
    let mut message = "MSH|^~\\&|\rOBX|1|ED|||A^TEXT^plain^Base64^".to_owned();
    message += &STANDARD.encode(&note);
    assert!(text("a.hl7", &message) == note);
}

/// The files of real messages; `None` where they are not there, which is said.
fn real_messages() -> Option<Vec<PathBuf>> {
    let entries = fs::read_dir(shared::shared("notes/hl7")?).unwrap();
    Some(entries.map(|entry| entry.unwrap().path()).collect())
}

#[test]
fn real_messages_are_read() {
    let Some(files) = real_messages() else { return };
    let (mut notes, mut dated, mut provided) = (0, 0, 0);
    for file in files {
        let messages = String::from_utf8_lossy(&fs::read(&file).unwrap()).matches("MSH|").count();
        let records: Vec<Record> = Source::open(vec![file.clone()]).unwrap().map(Result::unwrap).collect();
        assert_eq!(records.len(), messages, "{}", file.display());
        for record in &records {
            let found: Vec<Note<'_>> = record.notes().into_iter().map(Result::unwrap).collect();
            assert!(found.len() < 2, "{}", file.display());
            for note in found {
                notes += 1;
                let strange = |c: char| c.is_control() && c != '\n';
                assert!(!note.text.contains(strange), "{}", note.id);
                assert!(!note.text.contains(['\\', '~', '|']), "{}", note.id);
                let is_known = note.patient_id.is_some() && note.facility.is_some();
                assert!(note.text.len() > 20 && is_known, "{}", note.id);
                dated += usize::from(note.service_date.is_some());
                provided += usize::from(note.provider.is_some());
            }
        }
    }
    println!("{notes} notes, {dated} with a day, {provided} with a provider");
    // Six messages have no text; one layout states no day of observation.
    assert_eq!(notes, 167);
    assert!(dated >= 70 && provided >= 150);
}

/// Records of each format, whole.
fn whole() -> Vec<(Format, Vec<u8>)> {
    let observations = [
        "TX|1&GDT||SECRET~a\\.br\\b\\X41\\".to_owned(),
        "ED|||A^TEXT^HTML^Base64^PHA+U0VDUkVUPC9wPg==".to_owned(),
    ];
    let bundle = json!({"resourceType": "Bundle", "entry": [
        {"resource": document_reference("text/html", b"<p>SECRET</p>")},
        {"resource": {"resourceType": "DiagnosticReport", "subject": {"reference": "Patient/7"}, "conclusion": "SECRET"}},
    ]});
    let narrative = "<table><tr><td>SECRET</td></tr></table><list><item>SECRET &amp; &#65;</item></list>";
    vec![
        (Format::Hl7, message(&observations, "\r").into_bytes()),
        (Format::Hl7, format!("<SB>\n{}<EB>\n", message(&observations, "<R>\n")).into_bytes()),
        (Format::Fhir, bundle.to_string().into_bytes()),
        (Format::Ccda, ccda(narrative).into_bytes()),
        (Format::Html, b"<table><tr><td>SECRET<script>x</script><li>a&nbsp;&#1;</pre>".to_vec()),
        (
            Format::Text,
            b"{\\rtf1\\ansi {\\b SECRET}\\u8805?\\'b1\\trowd a\\cell b\\cell\\row{\\pict 00}\\bin3 }}}}"
                .to_vec(),
        ),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Bytes of any kind, as any format.
    #[test]
    fn no_bytes_bring_it_down(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        for format in [Format::Hl7, Format::Fhir, Format::Ccda, Format::Html, Format::Text] {
            read_as(Some(format), "any", &bytes);
        }
    }

    /// Whole records, with bytes changed and cut off: what is told of them quotes nothing.
    #[test]
    fn broken_records_are_told_without_their_words(
        which in 0..6_usize,
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 0..6),
        end in any::<proptest::sample::Index>(),
        is_cut in any::<bool>(),
    ) {
        let (format, mut bytes) = whole().swap_remove(which);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if is_cut {
            bytes.truncate(end.index(bytes.len()));
        }
        for item in read_as(Some(format), "any", &bytes) {
            if let Err(reject) = item {
                prop_assert!(!reject.to_string().contains("SECRET"));
            }
        }
    }
}
