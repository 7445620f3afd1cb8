//! The audit trail: who did, saw and took away what of whom; and what is left of a patient who was erased.

use std::collections::HashSet;

use baari_store::Role;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::caller::by_key;
use crate::document::NEXT_PASSWORD;
use crate::server::Server;
use crate::world::{PASSWORD, World, session, text, user};

/// All of the trail that these parameters ask for.
pub(crate) async fn trail(world: &World<'_>, query: &str) -> Vec<Value> {
    let page = world.get(&format!("/api/audit?limit=500&{query}")).await;
    assert_eq!(page["next"], Value::Null, "a test has fewer");
    page["items"].as_array().unwrap().clone()
}

fn actions(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| row["action"].as_str().unwrap()).collect()
}

pub(crate) async fn by(
    world: &World<'_>,
    credential: &str,
    method: &str,
    path: &str,
    body: Option<&Value>,
) -> String {
    let headers = by_key(credential);
    let answer = world.server.send(method, path, &[(headers[0].0, &headers[0].1)], body).await;
    assert!(answer.status.is_success(), "{method} {path} {answer:?}");
    answer.body
}

#[tokio::test]
async fn who_looks_at_something_of_a_patient_is_in_the_trail() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    let (own, other) = (&world.own, &world.other);
    let queue = format!("doctor {} 2026-02-02", own.doctor);
    world.waits(&own.doctor, &own.spare).await;
    for (path, action, patient, subject) in [
        (format!("/api/patient/{}", own.patient), "patient_read", own.patient.as_str(), ""),
        ("/api/patient?q=raopat".to_owned(), "patient_found", &own.patient, ""),
        (format!("/api/token/{}", own.token), "token_read", &own.patient, ""),
        (format!("/api/token/{}/why", other.token), "token_read", &other.patient, ""),
        (format!("/api/token?patient_id={}", own.patient), "token_read", &own.patient, ""),
        ("/api/waitlist?date=2026-02-03".to_owned(), "waitlist_read", &own.spare, ""),
        (format!("/api/doctor/{}", own.doctor), "queue_read", "", &queue),
        (format!("/api/live/doctor/{}", own.doctor), "queue_read", "", &queue),
    ] {
        let desk = user(&server, world.facility, Role::Reception, |_| {}).await;
        let signed_in = session(&server, world.facility, desk.id, server.desk.now()).await;
        by(&world, &signed_in, "GET", &path, None).await;
        let rows = trail(&world, &format!("user_id={}", desk.id)).await;
        assert_eq!(actions(&rows), [action], "{path}");
        assert_eq!(rows[0]["patient_id"].as_str().unwrap_or_default(), patient, "{path}");
        assert_eq!(
            (&rows[0]["subject"], &rows[0]["actor_name"]),
            (&json!(subject), &json!(desk.called)),
            "{path}"
        );
        by(&world, &signed_in, "GET", &path, None).await;
        assert_eq!(
            trail(&world, &format!("user_id={}", desk.id)).await,
            rows,
            "a second look is the same look"
        );
    }
}

#[tokio::test]
async fn a_look_after_a_while_is_another_look() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    let path = format!("/api/patient/{}", world.own.patient);
    for looks in 1..4 {
        world.get(&path).await;
        world.get(&path).await;
        let rows = trail(&world, &format!("patient_id={}", world.own.patient)).await;
        assert_eq!(actions(&rows).iter().filter(|action| **action == "patient_read").count(), looks);
        server.advance_and_forget(SignedDuration::from_mins(11)).await;
    }
}

#[tokio::test]
async fn who_reads_the_trail_is_in_it() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    assert_eq!(actions(&trail(&world, "").await).first(), Some(&"audit_read"));
    let of = trail(&world, &format!("patient_id={}", world.own.patient)).await;
    assert_eq!(
        (actions(&of).first(), &of[0]["patient_id"]),
        (Some(&"audit_read"), &json!(world.own.patient))
    );
}

/// What an administrator changes, and the row that says so: its action, and what it says more.
fn changes(world: &World<'_>) -> Vec<(&'static str, String, Value, &'static str, &'static str)> {
    let own = &world.own;
    let hours = json!({ "start_time": "11:00", "end_time": "12:00", "slot_minutes": 60, "max_count": 5 });
    let line = json!({ "doctor_id": own.doctor, "weekday": "friday", "hours": hours, "note": "Hiddenvalue" });
    let patient = format!("/api/patient/{}", own.spare);
    let person = format!("/api/user/{}", own.user);
    vec![
        ("POST", "/api/patient".into(), json!({ "name": "Hiddenvalue" }), "patient_added", ""),
        (
            "PATCH",
            patient.clone(),
            json!({ "name": "Hiddenvalue", "mrn": "Hiddenvalue" }),
            "patient_changed",
            "mrn, name",
        ),
        ("GET", format!("{patient}/export"), Value::Null, "patient_exported", ""),
        ("POST", format!("{patient}/erase"), json!({ "reason": "by letter" }), "patient_erased", "by letter"),
        ("POST", "/api/doctor".into(), json!({ "name": "Hiddenvalue" }), "doctor_added", ""),
        (
            "PATCH",
            format!("/api/doctor/{}", own.doctor),
            json!({ "room": "Hiddenvalue" }),
            "doctor_changed",
            "room",
        ),
        ("POST", "/api/schedule".into(), line, "schedule_added", ""),
        ("DELETE", format!("/api/schedule/{}", own.schedule), Value::Null, "schedule_removed", ""),
        ("PATCH", "/api/setting".into(), json!({ "name": "Hiddenvalue" }), "setting_changed", "name"),
        (
            "POST",
            "/api/user".into(),
            json!({ "name": "nila", "called": "Hiddenvalue", "role": "admin" }),
            "user_added",
            "role admin",
        ),
        ("PATCH", person.clone(), json!({ "subject": "Hiddenvalue" }), "user_changed", "subject"),
        ("POST", format!("{person}/reset"), json!({}), "password_reset", ""),
        (
            "POST",
            "/api/key".into(),
            json!({ "name": "Hiddenvalue", "scopes": ["board_read"] }),
            "key_made",
            "board_read",
        ),
        ("DELETE", format!("/api/key/{}", own.key), Value::Null, "key_revoked", ""),
        ("GET", "/api/audit/export".into(), Value::Null, "audit_exported", ""),
        (
            "PUT",
            "/api/session/password".into(),
            json!({ "current": PASSWORD, "new": NEXT_PASSWORD }),
            "password_changed",
            "",
        ),
        ("DELETE", "/api/session".into(), Value::Null, "signed_out", ""),
    ]
}

#[tokio::test]
async fn who_changes_something_is_in_the_trail_with_its_name_and_without_what_it_held() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    let admin = user(&server, world.facility, Role::Admin, |_| {}).await;
    let signed_in = session(&server, world.facility, admin.id, server.desk.now()).await;
    for (method, path, body, action, detail) in changes(&world) {
        by(&world, &signed_in, method, &path, Some(&body).filter(|body| !body.is_null())).await;
        let rows = trail(&world, &format!("actor=user:{}", admin.id)).await;
        let row = &rows[0];
        assert_eq!((&row["action"], &row["detail"]), (&json!(action), &json!(detail)), "{method} {path}");
        let named = path.split('/').find(|part| part.len() == 36).unwrap_or_default();
        let told = row["subject"].as_str().unwrap().contains(named) || row["patient_id"] == named;
        assert!(told, "{row} does not name {named}");
        let text = Value::from(rows).to_string();
        for value in ["Hiddenvalue", PASSWORD, NEXT_PASSWORD, "baari_k_", "baari_s_"] {
            assert!(!text.contains(value), "{method} {path}: {value} in {text}");
        }
    }
}

#[tokio::test]
async fn signing_in_and_failing_to_is_in_the_trail_without_what_was_typed() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    let asha = user(&server, world.facility, Role::Reception, |_| {}).await;
    for (name, password, status) in [
        (&*asha.name, "Typed-by-mistake", 401),
        (&*asha.name, PASSWORD, 201),
        ("Typed-by-mistake", PASSWORD, 401),
    ] {
        let body = json!({ "name": name, "password": password });
        server.send("POST", "/api/session", &[], Some(&body)).await.is(status);
    }
    let rows = trail(&world, &format!("user_id={}", asha.id)).await;
    assert_eq!(actions(&rows), ["signed_in", "sign_in_refused"]);
    let all = Value::from(trail(&world, "").await).to_string();
    assert!(!all.to_lowercase().contains("typed-by-mistake"), "{all}");
}

#[tokio::test]
async fn a_search_by_patient_finds_all_of_theirs_and_of_nobody_else() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    let (own, other) = (&world.own, &world.other);
    for things in [own, other] {
        world.get(&format!("/api/patient/{}", things.patient)).await;
        world
            .did("PATCH", &format!("/api/patient/{}", things.patient), json!({ "phone": "98200 54321" }))
            .await;
        world
            .did("PATCH", &format!("/api/token/{}/status", things.token), json!({ "status": "cancelled" }))
            .await;
    }
    let rows = trail(&world, &format!("patient_id={}", own.patient)).await;
    for row in &rows {
        assert!(row["patient_id"] == own.patient || row["token_id"] == own.token, "{row}");
    }
    let mut told = actions(&rows);
    told.sort_unstable();
    for action in ["patient_added", "patient_read", "patient_changed", "booked", "cancelled", "audit_read"] {
        assert!(told.iter().any(|told| told.ends_with(action)), "{action} in {told:?}");
    }
    let all = trail(&world, "").await;
    let theirs = all.iter().filter(|row| row["patient_id"] == own.patient || row["token_id"] == own.token);
    assert_eq!(theirs.count(), rows.len());
}

#[tokio::test]
async fn pages_give_every_row_once_newest_first() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    // Many rows of one kind behind each other, and then of the other.
    for minute in 0..8 {
        server.advance(SignedDuration::from_mins(1));
        let room = json!({ "room": minute.to_string() });
        world.did("PATCH", &format!("/api/doctor/{}", world.own.doctor), room).await;
    }
    for minutes in 0..8 {
        server.advance(SignedDuration::from_mins(1));
        let path = format!("/api/doctor/{}/delay", world.own.doctor);
        world.did("POST", &path, json!({ "minutes": 10 + minutes })).await;
    }
    // From now on the trail is not added to: that it is read is told once.
    trail(&world, "").await;
    let mine = trail(&world, "").await.iter().find(|row| row["action"] == "doctor_changed").cloned();
    let mine = mine.unwrap()["actor"].as_str().unwrap().to_owned();
    for query in [String::new(), format!("actor={mine}"), "to=2026-02-02T03:38:30Z".to_owned()] {
        let all = trail(&world, &query).await;
        assert!(
            all.len() > 8 && all.windows(2).all(|pair| instant(&pair[0]) >= instant(&pair[1])),
            "{all:?}"
        );
        for limit in [1, 2, 3, 7, 8, all.len()] {
            let (mut paged, mut after) = (Vec::new(), String::new());
            loop {
                let page = world.get(&format!("/api/audit?limit={limit}&after={after}&{query}")).await;
                paged.extend(page["items"].as_array().unwrap().clone());
                let Some(next) = page["next"].as_str() else { break };
                next.clone_into(&mut after);
                assert!(paged.len() <= all.len(), "{query} {limit}: {paged:?}");
            }
            assert_eq!(paged, all, "{query} {limit}");
        }
    }
}

fn instant(row: &Value) -> jiff::Timestamp {
    row["at"].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn the_trail_is_taken_away_as_it_is_read() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    let zone = json!({ "time_zone": "Asia/Kolkata" });
    by(&world, &world.admin, "PATCH", "/api/setting", Some(&zone)).await;
    world.get(&format!("/api/patient/{}", world.own.patient)).await;
    for query in [String::new(), format!("patient_id={}", world.own.patient)] {
        trail(&world, &query).await;
        let csv = by(&world, &world.admin, "GET", &format!("/api/audit/export?{query}"), None).await;
        let rows = trail(&world, &query).await;
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let names = reader.headers().unwrap().clone();
        let cells: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!((cells.len(), actions(&rows)[0]), (rows.len(), "audit_exported"));
        for (cells, row) in cells.iter().zip(&rows) {
            let wall = instant(row).to_zoned(jiff::tz::TimeZone::get("Asia/Kolkata").unwrap());
            assert_eq!(&cells[9], wall.strftime("%Y-%m-%d %H:%M:%S").to_string());
            for (name, cell) in names.iter().zip(cells).take(9) {
                assert_eq!(cell, row[name].as_str().unwrap_or_default(), "{name} of {row}");
            }
        }
    }
}

#[tokio::test]
async fn a_patient_gets_all_that_is_kept_of_them() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    let own = &world.own;
    world.get(&format!("/api/patient/{}", own.patient)).await;
    let all = world.get(&format!("/api/patient/{}/export", own.patient)).await;
    assert_eq!(
        (&all["patient"]["name"], &all["patient"]["phone"]),
        (&json!("Raopatient Joshi"), &json!("9820012345"))
    );
    let tokens: Vec<_> = all["tokens"].as_array().unwrap().iter().map(|token| text(token, "id")).collect();
    assert_eq!(tokens, [own.token.as_str()]);
    let told: HashSet<&str> = actions(all["trail"].as_array().unwrap()).into_iter().collect();
    for action in ["patient_added", "patient_read", "patient_exported"] {
        assert!(told.contains(action), "{action} in {told:?}");
    }
    assert!(!all.to_string().contains(&world.other.patient), "{all}");
}

#[tokio::test]
async fn of_an_erased_patient_nothing_is_left_but_that_somebody_was_there() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    let own = &world.own;
    let patient = format!("/api/patient/{}", own.patient);
    let erase = format!("{patient}/erase");
    let refused = async |method: &str, path: &str, body: Value, code: &str| {
        let headers = by_key(&world.admin);
        let before = server.digest(None);
        let answer = server.send(method, path, &[(headers[0].0, &headers[0].1)], Some(&body)).await;
        answer.refused_as(409, code);
        assert_eq!(before, server.digest(None), "{method} {path}");
    };
    let reason = json!({ "reason": "by letter" });
    refused("POST", &erase, reason.clone(), "patient_has_token").await;
    world.waits(&world.other.doctor, &own.patient).await;
    world.did("PATCH", &format!("/api/token/{}/status", own.token), json!({ "status": "cancelled" })).await;
    refused("POST", &erase, reason.clone(), "patient_has_token").await;
    world.did("PATCH", &patient, json!({ "sex": "female", "birth_year": 1987 })).await;
    let all = world.get(&format!("{patient}/export")).await;
    assert_eq!((&all["patient"]["sex"], &all["patient"]["birth_year"]), (&json!("female"), &json!(1987)));
    // The day after, nobody waits any more.
    server.advance_and_forget(SignedDuration::from_hours(48)).await;
    let admin = world.signed_in(Role::Admin).await;
    let world = World { admin, own: world.own.clone(), other: world.other.clone(), ..world };
    let before = trail(&world, "").await;
    let tokens = world.get("/api/token?limit=500").await;
    world.did("POST", &erase, reason.clone()).await;

    let mut seen = vec![world.get(&patient).await];
    for path in [
        "/api/patient?limit=500",
        "/api/waitlist?date=2026-02-03",
        "/api/token?limit=500",
        "/api/audit?limit=500",
    ] {
        seen.push(world.get(path).await);
    }
    seen.push(world.get(&format!("{patient}/export")).await);
    let seen = Value::from(seen).to_string();
    assert!(!seen.contains("Raopatient") && !seen.contains("Joshi, Rao"), "{seen}");
    for query in ["raopat", "9820012345"] {
        let found = world.get(&format!("/api/patient?q={query}")).await;
        assert!(!found.to_string().contains(&own_id(&patient)), "{query}: {found}");
    }
    let left = world.get(&patient).await;
    assert_eq!((&left["name"], &left["phone"], &left["mrn"]), (&json!(""), &json!(""), &Value::Null));
    assert_eq!((&left["sex"], &left["birth_year"]), (&Value::Null, &Value::Null));
    assert_eq!(world.get("/api/token?limit=500").await, tokens, "the counts stay true");
    let after = trail(&world, "").await;
    assert!(before.iter().all(|row| after.contains(row)), "the trail stays");

    let headers = by_key(&world.admin);
    for (method, path, body) in [("POST", &erase, reason), ("PATCH", &patient, json!({ "name": "Somebody" }))]
    {
        let answer = server.send(method, path, &[(headers[0].0, &headers[0].1)], Some(&body)).await;
        answer.refused_as(409, "patient_erased");
    }
}

fn own_id(path: &str) -> String {
    path.rsplit('/').next().unwrap().to_owned()
}
