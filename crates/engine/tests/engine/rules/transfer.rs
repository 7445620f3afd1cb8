//! §3.6: moved by hand, into another slot, with another doctor or on another date.

use Status::{Arrived, Booked, Called, InConsultation, Passed, Waitlisted};
use baari_engine::{
    ChangeSlot, Command, DoctorStatus, EventKind, MoveCause, Reason, SlotStatus, Source, Status, Transfer,
};
use jiff::ToSpan;

use super::{codes, refusal};
use crate::support::{AS_IT_IS, DATE, Hospital, event, slot_id, token_id, window};

/// Two slots of two seats, and another doctor with one.
fn two() -> Hospital {
    let home = [("09:00-10:00", 2, 3), ("10:00-11:00", 2, 3)];
    Hospital::new(&[&home, &[("10:00-11:00", 1, 2)]])
}

fn beyond(both: &mut Hospital, token_no: u32, slot: u128, why: &str) -> Result<(), baari_engine::Refusal> {
    let Command::Transfer(transfer) = both.transferring(token_no, slot) else { unreachable!() };
    let command = Transfer { beyond_limits: true, why: why.to_owned(), ..transfer };
    both.run(&Command::Transfer(command)).map(drop)
}

#[test]
fn to_another_slot_under_the_same_number_at_the_end_of_the_band() {
    let mut both = two();
    both.home().book_in(0, Source::WalkIn);
    both.home().book_in(1, Source::WalkIn);
    let decisions = both.transfer(1, 1).unwrap();
    assert_eq!((both.days[0].queue(), both.days[0].counts()), (vec![2, 1], vec![0, 2]));
    let reason = Reason::Moved {
        from: Some(window("09:00-10:00")),
        to: window("10:00-11:00"),
        cause: MoveCause::ByHand("asked for the afternoon".into()),
    };
    assert_eq!(event(&decisions[0], EventKind::Moved).reasons[0], reason);
    assert_eq!(decisions[0].reasons()[0], reason);
    assert!(decisions[1].changes_nothing());
}

#[test]
fn a_time_is_promised_anew() {
    let mut both = two();
    let before = both.home().book_in(0, Source::Online);
    both.transfer(1, 1).unwrap();
    let after = both.home().token(1);
    assert!(after.promised_at > before.promised_at);
    assert!(after.appointment_at.unwrap() >= window("10:00-11:00").starts_at());
}

#[test]
fn to_another_doctor_under_a_new_number_and_the_same_id() {
    let mut both = two();
    both.other().book(Source::Emergency);
    both.other().set(1, &[Status::Cancelled]);
    let before = both.home().book(Source::WalkIn);
    let decisions = both.transfer(1, 100).unwrap();
    let (day, after) = both.find(before.id);
    assert_eq!((day, after.token_no, after.status), (1, 2, Arrived));
    assert_eq!((both.days[0].counts(), both.days[1].counts()), (vec![0, 0], vec![1]));
    assert_eq!(event(&decisions[0], EventKind::MovedAway).token, Some(before.id));
    assert!(
        event(&decisions[1], EventKind::MovedIn).reasons.contains(&Reason::OtherDoctor { from: 1, to: 2 })
    );
    assert_eq!(codes(&decisions[1])[..2], ["moved", "other_doctor"]);
}

#[test]
fn there_and_back_again_gets_a_new_number_each_time() {
    let mut both = two();
    let id = both.home().book(Source::WalkIn).id;
    both.transfer(1, 100).unwrap();
    both.days.swap(0, 1);
    both.transfer(1, 0).unwrap();
    assert_eq!(both.find(id).1.token_no, 2);
    assert_eq!(both.days.iter().map(|opd| opd.counts().iter().sum()).collect::<Vec<u32>>(), [0, 1]);
}

#[test]
fn to_another_date_as_booked_with_a_time() {
    let tomorrow = DATE.checked_add(1.day()).unwrap();
    for way in [&[][..], &[Called], &[Called, Passed]] {
        let mut both = Hospital::new(&[&[("09:00-10:00", 2, 2)]]).and_on(tomorrow, &[("09:00-10:00", 2, 2)]);
        let id = both.home().book(Source::WalkIn).id;
        both.home().set(1, way);
        both.transfer(1, 100).unwrap();
        let (day, token) = both.find(id);
        assert_eq!((day, token.status, token.arrived_at), (1, Booked, None), "nobody is here tomorrow");
        assert!(token.appointment_at.is_some() && token.promised_at >= token.appointment_at);
    }
}

#[test]
fn an_emergency_is_not_put_off_to_another_date_and_nobody_to_a_past_one() {
    let day = |days: i64| DATE.checked_add(days.days()).unwrap();
    for (date, source, why) in
        [(day(1), Source::Emergency, "EmergencyIsToday"), (day(-1), Source::WalkIn, "DateOver")]
    {
        let mut both = Hospital::new(&[&[("09:00-10:00", 2, 2)]]).and_on(date, &[("09:00-10:00", 2, 2)]);
        both.home().book(source);
        assert_eq!(refusal(both.transfer(1, 100)), why);
    }
}

#[test]
fn a_full_slot_is_refused_and_names_the_next_one() {
    let mut both = Hospital::new(&[&[("09:00-10:00", 2, 3), ("10:00-11:00", 1, 1), ("11:00-12:00", 1, 1)]]);
    both.home().book_in(0, Source::WalkIn);
    both.home().book_in(1, Source::WalkIn);
    let refused = both.transfer(1, 1).unwrap_err();
    let baari_engine::Refusal::NoSeat { next, .. } = refused else { panic!("{refused}") };
    assert_eq!(next, Some(slot_id(2)), "a later one, though an earlier one has room too");
    assert_eq!(both.days[0].counts(), [1, 1, 0]);
}

#[test]
fn beyond_the_limits_with_a_reason_is_an_override_that_counts() {
    let mut both = two();
    both.home().book_in(0, Source::WalkIn);
    both.other().book(Source::WalkIn);
    for none in ["", "  "] {
        assert_eq!(refusal(beyond(&mut both, 1, 100, none)), "NoSeat", "an override needs a reason");
    }
    beyond(&mut both, 1, 100, "the minister's mother").unwrap();
    let slot = both.days[1].slot(100);
    assert_eq!((slot.current_count, slot.override_count), (2, 1));
    assert!(both.days[1].token(2).by_override);
}

#[test]
fn beyond_the_limits_is_no_override_where_there_is_a_seat() {
    let mut both = two();
    both.home().book_in(0, Source::WalkIn);
    beyond(&mut both, 1, 1, "to be sure").unwrap();
    assert!(!both.days[0].token(1).by_override);
    assert_eq!(both.days[0].slot(1).override_count, 0);
}

#[test]
fn who_sat_beyond_the_limits_takes_an_ordinary_seat_elsewhere() {
    let mut both = two();
    both.home().book_in(0, Source::WalkIn);
    both.home().book_in(0, Source::WalkIn);
    both.home().book_beyond(0, Source::WalkIn);
    both.transfer(3, 1).unwrap();
    assert_eq!((both.days[0].counts(), both.days[0].slot(0).override_count), (vec![2, 1], 0));
}

#[test]
fn the_freed_seat_is_given_away() {
    for to in [1, 100] {
        let mut both = two();
        both.home().book_in(0, Source::WalkIn);
        both.home().book_in(0, Source::WalkIn);
        both.home().wait_for(0, Source::WalkIn);
        let decisions = both.transfer(1, to).unwrap();
        assert_eq!(event(&decisions[0], EventKind::Promoted).token, Some(both.days[0].token(3).id));
        assert_eq!(both.days[0].slot(0).current_count, 2);
    }
}

#[test]
fn who_waits_for_a_seat_gets_this_one_and_comes_from_nowhere() {
    let mut both = two();
    both.home().book_in(0, Source::WalkIn);
    both.home().book_in(0, Source::WalkIn);
    let id = both.home().wait_for(0, Source::WalkIn).id;
    let decisions = both.transfer(3, 1).unwrap();
    assert_eq!(both.place_of(id), (0, Some(1), Arrived));
    let moved = &event(&decisions[0], EventKind::Moved).reasons[0];
    assert!(matches!(moved, Reason::Moved { from: None, .. }), "it had no seat: {moved}");
    assert_eq!(both.days[0].counts(), [2, 1], "no seat is freed that was not taken");
}

#[test]
fn only_who_waits_is_moved() {
    for (way, moves) in [
        (&[][..], true),
        (&[Called], true),
        (&[Called, Passed], true),
        (&[Called, InConsultation], false),
        (&[Status::Cancelled], false),
    ] {
        let mut both = two();
        both.home().book_in(0, Source::WalkIn);
        both.home().set(1, way);
        let answer = both.transfer(1, 1);
        if moves {
            answer.unwrap();
            let status = both.days[0].status(1);
            assert_eq!(status, if way.contains(&Passed) { Passed } else { Arrived }, "no call goes along");
        } else {
            assert_eq!(refusal(answer), "NotWaiting");
        }
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let mut both = two();
    let id = both.home().book_in(0, Source::WalkIn).patient;
    assert_eq!(refusal(both.transfer(1, 0)), "SameSlot");
    assert_eq!(refusal(both.transfer(1, 77)), "SlotUnknown");
    let slot = slot_id(1);
    let unknown = Transfer { token: token_id(77), slot, why: "?".into(), beyond_limits: false };
    assert_eq!(refusal(both.run(&Command::Transfer(unknown))), "TokenUnknown");
    let mut asking = both.other().asking(Source::Online);
    asking.patient.id = id;
    both.other().ask(asking).unwrap();
    assert_eq!(refusal(both.transfer(1, 100)), "AlreadyBooked", "one live token with the other doctor");
    both.other().doctor = DoctorStatus::OnLeave;
    assert_eq!(refusal(both.transfer(1, 100)), "DoctorAway");
    let close = ChangeSlot { slot: slot_id(1), status: Some(SlotStatus::Closed), ..AS_IT_IS };
    both.home().run(&Command::ChangeSlot(close)).unwrap();
    assert_eq!(refusal(both.transfer(1, 1)), "SlotNotOpen");
    both.at("11:00");
    assert_eq!(refusal(both.transfer(1, 1)), "SlotNotOpen");
    both.other().doctor = DoctorStatus::Active;
    both.other().set(1, &[Status::Cancelled]);
    assert_eq!(refusal(both.transfer(1, 100)), "SlotOver");
    assert_eq!(both.days[0].status(1), Arrived);
    assert_ne!(both.days[0].status(1), Waitlisted);
}

#[test]
fn the_number_of_one_who_leaves_is_not_given_to_one_who_comes_in_the_same_decision() {
    let home = [("09:00-10:00", 3, 3), ("10:00-11:00", 3, 3)];
    let mut both = Hospital::new(&[&home, &[("10:00-11:00", 1, 2)]]);
    both.set(|settings| settings.pull_forward = true);
    let willing = both.home().book_willing(1, Source::Online);
    both.home().at("09:59");
    let waiting: Vec<_> = (0..3).map(|_| both.home().book_in(0, Source::WalkIn)).collect();
    let leaves = waiting[1].clone();
    both.transfer(leaves.token_no, 100).unwrap();
    assert_eq!(both.find(leaves.id).0, 1);
    let came = both.find(willing.id).1;
    assert_eq!(came.slot, Some(slot_id(0)));
    assert_ne!(came.sequence, leaves.sequence);
}

#[test]
fn a_call_does_not_go_along() {
    let tomorrow = DATE.checked_add(1.day()).unwrap();
    let mut both = Hospital::new(&[&[("09:00-10:00", 2, 2)]]).and_on(tomorrow, &[("09:00-10:00", 2, 2)]);
    both.home().book(Source::WalkIn);
    let called = both.at("09:00").home().book(Source::WalkIn);
    both.home().call(called.token_no, Some("as asked")).unwrap();
    both.transfer(called.token_no, 100).unwrap();
    let (day, moved) = both.find(called.id);
    assert_eq!((day, moved.status, moved.called_at), (1, Booked, None));
    assert!(moved.promised_at >= moved.appointment_at, "nobody is told to come before their time");
}

#[test]
fn who_was_passed_elsewhere_is_not_called_back_by_undo() {
    let mut both = Hospital::new(&[&[("09:00-10:00", 2, 3)], &[("09:00-10:00", 3, 3)]]);
    both.other().book(Source::WalkIn);
    let passed = both.home().book(Source::WalkIn);
    both.home().set(1, &[Called, Passed]);
    both.at("09:05").other().next().unwrap();
    both.leave().unwrap();
    assert_eq!(both.find(passed.id).1.status, Passed);
    both.at("09:06").other().undo().unwrap();
    assert_eq!((both.days[1].status(1), both.find(passed.id).1.status), (Arrived, Passed));
}
