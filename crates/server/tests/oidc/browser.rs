//! The whole way: from this server to the provider with a browser, and back into a session.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use baari_access::Secret;
use baari_desk::{Clock, Config, Desk};
use baari_engine::UserId;
use baari_server::oidc::Begun;
use baari_server::{Access, App, Limits, Live, Network, serve};
use baari_store::{Along, Role, User};
use baari_store_sqlite::SqliteStore;
use jiff::tz::TimeZone;
use serde_json::json;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tower::ServiceExt;

use super::keys::Signer;
use super::provider::{NOW, SUBJECT, TestProvider};
use super::{at, browse, fetch};

struct Server {
    router: Router,
    desk: Arc<Desk>,
    _folder: TempDir,
}

impl Server {
    /// With a user who is `subject` at the provider.
    async fn start(test: &TestProvider, subject: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let store = Arc::new(SqliteStore::open(&folder.path().join("baari.db")).unwrap());
        let desk = Desk::open(store, Config { clock: Clock::set(at(NOW), 0.0), ..Config::default() });
        let facility = desk.first_facility("City", TimeZone::UTC).await.unwrap().id;
        let user = User {
            id: UserId::from_uuid(desk.mint_id()),
            name: "asha".to_owned(),
            called: "Asha".to_owned(),
            role: Role::Reception,
            doctor: None,
            password: None,
            must_change: false,
            subject: Some(format!("{} {subject}", test.issuer())),
            active: true,
            created_at: desk.now(),
            version: 0,
        };
        desk.store().user_put(facility, &user, &Along::default()).await.unwrap();
        let limits = Limits::default();
        let access = Access::closed(Arc::clone(&desk), Secret::from_random([1; 32]), limits, None);
        let access = access.by_clock(desk.clock().clone()).with_provider(test.config());
        let live = Arc::new(Live::new(limits));
        let app = App { desk: Arc::clone(&desk), access: Arc::new(access), live, metrics: None };
        Self { router: baari_server::router(app, limits), desk, _folder: folder }
    }

    async fn get(&self, path: &str, cookie: &str) -> Response<Body> {
        let request = Request::get(path).header(header::COOKIE, cookie).body(Body::empty()).unwrap();
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// To the provider; what the browser holds meanwhile, and what it comes back with.
    async fn begin(&self) -> (String, String) {
        let answer = self.get("/sign-in/oidc", "").await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        let url = answer.headers()[header::LOCATION].to_str().unwrap().to_owned();
        let begun = Begun { url, state: String::new(), nonce: String::new(), verifier: String::new() };
        let (code, state) = browse(&begun).await;
        let query = [("code", code), ("state", state)];
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
        (cookies(&answer).remove(0), format!("/sign-in/oidc/done?{query}"))
    }
}

/// What the browser keeps of an answer.
fn cookies(answer: &Response<Body>) -> Vec<String> {
    let all = answer.headers().get_all(header::SET_COOKIE).into_iter();
    all.map(|value| value.to_str().unwrap().split(';').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn who_an_administrator_has_written_down_comes_in() {
    let test = TestProvider::start(Signer::es256("one")).await;
    let server = Server::start(&test, SUBJECT).await;
    let (between, back) = server.begin().await;
    assert!(!between.contains("verifier"));
    let answer = server.get(&back, &between).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let session = cookies(&answer).into_iter().find(|cookie| cookie.starts_with("__Host-baari=")).unwrap();
    assert_eq!(server.get("/api/session", &session).await.status(), StatusCode::OK);
    assert_eq!(server.get("/api/audit", &session).await.status(), StatusCode::FORBIDDEN, "reception");
    let users =
        server.desk.store().user_list(server.desk.store().facility_list().await.unwrap()[0].id, None, 9);
    assert_eq!(users.await.unwrap().len(), 1, "nobody is added by coming");
}

#[tokio::test]
async fn who_is_not_written_down_or_comes_from_elsewhere_does_not_come_in() {
    let test = TestProvider::start(Signer::es256("one")).await;
    let stranger = Server::start(&test, "somebody else").await;
    let (between, back) = stranger.begin().await;
    assert_eq!(stranger.get(&back, &between).await.status(), StatusCode::UNAUTHORIZED);

    let server = Server::start(&test, SUBJECT).await;
    let (between, back) = server.begin().await;
    let (other, _) = server.begin().await;
    let asked = test.acts().asked;
    for (back, cookie) in [
        (back.as_str(), ""),
        (&back, "__Host-baari-oidc=nothing"),
        // Begun in another browser.
        (&back, &other),
        ("/sign-in/oidc/done?error=access_denied&state=x", &between),
        ("/sign-in/oidc/done", &between),
    ] {
        let answer = server.get(back, cookie).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{back} {cookie}");
        assert!(cookies(&answer).iter().all(|cookie| !cookie.starts_with("__Host-baari=")));
    }
    server.desk.clock().advance(at(NOW + 601));
    assert_eq!(server.get(&back, &between).await.status(), StatusCode::UNAUTHORIZED, "too late");
    assert_eq!(test.acts().asked, asked, "the provider is not troubled with them");
    // Nor is it looked for, on a server that has not found it yet.
    let server = Server::start(&test, SUBJECT).await;
    assert_eq!(server.get(&back, &other).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(server.get(&back, "").await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(test.acts().asked, asked);
}

#[tokio::test]
async fn codes_are_not_tried_without_end() {
    let test = TestProvider::start(Signer::es256("one")).await;
    let server = Server::start(&test, SUBJECT).await;
    let (between, back) = server.begin().await;
    let asked = test.acts().asked;
    let wrong = back.replace("code=code", "code=guess");
    for _ in 0..8 {
        assert_eq!(server.get(&wrong, &between).await.status(), StatusCode::UNAUTHORIZED);
    }
    let answer = server.get(&wrong, &between).await;
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(answer.headers().contains_key(header::RETRY_AFTER));
    assert_eq!(test.acts().asked, asked + 8);
    // Whoever begins anew comes in.
    let (between, back) = server.begin().await;
    assert_eq!(server.get(&back, &between).await.status(), StatusCode::OK);
}

/// As many as like come while the provider is away: it is looked for once, and again when the pause is over.
#[tokio::test]
async fn a_provider_that_is_away_is_left_alone_for_a_while() {
    let test = TestProvider::start(Signer::es256("one")).await;
    test.acts().document = json!({"jwks_uri": null});
    let server = Server::start(&test, SUBJECT).await;
    let all = futures_util::future::join_all((0..20).map(|_| server.get("/sign-in/oidc", ""))).await;
    for answer in all {
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(answer.headers().contains_key(header::RETRY_AFTER));
    }
    assert_eq!(test.acts().asked, 1);
    test.acts().document = json!({});
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(5)).await;
    assert_eq!(server.get("/sign-in/oidc", "").await.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(test.acts().asked, 1);
    tokio::time::advance(Duration::from_secs(5)).await;
    tokio::time::resume();
    assert_eq!(server.get("/sign-in/oidc", "").await.status(), StatusCode::SEE_OTHER);
    assert_eq!(test.acts().asked, 3, "what it says of itself, and its keys");
}

#[tokio::test]
async fn a_provider_is_looked_for_once_when_those_who_ask_go_away() {
    let test = TestProvider::start(Signer::es256("one")).await;
    let server = Server::start(&test, SUBJECT).await;
    let reached = async {
        while test.acts().asked == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        biased;
        () = reached => {}
        answer = server.get("/sign-in/oidc", "") => panic!("{answer:?}"),
    }
    assert_eq!(server.get("/sign-in/oidc", "").await.status(), StatusCode::SEE_OTHER);
    assert_eq!(test.acts().asked, 2, "what it says of itself, and its keys");
}

#[tokio::test]
async fn no_step_is_kept_in_a_browser() {
    let test = TestProvider::start(Signer::es256("one")).await;
    let server = Server::start(&test, SUBJECT).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (router, network) = (server.router.clone(), Network::default());
    tokio::spawn(serve(listener, router, Limits::default(), network, std::future::pending()));
    for (path, status) in [("/sign-in/oidc", "303"), ("/sign-in/oidc/done", "401")] {
        let answer = fetch(&address.to_string(), path).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
        assert!(answer.contains("\r\ncache-control: no-store\r\n"), "{answer}");
    }
}
