//! Booking over HTTP, on every way to a database.

use std::collections::HashSet;

use crate::support::{Database, Hospital, Reply, Server, on_every_database};
use serde_json::{Value, json};

on_every_database!(
    the_worked_example_comes_out_to_the_digit,
    two_hundred_at_once_get_ten_seats_and_two_emergencies_the_buffer,
    cancelling_three_times_frees_one_seat,
    a_seat_that_is_not_there_points_to_the_next,
    a_freed_seat_goes_to_the_first_who_waits,
    whoever_was_seen_here_comes_back_as_a_follow_up,
);

fn the_worked_example_comes_out_to_the_digit(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 10, 12);
    for (source, number, sequence) in [
        ("walk_in", 1, 4.0),
        ("WALK_IN", 2, 4.1),
        ("emergency", 3, 1.0),
        ("paid_priority", 4, 2.0),
        ("Paid_Priority", 5, 2.1),
    ] {
        let token = hospital.book(source).expect(201);
        assert_eq!(
            (&token["token_no"], &token["sequence_number"]),
            (&json!(number), &json!(sequence)),
            "{token}"
        );
        assert!(token["reasons"].as_array().is_some_and(|reasons| !reasons.is_empty()));
    }
    let queue = hospital.queue();
    let order: Vec<&Value> =
        queue["tokens"].as_array().unwrap().iter().map(|token| &token["token_no"]).collect();
    assert_eq!(order, [3, 4, 5, 1, 2]);
    let text = hospital.client.get(&format!("/api/doctor/{}", hospital.doctor)).text;
    assert!(text.contains("\"sequence_number\":4.1,") && text.contains("\"sequence_number\":4.0,"), "{text}");
}

fn two_hundred_at_once_get_ten_seats_and_two_emergencies_the_buffer(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 10, 12);
    rush(&hospital, &[&server]);
}

#[test]
fn two_servers_on_one_postgresql_give_no_seat_twice() {
    let database = Database::postgres("BAARI_TEST_POSTGRES");
    let (one, two) = (Server::start(&database), Server::start(&database));
    let hospital = Hospital::open(&one, 10, 12);
    rush(&hospital, &[&one, &two]);
}

/// 200 people at once, spread over the servers; then emergencies, then somebody more.
fn rush(hospital: &Hospital, servers: &[&Server]) {
    let later = hospital.slot("11:00", "12:00", 1, 1);
    hospital.client.patch(&format!("/api/slot/{later}"), &json!({"status": "closed"})).expect(200);
    let tomorrow = json!({
        "doctor_id": hospital.doctor, "slot_date": "2026-02-03", "start_time": "09:00", "end_time": "10:00", "max_count": 10,
    });
    hospital.client.post("/api/slot", &tomorrow).expect(201);
    let patients: Vec<String> = (0..200).map(|_| hospital.patient()).collect();
    let answers = at_once(hospital, servers, &patients, "walk_in");
    let (seated, refused): (Vec<&Reply>, Vec<&Reply>) = answers.iter().partition(|reply| reply.status == 201);
    assert_eq!(seated.len(), 10, "{:?}", refused.first());
    for reply in &refused {
        assert_eq!((reply.status, reply.problem()), (409, "no_seat"), "{}", reply.text);
        assert_eq!(
            reply.body["next_room"]["slot_date"], "2026-02-03",
            "the later slot is closed: {}",
            reply.text
        );
        assert!(
            reply.body["detail"].as_str().is_some_and(|detail| detail.contains("2026-02-03 09:00–10:00"))
        );
    }
    hospital.client.patch(&format!("/api/slot/{later}"), &json!({"status": "open"})).expect(200);
    let patients: Vec<String> = (0..8).map(|_| hospital.patient()).collect();
    let in_nine = |patient: &String| {
        let mut request = hospital.request(patient, "emergency");
        request["slot_id"] = hospital.queue()["slots"][0]["id"].clone();
        request
    };
    let requests: Vec<Value> = patients.iter().map(in_nine).collect();
    let emergencies = send_at_once(servers, &requests);
    assert_eq!(emergencies.iter().filter(|reply| reply.status == 201).count(), 2);
    let named = emergencies.iter().filter(|reply| reply.status == 409);
    assert!(named.clone().all(|reply| reply.body["next_room"]["start_time"] == "11:00"), "{emergencies:?}");
    assert_eq!(named.count(), 6);
    let tokens = hospital.tokens();
    let numbers: HashSet<i64> = tokens.iter().map(|token| token["token_no"].as_i64().unwrap()).collect();
    assert_eq!((tokens.len(), numbers.len()), (12, 12));
    assert_eq!(numbers, (1..=12).collect());
    let sequences: HashSet<String> =
        tokens.iter().map(|token| token["sequence_number"].to_string()).collect();
    assert_eq!(sequences.len(), 12);
    assert!(sequences.contains("4.9"), "the tenth of a band still sorts inside it: {sequences:?}");
    assert_eq!(hospital.queue()["slots"][0]["current_count"], 12);
}

fn at_once(hospital: &Hospital, servers: &[&Server], patients: &[String], source: &str) -> Vec<Reply> {
    let requests: Vec<Value> = patients.iter().map(|patient| hospital.request(patient, source)).collect();
    send_at_once(servers, &requests)
}

fn send_at_once(servers: &[&Server], requests: &[Value]) -> Vec<Reply> {
    let gate = std::sync::Barrier::new(requests.len());
    std::thread::scope(|scope| {
        let ask = |(at, request): (usize, &Value)| {
            let (client, request, gate) =
                (servers[at % servers.len()].client.clone(), request.clone(), &gate);
            scope.spawn(move || {
                gate.wait();
                client.post("/api/token/book", &request)
            })
        };
        let asked: Vec<_> = requests.iter().enumerate().map(ask).collect();
        asked.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

fn cancelling_three_times_frees_one_seat(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 2, 2);
    let token = hospital.book("walk_in").expect(201);
    hospital.book("walk_in").expect(201);
    for status in ["cancelled", "CANCELLED", "cancelled"] {
        assert_eq!(hospital.set_status(&token, status).expect(200)["status"], "cancelled");
        assert_eq!(hospital.queue()["slots"][0]["current_count"], 1);
    }
    hospital.book("walk_in").expect(201);
    assert_eq!(hospital.book("walk_in").problem(), "no_seat");
}

fn a_seat_that_is_not_there_points_to_the_next(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 1, 1);
    hospital.book("walk_in").expect(201);
    let mut request = hospital.request(&hospital.patient(), "walk_in");
    request["waitlist"] = json!(true);
    let waits = server.client.post("/api/token/book", &request).expect(201);
    let refused = hospital.set_status(&waits, "booked");
    assert_eq!((refused.problem(), &refused.body["next_room"]), ("no_seat", &Value::Null));
    let tomorrow = json!({
        "doctor_id": hospital.doctor, "slot_date": "2026-02-03", "start_time": "09:00", "end_time": "10:00", "max_count": 1,
    });
    server.client.post("/api/slot", &tomorrow).expect(201);
    let refused = hospital.set_status(&waits, "booked");
    assert_eq!(refused.body["next_room"]["slot_date"], "2026-02-03", "{}", refused.text);
}

fn a_freed_seat_goes_to_the_first_who_waits(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 1, 1);
    let first = hospital.book("walk_in").expect(201);
    let mut request = hospital.request(&hospital.patient(), "walk_in");
    request["waitlist"] = json!(true);
    let waiting = hospital.client.post("/api/token/book", &request).expect(201);
    assert_eq!((&waiting["status"], &waiting["slot_id"]), (&json!("waitlisted"), &Value::Null));
    hospital.set_status(&first, "cancelled").expect(200);
    let promoted =
        hospital.client.get(&format!("/api/token/{}", waiting["id"].as_str().unwrap())).expect(200);
    assert_eq!((&promoted["status"], &promoted["token_no"]), (&json!("arrived"), &json!(2)));
    let codes: Vec<&str> =
        promoted["reasons"].as_array().unwrap().iter().filter_map(|r| r["code"].as_str()).collect();
    assert!(codes.contains(&"waitlisted") && codes.contains(&"from_waitlist"), "{codes:?}");
    assert_eq!(hospital.queue()["slots"][0]["current_count"], 1);
}

fn whoever_was_seen_here_comes_back_as_a_follow_up(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 10, 12);
    let new = json!({"name": "Arjun Nair", "phone": "98200 54321"});
    let patient = server.client.post("/api/patient", &new).expect(201)["id"].as_str().unwrap().to_owned();
    let book =
        |source| server.client.post("/api/token/book", &hospital.request(&patient, source)).expect(201);
    let first = book("follow_up");
    assert_eq!(first["priority_score"], 4, "was never here: {first}");
    for status in ["arrived", "called", "in_consultation"] {
        hospital.set_status(&first, status).expect(200);
    }
    hospital.set_status(&first, "completed").expect(200);
    let second = book("follow_up");
    assert_eq!(second["priority_score"], 3, "was here an hour ago: {second}");
}
