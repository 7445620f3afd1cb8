//! The doctor's room: what happens elsewhere appears in it, and one key runs it.

use serde_json::{Value, json};

use crate::browser::{Browser, DESK, TELEVISION};
use crate::driver::Place;
use crate::hospital::Morning;

/// Notes, as the page does, when the button has become another one: then it rests for a while, and so does a person.
const STATES: &str = "const state = () => document.querySelector('#primary')?.dataset.state;
    window.known = { state: state(), since: performance.now() };
    document.addEventListener('baari:news', () => {
        if (state() !== window.known.state) window.known = { state: state(), since: performance.now() };
    });";
/// It does this, and has rested.
const OFFERS: &str =
    "return window.known.state === arguments[0] && performance.now() - window.known.since > 1000";

/// Whoever is called, or with the doctor.
const CURRENT: &str = "#current";

impl Browser {
    /// Goes to Dr Rao's room.
    #[track_caller]
    fn is_in_the_room(&self, morning: &Morning) {
        self.go(&morning.address("/doctor/{doctor}"));
        self.is_live();
        self.script(STATES, &[]);
    }

    /// Waits until the one button does this.
    #[track_caller]
    fn offers(&self, state: &str) {
        self.until(&format!("the button to {state}"), OFFERS, &[json!(state)]);
    }
}

/// The visit that there is is over, so that nobody is called.
fn nobody_is_called(morning: &Morning) {
    let queue = morning.rao.queue();
    let called = &queue["now_serving"];
    for status in ["in_consultation", "completed"] {
        if !called.is_null() && called["status"] != status {
            morning.rao.set_status(called, status).expect(200);
        }
    }
}

/// The label of who would be called next.
fn next(morning: &Morning) -> String {
    let queue = morning.rao.queue();
    let tokens = queue["tokens"].as_array().unwrap();
    let waits = |token: &&Value| token["status"] == "arrived";
    tokens.iter().find(waits).unwrap()["label"].as_str().unwrap().to_owned()
}

#[test]
fn who_is_called_in_the_room_is_on_the_other_screens_in_under_a_second() {
    let _place = Place::take();
    let morning = Morning::begin();
    let (room, other, board) = (morning.browser(DESK), morning.browser(DESK), morning.browser(TELEVISION));
    for browser in [&room, &other] {
        browser.is_in_the_room(&morning);
    }
    board.go(&morning.address("/board/{doctors}"));
    let screens = [(&other, CURRENT), (&board, "#stream .tile .label")];
    for browser in [&room, &other, &board] {
        browser.is_live();
        browser.script("window.stays = true", &[]);
    }
    room.notes_keys();
    // On a machine that does other things too, one of them may be late for reasons of its own.
    let mut took = Vec::new();
    for _ in 0..3 {
        nobody_is_called(&morning);
        let label = next(&morning);
        room.offers("call");
        for (screen, selector) in screens {
            screen.watches_for(selector, &label);
        }
        room.press("Space");
        took.push(screens.map(|(screen, _)| screen.shown_at() - room.pressed_at()));
    }
    println!("from the key to the other console and the board, in ms: {took:.0?}");
    assert!(took.iter().any(|took| took.iter().all(|took| *took < 1000.0)), "{took:?}");
    for browser in [&room, &other, &board] {
        assert_eq!(browser.script("return window.stays", &[]), true, "without a reload");
    }
}

#[test]
fn a_morning_is_run_with_the_space_bar() {
    let _place = Place::take();
    let morning = Morning::begin();
    let browser = morning.browser(DESK);
    browser.is_in_the_room(&morning);
    nobody_is_called(&morning);
    // What happens at one instant is one step, and the clock stands still here.
    morning.rao.at("09:21");
    let first = next(&morning);
    browser.offers("call");
    browser.press("Space");
    browser.shows_at(CURRENT, &first);
    browser.offers("start");
    browser.press("Space");
    browser.offers("finish-and-call");
    assert_eq!(morning.rao.queue()["now_serving"]["status"], "in_consultation");
    let second = next(&morning);
    browser.press("Space");
    browser.shows_at(CURRENT, &second);
    // The wrong one: back, and the visit before goes on.
    browser.offers("start");
    browser.press("u");
    browser.shows_at(CURRENT, &first);
    browser.everybody_can_use_it("the room with a visit going on");
}

/// Where the focus is.
const FOCUS: &str = "return document.activeElement.id";

#[test]
fn the_space_bar_is_the_one_buttons_whatever_was_pressed_before() {
    let _place = Place::take();
    let morning = Morning::begin();
    let browser = morning.browser(DESK);
    browser.is_in_the_room(&morning);
    nobody_is_called(&morning);
    // Each at an instant of its own, so that each is a step of its own.
    for (instant, state) in [("09:31", "call"), ("09:32", "start"), ("09:33", "finish-and-call")] {
        morning.rao.at(instant);
        browser.offers(state);
        browser.press("Space");
    }
    browser.offers("start");
    for state in ["finish-and-call", "start"] {
        browser.press("u");
        browser.offers(state);
        assert_eq!(browser.script(FOCUS, &[]), "primary", "after undoing");
    }
    browser.press("Space");
    browser.offers("finish-and-call");
    assert_eq!(morning.rao.queue()["now_serving"]["status"], "in_consultation", "not undone once more");
    // Somebody goes to a button by the keyboard: the space bar is that button's, once.
    browser.script("document.getElementById('undo').focus()", &[]);
    browser.press("Space");
    browser.offers("start");
    assert_eq!(browser.script(FOCUS, &[]), "primary", "after a button that was gone to");
    // "Is here" becomes "Call" where it stands.
    browser.script("document.getElementById('rest')?.setAttribute('open', '')", &[]);
    browser.click("#stream li.absent button.back");
    assert_eq!(browser.script(FOCUS, &[]), "primary", "after a button of a row");
}

#[test]
fn the_page_is_whole_again_after_a_restart_of_the_server() {
    let _place = Place::take();
    let mut morning = Morning::begin();
    let browser = morning.browser(DESK);
    browser.go(&morning.address("/doctor/{doctor}"));
    browser.is_live();
    browser.script("window.stays = true", &[]);
    let lost = "return document.body.classList.contains('lost') && document.getElementById('line').innerText";
    morning.restarts(|| {
        let said = browser.until("that the connection is lost", lost, &[]);
        assert!(said.as_str().unwrap().contains("09:2"), "since when: {said}");
        browser.everybody_can_use_it("a page that has lost its connection");
    });
    browser.is_live();
    let label = next(&morning);
    morning.rao.room("next", &json!({ "finish": true })).expect(200);
    browser.shows_at(CURRENT, &label);
    assert_eq!(browser.script("return window.stays", &[]), true, "it is the same page");
}

#[test]
fn somebody_new_appears_in_the_room_by_itself() {
    let _place = Place::take();
    let morning = Morning::begin();
    let browser = morning.browser(DESK);
    browser.go_in("hi", &morning.address("/doctor/{doctor}"));
    browser.is_live();
    let token = morning.books(&morning.rao, "Kavita Menon", "98200 10101", "emergency");
    browser.shows(token["label"].as_str().unwrap());
    browser.shows("Kavita Menon");
}

#[test]
fn what_would_happen_is_not_shown_for_a_leave_that_is_another_one_by_then() {
    let _place = Place::take();
    let morning = Morning::begin();
    let browser = morning.browser(DESK);
    browser.is_in_the_room(&morning);
    browser.click("#leave-open");
    browser.fill("#leave [name=reason]", "fever");
    let offered = "return !document.getElementById('leave-now').hidden";
    for changes in [true, false] {
        browser.waits_long_for("/leave");
        browser.click("#leave .primary");
        if changes {
            browser.fill("#leave [name=reason]", "in theatre");
        }
        browser.has_the_answer_to("/leave");
        assert_eq!(browser.script(offered, &[]), !changes);
    }
}

#[test]
fn what_the_desk_did_with_who_was_called_is_said() {
    let _place = Place::take();
    let morning = Morning::begin();
    let room = morning.browser(DESK);
    room.go(&format!("/doctor/{}", morning.iyer.doctor));
    room.is_live();
    let undo = "return document.getElementById('undo').disabled === arguments[0]";
    room.until("nothing to undo", undo, &[json!(true)]);
    let token = morning.books(&morning.iyer, "Kavita Menon", "98200 10101", "walk_in");
    morning.iyer.set_status(&token, "arrived");
    morning.iyer.next().expect(200);
    let label = token["label"].as_str().unwrap();
    room.shows_at(CURRENT, label);
    room.until("something to undo", undo, &[json!(false)]);
    morning.iyer.set_status(&token, "cancelled").expect(200);
    room.shows_at("#missed-last", &format!("{label} was cancelled"));
    room.until("nothing to undo any more", undo, &[json!(true)]);
    room.everybody_can_use_it("the room whose patient was cancelled");
}

#[test]
fn a_break_does_not_shorten_what_was_said_before() {
    let _place = Place::take();
    let morning = Morning::begin();
    let room = morning.browser(DESK);
    room.is_in_the_room(&morning);
    room.click("#late-20");
    room.shows_at("#late-now", "09:40");
    room.click("#break button");
    room.until("an answer", "return !document.querySelector('#break[aria-disabled]')", &[]);
    assert_eq!(morning.rao.queue()["resumes_at"], "2026-02-02T04:10:00Z");
    // A longer one is told.
    room.fill("#break-minutes", "30");
    room.click("#break button");
    room.shows_at("#late-now", "09:50");
}
