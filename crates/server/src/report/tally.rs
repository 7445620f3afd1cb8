//! What is added up: one [`Tally`] for all, and one for each date, doctor, source and hour. Pure: the same days give the same
//! figures, in whatever order they come.

use std::collections::{BTreeMap, HashMap};

use baari_engine::{Day, DoctorId, Slot, SlotStatus, Source, Status, Token, TokenId, ready};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::move_cause::Cause;
use super::parts::{by_hour, hour};

/// Longer than a day is a visit that somebody forgot to finish.
const VISIT_MAX: SignedDuration = SignedDuration::from_hours(24);
/// Being told a time that is too early by more than this is what people complain of.
const TOO_EARLY: SignedDuration = SignedDuration::from_mins(10);
const MINUTE_US: i128 = 60_000_000;

/// How a token was moved within its doctor-day, or into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Moved {
    by_plan: bool,
    by_hand: bool,
}

impl Moved {
    pub(super) const fn add(&mut self, cause: Cause) {
        match cause {
            Cause::Plan => self.by_plan = true,
            Cause::Hand => self.by_hand = true,
        }
    }
}

/// What became of a token, as far as one can tell now: exactly one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Seen,
    NoShow,
    Cancelled,
    /// Waits for a seat, or gave up waiting, and never had one.
    NeverSeated,
    /// The same, but had one until the doctor left, or the slot was cancelled or made smaller.
    LostSeat,
    /// Has a seat, and is still to be seen.
    Open,
}

impl Ending {
    const fn of(token: &Token) -> Self {
        // A number comes with a seat, and goes with it, but not with a cancellation.
        let seated = token.sequence.is_some();
        match token.status {
            Status::Completed => Self::Seen,
            Status::NoShow => Self::NoShow,
            Status::Cancelled if seated => Self::Cancelled,
            Status::Waitlisted | Status::Cancelled if token.promised_at.is_some() => Self::LostSeat,
            Status::Waitlisted | Status::Cancelled => Self::NeverSeated,
            _ => Self::Open,
        }
    }
}

/// What is told of one token.
#[derive(Debug, Clone, Copy)]
struct Told {
    ending: Ending,
    moved: Moved,
    displaced: bool,
    /// From ready to call, of those who were seen.
    wait: Option<SignedDuration>,
    /// The visit, of those who were seen.
    visit: Option<(Timestamp, Timestamp)>,
    /// How much later than promised the call came, of those who were seen; negative when earlier.
    late: Option<SignedDuration>,
}

impl Told {
    fn of(token: &Token, expected_at: Option<Timestamp>, moved: Moved) -> Self {
        let ending = Ending::of(token);
        let called_at = token.called_at.filter(|_| ending == Ending::Seen);
        let since = |at: Option<Timestamp>| Some(called_at?.duration_since(at?));
        let visit = token.started_at.zip(token.ended_at).filter(|_| ending == Ending::Seen);
        Self {
            ending,
            moved,
            displaced: token.displaced,
            wait: since(expected_at).map(|wait| wait.max(SignedDuration::ZERO)),
            visit: visit
                .map(|(from, to)| (from, to.clamp(from, from.saturating_add(VISIT_MAX).unwrap_or(to)))),
            late: since(token.promised_at),
        }
    }
}

/// The sums of some tokens and slots.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Tally {
    /// Tokens of these doctor-days, as they are now.
    pub(crate) booked: u32,
    /// Completed.
    pub(crate) seen: u32,
    /// Never came, or not again.
    pub(crate) no_shows: u32,
    /// Gave their seat back.
    pub(crate) cancelled: u32,
    /// On the waiting list till the end, or until they gave up.
    pub(crate) never_seated: u32,
    /// The same, but had a seat before.
    pub(crate) lost_seat: u32,
    /// Still to be seen.
    pub(crate) open: u32,
    /// Moved by the planner.
    pub(crate) moved_by_plan: u32,
    /// Moved by somebody.
    pub(crate) moved_by_hand: u32,
    /// Gave way to a higher band.
    pub(crate) displaced: u32,
    /// Seen, with a promise.
    pub(crate) promises: u32,
    told_too_early: u32,
    error_us: i128,
    /// How many waited so many minutes, rounded up: all that a percentile needs.
    waits: BTreeMap<i128, u32>,
    wait_us: i128,
    visits: u32,
    visit_us: i128,
    consultation_us: i128,
    slot_us: i128,
}

impl Tally {
    fn add(&mut self, told: &Told) {
        self.booked += 1;
        *match told.ending {
            Ending::Seen => &mut self.seen,
            Ending::NoShow => &mut self.no_shows,
            Ending::Cancelled => &mut self.cancelled,
            Ending::NeverSeated => &mut self.never_seated,
            Ending::LostSeat => &mut self.lost_seat,
            Ending::Open => &mut self.open,
        } += 1;
        self.moved_by_plan += u32::from(told.moved.by_plan);
        self.moved_by_hand += u32::from(told.moved.by_hand);
        self.displaced += u32::from(told.displaced);
        if let Some(wait) = told.wait {
            *self.waits.entry(up_to_minute(wait.as_micros())).or_default() += 1;
            self.wait_us += wait.as_micros();
        }
        if let Some((from, to)) = told.visit {
            self.visits += 1;
            self.visit_us += to.duration_since(from).as_micros();
        }
        if let Some(late) = told.late {
            self.promises += 1;
            self.error_us += late.as_micros().abs();
            self.told_too_early += u32::from(late > TOO_EARLY);
        }
    }

    /// Mean wait, in minutes.
    pub(crate) fn wait_mean(&self) -> Option<f64> {
        mean(self.wait_us, self.waits.values().sum())
    }

    /// 95 of 100 waited no longer than this, in whole minutes: of n waits in order the ⌈0.95 n⌉-th, rounded up.
    pub(crate) fn wait_p95(&self) -> Option<u32> {
        let count: u64 = self.waits.values().map(|count| u64::from(*count)).sum();
        let rank = (count * 95).div_ceil(100);
        let mut counted = 0;
        let at = self.waits.iter().find(|(_, count)| {
            counted += u64::from(**count);
            counted >= rank
        });
        at.and_then(|(minutes, _)| u32::try_from(*minutes).ok())
    }

    /// Mean length of a visit, in minutes.
    pub(crate) fn visit_mean(&self) -> Option<f64> {
        mean(self.visit_us, self.visits)
    }

    /// With patients, in minutes.
    pub(crate) fn consultation_minutes(&self) -> f64 {
        minutes(self.consultation_us)
    }

    /// The slots that took place, in minutes.
    pub(crate) fn slot_minutes(&self) -> f64 {
        minutes(self.slot_us)
    }

    /// Time with patients ÷ the slots' time; above 1 when the doctor works on after them.
    pub(crate) fn utilisation(&self) -> Option<f64> {
        (self.slot_us > 0).then(|| self.consultation_us as f64 / self.slot_us as f64)
    }

    /// Mean distance of what was promised from the call, in minutes.
    pub(crate) fn error_mean(&self) -> Option<f64> {
        mean(self.error_us, self.promises)
    }

    /// The share of promises that were too early by more than 10 minutes.
    pub(crate) fn too_early_share(&self) -> Option<f64> {
        (self.promises > 0).then(|| f64::from(self.told_too_early) / f64::from(self.promises))
    }
}

fn up_to_minute(us: i128) -> i128 {
    (us + MINUTE_US - 1) / MINUTE_US
}

fn minutes(us: i128) -> f64 {
    us as f64 / MINUTE_US as f64
}

fn mean(us: i128, count: u32) -> Option<f64> {
    (count > 0).then(|| minutes(us) / f64::from(count))
}

/// The sums of a report.
#[derive(Debug)]
pub(crate) struct Tallies {
    zone: TimeZone,
    pub(crate) total: Tally,
    pub(crate) dates: BTreeMap<Date, Tally>,
    pub(crate) doctors: BTreeMap<DoctorId, Tally>,
    pub(crate) sources: BTreeMap<Source, Tally>,
    /// By the hour of the wall clock; none: without a seat and a time.
    pub(crate) hours: BTreeMap<Option<i8>, Tally>,
}

impl Tallies {
    /// Nothing yet, of a facility in this zone.
    pub(crate) fn new(zone: TimeZone) -> Self {
        Self {
            zone,
            total: Tally::default(),
            dates: BTreeMap::new(),
            doctors: BTreeMap::new(),
            sources: Source::ALL.map(|source| (source, Tally::default())).into(),
            hours: BTreeMap::new(),
        }
    }

    /// Adds a doctor-day. Which of its tokens were moved is told by `moved`.
    pub(crate) fn add(&mut self, day: &Day, moved: &HashMap<TokenId, Moved>) {
        // Also a day on which nothing took place has its rows.
        self.groups(day, None);
        for token in day.tokens() {
            let moved = moved.get(&token.id).copied().unwrap_or_default();
            self.add_token(day, token, moved);
        }
        for slot in day.slots().iter().filter(|slot| slot.status != SlotStatus::Cancelled) {
            self.add_slot(day, slot);
        }
    }

    fn add_token(&mut self, day: &Day, token: &Token, moved: Moved) {
        let expected_at = expected_at(token, token.slot.and_then(|slot| day.slot(slot)));
        let told = Told::of(token, expected_at, moved);
        let hour = expected_at.map(|at| hour(at, &self.zone));
        self.groups(day, Some(token.source)).into_iter().for_each(|tally| tally.add(&told));
        self.hours.entry(hour).or_default().add(&told);
        let Some((from, to)) = told.visit else { return };
        let length = to.duration_since(from).as_micros();
        self.groups(day, Some(token.source)).into_iter().for_each(|tally| tally.consultation_us += length);
        for (hour, part) in by_hour(from, to, &self.zone) {
            self.hours.entry(Some(hour)).or_default().consultation_us += part.as_micros();
        }
    }

    fn add_slot(&mut self, day: &Day, slot: &Slot) {
        let (from, to) = (slot.window.starts_at(), slot.window.ends_at());
        let length = to.duration_since(from).as_micros();
        self.groups(day, None).into_iter().for_each(|tally| tally.slot_us += length);
        for (hour, part) in by_hour(from, to, &self.zone) {
            self.hours.entry(Some(hour)).or_default().slot_us += part.as_micros();
        }
    }

    /// All that something of this day is added to, but for the hours; a slot is of no source.
    fn groups(&mut self, day: &Day, source: Option<Source>) -> Vec<&mut Tally> {
        let key = day.key();
        let date = self.dates.entry(key.date).or_default();
        let doctor = self.doctors.entry(key.doctor).or_default();
        let source = source.map(|source| self.sources.entry(source).or_default());
        [&mut self.total, date, doctor].into_iter().chain(source).collect()
    }
}

/// From when on the patient may fairly expect to be called: the later of check-in and appointment, without a check-in the
/// appointment, without both the slot's start.
fn expected_at(token: &Token, slot: Option<&Slot>) -> Option<Timestamp> {
    match slot {
        Some(slot) => Some(ready(token, slot)),
        None => token.arrived_at.max(token.appointment_at),
    }
}

#[cfg(test)]
mod tests;
