//! What the engine answers when it can't do what was asked: nothing changes, and the sentence says what to do instead.

use jiff::civil::Date;

use crate::ids::{SlotId, TokenId};
use crate::reason::{Reason, in_words};
use crate::slot::{SlotStatus, Window};
use crate::status::Status;

/// Why a command was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No slot has room for it.
    #[error("there is no seat on {date}")]
    NoSeat {
        /// The date that was asked for.
        date: Date,
        /// The slots that were looked at, and why each was passed over.
        looked_at: Vec<Reason>,
        /// A later slot of the same day that has room (when one slot was asked for).
        next: Option<SlotId>,
    },
    /// The doctor has no slots that day.
    #[error("the doctor has no slots on {0}: choose another date, or add slots")]
    NoSlots(Date),
    /// The date has passed.
    #[error("{date} has passed: book for {today} or later")]
    DateOver {
        /// The date that was asked for.
        date: Date,
        /// The facility's date now.
        today: Date,
    },
    /// The slot's time has passed.
    #[error("the slot {0} is over: choose a later one")]
    SlotOver(Window),
    /// The slot takes no bookings.
    #[error("the slot {0} is {1}: choose another one")]
    SlotNotOpen(Window, SlotStatus),
    /// The doctor-day has no such slot.
    #[error("the doctor has no such slot on that date")]
    SlotUnknown(SlotId),
    /// The doctor-day has no such token.
    #[error("there is no such token")]
    TokenUnknown(TokenId),
    /// An emergency is for today.
    #[error("an emergency is seen today: book it for {today}, or use another source for {date}")]
    EmergencyIsToday {
        /// The date that was asked for.
        date: Date,
        /// The facility's date now.
        today: Date,
    },
    /// The doctor sees nobody at present.
    #[error("the doctor is {0}: choose another doctor")]
    DoctorAway(&'static str),
    /// The patient's record is not in use.
    #[error("this patient's record is {0}: make it active before booking")]
    PatientNotActive(&'static str),
    /// The patient has a live token with this doctor that day.
    #[error("the patient already has token {token_no} with this doctor on that date")]
    AlreadyBooked {
        /// That token.
        token: TokenId,
        /// Its number.
        token_no: u32,
    },
    /// The status can't be reached from where the token is.
    #[error("{}", impossible(*.from, .wanted, .next))]
    Impossible {
        /// Where it is.
        from: Status,
        /// What was asked for.
        wanted: &'static str,
        /// What it can become.
        next: Vec<Status>,
    },
    /// The token does not wait, so it can't be put anywhere.
    #[error("token {token_no} is {status}: choose one that waits")]
    NotWaiting {
        /// Its number.
        token_no: u32,
        /// Where it is in its life.
        status: Status,
    },
    /// A visit is in progress.
    #[error("token {token_no} is with the doctor: finish that visit first, or ask for it to be finished")]
    VisitInProgress {
        /// Who is with the doctor.
        token_no: u32,
    },
    /// Somebody else was called and has not come in yet.
    #[error(
        "token {token_no} has been called: start that visit or mark it as not come, then call another one"
    )]
    AnotherIsCalled {
        /// Who was called.
        token_no: u32,
    },
    /// Nobody who waits is here.
    #[error("nobody can be called: {}", absent_ones(*.absent))]
    NobodyToCall {
        /// How many have a place and are not here.
        absent: u32,
    },
    /// Whoever is to be called is not here.
    #[error("token {token_no} is not here: check it in first")]
    NotHere {
        /// Its number.
        token_no: u32,
    },
    /// Others stand before, and nobody said why they are passed.
    #[error("{} before token {token_no}: say why it is called first", people_stand(*.passed))]
    ReasonMissing {
        /// Its number.
        token_no: u32,
        /// People present who stand before.
        passed: u32,
    },
    /// Calls are made on the day itself.
    #[error("{date} is still to come: patients are called on the day itself")]
    NotYet {
        /// The date.
        date: Date,
    },
    /// No step was made that can be taken back.
    #[error("there is no step to take back")]
    NothingToUndo,
    /// The seat went to somebody else meanwhile.
    #[error("the seat of token {token_no} is taken by now: book the patient again")]
    SeatGivenAway {
        /// Its number.
        token_no: u32,
    },
    /// No slot lies in that time.
    #[error("no slot of the doctor lies in that time: nothing is to be cancelled")]
    NothingToLeave,
    /// It sits in that slot already.
    #[error("token {token_no} is in {window} already: choose another slot")]
    SameSlot {
        /// Its number.
        token_no: u32,
        /// The slot.
        window: Window,
    },
    /// A token can't be put beside itself.
    #[error("choose another token to stand beside")]
    BesideItself,
    /// Emergencies go first, always.
    #[error("emergencies go before all others: choose a place that keeps them first")]
    EmergenciesFirst,
    /// A slot overlaps one that there is.
    #[error("{new} overlaps the slot {existing}: choose other hours")]
    Overlaps {
        /// The slot that was to be added.
        new: Window,
        /// The one that is there.
        existing: Window,
    },
    /// The buffer can't be negative.
    #[error("hard_limit ({hard_limit}) is less than max_count ({max_count}): make it at least as large")]
    LimitsCrossed {
        /// Seats for everybody.
        max_count: u32,
        /// Seats with the buffer.
        hard_limit: u32,
    },
    /// More seats than a slot can have, or none.
    #[error("a slot has 1 to {max} seats, not {asked}")]
    SeatsOutOfRange {
        /// What was asked for.
        asked: u32,
        /// The largest number there can be.
        max: u32,
    },
    /// More people have seats than the new limits allow.
    #[error("{booked} seats are taken: ask for the last ones to be moved on, or keep at least {booked}")]
    SeatsTaken {
        /// Seats taken.
        booked: u32,
    },
    /// A slot that holds people can't be cancelled or reopened like that.
    #[error(
        "{live} patients still have a token in {window}: ask for them to be moved on, or close the slot instead"
    )]
    SlotHoldsPatients {
        /// The slot.
        window: Window,
        /// Live tokens in it.
        live: u32,
    },
    /// A limit of the system is reached.
    #[error("{what} is at its limit of {limit}: {hint}")]
    Limit {
        /// What has the limit.
        what: &'static str,
        /// The limit.
        limit: u32,
        /// What to do.
        hint: &'static str,
    },
}

fn absent_ones(absent: u32) -> String {
    match absent {
        0 => "nobody waits".to_owned(),
        1 => "one patient is still expected, but is not here; check in whoever has come".to_owned(),
        _ => format!("{absent} patients are still expected, but none is here; check in whoever has come"),
    }
}

fn people_stand(count: u32) -> String {
    if count == 1 { "one person stands".to_owned() } else { format!("{count} people stand") }
}

fn impossible(from: Status, wanted: &str, next: &[Status]) -> String {
    let from = in_words(from.name());
    if next.is_empty() {
        return format!("this token is {from} already, and can't be changed any more");
    }
    let names: Vec<String> = next.iter().map(|status| in_words(status.name())).collect();
    format!(
        "a token that is {from} can't become {} now; it can become {}",
        in_words(wanted),
        names.join(", ")
    )
}
