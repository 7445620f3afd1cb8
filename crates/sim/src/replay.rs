//! The event loop: plays a scenario against an executor, minute by minute.
//!
//! A doctor who has begun is never idle while somebody present waits: when free, calls the first present token of the
//! engine's queue. The visit starts at once and is not interrupted. The doctor goes on after the last slot until nobody
//! present waits. At one minute, visits end first, then slots, then doctors begin, patients come and cancel, and calls come
//! last, so that whoever comes in at that minute can be called.

mod agenda;

use jiff::Timestamp;

use baari_engine::{
    Book, Circumstances, Command, Day, DayKey, Decision, DoctorFacts, DoctorStatus, EventKind, NewSlot,
    PatientFacts, PatientStatus, Refusal, Scene, SetStatus, Status, TokenId, WantedStatus, queue,
};

use crate::auditor::{Finding, audit};
use crate::executor::{Executor, Failure, InMemory};
use crate::ids::Ids;
use crate::minutes::Opening;
use crate::outcome::{DoctorDay, Ending, Outcome, Seen, Step, Visit};
use crate::scenario::{Scenario, ScenarioError};
use agenda::{Agenda, Happening};

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
    scenario.check()?;
    let mut replay = Replay::new(scenario, executor, observer)?;
    replay.prepare()?;
    replay.run()?;
    let outcome = replay.finish();
    let findings = audit(scenario, &outcome.steps)?;
    if findings.is_empty() { Ok(outcome) } else { Err(ReplayError::Audit(findings)) }
}

struct Replay<'a> {
    scenario: &'a Scenario,
    executor: &'a mut dyn Executor,
    observer: &'a mut dyn FnMut(&Day, &Step),
    opening: Opening,
    ids: Ids,
    minute: f64,
    now: Timestamp,
    days: Vec<Day>,
    chairs: Vec<Chair>,
    /// For each patient, whether they are in the building or have been.
    came: Vec<bool>,
    /// For each patient, whether they have said that they will not come, or have left.
    gone: Vec<bool>,
    steps: Vec<Step>,
}

/// Where a doctor sees patients.
#[derive(Debug, Clone, Default)]
struct Chair {
    begun: bool,
    busy_until: Option<f64>,
    /// Something has happened since the doctor last looked whom to call.
    stirred: bool,
    visits: Vec<Visit>,
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
            days: (0..scenario.doctors.len()).map(|doctor| Day::empty(key(doctor))).collect(),
            chairs: vec![Chair::default(); scenario.doctors.len()],
            came: vec![false; scenario.patients.len()],
            gone: vec![false; scenario.patients.len()],
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
        Ok(())
    }

    fn run(&mut self) -> Result<(), ReplayError> {
        let mut agenda = Agenda::new(self.scenario);
        loop {
            let ends = self.chairs.iter().filter_map(|chair| chair.busy_until);
            let Some(minute) = ends.chain(agenda.next_minute()).min_by(f64::total_cmp) else {
                return Ok(());
            };
            (self.minute, self.now) = (minute, self.opening.instant(minute));
            for doctor in 0..self.chairs.len() {
                if self.chairs[doctor].busy_until.is_some_and(|end| end <= minute) {
                    self.end_visit(doctor)?;
                }
            }
            while let Some(happening) = agenda.take_at(minute) {
                self.happen(happening)?;
            }
            for doctor in 0..self.chairs.len() {
                if std::mem::take(&mut self.chairs[doctor].stirred) {
                    self.call_next(doctor)?;
                }
            }
        }
    }

    fn happen(&mut self, happening: Happening) -> Result<(), ReplayError> {
        match happening {
            Happening::DoctorStarts { doctor } => {
                self.chairs[doctor].begun = true;
                self.chairs[doctor].stirred = true;
                Ok(())
            }
            Happening::SlotEnds { doctor, slot } => self.end_slot(doctor, slot),
            Happening::Arrives { patient } => self.arrive(patient),
            Happening::Cancels { patient } => self.cancel(patient),
        }
    }

    /// Those of the slot who never come are no-shows from now on.
    fn end_slot(&mut self, doctor: usize, slot: usize) -> Result<(), ReplayError> {
        let id = self.ids.slot(doctor, slot);
        let absent = |token: &&baari_engine::Token| {
            token.slot == Some(id)
                && token.status == Status::Booked
                && !self.scenario.patients[self.ids.patient_index(token.id)].shows
        };
        let absent: Vec<TokenId> =
            self.days[doctor].tokens().iter().filter(absent).map(|token| token.id).collect();
        for token in absent {
            self.set_status(doctor, token, Status::NoShow)?;
        }
        Ok(())
    }

    fn arrive(&mut self, patient: usize) -> Result<(), ReplayError> {
        if self.gone[patient] {
            return Ok(());
        }
        self.came[patient] = true;
        let plan = &self.scenario.patients[patient];
        if !plan.books_ahead() {
            return self.book(patient);
        }
        match self.status(patient) {
            Some(Status::Booked) => self.set_status(plan.doctor, self.ids.token(patient), Status::Arrived),
            // Still on the waitlist: checked in when a seat comes. Refused: goes home.
            _ => Ok(()),
        }
    }

    fn cancel(&mut self, patient: usize) -> Result<(), ReplayError> {
        self.gone[patient] = true;
        let doctor = self.scenario.patients[patient].doctor;
        match self.status(patient) {
            Some(Status::Waitlisted | Status::Booked | Status::Arrived) => {
                self.set_status(doctor, self.ids.token(patient), Status::Cancelled)
            }
            _ => Ok(()),
        }
    }

    fn call_next(&mut self, doctor: usize) -> Result<(), ReplayError> {
        let chair = &self.chairs[doctor];
        if !chair.begun || chair.busy_until.is_some() {
            return Ok(());
        }
        let places = queue(&self.days[doctor], &self.scenario.settings, self.now);
        let first = places.iter().find(|place| place.present && place.token.status == Status::Arrived);
        let Some(token) = first.map(|place| place.token.id) else { return Ok(()) };
        self.set_status(doctor, token, Status::Called)?;
        self.set_status(doctor, token, Status::InConsultation)?;
        let patient = self.ids.patient_index(token);
        let (start_min, end_min) = (self.minute, self.minute + self.scenario.patients[patient].visit_min);
        self.chairs[doctor].visits.push(Visit { patient, start_min, end_min });
        self.chairs[doctor].busy_until = Some(end_min);
        Ok(())
    }

    fn end_visit(&mut self, doctor: usize) -> Result<(), ReplayError> {
        self.chairs[doctor].busy_until = None;
        let Some(visit) = self.chairs[doctor].visits.last() else { return Ok(()) };
        let token = self.ids.token(visit.patient);
        self.set_status(doctor, token, Status::Completed)
    }

    fn book(&mut self, patient: usize) -> Result<(), ReplayError> {
        let plan = &self.scenario.patients[patient];
        let command = Command::Book(Book {
            token: self.ids.token(patient),
            code: self.ids.code(patient),
            patient: PatientFacts {
                id: self.ids.patient(patient),
                status: PatientStatus::Active,
                previous_doctor: plan.previous_doctor.map(|doctor| self.ids.doctor(doctor)),
            },
            source: plan.source,
            slot: plan.slot.map(|slot| self.ids.slot(plan.doctor, slot)),
            waitlist: plan.waitlist,
            override_why: plan.slot.map(|_| "The day's plan puts this patient here.".to_owned()),
            checked_in: Some(!plan.books_ahead()),
            earlier_ok: false,
            appointment_at: plan.due_min.map(|due| self.opening.instant(due)),
        });
        // A refused booking is an outcome, not an accident.
        self.execute(plan.doctor, command).map(drop)
    }

    fn set_status(&mut self, doctor: usize, token: TokenId, status: Status) -> Result<(), ReplayError> {
        self.must(doctor, Command::SetStatus(SetStatus { token, status: WantedStatus::Exactly(status) }))
    }

    fn status(&self, patient: usize) -> Option<Status> {
        let day = &self.days[self.scenario.patients[patient].doctor];
        day.token(self.ids.token(patient)).map(|token| token.status)
    }

    /// Executes what the engine may not refuse.
    fn must(&mut self, doctor: usize, command: Command) -> Result<(), ReplayError> {
        match self.execute(doctor, command)? {
            None => Ok(()),
            Some(refusal) => Err(ReplayError::Refused { minute: self.minute, refusal }),
        }
    }

    /// Executes a command, puts the decision into effect and keeps the step; returns the refusal if it was refused.
    fn execute(&mut self, doctor: usize, command: Command) -> Result<Option<Refusal>, ReplayError> {
        let others = (0..self.days.len()).filter(|other| *other != doctor && reaches_others(&command));
        let doctors: Vec<usize> = std::iter::once(doctor).chain(others).collect();
        let (days, scenario, now) = (&self.days, self.scenario, self.now);
        let scene = |&doctor: &usize| Scene { day: &days[doctor], on: circumstances(scenario, doctor, now) };
        let scenes: Vec<Scene<'_>> = doctors.iter().map(scene).collect();
        let result = match self.executor.execute(&scenes, &command) {
            Ok(decisions) => Ok(decisions),
            Err(Failure::Refused(refusal)) => Err(refusal),
            Err(Failure::Broken(what)) => return Err(ReplayError::Broken(what)),
        };
        let (minute, now, refusal) = (self.minute, self.now, result.as_ref().err().cloned());
        let (mut promoted, mut beside) = (Vec::new(), Vec::new());
        let result = result.map(|mut decisions| {
            let home = decisions.remove(0);
            let others = doctors[1..].iter().copied().zip(decisions);
            beside.extend(others.filter(|(_, decision)| !decision.changes_nothing()));
            home
        });
        if let Ok(home) = &result {
            let all =
                std::iter::once((doctor, home)).chain(beside.iter().map(|(at, decision)| (*at, decision)));
            for (doctor, decision) in all {
                self.days[doctor].apply(decision);
                self.chairs[doctor].stirred = true;
            }
            promoted = self.promoted(home);
        }
        let step = Step { doctor, minute, now, command, result, beside };
        (self.observer)(&self.days[doctor], &step);
        self.steps.push(step);
        for token in promoted {
            self.set_status(doctor, token, Status::Arrived)?;
        }
        Ok(refusal)
    }

    /// Those whom the decision gave a seat, who came before they had one, and have not been checked in.
    fn promoted(&self, decision: &Decision) -> Vec<TokenId> {
        let events = decision.events.iter().filter(|event| event.kind == EventKind::Promoted);
        let tokens = events.filter_map(|event| event.token);
        let here = |token: &TokenId| {
            let patient = self.ids.patient_index(*token);
            self.came[patient] && self.status(patient) == Some(Status::Booked)
        };
        tokens.filter(here).collect()
    }

    fn finish(self) -> Outcome {
        let mut patients: Vec<Seen> =
            (0..self.scenario.patients.len()).map(|patient| self.seen(patient)).collect();
        for chair in &self.chairs {
            for visit in &chair.visits {
                let seen = &mut patients[visit.patient];
                seen.start_min = Some(visit.start_min);
                seen.wait_min = Some(visit.start_min - self.scenario.patients[visit.patient].ready_min());
            }
        }
        let days = self.days.into_iter().zip(self.chairs);
        let doctors = days.map(|(day, chair)| DoctorDay { day, visits: chair.visits }).collect();
        Outcome { patients, doctors, steps: self.steps, ids: self.ids }
    }

    /// What the rows say of a patient.
    fn seen(&self, patient: usize) -> Seen {
        let plan = &self.scenario.patients[patient];
        let token = self.days[plan.doctor].token(self.ids.token(patient));
        let never_asked = !plan.books_ahead() && !self.came[patient];
        let without = if never_asked { Ending::NeverCame } else { Ending::Refused };
        let late = token.and_then(|token| Some(token.started_at?.duration_since(token.promised_at?)));
        Seen {
            token_no: token.map(|token| token.token_no),
            sequence: token.and_then(|token| token.sequence),
            slot: token.and_then(|token| token.slot).map(|slot| self.ids.slot_index(slot)),
            ending: token.map_or(without, |token| Ending::Token(token.status)),
            start_min: None,
            wait_min: None,
            late_min: late.map(|late| late.as_secs_f64() / 60.0),
        }
    }
}

fn circumstances(scenario: &Scenario, doctor: usize, now: Timestamp) -> Circumstances<'_> {
    let facts = DoctorFacts::new(DoctorStatus::Active, scenario.doctors[doctor].mean_visit_minutes);
    Circumstances { now, today: scenario.date, settings: &scenario.settings, doctor: facts }
}

/// Patients of other doctors' days may be touched too.
const fn reaches_others(command: &Command) -> bool {
    matches!(command, Command::Leave(_) | Command::ChangeSlot(_) | Command::Transfer(_))
}

/// A minute at which nobody has come, nothing has begun and nobody has cancelled.
fn before_everything(scenario: &Scenario) -> f64 {
    let slots = scenario.doctors.iter().flat_map(|doctor| &doctor.slots).map(|slot| slot.start_min);
    let starts = scenario.doctors.iter().map(|doctor| doctor.starts_min);
    let people = scenario.patients.iter().flat_map(|patient| [Some(patient.arrive_min), patient.cancels_min]);
    slots.chain(starts).chain(people.flatten()).fold(0.0, f64::min) - 1.0
}
