//! What goes wrong, told as RFC 9457 has it: `application/problem+json`.
//!
//! No word of a request is in a problem: it names members and limits, and quotes nothing.

use std::collections::BTreeMap;

use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, ResponseBuilder};

/// What a `type` begins with; its name follows.
const TYPE: &str = "urn:foramen:problem:";

/// The media type of a problem.
pub(super) const PROBLEM_JSON: &str = "application/problem+json";

/// A request that is refused, or fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    kind: Kind,
    detail: Option<String>,
    line: Option<u64>,
    retry: Option<u64>,
}

/// The kinds of problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The body is no JSON.
    BrokenJson,
    /// The query of the address is not as it must be.
    BadQuery,
    /// The handshake of a session is not as it must be.
    BadHandshake,
    /// No token.
    NoToken,
    /// A token that is not known.
    WrongToken,
    /// A page that may not ask.
    Origin,
    /// No such place.
    NotFound,
    /// The place has no such method.
    Method,
    /// The request was not there in time.
    Slow,
    /// Data that are needed did not come with the request.
    Precondition,
    /// The body or the note is too long.
    TooLarge,
    /// The body is of another media type.
    MediaType,
    /// The JSON does not say what it must.
    Invalid,
    /// Too many requests of one client.
    Rate,
    /// The engine failed.
    Internal,
    /// Too many requests of all, or the server is about to end.
    Busy,
}

impl Kind {
    const fn row(self) -> (&'static str, &'static str, StatusCode) {
        match self {
            Self::BrokenJson => ("broken-json", "The body is no JSON", StatusCode::BAD_REQUEST),
            Self::BadQuery => ("bad-query", "The query is not as it must be", StatusCode::BAD_REQUEST),
            Self::BadHandshake => {
                ("bad-handshake", "This is no WebSocket handshake", StatusCode::BAD_REQUEST)
            }
            Self::NoToken => ("no-token", "A token is needed", StatusCode::UNAUTHORIZED),
            Self::WrongToken => ("wrong-token", "The token is not known", StatusCode::UNAUTHORIZED),
            Self::Origin => ("origin", "This page may not ask", StatusCode::FORBIDDEN),
            Self::NotFound => ("not-found", "There is nothing here", StatusCode::NOT_FOUND),
            Self::Method => ("method", "This method is not for here", StatusCode::METHOD_NOT_ALLOWED),
            Self::Slow => ("slow", "The request took too long to arrive", StatusCode::REQUEST_TIMEOUT),
            Self::Precondition => {
                ("precondition", "What is needed did not come with it", StatusCode::PRECONDITION_FAILED)
            }
            Self::TooLarge => ("too-large", "Too long", StatusCode::PAYLOAD_TOO_LARGE),
            Self::MediaType => {
                ("media-type", "This media type is not read", StatusCode::UNSUPPORTED_MEDIA_TYPE)
            }
            Self::Invalid => ("invalid", "The JSON is not as it must be", StatusCode::UNPROCESSABLE_ENTITY),
            Self::Rate => ("rate", "Too many requests", StatusCode::TOO_MANY_REQUESTS),
            Self::Internal => ("internal", "A defect of Foramen", StatusCode::INTERNAL_SERVER_ERROR),
            Self::Busy => ("busy", "The server is busy", StatusCode::SERVICE_UNAVAILABLE),
        }
    }
}

/// A problem as it is sent.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(super) struct ProblemJson<'p> {
    pub(super) r#type: String,
    pub(super) title: &'static str,
    pub(super) status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) detail: Option<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
}

impl Problem {
    pub(super) const fn new(kind: Kind) -> Self {
        Self { kind, detail: None, line: None, retry: None }
    }

    /// The same with what is wrong and how to mend it, which must not quote the request.
    pub(super) fn with(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// The same, said of a line of a stream.
    pub(super) const fn at_line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    /// The same with the whole seconds after which to try again.
    pub(super) const fn retry_after(mut self, seconds: u64) -> Self {
        self.retry = Some(seconds);
        self
    }

    pub(super) fn json(&self) -> ProblemJson<'_> {
        let (name, title, status) = self.kind.row();
        ProblemJson {
            r#type: format!("{TYPE}{name}"),
            title,
            status: status.as_u16(),
            detail: self.detail.as_deref(),
            line: self.line,
        }
    }

    /// Its bytes.
    pub(super) fn bytes(&self) -> Vec<u8> {
        // Writing to memory cannot fail.
        serde_json::to_vec(&self.json()).unwrap_or_default()
    }

    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let challenge = match self.kind {
            Kind::NoToken => Some("Bearer realm=\"foramen\""),
            // RFC 6750, section 3.1.
            Kind::WrongToken => Some("Bearer realm=\"foramen\", error=\"invalid_token\""),
            _ => None,
        };
        if let Some(challenge) = challenge {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        if let Some(seconds) = self.retry {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        headers
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (_, _, status) = self.kind.row();
        (status, self.headers(), self.bytes()).into_response()
    }
}

/// The answers that problems of these kinds are, by their status.
pub(super) fn responses(kinds: &[Kind]) -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
    let schema = Ref::from_schema_name(ProblemJson::name());
    let mut titles: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for kind in kinds {
        let (_, title, status) = kind.row();
        titles.entry(status.as_u16().to_string()).or_default().push(title);
    }
    let response = |(status, titles): (String, Vec<&str>)| {
        let content = ContentBuilder::new().schema(Some(schema.clone())).build();
        let response =
            ResponseBuilder::new().description(titles.join(", or: ")).content(PROBLEM_JSON, content);
        (status, response.build().into())
    };
    titles.into_iter().map(response).collect()
}

/// The answer to a place that is not there.
pub(super) async fn not_found() -> Problem {
    Problem::new(Kind::NotFound).with("`/openapi.json` lists all places")
}

/// The answer to a method that a place does not have; which it has is in the header that the router adds.
pub(super) async fn method() -> Problem {
    Problem::new(Kind::Method).with(format!("the header `{ALLOW}` names those that are"))
}
