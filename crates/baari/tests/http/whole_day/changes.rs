//! What changes a day for those who wait: a seat becomes free, the doctor is late, a slot has more or fewer seats.

use crate::support::{Database, Hospital, Server, codes, on_both_databases, refused, text};
use serde_json::{Value, json};

on_both_databases!(
    a_cancelled_seat_goes_to_who_waits_in_the_same_change,
    who_agreed_to_come_earlier_moves_up,
    a_delay_moves_every_later_time_at_once,
    fewer_seats_are_refused_previewed_and_done,
    a_higher_band_displaces_the_last_absent_one_once,
    a_supervisor_gives_a_seat_beyond_the_limits,
);

fn a_cancelled_seat_goes_to_who_waits_in_the_same_change(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 2, 2);
    let tokens: Vec<Value> = (0..2).map(|_| hospital.book("walk_in").expect(201)).collect();
    let wait = |source: &str| hospital.book_with(source, &json!({"waitlist": true})).expect(201);
    let (first, paid) = (wait("walk_in"), wait("paid_priority"));
    assert_eq!((&first["status"], &first["token_no"]), (&json!("waitlisted"), &json!(3)));
    let list = server.client.get("/api/waitlist").expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
    assert_eq!(list["items"][0]["had_seat"], false);
    let version = hospital.queue()["version"].as_u64().unwrap();
    hospital.set_status(&tokens[0], "cancelled").expect(200);
    assert_eq!(hospital.status(&paid), "booked", "by band, then by who asked first");
    assert_eq!((hospital.status(&first), hospital.counts()), ("waitlisted".to_owned(), vec![2]));
    let events = hospital.events();
    let same: Vec<&Value> = events.iter().filter(|event| event["version"] == version + 1).collect();
    let kinds: Vec<&Value> = same.iter().map(|event| &event["kind"]).collect();
    assert_eq!(kinds, ["token_cancelled", "token_promoted"]);
    hospital.set_status(&tokens[0], "cancelled").expect(200);
    assert_eq!(hospital.queue()["version"], version + 1, "a second cancel frees no second seat");
    let story = hospital.story(&paid).join("\n");
    assert!(
        story.contains("Was next on the waiting list when a seat in 09:00–10:00 became free."),
        "{story}"
    );
}

fn who_agreed_to_come_earlier_moves_up(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 1, 1);
    hospital.slot("11:00", "12:00", 3, 3);
    let first = hospital.book("walk_in").expect(201);
    let stays = hospital.book("online").expect(201);
    let comes = hospital.book_with("online", &json!({"earlier_ok": true})).expect(201);
    assert_eq!((hospital.counts(), &comes["earlier_ok"]), (vec![1, 2], &json!(true)));
    let path = |token: &Value| format!("/api/token/{}", text(&token["id"]));
    for agreed in [true, false] {
        let change = json!({"earlier_ok": agreed});
        assert_eq!(server.client.patch(&path(&stays), &change).expect(200)["earlier_ok"], agreed);
    }
    hospital.set(&json!({"pull_forward": true}));
    let version = hospital.queue()["version"].as_u64().unwrap();
    hospital.set_status(&first, "cancelled").expect(200);
    assert_eq!((hospital.counts(), hospital.order()), (vec![1, 1], vec![3, 2]));
    assert_eq!(hospital.queue()["version"], version + 1);
    let moved = hospital.token(&comes);
    let slot = &hospital.queue()["slots"][0]["id"];
    assert_eq!((&moved["slot_id"], &moved["token_no"], &moved["code"]), (slot, &json!(3), &comes["code"]));
    let story = hospital.story(&comes).join("\n");
    let said = "Moved from 11:00–12:00 to 09:00–10:00: a seat became free, and the patient had agreed to come earlier.";
    assert!(story.contains(said), "{story}");
}

fn a_delay_moves_every_later_time_at_once(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 10, 12);
    hospital.slot("10:00", "11:00", 10, 12);
    (0..4).for_each(|_| drop(hospital.book("walk_in").expect(201)));
    let later = hospital.queue()["slots"][1]["id"].clone();
    for source in ["online", "walk_in"] {
        hospital.book_with(source, &json!({"slot_id": later})).expect(201);
    }
    let times = |hospital: &Hospital| -> Vec<(String, i64)> {
        let queue = hospital.queue();
        let tokens = queue["tokens"].as_array().unwrap().iter();
        tokens.map(|token| (text(&token["estimated_time"]), token["delay"].as_i64().unwrap())).collect()
    };
    let before = times(&hospital);
    let said = hospital.room("delay", &json!({"minutes": 90, "reason": "in the theatre"})).expect(200);
    assert_eq!(said["resumes_at"], "2026-02-02T05:00:00Z");
    assert_eq!(said["reasons"][0]["text"], "The doctor is 90 min late: in the theatre");
    let after = times(&hospital);
    assert_eq!((before.len(), after.len()), (6, 6), "nobody is lost");
    for (before, after) in before.iter().zip(&after) {
        assert!(after.0 > before.0, "{before:?} {after:?}");
        assert!(after.1 >= before.1 + 20 && after.1 >= 20, "{before:?} {after:?}");
    }
    assert_eq!(hospital.queue()["resumes_at"], "2026-02-02T05:00:00Z");
    let here = hospital.room("delay", &json!({"minutes": 0})).expect(200);
    assert_eq!((&here["resumes_at"], codes(&here)), (&Value::Null, vec!["on_time_again"]));
    assert_eq!(times(&hospital), before);
    let version = hospital.mark();
    hospital.room("delay", &json!({"minutes": 0})).expect(200);
    assert_eq!(hospital.mark(), version, "on time already");
    hospital.room("delay", &json!({"minutes": 30})).expect(200);
    hospital.next().expect(200);
    assert_eq!(hospital.queue()["resumes_at"], Value::Null, "who calls a patient is here");
}

fn fewer_seats_are_refused_previewed_and_done(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 4, 5);
    let later = hospital.slot("11:00", "12:00", 1, 1);
    let slot = text(&hospital.queue()["slots"][0]["id"]);
    let walk_ins: Vec<Value> = (0..3).map(|_| hospital.book("walk_in").expect(201)).collect();
    hospital.book("paid_priority").expect(201);
    let fewer = |more: Value| {
        let mut change = json!({"max_count": 2});
        change.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        hospital.change_slot(&slot, &change)
    };
    let before = hospital.mark();
    let reply = fewer(json!({}));
    refused(&reply, 409, "seats_taken");
    assert!(reply.text.contains("4 seats are taken"), "{}", reply.text);
    let preview = fewer(json!({"move_on": true, "preview": true})).expect(200);
    assert_eq!(hospital.mark(), before, "a preview changes nothing");
    let done = fewer(json!({"move_on": true})).expect(200);
    for plan in [&preview["plan"], &done["plan"]] {
        assert_eq!(plan["moved"].as_array().unwrap().len(), 1);
        assert_eq!(
            plan["moved"][0]["token"]["id"], walk_ins[1]["id"],
            "of the last ones, the first moves first"
        );
        assert_eq!(plan["waitlisted"][0]["token"]["id"], walk_ins[2]["id"]);
    }
    assert_eq!((&preview["plan"]["preview"], &done["plan"]["preview"]), (&json!(true), &json!(false)));
    assert_eq!((&done["max_count"], &done["current_count"]), (&json!(2), &json!(2)));
    assert_eq!((hospital.counts(), hospital.order()), (vec![2, 1], vec![4, 1, 2, 3]));
    assert_eq!(hospital.token(&walk_ins[1])["slot_id"], later);
    assert_eq!(hospital.status(&walk_ins[2]), "waitlisted");
    let story = hospital.story(&walk_ins[2]).join("\n");
    assert!(story.contains("the slot has fewer seats now."), "{story}");
    let list = server.client.get("/api/waitlist").expect(200);
    assert_eq!(list["items"][0]["had_seat"], true);
    let more = hospital.change_slot(&slot, &json!({"max_count": 3})).expect(200);
    assert_eq!((&more["current_count"], hospital.status(&walk_ins[2]).as_str()), (&json!(3), "arrived"));
    assert_eq!(hospital.order(), [4, 1, 3, 2], "back in the earlier slot");
}

fn a_higher_band_displaces_the_last_absent_one_once(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 2, 2);
    let later = hospital.slot("10:00", "11:00", 5, 5);
    let (first, last) = (hospital.book("online").expect(201), hospital.book("online").expect(201));
    let elsewhere = hospital.book("paid_priority").expect(201);
    assert_eq!(elsewhere["slot_id"], later, "off unless the hospital wants it");
    hospital.set(&json!({"displacement": true}));
    let paid = hospital.book("paid_priority").expect(201);
    let now = hospital.queue()["slots"][0]["id"].clone();
    assert_eq!(paid["slot_id"], now);
    let moved = hospital.token(&last);
    assert_eq!((&moved["slot_id"], &moved["displaced"]), (&json!(later), &json!(true)));
    assert_eq!((&moved["token_no"], &moved["code"]), (&last["token_no"], &last["code"]));
    let story = hospital.story(&last).join("\n");
    assert!(
        story.contains("from 09:00–10:00 to 10:00–11:00: somebody more urgent (band 2) needed the seat."),
        "{story}"
    );
    hospital.set_status(&first, "arrived").expect(200);
    assert_eq!(hospital.book("paid_priority").expect(201)["slot_id"], later, "nobody who is here gives way");
    assert_eq!(hospital.counts(), [2, 3]);
}

fn a_supervisor_gives_a_seat_beyond_the_limits(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 1, 1);
    hospital.book("walk_in").expect(201);
    refused(&hospital.book("walk_in"), 409, "no_seat");
    refused(&hospital.book("emergency"), 409, "no_seat");
    let beyond = hospital.book_with("walk_in", &json!({"override": "the director asks"})).expect(201);
    assert_eq!(beyond["by_override"], true);
    let slot = hospital.queue()["slots"][0].clone();
    assert_eq!((&slot["current_count"], &slot["override_count"]), (&json!(2), &json!(1)));
    let story = hospital.story(&beyond).join("\n");
    assert!(story.contains("A supervisor gave a seat in 09:00–10:00: the director asks"), "{story}");
    hospital.set_status(&beyond, "cancelled").expect(200);
    let slot = hospital.queue()["slots"][0].clone();
    assert_eq!((&slot["current_count"], &slot["override_count"]), (&json!(1), &json!(0)));
}
