//! What the desk answers when it does not do what was asked.

use baari_engine::{Refusal, ScheduleError};
use baari_store::{DatedSlot, Receipt, StoreError};

/// Why a request was not carried out. Nothing has changed, except as [`DeskError::Store`] says.
#[derive(Debug, Clone, thiserror::Error)]
pub enum DeskError {
    /// The engine refused.
    #[error("{refusal}")]
    Refused {
        /// Why.
        refusal: Refusal,
        /// The next slot with room for it, where there is one.
        next_room: Option<Box<DatedSlot>>,
    },
    /// There is no such thing in this facility.
    #[error("there is no such {0}")]
    Unknown(&'static str),
    /// The doctor-day has changed since the client looked (`If-Match`).
    #[error("the queue has changed since you looked: it is at version {current} now")]
    Changed {
        /// Its version now.
        current: u64,
    },
    /// The request was answered before, under the same `Idempotency-Key`.
    #[error("this request was answered before")]
    Repeated(Box<Receipt>),
    /// The same `Idempotency-Key` came with another request.
    #[error("this Idempotency-Key was used for another request: use a new key")]
    KeyReused,
    /// Hours that don't fit a doctor's schedule.
    #[error(transparent)]
    Schedule(#[from] ScheduleError),
    /// There are as many of these as there can be.
    #[error("{what} has up to {max} lines: take out some that are over")]
    Full {
        /// Of what.
        what: &'static str,
        /// So many.
        max: usize,
    },
    /// Something that must be unique is taken.
    #[error("{0} is taken: choose another one")]
    Taken(&'static str),
    /// More requests are under way than the desk accepts.
    #[error("too many requests are under way: try again in a moment")]
    Busy,
    /// Other servers were first, again and again.
    #[error("others keep changing this queue: try again in a moment")]
    Contended,
    /// The store failed. After [`StoreError::Unavailable`] it is not known whether the change was made: ask, or repeat it
    /// with the same `Idempotency-Key`.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Refusal> for DeskError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused { refusal, next_room: None }
    }
}
