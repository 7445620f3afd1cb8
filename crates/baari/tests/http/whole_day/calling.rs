//! The doctor's room: next, start, finish, out of order, undo.

use crate::support::{Database, Hospital, Server, codes, on_both_databases, refused, text};
use serde_json::{Value, json};

on_both_databases!(
    all_sources_are_booked_and_called_in_their_order,
    out_of_order_needs_a_reason_and_somebody_who_is_here,
    every_step_in_the_room_can_be_taken_back,
    a_wrong_no_show_is_taken_back_into_its_seat,
);

fn all_sources_are_booked_and_called_in_their_order(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 10, 12);
    let book = |source: &str| hospital.book(source).expect(201);
    let online = book("online");
    let (walk_in, follow_up, paid, urgent) =
        (book("walk_in"), book("follow_up"), book("paid_priority"), book("emergency"));
    assert_eq!(online["status"], "booked");
    assert!(codes(&online).contains(&"must_check_in"));
    for here in [&walk_in, &follow_up, &paid, &urgent] {
        assert_eq!(here["status"], "arrived", "{here}");
    }
    assert_eq!(hospital.order(), [5, 4, 3, 1, 2], "by band; the absent keep their place");
    let called = hospital.next().expect(200);
    assert_eq!((&called["token_no"], &called["status"]), (&json!(5), &json!("called")));
    assert!(codes(&called).contains(&"next_in_order"), "{called}");
    let version = hospital.mark();
    let again = hospital.next().expect(200);
    assert_eq!((&again["id"], codes(&again)), (&called["id"], vec!["called_already"]));
    assert_eq!(hospital.mark(), version, "asking twice calls once");
    hospital.set_status(&urgent, "in_consultation").expect(200);
    assert_eq!(hospital.queue()["now_serving"]["id"], urgent["id"]);
    refused(&hospital.next(), 409, "visit_in_progress");
    let finish = json!({"finish": true});
    for (at, seen, called) in
        [("09:06", &urgent, &paid), ("09:12", &paid, &follow_up), ("09:18", &follow_up, &walk_in)]
    {
        hospital.at(at);
        let next = hospital.room("next", &finish).expect(200);
        assert_eq!(next["id"], called["id"]);
        let finished = next["finished"].as_array().unwrap();
        assert_eq!((finished.len(), &finished[0]["id"]), (1, &seen["id"]));
        assert_eq!(hospital.status(seen), "completed");
        hospital.set_status(called, "in_consultation").expect(200);
    }
    let last = hospital.room("next", &finish).expect(200);
    assert_eq!((&last["id"], &last["status"]), (&walk_in["id"], &json!("completed")), "nobody else is here");
    let nobody = hospital.next();
    refused(&nobody, 409, "nobody_to_call");
    assert!(nobody.text.contains("one patient is still expected, but is not here"), "{}", nobody.text);
    assert_eq!(hospital.set_status(&online, "arrived").expect(200)["status"], "arrived");
    assert_eq!(hospital.next().expect(200)["id"], online["id"]);
    hospital.set_status(&online, "in_consultation").expect(200);
    hospital.set_status(&online, "completed").expect(200);
    assert_eq!((hospital.order(), hospital.counts()), (vec![], vec![5]), "who was seen keeps the seat");
    refused(&hospital.room("next", &json!({"date": "2026-02-03"})), 409, "not_yet");
}

fn out_of_order_needs_a_reason_and_somebody_who_is_here(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 10, 12);
    let first = hospital.book("walk_in").expect(201);
    let absent = hospital.book("online").expect(201);
    let third = hospital.book("walk_in").expect(201);
    let fourth = hospital.book("walk_in").expect(201);
    let ask = |token: &Value, reason: Option<&str>, finish: bool| {
        hospital.room("next", &json!({"token_id": token["id"], "reason": reason, "finish": finish}))
    };
    let before = hospital.mark();
    let reply = ask(&fourth, None, false);
    refused(&reply, 422, "reason_missing");
    assert!(reply.text.contains("2 people stand before token 4"), "{}", reply.text);
    refused(&ask(&fourth, Some("  "), false), 422, "reason_missing");
    refused(&ask(&absent, Some("asked for"), false), 409, "not_here");
    assert_eq!(hospital.mark(), before);
    assert_eq!(ask(&first, None, false).expect(200)["id"], first["id"], "the first one needs no reason");
    refused(&ask(&third, Some("a fall"), false), 409, "another_is_called");
    hospital.set_status(&first, "in_consultation").expect(200);
    refused(&ask(&fourth, None, true), 422, "reason_missing");
    assert_eq!(hospital.status(&first), "in_consultation", "a refused step finishes nobody");
    let called = ask(&fourth, Some("a child with fever"), true).expect(200);
    let why = &called["reasons"][0];
    assert_eq!(why["code"], "called_out_of_order");
    assert_eq!(why["text"], "Called out of order, ahead of 1 person: a child with fever");
    assert_eq!(called["finished"][0]["id"], first["id"]);
    assert_eq!(hospital.order(), [4, 2, 3]);
}

fn every_step_in_the_room_can_be_taken_back(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 10, 12);
    let undo = || hospital.room("undo", &json!({}));
    let (first, second) = (hospital.book("walk_in").expect(201), hospital.book("walk_in").expect(201));
    refused(&undo(), 409, "nothing_to_undo");
    hospital.next().expect(200);
    hospital.at("09:01");
    hospital.set_status(&first, "in_consultation").expect(200);
    hospital.at("09:07");
    hospital.room("next", &json!({"finish": true})).expect(200);
    let statuses = || (hospital.status(&first), hospital.status(&second));
    let both = |one: &str, two: &str| (one.to_owned(), two.to_owned());
    assert_eq!(statuses(), both("completed", "called"));
    for (tokens, one, two) in
        [(2, "in_consultation", "arrived"), (1, "called", "arrived"), (1, "arrived", "arrived")]
    {
        let undone = undo().expect(200);
        let undone = undone["tokens"].as_array().unwrap();
        assert_eq!(undone.len(), tokens, "finish and call next are one step");
        assert!(undone.iter().all(|token| codes(token) == ["taken_back"]), "{undone:?}");
        assert_eq!(statuses(), both(one, two));
    }
    refused(&undo(), 409, "nothing_to_undo");
    assert_eq!((hospital.order(), hospital.counts()), (vec![1, 2], vec![2]));
    let story = hospital.story(&first).join("\n");
    assert!(story.contains("Taken back: was completed, is in consultation again."), "{story}");
    assert_eq!(text(&hospital.next().expect(200)["id"]), text(&first["id"]), "and the day goes on");
    hospital.at("09:08");
    hospital.set_status(&first, "passed").expect(200);
    hospital.at("09:17");
    undo().expect(200);
    assert_eq!(statuses(), both("called", "arrived"));
    hospital.at("09:26");
    assert_eq!(hospital.status(&first), "called", "the time to come starts anew");
    hospital.at("09:27");
    assert_eq!(hospital.status(&first), "passed");
}

fn a_wrong_no_show_is_taken_back_into_its_seat(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 1, 1);
    hospital.set(&json!({"rejoins_max": 0}));
    let first = hospital.book("walk_in").expect(201);
    hospital.next().expect(200);
    hospital.at("09:10");
    assert_eq!(hospital.status(&first), "no_show", "nobody rejoins here");
    assert_eq!(hospital.counts(), [0]);
    hospital.room("undo", &json!({})).expect(200);
    assert_eq!((hospital.status(&first), hospital.counts()), ("called".to_owned(), vec![1]));
    hospital.at("09:20");
    assert_eq!(hospital.status(&first), "no_show");
    hospital.book("walk_in").expect(201);
    let undo = hospital.room("undo", &json!({}));
    refused(&undo, 409, "seat_given_away");
    assert_eq!((hospital.status(&first), hospital.counts()), ("no_show".to_owned(), vec![1]));
}
