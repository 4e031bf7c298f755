//! The description of the server's places (`OpenAPI` 3.1), made of the code that answers at them.
//!
//! `docs/openapi.json` holds it; a test compares, and writes it anew where `FORAMEN_UPDATE` is set.

use std::sync::OnceLock;

use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::answer::JSON;
use super::problem::ProblemJson;
use super::{audit, batch, cds, probe, rules};

/// All places.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Foramen",
        description = "Audits of spine notes: what they state, with the words that prove it, what they leave out, and \
                       the query for it. Problems are those of RFC 9457 and quote nothing of a note.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    paths(
        audit::audit, batch::batch, rules::rules, rules::page,
        cds::discover, cds::call, cds::feedback::feedback, probe::health, probe::ready, probe::metrics, openapi,
    ),
    components(schemas(ProblemJson<'_>)),
    modifiers(&Token),
)]
struct Description;

/// The bearer token, as `OpenAPI` names it.
struct Token;

impl Modify for Token {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        openapi.components.get_or_insert_default().add_security_scheme("token", scheme);
    }
}

/// The description, as JSON with line ends.
pub fn description() -> String {
    // Writing to memory cannot fail.
    let mut json = serde_json::to_string_pretty(&Description::openapi()).unwrap_or_default();
    json.push('\n');
    json
}

/// This description
#[utoipa::path(
    get, path = "/openapi.json", tag = "probes",
    responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json", body = Object)),
)]
pub(super) async fn openapi() -> Response {
    static DESCRIPTION: OnceLock<String> = OnceLock::new();
    ([(CONTENT_TYPE, JSON)], DESCRIPTION.get_or_init(description).as_str()).into_response()
}
