//! §3.2: which slot has a seat, the emergency buffer, overrides, and one live token per patient.

use baari_engine::{Book, ChangeSlot, Command, Refusal, SlotStatus, Source, Status};

use super::{codes, refusal};
use crate::support::{Opd, slot_id};

fn close(opd: &mut Opd, slot: u128, status: SlotStatus) {
    let change = ChangeSlot {
        slot: slot_id(slot),
        max_count: None,
        hard_limit: None,
        status: Some(status),
        move_on: false,
    };
    opd.run(&Command::ChangeSlot(change)).unwrap();
}

#[test]
fn a_token_takes_the_first_slot_that_is_open_not_over_and_not_full() {
    let mut opd = Opd::new(&[
        ("08:00-09:00", 5, 5),
        ("09:00-10:00", 5, 5),
        ("10:00-11:00", 1, 2),
        ("11:00-12:00", 5, 5),
    ]);
    close(&mut opd, 1, SlotStatus::Closed);
    opd.at("09:00");
    assert_eq!(
        opd.book(Source::WalkIn).slot,
        Some(slot_id(2)),
        "the first is over at its end, the second closed"
    );
    let asking = opd.asking(Source::WalkIn);
    let decision = opd.run(&Command::Book(asking)).unwrap();
    assert_eq!(codes(&decision)[..3], ["slot_over", "slot_not_open", "slot_full"]);
    assert_eq!(opd.counts(), [0, 0, 1, 1]);
}

#[test]
fn a_slot_that_has_begun_is_not_over_until_its_end() {
    let mut opd = Opd::new(&[("09:00-10:00", 5, 5), ("10:00-11:00", 5, 5)]);
    for (time, slot) in [("09:59:59", 0), ("10:00", 1)] {
        assert_eq!(opd.at(time).book(Source::WalkIn).slot, Some(slot_id(slot)), "{time}");
    }
}

#[test]
fn an_emergency_may_use_the_buffer() {
    let mut opd = Opd::new(&[("09:00-10:00", 1, 2), ("10:00-11:00", 1, 1)]);
    opd.book(Source::WalkIn);
    let asking = opd.asking(Source::Emergency);
    let decision = opd.run(&Command::Book(asking)).unwrap();
    assert!(codes(&decision).contains(&"buffer_used"));
    assert_eq!(opd.counts(), [2, 0]);
    assert_eq!(
        opd.book(Source::Emergency).slot,
        Some(slot_id(1)),
        "beyond the hard limit it takes the next slot"
    );
    let asking = opd.asking(Source::Emergency);
    assert_eq!(refusal(opd.ask(asking)), "NoSeat", "nothing takes a slot beyond its hard limit");
}

#[test]
fn nobody_else_may_use_the_buffer() {
    for source in [Source::PaidPriority, Source::FollowUp, Source::WalkIn, Source::Online] {
        let mut opd = Opd::new(&[("09:00-10:00", 1, 5)]);
        opd.book(source);
        let asking = opd.asking(source);
        assert_eq!(refusal(opd.ask(asking)), "NoSeat", "{source}");
        assert_eq!(opd.counts(), [1]);
    }
}

#[test]
fn emergencies_in_the_buffer_leave_no_seat_for_others() {
    let mut opd = Opd::new(&[("09:00-10:00", 2, 3)]);
    opd.book(Source::Emergency);
    opd.book(Source::Emergency);
    let asking = opd.asking(Source::WalkIn);
    assert_eq!(refusal(opd.ask(asking)), "NoSeat", "current_count is max_count");
}

#[test]
fn the_asked_slot_is_taken_or_nothing() {
    let mut opd = Opd::new(&[("09:00-10:00", 1, 1), ("10:00-11:00", 1, 1)]);
    opd.book_in(0, Source::WalkIn);
    let asking = opd.asking(Source::WalkIn);
    let refused = opd.ask(Book { slot: Some(slot_id(0)), ..asking }).unwrap_err();
    let Refusal::NoSeat { next, looked_at, .. } = refused else { panic!("{refused}") };
    assert_eq!((next, looked_at.len()), (Some(slot_id(1)), 1), "it names the next one with room");
}

#[test]
fn a_slot_that_cant_be_booked_says_why() {
    let mut opd = Opd::new(&[("09:00-10:00", 1, 1), ("10:00-11:00", 1, 1), ("11:00-12:00", 1, 1)]);
    close(&mut opd, 1, SlotStatus::Closed);
    close(&mut opd, 2, SlotStatus::Cancelled);
    opd.at("10:00");
    for (slot, why) in [(0, "SlotOver"), (1, "SlotNotOpen"), (2, "SlotNotOpen"), (3, "SlotUnknown")] {
        for waitlist in [false, true] {
            let asking = opd.asking(Source::WalkIn);
            let asking = Book { slot: Some(slot_id(slot)), waitlist, ..asking };
            assert_eq!(refusal(opd.ask(asking)), why, "slot {slot}");
        }
    }
    let asking = opd.asking(Source::WalkIn);
    assert_eq!(refusal(Opd::new(&[]).ask(asking)), "NoSlots");
}

#[test]
fn a_past_date_takes_no_bookings() {
    let mut opd = Opd::new(&[("09:00-10:00", 1, 1)]);
    let asking = opd.days_later(1).asking(Source::WalkIn);
    assert_eq!(refusal(opd.ask(asking)), "DateOver");
}

#[test]
fn an_override_needs_a_reason_is_recorded_and_counted() {
    let mut opd = Opd::new(&[("09:00-10:00", 1, 1), ("10:00-11:00", 1, 1)]);
    let why = || Some("the minister's mother".to_owned());
    let asking = opd.asking(Source::WalkIn);
    let first = opd.ask(Book { override_why: why(), ..asking }).unwrap();
    assert!(!first.by_override, "there was a seat, so nothing was overridden");
    opd.book(Source::WalkIn);
    for no_reason in ["", "  "] {
        let asking = opd.asking(Source::WalkIn);
        let asking = Book { override_why: Some(no_reason.into()), ..asking };
        assert_eq!(refusal(opd.ask(asking)), "NoSeat", "an override without a reason is none");
    }
    let asking = opd.asking(Source::WalkIn);
    let decision = opd.run(&Command::Book(Book { override_why: why(), ..asking })).unwrap();
    assert!(decision.reasons().iter().any(|reason| reason.to_string().contains("the minister's mother")));
    assert!(opd.token(3).by_override);
    assert_eq!(opd.counts(), [2, 1], "the current slot");
    assert_eq!(opd.slot(0).override_count, 1);
    opd.set(3, &[Status::Cancelled]);
    assert_eq!((opd.counts(), opd.slot(0).override_count), (vec![1, 1], 0));
    assert!(!opd.token(3).by_override);
}

#[test]
fn a_seat_freed_beside_an_override_is_not_given_away() {
    let mut opd = Opd::new(&[("09:00-10:00", 1, 1)]);
    opd.book(Source::WalkIn);
    let asking = opd.asking(Source::WalkIn);
    opd.ask(Book { override_why: Some("fainted".into()), ..asking }).unwrap();
    opd.set(1, &[Status::Cancelled]);
    let asking = opd.asking(Source::WalkIn);
    assert_eq!(refusal(opd.ask(asking)), "NoSeat");
    assert_eq!(opd.counts(), [1]);
}

#[test]
fn an_override_reaches_closed_and_past_slots_but_no_cancelled_one() {
    let mut opd = Opd::new(&[("09:00-10:00", 1, 1), ("10:00-11:00", 1, 1), ("11:00-12:00", 1, 1)]);
    close(&mut opd, 1, SlotStatus::Closed);
    close(&mut opd, 2, SlotStatus::Cancelled);
    opd.at("10:00");
    for (slot, possible) in [(0, true), (1, true), (2, false)] {
        let asking = opd.asking(Source::WalkIn);
        let asking = Book { slot: Some(slot_id(slot)), override_why: Some("promised".into()), ..asking };
        assert_eq!(opd.ask(asking).is_ok(), possible, "slot {slot}");
    }
}

#[test]
fn one_live_token_per_patient_and_the_conflict_carries_it() {
    let mut opd = Opd::new(&[("09:00-10:00", 5, 5)]);
    let first = opd.asking(Source::WalkIn);
    let held = opd.ask(first.clone()).unwrap();
    let again = Book { token: opd.asking(Source::Online).token, ..first.clone() };
    assert_eq!(opd.ask(again.clone()), Err(Refusal::AlreadyBooked { token: held.id, token_no: 1 }));
    opd.set(1, &[Status::Called, Status::InConsultation, Status::Completed]);
    assert_eq!(opd.ask(again).unwrap().token_no, 2, "who was seen may come again");
}

#[test]
fn a_token_id_is_used_once() {
    let mut opd = Opd::new(&[("09:00-10:00", 5, 5)]);
    let first = opd.asking(Source::WalkIn);
    opd.ask(first.clone()).unwrap();
    let other = Book { token: first.token, ..opd.asking(Source::WalkIn) };
    assert_eq!(refusal(opd.ask(other)), "AlreadyBooked");
}
