//! What a store survives.

use std::time::Duration;

use baari_engine::Source;

use super::Harness;
use super::hospital::{Hospital, receipt, zone};
use crate::{Group, StoreError, Verdict};

pub async fn a_store_answers_a_ping(harness: &dyn Harness) {
    assert_eq!(harness.open().await.ping().await, Ok(()));
}

pub async fn a_reopened_database_has_everything(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let mut rehearsal = hospital.rehearsal(0);
    let token = rehearsal.book(1, Source::WalkIn);
    let mut commit = rehearsal.commit();
    commit.receipts.push(receipt(hospital.facility, "kept"));
    hospital.write(vec![commit]).await;
    let facilities = hospital.store.facility_list().await.unwrap();
    drop(hospital);

    let store = harness.open().await;
    assert_eq!(store.facility_list().await, Ok(facilities));
    let key = rehearsal.day.key();
    assert_eq!(store.day_load(key, &zone()).await, Ok(rehearsal.day));
    assert_eq!(store.token_events(key.facility, token).await.unwrap().len(), 1);
    assert!(store.receipt_get(key.facility, "kept").await.unwrap().is_some());
    assert_eq!(store.doctor_list(key.facility, None, 100).await.unwrap().len(), Hospital::DOCTORS as usize);
}

pub async fn what_another_handle_has_written_is_seen_at_once(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let other = harness.open().await;
    let mut rehearsal = hospital.rehearsal(0);
    for patient in 0..5 {
        hospital.write(vec![rehearsal.commit()]).await;
        assert_eq!(other.day_load(rehearsal.day.key(), &zone()).await.as_ref(), Ok(&rehearsal.day));
        rehearsal.book(patient, Source::WalkIn);
    }
}

pub async fn a_killed_connection_is_survived(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let mut rehearsal = hospital.rehearsal(0);
    hospital.write(vec![rehearsal.commit()]).await;
    for round in 0..3 {
        rehearsal.book(round, Source::Emergency);
        let group = Group { days: vec![rehearsal.commit()], ..Group::default() };
        harness.break_connections().await;
        let recover = async {
            // Every further attempt comes after one whose outcome is unknown: it may have been written.
            let mut unknown = false;
            loop {
                match hospital.store.commit(group.clone()).await {
                    Ok(verdicts) if verdicts == [Verdict::Committed] => break,
                    Ok(verdicts) => break assert!(unknown, "{verdicts:?} at the first attempt"),
                    Err(StoreError::Unavailable(_)) => unknown = true,
                    Err(other) => panic!("{other}"),
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), recover).await.expect("the store recovers by itself");
        harness.break_connections().await;
        let read = async {
            loop {
                match hospital.store.day_load(rehearsal.day.key(), &zone()).await {
                    Ok(day) => break day,
                    Err(StoreError::Unavailable(_)) => tokio::task::yield_now().await,
                    Err(other) => panic!("{other}"),
                }
            }
        };
        let day = tokio::time::timeout(Duration::from_secs(20), read).await.expect("reads recover too");
        assert_eq!(day, rehearsal.day);
    }
}
