//! `foramen serve`: audits over HTTP.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;

use crate::server::{Limits, Options, TlsFiles, Tokens, serve};

use super::settings::SettingsArgs;
use super::{Lexicons, OK};

/// Answer over HTTP: audits of one note or many, live drafts, CDS Hooks, the rules, and a page to try them on
///
/// It listens on this machine alone unless --listen says otherwise, and then wants a token: a file of --token-file has
/// the SHA-256 of one a line (`NAME sha256:HEX`), `FORAMEN_TOKEN` one as it is. Clients send it as
/// `Authorization: Bearer TOKEN`. Notes are neither kept nor logged. The log, a line of JSON a request, goes to standard
/// error. SIGTERM or Ctrl-C ends it when all that it took is answered.
#[derive(Debug, Args)]
#[command(after_help = "\
Exit codes: 0 it was told to end, 2 it could not start.

Examples:
  foramen serve
  curl -H 'Content-Type: application/json' -d '{\"text\":\"L4-5: foraminal stenosis.\"}' \\
      http://127.0.0.1:8080/v1/audit
  foramen serve --listen 0.0.0.0:8443 --token-file tokens --tls-cert cert.pem --tls-key key.pem")]
pub(super) struct Serve {
    /// The address and port to listen on; port 0 takes one that is free, and the log names it
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Who may ask: a token a line, as its name and `sha256:` with its hash in hexadecimal digits
    #[arg(long, value_name = "FILE", env = "FORAMEN_TOKEN_FILE")]
    token_file: Option<PathBuf>,
    /// The server's certificate, and those that vouch for it, as PEM: encrypts
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// The certificate's private key, as PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// An origin (`https://ehr.example`) whose pages may ask from a browser; may be repeated
    #[arg(long, value_name = "ORIGIN")]
    cors_origin: Vec<String>,
    /// The address by which clients know the server (`https://cds.example`), for the links of cards; what each client names
    /// where it is not given
    #[arg(long, value_name = "URL", value_parser = base)]
    public_url: Option<String>,
    /// The most bytes of a note
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().note)]
    max_note: usize,
    /// The most bytes of a body, and of a line of a stream
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().body)]
    max_body: usize,
    /// Seconds in which a request has to arrive, and its answer to be taken
    #[arg(long, value_name = "SECONDS", default_value_t = Limits::default().time.as_secs_f64(), value_parser = seconds)]
    timeout: f64,
    /// Requests, and messages of live sessions, at work at once; others are told to come again
    #[arg(long, value_name = "N", default_value_t = Limits::default().requests as u32,
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    max_requests: u32,
    /// Live sessions that are open at once, at work or not
    #[arg(long, value_name = "N", default_value_t = Limits::default().sessions as u32,
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    max_sessions: u32,
    /// Connections at once; others wait. One address has half of them at most
    #[arg(long, value_name = "N", default_value_t = Limits::default().connections as u32,
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    max_connections: u32,
    /// Requests a second of one client, by its token or else its address; 0 for no limit
    #[arg(long, value_name = "N", default_value_t = Limits::default().rate)]
    rate: u32,
    /// Seconds that requests have to finish once the server is told to end
    #[arg(long, value_name = "SECONDS", default_value_t = Limits::default().grace.as_secs_f64(), value_parser = seconds)]
    grace: f64,
    #[command(flatten)]
    settings: SettingsArgs,
}

impl Serve {
    pub(super) fn run(self, lexicons: &Lexicons) -> anyhow::Result<u8> {
        let options = Options {
            listen: self.listen,
            tokens: self.tokens()?,
            tls: self.tls_cert.zip(self.tls_key).map(|(certificate, key)| TlsFiles { certificate, key }),
            limits: Limits {
                note: self.max_note,
                body: self.max_body,
                time: Duration::from_secs_f64(self.timeout),
                requests: self.max_requests as usize,
                sessions: self.max_sessions as usize,
                connections: self.max_connections as usize,
                rate: self.rate,
                grace: Duration::from_secs_f64(self.grace),
            },
            origins: self.cors_origin,
            public_url: self.public_url,
        };
        serve(options, || self.settings.engine(lexicons))?;
        Ok(OK)
    }

    /// The tokens of the file and of the environment.
    fn tokens(&self) -> anyhow::Result<Tokens> {
        let mut tokens = match &self.token_file {
            Some(path) => {
                let name = path.display().to_string();
                let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
                Tokens::parse(&name, &text)?
            }
            None => Tokens::default(),
        };
        // No flag: other users of a machine see the arguments of a process.
        if let Ok(token) = std::env::var("FORAMEN_TOKEN") {
            tokens.add("FORAMEN_TOKEN", &token)?;
        }
        Ok(tokens)
    }
}

/// An address without the slash at its end.
fn base(text: &str) -> Result<String, &'static str> {
    let is_web = text.starts_with("https://") || text.starts_with("http://");
    is_web.then(|| text.trim_end_matches('/').to_owned()).ok_or("write it as https://cds.example")
}

/// A time of a millisecond to a day.
fn seconds(text: &str) -> Result<f64, &'static str> {
    let seconds = text.parse().ok().filter(|seconds| (0.001..=86_400.0).contains(seconds));
    seconds.ok_or("write seconds, from 0.001 to 86400")
}
