//! What a server counts, in the text format of Prometheus: requests, times, bytes; no word of a note, no identifier.

use std::time::Duration;

use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use super::route::Route;

/// Upper ends of the classes of times, in seconds: from one small note to the longest that may be taken.
const SECONDS: [f64; 11] = [0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 10.0];

/// The media type of what is put out: the text format of `OpenMetrics`.
pub(super) const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What was asked, and how it was answered.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    route: Route,
    status: u16,
}

/// What was asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    route: Route,
}

/// What became of a card of CDS Hooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelValue)]
pub(super) enum Outcome {
    /// A suggestion of it was taken.
    Accepted,
    /// It was dismissed.
    Overridden,
}

/// What was told of cards.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Told {
    outcome: Outcome,
}

impl EncodeLabelValue for Route {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> std::fmt::Result {
        self.path().encode(encoder)
    }
}

/// The counters of a server.
#[derive(Debug)]
pub(super) struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    seconds: Family<Asked, Histogram, fn() -> Histogram>,
    feedback: Family<Told, Counter>,
    /// Notes that were audited.
    pub(super) notes: Counter,
    /// Their bytes.
    pub(super) note_bytes: Counter,
    /// Connections that are open.
    pub(super) connections: Gauge,
    /// Live sessions that are open.
    pub(super) sessions: Gauge,
    /// Lines of the log that found no place.
    pub(super) unlogged: Counter,
}

impl Metrics {
    pub(super) fn new() -> Self {
        let classes: fn() -> Histogram = || Histogram::new(SECONDS);
        let mut metrics = Self {
            registry: Registry::with_prefix("foramen"),
            requests: Family::default(),
            seconds: Family::new_with_constructor(classes),
            feedback: Family::default(),
            notes: Counter::default(),
            note_bytes: Counter::default(),
            connections: Gauge::default(),
            sessions: Gauge::default(),
            unlogged: Counter::default(),
        };
        let registry = &mut metrics.registry;
        registry.register("http_requests", "Requests that were answered", metrics.requests.clone());
        registry.register_with_unit(
            "http_request_duration",
            "From a request's head to its answer's",
            Unit::Seconds,
            metrics.seconds.clone(),
        );
        registry.register("notes", "Notes that were audited", metrics.notes.clone());
        registry.register_with_unit(
            "note",
            "Bytes of notes that were audited",
            Unit::Bytes,
            metrics.note_bytes.clone(),
        );
        registry.register("cds_feedback", "What became of cards", metrics.feedback.clone());
        registry.register("connections", "Connections that are open", metrics.connections.clone());
        registry.register("sessions", "Live sessions that are open", metrics.sessions.clone());
        registry.register(
            "log_lines_dropped",
            "Lines of the log that were not written in time",
            metrics.unlogged.clone(),
        );
        metrics
    }

    /// Counts a request and its answer.
    pub(super) fn answered(&self, route: Route, status: u16, took: Duration) {
        self.requests.get_or_create(&Answered { route, status }).inc();
        self.seconds.get_or_create(&Asked { route }).observe(took.as_secs_f64());
    }

    /// Counts notes that were audited.
    pub(super) fn audited(&self, notes: u64, bytes: u64) {
        self.notes.inc_by(notes);
        self.note_bytes.inc_by(bytes);
    }

    /// Counts what became of a card.
    pub(super) fn told(&self, outcome: Outcome) {
        self.feedback.get_or_create(&Told { outcome }).inc();
    }

    /// All figures.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to memory cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
