//! A group is one transaction; stale doctor-days are left out of it.

use baari_engine::{Beside, Command, Day, Place, SetStatus, Source, Status, WantedStatus};

use super::hospital::{Hospital, at, patient, receipt, with_receipt};
use super::{Harness, Rehearsal};
use crate::{Along, Group, PatientWrite, Verdict};

pub async fn an_empty_group_succeeds(harness: &dyn Harness) {
    let store = harness.open().await;
    assert_eq!(store.commit(Group::default()).await, Ok(Vec::new()));
}

pub async fn a_stale_day_is_left_out_and_the_others_are_written(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let mut days: Vec<_> = (0..3).map(|doctor| hospital.rehearsal(doctor)).collect();
    hospital.write(days.iter_mut().map(|day| day.commit()).collect()).await;
    let mut other = Rehearsal::from_store(hospital.load(hospital.key(1)).await, 500);
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
    let verdicts = hospital.store.commit(Group { days: commits, ..Group::default() }).await;
    assert_eq!(verdicts, Ok(vec![Verdict::Committed, Verdict::Stale, Verdict::Committed]));
    for (doctor, expected) in [(0, &days[0].day), (1, &other.day), (2, &days[2].day)] {
        assert_eq!(&hospital.load(hospital.key(doctor)).await, expected, "doctor {doctor}");
        let kept = hospital.store.receipt_get(hospital.facility, &format!("request {doctor}")).await.unwrap();
        assert_eq!(kept.is_some(), doctor != 1, "doctor {doctor}");
    }
    let lost = days[1].day.tokens()[0].id;
    assert_eq!(hospital.store.token_events(hospital.facility, lost).await, Ok(Vec::new()));
}

pub async fn a_failing_transaction_writes_nothing_and_says_so(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let mut days: Vec<_> = (0..2).map(|doctor| hospital.rehearsal(doctor)).collect();
    let commits: Vec<_> = days.iter_mut().map(|day| day.commit()).collect();
    let group = Group { days: commits, ..Group::default() };
    harness.fail_commits(true).await;
    assert!(hospital.store.commit(group.clone()).await.is_err());
    harness.fail_commits(false).await;
    for doctor in 0..2 {
        assert_eq!(hospital.load(hospital.key(doctor)).await, Day::empty(hospital.key(doctor)));
    }
    hospital.write(group.days).await;
    assert_eq!(hospital.load(hospital.key(1)).await, days[1].day);
}

pub async fn a_day_is_created_once(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let (mut first, mut second) = (hospital.rehearsal(0), Rehearsal::with_slots(hospital.key(0), 500));
    hospital.write(vec![first.commit()]).await;
    let group = Group { days: vec![second.commit()], ..Group::default() };
    assert_eq!(hospital.store.commit(group).await, Ok(vec![Verdict::Stale]));
    assert_eq!(hospital.load(hospital.key(0)).await, first.day);
}

pub async fn a_version_that_was_never_there_is_stale(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let mut rehearsal = hospital.rehearsal(0);
    rehearsal.commit();
    rehearsal.book(1, Source::WalkIn);
    let group = Group { days: vec![rehearsal.commit()], ..Group::default() };
    assert_eq!(hospital.store.commit(group).await, Ok(vec![Verdict::Stale]));
    assert_eq!(hospital.load(hospital.key(0)).await, Day::empty(hospital.key(0)));
}

pub async fn a_patient_can_be_booked_in_the_group_that_registers_them(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let number = Hospital::PATIENTS + 1;
    let mut rehearsal = hospital.rehearsal(0);
    rehearsal.book(number, Source::WalkIn);
    let receipt = receipt(hospital.facility, "registered");
    let along = with_receipt(&receipt);
    let write = PatientWrite { facility: hospital.facility, patient: patient(number), along };
    let group = Group { days: vec![rehearsal.commit()], patients: vec![write], ..Group::default() };
    assert_eq!(hospital.store.commit(group).await, Ok(vec![Verdict::Committed]));
    let read = hospital.store.patient_get(hospital.facility, &[patient(number).id]).await;
    assert_eq!(read, Ok(vec![patient(number)]));
    assert_eq!(hospital.store.receipt_get(hospital.facility, "registered").await, Ok(Some(receipt)));
    assert_eq!(hospital.load(hospital.key(0)).await, rehearsal.day);
}

pub async fn a_patient_is_written_even_if_every_day_of_the_group_is_stale(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let mut rehearsal = hospital.rehearsal(0);
    let commit = rehearsal.commit();
    hospital.write(vec![commit.clone()]).await;
    let number = Hospital::PATIENTS + 1;
    let write =
        PatientWrite { facility: hospital.facility, patient: patient(number), along: Along::default() };
    let group = Group { days: vec![commit], patients: vec![write], ..Group::default() };
    assert_eq!(hospital.store.commit(group).await, Ok(vec![Verdict::Stale]));
    let read = hospital.store.patient_get(hospital.facility, &[patient(number).id]).await;
    assert_eq!(read, Ok(vec![patient(number)]));
}

pub async fn tokens_of_a_commit_may_swap_their_sequence_numbers(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let mut rehearsal = hospital.rehearsal(0);
    let tokens: Vec<_> = (1..=3).map(|patient| rehearsal.book(patient, Source::WalkIn)).collect();
    hospital.write(vec![rehearsal.commit()]).await;
    // All three change places in a ring: no order of single updates can do it.
    let numbers = [1, 2, 0].map(|n| rehearsal.day.token(tokens[n]).unwrap().sequence);
    let mut commit = rehearsal.commit();
    commit.version += 1;
    commit.resequenced = true;
    for (token, number) in tokens.iter().zip(numbers) {
        let mut token = rehearsal.day.token(*token).unwrap().clone();
        token.sequence = number;
        commit.tokens.changed.push(token);
    }
    let expected = commit.tokens.changed.clone();
    hospital.write(vec![commit]).await;
    assert_eq!(hospital.load(hospital.key(0)).await.tokens(), expected);
}

pub async fn tokens_are_renumbered_when_no_room_is_left_between_them(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let mut rehearsal = Rehearsal::empty(hospital.key(0), 1);
    let slot = rehearsal.new_slot(9, 90, 90);
    rehearsal.run(at(-60), &Command::AddSlots(vec![slot]));
    let tokens: Vec<_> = (0..4).map(|patient| rehearsal.book(patient, Source::WalkIn)).collect();
    hospital.write(vec![rehearsal.commit()]).await;
    let mut renumbered = false;
    // Two tokens take turns in moving right behind the first one: the room there is halved each time.
    for turn in 0..60 {
        let beside = Beside::Behind(tokens[0]);
        let place = Place { token: tokens[2 + turn % 2], beside, why: "halving".to_owned() };
        let decision = rehearsal.run(at(1), &Command::Place(place));
        renumbered |= decision.tokens.len() > 1;
        hospital.write(vec![rehearsal.commit()]).await;
    }
    assert!(renumbered, "60 halvings use up 10^11 units");
    assert_eq!(hospital.load(hospital.key(0)).await, rehearsal.day);
}

pub async fn who_cancels_can_be_booked_again_in_the_same_commit(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let mut rehearsal = hospital.rehearsal(0);
    let token = rehearsal.book(1, Source::Online);
    hospital.write(vec![rehearsal.commit()]).await;
    let status = WantedStatus::Exactly(Status::Cancelled);
    rehearsal.run(at(2), &Command::SetStatus(SetStatus { token, status }));
    rehearsal.book(1, Source::Online);
    hospital.write(vec![rehearsal.commit()]).await;
    assert_eq!(hospital.load(hospital.key(0)).await, rehearsal.day);
}
