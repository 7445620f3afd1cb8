//! Hundreds of placements at the same spot: midpoints run out, the waiting are renumbered, the order stays.

use baari_engine::{EventKind, PolicyKind, Source, Status};

use super::{numbers_are_unique, with_token_at};
use crate::support::Opd;

/// Twelve walk-ins, one a second, or all in the same instant.
fn walk_ins(policy: PolicyKind, apart_seconds: i64) -> Opd {
    let mut opd = Opd::new(&[("09:00-10:00", 20, 25), ("10:00-11:00", 20, 25)]);
    opd.settings.policy = policy;
    for n in 0..12 {
        opd.book_in(u128::from(n >= 8), Source::WalkIn);
        opd.now += jiff::SignedDuration::from_secs(apart_seconds);
    }
    opd.at("09:20");
    opd
}

/// Puts others behind (or before) the same token 300 times, always another one; how often numbers were given anew.
fn crowd(opd: &mut Opd, spot: u32, behind: bool, movers: &[u32]) -> usize {
    let mut renumbered = 0;
    for n in 0..300 {
        let mover = movers[n % movers.len()];
        let asked = with_token_at(opd.queue(), mover, spot, behind);
        let done = if behind { opd.behind(mover, spot) } else { opd.before(mover, spot) };
        let events = done.unwrap().events;
        assert_eq!(opd.queue(), asked, "placement {n}: {mover} beside {spot}");
        renumbered += usize::from(events.iter().any(|event| event.kind == EventKind::Renumbered));
        numbers_are_unique(opd);
        if opd.settings.policy == PolicyKind::Band {
            let renumbered = events.iter().filter(|event| event.kind == EventKind::Renumbered);
            assert!(renumbered.flat_map(|event| &event.reasons).all(|reason| reason.code() == "made_room"));
        }
    }
    renumbered
}

#[test]
fn the_order_is_kept_when_the_room_at_one_spot_runs_out() {
    for policy in PolicyKind::all() {
        for apart_seconds in [0, 1] {
            for (spot, behind) in [(5, true), (5, false), (1, false), (12, true), (9, false), (8, true)] {
                let mut opd = walk_ins(policy, apart_seconds);
                let movers: Vec<u32> = [2, 7, 11, 4].into_iter().filter(|no| *no != spot).collect();
                let renumbered = crowd(&mut opd, spot, behind, &movers);
                if policy == PolicyKind::Band && spot == 5 {
                    assert!((2..150).contains(&renumbered), "{spot} {behind}: renumbered {renumbered} times");
                }
            }
        }
    }
}

#[test]
fn numbers_of_those_who_are_gone_are_not_used_again() {
    for policy in PolicyKind::all() {
        let mut opd = walk_ins(policy, 1);
        for round in 0..6 {
            crowd(&mut opd, 5, round % 2 == 0, &[2, 4, 11]);
            let next = opd.queue();
            let after = next[next.iter().position(|no| *no == 5).unwrap() + 1];
            if ![2, 4, 11].contains(&after) {
                opd.set(after, &[Status::Cancelled]);
            }
            let late = opd.book_in(0, Source::WalkIn).token_no;
            opd.behind(late, 5).unwrap();
            if round % 2 == 0 {
                opd.set(late, &[Status::Called, Status::InConsultation, Status::Completed]);
            } else {
                opd.set(late, &[Status::Cancelled]);
            }
            numbers_are_unique(&opd);
        }
    }
}

#[test]
fn renumbering_touches_only_the_waiting() {
    let mut opd = walk_ins(PolicyKind::Band, 1);
    opd.set(1, &[Status::Called])
        .set(3, &[Status::Cancelled])
        .set(6, &[Status::Called, Status::InConsultation]);
    let numbers = [1, 3, 6].map(|no| opd.number(no));
    assert!(crowd(&mut opd, 5, true, &[2, 7, 4]) > 0);
    assert_eq!([1, 3, 6].map(|no| opd.number(no)), numbers);
    let late = opd.book_in(0, Source::WalkIn).token_no;
    let queue = opd.queue();
    let of_slot: Vec<u32> =
        queue.into_iter().filter(|no| opd.token(*no).slot == opd.token(late).slot).collect();
    assert_eq!(of_slot.last(), Some(&late), "who comes later stands behind all of the band");
}

#[test]
fn renumbering_keeps_the_bands_apart() {
    let mut opd = Opd::new(&[("09:00-10:00", 40, 50)]);
    for source in [Source::PaidPriority, Source::WalkIn, Source::FollowUp, Source::WalkIn, Source::WalkIn] {
        opd.book(source);
    }
    opd.book(Source::Emergency);
    crowd(&mut opd, 2, true, &[4, 5]);
    for source in [Source::PaidPriority, Source::FollowUp, Source::WalkIn] {
        opd.book(source);
    }
    let queue = opd.queue();
    assert_eq!((&queue[..6], queue.last()), (&[6, 1, 7, 3, 8, 2][..], Some(&9)), "{queue:?}");
}
