//! Everything at once, on one server and on two: it adds up, and what was asked once is done once.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::{Database, Hospital, Reply, Server, add_up, on_both_databases};
use serde_json::{Value, json};

on_both_databases!(a_busy_hour_adds_up, two_doctors_who_leave_at_once_lose_nobody);

fn a_busy_hour_adds_up(database: &Database) {
    let server = Server::start(database);
    busy_hour(&Hospital::open(&server, 20, 22), &[&server]);
}

fn two_doctors_who_leave_at_once_lose_nobody(database: &Database) {
    let server = Server::start(database);
    leave_each_other(&Hospital::open(&server, 1, 1), &[&server]);
}

#[test]
fn a_busy_hour_on_two_servers_adds_up() {
    let database = Database::postgres("BAARI_TEST_POSTGRES");
    let (one, two) = (Server::start(&database), Server::start(&database));
    busy_hour(&Hospital::open(&one, 20, 22), &[&one, &two]);
}

#[test]
fn two_doctors_who_leave_at_once_on_two_servers_lose_nobody() {
    let database = Database::postgres("BAARI_TEST_POSTGRES");
    let (one, two) = (Server::start(&database), Server::start(&database));
    leave_each_other(&Hospital::open(&one, 1, 1), &[&one, &two]);
}

/// What a request may be answered with when others are at work: done, or refused for a reason.
#[track_caller]
fn fair(reply: &Reply) {
    assert!([200, 201, 409].contains(&reply.status), "{}", reply.text);
}

/// Reads the feed from where it was, again and again, until the others are done and there is nothing more.
fn follow(reader: &Hospital, left: &AtomicUsize) -> Vec<Value> {
    let (mut followed, mut after) = (Vec::new(), 0);
    loop {
        let last = left.load(Ordering::Acquire) == 0;
        let page = reader.client.get(&format!("/api/event?after={after}&limit=500")).expect(200);
        let items = page["items"].as_array().unwrap();
        after = page["next"].as_u64().unwrap();
        followed.extend(items.iter().cloned());
        if last && items.is_empty() {
            return followed;
        }
    }
}

/// A doctor leaves while people book, cancel, are moved and called.
fn busy_hour(hospital: &Hospital, servers: &[&Server]) {
    hospital.slot("12:00", "13:00", 6, 8);
    let colleague = hospital.colleague("Dr Iyer", "Medicine");
    let there = colleague.slot("09:00", "12:00", 15, 16);
    let tokens: Vec<Value> = (0..24).map(|_| hospital.book("walk_in").expect(201)).collect();
    let patients: Vec<String> = (0..24).map(|_| hospital.patient()).collect();
    let (left, reader) = (AtomicUsize::new(patients.len()), hospital.through(servers[servers.len() - 1]));
    let followed = std::thread::scope(|scope| {
        let follower = scope.spawn(|| follow(&reader, &left));
        for (at, patient) in patients.iter().enumerate() {
            let hospital = hospital.through(servers[at % servers.len()]);
            let colleague = colleague.through(servers[at % servers.len()]);
            let (tokens, there, left) = (&tokens, &there, &left);
            scope.spawn(move || {
                let doctor = if at % 2 == 0 { &hospital } else { &colleague };
                let source = ["walk_in", "emergency", "online", "paid_priority"][at % 4];
                let mut request = doctor.request(patient, source);
                request["waitlist"] = json!(at % 3 == 0);
                let booked = doctor.client.post("/api/token/book", &request);
                let changed = match at % 6 {
                    0 => hospital.set_status(&tokens[at], "cancelled"),
                    1 => colleague.next(),
                    2 => {
                        hospital.step(&tokens[at], "move", &json!({"slot_id": there, "reason": "asked for"}))
                    }
                    3 if at == 9 => hospital.room("leave", &json!({"to": "12:00", "reason": "called away"})),
                    4 => hospital.room("delay", &json!({"minutes": at})),
                    _ => colleague.change_slot(there, &json!({"max_count": 10, "move_on": true})),
                };
                left.fetch_sub(1, Ordering::Release);
                fair(&booked);
                fair(&changed);
            });
        }
        follower.join().unwrap()
    });
    assert_eq!(followed, reader.events(), "whoever follows the feed misses nothing and sees nothing twice");
    for server in servers {
        let (hospital, colleague) = (hospital.through(server), colleague.through(server));
        // What the other server did is in every answer to a change.
        fair(&hospital.room("delay", &json!({"minutes": 5})));
        fair(&colleague.room("delay", &json!({"minutes": 5})));
        let with = add_up(&[&hospital, &colleague]);
        assert!(with.iter().map(|(seated, waiting)| seated + waiting).sum::<usize>() >= 24, "{with:?}");
        assert_eq!(hospital.queue()["slots"][0]["status"], "cancelled");
        assert_eq!(hospital.counts()[0], 0);
    }
    assert_eq!(hospital.events_of("doctor_left").len(), 1);
}

/// Each of two doctors is where the other one's patients may go.
fn leave_each_other(hospital: &Hospital, servers: &[&Server]) {
    for round in 0..3 {
        let doctor = |name: &str| {
            let doctor = hospital.colleague(name, &format!("Ward {round}"));
            doctor.slot("09:00", "12:00", 20, 20);
            (0..8).for_each(|_| drop(doctor.book("walk_in").expect(201)));
            doctor
        };
        let pair = [doctor("Dr A"), doctor("Dr B")];
        let answers: Vec<Reply> = std::thread::scope(|scope| {
            let leave = |(at, doctor): (usize, &Hospital)| {
                let doctor = doctor.through(servers[at % servers.len()]);
                scope.spawn(move || doctor.room("leave", &json!({"reason": "ill"})))
            };
            let asked: Vec<_> = pair.iter().enumerate().map(leave).collect();
            asked.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        answers.iter().for_each(|answer| assert_eq!(answer.status, 200, "{}", answer.text));
        let pair = pair.map(|doctor| doctor.through(servers[0]));
        pair.iter().for_each(|doctor| fair(&doctor.room("undo", &json!({}))));
        let with = add_up(&[&pair[0], &pair[1]]);
        assert_eq!(with[0].0 + with[1].0, 0, "nobody has a seat with a doctor who has left");
        assert_eq!(with[0].1 + with[1].1, 16, "everybody waits for one");
        assert!(pair.iter().all(|doctor| doctor.events_of("doctor_left").len() == 1));
    }
}

#[test]
fn the_same_key_on_two_servers_at_once_is_done_once() {
    let database = Database::postgres("BAARI_TEST_POSTGRES");
    let (one, two) = (Server::start(&database), Server::start(&database));
    let hospital = Hospital::open(&one, 40, 40);
    for round in 0..6 {
        let token = hospital.book("walk_in").expect(201);
        assert_eq!(hospital.next().expect(200)["id"], token["id"]);
        hospital.at(&format!("09:{:02}", 2 * round + 1));
        two.client.put("/api/clock", &json!({"now": format!("2026-02-02T09:{:02}:00+05:30", 2 * round + 1)}));
        hospital.set_status(&token, "in_consultation").expect(200);
        let key = format!("undo-{round}");
        let answers: Vec<Reply> = std::thread::scope(|scope| {
            let undo = |at: usize| {
                let client = [&one.client, &two.client][at % 2];
                let (path, key) = (format!("/api/doctor/{}/undo", hospital.doctor), key.as_str());
                scope.spawn(move || client.post_with(&path, &json!({}), &[("Idempotency-Key", key)]))
            };
            let asked: Vec<_> = (0..8).map(undo).collect();
            asked.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        for answer in &answers {
            assert_eq!((answer.status, &answer.text), (200, &answers[0].text));
        }
        assert_eq!(hospital.events_of("token_undone").len(), round + 1, "round {round}");
        assert_eq!(hospital.status(&token), "called");
        hospital.set_status(&token, "cancelled").expect(200);
    }
}
