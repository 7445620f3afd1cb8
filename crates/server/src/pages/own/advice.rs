//! What a patient should do now: go for tea, come back, come in. Pure: a token's standing and the clock are all it looks at.

use std::cmp::Ordering;

use baari_engine::Status;
use jiff::{SignedDuration, Timestamp, ToSpan};

/// From the tea stall across the road to the doctor's door, with a stop at the lift.
const WALKING: SignedDuration = SignedDuration::from_mins(10);
/// To leave for less than this is not worth the walk.
const WORTH_LEAVING: SignedDuration = SignedDuration::from_mins(10);
/// Who is not here yet still has to come: so long before the first of what counts, the page begins to press.
const SOON: SignedDuration = SignedDuration::from_mins(30);
/// Times to be back by are told in steps of so many minutes, down: people keep 10:05 in mind, not 10:07, and the page does not
/// say another minute whenever somebody ahead is seen a little faster.
const STEP_SECONDS: i64 = 5 * 60;
/// The bar shows the wait in the corridor; of a booking of last week only so much of the time before the call counts.
const BAR_MAX: SignedDuration = SignedDuration::from_hours(3);

/// How it stands with somebody's turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// No seat yet.
    Waitlisted,
    /// On another day.
    Later,
    /// Its day is over, and nobody said how it ended.
    Past,
    /// Today, has not checked in, and need not yet.
    NotYet,
    /// Should check in.
    NotHere,
    /// May go, and be back by then.
    Time { back_by: Timestamp },
    /// Should be at the door.
    ComeBack,
    /// Has been called.
    Turn,
    /// Is with the doctor.
    Inside,
    /// Was called and did not come.
    Missed,
    /// Was seen.
    Seen,
    /// Never came.
    NoShow,
    /// Gave the place back.
    Cancelled,
}

/// What is known of a token.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    pub(super) status: Status,
    /// Counts as here.
    pub(super) present: bool,
    /// Today is its day (`Equal`), or comes before it or after.
    pub(super) today: Ordering,
    /// How many go before.
    pub(super) ahead: usize,
    /// Nine times out of ten the call comes later than this.
    pub(super) p10: Option<Timestamp>,
    /// Until when the seat is kept for somebody who is not here.
    pub(super) check_in_by: Option<Timestamp>,
}

impl Standing {
    /// Neither the call nor the end of the time to check in is near, as far as one knows.
    fn is_far(&self, now: Timestamp) -> bool {
        let first = self.check_in_by.map_or(self.p10, |by| self.p10.map(|p10| p10.min(by)));
        first.is_some_and(|first| first.duration_since(now) > SOON)
    }
}

impl State {
    pub(super) fn of(standing: Standing, now: Timestamp) -> Self {
        match standing.status {
            Status::Completed => Self::Seen,
            Status::NoShow => Self::NoShow,
            Status::Cancelled => Self::Cancelled,
            _ if standing.today == Ordering::Greater => Self::Past,
            Status::Waitlisted => Self::Waitlisted,
            Status::Called => Self::Turn,
            Status::InConsultation => Self::Inside,
            Status::Passed => Self::Missed,
            Status::Booked | Status::Arrived if standing.today == Ordering::Less => Self::Later,
            Status::Booked if !standing.present && standing.is_far(now) => Self::NotYet,
            Status::Booked if !standing.present => Self::NotHere,
            Status::Booked | Status::Arrived => {
                let time = standing.p10.filter(|_| standing.ahead > 0).and_then(|p10| back_by(p10, now));
                time.map_or(Self::ComeBack, |back_by| Self::Time { back_by })
            }
        }
    }

    /// What it is called in texts and in the style sheet.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Waitlisted => "waitlisted",
            Self::Later => "later",
            Self::Past => "past",
            Self::NotYet => "not-yet",
            Self::NotHere => "not-here",
            Self::Time { .. } => "time",
            Self::ComeBack => "come",
            Self::Turn => "turn",
            Self::Inside => "inside",
            Self::Missed => "missed",
            Self::Seen => "seen",
            Self::NoShow => "no-show",
            Self::Cancelled => "cancelled",
        }
    }

    /// The patient waits for a call: times are worth showing.
    pub(super) const fn waits(self) -> bool {
        matches!(self, Self::Later | Self::NotYet | Self::NotHere | Self::Time { .. } | Self::ComeBack)
    }
}

/// When somebody who may be called from `p10` on should be back; none when it is not worth leaving.
fn back_by(p10: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let by = p10.checked_sub(WALKING).ok()?;
    let by = by.checked_sub(by.as_second().rem_euclid(STEP_SECONDS).seconds()).ok()?;
    (by.duration_since(now) >= WORTH_LEAVING).then_some(by)
}

/// How much of the wait is over, in per cent, when it began then and is expected to end there.
pub(super) fn waited_percent(began: Timestamp, expected: Timestamp, now: Timestamp) -> i64 {
    let began = expected.checked_sub(BAR_MAX).map_or(began, |earliest| began.max(earliest));
    let (over, whole) = (now.duration_since(began), expected.duration_since(began));
    if whole.as_secs() <= 0 {
        return 100;
    }
    (over.as_secs() * 100 / whole.as_secs()).clamp(0, 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: &str) -> Timestamp {
        format!("2026-02-02T{hour}:00Z").parse().unwrap()
    }

    fn arrived(ahead: usize, p10: &str) -> Standing {
        Standing {
            status: Status::Arrived,
            present: true,
            today: Ordering::Equal,
            ahead,
            p10: Some(at(p10)),
            check_in_by: None,
        }
    }

    #[test]
    fn one_may_go_for_tea_while_it_is_worth_it() {
        for (p10, back_by) in [
            // 10 minutes to walk, told in steps of five, down.
            ("10:30", Some("10:20")),
            ("10:33", Some("10:20")),
            ("10:35", Some("10:25")),
            ("10:20", Some("10:10")),
            ("10:19", None),
            ("10:05", None),
            ("09:50", None),
        ] {
            let state = State::of(arrived(4, p10), at("10:00"));
            let expected = back_by.map_or(State::ComeBack, |by| State::Time { back_by: at(by) });
            assert_eq!(state, expected, "{p10}");
        }
    }

    #[test]
    fn nobody_is_told_to_be_back_later_than_is_safe() {
        let now = at("10:00");
        for seconds in 0..3 * 60 * 60 {
            let p10 = now + SignedDuration::from_secs(seconds);
            match State::of(Standing { p10: Some(p10), ..arrived(3, "10:00") }, now) {
                State::Time { back_by } => {
                    assert!(back_by + WALKING <= p10 && back_by >= now + WORTH_LEAVING, "{p10}");
                }
                other => assert!(
                    other == State::ComeBack
                        && p10 < now + WORTH_LEAVING + WALKING + SignedDuration::from_mins(5),
                    "{p10}"
                ),
            }
        }
    }

    #[test]
    fn who_is_next_stays_whatever_the_time_says() {
        assert_eq!(State::of(arrived(0, "11:30"), at("10:00")), State::ComeBack);
        let unknown = Standing { p10: None, ..arrived(4, "11:30") };
        assert_eq!(State::of(unknown, at("10:00")), State::ComeBack);
    }

    #[test]
    fn each_status_has_its_state() {
        for (status, expected) in [
            (Status::Waitlisted, State::Waitlisted),
            (Status::Booked, State::NotYet),
            (Status::Called, State::Turn),
            (Status::InConsultation, State::Inside),
            (Status::Passed, State::Missed),
            (Status::Completed, State::Seen),
            (Status::NoShow, State::NoShow),
            (Status::Cancelled, State::Cancelled),
        ] {
            let standing = Standing { status, present: false, ..arrived(2, "11:30") };
            assert_eq!(State::of(standing, at("10:00")), expected, "{status}");
        }
        let booked = Standing { status: Status::Booked, present: false, ..arrived(2, "11:30") };
        let later = Standing { today: Ordering::Less, ..booked };
        assert_eq!(State::of(later, at("10:00")), State::Later);
        // No check-in in this facility.
        let here = Standing { status: Status::Booked, ..arrived(2, "10:30") };
        assert_eq!(State::of(here, at("10:00")), State::Time { back_by: at("10:20") });
    }

    #[test]
    fn nobody_is_sent_anywhere_by_a_number_of_yesterday() {
        for status in Status::ALL {
            let standing = Standing { status, today: Ordering::Greater, ..arrived(2, "11:30") };
            let ended = status.next().is_empty();
            let state = State::of(standing, at("10:00"));
            assert_eq!(state == State::Past, !ended, "{status}: {state:?}");
            assert!(!state.waits(), "{status}");
        }
    }

    #[test]
    fn who_is_not_here_is_pressed_only_when_it_is_time() {
        let booked = |p10| Standing { status: Status::Booked, present: false, ..arrived(2, p10) };
        for (p10, by, expected) in [
            // Looked up in the morning, with an appointment at noon.
            ("12:30", Some("13:00"), State::NotYet),
            ("12:30", None, State::NotYet),
            ("10:31", None, State::NotYet),
            ("10:30", None, State::NotHere),
            ("09:50", Some("13:00"), State::NotHere),
            // The seat is not kept until the call.
            ("12:30", Some("10:20"), State::NotHere),
        ] {
            let standing = Standing { check_in_by: by.map(at), ..booked(p10) };
            assert_eq!(State::of(standing, at("10:00")), expected, "{p10} {by:?}");
        }
        let unknown = Standing { p10: None, ..booked("12:30") };
        assert_eq!(State::of(unknown, at("10:00")), State::NotHere);
    }

    #[test]
    fn the_bar_goes_from_coming_to_being_called() {
        for (began, expected, now, percent) in [
            ("09:00", "10:00", "09:00", 0),
            ("09:00", "10:00", "09:30", 50),
            ("09:00", "10:00", "10:10", 100),
            ("09:00", "09:00", "09:00", 100),
            // Booked at six, expected at twelve: what counts is the time from nine.
            ("06:00", "12:00", "09:00", 0),
            ("06:00", "12:00", "10:30", 50),
            ("06:00", "12:00", "08:00", 0),
        ] {
            assert_eq!(waited_percent(at(began), at(expected), at(now)), percent, "{began} {expected} {now}");
        }
    }
}
