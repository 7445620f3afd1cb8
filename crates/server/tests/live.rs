//! The limits of live streams, on a real socket.

#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use baari_access::Secret;
use baari_desk::{Clock, Config, Desk};
use baari_server::{Access, App, Limits, Live, Network};
use baari_store_sqlite::SqliteStore;
use jiff::tz::TimeZone;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// How long something that has to come may take.
const PATIENCE: Duration = Duration::from_secs(20);

struct Server {
    address: std::net::SocketAddr,
    doctor: String,
    _folder: tempfile::TempDir,
}

impl Server {
    async fn start(limits: Limits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(SqliteStore::open(&folder.path().join("baari.db")).unwrap());
        let clock = Clock::set("2026-02-02T03:30:00Z".parse().unwrap(), 0.0);
        let desk = Desk::open(store, Config { clock, ..Config::default() });
        let facility = desk.first_facility("Test", TimeZone::UTC).await.unwrap().id;
        let access = Access::open(Arc::clone(&desk), Secret::from_random([1; 32]), limits, facility);
        let app = App { desk, access: Arc::new(access), live: Arc::new(Live::new(limits)), metrics: None };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = baari_server::router(app, limits);
        tokio::spawn(baari_server::serve(
            listener,
            router,
            limits,
            Network::default(),
            std::future::pending(),
        ));
        let mut server = Self { address, doctor: String::new(), _folder: folder };
        server.doctor = server.add("/api/doctor", &format!(r#"{{"name":"{}"}}"#, "Rao".repeat(20))).await;
        server
    }

    /// Adds it; its identifier.
    async fn add(&self, path: &str, body: &str) -> String {
        let made = self.send("POST", path, body).await;
        assert!(made.starts_with("HTTP/1.1 201"), "{made}");
        made.split_once(r#""id":""#).unwrap().1[..36].to_owned()
    }

    async fn send(&self, method: &str, path: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    /// Opens the doctor's stream, and reads until it has said this.
    async fn listen(&self, until: &str) -> (TcpStream, String) {
        self.listen_at(&format!("/api/live/doctor/{}", self.doctor), until).await
    }

    async fn listen_at(&self, path: &str, until: &str) -> (TcpStream, String) {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let said = hear(&mut stream, until).await;
        (stream, said)
    }

    /// A slot of 14 minutes.
    async fn slot(&self, hour: u8, minute: u8) {
        let (doctor, end) = (&self.doctor, minute + 14);
        let body = format!(
            r#"{{"doctor_id":"{doctor}","slot_date":"2026-02-02","start_time":"{hour:02}:{minute:02}",
            "end_time":"{hour:02}:{end:02}","max_count":1,"hard_limit":1}}"#
        );
        self.add("/api/slot", &body).await;
    }

    async fn late(&self, minutes: u64) {
        let path = format!("/api/doctor/{}/delay", self.doctor);
        let body = format!(r#"{{"minutes":{minutes},"reason":"{}"}}"#, "x".repeat(200));
        let said = self.send("POST", &path, &body).await;
        assert!(said.starts_with("HTTP/1.1 200"), "{said}");
    }
}

async fn hear(stream: &mut TcpStream, until: &str) -> String {
    let (mut said, mut buffer) = (String::new(), [0; 4096]);
    let hear = async {
        while !said.contains(until) {
            let bytes = stream.read(&mut buffer).await.unwrap();
            assert!(bytes > 0, "it ended after {said}");
            said.push_str(&String::from_utf8_lossy(&buffer[..bytes]));
        }
    };
    assert!(tokio::time::timeout(PATIENCE, hear).await.is_ok(), "{until} was not heard");
    said
}

#[tokio::test]
async fn one_stream_too_many_is_told_when_to_come_again() {
    let server = Server::start(Limits { streams: 2, ..Limits::default() }).await;
    let (one, _) = server.listen("\n\n\r\n").await;
    let (_two, _) = server.listen("\n\n\r\n").await;
    let (_, three) = server.listen("/problem/busy").await;
    assert!(three.starts_with("HTTP/1.1 503") && three.contains("retry-after: 1\r\n"), "{three}");
    assert!(server.send("GET", "/health/live", "").await.ends_with("ok\n"), "the others are served");
    drop(one);
    // The server notices by the connection that its place is free.
    let begun = Instant::now();
    loop {
        let (_, said) = server.listen("\r\n\r\n").await;
        if said.starts_with("HTTP/1.1 200") {
            break;
        }
        assert!(begun.elapsed() < PATIENCE, "{said}");
    }
}

#[tokio::test]
async fn a_stream_with_nothing_to_say_says_so() {
    let heartbeat = Duration::from_millis(100);
    let server = Server::start(Limits { heartbeat, ..Limits::default() }).await;
    let (mut stream, _) = server.listen("data: ").await;
    for _ in 0..3 {
        let begun = Instant::now();
        let said = hear(&mut stream, ": still here\n\n").await;
        assert!(!said.contains("data: "), "{said}");
        assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    }
    server.slot(9, 0).await;
    hear(&mut stream, "data: ").await;
}

#[tokio::test]
async fn who_leaves_everything_unread_loses_the_place_to_somebody_who_reads() {
    let unread = Duration::from_millis(200);
    let server = Server::start(Limits { streams: 1, unread, ..Limits::default() }).await;
    // Many slots make long messages.
    for hour in 4..24 {
        for quarter in 0..4 {
            server.slot(hour, quarter * 15).await;
        }
    }
    let (_deaf, _) = server.listen("data: ").await;
    let (_, said) = server.listen("\r\n\r\n").await;
    assert!(said.starts_with("HTTP/1.1 503"), "{said}");
    let begun = Instant::now();
    for minutes in 1_u64.. {
        server.late(20 + minutes % 2).await;
        let (_, said) = server.listen("\r\n\r\n").await;
        if said.starts_with("HTTP/1.1 200") {
            break;
        }
        assert!(begun.elapsed() < PATIENCE, "the place is never free");
    }
}

#[tokio::test]
async fn a_patients_new_name_is_at_once_where_it_is_shown() {
    let server = Server::start(Limits::default()).await;
    server.slot(9, 0).await;
    let patient = server.add("/api/patient", r#"{"name":"Emergency 1"}"#).await;
    let doctor = &server.doctor;
    let book = format!(r#"{{"patient_id":"{patient}","doctor_id":"{doctor}","source":"walk_in"}}"#);
    server.add("/api/token/book", &book).await;
    // The clock stands still: nothing but the name is news.
    for (path, name) in
        [("/desk/live".to_owned(), "Ramesh Patil"), (format!("/doctor/{doctor}/live"), "Asha Rao")]
    {
        let (mut stream, _) = server.listen_at(&path, "</").await;
        let renamed = format!(r#"{{"name":"{name}"}}"#);
        let said = server.send("PATCH", &format!("/api/patient/{patient}"), &renamed).await;
        assert!(said.starts_with("HTTP/1.1 200"), "{said}");
        hear(&mut stream, name).await;
    }
}
