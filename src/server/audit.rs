//! `POST /v1/audit`: one note, one audit.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Query, Request, State};
use axum::http::request::Parts;
use axum::response::Response;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::report::AuditJson;

use super::answer::{JSON, private};
use super::app::App;
use super::body;
use super::note::{Note, UNNAMED, View};
use super::problem::{Kind, Problem};

/// Bodies up to this many bytes are audited where they were read: a note of 5 kB takes less than a change of threads
/// and a wait in a queue would. Longer ones go to threads that have nothing else to do, so that no connection waits
/// for them.
pub(super) const AT_ONCE: usize = 32 << 10;

impl FromRequestParts<Arc<App>> for View {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let query = Query::from_request_parts(parts, app).await;
        query.map(|Query(view)| view).map_err(|_| {
            let detail = "it may have `offsets` (bytes, code_points, utf16) and `text` (true, false)";
            Problem::new(Kind::BadQuery).with(detail)
        })
    }
}

/// Audit one note
///
/// What the note states, with the words that prove it, what it leaves out, and the query for each gap.
#[utoipa::path(
    post, path = "/v1/audit", tag = "audits", params(View), request_body = Note,
    responses((status = 200, description = "The audit", body = AuditJson<'_>), Problem),
    security(("token" = [])),
)]
pub(super) async fn audit(
    State(app): State<Arc<App>>,
    view: View,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    body::expect(&parts.headers, &[JSON])?;
    let bytes = body::read(&parts.headers, body, &app.limits).await?;
    let size = bytes.len();
    let work = move |app: &App| {
        let mut out = Vec::with_capacity(size);
        Note::read(&bytes)?.audit(app, view, UNNAMED, &mut out)?;
        Ok(out)
    };
    let json = if size <= AT_ONCE { work(&app)? } else { elsewhere(&app, work).await? };
    Ok(private(json))
}

/// Does long work on a thread that answers no requests, as soon as one is free.
pub(super) async fn elsewhere<T: Send + 'static>(
    app: &Arc<App>,
    work: impl FnOnce(&App) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let shared = Arc::clone(app);
    let done = timeout(app.limits.time, spawn_blocking(move || work(&shared))).await;
    let done =
        done.map_err(|_| Problem::new(Kind::Busy).with("no processor was free in time").retry_after(1))?;
    done.map_err(|_| Problem::new(Kind::Internal).with("please report it"))?
}
