//! Two doctor-days, a clock, and what must hold after every command.

use std::collections::{BTreeMap, BTreeSet};

use baari_engine::{
    Circumstances, Command, Day, DayKey, Decision, DoctorFacts, DoctorId, DoctorStatus, FacilityId, Refusal,
    Scene, Settings, SlotId, TokenId, decide, decide_together, queue,
};
use baari_sim::{Around, Auditor, Step};
use jiff::civil::{Date, Time, date};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

pub(crate) const DATE: Date = date(2026, 11, 23);

/// What a sequence begins with.
#[derive(Debug, Clone)]
pub(crate) struct Setup {
    pub(crate) settings: Settings,
    pub(crate) doctors: [DoctorStatus; 2],
    /// Of the second doctor's day; the first one's is on [`DATE`].
    pub(crate) other_date: Date,
}

/// A command, when it comes, for which doctor, and whether it is decided together with the other one's day.
#[derive(Debug, Clone)]
pub(crate) struct Timed {
    pub(crate) now: Timestamp,
    pub(crate) doctor: usize,
    pub(crate) together: bool,
    pub(crate) command: Command,
}

pub(crate) struct World<'a> {
    pub(crate) setup: &'a Setup,
    pub(crate) days: Vec<Day>,
    auditor: Auditor<'a>,
    /// Whose each number of each doctor was and is.
    numbers: BTreeMap<(usize, u32), TokenId>,
    steps: usize,
}

type Answer = Result<Vec<Decision>, Refusal>;

pub(crate) fn zone() -> TimeZone {
    TimeZone::fixed(Offset::constant(5))
}

pub(crate) fn instant(date: Date, time: Time) -> Timestamp {
    zone().to_timestamp(date.to_datetime(time)).unwrap()
}

pub(crate) fn slot_id(n: u64) -> SlotId {
    SlotId::from_uuid(Uuid::from_u64_pair(3, n))
}

pub(crate) fn token_id(n: u64) -> TokenId {
    TokenId::from_uuid(Uuid::from_u64_pair(4, n))
}

pub(crate) fn doctor_id(n: u64) -> DoctorId {
    DoctorId::from_uuid(Uuid::from_u64_pair(2, n))
}

pub(crate) fn days(setup: &Setup) -> Vec<Day> {
    let facility = FacilityId::from_uuid(Uuid::from_u64_pair(1, 0));
    let day = |(n, date)| Day::empty(DayKey { facility, doctor: doctor_id(n), date });
    [(0, DATE), (1, setup.other_date)].into_iter().map(day).collect()
}

impl<'a> World<'a> {
    pub(crate) fn new(setup: &'a Setup) -> Self {
        let days = days(setup);
        let auditor = Auditor::new(&setup.settings, &days);
        Self { setup, days, auditor, numbers: BTreeMap::new(), steps: 0 }
    }

    /// Decides a command, puts it into effect and says what rule was broken.
    pub(crate) fn step(&mut self, timed: &Timed) -> Result<Step, String> {
        let rebuilt: Vec<Day> = self.days.iter().map(rebuilt).collect();
        let answer = self.answer(&self.days, timed);
        if self.answer(&rebuilt, timed) != answer || self.answer(&self.days, timed) != answer {
            return Err("the same inputs gave another decision".to_owned());
        }
        let step = self.as_step(timed, answer);
        let live_before = self.live();
        self.apply(&step, rebuilt)?;
        let findings = self.auditor.check(&step, &self.around(timed));
        if let Some(finding) = findings.first() {
            return Err(format!(
                "{finding}\n({} findings)\n{:?}\n{:?}",
                findings.len(),
                step.result,
                step.beside
            ));
        }
        self.steps += 1;
        self.holds(timed, &live_before)?;
        Ok(step)
    }

    fn on(&self, doctor: usize, now: Timestamp) -> Circumstances<'a> {
        let today = zone().to_datetime(now).date();
        let doctor = DoctorFacts::new(self.setup.doctors[doctor], 8);
        Circumstances { now, today, settings: &self.setup.settings, doctor }
    }

    pub(crate) fn around(&self, timed: &Timed) -> Around {
        let together = [timed.doctor, 1 - timed.doctor];
        let doctors = if timed.together { &together[..] } else { &together[..1] };
        Around {
            today: zone().to_datetime(timed.now).date(),
            doctors: doctors.iter().map(|doctor| (*doctor, self.setup.doctors[*doctor])).collect(),
        }
    }

    /// On the date of both days, with both doctors there.
    pub(crate) fn is_plain(&self, timed: &Timed) -> bool {
        let both = [timed.doctor, 1 - timed.doctor].map(|doctor| (doctor, DoctorStatus::Active));
        let around = self.around(timed);
        around.doctors == both && [DATE, self.setup.other_date] == [around.today; 2]
    }

    fn answer(&self, days: &[Day], timed: &Timed) -> Answer {
        let Timed { now, doctor, command, .. } = timed;
        if !timed.together {
            return decide(&days[*doctor], &self.on(*doctor, *now), command).map(|decision| vec![decision]);
        }
        let scenes = [*doctor, 1 - doctor].map(|at| Scene { day: &days[at], on: self.on(at, *now) });
        decide_together(&scenes, command)
    }

    fn as_step(&self, timed: &Timed, answer: Answer) -> Step {
        let Timed { now, doctor, ref command, .. } = *timed;
        let mut beside = Vec::new();
        let result = answer.map(|decisions| {
            let mut decisions = decisions.into_iter();
            let home = decisions.next().unwrap();
            beside
                .extend(decisions.filter(|other| !other.changes_nothing()).map(|other| (1 - doctor, other)));
            home
        });
        Step { doctor, minute: 0.0, now, command: command.clone(), result, beside }
    }

    fn apply(&mut self, step: &Step, mut rebuilt: Vec<Day>) -> Result<(), String> {
        let Ok(home) = &step.result else { return Ok(()) };
        let all =
            std::iter::once((step.doctor, home)).chain(step.beside.iter().map(|(at, other)| (*at, other)));
        for (at, decision) in all {
            self.days[at].apply(decision);
            rebuilt[at].apply(decision);
        }
        if rebuilt == self.days { Ok(()) } else { Err("a day read back is another one".to_owned()) }
    }

    fn live(&self) -> BTreeSet<TokenId> {
        let live = |day: &Day| -> Vec<TokenId> {
            day.tokens().iter().filter(|token| token.status.is_live()).map(|token| token.id).collect()
        };
        self.days.iter().flat_map(live).collect()
    }

    /// The property itself, as a reader would check it by hand.
    fn holds(&mut self, timed: &Timed, live_before: &BTreeSet<TokenId>) -> Result<(), String> {
        let mut everybody = BTreeSet::new();
        for (doctor, day) in self.days.iter().enumerate() {
            for slot in day.slots() {
                let seated =
                    |token: &&baari_engine::Token| token.slot == Some(slot.id) && token.status.holds_seat();
                let taken = day.tokens().iter().filter(seated).count();
                if taken != slot.current_count as usize {
                    return Err(format!("{} counts {}, {taken} sit there", slot.window, slot.current_count));
                }
            }
            for token in day.tokens() {
                if !everybody.insert(token.id) {
                    return Err(format!("token {} of doctor {doctor} is there twice", token.token_no));
                }
                let owner = *self.numbers.entry((doctor, token.token_no)).or_insert(token.id);
                if owner != token.id {
                    return Err(format!("number {} of doctor {doctor} was given twice", token.token_no));
                }
            }
        }
        if let Some(lost) = live_before.difference(&everybody).next() {
            return Err(format!("token {lost} is lost"));
        }
        if self.steps.is_multiple_of(4) { self.in_order(timed) } else { Ok(()) }
    }

    /// The queue of the day is the order by the policy, worked out by the auditor.
    fn in_order(&self, timed: &Timed) -> Result<(), String> {
        let day = &self.days[timed.doctor];
        let places = queue(day, &self.setup.settings, timed.now);
        let waiting = places.iter().filter(|place| place.token.status.is_waiting());
        let by_engine: Vec<u32> = waiting.map(|place| place.token.token_no).collect();
        let by_auditor = self.auditor.order(timed.doctor, timed.now);
        let served = places.iter().position(|place| place.token.status.is_waiting()).unwrap_or(places.len());
        let behind = places[served..].iter().any(|place| place.token.status.is_being_served());
        if by_engine == by_auditor && !behind {
            return Ok(());
        }
        Err(format!("the queue is {by_engine:?}, by the policy {by_auditor:?}"))
    }
}

/// The day as a store would give it back.
fn rebuilt(day: &Day) -> Day {
    let (mut slots, mut tokens) = (day.slots().to_vec(), day.tokens().to_vec());
    slots.reverse();
    tokens.reverse();
    Day::from_parts(day.key(), day.head(), slots, tokens)
}

/// Minutes after a time.
pub(crate) fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}
