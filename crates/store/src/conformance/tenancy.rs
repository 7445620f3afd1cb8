//! One facility never sees another's rows.

use baari_engine::{DayKey, DayPace, FacilityId, PatientId, Source};

use super::Harness;
use super::hospital::{
    DATE, Hospital, at, audit, digest, doctor_id, facility_id, id, kept, key, patient, patient_id, receipt,
    schedule_id, session, slug, user, with_audit, zone,
};
use crate::{
    Along, AuditRow, DayCommit, Doctor, Ended, Facility, Group, Patient, PatientQuery, PatientWrite,
    ScheduleLine, ScheduleRule, SlotQuery, TokenQuery, TrailQuery, Verdict,
};

pub async fn another_facilitys_ids_find_nothing(harness: &dyn Harness) {
    let mine = Hospital::new(harness).await;
    let mut rehearsal = mine.rehearsal(0);
    let token = rehearsal.book(1, Source::WalkIn);
    let slot = rehearsal.slot(0);
    let pace = DayPace { visits: 1, ..DayPace::default() };
    mine.write(vec![DayCommit { pace: Some(pace), ..rehearsal.commit() }]).await;
    mine.store.receipt_put(&receipt(mine.facility, "mine")).await.unwrap();
    let line = leave();
    mine.store.schedule_put(mine.facility, &line, &Along::default()).await.unwrap();

    // A facility that has nothing of its own, asked for everything of the other one.
    let other = facility_id(2);
    mine.store
        .facility_put(&Facility { id: other, slug: slug(other), ..mine.record() }, &Along::default())
        .await
        .unwrap();
    let store = &mine.store;
    let key = DayKey { facility: other, ..mine.key(0) };
    assert_eq!(store.day_load(key, &zone()).await.unwrap().version(), 0);
    assert_eq!(store.day_versions(other, &[(doctor_id(0), DATE)]).await, Ok(Vec::new()));
    assert_eq!(store.slot_day(other, slot).await, Ok(None));
    assert_eq!(store.token_day(other, token).await, Ok(None));
    let slots = SlotQuery { doctor: Some(doctor_id(0)), from: DATE, to: DATE, after: None, limit: 9 };
    assert_eq!(store.slot_list(other, &slots, &zone()).await, Ok(Vec::new()));
    let all_slots = SlotQuery { doctor: None, ..slots };
    assert_eq!(store.slot_list(other, &all_slots, &zone()).await, Ok(Vec::new()));
    let tokens = TokenQuery { limit: 9, ..TokenQuery::default() };
    for query in [
        tokens.clone(),
        TokenQuery { doctor: Some(doctor_id(0)), ..tokens.clone() },
        TokenQuery { date: Some(DATE), ..tokens.clone() },
        TokenQuery { doctor: Some(doctor_id(0)), date: Some(DATE), ..tokens.clone() },
        TokenQuery { patient: Some(patient_id(1)), ..tokens },
    ] {
        assert_eq!(store.token_list(other, &query).await, Ok(Vec::new()), "{query:?}");
    }
    assert_eq!(store.token_patients(other, &[token]).await, Ok(Vec::new()));
    assert_eq!(store.token_events(other, token).await, Ok(Vec::new()));
    assert_eq!(store.event_list(other, 0, 9).await, Ok(Vec::new()));
    assert_eq!(store.event_head(other).await, Ok(0));
    assert_eq!(store.day_list(other, DATE, DATE).await, Ok(Vec::new()));
    assert_eq!(store.pace_list(other, doctor_id(0), DATE.tomorrow().unwrap(), 9).await, Ok(Vec::new()));
    assert_eq!(store.doctor_get(other, doctor_id(0)).await, Ok(None));
    assert_eq!(store.doctor_list(other, None, 9).await, Ok(Vec::new()));
    assert_eq!(store.patient_get(other, &[patient_id(1)]).await, Ok(Vec::new()));
    for text in [None, Some("patient"), Some("9198")] {
        let query = PatientQuery { text: text.map(str::to_owned), after: None, limit: 9 };
        assert_eq!(store.patient_list(other, &query).await, Ok(Vec::new()), "{text:?}");
    }
    assert_eq!(store.schedule_list(other, doctor_id(0)).await, Ok(Vec::new()));
    assert_eq!(store.schedule_remove(other, line.id, &Along::default()).await, Ok(false));
    people_and_trail_find_nothing(&mine, other, patient_id(1)).await;
    assert_eq!(store.receipt_get(other, "mine").await, Ok(None));
    assert_eq!(store.receipt_prune(other, at(100)).await, Ok(0));
    assert!(store.receipt_get(mine.facility, "mine").await.unwrap().is_some());
    assert_eq!(store.schedule_list(mine.facility, doctor_id(0)).await, Ok(vec![line]));
}

/// The same for who may come in, and for what they did.
async fn people_and_trail_find_nothing(mine: &Hospital, other: FacilityId, patient: PatientId) {
    let (store, along) = (&mine.store, Along::default());
    store.user_put(mine.facility, &user(1), &along).await.unwrap();
    store.session_put(mine.facility, &session(1, 1), &along).await.unwrap();
    store.key_put(mine.facility, &key(1), &along).await.unwrap();
    let row = AuditRow { patient: Some(patient), ..audit(1) };
    store.audit_append(mine.facility, std::slice::from_ref(&row)).await.unwrap();

    assert_eq!(store.user_get(other, user(1).id).await, Ok(None));
    assert_eq!(store.user_by_name(other, &user(1).name).await, Ok(None));
    assert_eq!(store.user_by_subject(other, &user(1).subject.unwrap()).await, Ok(None));
    assert_eq!(store.user_list(other, None, 9).await, Ok(Vec::new()));
    assert_eq!(store.session_get(other, &digest(1)).await, Ok(None));
    assert_eq!(store.session_seen(other, &digest(1), at(50)).await, Ok(()));
    assert_eq!(store.session_list(other, user(1).id).await, Ok(Vec::new()));
    for which in [
        Ended::One(digest(1)),
        Ended::OfUser(user(1).id),
        Ended::Others(user(1).id, digest(2)),
        Ended::Old { created: at(100), seen: at(100) },
    ] {
        assert_eq!(store.session_end(other, which, &along).await, Ok(0), "{which:?}");
    }
    assert_eq!(store.key_by_id(other, key(1).id).await, Ok(None));
    assert_eq!(store.key_get(other, &digest(1)).await, Ok(None));
    assert_eq!(store.key_list(other, None, 9).await, Ok(Vec::new()));
    let events = mine.store.event_list(mine.facility, 0, 1).await.unwrap();
    let (audited, acted) = (row.actor.clone(), events[0].event.actor.clone());
    for of in [None, Some(patient)] {
        let query = TrailQuery { patient: of, limit: 9, ..TrailQuery::default() };
        assert_eq!(store.audit_list(other, &query).await, Ok(Vec::new()), "{query:?}");
        let query = TrailQuery { actor: Some(audited.clone()), ..query };
        assert_eq!(store.audit_list(other, &query).await, Ok(Vec::new()), "{query:?}");
        let query = TrailQuery { patient: of, limit: 9, ..TrailQuery::default() };
        assert_eq!(store.event_search(other, &query).await, Ok(Vec::new()), "{query:?}");
        let query = TrailQuery { actor: Some(acted.clone()), ..query };
        assert_eq!(store.event_search(other, &query).await, Ok(Vec::new()), "{query:?}");
        assert_ne!(store.event_search(mine.facility, &query).await, Ok(Vec::new()), "{query:?}");
    }
    let found = store.session_get(mine.facility, &digest(1)).await;
    assert_eq!(found, Ok(Some((session(1, 1), kept(1)))), "nothing of it has changed");
}

fn leave() -> ScheduleLine {
    let absence = baari_engine::Absence { from: DATE, to: DATE, instead: Vec::new() };
    let rule = ScheduleRule::Absence(absence);
    ScheduleLine { id: schedule_id(1), doctor: doctor_id(0), rule, note: String::new() }
}

pub async fn two_facilities_may_have_the_same_ids_letters_and_keys(harness: &dyn Harness) {
    let mine = Hospital::new(harness).await;
    let other = Hospital::numbered(mine.store.clone(), 2).await;
    let mut both = [mine.rehearsal(0), other.rehearsal(0)];
    both[0].book(1, Source::WalkIn);
    both[1].book(2, Source::Emergency);
    let mut days = Vec::new();
    for rehearsal in &mut both {
        let mut commit = rehearsal.commit();
        commit.receipts.push(receipt(commit.key.facility, "same"));
        days.push(commit);
    }
    let renamed = Patient { name: "Somebody Else".to_owned(), ..patient(1) };
    let write = PatientWrite { facility: other.facility, patient: renamed, along: Along::default() };
    for hospital in [&mine, &other] {
        let (store, facility, along) = (&mine.store, hospital.facility, with_audit(1));
        store.user_put(facility, &user(1), &along).await.unwrap();
        store.session_put(facility, &session(1, 1), &Along::default()).await.unwrap();
        store.key_put(facility, &key(1), &Along::default()).await.unwrap();
    }
    let group = Group { days, patients: vec![write], ..Group::default() };
    assert_eq!(mine.store.commit(group).await, Ok(vec![Verdict::Committed; 2]));
    assert_eq!(mine.load(mine.key(0)).await, both[0].day);
    assert_eq!(other.load(other.key(0)).await, both[1].day);
    assert_eq!(mine.store.patient_get(mine.facility, &[patient_id(1)]).await, Ok(vec![patient(1)]));
    let query = PatientQuery { text: Some("somebody".to_owned()), after: None, limit: 9 };
    assert_eq!(mine.store.patient_list(mine.facility, &query).await, Ok(Vec::new()));
    assert_eq!(mine.store.facility_list().await.unwrap().len(), 2);
}

pub async fn a_change_in_one_facility_does_not_raise_anothers_version(harness: &dyn Harness) {
    let mine = Hospital::new(harness).await;
    let other = Hospital::numbered(mine.store.clone(), 2).await;
    let before = mine.store.facility_version(mine.facility).await.unwrap();
    let doctor = Doctor { letter: "Q".to_owned(), ..super::hospital::doctor(40) };
    other.store.doctor_put(other.facility, &doctor, &Along::default()).await.unwrap();
    other.store.facility_put(&other.record(), &Along::default()).await.unwrap();
    assert_eq!(mine.store.facility_version(mine.facility).await, Ok(before));
    let unknown = FacilityId::from_uuid(id(1, 77));
    assert_eq!(mine.store.doctor_list(unknown, None, 9).await, Ok(Vec::new()));
}
