//! How many seats a slot should have. Advice beside the editor, never a rule: nobody is booked or refused by it.
//! The formulas are standard: overbooking by risk, and the Poisson quantile as a buffer.

/// How often more may come than there is time for.
pub(crate) const RISK: f64 = 0.10;
/// As often as not.
const EVEN: f64 = 0.5;
/// How sure an emergency is to find a seat.
const SURE: f64 = 0.95;
/// Of those booked so many come, where nothing is known yet: no-shows of 5 to 30 % are reported, 15 % is usual.
pub(crate) const COME_USUALLY: f64 = 0.85;
/// Emergencies in an hour, where nothing is known yet: two in five.
const EMERGENCIES_USUALLY: f64 = 0.4;
/// With fewer slots than that nothing is known of emergencies yet.
const SLOTS_LEAST: usize = 12;
/// More bookings than that for one place are no advice.
const TIMES_MAX: u32 = 3;

/// The largest number of bookings of which more than `places` come with a probability of at most `risk`, when each comes with
/// probability `come`: the largest n with P(Bin(n, p) > C) ≤ α.
pub(crate) fn bookings(places: u32, come: f64, risk: f64) -> u32 {
    let fits = |n: &u32| 1.0 - come_at_most(*n, come, places) <= risk;
    (places..=places.saturating_mul(TIMES_MAX)).take_while(fits).last().unwrap_or(places)
}

/// P(Bin(n, p) ≤ most).
fn come_at_most(n: u32, p: f64, most: u32) -> f64 {
    if most >= n || p <= 0.0 {
        return 1.0;
    }
    if p >= 1.0 {
        return 0.0;
    }
    let (mut term, mut sum) = ((f64::from(n) * (1.0 - p).ln()).exp(), 0.0);
    for k in 0..=most {
        sum += term;
        term *= f64::from(n - k) / f64::from(k + 1) * p / (1.0 - p);
    }
    sum.min(1.0)
}

/// Seats to keep for emergencies, of which so many are expected in a slot: the 95 % quantile of Poisson(λ).
pub(crate) fn buffer(expected: f64) -> u32 {
    let expected = expected.clamp(0.0, 20.0);
    let (mut term, mut sum, mut seats) = ((-expected).exp(), 0.0, 0);
    loop {
        sum += term;
        if sum >= SURE {
            return seats;
        }
        seats += 1;
        term *= expected / f64::from(seats);
    }
}

/// Emergencies to be expected in a slot of so many minutes, when there were so many in slots of these minutes.
pub(crate) fn emergencies(slot_minutes: u32, seen: u32, held_minutes: &[u32]) -> f64 {
    let minutes: u32 = held_minutes.iter().sum();
    let is_known = held_minutes.len() >= SLOTS_LEAST && minutes > 0;
    let hourly = if is_known { f64::from(seen) * 60.0 / f64::from(minutes) } else { EMERGENCIES_USUALLY };
    hourly * f64::from(slot_minutes) / 60.0
}

/// Visits that a slot has time for.
pub(crate) fn places(slot_minutes: u32, visit_minutes: u16) -> u32 {
    (slot_minutes / u32::from(visit_minutes.max(1))).max(1)
}

/// Whether so many seats are far beyond the time: of those booked more than can be seen come more often than not.
pub(crate) fn is_far_beyond(seats: u32, slot_minutes: u32, visit_minutes: u16) -> bool {
    seats > bookings(places(slot_minutes, visit_minutes), COME_USUALLY, EVEN)
}

/// Minutes at the end of the hours into which no whole slot fits.
pub(crate) fn left_over(minutes: u32, slot_minutes: u16) -> u32 {
    minutes % u32::from(slot_minutes.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_less_people_come_the_more_can_be_booked() {
        for (come, expected) in [(1.0, 10), (0.90, 10), (0.80, 11), (0.70, 12)] {
            assert_eq!(bookings(10, come, 0.10), expected, "{come}");
        }
        assert_eq!(bookings(10, 0.0, 0.10), 30);
    }

    #[test]
    fn the_buffer_is_the_poisson_quantile() {
        for (expected, seats) in [(0.0, 0), (0.25, 1), (0.5, 2), (1.0, 3), (2.0, 5)] {
            assert_eq!(buffer(expected), seats, "{expected}");
        }
    }

    #[test]
    fn a_long_slot_has_more_emergencies_than_a_short_one() {
        let held = [60; 12];
        for (minutes, seen, held, expected) in [
            (60, 0, &held[..0], 0.4),
            (240, 9, &held[..11], 1.6),
            (60, 6, &held, 0.5),
            (30, 6, &held, 0.25),
            (60, 0, &held, 0.0),
        ] {
            assert!((emergencies(minutes, seen, held) - expected).abs() < 1e-9, "{minutes} {seen}");
        }
    }

    #[test]
    fn a_slot_has_time_for_a_whole_number_of_visits() {
        assert_eq!((places(60, 6), places(60, 7), places(5, 30)), (10, 8, 1));
    }

    #[test]
    fn a_few_seats_more_than_there_is_time_for_are_no_matter() {
        for (seats, expected) in [(10, false), (12, false), (13, true), (60, true)] {
            assert_eq!(is_far_beyond(seats, 60, 6), expected, "{seats}");
        }
    }

    #[test]
    fn what_makes_no_whole_slot_is_left_over() {
        assert_eq!((left_over(270, 60), left_over(240, 60), left_over(270, 0)), (30, 0, 0));
    }
}
