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
//! Every message has one answer, in order. The draft is the connection's, and gone with it. A browser cannot set headers
//! on a WebSocket, so that a token may come as the subprotocol `foramen.bearer.TOKEN` beside `foramen.v1`.

mod message;
mod talk;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::extract::{Extension, State};
use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};
use axum::response::Response;
use tokio::time::{Instant, sleep_until, timeout};

use self::talk::Talk;
use super::app::{App, Phase};
use super::gate::{Peer, Place};
use super::problem::{Kind, Problem};
use super::rate::Client;

/// What this conversation is called.
const PROTOCOL: &str = "foramen.v1";

/// How often a silent client is asked whether it is still there.
const PING: Duration = Duration::from_secs(30);

pub(super) async fn session(
    State(app): State<Arc<App>>,
    Extension(place): Extension<Place>,
    Extension(peer): Extension<Peer>,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let upgrade = upgrade.map_err(|_| {
        Problem::new(Kind::BadHandshake).with("ask with a WebSocket client, version 13, and GET")
    })?;
    is_own_page(&app.origins, &headers)?;
    let most = app.limits.body;
    let upgrade = upgrade.protocols([PROTOCOL]).max_message_size(most).max_frame_size(most);
    Ok(upgrade.on_upgrade(move |socket| async move {
        // Its places are taken until it ends.
        let _held = (place, peer);
        converse(socket, app, client).await;
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

/// Answers message after message, until the client goes, falls silent, or the server ends.
async fn converse(mut socket: WebSocket, app: Arc<App>, client: Client) {
    let mut talk = Talk::new(Arc::clone(&app));
    let mut ending = std::pin::pin!(app.reaches(Phase::Leaving));
    let (mut heard, mut is_asked) = (Instant::now(), false);
    let code = loop {
        let message = tokio::select! {
            () = &mut ending => break Some(close_code::AWAY),
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
            Some(Ok(Message::Text(text))) => match app.rates.take(client, std::time::Instant::now()) {
                Ok(()) => talk.answer(text.as_bytes()),
                Err(_) => talk::problem(&Problem::new(Kind::Rate).with("messages come too fast")),
            },
            Some(Ok(Message::Binary(_))) => break Some(close_code::UNSUPPORTED),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
            Some(Ok(Message::Close(_))) | None => break None,
            Some(Err(_)) => break Some(close_code::PROTOCOL),
        };
        if send(&app, &mut socket, Message::Text(answer.into())).await.is_err() {
            break None;
        }
    };
    if let Some(code) = code {
        let frame = CloseFrame { code, reason: axum::extract::ws::Utf8Bytes::from_static("") };
        let _ = send(&app, &mut socket, Message::Close(Some(frame))).await;
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
