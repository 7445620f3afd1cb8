//! The report: what happened on a day is in it, in figures, and no patient's name.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::caller::by_key;
use crate::server::{Answer, Server, TODAY, TOMORROW};
use crate::world::{World, text};

async fn ask(world: &World<'_>, query: &str, accept: &str) -> Answer {
    let headers = [by_key(&world.admin), vec![("accept", accept.to_owned())]].concat();
    let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    world.server.send("GET", &format!("/api/report?{query}"), &headers, None).await
}

/// Two visits; a token moved by hand; a colleague who leaves, whose two patients come here.
async fn a_day(server: &Server, world: &World<'_>) {
    let (own, other) = (&world.own, &world.other);
    for doctor in [&own.doctor, &other.doctor] {
        world.did("PATCH", &format!("/api/doctor/{doctor}"), json!({ "speciality": "ENT" })).await;
    }
    let next = format!("/api/doctor/{}/next", own.doctor);
    let minutes = |minutes| server.advance(SignedDuration::from_mins(minutes));
    minutes(10);
    for (token, visit) in [(&own.token, 6), (&own.beside, 4)] {
        world.did("POST", &next, json!({})).await;
        for status in ["in_consultation", "completed"] {
            world.did("PATCH", &format!("/api/token/{token}/status"), json!({ "status": status })).await;
            minutes(if status == "in_consultation" { visit } else { 0 });
        }
    }
    let mut later = Vec::new();
    for (start, end) in [("08:00", "09:00"), ("09:00", "10:00")] {
        let slot = json!({ "doctor_id": own.doctor, "slot_date": TODAY, "start_time": start, "end_time": end,
                           "max_count": 5 });
        later.push(text(&world.did("POST", "/api/slot", slot).await, "id"));
    }
    let book =
        json!({ "patient_id": own.spare, "doctor_id": own.doctor, "source": "online", "slot_id": later[0] });
    let token = text(&world.did("POST", "/api/token/book", book).await, "id");
    let place = json!({ "slot_id": later[1], "reason": "the bus comes later" });
    world.did("POST", &format!("/api/token/{token}/move"), place).await;
    world.did("POST", &format!("/api/doctor/{}/leave", other.doctor), json!({ "reason": "ill" })).await;
}

#[tokio::test]
async fn the_report_tells_how_a_day_went() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    a_day(&server, &world).await;
    let (own, other) = (&world.own.doctor, &world.other.doctor);
    let report = ask(&world, &format!("from={TODAY}&doctor_id={own}"), "*/*").await.is(200).json();
    let expected = json!({
        "booked": 5, "seen": 2, "no_shows": 0, "cancelled": 0, "never_seated": 0, "lost_seat": 0, "open": 3,
        "moved_by_plan": 2, "moved_by_hand": 1, "displaced": 0,
        "wait_minutes_mean": 13.0, "wait_minutes_p95": 16, "visit_minutes_mean": 5.0,
        "consultation_minutes": 10.0, "slot_minutes": 360.0, "utilisation": 0.0278, "promises": 2,
    });
    let mut total = report["total"].clone();
    for unsure in ["estimate_error_minutes_mean", "told_too_early_share"] {
        assert!(total.as_object_mut().unwrap().remove(unsure).unwrap().is_number(), "{unsure}");
    }
    assert_eq!(total, expected);
    assert_eq!(report["doctors"], json!([{ "doctor_id": own, "figures": report["total"] }]));
    assert_eq!(report["dates"], json!([{ "date": TODAY, "figures": report["total"] }]));

    let all = ask(&world, &format!("from={TODAY}&to={TOMORROW}"), "application/json").await.is(200).json();
    let of_other = all["doctors"].as_array().unwrap().iter().find(|one| one["doctor_id"] == **other).unwrap();
    assert_eq!(
        (&of_other["figures"]["booked"], &of_other["figures"]["utilisation"]),
        (&json!(0), &Value::Null)
    );
    assert_eq!(all["total"], report["total"], "whoever left has neither tokens nor slots");
    let by_source = |source: &str| {
        let sources = all["sources"].as_array().unwrap();
        sources.iter().find(|one| one["source"] == source).unwrap()["figures"]["booked"].clone()
    };
    assert_eq!(
        (by_source("online"), by_source("walk_in"), by_source("emergency")),
        (json!(1), json!(4), json!(0))
    );
    for name in ["Raopatient", "Dr Rao", "98200", "bus"] {
        assert!(!all.to_string().contains(name), "{name}");
    }
    // Nothing there is no error.
    let empty = ask(&world, "from=2031-01-01&to=2031-02-01", "*/*").await.is(200).json();
    assert_eq!((&empty["total"]["booked"], &empty["dates"]), (&json!(0), &json!([])));
}

#[tokio::test]
async fn the_report_of_a_spreadsheet_has_the_same_figures() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    a_day(&server, &world).await;
    // What has a meaning in such tables may be part of a name.
    let called = [(&world.own.doctor, "=डॉ. \"Rao\", ENT"), (&world.other.doctor, "Dr Khan")];
    for (doctor, name) in called {
        world.did("PATCH", &format!("/api/doctor/{doctor}"), json!({ "name": name })).await;
    }
    let json = ask(&world, "", "application/json").await.is(200).json();
    for (query, accept) in [("format=csv", "*/*"), ("", "text/csv"), ("format=csv", "application/json")] {
        let answer = ask(&world, query, accept).await.is(200);
        assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
        assert!(answer.header("content-disposition").contains("baari-report-2026-02-02-2026-02-02.csv"));
        assert!(answer.body.starts_with('\u{feff}'), "a spreadsheet sees that it is UTF-8");
        let mut reader = csv::Reader::from_reader(answer.body.as_bytes());
        let names = reader.headers().unwrap().clone();
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let by = |by: &str| rows.iter().filter(|row| &row[0] == by).collect::<Vec<_>>();
        let mut expected = vec![("all", String::new(), &json["total"])];
        for (by, list, of) in [
            ("date", "dates", "date"),
            ("doctor", "doctors", "doctor_id"),
            ("source", "sources", "source"),
            ("hour", "hours", "hour"),
        ] {
            for item in json[list].as_array().unwrap() {
                let of = item[of].as_str().map_or(item[of].to_string(), str::to_owned);
                expected.push((by, of, &item["figures"]));
            }
        }
        assert_eq!((by("source").len(), rows.len()), (5, expected.len()));
        for (row, (by, of, figures)) in rows.iter().zip(expected) {
            let called = called.iter().find(|(doctor, _)| of == **doctor).map_or("", |(_, name)| *name);
            let called = if called.starts_with('=') { format!("'{called}") } else { called.to_owned() };
            assert_eq!((&row[0], &row[1], &row[2]), (by, of.as_str(), called.as_str()));
            for (name, cell) in names.iter().zip(row).skip(3) {
                assert_eq!(cell.parse::<f64>().ok(), figures[name].as_f64(), "{name} of {by} {of}");
            }
        }
    }
    let answer = ask(&world, "format=json", "text/csv").await.is(200);
    assert_eq!(answer.json(), json);
}

#[tokio::test]
async fn a_report_has_92_dates_at_most_and_is_of_doctors_who_are_there() {
    let server = Server::start().await;
    let elsewhere = server.facility("elsewhere").await;
    let world = World::new(&server, server.main, "main").await;
    let there = World::new(&server, elsewhere, "elsewhere").await;
    ask(&world, "from=2026-01-01&to=2026-04-02", "*/*").await.is(200);
    for (query, field) in [
        ("from=2026-01-01&to=2026-04-03", "to"),
        ("from=2026-02-02&to=2026-02-01", "to"),
        ("to=2026-02-01", "to"),
        ("format=pdf", "format"),
        ("doctor_id=7", "doctor_id"),
    ] {
        let answer = ask(&world, query, "*/*").await.refused_as(422, "field_wrong");
        assert_eq!(answer.json()["field"], field, "{query}");
    }
    ask(&world, "from=soon", "*/*").await.refused_as(422, "field_wrong");
    let foreign = format!("doctor_id={}", there.own.doctor);
    ask(&world, &foreign, "*/*").await.refused_as(404, "doctor_unknown");
}
