//! The store of production: PostgreSQL 15 or later, alone, behind a transaction-mode pooler, or sharded by facility.
//!
//! It keeps everything in a schema of its own, `baari`, which it makes and migrates when it connects. Several servers may
//! use one database: a doctor-day is written only by whoever knows its version.
//!
//! It must never choose a seat, a number or an order; never rely on what a session holds (prepared statements, settings,
//! `LISTEN`), because behind a pooler the next transaction may have another session; never cross facilities in a statement
//! of the booking path; and never put a row's content into an error's text.
//!
//! Start reading at `commit.rs`, the hot path, then `pipeline.rs` (how statements travel). Each table has a file that holds
//! its statements; the tables themselves are in `migrations/`.

mod account;
mod along;
mod api_key;
mod audit;
pub mod bare;
mod commit;
mod connection;
mod doctor;
mod doctor_day;
mod error;
mod event;
mod facility;
mod fields;
mod migration;
mod patient;
mod pipeline;
mod receipt;
mod schedule;
mod session;
mod slot;
mod statement;
mod store;
mod tls;
mod token;
mod transaction;
mod url;

#[cfg(test)]
mod tests;

pub use store::PostgresStore;
