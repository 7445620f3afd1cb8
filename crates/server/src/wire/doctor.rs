//! Doctors on the wire.

use baari_desk::NewDoctor;
use baari_engine::DoctorStatus;
use baari_store::Doctor;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::words;
use crate::problem::{self, Problem};

const MEAN_VISIT_MINUTES: u16 = 6;

/// A doctor.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct DoctorBody {
    pub(crate) id: uuid::Uuid,
    pub(crate) name: String,
    pub(crate) speciality: String,
    pub(crate) room: String,
    /// The letter before the token numbers.
    #[schema(example = "A")]
    pub(crate) letter: String,
    /// active, on_leave or inactive
    pub(crate) status: &'static str,
    /// How long a visit usually takes.
    pub(crate) mean_visit_minutes: u16,
    pub(crate) created_at: Timestamp,
}

impl From<Doctor> for DoctorBody {
    fn from(doctor: Doctor) -> Self {
        Self {
            id: doctor.id.as_uuid(),
            name: doctor.name,
            speciality: doctor.speciality,
            room: doctor.room,
            letter: doctor.letter,
            status: doctor.status.name(),
            mean_visit_minutes: doctor.mean_visit_minutes,
            created_at: doctor.created_at,
        }
    }
}

/// A doctor to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewDoctorBody {
    #[schema(example = "Dr Rao")]
    pub(crate) name: String,
    #[serde(default)]
    #[schema(example = "General medicine")]
    pub(crate) speciality: String,
    #[serde(default)]
    #[schema(example = "3")]
    pub(crate) room: String,
    /// How long a visit usually takes, 1 to 240; 6 if not given.
    #[schema(minimum = 1, maximum = 240)]
    pub(crate) mean_visit_minutes: Option<u16>,
}

impl NewDoctorBody {
    pub(crate) fn parse(self) -> Result<NewDoctor, Problem> {
        Ok(NewDoctor {
            name: words("name", &self.name, 1, 120)?,
            speciality: words("speciality", &self.speciality, 0, 80)?,
            room: words("room", &self.room, 0, 40)?,
            mean_visit_minutes: visit_minutes(self.mean_visit_minutes.unwrap_or(MEAN_VISIT_MINUTES))?,
        })
    }
}

/// A doctor's change; what is not given stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeDoctorBody {
    pub(crate) name: Option<String>,
    pub(crate) speciality: Option<String>,
    pub(crate) room: Option<String>,
    /// active, on_leave or inactive
    pub(crate) status: Option<String>,
    #[schema(minimum = 1, maximum = 240)]
    pub(crate) mean_visit_minutes: Option<u16>,
}

impl ChangeDoctorBody {
    pub(crate) fn apply(self, doctor: &mut Doctor) -> Result<(), Problem> {
        if let Some(name) = self.name {
            doctor.name = words("name", &name, 1, 120)?;
        }
        if let Some(speciality) = self.speciality {
            doctor.speciality = words("speciality", &speciality, 0, 80)?;
        }
        if let Some(room) = self.room {
            doctor.room = words("room", &room, 0, 40)?;
        }
        if let Some(status) = self.status {
            let detail = "a doctor's status is active, on_leave or inactive";
            let wrong = || Problem::new(problem::FIELD_WRONG, detail).field("status");
            doctor.status = DoctorStatus::parse(&status).ok_or_else(wrong)?;
        }
        if let Some(minutes) = self.mean_visit_minutes {
            doctor.mean_visit_minutes = visit_minutes(minutes)?;
        }
        Ok(())
    }
}

fn visit_minutes(minutes: u16) -> Result<u16, Problem> {
    let detail = "a visit takes 1 to 240 minutes";
    let wrong = || Problem::new(problem::FIELD_WRONG, detail).field("mean_visit_minutes");
    if (1..=240).contains(&minutes) { Ok(minutes) } else { Err(wrong()) }
}
