//! From options to a server that listens.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::sync::watch;

use crate::Engine;
use crate::model::Context;

use super::app::{App, Phase};
use super::gate::millis;
use super::listen::Door;
use super::log::{Event, Log};
use super::metrics::Metrics;
use super::routes::router;
use super::{Options, ServeError, tls};

/// Serves until the process is told to end (SIGTERM, SIGINT), then finishes what was taken.
///
/// `engine` builds the engine, and gives with it what is known of all notes; it is called when the address is taken, and
/// its error is the caller's.
///
/// # Errors
/// When it cannot listen, the certificate cannot be used, or others could reach it without a token.
pub fn serve<E: From<ServeError>>(
    options: Options,
    engine: impl FnOnce() -> Result<(Engine, Context), E>,
) -> Result<(), E> {
    let start = Instant::now();
    let listen = options.listen;
    let is_local = listen.ip().to_canonical().is_loopback();
    if !is_local && options.tokens.is_empty() {
        return Err(ServeError::Open(listen).into());
    }
    let tls = options.tls.as_ref().map(tls::acceptor).transpose()?;
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let runtime = Builder::new_multi_thread()
        .worker_threads(threads)
        .max_blocking_threads(threads)
        .thread_name("http")
        .enable_all()
        .build()
        .map_err(ServeError::from)?;
    runtime.block_on(async {
        let listener = bind(listen).await?;
        let metrics = Arc::new(Metrics::new());
        let log = Log::start(Arc::clone(&metrics)).map_err(ServeError::from)?;
        let (sender, phase) = watch::channel(Phase::Serving);
        let stop = signals()?;
        let app = Arc::new(App::new(options, engine()?, (log, metrics), phase));
        let router = router(&app)?;
        if !is_local && tls.is_none() {
            app.log.put(&Event::Unencrypted);
        }
        app.log.put(&Event::Ready {
            listen: listener.local_addr().map_err(ServeError::from)?.to_string(),
            tls: tls.is_some(),
            tokens: !app.tokens.is_empty(),
            start_ms: millis(start.elapsed()),
        });
        Door { listener, tls, app: Arc::clone(&app), router }.serve(stop, sender).await;
        app.log.finish();
        Ok(())
    })
}

async fn bind(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).await.map_err(|error| ServeError::Listen { address, error })
}

/// Ends with the first signal that asks the process to end.
#[cfg(unix)]
fn signals() -> Result<impl Future<Output = ()>, ServeError> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut end, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = end.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Ends with Ctrl-C.
#[cfg(not(unix))]
fn signals() -> Result<impl Future<Output = ()>, ServeError> {
    Ok(async {
        // Where it cannot be waited for, the system ends the process.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
