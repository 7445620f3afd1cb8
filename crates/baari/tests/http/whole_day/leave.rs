//! The doctor leaves, a slot is cancelled: a plan first, then the same, done.

use crate::support::{Database, Hospital, Server, codes, on_both_databases, refused, text};
use serde_json::{Value, json};

on_both_databases!(
    a_leave_is_previewed_and_then_done_as_it_was_shown,
    a_leave_of_some_hours_leaves_the_others_alone,
    a_cancelled_slot_moves_everybody_on,
    without_other_doctors_who_is_left_waits,
    a_leave_on_another_date_moves_those_of_that_date,
    the_report_counts_who_was_moved_and_who_lost_a_seat,
);

/// The ids of the tokens in this part of a plan.
fn ids(plan: &Value, part: &str) -> Vec<String> {
    plan[part].as_array().unwrap().iter().map(|moved| text(&moved["token"]["id"])).collect()
}

fn a_leave_is_previewed_and_then_done_as_it_was_shown(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 8, 8);
    let later = hospital.slot("12:00", "13:00", 2, 3);
    let colleague = hospital.colleague("Dr Iyer", " medicine");
    let there = colleague.slot("11:00", "12:00", 2, 2);
    let surgeon = hospital.colleague("Dr Khan", "Surgery");
    surgeon.slot("11:00", "12:00", 10, 10);
    let sources = ["walk_in", "walk_in", "walk_in", "paid_priority", "emergency", "online", "walk_in"];
    let tokens: Vec<Value> = sources.iter().map(|source| hospital.book(source).expect(201)).collect();
    hospital
        .room("next", &json!({"token_id": tokens[0]["id"], "reason": "before the ward round"}))
        .expect(200);
    hospital.set_status(&tokens[0], "in_consultation").expect(200);
    hospital.at("09:05");
    let leave = |preview: bool| {
        let leave =
            json!({"from": "09:05", "to": "11:00", "reason": "called to the theatre", "preview": preview});
        hospital.room("leave", &leave)
    };
    let before = (hospital.mark(), colleague.mark(), hospital.queue());
    let plan = leave(true).expect(200);
    assert_eq!((hospital.mark(), colleague.mark(), hospital.queue()), before, "a preview changes nothing");
    let done = leave(false).expect(200);
    assert_eq!((&plan["preview"], &done["preview"]), (&json!(true), &json!(false)));
    for part in ["moved", "waitlisted"] {
        assert_eq!(ids(&plan, part), ids(&done, part), "as it was shown");
    }
    assert_eq!(plan["version"], done["version"]);
    assert_eq!(done["cancelled"][0]["start_time"], "09:00");
    let is = |at: usize| text(&tokens[at]["id"]);
    assert_eq!(ids(&done, "moved"), [is(4), is(3), is(1), is(2)], "by band and arrival");
    assert_eq!(ids(&done, "waitlisted"), [is(5), is(6)]);
    assert_eq!(done["moved"][2]["doctor"], "Dr Iyer");
    assert_eq!(done["moved"][2]["room"], "4");
    for (at, slot, doctor, number) in [
        (4, &later, &hospital, 5),
        (3, &later, &hospital, 4),
        (1, &there, &colleague, 1),
        (2, &there, &colleague, 2),
    ] {
        let moved = doctor.token(&tokens[at]);
        assert_eq!((&moved["slot_id"], &moved["doctor_id"]), (&json!(slot), &json!(doctor.doctor)));
        assert_eq!((&moved["token_no"], &moved["code"]), (&json!(number), &tokens[at]["code"]));
    }
    assert_eq!((hospital.counts(), colleague.counts(), surgeon.counts()), (vec![1, 2], vec![2], vec![0]));
    assert_eq!(hospital.queue()["slots"][0]["status"], "cancelled");
    assert_eq!(hospital.status(&tokens[0]), "in_consultation", "the visit in progress is finished");
    hospital.set_status(&tokens[0], "completed").expect(200);
    waiting_list(&hospital, &[is(5), is(6)]);
    stories(&hospital, &tokens);
    refused(&hospital.book("walk_in"), 409, "no_seat");
    refused(&leave(false), 409, "nothing_to_leave");
    colleague.set_status(&tokens[1], "cancelled").expect(200);
    assert_eq!(colleague.counts(), [1]);
}

fn waiting_list(hospital: &Hospital, expected: &[String]) {
    let list = hospital.client.get("/api/waitlist").expect(200);
    let items = list["items"].as_array().unwrap();
    let ids: Vec<String> = items.iter().map(|item| text(&item["token"]["id"])).collect();
    assert_eq!(ids, expected);
    for item in items {
        assert_eq!((&item["had_seat"], &item["doctor"]), (&json!(true), &json!("Dr Rao")));
        assert_eq!((&item["patient"], &item["phone"]), (&json!("Meena Joshi"), &json!("9820012345")));
    }
    let of = format!("/api/waitlist?doctor_id={}&limit=1", hospital.doctor);
    let page = hospital.client.get(&of).expect(200);
    assert_eq!((&page["items"][0]["token"]["id"], page["next"].is_string()), (&json!(expected[0]), true));
}

fn stories(hospital: &Hospital, tokens: &[Value]) {
    let chapters = hospital.story(&tokens[1]);
    assert_eq!(chapters.len(), 3, "{chapters:?}");
    assert!(chapters[0].starts_with("09:00 Booked. Seat 2 of 8 in 09:00–10:00."), "{}", chapters[0]);
    let away = "09:05 Left Dr Rao. \
                Moved from 09:00–10:00 to 11:00–12:00: the doctor leaves. \
                Its number there is 1; until now it was 2.";
    assert_eq!(chapters[1], away);
    assert!(chapters[2].starts_with("09:05 Came to Dr Iyer, 2026-02-02."), "{}", chapters[2]);
    assert!(chapters[2].contains("Seat 1 of 2 in 11:00–12:00."), "{}", chapters[2]);
    let chapters = hospital.story(&tokens[6]).join("\n");
    assert!(chapters.contains("12:00–13:00 is full (2 of 2)."), "{chapters}");
    let left = "No other seat was left, so it waits for one, and the desk will call. Why: the doctor leaves.";
    assert!(chapters.contains(left), "{chapters}");
    let own = hospital.story(&tokens[3]).join("\n");
    assert!(
        own.contains(
            "09:05 Moved to another slot. Moved from 09:00–10:00 to 12:00–13:00: the doctor leaves."
        )
    );
    let left = hospital.events_of("doctor_left");
    assert_eq!((left.len(), codes(&left[0])), (1, vec!["doctor_leaves"]));
    assert_eq!(left[0]["reasons"][0]["text"], "The doctor leaves: called to the theatre");
}

fn a_leave_of_some_hours_leaves_the_others_alone(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 2, 2);
    let (ten, twelve) = (hospital.slot("10:00", "11:00", 2, 2), hospital.slot("12:00", "13:00", 4, 4));
    let colleague = hospital.colleague("Dr Iyer", "Medicine");
    colleague.slot("09:00", "10:00", 5, 5);
    let nine: Vec<Value> = (0..2).map(|_| hospital.book("walk_in").expect(201)).collect();
    let online = hospital.book("online").expect(201);
    assert_eq!(online["slot_id"], ten);
    let done =
        hospital.room("leave", &json!({"from": "10:30", "to": "12:00", "reason": "lunch"})).expect(200);
    assert_eq!((done["cancelled"].as_array().unwrap().len(), &done["cancelled"][0]["id"]), (1, &json!(ten)));
    assert_eq!(hospital.token(&online)["slot_id"], twelve);
    assert_eq!((hospital.counts(), colleague.counts()), (vec![2, 0, 1], vec![0]), "{nine:?}");
    // The rest of the day: nobody who has yet to come is asked to come before their time.
    let done = hospital.room("leave", &json!({"reason": "ill"})).expect(200);
    assert_eq!(done["cancelled"].as_array().unwrap().len(), 2);
    assert_eq!((hospital.counts(), colleague.counts()), (vec![0, 0, 0], vec![2]));
    assert_eq!(hospital.status(&online), "waitlisted");
    let tomorrow = json!({"date": "2026-02-03", "reason": "ill"});
    refused(&hospital.room("leave", &tomorrow), 409, "nothing_to_leave");
}

fn a_cancelled_slot_moves_everybody_on(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 3, 3);
    let later = hospital.slot("10:00", "11:00", 2, 2);
    let slot = text(&hospital.queue()["slots"][0]["id"]);
    let tokens: Vec<Value> = (0..3).map(|_| hospital.book("walk_in").expect(201)).collect();
    hospital.next().expect(200);
    let held = hospital.change_slot(&slot, &json!({"status": "cancelled"}));
    refused(&held, 409, "slot_holds_patients");
    let cancel = json!({"status": "cancelled", "move_on": true});
    let done = hospital.change_slot(&slot, &cancel).expect(200);
    assert_eq!((&done["status"], &done["current_count"]), (&json!("cancelled"), &json!(0)));
    assert_eq!(done["plan"]["moved"].as_array().unwrap().len(), 2);
    assert_eq!((hospital.order(), hospital.counts()), (vec![1, 2, 3], vec![0, 2]));
    let called = hospital.token(&tokens[0]);
    assert_eq!(
        (&called["status"], &called["slot_id"]),
        (&json!("arrived"), &json!(later)),
        "a call does not move along"
    );
    assert_eq!(hospital.status(&tokens[2]), "waitlisted");
    let story = hospital.story(&tokens[1]).join("\n");
    assert!(story.contains("to 10:00–11:00: the slot does not take place."), "{story}");
    let version = hospital.mark();
    hospital.change_slot(&slot, &cancel).expect(200);
    assert_eq!(hospital.mark(), version, "cancelled already");
}

fn without_other_doctors_who_is_left_waits(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 3, 3);
    hospital.colleague("Dr Iyer", "Medicine").slot("10:00", "11:00", 5, 5);
    hospital.set(&json!({"other_doctors": false}));
    let tokens: Vec<Value> = (0..2).map(|_| hospital.book("walk_in").expect(201)).collect();
    let done = hospital.room("leave", &json!({"reason": "ill"})).expect(200);
    assert_eq!((ids(&done, "moved").len(), ids(&done, "waitlisted").len()), (0, 2));
    let back = hospital.slot("17:00", "18:00", 1, 1);
    let first = hospital.token(&tokens[0]);
    assert_eq!(
        (&first["slot_id"], &first["status"]),
        (&json!(back), &json!("arrived")),
        "an evening slot lets them in"
    );
    assert_eq!(hospital.status(&tokens[1]), "waitlisted");
    let slot = text(&hospital.queue()["slots"][0]["id"]);
    hospital.change_slot(&slot, &json!({"status": "open"})).expect(200);
    let second = hospital.token(&tokens[1]);
    assert_eq!(
        (&second["slot_id"], &second["status"]),
        (&json!(slot), &json!("arrived")),
        "the doctor is back"
    );
    assert_eq!(hospital.counts(), [1, 1]);
}

fn a_leave_on_another_date_moves_those_of_that_date(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 5, 5);
    let colleague = hospital.colleague("Dr Iyer", "Medicine");
    let date = "2026-02-05";
    let slot = |doctor: &Hospital, start: &str, end: &str, seats: u32| {
        let slot = json!({"doctor_id": doctor.doctor, "slot_date": date, "start_time": start, "end_time": end,
            "max_count": seats});
        text(&server.client.post("/api/slot", &slot).expect(201)["id"])
    };
    let (early, noon) = (slot(&colleague, "08:00", "09:00", 5), slot(&colleague, "11:00", "12:00", 1));
    slot(&hospital, "09:00", "10:00", 5);
    let today = hospital.book("walk_in").expect(201);
    let tokens: Vec<Value> = (0..2)
        .map(|_| hospital.book_with("online", &json!({"date": date, "earlier_ok": true})).expect(201))
        .collect();
    let leave = json!({"date": date, "from": "08:00", "reason": "a conference"});
    let done = hospital.room("leave", &leave).expect(200);
    assert_eq!((ids(&done, "moved").len(), ids(&done, "waitlisted").len()), (1, 1));
    let moved = colleague.token(&tokens[0]);
    assert_eq!((&moved["slot_id"], &moved["slot_date"]), (&json!(noon), &json!(date)), "not into {early}");
    assert_eq!((&moved["status"], &moved["token_no"]), (&json!("booked"), &json!(1)));
    assert!(
        moved["appointment_time"].as_str().is_some_and(|time| time.starts_with("2026-02-05T05:30")),
        "{moved}"
    );
    assert_eq!((hospital.status(&today), hospital.counts()), ("arrived".to_owned(), vec![1]));
    let list = |query: &str| server.client.get(&format!("/api/waitlist{query}")).expect(200)["items"].clone();
    assert_eq!(list(""), json!([]), "today nobody waits");
    let waits = list(&format!("?date={date}"));
    assert_eq!((&waits[0]["token"]["id"], &waits[0]["had_seat"]), (&tokens[1]["id"], &json!(true)));
}

fn the_report_counts_who_was_moved_and_who_lost_a_seat(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 8, 8);
    hospital.slot("12:00", "13:00", 2, 2);
    for source in ["walk_in", "walk_in", "paid_priority", "online"] {
        hospital.book(source).expect(201);
    }
    let report = || server.client.get(&format!("/api/report?doctor_id={}", hospital.doctor)).expect(200);
    let before = report();
    hospital.room("leave", &json!({"to": "11:00", "reason": "called to the theatre"})).expect(200);
    let after = report();
    for (report, moved, open, lost, slots) in [(before, 0, 4, 0, 120.0), (after, 2, 2, 2, 60.0)] {
        let total = &report["total"];
        let found =
            ["booked", "moved_by_plan", "open", "lost_seat"].map(|name| total[name].as_u64().unwrap());
        assert_eq!(found, [4, moved, open, lost], "{report}");
        assert_eq!((&total["moved_by_hand"], &total["slot_minutes"]), (&json!(0), &json!(slots)));
    }
    let csv = server.client.get("/api/report?format=csv");
    assert!(csv.status == 200 && csv.text.starts_with("\u{feff}by,of,name,booked,"), "{}", csv.text);
}
