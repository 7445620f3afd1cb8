//! The pages in a real browser, on the real program.
//!
//! `cargo xtask test` installs Chromium, its driver and axe-core, and says where they are; without them these tests fail.
//! `cargo xtask pictures` takes pictures of all pages with the same means.
//!
//! Start reading at `browser`, what a person with a screen and a keyboard does; `hospital` has what they look at.

#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

mod axe;
mod board;
mod browser;
mod counter;
mod demo;
mod desk;
mod driver;
mod everywhere;
mod haste;
mod hospital;
mod kiosk;
mod listen;
mod own;
mod person;
mod pictures;
mod room;
mod settings;
mod sign_in;
mod slip;
mod soak;
#[path = "../http/support/mod.rs"]
#[expect(dead_code, unused_imports, unused_macros, reason = "the tests over HTTP use all of it")]
mod support;
mod watch;
