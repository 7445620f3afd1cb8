//! The desk when somebody is faster than the server: nothing is done twice, and nothing is done to somebody else.

use serde_json::{Value, json};

use crate::browser::{Browser, DESK};
use crate::driver::Place;
use crate::hospital::Morning;
use crate::support::text;

/// Notes what the page asks for, and keeps the answers back that this fits.
const SLOWLY: &str = "window.noted = { asked: [], answered: [] };
    window.reallyFetch ??= window.fetch.bind(window);
    window.fetch = async (address, request) => {
        const what = `${request?.method ?? 'GET'} ${address}`;
        noted.asked.push(what);
        if (new RegExp(arguments[0]).test(what)) await new Promise((done) => setTimeout(done, 500));
        const answer = await reallyFetch(address, request);
        noted.answered.push(what);
        return answer;
    }";

impl Browser {
    #[track_caller]
    pub(crate) fn waits_long_for(&self, what: &str) {
        self.script(SLOWLY, &[json!(what)]);
    }

    /// What fits this was asked for so often.
    #[track_caller]
    fn asked(&self, what: &str) -> Value {
        self.script("return noted.asked.filter((one) => one.startsWith(arguments[0])).length", &[json!(what)])
    }

    /// Waits until an answer that was kept back is there, and the page has had the time to show it.
    #[track_caller]
    pub(crate) fn has_the_answer_to(&self, what: &str) {
        let script = "return noted.answered.some((one) => one.includes(arguments[0]))
            && new Promise((done) => setTimeout(() => done(true), 100))";
        self.until(&format!("the answer to {what}"), script, &[json!(what)]);
    }

    /// Finds them, and is offered a seat.
    #[track_caller]
    fn takes(&self, name: &str) {
        self.type_keys(name);
        self.shows_at("#found [role=option]", name);
        self.press("Enter");
        self.is_on("#book");
    }

    /// A key that is held down for a while.
    fn holds_enter(&self) {
        let key = |kind: &str, repeats: bool| json!({ "type": kind, "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r", "autoRepeat": repeats });
        self.chromium("Input.dispatchKeyEvent", &key("keyDown", false));
        for _ in 0..20 {
            self.chromium("Input.dispatchKeyEvent", &key("keyDown", true));
            self.script("return new Promise((done) => setTimeout(done, 20))", &[]);
        }
        self.chromium("Input.dispatchKeyEvent", &key("keyUp", false));
    }
}

#[test]
fn what_is_pressed_twice_is_done_once() {
    let _place = Place::take();
    let morning = Morning::begin();
    let desk = morning.browser(DESK);
    desk.stands_at_the_desk();
    let twice = || {
        desk.press("Enter");
        desk.strike("Enter");
    };
    desk.type_keys("Tara Sethi 9844498444");
    desk.shows_at("#register", "");
    desk.press("Enter");
    desk.is_on("#register button");
    desk.waits_long_for("POST|/desk/offer");
    twice();
    desk.is_on("#book");
    let found = morning.rao.client.get("/api/patient?q=Tara").expect(200);
    assert_eq!(found["items"].as_array().unwrap().len(), 1, "{found}");
    twice();
    desk.receipt();
    assert_eq!(desk.asked("POST /api/token/book"), 1);

    desk.waits_long_for("POST|/desk/offer");
    desk.type_keys("e");
    desk.shows_at("#found [role=option]", "E");
    desk.press("Enter");
    desk.is_on("#book");
    twice();
    desk.shows_at("#receipt", "Emergency 1");
    assert_eq!((desk.asked("POST /api/patient"), desk.asked("POST /api/token/book")), (json!(1), json!(1)));
}

/// Presses Enter in the search at the very moment at which the answer to this is there.
const PRESSES_AT_ONCE: &str =
    "const found = document.getElementById('found'), q = document.getElementById('q');
    const watch = new MutationObserver(() => {
        if (found.querySelector('[data-q]')?.dataset.q !== arguments[0]) return;
        watch.disconnect();
        q.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    });
    watch.observe(found, { childList: true });";

#[test]
fn enter_takes_who_was_found_a_moment_ago() {
    let _place = Place::take();
    let morning = Morning::shared();
    let desk = morning.browser(DESK);
    desk.stands_at_the_desk();
    desk.type_keys("Ra");
    desk.shows_at("#found [role=option]", "Sunita Rao");
    desk.script(PRESSES_AT_ONCE, &[json!("Ram")]);
    desk.type_keys("m");
    desk.shows_at("#taken", "Ramesh Patil");
}

#[test]
fn an_answer_that_nobody_waits_for_any_more_is_not_shown() {
    let _place = Place::take();
    let morning = Morning::begin();
    let desk = morning.browser(DESK);
    desk.stands_at_the_desk();
    let nothing = "return document.activeElement.id === 'q' && !document.querySelector('#found *, #offer *, dialog[open]')";
    desk.waits_long_for("/desk/find");
    desk.type_keys("Lakshmi");
    desk.press("Enter");
    desk.press("Escape");
    desk.has_the_answer_to("/desk/find?q=Lakshmi");
    assert_eq!(desk.script(nothing, &[]), true, "who was searched for before Escape");

    desk.waits_long_for("/desk/offer");
    desk.type_keys("Lakshmi");
    desk.shows_at("#found [role=option]", "Lakshmi");
    desk.press("Enter");
    desk.press("Escape");
    desk.has_the_answer_to("/desk/offer");
    assert_eq!(desk.script(nothing, &[]), true, "what was offered before Escape");

    desk.waits_long_for("^$");
    desk.takes("Joseph");
    desk.waits_long_for(&format!("doctor={}", morning.rao.doctor));
    desk.press("1");
    desk.press("3");
    desk.has_the_answer_to(&morning.rao.doctor);
    let chosen = "return document.querySelector('#offer .offers [aria-pressed=true]').dataset.doctor";
    assert_eq!(desk.script(chosen, &[]), morning.iyer.doctor.as_str(), "the doctor chosen last");

    desk.press("Escape");
    desk.waits_long_for("/cancel");
    let row = "document.getElementById(`t${arguments[0]}`).focus()";
    desk.script(row, &[morning.waiting["id"].clone()]);
    desk.press("c");
    desk.press("/");
    desk.press("x");
    desk.has_the_answer_to("/cancel");
    assert_eq!(desk.script("return document.querySelector('dialog[open]')?.id ?? 'none'", &[]), "none");
}

#[test]
fn whoever_is_being_booked_gets_a_slip_whatever_is_pressed_meanwhile() {
    let _place = Place::take();
    let morning = Morning::begin();
    let desk = morning.browser(DESK);
    desk.stands_at_the_desk();
    morning.rao.client.post("/api/patient", &json!({ "name": "Neha Ghosh" })).expect(201);
    desk.takes("Neha");
    desk.waits_long_for("POST");
    desk.press("Enter");
    desk.press("Escape");
    desk.shows_at("#receipt", "Neha Ghosh");
    desk.is_on("#q");
}

#[test]
fn a_key_that_is_held_down_books_nobody() {
    let _place = Place::take();
    let morning = Morning::begin();
    let desk = morning.browser(DESK);
    desk.stands_at_the_desk();
    morning.rao.client.post("/api/patient", &json!({ "name": "Neha Ghosh" })).expect(201);
    desk.waits_long_for("^$");
    desk.type_keys("Neha");
    desk.shows_at("#found [role=option]", "Neha");
    desk.holds_enter();
    desk.is_on("#book");
    assert_eq!(desk.asked("POST"), 0);
}

#[test]
fn a_form_that_is_not_ready_yet_puts_nobody_into_the_address() {
    let _place = Place::take();
    let morning = Morning::shared();
    let desk = morning.browser(DESK);
    desk.stands_at_the_desk();
    let form = "const offer = document.getElementById('offer');
        offer.innerHTML = '<form hx-post=\"/api/token/book\"><input name=\"patient_id\" value=\"7\"></form>';
        offer.firstElementChild.requestSubmit()";
    desk.script(form, &[]);
    desk.script("return new Promise((done) => setTimeout(done, 100))", &[]);
    assert_eq!(desk.path(), "/desk");
}

/// As a scanner types: faster than anybody. Whether the key at the end was taken for the end of a scan.
const SCANS: &str = "let last;
    for (const key of [...arguments[0], 'Enter']) {
        last = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
        document.activeElement.dispatchEvent(last);
    }
    return last.defaultPrevented";

#[test]
fn a_slip_that_is_scanned_while_a_dialog_asks_something_is_no_answer_to_it() {
    let _place = Place::take();
    let morning = Morning::begin();
    let desk = morning.browser(DESK);
    desk.stands_at_the_desk();
    let tokens = morning.rao.tokens();
    let comes = tokens.iter().find(|token| token["status"] == "booked").unwrap();
    let asked = "document.getElementById(`t${arguments[0]}`).focus()";
    desk.script(asked, &[morning.waiting["id"].clone()]);
    desk.press("c");
    desk.is_on("#dialog button.danger");
    let slip = format!("http://localhost/t/{}", text(&comes["code"]));
    assert_eq!(desk.script(SCANS, &[json!(slip)]), true, "not a key of the dialog");
    desk.shows_at("#receipt .label", &text(&comes["label"]));
    assert_eq!(desk.script("return document.querySelector('dialog[open]')", &[]), Value::Null);
    let status =
        |token: &Value| morning.rao.client.get(&format!("/api/token/{}", text(&token["id"]))).expect(200);
    assert_eq!(status(comes)["status"], "arrived");
    assert_eq!(status(&morning.waiting)["status"], "arrived");
}
