//! The one clock: the machine's, or one that was set and runs at its own speed (development and demonstrations).

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};

/// What time it is. Instants are whole microseconds, which is what the databases keep.
#[derive(Debug, Clone)]
pub struct Clock(Kind);

#[derive(Debug, Clone)]
enum Kind {
    System,
    Set(Arc<Mutex<Set>>),
    ByHand(Arc<AtomicI64>),
}

/// Shows `at` at the moment `since`, and runs from there.
#[derive(Debug, Clone, Copy)]
struct Set {
    at: Timestamp,
    since: Instant,
    speed: f64,
}

impl Clock {
    /// The machine's clock.
    pub const fn system() -> Self {
        Self(Kind::System)
    }

    /// A clock that shows `at` now and runs `speed` times as fast as the machine's.
    pub fn set(at: Timestamp, speed: f64) -> Self {
        Self(Kind::Set(Arc::new(Mutex::new(Set { at, since: Instant::now(), speed }))))
    }

    /// Puts a clock that was set forward to `at`; it runs on from there. False when it shows a later time already, or is not
    /// one that can be set: time never goes back.
    pub fn advance(&self, at: Timestamp) -> bool {
        let Kind::Set(set) = &self.0 else { return false };
        let mut set = set.lock().unwrap_or_else(PoisonError::into_inner);
        if at < set.now() {
            return false;
        }
        (set.at, set.since) = (at, Instant::now());
        true
    }

    /// Has a clock that was set run `speed` times as fast from now on. False when it is not one that was set.
    pub fn pace(&self, speed: f64) -> bool {
        let Kind::Set(set) = &self.0 else { return false };
        let mut set = set.lock().unwrap_or_else(PoisonError::into_inner);
        *set = Set { at: set.now(), since: Instant::now(), speed };
        true
    }

    /// How many times as fast as the machine's clock it runs; none of a clock that stands where it is put.
    pub fn speed(&self) -> Option<f64> {
        match &self.0 {
            Kind::System => Some(1.0),
            Kind::Set(set) => Some(set.lock().unwrap_or_else(PoisonError::into_inner).speed),
            Kind::ByHand(_) => None,
        }
    }

    /// The machine's time, running `speed` times as fast from now on.
    pub fn sped_up(speed: f64) -> Self {
        Self::set(Self::system().now(), speed)
    }

    /// A clock that stands where it is put, in microseconds since the epoch: a simulated day's.
    pub const fn by_hand(hand: Arc<AtomicI64>) -> Self {
        Self(Kind::ByHand(hand))
    }

    /// What time it is.
    pub fn now(&self) -> Timestamp {
        #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
        let now = match &self.0 {
            Kind::System => Timestamp::now(),
            Kind::ByHand(hand) => {
                Timestamp::from_microsecond(hand.load(Ordering::Acquire)).unwrap_or(Timestamp::MAX)
            }
            Kind::Set(set) => set.lock().unwrap_or_else(PoisonError::into_inner).now(),
        };
        Timestamp::from_microsecond(now.as_microsecond()).expect("rounding towards the epoch stays in range")
    }
}

impl Set {
    fn now(&self) -> Timestamp {
        SignedDuration::try_from_secs_f64(self.since.elapsed().as_secs_f64() * self.speed)
            .ok()
            .and_then(|elapsed| self.at.checked_add(elapsed).ok())
            .unwrap_or(Timestamp::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_clock_starts_where_it_was_set_and_shows_whole_microseconds() {
        let start: Timestamp = "2026-02-02T03:30:00Z".parse().unwrap();
        let now = Clock::set(start, 0.0).now();
        assert_eq!(now, start);
        assert!(Clock::set(start, 1e6).now() >= start);
        assert_eq!(Clock::system().now().as_nanosecond() % 1_000, 0);
    }

    #[test]
    fn a_set_clock_can_be_put_forward_and_not_back() {
        let start: Timestamp = "2026-02-02T03:30:00Z".parse().unwrap();
        let later: Timestamp = "2026-02-02T04:30:00Z".parse().unwrap();
        let clock = Clock::set(start, 0.0);
        assert!(clock.advance(later));
        assert_eq!(clock.now(), later);
        assert!(!clock.advance(start));
        assert_eq!(clock.now(), later);
        assert!(!Clock::system().advance(later));
    }

    #[test]
    fn a_set_clock_changes_its_pace_and_not_what_it_shows() {
        let start: Timestamp = "2026-02-02T03:30:00Z".parse().unwrap();
        let clock = Clock::set(start, 0.0);
        assert!(clock.pace(1e6));
        assert_eq!(clock.speed(), Some(1e6));
        let before = clock.now();
        assert!(clock.pace(0.0));
        let stopped = clock.now();
        assert!(start <= before && before <= stopped, "{start} {before} {stopped}");
        assert_eq!(clock.now(), stopped);
        assert!(!Clock::system().pace(2.0));
    }
}
