//! Patients, and how they are found.

use baari_engine::{PatientId, PatientStatus};

use super::Harness;
use super::hospital::{self, Hospital, at, doctor_id, patient, patient_id, receipt, with_receipt};
use crate::{Along, Group, Patient, PatientQuery, PatientWrite, Sex, StoreError};

async fn put(hospital: &Hospital, patients: Vec<Patient>) {
    let write = |patient| PatientWrite { facility: hospital.facility, patient, along: Along::default() };
    let patients = patients.into_iter().map(write).collect();
    hospital.store.commit(Group { patients, ..Group::default() }).await.unwrap();
}

async fn page(hospital: &Hospital, text: &str, after: Option<PatientId>, limit: u32) -> Vec<PatientId> {
    let query = PatientQuery { text: Some(text.to_owned()), after, limit };
    let found = hospital.store.patient_list(hospital.facility, &query).await.unwrap();
    found.into_iter().map(|patient| patient.id).collect()
}

/// The numbers of the patients found.
async fn find(hospital: &Hospital, text: &str) -> Vec<u32> {
    let found = page(hospital, text, None, 1_000).await;
    found.iter().map(|id| (0..2_000).find(|number| patient_id(*number) == *id).unwrap()).collect()
}

pub async fn patients_are_got_many_at_once(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let mut ids: Vec<_> = (0..Hospital::PATIENTS).map(patient_id).collect();
    ids.extend((5_000..6_000).map(patient_id));
    ids.reverse();
    let mut got = hospital.store.patient_get(hospital.facility, &ids).await.unwrap();
    got.sort_unstable_by_key(|patient| patient.id);
    assert_eq!(got, (0..Hospital::PATIENTS).map(patient).collect::<Vec<_>>());
    assert_eq!(hospital.store.patient_get(hospital.facility, &[]).await, Ok(Vec::new()));
}

pub async fn a_patient_reads_back_as_changed(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let changed = Patient {
        name: "Zoë Ünal".to_owned(),
        phone: String::new(),
        status: PatientStatus::Inactive,
        previous_doctor: Some(doctor_id(5)),
        mrn: None,
        abha: Some("12-3456-7890-1234".to_owned()),
        sex: Some(Sex::Other),
        birth_year: Some(2200),
        ..patient(0)
    };
    put(&hospital, vec![changed.clone()]).await;
    assert_eq!(hospital.store.patient_get(hospital.facility, &[changed.id]).await, Ok(vec![changed.clone()]));
    let cleared = Patient { sex: None, birth_year: None, abha: None, ..changed };
    put(&hospital, vec![cleared.clone()]).await;
    assert_eq!(hospital.store.patient_get(hospital.facility, &[cleared.id]).await, Ok(vec![cleared]));
    assert_eq!(find(&hospital, "zoë").await, [0]);
    assert_eq!(find(&hospital, "Number0").await, [0; 0], "the old name is forgotten");
}

pub async fn a_year_of_birth_is_one_that_can_be(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let write = |year| PatientWrite {
        facility: hospital.facility,
        patient: Patient { birth_year: Some(year), ..patient(0) },
        along: Along::default(),
    };
    for (year, good) in [(1880, true), (1879, false), (2200, true), (2201, false), (-1, false)] {
        let group = Group { patients: vec![write(year)], ..Group::default() };
        assert_eq!(hospital.store.commit(group).await.is_ok(), good, "{year}");
    }
}

pub async fn of_who_is_erased_neither_sex_nor_year_of_birth_is_left(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let erased = hospital::erased(1);
    for half in [
        Patient { sex: Some(Sex::Other), ..erased.clone() },
        Patient { birth_year: Some(1990), ..erased.clone() },
    ] {
        let write = PatientWrite { facility: hospital.facility, patient: half, along: Along::default() };
        let answer = hospital.store.commit(Group { patients: vec![write], ..Group::default() }).await;
        assert!(answer.is_err(), "{answer:?}");
    }
    put(&hospital, vec![erased]).await;
}

pub async fn who_was_erased_is_found_by_nothing_that_was_known(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let erased = hospital::erased(6);
    assert_eq!(find(&hospital, "Number6").await, [6, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69]);
    put(&hospital, vec![erased.clone()]).await;
    assert_eq!(hospital.store.patient_get(hospital.facility, &[erased.id]).await, Ok(vec![erased.clone()]));
    for text in ["Number6", "Patient Number6", "patient", "9198", "9800000006", "000006"] {
        assert!(!find(&hospital, text).await.contains(&6), "{text:?}");
    }
    let query = PatientQuery { text: None, after: Some(patient_id(5)), limit: 1 };
    assert_eq!(hospital.store.patient_list(hospital.facility, &query).await, Ok(vec![erased]));
}

pub async fn who_was_erased_is_never_written_back(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let erased = hospital::erased(6);
    put(&hospital, vec![erased.clone()]).await;
    let mut rehearsal = hospital.rehearsal(0);
    rehearsal.book(1, baari_engine::Source::WalkIn);
    let write = |patient| PatientWrite { facility: hospital.facility, patient, along: Along::default() };
    for late in [patient(6), Patient { erased_at: Some(at(9)), ..erased.clone() }] {
        let patients = vec![write(patient(2_000)), write(late)];
        let group = Group { days: vec![rehearsal.commit()], patients, ..Group::default() };
        let answer = hospital.store.commit(group).await;
        assert!(matches!(answer, Err(StoreError::Conflict(_))), "{answer:?}");
    }
    assert_eq!(hospital.load(hospital.key(0)).await.version(), 0, "nothing of the group is written");
    let ids = [patient_id(6), patient_id(2_000)];
    assert_eq!(hospital.store.patient_get(hospital.facility, &ids).await, Ok(vec![erased]));
    assert!(!find(&hospital, "Number6").await.contains(&6));
}

pub async fn patients_are_found_by_any_part_of_their_phone_number(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let phone = |number: u32, phone: &str| Patient { phone: phone.to_owned(), ..patient(number) };
    put(&hospital, vec![phone(1_000, "+447700900123"), phone(1_001, "0447700"), phone(1_002, "")]).await;
    put(&hospital, vec![phone(1_003, "9820011111"), phone(1_004, "+919820022222")]).await;
    for (text, expected) in [
        ("+91 98200 11111", &[1_003][..]),
        ("919820011111", &[1_003]),
        ("098200 11111", &[1_003]),
        ("9820022222", &[1_004]),
        ("0 98200-22222", &[1_004]),
        ("98200 2", &[1_004]),
        ("+447700900123", &[1_000][..]),
        ("07700 900123", &[1_000]),
        ("447700", &[1_000, 1_001]),
        ("+44 7700", &[1_000, 1_001]),
        ("00900", &[1_000]),
        ("0123", &[1_000]),
        ("5555555", &[]),
        ("98 0000 0007", &[7]),
    ] {
        let found: Vec<_> = find(&hospital, text).await;
        let found: Vec<_> =
            found.into_iter().filter(|number| *number >= 1_000 || text.starts_with("98")).collect();
        assert_eq!(found, expected, "{text:?}");
    }
}

pub async fn patients_are_found_by_the_beginning_of_any_word_of_their_name(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let named =
        |number: u32, name: &str| Patient { name: name.to_owned(), phone: String::new(), ..patient(number) };
    let patients = vec![
        named(1_000, "Asha Rao-Mehta"),
        named(1_001, "Élodie O'Brien"),
        named(1_002, "प्रिया शर्मा"),
        named(1_003, "  RAO,  Ramesh "),
        named(1_004, "100% Under_score"),
        named(1_005, "Rao Rao"),
    ];
    put(&hospital, patients).await;
    for (text, expected) in [
        ("asha", &[1_000][..]),
        ("ASHA r", &[1_000]),
        ("rao", &[1_000, 1_003, 1_005]),
        ("Ra", &[1_000, 1_003, 1_005]),
        ("meh", &[1_000]),
        ("rao mehta", &[1_000]),
        ("hta", &[]),
        ("éLO", &[1_001]),
        ("o'b", &[1_001]),
        ("शर्", &[1_002]),
        ("प्रिया शर्मा", &[1_002]),
        ("ramesh", &[1_003]),
        ("rao, r", &[1_003, 1_005]),
        ("10", &[1_004]),
        ("und%", &[1_004]),
        ("a_ha", &[]),
        ("%", &[]),
        ("nobody", &[]),
    ] {
        let found: Vec<_> = find(&hospital, text).await;
        let found: Vec<_> = found.into_iter().filter(|number| *number >= 1_000).collect();
        assert_eq!(found, expected, "{text:?}");
    }
}

pub async fn patients_are_listed_by_id_in_pages(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let everybody: Vec<_> = (0..Hospital::PATIENTS).map(patient_id).collect();
    // Nothing typed, an empty field, a name that all have, and digits that all have.
    for text in [None, Some(""), Some("  "), Some("PATIENT"), Some("+9198")] {
        let (mut after, mut listed) = (None, Vec::new());
        loop {
            let query = PatientQuery { text: text.map(str::to_owned), after, limit: 150 };
            let page = hospital.store.patient_list(hospital.facility, &query).await.unwrap();
            assert!(page.len() <= 150);
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            listed.extend(page.into_iter().map(|patient| patient.id));
        }
        assert_eq!(listed, everybody, "{text:?}");
    }
    assert_eq!(page(&hospital, "patient", Some(patient_id(10)), 2).await, [patient_id(11), patient_id(12)]);
}

pub async fn a_patient_is_not_written_if_the_receipt_is_not(harness: &dyn Harness) {
    let hospital = Hospital::new(harness).await;
    let kept = receipt(hospital.facility, "once");
    hospital.store.receipt_put(&kept).await.unwrap();
    let along = with_receipt(&kept);
    let write = PatientWrite { facility: hospital.facility, patient: patient(1_000), along };
    let answer = hospital.store.commit(Group { patients: vec![write], ..Group::default() }).await;
    assert!(matches!(answer, Err(StoreError::Conflict(_))), "{answer:?}");
    assert_eq!(hospital.store.patient_get(hospital.facility, &[patient_id(1_000)]).await, Ok(Vec::new()));
}
