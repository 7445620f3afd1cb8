//! Where those go whom the doctor leaves.

use Status::{Arrived, Booked, Passed, Waitlisted};
use baari_engine::{
    ChangeSlot, Command, DoctorStatus, EventKind, MoveCause, Reason, SlotStatus, Source, Status,
};
use jiff::ToSpan;

use crate::support::{AS_IT_IS, DATE, Hospital, event, instant, leave, said, slot_id, window};

/// A morning slot that is left, a later one with `later` seats, and another doctor with one seat.
fn morning(later: u32) -> Hospital {
    let home = [("09:00-10:00", 9, 12), ("10:00-11:00", later, later + 2)];
    Hospital::new(&[&home, &[("09:00-10:00", 1, 3)]])
}

fn leave_the_first(both: &mut Hospital) -> Vec<baari_engine::Decision> {
    both.run(&leave(Some("09:00"), Some("10:00"))).unwrap()
}

#[test]
fn to_later_slots_then_to_other_doctors_then_to_the_waiting_list() {
    let mut both = morning(1);
    let ids = [(); 3].map(|()| both.home().book(Source::Online).id);
    leave_the_first(&mut both);
    assert_eq!(both.place_of(ids[0]), (0, Some(1), Booked));
    assert_eq!(both.place_of(ids[1]), (1, Some(100), Booked));
    assert_eq!(both.place_of(ids[2]), (0, None, Waitlisted));
    assert_eq!((both.days[0].counts(), both.days[1].counts()), (vec![0, 1], vec![1]));
}

#[test]
fn by_band_then_by_arrival() {
    let mut both = morning(2);
    let home = both.home();
    let late = home.book_in(0, Source::Online).id;
    let early = home.book_in(0, Source::Online).id;
    home.at("08:10").set(2, &[Arrived]);
    home.at("08:20").set(1, &[Arrived]);
    let paid = home.at("08:30").book_in(0, Source::PaidPriority).id;
    both.at("08:40");
    leave_the_first(&mut both);
    assert_eq!([paid, early, late].map(|id| both.place_of(id).0), [0, 0, 1]);
}

#[test]
fn a_seat_of_the_buffer_is_taken_by_emergencies_only() {
    let mut both = morning(1);
    let walk_in = both.home().book_in(0, Source::WalkIn).id;
    both.home().book_in(1, Source::WalkIn);
    both.other().book(Source::WalkIn);
    let emergency = both.home().book_in(0, Source::Emergency).id;
    let plan = leave_the_first(&mut both);
    assert_eq!(both.place_of(emergency), (0, Some(1), Arrived));
    assert!(said(&plan[0], &Reason::BufferUsed { window: window("10:00-11:00"), count: 2, limit: 3 }));
    assert_eq!(both.place_of(walk_in), (0, None, Waitlisted));
}

#[test]
fn the_number_stays_within_the_day_and_is_new_with_another_doctor() {
    let mut both = morning(1);
    both.other().book_in(100, Source::Emergency);
    both.other().set(1, &[Status::Cancelled]);
    let (stays, goes) = (both.home().book_in(0, Source::WalkIn), both.home().book_in(0, Source::WalkIn));
    let plan = leave_the_first(&mut both);
    assert_eq!(both.find(stays.id).1.token_no, stays.token_no);
    let (day, gone) = both.find(goes.id);
    assert_eq!((day, gone.token_no, gone.patient), (1, 2, goes.patient));
    assert_eq!((gone.booked_at, gone.promised_at), (goes.booked_at, goes.promised_at), "kept as promised");
    let number = Reason::OtherDoctor { from: goes.token_no, to: 2 };
    assert_eq!(plan[0].departed, [goes.id]);
    for (decision, kind) in [(&plan[0], EventKind::MovedAway), (&plan[1], EventKind::MovedIn)] {
        assert_eq!(event(decision, kind).token, Some(goes.id));
        assert!(event(decision, kind).reasons.contains(&number));
    }
    assert_eq!(both.home().book_in(1, Source::Emergency).token_no, 3, "2 is not given again");
}

#[test]
fn who_has_a_token_with_the_other_doctor_does_not_get_a_second_one() {
    let mut both = morning(1);
    both.home().book_in(1, Source::WalkIn);
    let token = both.home().book_in(0, Source::WalkIn);
    let mut asking = both.other().asking(Source::WalkIn);
    asking.patient.id = token.patient;
    let other = both.other().ask(asking).unwrap();
    let wider = ChangeSlot { slot: slot_id(100), max_count: Some(3), ..AS_IT_IS };
    both.other().run(&Command::ChangeSlot(wider)).unwrap();
    leave_the_first(&mut both);
    assert_eq!(both.place_of(token.id), (0, None, Waitlisted));
    assert_eq!(both.place_of(other.id), (1, Some(100), Arrived));
}

#[test]
fn only_active_doctors_of_that_date_take_patients_over() {
    for status in [DoctorStatus::OnLeave, DoctorStatus::Inactive] {
        let mut both = morning(1);
        both.other().doctor = status;
        both.home().book_in(1, Source::WalkIn);
        let id = both.home().book_in(0, Source::WalkIn).id;
        leave_the_first(&mut both);
        assert_eq!(both.place_of(id), (0, None, Waitlisted));
    }
    let tomorrow = DATE.checked_add(1.day()).unwrap();
    let mut both = Hospital::new(&[&[("09:00-10:00", 9, 9)]]).and_on(tomorrow, &[("09:00-10:00", 9, 9)]);
    let id = both.home().book(Source::WalkIn).id;
    both.leave().unwrap();
    assert_eq!(both.place_of(id), (0, None, Waitlisted));
}

#[test]
fn with_several_doctors_the_earliest_slot_then_the_emptiest() {
    let home = [("09:00-10:00", 9, 9)];
    let others: [&[_]; 3] = [&[("10:00-11:00", 9, 9)], &[("09:30-10:30", 4, 4)], &[("09:30-10:30", 4, 4)]];
    let mut four = Hospital::new(&[&home, others[0], others[1], others[2]]);
    four.days[2].book(Source::WalkIn);
    let ids = [(); 3].map(|()| four.home().book(Source::WalkIn).id);
    four.leave().unwrap();
    assert_eq!(ids.map(|id| four.place_of(id).0), [3, 2, 3], "one in four is taken, then equal, then fewer");
}

#[test]
fn nobody_is_sent_to_a_slot_before_their_time_unless_they_are_here() {
    let home = [("11:00-12:00", 9, 9)];
    for (arrived, place) in [(false, (0, None, Waitlisted)), (true, (1, Some(100), Arrived))] {
        let mut both = Hospital::new(&[&home, &[("09:00-10:00", 9, 9)]]);
        let id = both.home().book(Source::Online).id;
        if arrived {
            both.home().set(1, &[Arrived]);
        }
        both.leave().unwrap();
        assert_eq!(both.place_of(id), place);
    }
}

#[test]
fn closed_full_and_past_slots_are_passed_over_and_the_reasons_say_so() {
    let home = [("09:00-10:00", 9, 9), ("10:00-11:00", 1, 1), ("11:00-12:00", 9, 9), ("12:00-13:00", 9, 9)];
    let mut both = Hospital::new(&[&home]);
    both.home().book_in(1, Source::WalkIn);
    let close = ChangeSlot { slot: slot_id(2), status: Some(SlotStatus::Closed), ..AS_IT_IS };
    both.home().run(&Command::ChangeSlot(close)).unwrap();
    let id = both.home().book_in(0, Source::WalkIn).id;
    let plan = leave_the_first(&mut both);
    assert_eq!(both.place_of(id), (0, Some(3), Arrived));
    let codes: Vec<_> = event(&plan[0], EventKind::Moved).reasons.iter().map(Reason::code).collect();
    assert_eq!(codes[..4], ["moved", "slot_full", "slot_not_open", "seat_taken"]);
    let moved = Reason::Moved {
        from: Some(window("09:00-10:00")),
        to: window("12:00-13:00"),
        cause: MoveCause::DoctorLeaves,
    };
    assert_eq!(event(&plan[0], EventKind::Moved).reasons[0], moved);
}

#[test]
fn who_is_not_here_gets_a_time_in_the_new_slot_and_keeps_the_promise() {
    let mut both = morning(2);
    let before = both.home().book_in(0, Source::Online);
    leave_the_first(&mut both);
    let after = both.find(before.id).1;
    assert_eq!(after.appointment_at, Some(instant(DATE, "10:00")));
    assert_eq!(after.promised_at, before.promised_at);
}

#[test]
fn who_missed_the_call_moves_as_such_and_can_rejoin_there() {
    let mut both = morning(2);
    let id = both.home().book_in(0, Source::WalkIn).id;
    both.home().set(1, &[Status::Called, Passed]);
    leave_the_first(&mut both);
    assert_eq!(both.place_of(id), (0, Some(1), Passed));
    both.home().set(1, &[Arrived]);
    assert_eq!(both.home().present(), [1]);
}

#[test]
fn a_seat_beyond_the_limits_is_not_taken_along() {
    let mut both = Hospital::new(&[&[("09:00-10:00", 1, 1), ("10:00-11:00", 2, 2)]]);
    both.home().book_in(0, Source::WalkIn);
    both.home().book_beyond(0, Source::WalkIn);
    leave_the_first(&mut both);
    let opd = both.home();
    assert_eq!((opd.counts(), opd.slot(0).override_count, opd.slot(1).override_count), (vec![0, 2], 0, 0));
    assert!(!opd.token(2).by_override);
}

#[test]
fn who_is_here_takes_a_seat_of_the_slot_that_runs_before_none_at_all() {
    for (way, slot, status) in [(&[][..], None, Waitlisted), (&[Arrived], Some(0), Arrived)] {
        let home = [("09:00-10:00", 2, 2), ("10:00-11:00", 2, 2), ("11:00-12:00", 1, 1)];
        let mut one = Hospital::new(&[&home]);
        one.at("09:10").home().book_in(2, Source::Online);
        let id = one.home().book_in(1, Source::Online).id;
        one.home().set(2, way);
        one.run(&leave(Some("10:00"), Some("11:00"))).unwrap();
        assert_eq!(one.place_of(id), (0, slot, status));
    }
}
