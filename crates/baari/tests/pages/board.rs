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
