//! Why: one token's story, in plain sentences, from booking to the end, across doctors.

use crate::support::{Database, Hospital, Server, on_both_databases, text};
use serde_json::{Value, json};

on_both_databases!(
    a_token_tells_its_whole_story_across_doctors,
    a_story_has_its_order_whichever_doctor_comes_first,
    a_token_says_how_it_stands,
);

fn a_token_tells_its_whole_story_across_doctors(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 2, 2);
    let colleague = hospital.colleague("Dr Iyer", "Medicine");
    let there = colleague.slot("09:30", "11:00", 5, 5);
    let first = hospital.book("walk_in").expect(201);
    hospital.book("walk_in").expect(201);
    let token = hospital.book_with("online", &json!({"waitlist": true})).expect(201);
    hospital.at("09:01");
    hospital.set_status(&first, "cancelled").expect(200);
    hospital.at("09:02");
    hospital.step(&token, "move", &json!({"slot_id": there, "reason": "Dr Iyer knows her"})).expect(200);
    for (at, status) in [("09:20", "arrived"), ("09:31", "called"), ("09:33", "in_consultation")] {
        hospital.at(at);
        colleague.set_status(&token, status).expect(200);
    }
    hospital.at("09:40");
    colleague.room("next", &json!({"finish": true})).expect(200);
    let path = format!("/api/token/{}/why", text(&token["id"]));
    let body = server.client.get(&path).expect(200);
    assert_eq!(body["now"], "Has been seen.");
    assert_eq!(
        (&body["token"]["doctor_id"], &body["token"]["token_no"]),
        (&json!(colleague.doctor), &json!(1))
    );
    let chapters = body["story"].as_array().unwrap();
    let expected = [
        ("token_waitlisted", &hospital, "09:00 Put on the waiting list. 09:00–10:00 is full (2 of 2)."),
        ("token_promoted", &hospital, "09:01 Got a seat from the waiting list."),
        ("token_moved_away", &hospital, "09:02 Left Dr Rao."),
        ("token_moved_in", &colleague, "09:02 Came to Dr Iyer, 2026-02-02."),
        ("token_arrived", &colleague, "09:20 Checked in. Was booked, is arrived."),
        ("token_called", &colleague, "09:31 Called. Was arrived, is called."),
        ("token_started", &colleague, "09:33 Went in to the doctor."),
        ("token_completed", &colleague, "09:40 The visit was finished."),
    ];
    let kinds: Vec<&Value> = chapters.iter().map(|chapter| &chapter["kind"]).collect();
    assert_eq!(kinds.len(), expected.len(), "{kinds:?}");
    for (chapter, (kind, doctor, said)) in chapters.iter().zip(expected) {
        assert_eq!((&chapter["kind"], &chapter["doctor_id"]), (&json!(kind), &json!(doctor.doctor)));
        assert!(text(&chapter["text"]).starts_with(said), "{said}: {chapter}");
    }
    let numbers: Vec<u64> = chapters.iter().map(|chapter| chapter["number"].as_u64().unwrap()).collect();
    assert!(numbers.is_sorted(), "{numbers:?}");
    for chapter in chapters {
        assert!(!chapter.to_string().contains("Meena"), "no name in a story: {chapter}");
    }
}

fn a_story_has_its_order_whichever_doctor_comes_first(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 3, 3);
    let colleague = hospital.colleague("Dr Iyer", "Medicine");
    let (here, there) =
        (hospital.queue()["slots"][0]["id"].clone(), json!(colleague.slot("09:30", "11:00", 2, 2)));
    let token = hospital.book("walk_in").expect(201);
    for slot in [&there, &here, &there] {
        hospital.step(&token, "move", &json!({"slot_id": slot, "reason": "back and forth"})).expect(200);
    }
    let titles = hospital.story(&token).into_iter().map(|text| text.chars().skip(6).take(6).collect());
    let titles: Vec<String> = titles.collect();
    assert_eq!(titles, ["Booked", "Left D", "Came t", "Left D", "Came t", "Left D", "Came t"]);
}

fn a_token_says_how_it_stands(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 3, 3);
    let tokens: Vec<Value> = (0..3).map(|_| hospital.book("walk_in").expect(201)).collect();
    let waits = hospital.book_with("walk_in", &json!({"waitlist": true})).expect(201);
    let now = |token: &Value| {
        let path = format!("/api/token/{}/why", text(&token["id"]));
        text(&server.client.get(&path).expect(200)["now"])
    };
    assert!(now(&tokens[0]).starts_with("Nobody goes before. Expected at 09:"), "{}", now(&tokens[0]));
    assert!(now(&tokens[1]).starts_with("1 person goes before."), "{}", now(&tokens[1]));
    assert!(now(&tokens[2]).starts_with("2 people go before."), "{}", now(&tokens[2]));
    assert!(now(&tokens[2]).ends_with("as first told."), "{}", now(&tokens[2]));
    assert_eq!(now(&waits), "Waits for a seat on 2026-02-02; there is none yet.");
    hospital.room("delay", &json!({"minutes": 45})).expect(200);
    assert!(now(&tokens[2]).contains("minutes later than first told"), "{}", now(&tokens[2]));
    hospital.next().expect(200);
    assert_eq!(now(&tokens[0]), "Has been called: please come now.");
    hospital.set_status(&tokens[0], "in_consultation").expect(200);
    assert_eq!(now(&tokens[0]), "Is with the doctor.");
    hospital.set_status(&tokens[1], "cancelled").expect(200);
    assert_eq!(now(&tokens[1]), "Was cancelled.");
    assert_eq!(hospital.status(&waits), "arrived");
    hospital.at("09:10");
    hospital.room("next", &json!({"finish": true})).expect(200);
    hospital.set_status(&tokens[2], "passed").expect(200);
    let passed =
        "Was called and did not come: please ask at the desk. Please come back to the desk before 10:00.";
    assert_eq!(now(&tokens[2]), passed);
    hospital.set_status(&tokens[2], "no_show").expect(200);
    assert_eq!(now(&tokens[2]), "Did not come in time: please ask at the desk.");
}
