//! What the program does for itself where no proxy does it: TLS, headers, limits for each client, logs without secrets.

use std::fs::Permissions;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::json;

use crate::support::{Database, Hospital, Reply, Server, baari};

/// How long something that has to come may take.
const PATIENCE: Duration = Duration::from_secs(20);

const LIVE: &str = "GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

/// The files of one certificate after the other.
struct Files {
    folder: tempfile::TempDir,
}

impl Files {
    fn new() -> Self {
        Self { folder: tempfile::TempDir::new().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A new certificate for localhost, in the files; what a client trusts by it.
    fn renew(&self) -> CertificateDer<'static> {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        std::fs::write(self.path("certificate.pem"), made.cert.pem()).unwrap();
        std::fs::write(self.path("key.pem"), made.signing_key.serialize_pem()).unwrap();
        std::fs::set_permissions(self.path("key.pem"), Permissions::from_mode(0o600)).unwrap();
        made.cert.der().clone()
    }

    fn server(&self, database: &Database, log: &Path) -> Server {
        let (certificate, key) = (self.path("certificate.pem"), self.path("key.pem"));
        let (certificate, key) = (certificate.to_str().unwrap(), key.to_str().unwrap());
        Server::start_logging_with(database, log, &["--tls-cert", certificate, "--tls-key", key])
    }
}

/// Asks over TLS, trusting this certificate only.
fn ask(address: &str, trusted: &CertificateDer<'static>, request: &str) -> std::io::Result<String> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let mut config = config.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let name = ServerName::try_from("localhost").unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = StreamOwned::new(connection, TcpStream::connect(address)?);
    stream.write_all(request.as_bytes())?;
    let mut said = String::new();
    stream.read_to_string(&mut said)?;
    assert_eq!(stream.conn.alpn_protocol(), Some(&b"http/1.1"[..]));
    Ok(said)
}

#[test]
fn tls_by_file_serves_those_who_speak_it_and_nobody_else() {
    let (database, files) = (Database::sqlite(), Files::new());
    let trusted = files.renew();
    let server = files.server(&database, &files.path("log"));
    let said = ask(&server.address, &trusted, LIVE).unwrap();
    assert!(said.starts_with("HTTP/1.1 200 OK\r\n") && said.ends_with("\r\n\r\nok\n"), "{said}");
    assert!(said.contains("strict-transport-security: max-age=31536000\r\n"), "{said}");
    let stranger = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    assert!(ask(&server.address, stranger.cert.der(), LIVE).is_err());
    let mut clear = TcpStream::connect(&server.address).unwrap();
    clear.write_all(LIVE.as_bytes()).unwrap();
    let mut said = Vec::new();
    // It may close with a reset.
    let _ = clear.read_to_end(&mut said);
    assert!(!said.starts_with(b"HTTP/"), "{said:?}");
    assert!(ask(&server.address, &trusted, LIVE).is_ok());
}

#[test]
fn a_hangup_renews_the_certificate_and_a_bad_one_changes_nothing() {
    let (database, files) = (Database::sqlite(), Files::new());
    let (old, log) = (files.renew(), files.path("log"));
    let mut server = files.server(&database, &log);
    let logged = |line: &str| {
        let begun = Instant::now();
        while !std::fs::read_to_string(&log).unwrap().contains(line) {
            assert!(begun.elapsed() < PATIENCE, "it is not logged: {line}");
            std::thread::yield_now();
        }
    };
    std::fs::write(files.path("certificate.pem"), "no certificate").unwrap();
    server.signal("HUP");
    logged("the certificate stays the old one");
    assert!(ask(&server.address, &old, LIVE).is_ok());
    let new = files.renew();
    server.signal("HUP");
    logged("new connections get the certificate");
    assert!(ask(&server.address, &new, LIVE).is_ok());
    assert!(ask(&server.address, &old, LIVE).is_err());
    server.terminate();
    assert!(server.ended(), "it ends well");
}

#[test]
fn a_key_that_everybody_may_read_is_warned_of() {
    let (database, files) = (Database::sqlite(), Files::new());
    files.renew();
    let warning = |log: &Path| {
        drop(files.server(&database, log));
        std::fs::read_to_string(log).unwrap().contains("everybody on this computer may read the key")
    };
    assert!(!warning(&files.path("log")));
    std::fs::set_permissions(files.path("key.pem"), Permissions::from_mode(0o644)).unwrap();
    assert!(warning(&files.path("log")));
}

#[test]
fn what_would_be_said_in_the_clear_on_a_network_is_not_served() {
    let (database, files) = (Database::sqlite(), Files::new());
    files.renew();
    let folder = database.data_dir().display().to_string();
    let (certificate, none) = (files.path("certificate.pem"), files.path("none"));
    let (certificate, none) = (certificate.to_str().unwrap(), none.to_str().unwrap());
    for (arguments, expected) in [
        (&["--listen", "0.0.0.0:0"][..], "in the clear"),
        (&["--listen", "[::]:0"], "in the clear"),
        (&["--open", "--tls-cert", certificate], "--tls-key"),
        (&["--open", "--tls-cert", certificate, "--tls-key", none], none),
        (&["--open", "--tls-cert", certificate, "--tls-key", certificate], "private key"),
        (&["--open", "--trusted-proxy", "everybody"], "10.0.0.0/8"),
    ] {
        let output = baari(&[&["serve", "--data-dir", &folder], arguments].concat());
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains(expected), "{arguments:?}: {said}");
        assert!(!said.contains("panicked"), "{arguments:?}: {said}");
    }
}

#[test]
fn every_kind_of_answer_tells_the_browser_what_not_to_do() {
    let database = Database::sqlite();
    let server = Server::start(&database);
    let hospital = Hospital::open(&server, 10, 12);
    let client = &server.client;
    let queue = format!("/api/doctor/{}", hospital.doctor);
    let post = |path: &str, body: &str| client.send_text("POST", path, body, &[]).unwrap();
    let etag = client.get(&queue).header("etag").unwrap().to_owned();
    let answers: Vec<(u16, Reply)> = vec![
        (200, client.get("/health/live")),
        (200, client.get("/openapi.json")),
        (200, client.get(&queue)),
        (304, client.get_with(&queue, &[("If-None-Match", &etag)])),
        (404, client.get("/api/nothing")),
        (405, client.get("/api/token/book")),
        (400, post("/api/token/book", "{")),
        (422, post("/api/token/book", "{}")),
        (201, hospital.book("walk_in")),
        (421, client.get_with("/api/setting", &[("Host", "evil.example")])),
    ];
    for (status, reply) in &answers {
        assert_eq!(reply.status, *status, "{}", reply.text);
        let policy = reply.header("content-security-policy").unwrap_or_default();
        assert!(policy.starts_with("default-src 'none'; frame-ancestors 'none'"), "{status}: {policy}");
    }
    let docs = client.get("/docs/");
    let policy = docs.header("content-security-policy").unwrap();
    assert!(policy.contains("script-src 'self';") && !policy.contains("unsafe"), "{policy}");
    // Nothing inline: the policy would stop it.
    assert!(!docs.text.contains("<style") && !docs.text.contains("<script>"), "{}", docs.text);
    for (status, reply) in answers.iter().chain([&(200, docs)]) {
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(reply.header(name), Some(value), "{status}");
        }
        assert!(reply.header("permissions-policy").is_some() && reply.header("cache-control").is_some());
        assert_eq!(reply.header("strict-transport-security"), None, "{status}: it came in the clear");
        assert_eq!(reply.header("server"), None, "{status}");
    }
}

#[test]
fn one_client_behind_a_proxy_sends_too_much_and_another_is_served() {
    let database = Database::sqlite();
    let arguments = ["--trusted-proxy", "127.0.0.1", "--requests-per-second", "1"];
    let server = Server::start_with(&database, &arguments);
    let from = |client: &str| server.client.get_with("/api/setting", &[("X-Forwarded-For", client)]);
    let refused = (0..100).map(|_| from("198.51.100.1")).find(|reply| reply.status != 200).unwrap();
    assert_eq!((refused.status, refused.problem()), (429, "too_many_requests"), "{}", refused.text);
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(refused.header("x-content-type-options"), Some("nosniff"));
    // Claiming to be somebody else does not help: the proxy appends who it really was.
    assert!((0..100).any(|n| from(&format!("203.0.113.{n}, 198.51.100.1")).status == 429));
    from("198.51.100.2").expect(200);
    let refused = (0..100).any(|client| from(&format!("2001:db8::{client:x}")).status == 429);
    assert!(refused, "a whole network of addresses is one client");
    from("2001:db8:0:1::1").expect(200);
    let metrics = server.client.get("/metrics").text;
    assert!(metrics.contains("status=\"429\"") && !metrics.contains("198.51.100"), "{metrics}");
}

#[test]
fn one_who_is_signed_in_changes_too_much_and_nobody_is_counted_on_an_open_server() {
    let database = Database::sqlite();
    let given = [("BAARI_ADMIN_PASSWORD", "teal monsoon ladder"), ("BAARI_CHANGES_PER_SECOND", "1")];
    let server = Server::start_closed(&database, &given, &database.data_dir().with_extension("log"));
    let body = json!({"name": "admin", "password": "teal monsoon ladder"});
    let reply = server.client.post("/api/session", &body);
    let session = reply.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let origin = format!("http://{}", server.address);
    let shown = [("Cookie", &*session), ("Origin", &origin)];
    let add = |n: u32| server.client.post_with("/api/doctor", &json!({"name": format!("Dr {n}")}), &shown);
    let refused = (0..100).map(add).find(|reply| reply.status != 201).unwrap();
    assert_eq!((refused.status, refused.problem()), (429, "too_many_requests"), "{}", refused.text);
    let database = Database::sqlite();
    let server = Server::start_with(&database, &["--changes-per-second", "1"]);
    for n in 0..50 {
        server.client.post("/api/doctor", &json!({"name": format!("Dr {n}")})).expect(201);
    }
}

#[test]
fn who_comes_from_this_computer_may_send_what_it_likes() {
    let database = Database::sqlite();
    let server = Server::start_with(&database, &["--requests-per-second", "1"]);
    for _ in 0..50 {
        // Nobody is trusted here, so this claim is not heard.
        let claim = [("X-Forwarded-For", "198.51.100.1")];
        assert_eq!(server.client.get_with("/health/live", &claim).status, 200);
    }
}

#[test]
fn secrets_are_never_logged() {
    let (database, files) = (Database::sqlite(), Files::new());
    for level in ["debug", "trace"] {
        let log = files.path(level);
        let server = Server::start_logging_with(&database, &log, &["--log", level, "--log-format", "json"]);
        let secrets = [("Authorization", "Bearer hushhush1"), ("Cookie", "session=hushhush2")];
        for path in
            ["/api/patient?key=hushhush3", "/api/nothing/hushhush4?key=hushhush3", "/api/token/hushhush5"]
        {
            server.client.get_with(path, &secrets);
            server.client.post_with(path, &json!({"password": "hushhush6", "name": 7}), &secrets);
        }
        let mut broken = TcpStream::connect(&server.address).unwrap();
        broken.write_all(b"GET /?key=hushhush3 HTTP/1.1\r\nCookie hushhush2\r\n\r\n").unwrap();
        let mut said = String::new();
        broken.read_to_string(&mut said).unwrap();
        assert!(said.starts_with("HTTP/1.1 400"), "{said}");
        drop(server);
        let lines = std::fs::read_to_string(&log).unwrap();
        assert!(lines.contains("\"route\":\"/api/patient\""), "{lines}");
        assert!(!lines.contains("hushhush"), "{lines}");
    }
}
