//! A group is one transaction; stale doctor-days are left out of it.

use baari_engine::{Day, Source};

use super::Harness;
use super::hospital::{Hospital, receipt};
use crate::{Group, Verdict};

pub async fn an_empty_group_succeeds(harness: &dyn Harness) {
    let store = harness.open().await;
    assert_eq!(store.commit(Group::default()).await, Ok(Vec::new()));
}

pub async fn a_stale_day_is_left_out_and_the_others_are_written(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let mut days: Vec<_> = (0..3).map(|doctor| hospital.rehearsal(doctor)).collect();
    hospital.write(days.iter_mut().map(|day| day.commit()).collect()).await;
    let mut other = hospital.rehearsal(1);
    other.commit();
    other.book(9, Source::WalkIn);
    hospital.write(vec![other.commit()]).await;

    let mut commits = Vec::new();
    // Not in the order of their keys: the verdicts come in the order asked for all the same.
    for doctor in [2, 1, 0] {
        days[doctor].book(1, Source::WalkIn);
        let mut commit = days[doctor].commit();
        commit.receipts.push(receipt(hospital.facility, &format!("request {doctor}")));
        commits.push(commit);
    }
    let verdicts = hospital.store.commit(Group { days: commits, patients: Vec::new() }).await;
    assert_eq!(verdicts, Ok(vec![Verdict::Committed, Verdict::Stale, Verdict::Committed]));
    for (doctor, expected) in [(0, &days[0].day), (1, &other.day), (2, &days[2].day)] {
        assert_eq!(&hospital.load(hospital.key(doctor)).await, expected, "doctor {doctor}");
        let kept = hospital.store.receipt_get(hospital.facility, &format!("request {doctor}")).await.unwrap();
        assert_eq!(kept.is_some(), doctor != 1, "doctor {doctor}");
    }
    let lost = days[1].day.tokens()[0].id;
    assert_eq!(hospital.store.token_events(hospital.key(1), lost).await, Ok(Vec::new()));
}

pub async fn a_failing_transaction_writes_nothing_and_says_so(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let mut days: Vec<_> = (0..2).map(|doctor| hospital.rehearsal(doctor)).collect();
    let commits: Vec<_> = days.iter_mut().map(|day| day.commit()).collect();
    let group = Group { days: commits, patients: Vec::new() };
    harness.fail_commits(true).await;
    assert!(hospital.store.commit(group.clone()).await.is_err());
    harness.fail_commits(false).await;
    for doctor in 0..2 {
        assert_eq!(hospital.load(hospital.key(doctor)).await, Day::empty(hospital.key(doctor)));
    }
    hospital.write(group.days).await;
    assert_eq!(hospital.load(hospital.key(1)).await, days[1].day);
}
