//! Who is not here yet: whether they come, and when.

use jiff::Timestamp;

use super::normal;
use super::time::{milliseconds, minutes};
use super::work::{WHOLE, Work};
use crate::queue::Place;
use crate::settings::Settings;
use crate::token::Token;

/// The share of those booked who come (no-shows 15 %: Dantas et al. 2018 and NHS 2023–24 bracket it; `docs/science.md`).
const SHOWS: f64 = 0.85;
/// Of those who come: normal around this many minutes after their time.
const LATE_MINUTES: f64 = -10.0;
const LATE_MINUTES_SD: f64 = 15.0;
/// Before this many standard deviations ahead of their time nobody has come, and nothing is known of the patient yet.
const EARLIEST: f64 = 4.0;
/// At so many times, each with the same chance, the patient may come.
pub(super) const TIMES: usize = 6;

/// When somebody who is not here may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Arrivals {
    /// In milliseconds from now, the earliest first.
    pub(super) times: [i64; TIMES],
    /// The chance of each, in parts of [`WHOLE`].
    pub(super) share: u32,
}

impl Arrivals {
    /// What the one of this number, from 0, adds to the work.
    pub(super) fn work(&self, token: &Token, nth: usize) -> Work {
        let before = self.share * u32::try_from(nth).unwrap_or(0);
        Work::rise(token, before, before + self.share)
    }
}

/// What is known of all who are not here.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Absent {
    now: Timestamp,
    check_in: bool,
    /// Of somebody of whom nothing is known yet, from their due time on.
    usual: Arrivals,
}

impl Absent {
    pub(super) fn new(settings: &Settings, now: Timestamp) -> Self {
        Self {
            now,
            check_in: settings.check_in,
            usual: given_late(-EARLIEST * LATE_MINUTES_SD + LATE_MINUTES),
        }
    }

    /// Of the patient of this place, who has not come until now.
    pub(super) fn arrivals(&self, place: &Place<'_>) -> Arrivals {
        let from_now = |at: Timestamp| at.as_millisecond() - self.now.as_millisecond();
        if !self.check_in {
            // Where nobody checks in, the token counts as present from the slot's start on.
            let at = from_now(place.slot.window.starts_at()).max(0);
            return Arrivals { times: [at; TIMES], share: parts(SHOWS) };
        }
        let due = from_now(due(place));
        let late = -minutes(due);
        let nothing_known = late <= LATE_MINUTES - EARLIEST * LATE_MINUTES_SD;
        let Arrivals { times, share } = if nothing_known { self.usual } else { given_late(late) };
        Arrivals { times: times.map(|time| (due + time).max(0)), share }
    }
}

/// When somebody comes, from their due time on, who is so many minutes late.
///
/// Given x minutes, they come with p·S(x) / (p·S(x) + 1 − p), S(x) the share of those who come even later (Bayes): 11 % at
/// 20 minutes. The times are the middles of equal shares of what is left of the normal.
fn given_late(late_minutes: f64) -> Arrivals {
    let later = 1.0 - normal::share_below((late_minutes - LATE_MINUTES) / LATE_MINUTES_SD);
    let mut times = [0; TIMES];
    for (nth, time) in times.iter_mut().enumerate() {
        let before = (nth as f64 + 0.5) / TIMES as f64;
        let z = normal::quantile(1.0 - later * (1.0 - before));
        *time = milliseconds(LATE_MINUTES + LATE_MINUTES_SD * z);
    }
    Arrivals { times, share: parts(SHOWS * later / (SHOWS * later + 1.0 - SHOWS)) }
}

/// When the patient was asked to come; of somebody who missed the call, when they were called.
pub(super) fn due(place: &Place<'_>) -> Timestamp {
    let token = place.token;
    token.called_at.or(token.appointment_at).unwrap_or(place.slot.window.starts_at())
}

/// The share of each of the times.
fn parts(chance: f64) -> u32 {
    (chance / TIMES as f64 * f64::from(WHOLE)) as u32
}
