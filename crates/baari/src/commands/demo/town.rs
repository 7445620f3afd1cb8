//! The living part: patients and doctors who act by the desk's own commands, as a program with a key would. Whoever uses the
//! demonstration comes first: what they have changed is looked at anew, and a doctor whose room they run is left to them.

mod doctors;
mod patients;

use std::time::Duration;

use anyhow::Context;
use baari_desk::{DeskError, Done, Order};
use baari_engine::{Command, DayKey, EventKind, Status};
use baari_store::StoreError;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::day::{Day, Happening};
use super::hospital::{CLOSES, Hospital, WEEKDAYS};
use doctors::Room;

/// How often the town looks what is due, by the machine's own time.
const LOOKS_EVERY: Duration = Duration::from_millis(100);
/// How long it waits when the desk is busy or the database is away.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long a doctor leaves the room to whoever has run it by hand.
const HANDS_OFF: SignedDuration = SignedDuration::from_mins(15);
/// Events read at a time.
const EVENTS: u32 = 500;
/// When a day begins: some are there already, and the doctors are about to come.
pub(super) const BEGINS: Time = Time::constant(8, 55, 0, 0);
/// After this nobody waits for those who are left over.
const GOES_HOME: Time = Time::constant(18, 0, 0, 0);
/// How long the last page of a day stays to be read.
const EVENING: SignedDuration = SignedDuration::from_mins(10);

/// The town.
pub(super) struct Town {
    hospital: Hospital,
    zone: TimeZone,
    seed: u64,
    today: Day,
    next: Day,
    rooms: Vec<Room>,
    /// Events up to this one are known.
    heard: u64,
    /// When everybody has gone home.
    ends: Option<Timestamp>,
}

/// The first working day that is not before this one.
pub(super) fn working(date: Date) -> Date {
    let open = |date: &Date| WEEKDAYS.contains(&date.weekday());
    date.series(1.day()).take(7).find(open).unwrap_or(date)
}

fn next_working(date: Date) -> Date {
    working(date.checked_add(1.day()).unwrap_or(date))
}

impl Town {
    /// On the day that the desk's clock shows; all who have booked have their tokens.
    pub(super) async fn new(hospital: Hospital, zone: TimeZone, seed: u64) -> anyhow::Result<Self> {
        let date = zone.to_datetime(hospital.desk.now()).date();
        let (mut today, next) = (Day::new(seed, date)?, Day::new(seed, next_working(date))?);
        hospital.open_slots(&mut today).await.context("making today's slots")?;
        for index in today.ahead().collect::<Vec<_>>() {
            hospital.book(&mut today, index).await.context("booking today's patients")?;
        }
        let mut town = Self {
            rooms: hospital.doctors.iter().map(|_| Room::default()).collect(),
            hospital,
            zone,
            seed,
            today,
            next,
            heard: 0,
            ends: None,
        };
        town.begin().await.context("beginning the day")?;
        Ok(town)
    }

    /// Lives for ever.
    pub(super) async fn live(mut self) {
        loop {
            tokio::time::sleep(LOOKS_EVERY).await;
            if let Err(error) = self.look().await {
                tracing::debug!(%error, "the town waits");
                tokio::time::sleep(PATIENCE).await;
            }
        }
    }

    async fn look(&mut self) -> Result<(), DeskError> {
        self.notice_visitors().await?;
        let now = self.hospital.desk.now();
        while let Some((key, happening)) = self.today.due(now) {
            self.happens(happening).await?;
            self.today.done(key);
        }
        let mut waits = false;
        for room in 0..self.rooms.len() {
            waits |= self.look_after_room(room, now).await?;
        }
        self.end_of_day(now, waits).await
    }

    /// The day's agenda, and what is booked today for the next one.
    async fn begin(&mut self) -> Result<(), DeskError> {
        self.hospital.open_slots(&mut self.next).await?;
        self.today.begin();
        let minutes = self.zone.to_timestamp(self.today.date.to_datetime(CLOSES));
        let minutes = minutes.map_or(240.0, |closes| self.today.opening.minute(closes));
        let ahead: Vec<usize> = self.next.ahead().collect();
        for (nth, index) in ahead.iter().enumerate() {
            let minute = minutes * nth as f64 / ahead.len() as f64;
            self.today.put_minute(minute, Happening::BooksNext(*index));
        }
        Ok(())
    }

    /// When nobody is left, the clock jumps to the next morning.
    async fn end_of_day(&mut self, now: Timestamp, waits: bool) -> Result<(), DeskError> {
        let at = |time| self.zone.to_timestamp(self.today.date.to_datetime(time)).unwrap_or(now);
        let is_over = self.today.is_over() && !waits && now >= at(CLOSES);
        if !is_over && now < at(GOES_HOME) {
            self.ends = None;
            return Ok(());
        }
        if now < *self.ends.get_or_insert(now + EVENING) {
            return Ok(());
        }
        let date = self.next.date;
        let day = Day::new(self.seed, next_working(date));
        let (Ok(morning), Ok(day)) = (self.zone.to_timestamp(date.to_datetime(BEGINS)), day) else {
            return Ok(());
        };
        self.hospital.desk.clock().advance(morning);
        self.hospital.desk.lapse_everywhere().await?;
        self.today = std::mem::replace(&mut self.next, day);
        self.rooms.fill_with(Room::default);
        self.ends = None;
        self.begin().await
    }

    /// Whoever runs a room by hand is not disturbed.
    async fn notice_visitors(&mut self) -> Result<(), DeskError> {
        loop {
            let (store, facility) = (self.hospital.desk.store(), self.hospital.facility);
            let events = store.event_list(facility, self.heard, EVENTS).await?;
            let Some(last) = events.last() else { return Ok(()) };
            self.heard = last.number;
            for heard in &events {
                let by_hand = heard.event.actor.starts_with("user:") && is_of_the_room(heard.event.kind);
                let room = self.hospital.doctors.iter().position(|doctor| *doctor == heard.day.doctor);
                if by_hand && let Some(room) = room {
                    self.rooms[room].left_alone_until = Some(heard.event.at + HANDS_OFF);
                }
            }
        }
    }
}

/// What is done in a doctor's room.
fn is_of_the_room(kind: EventKind) -> bool {
    use Status::{Called, Completed, InConsultation, Passed};
    match kind {
        EventKind::Became(status) => matches!(status, Called | InConsultation | Completed | Passed),
        EventKind::Recalled | EventKind::Undone | EventKind::DelaySaid | EventKind::DoctorLeft => true,
        _ => false,
    }
}

impl Hospital {
    pub(super) fn day(&self, doctor: usize, date: Date) -> DayKey {
        DayKey { facility: self.facility, doctor: self.doctors[doctor], date }
    }

    /// The slots that the schedules give for this day.
    pub(super) async fn open_slots(&self, day: &mut Day) -> Result<(), DeskError> {
        day.slots.clear();
        for at in 0..self.doctors.len() {
            let (doctor, date) = (self.doctors[at], day.date);
            self.desk.slots_generate(self.facility, doctor, date, date, &self.actor).await?;
            let slots = |day: &baari_engine::Day| {
                let mut slots: Vec<_> =
                    day.slots().iter().map(|slot| (slot.window.start(), slot.id)).collect();
                slots.sort_unstable();
                slots.into_iter().map(|(_, id)| id).collect()
            };
            day.slots.push(self.desk.look(self.day(at, date), |snapshot| slots(snapshot.day)).await?);
        }
        Ok(())
    }

    /// Does this; none if the desk has something against it, which is nothing unusual: somebody was first.
    pub(super) async fn execute(&self, day: DayKey, command: Command) -> Result<Option<Done>, DeskError> {
        let order = Order { command, actor: self.actor.clone(), if_match: None, keyed: None };
        done(self.desk.execute(day, &order).await)
    }
}

/// What was done, if anything was; only what may be otherwise in a moment is worth waiting for.
pub(super) fn done<T>(outcome: Result<T, DeskError>) -> Result<Option<T>, DeskError> {
    match outcome {
        Ok(done) => Ok(Some(done)),
        Err(error @ (DeskError::Busy | DeskError::Store(StoreError::Unavailable(_)))) => Err(error),
        Err(error) => {
            tracing::debug!(%error, "somebody in the town was refused");
            Ok(None)
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_hospital_is_closed_on_sundays() {
        for (from, expected) in [
            (date(2026, 2, 2), date(2026, 2, 2)),
            (date(2026, 2, 7), date(2026, 2, 7)),
            (date(2026, 2, 8), date(2026, 2, 9)),
        ] {
            assert_eq!(working(from), expected);
        }
        assert_eq!(next_working(date(2026, 2, 7)), date(2026, 2, 9));
    }
}
