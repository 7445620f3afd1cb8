//! A few connections that read beside the writer; each sees the last commit as of its beginning.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use baari_store::StoreError;
use rusqlite::{Connection, Transaction};
use tokio::sync::Semaphore;

use crate::connection;
use crate::error::{Done, Fault};

/// How many read at once.
const READERS: usize = 4;

/// Connections that read. They are opened when they are needed for the first time.
pub(crate) struct Readers {
    path: PathBuf,
    idle: Arc<Mutex<Vec<Connection>>>,
    turns: Arc<Semaphore>,
}

impl Readers {
    /// Readers of this file.
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path, idle: Arc::default(), turns: Arc::new(Semaphore::new(READERS)) }
    }

    /// Reads from one consistent view.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Done<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let unavailable = |text: String| StoreError::Unavailable(text);
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        let turn = turn.map_err(|error| unavailable(error.to_string()))?;
        let (idle, path) = (Arc::clone(&self.idle), self.path.clone());
        let reading = tokio::task::spawn_blocking(move || {
            let known = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut reader = known.map_or_else(|| connection::reader(&path), Ok)?;
            let done = view(&mut reader, work)?;
            idle.lock().unwrap_or_else(PoisonError::into_inner).push(reader);
            drop(turn);
            Ok(done)
        });
        let done: Done<T> = reading.await.map_err(|error| unavailable(error.to_string()))?;
        done.map_err(|fault: Fault| fault.0)
    }
}

fn view<T>(reader: &mut Connection, work: impl FnOnce(&Transaction<'_>) -> Done<T>) -> Done<T> {
    let transaction = reader.transaction()?;
    let done = work(&transaction)?;
    transaction.finish()?;
    Ok(done)
}
