//! Live sessions over a WebSocket.

use std::io::Write as _;
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tungstenite::client::IntoClientRequest as _;
use tungstenite::protocol::frame::Frame;
use tungstenite::protocol::frame::coding::{Data, OpCode};
use tungstenite::{Message, WebSocket};

use super::client::{SECRET, Server, TOKEN};

struct Client(WebSocket<TcpStream>);

impl Client {
    fn open(server: &Server, headers: &[(&'static str, &str)]) -> Result<Self, u16> {
        let mut request = format!("ws://{}/v1/session", server.address).into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        match tungstenite::client(request, server.connect()) {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(tungstenite::HandshakeError::Failure(tungstenite::Error::Http(answer))) => {
                Err(answer.status().as_u16())
            }
            Err(error) => panic!("{error}"),
        }
    }

    fn read(&mut self) -> Message {
        loop {
            match self.0.read().unwrap() {
                Message::Ping(_) | Message::Pong(_) => {}
                message => return message,
            }
        }
    }

    fn ask(&mut self, message: &Value) -> Value {
        self.0.send(Message::text(message.to_string())).unwrap();
        let Message::Text(answer) = self.read() else { panic!("no text") };
        serde_json::from_str(&answer).unwrap()
    }

    /// Sends a frame of a text, whatever is in it.
    fn frame(&mut self, bytes: &[u8], is_final: bool) {
        let frame = Frame::message(bytes.to_vec(), OpCode::Data(Data::Text), is_final);
        self.0.send(Message::Frame(frame)).unwrap();
    }

    /// The problem that it is told before its end, and the code of the end.
    fn end(&mut self) -> (Value, u16) {
        let Message::Text(problem) = self.read() else { panic!("no problem") };
        let Message::Close(Some(frame)) = self.read() else { panic!("no end") };
        (serde_json::from_str(&problem).unwrap(), frame.code.into())
    }
}

const NOTE: &str = "L4-5: left foraminal stenosis.";

#[test]
fn a_draft_is_audited_as_it_is_written_and_an_answer_completes_it() {
    let server = Server::start(&[]);
    let mut client = Client::open(&server, &[("sec-websocket-protocol", "foramen.v1")]).ok().unwrap();
    let opened = client.ask(
        &json!({"type": "open", "text": "🦴 Left foraminal stenosis", "context": {"note_type": "radiology"}}),
    );
    assert_eq!((&opened["type"], &opened["audit"]["note_type"]), (&json!("update"), &json!("radiology")));
    assert_eq!(opened["queries"][0]["id"], "q1");
    let pushed = client.ask(&json!({"type": "push", "text": " at L4-L5."}));
    assert_eq!(pushed["audit"]["findings"][0]["level"], "L4-L5");
    assert_eq!(pushed["changes"]["gaps"]["closed"][0]["element"], "level");
    // The bone takes two units of UTF-16.
    let edited = client.ask(&json!({"type": "edit", "start": 3, "end": 7, "text": "Right"}));
    assert_eq!(edited["audit"]["findings"][0]["side"], "right");
    let edit =
        client.ask(&json!({"type": "apply", "query": "q1", "element": "severity", "option": "moderate"}));
    assert_eq!(edit["type"], "edit");
    let done = client
        .ask(&json!({"type": "edit", "start": edit["start"], "end": edit["end"], "text": edit["text"]}));
    assert_eq!((&done["audit"]["gaps"], &done["queries"]), (&json!([]), &json!([])));
    assert_eq!(done["audit"]["findings"][0]["severity"], "moderate");
    let again =
        client.ask(&json!({"type": "open", "text": "Left foraminal stenosis at L4-L5.", "offsets": "bytes"}));
    assert_eq!(again["queries"][0]["choices"][0]["element"], "severity");
    let recorded = client.ask(
        &json!({"type": "apply", "query": "q1", "element": "severity", "option": "unable to determine"}),
    );
    assert_eq!((&recorded["type"], &recorded["queries"]), (&json!("recorded"), &json!([])));
}

#[test]
fn what_cannot_be_followed_is_a_problem_and_the_draft_stays() {
    let server = Server::start(&["--max-note", "100"]);
    let mut client = Client::open(&server, &[]).ok().unwrap();
    assert_eq!(client.ask(&json!({"type": "push", "text": "a"}))["status"], 422);
    client.ask(&json!({"type": "open", "text": "≥ L4-5: left foraminal stenosis.", "offsets": "bytes"}));
    for (message, status) in [
        (json!({"type": SECRET}), 422),
        (json!({"text": SECRET}), 422),
        (json!([SECRET]), 422),
        (json!({"type": "edit", "start": 1, "end": 3, "text": ""}), 422),
        (json!({"type": "edit", "start": 3, "end": 1, "text": ""}), 422),
        (json!({"type": "edit", "start": 0, "end": 999, "text": ""}), 422),
        (json!({"type": "edit", "start": -1, "end": 0, "text": ""}), 422),
        (json!({"type": "push", "text": SECRET.repeat(20)}), 413),
        (json!({"type": "push", "text": 5}), 422),
        (json!({"type": "apply", "query": "q9", "element": "severity", "option": "mild"}), 422),
        (json!({"type": "apply", "query": "f1", "element": "severity", "option": "mild"}), 422),
        (json!({"type": "apply", "query": "q1", "element": "severity", "option": SECRET}), 422),
        (json!({"type": "open", "context": {"payer": SECRET}}), 422),
    ] {
        let answer = client.ask(&message);
        assert_eq!(
            (&answer["type"], &answer["status"]),
            (&json!("problem"), &json!(status)),
            "{message} {answer}"
        );
        assert!(answer["kind"].as_str().unwrap().starts_with("urn:foramen:problem:"));
        assert!(!answer.to_string().contains(SECRET), "{answer}");
    }
    for query in ["q9", "q0", "f1", "9"] {
        let told =
            client.ask(&json!({"type": "apply", "query": query, "element": "severity", "option": "mild"}));
        assert_eq!(told["detail"], "`query` must be the id of a query of the last update, such as q1");
    }
    let update = client.ask(&json!({"type": "push", "text": ""}));
    assert_eq!(update["audit"]["findings"][0]["evidence"][0]["start"], 4);
}

#[test]
fn only_those_who_may_ask_can_open_one() {
    let server = Server::with(&["--cors-origin", "https://ehr.example"], &[("FORAMEN_TOKEN", TOKEN)]);
    let protocol = format!("foramen.v1, foramen.bearer.{TOKEN}");
    let bearer = format!("Bearer {TOKEN}");
    let own = format!("http://{}", server.address);
    let open = |headers: &[(&'static str, &str)]| Client::open(&server, headers).err();
    assert_eq!(open(&[]), Some(401));
    assert_eq!(
        open(&[("sec-websocket-protocol", "foramen.v1, foramen.bearer.another-token-here")]),
        Some(401)
    );
    assert_eq!(open(&[("authorization", &bearer)]), None);
    assert_eq!(open(&[("sec-websocket-protocol", &protocol), ("origin", &own)]), None);
    assert_eq!(open(&[("sec-websocket-protocol", &protocol), ("origin", "https://ehr.example")]), None);
    assert_eq!(
        open(&[("sec-websocket-protocol", &protocol), ("origin", "https://other.example")]),
        Some(403)
    );
    let plain = ureq::http::Request::get(server.url("/v1/session")).header("authorization", &bearer);
    assert_eq!(server.send(plain.body(Vec::new()).unwrap()).problem(), "bad-handshake");
    let log = server.end();
    assert!(log.iter().all(|line| !line.contains(TOKEN)), "{log:?}");
}

#[test]
fn a_session_is_told_that_the_server_ends() {
    let server = Server::start(&[]);
    let mut client = Client::open(&server, &[]).ok().unwrap();
    client.ask(&json!({"type": "open"}));
    server.terminate();
    let Message::Close(Some(frame)) = client.read() else { panic!("no end") };
    assert_eq!(u16::from(frame.code), 1001);
    let _ = client.0.close(None);
    let _ = client.0.flush();
    let (code, log) = server.wait();
    assert_eq!(code, 0);
    assert!(log.last().is_some_and(|line| line.contains(r#""unfinished":0"#)), "{log:?}");
}

#[test]
fn idle_sessions_take_no_place_of_what_is_at_work() {
    let server = Server::start(&["--max-requests", "1", "--max-sessions", "2"]);
    let mut sessions: Vec<Client> = (0..2).map(|_| Client::open(&server, &[]).ok().unwrap()).collect();
    for client in &mut sessions {
        assert_eq!(client.ask(&json!({"type": "open", "text": NOTE}))["type"], "update");
    }
    assert_eq!(server.audit(&json!({"text": NOTE})).status, 200);
    assert!(server.get("/metrics").body.contains("foramen_sessions 2"));
    assert_eq!(Client::open(&server, &[]).err(), Some(503));
    drop(sessions.pop());
    let start = Instant::now();
    while Client::open(&server, &[]).is_err() {
        assert!(start.elapsed() < Duration::from_secs(20), "a seat comes free");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_message_that_finds_no_place_is_told_and_the_draft_stays() {
    let server = Server::start(&["--max-requests", "1", "--timeout", "1.5"]);
    let mut client = Client::open(&server, &[]).ok().unwrap();
    client.ask(&json!({"type": "open", "text": NOTE}));
    // A stream of notes has the place for as long as its lines come in time.
    let mut stream = server.connect();
    stream
        .write_all(
            b"POST /v1/audit/batch HTTP/1.1\r\nhost: a\r\ncontent-type: application/x-ndjson\r\n\
              transfer-encoding: chunked\r\n\r\n1\r\n\n\r\n",
        )
        .unwrap();
    let streaming = thread::spawn(move || {
        for _ in 0..60 {
            thread::sleep(Duration::from_millis(50));
            stream.write_all(b"1\r\n\n\r\n").unwrap();
        }
    });
    thread::sleep(Duration::from_millis(300));
    let busy = client.ask(&json!({"type": "push", "text": " Mild."}));
    assert_eq!((&busy["kind"], &busy["status"]), (&json!("urn:foramen:problem:busy"), &json!(503)), "{busy}");
    streaming.join().unwrap();
    let start = Instant::now();
    let update = loop {
        let answer = client.ask(&json!({"type": "push", "text": ""}));
        if answer["type"] == "update" {
            break answer;
        }
        assert!(start.elapsed() < Duration::from_secs(20), "{answer}");
    };
    assert_eq!(update["audit"]["findings"][0]["severity"], Value::Null);
}

#[test]
fn a_message_that_is_too_large_or_no_text_ends_the_session_with_its_reason() {
    let server = Server::start(&["--max-body", "10000"]);
    for length in [10_001, 5_000_000] {
        let mut client = Client::open(&server, &[]).ok().unwrap();
        client.0.send(Message::text("x".repeat(length))).unwrap();
        let (problem, code) = client.end();
        assert_eq!((&problem["type"], &problem["status"], code), (&json!("problem"), &json!(413), 1009));
        assert_eq!(problem["kind"], "urn:foramen:problem:too-large");
    }
    let mut client = Client::open(&server, &[]).ok().unwrap();
    client.frame(b"{\"type\":\"\xff\"}", true);
    let (problem, code) = client.end();
    assert_eq!((&problem["kind"], code), (&json!("urn:foramen:problem:broken-json"), 1007));
    let mut binary = Client::open(&server, &[]).ok().unwrap();
    binary.0.send(Message::binary(vec![1, 2])).unwrap();
    let Message::Close(Some(frame)) = binary.read() else { panic!("no end") };
    assert_eq!(u16::from(frame.code), 1003);
}

#[test]
fn a_message_has_its_time_from_its_first_part_and_a_draft_has_any() {
    let server = Server::start(&["--timeout", "0.5"]);
    let mut client = Client::open(&server, &[]).ok().unwrap();
    client.ask(&json!({"type": "open", "text": NOTE}));
    thread::sleep(Duration::from_millis(1500));
    assert_eq!(client.ask(&json!({"type": "push", "text": " Mild."}))["type"], "update");
    let start = Instant::now();
    client.frame(b"{\"type\":", false);
    // It is there, and says so; but what it has begun does not come.
    for _ in 0..3 {
        thread::sleep(Duration::from_millis(100));
        client.0.send(Message::Pong(Vec::new().into())).unwrap();
    }
    let (problem, code) = client.end();
    assert_eq!(
        (&problem["status"], &problem["kind"], code),
        (&json!(408), &json!("urn:foramen:problem:slow"), 1008)
    );
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}
