//! A doctor-day that reads in a few lines: tokens are spoken of by their number, times by the wall clock.

mod commands;
mod hospital;

pub(crate) use commands::{AS_IT_IS, event, said};
pub(crate) use hospital::{Hospital, leave};

use baari_engine::{
    Beside, Book, Circumstances, Command, Day, DayKey, Decision, DoctorFacts, DoctorId, DoctorStatus,
    FacilityId, NewSlot, PatientFacts, PatientId, PatientStatus, Place, Refusal, SetStatus, Settings, Slot,
    SlotId, Source, Status, Token, TokenId, WantedStatus, Window, decide, queue,
};
use jiff::civil::{Date, date};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ToSpan};
use uuid::Uuid;

/// The date of the day; the clock stands on it unless a test says otherwise.
pub(crate) const DATE: Date = date(2026, 11, 23);

/// The doctor of the day.
pub(crate) fn doctor() -> DoctorId {
    DoctorId::from_uuid(Uuid::from_u128(2))
}

pub(crate) fn slot_id(n: u128) -> SlotId {
    SlotId::from_uuid(Uuid::from_u128(0x5000 + n))
}

pub(crate) fn token_id(n: u128) -> TokenId {
    TokenId::from_uuid(Uuid::from_u128(0x7000_0000 + n))
}

pub(crate) fn patient_id(n: u128) -> PatientId {
    PatientId::from_uuid(Uuid::from_u128(0x9000_0000 + n))
}

fn zone() -> TimeZone {
    TimeZone::fixed(Offset::from_seconds(19_800).unwrap())
}

/// The instant at which the clock shows `time` ("09:30") on a date.
pub(crate) fn instant(date: Date, time: &str) -> Timestamp {
    zone().to_timestamp(date.to_datetime(time.parse().unwrap())).unwrap()
}

/// "09:00-10:00" as a window of the day.
pub(crate) fn window(hours: &str) -> Window {
    window_on(DATE, hours)
}

fn window_on(date: Date, hours: &str) -> Window {
    let (start, end) = hours.split_once('-').unwrap();
    Window::new(date, start.parse().unwrap(), end.parse().unwrap(), &zone()).unwrap()
}

pub(crate) fn new_slot(n: u128, hours: &str, max_count: u32, hard_limit: u32) -> NewSlot {
    NewSlot { id: slot_id(n), window: window(hours), max_count, hard_limit }
}

/// One doctor-day with a clock, and commands that are put into effect at once.
#[derive(Clone)]
pub(crate) struct Opd {
    pub(crate) day: Day,
    pub(crate) settings: Settings,
    pub(crate) now: Timestamp,
    pub(crate) doctor: DoctorStatus,
    people: u128,
}

impl Opd {
    /// A day with these slots (hours, `max_count`, `hard_limit`), numbered from 0; the clock shows 08:00.
    pub(crate) fn new(slots: &[(&str, u32, u32)]) -> Self {
        Self::of(0, DATE, slots)
    }

    /// A date of the n-th doctor; the slots are numbered from 100 × n, the patients from 1000 × n.
    pub(crate) fn of(n: u128, date: Date, slots: &[(&str, u32, u32)]) -> Self {
        let doctor = DoctorId::from_uuid(Uuid::from_u128(2 + n));
        let key = DayKey { facility: FacilityId::from_uuid(Uuid::from_u128(1)), doctor, date };
        let (settings, now) = (Settings::default(), instant(DATE, "08:00"));
        let people = 1_000 * n;
        let mut opd = Self { day: Day::empty(key), settings, now, doctor: DoctorStatus::Active, people };
        let new = (100 * n..).zip(slots).map(|(id, (hours, max, hard))| NewSlot {
            window: window_on(date, hours),
            ..new_slot(id, hours, *max, *hard)
        });
        let new: Vec<_> = new.collect();
        if !new.is_empty() {
            opd.run(&Command::AddSlots(new)).unwrap();
        }
        opd
    }

    /// Sets the clock on the day itself.
    pub(crate) fn at(&mut self, time: &str) -> &mut Self {
        self.now = instant(DATE, time);
        self
    }

    /// Sets the clock to 08:00 this many days after the day itself.
    pub(crate) fn days_later(&mut self, days: i64) -> &mut Self {
        self.now = instant(DATE.checked_add(days.days()).unwrap(), "08:00");
        self
    }

    pub(crate) fn today(&self) -> Date {
        self.now.to_zoned(zone()).date()
    }

    /// Decides without putting it into effect.
    pub(crate) fn decide(&self, command: &Command) -> Result<Decision, Refusal> {
        decide(&self.day, &self.on(), command)
    }

    pub(crate) fn on(&self) -> Circumstances<'_> {
        let doctor = DoctorFacts::new(self.doctor, 10);
        Circumstances { now: self.now, today: self.today(), settings: &self.settings, doctor }
    }

    /// Decides, and puts it into effect.
    pub(crate) fn run(&mut self, command: &Command) -> Result<Decision, Refusal> {
        let decision = self.decide(command)?;
        self.day.apply(&decision);
        Ok(decision)
    }

    /// What a new patient asks for; change what differs.
    pub(crate) fn asking(&mut self, source: Source) -> Book {
        self.people += 1;
        let id = patient_id(self.people);
        Book {
            token: token_id(self.people),
            patient: PatientFacts {
                id,
                status: PatientStatus::Active,
                previous_doctor: Some(doctor()),
                last_seen_by: None,
            },
            source,
            slot: None,
            waitlist: false,
            override_why: None,
            checked_in: None,
            appointment_at: None,
            earlier_ok: false,
        }
    }

    pub(crate) fn ask(&mut self, book: Book) -> Result<Token, Refusal> {
        let id = book.token;
        self.run(&Command::Book(book))?;
        Ok(self.day.token(id).unwrap().clone())
    }

    /// A new patient's token.
    pub(crate) fn book(&mut self, source: Source) -> Token {
        let asking = self.asking(source);
        self.ask(asking).unwrap()
    }

    /// A new patient's token in this slot.
    pub(crate) fn book_in(&mut self, slot: u128, source: Source) -> Token {
        let asking = self.asking(source);
        self.ask(Book { slot: Some(slot_id(slot)), ..asking }).unwrap()
    }

    /// A new patient who waits when there is no seat.
    pub(crate) fn book_or_wait(&mut self, source: Source) -> Token {
        let asking = self.asking(source);
        self.ask(Book { waitlist: true, ..asking }).unwrap()
    }

    pub(crate) fn try_set(&mut self, token_no: u32, status: Status) -> Result<Decision, Refusal> {
        self.try_want(token_no, WantedStatus::Exactly(status))
    }

    pub(crate) fn try_want(&mut self, token_no: u32, status: WantedStatus) -> Result<Decision, Refusal> {
        let token = self.token(token_no).id;
        self.run(&Command::SetStatus(SetStatus { token, status }))
    }

    /// Takes a token through these statuses.
    pub(crate) fn set(&mut self, token_no: u32, statuses: &[Status]) -> &mut Self {
        for &status in statuses {
            self.try_set(token_no, status).unwrap();
        }
        self
    }

    /// Puts a token right before another one.
    pub(crate) fn before(&mut self, token_no: u32, other: u32) -> Result<Decision, Refusal> {
        let beside = Beside::Before(self.token(other).id);
        self.place(token_no, beside)
    }

    /// Puts a token right behind another one.
    pub(crate) fn behind(&mut self, token_no: u32, other: u32) -> Result<Decision, Refusal> {
        let beside = Beside::Behind(self.token(other).id);
        self.place(token_no, beside)
    }

    fn place(&mut self, token_no: u32, beside: Beside) -> Result<Decision, Refusal> {
        let token = self.token(token_no).id;
        self.run(&Command::Place(Place { token, beside, why: "came with a wheelchair".into() }))
    }

    pub(crate) fn token(&self, token_no: u32) -> &Token {
        self.day.tokens().iter().find(|token| token.token_no == token_no).unwrap()
    }

    pub(crate) fn status(&self, token_no: u32) -> Status {
        self.token(token_no).status
    }

    /// The sequence number as it is shown.
    pub(crate) fn number(&self, token_no: u32) -> String {
        self.token(token_no).sequence.unwrap().to_string()
    }

    pub(crate) fn slot(&self, n: u128) -> &Slot {
        self.day.slot(slot_id(n)).unwrap()
    }

    /// Seats taken in each slot.
    pub(crate) fn counts(&self) -> Vec<u32> {
        self.day.slots().iter().map(|slot| slot.current_count).collect()
    }

    /// The token numbers in the order of the queue.
    pub(crate) fn queue(&self) -> Vec<u32> {
        queue(&self.day, &self.settings, self.now).iter().map(|place| place.token.token_no).collect()
    }

    /// The token numbers of those who can be called, in the order of the queue.
    pub(crate) fn present(&self) -> Vec<u32> {
        let places = queue(&self.day, &self.settings, self.now);
        places.iter().filter(|place| place.present).map(|place| place.token.token_no).collect()
    }
}

/// The name of a refusal's variant.
pub(crate) fn kind(refusal: &Refusal) -> String {
    format!("{refusal:?}").chars().take_while(char::is_ascii_alphanumeric).collect()
}
