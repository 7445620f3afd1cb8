//! §3.6: the doctor leaves.

mod moves;
mod seniority;

use Status::{Arrived, Booked, Called, Completed, InConsultation, Waitlisted};
use baari_engine::{EventKind, MoveCause, Reason, SlotStatus, Source, Status};

use super::{codes, refusal};
use crate::support::{Hospital, Opd, leave, slot_id};

/// Three slots of the doctor who leaves, with one walk-in in each.
fn three() -> Hospital {
    let slots = [("09:00-10:00", 5, 6), ("10:00-11:00", 5, 6), ("11:00-12:00", 5, 6)];
    let mut both = Hospital::new(&[&slots, &[("09:30-10:30", 5, 6)]]);
    for slot in 0..3 {
        both.home().book_in(slot, Source::WalkIn);
    }
    both
}

fn statuses(opd: &Opd) -> Vec<SlotStatus> {
    opd.day.slots().iter().map(|slot| slot.status).collect()
}

#[test]
fn every_slot_that_meets_the_time_is_cancelled() {
    use SlotStatus::{Cancelled, Open};
    for (now, from, to, expected) in [
        ("08:00", None, None, [Cancelled, Cancelled, Cancelled]),
        ("08:00", Some("10:00"), None, [Open, Cancelled, Cancelled]),
        ("08:00", Some("09:59"), None, [Cancelled, Cancelled, Cancelled]),
        ("08:00", Some("10:00"), Some("11:00"), [Open, Cancelled, Open]),
        ("08:00", Some("10:30"), Some("11:01"), [Open, Cancelled, Cancelled]),
        ("10:00", None, None, [Open, Cancelled, Cancelled]),
        ("10:30", Some("08:00"), None, [Open, Cancelled, Cancelled]),
    ] {
        let mut both = three();
        both.at(now).run(&leave(from, to)).unwrap();
        assert_eq!(statuses(&both.days[0]), expected, "at {now}: {from:?} to {to:?}");
    }
}

#[test]
fn a_time_without_slots_is_refused() {
    let mut both = three();
    assert_eq!(refusal(both.run(&leave(Some("12:00"), None))), "NothingToLeave");
    assert_eq!(refusal(both.run(&leave(Some("08:00"), Some("09:00")))), "NothingToLeave");
    both.at("10:30");
    assert_eq!(
        refusal(both.run(&leave(Some("09:00"), Some("10:15")))),
        "NothingToLeave",
        "that time is over"
    );
    both.at("08:00").leave().unwrap();
    assert_eq!(refusal(both.leave()), "NothingToLeave", "has left already");
}

#[test]
fn the_plan_can_be_looked_at_before_it_is_made() {
    let both = three();
    let before: Vec<_> = both.days.iter().map(|opd| opd.day.clone()).collect();
    let plan = both.decide(&leave(None, None)).unwrap();
    assert_eq!(plan, both.decide(&leave(None, None)).unwrap());
    assert!(both.days.iter().map(|opd| &opd.day).eq(&before));
    assert!(plan.iter().all(|decision| !decision.changes_nothing()));
}

#[test]
fn the_reason_is_said_once_for_the_day() {
    let mut both = three();
    let plan = both.leave().unwrap();
    assert_eq!(plan[0].events[0].kind, EventKind::DoctorLeft);
    assert_eq!(codes(&plan[0]), ["doctor_leaves"]);
    assert!(plan[0].reasons()[0].to_string().contains("is ill"));
}

#[test]
fn a_visit_in_progress_is_finished_and_the_called_one_moves_on_as_arrived() {
    let mut both = three();
    let visit = both.home().token(1).id;
    let called = both.home().book_in(0, Source::WalkIn);
    let called = (called.id, called.token_no);
    both.at("09:10").home().set(1, &[Called, InConsultation]).set(called.1, &[Called]);
    both.leave_from("09:10").unwrap();
    assert_eq!(both.place_of(visit), (0, Some(0), InConsultation));
    assert_eq!(both.place_of(called.0), (1, Some(100), Arrived));
    assert_eq!(both.find(called.0).1.called_at, None);
    both.home().set(1, &[Completed]);
    assert_eq!(both.days[0].counts(), [1, 0, 0], "who was seen keeps the seat");
}

#[test]
fn who_still_waits_though_the_slot_has_ended_is_not_left_behind() {
    let mut both = three();
    both.at("10:20");
    let overdue = both.home().token(1).id;
    both.leave().unwrap();
    assert_eq!(both.place_of(overdue), (1, Some(100), Arrived));
    assert_eq!(statuses(&both.days[0])[0], SlotStatus::Open, "that slot did take place");

    let mut both = three();
    both.at("12:30").other().day.clone_from(&Opd::of(1, crate::support::DATE, &[("12:00-13:00", 5, 5)]).day);
    both.leave().unwrap();
    assert_eq!(both.days[0].queue(), Vec::<u32>::new(), "also when no slot is left to be cancelled");
    assert_eq!(both.days[1].counts(), [3]);
}

#[test]
fn who_leaves_later_sees_those_first_whose_slot_has_ended() {
    let mut both = three();
    both.at("10:20").leave_from("11:00").unwrap();
    assert_eq!(both.days[0].queue(), [1, 2, 3], "and who is here already, in the slot that runs");
}

#[test]
fn every_live_token_of_the_day_is_moved_or_waits() {
    let mut both = three();
    both.home().settings.rejoin_behind = 0;
    both.home().set(1, &[Called, Status::Passed]);
    both.home().book_in(1, Source::Online);
    both.home().book_in(2, Source::Emergency);
    let ids: Vec<_> = both.days[0].day.tokens().iter().map(|token| token.id).collect();
    both.leave().unwrap();
    for id in ids {
        let (day, slot, status) = both.place_of(id);
        assert!(status.is_live() && (day == 1 || status == Waitlisted), "{day} {slot:?} {status}");
    }
    assert_eq!(both.days[0].counts(), [0, 0, 0]);
}

#[test]
fn who_finds_no_seat_waits_without_one_for_the_desk_to_call() {
    let mut both = three();
    both.set(|settings| settings.other_doctors = false);
    let plan = both.leave_from("09:00").unwrap();
    assert!(plan[1].changes_nothing(), "other doctors are a setting");
    for token_no in [1, 2, 3] {
        let token = both.days[0].token(token_no);
        assert_eq!((token.status, token.slot, token.sequence), (Waitlisted, None, None));
        assert!(token.arrived_at.is_some(), "is here all the same");
    }
    let waitlisted = plan[0].events.iter().filter(|event| event.kind == EventKind::Waitlisted);
    assert!(waitlisted.clone().all(|one| one.reasons.contains(&Reason::NoRoomLeft(MoveCause::DoctorLeaves))));
    assert_eq!(waitlisted.count(), 3);
}

#[test]
fn who_waited_for_a_slot_of_the_doctor_can_have_any_other() {
    let mut both = three();
    both.set(|settings| settings.other_doctors = false);
    let mut small = Opd::of(0, crate::support::DATE, &[("09:00-10:00", 1, 1), ("10:00-11:00", 2, 2)]);
    small.book_in(0, Source::Online);
    small.wait_for(0, Source::PaidPriority);
    small.wait_for(0, Source::WalkIn);
    both.days[0].day = small.day;
    both.run(&leave(Some("09:00"), Some("10:00"))).unwrap();
    let opd = both.home();
    assert_eq!(opd.token(1).slot, Some(slot_id(1)), "who had a seat goes first");
    assert_eq!((opd.token(2).slot, opd.status(2)), (Some(slot_id(1)), Booked));
    assert_eq!((opd.token(3).slot, opd.status(3)), (None, Waitlisted));
}
