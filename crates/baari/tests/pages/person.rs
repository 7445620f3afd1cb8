//! The desk's left side: who somebody is, what they have already, and what was done.

use serde_json::{Value, json};

use crate::browser::{Browser, DESK};
use crate::driver::Place;
use crate::hospital::Morning;
use crate::support::text;

impl Browser {
    /// What a scanner types of this token's slip, and nothing else does.
    #[track_caller]
    fn scans(&self, token: &Value) {
        let address = format!("https://hospital.example/t/{}", text(&token["code"]));
        let fill = "const q = document.getElementById('q'); q.focus(); q.value = arguments[0];";
        self.script(fill, &[json!(address)]);
        self.press("Enter");
    }

    #[track_caller]
    fn finds(&self, typed: &str, somebody: &str) {
        self.is_on("#q");
        self.type_keys(typed);
        self.shows_at("#found [role=option]", somebody);
    }
}

/// Those whom the API finds.
fn found(morning: &Morning, query: &str) -> Vec<Value> {
    let page = morning.rao.client.get(&format!("/api/patient?q={query}")).expect(200);
    page["items"].as_array().unwrap().clone()
}

#[test]
fn one_phone_is_one_however_it_is_typed_and_its_family_is_registered_by_choice() {
    let _place = Place::take();
    let morning = Morning::begin();
    let desk = morning.browser(DESK);
    desk.stands_at_the_desk();
    desk.finds("+91 98200 12345", "Meena Joshi");
    desk.press("Escape");
    desk.finds("098200 12345", "Meena Joshi");
    desk.press("Escape");

    // Enter comes before the answer: nobody else is taken for whoever was typed.
    desk.type_keys("Kamla Bai 91 98200 12345 f 45");
    desk.press("Enter");
    desk.shows_at("#kin", "Already here");
    desk.shows_at("#found [role=option]", "Meena Joshi");
    desk.shows_at("#found [aria-selected=true]", "register Kamla Bai");
    desk.everybody_can_use_it("the desk with a phone that somebody has");
    desk.press("Enter");
    desk.shows_at("#register", "");
    desk.press("Enter");
    desk.is_on("#register button");
    desk.press("Enter");
    desk.is_on("#book");
    let kamla = found(&morning, "Kamla").remove(0);
    assert_eq!((&kamla["name"], &kamla["sex"]), (&json!("Kamla Bai"), &json!("female")));
    assert_eq!((&kamla["birth_year"], &kamla["phone"]), (&json!(1981), &json!("919820012345")));
    desk.press("Escape");

    // The phone that is typed into the form is asked for too.
    desk.is_on("#q");
    desk.type_keys("Rekha Bai");
    desk.shows_at("#register[data-q='Rekha Bai']", "");
    desk.fill("#register [name=phone]", "9820012345");
    desk.press("Enter");
    desk.shows_at("#kin", "Already here");
    assert_eq!(found(&morning, "Rekha").len(), 0);
    desk.is_on("#q");
    desk.shows_at("#found [aria-selected=true]", "register Rekha Bai");
    desk.press("Enter");
    desk.until(
        "the form",
        "return document.querySelector('#register [name=phone]')?.value === '9820012345'",
        &[],
    );
    desk.press("Enter");
    desk.is_on("#register button");
    desk.press("Enter");
    desk.is_on("#book");
    assert_eq!(found(&morning, "Rekha").len(), 1);
}

#[test]
fn digits_in_a_name_are_asked_about() {
    let _place = Place::take();
    let morning = Morning::begin();
    let desk = morning.browser(DESK);
    desk.stands_at_the_desk();
    desk.type_keys("Bad Phone 12");
    desk.shows_at("#digits", "digits");
    desk.press("Enter");
    desk.is_on("#digits input");
    desk.everybody_can_use_it("the desk with digits in a name");
    desk.press("Enter");
    desk.is_on("#digits input");
    assert_eq!(found(&morning, "Bad").len(), 0);
    desk.fill("#register [name=name]", "Good Phone");
    desk.until("nothing to be asked", "return document.getElementById('digits').hidden", &[]);
    desk.press("Enter");
    desk.is_on("#book");
    assert_eq!(found(&morning, "Good").len(), 1);
}

#[test]
fn a_booking_of_another_day_is_cancelled_without_its_slip() {
    let _place = Place::take();
    let morning = Morning::begin();
    let slot = json!({ "doctor_id": morning.khan.doctor, "slot_date": "2026-02-05", "start_time": "09:00",
        "end_time": "10:00", "max_count": 6, "hard_limit": 8 });
    let slot = morning.khan.client.post("/api/slot", &slot).expect(201);
    let omar = json!({ "name": "Omar Farooqui", "phone": "95000 11111" });
    let omar = morning.khan.client.post("/api/patient", &omar).expect(201);
    let mut request = morning.khan.request(&text(&omar["id"]), "online");
    request["slot_id"] = slot["id"].clone();
    let token = morning.khan.client.post("/api/token/book", &request).expect(201);
    let desk = morning.browser(DESK);
    desk.stands_at_the_desk();
    desk.finds("Omar", "Thu 5 Feb, 09–10");
    desk.press("Enter");
    desk.is_on("#book");
    desk.shows_at("#coming", "Thu 5 Feb, 09–10");
    desk.everybody_can_use_it("the desk with a token of another day");
    desk.press("m");
    desk.is_on("#move-to");
    desk.press("Escape");
    desk.until("the desk again", "return !document.querySelector('dialog[open]')", &[]);
    desk.script("document.getElementById('book').focus()", &[]);
    desk.press("c");
    desk.is_on("#dialog button.danger");
    desk.press("Enter");
    desk.shows_at("#receipt", "cancelled");
    desk.until("the offer to be gone", "return !document.getElementById('offer').firstElementChild", &[]);
    let path = format!("/api/token/{}", text(&token["id"]));
    assert_eq!(morning.khan.client.get(&path).expect(200)["status"], "cancelled");
}

#[test]
fn whoever_missed_the_call_comes_back_and_a_scan_says_what_it_did() {
    let _place = Place::take();
    let morning = Morning::begin();
    let online = morning.books(&morning.iyer, "Omar Farooqui", "95000 11111", "online");
    let status = || {
        let path = format!("/api/token/{}", text(&online["id"]));
        text(&morning.iyer.client.get(&path).expect(200)["status"])
    };
    let desk = morning.browser(DESK);
    desk.stands_at_the_desk();
    desk.scans(&online);
    desk.shows_at("#receipt", "checked in now");
    desk.scans(&online);
    desk.shows_at("#receipt", "was here already");
    let misses = || {
        morning.iyer.next().expect(200);
        morning.iyer.set_status(&online, "passed").expect(200);
    };
    misses();
    desk.scans(&online);
    desk.shows_at("#receipt", "back in the queue");
    assert_eq!(status(), "arrived");

    misses();
    desk.finds("Omar", "missed the call");
    desk.press("Enter");
    desk.is_on("#book");
    desk.shows_at("#book", "Back into the queue");
    desk.press("Enter");
    desk.waits("the patient to be back", || status() == "arrived");
    desk.shows_at("#receipt", "back in the queue");
}
