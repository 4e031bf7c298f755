//! `GET /v1/session`: a draft that is audited as it is written, over a WebSocket (RFC 6455) with a message of JSON each
//! way.
//!
//! ```text
//! ─▶ {"type":"open","text":"L4-5: foraminal stenosis.","context":{"note_type":"radiology"},"offsets":"utf16"}
//! ◀─ {"type":"update","audit":{…},"queries":[…],"changes":{…},"left_open":[]}
//! ─▶ {"type":"edit","start":0,"end":4,"text":"L5-S1"}          ◀─ {"type":"update",…}
//! ─▶ {"type":"push","text":" No canal stenosis."}              ◀─ {"type":"update",…}
//! ─▶ {"type":"apply","query":"q1","element":"severity","option":"moderate"}
//! ◀─ {"type":"edit","start":7,"end":7,"text":"moderate "}      words for the client to put in, and to send back as its edit
//! ◀─ {"type":"recorded",…}                                     where the answer leaves the gap open; an update
//! ◀─ {"type":"problem","kind":"urn:foramen:problem:invalid","title":…,"status":422,"detail":…}
//! ```
//!
//! Every message has one answer, in order. The draft is the connection's, and gone with it. A session has a seat among
//! sessions, and a place among what is at work only while a message is answered: an open draft is no work. A browser cannot set headers
//! on a WebSocket, so that a token may come as the subprotocol `foramen.bearer.TOKEN` beside `foramen.v1`.

pub(super) mod message;
pub(super) mod talk;

use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::extract::{Extension, State};
use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};
use axum::response::Response;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::{Instant, sleep_until, timeout};
use tungstenite::error::Error as Fault;

use self::talk::Talk;
use super::app::{App, Phase};
use super::body::too_large;
use super::gate::{BUSY, Peer, Seat};
use super::problem::{Kind, Problem};
use super::rate::Client;

/// What this conversation is called.
const PROTOCOL: &str = "foramen.v1";

/// How often a silent client is asked whether it is still there.
const PING: Duration = Duration::from_secs(30);

/// A live session
///
/// A WebSocket (RFC 6455; subprotocol `foramen.v1`, and `foramen.bearer.TOKEN` where no header can be set) over which
/// each side sends texts of JSON. The client sends `SessionOpen`, `SessionEdit`, `SessionPush` or `SessionApply`; each has
/// one answer, in order: a `SessionUpdate`, a `SessionWords` or a `SessionProblem`.
#[utoipa::path(
    get, path = "/v1/session", tag = "sessions",
    params(
        ("Upgrade" = String, Header, description = "`websocket`"),
        ("Sec-WebSocket-Version" = String, Header, description = "`13`"),
        ("Sec-WebSocket-Key" = String, Header, description = "Sixteen bytes in base64"),
        ("Sec-WebSocket-Protocol" = Option<String>, Header, description = "`foramen.v1`"),
    ),
    responses((status = 101, description = "The session is open")),
    security(("token" = [])),
)]
pub(super) async fn session(
    State(app): State<Arc<App>>,
    Extension(peer): Extension<Peer>,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let upgrade = upgrade.map_err(|_| {
        Problem::new(Kind::BadHandshake).with("ask with a WebSocket client, version 13, and GET")
    })?;
    is_own_page(&app.origins, &headers)?;
    let seat = Arc::clone(&app.sessions).try_acquire_owned().map_err(|_| {
        Problem::new(Kind::Busy).with("as many sessions as it takes are open").retry_after(BUSY)
    })?;
    let most = app.limits.body;
    let upgrade = upgrade.protocols([PROTOCOL]).max_message_size(most).max_frame_size(most);
    let begun = peer.stream.messages();
    Ok(upgrade.on_upgrade(move |socket| async move {
        let _seat = Seat::new(seat, &app.metrics.sessions);
        converse(socket, app, client, begun).await;
        // The client may still be sending what was refused.
        peer.stream.clone().discard().await;
    }))
}

/// Refuses pages of other origins: browsers let any page open a WebSocket, and tell only where it comes from.
fn is_own_page(known: &[String], headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(origin) = text(ORIGIN) else { return Ok(()) };
    // Neither a page without an origin nor a request without a host is one of ours.
    let host = origin.split_once("://").map(|(_, host)| host);
    if host.is_some_and(|host| text(HOST) == Some(host)) || known.iter().any(|known| known == origin) {
        return Ok(());
    }
    Err(Problem::new(Kind::Origin).with("ask whoever runs the server to allow its origin"))
}

/// Why a conversation ends: the code (RFC 6455, section 7.4.1), and what is told before.
type End = (u16, Option<Problem>);

/// Answers message after message, until the client goes, falls silent, or the server ends. `begun` has since when a
/// message is on its way.
async fn converse(
    mut socket: WebSocket,
    app: Arc<App>,
    client: Client,
    mut begun: watch::Receiver<Option<Instant>>,
) {
    let mut talk = Talk::new(Arc::clone(&app));
    let mut ending = std::pin::pin!(app.reaches(Phase::Leaving));
    let (mut heard, mut is_asked) = (Instant::now(), false);
    let end: Option<End> = loop {
        let message = tokio::select! {
            () = &mut ending => break Some((close_code::AWAY, None)),
            () = overdue(&mut begun, app.limits.time) => {
                let seconds = app.limits.time.as_secs_f64();
                let slow = Problem::new(Kind::Slow).with(format!("a message has {seconds} seconds to arrive"));
                break Some((close_code::POLICY, Some(slow)));
            }
            () = sleep_until(heard + PING) => {
                if is_asked || send(&app, &mut socket, Message::Ping(axum::body::Bytes::new())).await.is_err() {
                    break None;
                }
                (heard, is_asked) = (Instant::now(), true);
                continue;
            }
            message = socket.recv() => message,
        };
        (heard, is_asked) = (Instant::now(), false);
        let answer = match message {
            Some(Ok(Message::Text(text))) => match take(&app, client).await {
                Ok(_place) => talk.answer(text.as_bytes()),
                Err(refused) => talk::problem(&refused),
            },
            Some(Ok(Message::Binary(_))) => break Some((close_code::UNSUPPORTED, None)),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
            Some(Ok(Message::Close(_))) | None => break None,
            Some(Err(error)) => break Some(fault(&error, &app)),
        };
        if send(&app, &mut socket, Message::Text(answer.into())).await.is_err() {
            break None;
        }
    };
    let Some((code, problem)) = end else { return };
    if let Some(problem) = problem {
        let _ = send(&app, &mut socket, Message::Text(talk::problem(&problem).into())).await;
    }
    let frame = CloseFrame { code, reason: axum::extract::ws::Utf8Bytes::from_static("") };
    let _ = send(&app, &mut socket, Message::Close(Some(frame))).await;
}

/// A place among what is at work, for one message: it is waited for as long as a request may take to arrive.
async fn take(app: &App, client: Client) -> Result<OwnedSemaphorePermit, Problem> {
    app.rates
        .take(client, std::time::Instant::now())
        .map_err(|_| Problem::new(Kind::Rate).with("messages come too fast"))?;
    let place = timeout(app.limits.time, Arc::clone(&app.places).acquire_owned()).await;
    // It is never closed.
    place.ok().and_then(Result::ok).ok_or_else(|| {
        Problem::new(Kind::Busy).with("as many requests as it takes are at work: send the message again")
    })
}

/// Ends when a message has been on its way for `time`.
async fn overdue(begun: &mut watch::Receiver<Option<Instant>>, time: Duration) {
    loop {
        let since = *begun.borrow_and_update();
        let late = async {
            match since {
                Some(since) => sleep_until(since + time).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = late => return,
            changed = begun.changed() => {
                if changed.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        }
    }
}

/// How a conversation ends whose client has broken the protocol.
fn fault(error: &axum::Error, app: &App) -> End {
    match error.source().and_then(|source| source.downcast_ref::<Fault>()) {
        Some(Fault::Capacity(_)) => (close_code::SIZE, Some(too_large(app.limits.body))),
        Some(Fault::Utf8(_)) => {
            (close_code::INVALID, Some(Problem::new(Kind::BrokenJson).with("a message must be UTF-8")))
        }
        _ => (close_code::PROTOCOL, None),
    }
}

/// Sends a message to a client that takes it in time.
async fn send(app: &App, socket: &mut WebSocket, message: Message) -> Result<(), ()> {
    match timeout(app.limits.time, socket.send(message)).await {
        Ok(Ok(())) => Ok(()),
        _ => Err(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_other_origins_are_refused() {
        let known = ["https://scribe.example".to_owned()];
        for (origin, host, is_let_in) in [
            (None, Some("127.0.0.1:8080"), true),
            (Some("http://127.0.0.1:8080"), Some("127.0.0.1:8080"), true),
            (Some("https://scribe.example"), Some("127.0.0.1:8080"), true),
            (Some("https://other.example"), Some("127.0.0.1:8080"), false),
            (Some("null"), Some("127.0.0.1:8080"), false),
            (Some("null"), None, false),
            (Some("https://other.example"), None, false),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in [(ORIGIN, origin), (HOST, host)] {
                headers.extend(value.map(|value| (name, value.parse().unwrap())));
            }
            assert_eq!(is_own_page(&known, &headers).is_ok(), is_let_in, "{origin:?} {host:?}");
        }
    }
}
