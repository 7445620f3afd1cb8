//! The one clock: the machine's, or one that was set and runs at its own speed (development and demonstrations).

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};

/// What time it is. Instants are whole microseconds, which is what the databases keep.
#[derive(Debug, Clone)]
pub struct Clock(Kind);

#[derive(Debug, Clone)]
enum Kind {
    System,
    Set { at: Timestamp, since: Instant, speed: f64 },
    ByHand(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock.
    pub const fn system() -> Self {
        Self(Kind::System)
    }

    /// A clock that shows `at` now and runs `speed` times as fast as the machine's.
    pub fn set(at: Timestamp, speed: f64) -> Self {
        Self(Kind::Set { at, since: Instant::now(), speed })
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
            Kind::Set { at, since, speed } => {
                SignedDuration::try_from_secs_f64(since.elapsed().as_secs_f64() * speed)
                    .ok()
                    .and_then(|elapsed| at.checked_add(elapsed).ok())
                    .unwrap_or(Timestamp::MAX)
            }
        };
        Timestamp::from_microsecond(now.as_microsecond()).expect("rounding towards the epoch stays in range")
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
}
