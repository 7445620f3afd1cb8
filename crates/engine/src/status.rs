//! The life of a token.
//!
//! ```text
//! waitlisted → booked → arrived → called → in_consultation → completed
//!                  called → passed → arrived (rejoin) | no_show
//!                  booked → no_show
//!                  waitlisted, booked, arrived, called, passed → cancelled
//! ```

use std::fmt;
use std::str::FromStr;

/// Where a token is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Wants a seat; there is none yet.
    Waitlisted,
    /// Has a seat; the patient is not here yet.
    Booked,
    /// Has a seat and waits here.
    Arrived,
    /// Was called to the room.
    Called,
    /// Is with the doctor.
    InConsultation,
    /// Was seen.
    Completed,
    /// Was called and did not come; may rejoin.
    Passed,
    /// Never came.
    NoShow,
    /// Will not come.
    Cancelled,
}

impl Status {
    /// All of them, in the order of a visit.
    pub const ALL: [Self; 9] = [
        Self::Waitlisted,
        Self::Booked,
        Self::Arrived,
        Self::Called,
        Self::InConsultation,
        Self::Completed,
        Self::Passed,
        Self::NoShow,
        Self::Cancelled,
    ];

    /// The name used in the API and in the databases.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waitlisted => "waitlisted",
            Self::Booked => "booked",
            Self::Arrived => "arrived",
            Self::Called => "called",
            Self::InConsultation => "in_consultation",
            Self::Completed => "completed",
            Self::Passed => "passed",
            Self::NoShow => "no_show",
            Self::Cancelled => "cancelled",
        }
    }

    /// What it can become next.
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Waitlisted => &[Self::Booked, Self::Cancelled],
            Self::Booked => &[Self::Arrived, Self::NoShow, Self::Cancelled],
            Self::Arrived => &[Self::Called, Self::Cancelled],
            Self::Called => &[Self::InConsultation, Self::Passed, Self::Cancelled],
            Self::InConsultation => &[Self::Completed],
            Self::Passed => &[Self::Arrived, Self::NoShow, Self::Cancelled],
            Self::Completed | Self::NoShow | Self::Cancelled => &[],
        }
    }

    /// A token in this status takes a seat of its slot.
    pub const fn holds_seat(self) -> bool {
        !matches!(self, Self::Waitlisted | Self::Cancelled | Self::NoShow)
    }

    /// The patient still wants to be seen that day (one such token per patient, doctor and date).
    pub const fn is_live(self) -> bool {
        !matches!(self, Self::Completed | Self::NoShow | Self::Cancelled)
    }

    /// Stands in the queue and has not been called, or did not come when called.
    pub const fn is_waiting(self) -> bool {
        matches!(self, Self::Booked | Self::Arrived | Self::Passed)
    }

    /// At the doctor's door or with the doctor.
    pub const fn is_being_served(self) -> bool {
        matches!(self, Self::Called | Self::InConsultation)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Status {
    type Err = UnknownStatus;

    fn from_str(text: &str) -> Result<Self, UnknownStatus> {
        Self::ALL
            .into_iter()
            .find(|status| status.name().eq_ignore_ascii_case(text))
            .ok_or_else(|| UnknownStatus(text.chars().take(40).collect()))
    }
}

/// A status that somebody asks for: an exact one, or the older word for "waits".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WantedStatus {
    /// This one.
    Exactly(Status),
    /// `PENDING`: booked or arrived, whichever it is.
    Pending,
}

impl FromStr for WantedStatus {
    type Err = UnknownStatus;

    /// The statuses in any letter case, and `PENDING` and `MISSED` as other names for booked/arrived and no_show.
    fn from_str(text: &str) -> Result<Self, UnknownStatus> {
        if text.eq_ignore_ascii_case("pending") {
            return Ok(Self::Pending);
        }
        if text.eq_ignore_ascii_case("missed") {
            return Ok(Self::Exactly(Status::NoShow));
        }
        text.parse().map(Self::Exactly)
    }
}

/// A status that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "“{0}” is not a status: use booked, arrived, called, in_consultation, completed, passed, no_show or cancelled"
)]
pub struct UnknownStatus(String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_older_names_are_understood() {
        for (text, wanted) in [
            ("PENDING", Some(WantedStatus::Pending)),
            ("MISSED", Some(WantedStatus::Exactly(Status::NoShow))),
            ("COMPLETED", Some(WantedStatus::Exactly(Status::Completed))),
            ("Cancelled", Some(WantedStatus::Exactly(Status::Cancelled))),
            ("in_consultation", Some(WantedStatus::Exactly(Status::InConsultation))),
            ("done", None),
        ] {
            assert_eq!(text.parse::<WantedStatus>().ok(), wanted, "{text:?}");
        }
    }

    #[test]
    fn only_the_living_can_change() {
        for status in Status::ALL {
            assert_eq!(status.next().is_empty(), !status.is_live(), "{status}");
            assert!(!status.next().contains(&status), "{status}");
        }
    }
}
