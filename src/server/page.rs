//! `GET /`: the live page, as `scripts/web` makes it of `web/src`. It speaks with `/v1/session`.

use axum::http::HeaderName;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY};
use axum::response::{IntoResponse as _, Response};

/// What the page may do: load its own files, and speak with this server.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The live page
#[utoipa::path(
    get, path = "/", tag = "page",
    responses((status = 200, description = "The file", content_type = "text/html", body = String)),
)]
pub(super) async fn index() -> Response {
    file("text/html; charset=utf-8", include_str!("../../web/dist/index.html"))
}

/// The live page's script
#[utoipa::path(
    get, path = "/page.js", tag = "page",
    responses((status = 200, description = "The file", content_type = "text/javascript", body = String)),
)]
pub(super) async fn script() -> Response {
    file("text/javascript; charset=utf-8", include_str!("../../web/dist/page.js"))
}

/// The live page's style
#[utoipa::path(
    get, path = "/page.css", tag = "page",
    responses((status = 200, description = "The file", content_type = "text/css", body = String)),
)]
pub(super) async fn style() -> Response {
    file("text/css; charset=utf-8", include_str!("../../web/dist/page.css"))
}

/// The live page's icon
#[utoipa::path(
    get, path = "/icon.svg", tag = "page",
    responses((status = 200, description = "The file", content_type = "image/svg+xml", body = String)),
)]
pub(super) async fn icon() -> Response {
    file("image/svg+xml", include_str!("../../web/dist/icon.svg"))
}

/// A file of the page. Another build of the server has other files at the same places, so that none is kept.
fn file(kind: &'static str, text: &'static str) -> Response {
    let headers: [(HeaderName, &str); 4] = [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, "no-cache"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (REFERRER_POLICY, "no-referrer"),
    ];
    (headers, text).into_response()
}
