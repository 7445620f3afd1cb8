//! The power goes, the database goes: no acknowledged token is lost, none is given twice.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::support::{DATE, Database, Hospital, Reply, Server, on_both_databases, text};
use serde_json::{Value, json};

on_both_databases!(
    every_acknowledged_token_survives_a_kill,
    the_same_key_gets_the_same_answer_also_after_a_kill,
    a_stop_answers_what_was_begun,
);

fn every_acknowledged_token_survives_a_kill(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 5_000, 5_000);
    let patients: Vec<String> = (0..1_500).map(|_| hospital.patient()).collect();
    let (next, acknowledged) = (AtomicUsize::new(0), Mutex::new(HashMap::new()));
    let enough = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..64 {
            scope.spawn(|| {
                while let Some(patient) = patients.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let Some(reply) = hospital.client.try_post(
                        "/api/token/book",
                        &hospital.request(patient, "walk_in"),
                        &[],
                    ) else {
                        return;
                    };
                    let token = reply.expect(201);
                    let mut acknowledged = acknowledged.lock().unwrap();
                    acknowledged.insert(text(&token["id"]), token["token_no"].clone());
                    enough.store(acknowledged.len() >= 300, Ordering::Release);
                }
            });
        }
        while !enough.load(Ordering::Acquire) {
            std::thread::yield_now();
        }
        server.kill();
    });
    let acknowledged = acknowledged.into_inner().unwrap();
    assert!(acknowledged.len() >= 300 && acknowledged.len() < 1_500, "{}", acknowledged.len());

    let server = Server::start(database);
    let hospital = Hospital { client: server.client.clone(), ..hospital };
    let tokens = everything(&hospital);
    let kept: HashMap<String, Value> =
        tokens.iter().map(|t| (text(&t["id"]), t["token_no"].clone())).collect();
    for (id, number) in &acknowledged {
        assert_eq!(kept.get(id), Some(number), "an acknowledged token is lost");
    }
    let mut numbers: Vec<i64> = kept.values().filter_map(Value::as_i64).collect();
    numbers.sort_unstable();
    assert_eq!(
        numbers,
        (1..=i64::try_from(kept.len()).unwrap()).collect::<Vec<_>>(),
        "no number twice, none left out"
    );
    assert_eq!(hospital.queue()["slots"][0]["current_count"], kept.len());
    let more = hospital.book("walk_in").expect(201);
    assert_eq!(more["token_no"], kept.len() + 1);
}

fn everything(hospital: &Hospital) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/token?doctor_id={}&date={DATE}&limit=500&after={after}", hospital.doctor);
        let page = hospital.client.get(&path).expect(200);
        all.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(next) => after = next.to_owned(),
            None => return all,
        }
    }
}

fn the_same_key_gets_the_same_answer_also_after_a_kill(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 10, 10);
    let request = hospital.request(&hospital.patient(), "walk_in");
    let key = [("Idempotency-Key", "5d0e1c2a")];
    let ask = |server: &Server, request: &Value| server.client.post_with("/api/token/book", request, &key);
    let first = ask(&server, &request);
    assert_eq!((first.status, first.header("idempotency-replayed")), (201, None));
    hospital.set_status(&first.body, "cancelled").expect(200);
    let same = |reply: &Reply| (reply.status, reply.text.clone()) == (201, first.text.clone());
    assert!(same(&ask(&server, &request)), "the answer stays, whatever has become of the token");
    server.kill();
    let server = Server::start(database);
    let again = ask(&server, &request);
    assert!(same(&again), "{}", again.text);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    let mut other = request.clone();
    other["source"] = json!("online");
    let other = ask(&server, &other);
    assert_eq!((other.status, other.problem()), (422, "key_reused"));
    for (path, body) in [
        ("/api/doctor", json!({"name": "Dr Khan"})),
        ("/api/patient", json!({"name": "Ravi"})),
        (
            "/api/slot",
            json!({"doctor_id": hospital.doctor, "slot_date": DATE, "start_time": "15:00", "end_time": "16:00",
            "max_count": 4}),
        ),
        ("/api/schedule", json!({"doctor_id": hospital.doctor, "from": DATE, "to": DATE})),
        ("/api/slot/generate", json!({"doctor_id": hospital.doctor, "from": DATE, "to": DATE})),
    ] {
        let key = [("Idempotency-Key", path)];
        let first = server.client.post_with(path, &body, &key);
        assert_eq!(first.status, 201, "{}", first.text);
        let second = server.client.post_with(path, &body, &key);
        assert_eq!((second.status, &second.text), (201, &first.text), "{path}");
        assert_eq!(second.header("idempotency-replayed"), Some("true"), "{path}");
    }
}

fn a_stop_answers_what_was_begun(database: &Database) {
    let mut server = Server::start(database);
    let hospital = Hospital::open(&server, 2_000, 2_000);
    let patients: Vec<String> = (0..600).map(|_| hospital.patient()).collect();
    let (next, seated) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let broken = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..32 {
            scope.spawn(|| {
                while let Some(patient) = patients.get(next.fetch_add(1, Ordering::Relaxed)) {
                    match hospital.client.try_post(
                        "/api/token/book",
                        &hospital.request(patient, "walk_in"),
                        &[],
                    ) {
                        Some(reply) => assert_eq!(reply.status, 201, "{}", reply.text),
                        None => {
                            broken.fetch_add(1, Ordering::Relaxed);
                            return;
                        }
                    }
                    seated.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        while seated.load(Ordering::Relaxed) < 100 {
            std::thread::yield_now();
        }
        server.terminate();
        assert!(server.ended(), "a stop is not a failure");
    });
    let server = Server::start(database);
    let hospital = Hospital { client: server.client.clone(), ..hospital };
    let kept = everything(&hospital).len();
    let seated = seated.into_inner();
    // A request that the server had not begun to read may be refused with its connection, but nobody's seat is lost, and
    // whoever has a seat was told.
    assert_eq!(kept, seated, "{} connections were closed before their request was read", broken.into_inner());
}

#[test]
fn a_broken_database_connection_is_a_503_and_heals() {
    let database = Database::postgres("BAARI_TEST_POSTGRES");
    let server = Server::start(&database);
    let hospital = Hospital::open(&server, 1_000, 1_000);
    let patients: Vec<String> = (0..200).map(|_| hospital.patient()).collect();
    let mut seated = 0;
    for (at, patient) in patients.iter().enumerate() {
        if at % 25 == 10 {
            assert!(database.break_connections());
        }
        let request = hospital.request(patient, "walk_in");
        let key = format!("k{at}");
        // As a careful client does: the same request with the same key until there is an answer.
        let answered = (0..20).any(|_| {
            let reply = hospital.client.post_with("/api/token/book", &request, &[("Idempotency-Key", &key)]);
            match reply.status {
                201 => true,
                503 => {
                    assert!(reply.header("retry-after").is_some());
                    false
                }
                _ => panic!("{}", reply.text),
            }
        });
        assert!(answered, "the server has not found its database again");
        seated += 1;
    }
    assert_eq!(hospital.queue()["slots"][0]["current_count"], seated);
    assert_eq!(everything(&hospital).len(), seated);
}
