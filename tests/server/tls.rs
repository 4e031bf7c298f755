//! Encrypted connections.

use std::io::{Read as _, Write as _};
use std::process::Command;
use std::sync::Arc;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::client::Server;

#[test]
fn a_certificate_encrypts_and_nothing_else_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let (cert_file, key_file) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    std::fs::write(&cert_file, cert.pem()).unwrap();
    std::fs::write(&key_file, signing_key.serialize_pem()).unwrap();
    let (cert_file, key_file) = (cert_file.to_str().unwrap(), key_file.to_str().unwrap());
    let server = Server::start(&["--tls-cert", cert_file, "--tls-key", key_file]);

    let mut roots = RootCertStore::empty();
    roots.add(cert.der().clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().unwrap().with_root_certificates(roots);
    let config = Arc::new(config.with_no_client_auth());
    let client = ClientConnection::new(config, "localhost".try_into().unwrap()).unwrap();
    let mut stream = StreamOwned::new(client, server.connect());
    stream.write_all(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("ready\n"), "{answer}");

    assert!(!server.raw(b"GET /readyz HTTP/1.1\r\nhost: a\r\n\r\n").contains("200"));
    // A silent client is given up, and others are served all the while.
    let _silent = server.connect();
    assert_eq!(server.ready()["tls"], true);

    let run = |cert: &str, key: &str| {
        let mut command = Command::new(snapbox::cmd::cargo_bin!("foramen"));
        let output =
            command.args(["serve", "--listen", "127.0.0.1:0", "--tls-cert", cert, "--tls-key", key]).output();
        let output = output.unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    for (cert, key, said) in [
        (key_file, key_file, "no certificate in it"),
        (cert_file, cert_file, "no PEM of the right kind in it"),
        ("/nowhere/cert.pem", key_file, "cannot read /nowhere/cert.pem"),
    ] {
        let (code, stderr) = run(cert, key);
        assert!(code == Some(2) && stderr.contains(said), "{stderr}");
    }
}
