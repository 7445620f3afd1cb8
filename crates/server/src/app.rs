//! The application: its state, its routes, and the limits around them.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::extract::Request;
use axum::http::{StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use baari_desk::Desk;
use governor::clock::DefaultClock;
use metrics_exporter_prometheus::PrometheusHandle;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

use crate::access::Access;
use crate::address::is_loopback;
use crate::api;
use crate::body::read_first;
use crate::live::Live;
use crate::observe::observe;
use crate::pages::in_their_language;
use crate::problem::{self, Problem};
use crate::rate::Rate;

/// What every handler can reach.
#[derive(Clone)]
pub struct App {
    /// The desk.
    pub desk: Arc<Desk>,
    /// Who may come in.
    pub access: Arc<Access>,
    /// The live streams.
    pub live: Arc<Live>,
    /// Where the metrics are.
    pub metrics: Option<PrometheusHandle>,
}

/// The limits of the server.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The largest body that is read, in bytes.
    pub body_bytes: usize,
    /// How long a request may take from its first to its last byte; longer than the database's own limits.
    pub request: Duration,
    /// Connections held at once.
    pub connections: usize,
    /// Connections held at once by one client: an address, or an IPv6 /64. Proxies that are trusted and this computer may hold
    /// as many as there are.
    pub connections_per_client: usize,
    /// Requests a second of one client, and five times as many at once. This computer may send what it likes.
    pub requests_per_second: NonZeroU32,
    /// How long TLS may take to begin.
    pub handshake: Duration,
    /// How long the head of a request may take to arrive, and how long a connection may be idle.
    pub head: Duration,
    /// Live streams held at once: fewer than connections, so that there is always room for the desk.
    pub streams: usize,
    /// Changes that one user or key may make in a second.
    pub changes_per_second: NonZeroU32,
    /// A live stream that has nothing to say says so this often, so that both sides know that it lives.
    pub heartbeat: Duration,
    /// How long the other side of a connection may leave what is sent unread.
    pub unread: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 64 * 1024,
            request: Duration::from_secs(60),
            connections: 20_000,
            connections_per_client: 512,
            requests_per_second: NonZeroU32::new(200).expect("200 is not 0"),
            handshake: Duration::from_secs(10),
            head: Duration::from_secs(30),
            streams: 15_000,
            changes_per_second: NonZeroU32::new(100).expect("100 is not 0"),
            heartbeat: Duration::from_secs(15),
            unread: Duration::from_secs(30),
        }
    }
}

/// All routes, with what surrounds them.
pub fn router(app: App, limits: Limits) -> Router {
    surrounded(api::routes(app.clone()), limits, Some(app))
}

/// `app`: whose pages are told in the hospital's name, where there are any.
pub(crate) fn surrounded(routes: Router, limits: Limits, app: Option<App>) -> Router {
    let rate = Arc::new(Rate::new(limits.requests_per_second, DefaultClock::default()));
    routes
        .fallback(async || Problem::new(problem::PATH_UNKNOWN, "there is nothing at this address: see /docs"))
        .layer(middleware::from_fn(move |request, next| read_first(limits.body_bytes, request, next)))
        .layer(DefaultBodyLimit::max(limits.body_bytes))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, limits.request))
        .layer(CatchPanicLayer::custom(|_| {
            // The panic itself is in the log already; it may name data, so the client is told nothing of it.
            let detail = "something went wrong here: the log says what; ask before you repeat the request";
            Problem::new(problem::DEFECT, detail).into_response()
        }))
        .layer(middleware::from_fn_with_state(rate, observe))
        .layer(middleware::from_fn_with_state(app, in_their_language))
}

/// Answers only when it is asked for by a loopback name. A page of another site can make a browser reach a loopback address
/// under a name of its own; without sign-in it could then read and book.
pub fn only_loopback_hosts(router: Router) -> Router {
    router.layer(middleware::from_fn(async |request: Request, next: Next| -> Response {
        let named = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
        let host = named.and_then(|host| host.parse::<Uri>().ok());
        let host = host.and_then(|uri| uri.host().map(str::to_owned));
        if host.as_deref().is_none_or(is_loopback) {
            return next.run(request).await;
        }
        let detail = "an open server answers for localhost and loopback addresses only";
        Problem::new(problem::HOST_UNKNOWN, detail).field("Host").into_response()
    }))
}
