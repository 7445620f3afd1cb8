//! The server, without sockets; its database can be looked into beside it.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use baari_access::Secret;
use baari_desk::{Clock, Config, Desk};
use baari_engine::FacilityId;
use baari_server::{Access, App, Limits, Live, PrinterAddress, Printers};
use baari_store::Along;
use baari_store_sqlite::SqliteStore;
use http_body_util::BodyExt;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tower::ServiceExt;

use crate::database::{Digest, digest};

/// What the clock shows at first: a Monday, half an hour into the first slot.
pub(crate) const NOW: &str = "2026-02-02T03:30:00Z";
pub(crate) const TODAY: &str = "2026-02-02";
pub(crate) const TOMORROW: &str = "2026-02-03";

/// How long something that has to come may take.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);

pub(crate) struct Server {
    pub(crate) desk: Arc<Desk>,
    /// The facility `main`.
    pub(crate) main: FacilityId,
    router: Router,
    hand: Arc<AtomicI64>,
    slips: Mutex<UnboundedReceiver<Vec<u8>>>,
    folder: tempfile::TempDir,
}

/// An answer, read to its end; of a stream, its first message.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The stable name of the problem; empty if it is none.
    pub(crate) fn problem(&self) -> String {
        let json: Value = serde_json::from_str(&self.body).unwrap_or_default();
        json["type"].as_str().and_then(|kind| kind.strip_prefix("/problem/")).unwrap_or_default().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{self:?}");
        self
    }

    #[track_caller]
    pub(crate) fn refused_as(self, status: u16, code: &str) -> Self {
        assert_eq!((self.status.as_u16(), self.problem().as_str()), (status, code), "{self:?}");
        self
    }
}

/// A printer, and the slips that come out of it.
async fn printer() -> (PrinterAddress, UnboundedReceiver<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("desk={}", listener.local_addr().unwrap());
    let (out, slips) = unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut slip = Vec::new();
            stream.read_to_end(&mut slip).await.unwrap();
            // A test that looks at no slip has nobody to take them.
            let _ = out.send(slip);
        }
    });
    (address.parse().unwrap(), slips)
}

impl Server {
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(SqliteStore::open(&folder.path().join("baari.db")).unwrap());
        let hand = Arc::new(AtomicI64::new(NOW.parse::<Timestamp>().unwrap().as_microsecond()));
        let clock = Clock::by_hand(Arc::clone(&hand));
        let desk = Desk::open(store, Config { clock: clock.clone(), ..Config::default() });
        let main = desk.first_facility("Test", TimeZone::UTC).await.unwrap().id;
        let many = NonZeroU32::new(100_000).unwrap();
        let limits = Limits { changes_per_second: many, requests_per_second: many, ..Limits::default() };
        let secret = Secret::from_random([1; 32]);
        let access = Access::closed(Arc::clone(&desk), secret, limits, Some("https://baari.test".to_owned()));
        let (printer, slips) = printer().await;
        let access = access.with_printers(Printers::new(vec![printer]).unwrap());
        let access = access.by_clock(clock);
        let live = Arc::new(Live::new(limits));
        let app = App { desk: Arc::clone(&desk), access: Arc::new(access), live, metrics: None };
        Self { desk, main, router: baari_server::router(app, limits), hand, slips: Mutex::new(slips), folder }
    }

    /// The next slip that comes out of the printer `desk`.
    pub(crate) async fn slip(&self) -> Vec<u8> {
        let mut slips = self.slips.lock().await;
        tokio::time::timeout(PATIENCE, slips.recv()).await.unwrap().unwrap()
    }

    /// One more facility. They are listed for some seconds: before the first request.
    pub(crate) async fn facility(&self, slug: &str) -> FacilityId {
        let facility = self.desk.facility_new(slug.to_owned(), "Elsewhere".to_owned(), TimeZone::UTC);
        self.desk.store().facility_put(&facility, &Along::default()).await.unwrap();
        facility.id
    }

    pub(crate) fn advance(&self, by: SignedDuration) {
        let micros = i64::try_from(by.as_micros()).unwrap();
        self.hand.fetch_add(micros, Ordering::AcqRel);
    }

    /// Lets the time pass as well by which the server remembers what it looked up, or wrote down, a moment ago.
    pub(crate) async fn advance_and_forget(&self, by: SignedDuration) {
        self.advance(by);
        tokio::time::pause();
        tokio::time::advance(std::time::Duration::from_secs(11 * 60)).await;
        tokio::time::resume();
    }

    pub(crate) async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, mut body) = response.into_parts();
        let kind = parts.headers.get(header::CONTENT_TYPE).map(|kind| kind.to_str().unwrap().to_owned());
        let mut bytes = Vec::new();
        if kind.as_deref() == Some("text/event-stream") {
            while !bytes.windows(5).any(|part| part == b"data:") {
                bytes.extend(body.frame().await.unwrap().unwrap().into_data().unwrap());
            }
        } else {
            bytes = body.collect().await.unwrap().to_bytes().to_vec();
        }
        let body = String::from_utf8(bytes).unwrap();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Opens a stream, and reads its first message.
    pub(crate) async fn listen(&self, path: &str, headers: &[(&str, &str)]) -> Body {
        let mut request = Request::builder().uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let mut body = response.into_body();
        hear(&mut body).await.unwrap();
        body
    }

    /// Asks with these headers; a body is JSON.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = match body {
            None => Body::empty(),
            Some(json) => {
                let text = json.to_string();
                request =
                    request.header("content-type", "application/json").header("content-length", text.len());
                Body::from(text)
            }
        };
        self.ask(request.body(body).unwrap()).await
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("baari.db")
    }

    /// What the database holds, of one facility or of all.
    pub(crate) fn digest(&self, of: Option<FacilityId>) -> Digest {
        digest(&self.path(), of)
    }
}

/// The next message of a stream; none when it has ended.
pub(crate) async fn hear(stream: &mut Body) -> Option<String> {
    let frame = tokio::time::timeout(PATIENCE, stream.frame()).await.expect("it says something, or ends");
    let data = frame?.unwrap().into_data().unwrap();
    Some(String::from_utf8(data.to_vec()).unwrap())
}
