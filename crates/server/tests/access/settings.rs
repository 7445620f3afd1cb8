//! The pages where the facility is set up show all that there is to be set.

use serde_json::json;

use crate::caller::by_key;
use crate::server::{Server, TODAY};
use crate::world::{World, text};

async fn page(world: &World<'_>, path: &str) -> String {
    let headers = by_key(&world.admin);
    world.server.send("GET", path, &[(headers[0].0, &headers[0].1)], None).await.is(200).body
}

#[tokio::test]
async fn the_slots_of_a_doctor_who_has_left_can_still_be_cancelled() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    let (doctor, slot) = (&world.other.doctor, format!("/admin/slot/{}\"", world.other.slot));
    world.did("PATCH", &format!("/api/doctor/{doctor}"), json!({ "status": "inactive" })).await;
    let slots = page(&world, &format!("/admin/slot?date={TODAY}")).await;
    assert!(slots.contains(&slot), "{slots}");
    assert!(!slots.contains(&format!("<option value=\"{doctor}\"")), "no more slots are added for them");
    // Whose room it was stays so when something else of its user is changed.
    let user = page(&world, "/admin/user").await;
    assert!(user.contains(&format!("<option value=\"{}\"", world.own.doctor)), "{user}");
    assert!(!user.contains(&format!("<option value=\"{doctor}\"")), "{user}");
}

#[tokio::test]
async fn keys_that_open_something_come_first() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    let mut keys = Vec::new();
    for name in ["Television", "Kiosk", "Website"] {
        let key = json!({ "name": name, "scopes": ["board_read"] });
        keys.push(text(&world.did("POST", "/api/key", key).await, "id"));
    }
    world.did("DELETE", &format!("/api/key/{}", keys[2]), json!({})).await;
    let list = page(&world, "/admin/key").await;
    let at = |id: &String| list.find(&format!("id=\"k{id}\"")).unwrap();
    assert!(at(&keys[1]) < at(&keys[2]) && at(&keys[0]) < at(&keys[2]), "{list}");
    let found = page(&world, "/admin/key?q=kiosk").await;
    assert!(found.contains(&keys[1]) && !found.contains(&keys[0]), "{found}");
}

#[tokio::test]
async fn other_hours_on_dates_that_have_some_are_refused_and_nothing_changes() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    let line = |from: &str, start: &str, end: &str| {
        let hours = json!({ "start_time": start, "end_time": end, "slot_minutes": 60, "max_count": 5 });
        json!({ "doctor_id": world.own.doctor, "from": from, "to": "2026-03-04", "hours": hours })
    };
    world.did("POST", "/api/schedule", line("2026-03-02", "09:00", "11:00")).await;
    let before = server.digest(None);
    let headers = by_key(&world.admin);
    let overlap = line("2026-03-04", "10:00", "12:00");
    let answer = server.send("POST", "/api/schedule", &[(headers[0].0, &headers[0].1)], Some(&overlap)).await;
    assert_eq!(answer.refused_as(409, "slots_overlap").json()["field"], "hours");
    assert_eq!(before, server.digest(None));
    world.did("POST", "/api/schedule", line("2026-03-04", "11:00", "12:00")).await;
}
