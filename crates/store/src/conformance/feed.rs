//! The feed: everything that happened in a facility, in the order in which it was committed.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use baari_engine::{Book, Command, DayKey, EventKind, FacilityId, Source};

use super::hospital::{DATE, Hospital, at, facility_id, patient};
use super::{Harness, Rehearsal};
use crate::{Along, FeedEvent, Group, PatientWrite, Store};

/// All of it, in pages of this many.
async fn pages(store: &dyn Store, facility: FacilityId, limit: u32) -> Vec<FeedEvent> {
    let (mut all, mut after) = (Vec::new(), 0);
    loop {
        let page = store.event_list(facility, after, limit).await.unwrap();
        assert!(page.len() <= limit as usize);
        after = follow(after, &page);
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

/// The number that a page ends with; it must go up from `after`.
fn follow(after: u64, page: &[FeedEvent]) -> u64 {
    page.iter().fold(after, |after, event| {
        assert!(event.number > after, "{} behind {after}", event.number);
        event.number
    })
}

pub async fn the_feed_is_read_in_order_of_commit_in_pages(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let (store, facility) = (&*hospital.store, hospital.facility);
    assert_eq!(store.event_head(facility).await, Ok(0));
    assert_eq!(store.event_list(facility, 0, 9).await, Ok(Vec::new()));
    let mut days: Vec<_> = (0..3).map(|doctor| hospital.rehearsal(doctor)).collect();
    let mut expected = Vec::new();
    for round in 0..4 {
        let known: Vec<_> = days.iter().map(|day| if round == 0 { 0 } else { day.history.len() }).collect();
        for day in &mut days {
            day.book(round, Source::WalkIn);
        }
        hospital.write(days.iter_mut().map(Rehearsal::commit).collect()).await;
        // A group that nothing happens in leaves no gap to wait for.
        let patients = vec![PatientWrite {
            facility,
            patient: patient(Hospital::PATIENTS + round),
            along: Along::default(),
        }];
        store.commit(Group { patients, ..Group::default() }).await.unwrap();
        for (day, known) in days.iter().zip(known) {
            expected.extend(day.history[known..].iter().map(|event| (day.day.key(), event.clone())));
        }
    }
    let all = pages(store, facility, 100).await;
    let told: Vec<_> = all.iter().map(|one| (one.day, one.event.clone())).collect();
    assert_eq!(told, expected);
    for limit in [1, 4] {
        assert_eq!(pages(store, facility, limit).await, all);
    }
    let last = all.last().unwrap().number;
    assert_eq!(store.event_head(facility).await, Ok(last));
    assert_eq!(store.event_list(facility, last, 9).await, Ok(Vec::new()));
}

pub async fn the_moves_of_a_date_are_told_in_order_of_commit(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let (store, facility) = (&*hospital.store, hospital.facility);
    let tomorrow = DATE.tomorrow().unwrap();
    let kinds = [EventKind::Moved, EventKind::MovedAway, EventKind::MovedIn, EventKind::Booked];
    let keys = [hospital.key(0), hospital.key(1), DayKey { date: tomorrow, ..hospital.key(2) }];
    let mut days: Vec<_> =
        (0..).zip(keys).map(|(number, key)| Rehearsal::with_slots(key, number * 1_000)).collect();
    for round in 0..3 {
        let mut commits = Vec::new();
        for (at, day) in days.iter_mut().enumerate() {
            day.book(2 * round, Source::Online);
            day.book(2 * round + 1, Source::Online);
            let mut commit = day.commit();
            for (number, event) in commit.events.iter_mut().filter(|event| event.token.is_some()).enumerate()
            {
                event.kind = kinds[(number + at + round as usize) % kinds.len()];
            }
            commits.push(commit);
        }
        hospital.write(commits).await;
    }
    let all = pages(store, facility, 100).await;
    for date in [DATE, tomorrow, tomorrow.tomorrow().unwrap()] {
        let into = |one: &&FeedEvent| {
            one.day.date == date && matches!(one.event.kind, EventKind::Moved | EventKind::MovedIn)
        };
        let expected: Vec<_> = all.iter().filter(into).cloned().collect();
        let (mut told, mut after) = (Vec::new(), 0);
        loop {
            let page = store.event_moves(facility, date, after, 2).await.unwrap();
            assert!(page.len() <= 2);
            after = follow(after, &page);
            if page.is_empty() {
                break;
            }
            told.extend(page);
        }
        assert_eq!(told, expected, "{date}");
        assert_eq!(store.event_moves(facility_id(2), date, 0, 9).await, Ok(Vec::new()));
    }
}

pub async fn a_group_that_fails_leaves_nothing_in_the_feed(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let mut rehearsal = hospital.rehearsal(0);
    hospital.write(vec![rehearsal.commit()]).await;
    let before = pages(&*hospital.store, hospital.facility, 10).await;
    rehearsal.book(1, Source::WalkIn);
    let group = Group { days: vec![rehearsal.commit()], ..Group::default() };
    harness.fail_commits(true).await;
    assert!(hospital.store.commit(group.clone()).await.is_err());
    harness.fail_commits(false).await;
    assert_eq!(pages(&*hospital.store, hospital.facility, 10).await, before);
    let head = hospital.store.event_head(hospital.facility).await.unwrap();
    assert_eq!(head, before.last().unwrap().number);
    hospital.write(group.days).await;
    assert_eq!(pages(&*hospital.store, hospital.facility, 10).await.len(), before.len() + 1);
}

pub async fn a_facilitys_feed_holds_its_own_events_only(harness: &dyn Harness) {
    let mine = Hospital::new(harness).await;
    let other = Hospital::numbered(mine.store.clone(), 2).await;
    for round in 0..3 {
        let days = [&mine, &other].map(|hospital| hospital.rehearsal(round).commit());
        mine.write(days.to_vec()).await;
    }
    for hospital in [&mine, &other] {
        let all = pages(&*mine.store, hospital.facility, 2).await;
        assert_eq!(all.len(), 6);
        assert!(all.iter().all(|event| event.day.facility == hospital.facility));
        let head = mine.store.event_head(hospital.facility).await.unwrap();
        assert_eq!(head, all.last().unwrap().number);
    }
    let empty = facility_id(3);
    assert_eq!(mine.store.event_head(empty).await, Ok(0));
    assert_eq!(mine.store.event_list(empty, 0, 9).await, Ok(Vec::new()));
}

pub async fn who_follows_the_feed_misses_nothing_of_what_several_servers_write(harness: &dyn Harness) {
    const WRITERS: u32 = 4;
    let hospital = Hospital::new(harness).await;
    let facility = hospital.facility;
    let stores = [harness.open().await, harness.open().await];
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..WRITERS {
        let store = stores[writer as usize % stores.len()].clone();
        let days = [writer, writer + WRITERS].map(|doctor| hospital.rehearsal(doctor));
        writers.spawn(async move { write(&*store, days).await });
    }
    let (is_over, reader) = (AtomicBool::new(false), harness.open().await);
    let written = async {
        let written = writers.join_all().await.concat();
        is_over.store(true, Ordering::Release);
        written
    };
    let follow = async {
        let (mut read, mut after) = (Vec::new(), 0);
        loop {
            let was_over = is_over.load(Ordering::Acquire);
            let page = reader.event_list(facility, after, 7).await.unwrap();
            after = follow(after, &page);
            assert!(reader.event_head(facility).await.unwrap() >= after);
            if was_over && page.is_empty() {
                return read;
            }
            read.extend(page);
            tokio::task::yield_now().await;
        }
    };
    let both = async { tokio::join!(written, follow) };
    let (written, read) =
        tokio::time::timeout(Duration::from_secs(60), both).await.expect("nobody waits for ever");
    assert_eq!(pages(&*reader, facility, 100).await, read, "nothing came in below what was read");
    let place = |event: &FeedEvent| (event.day, event.event.version, event.event.ordinal);
    let told: HashSet<_> = read.iter().map(place).collect();
    assert_eq!(told.len(), read.len(), "each event once");
    assert_eq!(told, written.into_iter().collect());
}

pub async fn who_writes_into_several_feeds_does_not_wait_in_a_circle(harness: &dyn Harness) {
    const WRITERS: u32 = 4;
    const ROUNDS: u32 = 12;
    let mine = Hospital::new(harness).await;
    let other = Hospital::numbered(mine.store.clone(), 2).await;
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..WRITERS {
        let store = harness.open().await;
        let mut days = [&mine, &other].map(|hospital| hospital.rehearsal(writer));
        // Every other one names the facilities the other way round.
        days.rotate_left(writer as usize % 2);
        writers.spawn(async move {
            for round in 0..ROUNDS {
                days.iter_mut().for_each(|day| book(day, round));
                let days = days.iter_mut().map(Rehearsal::commit).collect();
                store.commit(Group { days, ..Group::default() }).await.unwrap();
            }
        });
    }
    tokio::time::timeout(Duration::from_secs(60), writers.join_all()).await.expect("nobody waits for ever");
    for facility in [mine.facility, other.facility] {
        // Two slots and so many bookings each.
        let expected = (WRITERS * (ROUNDS + 2)) as usize;
        assert_eq!(pages(&*mine.store, facility, 50).await.len(), expected);
    }
}

/// Books this patient, if need be on the waiting list.
fn book(day: &mut Rehearsal, patient: u32) {
    let booking = day.booking(patient, Source::WalkIn);
    day.run(at(0), &Command::Book(Book { waitlist: true, ..booking }));
}

/// Books with two doctors, in the same group and in turn; what of it was written.
async fn write(store: &dyn Store, mut days: [Rehearsal; 2]) -> Vec<(DayKey, u64, u16)> {
    for round in 0..12 {
        let used = if round % 3 == 0 { &mut days[..] } else { &mut days[round as usize % 2..][..1] };
        used.iter_mut().for_each(|day| book(day, round));
        let days = used.iter_mut().map(Rehearsal::commit).collect();
        store.commit(Group { days, ..Group::default() }).await.unwrap();
    }
    let of_day = |day: &Rehearsal| {
        let key = day.day.key();
        day.history.iter().map(|event| (key, event.version, event.ordinal)).collect::<Vec<_>>()
    };
    days.iter().flat_map(of_day).collect()
}
