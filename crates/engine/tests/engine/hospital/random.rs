//! Random settings, and steps that mostly make sense.

use baari_engine::{
    Beside, Book, ChangeSlot, Command, Delay, Leave, NewSlot, Next, PatientFacts, PatientStatus, Place,
    PolicyKind, SetStatus, Settings, SlotId, SlotStatus, Source, Status, Token, TokenId, Transfer,
    WantedStatus,
};
use jiff::{SignedDuration, ToSpan};
use proptest::prelude::*;
use proptest::sample::select;

use crate::support::{DATE, Hospital, Opd, new_slot, patient_id, token_id};

/// How the day begins.
#[derive(Debug, Clone)]
pub(super) struct Setup {
    settings: Settings,
    seats: [[(u32, u32); 3]; 2],
    other_date: bool,
}

pub(super) fn setup() -> impl Strategy<Value = Setup> {
    let seats = prop::array::uniform2(prop::array::uniform3((1..5_u32, 0..3_u32)));
    (settings(), seats, prop::bool::weighted(0.1)).prop_map(|(settings, seats, other_date)| Setup {
        settings,
        seats,
        other_date,
    })
}

fn settings() -> impl Strategy<Value = Settings> {
    let policy = prop_oneof![4 => Just(PolicyKind::Band), 1 => select(PolicyKind::all().collect::<Vec<_>>())];
    let flags = (prop::bool::weighted(0.8), any::<bool>(), any::<bool>(), prop::bool::weighted(0.9));
    (policy, flags, 0..4_u8, 0..3_u8).prop_map(|(policy, flags, rejoin_behind, rejoins_max)| {
        let (check_in, pull_forward, displacement, other_doctors) = flags;
        Settings {
            policy,
            check_in,
            pull_forward,
            displacement,
            other_doctors,
            rejoin_behind,
            rejoins_max,
            ..Settings::default()
        }
    })
}

impl Setup {
    pub(super) fn hospital(&self) -> Hospital {
        let slots = |hours: [&'static str; 3], n: usize| {
            let with_seats = hours.into_iter().zip(self.seats[n]);
            with_seats.map(|(hours, (max, buffer))| (hours, max, max + buffer)).collect::<Vec<_>>()
        };
        let one = slots(["09:00-10:00", "10:00-11:00", "11:00-12:00"], 0);
        let other = slots(["09:00-09:50", "10:30-11:30", "12:00-13:00"], 1);
        let tomorrow = DATE.checked_add(1.day()).unwrap();
        let mut hospital = if self.other_date {
            Hospital::new(&[&one]).and_on(tomorrow, &other)
        } else {
            Hospital::new(&[&one, &other])
        };
        hospital.set(|settings| settings.clone_from(&self.settings)).at("08:50");
        hospital
    }
}

/// Time passes, then something is asked of one of the doctors.
#[derive(Debug, Clone)]
pub(super) struct Step {
    minutes: i64,
    of_the_other: bool,
    ask: Ask,
}

#[derive(Debug, Clone)]
enum Ask {
    Book { patient: u128, source: Source, slot: Option<usize>, flags: [bool; 3], checked_in: Option<bool> },
    Set(usize, Status),
    Step(usize, usize),
    Next { finish: bool, token: Option<usize> },
    Recall(usize),
    Undo,
    Lapse,
    Delay(u16, bool),
    Leave { from: Option<i64>, minutes: Option<i64> },
    Transfer { token: usize, slot: usize, beyond_limits: bool },
    Earlier(usize, bool),
    Place(usize, usize),
    Change { slot: usize, max: Option<u32>, hard: Option<u32>, status: Option<SlotStatus>, move_on: bool },
    Add(NewSlot),
}

pub(super) fn step() -> impl Strategy<Value = Step> {
    let minutes = prop_oneof![20 => Just(0), 20 => 0..5_i64, 1 => 10..40_i64];
    (minutes, prop::bool::weighted(0.3), ask()).prop_map(|(minutes, of_the_other, ask)| Step {
        minutes,
        of_the_other,
        ask,
    })
}

fn ask() -> impl Strategy<Value = Ask> {
    let which = || 0..1_000_usize;
    let seats = || prop::option::weighted(0.6, 1..6_u32);
    let status = prop_oneof![12 => Just(None), 1 => Just(Some(SlotStatus::Cancelled)), 6 => Just(Some(SlotStatus::Open)),
        1 => Just(Some(SlotStatus::Closed))];
    let asked = prop::option::weighted(0.3, 0..3_usize);
    let book = (
        1..90_u128,
        select(&Source::ALL[..]),
        asked,
        any::<[bool; 3]>(),
        prop::option::weighted(0.2, any::<bool>()),
    );
    let hours = select(vec!["08:30-08:55", "13:00-13:40", "09:00-09:10"]);
    prop_oneof![
        60 => book.prop_map(|(patient, source, slot, flags, checked_in)| Ask::Book { patient, source, slot, flags, checked_in }),
        3 => (which(), select(&Status::ALL[..])).prop_map(|(token, status)| Ask::Set(token, status)),
        35 => (which(), which()).prop_map(|(token, to)| Ask::Step(token, to)),
        14 => (any::<bool>(), prop::option::weighted(0.2, which())).prop_map(|(finish, token)| Ask::Next { finish, token }),
        2 => which().prop_map(Ask::Recall),
        7 => Just(Ask::Undo),
        10 => Just(Ask::Lapse),
        3 => (0..50_u16, any::<bool>()).prop_map(|(minutes, keeps)| Ask::Delay(minutes, keeps)),
        2 => (prop::option::of(-30..120_i64), prop::option::of(1..120_i64))
            .prop_map(|(from, minutes)| Ask::Leave { from, minutes }),
        8 => (which(), 0..6_usize, prop::bool::weighted(0.2))
            .prop_map(|(token, slot, beyond_limits)| Ask::Transfer { token, slot, beyond_limits }),
        4 => (which(), prop::bool::weighted(0.9)).prop_map(|(token, ok)| Ask::Earlier(token, ok)),
        3 => (which(), which()).prop_map(|(token, other)| Ask::Place(token, other)),
        10 => (0..3_usize, seats(), seats(), status, prop::bool::weighted(0.7))
            .prop_map(|(slot, max, hard, status, move_on)| Ask::Change { slot, max, hard, status, move_on }),
        1 => (0..9_u128, hours, 1..4_u32).prop_map(|(n, hours, max)| Ask::Add(new_slot(n, hours, max, max + 1))),
    ]
}

/// One of the tokens there are, mostly a live one.
fn pick(opd: &Opd, n: usize) -> Option<&Token> {
    let live: Vec<&Token> = opd.day.tokens().iter().filter(|token| token.status.is_live()).collect();
    if n % 17 == 16 || live.is_empty() {
        return opd.day.tokens().get(n % opd.day.tokens().len().max(1));
    }
    Some(live[n % live.len()])
}

fn slot(opd: &Opd, n: usize) -> SlotId {
    opd.day.slots()[n % opd.day.slots().len()].id
}

fn set(token: TokenId, status: Status) -> Command {
    Command::SetStatus(SetStatus { token, status: WantedStatus::Exactly(status) })
}

impl Step {
    /// Moves the clock, turns to the doctor who is asked, and gives the command; none when there is nobody to ask for.
    pub(super) fn prepare(&self, hospital: &mut Hospital) -> Option<Command> {
        for opd in &mut hospital.days {
            opd.now += SignedDuration::from_mins(self.minutes);
        }
        if self.of_the_other {
            hospital.days.swap(0, 1);
        }
        let (opd, now) = (&hospital.days[0], hospital.days[0].now);
        let after = |minutes: i64| now + SignedDuration::from_mins(minutes);
        Some(match &self.ask {
            Ask::Book { .. } => Command::Book(self.book(hospital)?),
            Ask::Set(n, status) => set(pick(opd, *n)?.id, *status),
            Ask::Step(n, to) => {
                let token = pick(opd, *n)?;
                let next = token.status.next();
                // The last one is to give up: seldom.
                let choices = if to % 4 == 0 { next.len() } else { next.len().saturating_sub(1) };
                set(token.id, *next.get(to / 4 % choices.max(1))?)
            }
            Ask::Next { finish, token } => {
                let token = token.and_then(|n| pick(opd, n)).map(|token| token.id);
                Command::Next(Next { finish: *finish, token, why: Some("faints".to_owned()) })
            }
            Ask::Recall(n) => Command::Recall(pick(opd, *n)?.id),
            Ask::Undo => Command::Undo,
            Ask::Lapse => Command::Lapse,
            Ask::Delay(minutes, keeps_later) => {
                Command::Delay(Delay { minutes: *minutes, keeps_later: *keeps_later, why: None })
            }
            Ask::Leave { from, minutes } => {
                let (from, to) = (from.map(after), minutes.map(|minutes| after(from.unwrap_or(0) + minutes)));
                Command::Leave(Leave { from, to, why: "is ill".to_owned() })
            }
            Ask::Transfer { token, slot: n, beyond_limits } => {
                let slot = slot(&hospital.days[n / 3], *n);
                let (token, why) = (pick(opd, *token)?.id, "asked for it".to_owned());
                Command::Transfer(Transfer { token, slot, why, beyond_limits: *beyond_limits })
            }
            Ask::Earlier(n, earlier_ok) => {
                Command::AgreeEarlier { token: pick(opd, *n)?.id, earlier_ok: *earlier_ok }
            }
            Ask::Place(n, other) => {
                let beside = Beside::Before(pick(opd, *other)?.id);
                Command::Place(Place { token: pick(opd, *n)?.id, beside, why: "limps".to_owned() })
            }
            Ask::Change { slot: n, max, hard, status, move_on } => Command::ChangeSlot(ChangeSlot {
                slot: slot(opd, *n),
                max_count: *max,
                hard_limit: *hard,
                status: *status,
                move_on: *move_on,
            }),
            Ask::Add(new) => Command::AddSlots(vec![new.clone()]),
        })
    }

    fn book(&self, hospital: &Hospital) -> Option<Book> {
        let Ask::Book { patient, source, slot: n, flags, checked_in } = &self.ask else { return None };
        let [waitlist, earlier_ok, beyond] = *flags;
        let tokens: usize = hospital.days.iter().map(|opd| opd.day.tokens().len()).sum();
        let key = hospital.days[0].day.key();
        let facts = PatientFacts {
            id: patient_id(*patient),
            status: PatientStatus::Active,
            previous_doctor: Some(key.doctor),
            last_seen_by: None,
        };
        Some(Book {
            token: token_id(tokens as u128 + 1),
            patient: facts,
            source: *source,
            slot: n.map(|n| slot(&hospital.days[0], n)),
            waitlist,
            override_why: (beyond && patient % 5 == 0).then(|| "fainted".to_owned()),
            checked_in: *checked_in,
            appointment_at: None,
            earlier_ok,
        })
    }
}
