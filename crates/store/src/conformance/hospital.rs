//! A small hospital to test with: one facility, some doctors, many patients. Everything about it is fixed.

use std::sync::Arc;

use baari_engine::{
    AuditId, Day, DayKey, DoctorFacts, DoctorId, DoctorStatus, FacilityId, KeyId, PatientFacts, PatientId,
    PatientStatus, ScheduleId, Settings, SlotId, TokenId, UserId,
};
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{Harness, Rehearsal};
use crate::{
    Along, AuditRow, DayCommit, Doctor, Facility, Group, Key, Patient, PatientWrite, Receipt, Role, Session,
    Sex, Store, User, Verdict,
};

/// The date that the tests take place on.
pub const DATE: Date = date(2026, 2, 2);

/// An identifier like those of the desk: it grows with `number`.
pub fn id(kind: u16, number: u32) -> Uuid {
    let fixed = 0x0194_0c5e_7a00_7000_8000_0000_0000_0000;
    Uuid::from_u128(fixed + (u128::from(kind) << 32) + u128::from(number))
}

pub fn facility_id(number: u32) -> FacilityId {
    FacilityId::from_uuid(id(1, number))
}

pub fn doctor_id(number: u32) -> DoctorId {
    DoctorId::from_uuid(id(2, number))
}

pub fn patient_id(number: u32) -> PatientId {
    PatientId::from_uuid(id(3, number))
}

pub fn slot_id(number: u32) -> SlotId {
    SlotId::from_uuid(id(4, number))
}

pub fn token_id(number: u32) -> TokenId {
    TokenId::from_uuid(id(5, number))
}

pub fn schedule_id(number: u32) -> ScheduleId {
    ScheduleId::from_uuid(id(6, number))
}

pub fn user_id(number: u32) -> UserId {
    UserId::from_uuid(id(7, number))
}

pub fn key_id(number: u32) -> KeyId {
    KeyId::from_uuid(id(8, number))
}

/// As of its minute.
pub fn audit_id(number: u32) -> AuditId {
    let millis = u128::from(at(i64::from(number)).as_millisecond().unsigned_abs());
    AuditId::from_uuid(Uuid::from_u128((millis << 80) + (id(9, number).as_u128() & ((1 << 80) - 1))))
}

/// A digest with every kind of byte in it, another one for each number.
pub fn digest(number: u32) -> [u8; 32] {
    let mut digest = std::array::from_fn(|position| u8::try_from(position * 8).unwrap_or(u8::MAX));
    digest[..4].copy_from_slice(&number.to_le_bytes());
    digest
}

/// What this facility is called in addresses.
pub fn slug(facility: FacilityId) -> String {
    format!("jeevan-{facility}")
}

/// The zone of the tests: it has no whole hours, and a day that begins on another date than UTC's.
pub fn zone() -> TimeZone {
    TimeZone::get("Asia/Kolkata").expect("the zones are bundled")
}

/// So many minutes after 09:00 on [`DATE`], and a few microseconds that must not get lost.
pub fn at(minutes: i64) -> Timestamp {
    let nine: Timestamp = "2026-02-02T03:30:00.000007Z".parse().expect("a fixed time");
    nine + SignedDuration::from_mins(minutes)
}

/// A receipt; its body holds every byte there is.
pub fn receipt(facility: FacilityId, key: &str) -> Receipt {
    let fingerprint = std::array::from_fn(|position| u8::try_from(position * 8).unwrap_or(u8::MAX));
    let body = (0..=u8::MAX).collect();
    Receipt { facility, key: key.to_owned(), fingerprint, status: 201, body, at: at(1) }
}

/// Only a receipt goes along.
pub fn with_receipt(kept: &Receipt) -> Along {
    Along { receipt: Some(kept.clone()), ..Along::default() }
}

/// Only this entry of the audit trail goes along.
pub fn with_audit(number: u32) -> Along {
    Along { audit: vec![audit(number)], ..Along::default() }
}

/// What the engine is told of every doctor.
pub fn facts() -> DoctorFacts {
    DoctorFacts::new(DoctorStatus::Active, 7)
}

/// What the engine is told of this patient.
pub fn patient_facts(number: u32) -> PatientFacts {
    PatientFacts {
        id: patient_id(number),
        status: PatientStatus::Active,
        previous_doctor: None,
        last_seen_by: None,
    }
}

/// A small hospital in a store.
pub struct Hospital {
    /// A handle on the database.
    pub store: Arc<dyn Store>,
    /// The facility.
    pub facility: FacilityId,
}

impl Hospital {
    /// How many doctors it has: 0, 1, 2 …
    pub const DOCTORS: u32 = 8;
    /// How many patients it has: 0, 1, 2 …
    pub const PATIENTS: u32 = 400;

    /// Writes the facility, its doctors and its patients into the harness's database.
    pub async fn new(harness: &dyn Harness) -> Self {
        Self::numbered(harness.open().await, 1).await
    }

    /// The same as another facility. All facilities have the same patients and doctors, by id.
    pub async fn numbered(store: Arc<dyn Store>, number: u32) -> Self {
        let facility = facility_id(number);
        let hospital = Self { store, facility };
        hospital.store.facility_put(&hospital.record(), &Along::default()).await.unwrap();
        for number in 0..Self::DOCTORS {
            hospital.store.doctor_put(facility, &doctor(number), &Along::default()).await.unwrap();
        }
        let along = Along::default;
        let write = |number| PatientWrite { facility, patient: patient(number), along: along() };
        let patients = (0..Self::PATIENTS).map(write).collect();
        hospital.store.commit(Group { patients, ..Group::default() }).await.unwrap();
        hospital
    }

    /// The facility as it is written first.
    pub fn record(&self) -> Facility {
        Facility {
            id: self.facility,
            slug: slug(self.facility),
            name: "Jeevan · जीवन".to_owned(),
            seal: None,
            zone: zone(),
            settings: Settings::default(),
            version: 0,
        }
    }

    /// The doctor-day of this doctor on [`DATE`].
    pub fn key(&self, doctor: u32) -> DayKey {
        DayKey { facility: self.facility, doctor: doctor_id(doctor), date: DATE }
    }

    /// A day to be rehearsed, with two slots (09:00 and 10:00; 3 seats, 4 with the buffer), not yet written.
    pub fn rehearsal(&self, doctor: u32) -> Rehearsal {
        Rehearsal::with_slots(self.key(doctor), doctor * 1_000)
    }

    /// The day as the store has it.
    pub async fn load(&self, key: DayKey) -> Day {
        self.store.day_load(key, &zone()).await.unwrap()
    }

    /// Writes these days, which must all be current.
    pub async fn write(&self, days: Vec<DayCommit>) {
        let expected = vec![Verdict::Committed; days.len()];
        assert_eq!(self.store.commit(Group { days, ..Group::default() }).await, Ok(expected));
    }
}

/// This doctor's record.
pub fn doctor(number: u32) -> Doctor {
    Doctor {
        id: doctor_id(number),
        name: format!("Dr. Nº {number} ज़ोया"),
        speciality: "Médecine générale".to_owned(),
        room: format!("{number}-B"),
        letter: char::from_digit(10 + number, 36).map(String::from).unwrap_or_default(),
        status: DoctorStatus::Active,
        mean_visit_minutes: 7,
        created_at: at(i64::from(number)),
    }
}

/// This patient's record.
pub fn patient(number: u32) -> Patient {
    Patient {
        id: patient_id(number),
        name: format!("Patient Number{number}"),
        phone: format!("+9198{number:08}"),
        status: PatientStatus::Active,
        previous_doctor: number.is_multiple_of(3).then(|| doctor_id(0)),
        mrn: number.is_multiple_of(2).then(|| format!("MRN-{number}")),
        abha: None,
        sex: [None, Some(Sex::Female), Some(Sex::Male), Some(Sex::Other)][number as usize % 4],
        birth_year: (!number.is_multiple_of(5))
            .then(|| 1880 + i16::try_from(number % 146).unwrap_or_default()),
        erased_at: None,
        created_at: at(0),
    }
}

/// What is left of this patient's record once they were erased.
pub fn erased(number: u32) -> Patient {
    Patient {
        name: String::new(),
        phone: String::new(),
        status: PatientStatus::Inactive,
        previous_doctor: None,
        mrn: None,
        abha: None,
        sex: None,
        birth_year: None,
        erased_at: Some(at(7)),
        ..patient(number)
    }
}

/// This user's record, before it is kept.
pub fn user(number: u32) -> User {
    User {
        id: user_id(number),
        name: format!("asha.{number}"),
        called: format!("Asha Nº {number} · आशा"),
        role: Role::ALL[number as usize % Role::ALL.len()],
        doctor: number.is_multiple_of(2).then(|| doctor_id(number % Hospital::DOCTORS)),
        password: number.is_multiple_of(3).then(|| "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA".to_owned()),
        must_change: number.is_multiple_of(5),
        subject: (!number.is_multiple_of(3)).then(|| format!("https://login.example {number}")),
        active: !number.is_multiple_of(7),
        created_at: at(i64::from(number)),
        version: 0,
    }
}

/// The same once it is kept.
pub fn kept(number: u32) -> User {
    User { version: 1, ..user(number) }
}

/// This session of this user; the higher its number, the later it began.
pub fn session(number: u32, of: u32) -> Session {
    Session {
        digest: digest(number),
        user: user_id(of),
        created_at: at(i64::from(number)),
        seen_at: at(i64::from(number) + 5),
        address: "2001:db8::7".to_owned(),
        agent: "Mozilla/5.0 (“X11”; Linux)".to_owned(),
    }
}

/// This key's record.
pub fn key(number: u32) -> Key {
    Key {
        id: key_id(number),
        name: format!("Screen Nº {number}"),
        digest: digest(number),
        scopes: ["day.read", "token.call"].map(str::to_owned).to_vec(),
        doctors: vec![doctor_id(3), doctor_id(1)],
        created_at: at(i64::from(number)),
        expires_at: at(600),
        revoked_at: None,
    }
}

/// This entry of the audit trail; the higher its number, the later it was made.
pub fn audit(number: u32) -> AuditRow {
    AuditRow {
        id: audit_id(number),
        at: at(i64::from(number)),
        actor: format!("user:{}", user_id(number % 3)),
        action: "patient.read".to_owned(),
        patient: number.is_multiple_of(2).then(|| patient_id(number % 4)),
        subject: format!("doctor {}", doctor_id(number % Hospital::DOCTORS)),
        detail: "room · कमरा".to_owned(),
        address: "192.0.2.7".to_owned(),
    }
}
