//! What a server is told at its start: where it listens, who may ask, and how much.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use super::Tokens;

/// How a server is set up.
#[derive(Debug)]
pub struct Options {
    /// Where it listens; port 0 takes any that is free.
    pub listen: SocketAddr,
    /// Who may ask. Without one it serves this machine alone.
    pub tokens: Tokens,
    /// The files of its certificate; plain HTTP where there are none.
    pub tls: Option<TlsFiles>,
    /// How much is taken.
    pub limits: Limits,
    /// Origins (`https://ehr.example`) whose pages may ask, in a browser. None, and no page but its own may.
    pub origins: Vec<String>,
    /// The address by which clients know the server (`https://cds.example`), for links to it; what a client names where
    /// it is not given.
    pub public_url: Option<String>,
}

/// Where a certificate is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate and those that vouch for it, as PEM.
    pub certificate: PathBuf,
    /// Its private key, as PEM.
    pub key: PathBuf,
}

/// How much a server takes on. Whatever goes beyond is refused with a problem, and the others go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a note.
    pub note: usize,
    /// Bytes of a body, and of a line of a stream.
    pub body: usize,
    /// From the first byte of a head, body or message to its last, between two reads of a stream, and for an answer to be
    /// taken.
    pub time: Duration,
    /// Requests, and messages of sessions, at work at once.
    pub requests: usize,
    /// Live sessions that are open at once.
    pub sessions: usize,
    /// Connections at once; others wait to be accepted. One address has half of them at most.
    pub connections: usize,
    /// Requests a second of one client, known by its token or else its address; it may be ahead by a second. No limit
    /// where it is 0.
    pub rate: u32,
    /// How long requests that were taken may go on once the server is told to end.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            note: 1 << 20,
            body: 4 << 20,
            time: Duration::from_secs(10),
            requests: 256,
            sessions: 512,
            connections: 1024,
            rate: 1000,
            grace: Duration::from_secs(30),
        }
    }
}

/// The server cannot start, or cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Others could reach it, and nothing tells who may.
    #[error(
        "{0} can be reached from other machines, and no token says who may ask: give --token-file FILE or set \
         FORAMEN_TOKEN, or listen on 127.0.0.1"
    )]
    Open(SocketAddr),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {error}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        error: std::io::Error,
    },
    /// A file cannot be read.
    #[error("cannot read {file}: {error}")]
    File {
        /// Its name.
        file: String,
        /// What the system says.
        error: std::io::Error,
    },
    /// A file of tokens has a line that is none.
    #[error("{file}:{line}: {what}")]
    Token {
        /// Its name.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it, and how to mend it.
        what: &'static str,
    },
    /// The certificate or the key cannot be used.
    #[error("{file}: {what}")]
    Certificate {
        /// The file.
        file: String,
        /// What is wrong with it.
        what: String,
    },
    /// An origin is none.
    #[error("`{0}` is no origin: write it as https://ehr.example, without a path")]
    Origin(String),
    /// The system gives no threads or signals.
    #[error("cannot start: {0}")]
    System(#[from] std::io::Error),
}
