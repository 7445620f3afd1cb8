//! Signing in, on a server where people do.

use crate::browser::{Browser, DESK, PHONE};
use crate::hospital::{Closed, PASSWORD};

#[test]
fn who_signs_in_gets_where_they_wanted_to() {
    let hospital = Closed::start();
    let browser = Browser::open(&hospital.server.address, DESK);
    browser.go("/doctor");
    browser.is_at("/sign-in?next=%2Fdoctor");
    browser.everybody_can_use_it("signing in");
    browser.signs_in("admin", "a guess or so");
    browser.shows_at(".trouble", "password");
    browser.everybody_can_use_it("signing in, after a wrong password");
    // What was right is still there.
    let name = browser.script("return document.querySelector('input[name=name]').value", &[]);
    assert_eq!(name, "admin");
    browser.signs_in("admin", PASSWORD);
    browser.is_at("/doctor");
    browser.shows_at(".who", "admin");
}

#[test]
fn a_password_that_somebody_gave_is_changed_first() {
    let hospital = Closed::start();
    let given = hospital.person("asha", "admin");
    let browser = Browser::open(&hospital.server.address, PHONE);
    browser.go("/doctor");
    browser.signs_in("asha", &given);
    browser.is_at("/password");
    browser.everybody_can_use_it("choosing a password");
    browser.does_not_scroll_sideways("choosing a password");
    browser.go("/doctor");
    browser.is_at("/password");
    // The server says what is against it, beside what was typed.
    browser.fill("input[name=current]", "not what it was");
    browser.fill("input[name=new]", "quilt harbour ninety");
    browser.press("Enter");
    browser.until(
        "what is against it",
        "return [...document.querySelectorAll('.trouble')]
        .some((it) => it.checkVisibility() && it.innerText.length > 10)",
        &[],
    );
    browser.fill("input[name=current]", &given);
    browser.press("Enter");
    browser.is_at("/");
    browser.go("/doctor");
    browser.is_at("/doctor");
}

#[test]
fn who_signs_out_is_out() {
    let hospital = Closed::start();
    let browser = Browser::open(&hospital.server.address, DESK);
    browser.go_in("hi", "/sign-in");
    browser.shows("पासवर्ड");
    browser.everybody_can_use_it("signing in, in Hindi");
    browser.signs_in("admin", PASSWORD);
    browser.is_at("/");
    // The language stays as it was chosen.
    browser.shows("सेटिंग");
    browser.click("[hx-delete='/api/session']");
    browser.is_at("/sign-in");
    browser.go("/doctor");
    browser.is_at("/sign-in?next=%2Fdoctor");
}

#[test]
fn everybody_is_sent_to_where_they_work() {
    let hospital = Closed::start();
    for (name, role, place) in
        [("ravi", "reception", "/desk"), ("meera", "supervisor", "/desk"), ("dev", "admin", "/")]
    {
        let password = hospital.person(name, role);
        let browser = Browser::open(&hospital.server.address, DESK);
        browser.go("/");
        browser.signs_in(name, &password);
        browser.is_at("/password");
        browser.fill("input[name=current]", &password);
        browser.fill("input[name=new]", "quilt harbour ninety");
        browser.press("Enter");
        browser.is_at(place);
    }
}

#[test]
fn one_signs_in_without_scripts() {
    let hospital = Closed::start();
    let browser = Browser::open(&hospital.server.address, PHONE);
    browser.without_scripts();
    browser.go("/doctor");
    browser.signs_in("admin", PASSWORD);
    let path = || browser.path();
    browser.waits("the page after signing in", || path() == "/doctor");
}
