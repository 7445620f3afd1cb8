//! §3.5: the doctor takes the last step back.

use Status::{Arrived, Booked, Called, Completed, InConsultation, NoShow, Passed};
use baari_engine::{ChangeSlot, Command, EventKind, Reason, Source, Status};

use super::{codes, refusal};
use crate::support::{AS_IT_IS, Opd};

fn two() -> Opd {
    let mut opd = Opd::new(&[("09:00-10:00", 2, 3)]);
    opd.book(Source::WalkIn);
    opd.book(Source::WalkIn);
    opd.at("09:00");
    opd
}

/// A call, nobody comes, and nobody may rejoin: a no-show at 09:10.
fn no_show() -> Opd {
    let mut opd = two();
    opd.settings.rejoins_max = 0;
    opd.next().unwrap();
    opd.at("09:10").lapse();
    assert_eq!(opd.status(1), NoShow);
    opd
}

#[test]
fn without_a_step_there_is_nothing_to_undo() {
    let mut opd = two();
    assert_eq!(refusal(opd.undo()), "NothingToUndo");
    opd.set(2, &[Status::Cancelled]);
    assert_eq!(refusal(opd.undo()), "NothingToUndo", "a cancel is no step of the doctor's");
}

#[test]
fn each_step_is_taken_back_to_what_was_before() {
    for (way, from, to) in [
        (&[Called][..], Called, Arrived),
        (&[Called, InConsultation], InConsultation, Called),
        (&[Called, InConsultation, Completed], Completed, InConsultation),
        (&[Called, Passed], Passed, Called),
    ] {
        let mut opd = two();
        let mut before = opd.token(1).clone();
        for (status, time) in way.iter().zip(["09:01", "09:02", "09:03"]) {
            before = opd.token(1).clone();
            opd.at(time).set(1, &[*status]);
        }
        let decision = opd.undo().unwrap();
        assert_eq!(decision.reasons(), [Reason::TakenBack { from, to }]);
        assert_eq!((decision.events[0].kind, decision.subject), (EventKind::Undone, Some(before.id)));
        before.called_at = opd.token(1).called_at;
        assert_eq!(opd.token(1), &before, "{from}");
        assert_eq!(opd.counts(), [2]);
    }
}

#[test]
fn a_call_without_check_in_goes_back_to_booked() {
    let mut opd = Opd::new(&[("09:00-10:00", 2, 3)]);
    opd.settings.check_in = false;
    opd.book(Source::Online);
    opd.at("09:00").next().unwrap();
    opd.undo().unwrap();
    assert_eq!((opd.status(1), opd.token(1).called_at), (Booked, None));
}

#[test]
fn finish_and_call_is_one_step_and_one_undo() {
    let mut opd = two();
    opd.next().unwrap();
    opd.at("09:01").set(1, &[InConsultation]);
    let before = opd.day.clone();
    opd.at("09:15").finish_and_next().unwrap();
    assert_eq!((opd.status(1), opd.status(2)), (Completed, Called));
    let decision = opd.at("09:16").undo().unwrap();
    assert_eq!(decision.events.len(), 2);
    assert_eq!(opd.day.tokens(), before.tokens(), "as if it had not been");
    opd.undo().unwrap();
    assert_eq!((opd.status(1), opd.status(2)), (Called, Arrived), "and one step further");
}

#[test]
fn steps_are_taken_back_one_after_the_other() {
    let mut opd = two();
    for (time, token_no, status) in [
        ("09:00", 1, Called),
        ("09:01", 1, InConsultation),
        ("09:10", 1, Completed),
        ("09:11", 2, Called),
        ("09:12", 2, InConsultation),
    ] {
        opd.at(time).set(token_no, &[status]);
    }
    for statuses in [
        (Completed, Called),
        (Completed, Arrived),
        (InConsultation, Arrived),
        (Called, Arrived),
        (Arrived, Arrived),
    ] {
        opd.undo().unwrap();
        assert_eq!((opd.status(1), opd.status(2)), statuses);
    }
    assert_eq!(refusal(opd.undo()), "NothingToUndo");
}

#[test]
fn a_pass_taken_back_gives_the_whole_time_to_come_again() {
    let mut opd = two();
    opd.next().unwrap();
    opd.at("09:10").lapse();
    opd.at("09:12").undo().unwrap();
    assert_eq!((opd.status(1), opd.token(1).passed_at), (Called, None));
    assert_eq!(codes(&opd.at("09:21").lapse()), ["nothing_due"]);
    opd.at("09:22").lapse();
    assert_eq!(opd.status(1), Passed);
}

#[test]
fn a_no_show_taken_back_gets_its_seat_again() {
    let mut opd = no_show();
    assert_eq!(opd.counts(), [1]);
    opd.at("09:11").undo().unwrap();
    assert_eq!((opd.status(1), opd.counts()), (Called, vec![2]));
    assert_eq!((opd.token(1).ended_at, opd.token(1).called_at), (None, Some(opd.now)));
}

#[test]
fn a_seat_that_went_to_somebody_else_is_not_taken_from_them() {
    let mut opd = no_show();
    opd.book(Source::WalkIn);
    assert_eq!(opd.counts(), [2], "of two, and one more for emergencies");
    let before = opd.day.clone();
    assert_eq!(refusal(opd.undo()), "SeatGivenAway");
    assert_eq!(opd.day, before);
}

#[test]
fn an_emergency_in_the_buffer_does_not_take_the_seat_away() {
    let mut opd = two();
    opd.settings.rejoins_max = 0;
    opd.book(Source::Emergency);
    opd.set(3, &[Called, InConsultation]);
    opd.at("09:01").finish_and_next().unwrap();
    opd.at("09:11").lapse();
    assert_eq!((opd.status(1), opd.counts()), (NoShow, vec![2]));
    opd.undo().unwrap();
    assert_eq!((opd.status(1), opd.counts()), (Called, vec![3]));
}

#[test]
fn a_full_slot_takes_no_emergency_back() {
    let mut opd = Opd::new(&[("09:00-10:00", 1, 1)]);
    opd.settings.rejoins_max = 0;
    opd.book(Source::Emergency);
    opd.at("09:00").next().unwrap();
    opd.at("09:10").lapse();
    opd.book(Source::WalkIn);
    assert_eq!(refusal(opd.undo()), "SeatGivenAway");
}

#[test]
fn whoever_has_booked_again_keeps_the_new_token() {
    let mut opd = no_show();
    let patient = opd.token(1).patient;
    let mut asking = opd.asking(Source::WalkIn);
    asking.patient.id = patient;
    opd.ask(asking).unwrap();
    assert_eq!(refusal(opd.undo()), "AlreadyBooked");
}

#[test]
fn who_never_came_is_no_step_of_the_doctors() {
    let mut opd = Opd::new(&[("09:00-10:00", 2, 3)]);
    opd.book(Source::Online);
    opd.at("10:00").lapse();
    assert_eq!(opd.status(1), NoShow);
    assert_eq!(refusal(opd.undo()), "NothingToUndo");
}

#[test]
fn a_seat_that_is_no_more_is_not_given_back() {
    let mut opd = no_show();
    let fewer = ChangeSlot { max_count: Some(1), hard_limit: Some(1), ..AS_IT_IS };
    opd.run(&Command::ChangeSlot(fewer)).unwrap();
    assert_eq!(refusal(opd.undo()), "SeatGivenAway");
}
