//! How good the estimates were: what patients were told at check-in against when they were called.

use baari_engine::Source;

use super::mean;
use crate::outcome::Outcome;
use crate::scenario::Scenario;

/// Being told a time that is too early by more than this is what people complain of.
const TOO_EARLY_MINUTES: f64 = 10.0;

/// How good the estimates were: one for each non-emergency who checked in and was called later. Counted from the first call,
/// as that is what is predicted.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Estimates {
    /// How many there were.
    pub count: usize,
    /// Mean distance of what was told from the call, in minutes.
    pub error_min: f64,
    /// Share of those who were told a time more than 10 minutes too early.
    pub too_early: f64,
    /// Share of the calls inside the 80 % band; none where no bands are given.
    pub inside_band: Option<f64>,
}

impl Estimates {
    pub(super) fn of(scenario: &Scenario, outcome: &Outcome) -> Self {
        let people = scenario.patients.iter().zip(&outcome.patients);
        let ordinary = people.filter(|(plan, _)| plan.source != Source::Emergency);
        let told: Vec<_> = ordinary.filter_map(|(_, seen)| Some((seen.told?, seen.called_min?))).collect();
        let share = |that: bool| f64::from(u8::from(that));
        let late = told.iter().map(|(told, called_min)| called_min - told.at_min);
        let inside: Vec<f64> = told
            .iter()
            .filter_map(|(told, called)| told.band_min.map(|(from, to)| share((from..=to).contains(called))))
            .collect();
        Self {
            count: told.len(),
            error_min: mean(late.clone().map(f64::abs)),
            too_early: mean(late.map(|late| share(late > TOO_EARLY_MINUTES))),
            inside_band: if inside.is_empty() { None } else { Some(mean(inside.into_iter())) },
        }
    }
}
