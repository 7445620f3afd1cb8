//! Slots: their limits, their hours, and what happens to people when those change.

use baari_engine::limits::{SEATS_PER_SLOT, SLOTS_PER_DAY};
use baari_engine::{Book, ChangeSlot, Command, Decision, NewSlot, Refusal, SlotStatus, Source, Status};

use super::refusal;
use crate::support::{Opd, new_slot, slot_id};

const AS_IT_IS: ChangeSlot = ChangeSlot {
    slot: baari_engine::SlotId::from_uuid(uuid::Uuid::from_u128(0x5000)),
    max_count: None,
    hard_limit: None,
    status: None,
    move_on: false,
};

fn change(opd: &mut Opd, change: ChangeSlot) -> Result<Decision, Refusal> {
    opd.run(&Command::ChangeSlot(change))
}

#[test]
fn limits_make_sense() {
    for (max, hard, why) in [
        (0, 1, "SeatsOutOfRange"),
        (1, 0, "SeatsOutOfRange"),
        (1, SEATS_PER_SLOT + 1, "SeatsOutOfRange"),
        (SEATS_PER_SLOT + 1, SEATS_PER_SLOT + 1, "SeatsOutOfRange"),
        (3, 2, "LimitsCrossed"),
    ] {
        let mut opd = Opd::new(&[("09:00-10:00", 2, 3)]);
        assert_eq!(refusal(opd.run(&Command::AddSlots(vec![new_slot(1, "10:00-11:00", max, hard)]))), why);
        let both = ChangeSlot { max_count: Some(max), hard_limit: Some(hard), ..AS_IT_IS };
        assert_eq!(refusal(change(&mut opd, both)), why);
    }
}

#[test]
fn slots_of_a_doctor_do_not_overlap() {
    for (hours, fits) in [
        ("09:00-10:00", false),
        ("08:00-09:01", false),
        ("09:59-11:00", false),
        ("09:10-09:20", false),
        ("08:00-12:00", false),
        ("08:00-09:00", true),
        ("10:00-11:00", true),
    ] {
        let mut opd = Opd::new(&[("09:00-10:00", 2, 3)]);
        let answer = opd.run(&Command::AddSlots(vec![new_slot(1, hours, 1, 1)]));
        assert_eq!(answer.is_ok(), fits, "{hours}");
    }
    let twice = vec![new_slot(0, "09:00-10:00", 1, 1), new_slot(1, "09:30-10:30", 1, 1)];
    assert_eq!(refusal(Opd::new(&[]).run(&Command::AddSlots(twice))), "Overlaps");
}

#[test]
fn a_slot_id_is_used_once() {
    let mut opd = Opd::new(&[("09:00-10:00", 2, 3)]);
    assert_eq!(refusal(opd.run(&Command::AddSlots(vec![new_slot(0, "10:00-11:00", 1, 1)]))), "Overlaps");
    let twice = vec![new_slot(1, "10:00-11:00", 1, 1), new_slot(1, "11:00-12:00", 1, 1)];
    assert_eq!(refusal(opd.run(&Command::AddSlots(twice))), "Overlaps");
}

#[test]
fn a_day_has_a_limited_number_of_slots() {
    let slot = |n: u32| -> NewSlot {
        let (start, end) = (n * 10, n * 10 + 9);
        let hours = format!("{:02}:{:02}-{:02}:{:02}", start / 60, start % 60, end / 60, end % 60);
        new_slot(u128::from(n), &hours, 1, 1)
    };
    let mut opd = Opd::new(&[]);
    let full: Vec<_> = (0..SLOTS_PER_DAY).map(slot).collect();
    opd.run(&Command::AddSlots(full)).unwrap();
    assert_eq!(refusal(opd.run(&Command::AddSlots(vec![slot(SLOTS_PER_DAY)]))), "Limit");
}

#[test]
fn slots_stand_by_start_time_however_they_were_added() {
    let mut opd = Opd::new(&[("11:00-12:00", 1, 1), ("09:00-10:00", 1, 1)]);
    assert_eq!(opd.book(Source::WalkIn).slot, Some(slot_id(1)));
}

#[test]
fn capacity_is_not_lowered_below_what_is_booked() {
    let mut opd = Opd::new(&[("09:00-10:00", 3, 5)]);
    opd.book(Source::Emergency);
    opd.book(Source::WalkIn);
    opd.book(Source::Online);
    let asking = opd.asking(Source::WalkIn);
    opd.ask(Book { override_why: Some("late".into()), ..asking }).unwrap();
    for (max_count, hard_limit, possible) in [
        (Some(1), None, false),
        (Some(2), None, true),
        (Some(2), Some(2), false),
        (Some(2), Some(3), true),
        (Some(9), Some(9), true),
    ] {
        let answer = change(&mut opd.clone(), ChangeSlot { max_count, hard_limit, ..AS_IT_IS });
        assert_eq!(answer.is_ok(), possible, "{max_count:?} {hard_limit:?}");
    }
}

#[test]
fn a_change_to_what_is_already_so_changes_nothing() {
    let mut opd = Opd::new(&[("09:00-10:00", 3, 5)]);
    let version = opd.day.version();
    let same = ChangeSlot { max_count: Some(3), status: Some(SlotStatus::Open), ..AS_IT_IS };
    for nothing in [AS_IT_IS, same] {
        assert!(change(&mut opd, nothing).unwrap().changes_nothing());
    }
    assert_eq!(opd.day.version(), version);
    assert_eq!(refusal(change(&mut opd, ChangeSlot { slot: slot_id(9), ..AS_IT_IS })), "SlotUnknown");
}

#[test]
fn a_slot_with_patients_is_not_cancelled_but_can_be_closed() {
    let mut opd = Opd::new(&[("09:00-10:00", 3, 5)]);
    let cancel = ChangeSlot { status: Some(SlotStatus::Cancelled), ..AS_IT_IS };
    let close = ChangeSlot { status: Some(SlotStatus::Closed), ..AS_IT_IS };
    opd.book(Source::WalkIn);
    assert_eq!(refusal(change(&mut opd, cancel)), "SlotHoldsPatients");
    change(&mut opd, close).unwrap();
    assert_eq!(opd.queue(), [1], "those it has stand");
    opd.set(1, &[Status::Called, Status::InConsultation, Status::Completed]);
    change(&mut opd, cancel).unwrap();
}
