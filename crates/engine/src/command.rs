//! What can be asked of a doctor-day. Ids come from outside; so does the time, in [`crate::Circumstances`].

use jiff::Timestamp;

use crate::decide::PatientFacts;
use crate::ids::{SlotId, TokenId};
use crate::slot::{SlotStatus, Window};
use crate::source::Source;
use crate::status::WantedStatus;
use crate::token::Code;

/// What can be asked of a doctor-day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Give a patient a token.
    Book(Book),
    /// Change a token's status.
    SetStatus(SetStatus),
    /// Put a waiting token beside another one, by hand.
    Place(Place),
    /// Add slots.
    AddSlots(Vec<NewSlot>),
    /// Change a slot's limits or status.
    ChangeSlot(ChangeSlot),
}

/// Give a patient a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    /// The new token's id.
    pub token: TokenId,
    /// The code of its page.
    pub code: Code,
    /// For whom.
    pub patient: PatientFacts,
    /// Where it comes from.
    pub source: Source,
    /// This slot and no other.
    pub slot: Option<SlotId>,
    /// Keep it on the waitlist when there is no seat.
    pub waitlist: bool,
    /// A supervisor gives a seat beyond the limits, for this reason.
    pub override_why: Option<String>,
    /// Says whether the patient is here, where the source does not.
    pub checked_in: Option<bool>,
    /// The patient agrees to come earlier, should a seat become free.
    pub earlier_ok: bool,
    /// The time agreed with the patient; otherwise the engine spreads advance bookings over the slot.
    pub appointment_at: Option<Timestamp>,
}

/// Change a token's status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetStatus {
    /// Which token.
    pub token: TokenId,
    /// What it shall become.
    pub status: WantedStatus,
}

/// Put a waiting token beside another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Which token.
    pub token: TokenId,
    /// Beside which other.
    pub beside: Beside,
    /// Why; the patients who are passed may ask.
    pub why: String,
}

/// On which side of whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// Right before it.
    Before(TokenId),
    /// Right behind it.
    Behind(TokenId),
}

/// A slot to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSlot {
    /// Its id.
    pub id: SlotId,
    /// Its hours.
    pub window: Window,
    /// Seats for everybody.
    pub max_count: u32,
    /// Seats with the emergency buffer.
    pub hard_limit: u32,
}

/// Change a slot's limits or status; what is not given stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeSlot {
    /// Which slot.
    pub slot: SlotId,
    /// Seats for everybody.
    pub max_count: Option<u32>,
    /// Seats with the emergency buffer.
    pub hard_limit: Option<u32>,
    /// Whether it takes bookings.
    pub status: Option<SlotStatus>,
}
