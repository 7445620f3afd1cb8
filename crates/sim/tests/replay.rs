//! The rules of the replay, one by one, on days that fit on a hand.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use baari_engine::{PolicyKind, Settings, Source};
use baari_sim::{Doctor, Ending, Outcome, Patient, ReplayError, Scenario, SlotPlan, replay};
use jiff::civil::{date, time};
use jiff::tz::TimeZone;

fn slot(start_min: f64, end_min: f64, max_count: u32, hard_limit: u32) -> SlotPlan {
    SlotPlan { start_min, end_min, max_count, hard_limit }
}

fn doctor(starts_min: f64, slots: &[SlotPlan]) -> Doctor {
    Doctor::new("Dr Rao".to_owned(), starts_min, 6, slots.to_vec())
}

/// Comes at this minute without an appointment, for ten minutes.
fn comes(source: Source, arrive_min: f64) -> Patient {
    Patient { name: "P".to_owned(), previous_doctor: Some(0), ..Patient::new(0, source, arrive_min, 10.0) }
}

/// Has an appointment in the first slot.
fn due(source: Source, due_min: f64, arrive_min: f64) -> Patient {
    Patient { slot: Some(0), due_min: Some(due_min), ..comes(source, arrive_min) }
}

fn day(doctors: Vec<Doctor>, patients: Vec<Patient>, policy: PolicyKind) -> Scenario {
    Scenario {
        name: "a day".to_owned(),
        seed: 1,
        date: date(2026, 2, 2),
        opens: time(9, 0, 0, 0),
        zone: TimeZone::UTC,
        settings: Settings { policy, ..Settings::default() },
        timers: false,
        doctors,
        patients,
    }
}

fn play(doctors: Vec<Doctor>, patients: Vec<Patient>, policy: PolicyKind) -> Outcome {
    replay(&day(doctors, patients, policy)).unwrap()
}

fn starts(outcome: &Outcome) -> Vec<Option<f64>> {
    outcome.patients.iter().map(|seen| seen.start_min).collect()
}

fn endings(outcome: &Outcome) -> Vec<&'static str> {
    outcome.patients.iter().map(|seen| seen.ending.name()).collect()
}

#[test]
fn the_doctor_begins_when_here_and_is_never_idle_while_somebody_waits() {
    let patients =
        vec![comes(Source::WalkIn, -5.0), comes(Source::WalkIn, 12.0), comes(Source::WalkIn, 50.0)];
    let outcome = play(vec![doctor(7.0, &[slot(0.0, 60.0, 9, 9)])], patients, PolicyKind::Band);
    assert_eq!(starts(&outcome), [Some(7.0), Some(17.0), Some(50.0)]);
    let waits: Vec<Option<f64>> = outcome.patients.iter().map(|seen| seen.wait_min).collect();
    assert_eq!(waits, [Some(12.0), Some(5.0), Some(0.0)]);
}

#[test]
fn whoever_comes_in_as_a_visit_ends_can_be_called() {
    let patients = vec![
        comes(Source::WalkIn, 0.0),
        comes(Source::WalkIn, 1.0),
        // At minute 10 the doctor is free again.
        comes(Source::Emergency, 10.0),
    ];
    let outcome = play(vec![doctor(0.0, &[slot(0.0, 60.0, 9, 9)])], patients, PolicyKind::Band);
    assert_eq!(starts(&outcome), [Some(0.0), Some(20.0), Some(10.0)]);
}

#[test]
fn equals_go_by_arrival() {
    // Ready at minute 20 all three; the one who came first has waited in the building the longest.
    let patients = vec![
        due(Source::FollowUp, 20.0, 15.0),
        due(Source::FollowUp, 20.0, 5.0),
        due(Source::FollowUp, 20.0, 10.0),
    ];
    for policy in [PolicyKind::Target, PolicyKind::Fcfs, PolicyKind::Strict, PolicyKind::Apq] {
        let doctors = vec![doctor(30.0, &[slot(0.0, 60.0, 9, 9)])];
        let outcome = play(doctors, patients.clone(), policy);
        assert_eq!(starts(&outcome), [Some(50.0), Some(30.0), Some(40.0)], "{policy}");
    }
    // Under band, in the order in which the numbers were issued.
    let outcome = play(vec![doctor(30.0, &[slot(0.0, 60.0, 9, 9)])], patients, PolicyKind::Band);
    assert_eq!(starts(&outcome), [Some(30.0), Some(40.0), Some(50.0)]);
}

#[test]
fn under_apq_nobody_ready_yet_means_the_nearest_goes_first() {
    // Both are here before their time; the walk-in's rate counts for nothing until somebody has waited.
    let patients = vec![
        due(Source::PaidPriority, 40.0, 0.0),
        Patient { due_min: Some(30.0), ..due(Source::WalkIn, 30.0, 0.0) },
        due(Source::FollowUp, 35.0, 0.0),
    ];
    let outcome = play(vec![doctor(0.0, &[slot(0.0, 60.0, 9, 9)])], patients, PolicyKind::Apq);
    assert_eq!(starts(&outcome), [Some(20.0), Some(0.0), Some(10.0)]);
}

#[test]
fn under_apq_the_faster_rate_overtakes() {
    // At minute 30 the walk-in has 1 × 30, the paid one 4 × 8, the emergency 8 × 3.
    let patients =
        vec![comes(Source::WalkIn, 0.0), comes(Source::PaidPriority, 22.0), comes(Source::Emergency, 27.0)];
    let outcome = play(vec![doctor(30.0, &[slot(0.0, 60.0, 9, 9)])], patients, PolicyKind::Apq);
    assert_eq!(starts(&outcome), [Some(50.0), Some(30.0), Some(40.0)]);
}

#[test]
fn a_slot_that_was_asked_for_is_taken_as_it_is() {
    let full = Patient { slot: Some(0), ..comes(Source::WalkIn, 3.0) };
    // After the slot, and after all slots.
    let late = Patient { slot: Some(0), ..comes(Source::WalkIn, 100.0) };
    let patients = vec![due(Source::PaidPriority, 0.0, 0.0), full, late];
    let outcome = play(vec![doctor(0.0, &[slot(0.0, 60.0, 1, 1)])], patients, PolicyKind::Band);
    assert_eq!(starts(&outcome), [Some(0.0), Some(10.0), Some(100.0)]);
    let overrides = outcome.doctors[0].day.slots()[0].override_count;
    assert_eq!((overrides, outcome.patients[2].slot), (2, Some(0)));
    assert!(outcome.whys()[1].iter().any(|why| why.starts_with("A supervisor gave a seat")));
}

#[test]
fn without_a_slot_the_engine_allocates_or_refuses() {
    let slots = [slot(0.0, 60.0, 1, 2), slot(60.0, 120.0, 1, 1)];
    let patients = vec![
        comes(Source::WalkIn, 0.0),
        comes(Source::WalkIn, 1.0),
        comes(Source::WalkIn, 2.0),
        comes(Source::Emergency, 3.0),
        // As the last slot ends, it is over.
        comes(Source::Emergency, 120.0),
    ];
    let outcome = play(vec![doctor(0.0, &slots)], patients, PolicyKind::Band);
    let slots: Vec<Option<usize>> = outcome.patients.iter().map(|seen| seen.slot).collect();
    assert_eq!(slots, [Some(0), Some(1), None, Some(0), None]);
    assert_eq!(endings(&outcome), ["completed", "completed", "refused", "completed", "refused"]);
    assert_eq!(starts(&outcome), [Some(0.0), Some(20.0), None, Some(10.0), None]);
    assert_eq!(
        outcome.whys()[2],
        ["There is no seat on 2026-02-02.", "09:00–10:00 is full (1 of 1).", "10:00–11:00 is full (1 of 1)."]
    );
}

#[test]
fn who_never_comes_is_a_no_show() {
    let absent = |patient: Patient| Patient { shows: false, ..patient };
    let patients = vec![
        absent(due(Source::FollowUp, 0.0, 0.0)),
        absent(comes(Source::WalkIn, 0.0)),
        due(Source::FollowUp, 10.0, 5.0),
    ];
    let outcome = play(vec![doctor(0.0, &[slot(0.0, 60.0, 9, 9)])], patients, PolicyKind::Band);
    assert_eq!(endings(&outcome), ["no_show", "no_show", "completed"]);
    assert_eq!(outcome.patients[1].ending, Ending::NeverCame);
    assert_eq!(outcome.patients[1].token_no, None);
    assert_eq!(outcome.doctors[0].day.slots()[0].current_count, 1);
}

#[test]
fn a_cancellation_lets_the_waitlist_in_and_the_idle_doctor_calls() {
    let patients = vec![
        Patient { cancels_min: Some(25.0), ..due(Source::PaidPriority, 30.0, 40.0) },
        Patient { waitlist: true, ..comes(Source::WalkIn, 5.0) },
    ];
    let outcome = play(vec![doctor(0.0, &[slot(0.0, 60.0, 1, 1)])], patients, PolicyKind::Band);
    assert_eq!(endings(&outcome), ["cancelled", "completed"]);
    assert_eq!(starts(&outcome), [None, Some(25.0)]);
}

#[test]
fn nobody_cancels_what_has_begun() {
    let patients = vec![Patient { cancels_min: Some(5.0), ..comes(Source::WalkIn, 0.0) }];
    let outcome = play(vec![doctor(0.0, &[slot(0.0, 60.0, 1, 1)])], patients, PolicyKind::Band);
    assert_eq!(endings(&outcome), ["completed"]);
}

#[test]
fn an_announced_emergency_waits_for_nobody_and_is_not_called_before_it_comes() {
    for policy in PolicyKind::all() {
        let patients = vec![
            comes(Source::WalkIn, 0.0),
            comes(Source::WalkIn, 1.0),
            due(Source::Emergency, 5.0, 18.0),
            comes(Source::WalkIn, 2.0),
        ];
        let outcome = play(vec![doctor(0.0, &[slot(0.0, 60.0, 9, 9)])], patients, policy);
        let start = outcome.patients[2].start_min.unwrap();
        assert!(start >= 18.0, "{policy}: {start}");
        if policy != PolicyKind::Fcfs && policy != PolicyKind::Apq {
            assert!((start - 20.0).abs() < f64::EPSILON, "{policy}: {start}");
        }
    }
}

#[test]
fn doctors_work_side_by_side() {
    let plan = doctor(0.0, &[slot(0.0, 60.0, 9, 9)]);
    let patients = vec![comes(Source::WalkIn, 0.0), Patient { doctor: 1, ..comes(Source::WalkIn, 0.0) }];
    let outcome = play(vec![plan.clone(), plan], patients, PolicyKind::Band);
    assert_eq!(starts(&outcome), [Some(0.0), Some(0.0)]);
    let numbers: Vec<Option<u32>> = outcome.patients.iter().map(|seen| seen.token_no).collect();
    assert_eq!(numbers, [Some(1), Some(1)]);
}

#[test]
fn a_visit_may_take_no_time_at_all() {
    let blink = Patient { visit_min: 0.0, ..comes(Source::WalkIn, 0.0) };
    let outcome =
        play(vec![doctor(0.0, &[slot(0.0, 60.0, 9, 9)])], vec![blink.clone(), blink], PolicyKind::Band);
    assert_eq!(starts(&outcome), [Some(0.0), Some(0.0)]);
}

#[test]
fn a_day_that_can_not_be_played_says_why() {
    let plan = doctor(0.0, &[slot(0.0, 60.0, 9, 9)]);
    for (patient, expected) in [
        (Patient { doctor: 1, ..comes(Source::WalkIn, 0.0) }, "patient P: there is no doctor with index 1"),
        (
            Patient { slot: Some(1), ..comes(Source::WalkIn, 0.0) },
            "patient P: there is no slot 1: Dr Rao has 1, counted from 0",
        ),
        (
            Patient { visit_min: -1.0, ..comes(Source::WalkIn, 0.0) },
            "patient P: a visit of -1 minutes: no visit is negative",
        ),
        (comes(Source::WalkIn, f64::NAN), "patient P: minute NaN is not within 10080 minutes of the opening"),
    ] {
        let error = replay(&day(vec![plan.clone()], vec![patient], PolicyKind::Band)).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
    let overlapping = doctor(0.0, &[slot(0.0, 60.0, 9, 9), slot(30.0, 90.0, 9, 9)]);
    let error = replay(&day(vec![overlapping], Vec::new(), PolicyKind::Band)).unwrap_err();
    assert!(matches!(error, ReplayError::Refused { .. }), "{error}");
}
