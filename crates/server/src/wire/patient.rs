//! Patients on the wire.

use baari_desk::NewPatient;
use baari_engine::{DoctorId, PatientStatus};
use baari_store::{Patient, Sex};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{nullable, optional_doctor_id, typed, words};
use crate::problem::{self, Problem};

/// A patient.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PatientBody {
    pub(crate) id: uuid::Uuid,
    pub(crate) name: String,
    pub(crate) phone: String,
    /// active or inactive
    pub(crate) status: &'static str,
    /// The doctor of the previous visit: a follow-up with this doctor goes before walk-ins.
    pub(crate) previous_doctor_id: Option<uuid::Uuid>,
    /// The hospital's own record number.
    pub(crate) mrn: Option<String>,
    /// The national health account.
    pub(crate) abha: Option<String>,
    /// female, male or other
    pub(crate) sex: Option<&'static str>,
    pub(crate) birth_year: Option<i16>,
    pub(crate) created_at: Timestamp,
    /// When the person was erased from the record: nothing but the identifier is left.
    pub(crate) erased_at: Option<Timestamp>,
}

impl From<Patient> for PatientBody {
    fn from(patient: Patient) -> Self {
        Self {
            id: patient.id.as_uuid(),
            name: patient.name,
            phone: patient.phone,
            status: patient.status.name(),
            previous_doctor_id: patient.previous_doctor.map(|doctor| doctor.as_uuid()),
            mrn: patient.mrn,
            abha: patient.abha,
            sex: patient.sex.map(Sex::name),
            birth_year: patient.birth_year,
            created_at: patient.created_at,
            erased_at: patient.erased_at,
        }
    }
}

/// A patient to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPatientBody {
    #[schema(example = "Meena Joshi")]
    pub(crate) name: String,
    /// Digits, with spaces, dashes and a leading + as one likes.
    #[serde(default)]
    #[schema(example = "98200 12345")]
    pub(crate) phone: String,
    #[serde(default, deserialize_with = "optional_doctor_id")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub(crate) previous_doctor_id: Option<DoctorId>,
    pub(crate) mrn: Option<String>,
    pub(crate) abha: Option<String>,
    /// female, male or other
    pub(crate) sex: Option<String>,
    /// From 1880 to this year; ages are worked out where they are shown.
    #[schema(minimum = 1880)]
    pub(crate) birth_year: Option<i16>,
    /// Refuse with `phone_known` when somebody on record has this phone number, with or without a country's code.
    #[serde(default)]
    pub(crate) only_if_new: bool,
}

impl NewPatientBody {
    pub(crate) fn parse(self, today: Date) -> Result<NewPatient, Problem> {
        Ok(NewPatient {
            name: words("name", &self.name, 1, 120)?,
            phone: phone(&self.phone)?,
            previous_doctor: self.previous_doctor_id,
            mrn: self.mrn.map(|mrn| words("mrn", &mrn, 1, 64)).transpose()?,
            abha: self.abha.map(|abha| words("abha", &abha, 1, 64)).transpose()?,
            sex: self.sex.as_deref().map(sex).transpose()?,
            birth_year: self.birth_year.map(|year| birth_year(year, today)).transpose()?,
        })
    }
}

/// Erase a patient.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EraseBody {
    /// Why, or who asked for it; without the patient's name.
    pub(crate) reason: String,
}

/// A patient's change; what is not given stays, null clears.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangePatientBody {
    pub(crate) name: Option<String>,
    pub(crate) phone: Option<String>,
    /// active or inactive
    pub(crate) status: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub(crate) previous_doctor_id: Option<Option<String>>,
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    pub(crate) mrn: Option<Option<String>>,
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    pub(crate) abha: Option<Option<String>>,
    /// female, male or other
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    pub(crate) sex: Option<Option<String>>,
    /// From 1880 to this year.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<i16>, minimum = 1880)]
    pub(crate) birth_year: Option<Option<i16>>,
}

impl ChangePatientBody {
    pub(crate) fn apply(self, patient: &mut Patient, today: Date) -> Result<(), Problem> {
        if let Some(name) = self.name {
            patient.name = words("name", &name, 1, 120)?;
        }
        if let Some(text) = self.phone {
            patient.phone = phone(&text)?;
        }
        if let Some(status) = self.status {
            let wrong = || {
                Problem::new(problem::FIELD_WRONG, "a patient's status is active or inactive").field("status")
            };
            patient.status = PatientStatus::parse(&status).ok_or_else(wrong)?;
        }
        if let Some(doctor) = self.previous_doctor_id {
            patient.previous_doctor = doctor.map(|id| typed("previous_doctor_id", &id)).transpose()?;
        }
        if let Some(mrn) = self.mrn {
            patient.mrn = mrn.map(|mrn| words("mrn", &mrn, 1, 64)).transpose()?;
        }
        if let Some(abha) = self.abha {
            patient.abha = abha.map(|abha| words("abha", &abha, 1, 64)).transpose()?;
        }
        if let Some(given) = self.sex {
            patient.sex = given.as_deref().map(sex).transpose()?;
        }
        if let Some(year) = self.birth_year {
            patient.birth_year = year.map(|year| birth_year(year, today)).transpose()?;
        }
        Ok(())
    }
}

/// Digits with an optional leading +; what people put between them is dropped. Empty: no phone.
fn phone(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '.')).collect();
    let number = digits.strip_prefix('+').unwrap_or(&digits);
    let good =
        number.chars().all(|c| c.is_ascii_digit()) && (number.is_empty() || (5..=15).contains(&number.len()));
    let detail = "a phone number has 5 to 15 digits, with a leading + for another country";
    if good && (digits.is_empty() || !number.is_empty()) {
        Ok(digits)
    } else {
        Err(Problem::new(problem::FIELD_WRONG, detail).field("phone"))
    }
}

fn sex(text: &str) -> Result<Sex, Problem> {
    let wrong =
        || Problem::new(problem::FIELD_WRONG, "a patient's sex is female, male or other").field("sex");
    Sex::parse(text).ok_or_else(wrong)
}

fn birth_year(year: i16, today: Date) -> Result<i16, Problem> {
    let (least, most) = (Patient::BIRTH_YEAR_MIN, today.year());
    if (least..=most).contains(&year) {
        return Ok(year);
    }
    let detail = format!("a year of birth is from {least} to {most}, this year");
    Err(Problem::new(problem::FIELD_WRONG, detail).field("birth_year"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_of_birth_is_one_that_somebody_alive_may_have() {
        let today = jiff::civil::date(2026, 2, 2);
        for (year, good) in
            [(1879, false), (1880, true), (2026, true), (2027, false), (-1, false), (26, false)]
        {
            assert_eq!(birth_year(year, today).is_ok(), good, "{year}");
        }
    }

    #[test]
    fn a_sex_is_said_in_any_letter_case() {
        for (text, kept) in [
            ("FEMALE", Some(Sex::Female)),
            ("male", Some(Sex::Male)),
            ("Other", Some(Sex::Other)),
            ("f", None),
        ] {
            assert_eq!(sex(text).ok(), kept, "{text:?}");
        }
    }

    #[test]
    fn phone_numbers_are_kept_as_digits() {
        for (text, kept) in [
            ("98200 12345", Some("9820012345")),
            ("+91-98200-12345", Some("+919820012345")),
            ("", Some("")),
            ("+", None),
            ("12", None),
            ("98200x12345", None),
        ] {
            assert_eq!(phone(text).ok().as_deref(), kept, "{text:?}");
        }
    }
}
