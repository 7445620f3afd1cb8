//! One simulated day, and what each patient would have been told at the counter.

use jiff::Timestamp;

use baari_engine::{
    Command, Day, DayPace, DoctorFacts, DoctorStatus, Estimator, History, Prediction, Settings, Source,
    Status, TokenId, WantedStatus, queue,
};

use super::reference::MEAN_VISIT_MINUTES;
use crate::executor::InMemory;
use crate::outcome::Step;
use crate::replay::{ReplayError, replay_observed};
use crate::scenario::Scenario;

/// What a patient could be told at check-in, and what came of it: call times, in minutes from the check-in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Told {
    /// By the estimator: the median, and the band.
    pub(super) at: f64,
    pub(super) p10: f64,
    pub(super) p90: f64,
    /// *People ahead × configured mean*, in each of its definitions.
    pub(super) plain: [f64; PLAIN],
    /// What the last one who was called had waited; none when nobody was.
    pub(super) last_wait: Option<f64>,
    /// What came.
    pub(super) actual: f64,
}

/// In how many ways *people ahead × configured mean* is defined here.
pub(super) const PLAIN: usize = 4;

/// A day that was played.
pub(super) struct Trial {
    pub(super) told: Vec<Told>,
    /// Waits of the walk-ins who were seen.
    pub(super) walk_in_waits: Vec<f64>,
    pub(super) pace: DayPace,
}

/// Plays the day, and asks at each check-in of somebody who is no emergency and is seen later.
pub(super) fn play(scenario: &Scenario, history: History) -> Result<Trial, ReplayError> {
    let facts = DoctorFacts { history, ..DoctorFacts::new(DoctorStatus::Active, MEAN_VISIT_MINUTES) };
    let mut asked: Vec<(TokenId, f64, Told)> = Vec::new();
    let mut observer = |day: &Day, step: &Step| {
        let Some(token) = checked_in(step) else { return };
        if let Some(told) = ask(day, &scenario.settings, facts, token, step.now) {
            asked.push((token, step.minute, told));
        }
    };
    let outcome = replay_observed(scenario, &mut InMemory, &mut observer)?;
    let told = asked.into_iter().filter_map(|(token, minute, told)| {
        let start_min = outcome.patients[outcome.ids.patient_index(token)].start_min?;
        Some(Told { actual: start_min - minute, ..told })
    });
    let people = scenario.patients.iter().zip(&outcome.patients);
    let walk_ins = people.filter(|(plan, _)| plan.source == Source::WalkIn);
    Ok(Trial {
        told: told.collect(),
        walk_in_waits: walk_ins.filter_map(|(_, seen)| seen.wait_min).collect(),
        pace: outcome.doctors.first().map(|doctor| DayPace::of(&doctor.day)).unwrap_or_default(),
    })
}

/// Whose check-in the step was: a booking of somebody who stands at the counter, or a booked patient who comes.
fn checked_in(step: &Step) -> Option<TokenId> {
    step.result.as_ref().ok()?;
    match &step.command {
        Command::Book(book) if book.checked_in == Some(true) && book.source != Source::Emergency => {
            Some(book.token)
        }
        Command::SetStatus(change) if change.status == WantedStatus::Exactly(Status::Arrived) => {
            Some(change.token)
        }
        _ => None,
    }
}

fn ask(day: &Day, settings: &Settings, facts: DoctorFacts, token: TokenId, now: Timestamp) -> Option<Told> {
    let places = queue(day, settings, now);
    let own = places.iter().position(|place| place.token.id == token)?;
    let Prediction { at, p10, p90 } = Estimator::new(day, settings, facts, now).all(&places)[own]?;
    let minutes = |at: Timestamp| at.duration_since(now).as_secs_f64() / 60.0;
    let ahead = |people: usize| people as f64 * f64::from(MEAN_VISIT_MINUTES);
    let in_list = ahead(own);
    let here = ahead(places[..own].iter().filter(|place| place.present).count());
    let planned = day.slots().iter().find(|slot| !slot.is_over(now)).map(|slot| slot.window.starts_at());
    let begins = planned.map_or(0.0, |planned| minutes(planned).max(0.0));
    let called = day.tokens().iter().filter(|token| token.called_at.is_some());
    let last = called.max_by_key(|token| token.called_at);
    let last_wait = last.and_then(|last| Some(last.called_at?.duration_since(last.arrived_at?)));
    Some(Told {
        at: minutes(at),
        p10: minutes(p10),
        p90: minutes(p90),
        plain: [begins + in_list, begins + here, in_list, here],
        last_wait: last_wait.map(|wait| wait.as_secs_f64() / 60.0),
        actual: 0.0,
    })
}
