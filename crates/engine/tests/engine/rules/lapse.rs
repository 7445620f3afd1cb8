//! §3.5, §3.6: what happens because time has passed.

use Status::{Arrived, Booked, Called, Cancelled, InConsultation, NoShow, Passed};
use baari_engine::{Reason, Source, Status, next_lapse};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::codes;
use crate::support::{DATE, Opd, instant, window};

fn due(opd: &Opd) -> Option<Timestamp> {
    next_lapse(&opd.day, &opd.settings)
}

fn at(time: &str) -> Option<Timestamp> {
    Some(instant(DATE, time))
}

fn online() -> Opd {
    let mut opd = Opd::new(&[("09:00-10:00", 5, 6), ("10:00-11:00", 5, 6)]);
    opd.book_in(0, Source::Online);
    opd
}

/// Just before `time` nothing is due; then it is, once.
fn lapses_exactly_at(opd: &mut Opd, time: &str) {
    assert_eq!(due(opd), at(time));
    opd.now = instant(DATE, time) - SignedDuration::from_nanos(1);
    assert_eq!(codes(&opd.lapse()), ["nothing_due"], "a nanosecond before {time}");
    opd.at(time);
    assert!(!opd.lapse().changes_nothing(), "at {time}");
    let before = opd.day.clone();
    assert!(opd.lapse().changes_nothing(), "twice is nothing");
    assert_eq!(opd.day, before);
}

#[test]
fn a_call_that_nobody_comes_to_is_passed_after_the_grace() {
    for (minutes, time) in [(10, "09:15"), (3, "09:08")] {
        let mut opd = online();
        opd.settings.grace = SignedDuration::from_mins(minutes);
        opd.set(1, &[Arrived]).at("09:05").next().unwrap();
        lapses_exactly_at(&mut opd, time);
        assert_eq!((opd.status(1), opd.token(1).passed_at), (Passed, at(time)));
        assert_eq!(opd.counts(), [1, 0], "keeps the seat");
    }
}

#[test]
fn who_has_not_come_when_the_slot_ends_is_a_no_show_and_the_seat_is_free() {
    let mut opd = online();
    lapses_exactly_at(&mut opd, "10:00");
    assert_eq!((opd.status(1), opd.counts()), (NoShow, vec![0, 0]));
    assert_eq!(opd.token(1).ended_at, at("10:00"));
}

#[test]
fn a_no_show_says_why() {
    let mut opd = online();
    let decision = opd.at("10:00").lapse();
    assert!(decision.reasons().contains(&Reason::SlotEnded(window("09:00-10:00"))));
}

#[test]
fn a_late_doctor_keeps_the_absent_from_becoming_no_shows() {
    let mut opd = online();
    opd.at("09:30").delay(50).unwrap();
    lapses_exactly_at(&mut opd, "10:20");
    assert_eq!(opd.status(1), NoShow);
}

#[test]
fn nobody_is_a_no_show_before_the_time_that_they_were_told() {
    let mut opd = Opd::new(&[("09:00-10:00", 1, 1)]);
    opd.at("09:58").book_in(0, Source::Online);
    let told = opd.token(1).promised_at.max(opd.token(1).appointment_at).unwrap();
    assert!(told >= instant(DATE, "09:58"));
    assert_eq!(due(&opd), Some(told + opd.settings.grace), "ten minutes after it");
}

#[test]
fn a_doctor_who_is_here_again_keeps_them_no_longer() {
    let mut opd = online();
    opd.at("09:30").delay(50).unwrap();
    opd.delay(0).unwrap();
    lapses_exactly_at(&mut opd, "10:00");
}

#[test]
fn a_passed_one_has_until_the_slots_end_and_at_least_the_grace() {
    for (call, pass, end) in [("09:05", "09:15", "10:00"), ("09:45", "09:55", "10:05")] {
        let mut opd = online();
        opd.set(1, &[Arrived]).at(call).next().unwrap();
        lapses_exactly_at(&mut opd, pass);
        lapses_exactly_at(&mut opd, end);
        assert_eq!((opd.status(1), opd.counts()), (NoShow, vec![0, 0]));
    }
}

#[test]
fn a_passed_one_waits_for_a_late_doctor_too() {
    let mut opd = online();
    opd.set(1, &[Arrived]).at("09:05").next().unwrap();
    opd.at("09:15").lapse();
    opd.at("09:50").delay(30).unwrap();
    lapses_exactly_at(&mut opd, "10:20");
}

#[test]
fn who_is_here_or_has_no_seat_never_lapses() {
    for way in [&[Arrived][..], &[Arrived, Called, InConsultation], &[Cancelled]] {
        let mut opd = online();
        opd.set(1, way);
        assert_eq!(due(&opd), None, "{way:?}");
        assert!(opd.at("23:00").lapse().changes_nothing());
    }
    let mut opd = Opd::new(&[("09:00-10:00", 1, 1)]);
    opd.book(Source::WalkIn);
    opd.book_or_wait(Source::Online);
    assert_eq!(due(&opd), None, "waitlisted");
}

#[test]
fn without_check_in_nobody_is_a_no_show_because_the_slot_has_ended() {
    let mut opd = online();
    opd.settings.check_in = false;
    assert_eq!(due(&opd), None);
    assert!(opd.at("12:00").lapse().changes_nothing());
    assert_eq!(opd.status(1), Booked);
}

#[test]
fn all_that_is_due_happens_in_one_decision() {
    let mut opd = online();
    opd.book_in(0, Source::Online);
    opd.book_in(1, Source::Online);
    opd.book_in(1, Source::WalkIn);
    opd.at("09:50").next().unwrap();
    assert_eq!(due(&opd), at("10:00"), "the earliest of them");
    let decision = opd.at("10:00").lapse();
    assert_eq!(decision.events.len(), 3);
    assert_eq!([1, 2, 3, 4].map(|no| opd.status(no)), [NoShow, NoShow, Booked, Passed]);
    assert_eq!(due(&opd), at("11:00"));
}

#[test]
fn a_no_show_by_the_clock_lets_the_first_who_waits_in() {
    let mut opd = Opd::new(&[("09:00-10:00", 1, 1)]);
    opd.settings.rejoins_max = 0;
    opd.book(Source::WalkIn);
    opd.book_or_wait(Source::WalkIn);
    opd.at("09:00").next().unwrap();
    lapses_exactly_at(&mut opd, "09:10");
    assert_eq!((opd.status(1), opd.status(2)), (NoShow, Arrived));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// The clock goes from one due time to the next: each time something happens, and a moment before nothing does.
    #[test]
    fn stepping_to_what_is_due_next_always_finds_something(
        people in prop::collection::vec((0..3_usize, 0..3_u128, 0..6_u8), 1..12),
        late in prop::option::of(1..200_u16),
        rejoins_max in 0..3_u8,
    ) {
        let mut opd = Opd::new(&[("09:00-10:00", 20, 25), ("10:00-11:00", 20, 25), ("11:00-11:30", 20, 25)]);
        opd.settings.rejoins_max = rejoins_max;
        for (source, slot, steps) in people {
            opd.now += SignedDuration::from_mins(7);
            let token_no = opd.book_in(slot, [Source::WalkIn, Source::Online, Source::Emergency][source]).token_no;
            let way = [Arrived, Called, Passed, Arrived, Called];
            for status in way.into_iter().take(steps.into()) {
                opd.now += SignedDuration::from_secs(40);
                let _ = opd.try_set(token_no, status);
            }
        }
        if let Some(minutes) = late {
            opd.delay(minutes).unwrap();
        }
        let mut steps = 0;
        while let Some(due) = due(&opd) {
            if due > opd.now {
                opd.now = due - SignedDuration::from_nanos(1);
                prop_assert!(opd.lapse().changes_nothing());
                opd.now = due;
            }
            prop_assert!(!opd.lapse().changes_nothing(), "{due} is due");
            prop_assert!(opd.lapse().changes_nothing());
            steps += 1;
            prop_assert!(steps < 100);
        }
        opd.now += SignedDuration::from_hours(48);
        prop_assert!(opd.lapse().changes_nothing());
    }
}
