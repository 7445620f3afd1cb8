//! The doctor's room: what happens elsewhere appears in it, and one key runs it.

use serde_json::{Value, json};

use crate::browser::{Browser, DESK, TELEVISION};
use crate::driver::Place;
use crate::hospital::Morning;

/// Notes, in the page, when a text is shown at a selector, in milliseconds of the machine's clock: all browsers have the same.
const WATCH: &str = "const [selector, text] = arguments;
    window.watching?.disconnect();
    window.shownAt = null;
    const look = () => {
        const there = [...document.querySelectorAll(selector)].some((it) => it.innerText.includes(text));
        if (there && !window.shownAt) window.shownAt = performance.timeOrigin + performance.now();
    };
    window.watching = new MutationObserver(look);
    window.watching.observe(document.body, { childList: true, subtree: true, characterData: true });";
/// Notes when a key is pressed.
const KEYS: &str = "addEventListener('keydown', () => { window.pressedAt = performance.timeOrigin + performance.now(); }, true)";

/// Whoever is called, or with the doctor.
const CURRENT: &str = ".giant, #current";

impl Browser {
    /// From now on it is noted when this text comes at this selector.
    pub(crate) fn watches_for(&self, selector: &str, text: &str) {
        self.script(WATCH, &[json!(selector), json!(text)]);
    }

    /// When that came which is watched for.
    #[track_caller]
    pub(crate) fn shown_at(&self) -> f64 {
        self.until("what is watched for", "return window.shownAt", &[]).as_f64().unwrap()
    }

    /// From now on it is noted when a key is pressed.
    pub(crate) fn notes_keys(&self) {
        self.script(KEYS, &[]);
    }

    pub(crate) fn pressed_at(&self) -> f64 {
        self.script("return window.pressedAt", &[]).as_f64().unwrap()
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
        browser.go(&morning.address("/doctor/{doctor}"));
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
        room.until(
            "that one can call",
            "return document.querySelector('#primary').dataset.state === 'call'",
            &[],
        );
        screens.map(|(screen, selector)| screen.watches_for(selector, &label));
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
    browser.go(&morning.address("/doctor/{doctor}"));
    browser.is_live();
    nobody_is_called(&morning);
    let state = |state: &str| {
        let script = "return document.querySelector('#primary').dataset.state === arguments[0]";
        browser.until(&format!("the button to {state}"), script, &[json!(state)]);
    };
    let first = next(&morning);
    state("call");
    browser.press("Space");
    browser.shows_at(CURRENT, &first);
    state("start");
    browser.press("Space");
    state("finish-and-call");
    assert_eq!(morning.rao.queue()["now_serving"]["status"], "in_consultation");
    let second = next(&morning);
    browser.press("Space");
    browser.shows_at(CURRENT, &second);
    // The wrong one: back, and the visit before goes on.
    browser.press("u");
    browser.shows_at(CURRENT, &first);
    browser.everybody_can_use_it("the room with a visit going on");
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
    let token = morning.books(&morning.rao, "Kavita Menon", "98200 10101", "walk_in");
    browser.shows(token["label"].as_str().unwrap());
    browser.shows("Kavita Menon");
}
