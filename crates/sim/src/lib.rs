//! Rehearsals: whole OPD days, given or invented, run through the engine that hospitals run.
//!
//! A [`Scenario`] has nothing random left in it: who comes when, how long each visit takes, when the doctor begins.
//! [`replay`] plays it against [`baari_engine::decide`] and returns an [`Outcome`]: when each visit started, and every
//! decision on the way. [`invent`] makes a scenario out of a seed; [`Summary`] says how the day went.
//!
//! This crate must never hold an allocation rule, choose who is next, read a clock or touch a file: it asks the engine, and
//! time is its own count of minutes. What it does hold is the auditor, which knows the rules a second time, shares no
//! code with the engine's, and fails the replay when a decision breaks one.
//!
//! The [`lab`] plays thousands of reference days and measures the engine.
//!
//! Start reading at `scenario.rs`, then `replay.rs` (the event loop), then `auditor.rs`.

mod auditor;
mod executor;
mod ids;
mod invent;
pub mod lab;
mod minutes;
mod outcome;
mod replay;
mod scenario;
mod story;
mod summary;
mod told;

pub use auditor::{Around, Auditor, Check, Finding, audit, audit_steps};
pub use executor::{Executor, Failure, InMemory};
pub use ids::Ids;
pub use invent::{Habit, Practice, invent, invent_for};
pub use minutes::Opening;
pub use outcome::{DoctorDay, Ending, Outcome, Seen, Step, Visit};
pub use replay::{ReplayError, play, replay, replay_observed, replay_through};
pub use scenario::{Doctor, Patient, SaidDelay, Scenario, ScenarioError, SlotPlan, limits};
pub use story::{Line, story};
pub use summary::{DoctorSummary, Estimates, Summary, Turns, Waits};
pub use told::Told;
