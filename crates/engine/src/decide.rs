//! The one place where anything is decided: a doctor-day, the circumstances and a command in; a decision or a refusal out.

mod book;
mod calling;
mod displace;
mod draft;
mod forward;
mod lapse;
mod leave;
mod place;
mod planner;
mod seat;
mod seniority;
mod slots;
mod status;
mod transfer;
mod undo;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::command::Command;
use crate::day::Day;
use crate::decision::Decision;
use crate::ids::{DoctorId, PatientId};
use crate::pace::History;
use crate::refusal::Refusal;
use crate::settings::Settings;
use draft::Draft;

pub use lapse::{keeps_seat_until, next_lapse};
pub use seat::next_room;
pub use undo::can_undo;

/// Limits of one doctor-day. A hospital stays far below; they keep a mistake from growing without bound.
pub mod limits {
    /// Tokens of one doctor on one date, cancelled ones too.
    pub const TOKENS_PER_DAY: u32 = 20_000;
    /// Slots of one doctor on one date.
    pub const SLOTS_PER_DAY: u32 = 96;
    /// Seats of one slot, buffer and all.
    pub const SEATS_PER_SLOT: u32 = 10_000;
    /// Tokens that one decision moves to other slots.
    pub const MOVES: usize = 2_000;
    /// Doctor-days that are decided on together.
    pub const DAYS: usize = 64;
    /// Characters of a reason given by hand.
    pub const WHY_CHARACTERS: usize = 200;
}

/// What else a decision depends on, besides the doctor-day and the command.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances<'a> {
    /// The time.
    pub now: Timestamp,
    /// The date in the facility's zone.
    pub today: Date,
    /// The facility's settings.
    pub settings: &'a Settings,
    /// The doctor of this day.
    pub doctor: DoctorFacts,
}

/// What the engine needs to know of a doctor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DoctorFacts {
    /// Whether the doctor sees patients.
    pub status: DoctorStatus,
    /// How long a visit usually takes, in minutes.
    pub mean_visit_minutes: u16,
    /// What the days before say of the doctor's pace.
    pub history: History,
}

impl DoctorFacts {
    /// A doctor whose days nobody has seen yet.
    pub fn new(status: DoctorStatus, mean_visit_minutes: u16) -> Self {
        Self { status, mean_visit_minutes, history: History::configured(mean_visit_minutes) }
    }
}

/// Whether a doctor sees patients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DoctorStatus {
    /// Sees patients.
    Active,
    /// Away for some time.
    OnLeave,
    /// Does not work here any more.
    Inactive,
}

/// What the engine needs to know of a patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PatientFacts {
    /// Who it is.
    pub id: PatientId,
    /// Whether the record is in use.
    pub status: PatientStatus,
    /// The doctor of the previous visit, as the record has it.
    pub previous_doctor: Option<DoctorId>,
    /// The doctor of the last visit that was finished here.
    pub last_seen_by: Option<DoctorId>,
}

impl PatientFacts {
    /// Whether this doctor has seen the patient before, so that a visit to them is a follow-up.
    pub fn knows(&self, doctor: DoctorId) -> bool {
        [self.previous_doctor, self.last_seen_by].contains(&Some(doctor))
    }
}

/// Whether a patient's record is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PatientStatus {
    /// In use.
    Active,
    /// Not in use (a double, a mistake, somebody who died).
    Inactive,
}

macro_rules! names {
    ($type:ident, $($variant:ident => $name:literal),+) => {
        impl $type {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name used in the API and in the databases.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The one of this name, in any letter case.
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name().eq_ignore_ascii_case(name))
            }
        }
    };
}

names!(DoctorStatus, Active => "active", OnLeave => "on_leave", Inactive => "inactive");
names!(PatientStatus, Active => "active", Inactive => "inactive");

/// A doctor-day with the circumstances there: what is decided on.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// The doctor-day.
    pub day: &'a Day,
    /// The circumstances.
    pub on: Circumstances<'a>,
}

/// Decides on one doctor-day. Pure: the same inputs give the same decision.
///
/// # Errors
/// A [`Refusal`] says why not, and what to do instead; nothing changes.
pub fn decide(day: &Day, on: &Circumstances<'_>, command: &Command) -> Result<Decision, Refusal> {
    let draft = Draft::new(day, *on);
    match command {
        Command::Book(book) => book::book(draft, book),
        Command::SetStatus(change) => status::set_status(draft, change),
        Command::Place(place) => place::place(draft, place),
        Command::AddSlots(slots) => slots::add(draft, slots),
        Command::Next(next) => calling::next(draft, next),
        Command::Recall(token) => calling::recall(draft, *token),
        Command::Undo => undo::undo(draft),
        Command::Lapse => lapse::lapse(draft),
        Command::Delay(delay) => calling::delay(draft, delay),
        Command::AgreeEarlier { token, earlier_ok } => status::agree_earlier(draft, *token, *earlier_ok),
        Command::ChangeSlot(_) | Command::Leave(_) | Command::Transfer(_) => {
            let mut decisions = decide_together(&[Scene { day, on: *on }], command)?;
            Ok(decisions.swap_remove(0))
        }
    }
}

/// Decides on several doctor-days of one facility as one: the first is the one that the command is about, the others are
/// where its patients may go, in order of preference. One decision for each, which are put into effect together or not at
/// all; many of them may change nothing.
///
/// # Errors
/// A [`Refusal`]; nothing changes anywhere.
///
/// # Panics
/// Without any doctor-day.
pub fn decide_together(scenes: &[Scene<'_>], command: &Command) -> Result<Vec<Decision>, Refusal> {
    let mut drafts: Vec<Draft<'_>> = scenes.iter().map(|scene| Draft::new(scene.day, scene.on)).collect();
    let mut subject = None;
    match command {
        Command::ChangeSlot(change) => match slots::is_as_asked(&drafts[0], change) {
            Some(reason) => {
                let home = drafts.swap_remove(0).unchanged(None, reason);
                return Ok(beside(home, scenes));
            }
            None => slots::change(&mut drafts, change)?,
        },
        Command::Leave(command) => leave::leave(&mut drafts, command)?,
        Command::Transfer(command) => {
            subject = Some(command.token);
            transfer::transfer(&mut drafts, command)?;
        }
        _ => return Ok(beside(decide(scenes[0].day, &scenes[0].on, command)?, scenes)),
    }
    Ok(drafts.into_iter().map(|draft| draft.finish(subject)).collect())
}

/// A decision on the first scene that leaves the others as they are.
fn beside(home: Decision, scenes: &[Scene<'_>]) -> Vec<Decision> {
    let others = scenes[1..].iter().map(|scene| Decision::nothing(scene.day));
    std::iter::once(home).chain(others).collect()
}
