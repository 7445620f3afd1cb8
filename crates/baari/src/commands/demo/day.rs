//! One day of the town, as it is going to be: who comes when, how long each visit takes, when doctors begin. Invented by the
//! simulator from a seed, and played by the clock.

use std::collections::{BTreeMap, HashMap};

use baari_engine::{PatientId, SlotId, TokenId};
use baari_sim::{Opening, Patient, Scenario, ScenarioError, invent_for};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::hospital::{PRACTICES, SEES_CHILDREN};
use super::names::Somebody;

/// Which of a seed's random streams is for names; the simulator's have lower numbers.
const NAMES: u64 = 1 << 40;
/// A visit of somebody whom the town has not invented takes so long, and up to three minutes more.
const VISIT_MINUTES: i64 = 5;

/// What is going to happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Happening {
    /// Gets a token: on arrival, or before, by phone.
    Books(usize),
    /// Gets a token for the next working day.
    BooksNext(usize),
    /// Checks in.
    Comes(usize),
    /// Says that they will not come, or goes home.
    Cancels(usize),
    /// Is back after a missed call.
    Returns(usize),
    /// This doctor begins.
    Begins(usize),
    /// This doctor says, for the n-th time, to be away for a while.
    Says(usize, usize),
    /// This doctor leaves for the day.
    Leaves(usize),
}

/// Somebody who comes.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) who: Somebody,
    pub(super) id: Option<PatientId>,
    pub(super) token: Option<TokenId>,
    /// Calls so far.
    pub(super) calls: usize,
    /// Has given up an appointment, and comes without one.
    pub(super) anew: bool,
}

/// One day.
pub(super) struct Day {
    pub(super) date: Date,
    pub(super) opening: Opening,
    pub(super) plan: Scenario,
    pub(super) people: Vec<Person>,
    /// Each doctor's slots, in their order.
    pub(super) slots: Vec<Vec<SlotId>>,
    agenda: BTreeMap<(Timestamp, usize), Happening>,
    entered: usize,
    by_token: HashMap<TokenId, usize>,
}

impl Day {
    /// The day of this date; the same for the same seed.
    pub(super) fn new(seed: u64, date: Date) -> Result<Self, ScenarioError> {
        let day_number = u64::try_from(date.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24);
        let seed = seed.wrapping_mul(100_003).wrapping_add(day_number.unwrap_or_default());
        let plan = invent_for(seed, date, &PRACTICES);
        let mut names = ChaCha8Rng::seed_from_u64(seed);
        names.set_stream(NAMES);
        let mut person = |patient: &Patient| {
            let who = Somebody::invent(&mut names, SEES_CHILDREN == PRACTICES[patient.doctor].speciality);
            Person { who, id: None, token: None, calls: 0, anew: false }
        };
        let people = plan.patients.iter().map(&mut person).collect();
        Ok(Self {
            date,
            opening: plan.opening()?,
            plan,
            people,
            slots: Vec::new(),
            agenda: BTreeMap::new(),
            entered: 0,
            by_token: HashMap::new(),
        })
    }

    /// Those who have a token before the day begins, in the order in which they asked.
    pub(super) fn ahead(&self) -> impl Iterator<Item = usize> {
        (0..self.people.len()).filter(|&index| self.plan.patients[index].books_ahead())
    }

    /// Writes down what will happen on the day itself.
    pub(super) fn begin(&mut self) {
        for index in 0..self.people.len() {
            let patient = self.plan.patients[index].clone();
            if !patient.books_ahead() {
                self.put_minute(patient.arrive_min, Happening::Books(index));
            } else {
                if self.people[index].token.is_none() {
                    self.put_minute(-60.0, Happening::Books(index));
                }
                if patient.shows {
                    self.put_minute(patient.arrive_min, Happening::Comes(index));
                }
            }
            if let Some(minute) = patient.cancels_min {
                self.put_minute(minute, Happening::Cancels(index));
            }
        }
        for index in 0..self.plan.doctors.len() {
            let doctor = self.plan.doctors[index].clone();
            self.put_minute(doctor.starts_min, Happening::Begins(index));
            for (nth, said) in doctor.delays.iter().enumerate() {
                self.put_minute(said.at_min, Happening::Says(index, nth));
            }
            if let Some(minute) = doctor.leaves_min {
                self.put_minute(minute, Happening::Leaves(index));
            }
        }
    }

    pub(super) fn put_minute(&mut self, minute: f64, happening: Happening) {
        self.put(self.opening.instant(minute), happening);
    }

    pub(super) fn put(&mut self, at: Timestamp, happening: Happening) {
        self.entered += 1;
        self.agenda.insert((at, self.entered), happening);
    }

    /// What is due; it stays until it is [`Day::done`].
    pub(super) fn due(&self, now: Timestamp) -> Option<((Timestamp, usize), Happening)> {
        self.agenda.first_key_value().filter(|((at, _), _)| *at <= now).map(|(key, what)| (*key, *what))
    }

    pub(super) fn done(&mut self, key: (Timestamp, usize)) {
        self.agenda.remove(&key);
    }

    pub(super) fn is_over(&self) -> bool {
        self.agenda.is_empty()
    }

    pub(super) fn patient(&self, index: usize) -> &Patient {
        &self.plan.patients[index]
    }

    pub(super) fn has_token(&mut self, index: usize, token: TokenId) {
        self.people[index].token = Some(token);
        self.by_token.insert(token, index);
    }

    /// Who this is; nobody of the town, if a visitor has booked it.
    pub(super) fn whose(&self, token: TokenId) -> Option<usize> {
        self.by_token.get(&token).copied()
    }

    /// How long this visit takes.
    pub(super) fn visit(&self, token: TokenId, token_no: u32) -> SignedDuration {
        match self.whose(token) {
            Some(index) => SignedDuration::from_secs_f64(60.0 * self.plan.patients[index].visit_min),
            None => SignedDuration::from_mins(VISIT_MINUTES + i64::from(token_no % 4)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_and_a_date_are_a_day() {
        let day = |seed, date| Day::new(seed, date).unwrap();
        let (monday, tuesday) = (Date::constant(2026, 2, 2), Date::constant(2026, 2, 3));
        let names = |day: &Day| day.people.iter().map(|person| person.who.name.clone()).collect::<Vec<_>>();
        assert_eq!(day(1, monday).plan.patients, day(1, monday).plan.patients);
        assert_eq!(names(&day(1, monday)), names(&day(1, monday)));
        assert_ne!(day(1, monday).plan.patients, day(1, tuesday).plan.patients);
        assert_ne!(day(1, monday).plan.patients, day(2, monday).plan.patients);
    }

    #[test]
    fn what_is_due_comes_in_its_order_and_stays_until_it_is_done() {
        let mut day = Day::new(1, Date::constant(2026, 2, 2)).unwrap();
        day.put_minute(5.0, Happening::Comes(1));
        day.put_minute(3.0, Happening::Comes(0));
        let at = |minute| day.opening.instant(minute);
        let (three, five) = (at(3.0), at(5.0));
        assert_eq!(day.due(at(2.0)), None);
        let (first, what) = day.due(five).unwrap();
        assert_eq!((first.0, what), (three, Happening::Comes(0)));
        assert_eq!(day.due(five).unwrap().0, first);
        day.done(first);
        assert_eq!(day.due(five).unwrap().1, Happening::Comes(1));
    }
}
