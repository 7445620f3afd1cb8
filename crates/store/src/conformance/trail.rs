//! The audit trail, and the feed as it is searched.

use std::collections::HashMap;

use baari_engine::{Absence, AuditId, Command, PatientId, SetStatus, Source, Status, TokenId, WantedStatus};

use super::hospital::{
    DATE, Hospital, at, audit, audit_id, digest, doctor, doctor_id, key, patient, patient_id, receipt,
    schedule_id, session, user, user_id, with_audit, with_receipt,
};
use super::{Harness, Rehearsal};
use crate::{
    Along, AuditRow, Doctor, Ended, Facility, FeedEvent, Group, PatientWrite, ScheduleLine, ScheduleRule,
    StoreError, TrailQuery,
};

/// The numbers of everything in the trail, oldest first.
async fn written(hospital: &Hospital) -> Vec<AuditId> {
    let query = TrailQuery { limit: 1_000, ..TrailQuery::default() };
    let rows = hospital.store.audit_list(hospital.facility, &query).await.unwrap();
    rows.into_iter().rev().map(|row| row.id).collect()
}

/// The ids of these entries.
fn ids(numbers: impl IntoIterator<Item = u32>) -> Vec<AuditId> {
    numbers.into_iter().map(audit_id).collect()
}

pub async fn the_audit_trail_reads_back_newest_first_in_pages(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let (store, facility) = (&hospital.store, hospital.facility);
    assert_eq!(store.audit_append(facility, &[]).await, Ok(()));
    let bare = AuditRow {
        patient: None,
        subject: String::new(),
        detail: String::new(),
        address: String::new(),
        ..audit(0)
    };
    let mut expected = vec![bare];
    expected.extend((1..8).map(audit));
    store.audit_append(facility, &expected[..5]).await.unwrap();
    store.audit_append(facility, &expected[5..]).await.unwrap();
    expected.reverse();
    for limit in [1, 3, 100] {
        let query = TrailQuery { limit, ..TrailQuery::default() };
        assert_eq!(audit_pages(&hospital, query).await, expected, "{limit}");
    }
}

async fn audit_pages(hospital: &Hospital, mut query: TrailQuery<AuditId>) -> Vec<AuditRow> {
    let mut listed = Vec::new();
    loop {
        let page = hospital.store.audit_list(hospital.facility, &query).await.unwrap();
        assert!(page.len() <= query.limit as usize);
        let Some(last) = page.last() else { return listed };
        query.before = Some(last.id);
        listed.extend(page);
    }
}

pub async fn the_audit_trail_is_searched_by_actor_patient_and_time(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let all: Vec<_> = (0..12).map(audit).collect();
    hospital.store.audit_append(hospital.facility, &all).await.unwrap();
    for actor in [None, Some(audit(1).actor), Some("nobody".to_owned())] {
        for patient in [None, Some(patient_id(2)), Some(patient_id(300))] {
            for (from, to) in
                [(None, None), (Some(at(4)), None), (None, Some(at(8))), (Some(at(4)), Some(at(8)))]
            {
                let actor = actor.clone();
                let query = TrailQuery { before: None, actor, patient, from, to, limit: 2 };
                let fits = |row: &&AuditRow| {
                    query.actor.as_ref().is_none_or(|actor| *actor == row.actor)
                        && query.patient.is_none_or(|patient| row.patient == Some(patient))
                        && query.from.is_none_or(|from| row.at >= from)
                        && query.to.is_none_or(|to| row.at < to)
                };
                let expected: Vec<_> = all.iter().rev().filter(fits).cloned().collect();
                assert_eq!(audit_pages(&hospital, query.clone()).await, expected, "{query:?}");
            }
        }
    }
}

pub async fn an_entry_of_the_audit_trail_is_written_once(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let (store, facility) = (&hospital.store, hospital.facility);
    store.audit_append(facility, &[audit(1)]).await.unwrap();
    let other = AuditRow { action: "other".to_owned(), ..audit(1) };
    let answer = store.audit_append(facility, &[audit(0), other, audit(2)]).await;
    assert!(matches!(answer, Err(StoreError::Conflict(_))), "{answer:?}");
    let query = TrailQuery { limit: 9, ..TrailQuery::default() };
    assert_eq!(store.audit_list(facility, &query).await, Ok(vec![audit(1)]));
}

fn leave() -> ScheduleLine {
    let rule = ScheduleRule::Absence(Absence { from: DATE, to: DATE, instead: Vec::new() });
    ScheduleLine { id: schedule_id(1), doctor: doctor_id(0), rule, note: String::new() }
}

pub async fn what_the_audit_trail_says_of_a_record_is_written_with_it(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let (store, facility) = (&hospital.store, hospital.facility);
    store.facility_put(&hospital.record(), &with_audit(0)).await.unwrap();
    store.doctor_put(facility, &doctor(20), &with_audit(1)).await.unwrap();
    store.schedule_put(facility, &leave(), &with_audit(2)).await.unwrap();
    assert_eq!(store.schedule_remove(facility, leave().id, &with_audit(3)).await, Ok(true));
    store.user_put(facility, &user(1), &with_audit(4)).await.unwrap();
    store.session_put(facility, &session(1, 1), &with_audit(5)).await.unwrap();
    assert_eq!(store.session_end(facility, Ended::OfUser(user_id(1)), &with_audit(6)).await, Ok(1));
    store.key_put(facility, &key(1), &with_audit(7)).await.unwrap();
    let along = Along { audit: vec![audit(8), audit(9)], ..with_receipt(&receipt(facility, "both")) };
    let write = PatientWrite { facility, patient: patient(1_000), along };
    store.commit(Group { patients: vec![write], ..Group::default() }).await.unwrap();
    assert_eq!(written(&hospital).await, ids(0..10));
    assert!(store.receipt_get(facility, "both").await.unwrap().is_some());
    let query = TrailQuery { limit: 1, ..TrailQuery::default() };
    assert_eq!(store.audit_list(facility, &query).await, Ok(vec![audit(9)]));
}

pub async fn the_audit_trail_does_not_speak_of_what_was_not_written(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let (store, facility) = (&hospital.store, hospital.facility);
    for number in [1, 2] {
        store.user_put(facility, &user(number), &Along::default()).await.unwrap();
    }
    store.session_put(facility, &session(1, 1), &Along::default()).await.unwrap();
    store.key_put(facility, &key(1), &Along::default()).await.unwrap();
    store.schedule_put(facility, &leave(), &Along::default()).await.unwrap();
    let kept = receipt(facility, "once");
    store.receipt_put(&kept).await.unwrap();
    // The receipt is refused each time, whatever becomes of the record; where the record itself is refused, no receipt goes.
    let refused = |number| Along { audit: vec![audit(number)], ..with_receipt(&kept) };
    store.facility_put(&hospital.record(), &refused(0)).await.unwrap_err();
    store.doctor_put(facility, &doctor(20), &refused(1)).await.unwrap_err();
    let twin = Doctor { letter: doctor(1).letter, ..doctor(50) };
    store.doctor_put(facility, &twin, &with_audit(2)).await.unwrap_err();
    store.schedule_put(facility, &leave(), &refused(3)).await.unwrap_err();
    store.schedule_remove(facility, leave().id, &refused(4)).await.unwrap_err();
    let namesake = crate::User { name: user(2).name, version: 1, ..user(1) };
    store.user_put(facility, &namesake, &with_audit(5)).await.unwrap_err();
    store.session_put(facility, &session(1, 2), &with_audit(6)).await.unwrap_err();
    store.session_end(facility, Ended::One(digest(1)), &refused(7)).await.unwrap_err();
    let same = crate::Key { digest: digest(1), ..key(2) };
    store.key_put(facility, &same, &with_audit(8)).await.unwrap_err();
    let write = PatientWrite { facility, patient: patient(1_000), along: refused(9) };
    store.commit(Group { patients: vec![write], ..Group::default() }).await.unwrap_err();
    assert_eq!(written(&hospital).await, ids([]));
    // And the record is not written if the trail can't speak of it.
    store.audit_append(facility, &[audit(1)]).await.unwrap();
    store.doctor_put(facility, &doctor(20), &with_audit(1)).await.unwrap_err();
    assert_eq!(store.doctor_get(facility, doctor_id(20)).await, Ok(None));
    let renamed = Facility { name: "Other".to_owned(), ..hospital.record() };
    store.facility_put(&renamed, &with_audit(1)).await.unwrap_err();
    assert_eq!(store.facility_list().await.unwrap()[0].name, hospital.record().name);
}

pub async fn nothing_is_written_along_with_a_removal_that_finds_nothing(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let (store, facility) = (&hospital.store, hospital.facility);
    store.user_put(facility, &user(1), &Along::default()).await.unwrap();
    let along = Along { audit: vec![audit(1)], ..with_receipt(&receipt(facility, "nothing")) };
    assert_eq!(store.schedule_remove(facility, leave().id, &along).await, Ok(false));
    for which in
        [Ended::One(digest(1)), Ended::OfUser(user_id(1)), Ended::Old { created: at(9), seen: at(9) }]
    {
        assert_eq!(store.session_end(facility, which, &along).await, Ok(0));
    }
    assert_eq!(written(&hospital).await, ids([]));
    assert_eq!(store.receipt_get(facility, "nothing").await, Ok(None));
}

pub async fn the_audit_trail_of_a_group_is_written_with_it(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let facility = hospital.facility;
    let mut rehearsal = hospital.rehearsal(0);
    let write = |number| PatientWrite { facility, patient: patient(number), along: with_audit(number) };
    let patients = vec![write(1_000), write(1_001)];
    let group = Group { days: vec![rehearsal.commit()], patients, ..Group::default() };
    harness.fail_commits(true).await;
    hospital.store.commit(group.clone()).await.unwrap_err();
    assert_eq!(written(&hospital).await, ids([]));
    harness.fail_commits(false).await;
    hospital.store.commit(group).await.unwrap();
    assert_eq!(written(&hospital).await, ids([1_000, 1_001]));
}

/// A feed of three doctors: patients who come to several of them, one who moves, two actors, each event at another minute.
async fn feed(harness: &dyn Harness) -> (Hospital, Vec<FeedEvent>, HashMap<TokenId, PatientId>) {
    let hospital = Hospital::new(harness).await;
    let mut days: Vec<_> = (0..3).map(|doctor| hospital.rehearsal(doctor)).collect();
    for round in 0..3 {
        for (number, day) in (0..).zip(&mut days) {
            day.book(round * (number + 1), Source::Online);
        }
        write(&hospital, &mut days, round).await;
    }
    let token = days[0].day.tokens()[1].id;
    let [from, to, _] = &mut days[..] else { unreachable!("three doctors") };
    from.move_to(to, token);
    let rest = days[2].day.tokens()[1].id;
    let status = WantedStatus::Exactly(Status::Cancelled);
    days[2].run(at(1), &Command::SetStatus(SetStatus { token: rest, status }));
    write(&hospital, &mut days, 3).await;
    let tokens = days.iter().flat_map(|day| day.day.tokens());
    let patients = tokens.map(|token| (token.id, token.patient)).collect();
    let feed = hospital.store.event_list(hospital.facility, 0, 1_000).await.unwrap();
    (hospital, feed, patients)
}

async fn write(hospital: &Hospital, days: &mut [Rehearsal], round: u32) {
    let mut commits: Vec<_> = days.iter_mut().map(Rehearsal::commit).collect();
    let events = commits.iter_mut().flat_map(|commit| &mut commit.events);
    for (place, event) in (0..).zip(events) {
        event.at = at(i64::from(round) * 10 + place);
        event.actor = format!("user:{}", user_id(u32::from(place % 2 == 0)));
    }
    hospital.write(commits).await;
}

async fn event_pages(hospital: &Hospital, mut query: TrailQuery<u64>) -> Vec<FeedEvent> {
    let mut listed = Vec::new();
    loop {
        let page = hospital.store.event_search(hospital.facility, &query).await.unwrap();
        assert!(page.len() <= query.limit as usize);
        let Some(last) = page.last() else { return listed };
        query.before = Some(last.number);
        listed.extend(page);
    }
}

pub async fn the_feed_is_searched_by_actor_patient_and_time(harness: &dyn Harness) {
    let (hospital, feed, patients) = feed(harness).await;
    let of_two: Vec<_> = patients.values().filter(|of| **of == patient_id(2)).collect();
    assert_eq!(of_two.len(), 2, "a patient with tokens of two doctors");
    let somebody = format!("user:{}", user_id(0));
    for actor in [None, Some(somebody), Some("nobody".to_owned())] {
        for patient in [None, Some(patient_id(1)), Some(patient_id(2)), Some(patient_id(300))] {
            for (from, to) in
                [(None, None), (Some(at(10)), None), (None, Some(at(31))), (Some(at(1)), Some(at(20)))]
            {
                for limit in [2, 100] {
                    let actor = actor.clone();
                    let query = TrailQuery { before: None, actor, patient, from, to, limit };
                    let fits = |one: &&FeedEvent| {
                        let of = one.event.token.and_then(|token| patients.get(&token));
                        query.actor.as_ref().is_none_or(|actor| *actor == one.event.actor)
                            && query.patient.is_none_or(|patient| of == Some(&patient))
                            && query.from.is_none_or(|from| one.event.at >= from)
                            && query.to.is_none_or(|to| one.event.at < to)
                    };
                    let expected: Vec<_> = feed.iter().rev().filter(fits).cloned().collect();
                    assert_eq!(event_pages(&hospital, query.clone()).await, expected, "{query:?}");
                }
            }
        }
    }
}
