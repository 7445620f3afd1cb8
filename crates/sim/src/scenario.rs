//! One OPD day with nothing random left in it. Minutes count from the opening and may be negative.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use baari_engine::{Settings, Source};

use crate::ids::Ids;
use crate::minutes::Opening;

/// Limits of a scenario; a real day stays far below.
pub mod limits {
    /// Doctors of one day.
    pub const DOCTORS: usize = 1_000;
    /// Slots of one doctor, as in the engine.
    pub const SLOTS_PER_DOCTOR: usize = baari_engine::limits::SLOTS_PER_DAY as usize;
    /// Patients of one day.
    pub const PATIENTS: usize = 20_000;
    /// No minute is further than this from the opening (one week), no visit longer.
    pub const MINUTES: f64 = 7.0 * 24.0 * 60.0;
    /// Times that a doctor says to be late or away.
    pub const DELAYS_PER_DOCTOR: usize = 32;
    /// Calls that a patient does not come to.
    pub const MISSED_CALLS: usize = 8;
    /// Tokens that a patient books anew.
    pub const BOOKS_ANEW: u8 = 3;
    /// Years in which days can be.
    pub const YEARS: std::ops::RangeInclusive<i16> = 1970..=2200;
}

/// One OPD day.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// What it is called.
    pub name: String,
    /// Tells its ids from those of other scenarios.
    pub seed: u64,
    /// The date.
    pub date: Date,
    /// Minute 0, on the wall clock.
    pub opens: Time,
    /// The facility's zone.
    pub zone: TimeZone,
    /// The facility's settings, the policy among them.
    pub settings: Settings,
    /// The engine's own timers run, as they do at a desk: whoever is not here when their slot ends is a no-show, and books
    /// anew or goes home. Without them, as in given days of the format `baari-trace/1`, only those who never come are
    /// no-shows when their slot ends: whoever comes later is still seen. Who does not come when called is passed after the
    /// grace either way.
    pub timers: bool,
    /// The doctors.
    pub doctors: Vec<Doctor>,
    /// The patients; advance bookings are made in this order.
    pub patients: Vec<Patient>,
}

/// A doctor's day.
#[derive(Debug, Clone, PartialEq)]
pub struct Doctor {
    /// What the doctor is called.
    pub name: String,
    /// Doctors of one speciality take each other's patients over when one of them leaves.
    pub speciality: String,
    /// When the doctor begins calling.
    pub starts_min: f64,
    /// When the doctor leaves for the day: a visit in progress is finished, everybody who waits is moved.
    pub leaves_min: Option<f64>,
    /// When the doctor says to be late, or takes a break.
    pub delays: Vec<SaidDelay>,
    /// Calls those who do not come once more, after so many minutes.
    pub recalls_min: Option<f64>,
    /// How long a visit usually takes.
    pub mean_visit_minutes: u16,
    /// The slots.
    pub slots: Vec<SlotPlan>,
}

/// The doctor says not to be here for a while. Before the doctor begins, that is word of being late, true or not:
/// [`Doctor::starts_min`] is what happens. Later it is a break: the visit in progress is finished, and nobody is called
/// until it is over.
#[derive(Debug, Clone, PartialEq)]
pub struct SaidDelay {
    /// When it is said.
    pub at_min: f64,
    /// For how long from then on; before the doctor's first slot, from its start. 0: here again.
    pub minutes: u16,
    /// Why, for those who wait.
    pub why: Option<String>,
}

/// A slot.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SlotPlan {
    /// Its start.
    pub start_min: f64,
    /// Its end.
    pub end_min: f64,
    /// Seats for everybody.
    pub max_count: u32,
    /// Seats with the buffer.
    pub hard_limit: u32,
}

/// A patient's day.
#[derive(Debug, Clone, PartialEq)]
pub struct Patient {
    /// What the patient is called.
    pub name: String,
    /// The index of the doctor.
    pub doctor: usize,
    /// Where the token comes from.
    pub source: Source,
    /// The index of the slot; it is given by override when the rule would not. None: the engine allocates.
    pub slot: Option<usize>,
    /// The appointment; with it, the token is booked before anybody comes (see [`Patient::books_ahead`]). None: on arrival.
    pub due_min: Option<f64>,
    /// The check-in.
    pub arrive_min: f64,
    /// Comes at all.
    pub shows: bool,
    /// Length of the visit.
    pub visit_min: f64,
    /// The index of the doctor of the previous visit.
    pub previous_doctor: Option<usize>,
    /// Says at this minute that they will not come, or leaves, unless called before.
    pub cancels_min: Option<f64>,
    /// Waits for a seat when there is none.
    pub waitlist: bool,
    /// The first calls that the patient does not come to: is back so many minutes after the call; none: has gone home
    /// without a word. Comes to every further call.
    pub misses_calls: Vec<Option<f64>>,
    /// Agrees to come earlier, should a seat become free.
    pub earlier_ok: bool,
    /// How often the patient books anew, as a walk-in, when the token was given up as a no-show before they came (back).
    pub books_anew: u8,
}

impl Patient {
    /// Somebody who comes once, takes a token on arrival or goes, and waits until called.
    pub const fn new(doctor: usize, source: Source, arrive_min: f64, visit_min: f64) -> Self {
        Self {
            name: String::new(),
            doctor,
            source,
            slot: None,
            due_min: None,
            arrive_min,
            shows: true,
            visit_min,
            previous_doctor: None,
            cancels_min: None,
            waitlist: false,
            misses_calls: Vec::new(),
            earlier_ok: false,
            books_anew: 0,
        }
    }

    /// Has the token before anybody comes.
    pub fn books_ahead(&self) -> bool {
        self.due_min.is_some()
    }

    /// From when on the patient can fairly expect to be called.
    pub fn ready_min(&self) -> f64 {
        self.due_min.map_or(self.arrive_min, |due| self.arrive_min.max(due))
    }
}

/// What is wrong with a scenario.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ScenarioError {
    /// The date or the opening is not one that days can have.
    #[error(
        "there is no opening on {date} at {opens}: dates lie between the years {} and {}",
        limits::YEARS.start(),
        limits::YEARS.end()
    )]
    Opening {
        /// The date.
        date: Date,
        /// The civil time of minute 0.
        opens: Time,
    },
    /// More than can be.
    #[error("{count} {what}: at most {limit} are possible")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// How many there can be.
        limit: usize,
    },
    /// A doctor's minute or slot that can't be.
    #[error("doctor {doctor}: {what}")]
    Doctor {
        /// The doctor's name.
        doctor: String,
        /// What is wrong.
        what: String,
    },
    /// A patient's minute or reference that can't be.
    #[error("patient {patient}: {what}")]
    Patient {
        /// The patient's name.
        patient: String,
        /// What is wrong.
        what: String,
    },
}

impl Scenario {
    /// Minute 0.
    ///
    /// # Errors
    /// The calendar has no such instant, or it is too far away.
    pub fn opening(&self) -> Result<Opening, ScenarioError> {
        let (date, opens) = (self.date, self.opens);
        let opening = Opening::new(date, opens, self.zone.clone());
        opening.filter(|_| limits::YEARS.contains(&date.year())).ok_or(ScenarioError::Opening { date, opens })
    }

    /// The ids of this scenario's people and things.
    ///
    /// # Errors
    /// As [`Scenario::opening`].
    pub fn ids(&self) -> Result<Ids, ScenarioError> {
        Ok(Ids::new(self.opening()?.instant(0.0), self.seed))
    }

    /// The other doctors of this doctor's speciality, in their order: those to whom patients may go.
    pub fn colleagues(&self, doctor: usize) -> impl Iterator<Item = usize> + use<'_> {
        let speciality = &self.doctors[doctor].speciality;
        (0..self.doctors.len())
            .filter(move |other| *other != doctor && self.doctors[*other].speciality == *speciality)
    }

    /// Whether it can be played at all.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn check(&self) -> Result<(), ScenarioError> {
        let opening = self.opening()?;
        at_most("doctors", self.doctors.len(), limits::DOCTORS)?;
        at_most("patients", self.patients.len(), limits::PATIENTS)?;
        for doctor in &self.doctors {
            at_most("slots of one doctor", doctor.slots.len(), limits::SLOTS_PER_DOCTOR)?;
            at_most("delays of one doctor", doctor.delays.len(), limits::DELAYS_PER_DOCTOR)?;
            let wrong = doctor.wrong(&opening);
            if let Some(what) = wrong {
                return Err(ScenarioError::Doctor { doctor: doctor.name.clone(), what });
            }
        }
        for patient in &self.patients {
            let (missed, anew) = (patient.misses_calls.len(), usize::from(patient.books_anew));
            at_most("missed calls of one patient", missed, limits::MISSED_CALLS)?;
            at_most("new bookings of one patient", anew, usize::from(limits::BOOKS_ANEW))?;
            if let Some(what) = patient.wrong(&self.doctors) {
                return Err(ScenarioError::Patient { patient: patient.name.clone(), what });
            }
        }
        Ok(())
    }
}

impl Doctor {
    /// Somebody of no speciality who begins at this minute, says nothing, and stays until nobody waits.
    pub const fn new(name: String, starts_min: f64, mean_visit_minutes: u16, slots: Vec<SlotPlan>) -> Self {
        Self {
            name,
            speciality: String::new(),
            starts_min,
            leaves_min: None,
            delays: Vec::new(),
            recalls_min: None,
            mean_visit_minutes,
            slots,
        }
    }

    fn wrong(&self, opening: &Opening) -> Option<String> {
        let slots = self.slots.iter().flat_map(|slot| [slot.start_min, slot.end_min]);
        let delays = self.delays.iter().flat_map(|said| [said.at_min, f64::from(said.minutes)]);
        let others = [Some(self.starts_min), self.leaves_min, self.recalls_min];
        let mut minutes = slots.chain(delays).chain(others.into_iter().flatten());
        if let Some(wrong) = minutes.find_map(wrong_minute) {
            return Some(wrong);
        }
        if self.recalls_min.is_some_and(|minutes| minutes <= 0.0) {
            return Some("calls once more after the call, not before".to_owned());
        }
        let slots = self.slots.iter().enumerate();
        let mut lost = slots.filter(|(_, slot)| opening.window(slot.start_min, slot.end_min).is_none());
        lost.next().map(|(index, slot)| {
            let SlotPlan { start_min, end_min, .. } = slot;
            format!("slot {index} from minute {start_min} to {end_min}: a slot begins before it ends, on the day's date")
        })
    }
}

impl Patient {
    fn wrong(&self, doctors: &[Doctor]) -> Option<String> {
        let Some(doctor) = doctors.get(self.doctor) else {
            return Some(format!("there is no doctor with index {}", self.doctor));
        };
        let slots = doctor.slots.len();
        if let Some(slot) = self.slot.filter(|slot| *slot >= slots) {
            return Some(format!("there is no slot {slot}: {} has {slots}, counted from 0", doctor.name));
        }
        if self.previous_doctor.is_some_and(|previous| previous >= doctors.len()) {
            return Some("the previous doctor does not exist".to_owned());
        }
        let minutes = [Some(self.arrive_min), self.due_min, self.cancels_min, Some(self.visit_min)];
        if let Some(wrong) = minutes.into_iter().flatten().find_map(wrong_minute) {
            return Some(wrong);
        }
        if let Some(wrong) = self.misses_calls.iter().flatten().copied().find_map(wrong_minute) {
            return Some(wrong);
        }
        if let Some(back) = self.misses_calls.iter().flatten().find(|back| **back < 0.0) {
            return Some(format!("is back {back} minutes after a call: nobody is back before it"));
        }
        (self.visit_min < 0.0).then(|| format!("a visit of {} minutes: no visit is negative", self.visit_min))
    }
}

fn wrong_minute(minute: f64) -> Option<String> {
    let limit = limits::MINUTES;
    let is_near = (-limit..=limit).contains(&minute);
    (!is_near).then(|| format!("minute {minute} is not within {limit} minutes of the opening"))
}

const fn at_most(what: &'static str, count: usize, limit: usize) -> Result<(), ScenarioError> {
    if count <= limit { Ok(()) } else { Err(ScenarioError::TooMany { what, count, limit }) }
}
