//! The reference day of `docs/science.md`: one doctor, four hours.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use baari_engine::{PolicyKind, Settings, Source};

use crate::invent::draws::{Draws, Purpose};
use crate::scenario::{Doctor, Patient, Scenario, SlotPlan};

/// How long a visit is configured to take.
pub(super) const MEAN_VISIT_MINUTES: u16 = 6;

const DATE: Date = Date::constant(2026, 2, 2);
const OPENS: Time = Time::constant(9, 0, 0, 0);
const SLOTS: usize = 4;
const SLOT_MINUTES: f64 = 60.0;
const MAX_COUNT: u32 = 10;
/// The 95 % quantile of the emergencies in a slot, and one more.
const BUFFER: u32 = 2;
const BOOKED_PER_SLOT: usize = 6;
const SHOWS: f64 = 0.85;
const VISIT_CV: f64 = 0.6;
const PACE_CV: f64 = 0.15;
const LATE_MINUTES: f64 = 12.0;
const LATE_MINUTES_MAX: f64 = 60.0;
const EMERGENCIES_PER_HOUR: f64 = 0.4;
const EMERGENCY_FACTOR: f64 = 1.5;

/// What a reference day is like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct World {
    /// Walk-ins expected: 10 on a normal day, 16 on a busy one.
    pub walk_ins: f64,
    /// How many times as long as configured visits take.
    pub visit_factor: f64,
}

impl World {
    /// The normal day.
    pub const NORMAL: Self = Self { walk_ins: 10.0, visit_factor: 1.0 };
    /// The busy day.
    pub const BUSY: Self = Self { walk_ins: 16.0, visit_factor: 1.0 };
    /// The normal day of a doctor who takes 35 % longer than configured.
    pub const SLOW: Self = Self { walk_ins: 10.0, visit_factor: 1.35 };

    /// The day of this seed: the same people at the same times whatever the policy; the same booked people in every world.
    pub fn day(self, seed: u64, policy: PolicyKind) -> Scenario {
        let draws = Draws { seed, doctor: 0 };
        let pace = self.visit_factor * draws.visits(Purpose::Pace, 1.0, PACE_CV).next().unwrap_or(1.0);
        let mut patients: Vec<Patient> = booked(draws, pace).collect();
        patients.extend(walk_ins(draws, pace, self.walk_ins));
        patients.extend(emergencies(draws, pace));
        let slot = |slot: usize| {
            let start_min = slot as f64 * SLOT_MINUTES;
            let (end_min, hard_limit) = (start_min + SLOT_MINUTES, MAX_COUNT + BUFFER);
            SlotPlan { start_min, end_min, max_count: MAX_COUNT, hard_limit }
        };
        let starts_min = draws.exponential(Purpose::Late, LATE_MINUTES).min(LATE_MINUTES_MAX);
        let slots = (0..SLOTS).map(slot).collect();
        let doctor = Doctor::new(String::new(), starts_min, MEAN_VISIT_MINUTES, slots);
        Scenario {
            name: String::new(),
            seed,
            date: DATE,
            opens: OPENS,
            zone: TimeZone::UTC,
            settings: Settings { policy, ..Settings::default() },
            timers: false,
            doctors: vec![doctor],
            patients,
        }
    }
}

fn visits(draws: Draws, purpose: Purpose, factor: f64) -> impl Iterator<Item = f64> {
    draws.visits(purpose, f64::from(MEAN_VISIT_MINUTES) * factor, VISIT_CV)
}

/// Due every ten minutes; positions 0 and 3 of a slot have paid, the others come back.
fn booked(draws: Draws, pace: f64) -> impl Iterator<Item = Patient> {
    let mut shows = draws.chances(Purpose::Shows, SHOWS);
    let mut late = draws.punctuality(Purpose::Punctuality, -10.0, 15.0);
    let mut visits = visits(draws, Purpose::BookedVisit, pace);
    (0..SLOTS * BOOKED_PER_SLOT).map(move |place| {
        let due = place as f64 * SLOT_MINUTES / BOOKED_PER_SLOT as f64;
        let paid = matches!(place % BOOKED_PER_SLOT, 0 | 3);
        Patient {
            slot: Some(place / BOOKED_PER_SLOT),
            due_min: Some(due),
            shows: shows.next() == Some(true),
            previous_doctor: Some(0),
            ..comes(
                if paid { Source::PaidPriority } else { Source::FollowUp },
                due + late.next().unwrap_or(0.0),
                visits.next().unwrap_or(1.0),
            )
        }
    })
}

/// To the first slot not over with room.
fn walk_ins(draws: Draws, pace: f64, expected: f64) -> impl Iterator<Item = Patient> {
    let count = draws.count(Purpose::WalkInCount, expected);
    let arrivals = draws.front_loaded(Purpose::WalkInArrival).take(count);
    let visits = visits(draws, Purpose::WalkInVisit, pace);
    arrivals.zip(visits).map(|(arrive, visit)| comes(Source::WalkIn, arrive, visit))
}

/// At any time of the four hours.
fn emergencies(draws: Draws, pace: f64) -> impl Iterator<Item = Patient> {
    let count = draws.count(Purpose::EmergencyCount, EMERGENCIES_PER_HOUR * SLOTS as f64);
    let arrivals = draws.uniform(Purpose::EmergencyArrival, 0.0, SLOTS as f64 * SLOT_MINUTES).take(count);
    let visits = visits(draws, Purpose::EmergencyVisit, pace * EMERGENCY_FACTOR);
    arrivals.zip(visits).map(|(arrive, visit)| comes(Source::Emergency, arrive, visit))
}

pub(super) const fn comes(source: Source, arrive_min: f64, visit_min: f64) -> Patient {
    Patient::new(0, source, arrive_min, visit_min)
}
