//! The log: a line of JSON an event, to standard error. What a line can hold is in its type: no text of a request, no
//! path but the router's own, no address.
//!
//! Lines are written by a thread of their own, so that nobody who reads them slowly holds up an answer; where they pile
//! up they are dropped, and counted.

use std::io::{self, BufWriter, Write};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use serde::Serialize;

use super::metrics::Metrics;

/// Lines that may wait.
const WAITING: usize = 8192;
/// How long a line may wait for others to be written with.
const PAUSE: Duration = Duration::from_millis(50);
/// How long the last lines may take.
const FINISHING: Duration = Duration::from_secs(2);

/// What happened.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(super) enum Event {
    /// The server takes requests.
    Ready {
        /// Where, with the port that it took.
        listen: String,
        tls: bool,
        tokens: bool,
        /// From the start of the server, the engine included.
        start_ms: f64,
    },
    /// Tokens pass unencrypted beyond this machine, unless something before the server encrypts.
    Unencrypted,
    /// A request was answered.
    Request {
        id: u64,
        method: &'static str,
        route: &'static str,
        status: u16,
        ms: f64,
        /// The name of the token that was given.
        #[serde(skip_serializing_if = "Option::is_none")]
        client: Option<String>,
    },
    /// The engine or the server failed on a request.
    Defect { id: u64 },
    /// The server was told to end, and finishes what it took.
    Ending,
    /// It has ended.
    Ended {
        /// Connections whose requests took longer than they were given.
        unfinished: usize,
    },
}

impl Event {
    const fn level(&self) -> &'static str {
        match self {
            Self::Unencrypted => "warn",
            Self::Defect { .. } => "error",
            Self::Request { status, .. } if *status >= 500 => "warn",
            _ => "info",
        }
    }
}

#[derive(Serialize)]
struct Line<'e> {
    time: String,
    level: &'static str,
    #[serde(flatten)]
    event: &'e Event,
}

/// What the thread that writes is told.
enum Message {
    Line(Vec<u8>),
    /// All before it is to be written, and told here.
    Finish(SyncSender<()>),
}

/// Where events go.
pub(super) struct Log {
    lines: SyncSender<Message>,
    metrics: Arc<Metrics>,
}

impl Log {
    /// A log to standard error.
    pub(super) fn start(metrics: Arc<Metrics>) -> io::Result<Self> {
        let (lines, waiting) = sync_channel(WAITING);
        thread::Builder::new().name("log".into()).spawn(move || write(&waiting))?;
        Ok(Self { lines, metrics })
    }

    pub(super) fn put(&self, event: &Event) {
        let time = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
        let line = Line { time, level: event.level(), event };
        // Writing to memory cannot fail.
        let mut bytes = serde_json::to_vec(&line).unwrap_or_default();
        bytes.push(b'\n');
        if self.lines.try_send(Message::Line(bytes)).is_err() {
            self.metrics.unlogged.inc();
        }
    }

    /// Waits until all lines are written, but not for ever.
    pub(super) fn finish(&self) {
        let (done, told) = sync_channel(1);
        if self.lines.send(Message::Finish(done)).is_ok() {
            let _ = told.recv_timeout(FINISHING);
        }
    }
}

/// Writes lines as they come. Nobody is left to be told when standard error is closed.
fn write(waiting: &Receiver<Message>) {
    let mut out = BufWriter::new(io::stderr());
    loop {
        let message = match waiting.recv_timeout(PAUSE) {
            Err(RecvTimeoutError::Timeout) => {
                let _ = out.flush();
                waiting.recv().map_err(RecvTimeoutError::from)
            }
            message => message,
        };
        match message {
            Ok(Message::Line(line)) => {
                let _ = out.write_all(&line);
            }
            Ok(Message::Finish(done)) => {
                let _ = out.flush();
                let _ = done.send(());
            }
            Err(_) => break,
        }
    }
    let _ = out.flush();
}
