//! One doctor, first come first served, Poisson arrivals and exponential visits (M/M/1), through the same engine: here the
//! error of *people ahead × mean* is known.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use baari_engine::{Command, Day, PolicyKind, Settings, Source, queue};

use super::reference::comes;
use crate::executor::InMemory;
use crate::invent::draws::{Draws, Purpose};
use crate::outcome::Step;
use crate::replay::{ReplayError, replay_observed};
use crate::scenario::{Doctor, Scenario, SlotPlan};

const DATE: Date = Date::constant(2026, 2, 2);
/// The mean visit.
const MEAN_MINUTES: f64 = 1.0;
/// Visits per visit's time that are asked for: the load.
const LOAD: f64 = 0.6;
const CLOSES_MIN: f64 = 1_200.0;
/// Before this the queue still remembers that it began empty (its relaxation time is m/(1 − √ρ)², 20 minutes).
const SETTLED_MIN: f64 = 150.0;
const SEATS: u32 = 5_000;

/// Sums over those who were asked.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Squares {
    pub(super) sum: f64,
    pub(super) count: f64,
}

/// The squared error that theory expects: as many visits are before somebody as N is on average, ρ/(1 − ρ), each of them
/// off by a variance of m².
pub(super) const EXPECTED: f64 = MEAN_MINUTES * MEAN_MINUTES * LOAD / (1.0 - LOAD);

/// Plays one long day, and adds up the squared errors of *people ahead × mean*.
pub(super) fn play(seed: u64) -> Result<Squares, ReplayError> {
    let scenario = day(seed);
    let mut asked = Vec::new();
    let mut observer = |day: &Day, step: &Step| {
        if let (Command::Book(book), Ok(_)) = (&step.command, &step.result) {
            let places = queue(day, &scenario.settings, step.now);
            let ahead = places.iter().position(|place| place.token.id == book.token);
            asked.extend(ahead.map(|ahead| (book.token, step.minute, ahead as f64 * MEAN_MINUTES)));
        }
    };
    let outcome = replay_observed(&scenario, &mut InMemory, &mut observer)?;
    let mut squares = Squares::default();
    for (token, minute, predicted) in asked.into_iter().filter(|(_, minute, _)| *minute >= SETTLED_MIN) {
        let start_min = outcome.patients[outcome.ids.patient_index(token)].start_min;
        let Some(start_min) = start_min else { continue };
        squares.sum += (start_min - minute - predicted).powi(2);
        squares.count += 1.0;
    }
    Ok(squares)
}

fn day(seed: u64) -> Scenario {
    let draws = Draws { seed, doctor: 0 };
    let gaps = draws.exponentials(Purpose::WalkInArrival, MEAN_MINUTES / LOAD);
    let visits = draws.exponentials(Purpose::WalkInVisit, MEAN_MINUTES);
    let arrivals = gaps.scan(0.0, |minute, gap| {
        *minute += gap;
        Some(*minute)
    });
    let arrivals = arrivals.take_while(|minute| *minute < CLOSES_MIN);
    let slot = SlotPlan { start_min: 0.0, end_min: CLOSES_MIN, max_count: SEATS, hard_limit: SEATS };
    Scenario {
        name: String::new(),
        seed,
        date: DATE,
        opens: Time::midnight(),
        zone: TimeZone::UTC,
        settings: Settings { policy: PolicyKind::Fcfs, ..Settings::default() },
        timers: false,
        doctors: vec![Doctor::new(String::new(), 0.0, 1, vec![slot])],
        patients: arrivals.zip(visits).map(|(arrive, visit)| comes(Source::WalkIn, arrive, visit)).collect(),
    }
}
