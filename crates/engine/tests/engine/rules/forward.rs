//! §3.6: who agreed to come earlier takes a seat that becomes free, after those who have none.

use Status::{Arrived, Booked, Cancelled};
use baari_engine::{Command, EventKind, MoveCause, Reason, Source, Status};

use super::codes;
use crate::support::{AS_IT_IS, Opd, instant, slot_id, window};

/// Three slots of one seat each; 1 sits in the first, 2 and 3 in the others, and would come earlier.
fn three() -> Opd {
    let mut opd = Opd::new(&[("09:00-10:00", 1, 1), ("10:00-11:00", 1, 1), ("11:00-12:00", 1, 1)]);
    opd.settings.pull_forward = true;
    opd.book_in(0, Source::Online);
    opd.book_willing(1, Source::Online);
    opd.book_willing(2, Source::Online);
    opd
}

fn slots(opd: &Opd) -> Vec<Option<baari_engine::SlotId>> {
    opd.day.tokens().iter().map(|token| token.slot.filter(|_| token.status.holds_seat())).collect()
}

#[test]
fn a_freed_seat_goes_to_who_agreed_to_come_earlier_and_theirs_to_the_next() {
    let mut opd = three();
    let promised = opd.token(2).promised_at;
    let decision = opd.set(1, &[]).try_set(1, Cancelled).unwrap();
    assert_eq!(slots(&opd), [None, Some(slot_id(0)), Some(slot_id(1))]);
    assert_eq!(opd.counts(), [1, 1, 0]);
    let moved = decision.events.iter().filter(|event| event.kind == EventKind::Moved);
    assert_eq!(moved.count(), 2, "in the same decision");
    let (from, to) = (Some(window("10:00-11:00")), window("09:00-10:00"));
    assert!(crate::support::said(&decision, &Reason::Moved { from, to, cause: MoveCause::CameForward }));
    assert_eq!(opd.token(2).token_no, 2, "keeps the number");
    assert_eq!(opd.token(2).promised_at, promised, "the first estimate stays the promised one");
    assert_eq!(opd.token(2).appointment_at, Some(instant(crate::support::DATE, "09:00")));
}

#[test]
fn who_waits_for_a_seat_comes_first() {
    let mut opd = three();
    opd.book_or_wait(Source::Online);
    opd.set(1, &[Cancelled]);
    assert_eq!(slots(&opd), [None, Some(slot_id(1)), Some(slot_id(2)), Some(slot_id(0))]);
}

#[test]
fn cancel_then_waitlist_then_pull_forward_in_one_cascade() {
    let mut opd = three();
    opd.wait_for(1, Source::Online);
    let decision = opd.try_set(1, Cancelled).unwrap();
    let kinds: Vec<_> = decision.events.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [EventKind::Became(Cancelled), EventKind::Moved, EventKind::Promoted]);
    assert_eq!(
        slots(&opd),
        [None, Some(slot_id(0)), Some(slot_id(2)), Some(slot_id(1))],
        "4 waited for the seat that 2 left"
    );
    assert_eq!(opd.counts(), [1, 1, 1]);
}

#[test]
fn without_the_setting_or_without_agreement_nobody_moves() {
    let mut opd = three();
    opd.settings.pull_forward = false;
    opd.set(1, &[Cancelled]);
    assert_eq!(opd.counts(), [0, 1, 1]);
    let mut opd = three();
    for token_no in [2, 3] {
        let token = opd.token(token_no).id;
        opd.run(&Command::AgreeEarlier { token, earlier_ok: false }).unwrap();
    }
    opd.set(1, &[Cancelled]);
    assert_eq!(opd.counts(), [0, 1, 1]);
}

#[test]
fn agreeing_is_said_once_and_can_be_taken_back() {
    let mut opd = three();
    let token = opd.token(1).id;
    for (earlier_ok, changes) in [(false, false), (true, true), (true, false), (false, true)] {
        let decision = opd.run(&Command::AgreeEarlier { token, earlier_ok }).unwrap();
        assert_eq!((decision.changes_nothing(), codes(&decision)), (!changes, vec!["earlier_agreed"]));
        assert_eq!(opd.token(1).earlier_ok, earlier_ok);
    }
}

#[test]
fn a_slot_that_is_over_pulls_nobody() {
    let mut opd = three();
    opd.at("10:00").lapse();
    assert_eq!((opd.status(1), opd.counts()), (Status::NoShow, vec![0, 1, 1]));
}

#[test]
fn who_is_here_already_may_move_up_too() {
    let mut opd = three();
    opd.set(2, &[Arrived]).set(1, &[Cancelled]);
    assert_eq!((opd.token(2).slot, opd.status(2)), (Some(slot_id(0)), Arrived));
    assert_eq!(opd.status(3), Booked);
}

#[test]
fn ordinary_tokens_do_not_come_forward_into_the_buffer() {
    let mut opd = Opd::new(&[("09:00-10:00", 1, 3), ("10:00-11:00", 3, 3)]);
    opd.settings.pull_forward = true;
    opd.book_in(0, Source::Emergency);
    opd.book_in(0, Source::Emergency);
    opd.book_willing(1, Source::Online);
    opd.set(1, &[Cancelled]);
    assert_eq!(opd.counts(), [1, 1], "one emergency still fills the ordinary seat");
}

#[test]
fn more_seats_bring_those_forward_who_agreed() {
    let mut opd = three();
    let more = baari_engine::ChangeSlot { max_count: Some(2), hard_limit: Some(2), ..AS_IT_IS };
    opd.run(&Command::ChangeSlot(more)).unwrap();
    assert_eq!(opd.counts(), [2, 1, 0]);
}

#[test]
fn who_was_just_moved_by_hand_does_not_come_back_at_once() {
    let mut opd = Opd::new(&[("09:00-10:00", 1, 1), ("10:00-11:00", 3, 3)]);
    opd.settings.pull_forward = true;
    let token = opd.book_willing(0, Source::Online).id;
    let why = "comes by the later train".to_owned();
    let slot = slot_id(1);
    let transfer = baari_engine::Transfer { token, slot, why, beyond_limits: false };
    opd.run(&Command::Transfer(transfer)).unwrap();
    assert_eq!(slots(&opd), [Some(slot_id(1))], "stays where it was put");
    opd.book_in(0, Source::Online);
    opd.set(2, &[Cancelled]);
    assert_eq!(opd.token(1).slot, Some(slot_id(0)), "comes when a seat becomes free later on");
}
