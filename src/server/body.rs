//! Bodies that are read whole: as long as they may be, in the time that they may take.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE, EXPECT};
use futures_util::StreamExt as _;
use hyper::body::Body as _;
use tokio::time::timeout;

use crate::io::charset;

use super::Limits;
use super::problem::{Kind, Problem};

/// How much of a body that is too long is still taken, and for how long, so that a client which sends all before it
/// reads is told why: where the connection were cut at once, it would see no more than that.
pub(super) const DISCARDED: usize = 64 << 20;
pub(super) const DISCARDING: Duration = Duration::from_secs(2);

/// The whole body.
pub(super) async fn read(headers: &HeaderMap, body: Body, limits: &Limits) -> Result<Vec<u8>, Problem> {
    let most = limits.body;
    let stated = body.size_hint().lower();
    if stated > most as u64 && (headers.contains_key(EXPECT) || stated > DISCARDED as u64) {
        return Err(too_large(most));
    }
    let mut stream = body.into_data_stream();
    let reading = async {
        let mut bytes: Vec<u8> = Vec::with_capacity((stated as usize).min(most));
        while let Some(part) = stream.next().await {
            let part: Bytes = part.map_err(|_| Problem::new(Kind::BrokenJson).with("the body breaks off"))?;
            if bytes.len() + part.len() > most {
                return Err(too_large(most));
            }
            bytes.extend_from_slice(&part);
        }
        Ok(bytes)
    };
    let slow = |_| {
        let seconds = limits.time.as_secs_f64();
        Problem::new(Kind::Slow).with(format!("a body has {seconds} seconds to arrive"))
    };
    let done = timeout(limits.time, reading).await.map_err(slow)?;
    if done.is_err() {
        let discard = async {
            let mut discarded = 0;
            while let Some(Ok(part)) = stream.next().await {
                discarded += part.len();
                if discarded > DISCARDED {
                    break;
                }
            }
        };
        let _ = timeout(DISCARDING, discard).await;
    }
    done
}

/// The answer to a body of more than `most` bytes.
pub(super) fn too_large(most: usize) -> Problem {
    Problem::new(Kind::TooLarge).with(format!("a body may have {most} bytes"))
}

/// Refuses bodies that are of none of these media types, or packed.
pub(super) fn expect(headers: &HeaderMap, types: &[&str]) -> Result<(), Problem> {
    let given = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (given, parameters) = given.split_once(';').unwrap_or((given, ""));
    let is_utf8 = charset(parameters).is_none_or(|charset| charset.eq_ignore_ascii_case("utf-8"));
    let is_packed = headers.get(CONTENT_ENCODING).is_some_and(|packing| packing != "identity");
    if is_utf8 && !is_packed && types.iter().any(|name| name.eq_ignore_ascii_case(given.trim())) {
        return Ok(());
    }
    let detail = format!("send it as {}, in UTF-8 and not packed", types.join(" or "));
    Err(Problem::new(Kind::MediaType).with(detail))
}
