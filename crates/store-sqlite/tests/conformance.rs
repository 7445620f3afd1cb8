//! The SQLite store does what every store must.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use baari_store::Store;
use baari_store::conformance::Harness;
use baari_store_sqlite::SqliteStore;
use rusqlite::Connection;
use tempfile::TempDir;

struct File(TempDir);

impl File {
    fn path(&self) -> PathBuf {
        self.0.path().join("baari.db")
    }
}

async fn fresh() -> File {
    File(TempDir::new().expect("a directory"))
}

#[async_trait]
impl Harness for File {
    async fn open(&self) -> Arc<dyn Store> {
        Arc::new(SqliteStore::open(&self.path()).expect("the store opens"))
    }

    /// There is no server that could end a connection. What comes nearest is another process that holds the lock for longer
    /// than the store waits for it… which takes seconds; so here it holds the lock for a moment, and lets go.
    async fn break_connections(&self) {
        let other = Connection::open(self.path()).expect("another program opens it");
        other.busy_timeout(Duration::from_secs(5)).expect("a timeout");
        other.execute_batch("BEGIN IMMEDIATE; ROLLBACK;").expect("another program has a turn");
    }

    async fn fail_commits(&self, on: bool) {
        let other = Connection::open(self.path()).expect("another program opens it");
        other.busy_timeout(Duration::from_secs(5)).expect("a timeout");
        let sql = if on {
            "CREATE TRIGGER fail BEFORE INSERT ON event BEGIN SELECT RAISE(ABORT, 'as told'); END"
        } else {
            "DROP TRIGGER fail"
        };
        other.execute_batch(sql).expect("the trigger is set");
    }
}

baari_store::conformance!(fresh);
