//! §3.6: a higher band that finds the current slot full may move its last, lowest, not yet present token on, once.

use Status::{Arrived, Booked, Waitlisted};
use baari_engine::{Band, Book, Command, EventKind, MoveCause, Reason, Source, Status};

use super::{codes, refusal};
use crate::support::{Opd, event, slot_id};

/// Two seats (and one for emergencies) now, three later; online 1 and 2 have booked the first two.
fn full(displacement: bool) -> Opd {
    let mut opd = Opd::new(&[("09:00-10:00", 2, 3), ("10:00-11:00", 3, 3)]);
    opd.settings.displacement = displacement;
    opd.book(Source::Online);
    opd.book(Source::Online);
    opd
}

#[test]
fn with_the_setting_off_a_higher_band_takes_the_next_slot() {
    let mut opd = full(false);
    assert_eq!(opd.book(Source::PaidPriority).slot, Some(slot_id(1)));
    assert_eq!(opd.counts(), [2, 1]);
}

#[test]
fn the_last_of_the_lowest_band_gives_way_and_is_told_why() {
    let mut opd = full(true);
    let promised = opd.token(2).promised_at;
    let asking = opd.asking(Source::PaidPriority);
    let decision = opd.run(&Command::Book(asking)).unwrap();
    assert_eq!((opd.token(3).slot, opd.token(2).slot), (Some(slot_id(0)), Some(slot_id(1))));
    assert_eq!((opd.counts(), opd.token(1).slot), (vec![2, 1], Some(slot_id(0))));
    let moved = event(&decision, EventKind::Moved);
    assert_eq!(moved.token, Some(opd.token(2).id));
    let cause = MoveCause::Displaced(Band::new(2).unwrap());
    assert!(moved.reasons.iter().any(|one| matches!(one, Reason::Moved { cause: why, .. } if *why == cause)));
    assert!(opd.token(2).displaced);
    assert_eq!(opd.token(2).promised_at, promised, "the delay is not hidden");
    assert_eq!(codes(&decision)[0], "seat_taken", "the answer is about who booked");
}

#[test]
fn the_lowest_band_goes_before_the_last_token() {
    let mut opd = Opd::new(&[("09:00-10:00", 2, 2), ("10:00-11:00", 3, 3)]);
    opd.settings.displacement = true;
    opd.book(Source::Online);
    let asking = opd.asking(Source::FollowUp);
    opd.ask(Book { checked_in: Some(false), ..asking }).unwrap();
    opd.book(Source::PaidPriority);
    assert_eq!((opd.token(1).slot, opd.token(2).slot), (Some(slot_id(1)), Some(slot_id(0))));
}

#[test]
fn who_is_here_does_not_give_way() {
    let mut opd = full(true);
    opd.set(2, &[Arrived]);
    opd.book(Source::PaidPriority);
    assert_eq!((opd.token(1).slot, opd.token(2).slot), (Some(slot_id(1)), Some(slot_id(0))));
    assert_eq!(opd.book(Source::PaidPriority).slot, Some(slot_id(1)), "nobody absent is left");
}

#[test]
fn nobody_gives_way_to_their_own_band_or_a_lower_one() {
    let mut opd = full(true);
    for source in [Source::WalkIn, Source::Online] {
        assert_eq!(opd.book(source).slot, Some(slot_id(1)), "{source}");
    }
    assert_eq!(opd.counts(), [2, 2]);
}

#[test]
fn nobody_is_displaced_twice() {
    let mut opd = Opd::new(&[("09:00-10:00", 1, 1), ("10:00-11:00", 1, 1), ("11:00-12:00", 5, 5)]);
    opd.settings.displacement = true;
    opd.book(Source::Online);
    opd.book(Source::PaidPriority);
    assert_eq!(opd.token(1).slot, Some(slot_id(1)));
    opd.at("10:00");
    assert_eq!(opd.book(Source::PaidPriority).slot, Some(slot_id(2)), "1 stays where it was moved to");
    assert_eq!(opd.token(1).slot, Some(slot_id(1)));
}

#[test]
fn an_emergency_takes_the_buffer_first_and_displaces_only_when_that_is_full() {
    let mut opd = full(true);
    opd.book(Source::Emergency);
    assert_eq!(opd.counts(), [3, 0], "from the buffer");
    opd.book(Source::Emergency);
    assert_eq!(opd.counts(), [3, 1]);
    assert_eq!((opd.token(2).slot, opd.token(4).slot), (Some(slot_id(1)), Some(slot_id(0))));
}

#[test]
fn an_emergency_in_the_buffer_leaves_a_paid_one_no_seat_to_win() {
    let mut opd = full(true);
    opd.book(Source::Emergency);
    assert_eq!(opd.book(Source::PaidPriority).slot, Some(slot_id(1)), "one less would still be full");
    assert_eq!(opd.token(2).slot, Some(slot_id(0)));
}

#[test]
fn only_the_current_slot_is_fought_for() {
    let mut opd = Opd::new(&[("09:00-10:00", 2, 2), ("10:00-11:00", 1, 1), ("11:00-12:00", 1, 1)]);
    opd.settings.displacement = true;
    opd.book_in(1, Source::Online);
    let asking = opd.asking(Source::PaidPriority);
    assert_eq!(refusal(opd.ask(Book { slot: Some(slot_id(1)), ..asking })), "NoSeat");
}

#[test]
fn a_token_is_displaced_today_only() {
    let mut opd = full(true);
    opd.days_later(-1);
    assert_eq!(opd.book(Source::PaidPriority).slot, Some(slot_id(1)));
}

#[test]
fn without_a_seat_to_go_to_nobody_gives_way() {
    let mut opd = Opd::new(&[("09:00-10:00", 1, 1), ("10:00-11:00", 1, 2)]);
    opd.settings.displacement = true;
    opd.book_in(0, Source::Online);
    opd.book_in(1, Source::Online);
    assert_eq!(opd.book_or_wait(Source::PaidPriority).status, Waitlisted);
    assert_eq!((opd.status(1), opd.token(1).slot), (Booked, Some(slot_id(0))));
}

#[test]
fn emergencies_and_seats_by_override_do_not_give_way() {
    let mut opd = Opd::new(&[("09:00-10:00", 1, 1), ("10:00-11:00", 5, 5)]);
    opd.settings.displacement = true;
    opd.book(Source::WalkIn);
    let beyond = opd.book_beyond(0, Source::Online);
    assert!(beyond.by_override);
    assert_eq!(opd.book(Source::PaidPriority).slot, Some(slot_id(1)));
    assert_eq!(opd.token(2).slot, Some(slot_id(0)));
}
