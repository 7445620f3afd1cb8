//! Who is not here yet: whether they come, and when.

use jiff::{SignedDuration, Timestamp};

use super::line::Arrival;
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
const ARRIVALS: u32 = 6;

/// When the patient of this place may come, who has not come until now: at a few times with equal chances.
///
/// Given that somebody is x minutes late, they come with p·S(x) / (p·S(x) + 1 − p), S(x) the share of those who come even
/// later (Bayes): 11 % at 20 minutes. The times are the middles of equal shares of what is left of the normal.
pub(super) fn arrivals(
    place: &Place<'_>,
    settings: &Settings,
    now: Timestamp,
) -> impl Iterator<Item = Arrival> {
    let due = due(place);
    let later = 1.0 - normal::share_below((minutes(due, now) - LATE_MINUTES) / LATE_MINUTES_SD);
    let comes = SHOWS * later / (SHOWS * later + 1.0 - SHOWS);
    // Where nobody checks in, the token counts as present from the slot's start on.
    let starts_at = (!settings.check_in).then(|| place.slot.window.starts_at());
    let chance = if starts_at.is_some() { SHOWS } else { comes };
    let share = (chance / f64::from(ARRIVALS) * f64::from(WHOLE)) as u32;
    (0..ARRIVALS).map(move |nth| {
        let share_before = (f64::from(nth) + 0.5) / f64::from(ARRIVALS);
        let at = starts_at.unwrap_or_else(|| {
            let z = normal::quantile(1.0 - later * (1.0 - share_before));
            after(due, LATE_MINUTES + LATE_MINUTES_SD * z)
        });
        Arrival { at: at.max(now), share }
    })
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
