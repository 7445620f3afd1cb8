//! The desk: who stands there is found, booked and sent on with a few keys, and everybody else sees it at once.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::browser::{Browser, DESK, PHONE, TELEVISION};
use crate::driver::Place;
use crate::hospital::Morning;
use crate::support::text;

/// Keys besides those that say who it is.
const KNOWN_KEYS_MAX: usize = 4;
/// All keys, from a desk that waits for the next one.
const EMERGENCY_KEYS_MAX: usize = 6;

impl Browser {
    /// Goes to the desk, which is ready for somebody.
    #[track_caller]
    pub(crate) fn stands_at_the_desk(&self) {
        self.go("/desk");
        self.is_live();
        self.until("the search to have the focus", "return document.activeElement.id === 'q'", &[]);
    }

    /// Waits until this has the focus.
    #[track_caller]
    pub(crate) fn is_on(&self, selector: &str) {
        let script = "return document.activeElement?.matches(arguments[0])";
        self.until(&format!("the focus on {selector}"), script, &[json!(selector)]);
    }

    /// The label of the token that was booked last here.
    #[track_caller]
    pub(crate) fn receipt(&self) -> String {
        let script = "return document.querySelector('#receipt .label')?.innerText";
        text(&self.until("the receipt", script, &[]))
    }
}

fn labels(morning: &Morning) -> HashSet<String> {
    morning.rao.tokens().iter().map(|token| text(&token["label"])).collect()
}

/// The token with this label, of all doctors.
fn token(morning: &Morning, label: &str) -> Value {
    let all = [&morning.rao, &morning.khan, &morning.iyer].map(|doctor| doctor.tokens());
    all.into_iter().flatten().find(|token| token["label"] == label).unwrap()
}

#[test]
fn somebody_known_is_booked_with_four_keys_and_an_emergency_with_six() {
    let _place = Place::take();
    let morning = Morning::begin();
    let meera = json!({ "name": "Meera Kulkarni", "phone": "98333 12345", "previous_doctor_id": morning.khan.doctor });
    morning.khan.client.post("/api/patient", &meera).expect(201);
    let desk = morning.browser(DESK);
    desk.stands_at_the_desk();

    desk.type_keys("9833312345");
    desk.shows_at("#found [role=option]", "Meera Kulkarni");
    let mut keys = 0;
    let mut press = |key: &str| {
        desk.press(key);
        keys += 1;
    };
    press("Enter");
    desk.is_on("#book");
    desk.everybody_can_use_it("the desk with an offer");
    press("Enter");
    let booked = token(&morning, &desk.receipt());
    assert_eq!(booked["doctor_id"], morning.khan.doctor.as_str(), "the doctor of the last time");
    assert!(keys <= KNOWN_KEYS_MAX, "{keys}");
    desk.is_on("#q");
    desk.everybody_can_use_it("the desk after a booking");

    let mut keys = desk.type_keys("e");
    desk.shows_at("#found [role=option]", "E");
    desk.press("Enter");
    desk.is_on("#book");
    desk.press("Enter");
    keys += 2;
    let label = desk.until(
        "another receipt",
        "const it = document.querySelector('#receipt .label')?.innerText; return it && it !== arguments[0] && it",
        &[booked["label"].clone()],
    );
    assert_eq!(token(&morning, &text(&label))["source"], "emergency");
    assert!(keys <= EMERGENCY_KEYS_MAX, "{keys}");
}

#[test]
fn somebody_new_is_registered_and_booked_by_the_keyboard() {
    let _place = Place::take();
    let morning = Morning::begin();
    let desk = morning.browser(DESK);
    desk.stands_at_the_desk();
    desk.type_keys("Tara Sethi 9844498444");
    desk.shows_at("#register", "");
    desk.press("Enter");
    desk.is_on("#register button");
    desk.everybody_can_use_it("the desk with somebody new");
    desk.press("Enter");
    desk.is_on("#book");
    desk.press("Enter");
    let label = desk.receipt();
    let found = morning.rao.client.get("/api/patient?q=Tara").expect(200);
    assert_eq!(found["items"][0]["phone"], "9844498444", "{found}");
    assert_eq!(token(&morning, &label)["patient_id"], found["items"][0]["id"]);
    // Not whom one meant: the seat is free again.
    desk.is_on("#q");
    desk.press_with_alt("u");
    let is_cancelled = || token(&morning, &label)["status"] == "cancelled";
    desk.waits("the cancellation", is_cancelled);
}

#[test]
fn a_booking_is_on_all_other_screens_in_under_a_second() {
    let _place = Place::take();
    let morning = Morning::begin();
    let (desk, room) = (morning.browser(DESK), morning.browser(DESK));
    let (board, phone) = (morning.browser(TELEVISION), morning.browser(PHONE));
    room.go(&morning.address("/doctor/{doctor}"));
    board.go(&morning.address("/board/{doctors}"));
    phone.go(&morning.address("/t/{code}"));
    desk.stands_at_the_desk();
    for browser in [&desk, &room, &board, &phone] {
        browser.is_live();
        browser.script("window.stays = true", &[]);
    }
    let ahead = |browser: &Browser| browser.text("#ahead b");
    let mut took = Vec::new();
    for round in 0..3 {
        // An emergency goes before all others: it is next in the room and on the board, and one more is before this patient.
        let known = labels(&morning);
        let label = format!("A-{}", known.len() + 1);
        for browser in [&room, &board] {
            browser.watches_for("main", &label);
        }
        phone.watches_for_other_than("#ahead b", &ahead(&phone));
        desk.notes_keys();
        emergency_with_rao(&morning, &desk);
        desk.waits(&format!("{label} in round {round}"), || labels(&morning).contains(&label));
        let pressed = desk.pressed_at();
        took.push([&room, &board, &phone].map(|screen| screen.shown_at() - pressed));
    }
    println!("from the key to console, board and phone, in ms: {took:.0?}");
    assert!(took.iter().any(|took| took.iter().all(|took| *took < 1000.0)), "{took:?}");
    for browser in [&desk, &room, &board, &phone] {
        assert_eq!(browser.script("return window.stays", &[]), true, "without a reload");
    }
}

/// Somebody known, as an emergency, with Dr Rao; the last key is the one that books.
#[track_caller]
fn emergency_with_rao(morning: &Morning, desk: &Browser) {
    let number = labels(morning).len();
    let name = format!("Vikram {}", ["Alpha", "Bravo", "Delta", "Echo"][number % 4]);
    let patient = json!({ "name": name, "phone": format!("97000 {number:05}"), "previous_doctor_id": morning.rao.doctor });
    morning.rao.client.post("/api/patient", &patient).expect(201);
    desk.is_on("#q");
    desk.type_keys(&name);
    desk.shows_at("#found [role=option]", &name);
    desk.press("Enter");
    desk.is_on("#book");
    desk.press("e");
    desk.until(
        "the emergency to be chosen",
        "return document.querySelector('#book-form [name=source]')?.value === 'emergency'
        && document.activeElement.id === 'book'",
        &[],
    );
    desk.press("Enter");
}

#[test]
fn of_two_desks_that_want_the_last_seat_one_gets_it_and_the_other_is_told_what_to_do() {
    let _place = Place::take();
    let morning = Morning::begin();
    // Dr Iyer's seats but one.
    for number in 0..11 {
        let patient = json!({ "name": format!("Child {number}"), "phone": format!("96000 {number:05}") });
        let patient = morning.iyer.client.post("/api/patient", &patient).expect(201);
        morning
            .iyer
            .client
            .post("/api/token/book", &morning.iyer.request(&text(&patient["id"]), "walk_in"))
            .expect(201);
    }
    let (one, two) = (morning.browser(DESK), morning.browser(DESK));
    for (desk, name) in [(&one, "Neha Ghosh"), (&two, "Omar Farooqui")] {
        let patient =
            json!({ "name": name, "phone": "95000 11111", "previous_doctor_id": morning.iyer.doctor });
        morning.iyer.client.post("/api/patient", &patient).expect(201);
        desk.stands_at_the_desk();
        desk.type_keys(name);
        desk.shows_at("#found [role=option]", name);
        desk.press("Enter");
        desk.is_on("#book");
    }
    std::thread::scope(|scope| {
        for desk in [&one, &two] {
            scope.spawn(|| desk.press("Enter"));
        }
    });
    let outcome = "if (document.querySelector('#receipt .label')) return 'booked';
        return [...document.querySelectorAll('#counter .trouble')].some((it) => it.checkVisibility() && it.innerText) && 'told'";
    let outcomes = [&one, &two].map(|desk| text(&desk.until("an outcome", outcome, &[])));
    let told =
        outcomes.iter().position(|outcome| outcome == "told").unwrap_or_else(|| panic!("{outcomes:?}"));
    assert_eq!(outcomes[1 - told], "booked", "{outcomes:?}");
    // There is no seat left: a hasty second Enter does nothing, and the one key that is offered puts the patient on the waiting list.
    let told = [&one, &two][told];
    told.everybody_can_use_it("the desk when there is no seat");
    told.is_on("#offer > *");
    told.press("Enter");
    assert_eq!(morning.iyer.counts().iter().sum::<u64>(), 12);
    // W is where they come from, also here.
    told.press("w");
    told.is_on("#wait");
    told.press("l");
    let label = told.receipt();
    assert_eq!(token(&morning, &label)["status"], "waitlisted");
}

#[test]
fn the_queue_is_worked_through_by_the_keyboard() {
    let _place = Place::take();
    let morning = Morning::begin();
    let desk = morning.browser(DESK);
    desk.stands_at_the_desk();
    let absent = "return document.activeElement.closest('tr')?.querySelector('[data-row-key=i]') && document.activeElement.dataset.token";
    let mut row = Value::Null;
    desk.press("ArrowDown");
    for _ in 0..15 {
        row = desk.script(absent, &[]);
        if !row.is_null() {
            break;
        }
        desk.press("j");
    }
    let coming = text(&row);
    let status = || text(&morning.rao.client.get(&format!("/api/token/{coming}")).expect(200)["status"]);
    assert_eq!(status(), "booked");
    desk.press("i");
    desk.waits("the check-in", || status() == "arrived");
    desk.until(
        "the row to keep the focus",
        "return document.activeElement.dataset.token === arguments[0]",
        &[json!(coming)],
    );
    desk.press("c");
    desk.is_on("#dialog button");
    desk.everybody_can_use_it("the question before a cancellation");
    desk.press("Escape");
    assert_eq!(status(), "arrived");
    desk.press("c");
    desk.is_on("#dialog button.danger");
    desk.press("Enter");
    desk.waits("the cancellation", || status() == "cancelled");
}

#[test]
fn a_token_is_moved_to_another_date() {
    let _place = Place::take();
    let morning = Morning::begin();
    let slot = json!({ "doctor_id": morning.khan.doctor, "slot_date": "2026-02-05", "start_time": "09:00",
        "end_time": "10:00", "max_count": 6, "hard_limit": 8 });
    let slot = text(&morning.khan.client.post("/api/slot", &slot).expect(201)["id"]);
    let desk = morning.browser(DESK);
    desk.stands_at_the_desk();
    let id = text(&morning.waiting["id"]);
    desk.until(
        "a row",
        "return document.querySelector(arguments[0]).focus() ?? true",
        &[json!(format!("#t{id}"))],
    );
    desk.press("m");
    desk.is_on("#move-to");
    let fill = "const field = document.getElementById(arguments[0]);
        field.value = arguments[1];
        field.dispatchEvent(new Event('change', { bubbles: true }));";
    desk.script(fill, &[json!("move-on"), json!("2026-02-04")]);
    desk.shows_at("#move-to", "No hours");
    desk.script(fill, &[json!("move-on"), json!("2026-02-05")]);
    let options = "return [...document.querySelectorAll('#move-to option')].map((one) => one.value).join() === arguments[0]";
    desk.until("the slot of that date, and nobody to stand beside", options, &[json!(format!(",{slot}"))]);
    desk.script(fill, &[json!("move-to"), json!(slot)]);
    desk.fill("#dialog [name=reason]", "comes on Thursday");
    desk.press("Enter");
    desk.shows_at("#receipt", "Thu 5 Feb");
    assert_eq!(morning.khan.client.get(&format!("/api/token/{id}")).expect(200)["slot_id"], slot.as_str());
}

#[test]
fn a_booking_while_the_server_is_away_is_made_once_when_it_is_back() {
    let _place = Place::take();
    let mut morning = Morning::begin();
    let desk = morning.browser(DESK);
    desk.stands_at_the_desk();
    desk.type_keys("Joseph Dias");
    desk.shows_at("#found [role=option]", "Joseph Dias");
    desk.press("Enter");
    desk.is_on("#offer button");
    // Joseph has a token with Dr Khan; today he sees Dr Iyer too.
    desk.press("3");
    let of_iyer = format!(
        "return document.querySelector('#book-form [name=doctor_id]')?.value === '{}' && document.activeElement.id === 'book'",
        morning.iyer.doctor
    );
    desk.until("the offer of Dr Iyer", &of_iyer, &[]);
    morning.restarts(|| {
        desk.press("Enter");
        desk.until(
            "that nothing was changed",
            "return [...document.querySelectorAll('.trouble')]
            .some((it) => it.checkVisibility() && it.innerText.length > 10)",
            &[],
        );
    });
    desk.is_live();
    desk.until("the offer still to be there", &of_iyer, &[]);
    desk.press("Enter");
    let label = desk.receipt();
    let tokens = morning.iyer.tokens();
    assert_eq!(tokens.iter().filter(|token| token["label"] == label.as_str()).count(), 1);
    assert_eq!(tokens.len(), 1, "{tokens:?}");
}

#[test]
fn a_page_that_stays_open_over_night_says_which_day_it_shows() {
    let _place = Place::take();
    let morning = Morning::begin();
    let (desk, room) = (morning.browser(DESK), morning.browser(DESK));
    desk.stands_at_the_desk();
    room.go(&morning.address("/doctor/{doctor}"));
    room.is_live();
    for browser in [&desk, &room] {
        browser.shows_at("#today", "Mon 2 Feb");
    }
    morning.rao.client.put("/api/clock", &json!({ "now": "2026-02-03T00:01:00+05:30" })).expect(200);
    for browser in [&desk, &room] {
        browser.shows_at("#today", "Tue 3 Feb");
    }
}

#[test]
fn everybody_can_use_every_dialog_of_the_desk() {
    let _place = Place::take();
    let morning = Morning::begin();
    let desk = morning.browser(DESK);
    desk.stands_at_the_desk();
    desk.press("Escape");
    let opens = |what: &str, dialog: &str, open: &dyn Fn()| {
        open();
        desk.until(what, "return document.querySelector(arguments[0]).open", &[json!(dialog)]);
        desk.everybody_can_use_it(what);
        desk.press("Escape");
        desk.until("the desk again", "return !document.querySelector('dialog[open]')", &[]);
    };
    opens("the keys", "#help", &|| desk.click("#keys"));
    opens("a doctor who is late or leaves", "#dialog", &|| desk.click(".tile .away"));
    for (what, key) in [("another place", "m"), ("the name of a patient", "n"), ("a cancellation", "c")] {
        opens(what, "#dialog", &|| {
            let row = "return document.querySelector(arguments[0]).focus() ?? true";
            desk.until("a row", row, &[json!(format!("#t{}", text(&morning.waiting["id"])))]);
            desk.press(key);
        });
    }
}
