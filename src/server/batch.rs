//! `POST /v1/audit/batch`: a note a line in, an audit a line out, in the same order, streamed both ways.
//!
//! Lines are read only as fast as audits are taken: a few pieces of whole lines are in hand, whatever the length of the
//! stream. A line that is no note gives a problem with its number (`line`), and the others go on. Empty lines count, and
//! give nothing.

use std::sync::Arc;

use axum::body::{Body, BodyDataStream, Bytes};
use axum::extract::{Extension, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use futures_util::{FutureExt as _, StreamExt as _, stream};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::model::Context;
use crate::pipeline::Defect;

use super::app::App;
use super::body::{self, too_large};
use super::gate::Place;
use super::note::{Note, View};
use super::problem::{Kind, Problem};

const NDJSON: &str = "application/x-ndjson";

/// What a stream of lines may be called.
const TYPES: [&str; 4] = [NDJSON, "application/ndjson", "application/jsonl", "application/json-lines"];

/// Bytes of a piece: enough that handing it to a thread costs nothing.
const PIECE: usize = 128 << 10;

/// Audit a stream of notes
///
/// A note a line in, an audit a line out, in the same order. A line that cannot be read gives a problem with its
/// number, `line`, in its place, and the others go on.
#[utoipa::path(
    post, path = "/v1/audit/batch", tag = "audits", params(View),
    request_body(content = String, content_type = "application/x-ndjson", description = "A note a line"),
    responses((status = 200, description = "An audit or a problem a line", content_type = "application/x-ndjson", body = String)),
    security(("token" = [])),
)]
pub(super) async fn batch(
    State(app): State<Arc<App>>,
    Extension(place): Extension<Place>,
    view: View,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    body::expect(&parts.headers, &TYPES)?;
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let lines = Lines::new(body.into_data_stream(), Arc::clone(&app));
    let pieces = stream::unfold(lines, |mut lines| async move { Some((lines.next().await?, lines)) });
    let audits = pieces.map(move |piece| {
        let app = Arc::clone(&app);
        spawn_blocking(move || piece.audit(&app, view))
    });
    // Three times what works at once, so that none waits while a piece is read, or while an answer is on its way.
    let answers = audits.buffered(3 * threads).map(move |audits| {
        // The place is free for others when the stream is done.
        let _ = &place;
        audits.map(Bytes::from)
    });
    Ok(([(CONTENT_TYPE, NDJSON), (CACHE_CONTROL, "no-store")], Body::from_stream(answers)).into_response())
}

/// Some lines that follow each other.
enum Piece {
    /// Whole lines, the first of which has this number.
    Lines(u64, Vec<u8>),
    /// What cannot be read.
    Broken(Problem),
}

impl Piece {
    /// The audits of its lines, each with its line end.
    fn audit(&self, app: &App, view: View) -> Vec<u8> {
        match self {
            Self::Lines(first, bytes) => audit_lines(app, view, *first, bytes),
            Self::Broken(problem) => {
                let mut line = problem.bytes();
                line.push(b'\n');
                line
            }
        }
    }
}

/// The audits of some lines, the first of which has a number, each with its line end.
fn audit_lines(app: &App, view: View, first: u64, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let lines = (first..).zip(bytes.split(|&byte| byte == b'\n'));
    let lines = lines.filter(|(_, line)| !line.trim_ascii().is_empty());
    let asked: Vec<_> = lines.map(|(number, line)| (number, ask(app, line))).collect();
    let read = asked.iter().filter_map(|(_, asked)| asked.as_ref().ok());
    let given: Vec<_> = read.map(|(note, context)| (note.text(), context)).collect();
    let mut audits = app.engine.audit_all(&given).into_iter();
    for (number, asked) in &asked {
        let start = out.len();
        let done = asked.as_ref().map_err(Problem::clone).and_then(|(note, _)| {
            let audit = audits.next().unwrap_or(Err(Defect));
            note.answer(app, view, &format!("line:{number}"), audit, &mut out)
        });
        if let Err(problem) = done {
            out.truncate(start);
            out.extend(problem.at_line(*number).bytes());
        }
        out.push(b'\n');
    }
    out
}

/// The note of a line, and what is known of it.
fn ask(app: &App, line: &[u8]) -> Result<(Note, Context), Problem> {
    let most = app.limits.body;
    if line.len() > most {
        return Err(too_large(most));
    }
    let note = Note::read(line)?;
    let context = note.asked(app)?;
    Ok((note, context))
}

/// Cuts a stream of bytes into pieces of whole lines.
struct Lines {
    stream: BodyDataStream,
    app: Arc<App>,
    /// What was read, from the start of a line.
    bytes: Vec<u8>,
    /// The number of that line.
    line: u64,
    /// Whether the rest of a line that is too long is passed over.
    is_skipping: bool,
    end: End,
}

/// Whether more of a stream may come.
enum End {
    Open,
    Ended,
    Failed(Problem),
}

impl Lines {
    const fn new(stream: BodyDataStream, app: Arc<App>) -> Self {
        Self { stream, app, bytes: Vec::new(), line: 1, is_skipping: false, end: End::Open }
    }

    /// The next piece: the lines that are there already, up to its size, but one at the least.
    async fn next(&mut self) -> Option<Piece> {
        loop {
            let whole = memchr::memrchr(b'\n', &self.bytes).map(|last| last + 1);
            match (whole, &self.end) {
                (Some(whole), End::Open) if self.bytes.len() < PIECE => {
                    let Some(part) = self.stream.next().now_or_never() else { return Some(self.cut(whole)) };
                    self.take(part);
                }
                (Some(whole), _) => return Some(self.cut(whole)),
                (None, End::Open) if self.bytes.len() > self.app.limits.body => {
                    (self.is_skipping, self.bytes) = (true, Vec::new());
                    return Some(Piece::Broken(too_large(self.app.limits.body).at_line(self.line)));
                }
                (None, End::Open) => match timeout(self.app.limits.time, self.stream.next()).await {
                    Ok(part) => self.take(part),
                    Err(_) => self.end = End::Failed(self.slow()),
                },
                (None, End::Ended) if self.bytes.is_empty() => return None,
                (None, End::Ended) => return Some(Piece::Lines(self.line, std::mem::take(&mut self.bytes))),
                (None, End::Failed(problem)) => {
                    let problem = problem.clone().at_line(self.line);
                    (self.end, self.bytes) = (End::Ended, Vec::new());
                    return Some(Piece::Broken(problem));
                }
            }
        }
    }

    /// Takes a part of the stream, or its end.
    fn take(&mut self, part: Option<Result<Bytes, axum::Error>>) {
        let part = match part {
            None => return self.end = End::Ended,
            Some(Err(_)) => {
                return self.end = End::Failed(Problem::new(Kind::BrokenJson).with("the stream breaks off"));
            }
            Some(Ok(part)) => part,
        };
        let rest = match memchr::memchr(b'\n', &part) {
            _ if !self.is_skipping => &part,
            None => return,
            Some(end) => {
                (self.is_skipping, self.line) = (false, self.line + 1);
                part.get(end + 1..).unwrap_or_default()
            }
        };
        self.bytes.extend_from_slice(rest);
    }

    /// The piece of the first `whole` bytes.
    fn cut(&mut self, whole: usize) -> Piece {
        let rest = self.bytes.split_off(whole);
        let bytes = std::mem::replace(&mut self.bytes, rest);
        let first = self.line;
        self.line += memchr::memchr_iter(b'\n', &bytes).count() as u64;
        Piece::Lines(first, bytes)
    }

    fn slow(&self) -> Problem {
        let seconds = self.app.limits.time.as_secs_f64();
        Problem::new(Kind::Slow).with(format!("nothing came for {seconds} seconds"))
    }
}
