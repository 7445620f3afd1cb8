//! A facility is set up in the browser: doctors, people, keys.

use serde_json::json;

use crate::browser::{Browser, DESK, TELEVISION};
use crate::hospital::{Closed, Morning, PASSWORD};

#[test]
fn a_doctor_a_receptionist_and_a_screen_are_added_in_the_browser() {
    let hospital = Closed::start();
    let admin = Browser::open(&hospital.server.address, DESK);
    admin.go("/admin/doctor");
    admin.signs_in("admin", PASSWORD);
    admin.is_at("/admin/doctor");
    admin.fill("#new-name", "Dr Bose");
    admin.fill("#new-room", "7");
    admin.press("Enter");
    admin.shows_at("#list", "Dr Bose");
    admin.click("#list .acts button");
    admin.fill("#edit-room", "9");
    admin.everybody_can_use_it("a doctor to change");
    admin.click("#edit button.primary");
    admin.shows_at("#list td", "9");

    admin.go("/admin/user");
    admin.fill("#new-called", "Asha Naik");
    admin.fill("#new-name", "asha");
    admin.press("Enter");
    admin.shows_at("#secret[open]", "Asha Naik");
    admin.everybody_can_use_it("a password that is shown once");
    let given = admin.text("#secret-text");

    admin.go("/admin/key");
    admin.fill("#new-name", "Corridor");
    admin.click("[data-ticks~=board_read]");
    admin.click("#new [name='doctor_ids[]']");
    admin.click("#new button.primary");
    admin.shows_at("#secret[open]", "/board?");
    admin.click("#secret-far summary");
    admin.shows_at("#secret-far caption", "The tokens of one doctor");
    let address = admin.text("#secret-address");
    let (_, path) = address.rsplit_once("/board?").unwrap();
    let (_, key) = path.rsplit_once('#').unwrap();

    // Whoever has a key in the address needs no keyboard.
    let screen = Browser::open(&hospital.server.address, TELEVISION);
    screen.go(&format!("/board?{path}"));
    screen.shows_at(".tile", "Dr Bose");
    screen.is_live();
    assert!(!screen.path().contains(key), "the key is not left in the address");

    let desk = Browser::open(&hospital.server.address, DESK);
    desk.go("/desk");
    desk.signs_in("asha", &given);
    desk.is_at("/password");
    desk.fill("input[name=current]", &given);
    desk.fill("input[name=new]", "quilt harbour ninety");
    desk.press("Enter");
    desk.is_at("/desk");
    desk.shows_at(".who", "Asha Naik");
    // What is not hers to do is not there, and is refused in words.
    assert_eq!(desk.script("return document.querySelectorAll('a[href=\"/admin/user\"]').length", &[]), 0);
    desk.go("/admin/user");
    desk.shows_at(".trouble", "");
    desk.everybody_can_use_it("a page that is for others");
}

#[test]
fn what_two_people_change_at_once_stays_of_both() {
    let morning = Morning::begin();
    let admin = morning.browser(DESK);
    admin.go("/admin/doctor");
    admin.click("#list .acts button");
    admin.until("the form", "return document.querySelector('#edit[open] #edit-room')", &[]);
    admin.click("#edit button.primary");
    admin.shows_at("#edit [data-trouble]", "Nothing was changed");
    let doctor = format!("/api/doctor/{}", morning.rao.doctor);
    morning.rao.client.patch(&doctor, &json!({ "room": "12b" })).expect(200);
    admin.fill("#edit-name", "Dr Raoji");
    admin.click("#edit button.primary");
    admin.shows_at("#list tbody", "Dr Raoji");
    admin.shows_at("#list tbody", "12b");

    // What was saved is what the next change begins with.
    admin.go("/admin/setting");
    for minutes in ["15", "10"] {
        admin.fill("#grace", minutes);
        admin.click("#day button.primary");
        let set = || morning.rao.client.get("/api/setting").expect(200)["grace_minutes"].clone();
        admin.waits("the time to come is another one", || set() == minutes.parse::<f64>().unwrap());
    }
}

#[test]
fn leave_for_a_day_with_slots_says_what_is_left_to_do() {
    let morning = Morning::begin();
    let (admin, rao) = (morning.browser(DESK), &morning.rao);
    let slot = json!({ "doctor_id": rao.doctor, "slot_date": "2026-02-03", "start_time": "09:00", "end_time": "10:00", "max_count": 5 });
    let slot = rao.client.post("/api/slot", &slot).expect(201);
    let patient = rao.client.post("/api/patient", &json!({ "name": "Nila" })).expect(201);
    let booking = json!({ "patient_id": patient["id"], "doctor_id": rao.doctor, "source": "online", "date": "2026-02-03" });
    rao.client.post("/api/token/book", &booking).expect(201);

    admin.go(&format!("/admin/hours?doctor={}", rao.doctor));
    for field in ["#away-from", "#away-to"] {
        admin.script("document.querySelector(arguments[0]).value = '2026-02-03'", &[json!(field)]);
    }
    admin.fill("#away-note", "a wedding");
    admin.click("#new-absence button.primary");
    admin.shows_at(".still-open", "Tue 3 Feb: still open, slots: 1, patients: 1");
    admin.everybody_can_use_it("leave with slots that are still open");
    admin.click(".still-open button");
    admin.shows_at("#edit[open]", "1 slot is cancelled");
    admin.shows_at("#edit[open]", "1 loses the seat");
    admin.everybody_can_use_it("what cancelling the slots of a day would do");
    admin.click("#away-do");
    admin.shows_at(
        "#done",
        "The slots of Tue 3 Feb are cancelled. Patients moved: 0. To be called by the desk: 1.",
    );
    let is_gone = "return !document.querySelector('.still-open')";
    admin.until("nothing is left to do", is_gone, &[]);
    let slot = rao.client.get(&format!("/api/slot/{}", slot["id"].as_str().unwrap())).expect(200);
    assert_eq!(slot["status"], "cancelled");
}

#[test]
fn another_order_of_all_queues_is_asked_for_and_the_trail_says_what_it_was() {
    let morning = Morning::begin();
    let admin = morning.browser(DESK);
    let policy = || morning.rao.client.get("/api/setting").expect(200)["policy"].clone();
    admin.go("/admin/setting");
    admin.click("#policy [value=fcfs]");
    admin.click("#policy button.primary");
    admin.shows_at("#ask[open]", "All queues get the new order at once");
    admin.click("#ask [data-shuts]");
    admin.until(
        "the choice is as it was",
        "return document.querySelector('#policy [value=band]').checked",
        &[],
    );
    assert_eq!(policy(), "band");
    admin.click("#policy [value=fcfs]");
    admin.click("#policy button.primary");
    admin.click("#ask-yes");
    admin.waits("the order is another one", || policy() == "fcfs");
    admin.go("/admin/audit");
    admin.shows_at("#list", "Who goes first: Slot by slot → First come, first served");
    assert!(!admin.text("#list").contains("looked at"), "who looked is told when asked for");
    admin.click("#by-looks");
    admin.click("#search button.primary");
    admin.shows_at("#list", "looked at the trail");
}
