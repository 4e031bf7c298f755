//! The end: told to stop under load, a server loses nothing that it took.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::client::Server;

const NOTE: &str = r#"{"text":"L4-5: left foraminal stenosis."}"#;

fn head(length: usize) -> String {
    format!(
        "POST /v1/audit HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
    )
}

/// What became of a request.
#[derive(Debug, PartialEq)]
enum Fate {
    Answered { last: bool },
    Lost,
}

fn ask(stream: &mut TcpStream) -> Fate {
    if stream.write_all(format!("{}{NOTE}", head(NOTE.len())).as_bytes()).is_err() {
        return Fate::Lost;
    }
    let (mut answer, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return Fate::Lost,
            Ok(bytes) => answer.extend_from_slice(&buffer[..bytes]),
        }
        let text = String::from_utf8_lossy(&answer);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
        if body.len() == length.parse::<usize>().unwrap() {
            return Fate::Answered { last: head.contains("connection: close") };
        }
    }
}

#[test]
fn no_request_is_lost_when_it_is_told_to_end_under_load() {
    let server = Server::start(&["--rate", "0"]);
    let (answered, lost, is_over) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicBool::new(false));
    let address = server.address;
    thread::scope(|scope| {
        for client in 0..8 {
            let (answered, lost, is_over) = (&answered, &lost, &is_over);
            scope.spawn(move || {
                // Who sees that it is not ready opens no more connections, but uses those that are open.
                while !is_over.load(Ordering::SeqCst) {
                    let Ok(mut stream) = TcpStream::connect(address) else { break };
                    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
                    loop {
                        match ask(&mut stream) {
                            Fate::Answered { last } => {
                                answered.fetch_add(1, Ordering::SeqCst);
                                // Half of the clients have a connection for each request.
                                if last || client % 2 == 0 {
                                    break;
                                }
                            }
                            Fate::Lost => {
                                lost.fetch_add(1, Ordering::SeqCst);
                                break;
                            }
                        }
                    }
                }
            });
        }
        thread::sleep(Duration::from_millis(700));
        server.terminate();
        thread::sleep(Duration::from_millis(200));
        is_over.store(true, Ordering::SeqCst);
    });
    let (code, log) = server.wait();
    assert_eq!(code, 0, "{log:?}");
    assert!(
        log.last().is_some_and(|line| line.contains(r#""event":"ended","unfinished":0"#)),
        "{:?}",
        log.last()
    );
    assert_eq!(lost.into_inner(), 0);
    assert!(answered.into_inner() > 50);
}

#[test]
fn a_request_that_is_half_sent_is_answered_and_the_server_says_that_it_leaves() {
    let server = Server::start(&[]);
    let mut stream = server.connect();
    stream.write_all(head(NOTE.len()).as_bytes()).unwrap();
    stream.write_all(&NOTE.as_bytes()[..9]).unwrap();
    thread::sleep(Duration::from_millis(200));
    server.terminate();
    thread::sleep(Duration::from_millis(50));
    assert_eq!(server.get("/readyz").status, 503);
    thread::sleep(Duration::from_millis(1200));
    assert!(TcpStream::connect(server.address).is_err());
    stream.write_all(&NOTE.as_bytes()[9..]).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("connection: close"), "{answer}");
    assert_eq!(server.wait().0, 0);
}

#[test]
fn who_does_not_finish_holds_it_up_no_longer_than_the_grace() {
    let server = Server::start(&["--grace", "0.5", "--timeout", "60"]);
    let mut stream = server.connect();
    stream.write_all(head(50).as_bytes()).unwrap();
    thread::sleep(Duration::from_millis(200));
    let started = Instant::now();
    server.terminate();
    let (code, log) = server.wait();
    assert!(started.elapsed() < Duration::from_secs(5));
    assert_eq!(code, 0);
    assert!(log.last().is_some_and(|line| line.contains(r#""unfinished":1"#)), "{log:?}");
}
