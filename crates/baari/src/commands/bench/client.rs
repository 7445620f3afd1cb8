//! One keep-alive connection over a real socket: hyper's HTTP/1 client and nothing around it.

use std::net::SocketAddr;

use anyhow::{Context, Result, ensure};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{CONTENT_TYPE, ETAG, HOST, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// What a request carries.
pub(super) type Outgoing = Request<Full<Bytes>>;

/// How much of an unexpected answer an error shows.
const SHOWN_CHARACTERS: usize = 400;

/// One connection, on the runtime that it was opened on.
pub(super) struct Client {
    sender: SendRequest<Full<Bytes>>,
    host: HeaderValue,
}

impl Client {
    pub(super) async fn connect(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await.context("connecting to the server")?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await.context("speaking HTTP")?;
        // Its end is noticed by the next request.
        tokio::spawn(async move { drop(connection.await) });
        let host = HeaderValue::from_str(&address.to_string()).context("the server's address")?;
        Ok(Self { sender, host })
    }

    /// Sends a request, and reads the answer to its end.
    pub(super) async fn send(&mut self, mut request: Outgoing) -> Result<Response<Bytes>> {
        request.headers_mut().insert(HOST, self.host.clone());
        self.sender.ready().await.context("the connection was closed")?;
        let response = self.sender.send_request(request).await.context("no answer")?;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.context("reading the answer")?.to_bytes();
        Ok(Response::from_parts(parts, body))
    }

    /// The body of a page that is there.
    pub(super) async fn get(&mut self, path: &str) -> Result<Bytes> {
        let response = self.send(get(path, None)?).await?;
        check(&response, StatusCode::OK)?;
        Ok(response.into_body())
    }

    /// The `ETag` of a page.
    pub(super) async fn etag(&mut self, path: &str) -> Result<HeaderValue> {
        let response = self.send(get(path, None)?).await?;
        check(&response, StatusCode::OK)?;
        response.headers().get(ETAG).cloned().context("an answer without an ETag")
    }

    /// Changes a queue; its version from then on, and the answer.
    pub(super) async fn change(&mut self, request: Outgoing) -> Result<(u64, Bytes)> {
        let response = self.send(request).await?;
        let status = response.status();
        ensure!(status.is_success(), "the server answered {status}: {}", shown(response.body()));
        let etag = response.headers().get(ETAG).and_then(|etag| etag.to_str().ok());
        let version = etag.and_then(|etag| etag.trim_matches('"').parse().ok());
        Ok((version.context("an answer without a version")?, response.into_body()))
    }
}

/// A request for a page; with an `ETag`, only if it is another one by now.
pub(super) fn get(path: &str, seen: Option<&HeaderValue>) -> Result<Outgoing> {
    let mut request = Request::builder().uri(path);
    if let Some(seen) = seen {
        request = request.header("if-none-match", seen);
    }
    request.body(Full::default()).context("making a request")
}

/// A request that carries JSON.
pub(super) fn post(path: &str, json: String) -> Result<Outgoing> {
    carry(Method::POST, path, json)
}

/// A request that carries JSON, with any method.
pub(super) fn carry(method: Method, path: &str, json: String) -> Result<Outgoing> {
    let request = Request::builder().method(method).uri(path);
    let request = request.header(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    request.body(Full::from(json)).context("making a request")
}

/// Any other answer ends the measurement: a figure that counts errors means nothing.
pub(super) fn check(response: &Response<Bytes>, expected: StatusCode) -> Result<()> {
    let status = response.status();
    ensure!(
        status == expected,
        "the server answered {status} instead of {expected}: {}",
        shown(response.body())
    );
    Ok(())
}

fn shown(body: &[u8]) -> String {
    String::from_utf8_lossy(body).chars().take(SHOWN_CHARACTERS).collect()
}
