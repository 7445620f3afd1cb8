//! Pages that show a queue: names for who may read records, and in the trail everybody who was seen.

use std::collections::HashSet;

use baari_store::Role;
use serde_json::json;

use crate::server::Server;
use crate::trail::{by, trail};
use crate::world::{World, session, text, user};

#[tokio::test]
async fn who_looks_at_a_page_with_a_queue_is_in_the_trail_with_everybody_in_it() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    let own = &world.own;
    for (path, more) in [
        (format!("/doctor/{}", own.doctor), 0),
        (format!("/doctor/{}/live", own.doctor), 0),
        ("/desk".to_owned(), 1),
        ("/desk/live".to_owned(), 1),
        (format!("/desk/token/{}/move", own.token), 0),
    ] {
        let desk = user(&server, world.facility, Role::Reception, |_| {}).await;
        let signed_in = session(&server, world.facility, desk.id, server.desk.now()).await;
        assert!(by(&world, &signed_in, "GET", &path, None).await.contains("Raopatient Joshi"), "{path}");
        let rows = trail(&world, &format!("user_id={}", desk.id)).await;
        let seen: HashSet<&str> = rows.iter().filter_map(|row| row["patient_id"].as_str()).collect();
        assert!(seen.contains(own.patient.as_str()), "{path}: {rows:?}");
        let queues = rows.iter().filter(|row| row["action"] == "queue_read" && row["patient_id"].is_null());
        assert_eq!(queues.count(), 1 + more, "{path}: {rows:?}");
        // The desk's page has a second doctor, with as many patients.
        let people = rows.iter().filter(|row| row["action"] == "queue_read" && !row["patient_id"].is_null());
        assert_eq!(people.count(), 2 * (1 + more), "{path}: {rows:?}");
        by(&world, &signed_in, "GET", &path, None).await;
        assert_eq!(trail(&world, &format!("user_id={}", desk.id)).await, rows, "a second look is the same");
    }
}

#[tokio::test]
async fn whoever_may_not_read_records_sees_labels_in_a_queue_and_no_names() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    let own = &world.own;
    let scopes = ["queue_read", "patient_find", "token_read", "token_change"];
    let without = world.key(&scopes, &[], |_| {}).await;
    let with = world.key(&[&scopes[..], &["patient_read"]].concat(), &[], |_| {}).await;
    for path in [
        format!("/doctor/{}", own.doctor),
        format!("/doctor/{}/live", own.doctor),
        "/desk".to_owned(),
        "/desk/live".to_owned(),
        format!("/desk/token/{}/receipt", own.token),
        format!("/desk/token/{}/cancel", own.token),
        format!("/desk/token/{}/move", own.token),
    ] {
        let labels = by(&world, &without, "GET", &path, None).await;
        assert!(labels.contains("A-01"), "{path}: {labels}");
        assert!(!labels.contains("Raopatient") && !labels.contains("Raosecond"), "{path}: {labels}");
        assert!(by(&world, &with, "GET", &path, None).await.contains("Raopatient Joshi"), "{path}");
    }
}

#[tokio::test]
async fn a_doctor_whose_queue_does_not_fit_the_desk_can_be_booked_all_the_same() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    for number in 0..12 {
        let doctor = world.did("POST", "/api/doctor", json!({ "name": format!("Dr {number}") })).await;
        let slot = json!({ "doctor_id": text(&doctor, "id"), "slot_date": "2026-02-02", "start_time": "12:00",
            "end_time": "13:00", "max_count": 5, "hard_limit": 5 });
        world.did("POST", "/api/slot", slot).await;
    }
    let page = by(&world, &world.admin, "GET", "/desk", None).await;
    assert_eq!(page.matches("class=\"tile\"").count(), 12);
    assert!(page.contains("2 more doctors"), "{page}");
    let offer = format!("/desk/offer?patient={}", world.own.spare);
    let offers = by(&world, &world.admin, "GET", &offer, None).await;
    assert_eq!(offers.matches("data-doctor=").count(), 14, "{offers}");
}

#[tokio::test]
async fn an_emergency_whom_nobody_knows_is_booked_unseen_only_where_there_is_a_seat() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    let go = format!("/desk/offer?source=emergency&go=1&patient={}", world.own.spare);
    for seats in [true, false] {
        if !seats {
            for things in [&world.own, &world.other] {
                let close = json!({ "status": "closed" });
                world.did("PATCH", &format!("/api/slot/{}", things.slot), close).await;
            }
        }
        let unknown = by(&world, &world.admin, "GET", "/desk/offer?source=emergency", None).await;
        assert_eq!(unknown.contains("Emergency to Dr"), seats, "{unknown}");
        assert_eq!(unknown.contains("class=\"trouble\""), !seats, "it is said first: {unknown}");
        let registered = by(&world, &world.admin, "GET", &go, None).await;
        assert_eq!(registered.contains("data-go"), seats, "{registered}");
    }
}
