//! The demonstration: whoever opens it is somebody at the hospital with one click.

use tempfile::TempDir;

use crate::browser::{Browser, DESK};
use crate::driver::Place;
use crate::support::Server;

#[test]
fn one_click_makes_one_somebody_in_a_living_hospital() {
    let _place = Place::take();
    let folder = TempDir::new().unwrap();
    // Mid-morning comes in a few seconds.
    let demo = Server::start_demo(&["--speed", "120", "--log", "warn"], folder.path());
    let visitor = Browser::open(&demo.address, DESK);
    visitor.go("/demo");
    visitor.everybody_can_use_it("the demonstration");
    visitor.does_not_scroll_sideways("the demonstration");
    visitor.click("form[action='/demo/be'] button");
    visitor.is_at("/desk");
    visitor.is_live();
    visitor.until("somebody who waits", "return document.querySelector('#rows tr[data-token]')", &[]);
    visitor.everybody_can_use_it("the desk of the demonstration");
    visitor.click("a[href='/demo']");
    visitor.is_at("/demo");
    visitor.click("a[href='/demo/phone']");
    visitor.waits("somebody's own page", || visitor.path().starts_with("/t/"));
    visitor.everybody_can_use_it("a patient of the demonstration");
    visitor.click("a[href='/demo']");
    visitor.click("button[value='kiosk']");
    visitor.is_at("/kiosk");
    visitor.shows_at("#demo-phones", "55");
    visitor.everybody_can_use_it("the kiosk of the demonstration");
}
