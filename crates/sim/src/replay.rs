//! The event loop: plays a scenario against an executor, minute by minute.
//!
//! A doctor who is here is never idle while somebody present waits: asks the engine for the next one (`Command::Next`), as
//! a doctor at a console does. The visit starts at once when the patient is in the building, and is not interrupted; else
//! the doctor waits until the patient comes or the grace is over. The doctor goes on after the last slot until nobody present
//! waits, or leaves, and everybody who waits is moved. At one minute, what time alone does comes first (slots that end,
//! timers), then doctors begin, patients come and cancel, doctors leave, and calls come last, so that whoever comes in at
//! that minute can be called.
//!
//! `replay/room.rs` is the doctor's side, `replay/people.rs` the patients', `replay/execute.rs` puts decisions into effect.

mod agenda;
mod execute;
mod finish;
mod people;
mod room;

use jiff::Timestamp;

use baari_engine::{Command, Day, DayKey, NewSlot, Refusal};

use crate::auditor::{Finding, audit};
use crate::executor::{Executor, InMemory};
use crate::ids::Ids;
use crate::minutes::Opening;
use crate::outcome::{Outcome, Step};
use crate::scenario::{Scenario, ScenarioError};
use agenda::{Agenda, Happening};
use people::Person;
use room::Chair;

/// Why a scenario was not played to its end.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// It can't be played.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// The engine refused what it may not refuse.
    #[error("at minute {minute} a step of the day was refused: {refusal}")]
    Refused {
        /// When.
        minute: f64,
        /// Why.
        refusal: Refusal,
    },
    /// The executor has failed.
    #[error("{0}")]
    Broken(String),
    /// The auditor found decisions that break a rule.
    #[error("the auditor found {} faults; the first: {}", .0.len(), .0.first().map(ToString::to_string).unwrap_or_default())]
    Audit(Vec<Finding>),
}

/// Plays a scenario through the engine alone.
///
/// # Errors
/// The scenario can't be played, or the auditor found a fault.
pub fn replay(scenario: &Scenario) -> Result<Outcome, ReplayError> {
    replay_through(scenario, &mut InMemory)
}

/// Plays a scenario through this executor.
///
/// # Errors
/// The scenario can't be played, the executor failed, or the auditor found a fault.
pub fn replay_through(scenario: &Scenario, executor: &mut dyn Executor) -> Result<Outcome, ReplayError> {
    replay_observed(scenario, executor, &mut |_, _| {})
}

/// The same, and shows the observer every step with the doctor-day after it: before anything else happens, and before a doctor
/// who is free looks whom to call.
///
/// # Errors
/// As [`replay_through`].
pub fn replay_observed(
    scenario: &Scenario,
    executor: &mut dyn Executor,
    observer: &mut dyn FnMut(&Day, &Step),
) -> Result<Outcome, ReplayError> {
    let outcome = play(scenario, executor, observer)?;
    let findings = audit(scenario, &outcome.steps)?;
    if findings.is_empty() { Ok(outcome) } else { Err(ReplayError::Audit(findings)) }
}

/// The same without the audit, for those who do that themselves.
///
/// # Errors
/// The scenario can't be played, or the executor failed.
pub fn play(
    scenario: &Scenario,
    executor: &mut dyn Executor,
    observer: &mut dyn FnMut(&Day, &Step),
) -> Result<Outcome, ReplayError> {
    scenario.check()?;
    let mut replay = Replay::new(scenario, executor, observer)?;
    replay.prepare()?;
    replay.run()?;
    Ok(replay.finish())
}

struct Replay<'a> {
    scenario: &'a Scenario,
    executor: &'a mut dyn Executor,
    observer: &'a mut dyn FnMut(&Day, &Step),
    opening: Opening,
    ids: Ids,
    minute: f64,
    now: Timestamp,
    agenda: Agenda,
    days: Vec<Day>,
    chairs: Vec<Chair>,
    people: Vec<Person>,
    steps: Vec<Step>,
}

impl<'a> Replay<'a> {
    fn new(
        scenario: &'a Scenario,
        executor: &'a mut dyn Executor,
        observer: &'a mut dyn FnMut(&Day, &Step),
    ) -> Result<Self, ScenarioError> {
        let (opening, ids) = (scenario.opening()?, scenario.ids()?);
        let key =
            |doctor| DayKey { facility: ids.facility(), doctor: ids.doctor(doctor), date: scenario.date };
        let minute = before_everything(scenario);
        Ok(Self {
            scenario,
            executor,
            observer,
            ids,
            minute,
            now: opening.instant(minute),
            agenda: Agenda::new(scenario),
            days: (0..scenario.doctors.len()).map(|doctor| Day::empty(key(doctor))).collect(),
            chairs: vec![Chair::default(); scenario.doctors.len()],
            people: scenario.patients.iter().map(Person::new).collect(),
            steps: Vec::with_capacity(6 * scenario.patients.len() + scenario.doctors.len()),
            opening,
        })
    }

    /// Adds the slots and makes the advance bookings, before anything else happens.
    fn prepare(&mut self) -> Result<(), ReplayError> {
        for (doctor, plan) in self.scenario.doctors.iter().enumerate() {
            let slot = |(index, slot): (usize, &crate::SlotPlan)| {
                let window = self.opening.window(slot.start_min, slot.end_min)?;
                let (max_count, hard_limit) = (slot.max_count, slot.hard_limit);
                Some(NewSlot { id: self.ids.slot(doctor, index), window, max_count, hard_limit })
            };
            let slots: Vec<NewSlot> = plan.slots.iter().enumerate().filter_map(slot).collect();
            if !slots.is_empty() {
                self.must(doctor, Command::AddSlots(slots))?;
            }
        }
        for (patient, plan) in self.scenario.patients.iter().enumerate() {
            if plan.books_ahead() {
                self.book(patient)?;
            }
        }
        self.wind_timers();
        Ok(())
    }

    fn run(&mut self) -> Result<(), ReplayError> {
        loop {
            let ends = self.chairs.iter().filter_map(|chair| chair.visit_ends_min);
            let Some(minute) = ends.chain(self.agenda.next_minute()).min_by(f64::total_cmp) else {
                return Ok(());
            };
            (self.minute, self.now) = (minute, self.opening.instant(minute));
            while let Some(happening) = self.agenda.take_by(minute) {
                self.happen(happening)?;
            }
            for doctor in 0..self.chairs.len() {
                if std::mem::take(&mut self.chairs[doctor].stirred) || self.visit_is_over(doctor) {
                    self.look(doctor)?;
                }
            }
            self.wind_timers();
        }
    }

    fn happen(&mut self, happening: Happening) -> Result<(), ReplayError> {
        match happening {
            Happening::SlotEnds { doctor, slot } => self.slot_ends(doctor, slot),
            Happening::Lapses { doctor } => self.lapses(doctor),
            Happening::GraceEnds { doctor, patient } => self.grace_ends(doctor, patient),
            Happening::DoctorStarts { doctor } => {
                self.chairs[doctor].begun = true;
                self.chairs[doctor].stirred = true;
                Ok(())
            }
            Happening::DoctorReturns { doctor } => {
                self.chairs[doctor].stirred = true;
                Ok(())
            }
            Happening::SaysDelay { doctor, delay } => self.says_delay(doctor, delay),
            Happening::Recalls { doctor, patient } => self.recalls(doctor, patient),
            Happening::Arrives { patient } => self.arrives(patient),
            Happening::Returns { patient } => self.returns(patient),
            Happening::Cancels { patient } => self.cancels(patient),
            Happening::Leaves { doctor } => self.leaves(doctor),
        }
    }
}

/// A minute at which nobody has come, nothing has begun and nobody has cancelled.
fn before_everything(scenario: &Scenario) -> f64 {
    let doctors = scenario.doctors.iter();
    let slots = doctors.clone().flat_map(|doctor| &doctor.slots).map(|slot| slot.start_min);
    let said = doctors.clone().flat_map(|doctor| &doctor.delays).map(|said| said.at_min);
    let here = doctors.flat_map(|doctor| [Some(doctor.starts_min), doctor.leaves_min]);
    let people = scenario.patients.iter().flat_map(|patient| [Some(patient.arrive_min), patient.cancels_min]);
    slots.chain(said).chain(here.chain(people).flatten()).fold(0.0, f64::min) - 1.0
}
