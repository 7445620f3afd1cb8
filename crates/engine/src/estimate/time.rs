//! Time as the estimator counts it: milliseconds from now where it is compared, minutes where it is calculated with.

use jiff::{SignedDuration, Timestamp};

const MILLISECONDS: f64 = 60_000.0;
/// Beyond a century nothing is predicted.
const FAR_MINUTES: f64 = 5.3e7;

/// From one instant to another, in minutes.
pub(super) fn between(from: Timestamp, to: Timestamp) -> f64 {
    minutes(to.as_millisecond() - from.as_millisecond())
}

pub(super) fn minutes(milliseconds: i64) -> f64 {
    milliseconds as f64 / MILLISECONDS
}

pub(super) fn milliseconds(minutes: f64) -> i64 {
    (minutes.clamp(-FAR_MINUTES, FAR_MINUTES) * MILLISECONDS).round() as i64
}

/// So many minutes after an instant, in whole seconds.
pub(super) fn after(at: Timestamp, minutes: f64) -> Timestamp {
    let seconds = (minutes.clamp(0.0, FAR_MINUTES) * 60.0).round() as i64;
    at.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(at)
}
