//! What patients are told at check-in, against what happens.

use baari_engine::Source;
use baari_sim::{Doctor, Patient};

use super::{Played, comes, day, doctor, due};

#[test]
fn whoever_checks_in_is_told_a_time_once() {
    let patients = vec![
        comes(Source::WalkIn, 0.0),
        Patient { misses_calls: vec![Some(15.0)], ..comes(Source::WalkIn, 2.0) },
        Patient { shows: false, ..due(0, 30.0) },
        comes(Source::Emergency, 4.0),
    ];
    let played = Played::new(day(vec![doctor("Dr Rao", 1, 9)], patients));
    let told: Vec<_> =
        played.outcome.patients.iter().map(|seen| seen.told.map(|told| told.said_min)).collect();
    assert_eq!(told, [Some(0.0), Some(2.0), None, Some(4.0)]);
    // The emergency does not count; the first call does, not the second one.
    let estimates = played.summary().estimates;
    assert_eq!(estimates.count, 2);
    let called = played.outcome.patients[1].called_min.unwrap();
    assert!((called - 20.0).abs() < f64::EPSILON, "{called}");
    let off = |seen: &baari_sim::Seen| (seen.called_min.unwrap() - seen.told.unwrap().at_min).abs();
    let expected = (off(&played.outcome.patients[0]) + off(&played.outcome.patients[1])) / 2.0;
    assert!((estimates.error_min - expected).abs() < 1e-9, "{estimates:?}");
}

#[test]
fn an_hour_that_nobody_spoke_of_is_told_too_early() {
    let rao = Doctor { starts_min: 60.0, ..doctor("Dr Rao", 3, 9) };
    let played = Played::new(day(vec![rao], vec![comes(Source::WalkIn, 0.0)]));
    let estimates = played.summary().estimates;
    assert!(estimates.error_min > 10.0 && (estimates.too_early - 1.0).abs() < f64::EPSILON, "{estimates:?}");
}
