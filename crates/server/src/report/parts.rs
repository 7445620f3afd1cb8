//! A time cut at the full hours of the wall clock.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// The hour (0 to 23) that the clock in this zone shows.
pub(super) fn hour(at: Timestamp, zone: &TimeZone) -> i8 {
    zone.to_datetime(at).hour()
}

/// How much of the time between these two lies in which hour, in order; empty if it goes backwards.
pub(super) fn by_hour(from: Timestamp, to: Timestamp, zone: &TimeZone) -> Vec<(i8, SignedDuration)> {
    let (mut at, mut parts) = (from, Vec::new());
    while at < to {
        let shown = zone.to_datetime(at);
        let past = SignedDuration::from_mins(i64::from(shown.minute()))
            + SignedDuration::from_secs(i64::from(shown.second()))
            + SignedDuration::from_nanos(i64::from(shown.subsec_nanosecond()));
        let end = at.checked_add(HOUR - past).map_or(to, |end| end.min(to));
        parts.push((shown.hour(), end.duration_since(at)));
        at = end;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_cut_at_full_hours_of_the_wall_clock() {
        let minutes = SignedDuration::from_mins;
        // India is half an hour off; in Berlin the second hour after midnight is shown twice that night.
        for (zone, from, to, expected) in [
            ("UTC", "2026-02-02T09:50Z", "2026-02-02T10:10Z", vec![(9, 10), (10, 10)]),
            ("UTC", "2026-02-02T09:00Z", "2026-02-02T10:00Z", vec![(9, 60)]),
            ("UTC", "2026-02-02T10:00Z", "2026-02-02T10:00Z", vec![]),
            ("UTC", "2026-02-02T10:00Z", "2026-02-02T09:00Z", vec![]),
            ("UTC", "2026-02-02T23:30Z", "2026-02-03T01:15Z", vec![(23, 30), (0, 60), (1, 15)]),
            ("Asia/Kolkata", "2026-02-02T03:50Z", "2026-02-02T04:40Z", vec![(9, 40), (10, 10)]),
            ("Europe/Berlin", "2026-10-24T23:30Z", "2026-10-25T02:00Z", vec![(1, 30), (2, 60), (2, 60)]),
        ] {
            let zone = TimeZone::get(zone).unwrap();
            let instant = |text: &str| text.parse::<Timestamp>().unwrap();
            let expected: Vec<_> = expected.into_iter().map(|(hour, part)| (hour, minutes(part))).collect();
            assert_eq!(by_hour(instant(from), instant(to), &zone), expected, "{from} {to}");
        }
    }
}
