//! What is read: records as the desk and the server see them.

use baari_engine::{
    Absence, DayKey, DayPace, DoctorFacts, DoctorId, DoctorStatus, FacilityId, History, PatientFacts,
    PatientId, PatientStatus, ScheduleId, Settings, Slot, SlotId, Status, Token, TokenId, WeeklyHours,
};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// A hospital or clinic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facility {
    /// Its identifier.
    pub id: FacilityId,
    /// What it is called in addresses and at sign-in: small letters, digits and hyphens. Unique.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// A digest that tells whether a server has the secret that this facility's codes are made with; none until the first
    /// server has started.
    pub seal: Option<[u8; 32]>,
    /// Its time zone, one with an IANA name.
    pub zone: TimeZone,
    /// Its settings.
    pub settings: Settings,
    /// Goes up with every change of the facility, its doctors or its schedules, so that other servers notice.
    pub version: u64,
}

/// A doctor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doctor {
    /// Its identifier.
    pub id: DoctorId,
    /// Name.
    pub name: String,
    /// Speciality.
    pub speciality: String,
    /// Room.
    pub room: String,
    /// The letter before the token numbers: A-12. Unique in a facility.
    pub letter: String,
    /// Whether they see patients.
    pub status: DoctorStatus,
    /// How long a visit usually takes, in minutes.
    pub mean_visit_minutes: u16,
    /// When the record was made.
    pub created_at: Timestamp,
}

impl Doctor {
    /// What the engine needs to know, with these past days.
    pub fn facts(&self, past: &[DayPace]) -> DoctorFacts {
        let history = History::of_days(self.mean_visit_minutes, past);
        DoctorFacts { status: self.status, mean_visit_minutes: self.mean_visit_minutes, history }
    }
}

/// A patient's sex, as the patient or the desk says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
    /// Neither of the two.
    Other,
}

impl Sex {
    /// All of them.
    pub const ALL: &[Self] = &[Self::Female, Self::Male, Self::Other];

    /// The name used in the API and in the databases.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Female => "female",
            Self::Male => "male",
            Self::Other => "other",
        }
    }

    /// The one of this name, in any letter case.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.name().eq_ignore_ascii_case(name))
    }
}

/// A patient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patient {
    /// Its identifier.
    pub id: PatientId,
    /// Name.
    pub name: String,
    /// Phone number, as digits with an optional leading +; empty if there is none.
    pub phone: String,
    /// Whether the record is in use.
    pub status: PatientStatus,
    /// The doctor of the previous visit.
    pub previous_doctor: Option<DoctorId>,
    /// The hospital's own record number.
    pub mrn: Option<String>,
    /// The national health account.
    pub abha: Option<String>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Year of birth, from [`Patient::BIRTH_YEAR_MIN`] on. An age is worked out where it is shown, and kept nowhere.
    pub birth_year: Option<i16>,
    /// When the person was erased from the record at their wish: only the identifier is left of them.
    pub erased_at: Option<Timestamp>,
    /// When the record was made.
    pub created_at: Timestamp,
}

impl Patient {
    /// The earliest year of birth that is taken; the databases check it too.
    pub const BIRTH_YEAR_MIN: i16 = 1880;

    /// What the engine needs to know.
    pub const fn facts(&self) -> PatientFacts {
        PatientFacts {
            id: self.id,
            status: self.status,
            previous_doctor: self.previous_doctor,
            last_seen_by: None,
        }
    }
}

/// A patient's last visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastSeen {
    /// Whose.
    pub patient: PatientId,
    /// When.
    pub date: Date,
    /// By whom.
    pub doctor: DoctorId,
}

/// Which patients.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PatientQuery {
    /// Phone number that contains these digits (of ten and more the last ten), or name of which a word begins with this text (any letter case).
    pub text: Option<String>,
    /// Behind this one, by id.
    pub after: Option<PatientId>,
    /// At most this many.
    pub limit: u32,
}

/// A slot with the doctor-day that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatedSlot {
    /// Its doctor-day.
    pub day: DayKey,
    /// The slot.
    pub slot: Slot,
}

/// Which slots, by date and start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotQuery {
    /// Of this doctor; of all if none.
    pub doctor: Option<DoctorId>,
    /// From this date on.
    pub from: Date,
    /// Up to this date, included.
    pub to: Date,
    /// Behind this slot, in the order of date, start time and id.
    pub after: Option<(Date, jiff::civil::Time, SlotId)>,
    /// At most this many.
    pub limit: u32,
}

/// A token with the doctor-day that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatedToken {
    /// Its doctor-day.
    pub day: DayKey,
    /// The token.
    pub token: Token,
}

/// Which tokens, by id (the order of booking).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TokenQuery {
    /// Of this doctor.
    pub doctor: Option<DoctorId>,
    /// On this date.
    pub date: Option<Date>,
    /// Of this patient.
    pub patient: Option<PatientId>,
    /// In this status.
    pub status: Option<Status>,
    /// Behind this one, by id.
    pub after: Option<TokenId>,
    /// At most this many.
    pub limit: u32,
}

/// One line of a doctor's schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleLine {
    /// Its identifier.
    pub id: ScheduleId,
    /// Whose.
    pub doctor: DoctorId,
    /// What it says.
    pub rule: ScheduleRule,
    /// Why (leave, a conference), for people.
    pub note: String,
}

/// What a line of a schedule says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScheduleRule {
    /// Hours that come back every week.
    Weekly(WeeklyHours),
    /// Leave, or other hours on some dates (at most one template).
    Absence(Absence),
}
