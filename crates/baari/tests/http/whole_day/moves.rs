//! Tokens moved by hand: beside another one, to another slot, doctor or date.

use crate::support::{DATE, Database, Hospital, Server, codes, on_both_databases, refused, text};
use serde_json::{Value, json};

on_both_databases!(
    a_place_beside_another_token_is_kept,
    to_another_slot_of_the_day_the_number_stays,
    to_another_doctor_or_date_the_number_changes,
    beyond_the_limits_only_by_override,
);

const TOMORROW: &str = "2026-02-03";

fn a_place_beside_another_token_is_kept(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 10, 12);
    let tokens: Vec<Value> = (0..4).map(|_| hospital.book("walk_in").expect(201)).collect();
    let put = |at: usize, side: &str, beside: usize| {
        let place = json!({side: tokens[beside]["id"], "reason": "carries a baby"});
        hospital.step(&tokens[at], "move", &place)
    };
    let moved = put(3, "before", 1).expect(200);
    assert_eq!((hospital.order(), codes(&moved)), (vec![1, 4, 2, 3], vec!["placed_by_hand"]));
    assert_eq!(moved["reasons"][0]["text"], "Put behind token 1 by hand: carries a baby");
    put(0, "behind", 2).expect(200);
    assert_eq!(hospital.order(), [4, 2, 3, 1]);
    hospital.book("paid_priority").expect(201);
    let urgent = hospital.book("emergency").expect(201);
    assert_eq!(hospital.order(), [6, 5, 4, 2, 3, 1], "the place is one among its own band");
    let before = hospital.mark();
    let first = json!({"before": urgent["id"], "reason": "asks for it"});
    refused(&hospital.step(&tokens[0], "move", &first), 409, "emergencies_first");
    refused(&put(0, "before", 0), 422, "field_wrong");
    hospital.set_status(&tokens[1], "cancelled").expect(200);
    let cancelled = hospital.mark();
    assert_eq!(cancelled.1, before.1 + 1);
    refused(&put(0, "before", 1), 409, "token_not_waiting");
    refused(&put(1, "before", 0), 409, "token_not_waiting");
    assert_eq!(hospital.mark(), cancelled);
}

fn to_another_slot_of_the_day_the_number_stays(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 2, 2);
    let later = hospital.slot("10:00", "11:00", 1, 1);
    let (first, second) = (hospital.book("walk_in").expect(201), hospital.book("walk_in").expect(201));
    let waits = hospital.book_with("emergency", &json!({"waitlist": true, "slot_id": later})).expect(201);
    assert_eq!(waits["status"], "arrived");
    let to = |token: &Value| json!({"slot_id": later, "reason": format!("token {} asks", token["token_no"])});
    refused(&hospital.step(&first, "move", &to(&first)), 409, "no_seat");
    hospital.set_status(&waits, "cancelled").expect(200);
    let moved = hospital.step(&first, "move", &to(&first)).expect(200);
    assert_eq!((&moved["token_no"], &moved["code"], &moved["id"]), (&json!(1), &first["code"], &first["id"]));
    assert_eq!((hospital.order(), hospital.counts()), (vec![2, 1], vec![1, 1]));
    refused(&hospital.step(&first, "move", &to(&first)), 409, "same_slot");
    refused(&hospital.step(&second, "move", &to(&second)), 409, "no_seat");
    let story = hospital.story(&first).join("\n");
    assert!(story.contains("Moved from 09:00–10:00 to 10:00–11:00: token 1 asks"), "{story}");
}

fn to_another_doctor_or_date_the_number_changes(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 2, 2);
    let other = hospital.colleague("Dr Iyer", "Surgery");
    let there = other.slot("09:30", "11:00", 5, 5);
    (0..2).for_each(|_| drop(other.book("walk_in").expect(201)));
    let (first, second) = (hospital.book("walk_in").expect(201), hospital.book("walk_in").expect(201));
    let waits = hospital.book_with("walk_in", &json!({"waitlist": true})).expect(201);
    let moved = hospital.step(&first, "move", &json!({"slot_id": there, "reason": "needs a surgeon"}));
    let moved = moved.expect(200);
    assert_eq!((&moved["doctor_id"], &moved["token_no"]), (&json!(other.doctor), &json!(3)));
    assert_eq!(
        (&moved["id"], &moved["code"], &moved["status"]),
        (&first["id"], &first["code"], &json!("arrived"))
    );
    assert_eq!((hospital.order(), other.order()), (vec![2, 3], vec![1, 2, 3]));
    assert_eq!((hospital.counts(), other.counts()), (vec![2], vec![3]), "who waited has the seat");
    assert_eq!(hospital.status(&waits), "arrived");
    assert_eq!(other.token(&first)["doctor_id"], json!(other.doctor));

    let tomorrow = json!({"doctor_id": other.doctor, "slot_date": TOMORROW, "start_time": "09:00",
        "end_time": "10:00", "max_count": 3});
    let tomorrow = text(&server.client.post("/api/slot", &tomorrow).expect(201)["id"]);
    let to = json!({"slot_id": tomorrow, "reason": "comes again fasting"});
    let moved = other.step(&first, "move", &to).expect(200);
    assert_eq!((&moved["slot_date"], &moved["token_no"]), (&json!(TOMORROW), &json!(1)));
    assert_eq!((&moved["status"], &moved["arrived_at"]), (&json!("booked"), &Value::Null));
    assert_eq!((&moved["id"], &moved["code"]), (&first["id"], &first["code"]));
    assert_eq!(other.counts(), [2]);
    let urgent = hospital.book("emergency");
    refused(&urgent, 409, "no_seat");
    hospital.set_status(&second, "cancelled").expect(200);
    let urgent = hospital.book("emergency").expect(201);
    refused(&hospital.step(&urgent, "move", &to), 422, "emergency_is_today");
    let again = hospital.request(&text(&first["patient_id"]), "walk_in");
    let again = json!({"doctor_id": other.doctor, "patient_id": again["patient_id"], "source": "walk_in"});
    let back = server.client.post("/api/token/book", &again).expect(201);
    assert_eq!(back["slot_date"], DATE, "the patient may have one today as well");
    let taken = json!({"slot_id": there, "reason": "today after all"});
    refused(&other.step(&first, "move", &taken), 409, "already_booked");
    let story = hospital.story(&first).join("\n");
    for said in ["Its number there is 3; until now it was 1.", "needs a surgeon", "comes again fasting"] {
        assert!(story.contains(said), "{said}: {story}");
    }
}

fn beyond_the_limits_only_by_override(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 1, 1);
    let other = hospital.colleague("Dr Iyer", "Surgery");
    let there = other.slot("09:30", "11:00", 1, 1);
    other.book("walk_in").expect(201);
    let token = hospital.book("walk_in").expect(201);
    let to = |beyond: bool| json!({"slot_id": there, "reason": "a burn", "override": beyond});
    let before = (hospital.mark(), other.mark());
    refused(&hospital.step(&token, "move", &to(false)), 409, "no_seat");
    assert_eq!((hospital.mark(), other.mark()), before);
    let moved = hospital.step(&token, "move", &to(true)).expect(200);
    assert_eq!((&moved["by_override"], &moved["token_no"]), (&json!(true), &json!(2)));
    assert!(codes(&moved).contains(&"overridden"), "{moved}");
    let slot = other.queue()["slots"][0].clone();
    assert_eq!((&slot["current_count"], &slot["override_count"]), (&json!(2), &json!(1)));
    assert_eq!(hospital.counts(), [0]);
}
