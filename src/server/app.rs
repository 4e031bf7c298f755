//! What all requests share.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::{Semaphore, watch};

use crate::Engine;
use crate::model::Context;

use super::log::Log;
use super::metrics::Metrics;
use super::rate::Rates;
use super::share::Shares;
use super::{Limits, Options, Tokens};

/// Where a server is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// It takes requests.
    Serving,
    /// It was told to end: it still takes what comes, and asks every client to go.
    Leaving,
    /// It takes nothing new, and finishes what it took.
    Closing,
}

/// What all requests share.
pub(super) struct App {
    pub(super) engine: Arc<Engine>,
    of_all: Context,
    pub(super) tokens: Tokens,
    pub(super) limits: Limits,
    pub(super) rates: Rates,
    /// Places for requests and messages of sessions at work.
    pub(super) places: Arc<Semaphore>,
    /// Seats for sessions.
    pub(super) sessions: Arc<Semaphore>,
    /// What each address has of the connections.
    pub(super) shares: Arc<Shares>,
    pub(super) metrics: Arc<Metrics>,
    pub(super) log: Log,
    /// The address by which clients know the server, where it was told.
    pub(super) public_url: Option<String>,
    /// Whether connections are encrypted here.
    pub(super) is_encrypted: bool,
    /// Origins whose pages may ask.
    pub(super) origins: Vec<String>,
    pub(super) phase: watch::Receiver<Phase>,
    requests: AtomicU64,
}

impl App {
    pub(super) fn new(
        options: Options,
        (engine, of_all): (Engine, Context),
        (log, metrics): (Log, Arc<Metrics>),
        phase: watch::Receiver<Phase>,
    ) -> Self {
        let Options { tokens, tls, limits, origins, public_url, .. } = options;
        Self {
            engine: Arc::new(engine),
            of_all,
            tokens,
            rates: Rates::new(limits.rate),
            places: Arc::new(Semaphore::new(limits.requests)),
            sessions: Arc::new(Semaphore::new(limits.sessions)),
            shares: Arc::new(Shares::new(limits.connections)),
            limits,
            metrics,
            log,
            public_url,
            is_encrypted: tls.is_some(),
            origins,
            phase,
            requests: AtomicU64::new(1),
        }
    }

    /// What is known of all notes, today.
    pub(super) fn context(&self) -> Context {
        let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
        Context { today: Some(today), ..self.of_all.clone() }
    }

    /// The number of a request.
    pub(super) fn number(&self) -> u64 {
        self.requests.fetch_add(1, Ordering::Relaxed)
    }

    /// Whether the server was told to end.
    pub(super) fn is_leaving(&self) -> bool {
        *self.phase.borrow() > Phase::Serving
    }

    /// Waits until the server is at `phase` or beyond.
    pub(super) async fn reaches(&self, phase: Phase) {
        // The sender lives as long as the server.
        let _ = self.phase.clone().wait_for(|now| *now >= phase).await;
    }
}

/// Whole seconds that are no less than this.
pub(super) fn whole_seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}
