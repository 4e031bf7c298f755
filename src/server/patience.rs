//! A connection that does not wait for ever for its other end.
//!
//! hyper keeps the time of a request's head, and drops the connection without a word. [`Patient`] keeps the time of what
//! is written, and can be asked afterwards to say why the connection ends.

use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::time::{Sleep, sleep, timeout};

use super::problem::{Kind, Problem};

/// How long the last words of a connection may take.
const LAST_WORDS: Duration = Duration::from_secs(1);

struct Inner<S> {
    stream: S,
    /// Whether something was read after the last write: a request that is not answered.
    heard: bool,
    /// When a write that waits for the other end is given up.
    deadline: Option<Pin<Box<Sleep>>>,
}

/// A stream whose writes end in time.
pub(super) struct Patient<S> {
    inner: Arc<Mutex<Inner<S>>>,
    patience: Duration,
}

impl<S> Clone for Patient<S> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner), patience: self.patience }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Patient<S> {
    /// The stream, whose other end has `patience` to take what is written to it.
    pub(super) fn new(stream: S, patience: Duration) -> Self {
        let inner = Inner { stream, heard: false, deadline: None };
        Self { inner: Arc::new(Mutex::new(inner)), patience }
    }

    /// Never waited for: one task has the connection.
    fn lock(&self) -> MutexGuard<'_, Inner<S>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the other end that its request came too slowly, where a part of one came.
    pub(super) async fn tell_slow(mut self, head: Duration) {
        if !self.lock().heard {
            return;
        }
        let detail = format!("a head has {} seconds to arrive", head.as_secs_f64());
        let body = Problem::new(Kind::Slow).with(detail).bytes();
        let mut answer = format!(
            "HTTP/1.1 408 Request Timeout\r\ncontent-type: {}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
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
        write: impl FnOnce(Pin<&mut S>, &mut Context<'_>) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        let inner = &mut *self.lock();
        if let Poll::Ready(done) = write(Pin::new(&mut inner.stream), context) {
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

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Patient<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let inner = &mut *self.lock();
        let read = Pin::new(&mut inner.stream).poll_read(context, buffer);
        inner.heard |= buffer.filled().len() > before;
        read
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Patient<S> {
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
