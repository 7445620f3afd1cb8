//! Bad input on the day: a clear problem, and nothing changes.

use crate::support::{DATE, Database, Hospital, Reply, Server, on_both_databases, refused, text};
use serde_json::{Value, json};

on_both_databases!(
    bad_steps_in_the_room_change_nothing,
    bad_steps_with_a_token_change_nothing,
    bad_changes_of_a_slot_change_nothing,
    a_stale_version_changes_nothing,
    a_key_stands_for_one_request,
    the_clock_only_goes_forward,
);

const NOBODY: &str = "01940c5e-7a00-7000-8000-000000000000";

/// A doctor with two who wait, a colleague with one; and what stays as it is.
struct Quiet {
    hospital: Hospital,
    other: Hospital,
    tokens: [Value; 3],
}

impl Quiet {
    fn open(server: &Server) -> Self {
        let hospital = Hospital::open(server, 10, 12);
        let other = hospital.colleague("Dr Iyer", "Medicine");
        other.slot("09:00", "10:00", 5, 5);
        let (first, second) = (hospital.book("walk_in").expect(201), hospital.book("online").expect(201));
        let third = other.book("walk_in").expect(201);
        Self { hospital, other, tokens: [first, second, third] }
    }

    /// Each of these requests is refused like this, and changes nothing.
    #[track_caller]
    fn refuses(&self, requests: &[(String, Value, u16, &str, &str)], send: impl Fn(&str, &Value) -> Reply) {
        let before = (self.hospital.mark(), self.other.mark());
        for (path, body, status, problem, field) in requests {
            let reply = send(path, body);
            assert_eq!((reply.status, reply.problem()), (*status, *problem), "{path} {body}: {}", reply.text);
            refused(&reply, *status, problem);
            let at_fault = reply.body["field"].as_str().unwrap_or_default();
            assert_eq!(at_fault, *field, "{path} {body}: {}", reply.text);
        }
        assert_eq!((self.hospital.mark(), self.other.mark()), before, "nothing has changed");
    }
}

fn long() -> String {
    "x".repeat(301)
}

fn bad_steps_in_the_room_change_nothing(database: &Database) {
    let server = Server::start(database);
    let quiet = Quiet::open(&server);
    let room = |step: &str| format!("/api/doctor/{}/{step}", quiet.hospital.doctor);
    let (absent, elsewhere) = (&quiet.tokens[1]["id"], &quiet.tokens[2]["id"]);
    let wrong = |step: &str, body: Value, field: &'static str| (room(step), body, 422, "field_wrong", field);
    let mut requests = vec![
        wrong("next", json!({"finish": "yes"}), "finish"),
        wrong("next", json!({"finish": 1}), "finish"),
        wrong("next", json!({"token_id": 7}), "token_id"),
        wrong("next", json!({"token_id": "7"}), "token_id"),
        wrong("next", json!({"reason": ["x"]}), "reason"),
        wrong("next", json!({"reason": long()}), "reason"),
        wrong("next", json!({"reason": "a\u{202e}b"}), "reason"),
        wrong("next", json!({"date": "02.02.2026"}), "date"),
        wrong("next", json!({"token": absent}), "token"),
        wrong("next", json!([]), ""),
        wrong("next", json!("next"), ""),
        (room("next"), json!({"token_id": NOBODY}), 404, "token_unknown", ""),
        (room("next"), json!({"token_id": elsewhere}), 404, "token_unknown", ""),
        (room("next"), json!({"token_id": absent}), 409, "not_here", "token_id"),
        (room("next"), json!({"date": "2026-02-03"}), 409, "not_yet", "date"),
        (room("next"), json!({"date": "2026-02-01"}), 409, "nobody_to_call", ""),
        wrong("undo", json!({"date": 7}), "date"),
        wrong("undo", json!({"steps": 2}), "steps"),
        (room("undo"), json!({}), 409, "nothing_to_undo", ""),
        (room("undo"), json!({"date": "2026-02-03"}), 409, "nothing_to_undo", ""),
        wrong("delay", json!({}), "minutes"),
        wrong("delay", json!({"minutes": -1}), "minutes"),
        wrong("delay", json!({"minutes": 721}), "minutes"),
        wrong("delay", json!({"minutes": 1e12}), "minutes"),
        wrong("delay", json!({"minutes": 99_999_999_999_u64}), "minutes"),
        wrong("delay", json!({"minutes": 1.5}), "minutes"),
        wrong("delay", json!({"minutes": "20"}), "minutes"),
        wrong("delay", json!({"minutes": null}), "minutes"),
        wrong("delay", json!({"minutes": 20, "reason": long()}), "reason"),
        wrong("delay", json!({"minutes": 20, "why": "x"}), "why"),
        (room("delay"), json!({"minutes": 20, "date": "2026-02-01"}), 409, "no_slots", ""),
        wrong("leave", json!({}), "reason"),
        wrong("leave", json!({"reason": ""}), "reason"),
        wrong("leave", json!({"reason": " \t "}), "reason"),
        wrong("leave", json!({"reason": long()}), "reason"),
        wrong("leave", json!({"reason": 7}), "reason"),
        wrong("leave", json!({"reason": "ill", "from": "25:00"}), "from"),
        wrong("leave", json!({"reason": "ill", "from": 9}), "from"),
        wrong("leave", json!({"reason": "ill", "from": "2026-02-02T09:00:00Z"}), "from"),
        wrong("leave", json!({"reason": "ill", "to": "noon"}), "to"),
        wrong("leave", json!({"reason": "ill", "from": "10:00", "to": "09:00"}), "to"),
        wrong("leave", json!({"reason": "ill", "from": "10:00", "to": "10:00"}), "to"),
        wrong("leave", json!({"reason": "ill", "preview": "yes"}), "preview"),
        wrong("leave", json!({"reason": "ill", "until": "10:00"}), "until"),
        (room("leave"), json!({"reason": "ill", "from": "10:00"}), 409, "nothing_to_leave", "from"),
        (room("leave"), json!({"reason": "ill", "to": "08:00"}), 409, "nothing_to_leave", "from"),
        (room("leave"), json!({"reason": "ill", "date": "2026-02-01"}), 409, "nothing_to_leave", "from"),
    ];
    for step in ["next", "undo", "delay", "leave"] {
        let body = json!({"minutes": 5, "reason": "ill"});
        let body = if matches!(step, "delay" | "leave") { body } else { json!({}) };
        let body = if step == "leave" { json!({"reason": "ill"}) } else { body };
        requests.push((format!("/api/doctor/{NOBODY}/{step}"), body.clone(), 404, "doctor_unknown", ""));
        requests.push((format!("/api/doctor/me/{step}"), body, 422, "field_wrong", "id"));
    }
    quiet.refuses(&requests, |path, body| server.client.post(path, body));
    let methods = [("/next", 405), ("/undo", 405), ("/delay", 405), ("/leave", 405), ("/lunch", 404)];
    for (step, status) in methods {
        let path = format!("/api/doctor/{}{step}", quiet.hospital.doctor);
        assert_eq!(server.client.get(&path).status, status, "{path}");
    }
}

fn bad_steps_with_a_token_change_nothing(database: &Database) {
    let server = Server::start(database);
    let quiet = Quiet::open(&server);
    let past = quiet.hospital.slot("07:00", "08:00", 5, 5);
    let closed = quiet.hospital.slot("11:00", "12:00", 5, 5);
    quiet.hospital.change_slot(&closed, &json!({"status": "closed"})).expect(200);
    let yesterday = json!({"doctor_id": quiet.other.doctor, "slot_date": "2026-02-01", "start_time": "09:00",
        "end_time": "10:00", "max_count": 3});
    let yesterday = text(&server.client.post("/api/slot", &yesterday).expect(201)["id"]);
    let [token, second, elsewhere] = &quiet.tokens;
    let (own, there) = (&token["slot_id"], &elsewhere["slot_id"]);
    let step = |step: &str| format!("/api/token/{}/{step}", text(&token["id"]));
    let moved = |change: Value| {
        let mut body = json!({"reason": "asked for"});
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        body
    };
    let wrong = |body: Value, field: &'static str| (step("move"), moved(body), 422, "field_wrong", field);
    let mut requests = vec![
        wrong(json!({}), "slot_id"),
        wrong(json!({"before": second["id"], "slot_id": there}), "slot_id"),
        wrong(json!({"before": second["id"], "behind": second["id"]}), "slot_id"),
        wrong(json!({"before": second["id"], "behind": second["id"], "slot_id": there}), "slot_id"),
        wrong(json!({"before": 2}), "before"),
        wrong(json!({"behind": "second"}), "behind"),
        wrong(json!({"slot_id": {"id": 1}}), "slot_id"),
        wrong(json!({"slot_id": there, "reason": ""}), "reason"),
        wrong(json!({"slot_id": there, "reason": long()}), "reason"),
        wrong(json!({"slot_id": there, "reason": null}), "reason"),
        wrong(json!({"slot_id": there, "override": "yes"}), "override"),
        wrong(json!({"slot_id": there, "doctor_id": NOBODY}), "doctor_id"),
        wrong(json!({"before": token["id"]}), ""),
        (step("move"), json!({"slot_id": there}), 422, "field_wrong", "reason"),
        (step("move"), moved(json!({"before": NOBODY})), 404, "token_unknown", ""),
        (step("move"), moved(json!({"behind": elsewhere["id"]})), 404, "token_unknown", ""),
        (step("move"), moved(json!({"slot_id": NOBODY})), 404, "slot_unknown", ""),
        (step("move"), moved(json!({"slot_id": own})), 409, "same_slot", "slot_id"),
        (step("move"), moved(json!({"slot_id": past})), 409, "slot_over", "slot_id"),
        (step("move"), moved(json!({"slot_id": closed})), 409, "slot_not_open", "slot_id"),
        (step("move"), moved(json!({"slot_id": yesterday})), 422, "date_over", "date"),
        (step("rejoin"), json!({}), 200, "", ""),
        (step("recall"), json!({}), 409, "status_impossible", "status"),
    ];
    requests.retain(|request| request.2 != 200);
    for name in ["rejoin", "recall"] {
        requests.push((step(name), json!({"now": true}), 422, "field_wrong", "now"));
        requests.push((step(name), json!(7), 422, "field_wrong", ""));
        requests.push((format!("/api/token/{NOBODY}/{name}"), json!({}), 404, "token_unknown", ""));
        requests.push((format!("/api/token/A-01/{name}"), json!({}), 422, "field_wrong", "id"));
    }
    requests.push((
        format!("/api/token/{NOBODY}/move"),
        moved(json!({"slot_id": there})),
        404,
        "token_unknown",
        "",
    ));
    quiet.refuses(&requests, |path, body| server.client.post(path, body));
    let change = format!("/api/token/{}", text(&token["id"]));
    let changes = [
        (change.clone(), json!({}), 422, "field_wrong", "earlier_ok"),
        (change.clone(), json!({"earlier_ok": "yes"}), 422, "field_wrong", "earlier_ok"),
        (change, json!({"earlier_ok": true, "status": "called"}), 422, "field_wrong", "status"),
        (format!("/api/token/{NOBODY}"), json!({"earlier_ok": true}), 404, "token_unknown", ""),
    ];
    quiet.refuses(&changes, |path, body| server.client.patch(path, body));
    for (path, status, problem) in [
        (format!("/api/token/{NOBODY}/why"), 404, "token_unknown"),
        ("/api/token/7/why".to_owned(), 422, "field_wrong"),
        ("/api/waitlist?date=today".to_owned(), 422, "field_wrong"),
        ("/api/waitlist?doctor_id=7".to_owned(), 422, "field_wrong"),
        ("/api/waitlist?limit=0".to_owned(), 422, "field_wrong"),
        ("/api/waitlist?after=x".to_owned(), 422, "field_wrong"),
    ] {
        refused(&server.client.get(&path), status, problem);
    }
}

fn bad_changes_of_a_slot_change_nothing(database: &Database) {
    let server = Server::start(database);
    let quiet = Quiet::open(&server);
    let path = format!("/api/slot/{}", text(&quiet.tokens[0]["slot_id"]));
    let wrong = |body: Value, field: &'static str| (path.clone(), body, 422, "field_wrong", field);
    let requests = [
        wrong(json!({"max_count": -1, "move_on": true}), "max_count"),
        wrong(json!({"max_count": 0, "move_on": true}), "max_count"),
        wrong(json!({"max_count": 13}), "hard_limit"),
        wrong(json!({"hard_limit": 20_000}), "max_count"),
        wrong(json!({"hard_limit": 9}), "hard_limit"),
        wrong(json!({"max_count": "8"}), "max_count"),
        wrong(json!({"move_on": "yes"}), "move_on"),
        wrong(json!({"preview": 1}), "preview"),
        wrong(json!({"status": "gone"}), "status"),
        wrong(json!({"start_time": "10:00"}), "start_time"),
        (path.clone(), json!({"max_count": 1}), 409, "seats_taken", ""),
        (path.clone(), json!({"status": "cancelled"}), 409, "slot_holds_patients", ""),
        (format!("/api/slot/{NOBODY}"), json!({"max_count": 1}), 404, "slot_unknown", ""),
        ("/api/slot/9".to_owned(), json!({"max_count": 1}), 422, "field_wrong", "id"),
    ];
    quiet.refuses(&requests, |path, body| server.client.patch(path, body));
}

fn a_stale_version_changes_nothing(database: &Database) {
    let server = Server::start(database);
    let quiet = Quiet::open(&server);
    let (hospital, token) = (&quiet.hospital, text(&quiet.tokens[0]["id"]));
    let version = hospital.queue()["version"].as_u64().unwrap();
    let slot = format!("/api/slot/{}", text(&quiet.tokens[0]["slot_id"]));
    let room = |step: &str| format!("/api/doctor/{}/{step}", hospital.doctor);
    let before = (hospital.mark(), quiet.other.mark());
    let to = json!({"slot_id": quiet.tokens[2]["slot_id"], "reason": "asked for"});
    let beside = json!({"behind": quiet.tokens[1]["id"], "reason": "asked for"});
    for (tag, status, problem) in [
        (format!("\"{}\"", version - 1), 412, "queue_changed"),
        (format!("\"{}\"", version + 1), 412, "queue_changed"),
        ("seven".to_owned(), 422, "field_wrong"),
        ("\"-1\"".to_owned(), 422, "field_wrong"),
        (version.to_string(), 422, "field_wrong"),
    ] {
        let seen = [("If-Match", tag.as_str())];
        for (path, body) in [
            (room("next"), json!({})),
            (room("undo"), json!({})),
            (room("delay"), json!({"minutes": 5})),
            (room("leave"), json!({"reason": "ill"})),
            (room("leave"), json!({"reason": "ill", "preview": true})),
            (format!("/api/token/{token}/move"), to.clone()),
            (format!("/api/token/{token}/move"), beside.clone()),
            (format!("/api/token/{token}/recall"), json!({})),
            (format!("/api/token/{token}/rejoin"), json!({})),
        ] {
            let reply = server.client.post_with(&path, &body, &seen);
            refused(&reply, status, problem);
            if status == 412 {
                assert_eq!(reply.body["version"], version, "{path}");
            }
        }
        for (path, body) in [
            (slot.clone(), json!({"status": "cancelled", "move_on": true})),
            (format!("/api/token/{token}"), json!({"earlier_ok": true})),
        ] {
            refused(&server.client.patch_with(&path, &body, &seen), status, problem);
        }
    }
    assert_eq!((hospital.mark(), quiet.other.mark()), before);
    let tag = format!("\"{version}\"");
    let done = server.client.post_with(&room("leave"), &json!({"reason": "ill"}), &[("If-Match", &tag)]);
    assert_eq!(done.header("etag"), Some(format!("\"{}\"", version + 1).as_str()), "{}", done.text);
}

fn a_key_stands_for_one_request(database: &Database) {
    let server = Server::start(database);
    let quiet = Quiet::open(&server);
    let (hospital, token) = (&quiet.hospital, text(&quiet.tokens[0]["id"]));
    let room = |step: &str| format!("/api/doctor/{}/{step}", hospital.doctor);
    let beside = json!({"behind": quiet.tokens[1]["id"], "reason": "asked for"});
    let to = json!({"slot_id": quiet.tokens[2]["slot_id"], "reason": "asked for"});
    for (path, body, other) in [
        (format!("/api/token/{token}/move"), beside, to),
        (room("delay"), json!({"minutes": 5}), json!({"minutes": 6})),
        (room("next"), json!({}), json!({"finish": true})),
        (format!("/api/token/{token}/recall"), json!({}), json!({ "x": 1 })),
        (room("undo"), json!({}), json!({"date": DATE})),
        (room("leave"), json!({"reason": "ill"}), json!({"reason": "very ill"})),
    ] {
        let key = format!("day-{path}-{}", body.to_string().len());
        let key = [("Idempotency-Key", key.as_str())];
        let first = server.client.post_with(&path, &body, &key);
        assert_eq!(
            (first.status, first.header("idempotency-replayed")),
            (200, None),
            "{path}: {}",
            first.text
        );
        let after = (hospital.mark(), quiet.other.mark());
        let again = server.client.post_with(&path, &body, &key);
        assert_eq!((again.status, &again.text), (200, &first.text), "{path}");
        assert_eq!(again.header("idempotency-replayed"), Some("true"), "{path}");
        let reused = server.client.post_with(&path, &other, &key);
        assert_eq!(reused.status, 422, "{path}: {}", reused.text);
        assert!(["key_reused", "field_wrong"].contains(&reused.problem()), "{path}: {}", reused.text);
        assert_eq!((hospital.mark(), quiet.other.mark()), after, "{path} is done once");
    }
}

fn the_clock_only_goes_forward(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 10, 12);
    let now = server.client.get("/api/clock").expect(200);
    assert_eq!((&now["now"], &now["date"]), (&json!("2026-02-02T03:30:00Z"), &json!(DATE)));
    let before = hospital.mark();
    for (body, status, problem) in [
        (json!({"now": "2026-02-02T03:29:59Z"}), 409, "clock_not_set"),
        (json!({"now": "2026-02-02T03:31:00"}), 422, "field_wrong"),
        (json!({"now": "soon"}), 422, "field_wrong"),
        (json!({"now": 7}), 422, "field_wrong"),
        (json!({"now": "+999999-01-01T00:00:00Z"}), 422, "field_wrong"),
        (json!({}), 422, "field_wrong"),
        (json!({"now": "2026-02-02T04:00:00Z", "speed": 5}), 422, "field_wrong"),
    ] {
        let reply = server.client.put("/api/clock", &body);
        refused(&reply, status, problem);
        assert_eq!(
            reply.body["field"],
            if body["speed"].is_null() { "now" } else { "speed" },
            "{}",
            reply.text
        );
    }
    assert_eq!(server.client.get("/api/clock").expect(200), now);
    assert_eq!(hospital.mark(), before);
    server.kill();
    let server = Server::start_with(database, &[]);
    let real = server.client.put("/api/clock", &json!({"now": "2199-02-02T03:31:00Z"}));
    refused(&real, 409, "clock_not_set");
}
