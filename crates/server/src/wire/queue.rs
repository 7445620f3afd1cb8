//! A doctor's queue on the wire.

use baari_access::Codes;
use baari_desk::Snapshot;
use baari_engine::{Estimator, Prediction, QueuePlace as Place, Settings, queue, waitlist};
use baari_store::Doctor;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::live::delay_of_all;
use super::{DoctorBody, Marks, SlotBody, TokenBody};

/// A doctor's queue.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QueueBody {
    pub(crate) doctor: DoctorBody,
    pub(crate) date: Date,
    /// Goes up with every change; the answer's `ETag`.
    pub(crate) version: u64,
    /// Who is with the doctor, or was called.
    pub(crate) now_serving: Option<TokenBody>,
    /// The doctor has said not to be here before this time.
    pub(crate) resumes_at: Option<Timestamp>,
    /// By how many minutes its patients are seen later than first told; for the desk's page, as the board says it.
    #[serde(skip)]
    pub(crate) delay: Option<i64>,
    pub(crate) slots: Vec<SlotBody>,
    /// Everybody who still is to be seen, in the order of the facility's policy; the waitlisted come last.
    pub(crate) tokens: Vec<TokenBody>,
}

impl QueueBody {
    pub(crate) fn new(
        snapshot: &Snapshot<'_>,
        doctor: &Doctor,
        codes: &Codes,
        settings: &Settings,
        now: Timestamp,
    ) -> Self {
        let (day, marks) = (snapshot.day, Marks::new(doctor, codes));
        let key = day.key();
        let places = queue(day, settings, now);
        let told = Estimator::new(day, settings, doctor.facts(snapshot.past), now).all(&places);
        let body =
            |(place, told): (&Place<'_>, &Option<Prediction>)| TokenBody::new(key, marks, place.token, *told);
        let queued: Vec<TokenBody> = places.iter().zip(&told).map(body).collect();
        let served = places.iter().position(|place| place.token.status.is_being_served());
        let waitlisted = waitlist(day).into_iter().map(|token| TokenBody::new(key, marks, token, None));
        Self {
            doctor: doctor.clone().into(),
            date: key.date,
            version: day.version(),
            now_serving: served.map(|at| queued[at].clone()),
            resumes_at: day.resumes_at().filter(|resumes_at| *resumes_at > now),
            delay: delay_of_all(&places, &told),
            slots: day.slots().iter().map(|slot| SlotBody::new(key, slot)).collect(),
            tokens: queued.into_iter().chain(waitlisted).collect(),
        }
    }
}
