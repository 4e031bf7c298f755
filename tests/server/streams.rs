//! Streams of notes: order, bad lines, back-pressure.

use std::io::{BufReader, Read as _, Write as _};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::client::{SECRET, Server};

const NDJSON: &str = "application/x-ndjson";

fn lines(body: &str) -> Vec<Value> {
    body.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_bad_line_gives_a_problem_with_its_number_and_the_others_go_on() {
    let server = Server::start(&["--max-note", "1000", "--max-body", "3000"]);
    let long = "x".repeat(20_000);
    let body = format!(
        "{{\"text\":\"L4-5: left foraminal stenosis.\",\"note_id\":\"a\"}}\n\
         {SECRET}\n\
         \n\
         {{\"text\":17}}\r\n\
         {{\"text\":\"{}\"}}\n\
         {{\"text\":\"{long}\"}}\n\
         {{\"text\":\"b\",\"note_type\":\"{SECRET}\"}}\n\
         {{\"text\":\"L5-S1: right foraminal stenosis.\"}}",
        "x".repeat(1001),
    );
    let answer = server.post("/v1/audit/batch", NDJSON, body);
    assert_eq!((answer.status, answer.header("content-type")), (200, NDJSON));
    assert!(!answer.body.contains(SECRET));
    let lines = lines(&answer.body);
    let told: Vec<_> = lines
        .iter()
        .map(|line| (line["note_id"].as_str(), line["line"].as_u64(), line["status"].as_u64()))
        .collect();
    let problem = |line, status| (None, Some(line), Some(status));
    assert_eq!(
        told,
        [
            (Some("a"), None, None),
            problem(2, 400),
            problem(4, 422),
            problem(5, 413),
            problem(6, 413),
            problem(7, 422),
            (Some("line:8"), None, None),
        ]
    );
    assert_eq!(lines[6]["findings"][0]["level"], "L5-S1");
}

#[test]
fn no_lines_give_none_and_options_hold_for_all() {
    let server = Server::start(&[]);
    for body in ["", "\n\n", " \r\n"] {
        assert_eq!(server.post("/v1/audit/batch", NDJSON, body).body, "");
    }
    let notes = format!("{}\n", json!({"text": "≥ L4-5: left foraminal stenosis."}));
    let answer = server.post("/v1/audit/batch?offsets=code_points&text=false", "application/jsonl", notes);
    let line = &lines(&answer.body)[0];
    assert_eq!(line["findings"][0]["evidence"][0]["start"], 2);
    assert!(line["findings"][0]["evidence"][0]["text"].is_null());
}

#[test]
fn long_streams_keep_their_order() {
    let server = Server::start(&["--rate", "0"]);
    let note = |n: usize| json!({"note_id": n, "text": "L4-5: left foraminal stenosis. ".repeat(n % 40)});
    let notes: Vec<String> = (0..5000).map(|n| note(n).to_string()).collect();
    let answer = server.post("/v1/audit/batch?text=false", NDJSON, notes.join("\n"));
    let ids: Vec<_> =
        lines(&answer.body).iter().map(|line| line["note_id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids, (0..5000).map(|n| n.to_string()).collect::<Vec<_>>());
}

/// Reads chunks of a chunked answer until `text` is in them.
fn read_until(reader: &mut impl std::io::BufRead, text: &str) {
    let mut line = String::new();
    while !line.contains(text) {
        line.clear();
        assert_ne!(reader.read_line(&mut line).unwrap(), 0, "ended before {text}");
    }
}

#[test]
fn each_line_is_answered_before_the_next_is_sent() {
    let server = Server::start(&[]);
    let mut stream = server.connect();
    stream
        .write_all(b"POST /v1/audit/batch HTTP/1.1\r\nhost: a\r\ncontent-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n")
        .unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    for n in 0..3 {
        let line = format!("{{\"note_id\":\"note-{n}\",\"text\":\"a\"}}\n");
        stream.write_all(format!("{:x}\r\n{line}\r\n", line.len()).as_bytes()).unwrap();
        read_until(&mut reader, &format!("note-{n}"));
    }
    stream.write_all(b"0\r\n\r\n").unwrap();
    read_until(&mut reader, "0\r\n");
}

#[test]
fn who_does_not_read_is_sent_no_more_and_memory_stays_small() {
    let server = Server::start(&["--timeout", "2"]);
    let before = server.memory();
    let mut stream = server.connect();
    stream.set_write_timeout(Some(Duration::from_millis(500))).unwrap();
    stream
        .write_all(b"POST /v1/audit/batch HTTP/1.1\r\nhost: a\r\ncontent-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n")
        .unwrap();
    // Each of these lines is answered at fifty times its length.
    let lines = "{}\n".repeat(4096);
    let chunk = format!("{:x}\r\n{lines}\r\n", lines.len());
    let mut sent = 0;
    while sent < 64 << 20 && stream.write_all(chunk.as_bytes()).is_ok() {
        sent += chunk.len();
    }
    assert!(sent < 32 << 20, "it took {sent} bytes that nobody wanted the answers of");
    let grown = server.memory().saturating_sub(before);
    assert!(grown < 64 << 20, "{grown} bytes");
    // It gives up on who takes no answer, and others are served all the while.
    assert_eq!(server.audit(&json!({"text": "a"})).status, 200);
    let is_given_up = || server.get("/metrics").body.contains("foramen_connections 1\n");
    assert!((0..100).any(|_| {
        thread::sleep(Duration::from_millis(300));
        is_given_up()
    }));
}

#[test]
fn a_stream_that_stalls_or_breaks_ends_with_a_problem() {
    let server = Server::start(&["--timeout", "0.4"]);
    let head = "POST /v1/audit/batch HTTP/1.1\r\nhost: a\r\ncontent-type: application/x-ndjson\r\nconnection: close\r\n";
    let note = "{\"text\":\"a\"}\n";
    let stalled = server.raw(format!("{head}content-length: 99\r\n\r\n{note}{{\"te").as_bytes());
    assert!(stalled.contains("\"line:1\"") && stalled.contains("\"status\":408"), "{stalled}");
    assert!(stalled.contains("\"line\":2"), "{stalled}");
    let mut broken = server.connect();
    broken
        .write_all(
            format!("{head}transfer-encoding: chunked\r\n\r\nd\r\n{note}\r\nSECRETNAME\r\n").as_bytes(),
        )
        .unwrap();
    let mut answer = String::new();
    let _ = broken.read_to_string(&mut answer);
    assert!(!answer.contains(SECRET), "{answer}");
    assert_eq!(server.audit(&json!({"text": "a"})).status, 200);
}
