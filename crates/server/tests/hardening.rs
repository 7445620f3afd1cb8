//! What clients who mean harm, or know no better, get from the server: on real sockets.

#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::header;
use axum::routing::get;
use baari_server::{Limits, Network, Tls, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// How long something that has to come may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// What a server of these tests allows.
const SHORT: Duration = Duration::from_millis(200);

const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

async fn start(limits: Limits, network: Network) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let own =
        [(header::CACHE_CONTROL, "max-age=60"), (header::CONTENT_SECURITY_POLICY, "default-src 'self'")];
    let router = Router::new().route("/", get("here")).route("/own", get(async move || (own, "here")));
    tokio::spawn(serve(listener, router, limits, network, std::future::pending()));
    address
}

/// What is answered until the connection ends.
async fn said(stream: &mut TcpStream) -> String {
    let mut said = Vec::new();
    // Whoever is cut off may hear of it as a reset.
    let ended = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut said)).await;
    assert!(ended.is_ok(), "it does not end");
    String::from_utf8_lossy(&said).into_owned()
}

async fn ask(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    said(&mut stream).await
}

#[tokio::test]
async fn who_does_not_send_the_whole_head_is_cut_off() {
    let address = start(Limits { head: SHORT, ..Limits::default() }, Network::default()).await;
    for begun in [&b""[..], b"GET", b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", REQUEST] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(begun).await.unwrap();
        let since = Instant::now();
        let said = said(&mut stream).await;
        assert_eq!(said.starts_with("HTTP/1.1 200"), begun == REQUEST, "{said}");
        assert!(since.elapsed() >= SHORT / 2, "{begun:?}: at once");
    }
}

#[tokio::test]
async fn a_head_that_comes_in_drops_has_no_longer_than_any_other() {
    let address = start(Limits { head: SHORT, ..Limits::default() }, Network::default()).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let mut drops = REQUEST[..REQUEST.len() - 2].iter().chain(std::iter::repeat(&b'x'));
    let since = Instant::now();
    loop {
        let drop = drops.next().unwrap();
        let sent = stream.write_all(&[*drop]).await;
        let heard = tokio::time::timeout(SHORT / 10, stream.read(&mut [0; 64])).await;
        if sent.is_err() || heard.is_ok() {
            break;
        }
        assert!(since.elapsed() < PATIENCE, "it is still read");
    }
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let address = start(Limits::default(), Network::default()).await;
    let lines = |count: usize| {
        (0..count).map(|line| format!("X-{line}: x\r\n")).collect::<String>() + "Connection: close\r\n"
    };
    for (path, headers, expected) in [
        ("/".to_owned(), lines(90), "200"),
        ("/".to_owned(), lines(101), "431"),
        ("/".to_owned(), format!("X: {}\r\n", "x".repeat(17 * 1024)), "431"),
        (format!("/?{}", "x".repeat(17 * 1024)), String::new(), "431"),
        (format!("/?{}", "x".repeat(70 * 1024)), String::new(), "431"),
    ] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n");
        // It may close before it has taken all.
        let _ = stream.write_all(request.as_bytes()).await;
        let said = said(&mut stream).await;
        assert!(said.starts_with(&format!("HTTP/1.1 {expected} ")), "{expected}: {said}");
    }
}

#[tokio::test]
async fn every_answer_tells_the_browser_what_not_to_do() {
    let address = start(Limits::default(), Network::default()).await;
    for (request, policy, kept) in [
        (
            "GET /",
            "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
            "no-store",
        ),
        ("GET /nothing", "default-src 'none';", "no-store"),
        ("DELETE /", "default-src 'none';", "no-store"),
        ("GET /own", "default-src 'self'", "max-age=60"),
        ("GET /docs/x", "default-src 'none'; script-src 'self';", "no-store"),
        ("GET /docsx", "default-src 'none'; frame-ancestors", "no-store"),
    ] {
        let said =
            ask(address, &format!("{request} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .await;
        for line in [
            "x-content-type-options: nosniff\r\n",
            "referrer-policy: no-referrer\r\n",
            "x-frame-options: DENY\r\n",
            "cross-origin-opener-policy: same-origin\r\n",
            "cross-origin-resource-policy: same-origin\r\n",
            "permissions-policy: accelerometer=()",
            &format!("content-security-policy: {policy}"),
            &format!("cache-control: {kept}\r\n"),
        ] {
            assert!(said.contains(line), "{request} lacks {line}: {said}");
        }
        assert!(!said.contains("strict-transport-security") && !said.contains("server:"), "{said}");
    }
}

#[tokio::test]
async fn only_a_trusted_proxy_makes_the_browser_stay_with_tls() {
    let proxies = "127.0.0.1".parse().unwrap();
    let behind = start(Limits::default(), Network { proxies, tls: None }).await;
    let before = start(Limits::default(), Network::default()).await;
    let claim = "GET / HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n\r\n";
    assert!(ask(behind, claim).await.contains("strict-transport-security: max-age=31536000\r\n"));
    assert!(!ask(before, claim).await.contains("strict-transport-security"));
}

/// A certificate for localhost and its key, as files.
fn certificate(folder: &Path, name: &str) -> (PathBuf, PathBuf) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let (certificate, key) = (folder.join(format!("{name}.pem")), folder.join(format!("{name}.key")));
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    (certificate, key)
}

#[tokio::test]
async fn who_begins_tls_and_does_not_go_on_is_cut_off_and_holds_up_no_stop() {
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key) = certificate(folder.path(), "one");
    let tls = Some(Arc::new(Tls::read(certificate, key).unwrap()));
    let limits = Limits { handshake: SHORT, ..Limits::default() };
    let address = start(limits, Network { tls: tls.clone(), ..Network::default() }).await;
    for begun in [&b""[..], &[0x16, 0x03, 0x01]] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(begun).await.unwrap();
        assert_eq!(said(&mut stream).await, "");
    }

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let network = Network { tls, ..Network::default() };
    let serving = tokio::spawn(serve(listener, Router::new(), Limits::default(), network, async {
        let _ = stopped.await;
    }));
    stream.write_all(&[0x16, 0x03, 0x01]).await.unwrap();
    drop(stop);
    let since = Instant::now();
    serving.await.unwrap().unwrap();
    assert!(since.elapsed() < Limits::default().handshake / 2);
}

/// A client that trusts this certificate, once TLS has begun.
async fn shaken(address: SocketAddr, trusted: &Path) -> TlsStream<TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(trusted).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().unwrap();
    let config = config.with_root_certificates(roots).with_no_client_auth();
    let stream = TcpStream::connect(address).await.unwrap();
    let name = "localhost".try_into().unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap()
}

#[tokio::test]
async fn who_leaves_everything_unread_by_tls_holds_up_no_stop() {
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key) = certificate(folder.path(), "one");
    let tls = Some(Arc::new(Tls::read(certificate.clone(), key).unwrap()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().route("/", get(async || vec![b'x'; 32 << 20]));
    let (stop, stopped) = oneshot::channel::<()>();
    let network = Network { tls, ..Network::default() };
    let limits = Limits { unread: SHORT, ..Limits::default() };
    let serving = tokio::spawn(serve(listener, router, limits, network, async {
        let _ = stopped.await;
    }));
    let mut deaf = shaken(address, &certificate).await;
    deaf.write_all(REQUEST).await.unwrap();
    assert!(deaf.read(&mut [0; 1]).await.unwrap() > 0, "an answer has begun");
    drop(stop);
    let served = tokio::time::timeout(PATIENCE, serving).await;
    assert!(served.is_ok(), "the server waits for who does not read");
    assert!(deaf.read_to_end(&mut Vec::new()).await.is_err(), "it was cut off");
}

#[test]
fn files_that_make_no_tls_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let (certificate_one, key_one) = certificate(folder.path(), "one");
    let (certificate_two, _) = certificate(folder.path(), "two");
    let (missing, empty) = (folder.path().join("missing"), folder.path().join("empty"));
    std::fs::write(&empty, "").unwrap();
    for (certificate, key, named, expected) in [
        (&missing, &key_one, &missing, "can't read certificates"),
        (&empty, &key_one, &empty, "can't read certificates"),
        (&key_one, &key_one, &key_one, "can't read certificates"),
        (&certificate_one, &missing, &missing, "can't read a key"),
        (&certificate_one, &certificate_one, &certificate_one, "can't read a key"),
        (&certificate_two, &key_one, &key_one, "not that of the first certificate"),
    ] {
        let refused = Tls::read(certificate.clone(), key.clone()).unwrap_err().to_string();
        assert!(refused.contains(&named.display().to_string()) && refused.contains(expected), "{refused}");
        assert!(!refused.contains("BEGIN"), "{refused}");
    }
}
