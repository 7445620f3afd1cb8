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
    /// When the doctor begins calling.
    pub starts_min: f64,
    /// How long a visit usually takes.
    pub mean_visit_minutes: u16,
    /// The slots.
    pub slots: Vec<SlotPlan>,
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
}

impl Patient {
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
            let wrong = doctor.wrong(&opening);
            if let Some(what) = wrong {
                return Err(ScenarioError::Doctor { doctor: doctor.name.clone(), what });
            }
        }
        for patient in &self.patients {
            if let Some(what) = patient.wrong(&self.doctors) {
                return Err(ScenarioError::Patient { patient: patient.name.clone(), what });
            }
        }
        Ok(())
    }
}

impl Doctor {
    fn wrong(&self, opening: &Opening) -> Option<String> {
        let minutes = self.slots.iter().flat_map(|slot| [slot.start_min, slot.end_min]);
        for minute in minutes.chain([self.starts_min]) {
            if let Some(wrong) = wrong_minute(minute) {
                return Some(wrong);
            }
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
