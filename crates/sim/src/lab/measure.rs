//! How far predictions were off, added up over days.

use super::trial::{PLAIN, Told};

/// Told this much too early, a patient has waited for nothing.
const MUCH_TOO_EARLY_MINUTES: f64 = 10.0;
/// Predictions are told to the second.
const SECOND: f64 = 1.01 / 60.0;

/// Sums over all who were told.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Measure {
    /// How many were told.
    pub told: u32,
    error: f64,
    signed: f64,
    plain: [f64; PLAIN],
    /// Of those who came after somebody had been called.
    error_after_first: f64,
    last_wait: f64,
    /// Who are told a band, and not simply to go in.
    banded: u32,
    below_band: u32,
    above_band: u32,
    too_early: u32,
}

impl Measure {
    pub(super) fn add(&mut self, told: &Told) {
        let Told { at, p10, p90, actual, .. } = *told;
        let error = (actual - at).abs();
        self.told += 1;
        self.error += error;
        self.signed += actual - at;
        for (sum, plain) in self.plain.iter_mut().zip(told.plain) {
            *sum += (actual - plain).abs();
        }
        if let Some(wait) = told.last_wait {
            self.error_after_first += error;
            self.last_wait += (actual - wait).abs();
        }
        self.banded += u32::from(p90 - p10 > SECOND);
        self.below_band += u32::from(actual < p10 - SECOND);
        self.above_band += u32::from(p90 + SECOND < actual);
        self.too_early += u32::from(actual - at > MUCH_TOO_EARLY_MINUTES);
    }

    /// Mean absolute error, in minutes.
    pub fn error_min(&self) -> f64 {
        self.error / f64::from(self.told)
    }

    /// By how much calls came later than predicted, on average.
    pub fn bias_min(&self) -> f64 {
        self.signed / f64::from(self.told)
    }

    /// The error, divided by that of *people ahead × configured mean* in this definition.
    pub fn against_plain(&self, definition: Plain) -> f64 {
        self.error / self.plain[definition as usize]
    }

    /// The error, divided by that of *the wait of the last one called*, of those who came when somebody had been called.
    pub fn against_last_wait(&self) -> f64 {
        self.error_after_first / self.last_wait
    }

    /// The share of calls inside the 80 % band, of those who were told one: who finds the doctor free is called at once.
    pub fn in_band(&self) -> f64 {
        1.0 - f64::from(self.below_band + self.above_band) / f64::from(self.banded)
    }

    /// The share of calls inside the band, whoever is called at once among them.
    pub fn in_band_of_all(&self) -> f64 {
        1.0 - f64::from(self.below_band + self.above_band) / f64::from(self.told)
    }

    /// The share of those who were told to be called more than ten minutes before they were.
    pub fn told_too_early(&self) -> f64 {
        f64::from(self.too_early) / f64::from(self.told)
    }
}

/// What *people ahead × configured mean* means: who is ahead, and from when on it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plain {
    /// Everybody who stands before by the policy, here or not; from now, or from the doctor's planned start if that is later.
    ListFromStart = 0,
    /// Only those who are here; from the same.
    HereFromStart = 1,
    /// Everybody, from now.
    ListFromNow = 2,
    /// Only those who are here, from now.
    HereFromNow = 3,
}
