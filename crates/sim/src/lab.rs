//! The lab: thousands of reference days, and how well the engine told patients when they would be called.

mod measure;
mod reference;
mod trial;

use std::num::NonZero;

use baari_engine::{DayPace, History, PolicyKind};

use crate::replay::ReplayError;
pub use measure::{Measure, Plain};
pub use reference::{MEAN_VISIT_MINUTES, World};

/// Days of a doctor from which a history is learned.
const PAST_DAYS: usize = 20;

/// What came of many days.
#[derive(Debug, Clone)]
pub struct Days {
    /// How good the predictions were.
    pub measure: Measure,
    /// What walk-ins waited, the shortest wait first.
    pub walk_in_waits: Vec<f64>,
    /// What each day showed of the doctor's pace.
    pub paces: Vec<DayPace>,
}

/// Plays so many days of a world, on all cores. `histories` has what is known of the doctor before each day.
///
/// # Errors
/// A day can't be played, or the auditor found a fault.
pub fn days(world: World, policy: PolicyKind, seed: u64, histories: &[History]) -> Result<Days, ReplayError> {
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let play = |day: usize| trial::play(&world.day(seed + day as u64, policy), histories[day]);
    let trials: Result<Vec<Vec<trial::Trial>>, ReplayError> = std::thread::scope(|scope| {
        let share = histories.len().div_ceil(threads).max(1);
        let starts = (0..histories.len()).step_by(share);
        let workers: Vec<_> = starts
            .map(|from| {
                let play = &play;
                scope.spawn(move || (from..histories.len().min(from + share)).map(play).collect())
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().expect("a replay does not panic")).collect()
    });
    let mut sum = Days { measure: Measure::default(), walk_in_waits: Vec::new(), paces: Vec::new() };
    for trial in trials?.into_iter().flatten() {
        trial.told.iter().for_each(|told| sum.measure.add(told));
        sum.walk_in_waits.extend(trial.walk_in_waits);
        sum.paces.push(trial.pace);
    }
    sum.walk_in_waits.sort_by(f64::total_cmp);
    Ok(sum)
}

/// What is known before each of so many days when nobody has seen the doctor yet.
pub fn unknown(days: usize) -> Vec<History> {
    vec![History::configured(MEAN_VISIT_MINUTES); days]
}

/// What is known before each of these days from the twenty before it (before the first ones, from the last).
pub fn learned(paces: &[DayPace]) -> Vec<History> {
    let days = paces.len();
    let before =
        |day: usize| (1..=PAST_DAYS.min(days)).map(|back| paces[(day + days - back % days) % days]).collect();
    (0..days)
        .map(|day| History::of_days(MEAN_VISIT_MINUTES, &Vec::<DayPace>::as_slice(&before(day))))
        .collect()
}
