//! The simulator's clock: minutes from the day's opening, and the instants that the engine is told.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use baari_engine::Window;

/// Minute 0 of a day, in its zone.
#[derive(Debug, Clone)]
pub struct Opening {
    date: Date,
    at: Timestamp,
    zone: TimeZone,
}

/// The last instant of a date that every store can hold.
const END_OF_DAY: Time = Time::constant(23, 59, 59, 999_999_000);

impl Opening {
    /// The opening at this civil time; none when the calendar has no such instant.
    pub fn new(date: Date, opens: Time, zone: TimeZone) -> Option<Self> {
        let at = zone.to_timestamp(date.to_datetime(opens)).ok()?;
        Some(Self { date, at, zone })
    }

    /// The instant of a minute, rounded to the microsecond: what both databases can hold.
    pub fn instant(&self, minute: f64) -> Timestamp {
        self.at.checked_add(SignedDuration::from_micros(microseconds(minute))).unwrap_or(Timestamp::MAX)
    }

    /// The minute of an instant.
    pub fn minute(&self, at: Timestamp) -> f64 {
        at.duration_since(self.at).as_secs_f64() / 60.0
    }

    /// The first minute whose instant is not before this one.
    pub(crate) fn minute_from(&self, at: Timestamp) -> f64 {
        let whole = Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at);
        let up =
            if whole < at { whole.checked_add(SignedDuration::from_micros(1)).unwrap_or(at) } else { whole };
        self.minute(up)
    }

    /// The civil time of a minute.
    pub fn wall_clock(&self, minute: f64) -> Time {
        self.zone.to_datetime(self.instant(minute)).time()
    }

    /// The window between two minutes; none when it is empty, leaves the date, or has no civil times of its own (the hour
    /// that a change of the clocks repeats).
    pub fn window(&self, start_minute: f64, end_minute: f64) -> Option<Window> {
        let (starts_at, ends_at) = (self.instant(start_minute), self.instant(end_minute));
        let (start, end) = (self.zone.to_datetime(starts_at), self.zone.to_datetime(ends_at));
        let midnight = end.time() == Time::midnight() && Some(end.date()) == self.date.tomorrow().ok();
        let end = if midnight { self.date.to_datetime(END_OF_DAY) } else { end };
        if start.date() != self.date || end.date() != self.date {
            return None;
        }
        let window = Window::new(self.date, start.time(), end.time(), &self.zone)?;
        let same = window.starts_at() == starts_at && (midnight || window.ends_at() == ends_at);
        same.then_some(window)
    }
}

/// Whole microseconds; minutes of a scenario are limited, so that they fit.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the float is limited by the scenario's check, and `as` saturates"
)]
fn microseconds(minute: f64) -> i64 {
    (minute * 60_000_000.0).round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opening(opens: &str, zone: &str) -> Opening {
        let date = jiff::civil::date(2026, 3, 29);
        Opening::new(date, opens.parse().unwrap(), TimeZone::get(zone).unwrap()).unwrap()
    }

    #[test]
    fn minutes_are_rounded_to_microseconds() {
        let opening = opening("09:00", "Asia/Kolkata");
        assert_eq!(opening.instant(0.0).to_string(), "2026-03-29T03:30:00Z");
        assert_eq!(opening.instant(-0.25).to_string(), "2026-03-29T03:29:45Z");
        assert_eq!(opening.instant(1.0 / 3.0 / 60e6).to_string(), "2026-03-29T03:30:00Z");
        let between = "2026-03-29T03:30:00.000001001Z".parse().unwrap();
        assert_eq!(opening.instant(opening.minute_from(between)).to_string(), "2026-03-29T03:30:00.000002Z");
        assert_eq!(opening.instant(1.0 / 60e6).to_string(), "2026-03-29T03:30:00.000001Z");
    }

    #[test]
    fn a_window_stays_within_its_date() {
        let late = opening("22:00", "Asia/Kolkata");
        assert_eq!(late.window(0.0, 60.0).unwrap().to_string(), "22:00–23:00");
        assert_eq!(late.window(60.0, 120.0).unwrap().to_string(), "23:00–23:59");
        assert!(late.window(60.0, 121.0).is_none());
        assert!(late.window(60.0, 60.0).is_none());
        assert!(late.window(-1_400.0, -1_300.0).is_none());
    }

    #[test]
    fn minutes_pass_while_the_clocks_change() {
        // Berlin goes from 02:00 to 03:00 that night: ninety minutes after one o'clock it is half past three.
        let opening = opening("01:00", "Europe/Berlin");
        assert_eq!(opening.window(30.0, 90.0).unwrap().to_string(), "01:30–03:30");
    }
}
