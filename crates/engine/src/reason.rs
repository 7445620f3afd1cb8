//! Why: typed, with a stable code, and a sentence in plain words.

mod sentences;

use crate::policy::PolicyKind;
use crate::sequence::SequenceNumber;
use crate::slot::{SlotStatus, Window};
use crate::source::{Band, Source};
use crate::status::Status;

/// A name of the API's as people read it: no_show is no show.
pub(crate) fn in_words(name: &str) -> String {
    name.replace('_', " ")
}

/// Why a slot was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassedOver {
    /// All its seats are taken.
    Full {
        /// Seats taken.
        count: u32,
        /// Seats that this source may take.
        limit: u32,
    },
    /// Its time has passed.
    Over,
    /// It takes no bookings.
    NotOpen(SlotStatus),
}

/// What made a token move to another slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MoveCause {
    /// The doctor leaves.
    DoctorLeaves,
    /// The slot does not take place.
    SlotCancelled,
    /// The slot has fewer seats than before.
    FewerSeats,
    /// A higher band needed the seat.
    Displaced(Band),
    /// A seat became free earlier, and the patient had agreed to come.
    CameForward,
    /// Somebody moved it, in these words.
    ByHand(String),
}

/// Why a decision came out as it did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// A slot was looked at and not taken.
    SlotPassedOver(Window, PassedOver),
    /// The slot whose seat was taken, with the seats taken in it now.
    SeatTaken {
        /// The slot.
        window: Window,
        /// Seats taken, with this one.
        count: u32,
        /// Seats for everybody.
        limit: u32,
    },
    /// An emergency took a seat of the buffer.
    BufferUsed {
        /// The slot.
        window: Window,
        /// Seats taken, with this one.
        count: u32,
        /// Seats with the buffer.
        limit: u32,
    },
    /// A supervisor gave a seat beyond the limits.
    Overridden {
        /// The slot.
        window: Window,
        /// In the supervisor's words.
        why: String,
    },
    /// A follow-up whose previous doctor is another one stands as a walk-in.
    FollowUpElsewhere(Band),
    /// The band and the number that it got.
    Numbered {
        /// Its source.
        source: Source,
        /// The band of that source.
        band: Band,
        /// The number issued.
        sequence: SequenceNumber,
    },
    /// The patient counts as here.
    PresentAtOnce,
    /// The patient must check in on arrival.
    MustCheckIn,
    /// No check-in in this facility: present from the slot's start.
    PresentFromStart(Window),
    /// How many go before.
    Ahead {
        /// All of them.
        people: u32,
        /// Emergencies among them.
        emergencies: u32,
    },
    /// Kept without a seat, this many wait before.
    Waitlisted {
        /// Waitlisted tokens that come before this one.
        before: u32,
    },
    /// The status changed.
    Became {
        /// From this one.
        from: Status,
        /// To this one.
        to: Status,
    },
    /// It is so already.
    Unchanged(Status),
    /// A seat became free.
    SeatFreed(Window),
    /// Got the seat that another token left.
    FromWaitlist(Window),
    /// Put beside another token by hand.
    PlacedByHand {
        /// It now goes right behind this token number, or first.
        behind: Option<u32>,
        /// In the words of who did it.
        why: String,
    },
    /// Comes back after a missed call, behind this many present people.
    Rejoined {
        /// People present whom it stands behind.
        behind: u32,
    },
    /// Missed its call more often than one may rejoin.
    RejoinsUsedUp(u8),
    /// Got a new number, so that another token fits between; the order stays.
    MadeRoom {
        /// The number until now.
        from: SequenceNumber,
        /// The number from now on.
        to: SequenceNumber,
    },
    /// Stands a moment later, so that another token fits before; the order of the others stays.
    SteppedBack,
    /// The first who is here, by the facility's policy.
    NextInOrder {
        /// The policy.
        policy: PolicyKind,
        /// Who stands before but is not here.
        absent: u32,
    },
    /// Called although others stand before.
    CalledOutOfOrder {
        /// People present who were passed.
        passed: u32,
        /// In the words of who called.
        why: String,
    },
    /// Was called before, and has not come in yet.
    CalledAlready,
    /// Was called once more; the time to come starts anew.
    CalledAgain,
    /// The last step was taken back.
    TakenBack {
        /// From this status.
        from: Status,
        /// To this one.
        to: Status,
    },
    /// Did not come within these minutes of the call.
    GraceOver(i64),
    /// The slot ended, and nobody had come.
    SlotEnded(Window),
    /// Nothing is due yet.
    NothingDue,
    /// The doctor is this much later.
    RunningLate {
        /// In minutes, as said.
        minutes: u16,
        /// Why, if it was said.
        why: Option<String>,
    },
    /// The doctor is not late any more.
    OnTimeAgain,
    /// The doctor leaves, for this reason.
    DoctorLeaves(String),
    /// Has another slot now.
    Moved {
        /// The slot until now; none when it had none.
        from: Option<Window>,
        /// The slot from now on.
        to: Window,
        /// What made it move.
        cause: MoveCause,
    },
    /// Has another doctor now, and so another number.
    OtherDoctor {
        /// The number with the doctor until now.
        from: u32,
        /// The number with the new one.
        to: u32,
    },
    /// Goes before this token number, which was promised a later time.
    KeepsSeniority {
        /// That token's number.
        before: u32,
    },
    /// Has lost the seat, and there is no other one.
    NoRoomLeft(MoveCause),
    /// Agrees to come earlier, or no longer does.
    EarlierAgreed(bool),
    /// A slot with these limits.
    SlotLimits {
        /// The slot.
        window: Window,
        /// Seats for everybody.
        max_count: u32,
        /// Seats with the buffer.
        hard_limit: u32,
        /// Whether it takes bookings.
        status: SlotStatus,
    },
}

impl Reason {
    /// A stable name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::SlotPassedOver(_, PassedOver::Full { .. }) => "slot_full",
            Self::SlotPassedOver(_, PassedOver::Over) => "slot_over",
            Self::SlotPassedOver(_, PassedOver::NotOpen(_)) => "slot_not_open",
            Self::SeatTaken { .. } => "seat_taken",
            Self::BufferUsed { .. } => "buffer_used",
            Self::Overridden { .. } => "overridden",
            Self::FollowUpElsewhere(_) => "follow_up_elsewhere",
            Self::Numbered { .. } => "numbered",
            Self::PresentAtOnce => "present_at_once",
            Self::MustCheckIn => "must_check_in",
            Self::PresentFromStart(_) => "present_from_start",
            Self::Ahead { .. } => "ahead",
            Self::Waitlisted { .. } => "waitlisted",
            Self::Became { .. } => "became",
            Self::Unchanged(_) => "unchanged",
            Self::SeatFreed(_) => "seat_freed",
            Self::FromWaitlist(_) => "from_waitlist",
            Self::PlacedByHand { .. } => "placed_by_hand",
            Self::Rejoined { .. } => "rejoined",
            Self::RejoinsUsedUp(_) => "rejoins_used_up",
            Self::MadeRoom { .. } => "made_room",
            Self::SteppedBack => "stepped_back",
            Self::NextInOrder { .. } => "next_in_order",
            Self::CalledOutOfOrder { .. } => "called_out_of_order",
            Self::CalledAlready => "called_already",
            Self::CalledAgain => "called_again",
            Self::TakenBack { .. } => "taken_back",
            Self::GraceOver(_) => "grace_over",
            Self::SlotEnded(_) => "slot_ended",
            Self::NothingDue => "nothing_due",
            Self::RunningLate { .. } => "running_late",
            Self::OnTimeAgain => "on_time_again",
            Self::DoctorLeaves(_) => "doctor_leaves",
            Self::Moved { .. } => "moved",
            Self::OtherDoctor { .. } => "other_doctor",
            Self::KeepsSeniority { .. } => "keeps_seniority",
            Self::NoRoomLeft(_) => "no_room_left",
            Self::EarlierAgreed(_) => "earlier_agreed",
            Self::SlotLimits { .. } => "slot_limits",
        }
    }
}
