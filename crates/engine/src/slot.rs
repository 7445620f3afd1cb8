//! One doctor's window on one date, with its limits.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use crate::ids::SlotId;
use crate::sequence::SequenceNumber;
use crate::source::Band;

/// The hours of a slot: civil, in the facility's zone, and as instants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    start: Time,
    end: Time,
    starts_at: Timestamp,
    ends_at: Timestamp,
}

impl Window {
    /// The window from `start` to `end` on `date` in `zone`; none when it is empty, goes backwards, or lies outside the
    /// calendar. Where the clocks are put forward over its end, it lasts as long as the wall clock would have shown.
    pub fn new(date: Date, start: Time, end: Time, zone: &TimeZone) -> Option<Self> {
        let instant = |time: Time| zone.to_timestamp(date.to_datetime(time)).ok();
        let (starts_at, ends_at) = (instant(start)?, instant(end)?);
        let shown = starts_at.checked_add(start.duration_until(end)).ok()?;
        let ends_at = if starts_at < ends_at { ends_at } else { shown };
        (start < end).then_some(Self { start, end, starts_at, ends_at })
    }

    /// When it begins, on the wall clock.
    pub const fn start(&self) -> Time {
        self.start
    }

    /// When it ends, on the wall clock.
    pub const fn end(&self) -> Time {
        self.end
    }

    /// When it begins.
    pub const fn starts_at(&self) -> Timestamp {
        self.starts_at
    }

    /// When it ends.
    pub const fn ends_at(&self) -> Timestamp {
        self.ends_at
    }

    /// Shares time with another window.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.starts_at < other.ends_at && other.starts_at < self.ends_at
    }
}

impl fmt::Display for Window {
    /// 09:00–10:00
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}–{}", self.start.strftime("%H:%M"), self.end.strftime("%H:%M"))
    }
}

/// Whether a slot takes bookings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlotStatus {
    /// Takes bookings.
    Open,
    /// Takes no more bookings; those it has stand.
    Closed,
    /// Does not take place.
    Cancelled,
}

impl SlotStatus {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Open, Self::Closed, Self::Cancelled];

    /// The name used in the API and in the databases.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for SlotStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for SlotStatus {
    type Err = UnknownSlotStatus;

    fn from_str(text: &str) -> Result<Self, UnknownSlotStatus> {
        Self::ALL
            .into_iter()
            .find(|status| status.name().eq_ignore_ascii_case(text))
            .ok_or_else(|| UnknownSlotStatus(text.chars().take(40).collect()))
    }
}

/// A slot status that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a slot's status: use open, closed or cancelled")]
pub struct UnknownSlotStatus(String);

/// One doctor's window on one date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Its identifier.
    pub id: SlotId,
    /// When it takes place.
    pub window: Window,
    /// Seats for everybody.
    pub max_count: u32,
    /// Seats with the buffer for emergencies; never less than `max_count`.
    pub hard_limit: u32,
    /// Seats taken.
    pub current_count: u32,
    /// Seats of these that a supervisor's override gave.
    pub override_count: u32,
    /// Whether it takes bookings.
    pub status: SlotStatus,
    /// How many sequence numbers each band has issued here, ever.
    pub issued: [u32; Band::COUNT],
}

impl Slot {
    /// An open slot with nobody in it.
    pub const fn new(id: SlotId, window: Window, max_count: u32, hard_limit: u32) -> Self {
        Self {
            id,
            window,
            max_count,
            hard_limit,
            current_count: 0,
            override_count: 0,
            status: SlotStatus::Open,
            issued: [0; Band::COUNT],
        }
    }

    /// Its time has passed.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.window.ends_at <= now
    }

    /// Issues the next sequence number of `band`; none when the band has used up all of them.
    pub(crate) fn issue(&mut self, band: Band) -> Option<SequenceNumber> {
        let number = SequenceNumber::nth(band, self.issued[band.index()])?;
        self.issued[band.index()] += 1;
        Some(number)
    }

    /// The next sequence number that `band` would issue.
    pub(crate) fn next_number(&self, band: Band) -> Option<SequenceNumber> {
        SequenceNumber::nth(band, self.issued[band.index()])
    }
}
