//! What only this crate's insides can show.

mod migrations;
mod statements;
mod trail;
mod writer;

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use tempfile::TempDir;

use crate::connection;
use crate::migrate::{MIGRATIONS, migrate};

/// A directory of the test's own, and a path in it.
fn path() -> (TempDir, PathBuf) {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("baari.db");
    (directory, path)
}

/// A connection to a migrated database.
fn migrated(path: &Path) -> Connection {
    let mut connection = connection::writer(path).unwrap();
    migrate(&mut connection, MIGRATIONS).unwrap();
    connection
}
