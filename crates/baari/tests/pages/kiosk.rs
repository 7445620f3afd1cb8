//! The kiosk: a number without anybody's help, by touch and by scanner.

use serde_json::json;

use crate::browser::{Browser, TABLET};
use crate::driver::Place;
use crate::hospital::Morning;
use crate::support::{Database, Hospital, Server, instant};

impl Browser {
    /// The kiosk shows this step.
    #[track_caller]
    fn is_at_step(&self, step: &str) {
        let script = "return document.getElementById('step').dataset.step === arguments[0]";
        self.until(&format!("the step {step}"), script, &[json!(step)]);
    }
}

#[test]
fn somebody_known_takes_a_number_by_touch() {
    let _place = Place::take();
    let morning = Morning::begin();
    let kiosk = morning.browser(TABLET);
    kiosk.go("/kiosk");
    for digit in "9821110000".chars() {
        kiosk.click(&format!("[data-digit='{digit}']"));
    }
    kiosk.click("#phone-next");
    kiosk.is_at_step("people");
    kiosk.everybody_can_use_it("the kiosk that asks who it is");
    // Whose number it is has a token with Dr Khan already; today Dr Iyer looks too.
    kiosk.click("[data-patient]");
    kiosk.is_at_step("doctors");
    kiosk.everybody_can_use_it("the kiosk that asks for the doctor");
    kiosk.click(&format!("[data-doctor='{}']", morning.iyer.doctor));
    kiosk.is_at_step("token");
    kiosk.everybody_can_use_it("the kiosk with a number");
    let tokens = morning.iyer.tokens();
    assert_eq!(tokens.len(), 1);
    assert_eq!(tokens[0]["status"], "arrived", "who stands there is there");
    kiosk.shows_at("#number", tokens[0]["label"].as_str().unwrap());
}

#[test]
fn a_scanned_slip_is_understood() {
    let _place = Place::take();
    let morning = Morning::begin();
    let absent = morning.rao.tokens().into_iter().find(|token| token["status"] == "booked").unwrap();
    let kiosk = morning.browser(TABLET);
    kiosk.go_in("hi", "/kiosk");
    kiosk.until("the kiosk's script", "return document.getElementById('phone-next').disabled", &[]);
    let code = absent["code"].as_str().unwrap();
    for character in format!("https://hospital.example/t/{code}").chars() {
        kiosk.strike(&character.to_string());
    }
    kiosk.strike("Enter");
    kiosk.is_at_step("scan");
    kiosk.everybody_can_use_it("the kiosk with a slip");
    kiosk.click("[data-checks-in]");
    kiosk.is_at_step("token");
    assert_eq!(morning.rao.status(&absent), "arrived");
}

#[test]
fn who_taps_twice_gets_what_was_tapped_once() {
    let _place = Place::take();
    let morning = Morning::begin();
    let kiosk = morning.browser(TABLET);
    kiosk.go("/kiosk");
    kiosk.fill("#phone", "9821110000");
    kiosk.click("#phone-next");
    kiosk.is_at_step("people");
    // Where the person is now, a doctor is in a moment.
    let at = kiosk.until(
        "the step to answer",
        "const it = document.querySelector('[data-patient]'), box = it.getBoundingClientRect();
        const [x, y] = [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)];
        return it.contains(document.elementFromPoint(x, y)) && [x, y]",
        &[],
    );
    let tap = [json!({ "type": "pointerDown" }), json!({ "type": "pointerUp" })];
    let wait = json!({ "type": "pause", "duration": 150 });
    let there = json!({ "type": "pointerMove", "x": at[0], "y": at[1] });
    let strokes = [&[there][..], &tap, &[wait], &tap].concat();
    let finger = json!({ "type": "pointer", "id": "finger", "parameters": { "pointerType": "touch" }, "actions": strokes });
    kiosk.post("/actions", &json!({ "actions": [finger] }));
    kiosk.is_at_step("doctors");
    kiosk.until(
        "the doctors to answer",
        "return !document.querySelector('.settles') && !document.querySelector('[aria-busy]')",
        &[],
    );
    kiosk.is_at_step("doctors");
    assert_eq!(morning.iyer.tokens(), Vec::<serde_json::Value>::new(), "nothing was booked");
    kiosk.click(&format!("[data-doctor='{}']", morning.iyer.doctor));
    kiosk.is_at_step("token");
    assert_eq!(morning.iyer.tokens().len(), 1);
}

#[test]
fn who_comes_next_sees_nothing_of_the_one_before() {
    let _place = Place::take();
    let morning = Morning::begin();
    let kiosk = morning.browser(TABLET);
    kiosk.go("/kiosk");
    kiosk.fill("#phone", "9821110000");
    kiosk.click("#phone-next");
    kiosk.is_at_step("people");
    kiosk.shows("···0000");
    // Half a minute in which nobody touches anything; before it is over the kiosk asks.
    kiosk.script("const now = Date.now; window.left = 25_000; Date.now = () => now() + window.left", &[]);
    kiosk.shows_at("#idle", "Still there?");
    kiosk.script("window.left = 31_000", &[]);
    kiosk.is_at_step("phone");
    assert_eq!(kiosk.script("return document.getElementById('phone').value", &[]), "");
    for way in ["/back", "/forward"] {
        kiosk.post(way, &json!({}));
        kiosk.until("the page", "return document.readyState === 'complete'", &[]);
        assert!(!kiosk.text("body").contains("0000"), "{way}");
    }
}

#[test]
fn who_can_not_be_answered_now_may_touch_anything_again() {
    let _place = Place::take();
    let morning = Morning::begin();
    morning
        .rao
        .client
        .post("/api/patient", &json!({ "name": "Jacinta Dias", "phone": "98211 10000" }))
        .expect(201);
    let kiosk = morning.browser(TABLET);
    kiosk.go_in("en", "/kiosk");
    kiosk.fill("#phone", "9821110000");
    kiosk.click("#phone-next");
    kiosk.is_at_step("people");
    // Of one family, and one can tell who is who.
    kiosk.shows("Jo… Dias");
    kiosk.shows("Ja… Dias");
    kiosk.chromium("Network.setBlockedURLs", &json!({ "urls": ["*/kiosk/doctors*"] }));
    kiosk.click("[data-patient]");
    kiosk.shows_at("#trouble", "The kiosk can't reach its computer just now");
    kiosk.shows_at("#again", "Start again");
    kiosk.chromium("Network.setBlockedURLs", &json!({ "urls": [] }));
    kiosk.click("[data-patient] ~ [data-patient]");
    kiosk.is_at_step("doctors");
    kiosk.until("nothing of the trouble", "return document.getElementById('trouble').hidden", &[]);
}

#[test]
fn a_number_that_nobody_has_is_changed_and_not_typed_anew() {
    let _place = Place::take();
    let morning = Morning::begin();
    let kiosk = morning.browser(TABLET);
    kiosk.go("/kiosk");
    kiosk.fill("#phone", "9821110009");
    kiosk.click("#phone-next");
    kiosk.is_at_step("people");
    kiosk.shows_at(".typed", "9821110009");
    kiosk.everybody_can_use_it("the kiosk that knows nobody");
    kiosk.click("[data-change]");
    kiosk.is_at_step("phone");
    kiosk.click("[data-erase]");
    kiosk.click("[data-digit='0']");
    kiosk.click("#phone-next");
    kiosk.is_at_step("people");
    kiosk.shows("···0000");
}

#[test]
fn a_code_of_somebody_else_gets_an_answer() {
    let _place = Place::take();
    let morning = Morning::begin();
    let kiosk = morning.browser(TABLET);
    kiosk.go("/kiosk");
    kiosk.until("the kiosk's script", "return document.getElementById('phone-next').disabled", &[]);
    for character in "upi://pay?pa=tea".chars() {
        kiosk.strike(&character.to_string());
    }
    kiosk.strike("Enter");
    kiosk.shows_at("#trouble", "not one of ours");
    assert_eq!(kiosk.script("return document.getElementById('phone').value", &[]), "");
}

#[test]
fn without_a_slip_the_number_is_to_be_remembered() {
    let _place = Place::take();
    let database = Database::sqlite();
    // Nobody listens there.
    let printer = ["--now", &instant("09:00"), "--speed", "0", "--printer", "desk=127.0.0.1:9"];
    let server = Server::start_with(&database, &printer);
    let hospital = Hospital::open(&server, 10, 12);
    let token = hospital.book("walk_in").expect(201);
    let kiosk = Browser::open(&server.address, TABLET);
    kiosk.go("/kiosk?printer=desk");
    kiosk.fill("#phone", "9820012345");
    kiosk.click("#phone-next");
    kiosk.is_at_step("people");
    kiosk.click("[data-patient]");
    kiosk.is_at_step("doctors");
    kiosk.click("[data-shows]");
    kiosk.is_at_step("token");
    kiosk.shows_at("#unprinted", &format!("Remember {}", token["label"].as_str().unwrap()));
    kiosk.everybody_can_use_it("the kiosk whose printer is off");
    let says = "return [...document.querySelectorAll('#trouble, [data-slip]')].some((part) => part.checkVisibility())";
    assert_eq!(kiosk.script(says, &[]), false, "neither a slip to take nor what the desk should do");
    kiosk.click("#print-again");
}
