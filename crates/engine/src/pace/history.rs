//! What a doctor's past days say of the next one.
//!
//! Every figure is a weighted mean of what is assumed of a doctor whom nobody knows and of what the days show (the empirical
//! Bayes of a random-effects model; Morris 1983). The length of a visit varies within a day by CV, the day's mean around the
//! doctor's by τ, and the configured mean is wrong by a further share.

use super::DayPace;

/// A visit's coefficient of variation (OPD logs: 0.5–0.6).
const CV: f64 = 0.6;
/// How much a doctor's pace differs between sessions, as a share (0.10–0.15).
const PACE_SPREAD: f64 = 0.15;
/// How wrong a configured mean is, as a share: it is a guess in whole minutes.
const CONFIGURED_SPREAD: f64 = 0.25;
const LATE_MINUTES: f64 = 12.0;
const LATE_MINUTES_MAX: f64 = 60.0;
const EMERGENCIES_PER_HOUR: f64 = 0.4;

/// What is assumed of everybody weighs as much as so many days of the doctor.
const ASSUMED_DAYS: f64 = 3.0;
/// Hours of one of these days.
const DAY_HOURS: f64 = 4.0;
/// A day so many days ago counts half.
const HALF_LIFE_DAYS: f64 = 30.0;
/// A day counts half that has so many visits: as many as weigh as much as the doctor's mean.
const HALF_A_DAY_VISITS: f64 = 16.0;
/// A visit that somebody forgot to finish shows: visits vary more than this, or the day's mean is so many times the doctor's.
/// Such a day says nothing of the pace.
const ABSURD_CV: f64 = 2.0;
const ABSURD_FACTOR: f64 = 2.0;

/// What a doctor's past days say of the next one: the prior of the estimator.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct History {
    /// Mean visit, in minutes.
    pub mean_minutes: f64,
    /// Coefficient of variation of visits within a day.
    pub cv: f64,
    /// How many visits the mean is worth when a new day is weighed against it (n₀).
    pub worth_visits: f64,
    /// How long after the planned time the doctor begins, on average, in minutes.
    pub late_minutes: f64,
    /// Emergencies in an hour.
    pub emergencies_per_hour: f64,
}

impl History {
    /// Of a doctor whose days nobody has seen yet, with this configured mean visit.
    pub fn configured(mean_visit_minutes: u16) -> Self {
        Self::of_days(mean_visit_minutes, &[])
    }

    /// What these past days, the newest first, say, weighed against what is configured.
    pub fn of_days(mean_visit_minutes: u16, days: &[DayPace]) -> Self {
        let configured = f64::from(mean_visit_minutes.max(1));
        let days = || (0..).zip(days).map(|(ago, day)| ((-f64::from(ago) / HALF_LIFE_DAYS).exp2(), day));
        let shown = sensible(days().filter_map(|(weight, day)| Shown::of(weight, day)).collect());
        let cv_squared = blend(CV * CV, ASSUMED_DAYS, shown.iter().map(|day| (day.cv_squared, day.weight)));
        let spread_squared = day_spread_squared(&shown, cv_squared);
        // The configured mean is worth less than a day: it is wrong by more than a day is away from the doctor's mean.
        let configured_days = (PACE_SPREAD / CONFIGURED_SPREAD).powi(2);
        let known_days = configured_days + shown.iter().map(|day| day.weight).sum::<f64>();
        // Tomorrow's mean is away from this one by what a day is away from the doctor's, and by what is not known of that.
        let tomorrow = spread_squared + PACE_SPREAD.powi(2) / known_days;
        let late = days().filter_map(|(weight, day)| Some((f64::from(day.late_seconds?) / 60.0, weight)));
        let late = late.map(|(minutes, weight)| (minutes.clamp(0.0, LATE_MINUTES_MAX), weight));
        let hours = days().map(|(weight, day)| (f64::from(day.planned_seconds) / 3_600.0, weight, day));
        let rates = hours
            .filter(|(hours, ..)| (0.25..=24.0).contains(hours))
            .map(|(hours, weight, day)| (f64::from(day.emergencies) / hours, weight * hours / DAY_HOURS));
        Self {
            mean_minutes: blend(configured, configured_days, shown.iter().map(|day| (day.mean, day.weight))),
            cv: cv_squared.sqrt(),
            // The Gamma prior's Var μ/μ² is 1/(n₀k − 1), with k = 1/CV².
            worth_visits: cv_squared * (1.0 + 1.0 / tomorrow),
            late_minutes: blend(LATE_MINUTES, ASSUMED_DAYS, late),
            emergencies_per_hour: blend(EMERGENCIES_PER_HOUR, ASSUMED_DAYS, rates),
        }
        .sane()
    }

    /// The same, within limits in which every formula holds.
    pub(crate) fn sane(&self) -> Self {
        let within =
            |value: f64, low: f64, high: f64| if value.is_nan() { low } else { value.clamp(low, high) };
        Self {
            mean_minutes: within(self.mean_minutes, 0.1, 1_440.0),
            cv: within(self.cv, 0.1, 1.0),
            worth_visits: within(self.worth_visits, 2.0, 1_000.0),
            late_minutes: within(self.late_minutes, 0.0, LATE_MINUTES_MAX),
            emergencies_per_hour: within(self.emergencies_per_hour, 0.0, 60.0),
        }
    }
}

/// What one day shows of the pace.
#[derive(Debug, Clone, Copy)]
struct Shown {
    /// The mean visit, in minutes.
    mean: f64,
    cv_squared: f64,
    visits: f64,
    /// Worth so many whole days of today.
    weight: f64,
}

impl Shown {
    /// None of a day with fewer than two visits.
    fn of(age_weight: f64, day: &DayPace) -> Option<Self> {
        let visits = f64::from(day.visits);
        let (sum, squares) = (day.seconds as f64, day.seconds_squared as f64);
        let mean = sum / visits;
        let variance = (squares - sum * mean).max(0.0) / (visits - 1.0);
        let weight = age_weight * visits / (visits + HALF_A_DAY_VISITS);
        let cv_squared = variance / (mean * mean);
        (day.visits >= 2 && mean >= 1.0).then_some(Self { mean: mean / 60.0, cv_squared, visits, weight })
    }
}

/// Without the absurd ones.
fn sensible(mut days: Vec<Shown>) -> Vec<Shown> {
    days.retain(|day| day.cv_squared <= ABSURD_CV * ABSURD_CV);
    let mut means: Vec<f64> = days.iter().map(|day| day.mean).collect();
    means.sort_by(f64::total_cmp);
    if let Some(&median) = means.get(means.len() / 2) {
        days.retain(|day| (median / ABSURD_FACTOR..=median * ABSURD_FACTOR).contains(&day.mean));
    }
    days
}

/// How much the day's mean differs between days (τ²), as a share of it: the spread of the means, without what the visits
/// within a day account for (the moment estimator of a random effect; DerSimonian and Laird 1986).
fn day_spread_squared(days: &[Shown], cv_squared: f64) -> f64 {
    let assumed = PACE_SPREAD * PACE_SPREAD;
    let weights: f64 = days.iter().map(|day| day.weight).sum();
    let mean = days.iter().map(|day| day.weight * day.mean).sum::<f64>() / weights;
    if days.len() < 2 || weights <= 0.0 {
        return assumed;
    }
    let correction = days.len() as f64 / (days.len() as f64 - 1.0);
    let shown = days.iter().map(|day| {
        let away = (day.mean / mean - 1.0).powi(2) * correction;
        (away - cv_squared / day.visits, day.weight)
    });
    blend(assumed, ASSUMED_DAYS, shown).clamp(0.05 * 0.05, 0.5 * 0.5)
}

/// The weighted mean of what is assumed and of what is shown (value and weight).
fn blend(assumed: f64, assumed_weight: f64, shown: impl Iterator<Item = (f64, f64)>) -> f64 {
    let start = (assumed * assumed_weight, assumed_weight);
    let (sum, weights) =
        shown.fold(start, |(sum, weights), (value, weight)| (sum + value * weight, weights + weight));
    sum / weights
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// So many visits, half of them this much shorter and half of them longer than the mean.
    fn day(visits: u32, minutes: f64, cv: f64, late_minutes: i32, emergencies: u32) -> DayPace {
        let mean = minutes * 60.0;
        let squares = f64::from(visits) * mean * mean * (1.0 + cv * cv);
        DayPace {
            visits,
            seconds: (f64::from(visits) * mean).round() as u64,
            seconds_squared: squares.round() as u64,
            emergencies,
            planned_seconds: 4 * 3_600,
            late_seconds: Some(late_minutes * 60),
        }
    }

    #[test]
    fn of_nobody_known_all_is_as_configured() {
        let history = History::configured(6);
        assert!((history.mean_minutes - 6.0).abs() < 1e-9);
        assert!((history.cv - 0.6).abs() < 1e-9);
        assert!((history.late_minutes - 12.0).abs() < 1e-9);
        assert!((history.emergencies_per_hour - 0.4).abs() < 1e-9);
        assert!((history.worth_visits - 4.6).abs() < 0.1, "{history:?}");
    }

    #[test]
    fn days_that_agree_are_believed_more_and_more() {
        let learned = |days: usize| History::of_days(6, &vec![day(30, 8.1, 0.5, 20, 4); days]);
        let means: Vec<f64> = [0, 1, 5, 20].map(learned).iter().map(|history| history.mean_minutes).collect();
        assert!(means.is_sorted(), "{means:?}");
        let history = learned(20);
        assert!((history.mean_minutes - 8.1).abs() < 0.15, "{history:?}");
        assert!((history.cv - 0.5).abs() < 0.04, "{history:?}");
        assert!((history.late_minutes - 20.0).abs() < 2.0, "{history:?}");
        assert!((history.emergencies_per_hour - 1.0).abs() < 0.15, "{history:?}");
        assert!(history.worth_visits > learned(1).worth_visits, "{history:?}");
    }

    #[test]
    fn days_that_differ_let_a_new_day_be_believed_sooner() {
        let same = vec![day(30, 6.0, 0.6, 12, 1); 20];
        let differing: Vec<DayPace> = (0..20).map(|n| day(30, [4.0, 8.0][n % 2], 0.6, 12, 1)).collect();
        let (same, differing) = (History::of_days(6, &same), History::of_days(6, &differing));
        assert!(differing.worth_visits < same.worth_visits / 2.0, "{differing:?} {same:?}");
    }

    #[test]
    fn a_visit_that_nobody_finished_teaches_nothing() {
        let mut days = vec![day(30, 6.0, 0.6, 12, 1); 10];
        let without = History::of_days(6, &days);
        days[0].visits += 1;
        days[0].seconds += 5 * 3_600;
        days[0].seconds_squared += (5 * 3_600_u64).pow(2);
        let with = History::of_days(6, &days);
        assert!((with.mean_minutes / without.mean_minutes - 1.0).abs() < 0.02, "{with:?} {without:?}");
        assert!((with.cv - without.cv).abs() < 0.02, "{with:?} {without:?}");
    }

    fn any_day() -> impl Strategy<Value = DayPace> {
        (any::<u32>(), any::<u64>(), any::<u64>(), any::<u32>(), any::<u32>(), any::<Option<i32>>()).prop_map(
            |(visits, seconds, seconds_squared, emergencies, planned_seconds, late_seconds)| DayPace {
                visits: visits >> (seconds % 32),
                seconds: seconds >> (seconds_squared % 64),
                seconds_squared: seconds_squared >> (seconds % 64),
                emergencies,
                planned_seconds,
                late_seconds,
            },
        )
    }

    proptest! {
        #[test]
        fn whatever_the_days_are_the_history_stays_within_its_limits(
            mean in any::<u16>(),
            days in prop::collection::vec(any_day(), 0..40),
        ) {
            let history = History::of_days(mean, &days);
            prop_assert_eq!(history, history.sane());
            let History { mean_minutes, cv, worth_visits, late_minutes, emergencies_per_hour } = history;
            for figure in [mean_minutes, cv, worth_visits, late_minutes, emergencies_per_hour] {
                prop_assert!(figure.is_finite());
            }
        }
    }
}
