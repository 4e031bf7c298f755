//! The description of the server's places (`OpenAPI` 3.1), made of the code that answers at them.
//!
//! `docs/openapi.json` holds it; a test compares, and writes it anew where `FORAMEN_UPDATE` is set.

use std::sync::OnceLock;

use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::answer::JSON;
use super::live::{message, talk};
use super::problem::{self, Kind, ProblemJson};
use super::route::Route;
use super::{audit, batch, cds, live, page, probe, rules};

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
        live::session, page::index, page::script, page::style, page::icon,
    ),
    components(schemas(
        ProblemJson<'_>,
        // Messages of a session, which no place of HTTP names.
        message::Open<'_>, message::Edit<'_>, message::Push<'_>, message::Apply<'_>,
        talk::UpdateMessage<'_>, talk::EditMessage<'_>, talk::ProblemMessage<'_>,
    )),
    modifiers(&Token, &Refusals),
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

/// What each place may refuse, and how.
struct Refusals;

impl Modify for Refusals {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        for route in Route::ALL {
            let Some(path) = openapi.paths.paths.get_mut(route.path()) else { continue };
            for operation in [&mut path.get, &mut path.post].into_iter().flatten() {
                operation.responses.responses.extend(problem::responses(&refusals(*route)));
            }
        }
    }
}

/// What whoever asks for anything but a probe may be told.
const ANY: &[Kind] = &[Kind::Rate, Kind::Internal, Kind::Busy];

/// Where a token is needed.
const HELD: &[Kind] = &[Kind::NoToken, Kind::WrongToken];

/// Where a body of JSON is read.
const BODY: &[Kind] = &[Kind::BrokenJson, Kind::Slow, Kind::TooLarge, Kind::MediaType, Kind::Invalid];

/// The kinds of problems that a place can answer with.
fn refusals(route: Route) -> Vec<Kind> {
    let groups: &[&[Kind]] = match route {
        Route::Health | Route::Other => &[],
        Route::Ready => &[&[Kind::Busy]],
        Route::Page
        | Route::Script
        | Route::Style
        | Route::Icon
        | Route::Services
        | Route::Rules
        | Route::OpenApi => &[ANY],
        Route::Rule => &[ANY, &[Kind::NotFound]],
        Route::Metrics => &[ANY, HELD],
        Route::Audit => &[ANY, HELD, BODY, &[Kind::BadQuery]],
        // A line that is wrong is told in the stream.
        Route::Batch => &[ANY, HELD, &[Kind::BadQuery, Kind::MediaType]],
        Route::Session => &[ANY, HELD, &[Kind::BadHandshake, Kind::Origin]],
        Route::Service => &[ANY, HELD, BODY, &[Kind::NotFound, Kind::Precondition]],
        Route::Feedback => &[ANY, HELD, BODY, &[Kind::NotFound]],
    };
    groups.concat()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_of_the_router_is_described_and_no_other() {
        let described = Description::openapi().paths.paths;
        let mut described: Vec<&str> = described.keys().map(String::as_str).collect();
        let mut routes: Vec<&str> = Route::ALL.iter().map(|route| route.path()).collect();
        described.sort_unstable();
        routes.sort_unstable();
        assert_eq!(described, routes);
    }

    #[test]
    fn a_token_is_asked_for_where_the_gate_does() {
        for (path, item) in Description::openapi().paths.paths {
            let route = Route::ALL.iter().find(|route| route.path() == path).unwrap();
            for operation in [item.get, item.post].into_iter().flatten() {
                assert_eq!(operation.security.is_some(), !route.is_open(), "{path}");
                assert_eq!(operation.responses.responses.contains_key("401"), !route.is_open(), "{path}");
            }
        }
    }
}
