//! Two facilities in one database: what belongs to the one does not exist for the other.

use baari_store::Role;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::caller::{by_cookie, by_key};
use crate::database::difference;
use crate::document::{Myself, Operation, operations};
use crate::server::{Answer, Server};
use crate::world::{Things, World, text};

/// An identifier like this one, of nothing: it stands right beside it in every order.
fn of_nothing(id: &str) -> String {
    let (rest, last) = id.split_at(id.len() - 1);
    format!("{rest}{}", if last == "0" { "1" } else { "0" })
}

/// One's own things, but for one of them: each in turn, with its name.
fn with_one_of(own: &Things, foreign: &Things) -> Vec<(&'static str, Things)> {
    type Put = fn(&mut Things, &Things);
    let puts: [(&'static str, Put); 10] = [
        ("doctor", |to, from| to.doctor.clone_from(&from.doctor)),
        ("patient", |to, from| to.patient.clone_from(&from.patient)),
        ("slot", |to, from| to.slot.clone_from(&from.slot)),
        ("token", |to, from| to.token.clone_from(&from.token)),
        ("beside", |to, from| to.beside.clone_from(&from.beside)),
        ("schedule", |to, from| to.schedule.clone_from(&from.schedule)),
        ("board", |to, from| to.board = format!("{},{}", to.board, from.doctor)),
        ("spare", |to, from| to.spare.clone_from(&from.spare)),
        ("user", |to, from| to.user.clone_from(&from.user)),
        ("key", |to, from| to.key.clone_from(&from.key)),
    ];
    let changed = puts.iter().map(|(name, put)| {
        let mut things = own.clone();
        put(&mut things, foreign);
        (*name, things)
    });
    changed.collect()
}

pub(crate) fn nothings(of: &Things) -> Things {
    Things {
        doctor: of_nothing(&of.doctor),
        patient: of_nothing(&of.patient),
        slot: of_nothing(&of.slot),
        token: of_nothing(&of.token),
        beside: of_nothing(&of.beside),
        code: of.code.clone(),
        schedule: of_nothing(&of.schedule),
        board: of_nothing(&of.board),
        spare: of_nothing(&of.spare),
        user: of_nothing(&of.user),
        key: of_nothing(&of.key),
    }
}

/// The queries that an operation can be asked with, each with one identifier.
fn queries(operation: &Operation, things: &Things) -> Vec<Vec<(&'static str, String)>> {
    let mut all = vec![Vec::new()];
    for name in &operation.query {
        all.extend(match name.as_str() {
            "doctor_id" => vec![vec![("doctor_id", things.doctor.clone())]],
            "patient_id" => vec![vec![("patient_id", things.patient.clone())]],
            "user_id" => vec![vec![("user_id", things.user.clone())]],
            "actor" => {
                let actors = [format!("user:{}", things.user), format!("key:{}", things.key)];
                actors.map(|actor| vec![("actor", actor)]).to_vec()
            }
            "after" => vec![vec![("after", after(operation, things))]],
            "date" | "from" | "to" | "limit" | "q" | "status" | "format" | "everywhere" => Vec::new(),
            name => panic!("{name}: say what it names"),
        });
    }
    all
}

/// Every way of asking for an operation: the address, and the body.
fn requests(operation: &Operation, things: &Things, me: &Myself) -> Vec<(String, Option<Value>)> {
    let mut all = Vec::new();
    for query in queries(operation, things) {
        let query: Vec<_> = query.iter().map(|(name, value)| (*name, value.as_str())).collect();
        all.push((operation.address(things, &query), operation.body(things, me)));
    }
    let more = operation.more_bodies(things).into_iter();
    all.extend(more.map(|body| (operation.address(things, &[]), Some(body))));
    all
}

/// A cursor that names something of the kind that is listed.
fn after(operation: &Operation, things: &Things) -> String {
    match operation.path.as_str() {
        "/api/doctor" => things.doctor.clone(),
        "/api/patient" => things.patient.clone(),
        "/api/token" | "/api/waitlist" => things.token.clone(),
        "/api/user" => things.user.clone(),
        "/api/key" => things.key.clone(),
        "/api/slot" => format!("2026-02-02_03:00:00_{}", things.slot),
        "/api/event" => "1".to_owned(),
        "/api/audit" | "/api/audit/export" => format!("{}_1", things.patient),
        path => panic!("{path}: say what its cursor is"),
    }
}

/// What is told, without the identifier that was asked about.
pub(crate) fn told(answer: &Answer, asked: &Things) -> String {
    let ids = [
        &asked.doctor,
        &asked.patient,
        &asked.slot,
        &asked.token,
        &asked.beside,
        &asked.schedule,
        &asked.spare,
        &asked.user,
        &asked.key,
    ];
    let body = ids.iter().fold(answer.body.clone(), |body, id| body.replace(id.as_str(), "(asked)"));
    let mut headers: Vec<_> =
        answer.headers.iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
    headers.sort();
    format!("{} {headers:?} {body}", answer.status)
}

#[tokio::test]
async fn what_belongs_to_another_facility_is_told_from_what_does_not_exist_by_nothing() {
    let server = Server::start().await;
    let elsewhere = server.facility("elsewhere").await;
    let here = World::new(&server, server.main, "main").await;
    let there = World::new(&server, elsewhere, "elsewhere").await;
    let before = server.digest(Some(here.facility));
    let nothing = nothings(&here.own);
    let mut compared = 0;
    for operation in operations() {
        let foreign = with_one_of(&there.own, &here.own);
        let unknown = with_one_of(&there.own, &nothing);
        for ((name, foreign), (_, unknown)) in foreign.iter().zip(&unknown) {
            let me = Myself { facility: "elsewhere", name: "nobody".to_owned() };
            let asked = [foreign, unknown].map(|things| requests(&operation, things, &me));
            for (one, two) in asked[0].iter().zip(&asked[1]) {
                if one == two {
                    // It does not name the one that was put in.
                    continue;
                }
                let one = ask(&there, &operation, &one.0, one.1.as_ref()).await;
                let two = ask(&there, &operation, &two.0, two.1.as_ref()).await;
                let said = format!("{} with another's {name}", operation.named());
                assert_eq!(told(&one, &here.own), told(&two, &nothing), "{said}");
                assert!(one.status.as_u16() < 500, "{said}: {one:?}");
                compared += 1;
            }
        }
    }
    assert!(compared > 60, "{compared}");
    let after = server.digest(Some(here.facility));
    assert_eq!(before, after, "{}", difference(&before, &after));
}

/// Asks as the administrator there.
async fn ask(world: &World<'_>, operation: &Operation, path: &str, body: Option<&Value>) -> Answer {
    let bearer = format!("Bearer {}", world.admin);
    world.server.send(&operation.method, path, &[("authorization", &bearer)], body).await
}

#[tokio::test]
async fn lists_hold_what_is_here_and_nothing_else() {
    let server = Server::start().await;
    let elsewhere = server.facility("elsewhere").await;
    let here = World::new(&server, server.main, "main").await;
    let there = World::new(&server, elsewhere, "elsewhere").await;
    let all = [&here.own, &here.other].map(|things| {
        let Things { doctor, patient, slot, token, beside, schedule, spare, user, key, code, .. } = things;
        [doctor, patient, slot, token, beside, schedule, spare, user, key, code]
    });
    let lists = operations().into_iter().filter(|operation| operation.method == "GET");
    for operation in lists.filter(|operation| !operation.path.contains('{')) {
        let needed = operation.path == "/api/schedule";
        let query = [("doctor_id", there.own.doctor.as_str())];
        let path = operation.address(&there.own, if needed { &query } else { &[] });
        let answer = ask(&there, &operation, &path, None).await.is(200);
        for id in all.iter().flatten() {
            assert!(!answer.body.contains(id.as_str()), "{path} tells of {id}: {answer:?}");
        }
    }
}

#[tokio::test]
async fn a_kept_answer_is_for_its_own_facility_and_its_own_caller() {
    let server = Server::start().await;
    let elsewhere = server.facility("elsewhere").await;
    let here = World::new(&server, server.main, "main").await;
    let there = World::new(&server, elsewhere, "elsewhere").await;
    let colleague = here.signed_in(Role::Admin).await;
    let body = json!({ "name": "Dr Bose" });
    let ask = async |credential: &str| {
        let bearer = format!("Bearer {credential}");
        let headers = [("authorization", bearer.as_str()), ("idempotency-key", "the same everywhere")];
        server.send("POST", "/api/doctor", &headers, Some(&body)).await
    };
    let first = ask(&here.admin).await.is(201);
    let again = ask(&here.admin).await.is(201);
    assert_eq!((again.header("idempotency-replayed"), &again.body), ("true", &first.body));
    let other = ask(&there.admin).await.is(201);
    assert_eq!(other.header("idempotency-replayed"), "");
    assert_ne!(text(&other.json(), "id"), text(&first.json(), "id"));
    let refused = ask(&colleague).await.refused_as(422, "key_reused");
    assert!(!refused.body.contains("Bose"), "{refused:?}");
}

#[tokio::test]
async fn the_page_of_a_token_is_for_whoever_has_its_code_until_the_day_after() {
    let server = Server::start().await;
    let elsewhere = server.facility("elsewhere").await;
    let here = World::new(&server, server.main, "main").await;
    let there = World::new(&server, elsewhere, "elsewhere").await;
    let path = format!("/api/live/token/{}", here.own.code);
    let nobody = Vec::new();
    let ways = [nobody, by_cookie(&there.admin), by_key(&there.admin), by_key("baari_k_none")];
    for headers in &ways {
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let page = server.send("GET", &path, &headers, None).await.is(200);
        assert!(page.body.contains("A-01") && !page.body.contains("Joshi"), "{page:?}");
    }
    let mut wrong = here.own.code.clone();
    wrong.replace_range(31.., if wrong.ends_with('a') { "b" } else { "a" });
    for code in [wrong.as_str(), "x", &here.own.token] {
        server
            .send("GET", &format!("/api/live/token/{code}"), &[], None)
            .await
            .refused_as(404, "token_unknown");
    }
    server.advance(SignedDuration::from_hours(24));
    server.send("GET", &path, &[], None).await.is(200);
    server.advance(SignedDuration::from_hours(24));
    server.send("GET", &path, &[], None).await.refused_as(404, "token_unknown");
}
