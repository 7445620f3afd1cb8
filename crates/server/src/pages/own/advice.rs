//! What a patient should do now: go for tea, come back, come in. Pure: a token's standing and the clock are all it looks at.

use std::cmp::Ordering;

use baari_engine::Status;
use jiff::{SignedDuration, Timestamp, ToSpan};

/// From the tea stall across the road to the doctor's door.
const WALKING: SignedDuration = SignedDuration::from_mins(5);
/// To leave for less than this is not worth the walk.
const WORTH_LEAVING: SignedDuration = SignedDuration::from_mins(10);
/// A call that can come within so short a time can come at any moment.
const ANY_MOMENT: SignedDuration = SignedDuration::from_mins(5);
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
    /// Today, has not checked in, and need not yet; when to come by.
    NotYet { come_by: Option<Timestamp> },
    /// Should check in, by then; at once if none.
    NotHere { come_by: Option<Timestamp> },
    /// May go, and be back by then.
    Time { back_by: Timestamp },
    /// Should stay: from then on the call can come.
    Wait { from: Timestamp },
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
    /// The doctor has said not to be here before this time.
    pub(super) resumes_at: Option<Timestamp>,
}

impl Standing {
    /// When somebody who is not here should be: in time for the first call that can be expected, while the seat is kept. None
    /// when that is now.
    fn come_by(&self, now: Timestamp) -> Option<Timestamp> {
        let in_time = self.p10.and_then(in_time);
        let both = in_time.zip(self.check_in_by).map(|(in_time, kept)| in_time.min(kept));
        both.or(in_time).or(self.check_in_by).filter(|by| *by > now)
    }

    /// What somebody who is here should do until they are called.
    fn until_called(&self, now: Timestamp) -> State {
        let away = self.resumes_at.filter(|at| *at > now);
        let Some(from) = self.p10.max(away) else { return State::ComeBack };
        // Who is next stays: doctors begin earlier than planned, but not earlier than they have said themselves.
        let may_go = self.ahead > 0 || away.is_some();
        let back_by = in_time(from).filter(|by| may_go && by.duration_since(now) >= WORTH_LEAVING);
        match back_by {
            Some(back_by) => State::Time { back_by },
            None if away.is_some() || from.duration_since(now) > ANY_MOMENT => State::Wait { from },
            None => State::ComeBack,
        }
    }

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
            Status::Booked if !standing.present => {
                let come_by = standing.come_by(now);
                if standing.is_far(now) { Self::NotYet { come_by } } else { Self::NotHere { come_by } }
            }
            Status::Booked | Status::Arrived => standing.until_called(now),
        }
    }

    /// What it is called in texts and in the style sheet.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Waitlisted => "waitlisted",
            Self::Later => "later",
            Self::Past => "past",
            Self::NotYet { .. } => "not-yet",
            Self::NotHere { .. } => "not-here",
            Self::Time { .. } => "time",
            Self::Wait { .. } => "wait",
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
        matches!(self, Self::Later | Self::ComeBack)
            || self.comes()
            || matches!(self, Self::Time { .. } | Self::Wait { .. })
    }

    /// The patient is not here, and still has to come today.
    pub(super) const fn comes(self) -> bool {
        matches!(self, Self::NotYet { .. } | Self::NotHere { .. })
    }
}

/// When to be at the door if the call can come from then on.
fn in_time(from: Timestamp) -> Option<Timestamp> {
    let by = from.checked_sub(WALKING).ok()?;
    by.checked_sub(by.as_second().rem_euclid(STEP_SECONDS).seconds()).ok()
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
            resumes_at: None,
        }
    }

    fn time(back_by: &str) -> State {
        State::Time { back_by: at(back_by) }
    }

    fn wait(from: &str) -> State {
        State::Wait { from: at(from) }
    }

    #[test]
    fn one_may_go_for_tea_while_it_is_worth_it() {
        for (p10, now, expected) in [
            // 5 minutes to walk, told in steps of five, down.
            ("10:30", "10:00", time("10:25")),
            ("10:33", "10:00", time("10:25")),
            ("10:15", "10:00", time("10:10")),
            ("10:05", "09:42", time("10:00")),
            ("10:02", "09:41", time("09:55")),
            ("10:14", "10:00", wait("10:14")),
            ("10:06", "10:00", wait("10:06")),
            // As good as now.
            ("10:05", "10:00", State::ComeBack),
            ("09:50", "10:00", State::ComeBack),
        ] {
            assert_eq!(State::of(arrived(4, p10), at(now)), expected, "{p10} at {now}");
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
                State::Wait { from } => {
                    assert!(from == p10 && p10 > now + ANY_MOMENT, "{p10}");
                    assert!(p10 < now + WORTH_LEAVING + WALKING + SignedDuration::from_mins(5), "{p10}");
                }
                other => assert!(other == State::ComeBack && p10 <= now + ANY_MOMENT, "{p10}"),
            }
        }
    }

    #[test]
    fn who_is_next_stays_whatever_the_time_says() {
        assert_eq!(State::of(arrived(0, "11:30"), at("10:00")), wait("11:30"));
        assert_eq!(State::of(arrived(0, "10:00"), at("10:00")), State::ComeBack);
        let unknown = Standing { p10: None, ..arrived(4, "11:30") };
        assert_eq!(State::of(unknown, at("10:00")), State::ComeBack);
    }

    #[test]
    fn nobody_is_called_while_the_doctor_is_away() {
        for (ahead, p10, resumes_at, expected) in [
            (0, Some("10:14"), "10:14", wait("10:14")),
            (2, Some("10:20"), "10:14", time("10:15")),
            (0, Some("10:30"), "10:30", time("10:25")),
            (0, None, "10:04", wait("10:04")),
            (0, Some("10:01"), "10:04", wait("10:04")),
            // It is over.
            (0, Some("10:00"), "10:00", State::ComeBack),
        ] {
            let resumes_at = Some(at(resumes_at));
            let standing = Standing { p10: p10.map(at), resumes_at, ..arrived(ahead, "10:00") };
            assert_eq!(State::of(standing, at("10:00")), expected, "{ahead} {p10:?} {resumes_at:?}");
        }
    }

    #[test]
    fn each_status_has_its_state() {
        for (status, expected) in [
            (Status::Waitlisted, State::Waitlisted),
            (Status::Booked, State::NotYet { come_by: Some(at("11:25")) }),
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
        assert_eq!(State::of(here, at("10:00")), time("10:25"));
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
        let (far, near) = (|come_by| State::NotYet { come_by }, |come_by| State::NotHere { come_by });
        for (p10, kept, state, come_by) in [
            // Looked up in the morning, with an appointment at noon.
            (Some("12:30"), Some("13:00"), far as fn(_) -> _, Some("12:25")),
            (Some("12:30"), None, far, Some("12:25")),
            (Some("10:31"), None, far, Some("10:25")),
            (Some("10:30"), None, near, Some("10:25")),
            // The seat is kept for longer than the turn may take to come.
            (Some("10:22"), Some("10:28"), near, Some("10:15")),
            (Some("10:04"), Some("10:28"), near, None),
            (Some("09:50"), Some("13:00"), near, None),
            // The seat is not kept until the call.
            (Some("12:30"), Some("10:20"), near, Some("10:20")),
            (None, Some("10:20"), near, Some("10:20")),
            (None, None, near, None),
        ] {
            let standing = Standing {
                status: Status::Booked,
                present: false,
                p10: p10.map(at),
                check_in_by: kept.map(at),
                ..arrived(2, "12:30")
            };
            let expected = state(come_by.map(at));
            assert_eq!(State::of(standing, at("10:00")), expected, "{p10:?} {kept:?}");
            let too_late = p10.zip(come_by).is_some_and(|(p10, by)| at(by) > at(p10));
            assert!(!too_late, "nobody is told to come after the call can have been");
        }
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
