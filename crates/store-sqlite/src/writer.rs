//! The one thread that writes. Work comes through a bounded queue; it is done in the order in which it came.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::{self, JoinHandle};

use baari_store::StoreError;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use crate::checkpointer::{self, Checkpointer};
use crate::error::Done;

/// How much work may wait; whoever brings more waits as well.
const QUEUE: usize = 256;

type Work = Box<dyn FnOnce(&mut Connection) + Send>;

/// The thread that writes. When it is dropped it finishes what it has accepted, and closes the file.
pub(crate) struct Writer {
    queue: Option<mpsc::Sender<Work>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread; `beside` is for the one that copies the log.
    pub(crate) fn start(mut connection: Connection, beside: Connection) -> Result<Self, StoreError> {
        let (queue, mut waiting) = mpsc::channel::<Work>(QUEUE);
        // Weak, or the writer would keep itself alive.
        let own = queue.downgrade();
        let finish = move || own.upgrade().is_some_and(|queue| queue.blocking_send(Box::new(finish)).is_ok());
        let mut checkpointer = Checkpointer::start(beside, finish)?;
        let work = move || {
            while let Some(work) = waiting.blocking_recv() {
                // A panic in one piece of work rolls its transaction back and must not end the others.
                drop(catch_unwind(AssertUnwindSafe(|| work(&mut connection))));
                checkpointer.after_commit(connection.total_changes());
            }
            // Its `finish` would wait for a queue that nobody empties.
            drop(waiting);
        };
        let thread = thread::Builder::new().name("baari-sqlite-writer".to_owned()).spawn(work);
        let thread = thread.map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    /// Does the work in a transaction, and commits it if it succeeds.
    pub(crate) async fn transact<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Done<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let gone = |_| StoreError::Unavailable("the writer has ended".to_owned());
        let (answer, answered) = oneshot::channel();
        let work: Work = Box::new(move |connection| {
            // Nobody may be waiting for the answer any more; the work has been accepted and is done all the same.
            drop(answer.send(transaction(connection, work)));
        });
        let queue = self.queue.as_ref().ok_or_else(|| gone(()))?;
        queue.send(work).await.map_err(|_| gone(()))?;
        answered.await.map_err(|_| gone(()))?.map_err(|fault| fault.0)
    }
}

/// The last round of a checkpoint: nothing is added to the log meanwhile.
fn finish(connection: &mut Connection) {
    // A failure is not the end of anything: the log is longer for a while.
    drop(checkpointer::copy(connection));
}

/// `IMMEDIATE` takes the lock at once: a transaction never finds out in the middle that another process was first.
fn transaction<T>(connection: &mut Connection, work: impl FnOnce(&Transaction<'_>) -> Done<T>) -> Done<T> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = work(&transaction)?;
    transaction.commit()?;
    Ok(done)
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}
