//! §3.4: whose turn is next.

use baari_engine::{Book, PolicyKind, Settings, Source, Status};

use crate::support::{DATE, Opd, instant};

#[test]
fn who_is_with_the_doctor_or_called_comes_first() {
    for policy in PolicyKind::all() {
        let mut opd = Opd::new(&[("09:00-10:00", 5, 5)]);
        opd.settings.policy = policy;
        for _ in 0..3 {
            opd.book(Source::WalkIn);
        }
        opd.book(Source::Emergency);
        opd.set(2, &[Status::Called]).at("08:01").set(3, &[Status::Called, Status::InConsultation]);
        assert_eq!(opd.queue()[..2], [3, 2], "{policy}");
    }
}

#[test]
fn under_band_the_slot_comes_before_the_band_and_emergencies_before_both() {
    let mut opd = Opd::new(&[("09:00-10:00", 5, 6), ("10:00-11:00", 5, 6)]);
    opd.book_in(1, Source::PaidPriority);
    opd.book_in(0, Source::Online);
    opd.book_in(0, Source::FollowUp);
    opd.book_in(1, Source::Emergency);
    opd.book_in(0, Source::Emergency);
    assert_eq!(opd.queue(), [5, 4, 3, 2, 1]);
}

#[test]
fn an_emergency_goes_first_even_in_the_last_band() {
    for policy in [PolicyKind::Band, PolicyKind::Target] {
        let mut opd = Opd::new(&[("09:00-10:00", 5, 6)]);
        opd.settings = Settings { policy, ..Settings::default() };
        opd.settings.bands[Source::Emergency] = baari_engine::Band::new(9).unwrap();
        opd.book(Source::PaidPriority);
        opd.at("08:10").book(Source::Emergency);
        assert_eq!(opd.queue(), [2, 1], "{policy}");
    }
}

/// Everybody by check-in: 1 walk-in 08:00, 2 online 08:20 (due 09:00), 3 follow-up 08:30, 4 paid 08:40, 5 emergency 08:50,
/// 6 walk-in 08:55; looked at 09:30.
fn a_morning(policy: PolicyKind) -> Opd {
    let mut opd = Opd::new(&[("08:00-10:00", 9, 9)]);
    opd.settings.policy = policy;
    let agreed = Some(instant(DATE, "09:00"));
    opd.book(Source::WalkIn);
    for (time, source, appointment_at) in [
        ("08:20", Source::Online, agreed),
        ("08:30", Source::FollowUp, None),
        ("08:40", Source::PaidPriority, None),
        ("08:50", Source::Emergency, None),
        ("08:55", Source::WalkIn, None),
    ] {
        let asking = opd.at(time).asking(source);
        opd.ask(Book { appointment_at, checked_in: Some(true), ..asking }).unwrap();
    }
    opd.at("09:30");
    opd
}

#[test]
fn each_policy_orders_a_morning_by_its_definition() {
    for (policy, order) in [
        (PolicyKind::Band, [5, 4, 3, 1, 2, 6]),
        // ready + allowance: 1 08:45, 2 09:10, 3 08:40, 4 08:40, 6 09:40; the tie goes to the earlier check-in.
        (PolicyKind::Target, [5, 3, 4, 1, 2, 6]),
        (PolicyKind::Fcfs, [1, 2, 3, 4, 5, 6]),
        (PolicyKind::Strict, [5, 4, 3, 1, 2, 6]),
        // rate × minutes since ready: 1 90, 2 30, 3 120, 4 200, 5 320, 6 35.
        (PolicyKind::Apq, [5, 4, 3, 1, 6, 2]),
    ] {
        assert_eq!(a_morning(policy).queue(), order, "{policy}");
    }
}

#[test]
fn under_apq_the_order_changes_as_people_wait() {
    // At 08:55: 1 55, 3 50, 4 60, 5 40, 6 0, and 2 is not due for 5 minutes.
    let mut opd = a_morning(PolicyKind::Apq);
    for (time, order) in [("08:55", [4, 1, 3, 5, 6, 2]), ("09:00", [4, 5, 1, 3, 6, 2])] {
        assert_eq!(opd.at(time).queue(), order, "{time}");
    }
}

#[test]
fn the_absent_stay_at_their_place() {
    let mut opd = Opd::new(&[("09:00-10:00", 5, 5)]);
    opd.book(Source::Online);
    opd.book(Source::WalkIn);
    assert_eq!((opd.queue(), opd.present()), (vec![1, 2], vec![2]));
    opd.at("09:10").set(1, &[Status::Arrived]);
    assert_eq!((opd.queue(), opd.present()), (vec![1, 2], vec![1, 2]));
}

#[test]
fn only_those_who_are_still_to_be_seen_stand_in_the_queue() {
    let mut opd = Opd::new(&[("09:00-10:00", 3, 3)]);
    for _ in 0..4 {
        opd.book_or_wait(Source::WalkIn);
    }
    opd.set(1, &[Status::Called, Status::InConsultation, Status::Completed]).set(2, &[Status::Cancelled]);
    assert_eq!(opd.queue(), [3, 4]);
}
