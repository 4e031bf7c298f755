//! The server as a client meets it: the real binary on a port of this machine, and a real client.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "a helper that cannot do its work fails the test")]
#![allow(clippy::needless_pass_by_value, reason = "what is sent is made where it is sent")]

mod server {
    mod audits;
    mod cds_hooks;
    mod client;
    mod description;
    mod ending;
    mod page;
    mod refusals;
    mod sessions;
    mod streams;
    mod tls;
}
