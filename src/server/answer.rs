//! Answers that are JSON.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;

pub(super) const JSON: &str = "application/json";

/// An answer that holds what a note states, and so is kept nowhere.
pub(super) fn private(json: Vec<u8>) -> Response {
    ([(CONTENT_TYPE, JSON), (CACHE_CONTROL, "no-store")], json).into_response()
}

/// An answer that is the same for everybody.
pub(super) fn public(value: &impl Serialize) -> Response {
    // Writing to memory cannot fail.
    let json = serde_json::to_vec(value).unwrap_or_default();
    ([(CONTENT_TYPE, JSON)], json).into_response()
}
