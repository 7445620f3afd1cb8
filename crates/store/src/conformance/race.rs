//! Several servers write at once.

use std::sync::Arc;
use std::time::Duration;

use baari_engine::{DayKey, Source};

use super::hospital::{Hospital, at, zone};
use super::{Harness, Rehearsal};
use crate::{Group, Store, StoreError, Verdict};

const PATIENCE: Duration = Duration::from_secs(60);

pub async fn of_two_writers_of_a_version_exactly_one_wins(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let mut first = hospital.rehearsal(0);
    hospital.write(vec![first.commit()]).await;
    let other = harness.open().await;
    for round in 0..40 {
        let day = hospital.load(hospital.key(0)).await;
        let mut rehearsals =
            [0, 1].map(|writer| Rehearsal::from_store(day.clone(), 10_000 + 10 * round + 5 * writer));
        exactly_one_wins(&hospital, &other, &mut rehearsals, round).await;
    }
}

pub async fn of_two_who_create_a_day_exactly_one_wins(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let other = harness.open().await;
    for doctor in 0..Hospital::DOCTORS {
        let key = hospital.key(doctor);
        let mut rehearsals = [0, 1].map(|writer| Rehearsal::with_slots(key, 1_000 * doctor + 500 * writer));
        exactly_one_wins(&hospital, &other, &mut rehearsals, doctor).await;
    }
}

/// Both raise the doctor-day from the same version at once.
async fn exactly_one_wins(
    hospital: &Hospital,
    other: &Arc<dyn Store>,
    both: &mut [Rehearsal; 2],
    round: u32,
) {
    let groups = both.each_mut().map(|rehearsal| {
        let booking = rehearsal.booking(round, Source::WalkIn);
        let booking = baari_engine::Book { waitlist: true, ..booking };
        rehearsal.run(at(0), &baari_engine::Command::Book(booking));
        Group { days: vec![rehearsal.commit()], ..Group::default() }
    });
    let [one, two] = groups;
    let (mine, theirs) =
        tokio::time::timeout(PATIENCE, async { tokio::join!(hospital.store.commit(one), other.commit(two)) })
            .await
            .expect("nobody waits for ever");
    let won = |verdicts: Result<Vec<Verdict>, StoreError>| match verdicts {
        Ok(verdicts) => verdicts == [Verdict::Committed],
        Err(StoreError::Conflict(_)) => false,
        Err(error) => panic!("{error}"),
    };
    let winner = match (won(mine), won(theirs)) {
        (true, false) => 0,
        (false, true) => 1,
        both => panic!("round {round}: (this, other) won = {both:?}"),
    };
    assert_eq!(hospital.load(both[winner].day.key()).await, both[winner].day, "round {round}");
}

pub async fn groups_that_cross_neither_wait_for_ever_nor_lose_anything(harness: &dyn Harness) {
    const WRITERS: u32 = 4;
    const ROUNDS: u32 = 12;
    let hospital = Hospital::new(harness).await;
    let mut days: Vec<_> = (0..Hospital::DOCTORS).map(|doctor| hospital.rehearsal(doctor)).collect();
    hospital.write(days.iter_mut().map(|day| day.commit()).collect()).await;
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..WRITERS {
        let store = harness.open().await;
        let mut keys: Vec<_> = (0..Hospital::DOCTORS).map(|doctor| hospital.key(doctor)).collect();
        // Each writer has an order of its own: the store must not wait in a circle.
        keys.rotate_left(writer as usize * 2);
        if writer % 2 == 1 {
            keys.reverse();
        }
        writers.spawn(async move {
            for round in 0..ROUNDS {
                book_everywhere(&*store, &keys, writer * ROUNDS + round).await;
            }
        });
    }
    tokio::time::timeout(PATIENCE, writers.join_all()).await.expect("nobody waits for ever");
    for doctor in 0..Hospital::DOCTORS {
        let day = hospital.load(hospital.key(doctor)).await;
        let mut patients: Vec<_> = day.tokens().iter().map(|token| token.patient).collect();
        patients.sort_unstable();
        patients.dedup();
        assert_eq!(patients.len(), (WRITERS * ROUNDS) as usize, "doctor {doctor}: everybody once");
        assert_eq!(day.version(), u64::from(WRITERS * ROUNDS) + 1);
        for token in day.tokens() {
            assert_eq!(hospital.store.token_events(hospital.facility, token.id).await.unwrap().len(), 1);
        }
    }
}

/// Books this patient with every doctor: in one group at first, and whoever was stale again.
async fn book_everywhere(store: &dyn Store, keys: &[DayKey], patient: u32) {
    let mut missing = keys.to_vec();
    while !missing.is_empty() {
        let mut group = Group::default();
        for &key in &missing {
            let day = load(store, key).await;
            // No id is tried twice, not even by somebody who was stale.
            let doctor = keys.iter().position(|other| *other == key).unwrap();
            let first_id = 10_000 * (patient + 1) + u32::try_from(doctor + 100 * day.tokens().len()).unwrap();
            let mut rehearsal = Rehearsal::from_store(day, first_id);
            let booking = rehearsal.booking(patient, Source::WalkIn);
            let booking = baari_engine::Book { waitlist: true, ..booking };
            rehearsal.run(at(0), &baari_engine::Command::Book(booking));
            group.days.push(rehearsal.commit());
        }
        match store.commit(group).await {
            Ok(verdicts) => {
                let mut verdicts = verdicts.into_iter();
                missing.retain(|_| verdicts.next() == Some(Verdict::Stale));
            }
            Err(StoreError::Conflict(_)) => {}
            Err(error) => panic!("{error}"),
        }
    }
}

async fn load(store: &dyn Store, key: DayKey) -> baari_engine::Day {
    store.day_load(key, &zone()).await.unwrap()
}
