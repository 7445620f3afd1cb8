//! §3.5: the life of a token.

use Status::{Arrived, Booked, Called, Cancelled, Completed, InConsultation, NoShow, Passed, Waitlisted};
use baari_engine::{Refusal, Source, Status, WantedStatus};

use super::{codes, refusal};
use crate::support::Opd;

/// How to get there, and where it can go from there.
const LIFE: [(Status, &[Status], &[Status]); 9] = [
    (Waitlisted, &[], &[Booked, Cancelled]),
    (Booked, &[], &[Arrived, NoShow, Cancelled]),
    (Arrived, &[Arrived], &[Called, Cancelled]),
    (Called, &[Arrived, Called], &[InConsultation, Passed, Cancelled]),
    (InConsultation, &[Arrived, Called, InConsultation], &[Completed]),
    (Completed, &[Arrived, Called, InConsultation, Completed], &[]),
    (Passed, &[Arrived, Called, Passed], &[Arrived, NoShow, Cancelled]),
    (NoShow, &[NoShow], &[]),
    (Cancelled, &[Cancelled], &[]),
];

/// Token 2 in this status; token 1 holds another seat.
fn token_that_is(status: Status, way: &[Status]) -> Opd {
    let mut opd = Opd::new(&[("09:00-10:00", if status == Waitlisted { 1 } else { 2 }, 2)]);
    opd.book(Source::WalkIn);
    opd.book_or_wait(Source::Online);
    opd.set(2, way);
    assert_eq!(opd.status(2), status);
    opd
}

#[test]
fn a_token_changes_along_its_life_and_an_impossible_change_names_the_possible_ones() {
    for (from, way, possible) in LIFE {
        for to in Status::ALL.into_iter().filter(|to| *to != from && from != Waitlisted) {
            let answer = token_that_is(from, way).try_set(2, to);
            if possible.contains(&to) {
                assert!(codes(&answer.unwrap()).contains(&"became"));
            } else {
                let Err(Refusal::Impossible { next, .. }) = &answer else {
                    panic!("{from} → {to}: {answer:?}")
                };
                assert_eq!(next, possible, "{from} → {to}");
                let sentence = answer.unwrap_err().to_string();
                let says = |status: &Status| sentence.contains(&status.name().replace('_', " "));
                assert!(possible.iter().all(says), "{sentence}");
            }
        }
    }
}

#[test]
fn a_waitlisted_token_is_booked_when_there_is_a_seat_or_cancelled() {
    for to in [Arrived, Called, InConsultation, Completed, Passed, NoShow] {
        assert_eq!(refusal(token_that_is(Waitlisted, &[]).try_set(2, to)), "Impossible", "{to}");
    }
    assert_eq!(refusal(token_that_is(Waitlisted, &[]).try_set(2, Booked)), "NoSeat");
    token_that_is(Waitlisted, &[]).set(2, &[Cancelled]);
}

#[test]
fn the_same_change_twice_is_a_success_that_changes_nothing() {
    for (status, way, _) in LIFE {
        let mut opd = token_that_is(status, way);
        let before = opd.day.clone();
        let decision = opd.try_set(2, status).unwrap();
        assert!(decision.changes_nothing());
        assert_eq!(codes(&decision), ["unchanged"]);
        assert_eq!(opd.day, before, "{status}: not even the version");
    }
}

#[test]
fn statuses_hold_a_seat_or_do_not() {
    for (status, way, _) in LIFE {
        let holds = !matches!(status, Waitlisted | Cancelled | NoShow);
        assert_eq!(token_that_is(status, way).counts(), [1 + u32::from(holds)], "{status}");
    }
}

#[test]
fn a_second_cancel_frees_no_second_seat() {
    for status in [Cancelled, NoShow] {
        let mut opd = token_that_is(Booked, &[]);
        opd.set(2, &[status, status, status]);
        assert_eq!(opd.counts(), [1], "{status}");
    }
}

#[test]
fn a_no_show_frees_the_seat() {
    let mut opd = token_that_is(Passed, &[Arrived, Called, Passed]);
    let decision = opd.try_set(2, NoShow).unwrap();
    assert_eq!(codes(&decision), ["became", "seat_freed"]);
    assert_eq!(opd.counts(), [1]);
}

#[test]
fn pending_means_booked_or_arrived_and_missed_means_no_show() {
    let want = |name: &str| name.parse::<WantedStatus>().unwrap();
    for (from, way, _) in LIFE {
        let mut opd = token_that_is(from, way);
        let answer = opd.try_want(2, want("PENDING"));
        match from {
            Booked | Arrived => assert!(answer.unwrap().changes_nothing(), "{from}"),
            Passed => assert_eq!(opd.status(2), Arrived, "rejoins"),
            Waitlisted => assert_eq!(refusal(answer), "NoSeat"),
            _ => assert_eq!(refusal(answer), "Impossible", "{from}"),
        }
    }
    for (name, status) in [("missed", NoShow), ("CANCELLED", Cancelled), ("Arrived", Arrived)] {
        let mut opd = token_that_is(Booked, &[]);
        opd.try_want(2, want(name)).unwrap();
        assert_eq!(opd.status(2), status, "{name}");
    }
    let mut opd = token_that_is(InConsultation, &[Arrived, Called, InConsultation]);
    opd.try_want(2, want("COMPLETED")).unwrap();
    assert_eq!(opd.status(2), Completed);
}

#[test]
fn each_step_is_timed() {
    let mut opd = token_that_is(Booked, &[]);
    let mut times = Vec::new();
    for (time, status) in
        [("09:01", Arrived), ("09:02", Called), ("09:03", InConsultation), ("09:04", Completed)]
    {
        opd.at(time).set(2, &[status]);
        times.push(Some(opd.now));
    }
    let token = opd.token(2);
    assert_eq!(times, [token.arrived_at, token.called_at, token.started_at, token.ended_at]);
}

#[test]
fn an_unknown_token_is_refused() {
    let mut opd = token_that_is(Booked, &[]);
    let mut other = opd.clone();
    let id = other.book_or_wait(Source::WalkIn).id;
    let change = baari_engine::SetStatus { token: id, status: WantedStatus::Pending };
    assert_eq!(refusal(opd.run(&baari_engine::Command::SetStatus(change))), "TokenUnknown");
}
