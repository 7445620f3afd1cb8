//! The waiting list on the wire.

use baari_access::Codes;
use baari_store::{DatedToken, Doctor, Patient};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Marks, TokenBody};

/// Somebody who waits for a seat.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WaitingBody {
    pub(crate) token: TokenBody,
    /// The name of the doctor.
    pub(crate) doctor: String,
    /// The name of the patient.
    pub(crate) patient: String,
    /// The number to call.
    pub(crate) phone: String,
    /// Had a seat, and lost it because the doctor left or the slot was cancelled.
    pub(crate) had_seat: bool,
}

impl WaitingBody {
    pub(crate) fn new(dated: &DatedToken, doctor: &Doctor, codes: &Codes, patient: Option<Patient>) -> Self {
        let (name, phone) = patient.map(|patient| (patient.name, patient.phone)).unwrap_or_default();
        Self {
            had_seat: dated.token.promised_at.is_some(),
            token: TokenBody::new(dated.day, Marks::new(doctor, codes), &dated.token, None),
            doctor: doctor.name.clone(),
            patient: name,
            phone,
        }
    }
}
