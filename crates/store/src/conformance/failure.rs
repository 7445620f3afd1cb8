//! What a store survives.

use std::time::Duration;

use baari_engine::Source;

use super::Harness;
use super::hospital::Hospital;
use crate::{Group, StoreError, Verdict};

pub async fn a_killed_connection_is_survived(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let mut rehearsal = hospital.rehearsal(0);
    hospital.write(vec![rehearsal.commit()]).await;
    for round in 0..3 {
        rehearsal.book(round, Source::Emergency);
        let group = Group { days: vec![rehearsal.commit()], patients: Vec::new() };
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
                match hospital.store.day_load(rehearsal.day.key(), &super::hospital::zone()).await {
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
