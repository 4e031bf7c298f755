//! The server as a client meets it: the real binary on a port of this machine, and a real client.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "a helper that cannot do its work fails the test")]

mod server {
    pub mod audits;
    pub mod cds_hooks;
    pub mod client;
    pub mod description;
    pub mod ending;
    pub mod page;
    pub mod refusals;
    pub mod sessions;
    pub mod streams;
    pub mod tls;
}
