//! The board in the corridor: what is called is seen and said, once.

use serde_json::json;

use crate::browser::TELEVISION;
use crate::driver::Place;
use crate::hospital::Morning;

#[test]
fn a_call_is_seen_and_said_and_a_reload_does_not_say_it_again() {
    let _place = Place::take();
    let morning = Morning::begin();
    let board = morning.browser(TELEVISION);
    board.go(&morning.address("/board/{doctors}"));
    board.is_live();
    // Who was called before the screen was switched on is no news.
    assert_eq!(board.text("#said"), "");
    let called = morning.rao.room("next", &json!({ "finish": true })).expect(200);
    let label = called["label"].as_str().unwrap();
    let tile = format!("[id='d{}']", morning.rao.doctor);
    board.shows_at(&format!("{tile} .label"), label);
    board.until(
        "the tile in yellow",
        "return document.querySelector(arguments[0]).classList.contains('new')",
        &[json!(tile)],
    );
    let said = "return document.getElementById('said').textContent.includes(arguments[0])";
    board.until("the call in words", said, &[json!(label)]);
    board.go(&morning.address("/board/{doctors}"));
    board.is_live();
    assert_eq!(board.text("#said"), "");
    board.shows_at(&format!("{tile} .label"), label);
}

#[test]
fn the_board_says_since_when_it_knows_nothing_and_catches_up() {
    let _place = Place::take();
    let mut morning = Morning::begin();
    let board = morning.browser(TELEVISION);
    board.go(&morning.address("/board/{doctors}"));
    board.is_live();
    morning.restarts(|| {
        board.shows_at("#line", "09:2");
        board.everybody_can_use_it("a board without a connection");
    });
    board.is_live();
    let called = morning.rao.room("next", &json!({ "finish": true })).expect(200);
    board.shows_at(".tile .label", called["label"].as_str().unwrap());
}

/// Today's last seconds, and tomorrow's first.
const LAST: &str = "2026-02-02T23:59:57+05:30";
const FIRST: &str = "2026-02-03T00:00:03+05:30";

#[test]
fn at_midnight_the_board_goes_to_the_new_day_by_itself() {
    let _place = Place::take();
    let morning = Morning::begin();
    let clock = |now: &str| drop(morning.rao.client.put("/api/clock", &json!({ "now": now })).expect(200));
    clock(LAST);
    let board = morning.browser(TELEVISION);
    board.go(&morning.address("/board/{doctors}"));
    board.is_live();
    board.script("window.stays = true", &[]);
    let tile = format!("[id='d{}']", morning.rao.doctor);
    let label = board.text(&format!("{tile} .label"));
    assert!(label.starts_with("A-"), "somebody is with the doctor: {label}");
    clock(FIRST);
    board.shows_at(&format!("{tile} .label"), "–");
    board.shows_at("#clock", "00:00");
    // And is told of what happens on it.
    let slot = json!({ "doctor_id": morning.rao.doctor, "slot_date": "2026-02-03", "start_time": "09:00",
                       "end_time": "10:00", "max_count": 10, "hard_limit": 12 });
    morning.rao.client.post("/api/slot", &slot).expect(201);
    morning.books(&morning.rao, "Meena Joshi", "98200 12345", "walk_in");
    let called = morning.rao.next().expect(200);
    board.shows_at(&format!("{tile}.new .label"), called["label"].as_str().unwrap());
    assert_eq!(board.script("return window.stays", &[]), true, "without a reload");
}

/// What was said: label and language of each announcement that is over.
const LOG: &str = "return !BaariVoice.busy() && BaariVoice.log.length > 0 && BaariVoice.log.map((line) => [line.label, line.lang].join(' '))";

#[test]
fn a_call_that_was_taken_back_is_not_said_nor_one_without_words() {
    let _place = Place::take();
    let morning = Morning::begin();
    morning.books(&morning.iyer, "Farida Khan", "98211 20000", "walk_in");
    let board = morning.browser(TELEVISION);
    // The clips of one language are not to be had.
    board.chromium("Network.setBlockedURLs", &json!({ "urls": ["*/voice/hi/*"] }));
    board.go(&format!("{}?voices=hi,en", morning.address("/board/{doctors}")));
    board.is_live();
    board.until("sound", "return BaariVoice.ready()", &[]);
    let called = morning.khan.next().expect(200);
    board.until("the first call", "return BaariVoice.log.length > 0", &[]);
    let back = morning.rao.room("next", &json!({ "finish": true })).expect(200);
    let tile = format!("[id='d{}']", morning.rao.doctor);
    board.shows_at(&format!("{tile}.new .label"), back["label"].as_str().unwrap());
    morning.rao.room("undo", &json!({})).expect(200);
    board.until(
        "the tile to be as before",
        "return !document.querySelector(arguments[0]).classList.contains('new')",
        &[json!(tile)],
    );
    let last = morning.iyer.next().expect(200);
    board.shows_at(".tile .label", last["label"].as_str().unwrap());
    let said = board.until("the end of all calls", LOG, &[]);
    let of = |token: &serde_json::Value, lang: &str| format!("{} {lang}", token["label"].as_str().unwrap());
    let expected = [of(&called, "chime"), of(&called, "en"), of(&last, "chime"), of(&last, "en")];
    assert_eq!(said, json!(expected));
}

/// A browser that plays nothing before somebody has touched something.
const SILENT: &str = "const Context = window.AudioContext;
    window.AudioContext = class extends Context {
        get state() { return window.touched ? super.state : 'suspended'; }
        resume() { return window.touched ? super.resume() : new Promise(() => {}); }
    };
    addEventListener('keydown', () => { window.touched = true; }, true);";

#[test]
fn a_screen_that_may_not_speak_says_so_until_a_key_is_pressed() {
    let _place = Place::take();
    let morning = Morning::begin();
    let board = morning.browser(TELEVISION);
    board.chromium("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": SILENT }));
    board.go_in("en", &morning.address("/board/{doctors}"));
    board.is_live();
    board.shows_at("#sound", "Turn the sound on");
    board.shows_at("#sound", "आवाज़ चालू करें");
    // Calls are seen all the same, and are not kept for later.
    let called = morning.khan.next().expect(200);
    board.shows_at(".tile.new .label", called["label"].as_str().unwrap());
    board.until("the call to be dropped", "return !BaariVoice.busy()", &[]);
    board.press("Enter");
    board.until("the button to go", "return document.getElementById('sound').hidden", &[]);
    assert_eq!(board.script("return BaariVoice.log", &[]), json!([]), "nothing old is said");
}

#[test]
fn another_program_loads_the_board_anew_once_and_never_while_it_speaks() {
    let _place = Place::take();
    let morning = Morning::begin();
    let board = morning.browser(TELEVISION);
    let is_of_another = |board: &crate::browser::Browser| {
        board.is_live();
        board.script("window.stays = true; document.body.dataset.program = 'another'", &[]);
    };
    board.go(&morning.address("/board/{doctors}"));
    is_of_another(&board);
    // The stream brings the call and the other program in one message.
    let called = morning.khan.next().expect(200);
    board.until("the end of what is said", LOG, &[]);
    assert_eq!(board.script("return window.stays", &[]), true, "it speaks, and its tile is yellow");
    board.until("the tile to be as before", "return !document.querySelector('.tile.new')", &[]);
    morning.books(&morning.khan, "Meena Joshi", "98200 12345", "walk_in");
    board.until("the page to be another", "return !window.stays", &[]);
    is_of_another(&board);
    assert_eq!(board.text("#said"), "", "nothing is said a second time");
    let tile = format!("[id='d{}']", morning.khan.doctor);
    board.shows_at(&format!("{tile} .label"), called["label"].as_str().unwrap());
    // Two programs that take turns do not have it loaded without end.
    let next = morning.books(&morning.khan, "Mohan Joshi", "98200 12345", "walk_in");
    board.shows_at(&format!("{tile} .next"), next["label"].as_str().unwrap());
    assert_eq!(board.script("return window.stays", &[]), true);
}
