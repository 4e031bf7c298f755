//! What a run writes: its columns, their documentation, and the rows that notes give in every format.
#![allow(clippy::unwrap_used, reason = "a test")]
#![cfg(feature = "cli")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use arrow::datatypes::{DataType, Schema};
use foramen::Engine;
use foramen::batch::{Options, OutputFile, Rows, run};
use foramen::io::{Note, Source};
use foramen::lexicon::Lexicon;
use foramen::model::{
    Audit, Concordance, CorrelationStatus, FindingKind, FlagLevel, Guidance, NoteType, ProcedureStatus,
    Severity, Side, Status,
};
use foramen::tables::{Format, Output, Outputs, SCHEMA};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use proptest::prelude::*;
use serde_json::{Value, json};

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::new(Lexicon::try_embedded().unwrap()).unwrap());

/// The texts of `corpora/`.
static CORPORA: LazyLock<Vec<String>> = LazyLock::new(|| {
    let lines = corpora().into_iter().flat_map(|path| {
        let text = fs::read_to_string(path).unwrap();
        text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()).collect::<Vec<_>>()
    });
    lines.map(|note| note["text"].as_str().unwrap().to_owned()).collect()
});

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn corpora() -> Vec<PathBuf> {
    let files = fs::read_dir(root("corpora")).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = files.filter(|path| path.extension().is_some_and(|e| e == "jsonl")).collect();
    files.sort();
    files
}

fn everything(tables: Format, text: bool) -> Outputs {
    Outputs { tables, also: Output::ALL.to_vec(), text, ..Outputs::default() }
}

/// What the notes of files give in every output.
fn written(files: Vec<PathBuf>, outputs: &Outputs) -> BTreeMap<Output, Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let path = |output: Output| folder.path().join(output.name());
    let mut open: Vec<_> = outputs
        .all()
        .map(|output| OutputFile::create(File::create(path(output)).unwrap(), output, outputs).unwrap())
        .collect();
    let mut source = Source::open(files).unwrap();
    let render = |rows: &mut Option<Rows>, note: &Note<'_>, audit: &Audit| {
        rows.get_or_insert_with(|| Rows::new(outputs)).add(ENGINE.rules(), note, audit);
    };
    run(&ENGINE, &mut source, &Options::default(), render, |rows, _| {
        let chunks = rows.unwrap_or_else(|| Rows::new(outputs)).finish()?;
        open.iter_mut().try_for_each(|file| file.write(&chunks))
    })
    .unwrap();
    for file in open {
        file.finish().unwrap();
    }
    outputs.all().map(|output| (output, fs::read(path(output)).unwrap())).collect()
}

/// What notes given as JSON give, all values as JSON.
fn rows(notes: &[Value], text: bool) -> BTreeMap<Output, Vec<Value>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.jsonl");
    let lines: Vec<_> = notes.iter().map(|note| format!("{note}\n")).collect();
    fs::write(&path, lines.concat()).unwrap();
    let written = written(vec![path], &everything(Format::Jsonl, text));
    written.into_iter().map(|(output, bytes)| (output, lines_of(&bytes))).collect()
}

fn lines_of(bytes: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(bytes).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Parquet, to be read.
fn reader(bytes: &[u8]) -> ParquetRecordBatchReaderBuilder<File> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    ParquetRecordBatchReaderBuilder::try_new(file).unwrap()
}

/// Parquet as JSON Lines.
fn read_back(bytes: &[u8]) -> String {
    let reader = reader(bytes).build().unwrap();
    let builder = arrow::json::WriterBuilder::new().with_explicit_nulls(true);
    let mut lines = builder.build::<_, arrow::json::writer::LineDelimited>(Vec::new());
    reader.for_each(|batch| lines.write(&batch.unwrap()).unwrap());
    lines.finish().unwrap();
    String::from_utf8(lines.into_inner()).unwrap()
}

fn sample() -> Value {
    json!({
        "note_id": "n1", "patient_id": "p-7", "provider": "d-2", "facility": "west", "note_type": "procedure",
        "service_date": "2024-05-06",
        "text": "Indication: Left L5 radiculopathy – MRI: moderate left foraminal stenosis at L4-5.\n\
                 Findings: L4-5: No central canal stenosis. L5-S1: Foraminal narrowing. L3-4: Severe right foraminal \
                 stenosis. L2-3: Possible mild right lateral recess stenosis.\n\
                 Procedure: Left L4-5 transforaminal epidural steroid injection under fluoroscopy, dexamethasone 10 mg.\n\
                 Impression: L3-4: No right foraminal stenosis.\n\
                 Plan: Consider right L5-S1 transforaminal epidural steroid injection.",
    })
}

#[test]
fn a_note_gives_these_rows() {
    let mut shown = String::new();
    for (output, rows) in rows(&[sample()], true) {
        if output == Output::Audits {
            continue;
        }
        writeln!(shown, "== {output}").unwrap();
        for mut row in rows {
            if let Some(file) = row.get_mut("file") {
                *file = json!("notes.jsonl");
            }
            writeln!(shown, "{row}").unwrap();
        }
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn columns_do_not_change_without_the_version() {
    let path = root(&format!("tests/schemas/{}.txt", SCHEMA.replace('/', "-")));
    let mut columns = Vec::new();
    for output in Output::ALL {
        let Some(schema) = output.schema() else { continue };
        assert_eq!(schema.metadata()["foramen.schema"], SCHEMA);
        columns.extend(schema.fields().iter().map(|field| {
            let null = if field.is_nullable() { ", null" } else { "" };
            format!("{output}.{}: {}{null}", field.name(), type_name(field.data_type()))
        }));
    }
    let recorded = fs::read_to_string(&path).unwrap_or_default();
    let gone: Vec<_> =
        recorded.lines().filter(|&line| !columns.iter().any(|column| column == line)).collect();
    assert!(gone.is_empty(), "gone or changed, so raise `foramen::tables::SCHEMA`: {gone:?}");
    let now = columns.join("\n") + "\n";
    if std::env::var_os("FORAMEN_UPDATE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &now).unwrap();
    }
    let again = "a column is new: run `FORAMEN_UPDATE=1 cargo test --test tables`";
    assert!(fs::read_to_string(&path).is_ok_and(|recorded| recorded == now), "{again}");
}

fn type_name(data_type: &DataType) -> &'static str {
    match data_type {
        DataType::Utf8 => "text",
        DataType::Boolean => "boolean",
        DataType::Int32 => "int32",
        DataType::Int64 => "int64",
        DataType::Float64 => "float64",
        DataType::Date32 => "date",
        DataType::Timestamp(..) => "timestamp",
        other => panic!("{other} has no name in docs/tables.md yet"),
    }
}

#[test]
fn the_page_is_that_of_the_schemas() {
    const MARK: &str = "\n### ";
    let path = root("docs/tables.md");
    let page = fs::read_to_string(&path).unwrap();
    let head = page.split(MARK).next().unwrap().trim_end();
    let mut expected = format!("{head}\n");
    for output in Output::ALL {
        let Some(schema) = output.schema() else { continue };
        write!(expected, "{MARK}{output}\n\n{}\n\n", schema.metadata()["description"]).unwrap();
        writeln!(expected, "| column | type | null | |\n| --- | --- | --- | --- |").unwrap();
        for field in schema.fields() {
            let null = if field.is_nullable() { "yes" } else { "" };
            let about = &field.metadata()["description"];
            writeln!(
                expected,
                "| `{}` | {} | {null} | {about} |",
                field.name(),
                type_name(field.data_type())
            )
            .unwrap();
        }
    }
    if std::env::var_os("FORAMEN_UPDATE").is_some() {
        fs::write(&path, &expected).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap();
    assert!(
        written == expected,
        "stale: run `FORAMEN_UPDATE=1 cargo test --test tables` and read docs/tables.md"
    );
}

#[test]
fn columns_tell_every_value_that_they_may_hold() {
    fn names<T: std::fmt::Display>(values: &[T]) -> Vec<String> {
        values.iter().map(ToString::to_string).collect()
    }
    let statuses: Vec<_> = Status::ALL.iter().copied().filter(|&status| status != Status::Family).collect();
    for (output, column, values) in [
        (Output::Notes, "note_type", names(NoteType::ALL)),
        (Output::Notes, "correlation", names(CorrelationStatus::ALL)),
        (Output::Notes, "concordance", names(Concordance::ALL)),
        (Output::Findings, "kind", names(FindingKind::ALL)),
        (Output::Findings, "side", names(Side::ALL)),
        (Output::Findings, "severity", names(Severity::ALL)),
        (Output::Findings, "status", names(&statuses)),
        (Output::Procedures, "status", names(ProcedureStatus::ALL)),
        (Output::Procedures, "guidance", names(Guidance::ALL)),
        (Output::Flags, "severity", names(FlagLevel::ALL)),
    ] {
        let schema: &Schema = &output.schema().unwrap();
        let about = &schema.field_with_name(column).unwrap().metadata()["description"];
        let untold: Vec<_> = values.iter().filter(|value| !about.contains(&format!("`{value}`"))).collect();
        assert!(untold.is_empty(), "{output}.{column}: {untold:?}");
    }
}

#[test]
fn parquet_holds_what_json_lines_hold() {
    let [parquet, jsonl] = [Format::Parquet, Format::Jsonl].map(|f| written(corpora(), &everything(f, true)));
    for (output, bytes) in parquet {
        if output.schema().is_none() {
            assert!(bytes == jsonl[&output], "{output}");
            continue;
        }
        let reader = reader(&bytes);
        let pairs = reader.metadata().file_metadata().key_value_metadata().unwrap();
        assert!(
            pairs.iter().any(|pair| pair.key == "foramen.schema" && pair.value.as_deref() == Some(SCHEMA))
        );
        assert!(reader.schema().field(0).metadata().contains_key("description"), "{output}");
        assert!(read_back(&bytes).as_bytes() == jsonl[&output], "{output}");
    }
}

#[test]
fn csv_holds_a_row_for_each_of_json_lines() {
    let [csv, jsonl] = [Format::Csv, Format::Jsonl].map(|f| written(corpora(), &everything(f, true)));
    for output in Output::ALL.iter().filter(|output| output.schema().is_some()) {
        let mut reader = csv::Reader::from_reader(&csv[output][..]);
        let header: Vec<_> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let schema = output.schema().unwrap();
        assert!(schema.fields().iter().map(|field| field.name()).eq(&header), "{output}");
        let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
        let expected = lines_of(&jsonl[output]);
        assert_eq!(rows.len(), expected.len(), "{output}");
        for (row, expected) in rows.iter().zip(&expected) {
            for (name, cell) in header.iter().zip(row) {
                let same = match &expected[name] {
                    Value::Null => cell.is_empty(),
                    Value::String(text) => {
                        cell.strip_prefix('\'').unwrap_or(cell) == text.strip_prefix('\'').unwrap_or(text)
                    }
                    other => *cell == *other.to_string(),
                };
                assert!(same, "{output}.{name}: {cell:?} for {}", expected[name]);
            }
        }
    }
}

#[test]
fn the_same_notes_give_the_same_bytes() {
    let outputs = everything(Format::Parquet, true);
    assert!(written(corpora(), &outputs) == written(corpora(), &outputs));
}

#[test]
fn no_rows_are_a_whole_file() {
    for format in Format::ALL {
        for (output, bytes) in written(vec![], &everything(*format, true)) {
            match (output.schema(), format) {
                (Some(_), Format::Parquet) => assert_eq!(read_back(&bytes), ""),
                (Some(schema), Format::Csv) => {
                    let names: Vec<_> = schema.fields().iter().map(|field| field.name().as_str()).collect();
                    assert_eq!(String::from_utf8(bytes).unwrap(), names.join(",") + "\n");
                }
                _ => assert_eq!(bytes, b"", "{output}"),
            }
        }
    }
}

/// Every number and text of a JSON value under a key of this name.
fn under<'v>(value: &'v Value, key: &str, found: &mut Vec<&'v Value>) {
    match value {
        Value::Object(object) => {
            found.extend(object.get(key));
            object.values().for_each(|value| under(value, key, found));
        }
        Value::Array(list) => list.iter().for_each(|value| under(value, key, found)),
        _ => (),
    }
}

#[test]
fn without_text_words_are_null_and_the_rest_stays() {
    let [with, without] = [true, false].map(|text| rows(&[sample()], text));
    for (output, columns) in [
        (Output::Findings, &["text"][..]),
        (Output::Procedures, &["text"]),
        (Output::Gaps, &["query"]),
        (Output::NoteNlp, &["snippet", "lexical_variant"]),
        (Output::Notes, &[]),
        (Output::Flags, &[]),
        (Output::RsnaLabels, &[]),
    ] {
        assert!(!with[&output].is_empty(), "{output}: the sample shows nothing");
        assert_eq!(with[&output].len(), without[&output].len());
        for (with, without) in with[&output].iter().zip(&without[&output]) {
            for (name, cell) in without.as_object().unwrap() {
                // A file's name has its folder, which is another in every run.
                if columns.contains(&name.as_str()) {
                    assert!(
                        *cell != with[name] && (name == "query" || cell.is_null()),
                        "{output}.{name}: {cell}"
                    );
                } else if name != "file" {
                    assert_eq!(*cell, with[name], "{output}.{name}");
                }
            }
        }
    }
    for resource in &without[&Output::Fhir] {
        let mut words = Vec::new();
        under(resource, "valueString", &mut words);
        assert_eq!(words, Vec::<&Value>::new());
    }
    let told = |rows: &BTreeMap<Output, Vec<Value>>| format!("{rows:?}").contains("Foraminal narrowing");
    assert!(told(&with) && !told(&without));
}

#[test]
fn resources_are_those_that_fhir_r4_describes() {
    let lines = String::from_utf8(
        written(corpora(), &everything(Format::Jsonl, true)).remove(&Output::Fhir).unwrap(),
    );
    let odd = [
        json!({"note_id": "", "patient_id": " ", "text": "L4-5: moderate left\u{0}foraminal\u{b}stenosis, severe foraminal narrowing."}),
        json!({"note_id": "o\u{1}\u{2028}<script>", "service_date": "2024-02-29", "text": "Moderate foraminal\tstenosis."}),
        sample(),
    ];
    let odd: Vec<_> = rows(&odd, true).remove(&Output::Fhir).unwrap().iter().map(Value::to_string).collect();
    let lines = lines.unwrap();
    let (mut ids, mut references, mut issues) = (BTreeSet::new(), BTreeSet::new(), 0);
    for line in lines.lines().chain(odd.iter().map(String::as_str)) {
        let resource: Value = serde_json::from_str(line).unwrap();
        let kind = resource["resourceType"].as_str().unwrap();
        let problem = match kind {
            "Observation" => fhirkit::from_json_strict::<fhirkit::r4::Observation>(line).err(),
            "DetectedIssue" => {
                issues += 1;
                assert!(matches!(resource["severity"].as_str(), None | Some("high" | "moderate" | "low")));
                assert!(resource["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{line}");
                fhirkit::from_json_strict::<fhirkit::r4::DetectedIssue>(line).err()
            }
            other => panic!("{other}"),
        };
        assert!(problem.is_none(), "{}: {line}", problem.unwrap());
        assert_eq!(resource["status"], "preliminary");
        let id = resource["id"].as_str().unwrap();
        let is_of_id = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
        assert!((1..=64).contains(&id.len()) && id.chars().all(is_of_id), "{id}");
        assert!(ids.insert(format!("{kind}/{id}")), "{line}");
        let mut found = Vec::new();
        under(&resource, "reference", &mut found);
        references.extend(found.into_iter().map(|reference| reference.as_str().unwrap().to_owned()));
    }
    assert!(references.is_subset(&ids), "{:?}", references.difference(&ids).next());
    assert!(ids.len() > 500 && issues > 50 && references.len() > 20, "{} {issues}", ids.len());
}

#[test]
fn the_validator_refuses_what_fhir_does_not_know() {
    let valid = r#""resourceType":"Observation","status":"final","code":{"text":"x"}"#;
    let read = |json: &str| fhirkit::from_json_strict::<fhirkit::r4::Observation>(json).is_ok();
    assert!(read(&format!("{{{valid}}}")));
    for broken in [
        format!(r#"{{{valid},"severity":"high"}}"#),
        format!(r#"{{{valid},"valueBoolean":"yes"}}"#),
        format!(r#"{{{valid},"effectiveDateTime":"2024-5-6"}}"#),
        r#"{"resourceType":"Observation","status":"final"}"#.to_owned(),
    ] {
        assert!(!read(&broken), "{broken}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Notes made of halves of notes: every place in a row is one of the note, and the words are those at it.
    #[test]
    fn places_lie_within_the_note(
        first in 0..1000_usize, second in 0..1000_usize, percent in 0..=100_usize, odd in "[éß–\\u{0}=@\\n ]{0,4}",
    ) {
        let [first, second] = [first, second].map(|i| &CORPORA[i % CORPORA.len()]);
        let half = |text: &str| text.floor_char_boundary(text.len() * percent / 100);
        let text = format!("{}{odd}{}", &first[..half(first)], &second[half(second)..]);
        let rows = rows(&[json!({"note_id": "n", "text": text})], true);
        for output in [Output::Findings, Output::Procedures, Output::Flags] {
            for row in &rows[&output] {
                let (Some(start), Some(end)) = (row["start"].as_u64(), row["end"].as_u64()) else { continue };
                let words = text.get(start as usize..end as usize);
                prop_assert!(words.is_some_and(|words| !words.is_empty()), "{output}: {row}");
                prop_assert!(row.get("text").is_none_or(|told| told.as_str() == words), "{output}: {row}");
            }
        }
        for row in &rows[&Output::NoteNlp] {
            let variant = row["lexical_variant"].as_str().unwrap();
            let offset: usize = row["offset"].as_str().unwrap().parse().unwrap();
            let at: String = text.chars().skip(offset).take(variant.chars().count()).collect();
            prop_assert_eq!(&at, variant);
            let snippet = row["snippet"].as_str().unwrap();
            prop_assert!(text.contains(snippet) && (snippet.contains(variant.trim()) || snippet.chars().count() == 250));
            prop_assert!(row["term_modifiers"].as_str().unwrap().len() <= 2000);
        }
    }
}
