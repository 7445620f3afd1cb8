//! Puts decisions into effect, and lets the people in the day know of them.

use baari_engine::{
    Circumstances, Command, Decision, DoctorFacts, DoctorStatus, EventKind, Refusal, Scene, Status, Token,
};
use jiff::Timestamp;

use super::agenda::Happening;
use super::people::Place;
use super::{Replay, ReplayError};
use crate::executor::Failure;
use crate::outcome::Step;
use crate::scenario::Scenario;
use crate::told::told;

impl Replay<'_> {
    /// Executes what the engine may not refuse.
    pub(super) fn must(&mut self, doctor: usize, command: Command) -> Result<(), ReplayError> {
        match self.execute(doctor, command)? {
            None => Ok(()),
            Some(refusal) => Err(ReplayError::Refused { minute: self.minute, refusal }),
        }
    }

    /// Executes a command, puts the decisions into effect and keeps the step; returns the refusal if it was refused.
    pub(super) fn execute(
        &mut self,
        doctor: usize,
        command: Command,
    ) -> Result<Option<Refusal>, ReplayError> {
        let mut doctors = vec![doctor];
        if reaches_others(&command) {
            doctors.extend(self.scenario.colleagues(doctor).take(baari_engine::limits::DAYS - 1));
        }
        let (days, scenario, now) = (&self.days, self.scenario, self.now);
        let scene = |&doctor: &usize| Scene { day: &days[doctor], on: circumstances(scenario, doctor, now) };
        let scenes: Vec<Scene<'_>> = doctors.iter().map(scene).collect();
        let result = match self.executor.execute(&scenes, &command) {
            Ok(decisions) => Ok(decisions),
            Err(Failure::Refused(refusal)) => Err(refusal),
            Err(Failure::Broken(what)) => return Err(ReplayError::Broken(what)),
        };
        let (minute, now, refusal) = (self.minute, self.now, result.as_ref().err().cloned());
        let mut beside = Vec::new();
        let result = result.map(|mut decisions| {
            let home = decisions.remove(0);
            let others = doctors[1..].iter().copied().zip(decisions);
            beside.extend(others.filter(|(_, decision)| !decision.changes_nothing()));
            home
        });
        let step = Step { doctor, minute, now, command, result, beside };
        let mut here = Vec::new();
        for (doctor, decision) in step.decisions() {
            self.days[doctor].apply(decision);
            self.chairs[doctor].stirred = true;
            self.chairs[doctor].aged |= !decision.changes_nothing();
        }
        for (doctor, decision) in step.decisions() {
            self.take_notice(doctor, decision, &mut here);
        }
        (self.observer)(&self.days[doctor], &step);
        self.steps.push(step);
        for patient in here {
            self.set_status(patient, Status::Arrived)?;
        }
        Ok(refusal)
    }

    /// What the decision means for the people: whose day their token is in, when they are to come, what they are told. Into
    /// `here` come those who got a seat, have been here since before, and have not been checked in.
    fn take_notice(&mut self, doctor: usize, decision: &Decision, here: &mut Vec<usize>) {
        for token in &decision.tokens {
            let patient = self.ids.patient_index(token.id);
            let person = &mut self.people[patient];
            (person.token, person.doctor) = (Some(token.id), doctor);
            if token.status == Status::Booked && person.place == Place::Here {
                here.push(patient);
            }
            if token.status == Status::Arrived && person.told.is_none() {
                let on = circumstances(self.scenario, doctor, self.now);
                person.told = told(&self.opening, &self.days[doctor], &on, token);
            }
            let moves = |event: &&baari_engine::Event| {
                event.token == Some(token.id) && matches!(event.kind, EventKind::Moved | EventKind::MovedIn)
            };
            if decision.events.iter().any(|event| moves(&event)) {
                self.agree_anew(patient, token);
            }
        }
    }

    /// Whoever is still to come is told the new time, and comes as early or late for it as for the old one.
    fn agree_anew(&mut self, patient: usize, token: &Token) {
        let person = &mut self.people[patient];
        let (Some(due), Some(appointment_at)) = (person.due_min, token.appointment_at) else { return };
        if person.place != Place::ToCome || token.status != Status::Booked {
            return;
        }
        let anew = self.opening.minute(appointment_at);
        person.due_min = Some(anew);
        person.arrive_min = (person.arrive_min + anew - due).max(self.minute);
        if self.scenario.patients[patient].shows {
            self.agenda.put(person.arrive_min, Happening::Arrives { patient });
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
