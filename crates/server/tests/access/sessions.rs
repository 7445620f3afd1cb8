//! How a session comes to its end.

use baari_store::Role;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::browser::{Browser, somebody};
use crate::caller::by_key;
use crate::document::NEXT_PASSWORD;
use crate::server::{Answer, Server, hear};
use crate::world::{PASSWORD, World, session, text, user};

/// What an administrator does to a user.
async fn manage(server: &Server, method: &str, path: &str, body: Value) -> Answer {
    let admin = somebody(server, Role::Admin).await;
    let admin = session(server, server.main, admin.id, server.desk.now()).await;
    let bearer = format!("Bearer {admin}");
    server.send(method, path, &[("authorization", &bearer)], Some(&body)).await
}

/// Something happens to the doctor, which a stream tells at once.
async fn happens(world: &World<'_>, minutes: u16) {
    let path = format!("/api/doctor/{}/delay", world.own.doctor);
    world.did("POST", &path, json!({ "minutes": minutes })).await;
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
    browsers[1].ask(&server, "DELETE", "/api/session?everywhere=true", None).await.is(204);
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
    change("something-else", NEXT_PASSWORD).await.refused_as(401, "sign_in_wrong");
    change(PASSWORD, "password123").await.refused_as(422, "password_weak");
    change(PASSWORD, &format!("{}-12", asha.name)).await.refused_as(422, "password_weak");
    assert!(there.is_in(&server).await, "what was refused changes nothing");
    change(PASSWORD, NEXT_PASSWORD).await.is(204);
    assert!(here.is_in(&server).await && !there.is_in(&server).await);
    there.try_in(&server, &asha.name, PASSWORD).await.refused_as(401, "sign_in_wrong");
    there.try_in(&server, &asha.name, NEXT_PASSWORD).await.is(201);
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
        manage(&server, "PATCH", &path.replace("/reset", ""), json!({ "active": true })).await.is(200);
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
    disabled.is(200);
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
    server.send("GET", "/api/doctor", &headers, None).await.is(200);
    world.did("DELETE", &format!("/api/key/{}", text(&made, "id")), json!({})).await;
    server.send("GET", "/api/doctor", &headers, None).await.refused_as(401, "not_signed_in");
    let other =
        world.did("POST", "/api/key", json!({ "name": "TV", "scopes": ["doctor_list"], "days": 1 })).await;
    let key = by_key(&text(&other, "key"));
    let headers = [(key[0].0, key[0].1.as_str())];
    server.send("GET", "/api/doctor", &headers, None).await.is(200);
    server.advance_and_forget(SignedDuration::from_hours(24)).await;
    server.send("GET", "/api/doctor", &headers, None).await.refused_as(401, "not_signed_in");
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
        answer.refused_as(409, "last_admin");
    }
    assert_eq!(before, server.digest(None));
    drop(somebody(&server, Role::Admin).await);
    browser.ask(&server, "PATCH", &path, Some(&json!({ "role": "supervisor" }))).await.is(200);
}

#[tokio::test]
async fn who_signs_in_elsewhere_is_one_user_and_needs_no_password() {
    let server = Server::start().await;
    let elsewhere = "https://id.example 4711";
    let new = |name: &str| json!({ "name": name, "role": "reception", "subject": elsewhere });
    let nila = manage(&server, "POST", "/api/user", new("nila")).await.is(201).json();
    assert_eq!((&nila["password"], &nila["must_change"]), (&Value::Null, &json!(false)));
    manage(&server, "POST", "/api/user", new("ravi")).await.refused_as(409, "taken");
    let path = format!("/api/user/{}", somebody(&server, Role::Reception).await.id);
    manage(&server, "PATCH", &path, json!({ "subject": elsewhere })).await.refused_as(409, "taken");
}

#[tokio::test]
async fn a_one_time_password_is_changed_before_anything_else() {
    let server = Server::start().await;
    let made = manage(&server, "POST", "/api/user", json!({ "name": "nila", "role": "supervisor" })).await;
    let once = text(&made.is(201).json(), "password");
    let browser = Browser::sign_in(&server, "nila", &once).await;
    for path in ["/api/doctor", "/api/patient", "/api/setting"] {
        let answer = browser.ask(&server, "GET", path, None).await;
        answer.refused_as(403, "password_change_needed");
    }
    assert!(browser.is_in(&server).await, "one sees oneself");
    let body = json!({ "current": once, "new": NEXT_PASSWORD });
    browser.ask(&server, "PUT", "/api/session/password", Some(&body)).await.is(204);
    browser.ask(&server, "GET", "/api/doctor", None).await.is(200);
    browser.try_in(&server, "nila", &once).await.refused_as(401, "sign_in_wrong");
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
