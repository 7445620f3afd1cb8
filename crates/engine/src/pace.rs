//! How fast a doctor works: what a day shows, and what the days before say of the next one.

mod history;

use crate::day::Day;
use crate::slot::{Slot, SlotStatus};
use crate::source::Source;
use crate::status::Status;
pub use history::History;

/// An emergency takes this many times as long as another visit.
pub(crate) const EMERGENCY_FACTOR: f64 = 1.5;

/// What one doctor-day shows of the doctor's pace. Kept with the day, so that a history is read in one query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DayPace {
    /// Finished visits.
    pub visits: u32,
    /// Their length together, in seconds; an emergency's is divided by 1.5.
    pub seconds: u64,
    /// The squares of these lengths, in seconds².
    pub seconds_squared: u64,
    /// Emergencies among them.
    pub emergencies: u32,
    /// How long the slots of the day are together, in seconds.
    pub planned_seconds: u32,
    /// How long after the start of the first slot the first visit began, in seconds; negative when it began before. None
    /// before that.
    pub late_seconds: Option<i32>,
}

impl DayPace {
    /// What this day shows.
    pub fn of(day: &Day) -> Self {
        let mut pace = Self::default();
        for token in day.tokens().iter().filter(|token| token.status == Status::Completed) {
            let (Some(from), Some(to)) = (token.started_at, token.ended_at) else { continue };
            let emergency = token.class == Source::Emergency;
            let factor = if emergency { EMERGENCY_FACTOR } else { 1.0 };
            // Longer than a day is a visit that somebody forgot to finish; it says nothing more than that.
            let seconds =
                (to.duration_since(from).as_secs_f64() / factor).clamp(0.0, 86_400.0).round() as u64;
            pace.visits += 1;
            pace.seconds += seconds;
            pace.seconds_squared += seconds * seconds;
            pace.emergencies += u32::from(emergency);
        }
        let held = || day.slots().iter().filter(|slot| slot.status != SlotStatus::Cancelled);
        let seconds = |slot: &Slot| slot.window.ends_at().duration_since(slot.window.starts_at()).as_secs();
        let planned = held().map(|slot| seconds(slot).max(0));
        pace.planned_seconds = u32::try_from(planned.sum::<i64>()).unwrap_or(u32::MAX);
        let opens = held().next().map(|slot| slot.window.starts_at());
        let begins = day.tokens().iter().filter_map(|token| token.started_at).min();
        let late = opens.zip(begins).map(|(opens, begins)| begins.duration_since(opens).as_secs());
        pace.late_seconds = late.and_then(|late| i32::try_from(late).ok());
        pace
    }
}
