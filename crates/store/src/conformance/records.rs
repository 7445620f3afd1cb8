//! Facilities, doctors and schedules.

use baari_engine::{Absence, Band, DoctorStatus, FacilityId, PolicyKind, SlotTemplate, Source, WeeklyHours};
use jiff::civil::{Weekday, date, time};
use jiff::tz::TimeZone;

use super::Harness;
use super::hospital::{Hospital, digest, doctor, doctor_id, facility_id, receipt, schedule_id, with_receipt};
use crate::{Along, Doctor, ScheduleLine, ScheduleRule, Store, StoreError};

pub async fn a_facility_reads_back_with_its_zone_and_settings(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let mut facility = hospital.record();
    let read = |list: Vec<crate::Facility>| list.into_iter().map(|facility| (facility.version, facility));
    let first = read(hospital.store.facility_list().await.unwrap()).next().unwrap();
    assert_eq!(first.1, crate::Facility { version: first.0, ..facility.clone() });

    facility.name = "O'Brien — ओ".to_owned();
    facility.slug = "o-brien-2".to_owned();
    facility.seal = Some(digest(7));
    facility.zone = TimeZone::get("America/New_York").unwrap();
    facility.settings.policy = PolicyKind::Apq;
    facility.settings.check_in = false;
    facility.settings.bands[Source::Online] = Band::new(9).unwrap();
    hospital.store.facility_put(&facility, &Along::default()).await.unwrap();
    let all: Vec<_> = read(hospital.store.facility_list().await.unwrap()).collect();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].1, crate::Facility { version: all[0].0, ..facility.clone() });

    for seal in [None, Some(digest(8))] {
        let unsealed = crate::Facility { seal, ..facility.clone() };
        hospital.store.facility_put(&unsealed, &Along::default()).await.unwrap();
        assert_eq!(hospital.store.facility_list().await.unwrap()[0].seal, Some(digest(7)), "sealed once");
    }
}

pub async fn two_facilities_do_not_share_a_slug(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let twin = crate::Facility { id: facility_id(2), ..hospital.record() };
    let answer = hospital.store.facility_put(&twin, &Along::default()).await;
    assert!(matches!(answer, Err(StoreError::Conflict(_))), "{answer:?}");
    assert_eq!(hospital.store.facility_list().await.unwrap().len(), 1);
    let other = Hospital::numbered(hospital.store.clone(), 2).await;
    let answer = other.store.facility_put(&twin, &Along::default()).await;
    assert!(matches!(answer, Err(StoreError::Conflict(_))), "{answer:?}");
    let slugs = other.store.facility_list().await.unwrap().into_iter().map(|facility| facility.slug);
    assert_eq!(slugs.collect::<Vec<_>>(), [hospital.record().slug, other.record().slug]);
}

pub async fn a_facilitys_version_goes_up_with_every_change_in_it(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let version = async || hospital.store.facility_version(hospital.facility).await.unwrap();
    let before = version().await;
    hospital.store.facility_put(&hospital.record(), &Along::default()).await.unwrap();
    let after_put = version().await;
    hospital.store.doctor_put(hospital.facility, &doctor(1), &Along::default()).await.unwrap();
    let after_doctor = version().await;
    assert!(before < after_put && after_put < after_doctor, "{before} {after_put} {after_doctor}");
    let line = schedule(0).remove(0);
    hospital.store.schedule_put(hospital.facility, &line, &Along::default()).await.unwrap();
    let after_line = version().await;
    assert_eq!(hospital.store.schedule_remove(hospital.facility, line.id, &Along::default()).await, Ok(true));
    let after_removal = version().await;
    assert!(after_doctor < after_line && after_line < after_removal);
    assert_eq!(hospital.store.facility_list().await.unwrap()[0].version, after_removal);
}

pub async fn a_doctor_reads_back_as_written_and_as_changed(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let mut record = doctor(3);
    assert_eq!(hospital.store.doctor_get(hospital.facility, record.id).await, Ok(Some(record.clone())));
    record = Doctor {
        name: "Dr. Ångström".to_owned(),
        letter: "ZZ".to_owned(),
        status: DoctorStatus::OnLeave,
        mean_visit_minutes: u16::MAX,
        room: String::new(),
        ..record
    };
    hospital.store.doctor_put(hospital.facility, &record, &Along::default()).await.unwrap();
    assert_eq!(hospital.store.doctor_get(hospital.facility, record.id).await, Ok(Some(record)));
    assert_eq!(hospital.store.doctor_get(hospital.facility, doctor_id(99)).await, Ok(None));
}

pub async fn two_doctors_do_not_share_a_letter(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let twin = Doctor { letter: doctor(1).letter, ..doctor(50) };
    let answer = hospital.store.doctor_put(hospital.facility, &twin, &Along::default()).await;
    assert!(matches!(answer, Err(StoreError::Conflict(_))), "{answer:?}");
    assert_eq!(hospital.store.doctor_get(hospital.facility, twin.id).await, Ok(None));
}

pub async fn doctors_are_listed_by_id_in_pages(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let (mut after, mut listed) = (None, Vec::new());
    loop {
        let page = hospital.store.doctor_list(hospital.facility, after, 3).await.unwrap();
        assert!(page.len() <= 3);
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        listed.extend(page);
    }
    assert_eq!(listed, (0..Hospital::DOCTORS).map(doctor).collect::<Vec<_>>());
}

/// One line of each kind.
fn schedule(of_doctor: u32) -> Vec<ScheduleLine> {
    let template = SlotTemplate {
        start: time(9, 0, 0, 0),
        end: time(12, 30, 0, 0),
        slot_minutes: 30,
        max_count: 5,
        hard_limit: 7,
    };
    let (from, to) = (date(2026, 2, 2), date(2026, 12, 31));
    let weekly = |weekday, valid_from, valid_to| {
        ScheduleRule::Weekly(WeeklyHours { weekday, template, valid_from, valid_to })
    };
    let rules = [
        weekly(Weekday::Monday, None, None),
        weekly(Weekday::Sunday, Some(from), Some(to)),
        weekly(Weekday::Wednesday, None, Some(to)),
        ScheduleRule::Absence(Absence { from, to, instead: Vec::new() }),
        ScheduleRule::Absence(Absence { from, to: from, instead: vec![template] }),
    ];
    let line = |(number, rule)| ScheduleLine {
        id: schedule_id(of_doctor * 100 + number),
        doctor: doctor_id(of_doctor),
        rule,
        note: format!("Nº {number}: कॉन्फ़्रेंस"),
    };
    (0..).zip(rules).map(line).collect()
}

pub async fn a_schedule_reads_back_as_written_and_as_changed(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let (store, facility) = (&hospital.store, hospital.facility);
    let mut lines = schedule(0);
    for line in lines.iter().rev().chain(&schedule(1)) {
        store.schedule_put(facility, line, &Along::default()).await.unwrap();
    }
    assert_eq!(store.schedule_list(facility, doctor_id(0)).await, Ok(lines.clone()));
    assert_eq!(store.schedule_list(facility, doctor_id(1)).await, Ok(schedule(1)));
    assert_eq!(store.schedule_list(facility, doctor_id(2)).await, Ok(Vec::new()));
    // A line may become one of another kind.
    let rule = lines[3].rule.clone();
    lines[0].rule = rule;
    store.schedule_put(facility, &lines[0], &Along::default()).await.unwrap();
    assert_eq!(store.schedule_list(facility, doctor_id(0)).await, Ok(lines.clone()));
    let gone = lines.remove(1);
    assert_eq!(store.schedule_remove(facility, gone.id, &Along::default()).await, Ok(true));
    assert_eq!(store.schedule_remove(facility, gone.id, &Along::default()).await, Ok(false));
    assert_eq!(store.schedule_list(facility, doctor_id(0)).await, Ok(lines));
}

pub async fn a_record_is_not_written_if_its_receipt_is_not(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let (store, facility) = (&hospital.store, hospital.facility);
    let (first, second) = (receipt(facility, "first"), receipt(facility, "second"));
    store.doctor_put(facility, &doctor(20), &with_receipt(&first)).await.unwrap();
    let line = schedule(0).remove(0);
    store.schedule_put(facility, &line, &with_receipt(&second)).await.unwrap();
    assert_eq!(store.receipt_get(facility, "first").await, Ok(Some(first.clone())));
    assert_eq!(store.receipt_get(facility, "second").await, Ok(Some(second)));

    let again = store.doctor_put(facility, &doctor(21), &with_receipt(&first)).await;
    assert!(matches!(again, Err(StoreError::Conflict(_))), "{again:?}");
    assert_eq!(store.doctor_get(facility, doctor_id(21)).await, Ok(None));
    let changed = ScheduleLine { note: "changed".to_owned(), ..line.clone() };
    let again = store.schedule_put(facility, &changed, &with_receipt(&first)).await;
    assert!(matches!(again, Err(StoreError::Conflict(_))), "{again:?}");
    assert_eq!(store.schedule_list(facility, doctor_id(0)).await, Ok(vec![line]));
    assert_unchanged_version(&**store, facility).await;
}

/// What fails does not raise the version either.
async fn assert_unchanged_version(store: &dyn Store, facility: FacilityId) {
    let before = store.facility_version(facility).await.unwrap();
    let kept = receipt(facility, "first");
    assert!(store.doctor_put(facility, &doctor(22), &with_receipt(&kept)).await.is_err());
    assert_eq!(store.facility_version(facility).await, Ok(before));
}
