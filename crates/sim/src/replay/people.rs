//! The patients' side of a day: bookings, arrivals, absences, cancellations.

use baari_engine::{
    Book, Command, PatientFacts, PatientStatus, SetStatus, Source, Status, TokenId, WantedStatus,
};

use super::{Replay, ReplayError};
use crate::scenario::Patient;
use crate::told::Told;

/// What the replay knows of a patient.
#[derive(Debug, Clone)]
pub(super) struct Person {
    /// The newest token.
    pub(super) token: Option<TokenId>,
    /// In whose day it is, or will be.
    pub(super) doctor: usize,
    /// Tokens asked for, refused ones too.
    pub(super) asked: u8,
    pub(super) place: Place,
    pub(super) arrive_min: f64,
    pub(super) due_min: Option<f64>,
    /// When they came; of a new token, when it was booked.
    pub(super) came_min: Option<f64>,
    pub(super) calls: usize,
    /// Was called once more since the last call.
    pub(super) recalled: bool,
    /// The first call.
    pub(super) called_min: Option<f64>,
    pub(super) told: Option<Told>,
}

/// Where a patient is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Has not come yet.
    ToCome,
    /// In the building.
    Here,
    /// Was here and will be back.
    Away,
    /// Will not come, or not again.
    Gone,
}

impl Person {
    pub(super) fn new(plan: &Patient) -> Self {
        Self {
            token: None,
            doctor: plan.doctor,
            asked: 0,
            place: Place::ToCome,
            arrive_min: plan.arrive_min,
            due_min: plan.due_min,
            came_min: None,
            calls: 0,
            recalled: false,
            called_min: None,
            told: None,
        }
    }

    /// From when on the patient can fairly expect to be called.
    pub(super) fn ready_min(&self) -> f64 {
        let came_min = self.came_min.unwrap_or(self.arrive_min);
        self.due_min.map_or(came_min, |due| came_min.max(due))
    }
}

impl Replay<'_> {
    pub(super) fn arrives(&mut self, patient: usize) -> Result<(), ReplayError> {
        let person = &mut self.people[patient];
        // Another time was agreed to meanwhile.
        if person.place != Place::ToCome || self.minute < person.arrive_min {
            return Ok(());
        }
        person.place = Place::Here;
        person.came_min = Some(person.arrive_min);
        if self.scenario.patients[patient].books_ahead() {
            return self.reports(patient);
        }
        self.people[patient].doctor = self.doctor_for(patient);
        self.book(patient)
    }

    pub(super) fn returns(&mut self, patient: usize) -> Result<(), ReplayError> {
        if self.people[patient].place != Place::Away {
            return Ok(());
        }
        self.people[patient].place = Place::Here;
        self.reports(patient)
    }

    /// Says at the counter: here I am.
    fn reports(&mut self, patient: usize) -> Result<(), ReplayError> {
        match self.status(patient) {
            // Passed: rejoins.
            Some(Status::Booked | Status::Passed) => self.set_status(patient, Status::Arrived),
            Some(Status::Called) => self.comes_in(patient),
            Some(Status::NoShow) => self.books_anew(patient),
            // On the waitlist: checked in when a seat comes. Refused: goes home.
            _ => Ok(()),
        }
    }

    /// As a walk-in, if the patient still wants to be seen.
    fn books_anew(&mut self, patient: usize) -> Result<(), ReplayError> {
        let doctor = self.doctor_for(patient);
        let person = &mut self.people[patient];
        if person.asked > self.scenario.patients[patient].books_anew {
            return Ok(());
        }
        person.doctor = doctor;
        (person.came_min, person.due_min) = (Some(self.minute), None);
        self.book(patient)
    }

    /// Whom somebody who needs a token asks for: the own doctor, or when that one has left, the first other one of the
    /// speciality who has not.
    fn doctor_for(&self, patient: usize) -> usize {
        let (plan, own) = (&self.scenario.patients[patient], self.people[patient].doctor);
        if !self.chairs[own].left || plan.slot.is_some() && self.people[patient].asked == 0 {
            return own;
        }
        self.scenario.colleagues(own).find(|other| !self.chairs[*other].left).unwrap_or(own)
    }

    pub(super) fn cancels(&mut self, patient: usize) -> Result<(), ReplayError> {
        match self.status(patient) {
            Some(Status::InConsultation) => return Ok(()),
            Some(Status::Waitlisted | Status::Booked | Status::Arrived | Status::Called | Status::Passed) => {
                self.set_status(patient, Status::Cancelled)?;
            }
            _ => {}
        }
        self.people[patient].place = Place::Gone;
        Ok(())
    }

    /// Books what the patient comes with; a second token, as a walk-in.
    pub(super) fn book(&mut self, patient: usize) -> Result<(), ReplayError> {
        let plan = &self.scenario.patients[patient];
        let person = &mut self.people[patient];
        let (doctor, earlier) = (person.doctor, person.asked);
        person.asked += 1;
        let ahead = plan.books_ahead() && earlier == 0;
        let slot = plan.slot.filter(|_| earlier == 0);
        let source = match plan.source {
            Source::Emergency => Source::Emergency,
            source if earlier == 0 => source,
            _ => Source::WalkIn,
        };
        let command = Command::Book(Book {
            token: self.ids.token_anew(patient, earlier),
            patient: PatientFacts {
                id: self.ids.patient(patient),
                status: PatientStatus::Active,
                previous_doctor: plan.previous_doctor.map(|doctor| self.ids.doctor(doctor)),
                last_seen_by: None,
            },
            source,
            slot: slot.map(|slot| self.ids.slot(plan.doctor, slot)),
            waitlist: plan.waitlist,
            override_why: slot.map(|_| "The day's plan puts this patient here.".to_owned()),
            checked_in: Some(!ahead),
            earlier_ok: plan.earlier_ok && ahead,
            appointment_at: plan.due_min.filter(|_| ahead).map(|due| self.opening.instant(due)),
        });
        // A refused booking is an outcome, not an accident.
        self.execute(doctor, command).map(drop)
    }

    /// Changes the status of the patient's token, where it is now.
    pub(super) fn set_status(&mut self, patient: usize, status: Status) -> Result<(), ReplayError> {
        let person = &self.people[patient];
        let (doctor, Some(token)) = (person.doctor, person.token) else { return Ok(()) };
        self.must(doctor, Command::SetStatus(SetStatus { token, status: WantedStatus::Exactly(status) }))
    }

    fn status(&self, patient: usize) -> Option<Status> {
        let person = &self.people[patient];
        person.token.and_then(|token| self.days[person.doctor].token(token)).map(|token| token.status)
    }
}
