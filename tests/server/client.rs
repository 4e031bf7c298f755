//! A server of its own for a test, and what it is asked.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::Value;

/// Words that stand in notes only: no log line, metric or problem may hold them.
pub(crate) const SECRET: &str = "SECRETNAME";

/// A token that servers of these tests know.
pub(crate) const TOKEN: &str = "a-token-of-the-tests";

/// A server, which ends with its test.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    process: Child,
    log: Receiver<String>,
    ready: Value,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: ureq::http::HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Holds a problem to RFC 9457, and to saying nothing of notes; gives its kind.
    pub(crate) fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        let json = self.json();
        assert_eq!(json["status"], self.status, "{self:?}");
        assert!(json["title"].as_str().is_some_and(|title| !title.is_empty()), "{self:?}");
        assert!(!self.body.contains(SECRET), "{self:?}");
        json["type"].as_str().unwrap().strip_prefix("urn:foramen:problem:").unwrap().to_owned()
    }
}

impl Server {
    /// Starts a server with these arguments, and waits until it is ready.
    pub(crate) fn start(args: &[&str]) -> Self {
        Self::with(args, &[])
    }

    pub(crate) fn with(args: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut command = Command::new(snapbox::cmd::cargo_bin!("foramen"));
        command.args(["serve", "--listen", "127.0.0.1:0"]).args(args);
        command.env_remove("FORAMEN_TOKEN").envs(environment.iter().copied());
        let mut process =
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let stderr = BufReader::new(process.stderr.take().unwrap());
        let (lines, log) = channel();
        thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                if lines.send(line).is_err() {
                    break;
                }
            }
        });
        let first = log.recv_timeout(Duration::from_secs(20)).expect("a line of the log");
        let ready: Value = serde_json::from_str(&first).unwrap_or_else(|_| panic!("{first}"));
        assert_eq!(ready["event"], "ready", "{ready}");
        let address = ready["listen"].as_str().unwrap().parse().unwrap();
        Self { address, process, log, ready }
    }

    /// The line of the log that said that it is ready.
    pub(crate) fn ready(&self) -> &Value {
        &self.ready
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send(ureq::http::Request::get(self.url(path)).body(Vec::new()).unwrap())
    }

    pub(crate) fn post(&self, path: &str, content_type: &str, body: impl Into<Vec<u8>>) -> Answer {
        let request = ureq::http::Request::post(self.url(path)).header("content-type", content_type);
        self.send(request.body(body.into()).unwrap())
    }

    /// Asks for the audit of a note.
    pub(crate) fn audit(&self, note: &Value) -> Answer {
        self.post("/v1/audit", "application/json", note.to_string())
    }

    #[expect(clippy::unused_self, reason = "what a server is asked, like the others")]
    pub(crate) fn send(&self, request: ureq::http::Request<Vec<u8>>) -> Answer {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .allow_non_standard_methods(true)
            .timeout_global(Some(Duration::from_mins(1)))
            .build();
        let mut response = ureq::Agent::new_with_config(config).run(request).unwrap();
        let body = response.body_mut().with_config().limit(1 << 30).read_to_string().unwrap();
        Answer { status: response.status().as_u16(), headers: response.headers().clone(), body }
    }

    /// Sends bytes as they are, and gives all that comes back until the server closes.
    pub(crate) fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect();
        stream.write_all(bytes).unwrap();
        let mut answer = Vec::new();
        // A server that was sent more than it takes may cut the connection after its answer.
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream
    }

    /// Asks the process to end.
    pub(crate) fn terminate(&self) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    }

    /// Waits for its end; gives its exit code and the lines of its log that were not read yet.
    pub(crate) fn wait(mut self) -> (i32, Vec<String>) {
        let code = self.process.wait().unwrap().code().unwrap_or(-1);
        (code, self.log.iter().collect())
    }

    /// Bytes of memory that it has now.
    pub(crate) fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
    }

    /// Ends it; gives the lines of its log that were not read yet.
    pub(crate) fn end(self) -> Vec<String> {
        self.terminate();
        let (code, log) = self.wait();
        assert_eq!(code, 0, "{log:?}");
        log
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
