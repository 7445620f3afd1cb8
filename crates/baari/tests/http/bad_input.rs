//! Bad input: a clear 4xx that says what to do, and nothing changes.

use crate::support::{Database, Hospital, Server, on_both_databases};
use serde_json::{Value, json};

on_both_databases!(bad_bookings_change_nothing, bad_bodies_change_nothing, bad_records_are_refused);

const NOBODY: &str = "01940c5e-7a00-7000-8000-000000000000";

fn bad_bookings_change_nothing(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 10, 12);
    let past = hospital.slot("07:00", "08:00", 10, 10);
    let patient = hospital.patient();
    let taken = hospital.patient();
    hospital.client.post("/api/token/book", &hospital.request(&taken, "walk_in")).expect(201);
    let before = hospital.queue();
    let mut long = "x".repeat(300);
    long.push('é');
    for (change, status, problem, field) in [
        (json!({"source": "FOO"}), 422, "field_wrong", "source"),
        (json!({"source": null}), 422, "field_wrong", "source"),
        (json!({"source": 7}), 422, "field_wrong", "source"),
        (json!({"source": ""}), 422, "field_wrong", "source"),
        (json!({"doctor_id": NOBODY}), 404, "doctor_unknown", ""),
        (json!({"doctor_id": "7"}), 422, "field_wrong", "doctor_id"),
        (json!({"patient_id": NOBODY}), 404, "patient_unknown", ""),
        (json!({"patient_id": null}), 422, "field_wrong", "patient_id"),
        (json!({"patient_id": {"id": 1}}), 422, "field_wrong", "patient_id"),
        (json!({"slot_id": NOBODY}), 404, "slot_unknown", ""),
        (json!({"slot_id": past}), 409, "slot_over", "slot_id"),
        (json!({"slot_id": past, "date": "2026-02-03"}), 404, "slot_unknown", "slot_id"),
        (json!({"date": "2026-02-01"}), 422, "date_over", "date"),
        (json!({"date": "2026-02-30"}), 422, "field_wrong", "date"),
        (json!({"date": "tomorrow"}), 422, "field_wrong", "date"),
        (json!({"date": "2026-02-02T23:00"}), 422, "field_wrong", "date"),
        (json!({"date": "9999-01-01"}), 422, "field_wrong", "date"),
        (json!({"date": "-005000-06-01"}), 422, "field_wrong", "date"),
        (json!({"date": "2026-02-03"}), 409, "no_slots", ""),
        (json!({"source": "emergency", "date": "2026-02-03"}), 422, "emergency_is_today", "date"),
        (json!({"override": ""}), 422, "field_wrong", "override"),
        (json!({"override": true}), 422, "field_wrong", "override"),
        (json!({"override": long}), 422, "field_wrong", "override"),
        (json!({"waitlist": "yes"}), 422, "field_wrong", "waitlist"),
        (json!({"waitlst": true}), 422, "field_wrong", "waitlst"),
        (json!({"patient_id": taken}), 409, "already_booked", "patient_id"),
    ] {
        let mut request = hospital.request(&patient, "walk_in");
        request.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let reply = hospital.client.post("/api/token/book", &request);
        assert_eq!((reply.status, reply.problem()), (status, problem), "{change}: {}", reply.text);
        assert_eq!(reply.header("content-type"), Some("application/problem+json"));
        assert_eq!(reply.body["field"].as_str().unwrap_or_default(), field, "{change}: {}", reply.text);
        assert!(reply.body["detail"].as_str().is_some_and(|detail| detail.len() > 15), "{}", reply.text);
    }
    assert_eq!(hospital.queue(), before, "nothing has changed");
    let there_is = hospital.client.post("/api/token/book", &hospital.request(&taken, "walk_in"));
    assert_eq!(there_is.body["token"]["token_no"], 1, "{}", there_is.text);
}

fn bad_bodies_change_nothing(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 10, 12);
    let before = hospital.queue();
    let huge = format!("{{\"patient_id\": \"{}\"}}", "x".repeat(10 << 20));
    let deep = "[".repeat(30_000);
    let json = "application/json";
    for (body, kind, status, problem) in [
        ("{\"patient_id\": ", json, 400, "body_not_json"),
        ("", json, 400, "body_not_json"),
        ("{} {}", json, 422, "field_wrong"),
        ("[]", json, 422, "field_wrong"),
        ("null", json, 422, "field_wrong"),
        ("\"walk_in\"", json, 422, "field_wrong"),
        (deep.as_str(), json, 422, "field_wrong"),
        ("\u{feff}{}", json, 400, "body_not_json"),
        ("{}", "text/plain", 415, "body_not_typed"),
        ("a=b", "application/x-www-form-urlencoded", 415, "body_not_typed"),
    ] {
        let reply =
            hospital.client.send_text("POST", "/api/token/book", body, &[("Content-Type", kind)]).unwrap();
        let shown: String = body.chars().take(40).collect();
        assert_eq!((reply.status, reply.problem()), (status, problem), "{shown}: {}", reply.text);
    }
    // The server may close before it has read all of it: an answer is 413, and the next request finds it well.
    if let Some(reply) = hospital.client.send_text("POST", "/api/token/book", &huge, &[]) {
        assert_eq!((reply.status, reply.problem()), (413, "body_too_large"));
    }
    assert_eq!(hospital.queue(), before);
    for (path, status, problem) in [
        ("/api/nothing", 404, "path_unknown"),
        ("/api/token/7", 422, "field_wrong"),
        (&format!("/api/token/{NOBODY}"), 404, "token_unknown"),
        (&format!("/api/doctor/{NOBODY}"), 404, "doctor_unknown"),
        (&format!("/api/doctor/{}?date=soon", hospital.doctor), 422, "field_wrong"),
        ("/api/patient?limit=0", 422, "field_wrong"),
        ("/api/patient?limit=many", 422, "field_wrong"),
        ("/api/token?status=done", 422, "field_wrong"),
        ("/api/token?after=x", 422, "field_wrong"),
        ("/api/slot?after=x", 422, "field_wrong"),
        ("/api/token/book", 405, "method_unknown"),
        ("/problem/none", 404, "path_unknown"),
    ] {
        let reply = hospital.client.get(path);
        assert_eq!((reply.status, reply.problem()), (status, problem), "{path}: {}", reply.text);
    }
    let elsewhere = hospital.client.get_with("/api/setting", &[("Host", "evil.example")]);
    assert_eq!((elsewhere.status, elsewhere.problem()), (421, "host_unknown"));
}

fn bad_records_are_refused(database: &Database) {
    let server = Server::start(database);
    let hospital = Hospital::open(&server, 10, 12);
    let slot = |change: Value| {
        let mut slot = json!({
            "doctor_id": hospital.doctor, "slot_date": "2026-02-02", "start_time": "11:00", "end_time": "12:00",
            "max_count": 10, "hard_limit": 12,
        });
        slot.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        ("/api/slot", slot)
    };
    for ((path, body), status, field) in [
        (slot(json!({"max_count": 0})), 422, "max_count"),
        (slot(json!({"max_count": -1})), 422, "max_count"),
        (slot(json!({"max_count": 99_999_999_999_u64})), 422, "max_count"),
        (slot(json!({"max_count": 13})), 422, "hard_limit"),
        (slot(json!({"end_time": "11:00"})), 422, "end_time"),
        (slot(json!({"end_time": "25:00"})), 422, "end_time"),
        (slot(json!({"slot_date": "2300-01-01"})), 422, "slot_date"),
        (slot(json!({"start_time": 9})), 422, "start_time"),
        (slot(json!({"start_time": "09:30", "end_time": "10:30"})), 409, "start_time"),
        (slot(json!({"doctor_id": NOBODY})), 404, ""),
        (("/api/doctor", json!({"name": ""})), 422, "name"),
        (("/api/doctor", json!({"name": "x".repeat(121)})), 422, "name"),
        (("/api/doctor", json!({"name": "Dr\u{7}"})), 422, "name"),
        (("/api/doctor", json!({"name": "Dr", "mean_visit_minutes": 0})), 422, "mean_visit_minutes"),
        (("/api/doctor", json!({"name": "\u{200b}"})), 422, "name"),
        (("/api/doctor", json!(["Dr X", "", "", 5])), 422, ""),
        (("/api/patient", json!({})), 422, "name"),
        (("/api/patient", json!({"name": "A", "phone": "call me"})), 422, "phone"),
        (("/api/patient", json!({"name": "A", "previous_doctor_id": NOBODY})), 404, ""),
        (("/api/patient", json!({"name": "A", "sex": "unknown"})), 422, "sex"),
        (("/api/patient", json!({"name": "A", "birth_year": 1879})), 422, "birth_year"),
        (("/api/patient", json!({"name": "A", "birth_year": 2027})), 422, "birth_year"),
        (("/api/patient", json!({"name": "A", "birth_year": "1990"})), 422, "birth_year"),
        (("/api/schedule", json!({"doctor_id": hospital.doctor})), 422, "weekday"),
        (("/api/schedule", json!({"doctor_id": hospital.doctor, "weekday": "someday"})), 422, "hours"),
    ] {
        let reply = hospital.client.post(path, &body);
        assert_eq!(reply.status, status, "{body}: {}", reply.text);
        assert_eq!(reply.body["field"].as_str().unwrap_or_default(), field, "{body}: {}", reply.text);
    }
    for (body, status) in [
        (json!({"policy": "best"}), 422),
        (json!({"bands": {"walk_in": 12}}), 422),
        (json!({"bands": {"foo": 1}}), 422),
        (json!({"time_zone": "Mars/Olympus"}), 422),
        (json!({"time_zone": "Etc/Unknown"}), 422),
        (json!({"allowances_minutes": {"walk_in": -1}}), 422),
        (json!({"rates": {"walk_in": 0}}), 422),
    ] {
        assert_eq!(hospital.client.patch("/api/setting", &body).status, status, "{body}");
    }
    let token = hospital.book("walk_in").expect(201);
    let reply = hospital.set_status(&token, "completed");
    assert_eq!((reply.status, reply.problem()), (409, "status_impossible"));
    assert_eq!(reply.body["possible"], json!(["called", "cancelled"]), "{}", reply.text);
    assert_eq!(hospital.set_status(&token, "done").status, 422);
}
