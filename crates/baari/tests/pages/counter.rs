//! The desk's keys: each has one meaning, wherever the focus is, and what is said on the page is what is so.

use serde_json::{Value, json};

use crate::browser::{Browser, DESK};
use crate::driver::Place;
use crate::hospital::Morning;
use crate::support::{Hospital, text};

impl Browser {
    /// Somebody who is known to this doctor is booked.
    #[track_caller]
    fn books_online(&self, doctor: &Hospital, name: &str) -> String {
        self.takes_known(doctor, name);
        self.press("o");
        let online = "return document.querySelector('#book-form [name=source]')?.value === 'online' && document.activeElement.id === 'book'";
        self.until("online to be chosen", online, &[]);
        self.press("Enter");
        self.receipt()
    }

    #[track_caller]
    fn takes_known(&self, doctor: &Hospital, name: &str) {
        let patient = json!({ "name": name, "previous_doctor_id": doctor.doctor });
        doctor.client.post("/api/patient", &patient).expect(201);
        self.type_keys(name);
        self.shows_at("#found [role=option]", name);
        self.press("Enter");
        self.is_on("#book");
    }

    #[track_caller]
    fn is_on_row(&self, token: &Value) {
        let row = "return document.querySelector(arguments[0]).focus() ?? true";
        self.until("a row", row, &[json!(format!("#t{}", text(token)))]);
    }
}

fn token(doctor: &Hospital, label: &str) -> Value {
    doctor.tokens().into_iter().find(|token| token["label"] == label).unwrap()
}

#[test]
fn the_receipt_has_keys_in_the_search_and_follows_its_token() {
    let _place = Place::take();
    let morning = Morning::begin();
    let desk = morning.browser(DESK);
    desk.stands_at_the_desk();
    let label = desk.books_online(&morning.iyer, "Pallavi Iyengar");
    desk.is_on("#q");
    desk.shows_at("#receipt [data-alt-key=i]", "Check in");
    desk.press_with_alt("i");
    desk.waits("the check-in", || token(&morning.iyer, &label)["status"] == "arrived");
    desk.until(
        "the receipt without it, and an empty search",
        "return document.querySelector('#receipt [data-status=arrived] [data-alt-key=u]')
            && !document.querySelector('#receipt [data-alt-key=i]')
            && document.activeElement.id === 'q' && !document.activeElement.value",
        &[],
    );
    desk.everybody_can_use_it("the desk after a booking");

    morning.iyer.next().expect(200);
    let called = "return document.querySelector('#receipt [data-status=called]') && !document.querySelector('#receipt [data-alt-key=u]')";
    desk.until("that the doctor has called, and nothing to be undone", called, &[]);
    let booked = token(&morning.iyer, &label);
    morning.iyer.set_status(&booked, "in_consultation").expect(200);
    morning.iyer.set_status(&booked, "completed").expect(200);
    desk.until(
        "that it is finished, and nothing to do",
        "return document.querySelector('#receipt [data-status=completed]') && !document.querySelector('#receipt button')",
        &[],
    );

    // What was said against the last thing is over with the next.
    let trouble = "document.querySelector('#counter > .trouble')";
    desk.script(&format!("{trouble}.hidden = false"), &[]);
    desk.is_on_row(&morning.waiting["id"]);
    desk.press("n");
    desk.until("no trouble", &format!("return {trouble}.hidden"), &[]);
}

#[test]
fn escape_goes_one_way() {
    let _place = Place::take();
    let morning = Morning::begin();
    let desk = morning.browser(DESK);
    desk.stands_at_the_desk();
    desk.press("?");
    desk.until("the help", "return document.getElementById('help').open", &[]);
    desk.press("Escape");
    desk.is_on("#q");
    desk.click(".tile .away");
    desk.is_on("#late input");
    desk.press("Escape");
    desk.is_on("#q");
    desk.type_keys("Meena");
    desk.press("Escape");
    desk.until(
        "the empty search",
        "return document.activeElement.id === 'q' && !document.activeElement.value",
        &[],
    );
    let row = "return document.activeElement.dataset.token";
    desk.press("Escape");
    desk.is_on("#rows tr[data-token]");
    let first = desk.script(row, &[]);
    desk.press("Escape");
    assert_eq!(desk.script(row, &[]), first);
    desk.press("j");
    let second = desk.script(row, &[]);
    assert_ne!(second, first);
    desk.press("m");
    desk.is_on("#move-to");
    desk.press("Escape");
    desk.is_on("#rows tr[data-token]");
    desk.press("/");
    desk.is_on("#q");
    // One is back where one was.
    desk.press("Escape");
    desk.is_on("#rows tr[data-token]");
    assert_eq!(desk.script(row, &[]), second);
}

#[test]
fn a_date_of_ones_choosing_is_booked() {
    let _place = Place::take();
    let morning = Morning::begin();
    let slot = json!({ "doctor_id": morning.khan.doctor, "slot_date": "2026-02-05", "start_time": "09:00",
        "end_time": "10:00", "max_count": 6, "hard_limit": 8 });
    let slot = text(&morning.khan.client.post("/api/slot", &slot).expect(201)["id"]);
    let desk = morning.browser(DESK);
    desk.stands_at_the_desk();
    desk.takes_known(&morning.khan, "Pallavi Iyengar");
    desk.press("a");
    desk.is_on("#on");
    let chosen = "const field = document.getElementById('on');
        field.value = arguments[0];
        field.dispatchEvent(new Event('change', { bubbles: true }));";
    desk.script(chosen, &[json!("2026-02-04")]);
    desk.shows_at("#offered .trouble", "no hours on Wed 4 Feb");
    desk.press("Enter");
    desk.is_on("#on");
    desk.script(chosen, &[json!("2026-02-05")]);
    desk.shows_at("#book", "Thu 5 Feb");
    desk.is_on("#on");
    desk.everybody_can_use_it("the offer of another date");
    desk.press("Enter");
    desk.is_on("#book");
    // Who they are and how they come is chosen for that date, too.
    desk.press("p");
    desk.until(
        "it to be paid",
        "return document.querySelector('#book-form [name=source]')?.value === 'paid_priority' && document.activeElement.id === 'book'",
        &[],
    );
    desk.press("Enter");
    desk.shows_at("#receipt", "Thu 5 Feb");
    let found =
        morning.khan.client.get(&format!("/api/token?doctor_id={}&date=2026-02-05", morning.khan.doctor));
    let booked = &found.expect(200)["items"][0];
    assert_eq!((&booked["slot_id"], &booked["source"]), (&json!(slot), &json!("paid_priority")), "{booked}");
    desk.until(
        "a receipt without a check-in",
        "return document.querySelector('#receipt [data-alt-key=p]') && !document.querySelector('#receipt [data-alt-key=i]')",
        &[],
    );
}

#[test]
fn questions_about_others_say_whom_and_what_they_concern() {
    let _place = Place::take();
    let morning = Morning::begin();
    let inside = &morning.rao.queue()["now_serving"];
    morning.rao.set_status(inside, "completed").expect(200);
    let called = morning.rao.next().expect(200);
    let desk = morning.browser(DESK);
    desk.stands_at_the_desk();
    desk.is_on_row(&called["id"]);
    desk.press("c");
    desk.shows_at("#dialog .late", "Dr Rao has called this patient");
    desk.press("Escape");
    desk.is_on_row(&morning.waiting["id"]);
    desk.press("m");
    desk.shows_at("#move-to", "Dr Khan · 09–10 (");
    desk.press("Escape");

    desk.click(&format!("#d{} .away", morning.rao.doctor));
    desk.fill("#leave [name=reason]", "ill");
    desk.press("Enter");
    desk.is_on("#plan-counts");
    desk.everybody_can_use_it("the preview of a leave");
    let plan = desk.script(
        "const rows = [...document.querySelectorAll('#plan tbody tr')];
        const foot = document.getElementById('plan-do').getBoundingClientRect();
        return [rows.length, rows.filter((row) => !row.cells[1].textContent).length, foot.bottom <= innerHeight]",
        &[],
    );
    assert!(plan[0].as_u64().unwrap() > 4, "{plan}");
    assert_eq!((&plan[1], &plan[2]), (&json!(0), &json!(true)), "all have names, and the button is in view");
    let names = desk.text("#plan tbody");
    assert!(names.contains(called["label"].as_str().unwrap()), "{names}");
    desk.press("Escape");
    desk.is_on("#q");
}
