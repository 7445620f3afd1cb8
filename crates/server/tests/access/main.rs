//! Who gets what: the whole server in process, closed, on a database of its own.

#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

mod browser;
mod caller;
mod database;
mod document;
mod facilities;
mod own;
mod pages;
mod paper;
mod printed;
mod queues;
mod report;
mod screens;
mod server;
mod sessions;
mod settings;
mod sign_in;
mod stolen;
mod trail;
mod walk;
mod world;
mod wrong;
