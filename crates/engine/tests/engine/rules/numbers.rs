//! §3.3: token numbers and sequence numbers.

use baari_engine::{Source, Status};

use crate::support::{Opd, slot_id};

#[test]
fn the_worked_example_comes_out_to_the_digit() {
    let mut opd = Opd::new(&[("09:00-10:00", 10, 12)]);
    opd.at("09:05");
    for (source, token_no, number) in [
        (Source::WalkIn, 1, "4.0"),
        (Source::WalkIn, 2, "4.1"),
        (Source::Emergency, 3, "1.0"),
        (Source::PaidPriority, 4, "2.0"),
        (Source::PaidPriority, 5, "2.1"),
    ] {
        assert_eq!(opd.book(source).token_no, token_no);
        assert_eq!(opd.number(token_no), number);
    }
    assert_eq!(opd.queue(), [3, 4, 5, 1, 2]);
}

#[test]
fn the_eleventh_token_of_a_band_still_sorts_inside_it() {
    let mut opd = Opd::new(&[("09:00-10:00", 1_200, 1_200)]);
    for _ in 0..1_100 {
        opd.book(Source::PaidPriority);
    }
    opd.book(Source::FollowUp);
    for (nth, number) in [(1, "2.0"), (9, "2.8"), (10, "2.9"), (11, "2.901"), (99, "2.989"), (100, "2.99")] {
        assert_eq!(opd.number(nth), number);
    }
    assert_eq!(opd.number(1_000), "2.999");
    assert_eq!(opd.queue(), (1..=1_101).collect::<Vec<u32>>());
}

#[test]
fn each_slot_and_band_counts_for_itself() {
    let mut opd = Opd::new(&[("09:00-10:00", 10, 10), ("10:00-11:00", 10, 10)]);
    for (slot, source, number) in [
        (0, Source::WalkIn, "4.0"),
        (1, Source::WalkIn, "4.0"),
        (0, Source::Online, "4.1"),
        (0, Source::FollowUp, "3.0"),
        (1, Source::Online, "4.1"),
    ] {
        let token = opd.book_in(slot, source);
        assert_eq!((token.slot, opd.number(token.token_no)), (Some(slot_id(slot)), number.to_owned()));
    }
}

#[test]
fn numbers_are_never_used_again_and_never_change_because_others_go() {
    let mut opd = Opd::new(&[("09:00-10:00", 2, 2)]);
    opd.book(Source::WalkIn);
    opd.book(Source::WalkIn);
    opd.set(1, &[Status::Cancelled]);
    assert_eq!(opd.book(Source::WalkIn).token_no, 3);
    assert_eq!(
        ["4.0", "4.1", "4.2"],
        [opd.number(1), opd.number(2), opd.number(3)].each_ref().map(String::as_str)
    );
}
