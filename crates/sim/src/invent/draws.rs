//! Child random streams, one per doctor and purpose, so that one more draw for one purpose moves nothing else.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Exp, LogNormal, Normal, Poisson};

/// What a stream is for; its number is part of every day that a seed stands for, so it stays.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Purpose {
    Pace = 0,
    Late = 1,
    Online = 2,
    Elsewhere = 3,
    Shows = 4,
    Punctuality = 5,
    BookedVisit = 6,
    Cancels = 7,
    CancelNotice = 8,
    WalkInCount = 9,
    WalkInArrival = 10,
    WalkInVisit = 11,
    Waitlist = 12,
    Leaves = 13,
    Patience = 14,
    EmergencyCount = 15,
    EmergencyArrival = 16,
    EmergencyVisit = 17,
    SaidLate = 18,
    SaidLateAt = 19,
    LeavesAt = 20,
    BreakAt = 21,
    BookedMisses = 22,
    BookedBack = 23,
    BookedGoesHome = 24,
    BookedBooksAnew = 25,
    EarlierOk = 26,
    WalkInMisses = 27,
    WalkInBack = 28,
    WalkInGoesHome = 29,
    WalkInBooksAnew = 30,
}

const PURPOSES: u64 = 1 << 16;
/// Shares of the walk-ins in the hours −1…4 from the opening.
const HOUR_SHARES: [f64; 5] = [0.25, 0.30, 0.20, 0.15, 0.10];

/// Calls that one patient misses, at most.
const MISSED_CALLS_MAX: usize = 3;
/// Whoever misses a call is back after this, on average and at most, besides the minute that the way takes.
const BACK_AFTER_MINUTES: f64 = 10.0;
const BACK_AFTER_MINUTES_MAX: f64 = 60.0;
/// Share of those who miss a call and have gone home.
const GOES_HOME: f64 = 0.1;

/// One doctor's draws.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Draws {
    pub(crate) seed: u64,
    pub(crate) doctor: usize,
}

impl Draws {
    fn stream(self, purpose: Purpose) -> ChaCha8Rng {
        let mut stream = ChaCha8Rng::seed_from_u64(self.seed);
        stream.set_stream(self.doctor as u64 * PURPOSES + purpose as u64);
        stream
    }

    fn each<T>(self, purpose: Purpose, distribution: impl Distribution<T>) -> impl Iterator<Item = T> {
        distribution.sample_iter(self.stream(purpose))
    }

    /// True with this probability.
    pub(crate) fn chances(self, purpose: Purpose, probability: f64) -> impl Iterator<Item = bool> {
        let mut stream = self.stream(purpose);
        std::iter::repeat_with(move || stream.random::<f64>() < probability)
    }

    /// Uniform between these two.
    pub(crate) fn uniform(self, purpose: Purpose, low: f64, high: f64) -> impl Iterator<Item = f64> {
        let mut stream = self.stream(purpose);
        std::iter::repeat_with(move || low + (high - low) * stream.random::<f64>())
    }

    /// Lognormal with this mean and coefficient of variation.
    pub(crate) fn visits(self, purpose: Purpose, mean: f64, cv: f64) -> impl Iterator<Item = f64> {
        let lognormal = LogNormal::from_mean_cv(mean, cv).expect("means and variations are positive");
        self.each(purpose, lognormal)
    }

    /// Normal, cut to −60…+45 minutes around the due time.
    pub(crate) fn punctuality(self, purpose: Purpose, mean: f64, sd: f64) -> impl Iterator<Item = f64> {
        let normal = Normal::new(mean, sd).expect("deviations are positive");
        self.each(purpose, normal).map(|early| early.clamp(-60.0, 45.0))
    }

    /// For each patient, the calls that they miss, and when they are back: at most `MISSED_CALLS_MAX`, each after the first
    /// one in turn with the chance of `again`. Every patient takes as many draws, so that one who misses a call moves
    /// nobody else.
    pub(super) fn missed_calls(
        self,
        purposes: [Purpose; 3],
        chance: f64,
        again: f64,
    ) -> impl Iterator<Item = Vec<Option<f64>>> {
        let [misses, back, goes_home] = purposes;
        let mut misses = self.uniform(misses, 0.0, 1.0);
        let exponential = Exp::new(1.0 / BACK_AFTER_MINUTES).expect("means are positive");
        let mut back = self.each(back, exponential);
        let mut goes_home = self.chances(goes_home, GOES_HOME);
        std::iter::repeat_with(move || {
            let mut calls = Vec::new();
            let mut still = true;
            for call in 0..MISSED_CALLS_MAX {
                let chance = if call == 0 { chance } else { again };
                still &= misses.next().is_some_and(|draw| draw < chance);
                let minutes = back.next().unwrap_or(BACK_AFTER_MINUTES).min(BACK_AFTER_MINUTES_MAX);
                let home = goes_home.next() == Some(true);
                if still {
                    calls.push((!home).then_some(1.0 + minutes));
                    still &= !home;
                }
            }
            calls
        })
    }

    /// Exponential, of this mean.
    pub(crate) fn exponentials(self, purpose: Purpose, mean: f64) -> impl Iterator<Item = f64> {
        self.each(purpose, Exp::new(1.0 / mean).expect("means are positive"))
    }

    /// One exponential draw of this mean.
    pub(crate) fn exponential(self, purpose: Purpose, mean: f64) -> f64 {
        self.exponentials(purpose, mean).next().unwrap_or(mean)
    }

    /// One Poisson draw of this mean.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "Poisson draws are small and whole"
    )]
    pub(crate) fn count(self, purpose: Purpose, mean: f64) -> usize {
        let poisson = Poisson::new(mean).expect("means are positive");
        poisson.sample(&mut self.stream(purpose)) as usize
    }

    /// Minutes of arrival: the hour by its share, uniform inside.
    pub(crate) fn front_loaded(self, purpose: Purpose) -> impl Iterator<Item = f64> {
        let mut stream = self.stream(purpose);
        std::iter::repeat_with(move || 60.0 * (hour(&mut stream) - 1.0 + stream.random::<f64>()))
    }
}

fn hour(stream: &mut impl Rng) -> f64 {
    let mut rest: f64 = stream.random();
    for (hour, share) in HOUR_SHARES.iter().enumerate() {
        if rest < *share {
            return hour as f64;
        }
        rest -= share;
    }
    HOUR_SHARES.len() as f64 - 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_differ_by_doctor_and_purpose_only() {
        let draw = |seed, doctor, purpose| Draws { seed, doctor }.uniform(purpose, 0.0, 1.0).next();
        assert_eq!(draw(1, 0, Purpose::Pace), draw(1, 0, Purpose::Pace));
        assert_ne!(draw(1, 0, Purpose::Pace), draw(1, 1, Purpose::Pace));
        assert_ne!(draw(1, 0, Purpose::Pace), draw(1, 0, Purpose::Late));
        assert_ne!(draw(1, 0, Purpose::Pace), draw(2, 0, Purpose::Pace));
    }

    #[test]
    fn few_miss_a_call_and_most_of_them_are_back() {
        let draws = Draws { seed: 1, doctor: 0 };
        let purposes = [Purpose::WalkInMisses, Purpose::WalkInBack, Purpose::WalkInGoesHome];
        let missed: Vec<_> = draws.missed_calls(purposes, 0.06, 0.2).take(10_000).collect();
        let share = |those: usize| those as f64 / 10_000.0;
        let once = share(missed.iter().filter(|calls| !calls.is_empty()).count());
        assert!((once - 0.06).abs() < 0.01, "{once}");
        assert!(missed.iter().any(|calls| calls.len() == MISSED_CALLS_MAX));
        let calls = missed.iter().flat_map(|calls| calls.iter().rev().skip(1));
        assert!(calls.into_iter().all(Option::is_some), "nobody misses a call from home");
    }

    #[test]
    fn walk_ins_come_early_in_the_day() {
        let draws = Draws { seed: 1, doctor: 0 };
        let arrivals: Vec<f64> = draws.front_loaded(Purpose::WalkInArrival).take(10_000).collect();
        assert!(arrivals.iter().all(|minute| (-60.0..240.0).contains(minute)));
        let share = arrivals.iter().filter(|minute| **minute < 120.0).count() as f64 / 10_000.0;
        assert!((share - 0.75).abs() < 0.02, "{share}");
    }
}
