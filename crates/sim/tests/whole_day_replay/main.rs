//! All that happens on a real day, one thing at a time, on days that fit on a hand.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod absent;
mod doctor;
mod estimates;
mod seats;

use baari_engine::{Settings, Source};
use baari_sim::{Doctor, InMemory, Outcome, Patient, Scenario, SlotPlan, Summary, audit, play, story};
use jiff::civil::{date, time};
use jiff::tz::TimeZone;

/// Hour after hour from the opening, with so many seats and two more for emergencies.
fn doctor(name: &str, hours: u32, max_count: u32) -> Doctor {
    let slot = |hour: u32| SlotPlan {
        start_min: f64::from(hour) * 60.0,
        end_min: f64::from(hour + 1) * 60.0,
        max_count,
        hard_limit: max_count + 2,
    };
    Doctor::new(name.to_owned(), 0.0, 10, (0..hours).map(slot).collect())
}

/// Comes at this minute without an appointment, for ten minutes.
fn comes(source: Source, arrive_min: f64) -> Patient {
    Patient {
        name: format!("{}{arrive_min}", source.name()),
        previous_doctor: Some(0),
        ..Patient::new(0, source, arrive_min, 10.0)
    }
}

/// Has an appointment in this slot, and is five minutes early.
fn due(slot: usize, due_min: f64) -> Patient {
    Patient { slot: Some(slot), due_min: Some(due_min), ..comes(Source::FollowUp, due_min - 5.0) }
}

fn day(doctors: Vec<Doctor>, patients: Vec<Patient>) -> Scenario {
    Scenario {
        name: "a day".to_owned(),
        seed: 1,
        date: date(2026, 2, 2),
        opens: time(9, 0, 0, 0),
        zone: TimeZone::UTC,
        settings: Settings::default(),
        timers: true,
        doctors,
        patients,
    }
}

/// A day that was played.
struct Played {
    day: Scenario,
    outcome: Outcome,
}

impl Played {
    fn new(day: Scenario) -> Self {
        let outcome = play(&day, &mut InMemory, &mut |_, _| {}).unwrap();
        Self { day, outcome }
    }

    fn starts(&self) -> Vec<Option<f64>> {
        self.outcome.patients.iter().map(|seen| seen.start_min).collect()
    }

    fn endings(&self) -> Vec<&'static str> {
        self.outcome.patients.iter().map(|seen| seen.ending.name()).collect()
    }

    fn slots(&self) -> Vec<Option<usize>> {
        self.outcome.patients.iter().map(|seen| seen.slot).collect()
    }

    fn doctors(&self) -> Vec<usize> {
        self.outcome.patients.iter().map(|seen| seen.doctor).collect()
    }

    fn summary(&self) -> Summary {
        Summary::new(&self.day, &self.outcome)
    }

    fn story(&self) -> Vec<String> {
        let opening = self.day.opening().unwrap();
        let line = |line: baari_sim::Line| {
            let name = &self.day.doctors[line.doctor].name;
            format!("{} {name} {}", opening.wall_clock(line.minute).strftime("%H:%M"), line.text)
        };
        story(&self.day, &self.outcome).into_iter().map(line).collect()
    }

    fn findings(&self) -> Vec<String> {
        let findings = audit(&self.day, &self.outcome.steps).unwrap();
        findings.iter().map(ToString::to_string).collect()
    }
}

#[test]
fn the_auditor_finds_nothing_in_these_days() {
    let mut days = doctor::days();
    days.extend(absent::days());
    days.extend(seats::days());
    for (name, day) in days {
        assert_eq!(Played::new(day).findings(), Vec::<String>::new(), "{name}");
    }
}
