//! The real program over HTTP: on the embedded database, on PostgreSQL, over TLS, through PgBouncer.
//!
//! `cargo xtask test` starts the databases and says where they are; without them these tests fail. Each test has a server
//! and a database of its own.

#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

mod bad_input;
mod booking;
mod crash;
mod demo;
mod first_start;
mod hardening;
mod live;
mod live_load;
mod people;
mod program;
mod records;
mod support;
mod whole_day;
