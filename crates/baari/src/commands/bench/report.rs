//! What was measured, as it is printed in JSON.

use hdrhistogram::Histogram;
use serde::Serialize;

use super::load::Measured;
use super::machine::{Cores, Machine};

/// Everything.
#[derive(Serialize)]
pub(super) struct Report {
    pub(super) version: &'static str,
    pub(super) machine: Machine,
    pub(super) settings: Settings,
    pub(super) sqlite: Figures,
    pub(super) postgres: Option<Figures>,
    /// What did not work, and why. Where there is nothing here, every figure is there.
    pub(super) failures: Vec<Failure>,
}

/// How it was measured.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Settings {
    /// Of each measurement, after a second to warm up.
    pub(super) seconds: u64,
    pub(super) connections: usize,
    pub(super) doctors: u64,
    pub(super) patients: u64,
}

/// A part that has no figures.
#[derive(Debug, Serialize)]
pub(super) struct Failure {
    pub(super) part: String,
    pub(super) why: String,
}

/// The figures of one database. What could not be measured is null, with the reason among the failures.
#[derive(Default, Serialize)]
pub(super) struct Figures {
    /// Bookings over HTTP, spread over all doctors.
    pub(super) spread: Option<Bookings>,
    /// Bookings over HTTP, at any moment all with one doctor on one date.
    pub(super) one_doctor: Option<Bookings>,
    /// The second rate divided by the first.
    pub(super) one_doctor_to_spread: Option<f64>,
    /// Reads of one doctor's queue.
    pub(super) queue: Option<Reads>,
    /// The same, by clients that have it already: 304, without a body.
    pub(super) queue_unchanged: Option<Reads>,
    /// Bookings by a timetable, at half of the peak rate.
    pub(super) open_loop: Option<OpenLoop>,
    pub(super) memory: Option<Memory>,
    /// Changes of a queue, seen by those who follow it live.
    pub(super) live: Option<Live>,
    /// What signing in costs.
    pub(super) signed_in: Option<SignedIn>,
    /// Bookings while somebody guesses passwords.
    pub(super) siege: Option<Siege>,
    /// The database alone.
    pub(super) bare: Option<Bare>,
    /// Bookings over HTTP divided by the database alone.
    pub(super) http_to_bare: Option<f64>,
}

/// Durable bookings.
#[derive(Debug, Serialize)]
pub(super) struct Bookings {
    pub(super) per_second: f64,
    #[serde(flatten)]
    pub(super) latency: Latency,
    /// Commands committed together, on average.
    pub(super) group_mean: Option<f64>,
    /// Processor time of the server alone, for one booking.
    pub(super) server_cpu_us: f64,
    pub(super) cores: Cores,
}

/// Reads.
#[derive(Debug, Serialize)]
pub(super) struct Reads {
    pub(super) per_second: f64,
    #[serde(flatten)]
    pub(super) latency: Latency,
    /// Of one answer's body.
    pub(super) bytes: usize,
    pub(super) server_cpu_us: f64,
    pub(super) cores: Cores,
}

/// Bookings by a timetable.
#[derive(Debug, Serialize)]
pub(super) struct OpenLoop {
    pub(super) scheduled_per_second: f64,
    pub(super) per_second: f64,
    /// From the scheduled time of sending, so that a request that had to wait for its turn counts as late.
    #[serde(flatten)]
    pub(super) latency: Latency,
    pub(super) cores: Cores,
}

/// Times until the whole answer was there.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Latency {
    pub(super) p50_ms: f64,
    pub(super) p99_ms: f64,
    pub(super) max_ms: f64,
}

/// What live tokens take.
#[derive(Debug, Serialize)]
pub(super) struct Memory {
    pub(super) how: &'static str,
    pub(super) tokens: u64,
    pub(super) doctor_days: u64,
    /// Of the doctor-days in memory.
    pub(super) bytes_per_token: f64,
    /// With the answers to readers that are kept beside them.
    pub(super) bytes_per_token_read: f64,
    /// Of the server before anything was loaded.
    pub(super) empty_bytes: u64,
}

/// Changes of one doctor's queue, seen by those who follow it live.
#[derive(Debug, Serialize)]
pub(super) struct Live {
    pub(super) how: &'static str,
    pub(super) changes_per_second: u64,
    pub(super) many: Streams,
    /// A few clients on the same machine: what the change itself takes.
    pub(super) few: Streams,
}

/// How the clients of live streams fared.
#[derive(Debug, Serialize)]
pub(super) struct Streams {
    pub(super) clients: usize,
    /// How many of them stopped reading.
    pub(super) deaf: usize,
    pub(super) changes: usize,
    /// Messages that arrived.
    pub(super) messages: u64,
    pub(super) messages_per_second: f64,
    /// From the moment at which the change was asked for to the whole message.
    pub(super) from_request: Delay,
    /// The same from the moment at which the change was answered.
    pub(super) from_answer: Delay,
    /// Of the server: before the clients came, when all had come, after the changes.
    pub(super) resident_bytes: [u64; 3],
    pub(super) cores: Cores,
}

/// Times until a change was seen, over all clients and changes.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Delay {
    pub(super) p50_ms: f64,
    pub(super) p95_ms: f64,
    pub(super) p99_ms: f64,
    pub(super) max_ms: f64,
}

/// Bookings with and without sign-in, by turns: three servers, each on a database of its own.
#[derive(Debug, Serialize)]
pub(super) struct SignedIn {
    pub(super) how: &'static str,
    /// Of each kind.
    pub(super) rounds: usize,
    pub(super) open: Turns,
    /// With a key in `Authorization`.
    pub(super) key: Turns,
    /// With a browser's cookie.
    pub(super) session: Turns,
    pub(super) open_to_key: Ratios,
    pub(super) open_to_session: Ratios,
}

/// All rounds of one kind.
#[derive(Debug, Serialize)]
pub(super) struct Turns {
    pub(super) per_second: f64,
    #[serde(flatten)]
    pub(super) latency: Latency,
    pub(super) server_cpu_us: f64,
    /// On average over the rounds.
    pub(super) cores: Cores,
}

/// One rate divided by another, round by round.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct Ratios {
    pub(super) median: f64,
    pub(super) lower_quartile: f64,
    pub(super) upper_quartile: f64,
}

impl Ratios {
    /// Of two series of equal length; none if they are empty.
    pub(super) fn of(parts: &[f64], wholes: &[f64]) -> Option<Self> {
        let mut ratios: Vec<f64> = parts.iter().zip(wholes).map(|(part, whole)| part / whole).collect();
        ratios.sort_by(f64::total_cmp);
        let last = ratios.len().checked_sub(1)?;
        let at = |quarters: usize| {
            let (below, above) = (ratios[last * quarters / 4], ratios[(last * quarters).div_ceil(4)]);
            f64::midpoint(below, above)
        };
        Some(Self { median: at(2), lower_quartile: at(1), upper_quartile: at(3) })
    }
}

/// The desk of a facility whose passwords are being guessed.
#[derive(Debug, Serialize)]
pub(super) struct Siege {
    pub(super) how: &'static str,
    pub(super) bookings_per_second: f64,
    pub(super) attempts_per_second: f64,
    /// Before.
    pub(super) calm: Watch,
    /// All attempts from one address.
    pub(super) one_address: Watch,
    /// Each attempt from an address of its own.
    pub(super) many_addresses: Watch,
}

/// How the desk fared.
#[derive(Debug, Serialize)]
pub(super) struct Watch {
    pub(super) seconds: u64,
    /// Of the bookings.
    #[serde(flatten)]
    pub(super) latency: Latency,
    /// Attempts by how they were answered.
    pub(super) answers: Answers,
    /// Somebody signs in again with the right password, in a browser from which they did before.
    pub(super) known_tried: u64,
    pub(super) known_let_in: u64,
    pub(super) known: Latency,
    pub(super) cores: Cores,
}

/// Attempts to sign in, by how they were answered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(super) struct Answers {
    /// 401: the password was looked at.
    pub(super) wrong: u64,
    /// 429: it was not.
    pub(super) too_often: u64,
    /// 503: its turn did not come in time.
    pub(super) busy: u64,
}

/// The same bookings, written by the database alone.
#[derive(Debug, Serialize)]
pub(super) struct Bare {
    pub(super) how: &'static str,
    /// Bookings in one transaction.
    pub(super) group: u64,
    pub(super) per_second: f64,
    /// Rows written: each booking changes the doctor-day and the slot, and adds a token and an event.
    pub(super) rows_per_second: f64,
}

impl Latency {
    pub(super) fn of(measured: &Measured) -> Self {
        Self::of_times(&measured.latency)
    }

    /// Of times in microseconds.
    pub(super) fn of_times(times: &Histogram<u64>) -> Self {
        let at = |quantile| times.value_at_quantile(quantile) as f64 / 1e3;
        Self { p50_ms: at(0.5), p99_ms: at(0.99), max_ms: times.max() as f64 / 1e3 }
    }
}

impl Delay {
    /// Of times in microseconds.
    pub(super) fn of(times: &Histogram<u64>) -> Self {
        let at = |quantile| times.value_at_quantile(quantile) as f64 / 1e3;
        Self { p50_ms: at(0.5), p95_ms: at(0.95), p99_ms: at(0.99), max_ms: times.max() as f64 / 1e3 }
    }
}

/// One rate divided by another.
pub(super) fn ratio(part: Option<f64>, whole: Option<f64>) -> Option<f64> {
    part.zip(whole).filter(|(_, whole)| *whole > 0.0).map(|(part, whole)| part / whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_of_rounds_is_the_middle_one() {
        let of = |parts: &[f64]| Ratios::of(parts, &vec![2.0; parts.len()]);
        let ratios =
            |median, lower_quartile, upper_quartile| Some(Ratios { median, lower_quartile, upper_quartile });
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[4.0]), ratios(2.0, 2.0, 2.0));
        assert_eq!(of(&[6.0, 2.0, 4.0, 10.0, 8.0]), ratios(3.0, 2.0, 4.0));
        assert_eq!(of(&[4.0, 2.0]), ratios(1.5, 1.5, 1.5));
    }
}
