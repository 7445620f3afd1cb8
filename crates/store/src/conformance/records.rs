//! Facilities, doctors and schedules.

use baari_engine::{Band, PolicyKind, Source};
use jiff::tz::TimeZone;

use super::hospital::{Hospital, doctor};
use super::Harness;

pub async fn a_facility_reads_back_with_its_zone_and_settings(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let mut facility = hospital.record();
    let read = |list: Vec<crate::Facility>| list.into_iter().map(|facility| (facility.version, facility));
    let first = read(hospital.store.facility_list().await.unwrap()).next().unwrap();
    assert_eq!(first.1, crate::Facility { version: first.0, ..facility.clone() });

    facility.name = "O'Brien — ओ".to_owned();
    facility.zone = TimeZone::get("America/New_York").unwrap();
    facility.settings.policy = PolicyKind::Apq;
    facility.settings.check_in = false;
    facility.settings.bands[Source::Online] = Band::new(9).unwrap();
    hospital.store.facility_put(&facility).await.unwrap();
    let all: Vec<_> = read(hospital.store.facility_list().await.unwrap()).collect();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].1, crate::Facility { version: all[0].0, ..facility });
}

pub async fn a_facilitys_version_goes_up_with_every_change_in_it(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let version = async || hospital.store.facility_version(hospital.facility).await.unwrap();
    let before = version().await;
    hospital.store.facility_put(&hospital.record()).await.unwrap();
    let after_put = version().await;
    hospital.store.doctor_put(hospital.facility, &doctor(1), None).await.unwrap();
    let after_doctor = version().await;
    assert!(before < after_put && after_put < after_doctor, "{before} {after_put} {after_doctor}");
    assert_eq!(hospital.store.facility_list().await.unwrap()[0].version, after_doctor);
}
