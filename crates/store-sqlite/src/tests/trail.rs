//! What was told stays as it is, and who was erased is not in the file.

use std::sync::Arc;

use baari_engine::Source;
use baari_store::conformance::{Hospital, hospital};
use baari_store::{Along, Group, Patient, PatientWrite, Store};
use rusqlite::Connection;

use super::path;
use crate::{SqliteStore, connection};

#[tokio::test]
async fn what_was_told_is_neither_changed_nor_removed() {
    let (_directory, path) = path();
    let hospital = Hospital::numbered(Arc::new(SqliteStore::open(&path).unwrap()), 1).await;
    hospital.store.audit_append(hospital.facility, &[hospital::audit(1)]).await.unwrap();
    let mut rehearsal = hospital.rehearsal(0);
    rehearsal.book(1, Source::WalkIn);
    hospital.write(vec![rehearsal.commit()]).await;

    let other = connection::writer(&path).unwrap();
    for table in ["audit", "event"] {
        let state = |at: &Connection| -> (i64, f64) {
            let sql = format!("SELECT count(*), total(actor = 'me') FROM {table}");
            at.query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
        };
        let before = state(&other);
        assert!(before.0 > 0);
        for sql in [format!("UPDATE {table} SET actor = 'me'"), format!("DELETE FROM {table}")] {
            let error = other.execute(&sql, []).unwrap_err().to_string();
            assert!(error.contains("only added to"), "{sql}: {error}");
        }
        assert_eq!(state(&other), before);
    }
}

/// A name that nothing else in the file has.
fn name(number: u32) -> String {
    format!("Quillfeather{number}x")
}

#[tokio::test]
async fn who_was_erased_is_not_left_in_the_file() {
    let (_directory, path) = path();
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&path).unwrap());
    let hospital = Hospital::numbered(store, 1).await;
    let facility = hospital.facility;
    let write = |patient| PatientWrite { facility, patient, along: Along::default() };
    let put = async |patients: Vec<Patient>| {
        let patients = patients.into_iter().map(write).collect();
        hospital.store.commit(Group { patients, ..Group::default() }).await.unwrap();
    };
    for from in (1_000..4_000).step_by(100) {
        // Out of order, so that pages are split and put together again.
        let numbers = (from..from + 100).map(|number| 1_000 + number * 7 % 3_000);
        put(numbers.map(|number| Patient { name: name(number), ..hospital::patient(number) }).collect())
            .await;
    }
    let numbers: Vec<_> = (1_000..4_000).step_by(13).collect();
    for some in numbers.chunks(20) {
        put(some.iter().map(|number| hospital::erased(*number)).collect()).await;
    }
    drop(hospital);
    // The last one to close the file has copied the log into it.
    drop(connection::writer(&path).unwrap());
    assert!(!path.with_extension("db-wal").exists());
    let file = std::fs::read(&path).unwrap().to_ascii_lowercase();
    let holds = |number: u32| {
        let name = name(number).to_ascii_lowercase();
        file.windows(name.len()).any(|bytes| bytes == name.as_bytes())
    };
    assert!(holds(1_001), "the others are there");
    let left: Vec<_> = numbers.iter().filter(|number| holds(**number)).collect();
    assert_eq!(left, [&0; 0]);
}
