//! The patient's own page: on a cheap phone, with scripts and without.

use serde_json::json;

use crate::browser::PHONE;
use crate::driver::Place;
use crate::everywhere::LANGUAGES;
use crate::hospital::Morning;

#[test]
fn who_can_not_come_says_so_without_scripts() {
    let _place = Place::take();
    let morning = Morning::begin();
    let phone = morning.browser(PHONE);
    phone.without_scripts();
    phone.go(&morning.address("/t/{code}"));
    let runs = phone.script("return typeof BaariLive", &[]);
    assert_eq!(runs, "undefined", "no script of the page has run; those of the driver do");
    phone.shows_at("#label", morning.waiting["label"].as_str().unwrap());
    phone.shows_at("#about", ":");
    phone.click("#leave");
    phone.waits("the question", || phone.path().ends_with("/leave"));
    assert_eq!(morning.rao.status(&morning.waiting), "arrived", "nothing is done before it is confirmed");
    phone.click("button#leave");
    phone.waits("the seat to be given back", || morning.rao.status(&morning.waiting) == "cancelled");
}

#[test]
fn the_page_says_when_to_come_back_and_when_it_is_ones_turn() {
    let _place = Place::take();
    let morning = Morning::begin();
    let phone = morning.browser(PHONE);
    for language in LANGUAGES {
        phone.go_in(language, &morning.address("/t/{code}"));
        phone.is_live();
        phone.until(
            "that there is time",
            "return document.querySelector('#turn').dataset.state !== 'turn'",
            &[],
        );
        phone.everybody_can_use_it("the patient's page");
    }
    phone.script("window.stays = true", &[]);
    // Called out of order, which has to have a reason.
    let call = json!({ "token_id": morning.waiting["id"], "finish": true, "reason": "unwell" });
    morning.rao.room("next", &call).expect(200);
    phone.until("one's turn", "return document.querySelector('#turn').dataset.state === 'turn'", &[]);
    phone.until(
        "the title to say it",
        "return document.title.includes(document.querySelector('#turn').dataset.advice)",
        &[],
    );
    phone.everybody_can_use_it("the patient's page when it is their turn");
    morning.rao.set_status(&morning.waiting, "in_consultation").expect(200);
    phone.until("being inside", "return document.querySelector('#turn').dataset.state === 'inside'", &[]);
    assert_eq!(phone.script("return window.stays", &[]), true, "without a reload");
}

#[test]
fn a_number_of_yesterday_sends_nobody_anywhere_and_its_page_ends() {
    let _place = Place::take();
    let morning = Morning::begin();
    let clock = |now: &str| drop(morning.rao.client.put("/api/clock", &json!({ "now": now })).expect(200));
    clock("2026-02-02T23:59:50+05:30");
    let phone = morning.browser(PHONE);
    phone.go_in("en", &morning.address("/t/{code}"));
    phone.is_live();
    assert_eq!(morning.rao.status(&morning.waiting), "arrived", "nobody has said how it ended");
    phone.script("window.stays = true", &[]);
    clock("2026-02-03T00:00:05+05:30");
    phone.shows_at("#advice", "This number was for Mon 2 Feb");
    phone.until("nothing to give back", "return !document.getElementById('leave')", &[]);
    phone.everybody_can_use_it("the patient's page of yesterday");
    assert_eq!(phone.script("return window.stays", &[]), true, "without a reload");
    clock("2026-02-04T00:00:05+05:30");
    phone.shows_at("h1", "This visit is over");
}
