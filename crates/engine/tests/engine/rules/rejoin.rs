//! §3.6: did not come when called, came back.

use Status::{Arrived, Called, InConsultation, NoShow, Passed};
use baari_engine::{PolicyKind, Reason, Source, Status};

use crate::support::Opd;

fn walk_ins(policy: PolicyKind, count: usize) -> Opd {
    let mut opd = Opd::new(&[("09:00-10:00", 20, 25)]);
    opd.settings.policy = policy;
    for _ in 0..count {
        opd.book(Source::WalkIn);
    }
    opd
}

#[test]
fn rejoin_puts_the_patient_behind_the_next_two_present() {
    for policy in PolicyKind::all() {
        let mut opd = walk_ins(policy, 5);
        opd.at("09:00").set(1, &[Called, Passed]);
        assert_eq!(opd.present(), [2, 3, 4, 5], "{policy}: passed can't be called");
        let decision = opd.try_set(1, Arrived).unwrap();
        assert!(decision.reasons().contains(&Reason::Rejoined { behind: 2 }));
        assert_eq!(opd.queue(), [2, 3, 1, 4, 5], "{policy}");
        opd.at("09:10").set(2, &[Called, InConsultation]).book(Source::WalkIn);
        assert_eq!(opd.queue(), [2, 3, 1, 4, 5, 6], "{policy}: keeps the place");
    }
}

#[test]
fn nobody_comes_forward_by_missing_a_call() {
    for policy in PolicyKind::all() {
        let mut opd = walk_ins(policy, 6);
        opd.at("09:00").set(5, &[Called, Passed]);
        let decision = opd.try_set(5, Arrived).unwrap();
        assert!(decision.reasons().contains(&Reason::Rejoined { behind: 4 }), "{policy}");
        assert_eq!(opd.queue(), [1, 2, 3, 4, 5, 6], "{policy}: called out of order, behind four as before");
    }
}

#[test]
fn the_absent_are_not_counted() {
    let mut opd = Opd::new(&[("09:00-10:00", 20, 25)]);
    for source in
        [Source::WalkIn, Source::Online, Source::WalkIn, Source::Online, Source::WalkIn, Source::WalkIn]
    {
        opd.book(source);
    }
    opd.set(1, &[Called, Passed, Arrived]);
    assert_eq!(opd.queue(), [2, 3, 4, 5, 1, 6]);
}

#[test]
fn with_fewer_present_it_is_behind_those_there_are() {
    for (count, order) in [(1, vec![1]), (2, vec![2, 1]), (3, vec![2, 3, 1])] {
        let mut opd = walk_ins(PolicyKind::Band, count);
        opd.set(1, &[Called, Passed, Arrived]);
        assert_eq!(opd.queue(), order);
    }
}

#[test]
fn the_number_of_people_is_a_setting() {
    for (behind, order) in [(0, [1, 2, 3, 4]), (1, [2, 1, 3, 4]), (9, [2, 3, 4, 1])] {
        let mut opd = walk_ins(PolicyKind::Band, 4);
        opd.settings.rejoin_behind = behind;
        opd.set(1, &[Called, Passed, Arrived]);
        assert_eq!(opd.queue(), order);
    }
}

#[test]
fn one_may_rejoin_twice_and_the_third_missed_call_is_a_no_show() {
    for rejoins_max in [0, 1, 2, 5] {
        let mut opd = walk_ins(PolicyKind::Band, 3);
        opd.settings.rejoins_max = rejoins_max;
        for _ in 0..rejoins_max {
            opd.set(1, &[Called, Passed, Arrived]);
        }
        opd.set(1, &[Called]);
        let decision = opd.try_set(1, Passed).unwrap();
        assert!(decision.reasons().contains(&Reason::RejoinsUsedUp(rejoins_max)));
        assert_eq!((opd.status(1), opd.counts()), (NoShow, vec![2]));
    }
}

#[test]
fn nobody_rejoins_before_an_emergency_and_an_emergency_behind_nobody_else() {
    for policy in [PolicyKind::Band, PolicyKind::Target] {
        let mut opd = walk_ins(policy, 3);
        opd.set(1, &[Called, Passed]);
        for _ in 0..3 {
            opd.book(Source::Emergency);
        }
        opd.set(1, &[Arrived]);
        assert_eq!(opd.queue(), [4, 5, 6, 1, 2, 3], "{policy}");
        opd.set(4, &[Called, Passed, Arrived]);
        assert_eq!(opd.queue(), [5, 6, 4, 1, 2, 3], "{policy}");
        opd.set(5, &[Called, Passed]).set(6, &[Called, Passed]).set(6, &[Arrived]);
        let emergencies = opd.queue()[..3].iter().all(|no| opd.token(*no).class == Source::Emergency);
        assert!(emergencies, "{policy}: {:?}", opd.queue());
    }
}
