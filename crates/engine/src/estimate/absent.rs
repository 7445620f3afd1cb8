//! Who is not here yet: whether they come, and when.

use jiff::{SignedDuration, Timestamp};

use super::normal;
use super::tempo::minutes;
use super::work::WHOLE;
use crate::queue::Place;
use crate::settings::Settings;

/// The share of those booked who come (no-shows 15 %: Dantas et al. 2018 and NHS 2023–24 bracket it; `docs/science.md`).
const SHOWS: f64 = 0.85;
/// Of those who come: normal around this many minutes after their time.
const LATE_MINUTES: f64 = -10.0;
const LATE_MINUTES_SD: f64 = 15.0;
/// An arrival stands for an equal share of the possible ones.
pub(super) const ARRIVALS: u32 = 6;

/// When somebody who is not here may come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Arrivals {
    /// The share of each of the arrivals, in parts of [`WHOLE`].
    pub(super) share: u32,
    times: [Timestamp; ARRIVALS as usize],
}

impl Arrivals {
    /// Of the patient of this place, who has not come until now.
    ///
    /// Given that somebody is x minutes late, they come with p·S(x) / (p·S(x) + 1 − p), S(x) the share of those who come
    /// even later (Bayes): 11 % at 20 minutes. The arrivals are the middles of equal shares of what is left of the normal.
    pub(super) fn of(place: &Place<'_>, settings: &Settings, now: Timestamp) -> Self {
        let due = due(place);
        if !settings.check_in {
            // Nobody is seen to come: from the slot's start on the token counts as present.
            let chance = SHOWS / f64::from(ARRIVALS);
            let at = place.slot.window.starts_at().max(now);
            return Self { share: parts(chance), times: [at; ARRIVALS as usize] };
        }
        let later = 1.0 - normal::share_below((minutes(due, now) - LATE_MINUTES) / LATE_MINUTES_SD);
        let chance = SHOWS * later / (SHOWS * later + 1.0 - SHOWS);
        let mut times = [now; ARRIVALS as usize];
        for (step, time) in (0..ARRIVALS).zip(&mut times) {
            let share = (f64::from(step) + 0.5) / f64::from(ARRIVALS);
            let z = normal::quantile(1.0 - later * (1.0 - share));
            let late = LATE_MINUTES + LATE_MINUTES_SD * z;
            *time = after(due, late).max(now);
        }
        Self { share: parts(chance / f64::from(ARRIVALS)), times }
    }

    pub(super) fn times(&self) -> impl Iterator<Item = Timestamp> {
        self.times.into_iter()
    }
}

/// When the patient was asked to come; of somebody who missed the call, when they were called.
pub(super) fn due(place: &Place<'_>) -> Timestamp {
    let token = place.token;
    token.called_at.or(token.appointment_at).unwrap_or(place.slot.window.starts_at())
}

/// So many minutes after an instant, to the second.
pub(super) fn after(at: Timestamp, minutes: f64) -> Timestamp {
    let seconds = (minutes * 60.0).clamp(-1e9, 1e9).round() as i64;
    at.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(at)
}

fn parts(chance: f64) -> u32 {
    (chance * f64::from(WHOLE)).clamp(0.0, f64::from(WHOLE)) as u32
}
