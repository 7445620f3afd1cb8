//! One facility never sees another's rows.

use baari_engine::{DayKey, DayPace, Source};

use super::Harness;
use super::hospital::{
    DATE, Hospital, at, doctor_id, facility_id, id, patient, patient_id, receipt, schedule_id, zone,
};
use crate::{
    DayCommit, Doctor, Group, PatientQuery, PatientWrite, ScheduleLine, ScheduleRule, SlotQuery, TokenQuery,
    Verdict,
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
    mine.store.schedule_put(mine.facility, &line, None).await.unwrap();

    // A facility that has nothing of its own, asked for everything of the other one.
    let other = facility_id(2);
    mine.store.facility_put(&crate::Facility { id: other, ..mine.record() }).await.unwrap();
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
    assert_eq!(store.token_events(other, token).await, Ok(Vec::new()));
    let code = rehearsal.day.tokens()[0].code;
    assert!(store.token_by_code(mine.facility, code).await.unwrap().is_some());
    assert_eq!(store.token_by_code(other, code).await, Ok(None));
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
    assert_eq!(store.schedule_remove(other, line.id).await, Ok(false));
    assert_eq!(store.receipt_get(other, "mine").await, Ok(None));
    assert_eq!(store.receipt_prune(other, at(100)).await, Ok(0));
    assert!(store.receipt_get(mine.facility, "mine").await.unwrap().is_some());
    assert_eq!(store.schedule_list(mine.facility, doctor_id(0)).await, Ok(vec![line]));
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
    let renamed = crate::Patient { name: "Somebody Else".to_owned(), ..patient(1) };
    let write = PatientWrite { facility: other.facility, patient: renamed, receipt: None };
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
    other.store.doctor_put(other.facility, &doctor, None).await.unwrap();
    other.store.facility_put(&other.record()).await.unwrap();
    assert_eq!(mine.store.facility_version(mine.facility).await, Ok(before));
    let unknown = baari_engine::FacilityId::from_uuid(id(1, 77));
    assert_eq!(mine.store.doctor_list(unknown, None, 9).await, Ok(Vec::new()));
}
