//! The lab: thousands of reference days (`docs/science.md`), and how well the engine tells patients when they will be called.
//!
//! Every policy and every way of predicting sees the same people at the same times. At each check-in of somebody who is no
//! emergency and is seen later, the estimator is asked once, and so are the plain rules that it is compared with.
//!
//! Start reading at `lab/trial.rs` (one day), then `lab/estimates.rs` (what is measured, and the goals).

mod estimates;
mod measure;
mod reference;
mod single;
mod table;
mod trial;

use std::num::NonZero;

use baari_engine::{DayPace, History, PolicyKind};

use crate::replay::ReplayError;
pub use estimates::{Estimates, Figure, Goal, What, estimates};
pub use measure::{Measure, Plain};
use reference::MEAN_VISIT_MINUTES;
pub use reference::World;
use trial::Trial;

/// Days of a doctor from which a history is learned.
const PAST_DAYS: usize = 20;

/// What came of many days.
#[derive(Debug, Clone, Default)]
pub struct Days {
    /// How good the predictions were.
    pub measure: Measure,
    /// What walk-ins waited, the shortest wait first.
    pub walk_in_waits: Vec<f64>,
    /// What each day showed of the doctor's pace.
    pub paces: Vec<DayPace>,
}

/// Plays a day for each of these histories (what is known of the doctor before it), on all cores.
///
/// # Errors
/// A day can't be played, or the auditor found a fault.
pub fn days(world: World, policy: PolicyKind, seed: u64, histories: &[History]) -> Result<Days, ReplayError> {
    let play = |day: usize| trial::play(&world.day(seed + day as u64, policy), histories[day]);
    let mut sum = Days::default();
    for Trial { told, walk_in_waits, pace } in on_all_cores(histories.len(), play)? {
        told.iter().for_each(|told| sum.measure.add(told));
        sum.walk_in_waits.extend(walk_in_waits);
        sum.paces.push(pace);
    }
    sum.walk_in_waits.sort_by(f64::total_cmp);
    Ok(sum)
}

/// What is known before each of so many days of a doctor whom nobody has seen yet.
pub fn unknown(days: usize) -> Vec<History> {
    vec![History::configured(MEAN_VISIT_MINUTES); days]
}

/// What is known before each of these days from the twenty before it; before the first ones, from the last ones.
pub fn learned(paces: &[DayPace]) -> Vec<History> {
    let days = paces.len();
    let past = |day: usize| (1..=PAST_DAYS.min(days)).map(move |ago| paces[(day + days - ago) % days]);
    let history = |day| History::of_days(MEAN_VISIT_MINUTES, &past(day).collect::<Vec<_>>());
    (0..days).map(history).collect()
}

/// The results for 0, 1, 2 …, in this order whatever the number of cores.
fn on_all_cores<T: Send>(
    count: usize,
    play: impl Fn(usize) -> Result<T, ReplayError> + Sync,
) -> Result<Vec<T>, ReplayError> {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let share = count.div_ceil(cores).max(1);
    let parts: Result<Vec<Vec<T>>, ReplayError> = std::thread::scope(|scope| {
        let part = |from: usize| {
            let play = &play;
            scope.spawn(move || (from..count.min(from + share)).map(play).collect())
        };
        let workers: Vec<_> = (0..count).step_by(share).map(part).collect();
        workers.into_iter().map(|worker| worker.join().expect("a replay does not panic")).collect()
    });
    Ok(parts?.into_iter().flatten().collect())
}
