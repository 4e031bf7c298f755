//! The certificate that a server shows, by rustls.

use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject as _};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::{ServeError, TlsFiles};

/// What accepts encrypted connections (TLS 1.2 and 1.3).
pub(super) fn acceptor(files: &TlsFiles) -> Result<TlsAcceptor, ServeError> {
    let (certificate, key) = (files.certificate.display().to_string(), files.key.display().to_string());
    let chain: Result<Vec<_>, _> =
        CertificateDer::pem_file_iter(&files.certificate).and_then(Iterator::collect);
    let chain = chain.map_err(|error| fault(&certificate, error))?;
    if chain.is_empty() {
        let what = "no certificate in it: it must have one as PEM".to_owned();
        return Err(ServeError::Certificate { file: certificate, what });
    }
    let secret = PrivateKeyDer::from_pem_file(&files.key).map_err(|error| fault(&key, error))?;
    let wrong = |error: tokio_rustls::rustls::Error| ServeError::Certificate {
        file: certificate.clone(),
        what: error.to_string(),
    };
    let versions = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = versions.with_safe_default_protocol_versions().map_err(wrong)?;
    let mut config = config.with_no_client_auth().with_single_cert(chain, secret).map_err(wrong)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn fault(file: &str, error: pem::Error) -> ServeError {
    match error {
        pem::Error::Io(error) => ServeError::File { file: file.to_owned(), error },
        pem::Error::NoItemsFound => ServeError::Certificate {
            file: file.to_owned(),
            what: "no PEM of the right kind in it".to_owned(),
        },
        other => ServeError::Certificate { file: file.to_owned(), what: other.to_string() },
    }
}
