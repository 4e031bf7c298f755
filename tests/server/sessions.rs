//! Live sessions over a WebSocket.

use std::net::TcpStream;

use serde_json::{Value, json};
use tungstenite::client::IntoClientRequest as _;
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
}

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
