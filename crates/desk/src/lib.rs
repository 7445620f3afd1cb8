//! The desk: keeps the live doctor-days in memory, lets the engine decide, and commits the decisions in groups.
//!
//! A command runs on the newest state of its doctor-day, also when that is not committed yet. Its decision joins the group
//! that is about to be committed; one group is in flight at a time, and whatever queued up meanwhile is the next one. A reply
//! is given only when everything that it rests on is durable. If a doctor-day turns out stale (another server was first) it
//! is loaded again and its commands run again; if the transaction fails, its commands get the error.
//!
//! The desk must never decide: no seat, number or order is chosen here. It is the one place that reads the clock
//! (`clock.rs`) and draws random numbers (`mint.rs`).
//!
//! Start reading at `execute.rs`, then `live_day.rs` (one doctor-day) and `committer.rs` (the groups).

mod book;
mod changes;
mod clock;
mod committer;
mod desk;
mod error;
mod execute;
mod facilities;
mod gather;
mod keys;
mod leave;
mod live_day;
mod mint;
mod pending;
mod registry;
mod slots;
mod timers;
mod watch;

pub use book::BookRequest;
pub use clock::Clock;
pub use desk::{Config, Desk};
pub use error::DeskError;
pub use execute::{Done, Keyed, Order, Render};
pub use keys::KeyGuard;
pub use live_day::Snapshot;
pub use mint::{Mint, random};
pub use registry::{NewDoctor, NewPatient};
pub use slots::Generated;
