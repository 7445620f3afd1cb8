//! Whose certificate is believed.

use std::sync::Arc;

use baari_server::oidc::{OidcError, Provider};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::keys::Signer;
use crate::provider::TestProvider;

/// Of these tests only, from 2020 to 2120: an authority, and a server that it calls localhost.
const AUTHORITY: &[u8] = include_bytes!("tls_test_only/authority.pem");
const SERVER: &[u8] = include_bytes!("tls_test_only/server.der");
const SERVER_KEY: &[u8] = include_bytes!("tls_test_only/server.pk8");

/// Takes encrypted connections for the provider; its port.
async fn encrypt(test: &TestProvider) -> u16 {
    let (certificate, key) = (CertificateDer::from(SERVER), PrivatePkcs8KeyDer::from(SERVER_KEY));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    let config = config.with_single_cert(vec![certificate], key.into()).unwrap();
    let (acceptor, behind) = (TlsAcceptor::from(Arc::new(config)), test.address);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            // A client that does not believe us leaves here.
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut inner = TcpStream::connect(behind).await.unwrap();
            let _ = tokio::io::copy_bidirectional(&mut stream, &mut inner).await;
        }
    });
    port
}

#[tokio::test]
async fn a_certificate_is_believed_that_a_named_authority_signed_for_that_name() {
    let test = TestProvider::start(Signer::es256("a")).await;
    let port = encrypt(&test).await;
    for (host, authority, expected) in [
        ("localhost", AUTHORITY.to_vec(), None),
        ("127.0.0.1", AUTHORITY.to_vec(), Some("not valid for name")),
        // Well formed, and nobody's: one that signed nothing of this server.
        ("localhost", pem(SERVER), Some("UnknownIssuer")),
    ] {
        let issuer = format!("https://{host}:{port}");
        test.acts().document = json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/authorize"),
            "token_endpoint": format!("{issuer}/token"),
            "jwks_uri": format!("{issuer}/keys"),
        });
        let mut config = test.config();
        (config.issuer, config.authorities_pem) = (issuer, Some(authority));
        let found = Provider::discover(config).await;
        match (found, expected) {
            (Ok(_), None) => {}
            (Err(error @ OidcError::Unreachable { .. }), Some(cause)) => {
                assert!(error.to_string().contains(cause), "{error}");
            }
            (found, expected) => panic!("{expected:?}: {found:?}"),
        }
    }
}

fn pem(der: &[u8]) -> Vec<u8> {
    let text = data_encoding::BASE64.encode(der);
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n").into_bytes()
}
