//! `POST /v1/audit`: one note, one audit.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::{FromRequestParts, Query, Request, State};
use axum::http::request::Parts;
use axum::response::Response;
use tokio::sync::oneshot;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::report::AuditJson;

use super::answer::{JSON, private};
use super::app::App;
use super::body;
use super::gate::Place;
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
    responses((status = 200, description = "The audit", body = AuditJson<'_>)),
    security(("token" = [])),
)]
pub(super) async fn audit(
    State(app): State<Arc<App>>,
    Extension(place): Extension<Place>,
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
    let json = if size <= AT_ONCE { work(&app)? } else { elsewhere(&app, place, work).await? };
    Ok(private(json))
}

/// Does long work on a thread that answers no requests, as soon as one is free; the request's place is taken until the
/// work is done, whether or not anybody still waits for it.
pub(super) async fn elsewhere<T: Send + 'static>(
    app: &Arc<App>,
    place: Place,
    work: impl FnOnce(&App) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let shared = Arc::clone(app);
    let work = move || {
        let _held = place;
        work(&shared)
    };
    when_free(app.limits.time, work).await
}

/// Does work as soon as a thread is free, or not at all: the time is that of the wait, and not of the work.
async fn when_free<T: Send + 'static>(
    longest: Duration,
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let busy = || Problem::new(Kind::Busy).with("no processor was free in time").retry_after(1);
    let (free, is_free) = oneshot::channel();
    // Who has waited too long, or gone, wants no work done.
    let done = spawn_blocking(move || free.send(()).is_ok().then(work));
    if timeout(longest, is_free).await.is_err() {
        done.abort();
        return Err(busy());
    }
    match done.await {
        Ok(Some(done)) => done,
        Ok(None) => Err(busy()),
        Err(_) => Err(Problem::new(Kind::Internal).with("please report it")),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn the_wait_for_a_thread_has_an_end_and_the_work_has_none() {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .max_blocking_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let longest = Duration::from_millis(50);
        let (release, held) = mpsc::channel::<()>();
        let (start, started) = mpsc::channel::<()>();
        let long = runtime.spawn(when_free(longest, move || {
            start.send(()).unwrap();
            held.recv().unwrap();
            Ok("done")
        }));
        started.recv().unwrap();
        // Another finds no thread, and what it wanted is never done.
        let (tell, told) = mpsc::channel::<()>();
        let other = runtime.block_on(when_free(longest, move || {
            tell.send(()).unwrap();
            Ok(())
        }));
        assert!(other.is_err());
        // The first has had more than its time by now.
        release.send(()).unwrap();
        assert_eq!(runtime.block_on(long).unwrap().ok(), Some("done"));
        assert_eq!(runtime.block_on(when_free(longest, || Ok(1))).ok(), Some(1));
        assert!(told.try_recv().is_err());
    }
}
