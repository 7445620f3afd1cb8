//! Seats that become free, and seats that there are not.

use baari_engine::Source;
use baari_sim::{Patient, Scenario};

use super::{Played, comes, day, doctor, due};

/// One seat an hour. The first hour's patient cancels; the third hour's agreed to come earlier.
fn cancels(pull_forward: bool) -> Scenario {
    let first = Patient { cancels_min: Some(-30.0), ..due(0, 0.0) };
    let last = Patient { earlier_ok: true, ..due(2, 130.0) };
    let mut scenario = day(vec![doctor("Dr Rao", 3, 1)], vec![first, due(1, 60.0), last]);
    scenario.settings.pull_forward = pull_forward;
    scenario
}

#[test]
fn who_agreed_comes_forward_and_comes_earlier() {
    let played = Played::new(cancels(true));
    assert_eq!(played.endings(), ["cancelled", "completed", "completed"]);
    assert_eq!(played.slots()[2], Some(0));
    // As much before the new time as before the old one.
    assert_eq!(played.outcome.patients[2].came_min, Some(-5.0));
    assert_eq!(played.starts()[2], Some(0.0));
    assert_eq!(played.summary().turns.pulled_forward, 1);
    assert!(played.story()[1].ends_with("token 3 (follow_up125) comes forward to 09:00–10:00."));
    let without = Played::new(cancels(false));
    assert_eq!((without.slots()[2], without.starts()[2]), (Some(2), Some(125.0)));
}

/// Who waits for a seat goes before those who agreed to come earlier.
fn waits() -> Scenario {
    let mut scenario = cancels(true);
    scenario.patients[0].cancels_min = Some(20.0);
    scenario.patients[0].arrive_min = 30.0;
    scenario.patients.push(Patient { waitlist: true, slot: None, ..comes(Source::WalkIn, 5.0) });
    scenario
}

#[test]
fn the_waiting_list_goes_before_those_who_come_forward() {
    let played = Played::new(waits());
    assert_eq!(played.endings(), ["cancelled", "completed", "completed", "completed"]);
    assert_eq!((played.slots()[3], played.slots()[2]), (Some(0), Some(2)));
    let summary = played.summary();
    assert_eq!((summary.waitlisted, summary.let_in, summary.turns.pulled_forward), (1, 1, 0));
}

/// One seat an hour, taken by somebody who comes late; then somebody who has paid.
fn displaces(displacement: bool) -> Scenario {
    let booked = Patient { arrive_min: 35.0, ..due(0, 40.0) };
    let paid = comes(Source::PaidPriority, 10.0);
    let mut scenario = day(vec![doctor("Dr Rao", 2, 1)], vec![booked, paid]);
    scenario.settings.displacement = displacement;
    scenario
}

#[test]
fn a_higher_band_displaces_where_the_facility_wants_it() {
    let played = Played::new(displaces(true));
    assert_eq!(played.slots(), [Some(1), Some(0)]);
    assert_eq!(played.starts()[1], Some(10.0));
    assert_eq!(played.summary().turns.displaced, 1);
    assert!(played.story()[0].contains("gives way, and has 10:00–11:00 now"), "{:?}", played.story());
    let without = Played::new(displaces(false));
    assert_eq!(without.slots(), [Some(0), Some(1)]);
    assert_eq!(without.summary().turns.displaced, 0);
}

/// One seat an hour and two of the buffer: the fourth who comes finds the first hour full.
fn emergencies() -> Scenario {
    let patients = [Source::WalkIn, Source::Emergency, Source::Emergency, Source::Emergency];
    let patients = patients.iter().zip(0_u32..).map(|(source, minute)| comes(*source, f64::from(minute)));
    day(vec![doctor("Dr Rao", 2, 1)], patients.collect())
}

#[test]
fn emergencies_use_the_buffer_of_a_full_slot_and_then_the_next_one() {
    let played = Played::new(emergencies());
    assert_eq!(played.slots(), [Some(0), Some(0), Some(0), Some(1)]);
    assert_eq!(played.starts(), [Some(0.0), Some(10.0), Some(20.0), Some(30.0)]);
    assert!(played.story()[0].contains("an emergency, takes a seat of the buffer of 09:00–10:00"));
}

pub(super) fn days() -> Vec<(&'static str, Scenario)> {
    vec![
        ("comes forward", cancels(true)),
        ("waits", waits()),
        ("displaces", displaces(true)),
        ("emergencies", emergencies()),
    ]
}
