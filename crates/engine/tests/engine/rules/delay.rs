//! §3.6: the doctor is late, takes a break, or is back.

use baari_engine::{ChangeSlot, Command, Delay, EventKind, Reason, SlotStatus, Source, Status};

use super::{codes, refusal};
use crate::support::{AS_IT_IS, DATE, Opd, instant};

fn two_slots() -> Opd {
    let mut opd = Opd::new(&[("09:00-10:00", 5, 6), ("11:00-12:00", 5, 6)]);
    opd.book_in(0, Source::WalkIn);
    opd
}

#[test]
fn a_delay_counts_from_now_and_before_the_next_slot_from_its_start() {
    for (now, here) in [("08:00", "09:25"), ("09:00", "09:25"), ("09:50", "10:15"), ("10:30", "11:25")] {
        let mut opd = two_slots();
        let decision = opd.at(now).delay(25).unwrap();
        assert_eq!(opd.day.resumes_at(), Some(instant(DATE, here)), "said at {now}");
        assert_eq!(decision.events[0].kind, EventKind::DelaySaid);
        let reason = Reason::RunningLate { minutes: 25, why: Some("in surgery".into()) };
        assert_eq!(decision.reasons(), [reason]);
    }
}

#[test]
fn a_reason_need_not_be_said() {
    let mut opd = two_slots();
    let said =
        opd.run(&Command::Delay(Delay { minutes: 5, keeps_later: false, why: Some("  ".into()) })).unwrap();
    assert_eq!(said.reasons(), [Reason::RunningLate { minutes: 5, why: None }]);
}

#[test]
fn a_cancelled_slot_is_not_what_the_doctor_is_late_for() {
    let mut opd = Opd::new(&[("09:00-10:00", 5, 6), ("11:00-12:00", 5, 6)]);
    let cancel = ChangeSlot { status: Some(SlotStatus::Cancelled), ..AS_IT_IS };
    opd.run(&Command::ChangeSlot(cancel)).unwrap();
    opd.delay(25).unwrap();
    assert_eq!(opd.day.resumes_at(), Some(instant(DATE, "11:25")));
}

#[test]
fn a_doctor_who_overruns_the_last_slot_can_be_late_too() {
    let mut opd = two_slots();
    opd.at("12:10").delay(20).unwrap();
    assert_eq!(opd.day.resumes_at(), Some(instant(DATE, "12:30")));
}

#[test]
fn without_slots_there_is_nothing_to_be_late_for() {
    assert_eq!(refusal(Opd::new(&[]).delay(20)), "NoSlots");
}

#[test]
fn the_last_word_counts() {
    let mut opd = two_slots();
    opd.delay(60).unwrap();
    opd.delay(10).unwrap();
    assert_eq!(opd.day.resumes_at(), Some(instant(DATE, "09:10")));
}

#[test]
fn a_break_makes_nobody_come_earlier() {
    let mut opd = two_slots();
    let mut pauses = |minutes| {
        let command = Delay { minutes, keeps_later: true, why: Some("tea".into()) };
        let decision = opd.run(&Command::Delay(command)).unwrap();
        (opd.day.resumes_at(), decision.changes_nothing(), codes(&decision))
    };
    assert_eq!(pauses(20), (Some(instant(DATE, "09:20")), false, vec!["running_late"]));
    assert_eq!(pauses(15), (Some(instant(DATE, "09:20")), true, vec!["running_late"]));
    assert_eq!(pauses(20), (Some(instant(DATE, "09:20")), true, vec!["running_late"]));
    assert_eq!(pauses(30), (Some(instant(DATE, "09:30")), false, vec!["running_late"]));
    // What is over does not count.
    let command = Delay { minutes: 15, keeps_later: true, why: None };
    opd.at("09:40").run(&Command::Delay(command)).unwrap();
    assert_eq!(opd.day.resumes_at(), Some(instant(DATE, "09:55")));
}

#[test]
fn zero_minutes_is_here_again_and_twice_is_nothing() {
    let mut opd = two_slots();
    assert!(opd.delay(0).unwrap().changes_nothing(), "was not late");
    opd.delay(30).unwrap();
    let decision = opd.delay(0).unwrap();
    assert_eq!((opd.day.resumes_at(), codes(&decision)), (None, vec!["on_time_again"]));
    let again = opd.delay(0).unwrap();
    assert!(again.changes_nothing());
    assert_eq!(codes(&again), ["on_time_again"]);
}

#[test]
fn nothing_is_lost_by_a_delay() {
    let mut opd = two_slots();
    opd.book_in(0, Source::Online);
    let before = opd.day.clone();
    opd.delay(45).unwrap();
    assert_eq!((opd.day.tokens(), opd.day.slots()), (before.tokens(), before.slots()));
    opd.set(2, &[Status::Arrived]);
    assert_eq!(opd.day.resumes_at(), Some(instant(DATE, "09:45")), "other decisions keep it");
}
