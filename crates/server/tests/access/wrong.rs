//! What is wrong with what was typed is said in the reader's language, and nothing changes.

use serde_json::{Value, json};

use crate::caller::by_key;
use crate::server::{Server, TODAY};
use crate::world::World;

/// What people can type wrong on the pages: the call, its body, and what it says in Hindi.
fn wrong(world: &World<'_>) -> Vec<(&'static str, String, Value, &'static str)> {
    let doctor = &world.own.doctor;
    let (one, new) = (format!("/api/doctor/{doctor}"), |path: &str| path.to_owned());
    let hours = |start: &str, end: &str, minutes: u16, seats: u32| {
        let hours =
            json!({ "start_time": start, "end_time": end, "slot_minutes": minutes, "max_count": seats });
        json!({ "doctor_id": doctor, "weekday": "friday", "hours": hours })
    };
    let slot = |start: &str, end: &str, seats: u32, limit: u32| {
        json!({ "doctor_id": doctor, "slot_date": TODAY, "start_time": start, "end_time": end,
                "max_count": seats, "hard_limit": limit })
    };
    let dates = |from: &str, to: &str| json!({ "doctor_id": doctor, "from": from, "to": to });
    vec![
        ("PATCH", one.clone(), json!({ "name": " " }), "नाम: ख़ाली है"),
        (
            "PATCH",
            one.clone(),
            json!({ "speciality": "x".repeat(81) }),
            "विशेषज्ञता: बहुत लंबा है, ज़्यादा से ज़्यादा 80",
        ),
        ("PATCH", one.clone(), json!({ "room": "3\u{202e}" }), "कमरा: इसमें ऐसे अक्षर"),
        ("PATCH", one, json!({ "mean_visit_minutes": 241 }), "1 से 240 मिनट"),
        ("POST", new("/api/doctor"), json!({ "room": "3" }), "नाम: नहीं भरा गया"),
        ("POST", new("/api/patient"), json!({ "name": "Meena", "phone": "12" }), "5 से 15 अंक"),
        (
            "POST",
            new("/api/patient"),
            json!({ "name": "Meena", "birth_year": 1700 }),
            "जन्म का साल 1880 से 2026",
        ),
        ("POST", new("/api/user"), json!({ "name": "a b", "role": "admin" }), "2 से 32 अक्षरों"),
        ("PATCH", new("/api/setting"), json!({ "time_zone": "Calcutta" }), "टाइम ज़ोन जगह के नाम से"),
        ("POST", new("/api/schedule"), hours("11:00", "09:00", 60, 5), "एक भी स्लॉट नहीं बनता"),
        ("POST", new("/api/schedule"), hours("09:00", "11:00", 4, 5), "5 से 720 मिनट का होता है, 4 का नहीं"),
        ("POST", new("/api/schedule"), hours("09:00", "11:00", 60, 0), "1 से 10000 सीटें"),
        ("POST", new("/api/schedule"), dates("2026-03-02", "2026-03-01"), "आख़िरी तारीख़ पहली से पहले"),
        ("POST", new("/api/slot/generate"), dates("2026-03-02", "2026-03-01"), "ज़्यादा से ज़्यादा 92 दिन"),
        ("POST", new("/api/slot"), slot("22:00", "21:00", 5, 5), "उसी दिन बाद में"),
        ("POST", new("/api/slot"), slot("21:00", "22:00", 0, 0), "1 से 10000 सीटें होती हैं, 0 नहीं"),
        ("POST", new("/api/slot"), slot("21:00", "22:00", 5, 4), "सीटें (4) सीटों (5) से कम"),
        ("POST", format!("/api/doctor/{doctor}/delay"), json!({ "minutes": 9_999 }), "डॉक्टर का जाना दर्ज करें"),
    ]
}

#[tokio::test]
async fn what_is_wrong_with_a_field_is_said_in_hindi() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    let before = world.get("/api/audit?limit=500").await["items"].as_array().unwrap().len();
    for (method, path, body, expected) in wrong(&world) {
        let headers = [by_key(&world.admin), vec![("accept-language", "hi".to_owned())]].concat();
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = server.send(method, &path, &headers, Some(&body)).await.refused_as(422, "field_wrong");
        let told = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(told.contains(expected), "{method} {path} {body}: {told}");
        let latin = told.split(|letter: char| !letter.is_ascii_alphabetic()).any(|word| word.len() > 1);
        assert!(!latin || path == "/api/setting", "{told}");
    }
    let after = world.get("/api/audit?limit=500").await["items"].as_array().unwrap().len();
    assert_eq!(after, before, "nothing was done");
}
