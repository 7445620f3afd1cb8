//! The embedded default: a hospital in one SQLite file.
//!
//! One thread writes (`writer.rs`), a few connections read beside it (`readers.rs`), one copies the write-ahead log into the
//! database (`checkpointer.rs`). `synchronous = FULL` makes an answered commit survive a power cut. Further processes may open
//! the same file.
//!
//! The SQL here *guards*: unique keys, checks, triggers. It must never choose a seat, a number or an order, read a clock
//! for a record, or answer with another facility's rows: every key and every `WHERE` begins with the facility.
//!
//! Start reading at `commit.rs` (a group as one transaction) and `migrations/`; then one file for each table, with its SQL
//! as constants beside the functions that run it. How SQLite's errors are understood is in `error.rs`.

mod api_key;
mod audit;
pub mod bare;
mod checkpointer;
mod column;
mod commit;
mod connection;
mod day;
mod doctor;
mod error;
mod event;
mod facility;
mod migrate;
mod patient;
mod readers;
mod receipt;
mod schedule;
mod session;
mod slot;
mod store;
mod token;
mod user;
mod writer;

#[cfg(test)]
mod tests;

use std::path::Path;

use baari_store::StoreError;
use rusqlite::Connection;

use readers::Readers;
use writer::Writer;

/// A hospital in one SQLite file.
pub struct SqliteStore {
    writer: Writer,
    readers: Readers,
}

impl SqliteStore {
    /// Opens the file; makes it, and brings its schema up to date, where needed.
    ///
    /// # Errors
    /// [`StoreError::Schema`] when the file is another program's or a newer Baari's; [`StoreError::Unavailable`] when it
    /// can't be opened.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let mut connection = connection::writer(path).map_err(|fault| fault.0)?;
        migrate::migrate(&mut connection, migrate::MIGRATIONS).map_err(|fault| fault.0)?;
        Self::start(path, connection)
    }

    /// Opens a file beside a server that may be at work on it, and leaves its schema as it is.
    ///
    /// # Errors
    /// [`StoreError::Schema`] when the schema is not exactly this program's; [`StoreError::Unavailable`] when the file can't
    /// be opened.
    pub fn open_as_it_is(path: &Path) -> Result<Self, StoreError> {
        let reader = connection::reader(path).map_err(|fault| fault.0)?;
        migrate::compare(&reader, migrate::MIGRATIONS).map_err(|fault| fault.0)?;
        Self::start(path, connection::writer(path).map_err(|fault| fault.0)?)
    }

    fn start(path: &Path, connection: Connection) -> Result<Self, StoreError> {
        let beside = connection::writer(path).map_err(|fault| fault.0)?;
        Ok(Self { writer: Writer::start(connection, beside)?, readers: Readers::new(path.to_owned()) })
    }
}
