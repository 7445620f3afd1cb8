//! The thread that writes.

use std::future::Future;
use std::pin::pin;
use std::sync::mpsc;
use std::task::{Context, Waker};

use baari_store::{Store, StoreError};
use rusqlite::Connection;

use super::{migrated, path};
use crate::column::change;
use crate::writer::Writer;
use crate::{SqliteStore, connection};

#[test]
fn what_was_accepted_is_done_before_the_writer_ends() {
    let (_directory, path) = path();
    let connection = migrated(&path);
    connection.execute_batch("CREATE TABLE mark (id INTEGER)").unwrap();
    let writer = Writer::start(connection, connection::writer(&path).unwrap()).unwrap();
    let (go, wait) = mpsc::channel();
    let mut context = Context::from_waker(Waker::noop());
    {
        let held = pin!(
            writer.transact(move |_| wait.recv().map_err(|_| StoreError::Corrupt(String::new()).into()))
        );
        assert!(held.poll(&mut context).is_pending());
        for number in 0..10 {
            // Asked for, and then nobody waits for the answer any more.
            let work = pin!(writer.transact(move |at| change(at, "INSERT INTO mark VALUES (?1)", [number])));
            assert!(work.poll(&mut context).is_pending());
        }
    }
    go.send(()).unwrap();
    drop(writer);
    let connection = Connection::open(&path).unwrap();
    assert_eq!(connection.query_row("SELECT count(*) FROM mark", [], |row| row.get(0)), Ok(10));
}

#[tokio::test]
async fn a_panic_fails_its_own_work_and_no_other() {
    let (_directory, path) = path();
    let store = SqliteStore::open(&path).unwrap();
    let answer: Result<(), _> = store.writer.transact(|_| panic!("on purpose")).await;
    assert!(matches!(answer, Err(StoreError::Unavailable(_))), "{answer:?}");
    let answer: Result<(), _> = store.readers.read(|_| panic!("on purpose")).await;
    assert!(matches!(answer, Err(StoreError::Unavailable(_))), "{answer:?}");
    for _ in 0..10 {
        store.ping().await.unwrap();
        store.facility_list().await.unwrap();
    }
}

#[tokio::test]
async fn a_reader_can_not_write() {
    let (_directory, path) = path();
    let store = SqliteStore::open(&path).unwrap();
    let answer = store.readers.read(|at| change(at, "DELETE FROM facility", [])).await;
    assert!(matches!(answer, Err(StoreError::Unavailable(_))), "{answer:?}");
}
