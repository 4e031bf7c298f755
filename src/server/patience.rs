//! A connection that does not wait for ever for its other end.
//!
//! hyper keeps the time of a request's head, and drops the connection without a word. [`Patient`] keeps the time of what
//! is written, and can be asked afterwards to say why the connection ends. Of a WebSocket it also knows since when a
//! message is under way, which nothing above it tells.

use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::sync::watch;
use tokio::time::{Instant, Sleep, sleep, timeout};

use super::body::{DISCARDED, DISCARDING};
use super::frames::Frames;
use super::problem::{Kind, Problem};

/// How long the last words of a connection may take.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Bytes that are discarded at a time.
const PART: usize = 16 << 10;

/// A connection, encrypted or not.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

struct Inner {
    stream: Box<dyn Stream>,
    /// Whether something was read after the last write: a request that is not answered.
    heard: bool,
    /// When a write that waits for the other end is given up.
    deadline: Option<Pin<Box<Sleep>>>,
    /// What is read as frames of a WebSocket, and whoever wants to know since when a message is under way.
    frames: Option<(Frames, watch::Sender<Option<Instant>>)>,
}

/// A stream whose writes end in time.
#[derive(Clone)]
pub(super) struct Patient {
    inner: Arc<Mutex<Inner>>,
    patience: Duration,
}

impl Patient {
    /// The stream, whose other end has `patience` to take what is written to it.
    pub(super) fn new(stream: impl Stream + 'static, patience: Duration) -> Self {
        let inner = Inner { stream: Box::new(stream), heard: false, deadline: None, frames: None };
        Self { inner: Arc::new(Mutex::new(inner)), patience }
    }

    /// Never waited for: one task has the connection.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what is read from here on for a WebSocket; gives since when a message is under way.
    pub(super) fn messages(&self) -> watch::Receiver<Option<Instant>> {
        let (sender, since) = watch::channel(None);
        self.lock().frames = Some((Frames::default(), sender));
        since
    }

    /// Takes what the other end still sends, for a while: where the connection were cut at once, it would lose the last
    /// words that were written to it.
    pub(super) async fn discard(mut self) {
        let _ = timeout(DISCARDING, async {
            self.shutdown().await?;
            let (mut part, mut discarded) = (vec![0; PART], 0);
            while discarded < DISCARDED {
                match self.read(&mut part).await? {
                    0 => break,
                    read => discarded += read,
                }
            }
            io::Result::Ok(())
        })
        .await;
    }

    /// Tells the other end that there is no place for it.
    pub(super) async fn tell_busy(self, detail: &str) {
        let problem = Problem::new(Kind::Busy).with(detail);
        self.tell("503 Service Unavailable", &problem).await;
    }

    /// Tells the other end that its request came too slowly, where a part of one came.
    pub(super) async fn tell_slow(self, head: Duration) {
        if !self.lock().heard {
            return;
        }
        let detail = format!("a head has {} seconds to arrive", head.as_secs_f64());
        self.tell("408 Request Timeout", &Problem::new(Kind::Slow).with(detail)).await;
    }

    /// Writes an answer where no request is at work, and ends the connection.
    async fn tell(mut self, status: &str, problem: &Problem) {
        let body = problem.bytes();
        let mut answer = format!(
            "HTTP/1.1 {status}\r\ncontent-type: {}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            super::problem::PROBLEM_JSON,
            body.len()
        )
        .into_bytes();
        answer.extend(body);
        let _ = timeout(LAST_WORDS, async {
            self.write_all(&answer).await?;
            self.shutdown().await
        })
        .await;
    }

    /// What a write came to; gives up on one that has waited for too long.
    fn in_time<T>(
        &self,
        context: &mut Context<'_>,
        write: impl FnOnce(Pin<&mut dyn Stream>, &mut Context<'_>) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        let inner = &mut *self.lock();
        if let Poll::Ready(done) = write(Pin::new(&mut *inner.stream), context) {
            inner.heard = false;
            inner.deadline = None;
            return Poll::Ready(done);
        }
        let deadline = inner.deadline.get_or_insert_with(|| Box::pin(sleep(self.patience)));
        if deadline.as_mut().poll(context).is_ready() {
            return Poll::Ready(Err(ErrorKind::TimedOut.into()));
        }
        Poll::Pending
    }
}

impl AsyncRead for Patient {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let inner = &mut *self.lock();
        let read = Pin::new(&mut inner.stream).poll_read(context, buffer);
        let fresh = buffer.filled().get(before..).unwrap_or_default();
        inner.heard |= !fresh.is_empty();
        if let Some((frames, since)) = &mut inner.frames {
            let is_new = frames.take(fresh);
            since.send_if_modified(|since| {
                let is_known = since.is_some() == frames.is_under_way() && !is_new;
                if !is_known {
                    *since = frames.is_under_way().then(Instant::now);
                }
                !is_known
            });
        }
        read
    }
}

impl AsyncWrite for Patient {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.in_time(context, |stream, context| stream.poll_write(context, bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.in_time(context, |stream, context| stream.poll_write_vectored(context, slices))
    }

    fn is_write_vectored(&self) -> bool {
        self.lock().stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.lock().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.lock().stream).poll_shutdown(context)
    }
}
