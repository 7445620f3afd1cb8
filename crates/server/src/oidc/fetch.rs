//! One request to the provider and its answer, with a limit on everything.
//!
//! A connection a request: a sign-in needs one or two, and a pool would only hold connections that the provider has closed.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{Method, Request, StatusCode, header};
use bytes::Bytes;
use futures_util::future::{Either, select};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::address::Address;
use super::error::{Asked, OidcError};

/// Discovery documents and key sets have a few thousand bytes.
const BYTES_MAX: usize = 256 * 1024;
/// For all of it, from the name's address to the last byte.
const PATIENCE: Duration = Duration::from_secs(10);

/// A request to the provider.
pub(super) struct Ask<'a> {
    pub(super) what: Asked,
    pub(super) at: &'a Address,
    pub(super) authorization: Option<String>,
    /// Sent as a form with POST; without it, it is a GET.
    pub(super) form: Option<String>,
}

/// What fetches.
pub(super) struct Fetch {
    /// `None` when the provider runs on this machine without encryption.
    tls: Option<TlsConnector>,
}

impl Fetch {
    pub(super) fn plain() -> Self {
        Self { tls: None }
    }

    /// Believes certificates that are signed by these authorities; by those the system trusts when `None`.
    ///
    /// # Errors
    /// The certificates can't be used.
    pub(super) fn encrypted(authorities_pem: Option<&[u8]>) -> Result<Self, OidcError> {
        let wrong = |must: String| OidcError::Setting { setting: "authorities_pem", must };
        let mut roots = RootCertStore::empty();
        if let Some(pem) = authorities_pem {
            for certificate in CertificateDer::pem_slice_iter(pem) {
                let certificate = certificate.map_err(|error| wrong(format!("can't be read: {error}")))?;
                roots.add(certificate).map_err(|error| wrong(format!("can't be used: {error}")))?;
            }
        } else {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
        if roots.is_empty() {
            return Err(wrong("must hold a certificate, or the system must have trusted ones".to_owned()));
        }
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| wrong(format!("is of no use: {error}")))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { tls: Some(TlsConnector::from(Arc::new(config))) })
    }

    /// The answer's status and body.
    ///
    /// # Errors
    /// No answer, or one that is too slow or too large.
    pub(super) async fn send(&self, ask: Ask<'_>) -> Result<(StatusCode, Bytes), OidcError> {
        let (what, at) = (ask.what, ask.at.authority().to_owned());
        let answer = tokio::time::timeout(PATIENCE, self.exchange(ask)).await;
        let answer =
            answer.map_err(|_| OidcError::TooSlow { what, at: at.clone(), seconds: PATIENCE.as_secs() })?;
        answer.map_err(|error| match error.downcast_ref::<LengthLimitError>() {
            Some(_) => OidcError::TooLarge { what, at, bytes_max: BYTES_MAX },
            None => OidcError::Unreachable { what, at, cause: error.to_string() },
        })
    }

    async fn exchange(&self, ask: Ask<'_>) -> Result<(StatusCode, Bytes), Fault> {
        let address = ask.at;
        let stream = TcpStream::connect((address.host(), address.port())).await?;
        let request = request(ask)?;
        match &self.tls {
            Some(tls) if address.is_encrypted() => {
                let name = ServerName::try_from(address.host().to_owned())?;
                converse(tls.connect(name, stream).await?, request).await
            }
            None if !address.is_encrypted() => converse(stream, request).await,
            _ => Err("the provider mixes http and https addresses".into()),
        }
    }
}

type Fault = Box<dyn std::error::Error + Send + Sync>;

fn request(ask: Ask<'_>) -> Result<Request<Full<Bytes>>, axum::http::Error> {
    let mut builder = Request::builder()
        .uri(ask.at.path_and_query())
        .header(header::HOST, ask.at.authority())
        .header(header::ACCEPT, "application/json")
        .header(header::CONNECTION, "close");
    if let Some(authorization) = ask.authorization {
        builder = builder.header(header::AUTHORIZATION, authorization);
    }
    if let Some(form) = ask.form {
        let builder = builder.method(Method::POST);
        builder.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(Full::new(form.into()))
    } else {
        builder.body(Full::default())
    }
}

async fn converse<S>(stream: S, request: Request<Full<Bytes>>) -> Result<(StatusCode, Bytes), Fault>
where
    S: AsyncRead + AsyncWrite + Send + Unpin,
{
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let answer = async {
        let response = sender.send_request(request).await?;
        let status = response.status();
        let body = Limited::new(response.into_body(), BYTES_MAX).collect().await?;
        Ok((status, body.to_bytes()))
    };
    // Not a task of its own: when time is up both are dropped, and the connection with them.
    match select(std::pin::pin!(answer), std::pin::pin!(connection)).await {
        Either::Left((answer, _)) => answer,
        Either::Right((_, answer)) => answer.await,
    }
}
