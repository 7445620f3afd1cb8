//! Two consoles and two servers: one patient is called once, and everybody sees the same.

use std::time::{Duration, Instant};

use crate::support::{Database, Hospital, Reply, Server, on_both_databases};
use serde_json::{Value, json};

on_both_databases!(two_consoles_that_press_at_once_call_one_patient);

const PRESSES: usize = 20;

fn two_consoles_that_press_at_once_call_one_patient(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 20, 20);
    press(&hospital, &hospital.clone());
}

#[test]
fn two_servers_call_one_patient_once() {
    let database = Database::postgres("BAARI_TEST_POSTGRES");
    let (one, two) = (Server::start(&database), Server::start(&database));
    let hospital = Hospital::open(&one, 20, 20);
    press(&hospital, &hospital.through(&two));
}

/// Rounds of two consoles that press "next" twenty times each, all at once.
fn press(one: &Hospital, two: &Hospital) {
    let tokens: Vec<Value> = (0..6).map(|_| one.book("walk_in").expect(201)).collect();
    for (round, token) in tokens.iter().enumerate() {
        let finish = round % 2 == 1;
        if round > 0 {
            let before = &tokens[round - 1];
            two.set_status(before, "in_consultation").expect(200);
            let refused = at_once(&[one, two], &json!({"finish": false}));
            assert!(refused.iter().all(|reply| reply.problem() == "visit_in_progress"), "{refused:?}");
            if !finish {
                one.set_status(before, "completed").expect(200);
            }
        }
        let answers = at_once(&[one, two], &json!({"finish": finish}));
        assert_eq!(answers.len(), 2 * PRESSES);
        for answer in &answers {
            assert_eq!((answer.status, &answer.body["id"]), (200, &token["id"]), "{}", answer.text);
            assert_eq!(answer.body["status"], "called");
        }
        let finished = answers.iter().filter(|answer| answer.body["finished"][0].is_object()).count();
        assert_eq!(finished, usize::from(finish), "one of them finished the visit");
        assert_eq!(one.events_of("token_called").len(), round + 1, "round {round}");
        assert_eq!(two.events_of("token_completed").len(), round);
    }
}

fn at_once(consoles: &[&Hospital; 2], body: &Value) -> Vec<Reply> {
    let gate = std::sync::Barrier::new(2 * PRESSES);
    std::thread::scope(|scope| {
        let ask = |at: usize| {
            let (console, gate) = (consoles[at % 2], &gate);
            scope.spawn(move || {
                gate.wait();
                console.room("next", body)
            })
        };
        let asked: Vec<_> = (0..2 * PRESSES).map(ask).collect();
        asked.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

#[test]
fn a_change_on_one_server_is_seen_on_the_other_within_a_second() {
    let database = Database::postgres("BAARI_TEST_POSTGRES");
    let (one, two) = (Server::start(&database), Server::start(&database));
    let here = Hospital::open(&one, 20, 20);
    let there = here.through(&two);
    let mut slowest = Duration::ZERO;
    let mut seen = |what: &str, version: &Value| {
        let changed = Instant::now();
        while there.queue()["version"] != *version {
            assert!(changed.elapsed() < Duration::from_secs(10), "{what} is not seen");
        }
        slowest = slowest.max(changed.elapsed());
    };
    seen("a slot", &here.queue()["version"]);
    for _ in 0..3 {
        here.book("walk_in").expect(201);
        seen("a booking", &here.queue()["version"]);
        here.next().expect(200);
        seen("a call", &here.queue()["version"]);
        here.room("undo", &json!({})).expect(200);
        seen("an undo", &here.queue()["version"]);
    }
    assert_eq!(there.queue()["tokens"], here.queue()["tokens"]);
    assert!(slowest < Duration::from_secs(1), "{slowest:?}");
}
