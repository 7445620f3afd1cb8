//! The hospital that is measured: the same doctors, patients and slots in every database, written in bulk.

use anyhow::{Context, Result, ensure};
use baari_engine::{
    DayKey, DoctorId, DoctorStatus, EventKind, FacilityId, PatientId, PatientStatus, Settings, Slot, SlotId,
    Window,
};
use baari_store::{
    Along, DayCommit, Doctor, EventRow, Facility, Group, Patient, PatientWrite, Rows, Store, Verdict,
};
use jiff::civil::{Date, date, time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use uuid::Uuid;

/// Doctors that the bookings are spread over.
pub(super) const DOCTORS: u64 = 1_000;
/// What the server's clock shows when it starts: 09:00 on [`DATE`] in Kolkata.
pub(super) const NOW: &str = "2026-02-02T03:30:00Z";
/// The first date.
pub(super) const DATE: Date = date(2026, 2, 2);
/// People that one doctor sees on one date, at most; then the next date begins.
pub(super) const DAY_TOKENS: u64 = 1_000;
/// Bookings that each of the many doctors gets on one date; then all go on to the next.
const SPREAD_TOKENS: u64 = 250;
/// More bookings per second than any machine gives: so many are prepared for.
const RATE_MAX: u64 = 40_000;
/// Patients for each second that is measured.
const PATIENTS_PER_SECOND: u64 = 25_000;
const PATIENTS_MAX: u64 = 250_000;
/// Patients of one bulk write, and doctor-days of one.
const PATIENTS_AT_ONCE: u64 = 5_000;
const DAYS_AT_ONCE: usize = 500;
/// Bookings of the desk under siege for each second that is measured: for all phases, and more.
const SIEGE_PER_SECOND: u64 = 4_000;
/// Shares no factor with a number of patients: steps through all of them, in no order.
const STRIDE: u64 = 48_271;

/// Kinds of ids.
const FACILITY: u16 = 1;
const DOCTOR: u16 = 2;
const PATIENT: u16 = 3;
const SLOT: u16 = 4;

/// The doctors beside the many.
const ONE: u64 = DOCTORS;
const SHOWN: u64 = DOCTORS + 1;
const FOLLOWED: u64 = DOCTORS + 2;

/// The hospital, as large as this run needs it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hospital {
    pub(super) patients: u64,
    spread_dates: u64,
    one_dates: u64,
    /// The dates from tomorrow on, for servers that work by the machine's own clock: which comes first, and how many.
    real_first: u64,
    signed_in_dates: u64,
    siege_dates: u64,
}

/// One booking to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Booking {
    pub(super) patient: PatientId,
    pub(super) doctor: DoctorId,
    pub(super) date: Date,
}

impl Hospital {
    /// For measurements of this many seconds each, begun at this moment.
    pub(super) fn new(seconds: u64, now: Timestamp) -> Result<Self> {
        let bookings = RATE_MAX * (seconds + 1);
        // The open loop books with the same doctors, once more.
        let spread_dates = dates(2 * bookings);
        let tomorrow = now.to_zoned(zone()?).date().tomorrow().context("the machine's clock")?;
        let real_first = u64::try_from((tomorrow - DATE).get_days()).unwrap_or(0).max(spread_dates);
        Ok(Self {
            patients: (PATIENTS_PER_SECOND * (seconds + 1)).min(PATIENTS_MAX),
            spread_dates,
            one_dates: bookings.div_ceil(DAY_TOKENS),
            real_first,
            signed_in_dates: dates(RATE_MAX * 3 * (seconds + 1)),
            siege_dates: dates(SIEGE_PER_SECOND * (seconds + 1)),
        })
    }

    /// The `n`-th booking spread over all doctors, each with a patient that this doctor does not have on this date.
    pub(super) fn spread(&self, n: u64) -> Result<Booking> {
        self.spread_from(0, self.spread_dates, n)
    }

    /// The same from tomorrow on.
    pub(super) fn signed_in(&self, n: u64) -> Result<Booking> {
        self.spread_from(self.real_first, self.signed_in_dates, n)
    }

    /// The same on the dates after those.
    pub(super) fn siege(&self, n: u64) -> Result<Booking> {
        self.spread_from(self.real_first + self.signed_in_dates, self.siege_dates, n)
    }

    fn spread_from(&self, first: u64, dates: u64, n: u64) -> Result<Booking> {
        let round = n / DOCTORS / SPREAD_TOKENS;
        ensure!(round < dates, "more bookings than there are slots prepared for");
        // When all patients have come once they come again, to another doctor.
        let doctor = (n + n / self.patients) * 7_919 % DOCTORS;
        Ok(Booking { patient: self.patient(n), doctor: doctor_id(doctor), date: day_after(first + round) })
    }

    /// The `n`-th booking with the one doctor.
    pub(super) fn one(&self, n: u64) -> Result<Booking> {
        let round = n / DAY_TOKENS;
        ensure!(round < self.one_dates, "more bookings than there are slots prepared for");
        Ok(Booking { patient: self.patient(n), doctor: doctor_id(ONE), date: day_after(round) })
    }

    /// The `n`-th booking with the doctor whose queue is read.
    pub(super) fn shown(&self, n: u64) -> Booking {
        Booking { patient: self.patient(n), doctor: shown_doctor(), date: DATE }
    }

    /// The `n`-th booking with the doctor whose queue is followed live.
    pub(super) fn followed(&self, n: u64) -> Booking {
        Booking { patient: self.patient(n), doctor: followed_doctor(), date: DATE }
    }

    fn patient(&self, n: u64) -> PatientId {
        PatientId::from_uuid(id(PATIENT, n * STRIDE % self.patients))
    }

    /// Writes everything.
    pub(super) async fn write(&self, store: &dyn Store) -> Result<()> {
        let zone = zone()?;
        let now: Timestamp = NOW.parse().context("the bench's clock")?;
        let (name, settings) = ("Bench".to_owned(), Settings::default());
        let (id, slug) = (facility(), "bench".to_owned());
        let record = Facility { id, slug, name, seal: None, zone: zone.clone(), settings, version: 0 };
        store.facility_put(&record, &Along::default()).await?;
        for number in 0..=FOLLOWED {
            store.doctor_put(facility(), &doctor(number, now), &Along::default()).await?;
        }
        for from in (0..self.patients).step_by(usize::try_from(PATIENTS_AT_ONCE)?) {
            let write =
                |n| PatientWrite { facility: facility(), patient: patient(n, now), along: Along::default() };
            let patients = (from..self.patients.min(from + PATIENTS_AT_ONCE)).map(write).collect();
            store.commit(Group { patients, ..Group::default() }).await?;
        }
        let real = self.real_first..self.real_first + self.signed_in_dates + self.siege_dates;
        let rounds = (0..self.spread_dates).chain(real);
        let spread = rounds.flat_map(|round| (0..DOCTORS).map(move |doctor| (doctor, round)));
        let one = (0..self.one_dates).map(|round| (ONE, round));
        let days: Vec<(u64, u64)> = spread.chain(one).chain([(SHOWN, 0), (FOLLOWED, 0)]).collect();
        for days in days.chunks(DAYS_AT_ONCE) {
            let days: Option<Vec<_>> =
                days.iter().map(|&(doctor, round)| day(doctor, round, &zone, now)).collect();
            let days = days.context("the bench's hours")?;
            let verdicts = store.commit(Group { days, ..Group::default() }).await?;
            ensure!(verdicts.iter().all(|verdict| *verdict == Verdict::Committed), "the slots exist already");
        }
        Ok(())
    }
}

/// Dates that so many bookings with all doctors take.
const fn dates(bookings: u64) -> u64 {
    bookings.div_ceil(DOCTORS * SPREAD_TOKENS)
}

/// The facility.
pub(super) fn facility() -> FacilityId {
    FacilityId::from_uuid(id(FACILITY, 0))
}

/// The many doctors.
pub(super) fn doctor_id(number: u64) -> DoctorId {
    DoctorId::from_uuid(id(DOCTOR, number))
}

/// The doctor whose queue is read.
pub(super) fn shown_doctor() -> DoctorId {
    doctor_id(SHOWN)
}

/// The doctor whose queue is followed live.
pub(super) fn followed_doctor() -> DoctorId {
    doctor_id(FOLLOWED)
}

/// A doctor's slot on [`DATE`].
pub(super) fn slot_id(doctor: u64) -> SlotId {
    SlotId::from_uuid(id(SLOT, doctor))
}

/// A patient.
pub(super) fn patient_id(number: u64) -> PatientId {
    PatientId::from_uuid(id(PATIENT, number))
}

/// What the ids of doctors and of patients begin with; eight hexadecimal digits, the number, follow.
pub(super) fn prefixes() -> (String, String) {
    let prefix = |kind| id(kind, 0).to_string()[..28].to_owned();
    (prefix(DOCTOR), prefix(PATIENT))
}

/// Like the desk's ids: of version 7, in the order of their numbers.
fn id(kind: u16, number: u64) -> Uuid {
    let fixed = 0x0194_0c5e_7a00_7000_8000_0000_0000_0000;
    Uuid::from_u128(fixed + (u128::from(kind) << 32) + u128::from(number))
}

fn day_after(round: u64) -> Date {
    i64::try_from(round).ok().and_then(|days| DATE.checked_add(days.days()).ok()).unwrap_or(Date::MAX)
}

fn zone() -> Result<TimeZone> {
    TimeZone::get("Asia/Kolkata").context("the time zones that are built in")
}

fn doctor(number: u64, now: Timestamp) -> Doctor {
    Doctor {
        id: doctor_id(number),
        name: format!("Dr Bench {number}"),
        speciality: "General medicine".to_owned(),
        room: "1".to_owned(),
        letter: format!("D{number}"),
        status: DoctorStatus::Active,
        mean_visit_minutes: 6,
        created_at: now,
    }
}

fn patient(number: u64, now: Timestamp) -> Patient {
    Patient {
        id: patient_id(number),
        name: format!("Patient {number:07}"),
        phone: format!("+9190{number:08}"),
        status: PatientStatus::Active,
        previous_doctor: None,
        mrn: None,
        abha: None,
        sex: None,
        birth_year: None,
        erased_at: None,
        created_at: now,
    }
}

/// A doctor-day with one slot, 09:00–17:00, with a seat for everybody who will come.
fn day(doctor: u64, round: u64, zone: &TimeZone, now: Timestamp) -> Option<DayCommit> {
    let key = DayKey { facility: facility(), doctor: doctor_id(doctor), date: day_after(round) };
    let window = Window::new(key.date, time(9, 0, 0, 0), time(17, 0, 0, 0), zone)?;
    let id = SlotId::from_uuid(id(SLOT, doctor + 2 * DOCTORS * round));
    let seats = u32::try_from(DAY_TOKENS).ok()?;
    let added = EventRow {
        version: 1,
        ordinal: 0,
        at: now,
        actor: "bench".to_owned(),
        kind: EventKind::SlotAdded,
        token: None,
        slot: Some(id),
        reasons: Vec::new(),
    };
    Some(DayCommit {
        key,
        expected_version: 0,
        version: 1,
        next_token_no: 1,
        slots: Rows { new: vec![Slot::new(id, window, seats, seats)], changed: Vec::new() },
        tokens: Rows::default(),
        moved_in: Vec::new(),
        resumes_at: None,
        pace: None,
        resequenced: false,
        events: vec![added],
        receipts: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::*;

    fn hospital(seconds: u64, now: &str) -> Hospital {
        Hospital::new(seconds, now.parse().unwrap()).unwrap()
    }

    #[test]
    fn the_machine_s_own_dates_begin_tomorrow_and_are_no_others() {
        for (now, expected) in [
            ("2026-11-22T18:29:59Z", date(2026, 11, 23)),
            ("2026-11-22T18:30:00Z", date(2026, 11, 24)),
            ("2001-01-01T00:00:00Z", date(2026, 2, 4)),
        ] {
            let hospital = hospital(5, now);
            assert_eq!(hospital.signed_in(0).unwrap().date, expected, "{now}");
            assert!(hospital.siege(0).unwrap().date > hospital.signed_in(RATE_MAX * 18).unwrap().date);
            assert!(hospital.spread(RATE_MAX * 11).unwrap().date < expected);
        }
    }

    #[test]
    fn no_patient_books_twice_with_a_doctor_on_a_date() {
        let hospital = hospital(1, NOW);
        let bookings = RATE_MAX * 2;
        let one: HashSet<Booking> = (0..bookings).map(|n| hospital.one(n).unwrap()).collect();
        assert_eq!(one.len() as u64, bookings);
        let spread: HashSet<Booking> = (0..bookings * 2).map(|n| hospital.spread(n).unwrap()).collect();
        assert_eq!(spread.len() as u64, bookings * 2);
        assert!(hospital.spread(bookings * 4).is_err());
    }

    #[test]
    fn no_slot_gets_more_people_than_it_has_seats() {
        let hospital = hospital(4, NOW);
        let mut seats: HashMap<(DoctorId, Date), u64> = HashMap::new();
        for n in 0..RATE_MAX * 10 {
            let booking = hospital.spread(n).unwrap();
            *seats.entry((booking.doctor, booking.date)).or_default() += 1;
        }
        let most = seats.values().max().copied().unwrap_or_default();
        // When the patients come again the doctors' turns shift by one.
        assert!((SPREAD_TOKENS..SPREAD_TOKENS + 10).contains(&most), "{most}");
    }
}
