//! Commands of all kinds, most of them sensible, some not.

use baari_engine::{
    Band, Beside, Book, ChangeSlot, Command, Delay, DoctorStatus, Leave, NewSlot, Next, PatientFacts,
    PatientId, PatientStatus, PerSource, Place, PolicyKind, SetStatus, Settings, SlotId, SlotStatus, Source,
    Status, Token, TokenId, Transfer, WantedStatus, Window,
};
use jiff::civil::{Date, time};
use jiff::{SignedDuration, Timestamp};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use uuid::Uuid;

use super::world::{DATE, Setup, Timed, World, doctor_id, instant, minutes, slot_id, token_id, zone};

/// One sequence's draws.
pub(crate) struct Draws {
    stream: ChaCha8Rng,
    now: Timestamp,
    drawn: u64,
    /// Slots are drawn for both doctors first.
    to_open: Vec<usize>,
    /// Puts people beside each other again and again, until no midpoint is left.
    crowding: bool,
}

impl Draws {
    pub(crate) fn new(seed: u64) -> Self {
        let now = instant(DATE, time(8, 0, 0, 0));
        let mut stream = ChaCha8Rng::seed_from_u64(seed);
        let crowding = stream.random_range(0..100) < 12;
        Self { stream, now, drawn: 0, to_open: vec![0, 1], crowding }
    }

    fn chance(&mut self, percent: u32) -> bool {
        self.stream.random_range(0..100) < percent
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.stream.random_range(0..of.len())]
    }

    fn up_to(&mut self, most: i64) -> i64 {
        self.stream.random_range(0..=most)
    }

    pub(crate) fn setup(&mut self) -> Setup {
        let policies: Vec<PolicyKind> = PolicyKind::all().collect();
        let mut settings = Settings {
            policy: if self.chance(40) { PolicyKind::Band } else { self.one(&policies) },
            check_in: self.chance(75),
            grace: minutes(self.one(&[0, 3, 10, 10, 10])),
            pull_forward: self.chance(60),
            displacement: self.chance(60),
            other_doctors: self.chance(75),
            rejoin_behind: self.one(&[0, 1, 2, 2, 3]),
            rejoins_max: self.one(&[0, 1, 2, 2]),
            ..Settings::default()
        };
        if self.chance(20) {
            let bands = [0; 5].map(|_: u8| Band::new(self.one(&[1, 2, 3, 5, 8, 9])).unwrap());
            settings.bands = PerSource::new(bands);
        }
        let status = |away: bool| if away { DoctorStatus::OnLeave } else { DoctorStatus::Active };
        let doctors = [status(self.chance(3)), status(self.chance(10))];
        let other_date = if self.chance(15) { DATE.tomorrow().unwrap() } else { DATE };
        if self.chance(15) {
            self.now = instant(DATE.yesterday().unwrap(), time(18, 0, 0, 0));
        }
        Setup { settings, doctors, other_date }
    }

    /// The next command of a sequence.
    pub(crate) fn next(&mut self, world: &World<'_>) -> Timed {
        self.drawn += 1;
        self.tick();
        let together = self.chance(60);
        let (doctor, command) = match self.to_open.pop() {
            Some(doctor) => (doctor, Command::AddSlots(self.first_slots(world.days[doctor].key().date))),
            None => {
                let doctor = usize::from(self.chance(35));
                (doctor, self.command(world, doctor))
            }
        };
        Timed { now: self.now, doctor, together, command }
    }

    fn tick(&mut self) {
        let step = match self.up_to(99) {
            0..=24 => SignedDuration::ZERO,
            25..=79 => SignedDuration::from_secs(self.up_to(240)),
            80..=94 => minutes(self.up_to(8)),
            95..=97 => minutes(self.up_to(30)),
            98 => minutes(-self.up_to(2)),
            _ => minutes(60 + self.up_to(60)),
        };
        self.now += step;
        let morning = instant(DATE, time(8, 30, 0, 0));
        if self.drawn == 25 && self.now < morning {
            self.now = morning;
        }
    }

    fn first_slots(&mut self, date: Date) -> Vec<NewSlot> {
        let mut slots = Vec::new();
        let mut start = time(9, 0, 0, 0);
        for n in 0..=2 + self.up_to(2) {
            let end = start + minutes(self.one(&[30, 60, 60, 120]));
            slots.extend(self.slot(date, start, end, n.unsigned_abs()));
            start = end + minutes(self.one(&[0, 0, 0, 30]));
        }
        slots
    }

    fn slot(
        &mut self,
        date: Date,
        start: jiff::civil::Time,
        end: jiff::civil::Time,
        n: u64,
    ) -> Option<NewSlot> {
        let window = Window::new(date, start, end, &zone())?;
        let max_count = self.stream.random_range(1..=5);
        let hard_limit = max_count + self.stream.random_range(0..=2);
        Some(NewSlot { id: slot_id(self.drawn * 10 + n), window, max_count, hard_limit })
    }

    fn command(&mut self, world: &World<'_>, doctor: usize) -> Command {
        if self.crowding && self.drawn > 40 && self.chance(75) {
            return self.crowd(world, doctor);
        }
        match self.up_to(99) {
            0..=27 => self.book(world, doctor),
            28..=47 => self.set_status(world, doctor),
            48..=63 => self.next_call(world, doctor),
            64..=68 => self.place(world, doctor),
            69..=75 => self.transfer(world, doctor),
            76..=79 => Command::AgreeEarlier {
                token: self.token(world, doctor, |_| true),
                earlier_ok: self.chance(80),
            },
            80..=84 => Command::Lapse,
            85..=89 => Command::Undo,
            90 => Command::Recall(self.token(world, doctor, |token| token.status == Status::Called)),
            91 | 92 => {
                let minutes = self.one(&[0, 5, 20, 45]);
                Command::Delay(Delay { minutes, keeps_later: minutes == 5, why: self.why() })
            }
            93..=97 => self.change_slot(world, doctor),
            98 => self.leave(),
            _ => Command::AddSlots(self.one_more_slot(world, doctor)),
        }
    }

    fn why(&mut self) -> Option<String> {
        self.chance(70).then(|| "because of the rain".to_owned())
    }

    fn book(&mut self, world: &World<'_>, doctor: usize) -> Command {
        let patient = PatientId::from_uuid(Uuid::from_u64_pair(5, self.stream.random_range(0..90)));
        let again = self.chance(1);
        let token = if again { self.token(world, doctor, |_| true) } else { token_id(self.drawn) };
        let known_elsewhere = world.days[1 - doctor].token(token).is_some();
        let token = if known_elsewhere { token_id(self.drawn) } else { token };
        let date = world.days[doctor].key().date;
        let appointment = instant(date, time(9, 0, 0, 0)) + minutes(self.up_to(300));
        Command::Book(Book {
            token,
            patient: PatientFacts {
                id: patient,
                status: if self.chance(1) { PatientStatus::Inactive } else { PatientStatus::Active },
                previous_doctor: self.one(&[None, Some(0), Some(1)]).map(doctor_id),
                last_seen_by: None,
            },
            source: self.one(&[
                Source::Emergency,
                Source::PaidPriority,
                Source::PaidPriority,
                Source::FollowUp,
                Source::WalkIn,
                Source::WalkIn,
                Source::Online,
                Source::Online,
                Source::Online,
            ]),
            slot: if self.chance(45) { Some(self.any_slot(world, doctor)) } else { None },
            waitlist: self.chance(60),
            override_why: if self.chance(6) { self.why() } else { None },
            checked_in: self.one(&[None, None, None, Some(true), Some(false)]),
            earlier_ok: self.chance(50),
            appointment_at: self.chance(15).then_some(appointment),
        })
    }

    fn any_slot(&mut self, world: &World<'_>, doctor: usize) -> SlotId {
        let ids: Vec<SlotId> = world.days[doctor].slots().iter().map(|slot| slot.id).collect();
        if ids.is_empty() || self.chance(3) { slot_id(9_999_999) } else { self.one(&ids) }
    }

    /// Most often one that fits, sometimes any, rarely one that does not exist.
    fn token(&mut self, world: &World<'_>, doctor: usize, fits: impl Fn(&Token) -> bool) -> TokenId {
        let all = world.days[doctor].tokens();
        let fitting: Vec<TokenId> = all.iter().filter(|token| fits(token)).map(|token| token.id).collect();
        let any: Vec<TokenId> = all.iter().map(|token| token.id).collect();
        match self.up_to(99) {
            0..=84 if !fitting.is_empty() => self.one(&fitting),
            0..=97 if !any.is_empty() => self.one(&any),
            _ => token_id(9_999_999),
        }
    }

    fn set_status(&mut self, world: &World<'_>, doctor: usize) -> Command {
        let token = self.token(world, doctor, |token| token.status.is_live());
        let next = world.days[doctor].token(token).map_or(&[][..], |token| token.status.next());
        let on = |status: &&Status| !matches!(status, Status::Cancelled | Status::NoShow);
        let onwards: Vec<Status> = next.iter().filter(on).copied().collect();
        let next = if onwards.is_empty() || self.chance(25) { next } else { &onwards };
        let sensible = !next.is_empty() && self.chance(90);
        let status = if sensible { self.one(next) } else { self.one(&Status::ALL) };
        let pending = self.chance(4);
        let status = if pending { WantedStatus::Pending } else { WantedStatus::Exactly(status) };
        Command::SetStatus(SetStatus { token, status })
    }

    fn next_call(&mut self, world: &World<'_>, doctor: usize) -> Command {
        let out_of_order = self.chance(20);
        let token = out_of_order.then(|| self.token(world, doctor, |token| token.status == Status::Arrived));
        Command::Next(Next { finish: self.chance(70), token, why: self.why() })
    }

    fn place(&mut self, world: &World<'_>, doctor: usize) -> Command {
        let token = self.token(world, doctor, |token| token.status.is_waiting());
        let other = self.token(world, doctor, |other| other.status.is_waiting() && other.id != token);
        let beside = if self.chance(50) { Beside::Before(other) } else { Beside::Behind(other) };
        Command::Place(Place { token, beside, why: "asked nicely".to_owned() })
    }

    /// Always between the same two.
    fn crowd(&mut self, world: &World<'_>, doctor: usize) -> Command {
        let waiting = world.days[doctor].tokens().iter().filter(|token| token.status.is_waiting());
        let mut waiting: Vec<&Token> = waiting.collect();
        waiting.sort_by_key(|token| (token.slot, token.sequence));
        let [first, between @ ..] = &waiting[..] else { return Command::Lapse };
        let token = between.last().map_or(first.id, |last| last.id);
        Command::Place(Place { token, beside: Beside::Behind(first.id), why: "asked nicely".to_owned() })
    }

    fn transfer(&mut self, world: &World<'_>, doctor: usize) -> Command {
        let token = self.token(world, doctor, |token| token.status.is_live());
        let to = if self.chance(40) { 1 - doctor } else { doctor };
        let slot = self.any_slot(world, to);
        Command::Transfer(Transfer {
            token,
            slot,
            why: "by phone".to_owned(),
            beyond_limits: self.chance(15),
        })
    }

    fn change_slot(&mut self, world: &World<'_>, doctor: usize) -> Command {
        let slot = self.any_slot(world, doctor);
        let (mut max_count, mut hard_limit, mut status) = (None, None, None);
        match self.up_to(9) {
            0..=5 => {
                let max = self.stream.random_range(0..=5);
                max_count = self.chance(80).then_some(max);
                hard_limit = self.chance(80).then_some(max + self.stream.random_range(0..=2));
            }
            6 => status = Some(SlotStatus::Cancelled),
            7 => status = Some(SlotStatus::Closed),
            _ => status = Some(SlotStatus::Open),
        }
        Command::ChangeSlot(ChangeSlot { slot, max_count, hard_limit, status, move_on: self.chance(70) })
    }

    fn leave(&mut self) -> Command {
        let from = self.now + minutes(self.up_to(60));
        Command::Leave(Leave {
            from: self.chance(60).then_some(from),
            to: self.chance(70).then_some(from + minutes(self.up_to(60))),
            why: "a birth".to_owned(),
        })
    }

    fn one_more_slot(&mut self, world: &World<'_>, doctor: usize) -> Vec<NewSlot> {
        let start = time(8, 0, 0, 0) + minutes(30 * self.up_to(16));
        let end = start + minutes(30);
        self.slot(world.days[doctor].key().date, start, end, 0).into_iter().collect()
    }
}
