//! Patients who are not there: when called, when their slot ends, ever.

use baari_engine::Source;
use baari_sim::{Doctor, Patient, Scenario};

use super::{Played, comes, day, doctor, due};

fn rao() -> Doctor {
    doctor("Dr Rao", 2, 9)
}

/// Six walk-ins a minute apart; the first one misses these calls.
fn misses(calls: &[Option<f64>]) -> Scenario {
    let first = Patient { misses_calls: calls.to_vec(), ..comes(Source::WalkIn, 0.0) };
    let others = (1..6).map(|minute| comes(Source::WalkIn, f64::from(minute)));
    day(vec![rao()], std::iter::once(first).chain(others).collect())
}

#[test]
fn whoever_is_back_within_the_grace_is_waited_for() {
    let played = Played::new(misses(&[Some(9.5)]));
    assert_eq!(played.starts()[..3], [Some(9.5), Some(19.5), Some(29.5)]);
    let turns = played.summary().turns;
    assert_eq!((turns.passed, turns.rejoined), (0, 0));
    assert_eq!(played.outcome.patients[0].called_min, Some(0.0));
}

#[test]
fn after_the_grace_the_next_one_is_called_and_whoever_is_back_goes_behind_two() {
    // Passed at minute 10, back at 15 during the second patient's visit: behind the third and the fourth.
    let played = Played::new(misses(&[Some(15.0)]));
    assert_eq!(played.starts(), [Some(40.0), Some(10.0), Some(20.0), Some(30.0), Some(50.0), Some(60.0)]);
    let turns = played.summary().turns;
    assert_eq!((turns.passed, turns.rejoined, turns.given_up), (1, 1, 0));
    assert_eq!(
        played.story(),
        [
            "09:10 Dr Rao token 1 (walk_in0) did not come when called: passed.",
            "09:15 Dr Rao token 1 (walk_in0) is back, behind 2 others."
        ]
    );
    assert!(played.outcome.whys()[0].iter().any(|why| why.starts_with("Came back after a missed call")));
}

#[test]
fn who_misses_a_third_call_is_a_no_show() {
    let played = Played::new(misses(&[Some(11.0); 3]));
    assert_eq!(played.endings()[0], "no_show");
    let turns = played.summary().turns;
    assert_eq!((turns.passed, turns.rejoined, turns.given_up), (2, 2, 1));
}

#[test]
fn a_no_show_who_is_back_books_anew_as_a_walk_in_if_they_still_want_to_be_seen() {
    let mut scenario = misses(&[Some(11.0); 3]);
    scenario.patients[0].books_anew = 1;
    let played = Played::new(scenario);
    assert_eq!(played.endings()[0], "completed");
    assert!(played.outcome.patients[0].booked_anew);
    assert_eq!(played.outcome.patients[0].token_no, Some(7));
    assert_eq!(played.summary().turns.booked_anew, 1);
}

#[test]
fn who_has_gone_home_is_a_no_show_when_the_slot_ends() {
    let played = Played::new(misses(&[None]));
    assert_eq!(played.endings()[0], "no_show");
    assert_eq!(played.starts()[..2], [None, Some(10.0)]);
    assert_eq!(played.outcome.doctors[0].day.slots()[0].current_count, 5);
}

fn called_once_more() -> Scenario {
    let mut scenario = misses(&[Some(30.0)]);
    scenario.doctors[0].recalls_min = Some(3.0);
    scenario
}

#[test]
fn a_second_call_gives_the_grace_anew() {
    let played = Played::new(called_once_more());
    assert_eq!(played.starts()[1], Some(13.0));
    assert_eq!(played.summary().turns.recalled, 1);
}

#[test]
fn without_timers_a_missed_call_ends_the_same_way() {
    for scenario in [misses(&[Some(15.0)]), called_once_more(), misses(&[Some(11.0); 3])] {
        let by_hand = Scenario { timers: false, ..scenario.clone() };
        let (timed, by_hand) = (Played::new(scenario), Played::new(by_hand));
        assert_eq!(timed.starts(), by_hand.starts());
        assert_eq!(timed.endings(), by_hand.endings());
    }
}

/// Comes five minutes after the end of the slot.
fn too_late(books_anew: u8) -> Scenario {
    let late = Patient { arrive_min: 65.0, books_anew, ..due(0, 30.0) };
    day(vec![rao()], vec![late, comes(Source::WalkIn, 61.0)])
}

#[test]
fn whoever_comes_after_their_slot_is_a_no_show_and_may_book_anew() {
    let played = Played::new(too_late(1));
    assert_eq!(played.endings(), ["completed", "completed"]);
    assert_eq!(played.starts(), [Some(71.0), Some(61.0)]);
    assert_eq!(played.slots(), [Some(1), Some(1)]);
    assert_eq!(played.outcome.patients[0].wait_min, Some(6.0));
    let gone = Played::new(too_late(0));
    assert_eq!(gone.endings(), ["no_show", "completed"]);
}

#[test]
fn without_timers_whoever_comes_after_their_slot_is_still_seen_in_it() {
    let played = Played::new(Scenario { timers: false, ..too_late(1) });
    assert_eq!(played.endings(), ["completed", "completed"]);
    assert_eq!(played.slots(), [Some(0), Some(1)]);
    assert!(!played.outcome.patients[0].booked_anew);
}

#[test]
fn who_leaves_while_passed_is_cancelled() {
    let mut scenario = misses(&[Some(30.0)]);
    scenario.patients[0].cancels_min = Some(20.0);
    assert_eq!(Played::new(scenario).endings()[0], "cancelled");
}

pub(super) fn days() -> Vec<(&'static str, Scenario)> {
    vec![
        ("back within the grace", misses(&[Some(9.5)])),
        ("back after the grace", misses(&[Some(15.0)])),
        ("misses three calls", misses(&[Some(11.0); 3])),
        ("goes home", misses(&[None])),
        ("called once more", called_once_more()),
        ("too late", too_late(1)),
    ]
}
