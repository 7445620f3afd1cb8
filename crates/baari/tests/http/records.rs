//! Doctors, patients, slots, schedules and settings over HTTP; versions and pages.

use crate::support::{DATE, Database, Hospital, Server, on_both_databases, text};
use serde_json::{Value, json};

on_both_databases!(
    patients_are_found_by_phone_and_by_any_word_of_the_name,
    who_has_a_phone_is_not_registered_again_unawares,
    lists_are_paged_without_gaps,
    a_queue_has_a_version,
    a_schedule_becomes_slots,
    settings_change_the_order_at_once,
    seats_and_overrides_are_counted,
    records_change,
    changes_made_at_once_are_all_kept,
);

fn patients_are_found_by_phone_and_by_any_word_of_the_name(database: &Database) {
    let server = Server::start(database);
    for (name, phone) in [("Meena Joshi", "98200 12345"), ("मीना जोशी", "+91 98200 99999"), ("Ram Das", "")]
    {
        server.client.post("/api/patient", &json!({"name": name, "phone": phone})).expect(201);
    }
    for (query, found) in [
        ("meena", vec!["Meena Joshi"]),
        ("JOS", vec!["Meena Joshi"]),
        ("98200", vec!["Meena Joshi", "मीना जोशी"]),
        ("12345", vec!["Meena Joshi"]),
        ("%2B91+98200+12345", vec!["Meena Joshi"]),
        ("91-9820012345", vec!["Meena Joshi"]),
        ("098200+99999", vec!["मीना जोशी"]),
        ("%E0%A4%9C%E0%A5%8B", vec!["मीना जोशी"]),
        ("eena", vec![]),
        ("%25", vec![]),
        ("da", vec!["Ram Das"]),
    ] {
        let page = server.client.get(&format!("/api/patient?q={query}")).expect(200);
        let names: Vec<&str> =
            page["items"].as_array().unwrap().iter().filter_map(|p| p["name"].as_str()).collect();
        assert_eq!(names, found, "{query}");
    }
}

fn who_has_a_phone_is_not_registered_again_unawares(database: &Database) {
    let server = Server::start(database);
    let add = |phone: &str, more: Value| {
        let mut patient = json!({"name": "Somebody", "phone": phone});
        patient.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        server.client.post("/api/patient", &patient)
    };
    let only_if_new = json!({"only_if_new": true});
    add("98200 12345", only_if_new.clone()).expect(201);
    for phone in ["9820012345", "+91 98200 12345", "91-98200-12345", "098200 12345"] {
        let refused = add(phone, only_if_new.clone());
        assert_eq!((refused.status, refused.problem()), (409, "phone_known"), "{phone}");
    }
    for other in ["9820012346", "20012345", "", "+44 7700 900123"] {
        add(other, only_if_new.clone()).expect(201);
    }
    add("", only_if_new).expect(201);
    let kept = add("+91 98200 12345", json!({})).expect(201);
    assert_eq!(kept["phone"], "+919820012345", "as it was typed, where nobody asks");
}

fn lists_are_paged_without_gaps(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 30, 30);
    (0..23).for_each(|_| drop(hospital.book("walk_in").expect(201)));
    (10..20).for_each(|hour| drop(hospital.slot(&format!("{hour}:00"), &format!("{hour}:30"), 5, 5)));
    for (path, all) in [
        (format!("/api/token?doctor_id={}", hospital.doctor), 23),
        ("/api/patient?q=".to_owned(), 23),
        (format!("/api/slot?from={DATE}"), 11),
        ("/api/doctor?".to_owned(), 1),
    ] {
        let (mut seen, mut after, mut pages) = (Vec::new(), String::new(), 0);
        loop {
            let page = server.client.get(&format!("{path}&limit=5&after={after}")).expect(200);
            seen.extend(page["items"].as_array().unwrap().iter().map(|item| text(&item["id"])));
            pages += 1;
            match page["next"].as_str() {
                Some(next) => after = next.to_owned(),
                None => break,
            }
        }
        assert_eq!((seen.len(), pages), (all, all / 5 + 1), "{path}");
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), all, "{path}");
    }
}

fn a_queue_has_a_version(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 10, 10);
    let path = format!("/api/doctor/{}", hospital.doctor);
    let queue = server.client.get(&path);
    let tag = queue.header("etag").unwrap().to_owned();
    assert_eq!((tag.as_str(), &queue.body["version"]), ("\"1\"", &json!(1)));
    assert_eq!(server.client.get_with(&path, &[("If-None-Match", &tag)]).status, 304);
    let request = hospital.request(&hospital.patient(), "walk_in");
    let seen = [("If-Match", tag.as_str())];
    let booked = server.client.post_with("/api/token/book", &request, &seen);
    assert_eq!((booked.status, booked.header("etag")), (201, Some("\"2\"")));
    let request = hospital.request(&hospital.patient(), "walk_in");
    let late = server.client.post_with("/api/token/book", &request, &seen);
    assert_eq!((late.status, late.problem(), &late.body["version"]), (412, "queue_changed", &json!(2)));
    let path = format!("/api/token/{}/status", text(&booked.body["id"]));
    let late = server.client.patch_with(&path, &json!({"status": "called"}), &seen);
    assert_eq!(late.status, 412);
    let wrong = server.client.patch_with(&path, &json!({"status": "called"}), &[("If-Match", "two")]);
    assert_eq!((wrong.status, wrong.problem()), (422, "field_wrong"));
    server.client.patch_with(&path, &json!({"status": "called"}), &[("If-Match", "\"2\"")]).expect(200);
    let queue =
        server.client.get_with(&format!("/api/doctor/{}", hospital.doctor), &[("If-None-Match", &tag)]);
    assert_eq!(queue.body["now_serving"]["token_no"], 1, "{}", queue.text);
}

fn a_schedule_becomes_slots(database: &Database) {
    let server = Server::start(database);
    let doctor = text(&server.client.post("/api/doctor", &json!({"name": "Dr Iyer"})).expect(201)["id"]);
    let hours = |start, end| json!({"start_time": start, "end_time": end, "slot_minutes": 60, "max_count": 10, "hard_limit": 12});
    let add = |line: Value| {
        let mut line = line;
        line["doctor_id"] = json!(doctor);
        server.client.post("/api/schedule", &line).expect(201)
    };
    add(json!({"weekday": "monday", "hours": hours("09:00", "13:00")}));
    let bad = |change: Value| {
        let mut line = json!({"doctor_id": doctor, "weekday": "monday", "hours": hours("12:00", "15:00")});
        line["hours"].as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        server.client.post("/api/schedule", &line).status
    };
    assert_eq!(bad(json!({})), 409, "from twelve to one there are slots already");
    assert_eq!(bad(json!({"start_time": "13:00", "max_count": 0})), 422);
    assert_eq!(bad(json!({"start_time": "13:00", "hard_limit": 9})), 422);
    add(json!({"weekday": "Tuesday", "hours": hours("14:00", "16:00"), "from": "2026-02-10"}));
    add(
        json!({"from": "2026-02-09", "to": "2026-02-09", "hours": hours("17:00", "18:00"), "note": "conference"}),
    );
    let leave = add(json!({"from": "2026-02-16", "to": "2026-02-17", "note": "leave"}));
    let generate = json!({"doctor_id": doctor, "from": "2026-02-02", "to": "2026-02-17"});
    let made = server.client.post("/api/slot/generate", &generate).expect(201);
    let starts: Vec<String> = made["added"]
        .as_array()
        .unwrap()
        .iter()
        .map(|slot| format!("{} {}", text(&slot["slot_date"]), text(&slot["start_time"])))
        .collect();
    assert_eq!(
        starts,
        [
            "2026-02-02 09:00",
            "2026-02-02 10:00",
            "2026-02-02 11:00",
            "2026-02-02 12:00",
            "2026-02-09 17:00",
            "2026-02-10 14:00",
            "2026-02-10 15:00",
        ]
    );
    server.client.delete(&format!("/api/schedule/{}", text(&leave["id"]))).expect(204);
    assert_eq!(server.client.delete(&format!("/api/schedule/{}", text(&leave["id"]))).status, 404);
    let again = server.client.post("/api/slot/generate", &generate).expect(201);
    assert_eq!(again["added"].as_array().unwrap().len(), 6, "only the dates of the leave: {again}");
    assert_eq!(again["skipped"].as_array().unwrap().len(), 3, "{again}");
    let lines = server.client.get(&format!("/api/schedule?doctor_id={doctor}")).expect(200);
    assert_eq!(lines["items"].as_array().unwrap().len(), 3);
    assert_eq!(lines["items"][0]["hours"], hours("09:00", "13:00"));
}

fn settings_change_the_order_at_once(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 10, 12);
    for source in ["walk_in", "paid_priority", "emergency"] {
        hospital.book(source).expect(201);
    }
    let order = || {
        let queue = hospital.queue();
        let tokens = queue["tokens"].as_array().unwrap().clone();
        tokens.iter().filter_map(|token| token["token_no"].as_i64()).collect::<Vec<_>>()
    };
    assert_eq!(order(), [3, 2, 1]);
    let changed =
        server.client.patch("/api/setting", &json!({"policy": "FCFS", "bands": {"online": 5}})).expect(200);
    assert_eq!((&changed["policy"], &changed["bands"]["online"]), (&json!("fcfs"), &json!(5)));
    assert_eq!(order(), [1, 2, 3]);
    assert_eq!(hospital.book("online").expect(201)["priority_score"], 5);
    server.client.patch("/api/setting", &json!({"policy": "band"})).expect(200);
    let zone = server.client.get("/api/setting").expect(200);
    assert_eq!(
        (&zone["time_zone"], &zone["allowances_minutes"]["walk_in"]),
        (&json!("Asia/Kolkata"), &json!(45.0))
    );
}

fn seats_and_overrides_are_counted(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 1, 2);
    hospital.book("walk_in").expect(201);
    let full = hospital.book("paid_priority");
    assert_eq!((full.status, full.problem()), (409, "no_seat"));
    hospital.slot("10:00", "11:00", 1, 1);
    assert_eq!(hospital.book("online").expect(201)["slot_id"], hospital.queue()["slots"][1]["id"]);
    let mut request = hospital.request(&hospital.patient(), "walk_in");
    request["override"] = json!("the minister's mother");
    let given = server.client.post("/api/token/book", &request).expect(201);
    assert_eq!(given["by_override"], true);
    assert!(given["reasons"].to_string().contains("the minister's mother"));
    let slot = hospital.queue()["slots"][0].clone();
    assert_eq!((&slot["current_count"], &slot["override_count"]), (&json!(2), &json!(1)));
    hospital.set_status(&given, "cancelled").expect(200);
    let slot = hospital.queue()["slots"][0].clone();
    assert_eq!((&slot["current_count"], &slot["override_count"]), (&json!(1), &json!(0)));
}

fn records_change(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 5, 6);
    let path = format!("/api/doctor/{}", hospital.doctor);
    server.client.patch(&path, &json!({"status": "on_leave", "room": "9"})).expect(200);
    let refused = hospital.book("walk_in");
    assert_eq!((refused.status, refused.problem()), (409, "doctor_away"));
    server.client.patch(&path, &json!({"status": "active"})).expect(200);
    assert_eq!(hospital.queue()["doctor"]["room"], "9");
    let patient = hospital.patient();
    let path = format!("/api/patient/{patient}");
    let changed =
        server.client.patch(&path, &json!({"name": "Meena J", "previous_doctor_id": null})).expect(200);
    assert_eq!((&changed["name"], &changed["previous_doctor_id"]), (&json!("Meena J"), &Value::Null));
    for (sex, kept, year) in
        [("Female", json!("female"), json!(1984)), ("other", json!("other"), json!(2026))]
    {
        let changed = server.client.patch(&path, &json!({"sex": sex, "birth_year": year})).expect(200);
        assert_eq!((&changed["sex"], &changed["birth_year"]), (&kept, &year));
    }
    assert_eq!(server.client.patch(&path, &json!({"birth_year": 2199})).status, 422, "still to come");
    let cleared = server.client.patch(&path, &json!({"sex": null})).expect(200);
    assert_eq!((&cleared["sex"], &cleared["birth_year"]), (&Value::Null, &json!(2026)));
    let booked = server.client.post("/api/token/book", &hospital.request(&patient, "follow_up")).expect(201);
    assert_eq!(booked["priority_score"], 4, "the previous doctor was another one: {booked}");
    assert!(booked["reasons"].to_string().contains("follow_up_elsewhere"));
    let slot = hospital.queue()["slots"][0].clone();
    let path = format!("/api/slot/{}", text(&slot["id"]));
    assert_eq!(server.client.patch(&path, &json!({"status": "cancelled"})).problem(), "slot_holds_patients");
    let changed = server.client.patch(&path, &json!({"max_count": 8, "hard_limit": 9})).expect(200);
    assert_eq!((&changed["max_count"], &changed["hard_limit"]), (&json!(8), &json!(9)));
    let mut slot = changed;
    assert_eq!(slot["plan"].take()["moved"], json!([]), "nobody had to move");
    slot.as_object_mut().unwrap().remove("plan");
    assert_eq!(server.client.get(&path).expect(200), slot);
    let other = hospital.book("walk_in").expect(201);
    let beside = json!({"before": booked["id"], "reason": "small child"});
    server.client.post(&format!("/api/token/{}/move", text(&other["id"])), &beside).expect(200);
    assert_eq!(hospital.queue()["tokens"][0]["id"], other["id"]);
}

fn changes_made_at_once_are_all_kept(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 50, 50);
    let patient = hospital.patient();
    for round in 0..8 {
        let (doctor, patient) =
            (format!("/api/doctor/{}", hospital.doctor), format!("/api/patient/{patient}"));
        let changes = [
            (doctor.as_str(), json!({"room": format!("r{round}")})),
            (doctor.as_str(), json!({"speciality": format!("s{round}")})),
            (patient.as_str(), json!({"name": format!("n{round}")})),
            (patient.as_str(), json!({"mrn": format!("m{round}")})),
            ("/api/setting", json!({"name": format!("h{round}")})),
            ("/api/setting", json!({"rejoin_behind": round})),
        ];
        std::thread::scope(|scope| {
            for (path, body) in &changes {
                scope.spawn(|| server.client.patch(path, body).expect(200));
            }
            scope.spawn(|| hospital.book("walk_in").expect(201));
        });
        let doctor = hospital.queue()["doctor"].clone();
        assert_eq!(
            (&doctor["room"], &doctor["speciality"]),
            (&json!(format!("r{round}")), &json!(format!("s{round}")))
        );
        let kept = server.client.get(&patient).expect(200);
        assert_eq!((&kept["name"], &kept["mrn"]), (&json!(format!("n{round}")), &json!(format!("m{round}"))));
        let kept = server.client.get("/api/setting").expect(200);
        assert_eq!((&kept["name"], &kept["rejoin_behind"]), (&json!(format!("h{round}")), &json!(round)));
    }
}

#[test]
fn what_one_server_acknowledged_the_other_knows() {
    let database = Database::postgres("BAARI_TEST_POSTGRES");
    let (one, two) = (Server::start(&database), Server::start(&database));
    let hospital = Hospital::open(&one, 50, 50);
    let elsewhere = Hospital { client: two.client.clone(), ..hospital.clone() };
    for _ in 0..10 {
        let token = hospital.book("walk_in").expect(201);
        assert_eq!(elsewhere.set_status(&token, "called").expect(200)["status"], "called");
        let path = format!("/api/token/{}", text(&token["id"]));
        assert_eq!(one.client.get(&path).expect(200)["status"], "called");
        hospital.set_status(&token, "cancelled").expect(200);
        let late = elsewhere.set_status(&token, "called");
        assert_eq!((late.status, late.problem()), (409, "status_impossible"), "{}", late.text);
    }
    let slot = hospital.slot("10:00", "11:00", 1, 1);
    let mut request = hospital.request(&hospital.patient(), "walk_in");
    request["slot_id"] = json!(slot);
    two.client.post("/api/token/book", &request).expect(201);
}
