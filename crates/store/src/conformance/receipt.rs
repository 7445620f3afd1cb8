//! Answers kept for repeated requests.

use baari_engine::Source;

use super::Harness;
use super::hospital::{Hospital, at, receipt};
use crate::{Group, Receipt, StoreError};

pub async fn a_receipt_reads_back_as_written(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let (store, facility) = (&hospital.store, hospital.facility);
    let large = Receipt { body: vec![0; 200_000], status: u16::MAX, ..receipt(facility, "large") };
    let empty = Receipt { body: Vec::new(), ..receipt(facility, "Größe ' \" %") };
    for kept in [receipt(facility, "all bytes"), large, empty] {
        assert_eq!(store.receipt_get(facility, &kept.key).await, Ok(None));
        store.receipt_put(&kept).await.unwrap();
        assert_eq!(store.receipt_get(facility, &kept.key).await, Ok(Some(kept)));
    }
    assert_eq!(
        store.receipt_get(facility, "ALL BYTES").await,
        Ok(None),
        "a key is what it is, letter by letter"
    );
}

pub async fn receipts_of_a_commit_read_back(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let mut rehearsal = hospital.rehearsal(0);
    rehearsal.book(1, Source::WalkIn);
    let mut commit = rehearsal.commit();
    commit.receipts = (0..5).map(|number| receipt(hospital.facility, &number.to_string())).collect();
    let receipts = commit.receipts.clone();
    hospital.write(vec![commit]).await;
    for kept in receipts {
        assert_eq!(hospital.store.receipt_get(hospital.facility, &kept.key).await, Ok(Some(kept)));
    }
}

pub async fn a_key_is_used_once(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let (store, facility) = (&hospital.store, hospital.facility);
    let first = receipt(facility, "once");
    store.receipt_put(&first).await.unwrap();
    let second = Receipt { status: 500, ..first.clone() };
    let answer = store.receipt_put(&second).await;
    assert!(matches!(answer, Err(StoreError::Conflict(_))), "{answer:?}");
    let mut rehearsal = hospital.rehearsal(0);
    let mut commit = rehearsal.commit();
    commit.receipts.push(second);
    let answer = store.commit(Group { days: vec![commit], ..Group::default() }).await;
    assert!(matches!(answer, Err(StoreError::Conflict(_))), "{answer:?}");
    assert_eq!(hospital.load(hospital.key(0)).await.version(), 0);
    assert_eq!(store.receipt_get(facility, "once").await, Ok(Some(first)));
}

pub async fn old_receipts_are_forgotten(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let (store, facility) = (&hospital.store, hospital.facility);
    for minute in 0..10 {
        let kept = Receipt { at: at(minute), ..receipt(facility, &minute.to_string()) };
        store.receipt_put(&kept).await.unwrap();
    }
    assert_eq!(store.receipt_prune(facility, at(4)).await, Ok(4), "those before, not the one at that time");
    assert_eq!(store.receipt_prune(facility, at(4)).await, Ok(0));
    assert_eq!(store.receipt_get(facility, "3").await, Ok(None));
    assert!(store.receipt_get(facility, "4").await.unwrap().is_some());
}
