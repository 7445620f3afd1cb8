//! Signing in, and how a session comes to its end.

use baari_store::{Role, User};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::caller::by_key;
use crate::document::NEXT_PASSWORD;
use crate::server::{Answer, Server, hear};
use crate::world::{PASSWORD, World, session, text, user};

/// A browser's cookies.
#[derive(Debug, Clone, Default)]
struct Browser {
    session: String,
    device: String,
}

impl Browser {
    /// Tries to sign in, as a page of ours does.
    async fn try_in(&self, server: &Server, name: &str, password: &str) -> Answer {
        let cookies = format!("__Host-baari-device={}", self.device);
        let headers =
            [("cookie", cookies.as_str()), ("sec-fetch-site", "same-origin"), ("user-agent", "a browser")];
        let body = json!({ "name": name, "password": password });
        server.send("POST", "/api/session", &headers, Some(&body)).await
    }

    async fn sign_in(server: &Server, name: &str, password: &str) -> Self {
        let answer = Self::default().try_in(server, name, password).await.is(201);
        Self { session: cookie(&answer, "__Host-baari"), device: cookie(&answer, "__Host-baari-device") }
    }

    async fn ask(&self, server: &Server, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let cookies = format!("__Host-baari={}; __Host-baari-device={}", self.session, self.device);
        let headers = [("cookie", cookies.as_str()), ("sec-fetch-site", "same-origin")];
        server.send(method, path, &headers, body).await
    }

    async fn is_in(&self, server: &Server) -> bool {
        let answer = self.ask(server, "GET", "/api/session", None).await;
        if answer.status.as_u16() != 200 {
            drop(answer.is_problem(401, "not_signed_in"));
            return false;
        }
        true
    }
}

fn cookie(answer: &Answer, name: &str) -> String {
    let set = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    let value = set.filter_map(|set| set.strip_prefix(name)?.strip_prefix('=')?.split(';').next());
    value.map(str::to_owned).next().unwrap_or_else(|| panic!("{name} in {answer:?}"))
}

async fn somebody(server: &Server, role: Role) -> User {
    user(server, server.main, role, |_| {}).await
}

/// What an administrator does to a user.
async fn manage(server: &Server, method: &str, path: &str, body: Value) -> Answer {
    let admin = somebody(server, Role::Admin).await;
    let admin = session(server, server.main, admin.id, server.desk.now()).await;
    let bearer = format!("Bearer {admin}");
    server.send(method, path, &[("authorization", &bearer)], Some(&body)).await
}

#[tokio::test]
async fn signing_in_sets_cookies_that_no_script_and_no_other_host_gets() {
    let server = Server::start().await;
    let asha = somebody(&server, Role::Reception).await;
    let answer = Browser::default().try_in(&server, &asha.name.to_uppercase(), PASSWORD).await.is(201);
    let set: Vec<&str> =
        answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    assert_eq!(set.len(), 2, "{set:?}");
    for (set, begin, lasts) in
        [(set[0], "__Host-baari=baari_s_", 43_200), (set[1], "__Host-baari-device=", 7_776_000)]
    {
        assert!(set.starts_with(begin), "{set}");
        let mut attributes: Vec<&str> = set.split("; ").skip(1).collect();
        attributes.sort_unstable();
        assert_eq!(attributes, ["HttpOnly", &format!("Max-Age={lasts}"), "Path=/", "SameSite=Lax", "Secure"]);
    }
    assert!(!answer.body.contains("baari_s_"), "what the cookie holds is for no script: {answer:?}");
    let session = cookie(&answer, "__Host-baari");
    let browser = Browser { session, ..Browser::default() };
    let me = browser.ask(&server, "GET", "/api/session", None).await.is(200);
    assert!(!me.body.contains("baari_s_"), "{me:?}");
    assert_eq!(
        (text(&me.json(), "name"), &me.json()["sessions"][0]["agent"]),
        (asha.name, &json!("a browser"))
    );
}

#[tokio::test]
async fn a_session_ends_when_nobody_uses_it_and_after_a_shift() {
    let server = Server::start().await;
    let asha = somebody(&server, Role::Reception).await;
    let [idle, busy] = [(); 2].map(|()| Browser::sign_in(&server, &asha.name, PASSWORD));
    let (idle, busy) = (idle.await, busy.await);
    for hours in 1..12 {
        server.advance_and_forget(SignedDuration::from_hours(1)).await;
        assert!(busy.is_in(&server).await, "{hours}");
        if hours == 2 {
            assert!(!idle.is_in(&server).await);
        }
    }
    server.advance_and_forget(SignedDuration::from_mins(59)).await;
    assert!(busy.is_in(&server).await);
    server.advance_and_forget(SignedDuration::from_mins(1)).await;
    assert!(!busy.is_in(&server).await, "also who works without a pause signs in again");
}

#[tokio::test]
async fn signing_out_ends_this_session_or_all() {
    let server = Server::start().await;
    let (asha, ravi) = (somebody(&server, Role::Reception).await, somebody(&server, Role::Reception).await);
    let ravi = Browser::sign_in(&server, &ravi.name, PASSWORD).await;
    let mut browsers = Vec::new();
    for _ in 0..3 {
        browsers.push(Browser::sign_in(&server, &asha.name, PASSWORD).await);
    }
    let out = browsers[0].ask(&server, "DELETE", "/api/session", None).await.is(204);
    assert!(out.header("set-cookie").starts_with("__Host-baari=; Path=/; Max-Age=0;"), "{out:?}");
    assert!(!browsers[0].is_in(&server).await && browsers[1].is_in(&server).await);
    drop(browsers[1].ask(&server, "DELETE", "/api/session?everywhere=true", None).await.is(204));
    for browser in &browsers {
        assert!(!browser.is_in(&server).await);
    }
    assert!(ravi.is_in(&server).await, "nobody else is signed out");
}

#[tokio::test]
async fn a_new_password_ends_the_sessions_that_were_opened_with_the_old_one() {
    let server = Server::start().await;
    let asha = somebody(&server, Role::Reception).await;
    let here = Browser::sign_in(&server, &asha.name, PASSWORD).await;
    let there = Browser::sign_in(&server, &asha.name, PASSWORD).await;
    let change = async |current: &str, new: &str| {
        let body = json!({ "current": current, "new": new });
        here.ask(&server, "PUT", "/api/session/password", Some(&body)).await
    };
    drop(change("something-else", NEXT_PASSWORD).await.is_problem(401, "sign_in_wrong"));
    drop(change(PASSWORD, "password123").await.is_problem(422, "password_weak"));
    drop(change(PASSWORD, &format!("{}-12", asha.name)).await.is_problem(422, "password_weak"));
    assert!(there.is_in(&server).await, "what was refused changes nothing");
    drop(change(PASSWORD, NEXT_PASSWORD).await.is(204));
    assert!(here.is_in(&server).await && !there.is_in(&server).await);
    drop(there.try_in(&server, &asha.name, PASSWORD).await.is_problem(401, "sign_in_wrong"));
    drop(there.try_in(&server, &asha.name, NEXT_PASSWORD).await.is(201));
}

#[tokio::test]
async fn whoever_loses_a_role_or_their_place_is_out_at_once() {
    let server = Server::start().await;
    for (change, action) in
        [(json!({ "active": false }), ""), (json!({ "role": "supervisor" }), ""), (json!({}), "/reset")]
    {
        let asha = somebody(&server, Role::Reception).await;
        let browser = Browser::sign_in(&server, &asha.name, PASSWORD).await;
        assert!(browser.is_in(&server).await);
        let method = if action.is_empty() { "PATCH" } else { "POST" };
        let path = format!("/api/user/{}{action}", asha.id);
        assert!(manage(&server, method, &path, change.clone()).await.status.is_success());
        assert!(!browser.is_in(&server).await, "{change} {action}");
        drop(manage(&server, "PATCH", &path.replace("/reset", ""), json!({ "active": true })).await.is(200));
        assert!(!browser.is_in(&server).await, "what has ended does not come back");
    }
}

#[tokio::test]
async fn who_changes_their_password_while_they_are_disabled_stays_disabled() {
    let server = Server::start().await;
    let asha = somebody(&server, Role::Admin).await;
    let browser = Browser::sign_in(&server, &asha.name, PASSWORD).await;
    let body = json!({ "current": PASSWORD, "new": NEXT_PASSWORD });
    let change = browser.ask(&server, "PUT", "/api/session/password", Some(&body));
    let path = format!("/api/user/{}", asha.id);
    let disable = manage(&server, "PATCH", &path, json!({ "active": false, "role": "reception" }));
    let (_, disabled) = tokio::join!(change, disable);
    drop(disabled.is(200));
    let now = server.desk.store().user_get(server.main, asha.id).await.unwrap().unwrap();
    assert_eq!((now.active, now.role), (false, Role::Reception));
}

#[tokio::test]
async fn a_key_that_was_taken_back_opens_nothing_at_once() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    let made = world.did("POST", "/api/key", json!({ "name": "TV", "scopes": ["doctor_list"] })).await;
    let key = by_key(&text(&made, "key"));
    let headers = [(key[0].0, key[0].1.as_str())];
    drop(server.send("GET", "/api/doctor", &headers, None).await.is(200));
    world.did("DELETE", &format!("/api/key/{}", text(&made, "id")), json!({})).await;
    drop(server.send("GET", "/api/doctor", &headers, None).await.is_problem(401, "not_signed_in"));
    let other =
        world.did("POST", "/api/key", json!({ "name": "TV", "scopes": ["doctor_list"], "days": 1 })).await;
    let key = by_key(&text(&other, "key"));
    let headers = [(key[0].0, key[0].1.as_str())];
    drop(server.send("GET", "/api/doctor", &headers, None).await.is(200));
    server.advance_and_forget(SignedDuration::from_hours(24)).await;
    drop(server.send("GET", "/api/doctor", &headers, None).await.is_problem(401, "not_signed_in"));
}

#[tokio::test]
async fn a_wrong_password_and_a_wrong_name_are_answered_alike() {
    let server = Server::start().await;
    let asha = somebody(&server, Role::Reception).await;
    let gone = user(&server, server.main, Role::Admin, |user| user.active = false).await;
    let elsewhere = user(&server, server.main, Role::Admin, |user| user.password = None).await;
    let mut answers = Vec::new();
    for (name, password) in [
        (asha.name.as_str(), "not-the-password"),
        ("nobody", PASSWORD),
        (&gone.name, PASSWORD),
        (&elsewhere.name, PASSWORD),
        ("", ""),
    ] {
        let answer = Browser::default().try_in(&server, name, password).await;
        answers.push(answer.is_problem(401, "sign_in_wrong"));
    }
    let body = json!({ "facility": "there-is-none", "name": asha.name, "password": PASSWORD });
    answers.push(server.send("POST", "/api/session", &[], Some(&body)).await);
    for answer in &answers {
        assert_eq!((&answer.body, &answer.headers), (&answers[0].body, &answers[0].headers));
    }
}

#[tokio::test]
async fn strangers_wait_who_try_too_often_and_those_who_work_here_do_not() {
    let server = Server::start().await;
    let asha = somebody(&server, Role::Reception).await;
    for name in [asha.name.as_str(), "nobody"] {
        let known = if name == "nobody" {
            Browser::default()
        } else {
            Browser::sign_in(&server, name, PASSWORD).await
        };
        for _ in 0..8 {
            let tried = Browser::default().try_in(&server, name, "a guess").await;
            drop(tried.is_problem(401, "sign_in_wrong"));
        }
        let refused = Browser::default().try_in(&server, name, PASSWORD).await;
        let refused = refused.is_problem(429, "sign_in_too_often");
        let seconds: i64 = refused.header("retry-after").parse().unwrap();
        assert!((1..=16).contains(&seconds), "{refused:?}");
        let body = json!({ "facility": "main", "name": name, "password": PASSWORD });
        let named = server.send("POST", "/api/session", &[], Some(&body)).await;
        drop(named.is_problem(429, "sign_in_too_often"));
        if name == "nobody" {
            break;
        }
        drop(known.try_in(&server, name, PASSWORD).await.is(201));
        let mut forged = known.clone();
        forged.device.replace_range(..4, "AAAA");
        drop(forged.try_in(&server, name, PASSWORD).await.is_problem(429, "sign_in_too_often"));
        server.advance(SignedDuration::from_secs(seconds));
        drop(Browser::default().try_in(&server, name, PASSWORD).await.is(201));
    }
}

#[tokio::test]
async fn a_found_session_is_no_way_to_guess_the_password() {
    let server = Server::start().await;
    let asha = somebody(&server, Role::Reception).await;
    let browser = Browser::sign_in(&server, &asha.name, PASSWORD).await;
    let body = json!({ "current": "a guess", "new": NEXT_PASSWORD });
    for _ in 0..8 {
        let tried = browser.ask(&server, "PUT", "/api/session/password", Some(&body)).await;
        drop(tried.is_problem(401, "sign_in_wrong"));
    }
    let tried = browser.ask(&server, "PUT", "/api/session/password", Some(&body)).await;
    drop(tried.is_problem(429, "sign_in_too_often"));
}

#[tokio::test]
async fn what_another_site_makes_a_browser_ask_is_not_done() {
    let server = Server::start().await;
    let asha = somebody(&server, Role::Admin).await;
    let session = Browser::sign_in(&server, &asha.name, PASSWORD).await.session;
    let cookie = format!("__Host-baari={session}");
    let bearer = format!("Bearer {session}");
    let body = json!({ "name": "Dr Bose" });
    let ask = async |more: &[(&str, &str)]| {
        let before = server.digest(None);
        let answer = server.send("POST", "/api/doctor", more, Some(&body)).await;
        (answer, before == server.digest(None))
    };
    let by_cookie = ("cookie", cookie.as_str());
    let refused: &[&[(&str, &str)]] = &[
        &[by_cookie],
        &[by_cookie, ("origin", "https://evil.test")],
        &[by_cookie, ("origin", "https://evil.test"), ("host", "baari.test")],
        &[by_cookie, ("origin", "null"), ("host", "baari.test")],
        &[by_cookie, ("origin", "https://baari.test.evil.test"), ("host", "baari.test")],
        &[by_cookie, ("sec-fetch-site", "cross-site")],
        &[by_cookie, ("sec-fetch-site", "same-site")],
        &[by_cookie, ("sec-fetch-site", "cross-site"), ("origin", "https://baari.test")],
        &[("sec-fetch-site", "cross-site")],
        &[("origin", "https://evil.test"), ("host", "baari.test")],
    ];
    for more in refused {
        let (answer, same) = ask(more).await;
        drop(answer.is_problem(403, "cross_site"));
        assert!(same, "{more:?}");
    }
    let passed: &[&[(&str, &str)]] = &[
        &[by_cookie, ("sec-fetch-site", "same-origin")],
        &[by_cookie, ("sec-fetch-site", "none")],
        &[by_cookie, ("origin", "https://baari.test")],
        &[by_cookie, ("origin", "http://localhost:8080"), ("host", "localhost:8080")],
        &[("authorization", &bearer)],
    ];
    for more in passed {
        let (answer, same) = ask(more).await;
        assert!(!same, "{more:?} {:?}", answer.is(201));
    }
    drop(
        server.send("GET", "/api/doctor", &[by_cookie, ("sec-fetch-site", "cross-site")], None).await.is(200),
    );
}

#[tokio::test]
async fn the_last_administrator_stays_one() {
    let server = Server::start().await;
    let asha = somebody(&server, Role::Admin).await;
    drop(user(&server, server.main, Role::Admin, |user| user.active = false).await);
    let browser = Browser::sign_in(&server, &asha.name, PASSWORD).await;
    let path = format!("/api/user/{}", asha.id);
    let before = server.digest(None);
    for change in [json!({ "active": false }), json!({ "role": "supervisor" })] {
        let answer = browser.ask(&server, "PATCH", &path, Some(&change)).await;
        drop(answer.is_problem(409, "last_admin"));
    }
    assert_eq!(before, server.digest(None));
    drop(somebody(&server, Role::Admin).await);
    drop(browser.ask(&server, "PATCH", &path, Some(&json!({ "role": "supervisor" }))).await.is(200));
}

#[tokio::test]
async fn a_one_time_password_is_changed_before_anything_else() {
    let server = Server::start().await;
    let made = manage(&server, "POST", "/api/user", json!({ "name": "nila", "role": "supervisor" })).await;
    let once = text(&made.is(201).json(), "password");
    let browser = Browser::sign_in(&server, "nila", &once).await;
    for path in ["/api/doctor", "/api/patient", "/api/setting"] {
        let answer = browser.ask(&server, "GET", path, None).await;
        drop(answer.is_problem(403, "password_change_needed"));
    }
    assert!(browser.is_in(&server).await, "one sees oneself");
    let body = json!({ "current": once, "new": NEXT_PASSWORD });
    drop(browser.ask(&server, "PUT", "/api/session/password", Some(&body)).await.is(204));
    drop(browser.ask(&server, "GET", "/api/doctor", None).await.is(200));
    drop(browser.try_in(&server, "nila", &once).await.is_problem(401, "sign_in_wrong"));
}

#[tokio::test]
async fn a_session_can_be_shown_in_a_header_and_nonsense_there_is_nobody() {
    let server = Server::start().await;
    let asha = somebody(&server, Role::Reception).await;
    let session = Browser::sign_in(&server, &asha.name, PASSWORD).await.session;
    for good in [format!("Bearer {session}"), format!("bearer   {session} ")] {
        drop(server.send("GET", "/api/session", &[("authorization", &good)], None).await.is(200));
    }
    let basic = format!("Basic {session}");
    let cookie = format!("__Host-baari={session}");
    let long = format!("Bearer {}", "a".repeat(10_000));
    for wrong in
        ["Basic YXNoYTp4", &basic, "Bearer", "Bearer ", "", " ", "Digest x, y=\"z\"", "Bearer \u{e9}", &long]
    {
        let headers = [("authorization", wrong), ("cookie", &cookie), ("sec-fetch-site", "same-origin")];
        let answer = server.send("GET", "/api/session", &headers, None).await;
        drop(answer.is_problem(401, "not_signed_in"));
    }
    for cookies in ["", ";;;=", "__Host-baari", "__Host-baari=; __Host-baari=x", "__Host-Baari=\u{e9}"] {
        drop(
            server
                .send("GET", "/api/session", &[("cookie", cookies)], None)
                .await
                .is_problem(401, "not_signed_in"),
        );
    }
}

/// Something happens to the doctor, which a stream tells at once.
async fn happens(world: &World<'_>, minutes: u16) {
    let path = format!("/api/doctor/{}/delay", world.own.doctor);
    world.did("POST", &path, json!({ "minutes": minutes })).await;
}

#[tokio::test]
async fn a_stream_ends_with_the_leave_to_follow_it() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    let queue = format!("/api/live/doctor/{}", world.own.doctor);
    let made = world.did("POST", "/api/key", json!({ "name": "TV", "scopes": ["queue_read"] })).await;
    let asha = somebody(&server, Role::Reception).await;
    let browser = Browser::sign_in(&server, &asha.name, PASSWORD).await;
    let shown = [
        (by_key(&text(&made, "key")), format!("/api/key/{}", text(&made, "id"))),
        (by_key(&browser.session), format!("/api/user/{}", asha.id)),
    ];
    for (minutes, (headers, path)) in (10..).step_by(10).zip(shown) {
        let mut stream = server.listen(&queue, &[(headers[0].0, &headers[0].1)]).await;
        happens(&world, minutes).await;
        assert!(hear(&mut stream).await.unwrap().contains("data: "));
        if path.starts_with("/api/key") {
            world.did("DELETE", &path, json!({})).await;
        } else {
            world.did("PATCH", &path, json!({ "active": false })).await;
        }
        happens(&world, minutes + 5).await;
        assert_eq!(hear(&mut stream).await, None, "{path}");
    }
}

#[tokio::test]
async fn a_page_that_is_left_open_does_not_keep_its_session() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    let asha = somebody(&server, Role::Reception).await;
    let browser = Browser::sign_in(&server, &asha.name, PASSWORD).await;
    let headers = by_key(&browser.session);
    let queue = format!("/api/live/doctor/{}", world.own.doctor);
    let mut stream = server.listen(&queue, &[(headers[0].0, &headers[0].1)]).await;
    server.advance_and_forget(SignedDuration::from_mins(70)).await;
    happens(&world, 10).await;
    assert!(hear(&mut stream).await.unwrap().contains("data: "));
    server.advance_and_forget(SignedDuration::from_mins(49)).await;
    happens(&world, 20).await;
    assert!(hear(&mut stream).await.unwrap().contains("data: "));
    server.advance_and_forget(SignedDuration::from_mins(2)).await;
    happens(&world, 30).await;
    assert_eq!(hear(&mut stream).await, None);
    assert!(!browser.is_in(&server).await);
}
