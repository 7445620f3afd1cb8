//! A place is kept while others come and go.

use baari_engine::{PolicyKind, Source, Status};

use super::{emergencies_are_first, mixed, numbers_are_unique};
use crate::support::{Opd, slot_id};

/// The numbers of `queue` that are among `few`, in its order.
fn only(queue: &[u32], few: &[u32]) -> Vec<u32> {
    queue.iter().copied().filter(|no| few.contains(no)).collect()
}

#[test]
fn a_place_is_kept_after_arrivals_and_completions() {
    for policy in PolicyKind::all().filter(|policy| *policy != PolicyKind::Apq) {
        let mut opd = Opd::new(&[("09:00-10:00", 40, 50), ("10:00-11:00", 40, 50)]);
        opd.settings.policy = policy;
        for minute in 0..8 {
            let source = [Source::WalkIn, Source::PaidPriority, Source::FollowUp][minute % 3];
            opd.at(&format!("09:{minute:02}")).book(source);
        }
        opd.at("09:30");
        let old = opd.queue();
        opd.before(old[6], old[2]).unwrap();
        opd.behind(old[0], old[4]).unwrap();
        let kept = [old[1], old[6], old[2], old[3], old[4], old[0], old[5], old[7]];
        assert_eq!(opd.queue(), kept, "{policy}");
        for source in Source::ALL.into_iter().cycle().take(25) {
            opd.now += jiff::SignedDuration::from_secs(61);
            opd.book(source);
            let queue = opd.queue();
            assert_eq!(only(&queue, &kept), kept, "{policy}: {queue:?}");
        }
        for no in [kept[0], kept[2]] {
            opd.set(no, &[Status::Called, Status::InConsultation, Status::Completed]);
        }
        opd.set(kept[5], &[Status::Cancelled]);
        let left = [kept[1], kept[3], kept[4], kept[6], kept[7]];
        assert_eq!(only(&opd.queue(), &left), left, "{policy}");
        numbers_are_unique(&opd);
    }
}

#[test]
fn under_apq_a_placed_token_is_never_before_nor_behind_both_of_its_neighbours() {
    let opd = mixed(PolicyKind::Apq);
    let (old, start) = (opd.queue(), opd.now);
    for (token_no, low, high) in [(old[7], old[0], old[1]), (old[0], old[4], old[5])] {
        let mut opd = opd.clone();
        opd.behind(token_no, low).unwrap();
        for minutes in 0..600 {
            opd.now = start + jiff::SignedDuration::from_mins(minutes);
            let three = only(&opd.queue(), &[token_no, low, high]);
            assert_eq!(three[1], token_no, "after {minutes} minutes");
        }
    }
}

#[test]
fn emergencies_stay_first_whatever_is_placed() {
    for policy in [PolicyKind::Band, PolicyKind::Target] {
        let mut opd = mixed(policy);
        let emergencies: Vec<u32> = opd.queue()[..2].to_vec();
        opd.set(emergencies[1], &[Status::Cancelled]);
        let others = opd.queue();
        // An emergency right before the first of the others, the others right behind it and right before each other.
        opd.before(others[0], others[1]).unwrap();
        opd.behind(others[4], others[0]).unwrap();
        opd.before(others[5], others[4]).unwrap();
        for source in [Source::PaidPriority, Source::Emergency, Source::FollowUp, Source::Emergency] {
            opd.at("09:40").book_in(0, source);
            let queue = opd.queue();
            assert!(emergencies_are_first(&opd, &queue), "{policy}: {queue:?}");
        }
    }
}

#[test]
fn a_token_placed_beside_another_slots_token_keeps_its_seat() {
    let mut opd = mixed(PolicyKind::Band);
    opd.behind(3, 4).unwrap();
    assert_eq!((opd.token(3).slot, opd.number(3)), (Some(slot_id(1)), "4.0".to_owned()));
    assert_eq!(opd.counts(), [5, 3]);
    assert_eq!(opd.queue(), [5, 8, 4, 3, 1, 2, 7, 6]);
}

#[test]
fn a_token_can_be_placed_beside_one_that_was_placed_from_another_slot() {
    // 3 (of slot 1) goes behind 4 (of slot 0); 6 (of slot 1 too) and 1 (of slot 0) go behind 3: there, not where 3 sits.
    for (token_no, queue) in [(6, [5, 8, 4, 3, 6, 1, 2, 7]), (1, [5, 8, 4, 3, 1, 2, 7, 6])] {
        let mut opd = mixed(PolicyKind::Band);
        opd.behind(3, 4).unwrap();
        opd.behind(token_no, 3).unwrap();
        assert_eq!(opd.queue(), queue);
        opd.book_in(0, Source::PaidPriority);
        let all = opd.queue();
        assert_eq!(
            all[..5],
            [5, 8, 4, 3, token_no],
            "a later one of the same band comes behind them: {all:?}"
        );
        numbers_are_unique(&opd);
    }
}

#[test]
fn a_token_placed_before_its_band_stays_between_the_bands() {
    let mut opd = Opd::new(&[("09:00-10:00", 40, 50)]);
    for _ in 0..4 {
        opd.book(Source::WalkIn);
    }
    opd.before(4, 1).unwrap();
    opd.before(3, 4).unwrap();
    opd.before(2, 3).unwrap();
    for _ in 0..12 {
        opd.book(Source::FollowUp);
    }
    let expected: Vec<u32> = (5..=16).chain([2, 3, 4, 1]).collect();
    assert_eq!(opd.queue(), expected, "follow-ups go before all of them");
}

#[test]
fn between_two_bands_a_place_is_right_behind_the_first_of_them() {
    let mut opd = Opd::new(&[("09:00-10:00", 40, 50)]);
    for source in [Source::FollowUp, Source::WalkIn, Source::WalkIn] {
        opd.book(source);
    }
    opd.before(3, 2).unwrap();
    opd.book(Source::FollowUp);
    assert_eq!(opd.queue(), [1, 3, 4, 2]);
}

#[test]
fn a_place_by_hand_holds_under_the_policy_it_was_made_under() {
    let mut opd = mixed(PolicyKind::Target);
    let by_band = mixed(PolicyKind::Band).queue();
    let queue = opd.queue();
    opd.behind(queue[2], queue[6]).unwrap();
    let placed = opd.queue();
    opd.settings.policy = PolicyKind::Band;
    assert_eq!(opd.queue(), by_band);
    opd.settings.policy = PolicyKind::Target;
    assert_eq!(opd.queue(), placed);
}
