//! What those who run a server ask it: does it live, does it take requests, what did it do?

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};

use super::app::App;
use super::metrics::OPENMETRICS;
use super::problem::{Kind, Problem};

/// Whether the process lives
#[utoipa::path(get, path = "/healthz", tag = "probes", responses((status = 200, description = "It does", body = String)))]
pub(super) async fn health() -> &'static str {
    "ok\n"
}

/// Whether it takes requests, and is not about to end
#[utoipa::path(
    get, path = "/readyz", tag = "probes",
    responses((status = 200, description = "It does", body = String)),
)]
pub(super) async fn ready(State(app): State<Arc<App>>) -> Result<&'static str, Problem> {
    if app.is_leaving() {
        return Err(Problem::new(Kind::Busy).with("it is about to end").retry_after(1));
    }
    Ok("ready\n")
}

/// What it counted, for Prometheus
#[utoipa::path(
    get, path = "/metrics", tag = "probes",
    responses((status = 200, description = "The figures", content_type = "application/openmetrics-text", body = String)),
    security(("token" = [])),
)]
pub(super) async fn metrics(State(app): State<Arc<App>>) -> Response {
    ([(CONTENT_TYPE, OPENMETRICS)], app.metrics.text()).into_response()
}
