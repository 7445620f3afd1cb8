//! The sentences: what patients and receptionists read.

use std::fmt;

use super::{MoveCause, PassedOver, Reason, in_words};

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SlotPassedOver(window, PassedOver::Full { count, limit }) => {
                write!(f, "{window} is full ({count} of {limit}).")
            }
            Self::SlotPassedOver(window, PassedOver::Over) => write!(f, "{window} is over."),
            Self::SlotPassedOver(window, PassedOver::NotOpen(status)) => write!(f, "{window} is {status}."),
            Self::SeatTaken { window, count, limit } => write!(f, "Seat {count} of {limit} in {window}."),
            Self::BufferUsed { window, count, limit } => {
                write!(f, "Seat {count} of {limit} in {window}, from the buffer kept for emergencies.")
            }
            Self::Overridden { window, why } => write!(f, "A supervisor gave a seat in {window}: {why}"),
            Self::FollowUpElsewhere(band) => {
                write!(
                    f,
                    "No previous visit to this doctor is known, so this counts as a walk-in (band {band})."
                )
            }
            Self::Numbered { source, band, sequence } => {
                let source = source.words();
                write!(f, "{source} goes in band {band}: number {sequence}.")
            }
            Self::PresentAtOnce => f.write_str("Counts as here."),
            Self::MustCheckIn => f.write_str("Must check in on arrival."),
            Self::PresentFromStart(window) => {
                write!(f, "Counts as here from {}.", window.start().strftime("%H:%M"))
            }
            Self::Ahead { people: 0, .. } => f.write_str("Nobody goes before."),
            Self::Ahead { people, emergencies: 0 } => write!(f, "{people} before."),
            Self::Ahead { people, emergencies } => {
                write!(f, "{people} before, {emergencies} of them emergencies.")
            }
            Self::Waitlisted { before } => write!(f, "Kept on the waiting list, {before} before."),
            Self::SlotLimits { window, max_count, hard_limit, status } => {
                write!(f, "{window}: {max_count} seats, {hard_limit} with the emergency buffer, {status}.")
            }
            Self::Became { .. }
            | Self::Unchanged(_)
            | Self::SeatFreed(_)
            | Self::FromWaitlist(_)
            | Self::PlacedByHand { .. }
            | Self::Rejoined { .. }
            | Self::RejoinsUsedUp(_)
            | Self::MadeRoom { .. }
            | Self::SteppedBack => self.of_a_change(f),
            Self::NextInOrder { .. }
            | Self::CalledOutOfOrder { .. }
            | Self::CalledAlready
            | Self::CalledAgain
            | Self::TakenBack { .. }
            | Self::GraceOver(_)
            | Self::SlotEnded(_)
            | Self::NothingDue
            | Self::RunningLate { .. }
            | Self::OnTimeAgain
            | Self::DoctorLeaves(_)
            | Self::Moved { .. }
            | Self::OtherDoctor { .. }
            | Self::KeepsSeniority { .. }
            | Self::NoRoomLeft(_)
            | Self::EarlierAgreed(_) => self.of_the_day(f),
        }
    }
}

impl Reason {
    /// What becomes of one token.
    fn of_a_change(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Became { from, to } => {
                write!(f, "Was {}, is {}.", in_words(from.name()), in_words(to.name()))
            }
            Self::Unchanged(status) => write!(f, "Is {} already.", in_words(status.name())),
            Self::SeatFreed(window) => write!(f, "A seat in {window} became free."),
            Self::FromWaitlist(window) => {
                write!(f, "Was next on the waiting list when a seat in {window} became free.")
            }
            Self::PlacedByHand { behind: Some(number), why } => {
                write!(f, "Put behind token {number} by hand: {why}")
            }
            Self::PlacedByHand { behind: None, why } => write!(f, "Put first by hand: {why}"),
            Self::Rejoined { behind } => {
                write!(f, "Came back after a missed call; stands behind {}.", people(*behind))
            }
            Self::RejoinsUsedUp(0) => {
                f.write_str("Has missed the call; nobody is called a second time here.")
            }
            Self::RejoinsUsedUp(1) => f.write_str("Has missed the call again after rejoining once."),
            Self::RejoinsUsedUp(times) => {
                write!(f, "Has missed the call again after rejoining {times} times.")
            }
            Self::MadeRoom { from, to } => {
                write!(f, "Number {from} became {to} to make room; the order stays.")
            }
            Self::SteppedBack => {
                f.write_str("Stands a moment later to make room; the order of the others stays.")
            }
            _ => f.write_str(self.code()),
        }
    }

    /// What happens on a real day: calls, lateness, moves.
    fn of_the_day(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NextInOrder { policy, absent: 0 } => write!(f, "Next in order (by the policy {policy})."),
            Self::NextInOrder { policy, absent } => {
                let absent = people(*absent);
                write!(f, "Next of those who are here (by the policy {policy}); not here yet: {absent}.")
            }
            Self::CalledOutOfOrder { passed, why } => {
                write!(f, "Called out of order, ahead of {}: {why}", people(*passed))
            }
            Self::CalledAlready => f.write_str("Has been called already."),
            Self::CalledAgain => f.write_str("Called once more; the time to come starts anew."),
            Self::TakenBack { from, to } => {
                write!(f, "Taken back: was {}, is {} again.", in_words(from.name()), in_words(to.name()))
            }
            Self::GraceOver(minutes) => write!(f, "Did not come within {minutes} min of the call."),
            Self::SlotEnded(window) => write!(f, "{window} has ended, and the patient did not come."),
            Self::NothingDue => f.write_str("Nothing is due yet."),
            Self::RunningLate { minutes, why: None } => write!(f, "The doctor is {minutes} min late."),
            Self::RunningLate { minutes, why: Some(why) } => {
                write!(f, "The doctor is {minutes} min late: {why}")
            }
            Self::OnTimeAgain => f.write_str("The doctor is not late any more."),
            Self::DoctorLeaves(why) if why.trim().is_empty() => f.write_str("The doctor leaves."),
            Self::DoctorLeaves(why) => write!(f, "The doctor leaves: {why}"),
            Self::Moved { from: Some(from), to, cause } => write!(f, "Moved from {from} to {to}: {cause}"),
            Self::Moved { from: None, to, cause } => write!(f, "Moved to {to}: {cause}"),
            Self::OtherDoctor { from, to } => {
                write!(f, "Its number there is {to}; until now it was {from}.")
            }
            Self::KeepsSeniority { before } => {
                write!(f, "Goes before token {before}, which was promised a later time.")
            }
            Self::NoRoomLeft(cause) => {
                write!(f, "No other seat was left, so it waits for one, and the desk will call. Why: {cause}")
            }
            Self::EarlierAgreed(true) => f.write_str("Agrees to come earlier."),
            Self::EarlierAgreed(false) => f.write_str("No longer agrees to come earlier."),
            _ => f.write_str(self.code()),
        }
    }
}

impl fmt::Display for MoveCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DoctorLeaves => f.write_str("the doctor leaves."),
            Self::SlotCancelled => f.write_str("the slot does not take place."),
            Self::FewerSeats => f.write_str("the slot has fewer seats now."),
            Self::Displaced(band) => write!(f, "somebody more urgent (band {band}) needed the seat."),
            Self::CameForward => {
                f.write_str("a seat became free, and the patient had agreed to come earlier.")
            }
            Self::ByHand(why) if why.trim().is_empty() => f.write_str("by hand."),
            Self::ByHand(why) => f.write_str(why),
        }
    }
}

fn people(count: u32) -> String {
    if count == 1 { "1 person".to_owned() } else { format!("{count} people") }
}
