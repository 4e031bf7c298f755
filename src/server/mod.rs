//! Audits over HTTP, for tools that write notes: [`serve`].
//!
//! The engine is the same pure function as everywhere; here stands what a network asks for. Whatever is sent is
//! limited in bytes, time, number and rate, and is refused with a problem (RFC 9457) that quotes nothing of it. Notes are
//! neither kept nor logged nor counted by their words. `docs/server.md` tells how to run it, `/openapi.json` every place
//! and value.
//!
//! ```no_run
//! use foramen::Engine;
//! use foramen::lexicon::Lexicon;
//! use foramen::model::Context;
//! use foramen::server::{Limits, Options, Tokens, serve};
//!
//! let options = Options {
//!     listen: "127.0.0.1:8080".parse()?,
//!     tokens: Tokens::default(),
//!     tls: None,
//!     limits: Limits::default(),
//!     origins: Vec::new(),
//!     public_url: None,
//! };
//! let engine = || Ok::<_, Box<dyn std::error::Error>>((Engine::new(Lexicon::embedded())?, Context::default()));
//! serve(options, engine)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answer;
mod app;
mod audit;
mod batch;
mod body;
mod cds;
mod frames;
mod gate;
mod listen;
mod live;
mod log;
mod metrics;
mod note;
mod openapi;
mod options;
mod page;
mod parse;
mod patience;
mod probe;
mod problem;
mod rate;
mod route;
mod routes;
mod rules;
mod share;
mod start;
mod tls;
mod token;

pub use openapi::description;
pub use options::{Limits, Options, ServeError, TlsFiles};
pub use start::serve;
pub use token::Tokens;
