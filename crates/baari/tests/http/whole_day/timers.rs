//! What time does: grace, slot ends; once, also after a restart and with several servers.

use std::time::{Duration, Instant};

use crate::support::{Database, Hospital, Server, codes, instant, on_both_databases, refused};
use serde_json::{Value, json};

on_both_databases!(
    who_does_not_come_is_passed_rejoins_twice_and_then_loses_the_seat,
    a_recall_starts_the_time_to_come_anew,
    a_slot_ends_for_those_who_never_came,
    what_was_due_while_nobody_was_here_happens_at_the_start,
);

fn who_does_not_come_is_passed_rejoins_twice_and_then_loses_the_seat(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 5, 5);
    let tokens: Vec<Value> = (0..5).map(|_| hospital.book("walk_in").expect(201)).collect();
    let waiting = hospital.book_with("walk_in", &json!({"waitlist": true})).expect(201);
    let late = &tokens[0];
    hospital.next().expect(200);
    let before = hospital.mark();
    hospital.at("09:09");
    assert_eq!(hospital.mark(), before, "nothing is due before its time");
    hospital.at("09:10");
    let passed = hospital.token(late);
    assert_eq!(passed["status"], "passed");
    let events = hospital.events_of("token_passed");
    assert_eq!((events.len(), &events[0]["actor"]), (1, &json!("clock")));
    assert_eq!(events[0]["reasons"][0]["text"], "Did not come within 10 min of the call.");
    assert_eq!(hospital.next().expect(200)["token_no"], 2, "the next one can be called");
    hospital.set_status(&tokens[1], "in_consultation").expect(200);
    let back = hospital.step(late, "rejoin", &json!({})).expect(200);
    assert_eq!((&back["status"], &back["rejoins"]), (&json!("arrived"), &json!(1)));
    assert!(codes(&back).contains(&"rejoined"), "{back}");
    assert_eq!(hospital.order(), [2, 3, 4, 1, 5, 6], "behind the next two who are here");
    let finish = json!({"finish": true});
    for (number, at) in [(3, "09:12"), (4, "09:14"), (1, "09:16")] {
        hospital.at(at);
        assert_eq!(hospital.room("next", &finish).expect(200)["token_no"], number);
        if number != 1 {
            hospital.set_status(&tokens[number - 1], "in_consultation").expect(200);
        }
    }
    hospital.at("09:26");
    assert_eq!(hospital.status(late), "passed");
    let back = hospital.step(late, "rejoin", &json!({})).expect(200);
    assert_eq!((&back["rejoins"], hospital.order()), (&json!(2), vec![5, 1, 6]));
    hospital.next().expect(200);
    hospital.set_status(&tokens[4], "in_consultation").expect(200);
    assert_eq!(hospital.room("next", &finish).expect(200)["token_no"], 1);
    let before = hospital.queue()["version"].as_u64().unwrap();
    hospital.at("09:36");
    let gone = hospital.token(late);
    assert_eq!(gone["status"], "no_show");
    assert!(codes(&gone).contains(&"rejoins_used_up"), "{gone}");
    let in_its_place = hospital.token(&waiting);
    assert_eq!(in_its_place["status"], "arrived", "the seat went to who waited for one");
    assert_eq!(hospital.queue()["version"], before + 1, "in the same change");
    assert_eq!(hospital.counts(), [5]);
    refused(&hospital.step(late, "rejoin", &json!({})), 409, "status_impossible");
    assert_eq!(hospital.next().expect(200)["token_no"], 6);
}

fn a_recall_starts_the_time_to_come_anew(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 5, 5);
    let token = hospital.book("walk_in").expect(201);
    refused(&hospital.step(&token, "recall", &json!({})), 409, "status_impossible");
    hospital.next().expect(200);
    hospital.at("09:08");
    let again = hospital.step(&token, "recall", &json!({})).expect(200);
    assert_eq!((&again["status"], codes(&again)), (&json!("called"), vec!["called_again"]));
    hospital.at("09:17");
    assert_eq!(hospital.status(&token), "called");
    hospital.at("09:18");
    assert_eq!(hospital.status(&token), "passed");
    assert_eq!(hospital.events_of("token_recalled").len(), 1);
}

fn a_slot_ends_for_those_who_never_came(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 5, 5);
    hospital.slot("10:00", "11:00", 5, 5);
    let (absent, here) = (hospital.book("online").expect(201), hospital.book("walk_in").expect(201));
    let passed = hospital.book("walk_in").expect(201);
    hospital.room("next", &json!({"token_id": passed["id"], "reason": "asked for"})).expect(200);
    hospital.set_status(&passed, "passed").expect(200);
    hospital.at("09:59");
    assert_eq!(hospital.status(&absent), "booked");
    hospital.at("10:00");
    for token in [&absent, &passed] {
        let gone = hospital.token(token);
        assert_eq!(gone["status"], "no_show");
        assert!(codes(&gone).contains(&"slot_ended"), "{gone}");
    }
    assert_eq!((hospital.status(&here), hospital.counts()), ("arrived".to_owned(), vec![1, 0]));
    let story = hospital.story(&absent).join("\n");
    assert!(
        story.contains(
            "10:00 Counted as not having come. 09:00–10:00 has ended, and the patient did not come."
        )
    );

    // Not before a doctor who is late.
    let absent = hospital.book("online").expect(201);
    assert_eq!(
        hospital.room("delay", &json!({"minutes": 90})).expect(200)["resumes_at"],
        "2026-02-02T06:00:00Z"
    );
    hospital.at("11:29");
    assert_eq!(hospital.status(&absent), "booked");
    hospital.at("11:30");
    assert_eq!((hospital.status(&absent), hospital.counts()), ("no_show".to_owned(), vec![1, 0]));
}

fn what_was_due_while_nobody_was_here_happens_at_the_start(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 5, 5);
    let (called, absent) = (hospital.book("walk_in").expect(201), hospital.book("online").expect(201));
    hospital.next().expect(200);
    server.kill();
    let server = Server::start_at(database, "09:11");
    let hospital = hospital.through(&server);
    soon("the call is passed", || hospital.status(&called) == "passed");
    assert_eq!(hospital.status(&absent), "booked");
    server.kill();
    // Nobody looks at the queue, and the clock is put forward at once.
    let server = Server::start_at(database, "09:12");
    let hospital = hospital.through(&server);
    hospital.at("10:00");
    assert_eq!((hospital.events_of("token_passed").len(), hospital.events_of("token_no_show").len()), (1, 2));
    assert_eq!(hospital.counts(), [0]);
}

/// Within seconds, while the machine's own time passes.
#[track_caller]
pub(super) fn soon(what: &str, holds: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !holds() {
        assert!(Instant::now() < deadline, "not within seconds: {what}");
    }
}

#[test]
fn with_two_servers_a_call_is_passed_once() {
    let database = Database::postgres("BAARI_TEST_POSTGRES");
    let (one, two) = (Server::start(&database), Server::start(&database));
    let hospital = Hospital::open(&one, 20, 20);
    hospital.set(&json!({"grace_minutes": 5}));
    let tokens: Vec<Value> = (0..6).map(|_| hospital.book("walk_in").expect(201)).collect();
    let clocks = [hospital.clone(), hospital.through(&two)];
    clocks[1].queue();
    for (round, token) in tokens.iter().enumerate() {
        assert_eq!(clocks[round % 2].next().expect(200)["id"], token["id"]);
        let due = format!("09:{:02}", (round + 1) * 5);
        std::thread::scope(|scope| {
            for hospital in &clocks {
                scope.spawn(|| hospital.at(&due));
            }
        });
        for hospital in &clocks {
            assert_eq!(hospital.status(token), "passed", "round {round}");
        }
        assert_eq!(hospital.events_of("token_passed").len(), round + 1);
    }
    // A restart in between: called before, due while one of them is away.
    drop(clocks);
    let called = hospital.step(&tokens[0], "rejoin", &json!({})).expect(200);
    hospital.next().expect(200);
    one.kill();
    two.kill();
    let servers = [Server::start_at(&database, "10:10"), Server::start_at(&database, "10:10")];
    for server in &servers {
        let hospital = hospital.through(server);
        soon("the call is passed", || hospital.status(&called) == "passed");
    }
    let hospital = hospital.through(&servers[0]);
    assert_eq!(hospital.events_of("token_passed").len(), 7);
    assert_eq!(
        hospital.events_of("token_no_show").len(),
        5,
        "the slot is over for those who were passed before"
    );
}

#[test]
fn with_two_running_clocks_a_call_is_passed_once() {
    let database = Database::postgres("BAARI_TEST_POSTGRES");
    let running = ["--now", &instant("09:00"), "--speed", "60"];
    let (one, two) = (Server::start_with(&database, &running), Server::start_with(&database, &running));
    let hospital = Hospital::open(&one, 20, 20);
    hospital.set(&json!({"grace_minutes": 0.5}));
    let tokens: Vec<Value> = (0..4).map(|_| hospital.book("walk_in").expect(201)).collect();
    let others = hospital.through(&two);
    for token in &tokens {
        assert_eq!(others.next().expect(200)["id"], token["id"]);
        soon("the call is passed", || hospital.status(token) == "passed" && others.status(token) == "passed");
    }
    assert_eq!(hospital.events_of("token_passed").len(), 4);
}
