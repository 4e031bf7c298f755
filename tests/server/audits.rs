//! What is answered, and what is told of it.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use super::client::{SECRET, Server};

/// The lines that `foramen extract` prints for notes.
fn extract(notes: &[u8]) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.jsonl");
    std::fs::write(&path, notes).unwrap();
    let output = Command::new(snapbox::cmd::cargo_bin!("foramen")).arg("extract").arg(path).output().unwrap();
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn every_note_of_the_corpora_gives_what_the_command_gives() {
    let server = Server::start(&["--rate", "0"]);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora");
    for file in ["clinical.jsonl", "imaging.jsonl", "procedures.jsonl"] {
        let notes = std::fs::read(folder.join(file)).unwrap();
        let expected = extract(&notes);
        let streamed = server.post("/v1/audit/batch", "application/x-ndjson", notes.clone());
        let streamed: Vec<Value> =
            streamed.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(streamed, expected, "{file}");
        let lines = notes.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
        for (line, expected) in lines.zip(&expected).step_by(7) {
            assert_eq!(server.post("/v1/audit", "application/json", line).json(), *expected, "{file}");
        }
    }
}

#[test]
fn what_is_known_of_a_note_comes_with_it() {
    let server = Server::start(&["--pack", "lcd-esi,neuroforamen", "--contractor", "cgs"]);
    let note = "PROCEDURE: Right L4-5 transforaminal epidural steroid injection under fluoroscopy.";
    let audit = |more: Value| {
        let mut body = json!({"text": note, "note_id": 7});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        server.audit(&body).json()
    };
    let plain = audit(json!({}));
    assert_eq!((&plain["note_id"], &plain["service_date"]["origin"]), (&json!("7"), &json!("assumed")));
    let day = audit(json!({"service_date": "2024-03-10", "note_type": "procedure"}));
    assert_eq!(day["service_date"]["day"], "2024-03-10");
    assert_eq!(day["note_type"], "procedure");
    assert_eq!(day["policies"][0]["contractor"].as_str().map(str::is_empty), Some(false));
    let other = audit(json!({"service_date": "2024-03-10", "contractor": "novitas"}));
    assert_ne!(other["policies"], day["policies"]);
    let commercial = audit(json!({"service_date": "2024-03-10", "payer": "commercial"}));
    assert!(commercial["policies"].is_null());
    let rule = day["gaps"][0]["rule"].clone();
    let ignored = audit(json!({
        "service_date": "2024-03-10", "note_type": "procedure", "ignore": [{"rule": rule, "reason": "said elsewhere"}],
    }));
    assert_eq!(ignored["ignored"][0]["rule"], rule);
    assert!(ignored["gaps"].as_array().unwrap().iter().all(|gap| gap["rule"] != rule));
}

#[test]
fn offsets_count_what_is_asked_for_and_words_can_be_left_out() {
    let server = Server::start(&[]);
    let note = json!({"text": format!("≥ 🦴 {SECRET} L4-5: left foraminal stenosis.")});
    let start = |query: &str| {
        let answer = server.post(&format!("/v1/audit{query}"), "application/json", note.to_string());
        let json = answer.json();
        let evidence = json["findings"][0]["evidence"].as_array().unwrap().clone();
        evidence.iter().map(|e| e["start"].as_u64().unwrap()).min().unwrap()
    };
    let words = note["text"].as_str().unwrap().split("L4").next().unwrap();
    assert_eq!(start(""), words.len() as u64);
    assert_eq!(start("?offsets=bytes"), words.len() as u64);
    assert_eq!(start("?offsets=code_points"), words.chars().count() as u64);
    assert_eq!(start("?offsets=utf16&text=true"), words.encode_utf16().count() as u64);
    let bare = server.post("/v1/audit?text=false", "application/json", note.to_string());
    assert!(!bare.body.contains("L4-5") && bare.json()["findings"][0]["evidence"][0]["text"].is_null());
}

#[test]
fn the_rules_and_their_pages_are_there() {
    let server = Server::start(&[]);
    let rules = server.get("/v1/rules").json();
    let rule = rules["packs"].as_array().unwrap().iter().flat_map(|pack| pack["rules"].as_array().unwrap());
    let rule = rule.clone().find(|rule| rule["code"] == "NF003").unwrap();
    let page = server.get(rule["page"].as_str().unwrap());
    assert_eq!((page.status, page.header("content-type")), (200, "text/markdown; charset=utf-8"));
    assert!(page.body.starts_with("# NF003: "));
    assert_eq!(server.get("/rules/NF999").problem(), "not-found");
}

#[test]
fn it_is_ready_soon_and_tells_what_it_did_without_a_word_of_a_note() {
    let server = Server::start(&[]);
    // The aim of a release build is 100 ms, which `scripts/load` holds; this one is not optimised, nor alone.
    assert!(server.ready()["start_ms"].as_f64().is_some_and(|ms| ms > 0.0 && ms < 5_000.0));
    assert_eq!(
        (server.get("/healthz").body.as_str(), server.get("/readyz").body.as_str()),
        ("ok\n", "ready\n")
    );
    let text = format!("{SECRET}: L4-5 foraminal stenosis.");
    for body in [
        json!({"text": text, "note_id": SECRET}),
        json!({"text": text, "note_type": SECRET}),
        json!({"text": [SECRET]}),
        json!({SECRET: SECRET}),
    ] {
        server.audit(&body);
    }
    server.post("/v1/audit/batch", "application/x-ndjson", format!("{{\"text\":\"{text}\"}}\n{SECRET}\n"));
    for path in [format!("/{SECRET}"), format!("/v1/audit?{SECRET}={SECRET}"), format!("/rules/{SECRET}")] {
        assert_eq!(server.get(&path).status / 100, 4, "{path}");
    }
    server.raw(
        format!("{SECRET} /v1/audit HTTP/1.1\r\nhost: {SECRET}\r\nconnection: close\r\n\r\n").as_bytes(),
    );
    let metrics = server.get("/metrics").body;
    assert!(metrics.contains("foramen_notes_total 2\n"), "{metrics}");
    assert!(
        metrics.contains("foramen_http_requests_total{route=\"/v1/audit\",status=\"422\"} 3\n"),
        "{metrics}"
    );
    assert!(metrics.ends_with("# EOF\n") && !metrics.contains(SECRET), "{metrics}");
    let log = server.end();
    assert!(log.iter().any(|line| line.contains(r#""route":"/v1/audit","status":200"#)), "{log:?}");
    assert!(log.iter().all(|line| !line.contains(SECRET)), "{log:?}");
    assert!(log.iter().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{log:?}");
}
