//! How fast the doctor works today: a Gamma posterior over the finished visits, with the doctor's history as its prior.
//!
//! Visits are Gamma(k, β) with k = 1/CV²; β is Gamma(a, b), a = 1 + n₀k, b = n₀ × historic mean. A finished visit adds k to a
//! and its minutes to b. The mean visit is then μ = k·b/(a − 1), and what is not known of it is Var μ = μ²/(a − 2)
//! (conjugate analysis of the Gamma rate; Gelman et al., Bayesian Data Analysis, 2.6).

use jiff::Timestamp;

use super::normal;
use super::time::between;
use crate::day::Day;
use crate::pace::{EMERGENCY_FACTOR, History};
use crate::source::Source;
use crate::status::Status;
use crate::token::Token;

/// A visit that ended this many minutes ago counts half: within a long session a doctor's pace drifts.
const HALF_LIFE_MINUTES: f64 = 240.0;
/// A visit longer than this many usual ones is one that somebody forgot to finish, and counts as this many. Of lognormal
/// visits with CV 0.6, fewer than one in a thousand is longer.
const LONGEST_VISITS: f64 = 5.0;
/// A visit in progress has at least this share of a visit before it.
const LEAST_LEFT: f64 = 0.25;
/// How far out in the tail of visits the one in progress is taken to be, at most, in standard deviations of its logarithm.
const TAIL: f64 = 3.0;

/// A mean, in minutes, and a variance.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Span {
    pub(super) mean: f64,
    pub(super) variance: f64,
}

/// The pace of one day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tempo {
    /// The mean visit, in minutes.
    pub(super) mean: f64,
    /// The coefficient of variation of visits, squared.
    pub(super) cv_squared: f64,
    /// The variance of the mean, divided by its square.
    pub(super) doubt: f64,
}

impl Tempo {
    /// Of this day, until now.
    pub(super) fn of(day: &Day, history: &History, now: Timestamp) -> Self {
        let usual = history.mean_minutes;
        let shape = 1.0 / (history.cv * history.cv);
        let (mut a, mut b) = (1.0 + history.worth_visits * shape, history.worth_visits * usual);
        for token in day.tokens().iter().filter(|token| token.status == Status::Completed) {
            let (Some(from), Some(to)) = (token.started_at, token.ended_at) else { continue };
            let weight = (-between(to, now).max(0.0) / HALF_LIFE_MINUTES).exp2();
            let visit = between(from, to) / factor(token);
            a += weight * shape;
            b += weight * visit.clamp(0.0, LONGEST_VISITS * usual);
        }
        Self { mean: shape * b / (a - 1.0), cv_squared: 1.0 / shape, doubt: 1.0 / (a - 2.0) }
    }

    /// What is left of a visit that has lasted so long: of a lognormal one, given that it is not over.
    pub(super) fn left(&self, elapsed_minutes: f64, factor: f64) -> Span {
        let mean = self.mean * factor;
        let log_variance = (1.0 + self.cv_squared).ln();
        let log_sd = log_variance.sqrt();
        let log_mean = mean.ln() - log_variance / 2.0;
        // How far out the visit is already; before it has begun, infinitely far in.
        let z = ((elapsed_minutes.max(1e-6).ln() - log_mean) / log_sd).min(TAIL);
        let elapsed = elapsed_minutes.max(0.0).min((log_mean + z * log_sd).exp());
        let longer = normal::share_below(-z);
        let first = mean * normal::share_below(log_sd - z) / longer;
        let second = mean * mean * (1.0 + self.cv_squared) * normal::share_below(2.0 * log_sd - z) / longer;
        let variance = (second - first * first).max(0.0) + self.doubt * mean * mean;
        Span { mean: (first - elapsed).max(LEAST_LEFT * mean), variance }
    }
}

/// How many times as long as another's the visit of this token takes.
pub(super) fn factor(token: &Token) -> f64 {
    if token.class == Source::Emergency { EMERGENCY_FACTOR } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tempo() -> Tempo {
        Tempo { mean: 6.0, cv_squared: 0.36, doubt: 0.0 }
    }

    #[test]
    fn a_visit_that_begins_has_all_of_itself_left() {
        let left = tempo().left(0.0, 1.0);
        assert!((left.mean - 6.0).abs() < 1e-3, "{left:?}");
        assert!((left.variance - 0.36 * 36.0).abs() < 1e-2, "{left:?}");
        assert!((tempo().left(0.0, 1.5).mean - 9.0).abs() < 1e-3);
    }

    #[test]
    fn a_visit_always_has_something_left() {
        for elapsed in [1.0, 3.0, 6.0, 12.0, 30.0, 600.0] {
            let left = tempo().left(elapsed, 1.0);
            assert!((1.5..=9.0).contains(&left.mean), "{elapsed}: {left:?}");
            assert!(left.variance.is_finite());
        }
    }
}
