//! A doctor's queue on the wire.

use baari_engine::{Day, Estimate, Settings, queue, waitlist};
use baari_store::Doctor;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::{DoctorBody, SlotBody, TokenBody};

/// A doctor's queue.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QueueBody {
    pub(crate) doctor: DoctorBody,
    pub(crate) date: Date,
    /// Goes up with every change; the answer's `ETag`.
    pub(crate) version: u64,
    /// Who is with the doctor, or was called.
    pub(crate) now_serving: Option<TokenBody>,
    pub(crate) slots: Vec<SlotBody>,
    /// Everybody who still is to be seen, in the order of the facility's policy; the waitlisted come last.
    pub(crate) tokens: Vec<TokenBody>,
}

impl QueueBody {
    pub(crate) fn new(day: &Day, doctor: &Doctor, settings: &Settings, now: Timestamp) -> Self {
        let key = day.key();
        let estimate = Estimate::new(day, doctor.mean_visit_minutes, now);
        let places = queue(day, settings, now);
        let served = places.iter().find(|place| place.token.status.is_being_served());
        let now_serving =
            served.map(|place| TokenBody::new(key, &doctor.letter, place.token, place.token.called_at));
        let waiting = (0..).zip(&places).map(|(ahead, place)| {
            let token = place.token;
            let at = if token.status.is_waiting() {
                Some(estimate.call_time(token, ahead))
            } else {
                token.called_at
            };
            TokenBody::new(key, &doctor.letter, token, at)
        });
        let waitlisted =
            waitlist(day).into_iter().map(|token| TokenBody::new(key, &doctor.letter, token, None));
        Self {
            doctor: doctor.clone().into(),
            date: key.date,
            version: day.version(),
            now_serving,
            slots: day.slots().iter().map(|slot| SlotBody::new(key, slot)).collect(),
            tokens: waiting.chain(waitlisted).collect(),
        }
    }
}
