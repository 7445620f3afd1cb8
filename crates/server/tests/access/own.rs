//! The patient's own page: by its code alone, without scripts, and without anybody's name.

use axum::body::Body;
use axum::http::Request;
use baari_access::Action;
use jiff::SignedDuration;
use serde_json::json;

use crate::caller::by_key;
use crate::server::{Answer, Server};
use crate::world::{World, text};

/// Sends a form, as a browser does without scripts.
async fn form(server: &Server, path: &str, headers: &[(&str, &str)], fields: &str) -> Answer {
    let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    server.ask(request.body(Body::from(fields.to_owned())).unwrap()).await
}

#[tokio::test]
async fn whoever_has_the_code_sees_their_turn_and_nobody_s_name() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    let page = format!("/t/{}", world.own.code);
    for language in ["en", "hi"] {
        let answer = server.send("GET", &format!("{page}?lang={language}"), &[], None).await.is(200);
        for needed in ["A-01", "Dr Rao", "Test", "http-equiv=\"refresh\"", "/leave"] {
            assert!(answer.body.contains(needed), "{needed}: {answer:?}");
        }
        for secret in ["patient Joshi", "Joshi", "12345", "reception-", "admin-"] {
            assert!(!answer.body.contains(secret), "{secret}: {answer:?}");
        }
        // Old browsers send a form of a page that tells nobody where it is as if it came from nowhere.
        assert_eq!(answer.header("referrer-policy"), "same-origin");
        assert!(answer.body.len() < 16 * 1024);
    }
    server.send("GET", &format!("/t/{}", "a".repeat(32)), &[], None).await.is(404);
}

#[tokio::test]
async fn the_place_is_given_back_once_however_often_it_is_asked_for() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    let page = format!("/t/{}", world.own.code);
    let leave = format!("{page}/leave");
    let asks = server.send("GET", &leave, &[], None).await.is(200);
    assert!(asks.body.contains("method=\"post\""), "{asks:?}");
    let status = async || world.get(&format!("/api/token/{}", world.own.token)).await["status"].clone();
    assert_eq!(status().await, "arrived", "to look is not to leave");
    // Not because another site says so.
    for headers in [&[("sec-fetch-site", "cross-site")][..], &[("origin", "https://evil.example")]] {
        form(&server, &leave, headers, "").await.refused_as(403, "cross_site");
    }
    assert_eq!(status().await, "arrived");
    for _ in 0..2 {
        let done = form(&server, &leave, &[("sec-fetch-site", "same-origin")], "").await.is(303);
        assert_eq!(done.header("location"), page);
    }
    assert_eq!(status().await, "cancelled");
    // It says so, and asks no more.
    server.send("GET", &page, &[], None).await.is(200);
    assert!(!server.send("GET", &leave, &[], None).await.is(409).body.contains("<form"));
    let slot = world.get(&format!("/api/slot/{}", world.own.slot)).await;
    assert_eq!(slot["current_count"], 1, "one seat became free: {slot}");
}

#[tokio::test]
async fn who_was_seen_can_t_give_the_place_back() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    let reception = by_key(&world.admin);
    let headers: Vec<_> = reception.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let next = format!("/api/doctor/{}/next", world.own.doctor);
    server.send("POST", &next, &headers, Some(&serde_json::json!({}))).await.is(200);
    let status = format!("/api/token/{}/status", world.own.token);
    for wanted in ["in_consultation", "completed"] {
        server.send("PATCH", &status, &headers, Some(&serde_json::json!({ "status": wanted }))).await.is(200);
    }
    let page = format!("/t/{}", world.own.code);
    let refused = form(&server, &format!("{page}/leave"), &[], "").await.is(409);
    assert!(refused.header("content-type").starts_with("text/html"), "{refused:?}");
    assert!(!server.send("GET", &page, &[], None).await.is(200).body.contains("/leave"));
}

/// Somebody who has booked and is not here yet, where seats that become free are given on: the token's identifier and its page.
async fn who_could_come_earlier(world: &World<'_>) -> (String, String) {
    world.did("PATCH", "/api/setting", json!({ "pull_forward": true })).await;
    let book = json!({ "patient_id": world.own.spare, "doctor_id": world.own.doctor, "source": "online",
                       "slot_id": world.own.slot, "checked_in": false });
    let token = world.did("POST", "/api/token/book", book).await;
    assert_eq!(token["status"], "booked", "{token}");
    (text(&token, "id"), format!("/t/{}", text(&token, "code")))
}

#[tokio::test]
async fn who_can_come_earlier_says_so() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    let (token, page) = who_could_come_earlier(&world).await;
    for agrees in [true, false] {
        form(&server, &format!("{page}/earlier"), &[], &format!("earlier_ok={agrees}")).await.is(303);
        let token = world.get(&format!("/api/token/{token}")).await;
        assert_eq!(token["earlier_ok"], agrees);
    }
}

#[tokio::test]
async fn who_is_not_asked_to_come_earlier_changes_nothing_by_saying_so() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    // Is here already.
    let page = format!("/t/{}", world.own.code);
    let before = server.digest(None);
    let answer = form(&server, &format!("{page}/earlier"), &[], "earlier_ok=true").await.is(303);
    assert_eq!(answer.header("location"), page);
    assert_eq!(before, server.digest(None));
}

#[tokio::test]
async fn one_slip_does_not_keep_the_doctor_s_console_changing() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    let (token, page) = who_could_come_earlier(&world).await;
    let queue = format!("/api/doctor/{}", world.own.doctor);
    let version = async || world.get(&queue).await["version"].as_u64().unwrap();
    let before = version().await;
    for n in 0..20 {
        let agrees = n % 2 == 0;
        let answer = form(&server, &format!("{page}/earlier"), &[], &format!("earlier_ok={agrees}")).await;
        assert_eq!(answer.is(303).header("location"), page);
    }
    assert_eq!(version().await, before + 3);
    // And the place can still be given back.
    form(&server, &format!("{page}/leave"), &[], "").await.is(303);
    assert_eq!(world.get(&format!("/api/token/{token}")).await["status"], "cancelled");
}

#[tokio::test]
async fn two_days_later_the_page_says_that_the_visit_is_over() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    server.advance(SignedDuration::from_hours(48));
    let page = format!("/t/{}", world.own.code);
    for path in [page.clone(), format!("{page}/leave")] {
        let answer = server.send("GET", &path, &[], None).await.is(410);
        assert!(answer.header("content-type").starts_with("text/html") && !answer.body.contains("<form"));
    }
    form(&server, &format!("{page}/leave"), &[], "").await.is(404);
}

#[tokio::test]
async fn a_kiosk_shows_nobody_s_whole_name_or_number() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    let kiosk = world.key(&Action::KIOSK.map(Action::name), &[], |_| {}).await;
    let headers = by_key(&kiosk);
    let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let people = server.send("GET", "/kiosk/people?phone=9820012345", &headers, None).await.is(200);
    assert!(
        people.body.contains("R… Joshi") && people.body.contains("Raosp…") && people.body.contains("···2345"),
        "{people:?}"
    );
    let doctors = format!("/kiosk/doctors?patient={}", world.own.spare);
    let doctors = server.send("GET", &doctors, &headers, None).await.is(200);
    assert!(doctors.body.contains("Dr Rao") && doctors.body.contains("Dr Sen"), "{doctors:?}");
    for answer in [&people, &doctors] {
        for secret in ["Raopatient", "Raospare", "98200", "9820012345"] {
            assert!(!answer.body.contains(secret), "{secret}: {answer:?}");
        }
    }
    // A part of a number finds nobody: others' numbers can't be tried out digit by digit.
    for part in ["2345", "00000000", "00000002345", ""] {
        let part = format!("/kiosk/people?phone={part}");
        server.send("GET", &part, &headers, None).await.refused_as(404, "patient_unknown");
    }
    let part = server.send("GET", "/kiosk/people?phone=20012345", &headers, None).await.is(200);
    assert!(!part.body.contains("Joshi"), "{part:?}");
    let scan = format!("/kiosk/scan?code={}", world.own.code);
    assert!(server.send("GET", &scan, &headers, None).await.is(200).body.contains("A-01"));
}

#[tokio::test]
async fn who_missed_the_call_is_not_counted_before_others() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    let patient = world.did("POST", "/api/patient", json!({ "name": "Ravi Rao" })).await;
    let booking = json!({ "patient_id": patient["id"], "doctor_id": world.own.doctor, "source": "walk_in" });
    let third = world.did("POST", "/api/token/book", booking).await;
    let page = format!("/t/{}?lang=en", text(&third, "code"));
    let before = server.send("GET", &page, &[], None).await.is(200).body;
    assert!(before.contains("2 people before you"), "{before}");
    world.did("POST", &format!("/api/doctor/{}/next", world.own.doctor), json!({})).await;
    world
        .did("PATCH", &format!("/api/token/{}/status", world.own.token), json!({ "status": "passed" }))
        .await;
    let after = server.send("GET", &page, &[], None).await.is(200).body;
    assert!(after.contains("1 person before you"), "{after}");
    let why = world.did("GET", &format!("/api/token/{}/why", text(&third, "id")), json!({})).await;
    assert!(!text(&why, "now").contains("2 people"), "{why}");
}

#[tokio::test]
async fn a_kiosk_sends_who_missed_the_call_to_the_desk() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    world.did("POST", &format!("/api/doctor/{}/next", world.own.doctor), json!({})).await;
    world
        .did("PATCH", &format!("/api/token/{}/status", world.own.token), json!({ "status": "passed" }))
        .await;
    let kiosk = world.key(&Action::KIOSK.map(Action::name), &[], |_| {}).await;
    let headers = by_key(&kiosk);
    let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let scan = format!("/kiosk/scan?code={}", world.own.code);
    let told = server.send("GET", &scan, &headers, None).await.is(200).body;
    assert!(told.contains("A-01") && told.contains("Please come to the desk"), "{told}");
    assert!(!told.contains("<button"), "a slip of it would say that it is waited with: {told}");
}
