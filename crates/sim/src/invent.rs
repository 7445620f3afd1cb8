//! An invented OPD day with three doctors: the reference day of `docs/science.md`, once with a doctor who leaves at noon,
//! once busy, once with a doctor who is late; and with what else happens in a hospital: online bookings, follow-ups of
//! another doctor, emergencies, no-shows, people who are away when called, cancellations, breaks.
//!
//! Where no source is named, the rates are our own, chosen so that every such thing happens on most days.

pub(crate) mod draws;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use baari_engine::{Settings, Source};

use crate::scenario::{Doctor, Patient, SaidDelay, Scenario, SlotPlan};
use draws::{Draws, Purpose};

const DATE: Date = Date::constant(2026, 2, 2);
const OPENS: Time = Time::constant(9, 0, 0, 0);
/// India, five and a half hours before Greenwich.
const ZONE: &str = "Asia/Kolkata";
const SLOTS: usize = 4;
const SLOT_MINUTES: f64 = 60.0;
const BOOKED_PER_SLOT: usize = 6;
const MEAN_VISIT_MINUTES: u16 = 6;
/// A slot's buffer for emergencies: the 95 % quantile of Poisson(0.4), and one more.
const BUFFER: u32 = 2;

/// Who comes, and is not there when called the first time, and the next times.
const MISSES_CALL: f64 = 0.06;
const MISSES_NEXT: f64 = 0.25;
/// Of those whose token was given up before they came, who still wants to be seen.
const BOOKS_ANEW: f64 = 0.8;
/// Whoever is called and does not come is called once more after this.
const RECALLS_MINUTES: f64 = 3.0;
const BREAK_MINUTES: u16 = 10;

/// What sets a doctor apart from the others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Practice {
    /// What the doctor is called.
    pub name: &'static str,
    /// Doctors of one speciality take each other's patients over.
    pub speciality: &'static str,
    /// Walk-ins expected.
    pub walk_ins: f64,
    /// Seats for everybody in each hour.
    pub max_count: u32,
    /// What one can rely on.
    pub habit: Habit,
}

/// What one can rely on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Habit {
    /// Nothing in particular.
    Plain,
    /// Leaves around noon.
    Leaves,
    /// Takes a break in the second half of the morning.
    Breaks,
    /// Begins at least this late, and says so.
    Late {
        /// Minutes.
        minutes_min: f64,
    },
}

const PRACTICES: [Practice; 3] = [
    Practice {
        name: "Dr Rao",
        speciality: "General medicine",
        walk_ins: 10.0,
        max_count: 10,
        habit: Habit::Leaves,
    },
    Practice {
        name: "Dr Khan",
        speciality: "Orthopaedics",
        walk_ins: 16.0,
        max_count: 8,
        habit: Habit::Breaks,
    },
    Practice {
        name: "Dr Iyer",
        speciality: "General medicine",
        walk_ins: 10.0,
        max_count: 10,
        habit: Habit::Late { minutes_min: 25.0 },
    },
];

/// Invents a day. The same seed gives the same day, on every run.
pub fn invent(seed: u64) -> Scenario {
    invent_for(seed, DATE, &PRACTICES)
}

/// Invents a day of these doctors, on this date.
pub fn invent_for(seed: u64, date: Date, practices: &[Practice]) -> Scenario {
    let mut patients = Vec::new();
    let mut doctors = Vec::new();
    for (doctor, practice) in practices.iter().enumerate() {
        let draws = Draws { seed, doctor };
        let pace = draws.visits(Purpose::Pace, 1.0, 0.15).next().unwrap_or(1.0);
        doctors.push(invent_doctor(&draws, practice));
        patients.extend(booked(&draws, pace, practices.len()));
        patients.extend(walk_ins(&draws, pace, practice.walk_ins));
        patients.extend(emergencies(&draws, pace));
    }
    for (index, patient) in patients.iter_mut().enumerate() {
        patient.name = format!("P{index:03}");
    }
    let zone = TimeZone::get(ZONE).expect("the bundled time zones know India");
    Scenario {
        name: format!("day {seed}"),
        seed,
        date,
        opens: OPENS,
        zone,
        settings: Settings { pull_forward: true, ..Settings::default() },
        timers: true,
        doctors,
        patients,
    }
}

fn invent_doctor(draws: &Draws, practice: &Practice) -> Doctor {
    let late = draws.exponential(Purpose::Late, 12.0);
    let minute = |purpose, low, high| draws.uniform(purpose, low, high).next().unwrap_or(low);
    let slots = (0..SLOTS).map(|slot| slot_plan(slot, practice.max_count)).collect();
    let doctor = Doctor {
        speciality: practice.speciality.to_owned(),
        recalls_min: Some(RECALLS_MINUTES),
        ..Doctor::new(practice.name.to_owned(), late.min(60.0), MEAN_VISIT_MINUTES, slots)
    };
    match practice.habit {
        Habit::Plain => doctor,
        Habit::Leaves => {
            let noon = 3.0 * SLOT_MINUTES;
            Doctor { leaves_min: Some(minute(Purpose::LeavesAt, noon - 10.0, noon + 10.0)), ..doctor }
        }
        Habit::Breaks => {
            let at_min = minute(Purpose::BreakAt, 90.0, 130.0);
            let why = Some("a break".to_owned());
            Doctor { delays: vec![SaidDelay { at_min, minutes: BREAK_MINUTES, why }], ..doctor }
        }
        Habit::Late { minutes_min } => {
            let starts_min = (minutes_min + late).min(60.0);
            let at_min = minute(Purpose::SaidLateAt, -20.0, 0.0);
            let minutes = said(starts_min * minute(Purpose::SaidLate, 0.7, 1.1));
            let why = Some("stuck in traffic".to_owned());
            Doctor { starts_min, delays: vec![SaidDelay { at_min, minutes, why }], ..doctor }
        }
    }
}

/// People say five, ten, fifteen minutes.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "nobody says to be an hour and a half late, or early"
)]
fn said(minutes: f64) -> u16 {
    5 * (minutes / 5.0).round() as u16
}

fn slot_plan(slot: usize, max_count: u32) -> SlotPlan {
    let start_min = slot as f64 * SLOT_MINUTES;
    SlotPlan { start_min, end_min: start_min + SLOT_MINUTES, max_count, hard_limit: max_count + BUFFER }
}

/// Six in each slot, ten minutes apart; positions 0 and 3 have paid, the others come back or booked online.
fn booked(draws: &Draws, pace: f64, doctors: usize) -> impl Iterator<Item = Patient> {
    let doctor = draws.doctor;
    let mut online = draws.chances(Purpose::Online, 0.2);
    let mut elsewhere = draws.chances(Purpose::Elsewhere, 0.15);
    let mut shows = draws.chances(Purpose::Shows, 0.85);
    let mut early = draws.punctuality(Purpose::Punctuality, -10.0, 15.0);
    let mut visits = draws.visits(Purpose::BookedVisit, f64::from(MEAN_VISIT_MINUTES), 0.6);
    let mut cancels = draws.chances(Purpose::Cancels, 0.05);
    let mut notice = draws.uniform(Purpose::CancelNotice, 5.0, 120.0);
    let absences = [Purpose::BookedMisses, Purpose::BookedBack, Purpose::BookedGoesHome];
    let mut misses = draws.missed_calls(absences, MISSES_CALL, MISSES_NEXT);
    let mut anew = draws.chances(Purpose::BookedBooksAnew, BOOKS_ANEW);
    let mut earlier = draws.chances(Purpose::EarlierOk, 0.3);
    (0..SLOTS * BOOKED_PER_SLOT).map(move |place| {
        let position = place % BOOKED_PER_SLOT;
        let (is_online, is_elsewhere) = (online.next() == Some(true), elsewhere.next() == Some(true));
        let source = match position {
            0 | 3 => Source::PaidPriority,
            _ if is_online => Source::Online,
            _ => Source::FollowUp,
        };
        let previous = if is_elsewhere { (doctor + 1) % doctors } else { doctor };
        let due = place as f64 * SLOT_MINUTES / BOOKED_PER_SLOT as f64;
        let (is_cancelled, notice) = (cancels.next() == Some(true), notice.next().unwrap_or(60.0));
        Patient {
            slot: Some(place / BOOKED_PER_SLOT),
            due_min: Some(due),
            shows: shows.next() == Some(true),
            previous_doctor: (source == Source::FollowUp).then_some(previous),
            cancels_min: is_cancelled.then_some(due - notice),
            misses_calls: misses.next().unwrap_or_default(),
            earlier_ok: earlier.next() == Some(true),
            books_anew: u8::from(anew.next() == Some(true)),
            ..Patient::new(
                doctor,
                source,
                due + early.next().unwrap_or(0.0),
                pace * visits.next().unwrap_or(1.0),
            )
        }
    })
}

/// To the first slot with room; every other one waits for a seat if there is none, and a few lose patience.
fn walk_ins(draws: &Draws, pace: f64, expected: f64) -> impl Iterator<Item = Patient> {
    let doctor = draws.doctor;
    let mut visits = draws.visits(Purpose::WalkInVisit, f64::from(MEAN_VISIT_MINUTES), 0.6);
    let mut waits = draws.chances(Purpose::Waitlist, 0.5);
    let mut leaves = draws.chances(Purpose::Leaves, 0.04);
    let mut patience = draws.uniform(Purpose::Patience, 20.0, 90.0);
    let absences = [Purpose::WalkInMisses, Purpose::WalkInBack, Purpose::WalkInGoesHome];
    let mut misses = draws.missed_calls(absences, MISSES_CALL, MISSES_NEXT);
    let mut anew = draws.chances(Purpose::WalkInBooksAnew, BOOKS_ANEW);
    let count = draws.count(Purpose::WalkInCount, expected);
    draws.front_loaded(Purpose::WalkInArrival).take(count).map(move |arrive| {
        let (leaves, patience) = (leaves.next() == Some(true), patience.next().unwrap_or(60.0));
        Patient {
            waitlist: waits.next() == Some(true),
            cancels_min: leaves.then_some(arrive + patience),
            misses_calls: misses.next().unwrap_or_default(),
            books_anew: u8::from(anew.next() == Some(true)),
            ..Patient::new(doctor, Source::WalkIn, arrive, pace * visits.next().unwrap_or(1.0))
        }
    })
}

/// At any time, 0.4 an hour; half as long again as others.
fn emergencies(draws: &Draws, pace: f64) -> impl Iterator<Item = Patient> {
    let doctor = draws.doctor;
    let mut visits = draws.visits(Purpose::EmergencyVisit, f64::from(MEAN_VISIT_MINUTES), 0.6);
    let day_minutes = SLOTS as f64 * SLOT_MINUTES;
    let count = draws.count(Purpose::EmergencyCount, 0.4 * SLOTS as f64);
    let arrivals = draws.uniform(Purpose::EmergencyArrival, 0.0, day_minutes).take(count);
    arrivals.map(move |arrive| {
        let visit = 1.5 * pace * visits.next().unwrap_or(1.0);
        Patient { waitlist: true, ..Patient::new(doctor, Source::Emergency, arrive, visit) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_days_have_all_that_a_hospital_has() {
        let days: Vec<Scenario> = (0..50).map(invent).collect();
        let patients = || days.iter().flat_map(|day| &day.patients);
        for source in Source::ALL {
            assert!(patients().any(|patient| patient.source == source), "{source}");
        }
        assert!(patients().any(|patient| !patient.shows));
        assert!(patients().any(|patient| patient.cancels_min.is_some()));
        assert!(patients().any(|patient| patient.previous_doctor.is_some_and(|last| last != patient.doctor)));
        assert!(patients().any(|patient| patient.misses_calls.iter().any(Option::is_some)));
        assert!(patients().any(|patient| patient.misses_calls.iter().any(Option::is_none)));
        assert!(patients().any(|patient| patient.earlier_ok));
        assert!(patients().any(|patient| patient.books_anew > 0));
        for day in &days {
            let [rao, khan, iyer] = day.doctors.as_slice() else { panic!("three doctors") };
            assert!(rao.leaves_min.is_some_and(|minute| (170.0..190.0).contains(&minute)));
            assert!(rao.speciality == iyer.speciality && rao.speciality != khan.speciality);
            assert!(khan.delays.len() == 1 && iyer.delays.len() == 1 && iyer.starts_min >= 25.0);
            assert!(day.check().is_ok());
        }
    }

    #[test]
    fn the_parameters_are_those_of_the_reference_day() {
        let days: Vec<Scenario> = (0..400).map(invent).collect();
        let of = |source: Source| {
            days.iter().flat_map(|day| &day.patients).filter(move |patient| patient.source == source)
        };
        let mean = |values: Vec<f64>| values.iter().sum::<f64>() / values.len() as f64;
        let per_day = |source| of(source).count() as f64 / days.len() as f64;
        assert!((per_day(Source::WalkIn) - 36.0).abs() < 1.0, "{}", per_day(Source::WalkIn));
        assert!((per_day(Source::Emergency) - 4.8).abs() < 0.4, "{}", per_day(Source::Emergency));
        assert!((per_day(Source::PaidPriority) - 24.0).abs() < f64::EPSILON);
        let visit = mean(of(Source::PaidPriority).map(|patient| patient.visit_min).collect());
        assert!((visit - 6.0).abs() < 0.2, "{visit}");
        let shows =
            mean(of(Source::PaidPriority).map(|patient| f64::from(u8::from(patient.shows))).collect());
        assert!((shows - 0.85).abs() < 0.02, "{shows}");
        let early = mean(of(Source::PaidPriority).map(|p| p.arrive_min - p.due_min.unwrap()).collect());
        assert!((early + 10.0).abs() < 0.7, "{early}");
    }

    #[test]
    fn a_seed_is_a_day() {
        assert_eq!(invent(7).patients, invent(7).patients);
        assert_ne!(invent(7).patients, invent(8).patients);
    }
}
