//! §3.6: whom the doctor calls next, and calling once more.

use Status::{Arrived, Called, Completed, InConsultation, Passed};
use baari_engine::{Command, EventKind, Next, PolicyKind, Reason, Source, Status};

use super::{codes, refusal};
use crate::support::{Opd, instant, slot_id, token_id};

/// Walk-ins 1, 3 and 4 are here, online 2 is not.
fn morning() -> Opd {
    let mut opd = Opd::new(&[("09:00-10:00", 10, 12)]);
    for source in [Source::WalkIn, Source::Online, Source::WalkIn, Source::WalkIn] {
        opd.book(source);
    }
    opd.at("09:00");
    opd
}

#[test]
fn next_calls_the_first_by_the_policy_and_says_so() {
    for policy in PolicyKind::all() {
        let mut opd = morning();
        opd.settings.policy = policy;
        let first = opd.present()[0];
        let decision = opd.next().unwrap();
        assert_eq!(decision.subject, Some(opd.token(first).id));
        assert_eq!((opd.status(first), opd.queue()[0]), (Called, first), "{policy}");
        assert_eq!(codes(&decision)[..2], ["next_in_order", "became"]);
        assert_eq!(opd.token(first).called_at, Some(opd.now));
    }
}

#[test]
fn only_who_is_here_is_called_and_the_absent_before_are_counted() {
    let mut opd = morning();
    opd.set(1, &[Called, InConsultation, Completed]);
    let decision = opd.next().unwrap();
    assert_eq!(opd.status(3), Called, "2 is not here");
    let reason = Reason::NextInOrder { policy: PolicyKind::Band, absent: 1 };
    assert!(decision.reasons().contains(&reason));
}

#[test]
fn whoever_needs_no_check_in_is_called_from_the_slots_start_on() {
    let mut opd = morning();
    opd.settings.check_in = false;
    opd.set(1, &[Called, InConsultation, Completed]);
    opd.at("08:59").next().unwrap();
    assert_eq!(opd.status(3), Called);
    opd.set(3, &[InConsultation, Completed]);
    opd.at("09:00").next().unwrap();
    assert_eq!(opd.status(2), Called);
}

#[test]
fn a_visit_in_progress_is_finished_first_if_asked() {
    let mut opd = morning();
    opd.set(1, &[Called, InConsultation]);
    assert_eq!(refusal(opd.next()), "VisitInProgress");
    let decision = opd.at("09:12").finish_and_next().unwrap();
    assert_eq!((opd.status(1), opd.status(3)), (Completed, Called));
    assert_eq!(opd.token(1).ended_at, Some(opd.now));
    let kinds: Vec<_> = decision.events.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [EventKind::Became(Completed), EventKind::Became(Called)]);
    assert_eq!(codes(&decision)[0], "next_in_order", "the answer is about the one who was called");
}

#[test]
fn finishing_the_last_visit_with_nobody_to_call_is_a_success() {
    let mut opd = morning();
    opd.set(3, &[Status::Cancelled]).set(4, &[Status::Cancelled]).set(1, &[Called, InConsultation]);
    let decision = opd.finish_and_next().unwrap();
    assert_eq!((opd.status(1), decision.subject), (Completed, Some(opd.token(1).id)));
    assert_eq!(refusal(opd.finish_and_next()), "NobodyToCall");
}

#[test]
fn a_second_console_gets_the_called_one_unchanged() {
    let mut opd = morning();
    opd.set(1, &[Called, InConsultation]);
    let first = opd.finish_and_next().unwrap();
    let before = opd.day.clone();
    for again in [Next::default(), Next { finish: true, ..Next::default() }] {
        let second = opd.run(&Command::Next(again)).unwrap();
        assert!(second.changes_nothing());
        assert_eq!((second.subject, codes(&second)), (first.subject, vec!["called_already"]));
        assert_eq!(opd.day, before);
    }
    assert!(opd.call(3, None).unwrap().changes_nothing(), "asks for the one that was called");
}

#[test]
fn nobody_else_is_called_while_somebody_is() {
    let mut opd = morning();
    opd.next().unwrap();
    assert_eq!(refusal(opd.call(4, Some("faints"))), "AnotherIsCalled");
}

#[test]
fn nobody_here_is_a_refusal_that_counts_the_absent() {
    let mut opd = Opd::new(&[("09:00-10:00", 10, 12)]);
    for (absent, sentence) in [
        (0, "nobody can be called: nobody waits"),
        (
            1,
            "nobody can be called: one patient is still expected, but is not here; check in whoever has come",
        ),
        (
            2,
            "nobody can be called: 2 patients are still expected, but none is here; check in whoever has come",
        ),
    ] {
        assert_eq!(opd.next().unwrap_err().to_string(), sentence, "{absent}");
        opd.book(Source::Online);
    }
}

#[test]
fn out_of_order_needs_a_reason_that_is_kept() {
    let mut opd = morning();
    for none in [None, Some(""), Some("  ")] {
        assert_eq!(refusal(opd.call(4, none)), "ReasonMissing");
    }
    let decision = opd.call(4, Some(" chest pain ")).unwrap();
    assert_eq!(opd.status(4), Called);
    let reason = Reason::CalledOutOfOrder { passed: 2, why: "chest pain".into() };
    assert!(decision.reasons().contains(&reason), "{:?}", decision.reasons());
}

#[test]
fn the_first_in_order_needs_no_reason_and_the_absent_are_not_passed() {
    let mut opd = morning();
    opd.set(1, &[Called, InConsultation, Completed]);
    assert_eq!(codes(&opd.call(3, None).unwrap())[0], "next_in_order");
}

#[test]
fn who_is_not_here_or_does_not_wait_is_not_called() {
    let mut opd = morning();
    assert_eq!(refusal(opd.call(2, Some("is on the phone"))), "NotHere");
    opd.set(4, &[Called, Passed]);
    assert_eq!(refusal(opd.call(4, Some("was heard"))), "NotHere", "rejoins first");
    opd.set(4, &[Status::Cancelled]);
    assert_eq!(refusal(opd.call(4, Some("is back"))), "NotWaiting");
    let unknown = Next { token: Some(token_id(99)), ..Next::default() };
    assert_eq!(refusal(opd.run(&Command::Next(unknown))), "TokenUnknown");
}

#[test]
fn nobody_is_called_on_a_date_to_come() {
    let mut opd = morning();
    assert_eq!(refusal(opd.days_later(-1).next()), "NotYet");
    let mut opd = morning();
    opd.days_later(1).next().unwrap();
    assert_eq!(opd.status(1), Called, "a clinic past midnight goes on");
}

#[test]
fn a_call_says_that_the_doctor_is_here() {
    let mut opd = morning();
    opd.delay(30).unwrap();
    assert!(opd.day.resumes_at().is_some());
    opd.next().unwrap();
    assert_eq!(opd.day.resumes_at(), None);
}

#[test]
fn recall_starts_the_time_to_come_anew() {
    let mut opd = morning();
    opd.next().unwrap();
    let decision = opd.at("09:08").recall(1).unwrap();
    assert_eq!((decision.events[0].kind, codes(&decision)), (EventKind::Recalled, vec!["called_again"]));
    assert_eq!(opd.token(1).called_at, Some(instant(crate::support::DATE, "09:08")));
    assert_eq!(codes(&opd.at("09:17").lapse()), ["nothing_due"]);
    opd.at("09:18").lapse();
    assert_eq!(opd.status(1), Passed);
}

#[test]
fn only_the_called_are_called_once_more() {
    let mut opd = morning();
    for token_no in [1, 2] {
        assert_eq!(refusal(opd.recall(token_no)), "Impossible");
    }
    opd.set(1, &[Called, InConsultation]);
    assert_eq!(refusal(opd.recall(1)), "Impossible");
}

#[test]
fn after_the_grace_the_token_is_passed_and_the_next_one_can_be_called() {
    let mut opd = morning();
    opd.next().unwrap();
    opd.at("09:10").lapse();
    assert_eq!(opd.status(1), Passed);
    opd.next().unwrap();
    assert_eq!(opd.status(3), Called);
    opd.set(3, &[InConsultation, Completed]).set(1, &[Arrived]);
    assert_eq!(opd.queue(), [2, 4, 1], "behind those who are here");
}

#[test]
fn two_missed_calls_are_forgiven_and_the_third_frees_the_seat() {
    let mut opd = Opd::new(&[("09:00-12:00", 1, 1)]);
    opd.book(Source::WalkIn);
    opd.book_or_wait(Source::WalkIn);
    for (call, pass) in [("09:00", "09:10"), ("09:20", "09:30")] {
        opd.at(call).next().unwrap();
        opd.at(pass).lapse();
        assert_eq!(opd.status(1), Passed);
        opd.set(1, &[Arrived]);
    }
    opd.at("09:40").next().unwrap();
    let decision = opd.at("09:50").lapse();
    assert_eq!(codes(&decision), ["grace_over", "rejoins_used_up", "became", "seat_freed"]);
    assert_eq!((opd.status(1), opd.status(2)), (Status::NoShow, Arrived), "the seat is given away");
    assert_eq!(opd.token(2).slot, Some(slot_id(0)));
}
