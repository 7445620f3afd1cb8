//! What was measured, as it is printed in JSON.

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
        let at = |quantile| measured.latency.value_at_quantile(quantile) as f64 / 1e3;
        Self { p50_ms: at(0.5), p99_ms: at(0.99), max_ms: measured.latency.max() as f64 / 1e3 }
    }
}

/// One rate divided by another.
pub(super) fn ratio(part: Option<f64>, whole: Option<f64>) -> Option<f64> {
    part.zip(whole).filter(|(_, whole)| *whole > 0.0).map(|(part, whole)| part / whole)
}
