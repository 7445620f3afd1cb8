//! §3.2, §3.6: those who wait for a seat, and how they get one.

use baari_engine::{Book, ChangeSlot, Command, EventKind, Reason, SlotStatus, Source, Status};

use crate::support::{Opd, new_slot, slot_id};

const CHANGE: ChangeSlot = ChangeSlot {
    slot: baari_engine::SlotId::from_uuid(uuid::Uuid::from_u128(0x5000)),
    max_count: None,
    hard_limit: None,
    status: None,
    move_on: false,
};

/// One seat, taken by token 1.
fn full() -> Opd {
    let mut opd = Opd::new(&[("09:00-10:00", 1, 1)]);
    opd.book(Source::WalkIn);
    opd
}

#[test]
fn without_a_seat_a_token_is_waitlisted_when_asked_for() {
    let mut opd = full();
    let token = opd.book_or_wait(Source::PaidPriority);
    assert_eq!((token.status, token.token_no, token.sequence), (Status::Waitlisted, 2, None));
    assert_eq!((opd.counts(), opd.queue()), (vec![1], vec![1]));
}

#[test]
fn with_a_seat_nobody_is_waitlisted() {
    let mut opd = Opd::new(&[("09:00-10:00", 1, 1)]);
    assert_eq!(opd.book_or_wait(Source::WalkIn).status, Status::Arrived);
}

#[test]
fn a_cancel_lets_in_the_first_who_waits_by_band_then_by_who_asked_first() {
    let mut opd = full();
    for (source, before) in [
        (Source::WalkIn, 0),
        (Source::Online, 1),
        (Source::FollowUp, 0),
        (Source::PaidPriority, 0),
        (Source::PaidPriority, 1),
    ] {
        let asking = opd.asking(source);
        let decision = opd.run(&Command::Book(Book { waitlist: true, ..asking })).unwrap();
        assert!(decision.reasons().contains(&Reason::Waitlisted { before }), "{source}");
    }
    let mut seated = 1;
    for next in [5, 6, 4, 2, 3] {
        let decision = opd.try_set(seated, Status::Cancelled).unwrap();
        assert_eq!(decision.events[1].kind, EventKind::Promoted, "in the same decision");
        assert_eq!(opd.queue(), [next]);
        assert_eq!(opd.counts(), [1]);
        seated = next;
    }
}

#[test]
fn who_stood_at_the_counter_is_present_when_let_in_and_the_others_are_not() {
    for (source, status) in [
        (Source::Emergency, Status::Arrived),
        (Source::WalkIn, Status::Arrived),
        (Source::Online, Status::Booked),
    ] {
        let mut opd = full();
        let arrived_at = opd.book_or_wait(source).arrived_at;
        opd.at("08:30").set(1, &[Status::Cancelled]);
        assert_eq!(opd.status(2), status, "{source}");
        assert_eq!(opd.token(2).arrived_at, arrived_at, "since they came, not since they got a seat");
        assert!(opd.token(2).promised_at.is_some());
    }
}

#[test]
fn a_no_show_lets_the_first_in_too() {
    let mut opd = full();
    opd.book_or_wait(Source::WalkIn);
    opd.set(1, &[Status::Called, Status::Passed, Status::NoShow]);
    assert_eq!(opd.queue(), [2]);
}

#[test]
fn nobody_counts_who_has_just_gone() {
    let mut opd = full();
    opd.book_or_wait(Source::WalkIn);
    let decision = opd.try_set(1, Status::Cancelled).unwrap();
    assert!(decision.events[1].reasons.contains(&Reason::Ahead { people: 0, emergencies: 0 }));
}

#[test]
fn raising_the_capacity_lets_waitlisted_tokens_in_each_at_a_time_of_its_own() {
    let mut opd = full();
    for _ in 0..3 {
        opd.book_or_wait(Source::Online);
    }
    let raise = ChangeSlot { max_count: Some(3), hard_limit: Some(3), ..CHANGE };
    let decision = opd.run(&Command::ChangeSlot(raise)).unwrap();
    assert_eq!((opd.counts(), opd.queue()), (vec![3], vec![1, 2, 3]));
    assert_ne!(opd.token(2).appointment_at, opd.token(3).appointment_at);
    assert!(decision.events[2].reasons.contains(&Reason::Ahead { people: 2, emergencies: 0 }));
    assert_eq!(opd.status(4), Status::Waitlisted);
}

#[test]
fn a_raised_buffer_lets_in_emergencies_only() {
    let mut opd = full();
    opd.book_or_wait(Source::WalkIn);
    opd.book_or_wait(Source::Emergency);
    opd.run(&Command::ChangeSlot(ChangeSlot { hard_limit: Some(5), ..CHANGE })).unwrap();
    assert_eq!((opd.counts(), opd.status(2), opd.status(3)), (vec![2], Status::Waitlisted, Status::Arrived));
}

#[test]
fn an_added_slot_lets_waitlisted_tokens_in() {
    let mut opd = full();
    opd.book_or_wait(Source::WalkIn);
    let asking = opd.asking(Source::WalkIn);
    opd.ask(Book { slot: Some(slot_id(0)), waitlist: true, ..asking }).unwrap();
    let added = vec![new_slot(2, "11:00-12:00", 5, 5), new_slot(1, "10:00-11:00", 5, 5)];
    opd.run(&Command::AddSlots(added)).unwrap();
    assert_eq!(opd.counts(), [1, 1, 0], "the first by start time");
    assert_eq!(opd.status(3), Status::Waitlisted, "wants that slot and no other");
}

#[test]
fn a_reopened_slot_lets_waitlisted_tokens_in() {
    let mut opd = full();
    opd.book_or_wait(Source::WalkIn);
    opd.run(&Command::ChangeSlot(ChangeSlot { status: Some(SlotStatus::Closed), ..CHANGE })).unwrap();
    opd.set(1, &[Status::Cancelled]);
    assert_eq!(opd.status(2), Status::Waitlisted, "a closed slot takes no bookings");
    opd.run(&Command::ChangeSlot(ChangeSlot { status: Some(SlotStatus::Open), ..CHANGE })).unwrap();
    assert_eq!(opd.queue(), [2]);
}

#[test]
fn a_seat_of_a_slot_that_is_over_is_given_to_nobody() {
    let mut opd = full();
    opd.book_or_wait(Source::WalkIn);
    opd.at("10:00").set(1, &[Status::Cancelled]);
    assert_eq!((opd.status(2), opd.counts()), (Status::Waitlisted, vec![0]));
}
