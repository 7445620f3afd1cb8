//! §3.6: a slot gets fewer or more seats, or does not take place.

use Status::{Arrived, Booked, Called, InConsultation, Waitlisted};
use baari_engine::{ChangeSlot, Command, MoveCause, Reason, SlotStatus, Source, Status};

use super::refusal;
use crate::support::{AS_IT_IS, Hospital, Opd, said, slot_id, window};

const FEWER: ChangeSlot = ChangeSlot { max_count: Some(2), move_on: true, ..AS_IT_IS };
const CANCELLED: ChangeSlot = ChangeSlot { status: Some(SlotStatus::Cancelled), move_on: true, ..AS_IT_IS };

/// Follow-up 1, walk-in 2, online 3, walk-in 4 in the first slot; the second has three seats.
fn four() -> Opd {
    let mut opd = Opd::new(&[("09:00-10:00", 4, 6), ("10:00-11:00", 3, 4)]);
    for source in [Source::FollowUp, Source::WalkIn, Source::Online, Source::WalkIn] {
        opd.book_in(0, source);
    }
    opd
}

fn change(opd: &mut Opd, change: ChangeSlot) -> Result<baari_engine::Decision, baari_engine::Refusal> {
    opd.run(&Command::ChangeSlot(change))
}

#[test]
fn below_what_is_booked_it_is_refused_unless_asked_to_move_them_on() {
    let mut opd = four();
    assert_eq!(refusal(change(&mut opd, ChangeSlot { move_on: false, ..FEWER })), "SeatsTaken");
    change(&mut opd, FEWER).unwrap();
    assert_eq!((opd.counts(), opd.slot(0).max_count), (vec![2, 2], 2));
}

#[test]
fn the_lowest_banded_and_the_last_of_them_move_on() {
    let mut opd = four();
    let decision = change(&mut opd, FEWER).unwrap();
    let slots = [1, 2, 3, 4].map(|no| opd.token(no).slot == Some(slot_id(0)));
    assert_eq!(slots, [true, true, false, false]);
    let (from, to) = (Some(window("09:00-10:00")), window("10:00-11:00"));
    assert!(said(&decision, &Reason::Moved { from, to, cause: MoveCause::FewerSeats }));
    assert_eq!((opd.status(3), opd.status(4)), (Booked, Arrived), "who is here stays here");
}

#[test]
fn who_is_at_the_door_moves_last_of_all() {
    let mut opd = four();
    opd.at("09:00").call(4, Some("faints")).unwrap();
    change(&mut opd, FEWER).unwrap();
    assert_eq!((opd.status(4), opd.token(4).slot), (Called, Some(slot_id(0))));
    assert_eq!(opd.queue(), [4, 1, 2, 3]);
}

#[test]
fn who_is_with_the_doctor_or_was_seen_keeps_the_seat() {
    let mut opd = four();
    for token_no in [1, 2, 4] {
        opd.set(token_no, &[Called, InConsultation, Status::Completed]);
    }
    assert_eq!(refusal(change(&mut opd, FEWER)), "SeatsTaken", "three seats can't be moved");
    change(&mut opd, ChangeSlot { max_count: Some(3), ..FEWER }).unwrap();
    assert_eq!((opd.counts(), opd.token(3).slot), (vec![3, 1], Some(slot_id(1))));
}

#[test]
fn who_finds_no_other_seat_waits() {
    let mut opd = four();
    change(&mut opd, ChangeSlot { slot: slot_id(1), max_count: Some(1), ..AS_IT_IS }).unwrap();
    let decision = change(&mut opd, FEWER).unwrap();
    assert_eq!((opd.status(3), opd.status(4)), (Waitlisted, Arrived), "by band, then by arrival");
    assert!(said(&decision, &Reason::NoRoomLeft(MoveCause::FewerSeats)));
    assert_eq!((opd.counts(), opd.token(3).slot, opd.token(3).sequence), (vec![2, 1], None, None));
}

#[test]
fn a_lower_hard_limit_moves_on_who_is_beyond_it() {
    let mut opd = Opd::new(&[("09:00-10:00", 2, 4), ("10:00-11:00", 2, 3)]);
    for source in [Source::WalkIn, Source::Emergency, Source::Emergency] {
        opd.book_in(0, source);
    }
    let limit = ChangeSlot { max_count: Some(1), hard_limit: Some(1), move_on: true, ..AS_IT_IS };
    assert_eq!(refusal(change(&mut opd, ChangeSlot { move_on: false, ..limit })), "SeatsTaken");
    change(&mut opd, limit).unwrap();
    assert_eq!(opd.counts(), [1, 2]);
    assert_eq!(opd.token(2).slot, Some(slot_id(0)), "the walk-in and the last emergency move on");
}

#[test]
fn seats_beyond_the_limits_are_not_moved() {
    let mut opd = Opd::new(&[("09:00-10:00", 1, 1), ("10:00-11:00", 3, 3)]);
    opd.book_in(0, Source::WalkIn);
    opd.book_beyond(0, Source::WalkIn);
    let more = ChangeSlot { max_count: Some(2), hard_limit: Some(2), ..AS_IT_IS };
    change(&mut opd, more).unwrap();
    let fewer = ChangeSlot { max_count: Some(1), hard_limit: Some(1), move_on: true, ..AS_IT_IS };
    change(&mut opd, fewer).unwrap();
    assert_eq!((opd.counts(), opd.slot(0).override_count), (vec![2, 0], 1));
}

#[test]
fn fewer_seats_send_to_other_doctors_too() {
    let mut both = Hospital::new(&[&[("09:00-10:00", 2, 2)], &[("09:00-10:00", 5, 5)]]);
    both.home().book(Source::WalkIn);
    let last = both.home().book(Source::WalkIn).id;
    let fewer = ChangeSlot { max_count: Some(1), hard_limit: Some(1), move_on: true, ..AS_IT_IS };
    both.run(&Command::ChangeSlot(fewer)).unwrap();
    assert_eq!(both.place_of(last), (1, Some(100), Arrived));
    assert_eq!(both.days[0].counts(), [1]);
}

#[test]
fn a_change_to_what_is_so_leaves_all_days_as_they_are() {
    let both = Hospital::new(&[&[("09:00-10:00", 2, 2)], &[("09:00-10:00", 5, 5)]]);
    let decisions = both.decide(&Command::ChangeSlot(AS_IT_IS)).unwrap();
    assert!(decisions.iter().all(baari_engine::Decision::changes_nothing));
}

#[test]
fn raised_limits_let_those_in_who_wait() {
    let mut opd = Opd::new(&[("09:00-10:00", 1, 1)]);
    opd.book(Source::WalkIn);
    opd.book_or_wait(Source::Online);
    opd.book_or_wait(Source::Emergency);
    change(&mut opd, ChangeSlot { max_count: Some(2), hard_limit: Some(2), ..AS_IT_IS }).unwrap();
    assert_eq!((opd.status(2), opd.status(3)), (Waitlisted, Arrived), "by band");
    change(&mut opd, ChangeSlot { hard_limit: Some(3), max_count: Some(3), ..AS_IT_IS }).unwrap();
    assert_eq!(opd.status(2), Booked);
}

#[test]
fn a_cancelled_slot_moves_everybody_on_if_asked() {
    let mut opd = four();
    opd.set(1, &[Called, InConsultation]);
    assert_eq!(refusal(change(&mut opd, ChangeSlot { move_on: false, ..CANCELLED })), "SlotHoldsPatients");
    let decision = change(&mut opd, CANCELLED).unwrap();
    assert_eq!((opd.slot(0).status, opd.counts()), (SlotStatus::Cancelled, vec![1, 3]));
    assert_eq!(opd.status(1), InConsultation, "the visit is finished");
    let (from, to) = (Some(window("09:00-10:00")), window("10:00-11:00"));
    assert!(said(&decision, &Reason::Moved { from, to, cause: MoveCause::SlotCancelled }));
}

#[test]
fn who_waited_for_the_cancelled_slot_gets_a_later_one_or_waits_for_any() {
    let mut opd = Opd::new(&[("09:00-10:00", 1, 1), ("10:00-11:00", 2, 2)]);
    opd.book_in(0, Source::Online);
    opd.wait_for(0, Source::Online);
    opd.wait_for(0, Source::Online);
    let decision = change(&mut opd, CANCELLED).unwrap();
    assert_eq!([1, 2, 3].map(|no| opd.status(no)), [Booked, Booked, Waitlisted]);
    assert_eq!((opd.counts(), opd.token(3).slot), (vec![0, 2], None), "wants any slot now");
    assert!(said(&decision, &Reason::NoRoomLeft(MoveCause::SlotCancelled)));
    opd.set(1, &[Status::Cancelled]);
    assert_eq!(opd.token(3).slot, Some(slot_id(1)));
}

#[test]
fn who_is_not_here_gets_a_time_in_the_new_slot() {
    let mut opd = Opd::new(&[("09:00-10:00", 3, 3), ("10:00-11:00", 1, 1)]);
    for _ in 0..3 {
        opd.book_in(0, Source::Online);
    }
    change(&mut opd, CANCELLED).unwrap();
    change(&mut opd, ChangeSlot { slot: slot_id(1), max_count: Some(3), hard_limit: Some(3), ..AS_IT_IS })
        .unwrap();
    for token_no in [1, 2, 3] {
        let due = opd.token(token_no).appointment_at.unwrap();
        assert!(
            due >= window("10:00-11:00").starts_at(),
            "{token_no}: {due}, also by way of the waiting list"
        );
    }
}
