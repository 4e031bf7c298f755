//! Connections: accepting them, giving each its time, and ending without losing what was taken.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

use super::app::{App, Phase};
use super::gate::{Peer, Seat};
use super::log::Event;
use super::patience::Patient;

/// How long new connections are still taken after the word to end, each answer asking its client to go: those that
/// come in this time are served, and whoever spreads requests over servers sees that this one is not ready.
const LEAVING: Duration = Duration::from_millis(500);

/// How long nothing is accepted after the system had no more sockets.
const EXHAUSTED: Duration = Duration::from_millis(50);

/// Headers of a request, and their bytes.
const HEADERS: usize = 64;
const HEAD_BYTES: usize = 32 << 10;

/// Bytes that are read at a time.
const READ_BYTES: usize = 128 << 10;

/// What an address is told that has its share.
const SHARE: &str = "this address has half of all connections: close some, or use those that are open";

/// What accepts connections.
pub(super) struct Door {
    pub(super) listener: TcpListener,
    pub(super) tls: Option<TlsAcceptor>,
    pub(super) app: Arc<App>,
    pub(super) router: Router,
}

impl Door {
    /// Serves until `stop`, then finishes what was taken, for as long as the limits allow.
    pub(super) async fn serve(self, stop: impl Future<Output = ()>, phase: watch::Sender<Phase>) {
        let most = self.app.limits.connections;
        let places = Arc::new(Semaphore::new(most));
        let mut stop = Box::pin(stop);
        loop {
            tokio::select! {
                biased;
                () = &mut stop => break,
                taken = self.accept(&places) => self.attend(taken),
            }
        }
        self.app.log.put(&Event::Ending);
        phase.send_replace(Phase::Leaving);
        let _ = timeout(LEAVING, async {
            loop {
                self.attend(self.accept(&places).await);
            }
        })
        .await;
        // Those that the system has accepted already are not turned away.
        while let Ok(taken) = timeout(Duration::ZERO, self.accept(&places)).await {
            self.attend(taken);
        }
        let Self { listener, app, .. } = self;
        drop(listener);
        phase.send_replace(Phase::Closing);
        let all = u32::try_from(most).unwrap_or(u32::MAX);
        let ended = timeout(app.limits.grace, places.acquire_many(all)).await.is_ok();
        let unfinished = if ended { 0 } else { most - places.available_permits() };
        app.log.put(&Event::Ended { unfinished });
    }

    /// The next connection, once there is a place for it.
    async fn accept(&self, places: &Arc<Semaphore>) -> (TcpStream, SocketAddr, OwnedSemaphorePermit) {
        loop {
            // It is never closed.
            let Ok(place) = Arc::clone(places).acquire_owned().await else { std::future::pending().await };
            match self.listener.accept().await {
                Ok((stream, peer)) => return (stream, peer, place),
                // The other end is gone again.
                Err(error)
                    if matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset) => {}
                Err(_) => sleep(EXHAUSTED).await,
            }
        }
    }

    /// Serves a connection in a task of its own.
    fn attend(&self, (stream, peer, place): (TcpStream, SocketAddr, OwnedSemaphorePermit)) {
        let (app, router, tls) = (Arc::clone(&self.app), self.router.clone(), self.tls.clone());
        // Here, so that the first to come have it.
        let share = app.shares.take(peer.ip());
        tokio::spawn(async move {
            // Answers are written whole: nothing is gained by waiting for more. Where it cannot be set, they wait.
            let _ = stream.set_nodelay(true);
            let address = peer.ip();
            let seat = Seat::new(place, &app.metrics.connections);
            let Some(share) = share else {
                // Whoever speaks TLS sees that the connection ends: to say why would cost a handshake.
                if tls.is_none() {
                    Patient::new(stream, app.limits.time).tell_busy(SHARE).await;
                }
                return;
            };
            let seat = Arc::new((seat, share));
            let talk = |stream: Patient| {
                let peer = Peer { address, stream: stream.clone(), seat };
                talk(stream, peer, &app, router)
            };
            match tls {
                None => talk(Patient::new(stream, app.limits.time)).await,
                Some(tls) => {
                    if let Ok(Ok(stream)) = timeout(app.limits.time, tls.accept(stream)).await {
                        talk(Patient::new(stream, app.limits.time)).await;
                    }
                }
            }
        });
    }
}

/// Serves the requests of a connection, one after the other.
async fn talk(stream: Patient, peer: Peer, app: &Arc<App>, router: Router) {
    let places = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(peer.clone());
        places.call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(app.limits.time)
        .max_headers(HEADERS)
        .max_header_size(HEAD_BYTES)
        .max_buf_size(READ_BYTES)
        .serve_connection(TokioIo::new(stream.clone()), service)
        .with_upgrades();
    tokio::pin!(connection);
    let mut closing = std::pin::pin!(app.reaches(Phase::Closing));
    let mut is_told = false;
    let done = loop {
        tokio::select! {
            done = connection.as_mut() => break done,
            () = &mut closing, if !is_told => {
                connection.as_mut().graceful_shutdown();
                is_told = true;
            }
        }
    };
    if done.is_err_and(|error| error.is_timeout()) {
        stream.tell_slow(app.limits.time).await;
    }
}
