//! What a store remembers, and how it is asked: the [`Store`] trait, its records, and the conformance suite.
//!
//! A store keeps what the desk commits and gives it back. It must never choose a seat, a number or an order: its unique keys
//! and checks *guard* what the engine decided. A [`Group`] is one transaction; in it each doctor-day is committed only if its
//! version is still the one that the decisions were made from, and a stale one is left out without disturbing the others.
//!
//! Start reading at `commit.rs` (what is written), then `records.rs` (what is read), `people.rs` (who may come in) and
//! `trail.rs` (who did what). Every text form of an engine type that both databases share is in `codec.rs`; how patients are
//! found by what is typed, in `search.rs`. A new store passes `conformance` on its real database.

pub mod codec;
mod commit;
#[cfg(feature = "conformance")]
pub mod conformance;
mod error;
mod people;
mod records;
pub mod search;
mod store;
mod trail;

pub use commit::{DayCommit, EventRow, FeedEvent, Group, PatientWrite, Receipt, Rows, Verdict};
pub use error::StoreError;
pub use people::{Ended, Key, Role, Session, User};
pub use records::{
    DatedSlot, DatedToken, Doctor, Facility, LastSeen, Patient, PatientQuery, ScheduleLine, ScheduleRule,
    Sex, SlotQuery, TokenQuery,
};
pub use store::Store;
pub use trail::{Along, AuditRow, TrailQuery};
