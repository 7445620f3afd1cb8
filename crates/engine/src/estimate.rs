//! When a token will be called: the people before it, at the doctor's configured pace.
//!
//! Source: the first-come baseline of queueing practice, *people ahead × mean visit*, counted from now or from the start of
//! the first slot that is not over; never before the patient's own appointment.

use jiff::{SignedDuration, Timestamp};

use crate::day::Day;
use crate::decide::DoctorFacts;
use crate::queue;
use crate::settings::Settings;
use crate::slot::Slot;
use crate::status::Status;
use crate::token::Token;

/// When a token will be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prediction {
    /// As likely before as after this.
    pub at: Timestamp,
    /// One in ten is called before this.
    pub p10: Timestamp,
    /// One in ten is called after this.
    pub p90: Timestamp,
}

/// Predicts call times for one doctor-day.
#[derive(Debug, Clone, Copy)]
pub struct Estimator<'a> {
    day: &'a Day,
    settings: &'a Settings,
    now: Timestamp,
    free_from: Timestamp,
    visit: SignedDuration,
}

impl<'a> Estimator<'a> {
    /// From the state of the day now.
    pub fn new(day: &'a Day, settings: &'a Settings, doctor: DoctorFacts, now: Timestamp) -> Self {
        let opens = day.slots().iter().find(|slot| !slot.is_over(now)).map(|slot| slot.window.starts_at());
        let visit = SignedDuration::from_mins(i64::from(doctor.mean_visit_minutes));
        let free_from = opens.map_or(now, |opens| opens.max(now)).max(day.resumes_at().unwrap_or(now));
        Self { day, settings, now, free_from, visit }
    }

    /// The predicted call time of a token with this many people before it.
    pub(crate) fn call_time(&self, token: &Token, people_ahead: u32) -> Timestamp {
        let ahead = i32::try_from(people_ahead).unwrap_or(i32::MAX);
        let turn = self.visit.checked_mul(ahead).and_then(|wait| self.free_from.checked_add(wait).ok());
        let turn = turn.unwrap_or(Timestamp::MAX);
        token.appointment_at.map_or(turn, |due| turn.max(due))
    }

    /// The predicted call times of a whole queue.
    pub fn all(&self, places: &[queue::Place<'_>]) -> Vec<Option<Prediction>> {
        places.iter().map(|place| self.one(place.token, place.slot)).collect()
    }

    /// The predicted call time of this token: none when it waits for nothing, the time of the call when it was called.
    pub fn one(&self, token: &Token, slot: &Slot) -> Option<Prediction> {
        let at = match token.status {
            Status::Booked | Status::Arrived | Status::Passed => {
                let ahead = queue::ahead(self.day, token, slot, self.settings, self.now).0;
                Some(self.call_time(token, ahead))
            }
            Status::Called | Status::InConsultation | Status::Completed => token.called_at,
            Status::Waitlisted | Status::NoShow | Status::Cancelled => None,
        };
        at.map(|at| Prediction { at, p10: at, p90: at })
    }
}
