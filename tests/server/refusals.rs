//! What is refused, with which status, and that nobody else is disturbed by it.

use std::io::{Read as _, Write as _};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use ureq::http::Request;

use super::client::{SECRET, Server, TOKEN};

const JSON: &str = "application/json";

/// Others are served as ever.
fn is_undisturbed(server: &Server) {
    let answer = server.audit(&json!({"text": "L4-5: left foraminal stenosis."}));
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.json()["findings"][0]["level"], "L4-L5");
}

#[test]
fn bodies_that_are_no_notes() {
    let server = Server::start(&["--max-note", "2000", "--max-body", "9000"]);
    let deep = |open: &str, close: &str| open.repeat(4000) + &close.repeat(4000);
    let long = format!(r#"{{"text":"{}"}}"#, "x".repeat(2001));
    let longer = format!(r#"{{"text":"{}"}}"#, "x".repeat(9000));
    let cases: &[(&str, u16, &str)] = &[
        ("", 400, "broken-json"),
        (" \n", 400, "broken-json"),
        (r#"{"text":"SECRETNAME"#, 400, "broken-json"),
        (r#"{"text":SECRETNAME}"#, 400, "broken-json"),
        (r#"{"text":"a"} SECRETNAME"#, 400, "broken-json"),
        (r#"{"text":"\ud800"}"#, 422, "invalid"),
        (&deep("[", "]"), 422, "invalid"),
        (&"[".repeat(8000), 400, "broken-json"),
        (&format!(r#"{{"text":{}}}"#, deep("[", "]")), 422, "invalid"),
        (&format!(r#"{{"ignore":[{}1{}]}}"#, r#"{"rule":"#.repeat(500), "}".repeat(500)), 422, "invalid"),
        (r#""SECRETNAME""#, 422, "invalid"),
        (r#"["SECRETNAME"]"#, 422, "invalid"),
        ("null", 422, "invalid"),
        ("{}", 422, "invalid"),
        (r#"{"text":null}"#, 422, "invalid"),
        (r#"{"text":17}"#, 422, "invalid"),
        (r#"{"text":"a","text":"b"}"#, 422, "invalid"),
        (r#"{"text":"a","note_type":"SECRETNAME"}"#, 422, "invalid"),
        (r#"{"text":"a","service_date":"2024-02-30"}"#, 422, "invalid"),
        (r#"{"text":"a","service_date":"2024-02-03T10:00"}"#, 422, "invalid"),
        (r#"{"text":"a","contractor":"SECRETNAME"}"#, 422, "invalid"),
        (r#"{"text":"a","ignore":[{"rule":"NF003"}]}"#, 422, "invalid"),
        (r#"{"text":"a","ignore":{"SECRETNAME":1}}"#, 422, "invalid"),
        (&long, 413, "too-large"),
        (&longer, 413, "too-large"),
    ];
    for (body, status, kind) in cases {
        let answer = server.post("/v1/audit", JSON, *body);
        let shown = body.get(..60).unwrap_or(body);
        assert_eq!((answer.status, answer.problem().as_str()), (*status, *kind), "{shown} {answer:?}");
    }
    assert_eq!(server.post("/v1/audit", JSON, b"{\"text\":\"\xff\"}").status, 400);
    is_undisturbed(&server);
}

#[test]
fn problems_name_the_member_and_what_it_must_be() {
    let server = Server::start(&[]);
    let detail =
        |body: &str| server.post("/v1/audit", JSON, body).json()["detail"].as_str().unwrap().to_owned();
    let types = detail(r#"{"text":"a","note_type":"x"}"#);
    assert!(
        types.starts_with("`note_type` must be one of radiology, ") && types.contains("clinic"),
        "{types}"
    );
    assert_eq!(detail(r#"{"text":"a","payer":3}"#), "`payer` must be one of medicare, commercial");
    assert_eq!(
        detail(r#"{"text":"a","service_date":"3/4/24"}"#),
        "`service_date` must be a day of the calendar as YYYY-MM-DD"
    );
    assert!(detail(r#"{"note":"a"}"#).contains("`text` is missing"));
    for (body, told) in [
        ("{\"text\":\n\"a\" x", "broken at line 2, column 5"),
        ("{\"text\":\n\"a\"\n", "ends too early at line 2, column 3"),
        ("{\"text\":\"a", "ends too early at line 1, column 10"),
        (&"[".repeat(100_000), "ends too early at line 1, column 100000"),
        (r#"[{"text":"a"}]"#, "the body must be a JSON object"),
    ] {
        assert_eq!(detail(body), told, "{}", body.get(..20).unwrap_or(body));
    }
}

#[test]
fn places_methods_and_media_types_that_are_not_there() {
    let server = Server::start(&[]);
    for path in ["/v1", "/v1/audit/", "/v2/audit", "/v1/%2e%2e/rules", "/rules/%ff"] {
        let answer = server.get(path);
        assert_eq!((answer.status, answer.problem().as_str()), (404, "not-found"), "{path}");
    }
    for (method, path, allowed) in [
        ("GET", "/v1/audit", "POST"),
        ("PUT", "/v1/audit/batch", "POST"),
        ("POST", "/v1/rules", "GET,HEAD"),
        ("DELETE", "/healthz", "GET,HEAD"),
    ] {
        let answer =
            server.send(Request::builder().method(method).uri(server.url(path)).body(Vec::new()).unwrap());
        assert_eq!((answer.status, answer.problem().as_str()), (405, "method"), "{method} {path}");
        assert_eq!(answer.header("allow"), allowed);
    }
    for path in ["/cds-services/%ff", "/cds-services/%ff/feedback"] {
        assert_eq!(server.post(path, JSON, "{}").problem(), "not-found", "{path}");
    }
    for content_type in ["text/plain", "", "application/jsonp", "application/json; charset=latin-1"] {
        let answer = server.post("/v1/audit", content_type, r#"{"text":"a"}"#);
        assert_eq!((answer.status, answer.problem().as_str()), (415, "media-type"), "{content_type}");
    }
    assert_eq!(server.post("/v1/audit/batch", JSON, r#"{"text":"a"}"#).problem(), "media-type");
    assert_eq!(server.post("/v1/audit", "Application/JSON; Charset=UTF-8", r#"{"text":"a"}"#).status, 200);
    let packed = Request::post(server.url("/v1/audit")).header("content-type", JSON);
    let packed = server.send(packed.header("content-encoding", "gzip").body(vec![31, 139]).unwrap());
    assert_eq!((packed.status, packed.problem().as_str()), (415, "media-type"));
    for query in ["?offsets=words", "?text=perhaps", "?unknown=1", "?offsets=bytes&offsets=bytes"] {
        let answer = server.post(&format!("/v1/audit{query}"), JSON, r#"{"text":"a"}"#);
        assert_eq!((answer.status, answer.problem().as_str()), (400, "bad-query"), "{query}");
    }
    is_undisturbed(&server);
}

#[test]
fn whoever_has_no_token_is_told_nothing() {
    // printf %s a-second-token-of-the-tests | sha256sum
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tokens");
    let hash = "sha256:7fa7eb3a39e3998f6b03d68bf666f35b8fc1f77da773ea433f5d140f8b6da93a";
    std::fs::write(&file, format!("# clients\nscribe {hash}\n")).unwrap();
    let file = file.to_str().unwrap();
    let server = Server::with(&["--token-file", file], &[("FORAMEN_TOKEN", TOKEN)]);
    let ask = |authorization: Option<&str>| {
        let mut request = Request::post(server.url("/v1/audit")).header("content-type", JSON);
        if let Some(value) = authorization {
            request = request.header("authorization", value);
        }
        server.send(request.body(br#"{"text":"a"}"#.to_vec()).unwrap())
    };
    for (authorization, kind, challenge) in [
        (None, "no-token", "Bearer realm=\"foramen\""),
        (Some("Basic YTpi"), "no-token", "Bearer realm=\"foramen\""),
        (Some("Bearer"), "no-token", "Bearer realm=\"foramen\""),
        (Some("Bearer SECRETNAME"), "wrong-token", "Bearer realm=\"foramen\", error=\"invalid_token\""),
        (
            Some("Bearer a-token-of-the-test"),
            "wrong-token",
            "Bearer realm=\"foramen\", error=\"invalid_token\"",
        ),
        (Some(&format!("Bearer {hash}")), "wrong-token", "Bearer realm=\"foramen\", error=\"invalid_token\""),
    ] {
        let answer = ask(authorization);
        assert_eq!((answer.status, answer.problem().as_str()), (401, kind), "{authorization:?}");
        assert_eq!(answer.header("www-authenticate"), challenge);
    }
    for token in [TOKEN, "a-second-token-of-the-tests"] {
        let authorization = format!("bearer  {token}");
        assert_eq!(ask(Some(&authorization)).status, 200, "{token}");
    }
    for (path, status) in
        [("/healthz", 200), ("/readyz", 200), ("/v1/rules", 200), ("/metrics", 401), ("/x", 401)]
    {
        assert_eq!(server.get(path).status, status, "{path}");
    }
    let log = server.end();
    assert!(log.iter().all(|line| !line.contains(TOKEN) && !line.contains(SECRET)), "{log:?}");
    assert!(log.iter().any(|line| line.contains(r#""client":"FORAMEN_TOKEN""#)), "{log:?}");
}

#[test]
fn it_does_not_start_where_anybody_could_ask() {
    let run = |args: &[&str], token: Option<&str>| {
        let mut command = Command::new(snapbox::cmd::cargo_bin!("foramen"));
        command.arg("serve").args(args).env_remove("FORAMEN_TOKEN");
        let output = command.envs(token.map(|token| ("FORAMEN_TOKEN", token))).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    for address in ["0.0.0.0:0", "[::]:0"] {
        let (code, said) = run(&["--listen", address], None);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains("no token says who may ask") && said.contains("--token-file"), "{said}");
    }
    let (code, said) = run(&["--listen", "0.0.0.0:0"], Some("short"));
    assert!(code == Some(2) && said.contains("too short") && !said.contains("short\""), "{said}");
    let (code, said) = run(&["--token-file", "/nowhere/tokens"], None);
    assert!(code == Some(2) && said.contains("cannot read /nowhere/tokens"), "{said}");
    let (code, said) = run(&["--cors-origin", "*"], None);
    assert!(code == Some(2) && said.contains("is no origin"), "{said}");
    let taken = Server::start(&[]);
    let (code, said) = run(&["--listen", &taken.address.to_string()], None);
    assert!(code == Some(2) && said.contains("cannot listen on"), "{said}");
}

#[test]
fn whoever_sends_slowly_is_given_up() {
    let server = Server::start(&["--timeout", "0.4"]);
    let started = Instant::now();
    let mut slow: Vec<_> = (0..20).map(|_| server.connect()).collect();
    let silent = server.connect();
    for stream in &mut slow {
        stream
            .write_all(b"POST /v1/audit HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n")
            .unwrap();
    }
    is_undisturbed(&server);
    let late = server.raw(b"POST /v1/audit HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 50\r\nconnection: close\r\n\r\n{\"text\":");
    assert!(late.starts_with("HTTP/1.1 408 ") && late.contains("urn:foramen:problem:slow"), "{late}");
    for mut stream in slow {
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(
            answer.starts_with("HTTP/1.1 408 ") && answer.contains("urn:foramen:problem:slow"),
            "{answer}"
        );
    }
    let mut nothing = Vec::new();
    (&silent).read_to_end(&mut nothing).unwrap();
    assert!(nothing.is_empty());
    assert!(started.elapsed() < Duration::from_secs(10));
    is_undisturbed(&server);
}

#[test]
fn broken_requests_are_refused() {
    let server = Server::start(&[]);
    let long = format!("GET /healthz HTTP/1.1\r\nhost: a\r\nx: {}\r\n\r\n", "x".repeat(40_000));
    let many = format!("GET /healthz HTTP/1.1\r\nhost: a\r\n{}\r\n", "x: y\r\n".repeat(100));
    for (bytes, status) in [
        ("SECRETNAME\r\n\r\n", "400"),
        ("GET /healthz HTTP/9.9\r\n\r\n", "400"),
        ("POST /v1/audit HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n", "400"),
        (&long, "431"),
        (&many, "431"),
    ] {
        let answer = server.raw(bytes.as_bytes());
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
    }
    is_undisturbed(&server);
}

#[test]
fn a_flood_is_turned_away_and_the_holder_of_a_token_is_served() {
    let server = Server::with(&["--rate", "5"], &[("FORAMEN_TOKEN", TOKEN)]);
    let mut refused = 0;
    for _ in 0..60 {
        let answer = server.get("/v1/rules");
        if answer.status == 429 {
            assert_eq!((answer.problem().as_str(), answer.header("retry-after")), ("rate", "1"));
            refused += 1;
        }
    }
    assert!(refused >= 20, "{refused}");
    let request = Request::post(server.url("/v1/audit")).header("content-type", JSON);
    let request = request.header("authorization", format!("Bearer {TOKEN}"));
    assert_eq!(server.send(request.body(br#"{"text":"a"}"#.to_vec()).unwrap()).status, 200);
    assert_eq!(server.get("/healthz").status, 200);
}

#[test]
fn more_than_it_can_do_at_once_is_turned_away() {
    let server = Server::start(&["--max-requests", "1", "--timeout", "5"]);
    let mut holding = server.connect();
    holding
        .write_all(b"POST /v1/audit HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 12\r\n\r\n{\"text\"")
        .unwrap();
    thread::sleep(Duration::from_millis(300));
    let answer = server.audit(&json!({"text": "a"}));
    assert_eq!((answer.status, answer.problem().as_str()), (503, "busy"));
    assert_eq!((answer.header("retry-after"), server.get("/readyz").status), ("1", 200));
    holding.write_all(b":\"a\"}").unwrap();
    let mut first = [0; 12];
    holding.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");
    is_undisturbed(&server);
}

/// Connects from another address of this machine.
#[cfg(target_os = "linux")]
fn connect_from(source: [u8; 4], server: &Server) -> std::net::TcpStream {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
    let stream = runtime.block_on(async {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind((source, 0).into()).unwrap();
        socket.connect(server.address).await.unwrap().into_std().unwrap()
    });
    stream.set_nonblocking(false).unwrap();
    stream
}

#[test]
#[cfg(target_os = "linux")]
fn silent_connections_of_one_address_leave_room_for_others() {
    let server = Server::start(&["--max-connections", "4", "--timeout", "5"]);
    let silent: Vec<_> = (0..12).map(|_| server.connect()).collect();
    thread::sleep(Duration::from_millis(300));
    let mut other = connect_from([127, 0, 0, 2], &server);
    let start = Instant::now();
    other.write_all(b"GET /healthz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    other.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    // Two of them have their share; the others were told so.
    let told = silent.into_iter().skip(2).map(|mut stream| {
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    });
    for answer in told {
        assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("problem:busy"), "{answer}");
    }
}

#[test]
fn pages_of_others_may_not_ask_unless_they_are_named() {
    let ask = |args: &[&str]| {
        let server = Server::start(args);
        let request = Request::options(server.url("/v1/audit")).header("origin", "https://ehr.example");
        let request = request.header("access-control-request-method", "POST");
        let request = request.header("access-control-request-headers", "content-type,authorization");
        server.send(request.body(Vec::new()).unwrap())
    };
    let closed = ask(&[]);
    assert_eq!((closed.status, closed.header("access-control-allow-origin")), (405, ""));
    let open = ask(&["--cors-origin", "https://ehr.example"]);
    assert_eq!((open.status, open.header("access-control-allow-origin")), (200, "https://ehr.example"));
    assert_eq!(ask(&["--cors-origin", "https://b.example"]).header("access-control-allow-origin"), "");
}
