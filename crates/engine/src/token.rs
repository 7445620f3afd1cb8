//! One patient's place in one slot.

use jiff::Timestamp;

use crate::ids::{PatientId, SlotId, TokenId};
use crate::policy::{PolicyKind, Standing};
use crate::sequence::SequenceNumber;
use crate::source::{Band, Source};
use crate::status::Status;

/// Where a token was put by hand or by a rejoin: it keeps that place under the policy it was put there by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// The policy whose order was looked at.
    pub policy: PolicyKind,
    /// Where it stands in that order.
    pub standing: Standing,
}

/// One patient's place in one slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its identifier.
    pub id: TokenId,
    /// Whose it is.
    pub patient: PatientId,
    /// The slot it sits in; of a waitlisted token, the slot it asked for, if any.
    pub slot: Option<SlotId>,
    /// Where it comes from.
    pub source: Source,
    /// The source that it is treated as: a follow-up of another doctor stands as a walk-in.
    pub class: Source,
    /// Its priority (`priority_score` in the API).
    pub band: Band,
    /// What the patient is called by, from 1 each day.
    pub token_no: u32,
    /// What the queue is sorted by under the default policy; none while waitlisted.
    pub sequence: Option<SequenceNumber>,
    /// Where it is in its life.
    pub status: Status,
    /// Sits in a seat that an override gave.
    pub by_override: bool,
    /// How often it has rejoined the queue.
    pub rejoins: u8,
    /// The patient has agreed to come earlier than told, should a seat become free.
    pub earlier_ok: bool,
    /// Has given way once to a higher band; nobody does twice.
    pub displaced: bool,
    /// Where it was put by hand.
    pub placed: Option<Placed>,
    /// When it was booked.
    pub booked_at: Timestamp,
    /// The time the patient was asked to come at; none for those who were here when they got the token.
    pub appointment_at: Option<Timestamp>,
    /// The first estimate that the patient was given.
    pub promised_at: Option<Timestamp>,
    /// When the patient checked in.
    pub arrived_at: Option<Timestamp>,
    /// When it was (last) called.
    pub called_at: Option<Timestamp>,
    /// When it was (last) passed, because nobody came to the call.
    pub passed_at: Option<Timestamp>,
    /// When the visit began.
    pub started_at: Option<Timestamp>,
    /// When it came to its end: completed, no-show or cancelled.
    pub ended_at: Option<Timestamp>,
}

impl Token {
    /// What the waiting list is sorted by: the band, then who asked first.
    pub(crate) const fn waitlist_rank(&self) -> (Band, Timestamp, u32) {
        (self.band, self.booked_at, self.token_no)
    }
}
