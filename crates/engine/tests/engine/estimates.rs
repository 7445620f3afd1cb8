//! §3.7: when a token will be called.

mod days;

use baari_engine::{
    Book, Day, DayHead, DoctorFacts, DoctorStatus, Estimator, Prediction, Source, Status, queue,
};
use jiff::{SignedDuration, Timestamp};

use crate::support::{DATE, Opd, instant};

/// Minutes from now of the tokens' predictions: by token number, `at` only.
fn minutes(opd: &Opd) -> Vec<Option<f64>> {
    let minutes = |at: Timestamp| at.duration_since(opd.now).as_secs_f64() / 60.0;
    predictions(opd).into_iter().map(|prediction| Some(minutes(prediction?.at))).collect()
}

fn predictions(opd: &Opd) -> Vec<Option<Prediction>> {
    let facts = DoctorFacts::new(DoctorStatus::Active, 10);
    let estimator = Estimator::new(&opd.day, &opd.settings, facts, opd.now);
    let places = queue(&opd.day, &opd.settings, opd.now);
    let all = estimator.all(&places);
    let of = |token: &baari_engine::Token| {
        let place = places.iter().position(|place| place.token.id == token.id);
        let others = opd.day.tokens().iter().filter_map(|other| Some((other, opd.day.slot(other.slot?)?)));
        let one = estimator.one(others, token, opd.day.slot(token.slot?)?);
        place.inspect(|place| assert_eq!(one, all[*place], "one token alone gets what its queue says"));
        one
    };
    opd.day.tokens().iter().map(of).collect()
}

/// The doctor has said not to be here before this time.
fn resumes_at(opd: &mut Opd, time: &str) {
    let (slots, tokens) = (opd.day.slots().to_vec(), opd.day.tokens().to_vec());
    let head = DayHead { resumes_at: Some(instant(DATE, time)), ..opd.day.head() };
    opd.day = Day::from_parts(opd.day.key(), head, slots, tokens);
}

/// From 09:00 to 13:00; the first patient was seen from 09:00 to 09:10.
fn begun() -> Opd {
    let mut opd = Opd::new(&[("09:00-11:00", 20, 20), ("11:00-13:00", 20, 20)]);
    opd.book(Source::WalkIn);
    opd.at("09:00").set(1, &[Status::Called, Status::InConsultation]);
    opd.at("09:10").set(1, &[Status::Completed]);
    opd
}

/// A patient who is expected at this time, and is not here.
fn expected(opd: &mut Opd, time: &str) {
    let (due, asking) = (instant(DATE, time), opd.asking(Source::FollowUp));
    opd.ask(Book { checked_in: Some(false), appointment_at: Some(due), ..asking }).unwrap();
}

#[test]
fn a_call_in_the_morning_does_not_begin_the_evening() {
    let mut opd = Opd::new(&[("09:00-10:00", 5, 5), ("17:00-18:00", 5, 5)]);
    let early = opd.at("09:30").book_in(1, Source::WalkIn);
    opd.set(early.token_no, &[Status::Called, Status::InConsultation, Status::Completed]);
    opd.at("13:00").book_in(1, Source::WalkIn);
    let evening = instant(DATE, "17:00");
    assert!(predictions(&opd)[1].is_some_and(|told| told.p10 >= evening), "{:?}", predictions(&opd));
}

#[test]
fn who_finds_the_doctor_free_is_called_now() {
    let mut opd = begun();
    opd.book(Source::WalkIn);
    let at = opd.now;
    assert_eq!(predictions(&opd)[1], Some(Prediction { at, p10: at, p90: at }));
}

#[test]
fn who_was_called_has_the_time_of_the_call_and_who_has_no_seat_has_none() {
    let mut opd = Opd::new(&[("09:00-11:00", 3, 3)]);
    for _ in 0..3 {
        opd.book(Source::WalkIn);
    }
    opd.book_or_wait(Source::WalkIn);
    opd.at("09:05").set(1, &[Status::Called, Status::InConsultation, Status::Completed]);
    opd.set(2, &[Status::Called]).at("09:20");
    let called = opd.token(1).called_at.unwrap();
    let certain = Some(Prediction { at: called, p10: called, p90: called });
    let predictions = predictions(&opd);
    assert_eq!(predictions[..2], [certain, certain]);
    assert!(predictions[2].is_some_and(|prediction| prediction.p10 < prediction.p90));
    assert_eq!(predictions[3], None);
    opd.set(3, &[Status::Cancelled]);
    assert_eq!(minutes(&opd)[2], None);
}

#[test]
fn the_more_are_ahead_the_later_one_is_called_and_the_less_certain_it_is() {
    let mut opd = begun();
    for _ in 0..6 {
        opd.book(Source::WalkIn);
    }
    let predictions: Vec<Prediction> = predictions(&opd)[1..].iter().copied().flatten().collect();
    for (nth, pair) in predictions.windows(2).enumerate() {
        let more = pair[1].at.duration_since(pair[0].at);
        assert!((7..=13).contains(&more.as_mins()), "the visit before the {nth}th takes {more}");
        let width = |prediction: Prediction| prediction.p90.duration_since(prediction.p10);
        assert!(width(pair[0]) < width(pair[1]), "{pair:?}");
    }
}

#[test]
fn a_visit_in_progress_is_waited_for_but_never_for_nothing() {
    let mut opd = begun();
    opd.book(Source::WalkIn);
    opd.book(Source::WalkIn);
    opd.set(2, &[Status::Called, Status::InConsultation]);
    let waits = ["09:10", "09:16", "09:30", "10:30"].map(|time| minutes(opd.at(time))[2].unwrap());
    assert!((7.0..=11.0).contains(&waits[0]), "{waits:?}");
    assert!(waits[1] < waits[0], "{waits:?}");
    assert!(waits.iter().all(|wait| *wait >= 1.0), "{waits:?}");
}

#[test]
fn before_the_doctor_begins_the_usual_lateness_counts() {
    let mut opd = Opd::new(&[("09:00-11:00", 9, 9)]);
    opd.at("08:30").book(Source::WalkIn);
    let early = minutes(&opd)[0].unwrap();
    assert!((35.0..=45.0).contains(&early), "{early}");
    // Nobody knows better at 09:20: it can be any minute, or another quarter of an hour.
    let late = minutes(opd.at("09:20"))[0].unwrap();
    assert!((5.0..=12.0).contains(&late), "{late}");
}

#[test]
fn a_delay_that_the_doctor_says_moves_everybody() {
    for mut opd in [begun(), Opd::new(&[("09:00-11:00", 20, 20)])] {
        for _ in 0..4 {
            opd.at("09:15").book(Source::WalkIn);
        }
        let before = minutes(&opd);
        resumes_at(&mut opd, "10:15");
        for (now, before) in minutes(&opd).iter().zip(before).filter(|(now, _)| **now >= Some(0.0)) {
            assert!(*now >= Some(60.0) && *now > before, "{now:?} after {before:?}");
        }
    }
}

#[test]
fn somebody_absent_ahead_counts_for_less_than_a_visit_and_for_less_the_later_it_gets() {
    let wait = |due: Option<&str>, now: &str| {
        let mut opd = begun();
        if let Some(due) = due {
            expected(&mut opd, due);
        }
        for _ in 0..3 {
            opd.book(Source::WalkIn);
        }
        minutes(opd.at(now)).pop().flatten().unwrap()
    };
    let counts = |due, now| wait(Some(due), now) - wait(None, now);
    let (soon, overdue, gone) =
        (counts("09:15", "09:10"), counts("09:15", "09:30"), counts("09:15", "10:10"));
    assert!((4.0..=9.0).contains(&soon), "{soon}");
    assert!((0.5..=5.0).contains(&overdue), "{overdue}");
    assert!((0.0..=0.5).contains(&gone), "{gone}");
    let later = counts("10:55", "09:10");
    assert!((0.0..=0.1).contains(&later), "who comes after the turn does not count: {later}");
}

#[test]
fn an_emergency_ahead_counts_for_more_than_a_visit() {
    let mut opd = begun();
    opd.book(Source::WalkIn);
    opd.book(Source::Emergency);
    let wait = minutes(&opd)[1].unwrap();
    assert!((12.0..=17.0).contains(&wait), "{wait}");
    assert_eq!(minutes(&opd)[2], Some(0.0));
}

#[test]
fn slow_visits_make_the_doctor_be_expected_to_be_slow() {
    let wait = |visit_minutes: i64| {
        let mut opd = begun();
        for number in 2..8 {
            opd.book(Source::WalkIn);
            opd.set(number, &[Status::Called, Status::InConsultation]);
            opd.now += SignedDuration::from_mins(visit_minutes);
            opd.set(number, &[Status::Completed]);
        }
        for _ in 0..3 {
            opd.book(Source::WalkIn);
        }
        minutes(&opd).pop().flatten().unwrap()
    };
    let [quick, usual, slow] = [5, 10, 15].map(wait);
    assert!(quick + 3.0 < usual && usual + 3.0 < slow, "{quick} {usual} {slow}");
}

#[test]
fn nobody_is_told_to_come_before_their_appointment_but_who_is_here_may_be_called() {
    let mut opd = begun();
    expected(&mut opd, "10:00");
    let prediction = predictions(&opd)[1].unwrap();
    assert_eq!(prediction.p10, instant(DATE, "10:00"));
    opd.at("09:40").set(2, &[Status::Arrived]);
    assert_eq!(minutes(&opd)[1], Some(0.0));
}

#[test]
fn the_evening_begins_in_the_evening() {
    let mut opd = Opd::new(&[("09:00-11:00", 9, 9), ("17:00-19:00", 9, 9)]);
    let morning = opd.book_in(0, Source::WalkIn);
    for _ in 0..3 {
        opd.book_in(1, Source::WalkIn);
    }
    opd.at("09:30").set(morning.token_no, &[Status::Called, Status::InConsultation]);
    let evening: Vec<_> = predictions(&opd)[1..].iter().flatten().map(|one| one.at).collect();
    assert!(instant(DATE, "17:00") < evening[0] && evening[0] < instant(DATE, "17:15"), "{evening:?}");
    assert!(evening.is_sorted() && evening[2] < instant(DATE, "17:40"), "{evening:?}");
}

#[test]
fn the_first_prediction_is_the_promise() {
    let mut opd = begun();
    for _ in 0..3 {
        let token = opd.book(Source::WalkIn);
        let said = predictions(&opd).pop().flatten().unwrap();
        assert_eq!(token.promised_at, Some(said.at));
    }
}
