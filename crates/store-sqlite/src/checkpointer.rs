//! Copies the write-ahead log into the database beside the writer, so that no commit waits for it.
//!
//! SQLite would do it inside of a commit, which then takes tens of milliseconds. Here a thread with a connection of its own
//! copies while commits go on; what they have added meanwhile is copied in a second, short round; and the little that is still
//! left by the writer itself, between two commits. Only then is all of the log in the database, and the next commit begins
//! the log anew.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::{self, JoinHandle};

use baari_store::StoreError;
use rusqlite::Connection;

use crate::error::Done;

/// Begin after so many changed rows: about 10 MB of log.
const CHANGED_ROWS: u64 = 5_000;

/// Copies what is in the log; does not wait for anybody.
const COPY: &str = "PRAGMA wal_checkpoint(PASSIVE)";

/// The thread that copies.
pub(crate) struct Checkpointer {
    poke: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
    rows_copied: u64,
}

impl Checkpointer {
    /// Starts the thread. `finish` asks the writer to copy the rest; it gives false when there is no writer any more.
    pub(crate) fn start(
        connection: Connection,
        finish: impl Fn() -> bool + Send + 'static,
    ) -> Result<Self, StoreError> {
        let (poke, poked) = sync_channel(1);
        let thread = thread::Builder::new().name("baari-sqlite-checkpointer".to_owned());
        let thread = thread.spawn(move || run(&connection, &poked, &finish));
        let thread = thread.map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(Self { poke: Some(poke), thread: Some(thread), rows_copied: 0 })
    }

    /// Called after each commit, with the rows changed since the writer began.
    pub(crate) fn after_commit(&mut self, rows_changed: u64) {
        if rows_changed - self.rows_copied < CHANGED_ROWS {
            return;
        }
        match self.poke.as_ref().map(|poke| poke.try_send(())) {
            // It is still at work: SQLite's own checkpoint stands behind, should the log grow too long.
            Some(Err(TrySendError::Full(()))) => {}
            Some(Ok(()) | Err(TrySendError::Disconnected(()))) | None => self.rows_copied = rows_changed,
        }
    }
}

fn run(connection: &Connection, poked: &Receiver<()>, finish: &impl Fn() -> bool) {
    while poked.recv().is_ok() {
        // A failure here (a full disk) comes back in the commits themselves; the log keeps everything until then.
        let rounds = copy(connection).and_then(|()| copy(connection));
        if rounds.is_ok() && !finish() {
            return;
        }
    }
}

/// Copies what is in the log now.
pub(crate) fn copy(connection: &Connection) -> Done<()> {
    Ok(connection.query_row(COPY, [], |_| Ok(()))?)
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        drop(self.poke.take());
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}
