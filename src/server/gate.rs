//! What every request passes: who asks, how often, whether there is a place; and what is told of it afterwards.

use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{
    AUTHORIZATION, CONNECTION, HeaderName, HeaderValue, SEC_WEBSOCKET_PROTOCOL, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use futures_util::FutureExt as _;
use prometheus_client::metrics::gauge::Gauge;
use tokio::sync::OwnedSemaphorePermit;

use super::app::{App, whole_seconds};
use super::log::Event;
use super::patience::Patient;
use super::problem::{Kind, Problem};
use super::rate::Client;
use super::route::Route;
use super::share::Share;

/// How long somebody who finds no place should wait, in seconds.
pub(super) const BUSY: u64 = 1;

/// Names a request in the log.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Who is at the other end of a connection, the connection itself, and the seat that it takes.
#[derive(Clone)]
pub(super) struct Peer {
    pub(super) address: IpAddr,
    pub(super) stream: Patient,
    #[expect(dead_code, reason = "held, not read")]
    pub(super) seat: Arc<(Seat, Share)>,
}

/// A place among all connections, or among all sessions; whatever takes it keeps it until it ends.
pub(super) struct Seat {
    #[expect(dead_code, reason = "held, not read")]
    place: OwnedSemaphorePermit,
    taken: Gauge,
}

impl Seat {
    /// A seat that `taken` counts.
    pub(super) fn new(place: OwnedSemaphorePermit, taken: &Gauge) -> Self {
        taken.inc();
        Self { place, taken: taken.clone() }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.taken.dec();
    }
}

/// A request's place among those at work; an answer that is streamed keeps it until its end.
#[derive(Clone, Debug)]
pub(super) struct Place(#[expect(dead_code, reason = "held, not read")] Arc<OwnedSemaphorePermit>);

/// Lets a request in or refuses it, and counts it.
pub(super) async fn gate(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let (start, id) = (Instant::now(), app.number());
    let route = Route::found(request.extensions().get::<MatchedPath>());
    let method = method_name(request.method());
    let mut holder = None;
    let mut response = if let Err(problem) = admit(&app, route, &mut request, start, &mut holder) {
        problem.into_response()
    } else {
        // A request changes nothing that others see, so a panic in one leaves nothing half-done.
        let done = AssertUnwindSafe(next.run(request)).catch_unwind().await;
        done.unwrap_or_else(|_| {
            app.log.put(&Event::Defect { id });
            Problem::new(Kind::Internal).with("please report it").into_response()
        })
    };
    let (status, took) = (response.status().as_u16(), start.elapsed());
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, HeaderValue::from(id));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if app.is_leaving() && status != 101 {
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    app.metrics.answered(route, status, took);
    // Probes come every second, and say nothing as long as all is well.
    if !(status < 400 && matches!(route, Route::Health | Route::Ready | Route::Metrics)) {
        let client = holder.and_then(|holder| app.tokens.name(holder)).map(ToOwned::to_owned);
        let ms = millis(took);
        app.log.put(&Event::Request { id, method, route: route.path(), status, ms, client });
    }
    response
}

/// Lets a request in, with its place, or says why not; `holder` is told whose token it has.
fn admit(
    app: &App,
    route: Route,
    request: &mut Request,
    now: Instant,
    holder: &mut Option<usize>,
) -> Result<(), Problem> {
    if matches!(route, Route::Health | Route::Ready) {
        return Ok(());
    }
    let permitted = if app.tokens.is_empty() { Ok(None) } else { known(app, request.headers()).map(Some) };
    *holder = permitted.as_ref().ok().copied().flatten();
    let address = request.extensions().get::<Peer>().map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.address);
    let client = holder.map_or_else(|| Client::at(address), Client::Token);
    // Guesses are counted as well.
    app.rates.take(client, now).map_err(|wait| {
        let detail = format!("more than {} requests a second", app.limits.rate);
        Problem::new(Kind::Rate).with(detail).retry_after(whole_seconds(wait))
    })?;
    if !route.is_open() {
        permitted?;
    }
    let place = Arc::clone(&app.places).try_acquire_owned().map_err(|_| {
        Problem::new(Kind::Busy).with("as many requests as it takes are at work").retry_after(BUSY)
    })?;
    request.extensions_mut().insert(Place(Arc::new(place)));
    request.extensions_mut().insert(client);
    Ok(())
}

/// Whose token a request has: in the header, or among the subprotocols of a WebSocket, where browsers set no headers.
fn known(app: &App, headers: &HeaderMap) -> Result<usize, Problem> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let bearer = text(AUTHORIZATION).and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    });
    let protocol = || {
        let protocols = text(SEC_WEBSOCKET_PROTOCOL)?.split(',');
        protocols.into_iter().find_map(|protocol| protocol.trim().strip_prefix("foramen.bearer."))
    };
    match bearer.or_else(protocol) {
        Some(token) => app.tokens.holder(token).ok_or_else(|| Problem::new(Kind::WrongToken)),
        None => Err(Problem::new(Kind::NoToken).with("send the header `Authorization: Bearer TOKEN`")),
    }
}

/// The name of a method that HTTP knows: any other would be words of the client.
fn method_name(method: &Method) -> &'static str {
    let known = [
        (Method::GET, "GET"),
        (Method::POST, "POST"),
        (Method::HEAD, "HEAD"),
        (Method::PUT, "PUT"),
        (Method::DELETE, "DELETE"),
        (Method::OPTIONS, "OPTIONS"),
        (Method::PATCH, "PATCH"),
    ];
    known.iter().find(|(known, _)| known == method).map_or("other", |(_, name)| name)
}

/// Milliseconds to a thousandth.
pub(super) fn millis(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}
