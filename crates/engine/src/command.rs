//! What can be asked of a doctor-day. Ids come from outside; so does the time, in [`crate::Circumstances`].

use jiff::Timestamp;

use crate::decide::PatientFacts;
use crate::ids::{SlotId, TokenId};
use crate::slot::{SlotStatus, Window};
use crate::source::Source;
use crate::status::WantedStatus;

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
    /// Call the next patient, or this one.
    Next(Next),
    /// Call a called patient once more.
    Recall(TokenId),
    /// Take the last step in the doctor's room back.
    Undo,
    /// Do what is due by now: calls that nobody came to, slots that have ended.
    Lapse,
    /// The doctor runs late, takes a break, or is back.
    Delay(Delay),
    /// The doctor leaves: everybody who waits is moved.
    Leave(Leave),
    /// Put a token into another slot, of this doctor or another one, by hand.
    Transfer(Transfer),
    /// The patient agrees to come earlier, or no longer does.
    AgreeEarlier {
        /// Whose token.
        token: TokenId,
        /// Agrees.
        earlier_ok: bool,
    },
}

/// Call the next patient.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Next {
    /// Finish the visit in progress first.
    pub finish: bool,
    /// This one, out of order; the first by the policy if none.
    pub token: Option<TokenId>,
    /// Why out of order; the patients who are passed may ask.
    pub why: Option<String>,
}

/// The doctor runs late, takes a break, or is back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delay {
    /// From now, or from the start of the doctor's first slot, if that is still to come. 0: not late any more.
    pub minutes: u16,
    /// A later time that was said before stays: a break makes no doctor come earlier.
    pub keeps_later: bool,
    /// Why, for those who wait.
    pub why: Option<String>,
}

/// The doctor leaves: the slots of that time are cancelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leave {
    /// From when on; from now on if none.
    pub from: Option<Timestamp>,
    /// Until when; for the rest of the day if none.
    pub to: Option<Timestamp>,
    /// Why.
    pub why: String,
}

/// Put a token into another slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// Which token.
    pub token: TokenId,
    /// Into this slot, of any of the doctor-days that are decided on together.
    pub slot: SlotId,
    /// Why.
    pub why: String,
    /// A supervisor gives a seat beyond the limits.
    pub beyond_limits: bool,
}

/// Give a patient a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    /// The new token's id.
    pub token: TokenId,
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
    /// Moves those on who no longer fit; without, a change that leaves somebody without a seat is refused.
    pub move_on: bool,
}
