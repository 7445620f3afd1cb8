//! Whoever is moved keeps seniority: before those of the band who were promised a later time.

use baari_engine::{EventKind, Reason, SequenceNumber, Source, Status};

use crate::support::{Hospital, leave, said};

/// The first slot is left; the second has walk-ins who were promised later times.
fn two_slots(first: usize, second: usize) -> Hospital {
    let mut both = Hospital::new(&[&[("09:00-10:00", 60, 60), ("10:00-11:00", 90, 90)]]);
    both.at("09:00");
    for (slot, people) in [(0, first), (1, second)] {
        for _ in 0..people {
            both.home().book_in(slot, Source::WalkIn);
        }
    }
    both
}

fn leave_the_first(both: &mut Hospital) -> baari_engine::Decision {
    both.run(&leave(Some("09:00"), Some("10:00"))).unwrap().swap_remove(0)
}

#[test]
fn who_was_promised_an_earlier_time_goes_before() {
    let mut both = two_slots(2, 2);
    let decision = leave_the_first(&mut both);
    assert_eq!(both.home().queue(), [1, 2, 3, 4]);
    assert!(said(&decision, &Reason::KeepsSeniority { before: 3 }));
    assert_eq!((both.home().number(3), both.home().number(4)), ("4.0".into(), "4.1".into()), "these stay");
    assert!(both.home().number(1) < both.home().number(2));
    assert!(both.home().number(2).starts_with("3.999"), "between the bands, and shown as it is");
}

#[test]
fn who_was_promised_a_later_time_goes_behind() {
    let mut both = two_slots(0, 1);
    both.at("09:59");
    for _ in 0..9 {
        both.home().book_in(0, Source::WalkIn);
    }
    let promised = |both: &Hospital, no| both.days[0].token(no).promised_at;
    assert!(promised(&both, 10) > promised(&both, 1));
    leave_the_first(&mut both);
    let mut line: Vec<u32> = (1..=10).collect();
    line.sort_by_key(|no| promised(&both, *no));
    assert_eq!(both.home().queue(), line, "by what was promised");
}

#[test]
fn nobody_passes_a_higher_band() {
    let mut both = two_slots(1, 1);
    both.home().book_in(1, Source::PaidPriority);
    both.home().book_in(1, Source::Emergency);
    leave_the_first(&mut both);
    assert_eq!(both.home().queue(), [4, 3, 1, 2]);
}

#[test]
fn who_does_not_wait_any_more_is_not_counted() {
    let mut both = two_slots(1, 2);
    both.home().set(2, &[Status::Cancelled]);
    let decision = leave_the_first(&mut both);
    assert!(said(&decision, &Reason::KeepsSeniority { before: 3 }));
    let between = both.home().token(1).sequence;
    assert!(both.home().token(2).sequence < between && between < both.home().token(3).sequence);
}

#[test]
fn without_a_midpoint_the_waiting_are_renumbered_in_the_same_decision_and_told_so() {
    let mut both = two_slots(40, 3);
    let decision = leave_the_first(&mut both);
    let order: Vec<u32> = (1..=43).collect();
    assert_eq!(both.home().queue(), order);
    let renumbered: Vec<_> =
        decision.events.iter().filter(|event| event.kind == EventKind::Renumbered).collect();
    assert!(!renumbered.is_empty());
    for event in renumbered {
        assert!(matches!(event.reasons[..], [Reason::MadeRoom { from, to }] if from < to), "{event:?}");
    }
    let mut numbers: Vec<SequenceNumber> =
        both.home().day.tokens().iter().map(|token| token.sequence.unwrap()).collect();
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), 43, "no number twice");
    assert!(numbers.iter().all(|number| number.band().number() == 4));
    both.home().book_in(1, Source::WalkIn);
    assert_eq!(both.home().queue().last(), Some(&44), "who comes now stands behind");
}

#[test]
fn with_another_doctor_seniority_counts_too() {
    let mut both = Hospital::new(&[&[("09:00-10:00", 9, 9)], &[("09:00-10:00", 9, 9)]]);
    let id = both.home().book(Source::WalkIn).id;
    for _ in 0..3 {
        both.other().book(Source::WalkIn);
    }
    both.leave().unwrap();
    assert_eq!(both.find(id).1.token_no, 4);
    assert_eq!(both.other().queue(), [1, 4, 2, 3], "1 was promised the same time");
}
