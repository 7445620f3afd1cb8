//! Every operation of the document, asked for by everybody: the answer is what the table says.

use std::collections::HashSet;

use baari_access::{Action, Reach, Subject};
use baari_store::Role;
use serde_json::json;

use crate::caller::{Caller, Expected, by_cookie, by_key};
use crate::database::difference;
use crate::document::{Myself, Operation, operations};
use crate::server::{Answer, Server};
use crate::world::{Things, World};

/// What one request is about, and what is expected.
struct Step<'w> {
    caller: Caller,
    things: &'w Things,
    expected: Expected,
}

#[tokio::test]
async fn everybody_gets_what_the_table_says_and_nothing_else() {
    for operation in operations() {
        let action = operation.action.unwrap_or_else(|| panic!("{} has no x-action", operation.named()));
        let server = Server::start().await;
        let elsewhere = server.facility("elsewhere").await;
        let here = World::new(&server, server.main, "main").await;
        let there = World::new(&server, elsewhere, "elsewhere").await;
        let mut steps = Vec::new();
        for &caller in Caller::ALL {
            for (things, own) in [(&here.own, true), (&here.other, false)] {
                steps.push(Step { caller, things, expected: caller.expected(action, own) });
            }
        }
        // Those who are refused first: what they ask for is still there.
        steps.sort_by_key(|step| step.expected == Expected::LetIn);
        let mut first = true;
        for step in steps {
            let world = if step.caller == Caller::Elsewhere { &there } else { &here };
            let caller =
                if step.caller == Caller::Elsewhere { Caller::Works(Role::Admin) } else { step.caller };
            let (headers, me) = caller.headers(world, action).await;
            let before = server.digest(Some(here.facility));
            let answer = ask(&server, &operation, step.things, &me, &headers).await;
            let after = server.digest(Some(here.facility));
            let said = format!("{} by {:?}: {answer:?}", operation.named(), step.caller);
            assert!(answer.status.as_u16() < 500, "{said}");
            step.expected.check(&answer, &said);
            let may_change = step.expected == Expected::LetIn && step.caller != Caller::Elsewhere;
            assert!(may_change || before == after, "{said}\n{}", difference(&before, &after));
            if may_change && first {
                // The request is one that does something, or that only the state of things is against.
                assert!(answer.status.is_success() || answer.status.as_u16() == 409, "{said}");
                first = false;
            }
        }
    }
}

async fn ask(
    server: &Server,
    operation: &Operation,
    things: &Things,
    me: &Myself,
    headers: &[(&'static str, String)],
) -> Answer {
    let named =
        operation.action.map(Action::subject) == Some(Subject::Query) || operation.path == "/api/schedule";
    let query = [("doctor_id", things.doctor.as_str())];
    let query = if named && operation.method == "GET" { &query[..] } else { &[] };
    let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let body = operation.body(things, me);
    server.send(&operation.method, &operation.address(things, query), &headers, body.as_ref()).await
}

#[test]
fn every_action_is_asked_for_by_some_operation() {
    let asked: HashSet<Action> = operations().into_iter().filter_map(|operation| operation.action).collect();
    // A seat beyond the limits is asked for in the body of other operations; the metrics and the kiosk are not of the API.
    let elsewhere = [Action::SeatOverride, Action::MetricsRead, Action::KioskUse];
    for action in Action::ALL.iter().filter(|action| !elsewhere.contains(action)) {
        assert!(asked.contains(action), "no operation is {}", action.name());
    }
    assert!(elsewhere.iter().all(|action| !asked.contains(action)));
}

#[tokio::test]
async fn nothing_is_served_that_the_document_does_not_have() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    let all = operations();
    let me = Myself { facility: "main", name: String::new() };
    let bearer = by_key(&world.admin);
    let headers: Vec<_> = bearer.iter().map(|(name, value)| (*name, value.as_str())).collect();
    for operation in &all {
        for method in ["GET", "PUT", "POST", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"] {
            if all.iter().any(|other| other.path == operation.path && other.method == method) {
                continue;
            }
            let before = server.digest(None);
            let path = operation.address(&world.own, &[]);
            let answer = server.send(method, &path, &headers, operation.body(&world.own, &me).as_ref()).await;
            assert!([403, 405].contains(&answer.status.as_u16()), "{method} {path}: {answer:?}");
            assert_eq!(before, server.digest(None), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn a_head_is_let_in_where_a_get_is() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    for operation in operations().iter().filter(|operation| operation.method == "GET") {
        if operation.action.is_some_and(Action::is_for_anybody) {
            continue;
        }
        let path = operation.address(&world.own, &[]);
        let answer = server.send("HEAD", &path, &[], None).await;
        assert_eq!(answer.status.as_u16(), 401, "{path}: {answer:?}");
    }
}

#[tokio::test]
async fn the_metrics_are_for_those_whom_the_table_names() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    for &caller in Caller::ALL.iter().filter(|caller| **caller != Caller::Elsewhere) {
        let (headers, _) = caller.headers(&world, Action::MetricsRead).await;
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = server.send("GET", "/metrics", &headers, None).await;
        caller.expected(Action::MetricsRead, true).check(&answer, &format!("{caller:?}: {answer:?}"));
    }
}

#[tokio::test]
async fn a_seat_beyond_the_limits_is_given_by_those_whom_the_table_names() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    let Things { doctor, slot, token, spare, .. } = &world.own;
    let book = json!({ "patient_id": spare, "doctor_id": doctor, "source": "walk_in", "slot_id": slot,
                       "override": "asked for by the ward" });
    let into = &world.other.slot;
    let place = json!({ "slot_id": into, "override": true, "reason": "asked for by the ward" });
    let requests = [("/api/token/book".to_owned(), book), (format!("/api/token/{token}/move"), place)];
    let scopes: Vec<&str> = Action::ALL.iter().map(|action| action.name()).collect();
    let mut callers = vec![(by_key(&world.key(&scopes, &[], |_| {}).await), Reach::No)];
    for role in [Role::Doctor, Role::Reception, Role::Supervisor, Role::Admin] {
        callers.push((by_cookie(&world.signed_in(role).await), Action::SeatOverride.reach(role)));
    }
    for (headers, reach) in callers {
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        for (path, body) in &requests {
            let before = server.digest(None);
            let answer = server.send("POST", path, &headers, Some(body)).await;
            if reach == Reach::All {
                assert!(answer.status.is_success() || answer.status.as_u16() == 409, "{path} {answer:?}");
            } else {
                answer.refused_as(403, "not_allowed");
                assert_eq!(before, server.digest(None), "{path}");
            }
        }
    }
}

#[tokio::test]
async fn who_works_for_one_doctor_names_that_doctor_and_no_other() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    let doctor = by_cookie(&world.signed_in(Role::Doctor).await);
    let doctor: Vec<_> = doctor.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let (own, other) = (&world.own, &world.other);
    let both = format!("{},{}", own.doctor, other.doctor);
    for path in [
        "/api/token".to_owned(),
        format!("/api/token?patient_id={}", own.patient),
        format!("/api/token?doctor_id={}&doctor_id={}", own.doctor, other.doctor),
        format!("/api/token?doctor%5Fid={}&patient_id={}", other.doctor, own.patient),
        "/api/waitlist".to_owned(),
        "/api/waitlist?doctor_id=".to_owned(),
        format!("/api/live/board/{both}"),
        format!("/api/live/board/{}", both.replace(',', "%2C")),
        format!("/api/patient/{}", other.patient),
        format!("/api/patient/{}", own.spare),
    ] {
        let answer = server.send("GET", &path, &doctor, None).await;
        assert!([403, 422].contains(&answer.status.as_u16()), "{path}: {answer:?}");
    }
}

#[tokio::test]
async fn who_works_for_one_doctor_moves_nobody_to_another() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    let own = [world.own_doctor()];
    let doctor = by_cookie(&world.signed_in(Role::Doctor).await);
    let program = by_key(&world.key(&["token_change", "room_run"], &own, |_| {}).await);
    let place = format!("/api/token/{}/move", world.own.token);
    let next = format!("/api/doctor/{}/next", world.own.doctor);
    for headers in [doctor, program] {
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        for (path, body) in [
            (&place, json!({ "slot_id": world.other.slot, "reason": "knows more of this" })),
            (&place, json!({ "behind": world.other.token, "reason": "a friend" })),
            (&next, json!({ "token_id": world.other.token, "reason": "a friend" })),
        ] {
            let before = server.digest(None);
            let answer = server.send("POST", path, &headers, Some(&body)).await;
            assert!([403, 404].contains(&answer.status.as_u16()), "{path} {body}: {answer:?}");
            assert_eq!(before, server.digest(None), "{path} {body}");
        }
    }
}
