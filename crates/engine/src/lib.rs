//! The rules of Baari: who gets a seat, which number, and whose turn is next.
//!
//! [`decide`] takes a doctor-day, the circumstances and a command; it answers with a [`Decision`] (the changes, and the
//! reasons for them) or a [`Refusal`] (what to do instead). [`Day::apply`] puts the decision into effect.
//!
//! This crate must never read a clock, draw a random number, touch a file or a socket, or know a wire format: time and ids
//! come in as arguments, so the same inputs give the same decision. Nobody else holds an allocation rule.
//!
//! Start reading at `decide.rs`, then `decide/book.rs` (the seat rule), `sequence.rs` (the numbers) and `policy.rs` (the
//! order). `docs/rules.md` states every rule in words, under the names used here.

mod command;
mod day;
mod decide;
mod decision;
mod estimate;
mod ids;
mod pace;
mod policy;
mod queue;
mod reason;
mod refusal;
mod schedule;
mod sequence;
mod settings;
mod slot;
mod source;
mod status;
mod token;

pub use command::{
    Beside, Book, ChangeSlot, Command, Delay, Leave, NewSlot, Next, Place, SetStatus, Transfer,
};
pub use day::{Day, DayHead, DayKey};
pub use decide::{
    Circumstances, Scene, can_undo, decide, decide_together, keeps_seat_until, next_lapse, next_room,
};
pub use decision::{Decision, Event, EventKind};
pub use estimate::{Estimator, Prediction};
pub use ids::{
    AuditId, DoctorId, FacilityId, IdError, KeyId, PatientId, ScheduleId, SlotId, TokenId, UserId,
};
pub use pace::{DayPace, History};
pub use policy::{Policy, PolicyKind, Standing, ready};
pub use queue::{Place as QueuePlace, is_present, queue, waitlist};
pub use reason::{MoveCause, PassedOver, Reason};
pub use refusal::Refusal;
pub use schedule::{Absence, Schedule, ScheduleError, SlotTemplate, WeeklyHours};
pub use sequence::SequenceNumber;
pub use settings::Settings;
pub use slot::{Slot, SlotStatus, Window};
pub use source::{Band, PerSource, Source};
pub use status::{Status, WantedStatus};
pub use token::{Placed, Token};

pub use decide::limits;
/// What the engine knows of a doctor and of a patient when it decides.
pub use decide::{DoctorFacts, DoctorStatus, PatientFacts, PatientStatus};
