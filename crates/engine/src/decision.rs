//! What the engine answers: the changes, as they will be, and the reasons for them.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use crate::day::Day;
use crate::estimate::Prediction;
use crate::ids::{SlotId, TokenId};
use crate::reason::Reason;
use crate::slot::Slot;
use crate::status::Status;
use crate::token::Token;

/// The changes that a command makes to a doctor-day, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The version of the doctor-day that it was made from; it holds only for that one.
    pub made_from: u64,
    /// The token that was asked about, if it was about one.
    pub subject: Option<TokenId>,
    /// The new and the changed slots, as they will be.
    pub slots: Vec<Slot>,
    /// The new and the changed tokens, as they will be.
    pub tokens: Vec<Token>,
    /// The tokens, sorted by id, that go to another doctor-day: the decision for that one has them, under the same ids.
    pub departed: Vec<TokenId>,
    /// The doctor is not here before this time, as it will be.
    pub resumes_at: Option<Timestamp>,
    /// When the token that was asked about will be called, if the decision had to find that out to promise a time.
    pub told: Option<Prediction>,
    /// What happens, to whom and why: one for each change, in the order in which they are made. A decision that
    /// changes nothing has none.
    pub events: Vec<Event>,
    /// Why nothing changes, when nothing does.
    pub unchanged: Vec<Reason>,
}

impl Decision {
    /// Leaves this doctor-day as it is, for no reason but that the others of a command change.
    pub fn nothing(day: &Day) -> Self {
        Self {
            made_from: day.version(),
            subject: None,
            slots: Vec::new(),
            tokens: Vec::new(),
            departed: Vec::new(),
            resumes_at: day.resumes_at(),
            told: None,
            events: Vec::new(),
            unchanged: Vec::new(),
        }
    }

    /// Leaves everything as it is (the same change asked for twice).
    pub const fn changes_nothing(&self) -> bool {
        self.events.is_empty()
    }

    /// Why what was asked for came out as it did.
    pub fn reasons(&self) -> &[Reason] {
        let about =
            self.subject.and_then(|subject| self.events.iter().find(|one| one.token == Some(subject)));
        about.or(self.events.first()).map_or(&self.unchanged, |event| &event.reasons)
    }
}

/// One change to one token or slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// To which token.
    pub token: Option<TokenId>,
    /// In or to which slot.
    pub slot: Option<SlotId>,
    /// Why.
    pub reasons: Vec<Reason>,
}

macro_rules! kinds {
    ($($(#[$doc:meta])+ $kind:ident => $name:literal),+ $(,)?) => {
        /// What can happen to a token or a slot.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum EventKind {
            $($(#[$doc])+ $kind,)+
            /// A token's status changed to this.
            Became(Status),
        }

        impl EventKind {
            /// The name used in the databases and in the API.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)+
                    Self::Became(Status::Waitlisted) => "token_became_waitlisted",
                    Self::Became(Status::Booked) => "token_became_booked",
                    Self::Became(Status::Arrived) => "token_arrived",
                    Self::Became(Status::Called) => "token_called",
                    Self::Became(Status::InConsultation) => "token_started",
                    Self::Became(Status::Completed) => "token_completed",
                    Self::Became(Status::Passed) => "token_passed",
                    Self::Became(Status::NoShow) => "token_no_show",
                    Self::Became(Status::Cancelled) => "token_cancelled",
                }
            }

            /// All there are.
            pub fn all() -> impl Iterator<Item = Self> {
                let others = [$(Self::$kind),+];
                others.into_iter().chain(Status::ALL.into_iter().map(Self::Became))
            }
        }
    };
}

kinds! {
    /// A token got a seat when it was asked for.
    Booked => "token_booked",
    /// A token was kept without a seat.
    Waitlisted => "token_waitlisted",
    /// A waitlisted token got a seat.
    Promoted => "token_promoted",
    /// A token was put beside another one.
    Placed => "token_placed",
    /// A token's sequence number changed to make room.
    Renumbered => "token_renumbered",
    /// A called token was called once more.
    Recalled => "token_recalled",
    /// The last step of a token was taken back.
    Undone => "token_undone",
    /// A token got another slot of the same doctor-day.
    Moved => "token_moved",
    /// A token left for another doctor-day.
    MovedAway => "token_moved_away",
    /// A token came from another doctor-day.
    MovedIn => "token_moved_in",
    /// The patient agreed to come earlier, or no longer does.
    EarlierAgreed => "token_earlier_agreed",
    /// The doctor runs late, or no longer does.
    DelaySaid => "delay_said",
    /// The doctor leaves.
    DoctorLeft => "doctor_left",
    /// A slot was added.
    SlotAdded => "slot_added",
    /// A slot's limits or status changed.
    SlotChanged => "slot_changed",
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for EventKind {
    type Err = UnknownEventKind;

    fn from_str(text: &str) -> Result<Self, UnknownEventKind> {
        Self::all().find(|kind| kind.name() == text).ok_or_else(|| UnknownEventKind(text.to_owned()))
    }
}

/// A kind of event that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a kind of event")]
pub struct UnknownEventKind(String);
