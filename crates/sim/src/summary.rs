//! How a day went, in figures.

mod estimates;
mod turns;

use baari_engine::{EventKind, Reason, Source, Status};

use crate::outcome::{DoctorDay, Ending, Outcome};
use crate::scenario::{Doctor, Scenario};
pub use estimates::Estimates;
pub use turns::Turns;

/// How a day went.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Waits of those who were seen, by source as booked, in the order of [`Source::ALL`]. Who is called before their time
    /// has waited for 0 minutes.
    pub waits: Vec<(Source, Waits)>,
    /// Waits of all who were seen.
    pub all: Waits,
    /// Patients whose last token got a number.
    pub tokens: usize,
    /// Patients who never came, or not again.
    pub no_shows: usize,
    /// Tokens that were cancelled.
    pub cancelled: usize,
    /// Patients for whom there was no seat.
    pub refused: usize,
    /// Bookings that were kept on the waitlist.
    pub waitlisted: usize,
    /// Tokens that got a seat from the waitlist.
    pub let_in: usize,
    /// What else happened to tokens.
    pub turns: Turns,
    /// How good the estimates were.
    pub estimates: Estimates,
    /// Mean distance of the first promise from the call, in minutes.
    pub promise_error_min: f64,
    /// The doctors, in the order of the scenario.
    pub doctors: Vec<DoctorSummary>,
    /// How many people sat waiting, every quarter of an hour: minute and people.
    pub waiting: Vec<(f64, usize)>,
}

/// Waits, in minutes.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Waits {
    /// How many were seen.
    pub count: usize,
    /// The mean.
    pub mean_min: f64,
    /// Half waited no longer.
    pub p50_min: f64,
    /// 95 of 100 waited no longer.
    pub p95_min: f64,
    /// The longest.
    pub max_min: f64,
}

/// How a doctor's day went.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DoctorSummary {
    /// Patients seen.
    pub visits: usize,
    /// Minutes with patients.
    pub busy_min: f64,
    /// Minutes without, breaks too, from when the doctor began to the last slot's end (or until the doctor left), or the
    /// last visit's, whichever is later.
    pub idle_min: f64,
    /// Minutes of the last visit after the last slot's end.
    pub overtime_min: f64,
    /// Share of the time since the doctor began that was spent with patients.
    pub utilisation: f64,
}

const QUARTER_HOUR: f64 = 15.0;

impl Summary {
    /// Adds up a day.
    pub fn new(scenario: &Scenario, outcome: &Outcome) -> Self {
        let waits_of = |source: Option<Source>| {
            let people = scenario.patients.iter().zip(&outcome.patients);
            let of = people.filter(|(plan, _)| source.is_none_or(|source| plan.source == source));
            Waits::of(of.filter_map(|(_, seen)| Some(seen.wait_min?.max(0.0))).collect())
        };
        let ended = |ending| outcome.patients.iter().filter(|seen| seen.ending == ending).count();
        let told = |what: fn(&Reason) -> bool| {
            outcome.events().filter(|(_, _, event)| event.reasons.iter().any(what)).count()
        };
        Self {
            waits: Source::ALL.map(|source| (source, waits_of(Some(source)))).into(),
            all: waits_of(None),
            tokens: outcome.patients.iter().filter(|seen| seen.token_no.is_some()).count(),
            no_shows: ended(Ending::Token(Status::NoShow)) + ended(Ending::NeverCame),
            cancelled: ended(Ending::Token(Status::Cancelled)),
            refused: ended(Ending::Refused),
            waitlisted: told(|reason| matches!(reason, Reason::Waitlisted { .. })),
            let_in: outcome.events().filter(|(_, _, event)| event.kind == EventKind::Promoted).count(),
            turns: Turns::of(outcome),
            estimates: Estimates::of(scenario, outcome),
            promise_error_min: mean(outcome.patients.iter().filter_map(|seen| seen.late_min).map(f64::abs)),
            doctors: doctors(scenario, outcome),
            waiting: waiting(outcome),
        }
    }
}

impl Waits {
    /// Of these waits. The quantiles are waits that somebody had: of n in order, the ⌈q·n⌉-th.
    fn of(mut waits: Vec<f64>) -> Self {
        waits.sort_by(f64::total_cmp);
        let count = waits.len();
        let quantile = |percent: usize| {
            let rank = (count * percent).div_ceil(100).max(1);
            waits.get(rank - 1).copied().unwrap_or_default()
        };
        Self {
            count,
            mean_min: mean(waits.iter().copied()),
            p50_min: quantile(50),
            p95_min: quantile(95),
            max_min: quantile(100),
        }
    }
}

/// The mean; 0 of nothing.
fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0_u32), |(sum, count), value| (sum + value, count + 1));
    if count == 0 { 0.0 } else { sum / f64::from(count) }
}

fn doctors(scenario: &Scenario, outcome: &Outcome) -> Vec<DoctorSummary> {
    scenario.doctors.iter().zip(&outcome.doctors).map(|(plan, day)| doctor(plan, day)).collect()
}

fn doctor(plan: &Doctor, day: &DoctorDay) -> DoctorSummary {
    let busy_min: f64 = day.visits.iter().map(|visit| visit.end_min - visit.start_min).sum();
    let last_slot_end = plan.slots.iter().map(|slot| slot.end_min).fold(f64::NEG_INFINITY, f64::max);
    let last_visit_end = day.visits.last().map_or(plan.starts_min, |visit| visit.end_min);
    let stays_until = plan.leaves_min.map_or(last_slot_end, |leaves| leaves.min(last_slot_end));
    let here_min = (last_visit_end.max(stays_until) - plan.starts_min).max(0.0);
    let overtime_min =
        if last_slot_end.is_finite() { (last_visit_end - last_slot_end).max(0.0) } else { 0.0 };
    DoctorSummary {
        visits: day.visits.len(),
        busy_min,
        idle_min: (here_min - busy_min).max(0.0),
        overtime_min,
        utilisation: if here_min > 0.0 { busy_min / here_min } else { 0.0 },
    }
}

/// Those who have come and are not yet with the doctor; of those who were not seen, nobody counts.
fn waiting(outcome: &Outcome) -> Vec<(f64, usize)> {
    let people = outcome.patients.iter();
    let spans: Vec<(f64, f64)> = people.filter_map(|seen| Some((seen.came_min?, seen.start_min?))).collect();
    let first = spans.iter().map(|span| span.0).fold(f64::INFINITY, f64::min);
    let last = spans.iter().map(|span| span.1).fold(f64::NEG_INFINITY, f64::max);
    let mut series = Vec::new();
    let mut minute = (first / QUARTER_HOUR).ceil() * QUARTER_HOUR;
    while minute <= last {
        let here = spans.iter().filter(|(arrive, start)| *arrive <= minute && minute < *start);
        series.push((minute, here.count()));
        minute += QUARTER_HOUR;
    }
    series
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_waits_that_somebody_had() {
        let waits = Waits::of((1..=20).rev().map(f64::from).collect());
        let expected = Waits { count: 20, mean_min: 10.5, p50_min: 10.0, p95_min: 19.0, max_min: 20.0 };
        assert_eq!(waits, expected);
        assert_eq!(Waits::of(Vec::new()), Waits::default());
    }
}
