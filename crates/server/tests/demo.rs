//! A demonstration lets people in by a click: only on a server that is one, only from this computer, only from its own pages.

#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use std::net::SocketAddr;
use std::sync::Arc;

use baari_access::Secret;
use baari_desk::{Clock, Config, Desk};
use baari_engine::UserId;
use baari_server::{Access, App, Demo, Limits, Live, Network};
use baari_store::{Along, Role, User};
use baari_store_sqlite::SqliteStore;
use jiff::tz::TimeZone;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Everything that only a demonstration has.
const ROUTES: [(&str, &str, &str); 5] = [
    ("GET", "/demo", ""),
    ("GET", "/demo/phone", ""),
    ("GET", "/demo/clock", ""),
    ("POST", "/demo/be", "who=asha"),
    ("POST", "/demo/speed", "speed=60&back=%2Fdemo"),
];
const OWN: &str = "Sec-Fetch-Site: same-origin\r\n";

struct Server {
    address: SocketAddr,
    desk: Arc<Desk>,
    _folder: tempfile::TempDir,
}

impl Server {
    /// Whoever asks from this computer is a proxy here, so that a request can come from elsewhere.
    async fn start(demo: Option<Demo>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(SqliteStore::open(&folder.path().join("baari.db")).unwrap());
        let clock = Clock::set("2026-02-02T03:30:00Z".parse().unwrap(), 0.0);
        let desk = Desk::open(store, Config { clock, ..Config::default() });
        let facility = desk.first_facility("Test", TimeZone::UTC).await.unwrap().id;
        for (name, active) in [("asha", true), ("gone", false)] {
            let user = User {
                id: UserId::from_uuid(desk.mint_id()),
                name: name.to_owned(),
                called: name.to_owned(),
                role: Role::Reception,
                doctor: None,
                password: None,
                must_change: false,
                subject: None,
                active,
                created_at: desk.now(),
                version: 0,
            };
            desk.store().user_put(facility, &user, &Along::default()).await.unwrap();
        }
        let limits = Limits::default();
        let mut access = Access::closed(Arc::clone(&desk), Secret::from_random([1; 32]), limits, None);
        if let Some(demo) = demo {
            access = access.for_demo(demo);
        }
        let live = Arc::new(Live::new(limits));
        let app = App { desk: Arc::clone(&desk), access: Arc::new(access), live, metrics: None };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let network = Network { proxies: "127.0.0.0/8".parse().unwrap(), tls: None };
        let router = baari_server::router(app, limits);
        tokio::spawn(baari_server::serve(listener, router, limits, network, std::future::pending()));
        Self { address, desk, _folder: folder }
    }

    async fn demo() -> Self {
        Self::start(Some(Demo { board: "a key".to_owned(), kiosk: "another".to_owned() })).await
    }

    async fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }
}

#[track_caller]
fn is(answer: &str, status: u16) {
    assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
}

#[tokio::test]
async fn a_hospital_s_server_has_no_such_pages() {
    let server = Server::start(None).await;
    for (method, path, body) in ROUTES {
        is(&server.ask(method, path, OWN, body).await, 404);
    }
    assert!(server.ask("GET", "/sign-in", "", "").await.contains("type=\"password\""));
}

#[tokio::test]
async fn from_elsewhere_there_is_no_demonstration() {
    let server = Server::demo().await;
    let elsewhere = format!("{OWN}X-Forwarded-For: 198.51.100.1\r\n");
    for (method, path, body) in ROUTES {
        is(&server.ask(method, path, &elsewhere, body).await, 404);
    }
}

#[tokio::test]
async fn only_its_own_pages_let_anybody_in() {
    let server = Server::demo().await;
    for headers in [
        "",
        "Sec-Fetch-Site: cross-site\r\n",
        "Sec-Fetch-Site: same-site\r\n",
        "Sec-Fetch-Site: none\r\n",
        "Origin: https://evil.example\r\n",
        "Origin: null\r\n",
    ] {
        for (path, body) in [("/demo/be", "who=asha"), ("/demo/be", "who=board"), ("/demo/speed", "speed=60")]
        {
            let answer = server.ask("POST", path, headers, body).await;
            is(&answer, 403);
            assert!(!answer.contains("set-cookie"), "{answer}");
        }
    }
    assert_eq!(server.desk.clock().speed(), Some(0.0));
}

#[tokio::test]
async fn a_click_is_a_session_of_somebody_who_works_here() {
    let server = Server::demo().await;
    let entered = server.ask("POST", "/demo/be", OWN, "who=asha").await;
    is(&entered, 303);
    assert!(entered.contains("location: /desk"), "{entered}");
    let cookie = entered.split_once("set-cookie: ").unwrap().1.split(';').next().unwrap();
    let session = server.ask("GET", "/api/session", &format!("Cookie: {cookie}\r\n"), "").await;
    assert!(session.contains("\"name\":\"asha\""), "{session}");
    // Whoever may see the board anyway stays who they are.
    let board = server.ask("POST", "/demo/be", &format!("{OWN}Cookie: {cookie}\r\n"), "who=board").await;
    assert!(board.contains("location: /board") && !board.contains("set-cookie"), "{board}");
    let board = server.ask("POST", "/demo/be", OWN, "who=board").await;
    assert!(board.contains("location: /board") && board.contains("__Host-baari=a key;"), "{board}");
    for nobody in ["who=gone", "who=nobody", "who="] {
        is(&server.ask("POST", "/demo/be", OWN, nobody).await, 404);
    }
}

#[tokio::test]
async fn the_clock_runs_as_fast_as_its_buttons_say() {
    let server = Server::demo().await;
    let answer = server.ask("POST", "/demo/speed", OWN, "speed=60&back=%2Fdemo").await;
    is(&answer, 303);
    assert!(answer.contains("location: /demo\r\n"), "{answer}");
    assert_eq!(server.desk.clock().speed(), Some(60.0));
    for (body, expected) in
        [("speed=10&back=%2F%2Fevil.example", 10.0), ("speed=0", 10.0), ("speed=1e9", 10.0)]
    {
        let answer = server.ask("POST", "/demo/speed", OWN, body).await;
        assert!(!answer.contains("evil"), "{answer}");
        assert_eq!(server.desk.clock().speed(), Some(expected), "{body}");
    }
    let page = server.ask("GET", "/demo", "Accept: text/html\r\n", "").await;
    assert!(page.contains("data-speed=\"10\"") && page.contains("class=\"demo-bar\""), "{page}");
}

#[tokio::test]
async fn whoever_is_nobody_yet_is_shown_whom_they_can_be() {
    let server = Server::demo().await;
    let page = server.ask("GET", "/", "Accept: text/html\r\n", "").await;
    assert!(page.contains("location: /sign-in?next=%2F"), "{page}");
    assert!(server.ask("GET", "/sign-in?next=%2F", "", "").await.contains("location: /demo\r\n"));
}
