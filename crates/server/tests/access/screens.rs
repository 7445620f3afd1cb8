//! Screens that nobody signs in to: boards and kiosks come in by one door, each with a key for itself alone. And what another
//! site makes a browser send to the pages that take something is not taken.

use axum::body::Body;
use axum::http::Request;
use baari_access::Action;
use baari_store::Role;
use serde_json::json;

use crate::browser::{cookie, somebody};
use crate::caller::by_cookie;
use crate::database::difference;
use crate::server::{Answer, Server};
use crate::world::{PASSWORD, World, text};

const SAME_ORIGIN: (&str, &str) = ("sec-fetch-site", "same-origin");

/// Sends a form, as a browser does.
async fn form(server: &Server, path: &str, headers: &[(&str, &str)], fields: &str) -> Answer {
    let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    server.ask(request.body(Body::from(fields.to_owned())).unwrap()).await
}

async fn open(server: &Server, key: &str, next: &str) -> Answer {
    form(server, "/board/open", &[SAME_ORIGIN], &format!("key={key}&next={next}")).await
}

async fn kiosk_key(world: &World<'_>) -> String {
    world.key(&Action::KIOSK.map(Action::name), &[], |_| {}).await
}

#[tokio::test]
async fn a_screen_is_opened_by_a_key_for_that_and_nothing_else() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    let board = world.key(&["board_read"], &[world.own_doctor()], |_| {}).await;
    let kiosk = kiosk_key(&world).await;
    let theirs = format!("/board/{}", world.own.doctor);
    for (key, next, to) in [
        (&board, "", &*theirs),
        (&board, "/kiosk", &theirs),
        (&board, "/board/open", &theirs),
        (&board, "/\t/evil.example", &theirs),
        (&kiosk, "", "/kiosk"),
        (&kiosk, "/kiosk?mm=58", "/kiosk?mm=58"),
        (&kiosk, "/kiosk/people", "/kiosk"),
        (&kiosk, "/desk", "/kiosk"),
        (&kiosk, &theirs, "/kiosk"),
        (&kiosk, "//evil.example/kiosk", "/kiosk"),
    ] {
        let opened = open(&server, key, next).await.is(303);
        assert_eq!(opened.header("location"), to, "{next}");
        assert_eq!(cookie(&opened, "__Host-baari"), **key);
    }
    let needed = Action::KIOSK.map(Action::name);
    for (scopes, doctors) in [
        (&needed[1..], &[][..]),
        (&needed[..4], &[]),
        (&[&needed[..], &["patient_find"]].concat(), &[]),
        (&[&needed[..], &["board_read"]].concat(), &[]),
        (&["board_read", "queue_read"], &[]),
        (&needed[..], &[world.own_doctor()]),
    ] {
        let key = world.key(scopes, doctors, |_| {}).await;
        let refused = open(&server, &key, "/kiosk").await.is(401);
        assert!(refused.header("set-cookie").is_empty(), "{scopes:?}: {refused:?}");
    }
}

#[tokio::test]
async fn whoever_wants_a_kiosk_is_asked_for_its_key() {
    let server = Server::start().await;
    let page = [("accept", "text/html")];
    let sent = server.send("GET", "/kiosk?mm=58", &page, None).await.is(303);
    assert_eq!(sent.header("location"), "/kiosk/open?next=%2Fkiosk%3Fmm%3D58");
    let asked = server.send("GET", sent.header("location"), &page, None).await.is(200);
    assert!(asked.body.contains("name=\"next\" value=\"/kiosk?mm=58\""), "{asked:?}");
    let other = server.send("GET", "/kiosk/open?next=%2Fdesk", &page, None).await.is(200);
    assert!(other.body.contains("name=\"next\" value=\"/kiosk\""), "{other:?}");
}

#[tokio::test]
async fn a_screen_whose_key_is_over_is_told_so() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    let now = server.desk.now();
    let over = world.key(&["board_read"], &[], |key| key.revoked_at = Some(now)).await;
    let lasts = world.key(&["patient_read"], &[], |_| {}).await;
    for (path, key, is_told) in [
        ("/board", Some(&over), true),
        ("/kiosk/open", Some(&over), true),
        ("/board", Some(&lasts), false),
        ("/board", None, false),
    ] {
        let shown = key.map_or_else(Vec::new, |key| by_cookie(key));
        let mut headers: Vec<_> = shown.iter().map(|(name, value)| (*name, value.as_str())).collect();
        headers.push(("accept", "text/html"));
        let asked = server.send("GET", path, &headers, None).await.is(200);
        assert_eq!(asked.body.contains("taken back or is over"), is_told, "{path}: {asked:?}");
    }
}

#[tokio::test]
async fn a_kiosk_gives_numbers_and_its_key_finds_and_reads_nobody() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    let opened = open(&server, &kiosk_key(&world).await, "").await.is(303);
    let shown = by_cookie(&cookie(&opened, "__Host-baari"));
    let headers: Vec<_> = shown.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let (own, other) = (&world.own, &world.other);
    let doctors = format!("/kiosk/doctors?patient={}", own.spare);
    for path in ["/kiosk", "/kiosk/people?phone=9820012345", &doctors] {
        server.send("GET", path, &headers, None).await.is(200);
    }
    let book = json!({ "patient_id": own.spare, "doctor_id": other.doctor, "source": "walk_in", "checked_in": true });
    let token = server.send("POST", "/api/token/book", &headers, Some(&book)).await.is(201).json();
    let id = text(&token, "id");
    server.send("GET", &format!("/kiosk/token/{id}"), &headers, None).await.is(200);
    let print = json!({ "printer": "desk" });
    server.send("POST", &format!("/api/token/{id}/print"), &headers, Some(&print)).await.is(201);
    for path in [
        "/desk".to_owned(),
        "/desk/live".to_owned(),
        "/desk/find?q=98200".to_owned(),
        "/api/patient?q=98200".to_owned(),
        "/api/token?date=2026-02-02".to_owned(),
        format!("/desk/token/{id}/move"),
        format!("/desk/patient/{}", own.patient),
        format!("/api/patient/{}", own.patient),
        format!("/doctor/{}", own.doctor),
        format!("/api/doctor/{}", own.doctor),
        format!("/board/{}", own.doctor),
    ] {
        server.send("GET", &path, &headers, None).await.refused_as(403, "not_allowed");
    }
}

#[tokio::test]
async fn no_page_takes_what_another_site_makes_a_browser_send() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    world.did("PATCH", "/api/setting", json!({ "pull_forward": true })).await;
    let user = somebody(&server, Role::Reception).await;
    let session = world.signed_in(Role::Admin).await;
    let session = format!("__Host-baari={session}");
    let page = format!("/t/{}", world.own.code);
    let takes = [
        ("/sign-in".to_owned(), format!("name={}&password={PASSWORD}", user.name)),
        ("/board/open".to_owned(), format!("key={}", kiosk_key(&world).await)),
        (format!("{page}/leave"), String::new()),
        (format!("{page}/earlier"), "earlier_ok=true".to_owned()),
    ];
    let of_another_site = [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ];
    for (path, fields) in &takes {
        for said in of_another_site {
            for headers in [&[said][..], &[said, ("cookie", &session)]] {
                let before = server.digest(None);
                let answer = form(&server, path, headers, fields).await.refused_as(403, "cross_site");
                assert!(answer.header("set-cookie").is_empty(), "{path} {headers:?}: {answer:?}");
                let after = server.digest(None);
                assert!(before == after, "{path} {headers:?}\n{}", difference(&before, &after));
            }
        }
    }
    // Those are all, and from our own pages they are taken.
    for (path, _) in baari_server::pages() {
        let address = path.replace("{code}", &world.own.code).replace("{id}", &world.own.token);
        let known = takes.iter().any(|(takes, _)| *takes == address);
        let answer = form(&server, &address, &[("sec-fetch-site", "cross-site")], "").await;
        assert_eq!(answer.status.as_u16(), if known { 403 } else { 405 }, "{path}: {answer:?}");
    }
    for (path, fields) in &takes {
        form(&server, path, &[SAME_ORIGIN], fields).await.is(303);
    }
}
