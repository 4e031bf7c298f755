//! Which place is answered by what.

use std::sync::Arc;

use axum::Router;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderValue, Method};
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use tower_http::cors::CorsLayer;

use super::app::App;
use super::gate::gate;
use super::route::Route;
use super::{ServeError, audit, batch, cds, live, openapi, page, probe, problem, rules};

/// All places of a server.
pub(super) fn router(app: &Arc<App>) -> Result<Router, ServeError> {
    let router = Router::new()
        .route(Route::Page.path(), get(page::index))
        .route(Route::Script.path(), get(page::script))
        .route(Route::Style.path(), get(page::style))
        .route(Route::Icon.path(), get(page::icon))
        .route(Route::Audit.path(), post(audit::audit))
        .route(Route::Batch.path(), post(batch::batch))
        .route(Route::Session.path(), get(live::session))
        .route(Route::Services.path(), get(cds::discover))
        .route(Route::Service.path(), post(cds::call))
        .route(Route::Feedback.path(), post(cds::feedback::feedback))
        .route(Route::Rules.path(), get(rules::rules))
        .route(Route::Rule.path(), get(rules::page))
        .route(Route::OpenApi.path(), get(openapi::openapi))
        .route(Route::Health.path(), get(probe::health))
        .route(Route::Ready.path(), get(probe::ready))
        .route(Route::Metrics.path(), get(probe::metrics))
        .fallback(problem::not_found)
        .method_not_allowed_fallback(problem::method)
        .layer(from_fn_with_state(Arc::clone(app), gate))
        .with_state(Arc::clone(app));
    Ok(if app.origins.is_empty() { router } else { router.layer(cors(&app.origins)?) })
}

/// Lets pages of other origins ask.
fn cors(origins: &[String]) -> Result<CorsLayer, ServeError> {
    let value = |origin: &String| {
        let rest = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
        let is_origin = rest.is_some_and(|host| !host.is_empty() && !host.contains(['/', '*', ' ', ',']));
        let value = HeaderValue::from_str(origin).ok().filter(|_| is_origin);
        value.ok_or_else(|| ServeError::Origin(origin.clone()))
    };
    let origins = origins.iter().map(value).collect::<Result<Vec<_>, _>>()?;
    let layer = CorsLayer::new().allow_origin(origins).allow_methods([Method::GET, Method::POST]);
    Ok(layer.allow_headers([AUTHORIZATION, CONTENT_TYPE]))
}
