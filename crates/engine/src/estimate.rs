//! When a token will be called: the people before it, at the doctor's configured pace.
//!
//! Source: the first-come baseline of queueing practice, *people ahead × mean visit*, counted from now or from the start of
//! the first slot that is not over; never before the patient's own appointment.

use jiff::{SignedDuration, Timestamp};

use crate::day::Day;
use crate::queue;
use crate::settings::Settings;
use crate::slot::Slot;
use crate::status::Status;
use crate::token::Token;

/// Predicts call times for one doctor-day.
#[derive(Debug, Clone, Copy)]
pub struct Estimate {
    free_from: Timestamp,
    visit: SignedDuration,
}

impl Estimate {
    /// From the state of the day now, with visits of `mean_visit_minutes`.
    pub fn new(day: &Day, mean_visit_minutes: u16, now: Timestamp) -> Self {
        let opens = day.slots().iter().find(|slot| !slot.is_over(now)).map(|slot| slot.window.starts_at());
        let visit = SignedDuration::from_mins(i64::from(mean_visit_minutes));
        Self { free_from: opens.map_or(now, |opens| opens.max(now)), visit }
    }

    /// The predicted call time of a token with this many people before it.
    pub fn call_time(&self, token: &Token, people_ahead: u32) -> Timestamp {
        let ahead = i32::try_from(people_ahead).unwrap_or(i32::MAX);
        let turn = self.visit.checked_mul(ahead).and_then(|wait| self.free_from.checked_add(wait).ok());
        let turn = turn.unwrap_or(Timestamp::MAX);
        token.appointment_at.map_or(turn, |due| turn.max(due))
    }

    /// The predicted call time of this token: none when it waits for nothing, the time of the call when it was called.
    pub fn of(
        &self,
        day: &Day,
        token: &Token,
        slot: &Slot,
        settings: &Settings,
        now: Timestamp,
    ) -> Option<Timestamp> {
        match token.status {
            Status::Booked | Status::Arrived | Status::Passed => {
                Some(self.call_time(token, queue::ahead(day, token, slot, settings, now).0))
            }
            Status::Called | Status::InConsultation | Status::Completed => token.called_at,
            Status::Waitlisted | Status::NoShow | Status::Cancelled => None,
        }
    }
}
